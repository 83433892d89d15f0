"""Pieces of HTML that pages and reports are made of: text, lists, tables, figures, and data for scripts."""

import html
import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

import pandas as pd

from analysis.display import captioned_tables
from analysis.display.figures import Figure

PROSE = 60  # characters of a cell from which the column of a data frame keeps room for a sentence
_FIGURE = re.compile(r"(−?[0-9][0-9,.]*(%|–[0-9,]+)?( \([^()]*\)| to −?[0-9.]+( \([^()]*\))?)?|not defined)?")


def text(value: object) -> str:
    """Return text as HTML that shows it as it is.

    >>> text("a < b")
    'a &lt; b'
    """
    return html.escape(str(value))


def heading(level: int, title: str, identifier: str) -> str:
    """Return a heading of Markdown, which the table of contents and the search know, with a space around it.

    >>> heading(2, "Spotting practical issues", "practical-issues").strip()
    '## Spotting practical issues {#practical-issues}'
    """
    return f"\n\n{'#' * level} {captioned_tables.escaped(title)} {{#{identifier}}}\n\n"


def paragraph(*sentences: str) -> str:
    """Return sentences of text as a paragraph without the empty ones, or nothing where all are empty."""
    words = " ".join(sentence for sentence in sentences if sentence)
    return f"<p>{text(words)}</p>" if words else ""


def bullets(items: Iterable[str], kind: str = "", searched: bool = True) -> str:
    """Return items of HTML as a list, or nothing where there are none.

    A list whose items are given in full elsewhere need not be `searched`: a search then leads there.
    """
    found = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul{_classed(kind)}{'' if searched else ' data-search-exclude'}>{found}</ul>" if found else ""


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return terms, each with its description (HTML), as a list; a term without a description is left out."""
    # Spaces between the parts keep words apart in the index of the search.
    parts = " ".join(f"<dt>{text(term)}</dt> <dd>{description}</dd>" for term, description in pairs if description)
    return f'<dl class="facts">{parts}</dl>'


def table(caption: str, heads: Iterable[str], rows: Iterable[str], kinds: Sequence[str] = ()) -> str:
    """Return rows of HTML (see `row`) as a table with a caption; `kinds` are the classes of its columns."""
    # Spaces between cells keep words apart in the index of the search.
    head = " ".join(
        f'<th scope="col"{_classed(kind)}>{text(name)}</th>' for name, kind in zip_longest(heads, kinds, fillvalue="")
    )
    # A wide table scrolls by itself, and can be reached by keyboard to do so.
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{text(caption)}">'
        f"<table><caption>{text(caption)}</caption> <thead><tr>{head}</tr></thead> "
        f"<tbody>{' '.join(rows)}</tbody></table></div>"
    )


def row(cells: Sequence[str], identifier: str = "", kinds: Sequence[str] = (), indent: int = 0) -> str:
    """Return cells of HTML, the first the head of the others, as a row of a table.

    `kinds` are the classes of the other cells. Without them, a cell is of class `prose` if its text is long. The head
    is indented by `indent` em, all of its lines.
    """
    first, *others = cells
    kinds = kinds or [_width(cell) for cell in others]
    rest = " ".join(f"<td{_classed(kind)}>{cell}</td>" for cell, kind in zip(others, kinds, strict=True))
    named = f' id="{text(identifier)}"' if identifier else ""
    style = f' style="padding-left: {indent}em"' if indent else ""
    return f'<tr{named}><th scope="row"{style}>{first}</th> {rest}</tr>'


def frame(caption: str, cells: pd.DataFrame) -> str:
    """Return a data frame as a table, its index the heads of rows; columns of figures alone are set to the right.

    Em spaces at the beginning of a label become an indent.
    """
    kinds = [_kind(cells.iloc[:, n]) for n in range(len(cells.columns))]
    rows = (
        row([text(label.lstrip("\u2003")), *map(text, values)], kinds=kinds, indent=label.count("\u2003"))
        for label, values in zip(map(str, cells.index), cells.to_numpy().tolist(), strict=True)
    )
    return table(caption, [captioned_tables.index_name(cells), *map(str, cells.columns)], rows, ["", *kinds])


def figure(drawing: Figure) -> str:
    """Return a figure with its caption; on a narrow screen it scrolls, so that its letters stay legible."""
    label = textwrap.shorten(drawing.caption, 90, placeholder=" …")
    return (
        f'<figure><div class="wide" tabindex="0" role="region" aria-label="{text(label)}">'
        f"{drawing.image()}</div>"
        f"<figcaption>{text(drawing.caption)}</figcaption></figure>"
    )


def options(choices: Iterable[tuple[str, str]]) -> str:
    """Return values, each with its text, as the options of a select element.

    >>> options([("", "all"), ("initiation", "initiation")])
    '<option value="">all</option><option value="initiation">initiation</option>'
    """
    return "".join(f'<option value="{text(value)}">{text(shown)}</option>' for value, shown in choices)


def folded(summary: str, content: str) -> str:
    """Return content of HTML that opens under its summary (text), or nothing where there is none."""
    return f'<details class="folded"><summary>{text(summary)}</summary>{content}</details>' if content else ""


def slug(name: str) -> str:
    """Return a name as the value of an `id` or of a parameter in an address.

    >>> slug("depends on the reading")
    'depends-on-the-reading'
    """
    return re.sub(r"\W+", "-", name.casefold()).strip("-")


def script(name: str, data: Any) -> str:
    r"""Return data as a script element that is not run, on one line, which Markdown leaves as it is.

    >>> script("codes", {"gist": "a < b & </script>"})
    '<script type="application/json" id="codes">{"gist":"a \\u003c b \\u0026 \\u003c/script>"}</script>'
    """
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f'<script type="application/json" id="{name}">{json_without_markup(content)}</script>'


def json_without_markup(content: str) -> str:
    """Return JSON in which a page sees no markup: these two signs occur in its strings only."""
    return content.replace("<", "\\u003c").replace("&", "\\u0026")


def _width(cell: str) -> str:
    """Return the class of a cell that holds prose, which must not be squeezed into a narrow column."""
    return "prose" if len(re.sub(r"<[^>]*>", "", cell)) > captioned_tables.SENTENCE else ""


def _kind(column: pd.Series) -> str:
    """Return the class of a column of figures (empty cells among them, or figures with ranges), or of prose."""
    cells = [str(cell) for cell in column]
    if all(_FIGURE.fullmatch(cell) for cell in cells):
        return "figure"
    return "prose" if any(len(cell) > PROSE for cell in cells) else ""


def _classed(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
