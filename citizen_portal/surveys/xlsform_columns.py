"""The columns of an XLSForm workbook: their many spellings, which are taken, and what becomes of the others.

Spellings are those that pyxform, the reference program, takes (its ``aliases.py``), in capitals or not. A column that
is neither taken nor known to be about looks alone is refused where it says something: it may be a routing column with a
slip in its name.
"""

import re

from citizen_portal.surveys.xlsform import CHOICES, SETTINGS, SURVEY

_PREFIXES = frozenset({"bind", "control", "body"})
_SPELLINGS = {
    "relevance": "relevant", "caption": "label", "command": "type", "tag": "name", "value": "name",
    "calculate": "calculation", "readonly": "read_only", "count": "repeat_count", "jr:count": "repeat_count",
    "constraining_message": "constraint_message", "jr:constraintmsg": "constraint_message",
    "jr:requiredmsg": "required_message", "jr:guidance_hint": "guidance_hint", "disable": "disabled",
    "set_form_title": "form_title", "set_form_id": "form_id", "id_string": "form_id",
}  # fmt: skip
_TAKEN = {
    SURVEY: {"type", "name", "label", "hint", "relevant", "constraint", "required", "kind", "goal", "indicators",
             "sensitive", "about"},
    CHOICES: {"list_name", "name", "label", "missing", "alone"},
    SETTINGS: {"form_title", "form_id", "version", "default_language"},
}  # fmt: skip
# What they say changes nothing of what is asked or stored; still, whoever imports is told that they are left out.
_LOOKS = frozenset({
    "appearance", "constraint_message", "required_message", "guidance_hint", "rows", "autoplay", "style",
    "noapperrorstring", "no_app_error_string", "accuracythreshold", "note", "notes", "comment", "comments",
})  # fmt: skip
_TEXTS = re.compile(
    r"(?P<piped>\$\{[^}]*\})|(?P<tag></?[a-z][^>]*>)|(?P<link>\[[^\]]+\]\([^)\s]+\))|(?P<heading>^\s{0,3}#{1,6}\s)"
    r"|(?<![\w*_])(?P<mark>\*{1,3}|_{1,3})(?=[^\s*_])[^*_]*[^\s*_](?P=mark)(?![\w*_])",
    re.IGNORECASE | re.MULTILINE,
)


def heading_of(written: str) -> str:
    """The heading as this program calls it: ``bind::Relevant`` is relevant, ``Label : Swedish`` is label::Swedish."""
    parts = [part.strip() for part in written.split("::" if "::" in written else ":")]
    if len(parts) > 1 and parts[0].casefold() in _PREFIXES:
        parts = parts[1:] if "::" in written else [":".join(parts[1:])]
    name = "_".join(parts[0].casefold().split())
    return "::".join([_SPELLINGS.get(name, name), *parts[1:]])


def is_taken(sheet: str, heading: str) -> bool:
    """Whether a questionnaire has a place for the column, which is read by this heading."""
    name = heading.partition("::")[0]
    return name in _TAKEN[sheet] or (sheet == CHOICES and name.startswith("group_"))


def is_left_out(sheet: str, heading: str) -> bool:
    """Whether the column may be left out if that is told: looks, settings of programs, and what filters choices."""
    return sheet in {CHOICES, SETTINGS} or heading.partition("::")[0] in _LOOKS


def odd_text(text: str) -> str:
    """Why a text would not be shown as it is meant; empty when it would be."""
    found = _TEXTS.search(text)
    if not found:
        return ""
    if found["piped"]:
        return f"{found[0]!r} puts an answer into the text, which is the same for everyone here"
    return f"{found[0].strip()[:40]!r} is markup (Markdown or HTML), and a text is shown as it stands"
