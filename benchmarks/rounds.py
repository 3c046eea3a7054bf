"""Alternating rounds, and the ratio they give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to measure: ``rounds`` of ``seconds`` each by ``clients`` at once; ``rows`` to export."""

    rounds: int = 7
    seconds: float = 2.0
    clients: int = 16
    rows: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of one side did: ``done`` things in ``seconds``, each taking so long (when that was timed)."""

    done: int
    seconds: float
    latencies: Sequence[float] = ()

    @property
    def rate(self) -> float:
        """Things done per second."""
        return self.done / self.seconds


@dataclass(slots=True)
class Comparison:
    """The portal beside its reference, round by round."""

    name: str
    unit: str
    target: float
    ours: list[Round] = field(default_factory=list)
    reference: list[Round] = field(default_factory=list)

    def run(self, ours: Callable[[], Round], reference: Callable[[], Round], rounds: int) -> "Comparison":
        """Measure both, taking turns, so that a slow moment of the machine falls on both."""
        for _round in range(rounds):
            self.reference.append(reference())
            self.ours.append(ours())
        return self

    @property
    def ratio(self) -> float:
        """Median of the ratios of the rounds."""
        return median(mine.rate / bare.rate for mine, bare in zip(self.ours, self.reference, strict=True))

    def lines(self) -> list[str]:
        """The result in words: the ratio first, then what it was made from."""
        verdict = "" if self.ratio >= self.target else "  BELOW TARGET"
        return [
            f"{self.name}: {self.ratio:.2f} of the bare reference (target {self.target:.2f}){verdict}",
            f"    portal     {_described(self.ours, self.unit)}",
            f"    reference  {_described(self.reference, self.unit)}",
        ]


def median_rate(rounds: Sequence[Round]) -> float:
    """The middle one of the rounds' rates."""
    return median(each.rate for each in rounds)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def _described(rounds: Sequence[Round], unit: str) -> str:
    rate = f"{median_rate(rounds):>10,.0f} {unit}/s"
    latencies = [latency * 1000 for each in rounds for latency in each.latencies]
    if not latencies:
        return rate
    return f"{rate}   p50 {percentile(latencies, 0.50):.1f} ms   p99 {percentile(latencies, 0.99):.1f} ms"
