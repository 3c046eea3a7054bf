"""Frozen baselines, which the database itself never changes, and the population that samples stand for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEVER = "a frozen baseline never changes"
EVENTS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "population_margin",
        sa.Column("margin", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=60), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("persons >= 0", name="ck_population_margin_persons"),
        sa.PrimaryKeyConstraint("margin", "level", name="pk_population_margin"),
    )
    op.create_table(
        "baseline_snapshot",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("agreement_code", sa.String(length=40), nullable=False),
        sa.Column("wave_code", sa.String(length=40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("against_code", sa.String(length=40), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("public_document", sa.Text(), nullable=False),
        sa.Column("public_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('baseline', 'follow_up')", name="ck_baseline_snapshot_kind"),
        sa.CheckConstraint(
            "(kind = 'follow_up') = (against_code IS NOT NULL)", name="ck_baseline_snapshot_follow_up_is_against"
        ),
        sa.CheckConstraint("from_day <= to_day", name="ck_baseline_snapshot_period"),
        sa.ForeignKeyConstraint(["against_code"], ["baseline_snapshot.code"], name="fk_baseline_snapshot_against_code"),
        sa.ForeignKeyConstraint(["wave_code"], ["wave.code"], name="fk_baseline_snapshot_wave_code"),
        sa.PrimaryKeyConstraint("code", name="pk_baseline_snapshot"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION baseline_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER baseline_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON baseline_snapshot "
            "FOR EACH STATEMENT EXECUTE FUNCTION baseline_never_changes()"
        )
    else:
        for event in EVENTS:
            op.execute(
                f"CREATE TRIGGER baseline_never_changes_by_{event.lower()} BEFORE {event} ON baseline_snapshot "
                f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
            )


def downgrade() -> None:
    """Drop the tables, and what is in them."""
    op.drop_table("baseline_snapshot")
    op.drop_table("population_margin")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION baseline_never_changes()")
