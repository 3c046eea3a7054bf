"""Answers of the day lie sealed: the public key they are sealed to, and the sealed answers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# PostgreSQL's planner samples what is in a column, and the sample outlives the rows.
NEVER_SAMPLED = ("id", "fingerprint", "sealed")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "answer_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_key"),
    )
    op.create_table(
        "sealed_answer_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_code", sa.String(length=40), nullable=False),
        sa.Column("quarantine_reason", sa.String(length=40), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=True),
        sa.Column("fingerprint_is_timed", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_code"], ["wave.code"], name="fk_sealed_answer_set_wave_code"),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_answer_set"),
        sa.UniqueConstraint("fingerprint", name="uq_sealed_answer_set_fingerprint"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sealed_answer_set_wave_code", "sealed_answer_set", ["wave_code"])
    if op.get_bind().dialect.name == "postgresql":
        for column in NEVER_SAMPLED:
            op.execute(f"ALTER TABLE sealed_answer_set ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    """Drop the tables, and what lies sealed in them."""
    op.drop_table("sealed_answer_set")
    op.drop_table("answer_key")
