"""The codebook: every code with its rules, its place in the tree, its counts, its passages and the claims on them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.display.html_elements import bullets, facts, folded, heading, row, table, text
from analysis.site.html.naming import Names
from analysis.site.pages import ledger
from analysis.site.site_error import SiteError
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting

Code = Mapping[Any, str]  # a row of the codebook

RULES = {"definition": "Definition", "include": "Include", "exclude": "Exclude", "boundary": "Boundary case"}
STANCES = ("supports", "counters", "context")
UNITS = {"passage": "Passages", "statement": "Distinct statements", "interviewee": "Interviewees"}


def codes_of(evidence: Evidence, here: str, facet: str, depth: int = 2) -> str:
    """Return a section for each code of a facet, in the order of the tree; `depth` is that of the highest headings."""
    names, levels = Names(evidence, here), code_tree.levels(evidence.codes, facet)
    found = [_of(evidence, code) for code in code_tree.in_tree_order(evidence.codes, facet)]
    return "".join(
        heading(levels.index(code["level"]) + depth, code["name"], code["code_id"]) + _section_text(names, code)
        for code in found
    )


def code_tree_list(evidence: Evidence, here: str) -> str:
    """Return all codes as nested lists, facet by facet, each with its supporting passages and interviewees."""
    return "".join(
        f"{heading(3, facet.capitalize(), f'tree-{facet}')}"
        f"<p>{text(description)}</p>{_branch(Names(evidence, here), facet, '')}"
        for facet, description in evidence.facets[["facet", "description"]].to_numpy().tolist()
    )


def what_counts(evidence: Evidence, here: str) -> str:
    """Return for each code its definition, a clear case and the boundary case, as a table to look up."""
    names = Names(evidence, here)
    rows = [
        (
            names.to(code["code_id"]),
            text(code["definition"]),
            _example(names, code),
            names.within(code["boundary"]),
        )
        for code in evidence.codes.to_dict("records")
    ]
    return table(
        "Each code with an example and its boundary case",
        ("Code", "It counts if", "Example", "Boundary case"),
        map(row, rows),
    )


def _example(names: Names, code: Code) -> str:
    """Return a passage that supports a code: a clear one, or the first with the word that none is clear."""
    supporting = _behind(names.evidence, code, ("supports",))
    if not supporting:
        return "none published"
    clear = [extract for extract in supporting if _is_clear(names.evidence, code, extract)]
    return names.to(clear[0]) if clear else f"{names.to(supporting[0])}, no clear case"


def _is_clear(evidence: Evidence, code: Code, extract: str) -> bool:
    """Say whether a passage allows no other code of the facet, and is not a boundary case of this one or of its own."""
    record = evidence.record
    allowed = record[(record["facet"] == code["facet"]) & (record["extract_id"] == extract)]
    rules = [code, *(_of(evidence, own) for own in allowed["code_id"])]
    return set(allowed["role"]) == {"primary"} and not any(extract in rule["boundary"] for rule in rules)


def _section_text(names: Names, code: Code) -> str:
    rules = ((term, names.within(code[field])) for field, term in RULES.items())
    return (
        f'<div class="code"><p class="place">{_place(names, code)}</p>{facts(rules)}'
        f"{_counted(names.evidence, code)}{_passages(names, code)}{_claims(names, code)}</div>"
    )


def _place(names: Names, code: Code) -> str:
    """Describe the place of a code in its tree."""
    codes = names.evidence.codes
    children = codes[(codes["facet"] == code["facet"]) & (codes["parent_id"] == code["code_id"])]
    below = names.each(children.sort_values("position")["code_id"])
    level = "Code" if code["level"] == code["facet"] else f"{code['level'].capitalize()} code"
    return (
        f"{level} of the facet {code['facet']}"
        + (f", under {names.to(code['parent_id'])}" if code["parent_id"] else "")
        + (f". Below it: {below}" if len(children) else "")
        + f". Its name in the data: <code>{code['code_id']}</code>."
    )


def _counted(evidence: Evidence, code: Code) -> str:
    """Return the counts of a code in three units, with their range over all readings."""
    heads = ("Counted", *UNITS.values())
    rows = []
    for basis, name in _bases(code["facet"]):
        found = _crosstabs(evidence, code["facet"], code["level"], basis)
        of_code = found[found["row"] == code["code_id"]]
        labels = {vocabulary.ALL: name, vocabulary.COUNTERS: "against", vocabulary.CONTEXT: "context"}
        for column, label in labels.items():
            cells = of_code[of_code["column"] == column][["count", "lowest", "highest"]].to_numpy().tolist()
            if column == vocabulary.ALL or (any(cell[2] for cell in cells) and basis != "wording"):
                rows.append((text(label), *(formatting.count_with_range(*cell) for cell in cells)))
    return table(
        f"How much is printed for {code['name']}; in brackets the range over all readings", heads, map(row, rows)
    )


def _bases(facet: str) -> tuple[tuple[str, str], ...]:
    """Return the bases on which codes of a facet are counted; power rests on the words of the article alone."""
    if facet == "power":
        return (("any", "supporting"),)
    return (("wording", "supporting, on wording alone"), ("lead-in", "supporting, with lead-ins"))


@lru_cache(maxsize=16)
def _crosstabs(evidence: Evidence, facet: str, level: str, basis: str) -> pd.DataFrame:
    other = "stage" if facet == "power" else "power"
    return crosstabs.crosstab_in_units(evidence, Axis(facet, level, basis), Axis(other))


def _passages(names: Names, code: Code) -> str:
    """List the passages coded to a code itself, those that another reading would put there, and what was not kept."""
    rows = names.evidence.codings
    rows = rows[(rows["facet"] == code["facet"]) & (rows["code_id"] == code["code_id"])]
    own = rows[rows.index.isin(names.evidence.record.index)]
    primary, other = own[own["role"] == "primary"], own[own["role"] == "alternative"]
    struck = rows[~rows["extract_id"].isin(own["extract_id"])]
    through = [e for e in _behind(names.evidence, code) if e not in set(primary["extract_id"])]
    return (
        f"<p><strong>Passages coded to it</strong>{'' if len(primary) else ': none directly'}</p>"
        + bullets(_coded(names, primary), "passages", searched=False)
        + (f"<p>Through the codes below it: {names.each(through)}.</p>" if through else "")
        + folded(f"Passages that another reading would put here: {len(other)}", _with_reasons(names, other))
        + folded(f"Choices of a reader that were not kept: {len(struck)}", _with_reasons(names, struck))
    )


def _coded(names: Names, rows: pd.DataFrame) -> Iterator[str]:
    for extract, stance, basis in rows[["extract_id", "stance", "basis"]].to_numpy().tolist():
        yield names.with_gist(extract, f"{stance}; basis: {basis}")


def _with_reasons(names: Names, rows: pd.DataFrame) -> str:
    given = zip(_coded(names, rows), rows["coder_id"], rows["rationale"], strict=True)
    items = (f"{coding} <small>{coder}: {names.within(why)}</small>" for coding, coder, why in given)
    return bullets(items, "passages", searched=False)


def _claims(names: Names, code: Code) -> str:
    """List the claims that name a code, and for power those on which its passages bear."""
    links = names.evidence.claim_evidence
    naming = [c for c, named in ledger.codes_named(names.evidence).items() if code["code_id"] in named]
    # Every claim rests on passages of some stage, so that there it would say nothing.
    behind = _behind(names.evidence, code) if code["facet"] == "power" else []
    resting = list(dict.fromkeys(links.loc[links["extract_id"].isin(behind), "claim_id"]))
    return folded(f"Claims that name this code: {len(naming)}", ledger.listed(names, naming)) + folded(
        f"Claims on which its passages bear: {len(resting)}", ledger.listed(names, resting)
    )


def _branch(names: Names, facet: str, parent: str) -> str:
    """Return the codes below a parent as a list, each with its counts and with those below it."""
    codes = names.evidence.codes
    children = codes[(codes["facet"] == facet) & (codes["parent_id"] == parent)].sort_values("position")
    return bullets(
        f"{names.to(code['code_id'])} <small>{_briefly(names.evidence, code)}</small>"
        f"{_branch(names, facet, code['code_id'])}"
        for code in children.to_dict("records")
    )


def _briefly(evidence: Evidence, code: Code) -> str:
    found = _crosstabs(evidence, code["facet"], code["level"], _bases(code["facet"])[-1][0])
    of_code = found[(found["row"] == code["code_id"]) & (found["column"] == vocabulary.ALL)].set_index("unit")
    counts = (formatting.count_with_range(*of_code.loc[unit, ["count", "lowest", "highest"]]) for unit in UNITS)
    return "; ".join(f"{name.lower()}: {count}" for name, count in zip(UNITS.values(), counts, strict=True))


def _behind(evidence: Evidence, code: Code, stances: tuple[str, ...] = STANCES) -> list[str]:
    """Return the passages whose primary code of record is a code or one below it, with one of some stances."""
    below = _below(evidence, code["code_id"])
    record = evidence.record
    own = record[(record["facet"] == code["facet"]) & (record["role"] == "primary") & record["stance"].isin(stances)]
    return list(own.loc[own["code_id"].isin(below), "extract_id"])


@lru_cache(maxsize=256)  # a page asks for the same code in several places
def _below(evidence: Evidence, code: str) -> tuple[str, ...]:
    """Return a code and those below it, in the order of the tree."""
    found = _of(evidence, code)
    up = code_tree.rolled_up(evidence.codes, found["facet"], found["level"])
    return tuple(one for one in code_tree.in_tree_order(evidence.codes, found["facet"]) if up[one] == code)


def _of(evidence: Evidence, code: str) -> Code:
    """Return the row of a code; raise SiteError where there is none."""
    found = _rows(evidence).get(code)
    if found is None:
        raise SiteError(f"There is no code {code!r}. Look at its spelling, or at codes.csv.")
    return found


@lru_cache(maxsize=4)  # pages ask for codes hundreds of times
def _rows(evidence: Evidence) -> Mapping[str, Code]:
    return {row["code_id"]: row for row in evidence.codes.to_dict("records")}
