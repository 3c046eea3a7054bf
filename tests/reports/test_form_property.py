"""Whatever is posted: one new report and 200, or none and 422. Never anything else, on either database."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.steps import REPORT, count

SOUND = {
    "theme": ["drugs", "poor_light"],
    "place": ["vasby_centrum", ""],
    "place_text": ["torget", ""],
    "latitude": ["59.5184", "", "nan"],
    "longitude": ["17.9113", "", "1e999"],
    "map.x": ["0", "140", "-1"],
    "map.y": ["0", "200"],
    "precision": ["exact", "street", "area", ""],
    "happened": ["now", "2026-01-31", "2026-W01-1", "20260131T12:00", "0001-01-01"],
    "light": ["dark", "", " "],
    "unsafe": ["1", "4", "", "٣"],
    "reasons": ["too_dark", "no_view"],
    "description": ["Här.", "=1+1", "\r\n\t", "<script>"],
    "website": ["", "https://spam.example"],
    "submission_key": ["", "k"],
    "photos": ["no file"],
}
KINDS = ["multipart/form-data; boundary=B", "application/x-www-form-urlencoded"]
ANY_TEXT = some.text(max_size=40)
ANY_VALUE = {
    name: some.lists(some.one_of(some.sampled_from(values), ANY_TEXT), max_size=3) for name, values in SOUND.items()
}
ANY_FORM = some.one_of(
    some.fixed_dictionaries({}, optional=ANY_VALUE),
    some.fixed_dictionaries({}, optional=ANY_VALUE).map(lambda form: {**form, **REPORT}),
    some.dictionaries(ANY_TEXT, ANY_TEXT, max_size=4),
)
UNHURRIED = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@UNHURRIED
@given(form=ANY_FORM, kind=some.sampled_from(["multipart/form-data", "application/x-www-form-urlencoded"]))
def test_any_posted_form_is_stored_once_or_refused_whole(either_app, form, kind):
    before = count()
    # A new address each time, or the throttle would set the later ones aside.
    form = {name: value for name, value in form.items() if name} | {"nonce": str(before)}
    answer = either_app.test_client(use_cookies=False).post("/sv/report", data=form, content_type=kind)
    repeated = answer.status_code == 200 and count() == before
    assert (answer.status_code, count() - before) in {(200, 1), (422, 0)} or repeated


@UNHURRIED
@given(body=some.binary(max_size=200), kind=some.sampled_from(KINDS))
def test_any_bytes_at_all_are_refused_with_a_page(client, body, kind):
    assert client.post("/sv/report", data=body, content_type=kind).status_code in {400, 422}
    assert count() == 0
