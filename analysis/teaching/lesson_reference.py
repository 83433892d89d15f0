"""The reference of lesson files as Markdown: every key, measure, table and figure, from the code that reads them."""

from collections.abc import Iterable, Mapping
from html import escape

from analysis.support.errors import CompendiumError
from analysis.teaching import lesson_keys
from analysis.teaching.exercises import did_you_mean
from analysis.teaching.lesson_keys import Keys
from analysis.teaching.lesson_measures import Option
from analysis.teaching.lesson_vocabulary import FIGURES, MEASURES, TABLES

#: The tables of keys by the names that the page calls.
PARTS: Mapping[str, Keys] = {
    "top": lesson_keys.TOP,
    "study_import": lesson_keys.STUDY_IMPORT,
    "plan": lesson_keys.PLAN,
    "step": lesson_keys.STEP,
    "section": lesson_keys.SECTION,
    "misconception": lesson_keys.MISCONCEPTION,
    "made_up": lesson_keys.MADE_UP,
    "pattern": lesson_keys.PATTERN,
    "exercise": lesson_keys.COMMON,
    "rubric": lesson_keys.RUBRIC,
    "mistake": lesson_keys.MISTAKE,
    "number_item": lesson_keys.NUMBER_ITEM,
    "matching_item": lesson_keys.MATCHING_ITEM,
    "statement": lesson_keys.STATEMENT,
    "judged_item": lesson_keys.JUDGED_ITEM,
    **lesson_keys.KINDS,
}


class LessonReferenceError(CompendiumError):
    """A part of a lesson file that there is not."""


def lesson_keys_of(part: str) -> str:
    """Return the keys of a part of a lesson file, or of a kind of exercise, as a table in Markdown."""
    if part not in PARTS:
        raise LessonReferenceError(f"There is no part {part!r} of a lesson file{did_you_mean(part, PARTS)}")
    rows = (
        (_code(name), key.takes.value, "yes" if key.needed else "", key.meaning) for name, key in PARTS[part].items()
    )
    return _table(("key", "takes", "needed", "meaning"), rows)


def lesson_measures() -> str:
    """Return all measures with their options as a table in Markdown."""
    rows = ((_code(name), one.meaning, _options(one.options)) for name, one in MEASURES.items())
    return _table(("measure", "what it gives", "options"), rows)


def lesson_tables() -> str:
    """Return all tables that every lesson may show, with their options, as a table in Markdown."""
    rows = ((_code(name), one.meaning, _options(one.options)) for name, one in TABLES.items())
    return _table(("table", "what it shows", "options"), rows)


def lesson_figures() -> str:
    """Return all charts that every lesson may show, with their options, as a table in Markdown."""
    rows = ((_code(name), one.meaning, _options(one.options)) for name, one in FIGURES.items())
    return _table(("figure", "what it shows", "options"), rows)


def _options(options: Mapping[str, Option]) -> str:
    said = (f"{_code(name)}: {one.meaning}{'' if one.needed else ' (optional)'}" for name, one in options.items())
    return "; ".join(said) or "none"


def _code(name: str) -> str:
    return f"`{name}`"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown; what is between backticks stays code, and no cell breaks the table."""
    lines = [list(heads), *([_cell(cell) for cell in row] for row in rows)]
    rule = ["---"] * len(lines[0])
    return "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], rule, *lines[1:]])


def _cell(text: str) -> str:
    parts = text.replace("|", "\\|").split("`")
    return "`".join(part if number % 2 else escape(part, quote=False) for number, part in enumerate(parts))
