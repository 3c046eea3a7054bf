"""What PostgreSQL itself writes down of times and words is said by the check."""

import pytest
from sqlalchemy import text

from citizen_portal.cli import cli
from citizen_portal.storage.engine import db
from citizen_portal.storage.server_log import KEPT_BY_SERVER, LINE_PREFIX, dates_lines, kept_by_server

TALKATIVE = {
    "log_statement": "mod",
    "log_min_duration_statement": "250",
    "log_min_duration_sample": "100",
    "log_transaction_sample_rate": "0.5",
    "log_parameter_max_length_on_error": "-1",
    "log_duration": "on",
}


@pytest.fixture
def connection(either_app):
    with db.engine.connect() as connection:
        yield connection


@pytest.mark.parametrize("either_app", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("name", "value"), TALKATIVE.items())
def test_a_setting_that_writes_words_or_times_is_grave(connection, name, value):
    (each,) = [each for each in KEPT_BY_SERVER if each.name == name]
    connection.execute(text(f"SET {name} = '{each.silent}'"))
    assert not [said for _grave, said in kept_by_server(connection) if name in said]
    connection.execute(text(f"SET {name} = '{value}'"))
    ((grave, said),) = [found for found in kept_by_server(connection) if f"{name}=" in found[1]]
    assert grave
    assert said.endswith(each.keeps)


@pytest.mark.parametrize("either_app", ["postgresql"], indirect=True)
def test_the_check_says_all_of_it(either_app, connection):
    said = either_app.test_cli_runner().invoke(cli, ["check"]).output
    for _grave, sentence in kept_by_server(connection):
        assert sentence in said
    assert f"{LINE_PREFIX}=%m" in said, "the server's own default has the time"


@pytest.mark.parametrize(
    ("prefix", "dated"),
    [("%m [%p] ", True), ("%t ", True), ("%-20n", True), ("%h ", True), ("%%m ", False), ("%p ", False), ("", False),
     ("%%%s", True), ("%q%u@%d ", False)],
)  # fmt: skip
def test_a_line_is_dated_by_a_time_or_an_address(prefix, dated):
    assert dates_lines(prefix) == dated
