"""What is shipped for operators is true: it logs no address, names settings there are and runs commands there are."""

import configparser
import json
import re
import shlex
from pathlib import Path

import pytest

from citizen_portal.cli import cli
from citizen_portal.settings import VARIABLES
from citizen_portal.web.uploads import MAX_BODY_BYTES

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAM = "/opt/citizen-portal/bin/citizen-portal"
UNITS = ["citizen-portal.service", "citizen-portal-housekeeping.service"]
SETTING_FILES = ["compose/Containerfile", "compose/compose.yaml", "systemd/citizen-portal.env"]
SERVERS = 2  # one redirects from port 80
SOURCES = {"citizen_portal", "templates", "static", "translations", "requirements.lock", "pyproject.toml"}


def nginx_directives(name: str) -> list[str]:
    configuration = (DEPLOY / "nginx" / "citizen-portal.conf").read_text()
    return re.findall(rf"^\s*{name}\s+([^;]+);", configuration, re.MULTILINE)


def test_nginx_writes_no_access_log():
    assert nginx_directives("access_log") == ["off"] * SERVERS


def test_nginx_writes_only_errors_that_concern_no_visitor():
    assert [line.split()[-1] for line in nginx_directives("error_log")] == ["emerg"] * SERVERS


def test_nginx_collects_a_body_whole_and_in_memory_and_spools_no_answer_to_a_disk():
    assert nginx_directives("proxy_request_buffering") == ["on"]
    assert [path.split("/")[1:3] for path in nginx_directives("client_body_temp_path")] == [["dev", "shm"]]
    assert nginx_directives("proxy_max_temp_file_size") == ["0"]


def test_nginx_lets_through_as_much_as_the_portal_takes():
    assert nginx_directives("client_max_body_size") == [f"{MAX_BODY_BYTES // 2**20}m"]


@pytest.mark.parametrize("unit", UNITS)
def test_the_services_keep_their_data_from_other_users(unit):
    service = configparser.ConfigParser(strict=False)
    service.optionxform = str
    service.read(DEPLOY / "systemd" / unit)
    assert service["Service"]["UMask"] == "0077"
    assert service["Service"]["StateDirectoryMode"] == "0700"


HARDENED = re.compile(r"^((?:Protect|Private|Restrict|NoNew|SystemCall)\w+=.+)$", re.MULTILINE)


def test_the_night_is_hardened_as_the_portal_is():
    portal, night = (HARDENED.findall((DEPLOY / "systemd" / unit).read_text()) for unit in UNITS)
    assert len(portal) >= 9
    assert night == portal


def test_the_container_s_night_has_room_for_the_database_on_the_disk_and_not_in_memory():
    container = (DEPLOY / "compose" / "Containerfile").read_text()
    assert re.search(r"^ENV SQLITE_TMPDIR=(\S+)$", container, re.MULTILINE)[1] in re.findall(
        r"^VOLUME (\S+)$", container, re.MULTILINE
    )


def test_the_portal_and_the_night_read_the_same_settings():
    texts = [(DEPLOY / "systemd" / unit).read_text() for unit in UNITS]
    assert [re.findall(r"^(Environment\w*=.*)$", text, re.MULTILINE) for text in texts] == [
        ["EnvironmentFile=/etc/citizen-portal.env"]
    ] * 2


def test_the_container_s_night_comes_by_itself():
    compose = (DEPLOY / "compose" / "compose.yaml").read_text()
    assert re.search(r'night:\n    <<: \*portal\n    command: \["housekeeping", "--every-night"\]', compose)


def settings_named_in(text: str) -> set[str]:
    """Names that look like settings, set or only shown, less those of other programs."""
    return set(re.findall(r"\b(?:PORTAL_[A-Z_]+|HOST|PORT)(?=[:=])", text))


@pytest.mark.parametrize("file", SETTING_FILES)
def test_every_setting_that_is_named_exists(file):
    named = settings_named_in((DEPLOY / file).read_text())
    assert named
    assert named <= set(VARIABLES.values())


def shipped_commands() -> dict[str, list[str]]:
    """Every command of the console script that a shipped file runs or tells people to run, by where it stands."""
    compose, container = ((DEPLOY / "compose" / name).read_text() for name in ("compose.yaml", "Containerfile"))
    found = {f"service {line}": json.loads(line) for line in re.findall(r"^    command: (.+)$", compose, re.MULTILINE)}
    found |= {f"hint {line}": line.split() for line in re.findall(r"run --rm portal ([a-z ]+)", compose)}
    found |= {f"image {line}": json.loads(line) for line in re.findall(r"^CMD (.+)$", container, re.MULTILINE)}
    for unit in UNITS:
        for line in re.findall(r"^ExecStart(?:Pre)?=(.+)$", (DEPLOY / "systemd" / unit).read_text(), re.MULTILINE):
            program, *words = shlex.split(line)
            assert program == PROGRAM
            found[f"unit {line}"] = words
    return found


@pytest.mark.parametrize("words", shipped_commands().values(), ids=shipped_commands())
def test_every_command_that_is_run_exists(app, words):
    assert app.test_cli_runner().invoke(cli, [*words, "--help"]).exit_code == 0


def test_the_image_copies_what_the_wheel_is_built_from_and_runs_the_program_as_nobody_special():
    container = (DEPLOY / "compose" / "Containerfile").read_text()
    copied = set(" ".join(re.findall(r"^COPY (?!--from)(.+) \S+$", container, re.MULTILINE)).split())
    assert all((DEPLOY.parent / name).exists() for name in copied)
    assert copied >= SOURCES
    assert f'ENTRYPOINT ["{PROGRAM}"]' in container
    assert re.findall(r"^USER (\S+)$", container, re.MULTILINE) == ["citizen-portal"]


def test_only_the_machine_itself_reaches_the_container():
    compose = (DEPLOY / "compose" / "compose.yaml").read_text()
    assert re.findall(r'^\s+- "([\d.:]+)"$', compose, re.MULTILINE) == ["127.0.0.1:8000:8000"]
