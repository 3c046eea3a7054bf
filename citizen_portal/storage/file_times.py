"""Times of SQLite's files: the day and no finer. The write-ahead log's would tell the minute of the last report.

The kernel's own time of a change of the file's record (ctime) cannot be set. It does not come along with a copy.
"""

import os
import time
from contextlib import suppress

SUFFIXES = ("", "-wal", "-shm", "-queue")


def flatten_times(database: str) -> None:
    """Set the times of the database's files to the beginning of the day, where they are there and ours."""
    midnight = time.mktime((*time.localtime()[:3], 0, 0, 0, 0, 0, -1))
    for suffix in SUFFIXES:
        with suppress(OSError):
            os.utime(database + suffix, (midnight, midnight))
