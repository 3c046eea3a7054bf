"""The one error of this room, and how all the errors of one reading are told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar


class MunicipalityError(Exception):
    """Municipality data that cannot be trusted: says which file, which key and why.

    ``file`` is relative to the municipality folder; ``key`` is a dotted TOML path, rows counted from 1
    (``theme[2].label.fi``), or ``(file)`` when the whole file is at fault. ``others`` were found in the same reading.
    """

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason
        self.others: tuple[MunicipalityError, ...] = ()


E = TypeVar("E", bound=Exception)


class Faults(Generic[E]):
    """Every error of one kind in a reading, so that nobody has to mend them one at a time.

    The kind has an attribute ``others`` for those that came after the first.
    """

    def __init__(self, kind: type[E]) -> None:
        self._kind = kind
        self._found: list[E] = []

    def __iter__(self) -> Iterator[E]:
        """What has been noted, in the order of its noting."""
        return iter(self._found)

    def __len__(self) -> int:
        """How many have been noted."""
        return len(self._found)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note the error that ends the block, with its ``others``, and go on after it."""
        try:
            yield
        except self._kind as error:
            self._found += [error, *error.others]

    def raise_if_any(self) -> None:
        """Raise the first, which knows the ``others``."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first
