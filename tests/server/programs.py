"""Programs beside the portal, started by tests."""

import socket
import subprocess
import time

PATIENCE_SECONDS = 20


def wait_until_it_listens(name: str, port: int, process: subprocess.Popen) -> None:
    """Return once something answers on the port; an ``AssertionError`` with what it said, if anything, when it ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    said = process.communicate()[1]
    raise AssertionError(f"{name} did not start: {said.decode() if said else ''}")
