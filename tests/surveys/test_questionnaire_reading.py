"""A questionnaire with a mistake is refused by file, key and reason; a code never changes what it stands for."""

import pytest

from citizen_portal.municipality import MunicipalityError, load_municipality
from citizen_portal.surveys.changed_meaning import what_changed
from citizen_portal.surveys.reading import questionnaire_of_document, questionnaires_of

FILE = "questionnaires/kinds.toml"
OTHER = "questionnaires/later.toml"
ASKED_ONLY_IF_TOLD = '[[section.question.ask_if]]\nquestion = "told"\nany_of = ["yes"]\n'
UNREACHABLE = """
[[section.question]]
code = "never"
kind = "text"
most_characters = 9
wording.sv = "Aldrig?"
wording.en = "Never?"

[[section.question.ask_if]]
question = "{one}"
any_of = {first}

[[section.question.ask_if]]
question = "{other}"
any_of = {second}

[[section]]
code = "you"
"""


def edit(folder, old, new, file=FILE):
    """Replace the first occurrence; a test whose old text is gone would otherwise test nothing."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read(folder):
    return questionnaires_of(load_municipality(folder))


def refusal(folder) -> MunicipalityError:
    with pytest.raises(MunicipalityError) as caught:
        read(folder)
    return caught.value


def test_all_that_is_wrong_is_told_at_once_and_nothing_that_only_follows_from_it(folder):
    edit(folder, 'code = "mopeds"', 'code = "Mopeds"')  # a choice of a list
    edit(folder, 'code = "told"', 'code = "Told"')  # a question that others depend on
    edit(folder, 'title.en = "Invented questionnaire"\n', "")
    error = refusal(folder)
    told = [each.key for each in (error, *error.others)]
    assert told == ["list[3].choice[1].code", "section[2].question[1].code", "title.en"]


MISTAKES = [
    # text that is there, text put in its place, key named, word of the reason
    ('code = "kinds"', 'code = "Kinds"', "code", "a-z"),
    ("version = 1", "version = 0", "version", "from 1"),
    ("version = 1", 'version = 1\nlanguages = ["sv"]', "languages", "those of the municipality"),
    ('title.en = "Invented questionnaire"\n', "", "title.en", "missing"),
    ('title.en = "Invented', 'title.fi = "Keksitty"\ntitle.en = "Invented', "title.fi", "not a key"),
    ('label.en = "Mopeds"\n', "", "list[3].choice[1].label.en", "missing"),
    ('label.en = "Mopeds"', 'label.en = ""', "list[3].choice[1].label.en", "empty"),
    ('code = "voices"', 'code = "mopeds"', "list[3].choice[2].code", "twice"),
    ('[[list]]\ncode = "noises"', '[[list]]\ncode = "yes_no"', "list[3].code", "twice"),
    ('[[list]]\ncode = "noises"', '[[list]]\ncode = "areas"', "list[3].code", "own list"),
    ('choices = "noises"', 'choices = "sexes"', "section[1].question[3].ask_if[1].any_of", "no choice of"),
    ('choices = "sexes"', 'choices = "ages"', "list", "'sexes' is taken by no question"),
    ('choices = "noises"', 'choices = "sounds"', "section[1].question[2].choices", "no list"),
    ('code = "telling"', 'code = "outside"', "section[2].code", "twice"),
    ('code = "telling"', 'code = "noises"', "section[2].code", "twice"),
    ('code = "telling"', 'code = "2nd"', "section[2].code", "begin with a letter"),
    ('code = "noisy_place"', 'code = "calm"', "section[1].question[3].code", "twice"),
    ('code = "noisy_place"', 'code = "_place"', "section[1].question[3].code", "begin with a letter"),
    ('code = "more"', 'code = "website"', "section[3].question[4].code", "another field"),
    ('code = "more"', 'code = "submission_key"', "section[3].question[4].code", "another field"),
    ('code = "more"', 'code = "code"', "section[3].question[4].code", "another field"),
    ('kind = "scale"', 'kind = "matrix"', "section[1].question[1].kind", "not one of"),
    ('kind = "scale"', 'kind = "number"', "section[1].question[1].lowest", "missing"),
    ('kind = "text"', 'kind = "one"', "section[3].question[4].choices", "missing"),
    ('choices = "how_calm"', 'choices = "scarce"', "section[1].question[1].choices", "two steps"),
    ('choices = "places"', 'choices = "yes_no"', "section[1].question[3].choices", "'places'"),
    ('choices = "areas"', 'choices = "yes_no"', "section[3].question[3].choices", "'areas'"),
    ('about = "sex"', 'about = "income"', "section[3].question[2].about", "not one of"),
    ('about = "sex"', 'about = "age"', "section[3].question[2].about", "already"),
    ('about = "sex"\n', "", "section[3].question[2].about", "missing"),
    ("highest = 99", "highest = 1", "section[2].question[2].highest", "more than 1"),
    ("lowest = 1", "lowest = -1", "section[2].question[2].lowest", "from 0"),
    ("most_characters = 200", "most_characters = 0", "section[3].question[4].most_characters", "from 1"),
    ("goal = 2", "goal = 4", "section[2].question[1].goal", "1 to 3"),
    ('indicators = ["calm"]', 'indicators = ["calm", "calm"]', "section[1].question[1].indicators", "twice"),
    ('indicators = ["calm"]', 'indicators = ["Not calm"]', "section[1].question[1].indicators", "a-z"),
    ("sensitive = true", 'sensitive = "yes"', "section[2].question[1].sensitive", "true or false"),
    ("sensitive = true", "secret = true", "section[2].question[1].secret", "not a key"),
    ('question = "calm"', 'question = "clam"', "section[1].question[2].ask_if[1].question", "'clam'"),
    ('question = "calm"', 'question = "told"', "section[1].question[2].ask_if[1].question", "before this one"),
    ('question = "noises"', 'question = "noisy_place"', "section[1].question[3].ask_if[1].question", "before this one"),
    ('any_of = ["yes"]', 'any_of = ["maybe"]', "section[2].question[2].ask_if[2].any_of", "no choice of"),
    ('any_of = ["yes"]', "any_of = []", "section[2].question[2].ask_if[2].any_of", "at least one"),
    ('any_of = ["yes"]', 'any_of = ["yes", "yes"]', "section[2].question[2].ask_if[2].any_of", "twice"),
    (ASKED_ONLY_IF_TOLD, ASKED_ONLY_IF_TOLD * 2, "section[2].question[2].ask_if", "asked about twice"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "why"), MISTAKES)
def test_a_mistake_is_refused_by_file_key_and_reason(folder, old, new, key, why):
    if "scarce" in new:  # a list whose answers are all none but one
        edit(folder, "[[list]]", '[[list]]\ncode = "scarce"\n\n[[list.choice]]\ncode = "calm"\nlabel.sv = "Lugnt"\n'
             'label.en = "Calm"\n\n[[list.choice]]\ncode = "dont_know"\nmissing = true\nlabel.sv = "Vet inte"\n'
             'label.en = "Don\'t know"\n\n[[list]]')  # fmt: skip
    edit(folder, old, new)
    error = refusal(folder)
    assert (error.file, error.key) == (FILE, key)
    assert why in error.reason
    assert str(error) == f"{FILE}: {key}: {error.reason}"
    # A list that has no code of its own is missing to the question that takes it.
    assert error.others == () or key == "list[3].code"


def test_the_copy_that_the_tests_break_is_whole_to_begin_with(folder, invented):
    [questionnaire] = read(folder)
    assert questionnaire.digest == invented.digest


def test_a_municipality_may_have_no_questionnaire(folder):
    (folder / FILE).unlink()
    assert read(folder) == ()


def test_a_number_has_no_choices_to_depend_on(folder):
    old = "How old are you?"
    edit(folder, f'{old}"\n', f'{old}"\n\n[[section.question.ask_if]]\nquestion = "times_told"\nany_of = ["1"]\n')
    error = refusal(folder)
    assert error.key == "section[3].question[1].ask_if[1].question"
    assert error.reason == "'times_told' has no choices to depend on"


@pytest.mark.parametrize(
    ("one", "first", "other", "second"),
    [
        ("calm", '["very_calm"]', "noises", '["mopeds"]'),  # noises are asked about only where it is noisy
        ("calm", '["dont_know"]', "noisy_place", '["torget"]'),  # and their place only after them
        ("noises", '["none"]', "noisy_place", '["torget"]'),  # an answer that stands alone has no noise beside it
    ],
)
def test_a_question_that_no_answers_lead_to_is_refused(folder, one, first, other, second):
    added = UNREACHABLE.format(one=one, first=first, other=other, second=second)
    edit(folder, '\n[[section]]\ncode = "you"\n', added)
    error = refusal(folder)
    assert (error.file, error.key) == (FILE, "section[2].question[3].ask_if")
    assert "'never' can never be asked" in error.reason


def test_two_choices_of_one_answer_of_several_may_both_be_needed(folder):
    added = UNREACHABLE.format(one="noises", first='["mopeds"]', other="noisy_place", second='["torget"]')
    edit(folder, '["mopeds", "voices"]', '["voices"]')
    edit(folder, '\n[[section]]\ncode = "you"\n', added)
    assert "never" in read(folder)[0].by_code


# A later version beside the first. What it changes makes another question of an old code, or does not.


@pytest.fixture
def later(folder):
    text = (folder / FILE).read_text(encoding="utf-8").replace("version = 1", "version = 2")
    (folder / OTHER).write_text(text, encoding="utf-8")
    return folder


CHANGED_MEANING = [
    ("Hur lugnt är det utomhus", "Hur tyst är det utomhus", 1, 1, "wording"),
    ('label.sv = "Mycket lugnt"', 'label.sv = "Jättelugnt"', 1, 1, "choices"),
    ('code = "very_calm"', 'code = "calmest"', 1, 1, "choices"),
    ("missing = true", "missing = false", 1, 1, "choices"),
    ("alone = true", "alone = false", 1, 2, "choices"),
    ('kind = "scale"', 'kind = "one"', 1, 1, "kind"),
    ("highest = 99", "highest = 98", 2, 2, "limits"),
    (f"\n{ASKED_ONLY_IF_TOLD}", "", 2, 2, "conditions"),
    ('any_of = ["mopeds", "voices"]', 'any_of = ["mopeds"]', 1, 3, "conditions"),
    ('[[list.choice]]\ncode = "yes"\nlabel.sv = "Ja"\nlabel.en = "Yes"\n\n[[list.choice]]\ncode = "no"\n'
     'label.sv = "Nej"\nlabel.en = "No"\n',
     '[[list.choice]]\ncode = "no"\nlabel.sv = "Nej"\nlabel.en = "No"\n\n[[list.choice]]\ncode = "yes"\n'
     'label.sv = "Ja"\nlabel.en = "Yes"\n', 2, 1, "choices"),
    ('[[list.choice]]\ncode = "voices"\nlabel.sv = "Höga röster"\nlabel.en = "Loud voices"\n', "", 1, 2, "choices"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "section", "question", "changed"), CHANGED_MEANING)
def test_a_code_that_stood_for_something_else_is_refused(later, old, new, section, question, changed):
    if 'label.en = "Loud voices"\n' in old:
        edit(later, '["mopeds", "voices"]', '["mopeds"]')
        edit(later, '["mopeds", "voices"]', '["mopeds"]', OTHER)
    edit(later, old, new, OTHER)
    error = refusal(later)
    assert (error.file, error.key) == (OTHER, f"section[{section}].question[{question}].code")
    assert f"has other {changed} than in 'kinds' version 1" in error.reason
    assert "new code" in error.reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Think of an ordinary evening.", "Think of most evenings."),
        ("How calm is it outdoors", "How quiet is it outdoors"),  # a translation
        ("goal = 1", "goal = 2"),
        ('indicators = ["calm"]', 'indicators = ["quiet"]'),
        ("sensitive = true", "sensitive = false"),
        ("Two questions about telling.", "Two more questions."),
        ("most_characters = 200", "most_characters = 300"),
        ('any_of = ["fairly_noisy", "very_noisy"]', 'any_of = ["very_noisy", "fairly_noisy"]'),
        ('code = "how_calm"', 'code = "calmness"'),
    ],
)
def test_what_does_not_change_the_question_may_change_under_its_code(later, old, new):
    edit(later, old, new, OTHER)
    if "calmness" in new:
        edit(later, 'choices = "how_calm"', 'choices = "calmness"', OTHER)
    first, second = read(later)
    assert first.digest != second.digest


def test_a_language_that_only_one_of_two_has_is_no_change(invented):
    def in_swedish(value):
        if isinstance(value, dict):
            return {key: in_swedish(each) for key, each in value.items() if key != "en"}
        return [in_swedish(each) for each in value if each != "en"] if isinstance(value, list) else value

    swedish = questionnaire_of_document(in_swedish(invented.document))
    assert swedish.languages == ("sv",)
    for before, now in zip(invented.questions, swedish.questions, strict=True):
        assert (what_changed(before, now), what_changed(now, before)) == (None, None)


def test_two_files_cannot_be_the_same_version(later):
    edit(later, "version = 2", "version = 1", OTHER)
    error = refusal(later)
    assert (error.file, error.key) == (OTHER, "version")
    assert "exists already" in error.reason
