"""The rules of the house that can be read off its words."""

import re
import subprocess
import sys
from pathlib import Path

from citizen_portal.settings import VARIABLES
from tests.architecture.tree import CHECKOUT, PORTAL, files, name_of

TOP_LEVEL = [
    *("citizen_portal", "templates", "static", "translations", "tests", "benchmarks", "deploy", "docs"),
    *("pyproject.toml", "requirements.lock", "requirements-test.lock", "Makefile", ".ci/run"),
    *("README.md", "LICENSE", "publiccode.yml", "CHANGELOG.md", "SECURITY.md"),
]
DOCUMENTS = [
    *("decisions.md", "threat-model.md", "operations.md", "glossary.md", "statistics.md"),
    *("reports-csv.md", "survey-export.md"),
]
SIDES = r"(?:left|right|top|bottom)"
PHYSICAL_CSS = re.compile(
    rf"""(?:margin|padding|inset|scroll-margin|scroll-padding)-{SIDES}\b
    |border-(?:{SIDES}|(?:top|bottom)-(?:left|right))\b
    |(?<![-\w(]){SIDES}\s*:
    |(?<![-\w(])(?:min-|max-)?(?:width|height)\s*:
    |(?:text-align|float|clear)\s*:\s*(?:left|right)\b""",
    re.VERBOSE,
)
TODAY = re.compile(r"\b(?:date\.today|datetime\.(?:now|utcnow|today)|time\.time|time\.localtime)\(")
# Written in two parts, or this file would name them.
REGISTRIES = [name + ".org" for name in ("pypi", "test.pypi")] + [
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
]


def lines_with(pattern, *globs, under=CHECKOUT):
    """Where a pattern occurs, as file:line."""
    return [
        f"{name_of(path)}:{number}"
        for path in files(*globs, under=under)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]


def files_with(*arguments, **named):
    return {place.rpartition(":")[0] for place in lines_with(*arguments, **named)}


def test_rooms_import_only_from_floors_below():
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert " 0 broken" in ran.stdout


def test_only_the_unit_of_work_commits():
    # Alembic commits its own migrations, from the command line and never from a page.
    migrations = "citizen_portal/storage/migrations/env.py"
    assert files_with(r"commit\(", "*.py", under=PORTAL) - {migrations} == {"citizen_portal/storage/unit_of_work.py"}


def test_only_the_edge_looks_at_the_clock():
    assert files_with(TODAY, "*.py", under=PORTAL) <= {"citizen_portal/web/clock.py"}


def test_no_style_names_a_side_that_a_right_to_left_page_would_mirror():
    assert lines_with(PHYSICAL_CSS, "*.css", under=CHECKOUT / "static") == []
    for physical in (
        "margin-left: 1px",
        "  left: 0",
        "text-align:right",
        "border-top-left-radius: 1px",
        "max-width: 9rem",
    ):
        assert PHYSICAL_CSS.search(physical), f"the search knows {physical}"
    for logical in (
        "@media (max-width: 45rem) {",
        "margin-inline-start: 1rem",
        "text-align: start",
        "max-inline-size: 9rem",
    ):
        assert not PHYSICAL_CSS.search(logical), f"the search lets {logical} pass"


def test_no_template_puts_words_of_strangers_into_the_page_as_markup():
    assert lines_with(r"\|\s*safe\b|autoescape\s+false", "*.html", under=CHECKOUT / "templates") == []
    # One holds what the Markdown renderer escaped, the other what a template did.
    vouched = {"citizen_portal/pages/routes.py", "citizen_portal/surveys/resident.py"}
    assert files_with(r"\bMarkup\(", "*.py", under=PORTAL) <= vouched


def test_no_template_holds_a_script_or_a_style_of_its_own():
    inside = r"<style\b|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:"
    assert lines_with(inside, "*.html", under=CHECKOUT / "templates") == []


def test_only_the_script_that_is_asked_to_keeps_anything_on_the_phone():
    assert lines_with(r"sessionStorage|indexedDB|document\.cookie|serviceWorker", "*.js") == []
    assert files_with(r"localStorage", "*.js") == {"static/js/modules/keep.js"}


def test_every_setting_is_documented_for_the_operator():
    manual = (CHECKOUT / "docs" / "operations.md").read_text("utf-8")
    assert [name for name in VARIABLES.values() if not re.search(rf"`{name}\b", manual)] == []
    mentioned = set(re.findall(r"\bPORTAL_[A-Z_]+\b", manual))
    assert mentioned <= set(VARIABLES.values()), "no setting is documented that does not exist"


def test_the_top_level_holds_what_the_plan_names():
    assert [name for name in TOP_LEVEL if not (CHECKOUT / name).exists()] == []
    assert [name for name in DOCUMENTS if not (CHECKOUT / "docs" / name).exists()] == []


def test_the_code_names_no_municipality():
    names = r"(?i)upplands|v[äa]sby"
    # The one line that says which municipality's data is bundled.
    code = files_with(names, "*.py", under=PORTAL) | files_with(
        names, "*.html", "*.css", "*.js", under=CHECKOUT / "templates"
    )
    assert code <= {"citizen_portal/municipality/__init__.py"}


def test_nothing_names_the_address_of_a_package_registry():
    everything = (
        "*.py",
        "*.md",
        "*.toml",
        "*.lock",
        "*.txt",
        "*.sh",
        "*.yml",
        "*.cfg",
        "*.html",
        "*.js",
        "Makefile",
        "run",
    )
    pattern = "|".join(re.escape(name) for name in REGISTRIES)
    assert lines_with(pattern, *everything) == []


def test_every_locked_requirement_is_pinned_by_hash_and_comes_from_no_fixed_address():
    locks = list(files("requirements*.lock"))
    assert len(locks) >= 2
    for lock in locks:
        text = lock.read_text("utf-8").replace("\\\n", " ")
        requirements = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        assert requirements
        for line in requirements:
            assert re.match(r"[a-z0-9._\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), f"{lock.name}: {line[:60]}"
        assert "://" not in text
