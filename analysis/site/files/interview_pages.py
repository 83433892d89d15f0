"""An interview to code, and a codebook, as pages of their own to read and to print: nothing from elsewhere."""

import textwrap
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from analysis.display.html_elements import facts, text
from analysis.site.files import stored_files
from analysis.teaching.interviews import Code, Interview, InterviewSet

STYLE = Path(__file__).with_name("interview.css")
WIDTH = 62  # characters of a line, so that a line has the same number on every screen and paper
EVERY = 5  # of so many lines, the last shows its number


def interview(of: InterviewSet, one: Interview) -> str:
    """Return the page of an interview."""
    about = f"<p>{text(one.about)}</p>"
    return _page(one.name, of, one.language, about + "".join(_turns(one)))


def codebook(of: InterviewSet) -> str:
    """Return the page of a codebook."""
    return _page(f"Codebook: {of.title}", of, of.interviews[0].language, "".join(map(_code, of.codes)))


@lru_cache(maxsize=16)  # asked for each place that the notes for instructors name
def lines(one: Interview) -> list[tuple[int, str]]:
    """Return the lines of an interview, each with its place in the text, as pages and notes for instructors count."""
    found, place = list[tuple[int, str]](), 0
    for paragraph in one.content.split("\n"):
        for line in textwrap.wrap(paragraph, WIDTH, break_on_hyphens=False):
            place = one.content.index(line, place)
            found.append((place, line))
            place += len(line)
    return found


def line_at(one: Interview, place: int) -> int:
    """Return the number of the line on which a place of the text is."""
    return sum(start <= place for start, _ in lines(one))


def _turns(one: Interview) -> Iterator[str]:
    numbered = [*enumerate(lines(one), 1)]
    for turn in one.turns:
        label = f"{text(turn.speaker)}:"
        within = (_line(number, line) for number, (start, line) in numbered if turn.start <= start < turn.end)
        yield f'<p class="turn">{" ".join(within).replace(label, f"<strong>{label}</strong>", 1)}</p>\n'


def _line(number: int, line: str) -> str:
    shown = f' data-line="{number}"' if number % EVERY == 0 else ""
    return f'<span class="line"{shown}>{text(line)}</span>'


def _code(code: Code) -> str:
    level, kind = (3, "code below") if code.parent else (2, "code")
    parts = [
        ("Definition", code.definition),
        ("Include", code.include),
        ("Exclude", code.exclude),
        ("Example", code.example),
    ]
    rules = facts((name, text(said)) for name, said in parts if said)
    return f'<section class="{kind}"><h{level}>{text(code.name)}</h{level}>{rules}</section>\n'


def _page(title: str, of: InterviewSet, language: str, content: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="{text(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{text(f"{title} (invented for teaching)")}</title>
<style>
{stored_files.text(STYLE)}@page {{ @top-left {{ content: {_quoted(of.notice)}; }} }}
</style>
</head>
<body>
<main>
<h1>{text(title)}</h1>
<p class="notice">{text(of.notice)}</p>
{content}</main>
</body>
</html>
"""


def _quoted(words: str) -> str:
    r"""Return words as a string of CSS, in which no markup begins.

    >>> _quoted('Made up: "x" <y>')
    '"Made up: \\000022x\\000022 \\00003Cy>"'
    """
    return '"' + "".join(f"\\{ord(sign):06X}" if sign in '"\\<\n' else sign for sign in words) + '"'
