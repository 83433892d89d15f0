"""Markdown, plain text and tables in the language of Typst; nothing in a text is taken for markup of Typst."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_MARKS = re.compile(r"[\\#$*_`<>@\[\]~]|--|\.\.\.|/(?=[/*])|(?<=[:/])/")
_SHORT = 12  # characters up to which the cells of a column are kept on one line
_LINE = 95  # characters of a table across a page
_READER = MarkdownIt("commonmark").enable("table")
_SPANS: Mapping[str, str] = {"em": "emph", "strong": "strong"}


def quoted(text: str) -> str:
    r"""Return text as a string of Typst, which escapes as JSON does.

    >>> print(quoted('He said "no".'))
    "He said \"no\"."
    """
    return json.dumps(text, ensure_ascii=False)


def plain(text: str) -> str:
    r"""Return text, on one line, as content of Typst that shows it as it is.

    >>> print(plain("= a *b* -- [c] #d"), plain("1. https://one.org/2"))
    \= a \*b\* \-\- \[c\] \#d 1\. https:\/\/one.org/2
    """
    escaped = _MARKS.sub(lambda found: "".join(f"\\{sign}" for sign in found[0]), " ".join(text.split()))
    # What would begin a heading or a list at the start of a block.
    return re.sub(r"^([=+/-])", r"\\\1", re.sub(r"^(\d+)\.", r"\1\\.", escaped))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Iterable[str]) -> str:
    """Return a table of cells that are content already; `widths` are those of its columns, as Typst writes them."""
    head = ", ".join(f"[{cell}]" for cell in heads)
    body = "".join(f"\n  {', '.join(f'[{cell}]' for cell in row)}," for row in rows)
    return f"#table(columns: ({', '.join(widths)},),\n  table.header({head}),{body}\n)"


def plain_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of plain text."""
    columns = zip(heads, *rows, strict=True)
    return table([*map(plain, heads)], [[*map(plain, row)] for row in rows], _widths(columns))


def _widths(columns: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a width for each column: as wide as it is, or room for its longest word and a share of the rest."""
    texts = [[*column] for column in columns]
    longest = [max(map(len, column)) for column in texts]
    words = [max(len(word) for text in column for word in re.split(r"[\s-]+", text)) for column in texts]
    limit = _LINE if sum(longest) <= _LINE else _SHORT
    narrow = [length <= max(limit, word) for length, word in zip(longest, words, strict=True)]
    least = [length if kept else word for length, word, kept in zip(longest, words, narrow, strict=True)]
    wanted = [math.sqrt(length - word) for length, word in zip(longest, least, strict=True)]
    for word, share, kept in zip(least, wanted, narrow, strict=True):
        more = max(_LINE - sum(least), 0) * share / sum(wanted) if share else 0
        yield "auto" if kept else f"{word + more:.1f}fr"


def from_markdown(text: str, top: int = 1) -> str:
    r"""Return Markdown as content of Typst; its highest headings become headings of level `top`.

    Markup of HTML is shown as text.

    >>> print(from_markdown("A *b*; [c](https://d.org).\n\n- e\n\n## F", top=2))
    A #emph[b];; #link("https://d.org")[c];.
    <BLANKLINE>
    - e
    <BLANKLINE>
    == F
    """
    tree = SyntaxTreeNode(_READER.parse(text))
    highest = min((int(node.tag[1]) for node in tree.children if node.type == "heading"), default=1)
    return _blocks(tree.children, top - highest)


def _blocks(nodes: Iterable[SyntaxTreeNode], deeper: int = 0) -> str:
    return "\n\n".join(filter(None, (_block(node, deeper) for node in nodes)))


def _block(node: SyntaxTreeNode, deeper: int) -> str:
    match node.type:
        case "heading":
            return f"{'=' * (int(node.tag[1]) + deeper)} {_inline(node)}"
        case "paragraph":
            return _inline(node)
        case "bullet_list" | "ordered_list":
            mark = "-" if node.type == "bullet_list" else "+"
            return "\n".join(f"{mark} {_indented(_blocks(item.children))}" for item in node.children)
        case "blockquote":
            return f"#quote(block: true)[{_blocks(node.children)}]"
        case "fence" | "code_block":
            return f"#raw(block: true, {quoted(node.content.rstrip())})"
        case "table":
            return _table(node)
        case "hr":
            return "#line(length: 100%)"
    return plain(node.content)


def _indented(block: str) -> str:
    return block.replace("\n", "\n  ")


def _table(node: SyntaxTreeNode) -> str:
    head, *body = [row.children for part in node.children for row in part.children]
    widths = _widths(map(_text, column) for column in zip(head, *body, strict=True))
    return table([*map(_inline, head)], [[*map(_inline, row)] for row in body], widths)


def _text(node: SyntaxTreeNode) -> str:
    return node.content if not node.children else "".join(map(_text, node.children))


def _inline(node: SyntaxTreeNode) -> str:
    """Return what a block or a span of text holds."""
    pieces = [_span(span) for line in node.children for span in (line.children if line.type == "inline" else [line])]
    # After a call, these signs would belong to it.
    apart = [piece.startswith("#") and after[:1] in {"(", ".", ";"} for piece, after in pairwise([*pieces, ""])]
    return "".join(f"{piece};" if end else piece for piece, end in zip(pieces, apart, strict=True))


def _span(node: SyntaxTreeNode) -> str:
    match node.type:
        case "em" | "strong":
            return f"#{_SPANS[node.type]}[{_inline(node)}]"
        case "code_inline":
            return f"#raw({quoted(node.content)})"
        case "link":
            return f"#link({quoted(str(node.attrs['href']))})[{_inline(node)}]"
        case "softbreak":
            return " "
        case "hardbreak":
            return " \\\n"
        case "image":
            return _inline(node)
    return _spaced(node.content)


def _spaced(text: str) -> str:
    """Return text with the blanks at its ends, which separate it from what is before and after it."""
    before, after = (" " if end.isspace() else "" for end in (text[:1], text[-1:]))
    return f"{before}{plain(text)}{after}" if text.strip() else before
