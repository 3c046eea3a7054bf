"""The base of forms: fields are copied from a pattern, and nothing of one visitor's form reaches another's."""

from werkzeug.datastructures import MultiDict

from citizen_portal.web.forms import PlainText, PortalForm, required

KIM = MultiDict({"name": "Kim"})


class Name(PortalForm):
    """A form of one field."""

    name = PlainText("Your name", validators=[required("Write a name.")])


class OtherName(PortalForm):
    """A form with a field of the same name."""

    name = PlainText("Another name")


def test_two_forms_of_a_class_share_no_data_and_no_errors():
    empty, filled = Name(MultiDict()), Name(KIM)
    assert (empty.validate(), filled.validate()) == (False, True)
    assert (empty.name.data, filled.name.data) == ("", "Kim")
    assert (empty.name.errors, filled.name.errors) == (["Write a name."], [])


def test_a_copied_field_is_the_field_the_library_makes():
    field = Name(KIM).name
    made = Name.name.bind(form=None, name="name", _meta=field.meta)
    made.process(KIM)
    assert (field(), field.label(), vars(field).keys()) == (made(), made.label(), vars(made).keys())
    assert field.flags.required


def test_forms_with_fields_of_the_same_name_keep_their_own():
    assert (Name().name.label.text, OtherName().name.label.text) == ("Your name", "Another name")


def test_the_same_form_under_two_prefixes_reads_fields_of_two_names():
    posted = MultiDict({"his-name": "Kim", "her-name": "Robin"})
    assert [Name(posted, prefix=prefix).name.data for prefix in ("his", "her")] == ["Kim", "Robin"]


def test_what_outlives_a_form_holds_nothing_of_it():
    Name(KIM)
    pattern = Name._patterns["name"]
    assert pattern._form is None
    assert "Kim" not in str(vars(pattern))
