"""The wheel is the whole portal: built from the sources, installed in an empty environment, served from there."""

import json
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.server.posting import MINIMAL, ask

CHECKOUT = Path(__file__).parents[2]
SOURCES = ("citizen_portal", "static", "templates", "translations")
READ = {".py", ".html", ".css", ".js", ".svg", ".toml", ".md"}
SOURCE_FILES = ("LICENSE", "README.md", "hatch_build.py", "pyproject.toml", "requirements.lock", ".gitignore")
WHERE_THINGS_ARE = """
import json, citizen_portal
from citizen_portal import resources
from citizen_portal.municipality import bundled_folder
places = [resources.folder(name) for name in ("templates", "static", "translations")]
places += [citizen_portal.__file__, bundled_folder(), resources.PACKAGE / "storage" / "migrations" / "env.py"]
print(json.dumps([str(place) for place in places]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel made from a clean copy of the sources, so that nothing compiled earlier can slip in."""
    copy, built = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copytree(CHECKOUT / name, copy / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    for name in SOURCE_FILES:
        shutil.copy(CHECKOUT / name, copy / name)
    _pip(sys.executable, "wheel", str(copy), "--no-deps", "--no-build-isolation", "--wheel-dir", str(built))
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory, wheel):
    """The folder of programs of an environment that holds the wheel and what the lock file names, no more."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    _pip(python, "install", "--no-compile", "--require-hashes", "--requirement", str(CHECKOUT / "requirements.lock"))
    _pip(python, "install", "--no-deps", "--no-index", str(wheel))
    return folder / "bin"


def _pip(python, *arguments):
    command = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_wheel_holds_everything_the_portal_reads(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    read = [path for folder in SOURCES for path in (CHECKOUT / folder).rglob("*") if path.suffix in READ]
    relative = [path.relative_to(CHECKOUT) for path in read if "__pycache__" not in path.parts]
    expected = {path if path.parts[0] == "citizen_portal" else "citizen_portal" / path for path in relative}
    assert expected <= {Path(name) for name in names}
    compiled = {Path(name).with_suffix(".po") for name in names if name.endswith(".mo")}
    catalogues = {"citizen_portal" / path.relative_to(CHECKOUT) for path in CHECKOUT.glob("translations/*/*/*.po")}
    assert compiled == catalogues, "every catalogue is compiled"
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_the_installed_portal_reads_nothing_outside_its_environment(installed, tmp_path):
    asked = [installed / "python", "-I", "-c", WHERE_THINGS_ARE]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=tmp_path)
    for place in json.loads(answer.stdout):
        assert Path(place).is_relative_to(installed.parent), place


def test_the_installed_portal_makes_its_tables_and_takes_a_report(installed, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.conftest.CONSOLE_SCRIPT", installed / "citizen-portal")
    monkeypatch.chdir(tmp_path)
    server = Server(tmp_path / "served")
    try:
        server.run("db", "upgrade")
        page = ask(server.url + "/ar/").body.decode()
        assert 'dir="rtl"' in page
        assert "الإبلاغ عن مكان" in page, "the translations came along"
        style = re.search(r'href="(/static/portal\.\w+\.css)"', page)[1]
        assert ask(server.url + style).status == 200
        assert ask(server.url + "/sv/report", form=MINIMAL).receipt
        assert server.run("check").returncode == 0
    finally:
        server.stop()
