"""Questionnaires, waves, answer sets and invitations, and what the database itself refuses about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Refusals, by name: when, on which table, and what for. A questionnaire that a wave has used never changes; answers
# are never rewritten one by one; an answer set and an invitation never carry the same key.
REFUSALS = {
    "questionnaire_never_changes": (
        "BEFORE UPDATE ON questionnaire",
        "1 = 1",
        "a frozen questionnaire never changes",
    ),
    "answers_never_change": (
        "BEFORE UPDATE OF id, wave_code, questionnaire_digest, language, answers ON answer_set",
        "1 = 1",
        "an answer set never changes",
    ),
    "answer_set_shares_no_key": (
        "BEFORE INSERT ON answer_set",
        "EXISTS (SELECT 1 FROM invitation WHERE invitation.id = NEW.id)",
        "an answer set and an invitation share no key",
    ),
    "invitation_shares_no_key": (
        "BEFORE INSERT ON invitation",
        "EXISTS (SELECT 1 FROM answer_set WHERE answer_set.id = NEW.id)",
        "an answer set and an invitation share no key",
    ),
}

# PostgreSQL's planner keeps a sample of each column's values, which outlives the rows: of these it shall keep none.
NEVER_SAMPLED = {
    "answer_set": ("id", "answers", "fingerprint"),
    "invitation": ("id", "letter", "code_digest"),
}


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "questionnaire",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_questionnaire"),
        sa.UniqueConstraint("code", "version", name="uq_questionnaire_code"),
    )
    op.create_table(
        "wave",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("sample", sa.String(length=10), nullable=False),
        sa.Column("questionnaire_digest", sa.String(length=64), nullable=False),
        sa.Column("purged", sa.Boolean(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("sample IN ('invited', 'open_link')", name="ck_wave_sample"),
        sa.CheckConstraint("opens_on <= closes_on", name="ck_wave_dates"),
        sa.ForeignKeyConstraint(
            ["questionnaire_digest"], ["questionnaire.digest"], name="fk_wave_questionnaire_digest"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_wave"),
    )
    op.create_table(
        "answer_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_code", sa.String(length=40), nullable=False),
        sa.Column("questionnaire_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("quarantine_reason", sa.String(length=40), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=True),
        sa.Column("fingerprint_is_timed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_digest"], ["questionnaire.digest"], name="fk_answer_set_questionnaire_digest"
        ),
        sa.ForeignKeyConstraint(["wave_code"], ["wave.code"], name="fk_answer_set_wave_code"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_set"),
        sa.UniqueConstraint("fingerprint", name="uq_answer_set_fingerprint"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_set_wave_code", "answer_set", ["wave_code"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_code", sa.String(length=40), nullable=False),
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["wave_code"], ["wave.code"], name="fk_invitation_wave_code"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("code_digest", name="uq_invitation_code_digest"),
        sa.UniqueConstraint("wave_code", "letter", name="uq_invitation_wave_code"),
        sqlite_with_rowid=False,
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, refusal in REFUSALS.items():
        (_refuse_on_postgresql if on_postgresql else _refuse_on_sqlite)(name, *refusal)
    if on_postgresql:
        for table, columns in NEVER_SAMPLED.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    """Drop the tables, and what is in them."""
    for table in ("invitation", "answer_set", "wave", "questionnaire"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in REFUSALS:
            op.execute(f"DROP FUNCTION {name}()")


def _refuse_on_sqlite(name: str, event: str, condition: str, reason: str) -> None:
    op.execute(f"CREATE TRIGGER {name} {event} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{reason}'); END")


def _refuse_on_postgresql(name: str, event: str, condition: str, reason: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION {name}()")
