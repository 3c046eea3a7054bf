"""A walk through every page there is, stopping at each: for whatever must hold on all of them."""

from collections.abc import Iterator

from tests.browser.visitor import Visitor
from tests.conftest import PASSWORD

PLAIN_PAGES = {
    "start": "/",
    "report": "/report",
    "follow": "/follow",
    "surveys": "/survey",
    "survey": "/survey/open-to-all",
    "survey-ended": "/survey/ended",
    "survey-to-come": "/survey/to-come",
    "help": "/help",
    "results": "/results",
    "agreement": "/agreement",
    "privacy": "/about/privacy",
    "accessibility": "/about/accessibility",
    "cookies": "/about/cookies",
    "not-found": "/no-such-page",
}


def resident_tour(visitor: Visitor) -> Iterator[str]:
    """Open every resident page in turn; yields its name while it is open."""
    for name, path in PLAIN_PAGES.items():
        visitor.open(path)
        yield name
    yield from _results_tour(visitor)
    visitor.open("/report")
    visitor.page.evaluate("for (const fold of document.querySelectorAll('details.more')) fold.open = true")
    visitor.choose("happened", "now")
    visitor.tap_map(140, 150)
    yield "report-unfolded"
    visitor.send()
    visitor.find(".errors").wait_for()
    visitor.settle()
    yield "report-mistakes"
    code = visitor.report("A long unbroken word: " + "otrygghet" * 30)
    visitor.settle()
    yield "receipt"
    visitor.follow(code)
    visitor.write("message", "More to say.")
    visitor.send()
    visitor.find(".messages li").wait_for()
    visitor.unfold("[action$=withdraw]")
    yield "case"
    visitor.send()
    visitor.find(".errors").wait_for()
    yield "case-mistake"
    visitor.unfold("[action$=withdraw]")
    visitor.find("[action$=withdraw] button").click()
    visitor.find(".ways").wait_for()
    yield "withdrawn"
    visitor.open("/follow")
    visitor.write("receipt", "1234")
    visitor.find("main form button").click()
    visitor.find(".errors").wait_for()
    yield "follow-mistake"
    yield from _survey_tour(visitor)


def _results_tour(visitor: Visitor) -> Iterator[str]:
    """All of the figures, and those of one area."""
    visitor.open("/results")
    visitor.page.evaluate("for (const fold of document.querySelectorAll('details.more')) fold.open = true")
    yield "results-unfolded"
    visitor.open("/results/area/centrum")
    yield "results-area"


def _survey_tour(visitor: Visitor) -> Iterator[str]:
    visitor.open("/survey")
    visitor.write("code", "K7MP")
    visitor.find("main form button").click()
    visitor.find(".errors").wait_for()
    yield "surveys-mistake"
    visitor.open("/survey/open-to-all")
    visitor.choose("safe_by_day", "very_safe")
    visitor.find(".keep input").check()
    visitor.walk(sections=1)
    visitor.choose("changed_habits", "avoided_place")
    yield "survey-second-part"
    visitor.walk()
    visitor.write("something_else", "x" * 1001)
    yield "survey-last-part"
    visitor.send()
    visitor.find(".errors").wait_for()
    visitor.settle()
    yield "survey-mistake"
    visitor.write("something_else", "A long unbroken word: " + "otrygghet" * 30)
    visitor.send()
    visitor.thanks()
    yield "survey-thanks"


def staff_tour(visitor: Visitor, username: str) -> Iterator[str]:
    """Open every page of the workplace in turn; needs a report or two to be there."""
    visitor.go("/staff/login")
    yield "login"
    visitor.write("username", "nobody")
    visitor.write("password", "wrong")
    visitor.find("main form button").click()
    visitor.find(".errors").wait_for()
    yield "login-mistake"
    visitor.log_in(username, PASSWORD)
    yield "inbox"
    visitor.find(".inbox [data-status=received] a").first.click()
    visitor.find("dl.facts").first.wait_for()
    yield "desk"
    visitor.write("public_note", "We look into it.")
    visitor.find("[formaction$=move]").click()
    visitor.find(".moves li").first.wait_for()
    visitor.find("[action$=answer] button:not([formaction])").click()
    visitor.find(".errors").wait_for()
    yield "desk-mistake"
    yield from _alike_tour(visitor)
    visitor.page.goto("/staff/?area=ed&theme=recruitment&status=withdrawn")
    yield "inbox-empty"
    visitor.page.goto("/staff/waves")
    yield "waves"
    visitor.find(".inbox a[href$=open-to-all]").click()
    visitor.find(".groups").first.wait_for()
    yield "wave"
    visitor.find("a.grave").click()
    visitor.find("button.grave").wait_for()
    yield "wave-close"
    visitor.page.goto("/staff/waves/ended")
    yield "wave-ended"
    yield from _baseline_tour(visitor)


def _alike_tour(visitor: Visitor) -> Iterator[str]:
    """Find reports in the same words, and set them aside."""
    for number in range(5):
        told = {"theme": "drugs", "place": "vasby_centrum", "description": f"Samma ord igen & igen {number}"}
        visitor.page.request.post("/sv/report", form=told)
    visitor.page.goto("/staff/?theme=drugs")
    yield "inbox-folded"
    visitor.find(".inbox a[href*=alike]").first.click()
    visitor.find("[formaction$=set-aside]").click()
    visitor.find("[formaction$=take-back]").wait_for()
    yield "alike"


def _baseline_tour(visitor: Visitor) -> Iterator[str]:
    """Compute figures and freeze them, at the second try."""
    visitor.page.goto("/staff/baseline")
    yield "baseline"
    # The later year of the demonstration: the figures of other days would be refused beside it.
    visitor.find("main li a.go").nth(1).click()
    visitor.find("a.grave").wait_for()
    yield "baseline-compute"
    visitor.find("a.grave").click()
    visitor.write("code", "First look")
    visitor.find("button.grave").click()
    visitor.find(".errors").wait_for()
    yield "baseline-freeze-mistake"
    visitor.write("code", "first-look")
    visitor.find("button.grave").click()
    visitor.find(".files").wait_for()
    yield "baseline-frozen"
    visitor.find("#standing a.button").click()
    visitor.find("button.grave").click()
    visitor.find(".errors").wait_for()
    yield "baseline-publish-refused"
    visitor.page.goto("/staff/baseline/frozen/first-look/withdraw")
    visitor.write("because", "Fel år")
    visitor.find("button.grave").click()
    visitor.find(".errors").wait_for()
    yield "baseline-withdraw-refused"
