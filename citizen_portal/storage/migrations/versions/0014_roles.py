"""Roles of the workplace. Who had an account until now could do everything, and still can."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    # In words: to add a constraint to a table that is there, SQLite would have to be given a new one.
    op.execute(
        "ALTER TABLE staff_account ADD COLUMN role VARCHAR(20) NOT NULL DEFAULT 'administrator' "
        "CONSTRAINT ck_staff_account_role CHECK (role IN ('reader', 'officer', 'analyst', 'administrator'))"
    )


def downgrade() -> None:
    """Drop it: everybody may do everything again."""
    op.drop_column("staff_account", "role")
