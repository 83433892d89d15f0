"""Tables with captions, as HTML, text for a terminal, or Markdown."""

import hashlib
import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.support.errors import CompendiumError
from analysis.support.terminal import visible

SENTENCE = 40  # characters from which a cell of a table of text is prose


class TablesError(CompendiumError):
    """A table that cannot be set as it was asked for."""


@dataclass(frozen=True)
class CaptionedTable:
    """A table with its caption that a notebook shows by itself, as HTML or as text, the same bytes each time."""

    table: pd.DataFrame
    caption: str

    def _repr_html_(self) -> str:
        identifier = hashlib.sha256(self.caption.encode()).hexdigest()[:12]  # long captions may begin alike
        styled = (
            self._headed_once()
            .style.set_uuid(identifier)
            .format(escape="html")  # what somebody typed is shown and not obeyed
            .format_index(escape="html", axis="index")
            .format_index(escape="html", axis="columns")
            .format_index_names(escape="html", axis="index")  # type: ignore[attr-defined] # not yet in pandas-stubs
            .format_index_names(escape="html", axis="columns")
            .set_caption(html.escape(self.caption, quote=False))
            .set_table_styles(
                [
                    {"selector": "caption", "props": "caption-side: top; text-align: left; font-weight: bold"},
                    {"selector": "th, td", "props": "text-align: left; vertical-align: top; padding: 0.2em 0.8em"},
                ]
            )
        )
        # A head without a word would be a head of nothing to a screen reader.
        headed = re.sub(r'<th class="blank([^"]*)" >&nbsp;</th>', r'<td class="blank\1"></td>', styled.to_html())
        # A wide table scrolls by itself on a narrow screen.
        return f'<div style="overflow-x: auto" tabindex="0">{headed}</div>'

    def _headed_once(self) -> pd.DataFrame:
        """Return the table with the name of its index in the same row as its columns, where that is free."""
        name = self.table.index.name
        if self.table.columns.names != [None] or name is None:
            return self.table
        return self.table.rename_axis(index=None, columns=str(name))

    def __repr__(self) -> str:
        return as_text(self.table, self.caption, width=200)


def index_name(table: pd.DataFrame) -> str:
    """Return the name of the index of a table, or nothing."""
    return "" if table.index.name is None else str(table.index.name)


def as_text(table: pd.DataFrame, title: str, width: int | None = None) -> str:
    """Return a table as text for a terminal of `width` characters (that of the terminal if None)."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def plain(cell: object) -> Text:
        # Rich reads markup in a string (`[red]`, `:smile:`), and transcripts are full of square brackets.
        return Text(visible(cell))

    drawn = Table(title=plain(title), title_justify="left", box=SIMPLE_HEAD)
    drawn.add_column(plain(index_name(table)))
    for column in table.columns:
        # Counts line up on the right; sentences are read from the left.
        longest = max((len(str(cell)) for cell in table[column]), default=0)
        drawn.add_column(plain(column), justify="left" if longest > SENTENCE else "right")
    for label, row in table.iterrows():
        drawn.add_row(plain(label), *map(plain, row))
    # Into a text: a terminal would be given colours, and a notebook an output of its own.
    written = io.StringIO()
    Console(file=written, width=width, highlight=False, force_jupyter=False, color_system=None).print(drawn)
    return "\n".join(line.rstrip() for line in written.getvalue().split("\n")).removesuffix("\n")


def as_markdown(table: pd.DataFrame, widths: Sequence[int], places: bool = False) -> str:
    """Return a table as a pipe table of Markdown, the index its first column; `widths` are relative.

    Every cell is text: characters that Markdown would take for markup are escaped. A range (`0–7`) does not break
    across lines. With `places`, links can lead to each row by its label, which is then a key such as `F06`. Raises
    TablesError where there is not a width for each column.
    """
    columns = [index_name(table), *map(str, table.columns)]
    if len(widths) != len(columns):
        raise TablesError(
            f"A table with {len(columns)} columns was given {len(widths)} widths. Give one for each column."
        )
    rows = [columns, *([str(label), *map(str, row)] for label, row in zip(table.index, table.to_numpy(), strict=True))]
    head, *body = ([_unbroken(escaped(cell)) for cell in row] for row in rows)
    if places:
        body = [[f"[{label}]{{#{label}}}", *row] for label, *row in body]
    rule = "|".join(":" + "-" * width for width in widths)
    return "\n".join([_line(head), f"|{rule}|", *map(_line, body)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _unbroken(text: str) -> str:
    """Return text whose ranges have a word joiner after their dash, where lines may break."""
    return re.sub(r"(?<=\d)–(?=\d)", "–\u2060", text)


def escaped(text: str) -> str:
    r"""Return text as Markdown that shows it as it is, on one line.

    >>> escaped("a*b [1]") == r"a\*b \[1\]"
    True
    """
    return re.sub(r"([\\`*_{}\[\]<>&#$^~@|])", r"\\\1", " ".join(text.split()))
