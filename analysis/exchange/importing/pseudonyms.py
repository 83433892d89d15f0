"""Pseudonyms in place of the names of people and files in the tables of a study, with the key to them.

Interviewees, documents and texts are named by numbers and coders by letters. Names within what was said or written,
in memos and definitions above all, stay: only a person can find those.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

import pandas as pd

from analysis.exchange.importing.people import DOCUMENT, Coder
from analysis.study.coders import is_named
from analysis.study.evidence import Evidence

_OWN = re.compile(r"coder-[a-z]+").fullmatch
COLUMNS = ["table", "pseudonym", "name"]


@dataclass(frozen=True)
class Renamed:
    """A study and its coders under pseudonyms, and the `key`: `table, pseudonym, name`."""

    evidence: Evidence
    coders: dict[str, Coder]
    key: pd.DataFrame


def given(evidence: Evidence, coders: Mapping[str, Coder], known: Mapping[str, str]) -> Renamed:
    """Replace the names of people and files in a study by pseudonyms.

    `coders` are those of the project by GUID, and `known` the ids that they had in an earlier import.
    """
    sources, people = evidence.sources, evidence.coders
    of_coders = _of_coders(coders, known)
    named = {coder.coder_id: of_coders[guid] for guid, coder in coders.items()}
    label = {
        source: f"{'Document' if kind == DOCUMENT else 'Interviewee'} {int(source[1:])}"
        for source, kind in sources[["source_id", "kind"]].to_numpy().tolist()
    }
    texts = {name: f"Text {n}" for n, name in enumerate(filter(None, evidence.extracts["section"].unique()), start=1)}
    rows = [
        *(("sources", label[source], name) for source, name in sources[["source_id", "label"]].to_numpy().tolist()),
        *(("extracts", pseudonym, name) for name, pseudonym in texts.items()),
        *(("coders", named[coder], name) for coder, name in people[["coder_id", "name"]].to_numpy().tolist()),
    ]
    labels = sources["source_id"].map(label)
    study = replace(
        evidence.study,
        coding_of_record={
            facet: tuple(named[coder] for coder in who) for facet, who in evidence.study.coding_of_record.items()
        },
    )
    renamed = replace(
        evidence,
        study=study,
        sources=sources.assign(label=labels, title=labels.where(sources["title"] != "", "")),
        extracts=evidence.extracts.assign(section=evidence.extracts["section"].map({"": ""} | texts)),
        codings=evidence.codings.assign(coder_id=evidence.codings["coder_id"].map(named)),
        coders=people.assign(coder_id=people["coder_id"].map(named), description="", name=""),
    )
    now = {guid: coder._replace(coder_id=of_coders[guid], description="") for guid, coder in coders.items()}
    return Renamed(renamed, now, pd.DataFrame(rows, columns=COLUMNS))


def _of_coders(coders: Mapping[str, Coder], known: Mapping[str, str]) -> dict[str, str]:
    """Return the id of each coder by GUID: the known one if it is a pseudonym, else the next letter."""
    earlier = {guid: known[guid] for guid in coders if _OWN(known.get(guid, ""))}
    free = (one for one in _letters() if one not in earlier.values())
    return {
        guid: earlier[guid] if guid in earlier else next(free) if is_named(coder.coder_id) else coder.coder_id
        for guid, coder in coders.items()
    }


def _letters() -> Iterator[str]:
    """Yield coder-a to coder-z, coder-aa and so on."""
    for number in count():
        letters, rest = "", number
        while rest >= 0:
            letters, rest = chr(ord("a") + rest % 26) + letters, rest // 26 - 1
        yield f"coder-{letters}"
