"""The facts about each passage with which the explorer's scripts choose, count, sort and export."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence

WORDING_ALONE = "wording-or-none"  # both bases that are counted on wording alone, together (counts.BASES)

Coding = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """The facets of the chart: that of its rows, and that of its columns, which a study with one facet lacks."""

    rows: str
    columns: str = ""

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets that there are."""
        return (self.rows, self.columns) if self.columns else (self.rows,)


def facts(evidence: Evidence, chart: Chart) -> dict[str, Any]:
    """Return the facts of a study: `facets` with their codes, and `passages` with their codings.

    Wording of a passage (gist, reasons) is not among them: scripts read it where the page shows it.
    """
    return {
        "rows": chart.rows,
        "columns": chart.columns,
        "several": list(evidence.facets.loc[~evidence.facets["exclusive"], "facet"]),
        "bases": {WORDING_ALONE: vocabulary.BASES["wording"]},
        "facets": {
            facet: [{"code": code, "path": path} for code, path in paths(evidence, facet).items()]
            for facet in evidence.facets["facet"]
        },
        "passages": list(_passages(evidence)),
    }


@lru_cache(maxsize=16)
def paths(evidence: Evidence, facet: str) -> dict[str, list[str]]:
    """Map each code of a facet, in the order of the tree, to its path from the top, itself last.

    `uncoded` stands at the end where a passage has no code of the facet.
    """
    codes = evidence.codes
    up = [code_tree.rolled_up(codes, facet, level) for level in code_tree.levels(codes, facet)]
    found = {
        code: [step for of_level in up if (step := of_level[code]) is not None]
        for code in code_tree.in_tree_order(codes, facet)
    }
    return found | ({vocabulary.UNCODED: [vocabulary.UNCODED]} if _without(evidence, facet) else {})


def codings(evidence: Evidence) -> dict[str, dict[str, list[Coding]]]:
    """Return the codings of record of each passage by facet, primary ones first; `uncoded` where it has none."""
    facets = list(evidence.facets["facet"])
    found: dict[str, dict[str, list[Coding]]] = {
        extract: {facet: [] for facet in facets} for extract in evidence.extracts["extract_id"]
    }
    record = evidence.record.sort_values("role", key=lambda role: role != "primary", kind="stable")
    columns = ["code_id", "role", "stance", "basis", "coder_id", "rationale"]
    for extract, facet, *coding in record[["extract_id", "facet", *columns]].itertuples(index=False):
        found[extract][facet].append(dict(zip(columns, coding, strict=True)))
    nothing = dict.fromkeys(columns, "") | {"code_id": vocabulary.UNCODED, "role": "primary", "stance": "supports"}
    for facet in facets:
        for extract in _without(evidence, facet):
            found[extract][facet].insert(0, nothing)
    return found


def _without(evidence: Evidence, facet: str) -> list[str]:
    """Return the passages that the coding of record gives no primary code of a facet."""
    record = evidence.record
    coded = record.loc[(record["facet"] == facet) & (record["role"] == "primary"), "extract_id"]
    extracts = evidence.extracts["extract_id"]
    return list(extracts[~extracts.isin(coded)])


def _passages(evidence: Evidence) -> Iterator[dict[str, Any]]:
    given = codings(evidence)
    units = evidence.passages.set_index("extract_id")
    spoken = units["interviewee"].notna().to_dict()
    columns = ["extract_id", "source_id", "section", "form", "repeats"]
    for extract, *rest in evidence.extracts[columns].itertuples(index=False):
        yield {
            **dict(zip(columns, (extract, *rest), strict=True)),
            "statement": units.at[extract, "statement"],
            "spoken": spoken[extract],
            "codings": {
                facet: [[coding[part] for part in ("code_id", "role", "stance", "basis")] for coding in of_facet]
                for facet, of_facet in given[extract].items()
            },
        }
