"""How many new codes each interview or document brings, in the order of the sources."""

import pandas as pd

from analysis.display import bar_plots
from analysis.display.bar_plots import Bar
from analysis.display.figures import drawn
from analysis.display.html_elements import figure, frame, paragraph
from analysis.study import code_tree, simulated_label
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked, LeftOut
from analysis.support import formatting

MOST_BARS = 40  # sources that are drawn
MOST_ROWS = 60  # sources that are listed
MOST_NAMED = 6  # new codes of a source that are named


def new_codes(evidence: Evidence, facets: tuple[str, ...]) -> pd.DataFrame:
    """Return the codes that are new in each source that has some, in the order of the sources.

    A row for each source with a passage, by its label: `passages`, `new` (a list of names), `so_far` (how many up
    to here). Codes are those of some facets as they were given, supporting, in the coding of record.
    """
    record = evidence.record
    given = record[record["facet"].isin(facets) & record["role"].eq("primary") & record["stance"].eq("supports")]
    source_of = evidence.extracts.set_index("extract_id")["source_id"]
    order = {source: n for n, source in enumerate(evidence.sources["source_id"])}
    codes = given[["facet", "code_id"]].assign(place=given["extract_id"].map(source_of).map(order))
    first = codes.groupby(["facet", "code_id"], sort=False)["place"].min()
    names = {facet: code_tree.names(evidence.codes, facet) for facet in facets}
    new: dict[int, list[str]] = {}
    for facet, code, place in first.reset_index().to_numpy().tolist():
        new.setdefault(place, []).append(names[facet][code])
    counted = evidence.extracts["source_id"].map(order).value_counts()
    labels = evidence.sources["label"].tolist()
    places = sorted(counted.index)
    table = pd.DataFrame(
        {
            "passages": [int(counted[place]) for place in places],
            "new": [new.get(place, []) for place in places],
        },
        index=pd.Index([labels[place] for place in places], name="source"),
    )
    return table.assign(so_far=table["new"].map(len).cumsum())


def growth(evidence: Evidence, asked: Asked) -> str | LeftOut:
    """Return the table and the picture of new codes, source by source."""
    found = new_codes(evidence, asked.facets)
    if len(found) < 2:
        return LeftOut("all passages are from one source")
    if not found["so_far"].iloc[-1]:
        return LeftOut("no code was given")
    counts = found["new"].map(len)
    shown = found.head(MOST_ROWS)
    table = pd.DataFrame(
        {
            "Passages": shown["passages"].map("{:,}".format),
            "New codes": counts.head(MOST_ROWS).map("{:,}".format),
            "Codes so far": shown["so_far"].map("{:,}".format),
            "New are": [_some(names) for names in shown["new"]],
        }
    ).rename_axis("Source")
    number = f", the first {MOST_ROWS} of {len(found):,}" if len(found) > MOST_ROWS else ""
    caption = f"New codes in each source{number}, all facets of the report together"
    return (
        paragraph(
            "Sources are in the order in which the study lists them. This need not be the order in which people were "
            "interviewed, or texts were coded.",
            _late(counts),
            "A code counts as new where it was given first, as the code tree is now: codes that were joined or renamed "
            "later leave no trace.",
        )
        + (_bars(evidence, found) if len(found) <= MOST_BARS else "")
        + frame(simulated_label.captioned(evidence, caption), table)
    )


def _late(counts: "pd.Series[int]") -> str:
    """Say how many codes the last third of the sources brought."""
    third = len(counts) // 3
    if not third:
        return ""
    late, total = int(counts.iloc[-third:].sum()), int(counts.sum())
    sources = "source" if third == 1 else f"{formatting.in_words(third)} sources"
    return f"The last {sources} brought {late:,} of {formatting.counted(total, 'code')}."


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _bars(evidence: Evidence, found: pd.DataFrame) -> str:
    bars = [
        Bar(str(source), so_far, f"{so_far} (+{len(new)})", so_far - len(new))
        for source, new, so_far in zip(found.index, found["new"], found["so_far"], strict=True)
    ]
    told = "; ".join(f"{bar.name} {bar.figure}" for bar in bars)
    drawing = drawn(
        bar_plots.wide(bars),
        f"Bars of the codes found up to each source, with those that are new: {told}.",
        "Codes found up to each source: known from earlier sources (dark) and new (pale, the number with a plus sign).",
        evidence,
        bar_plots.narrow(bars),
    )
    return figure(drawing)
