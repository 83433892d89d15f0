"""Notebook 1, coding the passages: a codebook, a first coding, a rule, a second coding, and the coding of record."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.study.evidence import Evidence
from analysis.teaching import classroom, learners, lesson_building, lesson_files, lesson_tables, passage_texts
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.replies import Reply


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    return SimpleNamespace(**lesson_building.bundled("coding", evidence, private=True).by_name)


@cache
def whose() -> dict[str, str]:
    """Return whose judgement the coding of record is, in a sentence for each facet."""
    lesson = lesson_files.read(lesson_files.bundled()["coding"])
    exercises = (lesson_files.whole(lesson, name) for name in lesson.data["exercises"])
    return {one["facet"]: " ".join(one["whose"].split()) for one in exercises if "whose" in one and "facet" in one}


def codebook(evidence: Evidence, facet: str, level: str | None = None) -> CaptionedTable:
    """Return the codes of a facet with their rules, to code from, as the lesson shows them."""
    return lesson_tables.codebook(Setting(evidence), {"facet": facet, **({"level": level} if level else {})})


def agreement_with(
    evidence: Evidence, facet: str, rounds: Mapping[str, tuple[object, classroom.Classroom]]
) -> CaptionedTable | Reply:
    """Return how far each round of a learner's coding agrees with the record and with each partner's.

    `rounds` maps the name of a round to the answer given in it and to the partners who handed in theirs. Rounds in
    which nothing is filled in are left out.
    """
    rows: dict[str, list[str]] = {}
    for name, (answer, partners) in rounds.items():
        own = learners.from_answers(name, {facet: answer}, evidence)
        beside = {"the record": classroom.side_by_side([own], evidence, facet, record=True)}
        beside |= {one.pseudonym: classroom.side_by_side([own, one], evidence, facet) for one in partners.learners}
        for other, table in beside.items():
            if len(table.columns) == 2 and name in table and table.notna().all(axis=1).any():
                rows[f"{name}, with {other}"] = classroom.in_a_row(table, evidence, facet)
    if not rows:
        return Reply("Nothing to compare yet", ("Code some passages above, and run this cell again.",))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=classroom.HEADS).rename_axis("Coding")
    return CaptionedTable(table, f"Agreement on {facet}, with 95% intervals")


def differing(evidence: Evidence, facet: str, answer: object, partners: classroom.Classroom) -> CaptionedTable | Reply:
    """Return the passages that a learner and partners coded differently, with their words and the code of each."""
    own = learners.from_answers("your code", {facet: answer}, evidence)  # no pseudonym has a blank
    table = classroom.side_by_side([own, *partners.learners], evidence, facet)
    if own.pseudonym not in table or len(table.columns) < 2:
        return Reply(f"No partner to compare {facet} with yet", ("Put a partner's file into the folder.",))
    table = table[table[own.pseudonym].notna() & (table.nunique(axis=1) > 1)]
    if not len(table):
        return Reply(f"You and your partners gave the same codes of {facet}", ("No passage has two codes.",))
    shown = [passage_texts.shown_to_code(evidence, extract) for extract in table.index]  # they will code again
    table = table.fillna("").rename_axis("Passage")
    table.insert(0, shown[0].kind, [one.text for one in shown])
    return CaptionedTable(table, f"To discuss: passages that you and your partners coded differently by {facet}")
