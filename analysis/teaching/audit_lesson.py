"""Notebook 5, auditing a claim: passages that bear on it, its verdict, and how to word a silence."""

from collections.abc import Sequence
from types import SimpleNamespace

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis import claims
from analysis.reanalysis.claims import BASES, BEARINGS
from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.teaching import passage_texts
from analysis.teaching.comparisons import Comparison, Judged, Prose
from analysis.teaching.exercises import Number, Selection
from analysis.teaching.lesson_texts import Lesson

#: A claim that some passages illustrate and another counters, so that both kinds of bearing can be found.
SUPPORTED = "C72"
#: A claim with passages that come near and do not show it: the silence to be worded.
SILENT = "C48"
#: A claim about a pattern that the coding of record does not support and most other allowed readings do.
TURNING = "C58"
#: Claims that have every verdict that any claim has, so that all verdicts are needed.
TO_JUDGE = ("C01", "C05", "C11", SILENT, "C57", TURNING, SUPPORTED)
NO_BEARING = "no bearing"
STAGE = Axis("stage", basis=BASES[-1])

_LESSON = Lesson("audit")
#: What each verdict says.
MEANINGS: dict[str, str] = _LESSON.texts["meanings"]


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    found, texts = claims.find(evidence), evidence.claims.set_index("claim_id")["claim"]
    pattern = next(one for one in found[TURNING].patterns if (one.basis, one.unit) == (BASES[-1], "passage"))
    tipping = list(pattern.tipping or {})
    return SimpleNamespace(
        supported=_bearing(evidence, "supported", SUPPORTED),
        silent=_bearing(evidence, "silent", SILENT),
        verdicts=_LESSON.exercise(
            Comparison,
            "verdicts",
            record={one: Judged(found[one].verdict, found[one].summary, texts[one]) for one in TO_JUDGE},
            options={verdict: verdict for verdict in claims.VERDICTS},
        ),
        possible=_possible(evidence),
        tipping=_LESSON.exercise(
            Number,
            "tipping",
            {"fewest": len(tipping), "passages": tipping, "share": pattern.share},
            right=len(tipping),
            mistakes={"highest": pattern.highest},
        ),
        silence=_LESSON.exercise(
            Prose,
            "silence",
            {"claim": claim(evidence, SILENT)},
            record=claims.SILENCE,
            least=len(claims.SILENCE.split()),  # the ledger's own sentence has to be long enough
        ),
        wording=_LESSON.exercise(
            Prose,
            "wording",
            {"claim": claim(evidence, TURNING), "verdict": found[TURNING].summary, "passages": tipping},
        ),
    )


def claim(evidence: Evidence, claim_id: str) -> str:
    """Return a claim in the ledger's words, with what counts as support for it."""
    row = evidence.claims.set_index("claim_id").loc[claim_id]
    return f"{row['claim']} What counts: {row['quantity']}"


def meanings() -> CaptionedTable:
    """Return the verdicts and what each says."""
    return CaptionedTable(pd.DataFrame({"What it says": MEANINGS}).rename_axis("Verdict"), "Verdicts")


def to_judge(evidence: Evidence) -> CaptionedTable:
    """Return the claims that are to be given a verdict, in the ledger's words."""
    rows = evidence.claims.set_index("claim_id").loc[list(TO_JUDGE), ["claim", "quantity"]]
    return CaptionedTable(rows.set_axis(["Claim", "What counts"], axis=1).rename_axis("Key"), "Claims to judge")


def readings_open(evidence: Evidence) -> CaptionedTable:
    """Return the passages of the power that claim TURNING is about, with every stage that each may be read as."""
    power, _ = _region(evidence)
    extracts = _passages_in(evidence, power, vocabulary.ALL, "extracts")
    stages = crosstabs.options(evidence, STAGE)
    kind = passage_texts.shown(evidence, extracts[0]).kind
    rows = {
        one: [passage_texts.shown(evidence, one).text, *_stages(stages[stages["extract_id"] == one])]
        for one in extracts
    }
    shown = pd.DataFrame.from_dict(rows, orient="index", columns=[kind, "As coded", "Also allowed"])
    caption = f"Passages of {power} power, and the stages that their words or lead-in allow"
    return CaptionedTable(shown.rename_axis("Passage"), caption)


def interviews_ended(evidence: Evidence) -> str:
    """Return the month of the last interview, in words."""
    return formatting.date(evidence.study.interviews_to)


def _bearing(evidence: Evidence, name: str, claim_id: str) -> Comparison:
    links = evidence.claim_evidence[evidence.claim_evidence["claim_id"] == claim_id].set_index("extract_id")
    nothing = "The ledger does not link it to this claim."
    passages = {one: passage_texts.shown(evidence, one) for one in evidence.extracts["extract_id"]}
    return _LESSON.exercise(
        Comparison,
        name,
        {"claim": claim(evidence, claim_id)},
        record={
            key: Judged(links["bearing"].get(key, NO_BEARING), links["rationale"].get(key, nothing), passage.text)
            for key, passage in passages.items()
        },
        options={bearing: bearing for bearing in (*BEARINGS, NO_BEARING)},
        words=next(iter(passages.values())).kind,
        left_out=NO_BEARING,
    )


def _possible(evidence: Evidence) -> Selection:
    power, stage = _region(evidence)
    of_power = _passages_in(evidence, power, vocabulary.ALL, "extracts")
    possible = [one for one in _passages_in(evidence, power, stage, "possible") if one in of_power]
    coded = len(_passages_in(evidence, power, stage, "extracts"))
    return _LESSON.exercise(
        Selection,
        "possible",
        {"claim": claim(evidence, TURNING), "power": power, "stage": stage, "coded": coded, "possible": possible},
        right=frozenset(possible),
        among=dict.fromkeys(of_power, ""),
    )


def _region(evidence: Evidence) -> tuple[str, str]:
    """Return the kind of power and the stage that claim TURNING is about."""
    ledger = claims.ledger(evidence).claims
    args = ledger.loc[ledger["claim_id"] == TURNING, "args"].iloc[0]
    (power,), (stage,) = args["rows"], args["columns"]
    return power, stage


def _passages_in(evidence: Evidence, row: str, column: str, which: str) -> list[str]:
    """Return the passages of a cell of stage by power: `extracts` as coded, `possible` in some reading."""
    table = crosstabs.crosstab(evidence, Axis("power"), STAGE)
    cell = table[(table["row"] == row) & (table["column"] == column)]
    return [extract for extracts in cell[which] for extract in extracts]


def _stages(options: pd.DataFrame) -> Sequence[str]:
    return [", ".join(options.loc[options["primary"] == primary, "code"]) for primary in (True, False)]
