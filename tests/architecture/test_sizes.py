"""Ceilings and names: a room stays small enough to be read in one sitting, and is called what it is."""

import ast

import pytest

from tests.architecture.tree import CHECKOUT, PORTAL, files, name_of

CEILINGS = {"*.py": 300, "*.html": 150, "*.css": 250, "*.js": 120}
LONGEST_FUNCTION = 40
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}


@pytest.mark.parametrize(("pattern", "most"), CEILINGS.items())
def test_no_file_is_longer_than_its_ceiling(pattern, most):
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in files(pattern)}
    assert lengths, "there are files to look at"
    assert {name: lines for name, lines in lengths.items() if lines > most} == {}


def test_no_function_is_longer_than_its_ceiling():
    too_long = {}
    for path in files("*.py"):
        if "migrations" in path.parts:
            continue  # a migration is one list of columns, written once and never touched again
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long[f"{name_of(path)}: {node.name}"] = lines
    assert too_long == {}


def test_every_package_states_its_law_in_three_to_eight_lines():
    laws = {path: ast.get_docstring(ast.parse(path.read_text("utf-8"))) for path in files("__init__.py", under=PORTAL)}
    assert len(laws) >= 10
    # The topmost docstring is the map of the house, not a law.
    laws.pop(PORTAL / "__init__.py")
    lines = {name_of(path): len((law or "").splitlines()) for path, law in laws.items()}
    assert {name: count for name, count in lines.items() if not 3 <= count <= 8} == {}


def test_every_folder_with_code_is_a_package():
    folders = {path.parent for path in files("*.py", under=PORTAL)}
    without = {name_of(folder) for folder in folders if not (folder / "__init__.py").exists()}
    # Alembic reads its folder by path and wants no package.
    assert {name for name in without if "storage/migrations" not in name} == set()


def test_nothing_has_a_name_that_says_nothing():
    names = {
        name_of(path): {path.stem, *path.relative_to(CHECKOUT).parent.parts}
        for path in files("*.py", "*.html", "*.css", "*.js")
    }
    assert {name for name, parts in names.items() if parts & NAMES_THAT_SAY_NOTHING} == set()
