"""Routing and limits as XLSForm says them (XPath), both ways; of the language, only what a questionnaire can hold."""

import re
from collections.abc import Mapping
from typing import NoReturn

from citizen_portal.surveys.questionnaire import NUMBER, SEVERAL, TEXT, Condition, Question

# What an expression may hold besides blanks. A name in ${} is a question, one in quotes a choice.
_TOKEN = re.compile(
    r"\s*(?:(?P<question>\$\{\s*(?P<code>[^}\s]+)\s*\})|(?P<quote>['\"])(?P<choice>[^'\"]*)(?P=quote)"
    r"|(?P<word>selected|and|or)\b|(?P<sign>[(),=]))"
)
_FROM_TO = re.compile(r"\.\s*>=\s*(\d+)\s+and\s+\.\s*<=\s*(\d+)")
_AT_MOST = re.compile(r"string-length\(\s*\.\s*\)\s*<=\s*(\d+)")

# Spreadsheets and word processors put these in by themselves for what was typed.
_AS_TYPED = str.maketrans({**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"'), "\u00a0": " "})

Needed = dict[str, list[str]]


class NotTaken(Exception):
    """An expression that a questionnaire has no place for; the message says why."""


def relevant_of(question: Question, by_code: Mapping[str, Question]) -> str:
    """The conditions of a question as one expression; empty when it has none."""
    parts = [_part(condition, by_code[condition.question]) for condition in question.ask_if]
    if len(parts) == 1:
        return parts[0]
    return " and ".join(f"({part})" if " or " in part else part for part in parts)


def _part(condition: Condition, before: Question) -> str:
    form = "selected(${{{}}}, '{}')" if before.kind == SEVERAL else "${{{}}} = '{}'"
    return " or ".join(form.format(condition.question, choice) for choice in condition.any_of)


def constraint_of(question: Question) -> str:
    """The limits of a number or a text as an expression; empty for other questions."""
    if question.kind == NUMBER:
        return f". >= {question.lowest} and . <= {question.highest}"
    return f"string-length(.) <= {question.most_characters}" if question.kind == TEXT else ""


def from_to(constraint: str) -> tuple[int, int]:
    """The limits of a number. Raises ``NotTaken``."""
    found = _FROM_TO.fullmatch(constraint.translate(_AS_TYPED).strip())
    if not found:
        raise NotTaken("a number says its limits like this: . >= 0 and . <= 100")
    return int(found[1]), int(found[2])


def at_most(constraint: str) -> int:
    """The most characters of a text. Raises ``NotTaken``."""
    found = _AT_MOST.fullmatch(constraint.translate(_AS_TYPED).strip())
    if not found:
        raise NotTaken("a text says its limit like this: string-length(.) <= 1000")
    return int(found[1])


def needed_of(expression: str) -> list[Needed]:
    """What must hold, all of it: for each question code the choices of which any will do.

    Raises ``NotTaken`` for anything but choices of earlier questions joined by "and" and "or", "or" only between
    choices of the same question.
    """
    parser = _Parser(expression.translate(_AS_TYPED))
    try:
        needed = parser.any_of()
    except RecursionError:
        raise NotTaken("has too many brackets within brackets") from None
    parser.expect_end()
    return needed


class _Parser:
    """Descends through an expression token by token; each method returns what its part needs."""

    def __init__(self, expression: str) -> None:
        self._tokens, self._at = _tokens(expression), 0

    def any_of(self) -> list[Needed]:
        """Parts joined by "or"."""
        parts = [self._all_of()]
        while self._take("word", "or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else [_joined(parts)]

    def _all_of(self) -> list[Needed]:
        needed = self._one()
        while self._take("word", "and"):
            needed = needed + self._one()
        return needed

    def _one(self) -> list[Needed]:
        if self._take("sign", "("):
            needed = self.any_of()
            self._expect("sign", ")")
            return needed
        if self._take("word", "selected"):
            self._expect("sign", "(")
            code = self._expect("question")
            self._expect("sign", ",")
            needed = {code: [self._expect("choice")]}
            self._expect("sign", ")")
            return [needed]
        code = self._expect("question")
        self._expect("sign", "=")
        return [{code: [self._expect("choice")]}]

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            self._refuse()

    def _expect(self, kind: str, value: str | None = None) -> str:
        token = self._take(kind, value)
        return token if token is not None else self._refuse()

    def _take(self, kind: str, value: str | None = None) -> str | None:
        if self._at == len(self._tokens):
            return None
        found, token = self._tokens[self._at]
        if found != kind or value not in {None, token}:
            return None
        self._at += 1
        return token

    def _refuse(self) -> NoReturn:
        before = " ".join(token for _kind, token in self._tokens[: self._at]) or "the beginning"
        raise NotTaken(f"not understood after {before}: only ${{question}} = 'choice' and selected() are taken")


def _joined(parts: list[list[Needed]]) -> Needed:
    """Alternatives as one condition, which they are when all are choices of one question."""
    codes = {code for part in parts for needed in part for code in needed}
    if len(codes) > 1 or any(len(part) > 1 for part in parts):
        raise NotTaken("'or' is taken only between choices of the same question")
    [code] = codes
    choices = [choice for part in parts for needed in part for choice in needed[code]]
    return {code: list(dict.fromkeys(choices))}


def _tokens(expression: str) -> list[tuple[str, str]]:
    tokens, at, end = [], 0, len(expression.rstrip())
    while at < end:
        found = _TOKEN.match(expression, at)
        if not found:
            raise NotTaken(f"{expression[at:].strip()[:20]!r} is not taken")
        if found["code"]:
            tokens.append(("question", found["code"]))
        elif found["quote"]:
            tokens.append(("choice", found["choice"]))
        else:
            tokens.append(("word", found["word"]) if found["word"] else ("sign", found["sign"]))
        at = found.end()
    return tokens
