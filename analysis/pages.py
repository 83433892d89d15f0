"""The pieces of web pages that are made without a renderer: text, lists, tables and pictures."""

import base64
import html
import textwrap
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.charts import Picture


def text(given: object) -> str:
    """Return text as HTML that shows it as it is."""
    return html.escape(str(given))


def bullets(items: Sequence[str]) -> str:
    """Return texts as a list, nothing for none."""
    return f"<ul>{''.join(f'<li>{text(item)}</li>' for item in items)}</ul>" if items else ""


def paragraph(*sentences: str) -> str:
    """Return sentences as a paragraph; those that are empty are left out."""
    return f"<p>{text(' '.join(sentence for sentence in sentences if sentence))}</p>"


def table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    """Return a table of rows that are HTML already, with a caption."""
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in heads)
    # A wide table scrolls by itself, and can be reached by keyboard to do so.
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{text(caption)}">'
        f"<table><caption>{text(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def frame(caption: str, cells: pd.DataFrame, prose: Sequence[str] = ()) -> str:
    """Return a table with its index as the heads of rows; cells outside the columns of `prose` are figures."""
    kinds = ["" if column in prose else ' class="figure"' for column in cells.columns]
    rows = (
        f'<tr><th scope="row">{text(label)}</th>'
        + "".join(f"<td{kind}>{text(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for label, row in zip(cells.index, cells.to_numpy().tolist(), strict=True)
    )
    return table(caption, [str(cells.index.name or ""), *map(str, cells.columns)], rows)


def figure(picture: Picture) -> str:
    """Return a picture with its caption; on a narrow screen it scrolls, so that its letters stay legible."""
    source = base64.b64encode(picture.svg.encode()).decode()
    label = textwrap.shorten(picture.caption, 90, placeholder=" …")
    return (
        f'<figure><div class="wide" tabindex="0" role="region" aria-label="{text(label)}">'
        f'<img alt="{text(picture.alt)}" src="data:image/svg+xml;base64,{source}"></div>'
        f"<figcaption>{text(picture.caption)}</figcaption></figure>"
    )
