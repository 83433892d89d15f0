"""The exercises of notebook 1, coding the passages: a codebook, a first coding, a rule, a second coding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.teaching import classroom, learners, passage_texts
from analysis.teaching.comparisons import Comparison, Judged, PatternHint, Rule
from analysis.teaching.exercises import Matching, Selection, plain
from analysis.teaching.replies import Reply

#: Made up to practise the written rules on; they are no passages, and the notebook says so.
SITUATIONS = {
    "a": ("A lay member sits on a panel that decides which of several proposals gets its money.", "initiation"),
    "b": ("Half-way through a study, somebody suggests a clinic that is easier to get to.", "operationalization"),
    "c": ("The findings are told to an audience in a village hall.", "dissemination"),
    "d": ("“You need a thick skin and a sense of humour.”", "not-stated"),
    "e": ("Somebody goes to a conference, only to listen and to get to know people.", "not-stated"),
}

#: What may and may not be said because coders agree: key to statement, and whether it follows.
STATEMENTS = {
    "p": ("These coders would put most of these passages under the same codes.", True),
    "q": ("The codes on which they agree are the right ones.", False),
    "r": ("On other passages the same coders would agree as often.", False),
    "s": (
        "Passages on which they differ show where rules could be clearer, or where words allow more than one code.",
        True,
    ),
    "t": ("If they agree more often the second time, the new rule is the reason.", False),
}

WHOSE = {
    "stage": "The record of stages is a reading of the compendium's, made with a language model under written rules. "
    "A reason that begins with Agreed is that of two readers who chose the same code.",
    "power": "The record of power is where the article prints or introduces the passage; what is allowed besides is a "
    "reading of the compendium's.",
}


@dataclass(frozen=True)
class Coding:
    """The exercises of the notebook, in its order."""

    codebook: Matching
    stage: Comparison
    power: Comparison
    rule: Rule
    stage_again: Comparison
    power_again: Comparison
    agreement: Selection


def exercises(evidence: Evidence) -> Coding:
    """Return the exercises, made from the evidence."""
    stages = code_tree.codes_at(evidence.codes, "stage", "stage")
    first, again = (
        {facet: _comparison(evidence, facet, number, withheld) for facet, number in numbered.items()}
        for numbered, withheld in (({"stage": "1.2", "power": "1.3"}, True), ({"stage": "1.5", "power": "1.6"}, False))
    )
    return Coding(
        codebook=Matching(
            "1.1",
            "What the written rules say",
            "Which stage do the rules give these made-up situations? They are no passages of the article.",
            (
                "Ask what is being done to a study, and when: before its funding is awarded, after that, or once there "
                "is something to tell people outside the team.",
                "A manner, a motive or a skill has no date. Nor has going somewhere only to meet people.",
            ),
            {key: text for key, (text, _) in SITUATIONS.items()},
            {key: stage for key, (_, stage) in SITUATIONS.items()},
            _rules(),
            stages,
        ),
        stage=first["stage"],
        power=first["power"],
        rule=Rule(
            "1.4",
            "A rule in your own words",
            "Take a passage on which you were unsure, or on which you and somebody else differ. Rewrite the rule that "
            "is to decide it, so that a stranger would decide as you do.",
            (
                "Start with: a passage is coded as … when it …; it is not when it …",
                "Name a boundary case: something that nearly belongs, and why it does or does not.",
            ),
            "A good rule has the first three of these points. The others are the codebook's words for each code.",
            "For comparison, the codebook's words for what your rule decides:",
            (
                PatternHint(
                    r"\b(feel|feels|seems?|somehow|obvious\w*|clearly)\b",
                    "A stranger cannot see what seems or is felt. Which words would have to stand in the passage?",
                ),
                PatternHint(
                    r"\b(not|unless|except\w*|but|no|without|only|rather than|exclud\w*|(keep|leav|rul)\w* \w* ?out)\b",
                    "The rule says what belongs. What does it keep out?",
                    wanted=True,
                ),
            ),
            points=(
                "It names what has to stand in the passage.",
                "It says what is kept out.",
                "It settles a boundary case.",
            ),
            codebook=_kept_out(evidence),
        ),
        stage_again=again["stage"],
        power_again=again["power"],
        agreement=Selection(
            "1.7",
            "What agreement tells",
            "Which of these statements may be made because coders agree?",
            (
                "Two people who make the same mistake agree.",
                "You saw these passages before, and you may have talked about them. What else changed beside the rule?",
            ),
            frozenset(key for key, (_, follows) in STATEMENTS.items() if follows),
            {key: text for key, (text, _) in STATEMENTS.items()},
            "Agreement describes how alike these coders code these passages. It points to unclear rules and to words "
            "that allow more than one code. It does not say who is right, what happens with other passages, or why it "
            "rose.",
            "statement",
            {
                "q": "q: could two people agree on a code that a third would question with good reason?",
                "r": "r: were the passages drawn at random from those that are still to be coded?",
                "s": "s: look at where you differed. What lay behind it?",
                "t": "t: what else was different the second time?",
            },
        ),
    )  # fmt: skip


def _rules() -> dict[str, str]:
    return {
        "a": "what the codebook says of panels that decide on funding",
        "b": "what the award of funding separates",
        "c": "what makes something dissemination",
        "d": "what the codebook says of traits and manners",
        "e": "what the codebook says of going to a conference",
    }


def _comparison(evidence: Evidence, facet: str, number: str, withheld: bool) -> Comparison:
    top = code_tree.levels(evidence.codes, facet)[0]
    names, up = code_tree.names(evidence.codes, facet), code_tree.rolled_up(evidence.codes, facet, top)
    options = {name: above for code, above in up.items() if above for name in (code, names[code])}
    what = "the stage of a study's life" if facet == "stage" else "the kind of power"
    return Comparison(
        number,
        f"{facet.capitalize()}, {'a first' if withheld else 'a second'} time",
        f"Give each passage {what}, by the codebook."
        + ("" if withheld else " Start anew, by the rule you wrote, without looking up what you chose before."),
        (
            "Underline the words that decide, then look for the rule that names them.",
            "Where the words allow no code of time, there is one for that."
            if facet == "stage"
            else "Ask first by what means something is done (a structure, or what somebody has), then on whom or what.",
        ),
        {extract: judged(evidence, facet, extract) for extract in passage_texts.TWELVE},
        options,
        WHOSE[facet],
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
    allowed = [up[code] or code for code in others["code_id"]]
    return Judged(taken, " ".join(reasons(evidence, facet, extract)), allowed=_others(allowed, taken))


def reasons(evidence: Evidence, facet: str, extract: str) -> list[str]:
    """Return the reason of the primary code of record, headed by its finer code if there is one, then the others."""
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


@lru_cache(maxsize=8)  # asked for with each passage
def _tops(evidence: Evidence, facet: str) -> dict[str, str | None]:
    return code_tree.rolled_up(evidence.codes, facet, code_tree.levels(evidence.codes, facet)[0])


def _others(allowed: Sequence[str], taken: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in allowed if code != taken))


def _kept_out(evidence: Evidence) -> dict[str, str]:
    """Return what each code of the notebook keeps out, with its boundary case.

    For kinds of power the boundary case is left out: it gives the code of a passage that is still to be coded again.
    """
    told = {}
    for facet in ("stage", "power"):
        codes = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")
        top = code_tree.codes_at(evidence.codes, facet, code_tree.levels(evidence.codes, facet)[0])
        for code, excluded, boundary in codes.loc[top, ["exclude", "boundary"]].itertuples(name=None):
            told[code] = f"Keeps out {excluded.rstrip('.')}.{f' {boundary}' if facet == 'stage' else ''}"
    return told


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
    """Return how far each round of a learner's coding agrees with the record and with those of partners.

    `rounds` maps the name of a round to the answer given in it and to the partners who handed in theirs; one in which
    nothing is filled in is left out.
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
        return Reply(f"You and your partners coded {facet} alike", ("No passage has two codes.",))
    shown = [passage_texts.shown(evidence, extract) for extract in table.index]
    table = table.fillna("").rename_axis("Passage")
    table.insert(0, shown[0].kind, [one.text for one in shown])
    return CaptionedTable(table, f"To discuss: passages that you and your partners coded differently by {facet}")
