"""Texts as readers have them: typeset as PDF in several ways, and as a Word document."""

import re
import textwrap
from pathlib import Path

import pypandoc
import typst

SET = '#set text(size: 9pt, lang: "en", hyphenate: true)\n#set par(justify: true)\n#set super(typographic: false)\n'
PARAGRAPHS = '#for part in read("text.txt").split("\\n\\n") { par(part) }\n'
#: Running heads and feet, and, as publishers add it, a line that runs up the margin of each page.
PAGES = (
    "header: context [MADE-UP JOURNAL #h(1fr) #counter(page).display()], footer: [Downloaded by a reader], "
    "background: place(right + horizon, rotate(90deg, reflow: true)[Downloaded from elsewhere on a day])"
)


def as_pdf(text: str, file: Path) -> Path:
    """Typeset a text as journals do: two justified, hyphenated columns with running heads."""
    return _typeset(text, f"#set page(columns: 2, {PAGES})\n{SET}{PARAGRAPHS}", file)


def as_narrow_pdf(text: str, file: Path) -> Path:
    """Typeset a text in three columns, where many lines end in a hyphen, and with notes below them."""
    noted = PARAGRAPHS.replace("par(part)", "par(part + footnote[A note of the made-up journal, in small type.])")
    return _typeset(text, f'#set page(paper: "a4", flipped: true, columns: 3, {PAGES})\n{SET}{noted}', file)


def as_pdf_across(text: str, file: Path, lines: int = 50) -> Path:
    """Typeset a text in two columns as some programs do: a line of the left column, then that of the right one."""
    wrapped = [line for part in text.split("\n\n") for line in [*textwrap.wrap(part, 46), ""]]
    across = []
    for start in range(0, len(wrapped), 2 * lines):
        left, right = wrapped[start : start + lines], wrapped[start + lines : start + 2 * lines]
        right += [""] * (lines - len(right))
        across += [cell for pair in zip(left + [""] * (lines - len(left)), right, strict=True) for cell in pair]
    grid = "#set page(margin: 2cm)\n" + (
        f'#let cells = read("text.txt").split("\\n")\n#for at in range(0, cells.len(), step: {2 * lines}) {{\n'
        "  grid(columns: (1fr, 1fr), column-gutter: 1cm, rows: 1.25em,\n"
        f"    ..cells.slice(at, calc.min(at + {2 * lines}, cells.len())).map(cell => text(size: 8pt, cell)))\n"
        "  pagebreak(weak: true)\n}\n"
    )
    return _typeset("\n".join(across), grid, file)


def as_docx(text: str, file: Path) -> Path:
    """Make a Word document of a text."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+.!|<>~^$@\"'-])", r"\\\1", text)
    pypandoc.convert_text(escaped, "docx", format="markdown", outputfile=str(file))
    return file


def _typeset(text: str, how: str, file: Path) -> Path:
    (file.parent / "text.txt").write_text(text, encoding="utf-8")
    source = file.with_suffix(".typ")
    source.write_text(how, encoding="utf-8")
    typst.compile(str(source), output=str(file))
    return file
