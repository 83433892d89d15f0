"""Random small studies, and every reading of one walked through with plain loops: the oracle of several tests."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from conftest import made
from hypothesis import strategies as st

from analysis.counts import BASES, CONTEXT, COUNTERS, UNCODED
from analysis.evidence import Evidence

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
        given = [row for row in study.codings.itertuples() if row.extract_id == extract and row.facet == facet]
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
