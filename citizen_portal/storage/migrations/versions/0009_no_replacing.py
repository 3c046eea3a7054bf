"""SQLite: what is frozen is not replaced either. ``REPLACE`` deletes without firing a trigger of deletes."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row that stands under the same code, or under its hidden number, keeps what would replace it out."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER baseline_never_changes_by_replace BEFORE INSERT ON baseline_snapshot "
            "WHEN EXISTS (SELECT 1 FROM baseline_snapshot WHERE code = NEW.code OR rowid = NEW.rowid) "
            "BEGIN SELECT RAISE(ABORT, 'a frozen baseline never changes'); END"
        )


def downgrade() -> None:
    """Without the trigger."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER baseline_never_changes_by_replace")
