"""Random small studies, and every reading of one walked through with plain loops: the oracle of several tests."""

import json
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from analysis.study.evidence import Evidence, Study
from analysis.study.vocabulary import BASES, CONTEXT, COUNTERS, UNCODED

Rows = list[tuple[Any, ...]]

COLUMNS = {
    "sources": "source_id label kind title published",
    "facets": "facet exclusive ordered description",
    "codes": "facet code_id level parent_id position name definition include exclude boundary",
    "extracts": "extract_id source_id section form repeats gist",
    "fragments": "owner_id n words fingerprint cited_as",
    "codings": "extract_id coder_id facet code_id role stance basis rationale",
    "coders": "coder_id kind description",
}


def made(codes: Rows, passages: Rows, codings: Rows, exclusive: dict[str, bool] | None = None) -> Evidence:
    """Make a small study in memory, not validated.

    `codes` are (facet, code, level, parent), `passages` (extract, source, repeats), where a source
    that begins with P is an interviewee, and `codings` (extract, facet, code, role, stance, basis).
    """
    facets = sorted({code[0] for code in codes})
    exclusive = exclusive or {}
    sources = sorted({source for _, source, _ in passages})
    position: dict[tuple[str, str], int] = {}

    def placed(facet: str, code: str, level: str, parent: str) -> tuple[Any, ...]:
        place = position[facet, parent] = position.get((facet, parent), 0) + 1
        return facet, code, level, parent, place, code.capitalize(), "", "", "", ""

    tables: dict[str, Rows] = {
        "sources": [(s, s, "interviewee" if s.startswith("P") else "document", "", "2019-11") for s in sources],
        "facets": [(facet, exclusive.get(facet, True), False, "") for facet in facets],
        "codes": [placed(*code) for code in codes],
        "extracts": [(e, source, "3.2", "table", repeats, f"Gist {e}") for e, source, repeats in passages],
        "fragments": [],
        "codings": [(e, "us", facet, code, role, stance, basis, "") for e, facet, code, role, stance, basis in codings],
        "coders": [("us", "person", "")],
    }
    frames = {name: pd.DataFrame(rows, columns=COLUMNS[name].split()) for name, rows in tables.items()}
    facts = Study({}, len(sources), "2017-04", "2018-11", dict.fromkeys(facets, ("us",)))
    return Evidence(study=facts, **frames)


def described(package: Path) -> dict[str, Any]:
    """Return the description of a data package."""
    found: dict[str, Any] = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    return found


CODES = [
    ("power", "a", "dimension", ""),
    ("power", "b", "dimension", ""),
    ("power", "a1", "second-order", "a"),
    ("power", "a2", "second-order", "a"),
    ("power", "b1", "second-order", "b"),
    ("stage", "early", "stage", ""),
    ("stage", "late", "stage", ""),
    ("stage", "unsaid", "stage", ""),
]

STANCES = ["supports", "supports", "counters", "context"]
RESTS_ON = ["wording", "lead-in", "label", "none"]


@st.composite
def studies(draw: st.DrawFn) -> Evidence:
    """A study of up to five passages, some with alternatives; the facet power need not be exclusive."""
    exclusive = draw(st.booleans())
    size = draw(st.integers(1, 5))
    ids = [f"T{n:02d}" for n in range(1, size + 1)]
    passages = [(e, draw(st.sampled_from(["P01", "P02", "D1"])), "") for e in ids]
    passages = [
        (e, source, draw(st.sampled_from(["", *(o for o, s, r in passages[:n] if s == source and not r)])))
        for n, (e, source, _) in enumerate(passages)
    ]
    firsts = {e for e, _, repeats in passages if not repeats}
    passages = [(e, source, repeats if repeats in firsts else "") for e, source, repeats in passages]
    codings: list[tuple[Any, ...]] = []
    for e in ids:
        for facet, codes in (("power", ["a", "b", "a1", "a2", "b1"]), ("stage", ["early", "late", "unsaid"])):
            chosen = draw(st.lists(st.sampled_from(codes), unique=True, max_size=3))
            for n, code in enumerate(chosen):
                role = "primary" if n == 0 else "alternative"
                if facet == "power" and not exclusive:
                    role = draw(st.sampled_from(["primary", "alternative"]))
                codings.append((e, facet, code, role, draw(st.sampled_from(STANCES)), draw(st.sampled_from(RESTS_ON))))
    return made(CODES, passages, codings, {"power": exclusive})


ROLLED = {"a": {"dimension": "a"}, "b": {"dimension": "b"}} | {
    code: {"dimension": code[0], "second-order": code} for code in ("a1", "a2", "b1")
}


def every_reading(study: Evidence, level: str, basis: str) -> Iterator[list[tuple[str, str, str]]]:
    """Yield the places (extract, row, column) of all passages in each reading, the reading of record first."""
    ids = list(study.extracts["extract_id"])
    exclusive = study.facets.set_index("facet")["exclusive"].to_dict()

    def readings(extract: str, facet: str) -> list[list[tuple[str, str]]]:
        """Return what a passage can be read as: lists of (code, stance), the reading of record first."""
        codings: Iterable[Any] = study.codings.itertuples()
        given = [row for row in codings if row.extract_id == extract and row.facet == facet]
        rows = [row for row in given if facet == "power" or row.basis in BASES[basis]]
        left_out = [row.stance for row in given if row.role == "primary"]
        found = {
            role: [
                (ROLLED[row.code_id].get(level, UNCODED) if facet == "power" else row.code_id, row.stance)
                for row in rows
                if row.role == role
            ]
            for role in ("primary", "alternative")
        }
        of_record = found["primary"] or [(UNCODED, next((s for s in (CONTEXT, COUNTERS) if s in left_out), "supports"))]
        if exclusive[facet]:
            return [of_record] + [[other] for other in found["alternative"]]
        return [
            [*found["primary"], *others] or of_record
            for size in range(len(found["alternative"]) + 1)
            for others in combinations(found["alternative"], size)
        ]

    def places(extract: str, rows: list[tuple[str, str]], columns: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
        return [
            (extract, row, next((s for s in (CONTEXT, COUNTERS) if s in (row_stance, column_stance)), column))
            for (row, row_stance), (column, column_stance) in product(rows, columns)
        ]

    # product() takes the last options fastest, so the first reading is the one of all first choices.
    options = [[places(e, *codes) for codes in product(readings(e, "power"), readings(e, "stage"))] for e in ids]
    for reading in product(*options):
        yield [place for passage in reading for place in passage]
