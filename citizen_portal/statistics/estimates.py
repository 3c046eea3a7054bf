"""One question of one wave, estimated for everyone and for every group, with what changed since another wave.

This is what the site publishes from and what ``citizen-portal estimate`` prints. Nothing is hidden here, only flagged;
``None`` stands where no honest number exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from citizen_portal.statistics.change import change, holm
from citizen_portal.statistics.designs import Sample
from citizen_portal.statistics.intervals import effective_size, korn_graubard, logit_interval
from citizen_portal.statistics.quality import enough_people, good_enough, kish_design_effect, kish_effective_size
from citizen_portal.statistics.shares import Estimate, estimate
from citizen_portal.statistics.tallies import EVERYONE, Domain, Tallies, by_value


@dataclass(frozen=True, slots=True)
class WaveData:
    """A wave's name, its weighted sample and its tallies of one question."""

    wave: str
    sample: Sample
    tallies: Tallies


@dataclass(frozen=True, slots=True)
class GroupEstimate:
    """The share of one group; ``by`` and ``group`` are ``None`` for everyone.

    ``n`` answered. ``low`` and ``high`` are the logit interval, ``kg_low`` and ``kg_high`` Korn and Graubard's, both
    95 %. ``se`` and the intervals are ``None`` with one answer or when all gave the same one. ``show_quality`` is the
    rule of the NCHS, ``show_disclosure`` says whether five people stand on either side.
    """

    by: str | None
    group: str | None
    n: int
    p: float | None
    se: float | None
    df: float | None
    low: float | None
    high: float | None
    kg_low: float | None
    kg_high: float | None
    show_quality: bool
    show_disclosure: bool


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What changed in one group; ``p_holm`` counts all groups of its column as compared at once."""

    group: str | None
    diff: float | None
    se: float | None
    df: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The change for everyone and, in the order of the estimates, for every group."""

    all: GroupChange
    groups: tuple[GroupChange, ...]


@dataclass(frozen=True, slots=True)
class WaveEstimates:
    """All about one question in one wave. ``deff`` and ``n_eff`` are Kish's, for all weights of the wave."""

    wave: str
    question: str
    deff: float
    n_eff: float
    all: GroupEstimate
    groups: tuple[GroupEstimate, ...]
    change: Changes | None


def wave_estimates(question: str, data: WaveData, by: Sequence[str], against: WaveData | None = None) -> WaveEstimates:
    """Estimate the share of yes in a wave, for everyone and by each column of ``by``, groups sorted.

    With ``against``, a group that only the other wave has is there too, with no answers.
    """
    columns = {column: _groups(column, data, against) for column in by}
    return WaveEstimates(
        wave=data.wave,
        question=question,
        deff=kish_design_effect(data.sample),
        n_eff=kish_effective_size(data.sample),
        all=group_estimate(data.sample, data.tallies, EVERYONE),
        groups=tuple(
            group_estimate(data.sample, data.tallies, domain) for domains in columns.values() for domain in domains
        ),
        change=None if against is None else _changes(data, against, list(columns.values())),
    )


def group_estimate(sample: Sample, tallies: Tallies, domain: Domain) -> GroupEstimate:
    """The share of yes in one domain of a wave."""
    answers = tallies.answers.get(domain, {})
    share = estimate(sample, answers)
    counts = by_value(answers)
    logit = exact = None
    shown = False
    if share.value is not None and share.se is not None:
        logit = logit_interval(share.value, share.se, share.df)
        exact = korn_graubard(share.value, share.se, share.df, share.n)
        shown = good_enough(share.value, effective_size(share.value, share.se, share.df, share.n), exact)
    return GroupEstimate(
        *domain,
        n=share.n,
        p=share.value,
        se=share.se,
        df=share.df if share.n else None,
        low=logit and logit.low,
        high=logit and logit.high,
        kg_low=exact and exact.low,
        kg_high=exact and exact.high,
        show_quality=shown,
        show_disclosure=enough_people(counts.get(1, 0), share.n - counts.get(1, 0)),
    )


def _changes(data: WaveData, against: WaveData, columns: Sequence[Sequence[Domain]]) -> Changes:
    """Changes with Holm's adjustment within each column: its groups are one family of comparisons."""
    return Changes(
        all=_family(data, against, [EVERYONE])[0],
        groups=tuple(one for domains in columns for one in _family(data, against, domains)),
    )


def _family(data: WaveData, against: WaveData, domains: Sequence[Domain]) -> list[GroupChange]:
    changes = [change(_share(data, domain), _share(against, domain)) for domain in domains]
    adjusted = holm([one.p for one in changes])
    return [
        GroupChange(domain.group, one.diff, one.se, one.df, one.low, one.high, one.p, p_holm)
        for domain, one, p_holm in zip(domains, changes, adjusted, strict=True)
    ]


def _share(data: WaveData, domain: Domain) -> Estimate:
    return estimate(data.sample, data.tallies.answers.get(domain, {}))


def _groups(column: str, data: WaveData, against: WaveData | None) -> list[Domain]:
    groups = set(data.tallies.groups(column)) | set(against.tallies.groups(column) if against else ())
    return [Domain(column, group) for group in sorted(groups)]
