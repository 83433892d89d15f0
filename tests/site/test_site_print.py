"""Words of tables come out whole where pages are printed."""

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import browser
import pytest
from example_counts import some
from pypdf import PdfReader

PRINTED = [
    "claims/model.html",
    "claims/in-full.html",
    "codebook/index.html",
    "evidence/index.html",
    "data/dictionary.html",
    "article/index.html",
    "article/power-in-co-production.html",
    "reuse/example-report.html",
]

# What the cells of a page's tables show on paper.
CELLS = """() => [...document.querySelectorAll('td, th')]
  .filter(cell => cell.checkVisibility() && cell.clientWidth > 1 && cell.closest('thead')?.clientWidth !== 1)
  .map(cell => cell.innerText)"""


# The texts between tables are left out: reading them in a PDF takes long.
TABLES_ALONE = (
    "() => document.querySelectorAll(':is(article, main) > :not(table, :has(table))').forEach(one => one.remove())"
)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d_]{4,30}", text))


@pytest.mark.parametrize("place", some(PRINTED, 2))
def test_a_printed_page_has_every_word_of_its_tables_whole(
    chromium: browser.Browser, site: Path, tmp_path: Path, place: str
) -> None:
    printed = tmp_path / "printed.pdf"

    def to_paper(page: Any) -> list[str]:
        page.emulate_media(media="print")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.evaluate(TABLES_ALONE)
        page.pdf(path=printed, format="A4")
        cells: list[str] = page.evaluate(CELLS)
        return cells

    cells = chromium.use((site / place).as_uri(), to_paper, allowed=site.as_uri(), width=642, seen=browser.Visit())
    shown = words(" ".join(cells))
    assert shown
    # Fonts have ligatures, each of which is read as one letter. A variable font has one set of widths in a PDF, that of
    # its regular weight, so that letters of a bolder one are read with spaces between them: what is not found as a word
    # is looked for in lines without any.
    text = unicodedata.normalize("NFKC", "\n".join(page.extract_text() for page in PdfReader(printed).pages))
    lines = "\n".join("".join(line.split()) for line in text.splitlines())
    assert [word for word in shown - words(text) if lines.count(word) < shown[word]] == []
