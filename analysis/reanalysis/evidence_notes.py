"""Notes on passages and claims, which the article shows beside a sentence that names their key (F06, C71).

Notes are printed for every key of the data; of these the filter `evidence-notes.lua` keeps those that the text names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.display.captioned_tables import escaped
from analysis.reanalysis import claims
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting

# By these the filter, the page and the check of keys know the notes.
SECTION, NOTE = "evidence-notes", "note-"
_LINE_END = "\\\n"
# What is said behind a code, by the stance of the passage on it.
_STANCES = {"supports": "", "counters": ", which it counters", "context": ", as context"}


@dataclass(frozen=True)
class Note:
    """What a note says: the key and kind of what it is about, its text, and named lines, some of them empty."""

    key: str
    kind: str
    text: str
    rows: tuple[tuple[str, str], ...]

    def as_division(self) -> str:
        """Return the note as a division of Quarto Markdown, with a line for each row that has something."""
        lines = _LINE_END.join(f"*{name}:* {escaped(value)}" for name, value in self.rows if value)
        return f"::: {{#{NOTE}{self.key}}}\n**{self.key}**, {self.kind}: {escaped(self.text)}\n\n{lines}\n:::"


def as_markdown(evidence: Evidence) -> str:
    """Return the section of all notes as Quarto Markdown: a heading and a division for each note."""
    heading = "## Notes on passages and claims {.unnumbered}"
    divisions = [note.as_division() for note in notes(evidence)]
    return "\n\n".join([f":::: {{#{SECTION}}}", heading, *divisions, "::::"])


def notes(evidence: Evidence) -> Iterator[Note]:
    """Yield a note for every passage and claim."""
    yield from _on_passages(evidence)
    yield from _on_claims(evidence)


def _on_passages(evidence: Evidence) -> Iterator[Note]:
    """Yield the notes on passages, in the order of the data: source, gist, and the codings of record facet by facet."""
    labels = (evidence.sources["kind"] + " " + evidence.sources["label"]).set_axis(evidence.sources["source_id"])
    names = {facet: _names(evidence, facet) for facet in evidence.facets["facet"]}
    record = dict(iter(evidence.record.groupby(["extract_id", "facet"])))
    for key, source, gist in evidence.extracts[["extract_id", "source_id", "gist"]].to_numpy().tolist():
        rows = tuple(
            (facet.capitalize(), _coded(record[key, facet], names[facet])) for facet in names if (key, facet) in record
        )
        yield Note(key, labels[source], gist, rows)


def _names(evidence: Evidence, facet: str) -> dict[str, str]:
    """Return the names of codes, with the dimension of a power code behind its name."""
    names, top = code_tree.names(evidence.codes, facet), code_tree.rolled_up(evidence.codes, facet)
    return {
        code: name if top[code] in (code, None) else f"{name} ({names[str(top[code])]})" for code, name in names.items()
    }


def _coded(record: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Return how a passage is coded in a facet, in words: its code, the stance, and the other allowed codes."""
    code, stance = record.loc[record["role"] == "primary", ["code_id", "stance"]].iloc[0]
    other = [names[one] for one in record.loc[record["role"] == "alternative", "code_id"]]
    allowed = f"; also allowed: {formatting.listed(other)}" if other else ""
    return f"{names[code]}{_STANCES[stance]}{allowed}"


def _on_claims(evidence: Evidence) -> Iterator[Note]:
    """Yield the notes on claims, in the order of the ledger; one that is not computed has no passages for it."""
    ledger = evidence.claims.set_index("claim_id")[["claim", "origin", "objection"]].T.to_dict()
    for key, found in claims.find(evidence).items():
        share = f"; holds in {found.share} of readings" if found.share else ""
        rows = (
            ("Verdict", f"{found.verdict}{share}"),
            ("For", formatting.listed(() if found.verdict in claims.NOT_COMPUTED else found.passages, "")),
            ("Against", formatting.listed(found.against, "")),
            ("Objection", ledger[key]["objection"]),
        )
        kind = "claim" if ledger[key]["origin"] == "stated" else "implied claim"
        yield Note(key, kind, ledger[key]["claim"], rows)
