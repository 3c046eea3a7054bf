"""Whether the portal could take a report now: a row is written and taken back, and the disk has room."""

import os
from pathlib import Path

from citizen_portal.storage.unit_of_work import StorageUnavailable, try_a_write
from citizen_portal.upkeep.models import Noted

# A row that is taken back reaches no disk, so room is looked at apart: some reports with three photos each.
LEAST_FREE_BYTES = 50_000_000


def refuse_unless_writable(data_dir: Path) -> None:
    """Raise ``StorageUnavailable`` with the reason when a resident's report would not be stored now."""
    free = os.statvfs(data_dir)
    if free.f_bavail * free.f_frsize < LEAST_FREE_BYTES:
        raise StorageUnavailable(f"the disk of {data_dir} is full")
    try_a_write(Noted(name="try of a write", value=""))
