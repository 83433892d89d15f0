"""The evidence explorer: controls, counts and the list of passages. Without scripts it is a page of plain tables."""

from collections.abc import Iterator

from analysis.counting import crosstabs
from analysis.display import html_elements
from analysis.display.html_elements import options, text
from analysis.site.files import vega
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages.explorer_cells import cells, chart
from analysis.site.pages.explorer_facts import COLUMNS, ROWS, WORDING_ALONE, Coding, codings, facts, paths
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence

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
_COLUMNS = ("Passage", "What it says", "Power", "Stage", "Response", "Printed", "Stance", "Source")


def explorer(evidence: Evidence, here: str) -> str:
    """Return the explorer as HTML for the page `here`: what scripts work on, and all that is read without them."""
    links = _links(evidence, here)
    return "\n".join(
        [
            # The site's search leads to passages themselves, which have a page.
            '<section class="explorer" id="explorer" data-search-exclude '
            f'data-vega="{permalinks.from_page(here, vega.PLACE)}">',
            # Before anything is drawn, so that nothing moves when the scripts begin to work.
            '<script>document.getElementById("explorer").classList.add("scripted")</script>',
            (f"<p><strong>{simulated_label.MARK}.</strong></p>" if simulated_label.is_simulated(evidence) else "")
            + _controls(evidence),
            '<p class="explorer-notice" id="explorer-notice" role="status" hidden></p>',
            _totals(evidence),
            '<div class="explorer-pictures"><div class="explorer-scrolls" role="region" '
            f'aria-label="Counts of {COLUMNS} by {ROWS}" tabindex="0">{cells(evidence)}</div>',
            f'<div class="explorer-chart scripted-only" id="explorer-chart" role="img" aria-label="Circles for '
            f'{COLUMNS} by kind of {ROWS}, with the figures of the table beside."></div></div>',
            '<p class="explorer-allowed" id="explorer-allowed" hidden>Each figure counts all that some reading puts '
            "there. No single reading reaches all of these figures.</p>",
            _handing_on(),
            _list(evidence, links),
            '<p class="scripted-only"><button type="button" id="explorer-more" hidden></button></p>',
            html_elements.script("explorer-facts", facts(evidence)),
            html_elements.script("explorer-spec", chart(evidence)),
            "</section>",
        ]
    )


# --- controls


def _controls(evidence: Evidence) -> str:
    chosen = "".join(_select(*of_filter) for of_filter in _filters(evidence))
    return (
        '<form class="explorer-controls scripted-only" id="explorer-controls" aria-label="Choose passages">'
        f'{chosen}<p class="explorer-field"><label for="explorer-text">Words in gist, code, reason</label>'
        '<input type="search" id="explorer-text" name="text" maxlength="200" autocomplete="off"></p>'
        f"{_select('unit', 'Count', list(_UNITS.items()))}{_select('sort', 'Order', list(_SORTS.items()))}"
        '<p class="explorer-field explorer-switch"><label><input type="checkbox" name="alternatives" value="yes"> '
        "Also what a passage may be read as</label></p>"
        '<p class="explorer-field"><button type="button" id="explorer-reset">Show all passages</button></p></form>'
    )


def _filters(evidence: Evidence) -> Iterator[tuple[str, str, Options]]:
    """Yield the filters: name, label and options. Forms, stances and bases are those that the study has."""
    for facet in evidence.facets["facet"]:
        names = code_tree.names(evidence.codes, facet) | {vocabulary.UNCODED: "uncoded"}
        # Em spaces show the depth in the tree; a code stands for all below it.
        choices = [(code, "\u2003" * (len(path) - 1) + names[code]) for code, path in paths(evidence, facet).items()]
        yield facet, facet.capitalize(), choices
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


def _totals(evidence: Evidence) -> str:
    units = evidence.passages
    totals = {unit: units[unit].nunique() for unit in vocabulary.UNITS}
    return (
        '<p class="explorer-totals" id="explorer-totals">'
        f"<strong>{totals['passage']:,} of {totals['passage']:,} passages</strong>: {totals['statement']:,} distinct "
        f"statements, {totals['interviewee']:,} interviewees. Documents are not counted as interviewees.</p>"
        '<p class="explorer-described scripted-only" id="explorer-described"></p>'
        '<p class="explorer-said" id="explorer-said" aria-live="polite"></p>'
    )


def _handing_on() -> str:
    """Return what takes a view elsewhere: its address and its table."""
    return (
        '<div class="explorer-handing scripted-only">'
        '<p class="explorer-field explorer-wide"><label for="explorer-address">Cite this view: its address</label>'
        '<input type="text" id="explorer-address" readonly></p>'
        '<p class="explorer-field"><button type="button" id="explorer-copy">Copy the address</button></p>'
        '<p class="explorer-field"><button type="button" id="explorer-export">Save the view as CSV</button></p>'
        '<p class="explorer-note" id="explorer-made"></p></div>'
    )


# --- the list of passages


def _links(evidence: Evidence, here: str) -> dict[str, str]:
    """Map each code to a link to its rule."""
    names = Names(evidence, here)
    return {code: names.to(code) for code in evidence.codes["code_id"]} | {vocabulary.UNCODED: "uncoded"}


def _list(evidence: Evidence, links: dict[str, str]) -> str:
    # Roles are given because narrow screens show rows as cards, and browsers then forget that this is a table.
    head = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in _COLUMNS)
    caption = simulated_label.captioned(evidence, "Passages, a row for each")
    return (
        f'<table class="explorer-list" id="explorer-list" role="table"><caption>{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">'
        + "\n".join(_rows(evidence, links))
        + "</tbody></table>"
    )


def _rows(evidence: Evidence, links: dict[str, str]) -> Iterator[str]:
    given = codings(evidence)
    labels = evidence.sources.set_index("source_id")["label"].to_dict()
    trees = {facet: paths(evidence, facet) for facet in evidence.facets["facet"]}
    names = dict(zip(evidence.codes["code_id"], evidence.codes["name"], strict=True)) | {vocabulary.UNCODED: "uncoded"}
    for extract, source, form, gist in evidence.extracts[["extract_id", "source_id", "form", "gist"]].itertuples(
        index=False
    ):
        of_passage = given[extract]
        cells_of_facets = {
            facet: _coded(of_facet, trees[facet], links, resting=facet != ROWS)
            for facet, of_facet in of_passage.items()
        }
        stance = crosstabs.column_taken(
            "supports", *(one["stance"] for axis in (ROWS, COLUMNS) for one in of_passage[axis] if _primary(one))
        )
        shown = {
            "What it says": f'<span class="explorer-gist">{text(gist)}</span>{_reasons(of_passage, names)}',
            **{facet.capitalize(): cell for facet, cell in cells_of_facets.items()},
            "Printed": _FORMS[form],
            "Stance": f'<span class="explorer-{stance}">{stance}</span>',
            "Source": text(labels[source]),
        }
        yield (
            f'<tr id="row-{extract}" role="row"><th scope="row" role="rowheader">'
            f'<a href="{permalinks.PASSAGES.rpartition("/")[2]}#{extract}">{extract}</a></th>'
            + "".join(_cell(name, shown.get(name, "–")) for name in _COLUMNS[1:])
            + "</tr>"
        )


def _cell(name: str, content: str) -> str:
    return f'<td role="cell" class="of-{name.split()[-1].lower()}" data-label="{name}">{content}</td>'


def _primary(coding: Coding) -> bool:
    return bool(coding["role"] == "primary")


def _coded(of_facet: list[Coding], tree: dict[str, list[str]], links: dict[str, str], resting: bool) -> str:
    """Return the codes of a passage: the path of each primary code, what it rests on, and other allowed codes."""
    primary = [coding for coding in of_facet if _primary(coding)]
    others = [links[coding["code_id"]] for coding in of_facet if not _primary(coding)]
    shown = "; ".join(" › ".join(links[step] for step in tree[coding["code_id"]]) for coding in primary)
    bases = ", ".join(dict.fromkeys(coding["basis"] for coding in primary if coding["basis"]))
    basis = f' <span class="explorer-aside">({text(bases)})</span>' if resting and bases else ""
    also = f'<span class="explorer-also">may be read as {", ".join(others)}</span>' if others else ""
    return f"{shown}{basis}{also}"


def _reasons(of_passage: dict[str, list[Coding]], names: dict[str, str]) -> str:
    """Return why a passage was coded so, and by whom."""
    reasons = "".join(
        f"<li>{text(facet)}, {text(names[coding['code_id']])}{'' if _primary(coding) else ' (alternative)'}, "
        f"by {text(coding['coder_id'])}: {text(coding['rationale'])}</li>"
        for facet, of_facet in of_passage.items()
        for coding in of_facet
        if coding["rationale"]
    )
    return f'<details class="explorer-why"><summary>Why coded so</summary><ul>{reasons}</ul></details>'
