"""The site is built beside the article and the notebooks, and waits for them only where it shows them."""

import multiprocessing
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.structure.pages import Page

from analysis.site.building import generated_files, hooks, links, mkdocs_build, second_process
from analysis.site.site_error import SiteError
from analysis.support import paths
from analysis.support.errors import CompendiumError, Fault

PAGES = ["index.md", "article/index.md", "claims/index.md", "notebooks/01.md", "reuse/index.md"]


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens while a small site is built, in order: pages that are read, and files that are taken."""
    happened: list[str] = []
    for page in PAGES:
        file = tmp_path / "docs" / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# Title\n\n" + "[PDF](article.pdf)\n" * (page == "article/index.md"), encoding="utf-8")
    settings = f"""site_name: Small
site_url: https://example.org/
docs_dir: {tmp_path / "docs"}
theme: {{name: mkdocs, locale: en}}
plugins: []
extra_css: [{hooks.REFERENCE_STYLE}]
hooks: [{paths.ROOT / "analysis/site/building/hooks.py"}]
nav: {PAGES}
"""
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")

    def of_documents() -> Iterator[tuple[str, bytes]]:
        happened.append("taken")
        yield "article/article.pdf", b"%PDF"

    def reading(page: Page, config: object) -> None:
        happened.append(page.file.src_uri)
        read_source(page, config)

    read_source = Page.read_source
    monkeypatch.setattr(Page, "read_source", reading)
    monkeypatch.setattr(generated_files, "files", lambda _: [("scripts/made.js", b"")])
    monkeypatch.setattr(generated_files, "to_download", dict)
    monkeypatch.setattr(generated_files, "beside", lambda _: {"scripts/beside.js": b""})
    monkeypatch.setattr(generated_files, "of_documents", of_documents)
    monkeypatch.setattr(mkdocs_build, "SETTINGS", tmp_path / "mkdocs.yml")
    monkeypatch.setattr(links, "faults", lambda *_: [])
    return happened


def test_all_other_pages_are_read_before_the_article_and_the_notebooks_are_waited_for(
    heard: list[str], tmp_path: Path
) -> None:
    mkdocs_build.build(tmp_path / "site", lambda: heard.append("ready"))
    late = [page for page in PAGES if page.startswith(("article/", "notebooks/"))]
    assert heard == [*(page for page in PAGES if page not in late), "ready", "taken", *late]
    assert (tmp_path / "site" / "article" / "article.pdf").read_bytes() == b"%PDF"


def test_pages_keep_their_order_for_the_map_and_the_search(heard: list[str], tmp_path: Path) -> None:
    mkdocs_build.build(tmp_path / "site")
    assert set(PAGES) < set(heard)
    places = re.findall("<loc>https://example.org/(.*?)</loc>", (tmp_path / "site" / "sitemap.xml").read_text())
    assert places == [page.removesuffix("index.md").replace(".md", "/") for page in PAGES]


def test_a_site_without_their_pages_has_their_files(heard: list[str], tmp_path: Path) -> None:
    settings = tmp_path / "mkdocs.yml"
    others = [page for page in PAGES if not page.startswith(("article/", "notebooks/"))]
    for page in set(PAGES) - set(others):
        (tmp_path / "docs" / page).unlink()
    settings.write_text(settings.read_text(encoding="utf-8").replace(f"{PAGES}", f"{others}"), encoding="utf-8")
    mkdocs_build.build(tmp_path / "site", lambda: heard.append("ready"))
    assert heard == [*others, "ready", "taken"]
    assert (tmp_path / "site" / "article" / "article.pdf").is_file()


def test_without_them_there_is_no_new_site(heard: list[str], tmp_path: Path) -> None:
    def never() -> None:
        raise CompendiumError("The site is not built without the notebooks.")

    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "earlier.html").write_text("earlier")
    with pytest.raises(CompendiumError, match="not built without the notebooks"):
        mkdocs_build.build(tmp_path / "site", never)
    assert "taken" not in heard
    assert [file.name for file in (tmp_path / "site").iterdir()] == ["earlier.html"]


def test_a_second_process_hands_over_what_is_wrong_with_its_place_or_is_said_to_have_ended() -> None:
    receiving, sending = multiprocessing.Pipe(duplex=False)
    made = second_process.Made(receiving)
    faults = Fault("docs/one.md", "the title is missing", "Give it one.", line=3), Fault("docs/two.md", "no", "Yes.")
    sending.send(SiteError(*faults))
    with pytest.raises(SiteError) as handed_over:
        _ = made.texts
    assert str(handed_over.value) == "\n".join(map(str, faults))
    sending.close()
    with pytest.raises(SiteError, match="its process has ended"):
        _ = made.files
