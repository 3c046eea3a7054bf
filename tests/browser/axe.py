"""axe-core, asked about the page that is open."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "options => axe.run(document, options).then((result) => result.violations)"


def violations(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe holds against the page, one sentence per element; ``rules`` narrows it to some rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": LEVELS}
    # Target size is in WCAG 2.2 but switched off in axe until asked for.
    options = {
        "runOnly": only,
        "resultTypes": ["violations"],
        "rules": {} if rules else {"target-size": {"enabled": True}},
    }
    return [
        f"{found['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for found in page.evaluate(RUN, options)
        for node in found["nodes"]
    ]
