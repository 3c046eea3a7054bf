"""Staff accounts and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "staff_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_account"),
        sa.UniqueConstraint("username", name="uq_staff_account_username"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_account_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_audit_entry_report_id"),
        sa.ForeignKeyConstraint(["staff_account_id"], ["staff_account.id"], name="fk_audit_entry_staff_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_staff_account_id", "audit_entry", ["staff_account_id"])
    op.create_index("ix_audit_entry_report_id", "audit_entry", ["report_id"])


def downgrade() -> None:
    """Drop the tables, and what is in them."""
    op.drop_table("audit_entry")
    op.drop_table("staff_account")
