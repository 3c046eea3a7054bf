"""Public documents of invented snapshots, and their rows in the database."""

import json
from datetime import date
from hashlib import sha256

from citizen_portal.baseline.models import BASELINE, FOLLOW_UP, PUBLISHED, BaselineRelease, BaselineSnapshot
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.waves import store_wave

PERCENT, RATE = "percent", "per_1000_residents_and_year"
WAVE = "asked-2025"
LANGUAGES = ("sv", "en", "fi", "ar")


def value(number, low, high, *, by=None, group=None, base=400):
    """A value that is shown."""
    return {"by": by, "group": group, "shown": True, "base": base, "value": number, "low": low, "high": high}


def hidden(by=None, group=None):
    """A value that the rules hid."""
    return {"by": by, "group": group, "shown": False, "base": None, "value": None, "low": None, "high": None}


def change(diff, low, high, *, real=True, by=None, group=None):
    """What changed since the baseline."""
    return {"by": by, "group": group, "diff": diff, "low": low, "high": high, "real": real}


def indicator(code, *values, unit=PERCENT, direction="up", target=None, changes=(), incomparable=None, goal=1):
    """An indicator with its values, the first for everyone."""
    return {
        "code": code, "goal": goal, "label": dict.fromkeys(LANGUAGES, f"The indicator {code}"),
        "direction": direction, "target": target, "unit": unit, "method": "raked_logit", "source": "invented",
        "values": list(values), "incomparable": incomparable, "changes": list(changes),
    }  # fmt: skip


def document(code="2026", *indicators, against=None, reports=(), **survey):
    """A public document, complete."""
    year = int(code[:4])
    return {
        "schema": "citizen-portal-baseline-1", "code": code, "kind": FOLLOW_UP if against else BASELINE,
        "frozen_on": f"{year}-12-24", "against": against, "municipality": "Exempelby", "agreement": "2026-2027",
        "period": {"from": f"{year}-01-01", "to": f"{year}-11-30"},
        "survey": {
            "wave": WAVE, "sample": "invited", "questionnaire": "0" * 64, "weighted": True,
            "population": "An invented register", "example_population": False, **survey,
        },
        "groups": {
            "area": {each: dict.fromkeys(LANGUAGES, each.title()) for each in ("centrum", "runby", "ed")},
            "theme": {"poor_light": dict.fromkeys(LANGUAGES, "Poor light")},
        },
        "indicators": list(indicators), "missing": [], "reports": list(reports),
    }  # fmt: skip


def store(*documents) -> list[str]:
    """Store these as published snapshots of a wave that is there; return their digests."""
    store_wave(WAVE, opens_on=date(2025, 1, 1), closes_on=date(2025, 2, 1))
    texts = [json.dumps(each, ensure_ascii=False, sort_keys=True) for each in documents]
    digests = [sha256(text.encode()).hexdigest() for text in texts]
    with unit_of_work() as session:
        for each, text, digest in zip(documents, texts, digests, strict=True):
            session.add(
                BaselineSnapshot(
                    code=each["code"], kind=each["kind"], agreement_code=each["agreement"], wave_code=WAVE,
                    from_day=date.fromisoformat(each["period"]["from"]),
                    to_day=date.fromisoformat(each["period"]["to"]), frozen_on=date.fromisoformat(each["frozen_on"]),
                    against_code=each["against"], document="{}", digest="0" * 64,
                    public_document=text, public_digest=digest,
                )
            )  # fmt: skip
            session.flush()
            session.add(BaselineRelease(code=each["code"], act=PUBLISHED, done_on=date(2026, 1, 1), because=""))
    return digests
