"""The exercises of notebook 5, auditing a claim: passages that bear on it, its verdict, and how to word a silence."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis import claims
from analysis.reanalysis.claims import BASES
from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.teaching import passage_texts
from analysis.teaching.comparisons import Comparison, Judged, PatternHint, Prose
from analysis.teaching.exercises import Number, Selection

#: A claim that a passage illustrates and another counters, so that both kinds of bearing can be found.
SUPPORTED = "C22"
#: A claim with passages that come near and do not show it: the silence to be worded.
SILENT = "C43"
#: A claim about a pattern that the coding of record does not bear out and most other allowed readings do.
TURNING = "C58"
#: Claims whose verdicts are all of those that some claim has, so that every one of them is needed.
TO_JUDGE = ("C01", "C05", "C11", SUPPORTED, SILENT, "C57", TURNING)

BEARINGS = {
    "illustrates": "shows what is claimed",
    "counters": "tells against it",
    "context": "comes near: part of it is shown, or a document says what should be",
}
NO_BEARING = "no bearing"

MEANINGS = {
    claims.CONSISTENT: "what was made countable holds in what is printed, in every allowed reading and unit",
    claims.NOT_CONSISTENT: "it fails in what is printed, in every allowed reading",
    claims.DEPENDS: "some allowed readings or units bear it out, and others do not",
    claims.ILLUSTRATED: "there are passages for it; any against it are named",
    claims.NO_PASSAGE: "nothing printed shows it; the transcripts may",
    claims.RESTATED: "it was only read back from the article, and nothing was tested",
    claims.NOT_TESTABLE: "no published passage could speak for it or against it, or its source came too late",
}


@dataclass(frozen=True)
class Auditing:
    """The exercises of the notebook, in its order."""

    supported: Comparison
    silent: Comparison
    verdicts: Comparison
    possible: Selection
    tipping: Number
    silence: Prose
    wording: Prose


def exercises(evidence: Evidence) -> Auditing:
    """Return the exercises, made from the evidence."""
    return Auditing(
        supported=_bearing(evidence, "5.1", "Passages for and against", SUPPORTED),
        silent=_bearing(evidence, "5.2", "Passages that come near", SILENT),
        verdicts=_verdicts(evidence),
        possible=_possible(evidence),
        tipping=_tipping(evidence),
        silence=_silence(evidence),
        wording=_wording(evidence),
    )


def claim(evidence: Evidence, claim_id: str) -> str:
    """Return a claim in the ledger's words, with what was made countable."""
    row = evidence.claims.set_index("claim_id").loc[claim_id]
    return f"{row['claim']} What counts: {row['quantity']}"


def meanings() -> CaptionedTable:
    """Return the verdicts and what each says."""
    table = pd.DataFrame({"What it says": MEANINGS}).rename_axis("Verdict")
    return CaptionedTable(table, "Verdicts")


def to_judge(evidence: Evidence) -> CaptionedTable:
    """Return the claims that are to be given a verdict, in the ledger's words."""
    rows = evidence.claims.set_index("claim_id").loc[list(TO_JUDGE), ["claim", "quantity"]]
    return CaptionedTable(rows.set_axis(["Claim", "What counts"], axis=1).rename_axis("Key"), "Claims to judge")


def _bearing(evidence: Evidence, number: str, title: str, claim_id: str) -> Comparison:
    links = evidence.claim_evidence[evidence.claim_evidence["claim_id"] == claim_id].set_index("extract_id")
    ids = list(evidence.extracts["extract_id"])
    nothing = "The ledger does not link it to this claim."
    record = {
        one: Judged(
            links["bearing"].get(one, NO_BEARING),
            links["rationale"].get(one, nothing),
            passage_texts.shown(evidence, one).text,
        )
        for one in ids
    }
    return Comparison(
        number,
        title,
        f"{claim(evidence, claim_id)} Which passages bear on it, and how?",
        (
            "Take the claim apart: who, does what, with what result? Ask of a passage which of these it shows.",
            "A passage of a document says what should be, and shows nobody's conduct: it is context at most.",
        ),
        record,
        {bearing: bearing for bearing in (*BEARINGS, NO_BEARING)},
        "The record is the ledger of the compendium, criticised by two sessions of the language model that wrote it.",
        words=passage_texts.shown(evidence, ids[0]).kind,
        left_out=NO_BEARING,
    )


def _verdicts(evidence: Evidence) -> Comparison:
    found, texts = claims.find(evidence), evidence.claims.set_index("claim_id")["claim"]
    return Comparison(
        "5.3",
        "Your verdicts",
        "Give each claim a verdict. Look up what you need: the passages, the tables above, the notebooks before this "
        "one.",
        (
            "First ask whether any published passage could speak for the claim or against it.",
            "Then: is it about what there is (a passage shows it, or none does), or about more and less (counts "
            "decide)?",
        ),
        {one: Judged(found[one].verdict, found[one].summary, texts[one]) for one in TO_JUDGE},
        {verdict: verdict for verdict in claims.VERDICTS},
        "The record is computed from the passages, their codes and the links of the ledger.",
        noun="claim",
        words="What is claimed",
    )


def _passages_in(evidence: Evidence, row: str, column: str, which: str) -> list[str]:
    """Return the passages of a cell of stage by power: `extracts` as coded, `possible` in some reading."""
    table = crosstabs.crosstab(evidence, Axis("power"), Axis("stage", basis=BASES[-1]))
    cell = table[(table["row"] == row) & (table["column"] == column)]
    return [extract for extracts in cell[which] for extract in extracts]


def readings_open(evidence: Evidence) -> CaptionedTable:
    """Return the passages of the power that the turning claim speaks of, with every stage that each may be read as."""
    (power,), _ = _region(evidence)
    extracts = _passages_in(evidence, power, vocabulary.ALL, "extracts")
    stages = crosstabs.options(evidence, Axis("stage", basis=BASES[-1]))
    rows = {one: _stages(stages[stages["extract_id"] == one]) for one in extracts}
    shown = pd.DataFrame.from_dict(rows, orient="index", columns=["As coded", "Also allowed"])
    shown.insert(
        0,
        passage_texts.shown(evidence, extracts[0]).kind,
        [passage_texts.shown(evidence, one).text for one in extracts],
    )
    return CaptionedTable(
        shown.rename_axis("Passage"), f"Passages of {power} power, and the stages that their words or lead-in allow"
    )


def _stages(options: pd.DataFrame) -> Sequence[str]:
    return [", ".join(options.loc[options["primary"] == primary, "code"]) for primary in (True, False)]


def _region(evidence: Evidence) -> tuple[Sequence[str], Sequence[str]]:
    ledger = claims.ledger(evidence).claims
    args = ledger.loc[ledger["claim_id"] == TURNING, "args"].iloc[0]
    return args["rows"], args["columns"]


def _possible(evidence: Evidence) -> Selection:
    (power,), (stage,) = _region(evidence)
    of_power = _passages_in(evidence, power, vocabulary.ALL, "extracts")
    possible = [one for one in _passages_in(evidence, power, stage, "possible") if one in of_power]
    coded = len(_passages_in(evidence, power, stage, "extracts"))
    return Selection(
        "5.4",
        "Which passages could bear it out?",
        f"{claim(evidence, TURNING)} Which passages of {power} power stand in {stage}, as coded or in another allowed "
        "reading?",
        (
            "Look down the columns of the table above.",
            "What is allowed counts as much here as what was chosen.",
        ),
        frozenset(possible),
        dict.fromkeys(of_power, ""),
        f"As coded, {formatting.in_words(coded) if coded else 'none'} of them {'stands' if coded == 1 else 'stand'} "
        f"there; {formatting.listed(possible)} may be read as {stage}.",
    )


def _tipping(evidence: Evidence) -> Number:
    pattern = _pattern(evidence)
    right = len(pattern.tipping or {})
    return Number(
        "5.5",
        "What would turn it?",
        "As coded, the claim is not borne out. At least how many of these passages have to be read otherwise so that "
        "it is?",
        (
            "The claim says that some of the evidence lies there. How much is some?",
            "Think of the smallest change, not of all that may be changed.",
        ),
        right,
        f"{formatting.counted(right, 're-reading').capitalize()} will do, for instance that of "
        f"{formatting.listed(list(pattern.tipping or {}))}. The claim is borne out in "
        f"{formatting.portion(pattern.share)} "
        "of all allowed readings. That is no probability, since nobody says that all readings are equally plausible.",
        {pattern.highest: "So many may be read otherwise. How many have to be?"},
    )  # fmt: skip


def _pattern(evidence: Evidence) -> claims.Pattern:
    """Return what the readings of passages, with lead-ins, do to the claim that depends on them."""
    found = claims.find(evidence)[TURNING].patterns
    return next(one for one in found if (one.basis, one.unit) == (BASES[-1], "passage"))


def _silence(evidence: Evidence) -> Prose:
    return Prose(
        "5.6",
        "Word a silence fairly",
        f"{claim(evidence, SILENT)} No printed passage shows it. Write the sentence that an author of the article "
        "would find fair, and a sceptical reader clear.",
        (
            "Say what you looked at, what you did not find in it, and what you did not look at.",
            "The passages were chosen to illustrate. What follows from what was not chosen?",
        ),
        f"{claims.SILENCE}",
        "The ledger's sentence:",
        (
            PatternHint(
                r"\b(false|wrong|untrue|disprov\w*|refut\w*|reject\w*|contradict\w*|fail\w*|never|do(es)? not)\b",
                "Does it say more than that nothing is printed? That something was not chosen for print does not "
                "make it untrue.",
            ),
            PatternHint(
                r"\b(print\w*|publish\w*|cite\w*|quot\w*|article|passages?)\b",
                "Say what you looked at: what is printed.",
                True,
            ),
            PatternHint(
                r"\b(transcripts?|interviews?|elsewhere|may|might|could|perhaps)\b",
                "Leave room for what you could not look at.",
                True,
            ),
            PatternHint(r"\bsignificant\w*\b", "Nothing was tested here, so nothing is significant."),
        ),
        least=len(claims.SILENCE.split()),  # the ledger's own sentence has to be long enough
        points=("It names what was looked at.", "It leaves room for the transcripts.", "It blames nobody."),
    )  # fmt: skip


def _wording(evidence: Evidence) -> Prose:
    turning = formatting.listed(list(_pattern(evidence).tipping or {}))
    return Prose(
        "5.7",
        "Word a verdict that depends on the reading",
        f"{claim(evidence, TURNING)} Write its verdict, so that somebody who reads only this sentence is not misled.",
        (
            "Give what was found as coded, and what the other allowed readings do to it.",
            "Name a passage on which it turns.",
        ),
        f"{claims.find(evidence)[TURNING].summary} {turning}, read otherwise, would be enough.",
        "The ledger's verdict, with a passage on which it turns:",
        (
            PatternHint(r"\b(read\w*|coded|coding)\b", "Say that it depends on how passages are read.", True),
            PatternHint(r"\b[TF]\d\d\b", "Name a passage, so that others can look for themselves.", True),
            PatternHint(r"\b(probab\w*|likel[yi]\w*|chance\w*)\b", "A share of readings is no probability."),
            PatternHint(r"\b(prove[sdn]?|significant\w*|confirm\w*)\b", "Can selected passages carry such a word?"),
        ),
        points=("It says what was found as coded.", "It says how far readings matter.", "It names a passage."),
    )


def interviews_ended(evidence: Evidence) -> str:
    """Return the month of the last interview, in words."""
    return formatting.date(evidence.study.interviews_to)
