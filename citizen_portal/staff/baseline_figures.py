"""What the workplace shows of figures, in words: each with its weakness, and what the public sees of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt

from flask_babel import format_date, format_decimal, format_percent
from flask_babel import gettext as _

from citizen_portal.baseline.compute import Computed
from citizen_portal.baseline.figures import (
    BROUGHT,
    COUNTED,
    PERCENT,
    RAKED,
    UNWEIGHTED,
    Baseline,
    Figure,
    IndicatorFigures,
)
from citizen_portal.baseline.following_up import NOT_IN_BOTH, OTHER_METHOD, OTHER_SAMPLE, OTHER_SEASON, QUESTION_CHANGED
from citizen_portal.baseline.freezing import canonical
from citizen_portal.baseline.models import digest_of
from citizen_portal.baseline.publishing import Document
from citizen_portal.statistics.planner import visible_change

EXACT, WHOLE, TENTH = "0.00", "0", "0.0"
SIGNED = "+{0};−{0}"


def figures_seen(computed: Computed) -> str:
    """The digest of every figure and table, by which a form says what it was about."""
    tables = [asdict(table) for table in computed.tables]
    return digest_of(canonical({"figures": computed.baseline.document(), "tables": tables}))


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: ``counted`` of ``base`` said so; ``published`` is what the public sees, or None when it is hidden."""

    name: str
    base: str
    counted: str
    value: str | None
    interval: str | None
    good_enough: bool
    published: str | None
    published_interval: str | None
    change: str | None


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """One indicator: its figures for everyone, and by column (name and rows). ``incomparable`` says why, if it is."""

    label: str
    terms: str
    everyone: FigureRow
    columns: tuple[tuple[str, tuple[FigureRow, ...]], ...]
    incomparable: str | None


@dataclass(frozen=True, slots=True)
class Sight:
    """The smallest change that a later wave like this one would show, in percentage points, in words."""

    label: str
    everyone: str | None
    areas: str | None


def tables_of(baseline: Baseline, public: Document, language: str) -> list[IndicatorTable]:
    """Every indicator of a baseline beside what its public document says of it."""
    return [
        _table(baseline, baseline.figures_of(each["code"]), each, public["groups"], language)
        for each in public["indicators"]
    ]


def design_effect_of(baseline: Baseline) -> str | None:
    """How much the weights widen a variance, or None when nobody has answered."""
    return None if baseline.design_effect is None else format_decimal(baseline.design_effect, EXACT)


def sights_of(baseline: Baseline, public: Document, language: str) -> list[Sight]:
    """What this wave could see and what it could not, for each indicator that asks people."""
    asked = [
        (each["label"][language], baseline.figures_of(each["code"]).figures)
        for each in public["indicators"]
        if each["unit"] == PERCENT
    ]
    return [_sight(label, figures, len(asked)) for label, figures in asked]


def _table(
    baseline: Baseline, found: IndicatorFigures, public: Document, groups: Document, language: str
) -> IndicatorTable:
    values = {(value["by"], value["group"]): value for value in public["values"]}
    changes = {(change["by"], change["group"]): change for change in public["changes"]}

    def row(figure: Figure) -> FigureRow:
        names = groups.get(figure.by, {}).get(figure.group, {})
        name = names.get(language, figure.group) if figure.by else _("Everyone")
        key = (figure.by, figure.group)
        return _row(name, figure, found.unit, values.get(key), changes.get(key))

    return IndicatorTable(
        label=public["label"][language],
        terms=_methods(baseline)[found.method],
        everyone=row(found.figures[0]),
        columns=tuple(
            (name, rows)
            for column, name in _columns().items()
            if (rows := tuple(row(figure) for figure in found.figures if figure.by == column))
        ),
        incomparable=_reasons().get(public["incomparable"]),
    )


def _row(
    name: str, figure: Figure, unit: str, public: Mapping[str, object] | None, change: Mapping[str, object] | None
) -> FigureRow:
    scale = 100 if unit == PERCENT else 1
    is_shown = public is not None and public["shown"]
    has_interval = is_shown and public["low"] is not None
    return FigureRow(
        name=name,
        base=format_decimal(figure.n),
        counted=format_decimal(figure.counted),
        value=None if figure.estimate is None else _in_unit(scale * figure.estimate, unit, EXACT),
        interval=None if figure.low is None else _span(scale * figure.low, scale * figure.high, EXACT),
        good_enough=figure.good_enough,
        published=_in_unit(public["value"], unit, _form(unit)) if is_shown else None,
        published_interval=_span(public["low"], public["high"], _form(unit)) if has_interval else None,
        change=_change(change, unit) if change else None,
    )


def _change(change: Mapping[str, object], unit: str) -> str:
    """The change in one sentence, and whether it is more than chance explains."""
    form = SIGNED.format(_form(unit))
    words = {
        "diff": format_decimal(change["diff"], form),
        "low": format_decimal(change["low"], form),
        "high": format_decimal(change["high"], form),
    }
    if unit != PERCENT:
        return _(
            "%(diff)s per 1 000 residents and year (%(low)s to %(high)s). It tells how many tell us, so it is called "
            "neither better nor worse.",
            **words,
        )
    if change["real"]:
        return _("More than chance explains: %(diff)s percentage points (%(low)s to %(high)s).", **words)
    return _("No sure change: %(diff)s percentage points (%(low)s to %(high)s) can be chance.", **words)


def _sight(label: str, figures: Sequence[Figure], indicators: int) -> Sight:
    areas = list(_visible([figure for figure in figures if figure.by == "area"]))
    everyone = next(_visible(figures[:1], indicators), None)
    return Sight(
        label=label,
        everyone=None if everyone is None else format_decimal(100 * everyone, TENTH),
        areas=_span(100 * min(areas), 100 * max(areas), TENTH) if areas else None,
    )


def _visible(figures: Sequence[Figure], comparisons: int = 0) -> Iterator[float]:
    """The change that each figure would show, when the later one is as uncertain; ``comparisons`` are made together."""
    known = [figure for figure in figures if figure.se and figure.df]
    for figure in known:
        yield visible_change(sqrt(2) * figure.se, 2 * figure.df, comparisons=comparisons or len(known))


def _in_unit(value: float, unit: str, form: str) -> str:
    return format_percent(value / 100, f"{form} %") if unit == PERCENT else format_decimal(value, form)


def _span(low: float, high: float, form: str) -> str:
    return f"{format_decimal(low, form)}–{format_decimal(high, form)}"


def _form(unit: str) -> str:
    return WHOLE if unit == PERCENT else TENTH


def _columns() -> dict[str, str]:
    return {"area": _("Area"), "sex": _("Sex"), "age": _("Age")}


def _methods(baseline: Baseline) -> dict[str, str]:
    """How each figure is made and where from, with its unit."""
    wave, period = baseline.wave, {"from_day": format_date(baseline.from_day), "to_day": format_date(baseline.to_day)}
    return {
        RAKED: _("Per cent of the answers to %(wave)s, weighted to the register, with logit intervals.", wave=wave),
        BROUGHT: _(
            "Per cent of the answers to %(wave)s, with the weights they came with and logit intervals.", wave=wave
        ),
        UNWEIGHTED: _("Per cent of the answers to %(wave)s, not weighted, with logit intervals.", wave=wave),
        COUNTED: _(
            "Reports received %(from_day)s to %(to_day)s per 1 000 residents and year, with exact Poisson intervals.",
            **period,
        ),
    }


def _reasons() -> dict[str, str]:
    return {
        NOT_IN_BOTH: _("Not comparable: the earlier baseline does not have it."),
        QUESTION_CHANGED: _("Not comparable: the question was asked in other words or with other answers."),
        OTHER_SAMPLE: _("Not comparable: the two waves have different kinds of samples."),
        OTHER_METHOD: _("Not comparable: the two figures are computed in different ways."),
        OTHER_SEASON: _("Not comparable: the reports are of other months of the year."),
    }
