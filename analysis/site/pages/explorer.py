"""The evidence explorer: filters, counts and the list of passages. Without scripts it is a table and a list."""

from collections.abc import Iterator
from typing import Any

from analysis.counting import crosstabs
from analysis.display import html_elements
from analysis.display.html_elements import options, text
from analysis.reanalysis import claims
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages.explorer_cells import cells
from analysis.site.pages.explorer_facts import COLUMNS, ROWS, WORDING_ALONE, Coding, codings, facts, paths
from analysis.site.pages.passage_list import citation
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting

Options = list[tuple[str, str]]

BASES = {
    "wording": "its own words",
    "lead-in": "the article’s sentence before it",
    "label": "the row of the article’s table",
    "none": "nothing, as no stage is stated",
}
_STANCES = {"supports": "supports its code", "counters": "tells against its code", "context": "gives context only"}
_FORMS = {"table": "in the table", "block": "as a block", "inline": "in a sentence"}
_UNITS = {"passage": "passages", "statement": "distinct statements", "interviewee": "interviewees"}
_SORTS = {"article": "as in the article", ROWS: "by kind of power", COLUMNS: "by stage"}
_WAYS = {"illustrates": "Illustrates", "counted": "Counted for", "counters": "Against"}
_CONTEXT = {"context": "Context for"}
_LABELS = {ROWS: "Kind of power", "response": "Researchers’ response"}
#: What a row does not say of its passage, since it says nothing else of it: that no response is reported.
_UNSAID = {"not-reported"}


def explorer(evidence: Evidence, here: str) -> str:
    """Return the explorer as HTML for the page `here`: what scripts work on, and all that is read without them."""
    mark = f"<p><strong>{simulated_label.MARK}.</strong></p>" if simulated_label.is_simulated(evidence) else ""
    return "\n".join(
        [
            # The site's search leads to passages themselves, which have a page.
            '<section class="explorer" id="explorer" data-search-exclude>',
            # Before anything is drawn, so that nothing moves when the scripts begin to work; taken back if they do not.
            '<script>{const page=document.getElementById("explorer");page.classList.add("scripted");'
            'addEventListener("load",()=>"works" in page.dataset||page.classList.remove("scripted"))}</script>',
            mark + _controls(evidence),
            '<p class="explorer-notice" id="explorer-notice" role="status" hidden></p>',
            _status(evidence),
            '<div class="explorer-parts">',
            _side(evidence),
            '<div class="explorer-found"><div class="explorer-empty" id="explorer-empty" hidden></div>',
            _list(evidence, here),
            '<p class="scripted-only"><button type="button" id="explorer-more" hidden></button></p></div></div>',
            html_elements.script("explorer-facts", facts(evidence)),
            "</section>",
        ]
    )


# --- controls


def _controls(evidence: Evidence) -> str:
    filters = [_select(*of_filter) for of_filter in _filters(evidence)]
    first = len(evidence.facets)
    others = "".join(
        [*filters[first:], _select("unit", "Count", [*_UNITS.items()]), _select("sort", "Order", [*_SORTS.items()])]
    )
    return (
        '<form class="explorer-controls scripted-only" id="explorer-controls" aria-label="Choose passages">'
        f'<div class="explorer-row-of-fields">{"".join(filters[:first])}'
        '<p class="explorer-field"><label for="explorer-text">Words, passage or claim</label>'
        '<input type="search" id="explorer-text" name="text" maxlength="200" autocomplete="off" '
        'placeholder="money, F06, C71"></p></div>'
        f'<details class="explorer-others"><summary>More filters</summary><div class="explorer-row-of-fields">{others}'
        '<p class="explorer-field explorer-switch"><label><input type="checkbox" name="alternatives" value="yes"> '
        "Also what a passage may be read as</label></p></div></details>"
        '<input type="hidden" name="passages" id="explorer-passages" aria-label="Passages"></form>'
    )


def _filters(evidence: Evidence) -> Iterator[tuple[str, str, Options]]:
    """Yield the filters: name, label and options; those of the facets first. Others are those that the study has."""
    for facet in evidence.facets["facet"]:
        names = code_tree.names(evidence.codes, facet) | {vocabulary.UNCODED: "uncoded"}
        # Em spaces show the depth in the tree; a code stands for all below it.
        choices = [(code, "\u2003" * (len(path) - 1) + names[code]) for code, path in paths(evidence, facet).items()]
        yield facet, _LABELS.get(facet, facet.capitalize()), choices
    yield "form", "Printed", _those(_FORMS, set(evidence.extracts["form"]))
    yield "stance", "Stance", _those(_STANCES, set(evidence.record["stance"]))
    record = evidence.record
    used = set(record.loc[record["facet"] == COLUMNS, "basis"])
    bases = _those(BASES, used)
    if set(vocabulary.BASES["wording"]) <= used:
        bases.append((WORDING_ALONE, "its own words or nothing (wording alone)"))
    yield "basis", f"{COLUMNS.capitalize()} rests on", bases


def _those(named: dict[str, str], used: set[str]) -> Options:
    return [(value, shown) for value, shown in named.items() if value in used]


def _select(name: str, label: str, choices: Options) -> str:
    anything = [] if name in ("unit", "sort") else [("", "any")]
    return (
        f'<p class="explorer-field"><label for="explorer-{name}">{text(label)}</label>'
        f'<select id="explorer-{name}" name="{name}" autocomplete="off">{options([*anything, *choices])}</select></p>'
    )


def _status(evidence: Evidence) -> str:
    """Return how many passages are shown, the chips of what is chosen, and what takes a view elsewhere."""
    units = evidence.passages
    totals = {unit: units[unit].nunique() for unit in vocabulary.UNITS}
    return (
        '<div class="explorer-status" id="explorer-status"><p class="explorer-totals" id="explorer-totals">'
        f"<strong>All {totals['passage']:,} passages</strong> {totals['statement']:,} distinct statements, "
        f"{totals['interviewee']:,} interviewees</p>"
        '<details class="explorer-hand scripted-only"><summary>Cite or save this view</summary><div>'
        '<label for="explorer-address">Its address</label><input type="text" id="explorer-address" readonly>'
        '<button type="button" class="copy" id="explorer-copy" data-copy="" hidden>Copy the address</button> '
        '<button type="button" id="explorer-export">Save as CSV</button>'
        '<p class="explorer-note" id="explorer-made"></p></div></details>'
        '<ul class="explorer-chips scripted-only" id="explorer-chips" aria-label="Chosen"></ul></div>'
        '<p class="only-heard" id="explorer-said" aria-live="polite"></p>'
    )


def _side(evidence: Evidence) -> str:
    """Return what is shown next to the list: what a re-reading changes, and the chart."""
    return (
        '<div class="explorer-side"><div id="reread-summary"></div>'
        f'<details class="explorer-chart" id="explorer-chart" open><summary>{ROWS.capitalize()} by {COLUMNS}</summary>'
        '<p class="explorer-key-to" id="explorer-key">Dot: as coded. Line: lowest to highest over all allowed '
        'readings. <span class="scripted-only">Choose a row to see its passages.</span></p>'
        f"{cells(evidence)}"
        '<p class="explorer-allowed" id="explorer-allowed" hidden>A row now brings every passage that some reading '
        "puts there: the upper end of its line. No single reading reaches all of these.</p></details>"
        # The results come first on a narrow screen.
        '<script>if (innerWidth < 960) document.getElementById("explorer-chart").open = false</script></div>'
    )


# --- the list of passages


def _list(evidence: Evidence, here: str) -> str:
    rows = "\n".join(_rows(evidence, here))
    caption = simulated_label.captioned(evidence, "Passages")
    return f'<ol class="explorer-list" id="explorer-list" aria-label="{text(caption)}">{rows}</ol>'


def _rows(evidence: Evidence, here: str) -> Iterator[str]:
    given = codings(evidence)
    labels = evidence.sources.set_index("source_id")["label"].to_dict()
    names = Names(evidence, here)
    bearing, tops = _bearing(evidence), paths(evidence, ROWS)
    for passage in evidence.extracts.to_dict("records"):
        key = passage["extract_id"]
        # Nothing about who said it is searched, and there is no filter of it: nobody's passages are to be collected.
        yield (
            f'<li id="row-{key}" data-power="{tops[given[key][ROWS][0]["code_id"]][0]}"><p class="explorer-head">'
            f'<a class="explorer-key" href="{permalinks.PASSAGES.rpartition("/")[2]}#{key}">{key}</a> '
            f'<span class="explorer-source">{text(labels[passage["source_id"]])}</span> '
            f'{_coded(names, given[key])}</p><p class="explorer-gist">{text(passage["gist"])}</p>'
            f"{_claims(names, bearing.get(key, {}), _WAYS)}"
            f"{_why(names, given[key], passage, _claims(names, bearing.get(key, {}), _CONTEXT))}</li>"
        )


def _primary(coding: Coding) -> bool:
    return bool(coding["role"] == "primary")


def _coded(names: Names, of_passage: dict[str, list[Coding]]) -> str:
    """Return how a passage is coded, at the top level of each facet, and what it is if it does not support its code."""
    shown = []
    for facet, of_facet in of_passage.items():
        tops = dict.fromkeys(paths(names.evidence, facet)[one["code_id"]][0] for one in of_facet if _primary(one))
        named = ", ".join(names.of_code(code) for code in tops if code not in _UNSAID)
        label = "" if facet in (ROWS, COLUMNS) else f"{facet} "
        if named:
            shown.append(f'<span class="of-{text(facet)}">{text(label + named)}</span>')
    stance = crosstabs.column_taken(
        "supports", *(one["stance"] for axis in (ROWS, COLUMNS) for one in of_passage[axis] if _primary(one))
    )
    if stance != "supports":
        shown.append(f'<strong class="of-stance">{_STANCES[stance]}</strong>')
    return " ".join(shown)


def _bearing(evidence: Evidence) -> dict[str, dict[str, dict[str, None]]]:
    """Return, by passage, the claims that it bears on, apart by how: linked in the ledger, or counted by a check."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    if evidence.claims.empty:
        return found

    def add(extract: str, how: str, claim: str) -> None:
        found.setdefault(extract, {}).setdefault(how, {})[claim] = None

    links = evidence.claim_evidence[["claim_id", "extract_id", "bearing"]]
    for claim, extract, how in links.itertuples(index=False):
        add(extract, how, claim)
    for claim, assessed in claims.find(evidence).items():
        for extract in assessed.passages:
            if claim not in found.get(extract, {}).get("illustrates", {}):
                add(extract, "counted", claim)
        for extract in assessed.against:
            add(extract, "counters", claim)
    return found


def _claims(names: Names, by_way: dict[str, dict[str, None]], ways: dict[str, str]) -> str:
    shown = [
        f"<span>{said} {' '.join(names.to(claim) for claim in by_way[way])}</span>"
        for way, said in ways.items()
        if way in by_way
    ]
    return f'<p class="explorer-claims">{" ".join(shown)}</p>' if shown else ""


def _why(names: Names, of_passage: dict[str, list[Coding]], passage: dict[Any, Any], context: str) -> str:
    """Return the codes with their reasons, the other readings that are allowed, and what a reader can do with them."""
    others = sum(not _primary(one) for of_facet in of_passage.values() for one in of_facet)
    also = f", {formatting.counted(others, 'other reading')}" if others else ""
    items = "".join(
        f"<li>{_reason(names, facet, one)}</li>" for facet, of_facet in of_passage.items() for one in of_facet
    )
    key = passage["extract_id"]
    return (
        f'<details class="explorer-why"><summary>Codes and reasons{also}</summary><ul>{items}</ul>{context}'
        f'<div data-reread="{key}"></div><p><button type="button" class="copy" '
        f'data-copy="{text(citation(names.evidence, passage))}" hidden>Copy a citation of {key}</button></p></details>'
    )


def _reason(names: Names, facet: str, coding: Coding) -> str:
    """Return a code with its path, whose it is, what it rests on, and why."""
    code = coding["code_id"]
    if code == vocabulary.UNCODED:
        return f"{text(facet)}: uncoded"
    path = " › ".join(names.to(step) for step in paths(names.evidence, facet)[code])
    role = "" if _primary(coding) else "or "
    told = [f"by {coding['coder_id']}", *([f"rests on {coding['basis']}"] if coding["basis"] else [])]
    return f"{text(facet)}: {role}{path} <small>{text(', '.join(told))}</small> {text(coding['rationale'])}"
