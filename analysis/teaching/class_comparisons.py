"""Codings of learners set side by side for a notebook: with the record, with partners, and of a whole class."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.study.evidence import Evidence
from analysis.teaching import classroom, learners, passage_texts
from analysis.teaching.classroom import Classroom
from analysis.teaching.replies import Outcome, Reply

#: A round of coding: the answers by facet, and the partners who handed in theirs.
Round = tuple[Mapping[str, object], Classroom]


def compared(evidence: Evidence, rounds: Mapping[str, Round]) -> Reply:
    """Return how far each round of a learner agrees with the record and partners, and where the last one differs."""
    answers, partners = list(rounds.values())[-1]
    sheets: list[CaptionedTable] = []
    said: list[str] = []
    for facet in answers:
        of_facet = {name: (given.get(facet), others) for name, (given, others) in rounds.items()}
        for found in (agreement_with(evidence, facet, of_facet), differing(evidence, facet, answers[facet], partners)):
            if isinstance(found, Reply):
                said.append(f"{facet.capitalize()}: {found.heading.lower()}. {' '.join(found.said)}")
            else:
                sheets.append(found)
    notes = [*partners.notes, *classroom.problems(partners)]
    return Reply("Compared" if sheets else "Nothing to compare yet", tuple(said), tuple(notes), tuple(sheets))


def whole_class(evidence: Evidence, everybody: Classroom, facets: Sequence[str]) -> Reply:
    """Return what a class handed in, its agreement, and the passages and codes, the most divided first."""
    handed_in = classroom.handed_in_table(everybody)
    notes = (*everybody.notes, *classroom.problems(everybody))
    if isinstance(handed_in, Reply):
        return Reply(handed_in.heading, handed_in.said, notes, outcome=handed_in.outcome)
    sheets = [handed_in]
    said: list[str] = []
    for facet in facets:
        for found in classroom.results(everybody, evidence, facet):
            if isinstance(found, Reply):
                said.append(f"{facet.capitalize()}: {found.heading.lower()}. {' '.join(found.said)}")
            else:
                sheets.append(found)
    return Reply("The class", tuple(said), notes, tuple(sheets))


def coefficients(evidence: Evidence, everybody: Classroom, facets: Sequence[str]) -> Reply:
    """Return every coefficient of a class's codings of some facets."""
    found = [of_class(everybody, evidence, facet) for facet in facets]
    sheets = tuple(one for one in found if isinstance(one, CaptionedTable))
    if not sheets:
        said = "This needs the codings of two people, handed in with the lesson on coding the passages."
        return Reply("Nothing to compare yet", (said,), outcome=Outcome.NOT_TRIED)
    return Reply("The class, coefficient by coefficient", sheets=sheets)


def agreement_with(
    evidence: Evidence, facet: str, rounds: Mapping[str, tuple[object, Classroom]]
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


def differing(evidence: Evidence, facet: str, answer: object, partners: Classroom) -> CaptionedTable | Reply:
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


def of_class(everybody: Classroom, evidence: Evidence, facet: str) -> CaptionedTable | Reply:
    """Return every coefficient of a class's codings of a facet, or say that there is nothing to compare yet."""
    coded = classroom.side_by_side(everybody.learners, evidence, facet)
    if len(coded.columns) < 2:
        said = f"This needs the codings of {facet} of two people, handed in with the lesson on coding the passages."
        return Reply("Nothing to compare yet", (said,), outcome=Outcome.NOT_TRIED)
    found = classroom.agreed(coded, evidence, facet, names=None)
    return CaptionedTable(classroom.agreement_table(found), f"Agreement of the class on {facet}")
