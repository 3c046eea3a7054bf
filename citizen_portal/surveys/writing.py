"""From a Questionnaire to the TOML of the municipality's folder: the way back of ``reading.py``."""

import json
from collections.abc import Container, Iterator, Mapping

from citizen_portal.surveys.questionnaire import Questionnaire


def toml_of(questionnaire: Questionnaire, *, given: Container[str]) -> str:
    """The file that reads back to the same questionnaire in a municipality of the same languages.

    ``given`` are codes of the lists that the municipality gives and the file must not hold.
    """
    document = {key: value for key, value in questionnaire.document.items() if key != "languages"}
    own = [choices for choices in document.pop("list", []) if choices["code"] not in given]
    if own:
        document["list"] = own
    return "\n".join(_lines(document, "")).strip() + "\n"


def _lines(table: Mapping[str, object], path: str) -> Iterator[str]:
    """A table's own values first, then the tables below it, as TOML asks."""
    rows = {key: value for key, value in table.items() if isinstance(value, list) and isinstance(value[0], dict)}
    for key, value in table.items():
        if isinstance(value, dict):
            yield from (f"{key}.{language} = {_value(words)}" for language, words in value.items())
        elif key not in rows:
            yield f"{key} = {_value(value)}"
    for key, tables in rows.items():
        name = f"{path}.{key}" if path else key
        for each in tables:
            yield from ("", f"[[{name}]]", *_lines(each, name))


def _value(value: object) -> str:
    """A string, a number, true, or a list of strings; JSON writes them as TOML does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
