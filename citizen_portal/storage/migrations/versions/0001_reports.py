"""Reports, their photos, messages and moves."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("quarantine_reason", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=True),
        sa.Column("place", sa.String(length=60), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("precision", sa.String(length=10), nullable=False),
        sa.Column("happened", sa.String(length=10), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("light", sa.String(length=10), nullable=True),
        sa.Column("unsafe", sa.SmallInteger(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("photo_count", sa.SmallInteger(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=True),
        sa.Column("fingerprint_is_timed", sa.Boolean(), nullable=False),
        sa.Column("receipt_digest", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("happened IN ('now', 'today', 'week', 'often', 'date')", name="ck_report_happened"),
        sa.CheckConstraint("light IN ('daylight', 'dusk', 'dark')", name="ck_report_light"),
        sa.CheckConstraint("precision IN ('exact', 'street', 'area')", name="ck_report_precision"),
        sa.CheckConstraint(
            "status IN ('received', 'reading', 'passed_on', 'planned', 'fixed', 'not_fixed', 'quarantined', 'withdrawn')",
            name="ck_report_status",
        ),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="ck_report_whole_point"),
        sa.CheckConstraint("unsafe BETWEEN 1 AND 4", name="ck_report_unsafe"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("fingerprint", name="uq_report_fingerprint"),
        sa.UniqueConstraint("receipt_digest", name="uq_report_receipt_digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_report_newest_first", "report", ["received_on", "id"])
    op.create_index("ix_report_status", "report", ["status"])
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_photo_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.UniqueConstraint("report_id", "position", name="uq_photo_report_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("from_staff", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=True),
        sa.Column("fingerprint_is_timed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_message_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_message"),
        sa.UniqueConstraint("fingerprint", name="uq_report_message_fingerprint"),
        sa.UniqueConstraint("report_id", "position", name="uq_report_message_report_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "to_status IN ('received', 'reading', 'passed_on', 'planned', 'fixed', 'not_fixed', 'quarantined', 'withdrawn')",
            name="ck_report_move_to_status",
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_move_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_move"),
        sa.UniqueConstraint("report_id", "position", name="uq_report_move_report_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables, and what is in them."""
    for table in ("report_move", "report_message", "photo", "report"):
        op.drop_table(table)
