"""What the page on which readers code takes from the study: passages, rules, and the coding of record."""

import hashlib
import json
import re
from typing import Any

from analysis.display import html_elements
from analysis.display.html_elements import options, text
from analysis.site.html import permalinks
from analysis.study import code_tree, gists
from analysis.study.evidence import Evidence
from analysis.teaching import coding_of_record
from analysis.teaching.exercises import plain

#: What readers may code.
FACETS = ("stage", "power")
#: How many passages they may code, beside all of them.
SAMPLES = (10, 20)
#: A pseudonym, for browsers: what `learners.save` accepts.
PSEUDONYM = r"[\p{L}\p{N}_\-]{1,40}"


def embedded(evidence: Evidence, here: str) -> str:
    """Return the data of the page on which readers code, as the page carries them."""
    return html_elements.script("coding-material", material(evidence, here))


def material(evidence: Evidence, here: str) -> dict[str, Any]:
    """Return what the scripts of a page need: gists, names of codes, the coding of record, and their addresses.

    Passages are shown as gists even where wording was restored on the machine that builds the site: to be coded as
    blind ones, and beside the record as plain ones. `edition` changes whenever what a reader codes, or codes from,
    changes.
    """
    blind = gists.to_code_from(evidence)
    shown = {
        "passages": {
            extract: {"blind": blind[extract], "gist": gist, "address": permalinks.on_page(evidence, here, extract)}
            for extract, gist in evidence.extracts[["extract_id", "gist"]].to_numpy().tolist()
        },
        "facets": {facet: _facet(evidence, facet, here) for facet in FACETS},
    }
    explorer = permalinks.from_page(here, permalinks.EXPLORER)
    return {"edition": edition(evidence), "pseudonym": PSEUDONYM, "explorer": explorer, **shown, **_known(evidence)}


def _facet(evidence: Evidence, facet: str, here: str) -> dict[str, Any]:
    names = code_tree.names(evidence.codes, facet)
    return {
        "title": facet.capitalize(),
        "whose": coding_of_record.whose(facet),
        "codes": {
            code: {"name": names[code], "address": permalinks.on_page(evidence, here, code)}
            for code in _top(evidence, facet)
        },
        "record": {extract: _recorded(evidence, facet, extract) for extract in evidence.extracts["extract_id"]},
    }


def _recorded(evidence: Evidence, facet: str, extract: str) -> dict[str, Any]:
    found = coding_of_record.of_record(evidence, facet, extract)
    primary, _ = coding_of_record.recorded(evidence, facet, extract)
    return {
        "code": found.taken,
        "basis": str(primary["basis"]),
        "reasons": coding_of_record.reasons(evidence, facet, extract),
        "allowed": list(found.allowed),
    }


def _known(evidence: Evidence) -> dict[str, Any]:
    """Return the names under which codings that are loaded may give a code, and the top-level code of each."""
    names: dict[str, dict[str, str]] = {}
    tops: dict[str, dict[str, str | None]] = {}
    for facet in evidence.facets["facet"]:
        named = code_tree.names(evidence.codes, facet)
        names[facet] = {plain(name): code for code, name in named.items()} | {plain(code): code for code in named}
        tops[facet] = code_tree.rolled_up(evidence.codes, facet, code_tree.levels(evidence.codes, facet)[0])
    return {"names": names, "tops": tops}


def edition(evidence: Evidence) -> str:
    """Return a name for what a reader codes and codes from, which changes whenever either changes."""
    rules = evidence.codes[evidence.codes["facet"].isin(FACETS)].to_numpy().tolist()
    coded_from = list(gists.to_code_from(evidence).items())
    return hashlib.sha256(json.dumps([rules, coded_from], default=str).encode()).hexdigest()[:12]


def _top(evidence: Evidence, facet: str) -> list[str]:
    return code_tree.codes_at(evidence.codes, facet, code_tree.levels(evidence.codes, facet)[0])


def sizes(evidence: Evidence) -> str:
    """Return how many passages a reader may code, as options of a select element."""
    every = len(evidence.extracts)
    samples = [(str(size), str(size)) for size in SAMPLES if size < every]
    return options([*samples, (str(every), f"all {every}")])


def choices(evidence: Evidence) -> str:
    """Return the codes that a reader chooses from, with their rules, as a group of radio buttons for each facet."""
    return "\n".join(_group(evidence, facet) for facet in FACETS)


def _group(evidence: Evidence, facet: str) -> str:
    rules = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")
    choices = "".join(_choice(evidence, facet, code, rules.loc[code].to_dict()) for code in _top(evidence, facet))
    return f'<fieldset data-facet="{facet}"><legend>{facet.capitalize()}</legend>{choices}</fieldset>'


def _choice(evidence: Evidence, facet: str, code: str, rule: dict[Any, Any]) -> str:
    name, definition, include, exclude, boundary = (
        text(rule[part]) for part in ("name", "definition", "include", "exclude", "boundary")
    )
    named = [one for one in evidence.extracts["extract_id"] if re.search(rf"\b{one}\b", boundary)]
    telling = f' data-names="{" ".join(named)}"' if named else ""
    return (
        f'<div class="choice"><label><input type="radio" name="{facet}" value="{code}" required>'
        f"<span><strong>{name}</strong> {definition}</span></label>"
        f"<details><summary>Rule for {name}</summary><p><em>Include</em> {include}</p>"
        f"<p><em>Exclude</em> {exclude}</p><p{telling}><em>Boundary case</em> {boundary}</p></details></div>"
    )
