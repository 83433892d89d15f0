"""The little Markdown of lesson files as HTML: paragraphs, lists, quotations, headings, tables, emphasis, code, links.

A text of a lesson is somebody's: what looks like HTML in it is shown as it is, and a link leads to the web or into the
site, never to a script.
"""

import re
from collections.abc import Callable, Iterator

from analysis.display.html_elements import text

_HEADING = re.compile(r"(#{1,4}) +(.+)")
_POINT = re.compile(r" {0,3}(?:[-*+]|[0-9]+[.)]) +(.*)")
_NUMBERED = re.compile(r" {0,3}[0-9]+[.)] ")
_RULE = re.compile(r"\|?[ :|-]+\|?")
_CODE = re.compile(r"(`[^`]+`)")
_LINK = re.compile(r"\[([^\]]+)\]\(((?:[^()\s]|\([^()\s]*\))+)\)")  # addresses of articles have parentheses
_SAFE = re.compile(r"(?:https?:|mailto:|[^:]*$)")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![*\w])[*_](?=\S)(.+?)(?<=\S)[*_](?![*\w])")


def as_html(markdown: str, to: Callable[[str], str] = str) -> str:
    r"""Return a text of a lesson as HTML; `to` changes addresses of links, and leaves out those it makes empty.

    >>> as_html("Count *once*, <b>not</b> `twice`.")
    '<p>Count <em>once</em>, &lt;b&gt;not&lt;/b&gt; <code>twice</code>.</p>'
    >>> as_html("- one\n- two")
    '<ul><li>one</li><li>two</li></ul>'
    """
    blocks = re.split(r"\n\s*\n", markdown.strip("\n"))
    return "".join(_block(block.splitlines(), to) for block in blocks if block.strip())


def inline(words: str, to: Callable[[str], str] = str) -> str:
    """Return a line of a lesson as HTML, its emphasis, code and links.

    >>> inline("see [the codebook](../codebook.md) or [that](javascript:x)")
    'see <a href="../codebook.md">the codebook</a> or that'
    >>> inline("[doi](https://doi.org/10.1016/0895-4356(93)90018-V)")
    '<a href="https://doi.org/10.1016/0895-4356(93)90018-V">doi</a>'
    """
    parts = _CODE.split(" ".join(words.split()))
    return "".join(f"<code>{text(part[1:-1])}</code>" if n % 2 else _marked(part, to) for n, part in enumerate(parts))


def _marked(words: str, to: Callable[[str], str]) -> str:
    linked = "".join(_linked(words, to))
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", linked))


def _linked(words: str, to: Callable[[str], str]) -> Iterator[str]:
    last = 0
    for found in _LINK.finditer(words):
        yield text(words[last : found.start()])
        address = to(found[2]) if _SAFE.match(found[2]) else ""
        yield f'<a href="{text(address)}">{text(found[1])}</a>' if address else text(found[1])
        last = found.end()
    yield text(words[last:])


def _block(lines: list[str], to: Callable[[str], str]) -> str:
    if heading := _HEADING.fullmatch(lines[0].strip()):
        level = min(len(heading[1]) + 1, 5) if len(heading[1]) > 1 else 3
        rest = _block(lines[1:], to) if lines[1:] else ""
        return f"<h{level}>{inline(heading[2], to)}</h{level}>{rest}"
    if all(line.lstrip().startswith(">") for line in lines):
        quoted = "\n".join(re.sub(r"^\s*> ?", "", line) for line in lines)
        return f"<blockquote>{as_html(quoted, to)}</blockquote>"
    if len(lines) > 1 and "|" in lines[0] and _RULE.fullmatch(lines[1].strip()):
        return _table(lines, to)
    first = next((n for n, line in enumerate(lines) if _POINT.match(line)), len(lines))
    start = f"<p>{inline(' '.join(lines[:first]), to)}</p>" if first else ""
    points = lines[first:]
    return start + (_list(points, to) if points else "")


def _list(lines: list[str], to: Callable[[str], str]) -> str:
    points: list[str] = []
    for line in lines:
        point = _POINT.match(line)
        if point:
            points.append(point[1])
        else:
            points[-1] += f" {line.strip()}"
    kind = "ol" if _NUMBERED.match(lines[0]) else "ul"
    return f"<{kind}>{''.join(f'<li>{inline(one, to)}</li>' for one in points)}</{kind}>"


def _table(lines: list[str], to: Callable[[str], str]) -> str:
    head, _, *body = (_cells(line, to) for line in lines)
    heads = "".join(f'<th scope="col">{cell}</th>' if cell else "<td></td>" for cell in head)
    rows = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in body
    )
    table = f'<table class="lesson-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    label = re.sub("<[^>]*>", "", ", ".join(head))
    return f'<div class="wide" tabindex="0" role="region" aria-label="{label}">{table}</div>'


def _cells(line: str, to: Callable[[str], str]) -> list[str]:
    return [inline(cell.strip(), to) for cell in line.strip().strip("|").split("|")]
