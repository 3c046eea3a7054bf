"""Which texts are alike: the same words with what a sender varies, and not what two residents happen to share."""

import random

import pytest

from citizen_portal.reports.alike.words import ALIKE, MOST_WORDS, bands, likeness, words_of

TEXT = "Det står ett gäng vid tunneln varje kväll och ropar efter dem som går förbi, lampan är trasig"
WORDS_OF_OTHERS = ("blå", "bil", "cykel", "damm", "eld", "fält", "gran", "hus", "is", "jakt", "kran", "lås", "moln")
VARIED = {
    "capitals": TEXT.upper(),
    "blanks": TEXT.replace(" ", "\u00a0 \t"),
    "punctuation": TEXT.replace(" ", "... ") + "!!!",
    "numbers": f"{TEXT} 4711 (73)",
    "accents": TEXT.replace("å", "a\u030a").replace("ö", "o"),
    "signs nobody sees": TEXT.replace("n", "n\u200b"),
    "a changed word": TEXT.replace("tunneln", "bron"),
    "another order": " ".join(reversed(TEXT.split())),
    "a sentence more": f"{TEXT}. Gör något nu",
}
# Said by different people of different things.
OTHERS = [
    "Lampan vid tunneln är trasig sedan flera veckor, det är alldeles mörkt där på kvällen",
    "Ungdomar kör moped på gångvägen bakom skolan varje eftermiddag och någon kommer att skadas",
    "Jag vågar inte gå förbi centrum efter klockan tio när det står folk och dricker där",
    "Det har varit inbrott i förråden i vårt hus två gånger den här månaden",
]


def are_alike(one: str, other: str) -> bool:
    return likeness(words_of(one), words_of(other)) >= ALIKE


@pytest.mark.parametrize("varied", VARIED.values(), ids=VARIED)
def test_what_a_sender_varies_makes_no_other_text(varied):
    assert are_alike(TEXT, varied)
    assert set(bands(words_of(TEXT))) & set(bands(words_of(varied))), "they share nothing that one finds the other by"


@pytest.mark.parametrize("other", OTHERS)
def test_what_residents_happen_to_share_does_not_make_their_texts_alike(other):
    assert not are_alike(TEXT, other)
    assert [each for each in OTHERS if each != other and are_alike(other, each)] == []


@pytest.mark.parametrize(("number", "missed"), [(5, 0.05), (10, 0.005), (30, 0.0), (200, 0.0)])
def test_of_texts_with_one_changed_word_nearly_all_are_found(number, missed):
    chance, tries, found = random.Random(number), 1000, 0
    for _each in range(tries):
        words = [
            f"{chance.choice(WORDS_OF_OTHERS)}{chance.choice('abcdefghij')}{place:c}"
            for place in range(97, 97 + number)
        ]
        varied = [*words[:-1], "något"]
        chance.shuffle(varied)
        one, other = words_of(" ".join(words)), words_of(" ".join(varied))
        found += likeness(one, other) >= ALIKE and bool(set(bands(one)) & set(bands(other)))
    assert found / tries >= 1 - missed


def test_few_words_are_alike_only_about_the_same_place():
    assert words_of("Mörkt!", "lights", "runby") == words_of("mörkt", "lights", "runby")
    assert likeness(words_of("Mörkt", "lights", "runby"), words_of("Mörkt", "lights", "centrum")) < ALIKE
    assert words_of(TEXT, "lights", "runby") == words_of(TEXT, "drugs", "centrum")


def test_a_long_text_is_known_by_no_more_words_than_a_short_one():
    long = " ".join(f"{one}{other}" for one in WORDS_OF_OTHERS for other in WORDS_OF_OTHERS)
    assert len(words_of(long)) == 4 * MOST_WORDS
    assert are_alike(long, f"Hej! {long} Hälsningar")
    assert not are_alike(long, " ".join(WORDS_OF_OTHERS))


@pytest.mark.parametrize("text", ["", " ", "12 34 !", "\ud800", "\u200b", "字" * 4000, "a\0b"])
def test_a_text_without_words_is_a_text(text):
    assert likeness(words_of(text), words_of(text)) == 1
    assert bands(words_of(text))
