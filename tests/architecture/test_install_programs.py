"""The script that fetches the programs the tests drive: leaves a machine alone that has them, says what is missing."""

import os
import shutil
import subprocess

import pytest

from tests.architecture.tree import CHECKOUT

SCRIPT = CHECKOUT / "tests" / "install-programs.sh"


@pytest.fixture
def machine(tmp_path):
    """A machine with only the programs a test puts there; each writes down how it was called."""
    calls = tmp_path / "calls"
    calls.touch()

    def run(*programs, user="0", **environ):
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in programs:
            (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {calls}\n')
            (folder / name).chmod(0o755)
        (folder / "id").write_text(f"#!/bin/sh\necho {user}\n")
        (folder / "id").chmod(0o755)
        environ = {"PATH": str(folder), "NGINX": "", "PGBOUNCER": "", **environ}
        ran = subprocess.run([shutil.which("sh"), SCRIPT], env=environ, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stderr, calls.read_text().splitlines()

    return run


@pytest.mark.parametrize("chromium", ["chromium", "chromium-browser", "google-chrome"])
@pytest.mark.parametrize("firefox", ["firefox-esr", "firefox"])
def test_a_machine_with_every_program_is_left_alone(machine, chromium, firefox):
    assert machine(chromium, firefox, "nginx", "pgbouncer", "pspp", "apt-get") == (0, "", [])


def test_chromium_and_nginx_can_be_named(machine):
    there = shutil.which("true")
    assert machine("firefox", "pspp", "apt-get", CHROMIUM=there, NGINX=there, PGBOUNCER=there) == (0, "", [])


@pytest.mark.parametrize(
    ("there", "packages"),
    [
        ((), "chromium fonts-noto-core firefox-esr nginx-light pgbouncer pspp"),
        (("pspp", "pgbouncer", "nginx", "firefox"), "chromium fonts-noto-core"),
        (("chromium", "firefox-esr", "nginx", "pgbouncer"), "pspp"),
        (("chromium", "pspp"), "firefox-esr nginx-light pgbouncer"),
    ],
)
def test_root_installs_what_is_missing_arabic_letters_included(machine, there, packages):
    code, _errors, calls = machine("apt-get", *there)
    assert code == 0
    assert calls[-1] == f"apt-get install -q -y --no-install-recommends {packages}"


def test_others_ask_for_the_right_to_install(machine):
    assert machine("apt-get", "sudo", user="1000")[2][-1].startswith("sudo apt-get install")


@pytest.mark.parametrize(("programs", "user"), [((), "0"), (("apt-get",), "1000")])
def test_a_machine_that_cannot_install_one_gets_a_sentence_to_act_on(machine, programs, user):
    code, errors, calls = machine(*programs, user=user)
    assert (code, calls) == (1, [])
    assert "need Chromium, Firefox, nginx, PgBouncer and PSPP" in errors
    assert len(errors.splitlines()) == 1


def test_the_script_can_be_run(tmp_path):
    assert os.access(SCRIPT, os.X_OK)
