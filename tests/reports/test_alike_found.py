"""The group of a report is found at a cost that does not grow, and does not tell after the night who wrote first."""

import pytest
from sqlalchemy import event, select

from citizen_portal.cli import cli
from citizen_portal.reports.alike.finding import MOST_CANDIDATES, group_of
from citizen_portal.reports.alike.models import TextBand, TextGroup
from citizen_portal.reports.alike.words import words_of
from citizen_portal.reports.models import Report
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.steps import count, in_words, plain_sql, report_row, reports, rows, send

SAID = "Ett gäng står varje kväll vid den mörka tunneln och ropar ord{}"
OTHERS = 300


def said(number: int) -> str:
    return SAID.format(in_words(number))


@pytest.fixture
def statements(either_app):
    """The statements that the database is sent."""
    sent: list[str] = []

    def listen(_connection, _cursor, statement, *_more):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    yield sent
    event.remove(db.engine, "before_cursor_execute", listen)


def test_a_text_is_found_with_one_question_however_many_others_there_are(statements):
    with unit_of_work() as session:
        for number in range(OTHERS):
            group_of(session, words_of(" ".join(f"{word}{in_words(number)}" for word in ("ett", "två", "tre", "fyra"))))
        first = group_of(session, words_of(said(1)))
        statements.clear()
        assert group_of(session, words_of(said(2))) == first
        assert len(statements) == 1
    assert (count(TextGroup), count(TextBand)) == (OTHERS + 1, 8 * (OTHERS + 1))


def test_who_means_to_be_looked_at_with_very_many_others_is_looked_at_with_so_many_and_no_more(either_app, monkeypatch):
    looked_at = []
    monkeypatch.setattr(
        "citizen_portal.reports.alike.finding.likeness", lambda one, other: looked_at.append(other) or 0.0
    )
    with unit_of_work() as session:
        for _number in range(MOST_CANDIDATES + 20):
            group_of(session, words_of(said(1)))
        looked_at.clear()
        group_of(session, words_of(said(1)))
    assert len(looked_at) == MOST_CANDIDATES


def test_a_report_that_is_sent_again_begins_no_group(either_app):
    client = either_app.test_client(use_cookies=False)
    receipts = {send(client, description=said(1), submission_key="same") for _try in range(2)}
    assert (len(receipts), count(Report), count(TextGroup)) == (1, 1, 1)


def test_the_night_finds_the_groups_of_reports_from_before_there_were_any(either_app):
    with unit_of_work() as session:
        session.add_all(Report(**report_row(description=said(number))) for number in range(7))
        session.add(Report(**report_row(description="Helt andra ord om något helt annat i en annan del av kommunen")))
    assert either_app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
    assert sorted(number for (number,) in plain_sql("SELECT count(*) FROM report GROUP BY text_group")) == [1, 7]


def test_after_the_night_a_group_is_known_by_a_text_that_chance_has_chosen_and_not_by_its_first(either_app):
    client = either_app.test_client(use_cookies=False)
    for number in range(20):
        send(client, description=said(number))
    [group] = rows(TextGroup)
    assert group.words == words_of(said(0)), "until then it is known by the first"
    assert either_app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
    [group] = rows(TextGroup)
    assert group.words == words_of(min(reports(), key=lambda each: each.id).description)
    send(client, description=said(999))
    assert count(TextGroup) == 1
    assert len(set(db.session.scalars(select(Report.text_group)))) == 1


def test_after_the_night_no_place_and_no_mark_of_a_group_tells_the_order(either_app):
    client = either_app.test_client(use_cookies=False)
    for number in range(12):
        send(client, description=" ".join(f"{word}{in_words(number)}" for word in ("ett", "två", "tre", "fyra", "fem")))
    assert either_app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
    for table, key in (("text_group", "id"), ("text_band", "band, text_group")):
        place = "ctid" if db.engine.dialect.name == "postgresql" else key
        assert plain_sql(f"SELECT {key} FROM {table} ORDER BY {place}") == plain_sql(
            f"SELECT {key} FROM {table} ORDER BY {key}"
        )
        if db.engine.dialect.name == "postgresql":
            assert len(plain_sql(f"SELECT xmin FROM {table} GROUP BY xmin")) == 1
