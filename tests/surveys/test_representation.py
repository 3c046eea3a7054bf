"""Who is missing among the answers: numbers in bands while a wave is open, and groups beside the population."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.municipality import MunicipalityError, load_municipality
from citizen_portal.surveys.bands import BANDS_BEGIN, Number, number
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.representation import (
    FEWER,
    IN_LINE,
    MORE,
    NOT_CLEAR,
    TOO_FEW,
    groups_of,
    refuse_unknown_groups,
)
from tests.municipality.test_population import INVENTED as COUNTS
from tests.waves import INVENTED, questionnaire_with_every_kind

people = st.integers(0, 30_000)


@pytest.fixture(scope="module")
def sex():
    return questionnaire_with_every_kind().background("sex")


@given(people)
def test_a_band_holds_the_number_and_never_tells_it(count):
    band = number(count, exact=False)
    assert band.lowest <= count
    assert band.highest is None or count <= band.highest
    assert not band.is_exact
    assert {number(other, exact=False) for other in range(band.lowest, band.highest or 10_001)} <= {band}


def test_the_first_bands_are_those_that_were_agreed():
    assert [number(count, exact=False) for count in (0, 9, 10, 49, 50, 99, 100)] == [
        *[Number(0, 9)] * 2,
        *[Number(10, 49)] * 2,
        *[Number(50, 99)] * 2,
        Number(100, 199),
    ]
    assert number(BANDS_BEGIN[-1], exact=False) == Number(10_000, None)


@given(people, people)
def test_what_is_left_of_a_known_total_is_as_vague_as_the_band(used, unused):
    left = number(used, exact=False).left_of(used + unused)
    assert left.lowest <= unused <= left.highest
    for other in (max(0, used - 1), used + 1):
        if number(other, exact=False) == number(used, exact=False):
            assert number(other, exact=False).left_of(used + unused) == left


def test_an_exact_number_leaves_an_exact_number():
    assert number(81, exact=True).left_of(200) == Number(119, 119)


def test_groups_keep_the_order_of_the_questionnaire_and_end_with_those_who_skipped(sex):
    groups = groups_of(sex, {"man": 3, None: 2}, {}, exact=True)
    labels = [group.label and group.label.get("en") for group in groups]
    assert labels == ["Woman", "Man", "Prefer not to say", None]
    assert [group.answers.lowest for group in groups] == [0, 3, 0, 2]


def test_shares_are_among_the_groups_that_the_population_is_counted_in(sex):
    woman, man, prefer_not, skipped = groups_of(
        sex, {"woman": 150, "man": 50, "prefer_not": 90, None: 10}, {"woman": 500, "man": 500}, exact=True
    )
    assert (woman.share, man.share) == (0.75, 0.25)
    assert (woman.population_share, man.population_share) == (0.5, 0.5)
    assert (woman.standing, man.standing) == (MORE, FEWER)
    assert (prefer_not.standing, prefer_not.share, skipped.standing) == (None, None, None)


@pytest.mark.parametrize(
    ("women", "men", "standing"),
    [(40, 60, IN_LINE), (39, 61, FEWER), (63, 37, MORE), (62, 38, IN_LINE), (9, 90, TOO_FEW), (0, 0, TOO_FEW)],
)
def test_a_group_is_called_missing_when_it_is_clearly_below_its_share(sex, women, men, standing):
    groups = groups_of(sex, {"woman": women, "man": men}, {"woman": 500, "man": 500}, exact=True)
    assert groups[0].standing == standing


@pytest.mark.parametrize(
    ("women", "men", "standing"),
    [(210, 60, MORE), (60, 210, FEWER), (120, 120, NOT_CLEAR), (60, 45, TOO_FEW), (11_000, 90, MORE)],
)
def test_while_numbers_are_bands_a_standing_is_said_only_when_the_bands_leave_no_doubt(sex, women, men, standing):
    groups = groups_of(sex, {"woman": women, "man": men}, {"woman": 500, "man": 500}, exact=False)
    assert groups[0].standing == standing


@given(people, people, people, people)
def test_standings_of_an_open_wave_tell_no_more_than_the_bands(women, men, others, more):
    sex = questionnaire_with_every_kind().background("sex")
    residents = {"woman": 500, "man": 500}

    def standings(*counts):
        groups = groups_of(sex, dict(zip(("woman", "man"), counts, strict=True)), residents, exact=False)
        return [group.standing for group in groups]

    bands = [number(count, exact=False) for count in (women, men)]
    if bands == [number(count, exact=False) for count in (others, more)]:
        assert standings(women, men) == standings(others, more)
    ends = [[band.lowest, band.highest or band.lowest] for band in bands]
    for same in zip(*ends, strict=True):
        assert standings(*same) == standings(women, men)


def test_no_share_of_the_answers_is_told_while_numbers_are_bands(sex):
    groups = groups_of(sex, {"woman": 150, "man": 51}, {"woman": 500, "man": 500}, exact=False)
    assert [group.share for group in groups] == [None] * 4
    assert not any(group.answers.is_exact for group in groups)


def test_a_population_in_other_groups_is_not_compared_with(sex):
    groups = groups_of(sex, {"woman": 150, "man": 50}, {"woman": 500, "men": 500}, exact=True)
    assert {group.standing for group in groups} == {None}


def test_a_population_in_groups_that_nobody_is_asked_about_stops_the_start(tmp_path):
    folder = shutil.copytree(INVENTED, tmp_path / "counted")
    (folder / "population.toml").write_text(COUNTS, "utf-8")
    municipality = load_municipality(folder)
    refuse_unknown_groups(municipality, questionnaires_of(municipality))
    for old, new in (("age_65_plus", "age_65_79"), ("man = 500", "prefer_not = 500")):
        assert old in COUNTS
        (folder / "population.toml").write_text(COUNTS.replace(old, new), "utf-8")
        broken = load_municipality(folder)
        with pytest.raises(MunicipalityError, match=new.split(" ", maxsplit=1)[0]):
            refuse_unknown_groups(broken, questionnaires_of(broken))
