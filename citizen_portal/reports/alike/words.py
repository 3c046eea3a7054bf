"""How alike two texts are: by their words, whatever case, accents, blanks, punctuation, numbers and order."""

import hashlib
import re
import struct
import unicodedata

# Two of three words in common, which one changed word of five leaves.
ALIKE = 0.65
# A longer text is known by these of its words, the same ones in every text they are in.
MOST_WORDS = 64
# Fewer words are said of many places by people who have never met: they count together with the place.
FEWEST_WORDS = 4
# Texts with most words in common share a band of three of 24 signs, and those with few hardly any.
_SIGNS, _SIGNS_OF_A_BAND = 24, 3
_PRIME = (1 << 61) - 1
_FACTORS = [
    struct.unpack("<QQ", hashlib.blake2b(bytes([number]), digest_size=16, person=b"signs").digest())
    for number in range(_SIGNS)
]


def words_of(text: str, *where: str | None) -> bytes:
    """The words of a text as sorted numbers of four bytes each, at most ``MOST_WORDS`` of them.

    ``where`` counts as words too when there are too few in the text to tell one from another.
    """
    words = set(_plain_words(text))
    if len(words) < FEWEST_WORDS:
        words |= {f"{number} {part}" for number, part in enumerate(where) if part}
    return b"".join(sorted(_number(word) for word in words)[:MOST_WORDS])


def likeness(one: bytes, other: bytes) -> float:
    """What part of the words of either are in both: 0 to 1, from what ``words_of`` gives."""
    ours, theirs = _numbers(one), _numbers(other)
    known = sorted(ours | theirs)[:MOST_WORDS]
    return sum(word in ours and word in theirs for word in known) / len(known) if known else 1.0


def bands(words: bytes) -> list[bytes]:
    """Eight bytes each, to find what is alike by: alike texts nearly always have one in common."""
    numbers = [int.from_bytes(word) + 1 for word in _numbers(words)] or [0]
    signs = [min((factor * number + more) % _PRIME for number in numbers) for factor, more in _FACTORS]
    return [
        hashlib.blake2b(
            struct.pack(f"<B{_SIGNS_OF_A_BAND}Q", start, *signs[start : start + _SIGNS_OF_A_BAND]), digest_size=8
        ).digest()
        for start in range(0, _SIGNS, _SIGNS_OF_A_BAND)
    ]


def _plain_words(text: str) -> list[str]:
    spread = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in spread if unicodedata.category(sign) not in {"Mn", "Cf"})
    return re.findall(r"[^\W\d_]+", kept)


def _number(word: str) -> bytes:
    return hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=4).digest()


def _numbers(words: bytes) -> set[bytes]:
    return {words[start : start + 4] for start in range(0, len(words), 4)}
