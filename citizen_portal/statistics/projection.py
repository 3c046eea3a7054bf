"""What margins say of a number per person, found at once: a least squares fit on the levels of every margin.

The fitted values are the same that alternating projections reach after many rounds (R's ``survey`` makes ten).
"""

import math
from collections.abc import Mapping, Sequence

from citizen_portal.statistics.tallies import Cell

# Cell -> value; vectors are orthonormal when each person of a cell counts once.
Vector = Mapping[Cell, float]
Basis = Sequence[Vector]

DEPENDENT = 1e-9  # what is left of a level's length when other levels say all of it


def orthonormal(sizes: Mapping[Cell, int], raked: int) -> Basis:
    """A basis of everything that the levels of the first ``raked`` columns can say, by Gram and Schmidt, done twice."""
    basis: list[dict[Cell, float]] = []
    for place in range(raked):
        for level in sorted({cell[place] for cell in sizes}):
            vector = {cell: float(cell[place] == level) for cell in sizes}
            before = _length(sizes, vector)
            for _again in range(2):
                for known in basis:
                    along = _product(sizes, vector, known)
                    vector = {cell: value - along * known[cell] for cell, value in vector.items()}
            length = _length(sizes, vector)
            if length > DEPENDENT * before:
                basis.append({cell: value / length for cell, value in vector.items()})
    return basis


def fitted(basis: Basis, sums: Mapping[Cell, float]) -> dict[Cell, float]:
    """The fitted value of each cell; ``sums`` adds up, cell by cell, the numbers of its people."""
    found = dict.fromkeys(sums, 0.0)
    for vector in basis:
        along = math.fsum(sums[cell] * value for cell, value in vector.items())
        for cell, value in vector.items():
            found[cell] += along * value
    return found


def _product(sizes: Mapping[Cell, int], one: Vector, other: Vector) -> float:
    return math.fsum(size * one[cell] * other[cell] for cell, size in sizes.items())


def _length(sizes: Mapping[Cell, int], vector: Vector) -> float:
    return math.sqrt(_product(sizes, vector, vector))
