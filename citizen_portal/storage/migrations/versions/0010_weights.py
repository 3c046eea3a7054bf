"""How a wave was drawn and what it was weighted with, weights that come with answers, and the year of the population."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COUNTS = ("margin", "level", "persons", "source")


def upgrade() -> None:
    """Add the columns; of the population that is there, the year is not known (0)."""
    op.add_column("wave", sa.Column("strata", sa.JSON(), nullable=True))
    op.add_column("wave", sa.Column("population", sa.JSON(), nullable=True))
    op.add_column("answer_set", sa.Column("weight", sa.Double(), nullable=True))
    # What was frozen until now is on the public pages already.
    op.add_column("baseline_snapshot", sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.true()))
    _make_again(("margin", "level", "year"), sa.Column("year", sa.Integer(), nullable=False), "0")


def downgrade() -> None:
    """Drop the columns, and of the population every year but the last."""
    for table, column in (
        ("baseline_snapshot", "is_public"),
        ("answer_set", "weight"),
        ("wave", "population"),
        ("wave", "strata"),
    ):
        op.drop_column(table, column)
    op.execute(
        "DELETE FROM population_margin WHERE year < (SELECT max(other.year) FROM population_margin other "
        "WHERE other.margin = population_margin.margin)"
    )
    _make_again(("margin", "level"))


def _make_again(key: tuple[str, ...], column: sa.Column | None = None, value: str = "") -> None:
    """Make the table of the population anew with another key: SQLite cannot change one."""
    op.rename_table("population_margin", "population_margin_before")
    if op.get_bind().dialect.name == "postgresql":
        # An index has its name for itself in the whole schema.
        op.execute("ALTER TABLE population_margin_before RENAME CONSTRAINT pk_population_margin TO pk_before")
    op.create_table(
        "population_margin",
        sa.Column("margin", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=60), nullable=False),
        *([] if column is None else [column]),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("persons >= 0", name="ck_population_margin_persons"),
        sa.PrimaryKeyConstraint(*key, name="pk_population_margin"),
    )
    names = ", ".join(COUNTS)
    added = f", {column.name}" if column is not None else ""
    given = f", {value}" if value else ""
    op.execute(f"INSERT INTO population_margin ({names}{added}) SELECT {names}{given} FROM population_margin_before")  # noqa: S608
    op.drop_table("population_margin_before")
