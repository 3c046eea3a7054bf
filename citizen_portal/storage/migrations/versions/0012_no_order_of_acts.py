"""The record of who did what under random ids: a counting id told in which order reports were handled in a day."""

import sqlalchemy as sa
from alembic import op

from citizen_portal.storage.types import IN_RANDOM_ORDER

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = "staff_account_id, done_on, action, report_id, wave_code, detail"
INDEXED = ("staff_account_id", "report_id", "wave_code")
RANDOM_IDS = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def upgrade() -> None:
    """Make the table anew, with the entries that are there in random order."""
    random_id = RANDOM_IDS[op.get_bind().dialect.name]
    _make_again(sa.Column("id", sa.Uuid(), nullable=False), ("id, ", f"{random_id}, "), IN_RANDOM_ORDER)


def downgrade() -> None:
    """Count the entries again, in random order: the one they were written in is gone."""
    _make_again(sa.Column("id", sa.Integer(), nullable=False), ("", ""), {})


def _make_again(key: sa.Column, copied: tuple[str, str], order: dict[str, bool]) -> None:
    for column in INDEXED:
        op.drop_index(f"ix_audit_entry_{column}", "audit_entry")
    op.rename_table("audit_entry", "audit_entry_before")
    if op.get_bind().dialect.name == "postgresql":
        # A name is taken in the whole schema.
        for name in ("pk_audit_entry", *(f"fk_audit_entry_{column}" for column in INDEXED)):
            op.execute(f"ALTER TABLE audit_entry_before RENAME CONSTRAINT {name} TO {name}_before")
    op.create_table(
        "audit_entry",
        key,
        sa.Column("staff_account_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("wave_code", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_audit_entry_report_id"),
        sa.ForeignKeyConstraint(["staff_account_id"], ["staff_account.id"], name="fk_audit_entry_staff_account_id"),
        sa.ForeignKeyConstraint(["wave_code"], ["wave.code"], name="fk_audit_entry_wave_code"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        **order,
    )
    names, values = copied
    op.execute(
        f"INSERT INTO audit_entry ({names}{COLUMNS}) SELECT {values}{COLUMNS} FROM audit_entry_before ORDER BY random()"  # noqa: S608
    )
    op.drop_table("audit_entry_before")
    for column in INDEXED:
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column])
