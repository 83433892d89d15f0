"""Notes on passages and claims, which the article shows beside a sentence that names their key (F06, C71).

Notes are printed for every key of the data; of these the filter `evidence-notes.lua` keeps those that the text names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
class Coded:
    """How a passage is coded in one facet: its code by name, the stance, and the other codes that are allowed."""

    facet: str
    code: str
    stance: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class PassageNote:
    """What a note says about a passage."""

    key: str
    source: str
    kind: str
    gist: str
    codings: tuple[Coded, ...]


@dataclass(frozen=True)
class ClaimNote:
    """What a note says about a claim; `share` is empty unless the verdict depends on the reading."""

    key: str
    claim: str
    origin: str
    verdict: str
    share: str
    passages: tuple[str, ...]
    against: tuple[str, ...]
    objection: str


def passages(evidence: Evidence) -> list[PassageNote]:
    """Return the notes on all passages, in the order of the data."""
    kinds = evidence.sources.set_index("source_id")["kind"]
    found = evidence.extracts[["extract_id", "source_id", "gist"]].to_numpy().tolist()
    return [
        PassageNote(key, source, kinds[source], gist, tuple(_codings(evidence, key))) for key, source, gist in found
    ]


def _codings(evidence: Evidence, key: str) -> Iterator[Coded]:
    """Yield the codings of record of a passage, facet by facet; a power code has its dimension behind its name."""
    record = evidence.record[evidence.record["extract_id"] == key]
    for facet in evidence.facets["facet"]:
        names, top = code_tree.names(evidence.codes, facet), code_tree.rolled_up(evidence.codes, facet)
        shown = {
            code: name if top[code] in (code, None) else f"{name} ({names[str(top[code])]})"
            for code, name in names.items()
        }
        rows = record[record["facet"] == facet]
        other = tuple(shown[code] for code in rows.loc[rows["role"] == "alternative", "code_id"])
        for code, stance in rows.loc[rows["role"] == "primary", ["code_id", "stance"]].to_numpy().tolist():
            yield Coded(facet, shown[code], stance, other)


def claims_made(evidence: Evidence) -> list[ClaimNote]:
    """Return the notes on all claims, in the order of the ledger; one that is not computed has no passages."""
    rows = evidence.claims.set_index("claim_id")[["claim", "origin", "objection"]].T.to_dict()
    notes = []
    for key, found in claims.find(evidence).items():
        counted = () if found.verdict in claims.NOT_COMPUTED else found.passages
        claim, origin, objection = rows[key].values()
        notes.append(ClaimNote(key, claim, origin, found.verdict, found.share, counted, found.against, objection))
    return notes


def as_markdown(evidence: Evidence) -> str:
    """Return the section of all notes as Quarto Markdown: a heading and a division for each note."""
    notes = [*map(_of_passage, passages(evidence)), *map(_of_claim, claims_made(evidence))]
    heading = "## Notes on passages and claims {.unnumbered}"
    return "\n\n".join([f":::: {{#{SECTION}}}", heading, *notes, "::::"])


def _of_passage(note: PassageNote) -> str:
    rows = [(coded.facet.capitalize(), _code(coded)) for coded in note.codings]
    return _division(note.key, f"{note.kind} {note.source}", note.gist, rows)


def _code(coded: Coded) -> str:
    allowed = f"; also allowed: {formatting.listed(coded.allowed)}" if coded.allowed else ""
    return f"{coded.code}{_STANCES[coded.stance]}{allowed}"


def _of_claim(note: ClaimNote) -> str:
    share = f"; holds in {note.share} of readings" if note.share else ""
    rows = [
        ("Verdict", f"{note.verdict}{share}"),
        ("For", formatting.listed(note.passages, "")),
        ("Against", formatting.listed(note.against, "")),
        ("Objection", note.objection),
    ]
    return _division(note.key, "claim" if note.origin == "stated" else "implied claim", note.claim, rows)


def _division(key: str, kind: str, text: str, rows: list[tuple[str, str]]) -> str:
    """Return a note as a division: its key, what it is about, and a line for each row that has something."""
    lines = _LINE_END.join(f"*{name}:* {escaped(value)}" for name, value in rows if value)
    return f"::: {{#{NOTE}{key}}}\n**{key}**, {kind}: {escaped(text)}\n\n{lines}\n:::"
