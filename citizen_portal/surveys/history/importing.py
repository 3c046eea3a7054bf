"""From checked rows to a closed wave: all of them in one transaction, in an order that tells nothing of the file's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Column, Connection, Double, MetaData, String, Table, Uuid, insert, literal, select
from sqlalchemy.orm import Session

from citizen_portal.statistics.rows import number_of
from citizen_portal.storage.types import random_id
from citizen_portal.surveys import checking
from citizen_portal.surveys.answers import as_stored
from citizen_portal.surveys.checking import AnswerRefused, answer_from
from citizen_portal.surveys.history.mapping import HistoryMapping, Source, same_form
from citizen_portal.surveys.history.row_file import Cells, NumberedRow, RowRefused
from citizen_portal.surveys.models import INVITED, AnswerDocument, AnswerSet, Wave
from citizen_portal.surveys.questionnaire import TEXT, Answer, Question
from citizen_portal.surveys.routing import keep_asked
from citizen_portal.surveys.waves import WaveRefused, open_wave
from citizen_portal.web.forms import readable_text

ROWS_PER_INSERT = 1000
# A question with one answer has one column here, so it cannot have more than one.
REASONS = {
    checking.UNKNOWN_CHOICE: "is no choice of the question {code!r}: map it, or name it as skipped",
    checking.STANDS_ALONE: "stands beside other choices of {code!r}, and can only stand alone",
    checking.NO_NUMBER: "is no whole number, as {code!r} wants",
    checking.OUT_OF_RANGE: "lies outside {lowest} to {highest}, as {code!r} wants",
    checking.TOO_LONG: "is longer than the {most} characters of {code!r}",
}

# Rows wait here, in the order of the file, until they are moved to their table in the order of their random ids.
_waiting = Table(
    "imported_answer_set",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("language", String(20), nullable=False),
    Column("answers", AnswerDocument, nullable=False),
    Column("weight", Double),
    prefixes=["TEMPORARY"],
)


class HistoricAnswers(NamedTuple):
    """One row of the file as answers; ``not_asked`` are the questions whose answers were dropped by routing."""

    language: str
    answers: dict[str, Answer]
    not_asked: tuple[str, ...]


@dataclass(slots=True)
class Summary:
    """What became of the rows: how many were stored, held no answer, or had answers to questions not to be asked."""

    stored: int = 0
    unanswered: int = 0
    not_asked: Counter[str] = field(default_factory=Counter)


def import_wave(session: Session, mapping: HistoryMapping, rows: Iterable[NumberedRow], *, today: date) -> Summary:
    """Store the rows as a wave that is closed and purged, with its questionnaire frozen. The caller commits.

    Rows may come one at a time; memory holds a thousand. Raises ``WaveRefused`` or ``RowRefused``, and then nothing
    is to be stored.
    """
    wave = _closed_wave(session, mapping, today)
    summary = Summary()
    _store(session.connection(), wave, _answered(mapping, rows, summary))
    if wave.invited and summary.stored > wave.invited:
        raise WaveRefused(f"{summary.stored} rows have answers, and only {wave.invited} letters were sent")
    wave.used = summary.stored if wave.sample == INVITED else 0
    return summary


def answers_of(mapping: HistoryMapping, row: int, cells: Cells) -> HistoricAnswers:
    """One row as answers that the page could have taken. Raises ``RowRefused``."""
    given = {
        question.code: answer
        for question, source in mapping.questions
        if (answer := _answer(question, source, row, cells)) is not None
    }
    kept = keep_asked(mapping.questionnaire, given)
    return HistoricAnswers(_language(mapping, row, cells), kept, tuple(given.keys() - kept.keys()))


def _closed_wave(session: Session, mapping: HistoryMapping, today: date) -> Wave:
    earlier = mapping.wave
    if earlier.closes_on >= today:
        raise WaveRefused(f"its last day is {earlier.closes_on}: only a wave that has ended can be imported")
    wave = open_wave(
        session,
        mapping.questionnaire,
        code=earlier.code,
        title=earlier.title,
        sample=earlier.sample,
        opens_on=earlier.opens_on,
        closes_on=earlier.closes_on,
    )
    wave.closed_on, wave.purged, wave.invited = earlier.closes_on, True, earlier.invited
    return wave


def _store(connection: Connection, wave: Wave, rows: Iterator[dict[str, object]]) -> None:
    """Store the rows by way of a temporary table, in the order of their random ids."""
    _waiting.create(connection)
    while batch := list(islice(rows, ROWS_PER_INSERT)):
        connection.execute(insert(_waiting), batch)
    columns = {
        "id": _waiting.c.id,
        "wave_code": literal(wave.code),
        "questionnaire_digest": literal(wave.questionnaire_digest),
        "language": _waiting.c.language,
        "answers": _waiting.c.answers,
        "weight": _waiting.c.weight,
        "fingerprint_is_timed": literal(False),
    }
    moved = select(*columns.values()).order_by(_waiting.c.id)
    connection.execute(insert(AnswerSet.__table__).from_select(list(columns), moved))
    _waiting.drop(connection)


def _answered(mapping: HistoryMapping, rows: Iterable[NumberedRow], summary: Summary) -> Iterator[dict[str, object]]:
    """The rows to store. An earlier survey's tool may have one for everyone who only opened it: those are left out."""
    for row, cells in rows:
        historic = answers_of(mapping, row, cells)
        summary.not_asked.update(historic.not_asked)
        if not historic.answers:
            summary.unanswered += 1
            continue
        summary.stored += 1
        yield {
            "id": random_id(),
            "language": historic.language,
            "answers": as_stored(historic.answers),
            "weight": _weight(mapping.weight, row, cells),
        }


def _weight(column: str | None, row: int, cells: Cells) -> float | None:
    """The weight that a row brings: a number above 0, with a decimal point or a decimal comma."""
    if column is None:
        return None
    try:
        weight = number_of(cells[column])
    except ValueError:
        weight = 0.0
    if not weight > 0:
        raise RowRefused("is no weight: it must be a number above 0", row=row, column=column, value=cells[column])
    return weight


def _language(mapping: HistoryMapping, row: int, cells: Cells) -> str:
    if isinstance(mapping.language, str):
        return mapping.language
    for _column, language in _texts(mapping.language, row, cells):
        return language
    raise RowRefused("says no language", row=row, column=mapping.language.columns[0])


def _answer(question: Question, source: Source, row: int, cells: Cells) -> Answer | None:
    texts = list(_texts(source, row, cells))
    if question.kind == TEXT:
        texts = [(column, _readable(text, row, column)) for column, text in texts]
    try:
        return answer_from(question, [text for _column, text in texts])
    except AnswerRefused as refusal:
        column = next((column for column, text in texts if text == refusal.value), source.columns[0])
        reason = REASONS[refusal.reason].format(
            code=question.code, lowest=question.lowest, highest=question.highest, most=question.most_characters
        )
        raise RowRefused(reason, row=row, column=column, value=refusal.value) from None


def _texts(source: Source, row: int, cells: Cells) -> Iterator[tuple[str, str]]:
    """Pairs of column and text that the columns of a source give in one row: codes, a number or a text."""
    for column in source.columns:
        values = source.values and source.values[column]
        for text in _parts(cells[column].strip(), source, values or {}):
            if same_form(text) in source.skipped or not text:
                continue
            if values is None:
                yield column, text
            elif same_form(text) in values:
                yield column, values[same_form(text)]
            else:
                raise RowRefused("is not among the values of the mapping", row=row, column=column, value=text)


def _parts(cell: str, source: Source, values: Mapping[str, str]) -> Iterator[str]:
    """The texts in one cell. Programs part choices with a sign that a label may hold too, and put no quotes around it.

    So at each place the longest text of the mapping that ends there or before a separator is taken.
    """
    if not source.separator:
        yield cell
        return
    left = same_form(cell)
    known = sorted((*values, *source.skipped), key=len, reverse=True)
    while left := _without(left, source.separator):
        fitting = (text for text in known if _ends_at_separator(left, text, source.separator))
        part = next(fitting, None) or left.partition(source.separator.strip() or " ")[0].strip()
        yield part
        left = left[len(part) :]


def _without(text: str, separator: str) -> str:
    """The text without separators and blanks before it."""
    sign = separator.strip()
    text = text.lstrip()
    while sign and text.startswith(sign):
        text = text.removeprefix(sign).lstrip()
    return text


def _ends_at_separator(text: str, part: str, separator: str) -> bool:
    """Whether the text begins with this part, and nothing or a separator comes after it."""
    if not text.startswith(part):
        return False
    rest, sign = text[len(part) :], separator.strip()
    return not rest.strip() or (rest.lstrip().startswith(sign) if sign else rest[0] == " ")


def _readable(text: str, row: int, column: str) -> str:
    kept, unreadable = readable_text(text)
    if unreadable:
        raise RowRefused("holds characters that cannot be stored", row=row, column=column, value=text)
    return kept
