"""Debian's PgBouncer before a PostgreSQL, in transaction mode: each transaction may get another of few connections."""

import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import free_port
from tests.server.programs import wait_until_it_listens

PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"  # where Debian puts it
SETTINGS = """
[databases]
portal = host={socket} dbname=portal user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""


@contextmanager
def pgbouncer_before(socket_folder: str, folder: Path):
    """Run it; gives the address of the database ``portal`` behind it."""
    port = free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(SETTINGS.format(socket=socket_folder, port=port))
    # It refuses to run as root; the folder of the socket is its owner's alone.
    as_somebody = ["--user", Path(socket_folder).owner()] if os.geteuid() == 0 else []
    for each in (settings, *settings.parents[:3]):
        with suppress(PermissionError):
            each.chmod(0o755)
    process = subprocess.Popen([PROGRAM, "--quiet", *as_somebody, settings])
    try:
        wait_until_it_listens("PgBouncer", port, process)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/portal"
    finally:
        process.kill()
        process.wait()
