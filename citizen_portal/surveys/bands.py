"""How many have answered, told in bands while a wave is open.

Whoever watches an exact number can lay it beside the person who just answered; in a band, most answers change nothing.
"""

from dataclasses import dataclass

# First number of each band; the last one is open upwards.
BANDS_BEGIN = (0, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of people between ``lowest`` and ``highest``, both included; ``highest`` is None for "or more"."""

    lowest: int
    highest: int | None

    @property
    def is_exact(self) -> bool:
        """Whether the number is known to the person."""
        return self.lowest == self.highest

    def left_of(self, total: int) -> "Number":
        """What is left when so many are taken from ``total``: as vague as the number itself, and no vaguer."""
        lowest = 0 if self.highest is None else max(0, total - self.highest)
        return Number(lowest, max(0, total - self.lowest))


def number(count: int, *, exact: bool) -> Number:
    """The count itself when it may be told exactly, or the band it lies in."""
    if exact:
        return Number(count, count)
    begins = [first for first in BANDS_BEGIN if first <= count]
    place = len(begins)
    return Number(begins[-1], BANDS_BEGIN[place] - 1 if place < len(BANDS_BEGIN) else None)
