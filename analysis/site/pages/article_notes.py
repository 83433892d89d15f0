"""What is beside the sentences of the article: notes on passages and claims, and a grid of the passages counted."""

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import pandas as pd

from analysis.counting import crosstabs
from analysis.display.html_elements import text
from analysis.reanalysis import claims, evidence_notes
from analysis.reanalysis.article_numbers import AXES
from analysis.reanalysis.evidence_notes import Note
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages import ledger
from analysis.study import code_tree
from analysis.study.evidence import Evidence

#: A script that the page loads when its reader comes near the first key: most of it is needed by no other page.
PLACE = "article/notes.js"
_HERE = "article/index.html"


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield the script with the notes: for each key a card (HTML), its kind of power, and its cells of the grid."""
    names, powers, cells = Names(evidence, _HERE), _powers(evidence), _cells(evidence)
    found = {
        note.key: {"card": _card(names, note), "power": powers.get(note.key, ""), "cells": cells[note.key]}
        for note in evidence_notes.notes(evidence)
    }
    content = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    yield PLACE, f"(globalThis.compendium ??= {{}}).notes = {content};\n".encode()


def _card(names: Names, note: Note) -> str:
    """Return a note as what opens (its key, for a claim its verdict, and its text) and what is then shown."""
    claim = claims.find(names.evidence).get(note.key)
    mark = f"{ledger.mark(claim.verdict)} " if claim else ""
    lines = "<br>".join(f"<b>{name}</b> {names.within(value)}" for name, value in note.rows if value)
    more = names.to(note.key, f"Claim {note.key} in full" if claim else f"Passage {note.key} in full")
    return (
        f"<summary><b>{note.key}</b> {mark}<span class=say>{text(note.text)}</span></summary>"
        f"<p>{text(note.kind[0].upper() + note.kind[1:])}<br>{lines}<br>{more}</p>"
    )


@lru_cache(maxsize=4)
def _counts(evidence: Evidence) -> pd.DataFrame:
    """Return the cells of the grid, kinds of power by stage, with what `crosstab` counts in them."""
    powers, stages = _kinds(evidence)
    return crosstabs.crosstab(evidence, *AXES).set_index(["row", "column"]).loc[[*product(powers, stages)]]


def _kinds(evidence: Evidence) -> list[dict[str, str]]:
    """Return the kinds of power, and the stages, by their names."""
    names = [code_tree.names(evidence.codes, axis.facet) for axis in AXES]
    tops = [dict.fromkeys(code_tree.rolled_up(evidence.codes, axis.facet).values()) for axis in AXES]
    return [{str(code): known[str(code)] for code in top if code} for known, top in zip(names, tops, strict=True)]


def _cells(evidence: Evidence) -> dict[str, list[str]]:
    """Return for each passage the cell that counts it as coded, and for each claim those of the codes that it names."""
    powers, stages = _kinds(evidence)
    found: dict[str, list[str]] = {key: [] for key in evidence.extracts["extract_id"]}
    for cell, extracts in _counts(evidence)["extracts"].items():
        for key in extracts:
            found[key].append(" ".join(cell))  # type: ignore[arg-type]
    for key, codes in ledger.codes_named(evidence).items():
        named = product([code for code in codes if code in powers], [code for code in codes if code in stages])
        found[key] = [f"{power} {stage}" for power, stage in named]
    return found


def _powers(evidence: Evidence) -> dict[str, str]:
    """Return the kind of power of each passage, as coded, whatever its stance."""
    top = code_tree.rolled_up(evidence.codes, AXES[0].facet)
    record = evidence.record[(evidence.record["facet"] == AXES[0].facet) & (evidence.record["role"] == "primary")]
    return {key: str(top[code]) for key, code in zip(record["extract_id"], record["code_id"], strict=True)}


def _short(power: str) -> str:
    """Return the name of a kind of power (HTML), shown by its last word, with an arrow if made from the row above."""
    made_from, _, kind = power.removesuffix(" power").rpartition(" ")
    arrow = '<span aria-hidden="true">↳</span>' if made_from else ""
    return f'{arrow}<span class="only-heard">{text(made_from)} </span>{text(kind.capitalize())}'


def grid(evidence: Evidence, here: str) -> str:
    """Return the grid as a table of counts as coded, in which the page's script marks the cells of a paragraph."""
    powers, stages = _kinds(evidence)
    counts = _counts(evidence)["count"]
    heads = [f'<th scope="col"><abbr title="{text(name)}">{name[0].upper()}</abbr></th>' for name in stages.values()]
    legend = ", ".join(f"<b>{name[0].upper()}</b>{text(name[1:])}" for name in stages.values())
    rows = [
        f'<tr data-power="{power}"><th scope="row">{_short(name)}</th>'
        + "".join(f'<td data-cell="{power} {stage}">{counts[power, stage]}</td>' for stage in stages)
        for power, name in powers.items()
    ]
    explorer = permalinks.from_page(here, permalinks.EXPLORER)
    return (
        '<div class="argument"><table class="counts">'
        f'<caption><a href="{explorer}">Passages</a> by power and stage: {legend}</caption>'
        f"<thead><tr><td></td>{''.join(heads)}</tr></thead><tbody>{'</tr>'.join(rows)}</tr></tbody></table>"
        "<p hidden>Marked: cited here</p></div>"
    )
