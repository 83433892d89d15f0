"""The tables of the supplement for readers: every passage, the ledger of claims, and what its readers were given."""

import re
from collections.abc import Mapping

import pandas as pd

from analysis.reanalysis import claims
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths
from analysis.support.traced_values import drawn_from

READINGS = paths.DATA / "readings"
# What is said behind a code: whether the passage supports it, and whether the stage rests on the sentence around it.
_BEHIND = {("power", "counters"): " (counters)", ("power", "context"): " (context)", ("stage", "lead-in"): " (lead-in)"}


@drawn_from("evidence/extracts.csv", "evidence/codings.csv", trace=("power", "stage", "response"))
def every_passage(evidence: Evidence) -> pd.DataFrame:
    """Every passage for readers, in the order of the article: its source, gist and codes, alternatives behind these."""
    extracts = evidence.extracts
    coded = {facet: _coded(evidence, facet) for facet in ("power", "stage", "response")}
    return pd.DataFrame(
        {
            "Source": extracts["source_id"].map(evidence.sources.set_index("source_id")["label"]),
            "Gist": extracts["gist"],
            "Code of power": extracts["extract_id"].map(coded["power"]),
            "Stage": extracts["extract_id"].map(coded["stage"]),
            "Response": extracts["extract_id"].map(coded["response"]),
        }
    ).set_axis(pd.Index(extracts["extract_id"], name="Key"))


def _coded(evidence: Evidence, facet: str) -> dict[str, str]:
    """Return the codes of each passage in words: as coded, then what else is allowed."""
    record = evidence.record[evidence.record["facet"] == facet]
    names = code_tree.names(evidence.codes, facet)
    return {
        str(extract): _codes_in_words(rows.sort_values("role", ascending=False, kind="stable"), names)
        for extract, rows in record.groupby("extract_id")
    }


def _codes_in_words(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    columns = rows[["facet", "code_id", "stance", "basis"]].to_numpy().tolist()
    return "; or ".join(
        names[code] + _BEHIND.get((facet, stance), "") + _BEHIND.get((facet, basis), "")
        for facet, code, stance, basis in columns
    )


@drawn_from("evidence/claims.csv", "derived/claims.csv", trace=claims.VERDICTS)
def claims_of(evidence: Evidence, *sections: str) -> pd.DataFrame:
    """The claims whose first section in the original is one of `sections`, with verdict and passages, for readers.

    A claim says behind its words whether it is implied, and what can be held against its verdict. A verdict that
    depends on the reading has its share of readings. A claim whose verdict is not computed has no passages.
    """
    found = claims.find(evidence)
    ledger = evidence.claims[evidence.claims["section"].str.split("; ").str[0].isin(sections)].set_index("claim_id")
    implied = ledger["origin"].map(lambda origin: "" if origin == "stated" else " (Implied.)")
    objection = ledger["objection"].map(lambda text: f" Objection: {text}" if text else "")
    return pd.DataFrame(
        {
            "What is claimed": ledger["claim"] + implied + objection,
            "Verdict": [
                f"{found[claim].verdict}: {found[claim].share}" if found[claim].share else found[claim].verdict
                for claim in ledger.index
            ],
            "Passages": [_passages(found[claim]) for claim in ledger.index],
        }
    ).rename_axis("Claim")


def _passages(found: claims.Assessment) -> str:
    sides = {
        "For": () if found.verdict in claims.NOT_COMPUTED else found.passages,
        "Against": found.against,
    }
    return " ".join(f"{side}: {', '.join(passages)}." for side, passages in sides.items() if passages)


@drawn_from("evidence/coders.csv")
def readers(evidence: Evidence) -> pd.DataFrame:
    """Every coder for readers: what kind of coder it is, and who."""
    coders = evidence.coders
    return pd.DataFrame({"Kind": coders["kind"].str.replace("-", " "), "Who": coders["description"]}).set_axis(
        pd.Index(coders["coder_id"], name="Coder")
    )


def order_of_passages(reading: str) -> pd.DataFrame:
    """The order in which each reader of a planned reading was shown the passages: their keys under neutral numbers.

    A key has behind it how many words were masked in its lead-in.
    """
    shown = pd.read_csv(READINGS / reading / "shown.csv", dtype=str, keep_default_na=False)
    masks = shown["masks"].map(lambda n: f" ({formatting.counted(int(n), 'mask')})" if int(n) else "")
    table = shown.assign(passage=shown["extract_id"] + masks).pivot(
        index="shown_as", columns="coder_id", values="passage"
    )
    return table.rename_axis(index="Number", columns=None)


def instruction(name: str, heading: str = "", caption: str = "") -> str:
    """Return an instruction or plan of `data/readings`, word for word: a whole file, or what is below one heading.

    It is Markdown for a document with headings of its own: here they are lines in bold, and a table gets a caption.
    """
    text = (READINGS / name).read_text(encoding="utf-8")
    if heading:
        _, _, below = text.partition(f"\n## {heading}\n")
        text = below.partition("\n## ")[0]
    text = re.sub(r"(?m)^#+ (.+)$", r"**\1**", text.strip())
    return re.sub(r"(?m)(^\|.*\n)(?!\|)", rf"\1\n: {caption}\n", text) if caption else text
