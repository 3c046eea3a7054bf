"""Times of SQLite's files: the day and no finer. The write-ahead log's would tell the minute of the last report.

The kernel's own time of a change of the file's record (ctime) cannot be set. It does not come along with a copy.
"""

import os
from contextlib import suppress

SECONDS_OF_A_DAY = 86_400
SUFFIXES = ("", "-wal", "-shm", "-queue")


def flatten_times(database: str) -> None:
    """Set the times of the database's files back to midnight UTC, where they are there and ours."""
    for suffix in SUFFIXES:
        with suppress(OSError):
            written = int(os.stat(database + suffix).st_mtime)
            midnight = written - written % SECONDS_OF_A_DAY
            os.utime(database + suffix, (midnight, midnight))
