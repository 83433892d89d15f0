"""Pieces of HTML that several pages are made of; whatever text they take is escaped where it is not said to be HTML."""

import html
import re
from collections.abc import Iterable, Sequence

from analysis.display import captioned_tables


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


def bullets(items: Iterable[str], kind: str = "", searched: bool = True) -> str:
    """Return items of HTML as a list, or nothing where there are none.

    What is said in full elsewhere need not be `searched`: a search then leads to where it is.
    """
    found = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul{_classed(kind)}{'' if searched else ' data-search-exclude'}>{found}</ul>" if found else ""


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return what is said (HTML) under each term as a list of descriptions; a term without anything is left out."""
    # Spaces between the parts keep words apart in the index of the search.
    told = " ".join(f"<dt>{text(term)}</dt> <dd>{said}</dd>" for term, said in pairs if said)
    return f'<dl class="facts">{told}</dl>'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], row_ids: Sequence[str] = ()) -> str:
    """Return rows of HTML cells, the first of each its head, as a table that scrolls by itself where it is wide."""
    # Spaces between cells keep words apart in the index of the search.
    head = " ".join(f'<th scope="col">{text(name)}</th>' for name in heads)
    body = " ".join(
        f'<tr{_identified(row_ids[place] if row_ids else "")}><th scope="row">{first}</th> '
        f"{' '.join(f'<td{_classed(_width(cell))}>{cell}</td>' for cell in rest)}</tr>"
        for place, (first, *rest) in enumerate(rows)
    )
    return (
        f'<div class="scrolled" tabindex="0" role="region" aria-label="{text(caption)}">'
        f"<table><caption>{text(caption)}</caption> <thead><tr>{head}</tr></thead> <tbody>{body}</tbody></table></div>"
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


def _width(cell: str) -> str:
    """Return the class of a cell that holds prose, which must not be squeezed into a narrow column."""
    return "prose" if len(re.sub(r"<[^>]*>", "", cell)) > captioned_tables.SENTENCE else ""


def _classed(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _identified(identifier: str) -> str:
    return f' id="{text(identifier)}"' if identifier else ""
