"""What the first page shows of the data: findings as ranges over all readings, and the verdicts as a bar."""

from collections.abc import Iterable

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.display.html_elements import slug, text
from analysis.reanalysis import article_statements, claims, derived
from analysis.reanalysis.article_numbers import STAGES, Reported
from analysis.reanalysis.claims import (
    CONSISTENT,
    DEPENDS,
    ILLUSTRATED,
    NO_PASSAGE,
    NOT_CONSISTENT,
    Assessment,
)
from analysis.site.html import permalinks, range_marks
from analysis.site.html.naming import Names
from analysis.site.html.range_marks import Range
from analysis.site.pages.ledger import mark, meanings_in_short
from analysis.study.evidence import Evidence
from analysis.support import formatting


def findings_hold(evidence: Evidence) -> str:
    """Return nothing; raise ReportedError with what the first page says in words and the evidence does not support."""
    r, found = Reported(evidence), claims.find(evidence)
    said = {
        "most claims about activities are illustrated, often by one passage": r.with_verdict(
            "illustration", ILLUSTRATED
        ).count("C")
        > r.with_verdict("illustration", NO_PASSAGE).count("C")
        and 2 * sum(len(one.passages) == 1 for one in _illustrated(found)) > len(_illustrated(found)),
        "normative power is late in nearly every reading": all(share > 0.99 for share in found["C64"].shares),
        "resource power is as late": len({*r.late("resource").split(" of ")}) == 1,
        "whether know-how starts a project depends on the reading of a single passage": found["C58"].verdict == DEPENDS
        and " " not in r.turned_by("C58"),
        "no passage reports a changed view of involvement": {found[c].verdict for c in ("C77", "C78", "C79", "C80")}
        == {NO_PASSAGE},
        "no claim is consistent, and none is not": not _with_verdict(found, CONSISTENT, NOT_CONSISTENT),
    }
    article_statements.assert_statements_hold(said)
    return ""


def _illustrated(found: dict[str, Assessment]) -> list[Assessment]:
    return [one for one in found.values() if one.verdict == ILLUSTRATED]


def _with_verdict(found: dict[str, Assessment], *verdicts: str) -> list[str]:
    return [claim for claim, one in found.items() if one.verdict in verdicts]


def claim_ranges(evidence: Evidence, here: str, *keys: str) -> str:
    """Return claims as a list, those about a pattern each with its range in passages, with lead-ins.

    Any other claim has its verdict in place of a range.
    """
    names, found = Names(evidence, here), claims.find(evidence)
    ranges = {
        key: Range(pattern.of_record, pattern.lowest, pattern.highest)
        for key in keys
        for pattern in found[key].patterns
        if (pattern.unit, pattern.basis) == ("passage", "lead-in")
    }
    drawings = dict(zip(ranges, range_marks.drawn(ranges.values()), strict=True))
    statements = evidence.claims.set_index("claim_id")["claim"]
    rows = []
    for key in keys:
        share = f" <small>Holds in {text(found[key].share)} of readings.</small>" if found[key].share else ""
        label = f"{names.to(key)} {text(statements[key])}{share}"
        shown = str(ranges[key]) if key in ranges else ""
        rows.append((label, drawings.get(key, mark(found[key].verdict)), shown))
    return _listed(rows)


def stage_ranges(evidence: Evidence, here: str, power: str) -> str:
    """Return how many passages support a kind of power at each stage, as a list of ranges."""
    names, cells = Names(evidence, here), counted(evidence)
    ranges = [cells[power, stage] for stage in STAGES]
    rows = [
        (f'<a href="{names.at(in_explorer(power, stage))}">{text(named(names, stage))}</a>', drawing, str(one))
        for stage, one, drawing in zip(STAGES, ranges, range_marks.drawn(ranges), strict=True)
    ]
    return _listed(rows, power)


def counted(evidence: Evidence) -> dict[tuple[str, str], Range]:
    """Return the passages of each kind of power and stage, with lead-ins, each with its range."""
    table: pd.DataFrame = crosstabs.crosstab(evidence, Axis("power"), Axis("stage", basis="lead-in"))
    cells = table[["row", "column", "count", "lowest", "highest"]].itertuples(index=False, name=None)
    return {(power, stage): Range(*map(int, counts)) for power, stage, *counts in cells}


def in_explorer(power: str, stage: str) -> str:
    """Return the address of the explorer that shows the passages of a kind of power and a stage."""
    return permalinks.explorer({"power": power, "stage": stage})


def named(names: Names, code: str) -> str:
    """Return the name of a code as a line begins with it."""
    return formatting.capitalize_first(names.of_code(code))


def _listed(rows: Iterable[tuple[str, str, str]], power: str = "") -> str:
    items = "".join(
        f'<li><span class="of">{label}</span> {drawing}{f" <b>{text(shown)}</b>" if shown else ""}</li>'
        for label, drawing, shown in rows
    )
    return f'<ul class="ranges{f" power-{power}" if power else ""}">{items}</ul>'


def verdict_bar(evidence: Evidence, here: str) -> str:
    """Return how many claims have which verdict: a bar, and a legend; both lead to these claims."""
    counts = claims.verdicts(evidence)["verdict"].value_counts().reindex(list(claims.VERDICTS), fill_value=0)
    page = permalinks.from_page(here, permalinks.CLAIMS)
    in_short, parts, legend = meanings_in_short(), [], []
    for verdict, count in counts.items():
        name = slug(str(verdict))
        address = f"{page}?verdict={name}"
        words = f"<b>{count}</b> {mark(str(verdict))}"
        if count:
            # The legend leads to the same: a keyboard or a screen reader meets each link once.
            parts.append(f'<a class="v-{name}" style="flex-grow: {count}" href="{address}" tabindex="-1">{count}</a>')
            words = f'<a href="{address}">{words}</a>'
        legend.append(f"<li>{words} <span>{text(in_short[str(verdict)])}</span></li>")
    bar = f'<div class="verdict-bar" aria-hidden="true">{"".join(parts)}</div>'
    return f'{bar}<ul class="legend">{"".join(legend)}</ul>'


def tables_compared() -> str:
    """Return how many tables are computed from the evidence and compared on every run."""
    return formatting.in_words(len(derived.TABLES))
