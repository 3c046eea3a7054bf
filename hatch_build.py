"""Build hook: compiles the catalogues, so that a wheel and a checkout both come with them ready to read."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):
    """Write an .mo beside every .po before the files are gathered."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Compile; called by the build backend."""
        for source in sorted(Path(self.root, "translations").glob("*/LC_MESSAGES/*.po")):
            with source.open("rb") as words, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(words))
