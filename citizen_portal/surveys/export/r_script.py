"""An R script, base R only, that reads the rows of codes as factors with labels."""

from collections import Counter
from collections.abc import Iterator, Sequence

from citizen_portal.surveys.export.columns import Column, columns_of
from citizen_portal.surveys.export.rows import WaveExport
from citizen_portal.surveys.questionnaire import NUMBER, SCALE, TEXT, Choice

# What each kind of column becomes; the data frame of codes stays as it was read.
_HEAD = """\
# Run it with source("{script}", encoding = "UTF-8") in the folder where {data} lies.
# It makes two data frames with the same columns and rows:
#   codes    the cells as they were stored; an empty cell (not asked, or skipped) is NA
#   answers  factors with labels, numbers, and 1 or 0 for a choice of several; choices that are no answer
#            ("don't know") are NA too
# The wording of each question is the attribute "label" of its column in answers.

codes <- read.csv("{data}", colClasses = "character", na.strings = "", check.names = FALSE,
                  encoding = "UTF-8")
answers <- codes

one_of <- function(column, label, values, labels, ordered = FALSE) {{
  answers[[column]] <<- factor(codes[[column]], levels = values, labels = labels, ordered = ordered)
  attr(answers[[column]], "label") <<- label
}}
number <- function(column, label) {{
  answers[[column]] <<- as.integer(codes[[column]])
  attr(answers[[column]], "label") <<- label
}}
words <- function(column, label) {{
  attr(answers[[column]], "label") <<- label
}}
"""


def r_script(export: WaveExport, script: str, data_file: str) -> Iterator[bytes]:
    """The script named ``script``; ``data_file`` is the name of the rows of codes for machines, to lie beside it."""
    calls = [_call(column, export.language) for column in columns_of(export.questionnaire)]
    yield "\n".join([_HEAD.format(script=script, data=data_file), *calls, ""]).encode()


def _call(column: Column, language: str) -> str:
    question, wording = column.question, column.question.wording.get(language)
    if question.kind == TEXT:
        return f"words({_literal(column.name)}, {_literal(wording)})"
    if column.choice:
        return f"number({_literal(column.name)}, {_literal(f'{column.choice.label.get(language)} | {wording}')})"
    if question.kind == NUMBER:
        return f"number({_literal(column.name)}, {_literal(wording)})"
    answers = [choice for choice in question.choices.choices if not choice.missing]
    codes = ", ".join(_literal(choice.code) for choice in answers)
    labels = ", ".join(map(_literal, _told_apart(answers, language)))
    ordered = ", ordered = TRUE" if question.kind == SCALE else ""
    return f"one_of({_literal(column.name)}, {_literal(wording)},\n       c({codes}),\n       c({labels}){ordered})"


def _told_apart(choices: Sequence[Choice], language: str) -> list[str]:
    """A label for each choice: with its code when another has the same, because R makes one level of equal labels."""
    labels = [" ".join(choice.label.get(language).split()) for choice in choices]
    while (many := Counter(labels).most_common(1)) and many[0][1] > 1:
        twice = many[0][0]
        labels = [
            f"{label} ({choice.code})" if label == twice else label
            for choice, label in zip(choices, labels, strict=True)
        ]
    return labels


def _literal(text: str) -> str:
    """A quoted text of R, on one line."""
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
