"""The threat model names tests that exist, and the limits and settings that the code has."""

import re

import pytest

from citizen_portal.reports.alike.words import MOST_WORDS
from citizen_portal.reports.photos.field import MOST_WITH_PHOTOS
from citizen_portal.reports.photos.pixels import ACCEPTED_FORMATS
from citizen_portal.reports.receipts import DIGITS
from citizen_portal.staff.passwords import SHORTEST_PASSWORD
from citizen_portal.storage.server_log import KEPT_BY_SERVER, LINE_PREFIX
from citizen_portal.surveys.invitations import ALPHABET, DRAWN, FEWEST_USED
from citizen_portal.web.counters import WINDOW_MINUTES
from citizen_portal.web.submission import WINDOW_SECONDS
from citizen_portal.web.suspicion import MOST_UNSUSPECTED
from citizen_portal.web.throttle import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, NETWORKS
from tests.architecture.tree import CHECKOUT

PAGE = (CHECKOUT / "docs" / "threat-model.md").read_text("utf-8")
WORDS = " ".join(PAGE.split())
TRIES_A_SECOND, SECONDS_OF_A_DAY, DAYS_OF_A_YEAR = 1000, 86_400, 365
REPORTS, LETTERS = 100_000, 5_000


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(tests/[^`]+)`", PAGE)
    assert len(named) >= 8
    assert [name for name in named if not (CHECKOUT / name).is_file()] == []


def test_what_postgresql_may_keep_is_named_as_it_is_checked():
    settings = [each.name for each in KEPT_BY_SERVER] + [LINE_PREFIX]
    assert [setting for setting in settings if f"`{setting}`" not in PAGE] == []


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("past sixty from one network in ten minutes", MOST_UNSUSPECTED == 60 and WINDOW_MINUTES == 10),
        ("photos end at 120 in ten minutes", MOST_WITH_PHOTOS == 120),
        ("(four times as many from a /56 of IPv6, sixteen times from a /48)", NETWORKS == ((8, 1), (7, 4), (6, 16))),
        ("They grow from 5 seconds to ten minutes", (FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS) == (5, 600)),
        ("before ten letters have been used", FEWEST_USED == 10),
        ("at most 64 words", MOST_WORDS == 64),
        ("twelve characters of someone's own", SHORTEST_PASSWORD == 12),
        ("for ten to twenty minutes", WINDOW_SECONDS == 600),
        ("Only JPEG, PNG, WebP, AVIF and HEIF", ACCEPTED_FORMATS == ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")),
    ],
)
def test_a_limit_that_is_named_is_the_one_in_the_code(said, number):
    assert said in WORDS
    assert number


def test_the_sums_about_guessing_come_out():
    receipts, codes = 10 ** (DIGITS - 1), len(ALPHABET) ** DRAWN
    assert "10^15 of them" in WORDS
    assert receipts == 10**15
    assert "31^11 = 2.5 * 10^16" in WORDS
    assert codes == pytest.approx(2.5e16, rel=0.03)
    a_year = TRIES_A_SECOND * SECONDS_OF_A_DAY * DAYS_OF_A_YEAR
    assert "= 116 days with 100 000 reports" in WORDS
    assert receipts / REPORTS / TRIES_A_SECOND / SECONDS_OF_A_DAY == pytest.approx(116, abs=1)
    assert "one particular report after 16 000 years" in WORDS
    assert receipts / 2 / a_year == pytest.approx(16_000, rel=0.02)
    assert "With 5 000 unused letters the first hit comes after some 160 years" in WORDS
    assert codes / LETTERS / a_year == pytest.approx(160, rel=0.02)
