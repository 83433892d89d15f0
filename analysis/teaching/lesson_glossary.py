"""The glossary of a lesson on paper: the terms of the project's glossary that the lesson uses."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analysis.rendering.typst_markup import plain, quoted
from analysis.teaching.built_lessons import TextPart
from analysis.teaching.lesson_papers import FOLDER, OnPaper, typeset

_IN_PACKAGE = FOLDER / "glossary.yml"  # put there where the package is built
FILE = _IN_PACKAGE if _IN_PACKAGE.is_file() else Path(__file__).parents[2] / "docs" / "methods" / "glossary.yml"
LANGUAGE = "en"  # of the terms


def glossary(paper: OnPaper) -> bytes:
    """Return the terms that a lesson uses, with their meanings; nothing for a lesson in another language than theirs.

    Of a lesson on another study it has only the terms whose meaning does not depend on our own.
    """
    found = terms(paper)
    if not found:
        return b""
    listed = "".join(
        f"#term({quoted(name)})[{plain(meaning)}]\n" for name, meaning in sorted(found.items(), key=_order)
    )
    return typeset(paper.opening(paper.words["glossary"]) + listed)


def terms(paper: OnPaper) -> dict[str, str]:
    """Return the terms that a lesson uses, each with its meaning."""
    if paper.lesson.language != LANGUAGE:
        return {}
    used = "\n".join(_texts(paper))
    definitions = dict(zip(paper.evidence.codes["code_id"], paper.evidence.codes["definition"], strict=True))
    ours = bool(paper.evidence.study.article)
    found = {}
    for entry in _entries():
        general = entry.get("in_general", "")
        own = entry.get("means") or definitions.get(entry.get("code", ""), "")
        meaning = own if ours or general is True else general
        if meaning and _uses(used, entry.get("in_text") or [entry["term"]]):
            found[entry["term"]] = str(meaning)
    return found


@cache
def _entries() -> tuple[Mapping[str, Any], ...]:
    import yaml

    listed: dict[str, list[dict[str, Any]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(entry for entries in listed.values() for entry in entries)


def _texts(paper: OnPaper) -> Iterator[str]:
    """Yield what a lesson says to students, without the passages that they code."""
    lesson = paper.lesson
    yield from (lesson.summary, *lesson.objectives, *lesson.key_points, *lesson.discussion)
    for section in lesson.sections:
        yield from (part.markdown for part in section.parts if isinstance(part, TextPart))
    for exercise in paper.exercises():
        yield from (exercise["title"], exercise["task"], *exercise["hints"])
        if exercise["kind"] in {"numbers", "matching", "statements"}:
            yield from (item["text"] for item in exercise["items"])


def _uses(text: str, forms: list[str]) -> bool:
    return bool(re.search(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})s?(?![\w-])", text, re.I))


def _order(term: tuple[str, str]) -> str:
    return term[0].casefold()
