"""Do the areas differ at all? One test for all of them, before anyone looks at each.

Pearson's statistic for the table of answers by groups, corrected for weights and design to second order (Rao and
Scott, 1984; Thomas and Rao, 1990): R's ``svychisq(statistic="F")``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from citizen_portal.statistics.designs import Sample
from citizen_portal.statistics.distributions import f_tail
from citizen_portal.statistics.linearisation import Piece, covariance, weighted_residuals, with_the_rest
from citizen_portal.statistics.tallies import Answers

# An answer and a group: where in the table somebody is.
Place = tuple[float, str]
Table = Mapping[Place, float]
Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class RaoScott:
    """``f`` belongs to F on ``ndf`` and ``ddf`` degrees of freedom, both fractions; ``p`` is the tail beyond it."""

    f: float
    ndf: float
    ddf: float
    p: float


def independence(sample: Sample, groups: Mapping[str, Answers]) -> RaoScott | None:
    """Test whether the answers are independent of the group, or ``None`` with fewer than two groups or two answers.

    With ``P`` the table of estimated shares and ``V`` its covariance, ``Delta = (C' D^-1 C / N)^-1 (C' D^-1 V D^-1
    C)`` where ``D = diag(P)`` and ``C`` are the interaction contrasts. ``F = X^2 / tr Delta``, ``ndf = (tr Delta)^2 /
    tr Delta^2`` and ``ddf = ndf * (people - strata)``.
    """
    people = [
        (Piece(cell, count), (value, group))
        for group, answers in groups.items()
        for cell, values in answers.items()
        for value, count in values.items()
    ]
    rows = sorted({value for _piece, (value, _group) in people})
    columns = sorted({group for _piece, (_value, group) in people})
    if len(rows) < 2 or len(columns) < 2:
        return None
    shares = dict.fromkeys(product(rows, columns), 0.0)
    weight = sum(piece.people * sample.weights[piece.cell] for piece, _place in people)
    for piece, place in people:
        shares[place] += piece.people * sample.weights[piece.cell] / weight
    contrasts = _contrasts(rows, columns)
    observed = _design_covariance(sample, people, shares, contrasts)
    expected = [
        [sum(one[place] * other[place] / share for place, share in shares.items() if share) for other in contrasts]
        for one in contrasts
    ]
    return _corrected(shares, _solved(expected, observed), sample.size - len(sample.stratum_sizes))


def _design_covariance(
    sample: Sample, people: Sequence[tuple[Piece, Place]], shares: Table, contrasts: Sequence[Table]
) -> Matrix:
    """``C' D^-1 V D^-1 C``: the covariance of the contrasts of the log table, under the sample's design."""
    pieces = with_the_rest(sample, [piece for piece, _place in people])
    weight = sum(piece.people * sample.weights[piece.cell] for piece, _place in people)
    residuals = []
    for contrast in contrasts:
        # A contrast sums to zero, unless a cell of the table that nobody is in had to be left out.
        mean = sum(contrast[place] for place, share in shares.items() if share)
        influence = [(contrast[place] / shares[place] - mean) / weight for _piece, place in people]
        residuals.append(weighted_residuals(sample, pieces, influence))
    return [[covariance(sample, pieces, one, other) for other in residuals] for one in residuals]


def _corrected(shares: Table, delta: Matrix, df: int) -> RaoScott:
    """The statistic per person over the trace of ``Delta`` per person: the number of people cancels out."""
    rows: dict[float, float] = {}
    columns: dict[str, float] = {}
    for (row, column), share in shares.items():
        rows[row] = rows.get(row, 0) + share
        columns[column] = columns.get(column, 0) + share
    pearson = sum((share - rows[r] * columns[c]) ** 2 / (rows[r] * columns[c]) for (r, c), share in shares.items())
    size = range(len(delta))
    trace = sum(delta[i][i] for i in size)
    squares = sum(delta[i][j] * delta[j][i] for i in size for j in size)
    ndf = trace**2 / squares
    return RaoScott(pearson / trace, ndf, ndf * df, f_tail(pearson / trace, ndf, ndf * df))


def _contrasts(rows: Sequence[float], columns: Sequence[str]) -> list[Table]:
    """The interactions of a table: each is one cell freed of its row and its column."""
    return [
        {(r, c): ((r == row) - 1 / len(rows)) * ((c == column) - 1 / len(columns)) for r, c in product(rows, columns)}
        for row, column in product(rows[1:], columns[1:])
    ]


def _solved(matrix: Matrix, right: Matrix) -> Matrix:
    """``matrix^-1 right`` by elimination; the matrix is symmetric and positive definite, so no row is exchanged."""
    rows = [[*left, *beside] for left, beside in zip(matrix, right, strict=True)]
    for place, pivot in enumerate(rows):
        pivot[:] = [value / pivot[place] for value in pivot]
        for row in rows:
            if row is not pivot and row[place]:
                factor = row[place]
                row[:] = [value - factor * above for value, above in zip(row, pivot, strict=True)]
    return [row[len(rows) :] for row in rows]
