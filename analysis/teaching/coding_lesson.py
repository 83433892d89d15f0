"""Notebook 1, coding the passages: a codebook, a first coding, a rule, a second coding, and the coding of record."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.teaching import classroom, learners, passage_texts
from analysis.teaching.comparisons import Comparison, Judged, Rule
from analysis.teaching.exercises import Matching, Selection, plain
from analysis.teaching.lesson_texts import Lesson
from analysis.teaching.replies import Reply

_LESSON = Lesson("coding")
#: Whose judgement the coding of record is, for each facet.
WHOSE: dict[str, str] = _LESSON.texts["whose"]


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    stages = code_tree.codes_at(evidence.codes, "stage", "stage")
    return SimpleNamespace(
        codebook=_LESSON.exercise(Matching, "codebook", options=stages),
        stage=_comparison(evidence, "stage", "stage", withheld=True),
        power=_comparison(evidence, "power", "power", withheld=True),
        rule=_LESSON.exercise(Rule, "rule", codebook=_kept_out(evidence)),
        stage_again=_comparison(evidence, "stage_again", "stage"),
        power_again=_comparison(evidence, "power_again", "power"),
        agreement=_LESSON.exercise(Selection, "agreement"),
    )


def _comparison(evidence: Evidence, key: str, facet: str, withheld: bool = False) -> Comparison:
    names = code_tree.names(evidence.codes, facet)
    options = {name: top for code, top in _tops(evidence, facet).items() if top for name in (code, names[code])}
    return _LESSON.exercise(
        Comparison,
        key,
        record={extract: judged(evidence, facet, extract) for extract in passage_texts.TWELVE},
        options=options,
        whose=WHOSE[facet],
        words=passage_texts.shown(evidence, passage_texts.TWELVE[0]).kind,
        withheld=withheld,
    )


def judged(evidence: Evidence, facet: str, extract: str) -> Judged:
    """Return the coding of record of a passage at the top level of a facet, with its reason, for a comparison."""
    return replace(of_record(evidence, facet, extract), text=passage_texts.shown(evidence, extract).text)


def of_record(evidence: Evidence, facet: str, extract: str) -> Judged:
    """Return the coding of record of a passage at the top level of a facet, with its reason and without its words."""
    up = _tops(evidence, facet)
    primary, others = recorded(evidence, facet, extract)
    taken = up[primary["code_id"]] or primary["code_id"]
    allowed = dict.fromkeys(up[code] or code for code in others["code_id"])
    allowed.pop(taken, None)
    return Judged(taken, " ".join(reasons(evidence, facet, extract)), allowed=tuple(allowed))


def reasons(evidence: Evidence, facet: str, extract: str) -> list[str]:
    """Return the reason of the primary code of record, after its finer code if there is one, then those of others."""
    names = code_tree.names(evidence.codes, facet)
    primary, others = recorded(evidence, facet, extract)
    stance = {"counters": " It tells against this power.", "context": " It is context only."}
    finer = "" if primary["code_id"] in _tops(evidence, facet).values() else f"{names[primary['code_id']]}: "
    allowed = others[["code_id", "rationale"]].to_numpy().tolist()
    return [
        f"{finer}{primary['rationale']}{stance.get(primary['stance'], '')}",
        *(f"Or {names[code]}: {reason}" for code, reason in allowed),
    ]


def recorded(evidence: Evidence, facet: str, extract: str) -> tuple["pd.Series[Any]", pd.DataFrame]:
    """Return the primary row of the coding of record of a passage, and the rows of what else it allows."""
    rows = evidence.record[(evidence.record["facet"] == facet) & (evidence.record["extract_id"] == extract)]
    return rows[rows["role"] == "primary"].iloc[0], rows[rows["role"] == "alternative"]


@lru_cache(maxsize=8)  # needed for each passage
def _tops(evidence: Evidence, facet: str) -> dict[str, str | None]:
    return code_tree.rolled_up(evidence.codes, facet, code_tree.levels(evidence.codes, facet)[0])


def _kept_out(evidence: Evidence) -> dict[str, str]:
    """Return what each code of the notebook keeps out, with its boundary case.

    For kinds of power the boundary case is left out: it gives the code of a passage that is still to be coded again.
    """
    rules = {}
    for facet in ("stage", "power"):
        codes = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")
        top = code_tree.codes_at(evidence.codes, facet, code_tree.levels(evidence.codes, facet)[0])
        for code, excluded, boundary in codes.loc[top, ["exclude", "boundary"]].itertuples(name=None):
            rules[code] = f"Keeps out {excluded.rstrip('.')}.{f' {boundary}' if facet == 'stage' else ''}"
    return rules


def codebook(evidence: Evidence, facet: str, level: str | None = None) -> CaptionedTable:
    """Return the codes of a facet with their rules, to code from.

    Boundary cases are shown for stages only: those of power name passages with their codes.
    """
    level = level or code_tree.levels(evidence.codes, facet)[0]
    codes = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")
    chosen = codes.loc[code_tree.codes_at(evidence.codes, facet, level)]
    columns = ["definition", "include", "exclude", *(["boundary"] if facet == "stage" else [])]
    if any(plain(name) != code for code, name in chosen["name"].items()):
        columns.insert(0, "name")
    table = chosen[columns].rename(columns=str.capitalize).rename_axis("Code")
    return CaptionedTable(table, f"Codebook: {facet}" if level == facet else f"Codebook: {facet}, {level}")


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
