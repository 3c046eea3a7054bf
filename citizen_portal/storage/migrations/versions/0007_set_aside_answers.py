"""What staff decided about answers that were set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is set aside is undecided. In place: triggers of other tables look at this one."""
    op.add_column("answer_set", sa.Column("review", sa.String(length=10), nullable=True))


def downgrade() -> None:
    """Drop the column; what is set aside counts nowhere again."""
    op.drop_column("answer_set", "review")
