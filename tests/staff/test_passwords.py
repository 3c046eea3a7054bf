"""Passwords that a guesser finds soon are refused, and names are the same in whatever case."""

import pytest

from citizen_portal.municipality.installed import installed
from citizen_portal.staff.account_changes import AccountRefused, add_account, change_password
from citizen_portal.staff.accounts import authenticate
from citizen_portal.staff.models import StaffAccount
from citizen_portal.staff.passwords import WeakPassword, refuse_weak, words_of
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.conftest import PASSWORD
from tests.steps import count

WEAK = [
    "elevenchars", "password1234", "Password12345!", "qwertyuiop123", "aaaaaaaaaaaaaaaa", "123456789012345",
    "Sommaren2026!", "lösenord2026!", "UpplandsVäsby1", "upplands_vasby2026", "Optimusvägen12", "Åsa.Öberg1984",
    "åsa.öbergåsa.öberg", "abcabcabcabcabc", "trygghetsportalen1",
]  # fmt: skip
STRONG = [PASSWORD, "horse-battery-staple-9", "fyra hästar på ett tak", "vB7#kq!2Lw0z", "ساعة خضراء فوق الجبل"]


def named(username="Åsa.Öberg"):
    return [username, *words_of(installed().municipality)]


@pytest.mark.parametrize("password", WEAK)
def test_what_is_guessed_soon_is_refused_with_what_to_do_instead(app, password):
    with pytest.raises(WeakPassword, match=r"at least 12 characters|soon guessed.*Four words"):
        refuse_weak(password, named=named())


@pytest.mark.parametrize("password", STRONG)
def test_what_takes_long_to_guess_is_taken(app, password):
    refuse_weak(password, named=named())


def test_neither_a_new_account_nor_a_new_password_may_be_weak(app):
    with pytest.raises(AccountRefused), unit_of_work() as session:
        add_account(session, username="elisabet", password="elisabet-elisabet")
    with unit_of_work() as session:
        add_account(session, username="elisabet", password=PASSWORD)
    with pytest.raises(AccountRefused), unit_of_work() as session:
        change_password(session, username="ELISABET", password="Elisabet.Elisabet")
    assert authenticate(db.session(), username="elisabet", password=PASSWORD)


def test_a_name_is_the_same_in_whatever_case(app):
    with unit_of_work() as session:
        add_account(session, username="Åsa.Öberg", password=PASSWORD)
    for again in ("åsa.öberg", "ÅSA.ÖBERG", "Åsa.öberg "):
        with pytest.raises(AccountRefused, match="already"), unit_of_work() as session:
            add_account(session, username=again, password=PASSWORD)
        assert authenticate(db.session(), username=again, password=PASSWORD).username == "Åsa.Öberg"
    assert count(StaffAccount) == 1
