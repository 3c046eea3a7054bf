"""Publishing as a step of its own: what was published and withdrawn, when and why, which the database never changes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NEVER = "what was published or withdrawn stays on record"
EVENTS = ("UPDATE", "DELETE")
# As 0005 and 0009 made it, for the way back: the column it fills again is in a table that refuses every change.
SNAPSHOT_NEVER = "a frozen baseline never changes"


def upgrade() -> None:
    """Add the table, with what was frozen as public until now."""
    op.create_table(
        "baseline_release",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.Column("replaced_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("act IN ('published', 'withdrawn')", name="ck_baseline_release_act"),
        sa.CheckConstraint("(act = 'withdrawn') = (because <> '')", name="ck_baseline_release_withdrawn_because"),
        sa.CheckConstraint("replaced_by IS NULL OR act = 'withdrawn'", name="ck_baseline_release_replaced_by"),
        sa.ForeignKeyConstraint(["code"], ["baseline_snapshot.code"], name="fk_baseline_release_code"),
        sa.ForeignKeyConstraint(["replaced_by"], ["baseline_snapshot.code"], name="fk_baseline_release_replaced_by"),
        sa.PrimaryKeyConstraint("code", "act", name="pk_baseline_release"),
    )
    op.execute(
        "INSERT INTO baseline_release (code, act, done_on, because) "
        "SELECT code, 'published', frozen_on, '' FROM baseline_snapshot WHERE is_public"
    )
    op.drop_column("baseline_snapshot", "is_public")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION releases_never_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER releases_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON baseline_release "
            "FOR EACH STATEMENT EXECUTE FUNCTION releases_never_change()"
        )
        return
    for event in EVENTS:
        op.execute(
            f"CREATE TRIGGER releases_never_change_by_{event.lower()} BEFORE {event} ON baseline_release "
            f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
        )
    op.execute(
        "CREATE TRIGGER releases_never_change_by_replace BEFORE INSERT ON baseline_release "  # noqa: S608 - no input
        "WHEN EXISTS (SELECT 1 FROM baseline_release WHERE (code = NEW.code AND act = NEW.act) OR rowid = NEW.rowid) "
        f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
    )


def downgrade() -> None:
    """What is withdrawn, or only frozen, is for staff alone again; the reasons are gone."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.add_column("baseline_snapshot", sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.true()))
    if postgresql:
        op.execute("ALTER TABLE baseline_snapshot DISABLE TRIGGER baseline_never_changes")
    else:
        op.execute("DROP TRIGGER baseline_never_changes_by_update")
    op.execute(
        "UPDATE baseline_snapshot SET is_public = code IN (SELECT code FROM baseline_release WHERE act = 'published') "
        "AND code NOT IN (SELECT code FROM baseline_release WHERE act = 'withdrawn')"
    )
    if postgresql:
        op.execute("ALTER TABLE baseline_snapshot ENABLE TRIGGER baseline_never_changes")
    else:
        op.execute(
            "CREATE TRIGGER baseline_never_changes_by_update BEFORE UPDATE ON baseline_snapshot "
            f"BEGIN SELECT RAISE(ABORT, '{SNAPSHOT_NEVER}'); END"
        )
    op.drop_table("baseline_release")
    if postgresql:
        op.execute("DROP FUNCTION releases_never_change()")
