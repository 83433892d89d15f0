"""The check of links finds each kind of link that leads nowhere, and no other."""

from pathlib import Path

import pytest

from analysis.site.building import links, page_files
from analysis.site.building.macro_calls import Call

PAGE = '<html><head></head><body><h1 id="top-of-it">One</h1><a name="old">Two</a>{}</body></html>'


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "other.html").write_text(PAGE.format(""), encoding="utf-8")
    (tmp_path / "a picture.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "style.css").write_text("p { color: red }", encoding="utf-8")
    return tmp_path


def problems(built: Path, body: str) -> list[str]:
    (built / "page.html").write_text(PAGE.format(body), encoding="utf-8")
    return [fault.problem for fault in links.faults(built, [])]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="sub/other.html#top-of-it">x</a>',
        '<a href="sub/other.html#old">x</a>',
        "<a href='sub/other.html?view=1#stage=initiation'>x</a>",
        "<a href=#top-of-it>x</a>",
        '<a href="https://doi.org/10.1111/padm.13015">x</a>',
        '<img src="a%20picture.svg" srcset="a%20picture.svg 1x, a%20picture.svg 2x" alt="">',
        '<img src="data:image/gif;base64,AAAA" alt="">',
        "<style>p { background: url('a%20picture.svg') }</style>",
        '<!-- <a href="nothing.html">x</a> --><script>const text = \'<a href="nothing.html">\'</script>',
        '<code>&lt;a href="nothing.html"&gt;</code>',
        '<link rel="canonical" href="https://example.org/page.html">',
        '<p data="nothing.html">x</p>',
    ],
)
def test_links_that_lead_somewhere_are_no_fault(built: Path, body: str) -> None:
    assert problems(built, body) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<a href="nothing.html">x</a>', "no such file"),
        ("<a class=x href=nothing.html>x</a>", "no such file"),
        ('<a href="sub/other.html#nothing">x</a>', "no place 'nothing' on sub/other.html"),
        ('<a href="#nothing">x</a>', "no place 'nothing' on page.html"),
        ('<a href="sub">x</a>', "leads to a folder"),
        ('<a href="/sub/other.html">x</a>', "root of the host"),
        ('<a href="../outside.html">x</a>', "no such file"),
        ('<img src="nothing.png" alt="">', "no such file"),
        ('<img srcset="a%20picture.svg 1x, nothing.png 2x" alt="">', "no such file"),
        ('<script src="nothing.js"></script>', "no such file"),
        ('<link rel="stylesheet" href="https://example.org/style.css">', "another host"),
        ('<img src="//example.org/picture.png" alt="">', "another host"),
        ('<object data="nothing.svg"></object>', "no such file"),
        ('<svg><use href="nothing.svg"></use></svg>', "no such file"),
        ('<p style="background: url(nothing.png)">x</p>', "no such file"),
        ("<style>@import 'https://example.org/style.css';</style>", "another host"),
    ],
)
def test_links_that_lead_nowhere_are_told(built: Path, body: str, told: str) -> None:
    (found,) = problems(built, body)
    assert told in found


@pytest.mark.parametrize(
    ("place", "path", "told"),
    [
        ("404.html", "/power/", []),
        ("404.html", "", ["begins at the root of the host"]),
        ("404.html", "/elsewhere/", ["begins at the root of the host"]),
        ("page.html", "/power/", ["begins at the root of the host"]),
    ],
)
def test_only_the_page_for_missing_pages_links_from_the_root_of_the_host(
    built: Path, place: str, path: str, told: list[str]
) -> None:
    (built / place).write_text(PAGE.format('<a href="/power/sub/other.html#old">x</a>'), encoding="utf-8")
    found = links.faults(built, [], path)
    assert len(found) == len(told)
    assert all(words in fault.problem for words, fault in zip(told, found, strict=True))


def test_a_link_of_the_page_for_missing_pages_has_to_lead_somewhere(built: Path) -> None:
    (built / "404.html").write_text(PAGE.format('<a href="/power/nothing.html">x</a>'), encoding="utf-8")
    (fault,) = links.faults(built, [], "/power/")
    assert "no such file" in fault.problem


def test_addresses_in_style_sheets_are_followed_from_their_own_folder(built: Path) -> None:
    (built / "sub" / "style.css").write_text("p { background: url(other.html) } q { background: url(style.png) }")
    (fault,) = links.faults(built, [])
    assert "'style.png' on the page sub/style.css" in fault.problem or "'style.png' leads nowhere" in fault.problem


def test_a_link_that_a_macro_gave_is_told_at_the_call(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = built / "pages"
    pages.mkdir()
    (pages / "page.md").write_text("# Page\n\n[x](lost.md)\n\n{{ macro() }}\n", encoding="utf-8")
    monkeypatch.setattr(page_files, "PAGES", pages)
    (built / "page.html").write_text(
        PAGE.format('<a href="lost.html"></a><a href="made.html?a&amp;b">'), encoding="utf-8"
    )
    faults = links.faults(built, [Call("page.md", 5, '<a href="made.html?a&amp;b">')])
    assert [(Path(fault.file).name, fault.line) for fault in faults] == [("page.md", 3), ("page.md", 5)]
