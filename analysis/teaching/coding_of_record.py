"""The coding of record of a passage as lessons compare with it: the code, its reason, and what else is allowed."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.teaching import lesson_files
from analysis.teaching.comparisons import Judged

Row = Mapping[Hashable, Any]

_STANCES = {"counters": " It tells against this code.", "context": " It is context only."}


@cache
def whose(facet: str) -> str:
    """Return whose judgement the coding of record of the compendium's study is, in the words of the first lesson."""
    lesson = lesson_files.read(lesson_files.bundled()["coding"])
    exercises = (lesson_files.whole(lesson, name) for name in lesson.data["exercises"])
    return next(" ".join(one["whose"].split()) for one in exercises if "passages" in one and one["facet"] == facet)


def of_record(evidence: Evidence, facet: str, extract: str, level: str | None = None) -> Judged:
    """Return the coding of record of a passage at a level of a facet (the top if None), without its words.

    Raises KeyError where the passage has no primary code of record in the facet.
    """
    up = _rolled_up(evidence, facet, level)
    primary, others = recorded(evidence, facet, extract)
    taken = up[primary["code_id"]] or primary["code_id"]
    allowed = dict.fromkeys(up[row["code_id"]] or row["code_id"] for row in others)
    allowed.pop(taken, None)
    return Judged(taken, " ".join(reasons(evidence, facet, extract, level)), allowed=tuple(allowed))


def labelled(evidence: Evidence, facet: str, extract: str, level: str | None = None) -> Judged:
    """Return the name of the code of record of a passage, with its definition in place of the reason."""
    code = of_record(evidence, facet, extract, level).taken
    codes = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")
    return Judged(code_tree.names(evidence.codes, facet)[code], str(codes.at[code, "definition"]))


def with_words(judged: Judged, text: str, blind: str) -> Judged:
    """Return a judgement with the words of its passage, and those that it is coded from."""
    return replace(judged, text=text, blind="" if blind == text else blind)


def reasons(evidence: Evidence, facet: str, extract: str, level: str | None = None) -> list[str]:
    """Return the reason of the primary code of record, after its finer code if there is one, then those of others."""
    names = code_tree.names(evidence.codes, facet)
    primary, others = recorded(evidence, facet, extract)
    finer = "" if primary["code_id"] in _rolled_up(evidence, facet, level).values() else names[primary["code_id"]]
    said = f"{primary['rationale']}{_STANCES.get(primary['stance'], '')}"
    first = ": ".join(part for part in (finer, said) if part)
    return [
        *([first] if first else []),
        *(f"Or {names[row['code_id']]}: {row['rationale']}".removesuffix(": ") for row in others),
    ]


def recorded(evidence: Evidence, facet: str, extract: str) -> tuple[Row, list[Row]]:
    """Return the primary row of the coding of record of a passage, and the rows of what else it allows.

    Raises KeyError where there is no primary row.
    """
    rows = _of_passages(evidence, facet).get(extract, [])
    primary, alternatives = ([row for row in rows if row["role"] == role] for role in ("primary", "alternative"))
    if not primary:
        raise KeyError(extract)
    return primary[0], [*primary[1:], *alternatives]


@lru_cache(maxsize=16)
def _of_passages(evidence: Evidence, facet: str) -> dict[str, list[Row]]:
    """Return the rows of the coding of record in a facet by their passages."""
    found: dict[str, list[Row]] = {}
    for row in evidence.record[evidence.record["facet"] == facet].to_dict("records"):
        found.setdefault(row["extract_id"], []).append(row)
    return found


@lru_cache(maxsize=16)  # needed for each passage
def _rolled_up(evidence: Evidence, facet: str, level: str | None) -> dict[str, str | None]:
    return code_tree.rolled_up(evidence.codes, facet, level)
