"""The catalogues hold every sentence of the portal, whole, in every language it offers."""

import re
import shlex
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from citizen_portal.municipality import bundled_folder, load_municipality
from citizen_portal.web.language import SOURCE_LANGUAGE, STAFF_LANGUAGES

CHECKOUT = Path(__file__).parents[2]
CATALOGUES = CHECKOUT / "translations"
LANGUAGES = [code for code in load_municipality(bundled_folder()).languages if code != SOURCE_LANGUAGE]
WANTED = [("resident", code) for code in LANGUAGES]
WANTED += [("staff", code) for code in STAFF_LANGUAGES if code != SOURCE_LANGUAGE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
STRAY_PERCENT = re.compile(r"%(?!\(\w+\)[sd]|%)")
MARKUP = re.compile(r"</?[a-zA-Z]|&\w+;|&#\d+;")


@pytest.fixture(scope="session")
def extracted(tmp_path_factory):
    """The messages of each domain, taken afresh from code and templates by the commands of the Makefile."""
    folder = tmp_path_factory.mktemp("extracted")
    recipe = (CHECKOUT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    commands = [line.strip() for line in recipe.splitlines() if "$(PYBABEL) extract" in line]
    domains = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(CHECKOUT)
        for command in commands:
            words = shlex.split(command.replace("$(PYBABEL)", "pybabel").lstrip("@"))
            (template,) = [word for word in words if word.endswith(".pot")]
            fresh = folder / Path(template).name
            CommandLineInterface().run([*(str(fresh) if word == template else word for word in words)])
            domains[fresh.stem] = _messages(fresh)
    return domains


def _messages(path):
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {_key(message): message for message in catalogue if message.id}


def _key(message):
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _forms(words):
    return [words] if isinstance(words, str) else list(words)


@pytest.fixture
def translated(domain, language):
    path = CATALOGUES / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return catalogue, {_key(message): message for message in catalogue if message.id}


@pytest.mark.parametrize(("domain", "language"), WANTED)
def test_every_sentence_is_translated_in_all_its_forms(extracted, translated, domain, language):
    catalogue, messages = translated
    missing = []
    for key, message in extracted[domain].items():
        found = messages.get(key)
        forms = _forms(found.string) if found else []
        expected = catalogue.num_plurals if message.pluralizable else 1
        if found is None or found.fuzzy or len(forms) != expected or not all(form.strip() for form in forms):
            missing.append(key[1])
    assert missing == []


@pytest.mark.parametrize(("domain", "language"), WANTED)
def test_every_translation_keeps_the_placeholders_and_adds_no_markup(extracted, translated, domain, language):
    _catalogue, messages = translated
    wrong = []
    for key in extracted[domain].keys() & messages.keys():
        message = messages[key]
        allowed = set(PLACEHOLDER.findall(" ".join(_forms(message.id))))
        forms = [set(PLACEHOLDER.findall(form)) for form in _forms(message.string)]
        # A form for exactly one or two may spell the number out; the general form, the last, may not.
        if forms[-1] != allowed or any(form - allowed for form in forms):
            wrong.append(key[1])
        if any(MARKUP.search(form) or (allowed and STRAY_PERCENT.search(form)) for form in _forms(message.string)):
            wrong.append(key[1])
    assert wrong == []


@pytest.mark.parametrize(("domain", "language"), WANTED)
def test_no_catalogue_keeps_sentences_the_portal_no_longer_says(extracted, translated, domain, language):
    _catalogue, messages = translated
    assert [key[1] for key in messages.keys() - extracted[domain].keys()] == []


@pytest.mark.parametrize(("domain", "language"), WANTED)
def test_the_compiled_catalogue_is_the_one_that_was_written(translated, domain, language):
    _catalogue, messages = translated
    with (CATALOGUES / language / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
        compiled = {_key(message): _forms(message.string) for message in read_mo(file) if message.id}
    assert compiled == {key: _forms(message.string) for key, message in messages.items() if message.string}


@pytest.mark.parametrize("domain", ["resident", "staff"])
def test_no_message_holds_markup(extracted, domain):
    assert len(extracted[domain]) > 40
    assert [text for _context, text in extracted[domain] if MARKUP.search(text)] == []


@pytest.mark.parametrize("domain", ["resident", "staff"])
def test_placeholders_have_names(extracted, domain):
    texts = [text for _context, text in extracted[domain] if PLACEHOLDER.search(text) or "%" in text]
    assert [text for text in texts if STRAY_PERCENT.search(text)] == []
