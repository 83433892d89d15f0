"""The pieces of web pages that are made without a renderer: text, lists, tables and pictures."""

import base64
import html
import re
import textwrap
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.display.figures import Figure


def text(given: object) -> str:
    """Return text as HTML that shows it as it is."""
    return html.escape(str(given))


def bullets(items: Sequence[str]) -> str:
    """Return texts as a list, nothing for none."""
    return f"<ul>{''.join(f'<li>{text(item)}</li>' for item in items)}</ul>" if items else ""


def paragraph(*sentences: str) -> str:
    """Return sentences as a paragraph; those that are empty are left out, and there is none where all are."""
    told = " ".join(sentence for sentence in sentences if sentence)
    return f"<p>{text(told)}</p>" if told else ""


def table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    """Return a table of rows that are HTML already, with a caption."""
    return _framed(caption, "".join(f'<th scope="col">{text(name)}</th>' for name in heads), rows)


def _framed(caption: str, head: str, rows: Iterable[str]) -> str:
    # A wide table scrolls by itself, and can be reached by keyboard to do so.
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{text(caption)}">'
        f"<table><caption>{text(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def frame(caption: str, cells: pd.DataFrame) -> str:
    """Return a table with its index as the heads of rows; columns that hold figures only are set to the right."""
    kinds = [_kind(cells.iloc[:, n]) for n in range(len(cells.columns))]
    heads = [f'<th scope="col">{text(cells.index.name or "")}</th>']
    heads += [f'<th scope="col"{kind}>{text(name)}</th>' for kind, name in zip(kinds, cells.columns, strict=True)]
    rows = (
        f"<tr>{_head(str(label))}"
        + "".join(f"<td{kind}>{text(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for label, row in zip(cells.index, cells.to_numpy().tolist(), strict=True)
    )
    return _framed(caption, "".join(heads), rows)


_FIGURE = re.compile(r"(−?[0-9][0-9,.]*(%|–[0-9,]+)?( \([^()]*\)| to −?[0-9.]+( \([^()]*\))?)?|not defined)?")


PROSE = 60  # characters of a cell from which its column keeps room for a sentence


def _kind(column: pd.Series) -> str:
    """Return the class of a column of figures (empty cells among them, or figures with ranges), or of prose."""
    cells = [str(cell) for cell in column]
    if all(_FIGURE.fullmatch(cell) for cell in cells):
        return ' class="figure"'
    return ' class="prose"' if any(len(cell) > PROSE for cell in cells) else ""


def _head(label: str) -> str:
    """Return the head of a row; em spaces at its beginning become an indent, which its further lines keep."""
    told = label.lstrip("\u2003")
    deep = len(label) - len(told)
    indent = f' style="padding-left: {deep}em"' if deep else ""
    return f'<th scope="row"{indent}>{text(told)}</th>'


def figure(picture: Figure) -> str:
    """Return a picture with its caption; on a narrow screen it scrolls, so that its letters stay legible."""
    source = base64.b64encode(picture.svg.encode()).decode()
    label = textwrap.shorten(picture.caption, 90, placeholder=" …")
    return (
        f'<figure><div class="wide" tabindex="0" role="region" aria-label="{text(label)}">'
        f'<img alt="{text(picture.alt)}" src="data:image/svg+xml;base64,{source}"></div>'
        f"<figcaption>{text(picture.caption)}</figcaption></figure>"
    )
