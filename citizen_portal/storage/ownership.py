"""Whose the data directory is. What a command run as root leaves there, the portal has to be able to write.

SQLite gives the files beside a database to its owner by itself; everything else is seen to here.
"""

import os
import pwd
from contextlib import suppress
from pathlib import Path


def give_to_owner(folder: Path) -> None:
    """Give every file of the folder that root has made to whoever the folder belongs to. Does nothing unless root."""
    if os.geteuid() != 0 or not folder.is_dir():
        return
    owner = folder.stat()
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            if file.stat().st_uid == 0 != owner.st_uid:
                os.chown(file, owner.st_uid, owner.st_gid, follow_symlinks=False)


def give_to_owner_of(folder: Path, descriptor: int) -> None:
    """Give an open file to the owner of a folder, when it is root who opened it."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def owner_to_be(folder: Path) -> str | None:
    """The name of the user to run as, when this one may not write in the folder; None when all is well."""
    if not folder.is_dir() or os.access(folder, os.W_OK | os.X_OK):
        return None
    owner = folder.stat().st_uid
    with suppress(KeyError):
        return pwd.getpwuid(owner).pw_name
    return f"#{owner}"
