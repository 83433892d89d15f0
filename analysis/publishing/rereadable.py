"""What a page needs to read passages otherwise: codes, passages with all that they allow, and no claims yet."""

import json
from collections.abc import Iterator
from typing import Any

from analysis.counting.allowed_codes import allowed_codes, context_only
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence


def material(evidence: Evidence, cite: str, basis: str = "any") -> dict[str, Any]:
    """Return the material of a study without claims; `cite` is how a re-reading is cited, up to what is re-read.

    A coding of a passage is `[code, alternative, stance, counts]`: the place of the code in its facet, whether it is an
    alternative (1) or primary (0), the place of the stance in `stances`, and whether it rests on `basis`.
    """
    return {
        "facets": [_facet(evidence, *row) for row in evidence.facets[["facet", "exclusive"]].to_numpy().tolist()],
        "rows": evidence.facets["facet"].iloc[0],
        "stances": vocabulary.STANCES,
        "units": vocabulary.UNITS,
        "passages": list(_passages(evidence, basis)),
        "contextOnly": sorted(context_only(evidence), key=evidence.places.__getitem__),
        "depends": "",
        "marks": {},
        "claims": {},
        "steps": [],
        "cite": cite,
    }


def script(material: dict[str, Any]) -> bytes:
    """Return the material as a script, since pages that are opened from a folder cannot fetch data."""
    content = json.dumps(material, ensure_ascii=False, separators=(",", ":"))
    return f"(globalThis.compendium ??= {{}}).rereadMaterial = {content};\n".encode()


def _facet(evidence: Evidence, facet: str, exclusive: bool) -> dict[str, Any]:
    """Return a facet with its codes in the order of the tree: id, name, and the code's place at each level."""
    levels, order = code_tree.levels(evidence.codes, facet), code_tree.in_tree_order(evidence.codes, facet)
    names, place = code_tree.names(evidence.codes, facet), {code: n for n, code in enumerate(order)}
    up = [code_tree.rolled_up(evidence.codes, facet, level) for level in levels]

    def at(code: str | None) -> int | None:
        return None if code is None else place[code]

    codes = [[code, names[code], [at(of_level[code]) for of_level in up]] for code in order]
    return {"name": facet, "exclusive": bool(exclusive), "levels": levels, "codes": codes}


def _passages(evidence: Evidence, basis: str) -> Iterator[list[Any]]:
    """Yield passages in the order of the evidence: id, statement, interviewee, printed in a table, codings."""
    facets = list(evidence.facets["facet"])
    place = {
        facet: {code: n for n, code in enumerate(code_tree.in_tree_order(evidence.codes, facet))} for facet in facets
    }
    counted = vocabulary.BASES[basis]
    codings: dict[str, list[list[Any]]] = {extract: [[] for _ in facets] for extract in evidence.places}
    record = evidence.record
    primary = set(
        record.loc[record["role"] == "primary", ["extract_id", "facet", "code_id"]].itertuples(index=False, name=None)
    )
    for one in allowed_codes(evidence):
        codings[one.extract_id][facets.index(one.facet)].append(
            [
                place[one.facet][one.code_id],
                int(one[:3] not in primary),
                vocabulary.STANCES.index(one.stance),
                int(one.basis in counted),
            ]
        )
    units = evidence.passages.astype(object).where(evidence.passages.notna(), None)
    in_table = evidence.extracts["form"].eq("table").astype(int)
    columns = (units[name].tolist() for name in ("extract_id", "statement", "interviewee"))
    for extract, statement, interviewee, printed in zip(*columns, in_table.tolist(), strict=True):
        yield [extract, statement, interviewee, printed, codings[extract]]
