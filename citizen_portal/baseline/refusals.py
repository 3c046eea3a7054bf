"""Why figures are not frozen, not published or not withdrawn."""


class SnapshotRefused(ValueError):
    """A snapshot cannot be frozen, published or withdrawn like this; the text says why."""


class BaselineNotPublic(SnapshotRefused):
    """A follow-up that everyone sees would tell the numbers of a baseline that only staff see."""


class RestsOnInvention(SnapshotRefused):
    """The figures rest on invented answers or on an example of a population, and nobody may take them for true."""


class ReleaseRefused(SnapshotRefused):
    """Beside what is or was public, the snapshot would give somebody away; the text names the other document."""

    def __init__(self, fault: str, other: str) -> None:
        super().__init__(fault)
        self.other = other
