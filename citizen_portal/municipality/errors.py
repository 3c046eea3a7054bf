"""The one error of this room."""

from __future__ import annotations


class MunicipalityError(Exception):
    """Municipality data that cannot be trusted: says which file, which key and why.

    ``file`` is relative to the municipality folder; ``key`` is a dotted TOML path, rows counted from 1
    (``theme[2].label.fi``), or ``(file)`` when the whole file is at fault.
    """

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason
