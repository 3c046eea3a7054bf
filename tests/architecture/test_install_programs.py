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
        environ = {"PATH": str(folder), "NGINX": "not here either", **environ}
        ran = subprocess.run([shutil.which("sh"), SCRIPT], env=environ, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stderr, calls.read_text().splitlines()

    return run


@pytest.mark.parametrize("browser", ["chromium", "chromium-browser", "google-chrome"])
def test_a_machine_with_a_browser_pspp_and_nginx_is_left_alone(machine, browser):
    assert machine(browser, "pspp", "nginx", "apt-get") == (0, "", [])


def test_a_browser_can_be_named(machine, tmp_path):
    assert machine("pspp", "nginx", "apt-get", CHROMIUM=shutil.which("true")) == (0, "", [])


@pytest.mark.parametrize(
    ("there", "packages"),
    [
        ((), "chromium fonts-noto-core pspp nginx-light"),
        (("pspp", "nginx"), "chromium fonts-noto-core"),
        (("chromium", "nginx"), "pspp"),
        (("chromium", "pspp"), "nginx-light"),
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
    assert "need Chromium, PSPP and nginx" in errors
    assert len(errors.splitlines()) == 1


def test_the_script_can_be_run(tmp_path):
    assert os.access(SCRIPT, os.X_OK)
