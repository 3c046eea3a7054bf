"""What the workplace shows of a wave, in words: its state, numbers in bands or exact, groups beside the population."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, format_decimal, format_percent
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from citizen_portal.municipality import PopulationCounts
from citizen_portal.surveys import queries
from citizen_portal.surveys.bands import Number, number
from citizen_portal.surveys.export.formats import FORMATS
from citizen_portal.surveys.models import COUNTED, INVITED, LEFT_OUT, Wave
from citizen_portal.surveys.population import Population
from citizen_portal.surveys.questionnaire import BACKGROUNDS
from citizen_portal.surveys.representation import FEWER, IN_LINE, MORE, NOT_CLEAR, TOO_FEW, Group, groups_of
from citizen_portal.surveys.review import UNDECIDED, set_aside
from citizen_portal.surveys.waves import CLOSED, OPEN, PLANNED, state_of
from citizen_portal.web.suspicion import HONEYPOT, MANY_FROM_ONE_ADDRESS


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave as the list shows it."""

    code: str
    title: str
    questionnaire: str
    state: str
    state_code: str
    opens_on: date
    closes_on: date
    sample: str
    answers: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a comparison. Percentages are from 0 to 100, or None where there is nothing to compare."""

    label: str
    answers: str
    standing: str | None
    share: str | None
    population_share: str | None
    percent: float | None
    population_percent: float | None
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The groups of one background question; ``is_compared`` when the population is counted in them."""

    about: str
    rows: tuple[GroupRow, ...]
    is_compared: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be taken out now."""

    name: str
    label: str
    holds_rows: bool


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """What was set aside for one reason: why, and how many by what was decided, a line each."""

    reason: str
    why: str
    lines: list[str]
    is_undecided: bool
    is_decided: bool
    seen: str


def rows_of(session: Session, today: date, language: str) -> list[WaveRow]:
    """Every wave as a row, the newest first."""
    answers = queries.answers_per_wave(session)
    return [_row(session, wave, sum(answers.get(wave.code, ())), today, language) for wave in queries.waves(session)]


def description_of(wave: Wave) -> str:
    """When and how a wave is asked, in one line."""
    return _(
        "%(from_day)s to %(to_day)s · %(sample)s",
        from_day=format_date(wave.opens_on),
        to_day=format_date(_last_day(wave)),
        sample=_sample(wave),
    )


def facts_of(session: Session, wave: Wave, today: date, language: str) -> list[tuple[str, str]]:
    """Names and values about the wave and how many have answered."""
    exact = state_of(wave, today) != OPEN
    asked = queries.questionnaire(session, wave.questionnaire_digest)
    counted, aside = queries.answers_per_wave(session).get(wave.code, (0, 0))
    facts = [(_("State"), _states()[state_of(wave, today)]), (_("Answers"), in_words(number(counted, exact=exact)))]
    if aside:
        facts.append((_("Set aside as doubtful"), in_words(number(aside, exact=exact))))
    if wave.sample == INVITED:
        facts.extend(_letters(session, wave, exact=exact))
    version = _("%(title)s, version %(version)s", title=asked.title.get(language), version=asked.version)
    return [*facts, (_("Questionnaire"), version), (_("Digest of the questionnaire (SHA-256)"), asked.digest)]


def set_aside_in_words(session: Session, wave: Wave, today: date) -> list[SetAsideRow]:
    """What was set aside of a wave, why, and what was decided about it."""
    exact = state_of(wave, today) != OPEN
    why = {
        HONEYPOT: _("A field that people cannot see was filled in. It is almost always a program."),
        MANY_FROM_ONE_ADDRESS: _(
            "Very many came from one network in a short time. It may be a school or a library, or one person many "
            "times."
        ),
    }
    told = {
        UNDECIDED: _("not decided yet, and counted nowhere"),
        COUNTED: _("counted, by decision"),
        LEFT_OUT: _("left out, by decision"),
    }
    rows = []
    for each in set_aside(session, wave.code):
        numbers = {UNDECIDED: each.undecided, COUNTED: each.counted, LEFT_OUT: each.left_out}
        lines = [f"{in_words(number(count, exact=exact))}: {told[state]}" for state, count in numbers.items() if count]
        decided = each.counted or each.left_out
        seen = each.shown(exact=exact)
        rows.append(SetAsideRow(each.reason, why[each.reason], lines, bool(each.undecided), bool(decided), seen))
    return rows


def comparisons_of(
    session: Session, wave: Wave, population: Population, today: date, language: str
) -> list[Comparison]:
    """The groups of each background question the wave asks, beside the population."""
    exact = state_of(wave, today) != OPEN
    names = {"age": _("Age"), "sex": _("Sex"), "area": _("Area")}
    asked = queries.questionnaire(session, wave.questionnaire_digest)
    questions = {about: asked.background(about) for about in reversed(BACKGROUNDS)}
    comparisons = []
    for about, question in questions.items():
        if question:
            counts = queries.answers_per_choice(session, wave.code, question.code)
            groups = groups_of(question, counts, population.margins.get(about, {}), exact=exact)
            rows = tuple(_group_row(group, language) for group in groups)
            comparisons.append(Comparison(names[about], rows, any(group.standing for group in groups)))
    return comparisons


def compared_with(population: Population, counts: PopulationCounts | None, language: str) -> str | None:
    """Who the answers are compared with, in one sentence; ``counts`` are the municipality's, where nothing is imported.

    None without a population.
    """
    if counts:
        return _(
            "Compared with %(covers)s on %(day)s. Source: %(source)s.",
            covers=counts.covers.get(language),
            day=format_date(counts.day),
            source=counts.source.get(language),
        )
    if not population.margins:
        return None
    return _("Compared with the population. Source: %(source)s.", source=population.source)


def missing_among(comparisons: Sequence[Comparison]) -> list[str]:
    """The groups that have answered clearly less than their share."""
    return [row.label for comparison in comparisons for row in comparison.rows if row.is_missing]


def files_of(wave: Wave) -> list[File]:
    """The files that can be taken out: while answers can still come, only those that hold none."""
    labels = file_labels()
    return [
        File(name, labels[name], wanted.holds_rows)
        for name, wanted in FORMATS.items()
        if wave.purged or not wanted.holds_rows
    ]


def file_labels() -> dict[str, str]:
    """What each kind of file is called."""
    return {
        "csv": _("Answers for Excel (CSV)"),
        "xlsx": _("Answers and codebook as a workbook (XLSX)"),
        "machines": _("Answers for analysis (CSV)"),
        "numbers": _("Answers as numbers, for SPSS (CSV)"),
        "spss": _("SPSS syntax that reads the numbers"),
        "r": _("R script that reads the answers for analysis"),
        "codebook": _("Codebook to read and print (HTML)"),
        "codebook-csv": _("Codebook (CSV)"),
        "questionnaire": _("The questionnaire as it was asked (JSON)"),
        "readme": _("Read this first (text)"),
    }


def in_words(people: Number) -> str:
    """A number as it may be told."""
    if people.is_exact:
        return format_decimal(people.lowest)
    if people.highest is None:
        return _("%(number)s or more", number=format_decimal(people.lowest))
    if people.lowest == 0:
        return _("fewer than %(number)s", number=format_decimal(people.highest + 1))
    return f"{format_decimal(people.lowest)}–{format_decimal(people.highest)}"


def _row(session: Session, wave: Wave, answers: int, today: date, language: str) -> WaveRow:
    state = state_of(wave, today)
    asked = queries.questionnaire(session, wave.questionnaire_digest)
    return WaveRow(
        code=wave.code,
        title=wave.title,
        questionnaire=_("%(title)s, version %(version)s", title=asked.title.get(language), version=asked.version),
        state=_states()[state],
        state_code=state,
        opens_on=wave.opens_on,
        closes_on=_last_day(wave),
        sample=_sample(wave),
        answers=in_words(number(answers, exact=state != OPEN)),
    )


def _letters(session: Session, wave: Wave, *, exact: bool) -> Iterator[tuple[str, str]]:
    """Letters of the wave. What is unused is told from the band of what is used, or the two would meet in a number."""
    sent, used = queries.letters_of(session, wave)
    if not sent:
        yield _("Letters"), _("not known") if wave.purged else _("none made yet")
        return
    come_back = number(used, exact=exact)
    yield _("Letters"), format_decimal(sent)
    yield _("Letters answered"), in_words(come_back)
    yield _("Letters unused"), in_words(come_back.left_of(sent))
    if exact:
        yield _("Response rate"), format_percent(used / sent, "0.0 %")


def _group_row(group: Group, language: str) -> GroupRow:
    return GroupRow(
        label=group.label.get(language) if group.label else _("Did not say"),
        answers=in_words(group.answers),
        standing=_standings()[group.standing] if group.standing else None,
        share=_percent(group.share),
        population_share=_percent(group.population_share),
        percent=None if group.share is None else round(100 * group.share, 1),
        population_percent=None if group.population_share is None else round(100 * group.population_share, 1),
        is_missing=group.standing == FEWER,
    )


def _percent(share: float | None) -> str | None:
    return None if share is None else format_percent(share, "0 %")


def _states() -> dict[str, str]:
    return {PLANNED: _("planned"), OPEN: _("open"), CLOSED: _("closed")}


def _standings() -> dict[str, str]:
    return {
        FEWER: _("fewer than their share"),
        IN_LINE: _("about their share"),
        MORE: _("more than their share"),
        TOO_FEW: _("too few answers to compare"),
        NOT_CLEAR: _("not clear while numbers are told in bands"),
    }


def _sample(wave: Wave) -> str:
    return _("letters to a drawn sample") if wave.sample == INVITED else _("open link")


def _last_day(wave: Wave) -> date:
    return wave.closed_on or wave.closes_on
