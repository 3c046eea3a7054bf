"""The analyst's bench: two files in, estimates out, without the site and its database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from citizen_portal.statistics.answer_rows import Question, levels, wave_column, wave_tallies
from citizen_portal.statistics.designs import Sample, raked_sample, simple_sample
from citizen_portal.statistics.estimates import WaveData, WaveEstimates, wave_estimates
from citizen_portal.statistics.margin_rows import MarginColumns, margin_columns, read_margins
from citizen_portal.statistics.margins import Margin, MarginMismatch, levels_without_margin
from citizen_portal.statistics.raking import RakingFailed
from citizen_portal.statistics.rows import RowFile
from citizen_portal.statistics.tallies import Tallies


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be estimated.

    ``raked`` maps each column that makes the weights to the name of its margin. ``wave_column`` and
    ``margin_columns`` may be empty: the files' own words are then read.
    """

    wave: str
    question: Question
    raked: Mapping[str, str]
    by: Sequence[str] = ()
    against: str | None = None
    wave_column: str | None = None
    margin_columns: Sequence[str] = ()

    @property
    def waves(self) -> tuple[str, ...]:
        """The wave, and the one it is compared with."""
        return (self.wave,) if self.against in {None, self.wave} else (self.wave, self.against)


def estimate_files(request: Request, answers: Path, margins: Path | None) -> tuple[WaveEstimates, list[str]]:
    """Read the files and estimate. With the estimates come remarks, a sentence each, on what was assumed.

    Raises ``RowsRefused`` for a file that cannot be used, ``MarginMismatch`` and ``RakingFailed`` (their sentence
    begins with the wave) for margins that do not fit the answers.
    """
    file = RowFile(answers)
    taken = {request.question.column, *request.raked, *request.by}
    column = wave_column(file, request.waves, request.wave_column, taken)
    tallies = wave_tallies(
        file, request.question, wave=column, waves=request.waves, raked=tuple(request.raked), by=tuple(request.by)
    )
    remarks: list[str] = []
    if margins and request.raked:
        samples = _raked_samples(request, RowFile(margins), tallies, remarks)
    else:
        samples = {wave: simple_sample(one.sizes) for wave, one in tallies.items()}
        remarks.append("Without --rake every answer weighs the same.")
    data = {wave: WaveData(wave, samples[wave], one) for wave, one in tallies.items()}
    against = data[request.against] if request.against else None
    return wave_estimates(request.question.column, data[request.wave], request.by, against), remarks


def _raked_samples(
    request: Request, file: RowFile, tallies: Mapping[str, Tallies], remarks: list[str]
) -> dict[str, Sample]:
    """The sample of each wave, weighted to the margins of a file; remarks are added on levels that have no margin."""
    seen: dict[str, set[str]] = {}
    for one in tallies.values():
        for column, found in levels(one).items():
            seen.setdefault(request.raked[column], set()).update(found)
    columns = margin_columns(file, request.margin_columns, request.waves, seen)
    samples = {}
    for wave, one in tallies.items():
        margins = _margins_of(request, file, columns, wave)
        for column, found in levels(one).items():
            for level in levels_without_margin(margins[column], found):
                remarks.append(f"Wave {wave}: {column} {level} has no margin and keeps the share it has in the sample.")
        try:
            samples[wave] = raked_sample(one.sizes, one.columns, margins)
        except (MarginMismatch, RakingFailed) as error:
            raise file.refused(f"wave {wave}: {error}") from error
    return samples


def _margins_of(request: Request, file: RowFile, columns: MarginColumns, wave: str) -> dict[str, Margin]:
    """The margins of a wave under the names of the columns that they weight."""
    margins = read_margins(file, columns, wave)
    for name in request.raked.values():
        if name not in margins:
            there = ", ".join(sorted(margins))
            raise file.refused(f"the wave {wave} has no margin {name}; it has {there}", column=columns.margin)
    return {column: margins[name] for column, name in request.raked.items()}
