"""Settings: one frozen object from the environment, and nothing unknown or unsafe gets into it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from secrets import token_hex, token_urlsafe

import pytest

from citizen_portal.settings import VARIABLES, Settings, SettingsError, read_or_create_secrets

BAD = [
    {"PORTAL_DATABSE_URL": "sqlite:///x"},
    {"PORTAL_": "x"},
    {"PORT": "0"},
    {"PORT": "65536"},
    {"PORT": "-1"},
    {"PORT": "٨٠"},
    {"PORT": "8000.0"},
    {"PORTAL_DEMO": "yes"},
    {"PORTAL_TRUSTED_PROXIES": "11"},
    {"PORTAL_WORKERS": "0"},
    {"PORTAL_THREADS": "999"},
    {"PORTAL_DATABASE_URL": "mysql://x"},
    {"PORTAL_DATABASE_URL": "postgresql://x"},
    {"PORTAL_REDIS_URL": "memcached://cache"},
    {"PORTAL_REDIS_URL": "redis://cache:six"},
    {"PORTAL_PUBLIC_URL": "tryggt.example.se"},
    {"PORTAL_PUBLIC_URL": "ftp://tryggt.example.se"},
    {"PORTAL_PUBLIC_URL": "https://tryggt.example.se/portal"},
    {"PORTAL_PUBLIC_URL": "https://[oops"},
]


def test_without_any_variable_the_portal_serves_itself_on_this_machine_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({})
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, True)
    assert settings.data_dir == tmp_path / "instance"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/portal.sqlite3"
    assert settings.secret_key_file == tmp_path / "instance" / "secret.key"
    assert not settings.serves_https


@pytest.mark.parametrize("environ", BAD, ids=str)
def test_what_is_unknown_or_malformed_is_refused_by_name(environ):
    with pytest.raises(SettingsError, match=next(iter(environ))):
        Settings.from_environment(environ)


def test_an_empty_variable_is_one_that_is_not_set():
    empty = dict.fromkeys(VARIABLES.values(), "")
    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_other_programs_variables_are_none_of_our_business():
    assert Settings.from_environment({"PATH": "/bin", "PGHOST": "x", "XPORTAL_Y": "z"})


def test_every_setting_has_a_variable_and_is_described():
    settings = Settings.from_environment({})
    assert set(VARIABLES) == {field.name for field in fields(Settings)}
    assert [name for name, _value in settings.described()] == list(VARIABLES.values())


def test_a_password_in_an_address_is_never_described():
    secret = {
        "PORTAL_DATABASE_URL": "postgresql+psycopg://portal:hidden@db/portal",
        "PORTAL_REDIS_URL": "redis://:hidden@cache:6379/0",
    }
    described = dict(Settings.from_environment(secret).described())
    assert described["PORTAL_DATABASE_URL"] == "postgresql+psycopg://portal:***@db/portal"
    assert "hidden" not in str(described)


def test_settings_cannot_be_changed_once_read():
    with pytest.raises(FrozenInstanceError):
        Settings.from_environment({}).port = 1


def test_a_public_address_decides_whether_residents_come_by_https():
    assert Settings.from_environment({"PORTAL_PUBLIC_URL": "https://tryggt.example.se/"}).serves_https
    assert not Settings.from_environment({"PORTAL_PUBLIC_URL": "http://tryggt.example.se"}).serves_https


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "keys" / "secret.key"
    secret = read_or_create_secrets(path)
    assert read_or_create_secrets(path) == secret
    assert [len(each) for each in secret] == [64]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_portals_never_share_a_secret(tmp_path):
    assert read_or_create_secrets(tmp_path / "a") != read_or_create_secrets(tmp_path / "b")


def test_workers_that_start_at_once_get_the_same_whole_secret(tmp_path):
    for number in range(20):
        with ThreadPoolExecutor(8) as threads:
            secrets = set(threads.map(read_or_create_secrets, [tmp_path / f"{number}.key"] * 8))
        assert len(secrets) == 1
    assert len(list(tmp_path.iterdir())) == 20


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_secret_that_others_can_read_is_refused(tmp_path, mode):
    path = tmp_path / "secret.key"
    path.write_text("x" * 64)
    path.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_or_create_secrets(path)


WEAK = {
    "nothing": "",
    "short": "short",
    "blank": " " * 64,
    "one sign": "x" * 64,
    "a few signs": "abab1212" * 8,
    "a word again and again": "trygghet-2026-" * 5,
    "well known": "change-me-" + "8f3k2m9x7q1z" * 3,
    "a row of the alphabet": "".join(map(chr, range(40, 90))),
    "three lines": "\n".join([token_hex(32)] * 3),
    "a weak one from before": token_hex(32) + "\n" + "x" * 64,
}


@pytest.mark.parametrize("content", WEAK.values(), ids=WEAK)
def test_a_secret_that_is_none_is_refused(tmp_path, content):
    path = tmp_path / "secret.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match=r"no secret|more than 2 lines"):
        read_or_create_secrets(path)


@pytest.mark.parametrize("draw", [lambda: token_hex(16), lambda: token_hex(32), lambda: token_urlsafe(32)])
def test_no_secret_that_was_drawn_at_random_is_refused(tmp_path, draw):
    path = tmp_path / "secret.key"
    path.touch(0o600)
    for _each in range(300):
        lines = draw(), draw()
        path.write_text("\n".join(lines))
        assert read_or_create_secrets(path) == tuple(line.encode() for line in lines)
