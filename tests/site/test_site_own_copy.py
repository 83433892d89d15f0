"""A reader's own copy in a real browser: the same answers as `analysis.wording.fingerprints`, shown in that tab and nowhere else."""

import hashlib
import html
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import browser
import printed
import pytest
from example_counts import some
from pypdf import PdfReader, PdfWriter

from analysis.site.pages import own_copy
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.wording import fingerprints

Use = Callable[..., Any]


@pytest.fixture
def use(chromium: browser.Browser, site: Path) -> Use:
    """Open the page and return what a task makes of it; whatever the console says fails the test."""
    page = site / "evidence" / "your-copy.html"
    return lambda task, **given: chromium.use(page.as_uri(), task, site.as_uri(), **given)


def said_of(page: Any, file: Any) -> str:
    """Give the page a file (a path, or name, type and content), and return what it says."""
    page.set_input_files("#copy-file", file)
    return searched(page)


def searched(page: Any) -> str:
    """Wait for the end of a search, which shows its bar as soon as it is asked for; return what the page says."""
    page.locator("#copy-bar").wait_for(state="hidden")
    return str(page.inner_text("#copy-said"))


def file_of(content: bytes, name: str = "copy.txt") -> dict[str, Any]:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def shown(page: Any) -> dict[str, list[str]]:
    """Return what stands beside the text of each owner: wordings, and what is said where there is none."""
    found: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("#copy-results article")].map((one) =>
            [one.dataset.owner, [...one.querySelectorAll("blockquote, .missing")].map((part) => part.textContent)]))"""
    )
    return found


@pytest.fixture(scope="module")
def of_article(article: Path, study: Evidence) -> dict[str, list[str]]:
    """What stands beside each text where the copy is the article."""
    return expected(article, study)


@cache
def verified(copy: Path, study: Evidence) -> list[fingerprints.Match]:
    """Return what the analysis finds of a copy, once: the article is asked for by many."""
    return fingerprints.verify(copy, study)


def expected(copy: Path, study: Evidence) -> dict[str, list[str]]:
    missing = {
        "ambiguous": "Ambiguous: several places in your copy are equally good.",
        "not found": "Not found in your copy.",
    }
    found: dict[str, list[str]] = {}
    for one in verified(copy, study):
        found.setdefault(one.owner_id, []).append(one.wording or missing[one.answer])
    return found


def as_page(text: str) -> str:
    """Return a text as a web page with markup inside words, notes, and things that must neither run nor be loaded."""
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n\s*\n", text))
    marked = re.sub(r"\b(w)(hen|hat|ith)\b", r"\1<i>\2</i>", paragraphs)
    unseen = "<script>window.ran = 1; document.write('(ID 20)')</script><style>p {}</style><noscript>(ID 22)</noscript>"
    trap = '<img src="https://elsewhere.example/x.png" onerror="parent.ran = 1"><iframe src="https://elsewhere.example/"></iframe>'
    return f"<!doctype html><html><head><meta charset=utf-8><title>A copy</title></head><body>{unseen}{trap}{marked}</body></html>"


def spoiled(text: str, study: Evidence, article: Path) -> str:
    """Return the article with a passage changed, one taken out, and one printed twice with its citation."""
    wording = {(f.owner_id, f.n): f for f in verified(article, study)}

    def place(owner: str) -> tuple[int, int]:
        start = wording[owner, 1].start
        assert start is not None
        return start, text.index(")", start) + 1

    (changed, _), (gone, end), (first, last) = place("T02"), place("F14"), place("T05")
    doubled = text[first:last]
    edited = text[:gone] + text[end:]
    edited = edited[:changed] + "Otherwise " + edited[changed:] if changed < gone else edited
    return edited.replace(doubled, f"{doubled}\n\n{doubled}")


@pytest.mark.parametrize("kind", some(["spoiled", "text", "page", "upper case", "wrapped"], 1))
def test_the_page_answers_as_the_analysis_does(
    use: Use, study: Evidence, article: Path, tmp_path: Path, kind: str
) -> None:
    text = article.read_text(encoding="utf-8")
    made = {
        "text": lambda: text,
        "page": lambda: as_page(text),
        "upper case": text.upper,
        "wrapped": lambda: re.sub(r"(\w{4})(\w{4})", "\\1-\n\\2", text),
        "spoiled": lambda: spoiled(text, study, article),
    }
    copy = tmp_path / ("copy.html" if kind == "page" else "copy.txt")
    copy.write_text(made[kind](), encoding="utf-8")

    def task(page: Any) -> dict[str, list[str]]:
        said = said_of(page, copy)
        assert ("Every piece is in its place" in said) == (kind != "spoiled")
        assert page.evaluate("window.ran") is None
        return shown(page)

    assert use(task) == expected(copy, study)


#: Where each passage is, and its wording.
WHERE = """() => [...document.querySelectorAll("#copy-results section article")].map((one) =>
    [one.querySelector("h3 span").textContent, one.querySelector("blockquote").textContent])"""


@pytest.mark.parametrize(
    ("name", "made", "where"),
    some(
        [
            ("two-columns.pdf", printed.as_pdf, "page "),
            ("narrow.pdf", printed.as_narrow_pdf, "page "),
            ("copy.docx", printed.as_docx, " of 41 in the order of your copy"),
            ("across.pdf", printed.as_pdf_across, "page "),
        ],
        2,
    ),
)
def test_every_passage_is_found_in_what_programs_for_documents_make(
    use: Use, study: Evidence, article: Path, tmp_path: Path, name: str, made: Callable[[str, Path], Path], where: str
) -> None:
    """Whatever hyphens, heads, columns and marks in the margin are between their words; each with where it is."""
    copy = made(article.read_text(encoding="utf-8"), tmp_path / name)
    found = {one.owner_id: one.wording for one in verified(article, study)}

    def task(page: Any) -> tuple[str, list[str], str, list[list[str]]]:
        said = said_of(page, copy)
        assert len(shown(page)) == len(found)
        places = page.locator("#copy-results section article h3 span").all_inner_texts()
        return said, places, page.locator('[data-owner="F14"] blockquote').inner_text(), page.evaluate(WHERE)

    said, places, wording, pieces = use(task)
    assert pieces
    assert name != "two-columns.pdf" or on_pages_where_another_reader_finds_them(copy, pieces)
    assert f"{len(study.extracts)} of {len(study.extracts)} passages was found. Every piece is in its place" in said
    assert len(places) == len(study.extracts)
    assert all(where in place for place in places)
    numbers = [int(number) for place in places for number in re.findall(r"\d+", place)[:1]]
    assert numbers == sorted(numbers)
    assert [word.text for word in fingerprints.words(wording)] == [
        word.text for word in fingerprints.words(str(found["F14"]))
    ]


def on_pages_where_another_reader_finds_them(copy: Path, found: list[list[str]]) -> bool:
    """Tell whether each wording begins on the page that is named beside it, as pypdf reads these."""
    pages = [re.sub(r"[-\u00ad]\n", "", page.extract_text()) for page in PdfReader(copy).pages]
    words = [" ".join(word.text for word in fingerprints.words(text)) for text in pages]
    starts = [(where, " ".join(word.text for word in fingerprints.words(wording)[:2])) for where, wording in found]
    numbers = [int(re.findall(r"\d+", where)[0]) for where, _ in starts]
    named = all(where == f"page {number} of the file" for number, (where, _) in zip(numbers, starts, strict=True))
    return named and all(start in words[number - 1] for number, (_, start) in zip(numbers, starts, strict=True))


def test_a_passage_that_is_not_there_is_named_with_its_gist_and_what_to_do(
    use: Use, study: Evidence, article: Path, tmp_path: Path
) -> None:
    text = article.read_text(encoding="utf-8")
    starts = {one.owner_id: one.start for one in verified(article, study)}
    twice = text[starts["T05"] : text.index("(ID 20)", starts["T05"]) + 7]
    copy = tmp_path / "spoiled.txt"
    copy.write_text(f"{text[: starts['F14']]}Instead {text[starts['F14'] + 20 :]}\n\n{twice}", encoding="utf-8")

    def task(page: Any) -> tuple[str, list[str]]:
        said = said_of(page, copy)
        return said, page.locator("#copy-results section").first.locator("article").all_inner_texts()

    said, missing = use(task)
    assert "39 of 41 passages was found" in said
    assert "Choose a copy" not in said
    gists = study.extracts.set_index("extract_id")["gist"]
    of_f14, of_t05 = sorted(missing)
    assert of_f14.startswith("F14")
    assert gists["F14"] in of_f14
    assert "Search for “ID 30” in your copy" in of_f14
    assert of_t05.startswith("T05")
    assert gists["T05"] in of_t05
    assert "Read each of the places" in of_t05


def test_a_hyphen_of_the_word_itself_is_kept_where_a_line_ends(use: Use) -> None:
    """The rest of the text decides: no reading of all hyphens in one way has both words."""
    text = "We co-design it. To co-\ndesign a commit-\ntee of mem\u00ad\nbers."
    texts = use(lambda page: page.evaluate("text => compendium.copyText.textsOf(text).map(one => one.text)", text))
    assert texts[0].endswith("To co-\ndesign a committee of members.")
    assert texts[1].endswith("To codesign a committee of members.")
    assert texts[2].endswith("a commit-\ntee of members.")


def test_the_reader_of_pdfs_is_loaded_with_the_first_pdf_and_sends_nothing(
    chromium: browser.Browser, served: str
) -> None:
    """Served, where requests can be seen: all to this site, for the reader, and none once the copy is read."""
    pdf = PdfWriter()
    pdf.add_blank_page(100, 100)
    content = io.BytesIO()
    pdf.write(content)
    asked: list[str] = []

    def task(page: Any) -> list[str]:
        page.on("request", lambda request: asked.append(request.url))
        said_of(page, file_of(b"some text"))
        before = [url for url in asked if "pdfjs" in url]
        assert "no text. Have a program recognise its text" in said_of(page, file_of(content.getvalue(), "scan.pdf"))
        return before

    assert chromium.use(f"{served}evidence/your-copy.html", task, allowed=served) == []
    assert [url.removeprefix(served) for url in asked if "pdfjs" in url] == ["vendor/pdfjs/pdfjs.js"]


def test_a_pasted_text_is_looked_into(use: Use, article: Path, of_article: dict[str, list[str]]) -> None:
    def task(page: Any) -> dict[str, list[str]]:
        page.click("text=Paste the text instead")
        page.fill("#copy-pasted", article.read_text(encoding="utf-8"))
        page.click("text=Look into this text")
        searched(page)
        return shown(page)

    assert use(task) == of_article


def test_a_dropped_file_is_looked_into_and_its_wording_can_be_cleared(
    use: Use, article: Path, of_article: dict[str, list[str]]
) -> None:
    drop = """text => { const given = new DataTransfer(); given.items.add(new File([text], "dropped.txt"));
        document.getElementById("copy-drop").dispatchEvent(new DragEvent("drop", { dataTransfer: given, cancelable: true })) }"""

    def task(page: Any) -> dict[str, list[str]]:
        page.evaluate(drop, article.read_text(encoding="utf-8"))
        searched(page)
        found = shown(page)
        page.click("#copy-clear")
        assert not shown(page)
        assert page.inner_text("#copy-said") == ""
        return found

    assert use(task) == of_article


def test_few_windows_have_to_be_hashed(use: Use, study: Evidence, article: Path) -> None:
    """Wherever it is cited, a piece costs a window for each word that the citation may be away; others, one for each word.

    A browser takes some microseconds for a digest. How long all of them take depends on what else the machine does.
    """
    search = """async text => {
        const { fragments, citedWithin } = compendium.dataOf("copy-material");
        const { sha256 } = compendium;
        let digests = 0;
        compendium.sha256 = (bytes) => { digests += 1; return sha256(bytes); };
        await compendium.fragments.find(text, fragments, citedWithin, () => {});
        return digests;
    }"""
    text = article.read_text(encoding="utf-8")
    uncited = study.fragments.loc[study.fragments["cited_as"] == "", "words"].nunique()
    most_cited = 10 * len(study.fragments) * (fingerprints.CITED_WITHIN + 1)
    assert use(lambda page: page.evaluate(search, text)) < uncited * len(fingerprints.words(text)) + most_cited


@pytest.mark.thorough
def test_the_page_draws_while_it_searches(use: Use) -> None:
    """A long text that is not the article: the bar moves before the search is over."""
    words = " ".join(f"word{n}" for n in range(15_000)).encode()

    def task(page: Any) -> tuple[list[float], str]:
        page.evaluate(
            """() => { window.seen = []; const bar = document.getElementById("copy-bar");
            const look = () => { if (!bar.hidden) window.seen.push(bar.value); requestAnimationFrame(look) }; look() }"""
        )
        said = said_of(page, file_of(words))
        return page.evaluate("[...new Set(window.seen)]"), said

    seen, said = use(task)
    assert len(seen) > 5
    assert seen == sorted(seen)
    assert "is not the article" in said


# --- nothing leaves the tab


def test_nothing_is_kept_and_the_wording_goes_when_the_page_is_left(use: Use, article: Path) -> None:
    def task(page: Any) -> None:
        kept = """(() => { const scheme = ([name]) => name.endsWith("__palette");
            const all = [localStorage, sessionStorage].map(one => Object.entries({ ...one }).filter(pair => !scheme(pair)));
            return JSON.stringify([...all, document.cookie]) })()"""
        before = page.evaluate(kept)
        said_of(page, article)
        assert shown(page)
        assert page.evaluate(kept) == before
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        assert not shown(page)
        assert page.input_value("#copy-file") == ""

    use(task)


def test_once_a_copy_is_read_scripts_cannot_connect(chromium: browser.Browser, served: str) -> None:
    seen = browser.Visit()
    attempt = "fetch(location.href).then(() => 'sent', () => 'refused')"

    def task(page: Any) -> list[str]:
        before = page.evaluate(attempt)
        said_of(page, file_of(b"some text"))
        return [before, page.evaluate(attempt)]

    assert chromium.use(f"{served}evidence/your-copy.html", task, allowed=served, seen=seen) == ["sent", "refused"]
    assert seen.asked == []
    assert all("Content Security Policy" in text or "Fetch API cannot load" in text for text in seen.console)


@pytest.mark.parametrize("where", some(["folder", "server"], 1))
def test_the_search_of_the_site_works_under_the_policy(
    chromium: browser.Browser, site: Path, served: str, where: str
) -> None:
    root = f"{site.as_uri()}/" if where == "folder" else served

    def task(page: Any) -> None:
        said_of(page, file_of(b"some text"))
        page.click(".md-search__input")
        page.keyboard.type("fingerprint", delay=20)
        page.locator(".md-search-result__item").first.wait_for()

    chromium.use(f"{root}evidence/your-copy.html", task, allowed=root)


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_found_wording_is_accessible_and_no_wider_than_the_screen(use: Use, article: Path, scheme: str) -> None:
    def task(page: Any) -> None:
        said_of(page, article)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert browser.violations(page, "article", browser.asked_in(scheme)) == [], width
            assert browser.too_wide(page) == 0, width

    use(task, scheme=scheme)


# --- what is not the article


@pytest.mark.parametrize(
    ("name", "content", "told"),
    some(
        [
            ("other.txt", b"Some other text, with (ID 20) in it.", "is not the article: the wording of 0 of"),
            ("empty.txt", b" \n", "There is no text in it"),
            ("paper.pdf", b"%PDF-1.7\n\xe2\xe3", "This PDF is damaged"),
            ("renamed.txt", b"%PDF-1.7\n/Encrypt", "This PDF is damaged"),
            ("paper.docx", b"PK\x03\x04....", "This document of Word is damaged"),
            ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "an older or a protected document of Word"),
            ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no text in UTF-8"),
            ("windows.txt", "Süß".encode("cp1252"), "no text in UTF-8"),
            ("nothing.html", b"<!doctype html><title></title>", "There is no text in it"),
            ("odd.html", b"<meta charset=nonsense>\xff here", "is not the article"),
            ("long.txt", b"a " * 800_000, "too long to be the article"),
        ],
        4,
    ),
)
def test_a_file_that_is_not_the_article_gets_a_notice(use: Use, name: str, content: bytes, told: str) -> None:
    def task(page: Any) -> None:
        said = said_of(page, file_of(content, name))
        assert said.startswith(name)
        assert told in said
        assert not shown(page)

    use(task)


def test_a_pdf_that_cannot_be_read_gets_a_notice_and_the_page_goes_on(use: Use, tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(401):
        writer.add_blank_page(100, 100)
    writer.write(tmp_path / "long.pdf")
    locked = PdfWriter(clone_from=PdfReader(printed.as_pdf("Some text.", tmp_path / "copy.pdf")))
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("text.txt", "(ID 20)")
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 61_000_000)

    def task(page: Any) -> list[str]:
        return [
            said_of(page, tmp_path / name) for name in ("long.pdf", "locked.pdf", "other.zip", "bomb.docx", "copy.pdf")
        ]

    long, encrypted, archived, bomb, other = use(task)
    assert "too many pages" in long
    assert "This PDF is encrypted. Print or save it as a PDF without a password" in encrypted
    assert "an archive or another kind of document" in archived
    assert "damaged" in bomb
    assert "copy.pdf is not the article" in other


@pytest.mark.parametrize(
    ("script", "start"), [("pdfjs.js", b"%PDF-1.7"), ("pdf-text.js", b"%PDF-1.7"), ("docx-text.js", b"PK\x03\x04")]
)
def test_a_reader_that_cannot_be_loaded_is_no_fault_of_the_file(
    chromium: browser.Browser, site: Path, script: str, start: bytes
) -> None:
    address = (site / "evidence" / "your-copy.html").as_uri()

    def task(page: Any) -> str:
        return said_of(page, file_of(start + b" something", "copy"))

    told = browser.using_without(chromium, address, script, task, site.as_uri())
    assert "could not be loaded. Reload the page" in told
    assert "damaged" not in told


def test_the_reader_of_pdfs_is_the_published_one() -> None:
    """What is kept here are two files of the npm package, byte for byte, and their licence."""
    kept = paths.ROOT / "docs" / "vendor" / "pdfjs"
    script = (kept / "pdfjs.js").read_text(encoding="utf-8")
    sources = json.loads(script[script.index("= {") + 2 :].rstrip().rstrip(";"))
    digests = {name: hashlib.sha256(source.encode()).hexdigest() for name, source in sources.items()}
    assert digests == {
        "reader": "522ad2c83bc8a0010e7f0cc60d0892b77c8d2bf2c9702dc12288311d94270f42",
        "worker": "b4c8353ded0d88d2e2009574a29eb4e0c3ff7e942ecdf51ef5f71566a9667f31",
    }
    assert all("pdfjsVersion = 6.5.438" in source for source in sources.values())
    assert "Apache License" in (kept / "LICENSE").read_text(encoding="utf-8")


def test_a_file_too_big_gets_a_notice(use: Use, tmp_path: Path) -> None:
    big = tmp_path / "big.pdf"
    with big.open("wb") as stream:
        stream.truncate(100_000_000)
    assert "too big" in use(lambda page: said_of(page, big))


def test_markup_in_a_copy_stays_text(use: Use) -> None:
    trap = b"<img src=x onerror='window.ran = 1'> <b>bold</b> (ID 20)"

    def task(page: Any) -> None:
        said_of(page, file_of(trap, "<img src=x onerror='window.ran=1'>.txt"))
        assert not page.locator("#copy img, #copy b").count()
        assert page.evaluate("window.ran") is None

    use(task)


def test_a_page_in_the_letters_of_windows_is_read_as_it_declares(use: Use) -> None:
    page_of = '<!doctype html><meta charset="windows-1252"><p>“Süß”</p>'.encode("cp1252")
    read = """async bytes => compendium.copyText.textsOfFile(new File([new Uint8Array(bytes)], "copy.html"), ["p"])"""
    assert [one["text"].strip() for one in use(lambda page: page.evaluate(read, list(page_of)))] == ["“Süß”"]


# --- words and digests


def test_digests_are_those_of_the_standard_and_of_hashlib(use: Use) -> None:
    # The examples of FIPS 180-4 (NIST, Secure Hash Standard: examples with intermediate values).
    standard = {
        "abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": (
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    }
    texts = [*standard, *("ab" * length for length in range(130)), "é" * 5000]
    digests = use(
        lambda page: page.evaluate(
            "texts => texts.map(text => compendium.sha256(new TextEncoder().encode(text)))", texts
        )
    )
    assert digests[:3] == list(standard.values())
    assert digests == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


def letters() -> list[str]:
    """Every character that Python's tables know, without the large blocks in which all are alike, and marks between."""
    skipped = [(0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xF8FF), (0x17000, 0x18CFF), (0x20000, 0x10FFFF)]
    alike = {point for first, last in skipped for point in range(first + 1, last)}
    return [
        chr(point)
        for point in range(sys.maxunicode + 1)
        if point not in alike and unicodedata.category(chr(point)) not in ("Cn", "Cs", "Co")
    ]


@pytest.mark.thorough
def test_words_of_every_character_are_those_of_the_analysis(use: Use) -> None:
    texts = [f"a{one}b {one}\u0301 {one}" for one in letters()]
    seen = use(
        lambda page: page.evaluate(
            "texts => texts.map(text => compendium.fragments.words(text).map(word => word.text))", texts
        )
    )
    expected_words = [[word.text for word in fingerprints.words(text)] for text in texts]
    differing = {
        text[1]: (one, other) for text, one, other in zip(texts, seen, expected_words, strict=True) if one != other
    }
    assert len(texts) > 30_000
    assert differing == {}


def test_places_of_words_are_those_of_the_analysis(use: Use) -> None:
    text = "It’s a ﬁne  “Co-design”; Straße, ΟΔΟΣ, com\u00admit e\u0301te\u0301"
    seen = use(lambda page: page.evaluate("text => compendium.fragments.words(text)", text))
    assert [(word["text"], word["start"], word["end"]) for word in seen] == fingerprints.words(text)


def test_fragments_have_the_fingerprints_of_the_analysis(use: Use) -> None:
    texts = ["Gateway!", "Straße und ΟΔΟΣ", "a_b  c"]
    seen = use(
        lambda page: page.evaluate(
            "texts => texts.map(text => compendium.fragments.fingerprint(compendium.fragments.words(text).map(word => word.text)))",
            texts,
        )
    )
    assert seen == [fingerprints.fingerprint(word.text for word in fingerprints.words(text)) for text in texts]


def test_every_fragment_has_an_owner_that_the_page_can_name(study: Evidence) -> None:
    made = own_copy.material(study, "evidence/your-copy.html")
    owners = {fragment["owner_id"] for fragment in made["fragments"]}
    assert owners == made["passages"].keys() | made["codes"].keys()
    assert len(made["passages"]) == len(study.extracts)
