"""Servers to measure: started as processes of their own, with the portal's settings, for any app.

``python -m benchmarks.serving SERVER FACTORY`` serves in the foreground; ``Serving`` does that in the background.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from citizen_portal import create_app
from citizen_portal.cli.serve import front_of, server
from citizen_portal.front.front import Front
from citizen_portal.settings import Settings

PORTAL, BARE = "citizen_portal:create_app", "benchmarks.bare:create_app"
START_SECONDS = 30
HANDED_DOWN = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")


class Serving:
    """A running server; a context manager that stops it. ``port`` is where it listens on this machine."""

    def __init__(self, factory: str, log: Path, *, kind: str = "granian", **environ: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        inherited = {name: os.environ[name] for name in HANDED_DOWN if name in os.environ}
        self._log = log
        with log.open("wb") as lines:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.serving", kind, factory],
                env={**inherited, "PORTAL_DEMO": "0", "PORTAL_WORKERS": "2", "PORT": str(self.port), **environ},
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    def __enter__(self) -> "Serving":
        """Wait until the server listens. Raises ``RuntimeError`` with its log when it never does."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        self.__exit__()
        raise RuntimeError(f"a server did not start:\n{self._log.read_text()}")

    def __exit__(self, *_error: object) -> None:
        """Stop it in good order, or the hard way when that takes too long."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def memory(self) -> int:
        """Bytes held by all processes of the server, shared pages divided among those who share them (Linux)."""
        return sum(_proportional_bytes(process) for process in _processes_of_session(self._process.pid))


def _processes_of_session(session: int) -> list[int]:
    processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [process for process in processes if _session_of(process) == session]


def _session_of(process: int) -> int | None:
    try:
        return os.getsid(process)
    except OSError:
        return None


def _proportional_bytes(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def portal_front() -> Front:
    """The portal as its server calls it."""
    return front_of(create_app())


def _granian(factory: str, settings: Settings) -> None:
    """The portal behind its front, as it is served; the bare reference as a WSGI app with as many threads."""
    if factory == PORTAL:
        server("benchmarks.serving:portal_front", settings).serve()
        return
    Granian(
        factory,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        websockets=False,
    ).serve()


def _gunicorn(factory: str, settings: Settings) -> None:
    size = ["--workers", str(settings.workers), "--threads", str(settings.threads)]
    address = ["--bind", f"{settings.host}:{settings.port}"]
    os.execv(
        sys.executable,
        [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", *size, *address, f"{factory}()"],
    )


def _waitress(factory: str, settings: Settings) -> None:
    """Waitress has threads and no processes of its own, so the workers are forked here around one socket."""
    import waitress  # noqa: PLC0415  # only needed when it is the one measured

    listening = socket.create_server((settings.host, settings.port), backlog=1024)
    for _worker in range(settings.workers - 1):
        if os.fork() == 0:
            break
    module, _, function = factory.partition(":")
    app = getattr(import_module(module), function)()
    waitress.serve(app, sockets=[listening], threads=settings.threads, connection_limit=1000)


KINDS = {"granian": _granian, "gunicorn": _gunicorn, "waitress": _waitress}

if __name__ == "__main__":
    KINDS[sys.argv[1]](sys.argv[2], Settings.from_environment(os.environ))
