"""Tables for screen and print, made from the tidy ones of the other modules."""

from dataclasses import dataclass

import pandas as pd

from analysis import counts, derived, numbers, structure
from analysis.evidence import Evidence

_LABELS = {
    counts.UNCODED: "uncoded at this level",
    counts.ALL: "all",
    counts.COUNTERS: "counters",
    counts.CONTEXT: "context",
}


def wide(table: pd.DataFrame, evidence: Evidence, rows: str, columns: str, show: str = "count") -> pd.DataFrame:
    """Spread a crosstab out: rows and columns under the names of their codes.

    `show` is `count`, `range` (the count with its lowest and highest over all readings) or
    `extracts`. An uncoded column without a passage is left out; the uncoded row always stays.
    """
    if show == "count":
        cells = table["count"].astype(str)
    elif show == "range":
        cells = pd.Series(
            [numbers.with_span(*cell) for cell in zip(table["count"], table["lowest"], table["highest"], strict=True)],
            index=table.index,
        )
    else:
        cells = table["extracts"].map(" ".join)
    spread = (
        table.assign(cell=cells)
        .pivot(index="row", columns="column", values="cell")
        .reindex(index=table["row"].unique(), columns=table["column"].unique())
    )
    if not table.loc[table["column"] == counts.UNCODED, "highest"].any():
        spread = spread.drop(columns=counts.UNCODED)
    row_names = structure.names(evidence.codes, rows) | _LABELS
    column_names = structure.names(evidence.codes, columns) | _LABELS | {counts.UNCODED: "no code on this basis"}
    return spread.rename(index=row_names, columns=column_names).rename_axis(index=rows, columns=None)


def table_1(evidence: Evidence) -> pd.DataFrame:
    """Table 1 for readers: the documents with their dates in words."""
    table = structure.table_1(evidence)
    return pd.DataFrame(
        {
            "Date published": table["published"].map(numbers.date),
            "Shortened name": table["label"],
            "Title": table["title"],
            "Passages cited": table["passages"].astype(str),
            "After the interviews": table["after_interviews"].map({True: "yes", False: "no"}),
        }
    ).set_axis(table["source_id"])


def table_2(evidence: Evidence) -> pd.DataFrame:
    """Table 2 for readers: from the theoretical dimension down to the gist of each printed passage.

    The name of a code stands where it first applies, as in the printed table.
    """
    table = structure.table_2(evidence)
    names = structure.names(evidence.codes, "power")
    path = table[["dimension", "second_order", "first_order"]]
    shown = path.map(lambda code: names[code]).where(path.ne(path.shift()), "")
    shown.columns = ["Theoretical dimension", "Second-order code", "First-order code"]
    shown["Gist of the passage"] = table["gist"]
    shown["Source"] = table["source_id"]
    return shown.set_axis(table["extract_id"])


def coding_structure(evidence: Evidence) -> pd.DataFrame:
    """The tree of power codes for readers: what supports, counters or gives context to each, in three units."""
    behind = derived.coding_structure(evidence)
    depth = {level: place for place, level in enumerate(structure.levels(evidence.codes, "power"))}
    names = structure.names(evidence.codes, "power")
    supports = behind[behind["stance"] == "supports"].pivot(index="code_id", columns="unit", values="count")
    others = behind[behind["unit"] == "passage"].pivot(index="code_id", columns="stance", values="count")
    table = supports[list(counts.UNITS)].join(others[[counts.COUNTERS, counts.CONTEXT]]).loc[behind["code_id"].unique()]
    table.columns = ["passages", "distinct statements", "interviewees", "counters", "context"]
    level_of = dict(zip(behind["code_id"], behind["level"], strict=True))
    # Indented by em spaces, which survive in HTML and in a terminal.
    return table.set_axis([f"{chr(0x2003) * depth[level_of[code]]}{names[code]}" for code in table.index])


@dataclass(frozen=True)
class Sheet:
    """A table with its caption that a notebook shows by itself, as HTML or as text, the same bytes each time."""

    table: pd.DataFrame
    caption: str

    def _repr_html_(self) -> str:
        identifier = "".join(character for character in self.caption.casefold() if character.isalnum())[:24]
        styled = (
            self.table.style.set_uuid(identifier)
            .set_caption(self.caption)
            .set_table_styles(
                [
                    {"selector": "caption", "props": "caption-side: top; text-align: left; font-weight: bold"},
                    {"selector": "th, td", "props": "text-align: left; vertical-align: top; padding: 0.2em 0.8em"},
                ]
            )
        )
        # A wide table scrolls by itself on a narrow screen.
        return f'<div style="overflow-x: auto" tabindex="0">{styled.to_html()}</div>'

    def __repr__(self) -> str:
        return as_text(self.table, self.caption, width=200)


def as_text(table: pd.DataFrame, title: str, width: int | None = None) -> str:
    """Return a table as text for a terminal of `width` characters (that of the terminal if None)."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    drawn.add_column(str(table.index.name or ""))
    for column in table.columns:
        drawn.add_column(str(column), justify="right")
    for label, row in table.iterrows():
        drawn.add_row(str(label), *map(str, row))
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
