"""The sheets of an XLSForm workbook as rows of text that know where they stand, so that an error can say it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from zipfile import ZipFile

from babel import Locale
from openpyxl import load_workbook

from citizen_portal.municipality import Faults
from citizen_portal.surveys.xlsform import YES, language_column
from citizen_portal.surveys.xlsform_columns import heading_of, is_left_out, is_taken, odd_text
from citizen_portal.web.language import name_in_itself

_TRANSLATED = re.compile(r"(?P<column>[^:]+?)\s*::?\s*(?P<language>.+)")
_WITH_TAG = re.compile(r".*\((?P<tag>[^()]+)\)")
MOST_PARTS, MOST_BYTES = 200, 30_000_000
_MEANS_YES, _MEANS_NO = {YES, "true", "true()", "1", "x"}, {"", "no", "false", "false()", "0"}


class XlsFormRefused(Exception):
    """A workbook that is no questionnaire of ours: says sheet, row (as the program shows it), column and why."""

    def __init__(self, sheet: str, row: int | None, column: str | None, reason: str) -> None:
        where = [sheet, f"row {row}" if row else "", f"column {column}" if column else ""]
        super().__init__(f"{', '.join(part for part in where if part)}: {reason}")
        self.sheet, self.row, self.column, self.reason = sheet, row, column, reason
        self.others: tuple[XlsFormRefused, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not blank. ``number`` is the row as a spreadsheet counts, ``cells`` its texts by heading.

    ``written`` has the headings as they stand in the workbook.
    """

    sheet: str
    number: int
    cells: Mapping[str, str]
    written: Mapping[str, str]

    def refused(self, column: str | None, reason: str) -> XlsFormRefused:
        """The error to raise about one cell of this row."""
        return XlsFormRefused(self.sheet, self.number, self.written.get(column, column), reason)

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
            if reason := odd_text(each):
                raise self.refused(languages[language], reason)
        return found


class Sheet:
    """One sheet: its rows, and which columns hold a text in which language."""

    def __init__(self, name: str, table: Iterable[tuple[object, ...]]) -> None:
        rows = iter(table)
        self.name = name
        as_written = [_text(value).strip() for value in next(rows, ())]
        self.headings = [heading_of(heading) for heading in as_written]
        self.written = dict(zip(self.headings, as_written, strict=True))
        named = [heading for heading in self.headings if heading]
        for heading in named:
            if named.count(heading) > 1:
                raise XlsFormRefused(name, 1, self.written[heading], "stands there twice")
        self.rows = [row for row in self._rows(rows) if row.cells]

    def leave_out(self, names: Collection[str]) -> None:
        """Drop the columns of these headings, and the rows of these types or names."""
        names = {each.casefold() for each in names}
        kept = {each for each in self.headings if not {each.casefold(), self.written[each].casefold()} & names}
        self.rows = [
            replace(row, cells={heading: cell for heading, cell in row.cells.items() if heading in kept})
            for row in self.rows
            if not {row.get("type").casefold(), row.get("name").casefold() or None} & names
        ]

    def left_out(self, refusals: Faults[XlsFormRefused]) -> list[str]:
        """The columns that say something and are not read, as they are written; refuses those that may matter."""
        told = []
        for heading in self.headings:
            row = next((row for row in self.rows if row.get(heading)), None)
            if not heading or row is None or is_taken(self.name, heading):
                continue
            if is_left_out(self.name, heading):
                told.append(f"{self.name}: {self.written[heading]}")
                continue
            with refusals.noted():
                raise row.refused(heading, "a questionnaire has no place for it (--leave-out drops a column)")
        return told

    def _rows(self, rows: Iterator[tuple[object, ...]]) -> Iterator[SheetRow]:
        for number, values in enumerate(rows, start=2):
            pairs = zip(self.headings, (_text(value) for value in values), strict=False)
            cells = {heading: text for heading, text in pairs if heading and text.strip()}
            yield SheetRow(self.name, number, cells, self.written)

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
                raise XlsFormRefused(self.name, 1, self.written[heading], f"the languages are {', '.join(languages)}")
            if headings[language]:
                other = self.written[headings[language]]
                raise XlsFormRefused(self.name, 1, self.written[heading], f"{other!r} is in {language}, too")
            headings[language] = heading
        return headings


def sheets_of(content: bytes) -> dict[str, Sheet]:
    """Every sheet by its name in lower case. Raises ``XlsFormRefused`` for bytes that are no workbook."""
    try:
        _bound(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size may be wrong, and rows would be lost
        tables = {sheet.title.strip().casefold(): list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except XlsFormRefused:
        raise
    except Exception as error:  # whatever the unpacking and parsing of a broken file runs into
        raise XlsFormRefused("(file)", None, None, "this is no .xlsx workbook that can be read") from error
    return {name: Sheet(name, table) for name, table in tables.items()}


def _bound(content: bytes) -> None:
    """Refuse a file that would unpack to more than any questionnaire is, before anything of it is unpacked."""
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    # The sizes are what the file says of itself; the library reads no further than they say.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        megabytes = MOST_BYTES // 1_000_000
        raise XlsFormRefused("(file)", None, None, f"it unpacks to more than {megabytes} MB or {MOST_PARTS} parts")


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
