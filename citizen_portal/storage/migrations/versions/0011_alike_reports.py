"""Groups of reports in the same or nearly the same words. Reports that are there get theirs in the night."""

import sqlalchemy as sa
from alembic import op

from citizen_portal.storage.types import IN_RANDOM_ORDER

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and the tables that a group is found in."""
    op.add_column("report", sa.Column("text_group", sa.Uuid(), nullable=True))
    op.create_index("ix_report_alike", "report", ["text_group", "status", "received_on", "id"])
    op.create_table(
        "text_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(length=256), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_text_group"),
        **IN_RANDOM_ORDER,
    )
    op.create_table(
        "text_band",
        sa.Column("band", sa.LargeBinary(length=8), nullable=False),
        sa.Column("text_group", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("band", "text_group", name="pk_text_band"),
        **IN_RANDOM_ORDER,
    )
    op.create_index("ix_text_band_text_group", "text_band", ["text_group"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("text_band")
    op.drop_table("text_group")
    op.drop_index("ix_report_alike", "report")
    op.drop_column("report", "text_group")
