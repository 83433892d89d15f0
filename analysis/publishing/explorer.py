"""The explorer of a study's passages: filters, counts and the list. Without scripts it is a table and a list."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from analysis.counting import crosstabs
from analysis.display import html_elements
from analysis.display.html_elements import options, text
from analysis.publishing.explorer_cells import cells
from analysis.publishing.explorer_facts import WORDING_ALONE, Chart, Coding, codings, facts, paths
from analysis.publishing.shown_study import has_alternatives
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting

Options = list[tuple[str, str]]

_STANCES = {"supports": "supports its code", "counters": "tells against its code", "context": "gives context only"}
_UNITS = {"passage": "passages", "statement": "distinct statements", "interviewee": "interviewees"}


class Explorer:
    """The explorer of a study: what scripts work on, and all that is read without them.

    A study that says more of its passages than every study does has an explorer of its own, which says it in place of
    the methods and names here.
    """

    everything = "All passages"
    forms: Mapping[str, str] = {}  # names of forms; others have their own
    bases: Mapping[str, str] = {"wording": "the wording", "lead-in": "a lead-in", "label": "a label", "none": "nothing"}
    unsaid: frozenset[str] = frozenset()  # codes that the line of a passage leaves out
    first_order = "as in the study"
    form, stance, basis = "Form", "Stance", "Rests on"
    sought, example = "Words or passage", ""

    def __init__(self, evidence: Evidence, chart: Chart, labels: Mapping[str, str]) -> None:
        self.evidence, self.chart, self.labels = evidence, chart, labels

    @property
    def axes(self) -> tuple[str, ...]:
        """What the rows and the columns of the chart are."""
        return tuple(self.labels[facet] for facet in self.chart.facets)

    @property
    def caption(self) -> str:
        """What the chart counts."""
        return f"Passages that support a code, by {' and '.join(self.axes)}"

    def name(self, facet: str, code: str) -> str:
        """Return the name of a code."""
        return self._names[facet].get(code, code)

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {facet: code_tree.names(self.evidence.codes, facet) for facet in self.evidence.facets["facet"]}

    def link(self, facet: str, code: str) -> str:
        """Return a link to a code, as HTML."""
        return f'<a href="codebook.html#{text(anchor(facet, code))}">{text(self.name(facet, code))}</a>'

    def passage(self, key: str) -> str:
        """Return the address of a passage."""
        return f"#row-{key}"

    def coder(self, coder: str) -> str:
        """Return the name of a coder."""
        return coder

    def citation(self, passage: Mapping[Any, Any]) -> str:
        """Return how a passage (a row of `extracts`) is cited."""
        return f"{passage['extract_id']}, in {self.evidence.study.title}"

    def bearing(self, key: str, in_context: bool) -> str:
        """Return what a passage bears on, or only gives context for, as HTML."""
        del key, in_context
        return ""


def anchor(facet: str, code: str) -> str:
    """Return the id of a code in a page that has those of all facets."""
    return f"{facet}--{code}"


def explorer(shown: Explorer) -> str:
    """Return an explorer as HTML."""
    evidence = shown.evidence
    mark = f"<p><strong>{simulated_label.MARK}.</strong></p>" if simulated_label.is_simulated(evidence) else ""
    return "\n".join(
        [
            # The site's search leads to passages themselves, which have a page.
            '<section class="explorer" id="explorer" data-search-exclude>',
            # Before anything is drawn, so that nothing moves when the scripts begin to work; taken back if they do not.
            '<script>{const page=document.getElementById("explorer");page.classList.add("scripted");'
            'addEventListener("load",()=>"works" in page.dataset||page.classList.remove("scripted"))}</script>',
            mark + _controls(shown),
            '<p class="explorer-notice" id="explorer-notice" role="status" hidden></p>',
            _status(evidence),
            '<div class="explorer-parts">',
            _side(shown),
            '<div class="explorer-found"><div class="explorer-empty" id="explorer-empty" hidden></div>',
            passages(shown),
            '<p class="scripted-only"><button type="button" id="explorer-more" hidden></button></p></div></div>',
            html_elements.script("explorer-facts", facts(evidence, shown.chart)),
            "</section>",
        ]
    )


# --- controls


def _controls(shown: Explorer) -> str:
    filters = [_select(*of_filter) for of_filter in _filters(shown)]
    first = len(shown.evidence.facets)
    sorts = {
        "article": shown.first_order,
        **{facet: f"by {shown.labels[facet].lower()}" for facet in shown.chart.facets},
    }
    others = "".join(
        [*filters[first:], _select("unit", "Count", [*_UNITS.items()]), _select("sort", "Order", [*sorts.items()])]
    )
    return (
        '<form class="explorer-controls scripted-only" id="explorer-controls" aria-label="Choose passages">'
        f'<div class="explorer-row-of-fields">{"".join(filters[:first])}'
        f'<p class="explorer-field"><label for="explorer-text">{text(shown.sought)}</label>'
        '<input type="search" id="explorer-text" name="text" maxlength="200" autocomplete="off" '
        f'placeholder="{text(shown.example)}"></p></div>'
        f'<details class="explorer-others"><summary>More filters</summary><div class="explorer-row-of-fields">{others}'
        f"{_ALTERNATIVES if has_alternatives(shown.evidence) else _NO_ALTERNATIVES}</div></details>"
        '<input type="hidden" name="passages" id="explorer-passages" aria-label="Passages"></form>'
    )


_ALTERNATIVES = (
    '<p class="explorer-field explorer-switch"><label><input type="checkbox" name="alternatives" value="yes"> '
    "Also what a passage may be read as</label></p>"
)
_NO_ALTERNATIVES = '<input type="hidden" name="alternatives" aria-label="Alternatives">'


def _filters(shown: Explorer) -> Iterator[tuple[str, str, Options]]:
    """Yield the filters: name, label and options; those of the facets first. Others are those that the study has."""
    evidence, record = shown.evidence, shown.evidence.record
    for facet in evidence.facets["facet"]:
        # Em spaces show the depth in the tree; a code stands for all below it.
        choices = [
            (code, "\u2003" * (len(path) - 1) + shown.name(facet, code))
            for code, path in paths(evidence, facet).items()
        ]
        yield facet, shown.labels[facet], choices
    forms = set(evidence.extracts["form"])
    named = {**{form: form for form in sorted(forms) if form not in shown.forms}, **shown.forms}
    if len(forms) > 1:
        yield "form", shown.form, _those(named, forms)
    yield "stance", shown.stance, _those(_STANCES, set(record["stance"]))
    used = set(record.loc[record["facet"] == shown.chart.facets[-1], "basis"])
    bases = _those(shown.bases, used)
    if set(vocabulary.BASES["wording"]) <= used:
        bases.append((WORDING_ALONE, "its own words or nothing (wording alone)"))
    if len(used) > 1:
        yield "basis", shown.basis, bases


def _those(named: Mapping[str, str], used: set[str]) -> Options:
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


def _side(shown: Explorer) -> str:
    """Return what is shown next to the list: what a re-reading changes, and the chart."""
    title = text(" by ".join(shown.axes))
    return (
        '<div class="explorer-side"><div id="reread-summary"></div>'
        f'<details class="explorer-chart" id="explorer-chart" open><summary>{title}</summary>'
        '<p class="explorer-key-to" id="explorer-key">Dot: as coded. Line: lowest to highest over all allowed '
        'readings. <span class="scripted-only">Choose a row to see its passages.</span></p>'
        f"{chart(shown)}"
        '<p class="explorer-allowed" id="explorer-allowed" hidden>A row now brings every passage that some reading '
        "puts there: the upper end of its line. No single reading reaches all of these.</p></details>"
        # The results come first on a narrow screen.
        '<script>if (innerWidth < 960) document.getElementById("explorer-chart").open = false</script></div>'
    )


def chart(shown: Explorer) -> str:
    """Return the chart, which is a table."""
    return cells(shown.evidence, shown.chart, shown.everything, shown.caption, " and ".join(shown.axes))


# --- the list of passages


def passages(shown: Explorer) -> str:
    """Return the list of passages."""
    caption = simulated_label.captioned(shown.evidence, "Passages")
    rows = "\n".join(_rows(shown))
    return f'<ol class="explorer-list" id="explorer-list" aria-label="{text(caption)}">{rows}</ol>'


def _rows(shown: Explorer) -> Iterator[str]:
    evidence, chart = shown.evidence, shown.chart
    given = codings(evidence)
    labels = evidence.sources.set_index("source_id")["label"].to_dict()
    tops = paths(evidence, chart.rows)
    for passage in evidence.extracts.to_dict("records"):
        key = passage["extract_id"]
        # Nothing about who said it is searched, and there is no filter of it: nobody's passages are to be collected.
        yield (
            f'<li id="row-{key}" data-power="{text(tops[given[key][chart.rows][0]["code_id"]][0])}">'
            f'<p class="explorer-head"><a class="explorer-key" href="{text(shown.passage(key))}">{key}</a> '
            f'<span class="explorer-source">{text(labels[passage["source_id"]])}</span> '
            f'{_coded(shown, given[key])}</p><p class="explorer-gist">{text(passage["gist"])}</p>'
            f"{shown.bearing(key, False)}{_why(shown, given[key], passage)}</li>"
        )


def _primary(coding: Coding) -> bool:
    return bool(coding["role"] == "primary")


def _coded(shown: Explorer, of_passage: dict[str, list[Coding]]) -> str:
    """Return how a passage is coded, at the top level of each facet, and what it is if it does not support its code."""
    chart, said = shown.chart.facets, []
    for facet, of_facet in of_passage.items():
        tops = dict.fromkeys(paths(shown.evidence, facet)[one["code_id"]][0] for one in of_facet if _primary(one))
        named = ", ".join(shown.name(facet, code) for code in tops if code not in shown.unsaid)
        label = "" if facet in chart else f"{facet} "
        if named:
            said.append(f'<span class="of-{text(facet)}">{text(label + named)}</span>')
    stance = crosstabs.column_taken(
        "supports", *(one["stance"] for axis in chart for one in of_passage[axis] if _primary(one))
    )
    if stance != "supports":
        said.append(f'<strong class="of-stance">{_STANCES[stance]}</strong>')
    return " ".join(said)


def _why(shown: Explorer, of_passage: dict[str, list[Coding]], passage: Mapping[Any, Any]) -> str:
    """Return the codes with their reasons, the other readings that are allowed, and what a reader can do with them."""
    others = sum(not _primary(one) for of_facet in of_passage.values() for one in of_facet)
    also = f", {formatting.counted(others, 'other reading')}" if others else ""
    items = "".join(
        f"<li>{_reason(shown, facet, one)}</li>" for facet, of_facet in of_passage.items() for one in of_facet
    )
    key = passage["extract_id"]
    return (
        f'<details class="explorer-why"><summary>Codes and reasons{also}</summary><ul>{items}</ul>'
        f'{shown.bearing(key, True)}<div data-reread="{key}"></div><p><button type="button" class="copy" '
        f'data-copy="{text(shown.citation(passage))}" hidden>Copy a citation of {key}</button></p></details>'
    )


def _reason(shown: Explorer, facet: str, coding: Coding) -> str:
    """Return a code with its path, whose it is, what it rests on, and why."""
    code = coding["code_id"]
    if code == vocabulary.UNCODED:
        return f"{text(facet)}: uncoded"
    path = " › ".join(shown.link(facet, step) for step in paths(shown.evidence, facet)[code])
    role = "" if _primary(coding) else "or "
    told = [f"by {shown.coder(coding['coder_id'])}", *([f"rests on {coding['basis']}"] if coding["basis"] else [])]
    return f"{text(facet)}: {role}{path} <small>{text(', '.join(told))}</small> {text(coding['rationale'])}"
