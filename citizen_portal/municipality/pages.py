"""The municipality's own pages: pages/<language>/<code>.md, the first line "# Title", the rest Markdown."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from .errors import MunicipalityError
from .model import Page, Text
from .tables import CODE

REQUIRED_PAGES = ("accessibility", "cookies", "help", "privacy")


def read_pages(folder: Path, languages: tuple[str, ...]) -> tuple[Page, ...]:
    """Every page in every language; one that only some languages have is a mistake, not an extra.

    MunicipalityError for a missing, surplus, unreadable, untitled or empty file.
    """
    root = folder / "pages"
    sources = {path.relative_to(root).as_posix(): path for path in sorted(root.glob("*/*.md"))}
    codes = sorted({path.stem for path in sources.values()} | set(REQUIRED_PAGES))
    expected = {f"{language}/{code}.md" for language in languages for code in codes}
    for name in sorted(set(sources) ^ expected):
        reason = "the file is missing" if name in expected else "is not in a language of the municipality"
        raise MunicipalityError(f"pages/{name}", "(file)", reason)
    return tuple(_page(code, {language: sources[f"{language}/{code}.md"] for language in languages}) for code in codes)


def _page(code: str, sources: dict[str, Path]) -> Page:
    titles, markdown = [], {}
    for language, path in sources.items():
        file = f"pages/{language}/{path.name}"
        if not CODE.fullmatch(code):
            raise MunicipalityError(file, "(file)", "the name may hold only a-z, 0-9 and _")
        try:
            first, _, rest = path.read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise MunicipalityError(file, "(file)", f"the file cannot be read: {error}") from error
        if not first.startswith("# ") or not first[2:].strip():
            raise MunicipalityError(file, "title", "the first line must be '# ' and a title")
        if not rest.strip():
            raise MunicipalityError(file, "text", "must not be empty")
        titles.append((language, first[2:].strip()))
        markdown[language] = rest.strip() + "\n"
    return Page(code, Text(tuple(titles)), MappingProxyType(markdown))
