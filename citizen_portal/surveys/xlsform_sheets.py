"""The sheets of an XLSForm workbook as rows of text that know where they stand, so that an error can say it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from babel import Locale
from openpyxl import load_workbook

from citizen_portal.surveys.xlsform import YES, language_column
from citizen_portal.web.language import name_in_itself

_TRANSLATED = re.compile(r"(?P<column>[^:]+?)\s*::?\s*(?P<language>.+)")
_WITH_TAG = re.compile(r".*\((?P<tag>[^()]+)\)")
_MEANS_YES, _MEANS_NO = {YES, "true", "true()", "1", "x"}, {"", "no", "false", "false()", "0"}


class XlsFormRefused(Exception):
    """A workbook that is no questionnaire of ours: says sheet, row (as the program shows it), column and why."""

    def __init__(self, sheet: str, row: int | None, column: str | None, reason: str) -> None:
        where = [sheet, f"row {row}" if row else "", f"column {column}" if column else ""]
        super().__init__(f"{', '.join(part for part in where if part)}: {reason}")
        self.sheet, self.row, self.column, self.reason = sheet, row, column, reason


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not blank. ``number`` is the row as a spreadsheet counts, ``cells`` its texts by heading."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def refused(self, column: str | None, reason: str) -> XlsFormRefused:
        """The error to raise about one cell of this row."""
        return XlsFormRefused(self.sheet, self.number, column, reason)

    def get(self, column: str) -> str:
        """The cell without blanks around it; empty when there is none."""
        return self.cells.get(column, "").strip()

    def flag(self, column: str) -> bool:
        """A cell that says yes or no."""
        value = self.get(column).casefold()
        if value not in _MEANS_YES | _MEANS_NO:
            raise self.refused(column, f"{value!r} is neither yes nor no")
        return value in _MEANS_YES

    def whole(self, column: str) -> int:
        """A cell that holds a whole number."""
        value = self.get(column)
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise self.refused(column, f"{value!r} is no whole number" if value else "is empty: must be a whole number")
        return int(value)

    def words(self, column: str, languages: Mapping[str, str]) -> dict[str, str]:
        """A text by language from its columns, whose headings ``languages`` gives; empty when all of them are."""
        found = {language: self.cells.get(heading, "") for language, heading in languages.items()}
        if not any(each.strip() for each in found.values()):
            return {}
        for language, each in found.items():
            if not each.strip():
                heading = languages[language] or language_column(column, language)
                raise self.refused(heading, f"is empty: every text is wanted in {', '.join(languages)}")
        return found


class Sheet:
    """One sheet: its rows, and which columns hold a text in which language."""

    def __init__(self, name: str, table: Iterable[tuple[object, ...]]) -> None:
        rows = iter(table)
        self.name = name
        self.headings = [_text(value).strip() for value in next(rows, ())]
        named = [heading for heading in self.headings if heading]
        for heading in named:
            if named.count(heading) > 1:
                raise XlsFormRefused(name, 1, heading, "stands there twice")
        self.rows = [row for row in self._rows(rows) if row.cells]

    def _rows(self, rows: Iterator[tuple[object, ...]]) -> Iterator[SheetRow]:
        for number, values in enumerate(rows, start=2):
            pairs = zip(self.headings, (_text(value) for value in values), strict=False)
            yield SheetRow(self.name, number, {heading: text for heading, text in pairs if heading and text.strip()})

    def in_languages(self, column: str, languages: tuple[str, ...], default: str) -> dict[str, str]:
        """The heading of a text column in each language, "" where there is none; ``default`` is that of no language.

        Raises ``XlsFormRefused`` for a column in a language that is not among them.
        """
        headings = dict.fromkeys(languages, "")
        for heading in self.headings:
            language = default if heading == column else _language_of(heading, column, languages)
            if language is None:
                continue
            if language not in headings:
                raise XlsFormRefused(self.name, 1, heading, f"the languages are {', '.join(languages)}")
            if headings[language]:
                raise XlsFormRefused(self.name, 1, heading, f"{headings[language]!r} is in {language}, too")
            headings[language] = heading
        return headings


def sheets_of(content: bytes) -> dict[str, Sheet]:
    """Every sheet by its name in lower case. Raises ``XlsFormRefused`` for bytes that are no workbook."""
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size may be wrong, and rows would be lost
        tables = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except Exception as error:  # whatever the unpacking and parsing of a broken file runs into
        raise XlsFormRefused("(file)", None, None, "this is no .xlsx workbook that can be read") from error
    return {name.strip().casefold(): Sheet(name, table) for name, table in tables.items()}


def language_named(name: str, languages: Iterable[str]) -> str:
    """The language that "Svenska (sv)", "sv", "svenska" or "Swedish" means; the name itself when it is none of them."""
    tagged = _WITH_TAG.fullmatch(name.strip())
    wanted = (tagged["tag"] if tagged else name).strip().casefold()
    for language in languages:
        english = Locale.parse(language, sep="-").get_language_name("en") or ""
        if wanted in {language.casefold(), name_in_itself(language).casefold(), english.casefold()}:
            return language
    return name


def _language_of(heading: str, column: str, languages: tuple[str, ...]) -> str | None:
    found = _TRANSLATED.fullmatch(heading)
    return language_named(found["language"], languages) if found and found["column"].strip() == column else None


def _text(value: object) -> str:
    """A cell as text: a number that a spreadsheet made of a code becomes the code again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
