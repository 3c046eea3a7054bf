"""Which passwords are refused: short ones, and those that a guessing program finds among its first.

Length counts for more than rules of composition, and what is guessed first is refused by its own lists of leaked
passwords, names and words (NIST SP 800-63B, 5.1.1.2), together with the names of the account and of the municipality.
"""

from collections.abc import Iterable

from zxcvbn import zxcvbn

from citizen_portal.municipality import Municipality

SHORTEST_PASSWORD = 12
# zxcvbn's score of 0 to 4; from 3 on it takes more than a hundred million tries.
LEAST_SCORE = 3
# Letters that are left when names and usual words are taken out.
FEWEST_OF_OWN = 6
# The library reads no further: what is long is not weak for that.
MOST_SCORED = 72
# What Swedish accounts have instead of the English words that its lists hold.
USUAL_WORDS = (
    *("lösenord", "losenord", "sommar", "sommaren", "vinter", "vintern", "våren", "hösten", "hosten"),
    *("kommun", "kommunen", "sverige", "svenska", "stockholm", "trygghet", "trygg", "trygghetsportalen", "polisen"),
    *("säkerhet", "sakerhet", "hemligt", "välkommen", "valkommen", "måndag", "fredag", "admin", "portal"),
)


class WeakPassword(ValueError):
    """The password is refused; the text says why."""


def refuse_weak(password: str, *, named: Iterable[str]) -> None:
    """Raise ``WeakPassword`` for what is short or soon guessed; ``named`` are words that a guesser would try."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"the password must have at least {SHORTEST_PASSWORD} characters")
    written = password.casefold()[:MOST_SCORED]
    tried = [word for each in named for word in _spellings(each.casefold())] + list(USUAL_WORDS)
    own = written
    for word in sorted(tried, key=len, reverse=True):
        own = own.replace(word, "")
    if len(own) < FEWEST_OF_OWN or zxcvbn(written, user_inputs=tried)["score"] < LEAST_SCORE:
        raise WeakPassword(
            "the password is soon guessed: it is common, repeats itself, or is made of the user's name, places or "
            "years. Four words that have nothing to do with each other are better"
        )


def _spellings(name: str) -> list[str]:
    """A name, its words, and both without blanks; too short ones are in everything."""
    found = [name, name.replace(" ", ""), *name.replace("_", " ").replace(".", " ").split()]
    return [each for each in found if len(each) > 3]


def words_of(municipality: Municipality) -> list[str]:
    """Names that whoever works there has in mind: its own, and those of its areas and places."""
    areas = [words for area in municipality.areas for _language, words in area.name.words]
    return [municipality.code, municipality.name, *areas, *(place.name for place in municipality.places)]
