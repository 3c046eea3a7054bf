"""The whole way: a wave is answered on its page, closed by command and exported, on either database."""

import csv
from io import StringIO

from openpyxl import load_workbook

from citizen_portal.cli import cli
from tests.waves import store_wave

ANSWERS = {
    "sv": {"safe_by_day": "very_safe", "something_else": '=Mörkt;\n"å"'},
    "ar": {"safe_by_day": "dont_know", "something_else": "الشارع مظلم؛ لا أحد"},
}


def test_what_residents_answered_is_what_comes_out(either_app, tmp_path):
    run = either_app.test_cli_runner().invoke
    client = either_app.test_client(use_cookies=False)
    store_wave("another")
    client.post("/sv/survey/another", data={"something_else": "words of another wave"})
    wave = store_wave("wave")
    for language, answers in ANSWERS.items():
        assert client.post(f"/{language}/survey/{wave.code}", data=answers).status_code == 200

    refused = run(cli, ["survey", "export", "wave", "--out", str(tmp_path)])
    assert (refused.exit_code, "survey close wave" in refused.stderr) == (1, True)
    assert run(cli, ["survey", "close", "wave"]).exit_code == 0
    assert run(cli, ["survey", "export", "wave", "--out", str(tmp_path)]).exit_code == 0

    text = (tmp_path / "wave-answers.csv").read_bytes().decode()
    in_csv = {row["language"]: row for row in csv.DictReader(StringIO(text, newline=""))}
    header, *lines = load_workbook(tmp_path / "wave-answers.xlsx")["answers"].iter_rows(values_only=True)
    in_book = {row["language"]: row for row in (dict(zip(header, line, strict=True)) for line in lines)}
    assert in_csv.keys() == in_book.keys() == ANSWERS.keys()
    for language, answers in ANSWERS.items():
        said = answers["something_else"]
        assert in_csv[language]["safe_by_day"] == in_book[language]["safe_by_day"] == answers["safe_by_day"]
        assert in_csv[language]["something_else"] == (f"'{said}" if said.startswith("=") else said)
        assert in_book[language]["something_else"] == said
        assert in_csv[language]["digest"] == wave.questionnaire.digest
