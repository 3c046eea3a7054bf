"""Public documents for tests, as small as they can be. Everything in them is invented."""

from typing import Any


def value(shown: float | None, *, half: int = 4, base: int = 400, by: str | None = None, group: str | None = None):
    known = shown is not None
    return {
        "by": by, "group": group, "shown": known, "base": base if known else None, "value": shown,
        "low": shown - half if known else None, "high": shown + half if known else None,
    }  # fmt: skip


def indicator(code: str, *values: dict[str, Any], unit: str = "percent", source: str = "survey"):
    return {"code": code, "unit": unit, "source": source, "incomparable": None, "values": list(values)}


def table(
    total: int | None, shown: dict[str, int], hidden: tuple[str, ...], *, by: str = "area", code: str = "reports"
):
    rows = [] if total is None else [{"group": None, "count": total}]
    rows += [{"group": group, "count": count} for group, count in shown.items()]
    return {"indicator": code, "by": by, "rows": rows, "hidden": list(hidden)}


def document(
    code: str, *indicators, days=("2025-01-01", "2025-12-31"), wave="2025", sample="invited", weighted=True, reports=()
):
    return {
        "code": code, "period": {"from": days[0], "to": days[1]},
        "survey": {"wave": wave, "sample": sample, "weighted": weighted},
        "indicators": list(indicators), "reports": list(reports),
    }  # fmt: skip
