"""What lesson files may compute and show of the article's claims and their verdicts; for the compendium's study."""

from fractions import Fraction

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis import claims, tables_for_readers
from analysis.reanalysis.claims import BASES, BEARINGS, Pattern
from analysis.support import formatting
from analysis.teaching.comparisons import Judged
from analysis.teaching.lesson_measures import Measure, MeasureError, Of, Option, Options
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_tables import Shown

_CLAIM = Option(Of.TEXT, "the key of the claim")


def _row(setting: Setting, claim: str) -> dict[str, str]:
    """Return a claim of the ledger by the names of the columns."""
    rows = setting.evidence.claims.set_index("claim_id").to_dict("index")
    if claim not in rows:
        raise MeasureError(f"The study has no claim {claim!r}. Take a key of the table of claims.")
    return {str(name): str(value) for name, value in rows[claim].items()}


def _claim(setting: Setting, options: Options) -> str:
    row = _row(setting, options["claim"])
    return f"{row['claim']} What counts: {row['quantity']}"


def _pattern(setting: Setting, options: Options) -> Pattern:
    """Return what was found of a claim about more and less, in passages and with lead-ins."""
    _row(setting, options["claim"])
    found = claims.find(setting.evidence)[options["claim"]].patterns
    chosen = [one for one in found if (one.basis, one.unit) == (BASES[-1], "passage")]
    if not chosen:
        raise MeasureError(f"{options['claim']} is no claim about more and less. Take another.")
    return chosen[0]


def _turned_by(setting: Setting, options: Options) -> list[str]:
    return list(_pattern(setting, options).tipping or {})


def _share(setting: Setting, options: Options) -> Fraction | float | None:
    return _pattern(setting, options).share


def _verdict(setting: Setting, options: Options) -> str:
    _row(setting, options["claim"])
    return claims.find(setting.evidence)[options["claim"]].summary


def _bearings(setting: Setting, options: Options) -> dict[str, Judged]:
    """Return for every passage how the ledger links it to a claim."""
    _row(setting, options["claim"])
    links = setting.evidence.claim_evidence
    links = links[links["claim_id"] == options["claim"]].set_index("extract_id")
    nothing = "The ledger does not link it to this claim."
    return {
        key: Judged(
            links["bearing"].get(key, options["none"]), links["rationale"].get(key, nothing), setting.shown(key).text
        )
        for key in setting.passages()
    }


def _verdicts(setting: Setting, options: Options) -> dict[str, Judged]:
    found = claims.find(setting.evidence)
    return {
        one: Judged(found[one].verdict, found[one].summary, _row(setting, one)["claim"]) for one in options["claims"]
    }


def _interviews_ended(setting: Setting, _options: Options) -> str:
    return formatting.date(setting.evidence.study.interviews_to)


MEASURES: dict[str, Measure] = {
    "claim": Measure("A claim in the ledger's words, with what counts as support for it.", {"claim": _CLAIM}, _claim),
    "verdict": Measure("The verdict on a claim in a sentence.", {"claim": _CLAIM}, _verdict),
    "claim-turned-by": Measure(
        "A smallest set of passages that, read differently, turn a claim about more and less.",
        {"claim": _CLAIM},
        _turned_by,
    ),
    "claim-share": Measure(
        "The share of readings in which a claim about more and less is supported.", {"claim": _CLAIM}, _share
    ),
    "silence": Measure("The ledger's sentence on a claim that no passage shows.", {}, lambda *_: claims.SILENCE),
    "bearings": Measure(
        f"How every passage bears on a claim ({formatting.listed(BEARINGS)}) by the ledger; a record for `coding`.",
        {"claim": _CLAIM, "none": Option(Of.TEXT, "the option for a passage that does not bear on it")},
        _bearings,
    ),
    "verdicts": Measure(
        "The verdicts on some claims; a record for `coding`.",
        {"claims": Option(Of.TEXTS, "the keys of the claims")},
        _verdicts,
    ),
    "interviews-ended": Measure("The month of the last interview, in words.", {}, _interviews_ended),
}


def _all_passages(setting: Setting, options: Options) -> CaptionedTable:
    extracts = setting.passages()
    shown = [setting.shown(extract) for extract in extracts]
    index = pd.Index(extracts, name=setting.words["passage"])
    return CaptionedTable(pd.DataFrame({shown[0].kind: [one.text for one in shown]}, index=index), options["caption"])


def _to_judge(setting: Setting, options: Options) -> CaptionedTable:
    rows = {one: [_row(setting, one)[name] for name in ("claim", "quantity")] for one in options["claims"]}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["Claim", "What counts"]).rename_axis("Key")
    return CaptionedTable(table, "Claims to judge")


def _documents(setting: Setting, _options: Options) -> CaptionedTable:
    return CaptionedTable(tables_for_readers.table_1(setting.evidence), "Documents that the article cites")


def _rows_of_table_2(setting: Setting, _options: Options) -> CaptionedTable:
    table = tables_for_readers.table_2(setting.evidence).drop(columns=["Gist of the passage", "Source"])
    return CaptionedTable(table, "Codes with a row in Table 2")


TABLES: dict[str, Shown] = {
    "all-passages": Shown(
        "All passages of the study, to be read.", {"caption": Option(Of.TEXT, "the caption")}, _all_passages
    ),
    "claims": Shown(
        "Claims that are to be given a verdict, in the ledger's words.",
        {"claims": Option(Of.TEXTS, "the keys of the claims")},
        _to_judge,
    ),
    "documents": Shown("The documents that the article cites, with their dates.", {}, _documents),
    "table-2-rows": Shown("The codes that have a row in Table 2 of the article.", {}, _rows_of_table_2),
}
