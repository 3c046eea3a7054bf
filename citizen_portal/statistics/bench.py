"""The analyst's bench: two files in, estimates out, without the site and its database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from citizen_portal.statistics.answer_rows import Question, levels, wave_column, wave_tallies
from citizen_portal.statistics.designs import (
    Sample,
    UnusableStratum,
    raked_sample,
    simple_sample,
    stratified_raked_sample,
)
from citizen_portal.statistics.estimates import WaveData, WaveEstimates, wave_estimates
from citizen_portal.statistics.margin_rows import MarginColumns, margin_columns, read_margins
from citizen_portal.statistics.margins import Margin, MarginMismatch, levels_without_margin
from citizen_portal.statistics.raking import RakingFailed
from citizen_portal.statistics.rows import RowFile
from citizen_portal.statistics.tallies import Cell, Tallies


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be estimated.

    ``raked`` and ``strata`` (at most one) map each column that makes the weights to the name of its margin.
    ``wave_column`` and ``margin_columns`` may be empty: the files' own words are then read.
    """

    wave: str
    question: Question
    raked: Mapping[str, str]
    strata: Mapping[str, str] = field(default_factory=dict)
    by: Sequence[str] = ()
    against: str | None = None
    wave_column: str | None = None
    margin_columns: Sequence[str] = ()

    @property
    def waves(self) -> tuple[str, ...]:
        """The wave, and the one it is compared with."""
        return (self.wave,) if self.against in {None, self.wave} else (self.wave, self.against)

    @property
    def margins(self) -> dict[str, str]:
        """The names of all margins, by column."""
        return {**self.raked, **self.strata}


def estimate_files(request: Request, answers: Path, margins: Path | None) -> tuple[WaveEstimates, list[str]]:
    """Read the files and estimate. With the estimates come remarks, a sentence each, on what was assumed.

    Raises ``RowsRefused`` for a file that cannot be used, and for margins that do not fit the answers.
    """
    file = RowFile(answers)
    taken = {request.question.column, *request.margins, *request.by}
    wave = wave_column(file, request.waves, request.wave_column, taken)
    cells = (*request.raked, *request.strata)
    tallies = wave_tallies(file, request.question, wave=wave, waves=request.waves, cells=cells, by=request.by)
    if margins:
        samples, remarks = _weighted_samples(request, RowFile(margins), tallies)
    else:
        samples = {wave: simple_sample(one.sizes) for wave, one in tallies.items()}
        remarks = ["Without margins every answer weighs the same."]
    data = {wave: WaveData(wave, samples[wave], one) for wave, one in tallies.items()}
    against = data[request.against] if request.against else None
    try:
        return wave_estimates(request.question.column, data[request.wave], request.by, against), remarks
    except RakingFailed as error:
        raise file.refused(str(error)) from error


def _weighted_samples(
    request: Request, file: RowFile, tallies: Mapping[str, Tallies]
) -> tuple[dict[str, Sample], list[str]]:
    """The sample of each wave, weighted to the margins of a file, with a remark on each level that has no margin."""
    seen: dict[str, set[str]] = {}
    for one in tallies.values():
        for column, found in levels(one).items():
            seen.setdefault(request.margins[column], set()).update(found)
    columns = margin_columns(file, request.margin_columns, request.waves, seen)
    samples, remarks = {}, []
    for wave, one in tallies.items():
        margins = _margins_of(request, file, columns, wave)
        try:
            samples[wave] = _weighted_sample(request, one.sizes, margins)
        except (MarginMismatch, RakingFailed, UnusableStratum) as error:
            raise file.refused(f"wave {wave}: {error}") from error
        for column, found in levels(one).items():
            for level in levels_without_margin(margins[column], found):
                remarks.append(f"Wave {wave}: {column} {level} has no margin and keeps the share it has in the sample.")
    return samples, remarks


def _weighted_sample(request: Request, sizes: Mapping[Cell, int], margins: Mapping[str, Margin]) -> Sample:
    raked = tuple(request.raked)
    for column in request.strata:
        return stratified_raked_sample(sizes, raked, margins, margins[column])
    return raked_sample(sizes, raked, margins)


def _margins_of(request: Request, file: RowFile, columns: MarginColumns, wave: str) -> dict[str, Margin]:
    """The margins of a wave under the names of the columns that they weight."""
    margins = read_margins(file, columns, wave)
    for name in request.margins.values():
        if name not in margins:
            there = ", ".join(sorted(margins))
            raise file.refused(f"the wave {wave} has no margin {name}; it has {there}", column=columns.margin)
    return {column: margins[name] for column, name in request.margins.items()}
