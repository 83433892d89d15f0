"""A key in the text opens its note beside the line, leads to it without a script, and in print to the supplement."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from articles import LINES_BEFORE, rendered, written
from browser import Browser, too_wide, violations
from document_checks import page_faults
from example_counts import some
from pypdf import PdfReader

from analysis import rendering
from analysis.rendering import ArticleError

NOTES = """
```{python}
#| echo: false
from IPython.display import Markdown

keys = ["F06", "F07", "F11", "F12", "F13", "C71", "C72", "C73"]
lines = {"C71": "*For:* F06 and F12; not C71 itself"}
notes = [f"::: {{#note-{key}}}\\n**{key}**: What {key} is.\\n\\n{lines.get(key, '*Stage:* early')}\\n:::" for key in keys]
Markdown("\\n\\n".join([":::: {#evidence-notes}", "## Notes {.unnumbered}", *notes, "::::"]))
```
"""
BODY = """
## Words {#sec-words}

One says so (F06; "F11"), and `{python} "F11, F12 and F13"` agree. C71–C73 and F06 follow. Neither F6 nor C4 nor
`F07` nor [F07](https://example.org/F99) nor XF07 is a key.

- A list, F06

| Key | For |
|:----|:----|
| F07 | say (F13), too |

: A table, see C73 {#tbl-one}

## More on F06
"""
LINKED = ["F06", "F11", "F12", "F13", "C71", "C73"]  # in the order of the notes
FRONT = "abstract: What it says.\nauthor: [Ann Author]\nlicense: CC BY\nkeywords: [keys]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article with keys, in all formats."""
    return rendered(tmp_path_factory.mktemp("keys"), BODY + NOTES, FRONT)


@pytest.fixture(scope="module")
def page(folder: Path) -> Any:
    """Its web page."""
    return lxml.html.parse(str(folder / "article.html")).getroot()


def keys_in(page: Any, path: str) -> list[str]:
    return [a.text for part in page.xpath(path) for a in part.xpath(".//a[@class='key']")]


def test_keys_in_prose_lists_captions_and_cells_become_links_and_nothing_else_does(page: Any) -> None:
    assert keys_in(page, "//section[@id='sec-words']/p") == ["F06", "F11", "F11", "F12", "F13", "C71", "C73", "F06"]
    assert keys_in(page, "//ul") == ["F06"]
    assert keys_in(page, "//caption") == ["C73"]
    assert keys_in(page, "//h2|//h3") == []
    assert keys_in(page, "//tbody") == ["F13"]  # its first column says what a row is about
    for link in page.xpath("//a[@class='key']"):
        assert link.get("href") == f"#note-{link.text}"


def test_only_keys_that_are_named_have_a_note_and_each_leads_back(page: Any) -> None:
    notes = page.xpath("//section[@id='evidence-notes']/div[@class='key-note']")
    assert [note.get("id") for note in notes] == [f"note-{key}" for key in LINKED]
    assert keys_in(page, "//div[@id='note-C71']") == ["F06", "F12"]
    for note in notes:
        (back,) = note.xpath(".//a[@class='key-back']/@href")
        assert page.xpath("//a[@class='key'][@id=$id]", id=back[1:])[0].text == note.get("id")[len("note-") :]


def test_the_page_holds_together_and_runs_nothing_but_the_script_of_its_notes(folder: Path) -> None:
    assert page_faults(folder / "article.html") == []
    (script,) = re.findall(r"<script>.*?</script>", (folder / "article.html").read_text(encoding="utf-8"), re.DOTALL)
    assert len(script.encode()) < 3 * 1024


def test_a_document_without_notes_has_no_script_and_no_such_links(tmp_path: Path) -> None:
    made = rendered(tmp_path, "Words on F06.\n")
    text = (made / "article.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert 'class="key"' not in text


def test_pdf_and_word_link_keys_to_the_supplement_and_have_no_notes(folder: Path) -> None:
    reader = PdfReader(folder / "article.pdf")
    notes = [note.get_object() for leaf in reader.pages for note in leaf.get("/Annots", [])]
    targets = {str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})}
    wanted = set(LINKED)
    sections = {"C": "sec-ledger", "F": "sec-passages"}  # a PDF can be entered from another one at headings only
    assert {target for target in targets if "supplement" in target} == {
        f"supplement.pdf#{sections[key[0]]}" for key in wanted
    }
    with zipfile.ZipFile(folder / "article.docx") as word:
        relations, text = (word.read(f"word/{name}").decode() for name in ("_rels/document.xml.rels", "document.xml"))
    assert set(re.findall(r'Target="supplement\.docx#(\w+)"', relations)) == wanted
    assert "What F06 is" not in text + "".join(leaf.extract_text() for leaf in reader.pages)


def test_jats_has_keys_as_text_and_no_notes(folder: Path) -> None:
    text = (folder / "article.xml").read_text(encoding="utf-8")
    assert "C71–C73 and F06 follow" in " ".join(text.split())
    assert not re.search("note-F06|What F06 is|supplement", text)


@pytest.mark.parametrize("key", ["F99", "C999"])
@pytest.mark.parametrize("renderer", ["embedded", "quarto"])
def test_an_unknown_key_stops_the_rendering_with_its_line(
    key: str, renderer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.rendering.quarto.version", lambda: "1.9.38")
    source = written(tmp_path / "paper", f"Words.\n\nAs {key} says.\n{NOTES}")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "article.html").write_text("the earlier one", encoding="utf-8")
    with pytest.raises(ArticleError) as refused:
        rendering.render(source, tmp_path / "out", renderer, tell=lambda _: None)
    told = f"{source}, line {LINES_BEFORE + 3}: {key} is the key of no passage or claim. Correct it"
    assert str(refused.value).startswith(told)
    assert "\n" not in str(refused.value)
    assert (tmp_path / "out" / "article.html").read_text(encoding="utf-8") == "the earlier one"


# --- in a browser

OPEN = "document.querySelector('#evidence-note')?.innerText ?? ''"
PLACES = """() => {
  const [note, line, text] = ['#evidence-note', '#key-F06', '#sec-words p'].map(
    (one) => document.querySelector(one).getBoundingClientRect());
  return [note.left >= text.right, Math.abs(note.top - line.top) < 4, note.top >= text.bottom, note.right <= innerWidth];
}"""
NEXT_TOP = "document.querySelector('#sec-words ul').getBoundingClientRect().top + scrollY"


def used(chromium: Browser, folder: Path, task: Any, width: int, **how: Any) -> Any:
    address = (folder / "article.html").resolve().as_uri()
    return chromium.use(address, task, address, width, **how)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_click_opens_the_note_beside_the_line_or_below_the_paragraph(
    chromium: Browser, folder: Path, width: int
) -> None:
    def walk(page: Any) -> Iterator[Any]:
        key, before = page.locator("#key-F06"), page.evaluate(NEXT_TOP)
        key.click()
        yield "What F06 is" in page.evaluate(OPEN), key.get_attribute("aria-expanded"), page.evaluate(PLACES)
        yield page.evaluate(NEXT_TOP) == before
        key.click()
        yield page.evaluate(OPEN), key.get_attribute("aria-expanded")

    in_margin = [True, True, False, True] if width == 1440 else [False, False, True, True]
    expected = [(True, "true", in_margin), width == 1440, ("", "false")]
    assert used(chromium, folder, lambda page: list(walk(page)), width) == expected


@pytest.mark.parametrize("width", [1440, 390])
def test_a_note_opens_and_closes_by_keyboard_and_gives_the_focus_back(
    chromium: Browser, folder: Path, width: int
) -> None:
    active = "document.activeElement.id"

    def walk(page: Any) -> Iterator[Any]:
        for press in ("Enter", " "):
            page.locator("#key-C71").focus()
            page.keyboard.press(press)
            yield page.evaluate(active), page.get_attribute("#evidence-note", "aria-label")
            page.keyboard.press("Tab")  # to the first key in the note
            page.keyboard.press("Enter")
            yield page.evaluate(active), page.get_attribute("#evidence-note", "aria-label")
            page.keyboard.press("Escape")
            yield page.evaluate(active), page.evaluate(OPEN)

    opened, inner, closed = ("evidence-note", "Note on C71"), ("evidence-note", "Note on F06"), ("key-C71", "")
    assert used(chromium, folder, lambda page: list(walk(page)), width) == [opened, inner, closed] * 2


@pytest.mark.parametrize("scheme", some(["light", "dark"], 1))
@pytest.mark.parametrize("width", [1440, 390])
def test_an_open_note_is_accessible_and_fits_the_window(
    chromium: Browser, folder: Path, width: int, scheme: str
) -> None:
    def look(page: Any) -> Any:
        page.locator("#key-C71").click()
        return violations(page), too_wide(page)

    assert used(chromium, folder, look, width, scheme=scheme) == ([], 0)


TOPS_IN_A_NARROW_CELL = """() => {
  const key = document.querySelector("td .key"), cell = key.closest("td");
  cell.style.maxWidth = cell.style.width = "1px";
  const place = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const [before, after] = [key.previousSibling, key.nextSibling];
  const marks = [place(before, before.length - 1), place(key.firstChild, 0), place(after, 0), place(after, 1)];
  return [marks.map(one => Math.round(one.top)), key.getBoundingClientRect().height];
}"""


def test_a_key_in_a_cell_keeps_its_brackets_and_is_high_enough_to_hit(chromium: Browser, folder: Path) -> None:
    tops, height = used(chromium, folder, lambda page: page.evaluate(TOPS_IN_A_NARROW_CELL), 390)
    assert len(set(tops)) == 1
    assert height >= 24


def test_one_note_is_open_at_a_time_and_none_in_print(chromium: Browser, folder: Path) -> None:
    def look(page: Any) -> Any:
        page.locator("#key-F06").click()
        page.locator("#tbl-one .key").first.click()
        at_once = page.locator("#evidence-note").count(), page.locator("[aria-expanded=true]").count()
        page.emulate_media(media="print")
        return at_once, page.locator("#evidence-note, #evidence-notes").evaluate_all(
            "all => all.map(one => one.checkVisibility())"
        )

    assert used(chromium, folder, look, 1440) == ((1, 1), [False, False])


def test_without_a_script_a_key_leads_to_its_note_and_back(chromium: Browser, folder: Path) -> None:
    def walk(page: Any) -> Any:
        page.locator("#key-F06").click()
        to = page.url.partition("#")[2]
        page.locator("#note-F06 .key-back").click()
        return to, page.url.partition("#")[2]

    assert used(chromium, folder, walk, 390, java_script_enabled=False) == ("note-F06", "key-F06")
