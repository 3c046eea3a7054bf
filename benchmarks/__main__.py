"""``python -m benchmarks``: run the parts named, or all that need nothing beyond the portal, and print the ratios."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.attacked import compare_attacked
from benchmarks.export import compare_export, peak_memory
from benchmarks.many_answers import answers_database
from benchmarks.many_reports import database_of
from benchmarks.pages import compare_pages
from benchmarks.posts import compare_posts
from benchmarks.rounds import Comparison, Scale
from benchmarks.servers import compare_servers, table
from benchmarks.survey_export import compare_survey_export, peak_memory_of

# Kept on disk by every system, where /tmp may be memory and a commit to it cost nothing.
ON_DISK = "/var/tmp"
THREADS = (1, 2, 4, 8)
MEMORY_STEPS = (100, 10, 1)
REPORTS_PER_ANSWER_SET = 10
USUAL = ("pages", "posts", "csv", "survey-csv")


def main() -> None:
    """Read the options, run, print each result as it comes."""
    options = _options()
    scale = Scale(rounds=options.rounds, seconds=options.seconds, clients=options.clients, rows=options.rows)
    for part in options.parts or USUAL:
        with tempfile.TemporaryDirectory(prefix="portal-bench-", dir=options.folder) as folder:
            for line in PARTS[part](scale, Path(folder)):
                print(line, flush=True)


def _pages(scale: Scale, folder: Path) -> Iterator[str]:
    return _lines(compare_pages(scale, folder))


def _posts(scale: Scale, folder: Path) -> Iterator[str]:
    return _lines(compare_posts(scale, folder))


def _csv(scale: Scale, folder: Path) -> Iterator[str]:
    for share in MEMORY_STEPS:
        rows = scale.rows // share
        data_dir = database_of(rows, folder / str(rows))
        yield f"Export of {rows:>9,} reports: at most {peak_memory(data_dir) / 2**20:.0f} MB of memory"
    yield from compare_export(scale, folder, data_dir).lines()


def _survey_csv(scale: Scale, folder: Path) -> Iterator[str]:
    most = scale.rows // REPORTS_PER_ANSWER_SET
    for rows in (most // 10, most):
        data_dir = answers_database(rows, folder / str(rows))
        for name in ("csv", "xlsx"):
            memory = peak_memory_of(data_dir, name) / 2**20
            yield f"Export of {rows:>9,} answer sets as {name}: at most {memory:.0f} MB of memory"
    yield from compare_survey_export(scale, folder, data_dir, most).lines()


def _servers(scale: Scale, folder: Path) -> Iterator[str]:
    yield from table(compare_servers(scale, folder))


def _threads(scale: Scale, folder: Path) -> Iterator[str]:
    yield from table(compare_servers(scale, folder, kinds=("granian",), threads=THREADS))


def _lines(comparisons: list[Comparison]) -> Iterator[str]:
    return (line for comparison in comparisons for line in comparison.lines())


PARTS: dict[str, Callable[[Scale, Path], Iterator[str]]] = {
    "pages": _pages,
    "posts": _posts,
    "csv": _csv,
    "survey-csv": _survey_csv,
    "servers": _servers,
    "threads": _threads,
    "attacked": compare_attacked,
}


def _options() -> argparse.Namespace:
    usual = Scale()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; without any, {USUAL}")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="alternating rounds (%(default)s)")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="length of a round (%(default)s)")
    parser.add_argument("--clients", type=int, default=usual.clients, help="keep-alive clients (%(default)s)")
    rows_help = "reports to export, and ten for each answer set (%(default)s)"
    parser.add_argument("--rows", type=int, default=usual.rows, help=rows_help)
    parser.add_argument("--folder", default=ON_DISK, help="where to put databases: a real disk (%(default)s)")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return options


if __name__ == "__main__":
    main()
