"""SPSS syntax that reads the file of numbers: variables, labels, levels of measurement and missing values.

Written for SPSS in Unicode mode (its usual one) and for PSPP, which the tests run it in.
"""

from collections.abc import Iterable, Iterator

from citizen_portal.surveys.export.codebook import values_of
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, Column, columns_of, told_apart
from citizen_portal.surveys.export.rows import WaveExport
from citizen_portal.surveys.questionnaire import NUMBER, SCALE, TEXT

LONGEST_NAME = 64
LONGEST_VARIABLE_LABEL, LONGEST_VALUE_LABEL = 255, 120  # bytes
BYTES_OF_A_CHARACTER = 4
NUMBER_FORMAT = "F8"
# Widths in bytes of what stands about the row; what is not here is a number.
_WIDTHS = {"row": 17, "wave": 40, "questionnaire": 60, "digest": 64, "language": 20, "set_aside": 40}
_RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
# Older versions read no more than 256 bytes of a line, and a character takes up to four.
_CHARACTERS_ON_A_LINE = 60
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def spss_syntax(export: WaveExport, data_file: str) -> Iterator[bytes]:
    """The syntax; ``data_file`` is the name of the file of numbers, which is to lie beside it."""
    # Without the mark, SPSS outside Unicode mode would take the file for one of the computer's own encoding.
    yield (_BYTE_ORDER_MARK + "".join(f"{line}\r\n" for line in _lines(export, data_file))).encode()


def names_of(columns: Iterable[Column]) -> list[str]:
    """Legal names in SPSS for the columns about the row and those of answers, in the order of the file."""
    return told_apart(map(_legal, [*ABOUT_THE_ROW, *(column.name for column in columns)]), longest=LONGEST_NAME)


def _legal(name: str) -> str:
    """The name where SPSS takes it: it begins with a letter, does not end in an underscore, is no word of SPSS."""
    name = name[:LONGEST_NAME].strip("_") or "v"
    return name if name[0].isalpha() and name not in _RESERVED else f"v_{name}"


def _lines(export: WaveExport, data_file: str) -> Iterator[str]:
    columns, language = columns_of(export.questionnaire), export.language
    names = names_of(columns)
    mine = list(zip(names[len(ABOUT_THE_ROW) :], columns, strict=True))
    yield f"* Reads {data_file}, which has to lie in the folder SPSS works in: choose it with CD."
    yield "* Every negative number is a missing value; the labels tell which."
    formats = [*map(_format_about, ABOUT_THE_ROW), *map(_format, columns)]
    yield from _reading([f"{name} {kind}" for name, kind in zip(names, formats, strict=True)], data_file)
    for name, column in mine:
        yield f"VARIABLE LABELS {name}"
        yield from _literal(_label(column, language), LONGEST_VARIABLE_LABEL, end=".")
    for name, column in mine:
        yield from _value_labels(name, column, language)
    numeric = [name for name, column in mine if column.question.kind != TEXT]
    yield from _over(numeric, "MISSING VALUES", "(LOWEST THRU -1)")
    for level in ("NOMINAL", "ORDINAL", "SCALE"):
        yield from _over([name for name, column in mine if _level(column) == level], "VARIABLE LEVEL", f"({level})")
    yield "EXECUTE."


def _reading(variables: Iterable[str], data_file: str) -> Iterator[str]:
    """The command that reads the data, one variable with its format on a line."""
    yield "GET DATA"
    for setting in (
        "TYPE=TXT", f"FILE='{data_file}'", "ENCODING='UTF8'", "ARRANGEMENT=DELIMITED", "DELCASE=LINE",
        "FIRSTCASE=2", 'DELIMITERS=","', "QUALIFIER='\"'", "VARIABLES=",
    ):  # fmt: skip
        yield f"  /{setting}"
    yield from (f"    {variable}" for variable in variables)
    yield "  ."


def _value_labels(name: str, column: Column, language: str) -> Iterator[str]:
    values = values_of(column, (language,))
    if values:
        yield f"VALUE LABELS {name}"
    for at, value in enumerate(values, start=1):
        yield f"  {value.number}"
        yield from _literal(value.words[0], LONGEST_VALUE_LABEL, end="." if at == len(values) else "")


def _over(names: list[str], command: str, what: str) -> Iterator[str]:
    """A command over variables, one name on a line; nothing where there are none."""
    if names:
        yield command
        yield from (f"  {name}" for name in names)
        yield f"  {what}."


def _label(column: Column, language: str) -> str:
    wording = column.question.wording.get(language)
    return f"{column.choice.label.get(language)} | {wording}" if column.choice else wording


def _literal(text: str, most_bytes: int, *, end: str) -> Iterator[str]:
    """A quoted text, cut to so many bytes, in pieces on lines of their own that SPSS puts together again."""
    pieces = _pieces(_cut(" ".join(text.split()), most_bytes))
    for piece in pieces[:-1]:
        yield f"  {_quoted(piece)} +"
    yield f"  {_quoted(pieces[-1])}{end}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _cut(text: str, most_bytes: int) -> str:
    if len(text.encode()) <= most_bytes:
        return text
    mark = "…"
    return text.encode()[: most_bytes - len(mark.encode())].decode(errors="ignore").rstrip() + mark


def _pieces(text: str) -> list[str]:
    """The text in pieces that fit on a line, whatever script they are in."""
    return [text[at : at + _CHARACTERS_ON_A_LINE] for at in range(0, len(text), _CHARACTERS_ON_A_LINE)]


def _format(column: Column) -> str:
    if column.question.kind != TEXT:
        return NUMBER_FORMAT
    # One more for the apostrophe before what looks like a formula.
    return f"A{column.question.most_characters * BYTES_OF_A_CHARACTER + 1}"


def _format_about(name: str) -> str:
    return f"A{_WIDTHS[name]}" if name in _WIDTHS else NUMBER_FORMAT


def _level(column: Column) -> str:
    """Steps of a scale have an order, and so do ages; the others only have names."""
    if column.question.kind == NUMBER:
        return "SCALE"
    return "ORDINAL" if column.question.kind == SCALE or column.question.about == "age" else "NOMINAL"
