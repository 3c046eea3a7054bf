"""Which part of town a resident's words name, so that a place told in words alone is counted where it is.

Only when they leave no doubt: every name found in them, a letter mistyped at most, lies in one area.
"""

import unicodedata
from functools import lru_cache

from citizen_portal.municipality import Municipality

# In a shorter word one letter more or less makes another word of it.
FEWEST_LETTERS_TO_MISTYPE = 6


def area_named_in(municipality: Municipality, words: str) -> str | None:
    """The code of the one area that the words name, by its own name or a place in it; None when none or several."""
    spoken = _letters(words)
    found = {area for name, area in _names(municipality) if _is_in(name, spoken)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=8)
def _names(municipality: Municipality) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Names as words without accents, each with the code of its area; a name of two areas is none."""
    pairs = [(_letters(place.name), place.area) for place in municipality.places]
    pairs += [(_letters(words), area.code) for area in municipality.areas for _language, words in area.name.words]
    areas_of = {name: {area for each, area in pairs if each == name} for name, _area in pairs if name}
    return tuple((name, areas.pop()) for name, areas in areas_of.items() if len(areas) == 1)


def _letters(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple("".join(each if each.isalnum() else " " for each in plain if not unicodedata.combining(each)).split())


def _is_in(name: tuple[str, ...], spoken: tuple[str, ...]) -> bool:
    starts = range(len(spoken) - len(name) + 1)
    return any(all(map(_is_same, name, spoken[start : start + len(name)])) for start in starts)


def _is_same(name: str, word: str) -> bool:
    """Whether a word is the name, in the genitive or with one letter mistyped too."""
    if word in {name, f"{name}s"}:
        return True
    return len(name) >= FEWEST_LETTERS_TO_MISTYPE and _is_one_edit_away(name, word)


def _is_one_edit_away(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rests = ((one[same + 1 :], other[same + 1 :]), (one[same:], other[same + 1 :]), (one[same + 1 :], other[same:]))
    return any(a == b for a, b in rests)
