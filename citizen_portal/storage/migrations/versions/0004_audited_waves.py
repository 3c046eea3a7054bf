"""The audit trail names the wave that was closed or taken out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("audit_entry") as table:
        table.add_column(sa.Column("wave_code", sa.String(length=40), nullable=True))
        table.create_foreign_key("fk_audit_entry_wave_code", "wave", ["wave_code"], ["code"])
        table.create_index("ix_audit_entry_wave_code", ["wave_code"])


def downgrade() -> None:
    """Drop the column; the entries stay."""
    with op.batch_alter_table("audit_entry") as table:
        table.drop_index("ix_audit_entry_wave_code")
        table.drop_constraint("fk_audit_entry_wave_code", type_="foreignkey")
        table.drop_column("wave_code")
