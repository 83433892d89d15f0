"""What is wrong with a page stops the build with a message that names the page; the earlier site stays."""

import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import made_once
import prepared
import pytest
from example_counts import some

from analysis.support import paths

HOME = "# Home\n\nWords. See [claims](claims/index.md).\n"
CLAIMS = '---\ndescription: About claims\n---\n\n# Claims\n\n## One {: #C58 }\n\nSee {{ link("C58") }}.\n'
# Stands for the sections of all codes, whose links would lead to pages that are not there.
CODES = '# Codes\n\n<!-- codes_of("power"), codes_of("stage"), codes_of("response") -->\n'
EARLIER = "the earlier site"
# The pages of these tests link to no file that is made from the data but the feed; the whole site has them all.
NOTHING_MADE = '''"""No files but the feed."""

from analysis.site.pages import feed

OF_DOCUMENTS = ()


def beside(*_: object) -> dict[str, bytes]:
    return {}


files = of_documents = to_download = beside
with_address = feed.files
'''

# What a build loads; and the evidence, with which nothing is wrong here, is read once for all. Nothing is made beside.
PREPARE = """
from contextlib import nullcontext
from mkdocs.commands import build
from mkdocs.config import load_config
from analysis.site.building import mkdocs_build, second_process
from analysis.study import loading
second_process.making = nullcontext
load_config(str(mkdocs_build.SETTINGS))
evidence = mkdocs_build.study()
loading.load = lambda: evidence
"""

SITE = [sys.executable, "-m", "analysis", "site"]
Broken = Callable[[str, str], None]
Refused = Callable[..., list[str]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the compendium whose site has two pages, and empty ones for the codebook."""
    root = tmp_path_factory.mktemp("compendium")
    for name in ("analysis", "data", "examples", "notebooks", "paper"):
        shutil.copytree(paths.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "private"))
    write(root / "analysis" / "site" / "building", {"generated_files.py": NOTHING_MADE})
    for file in paths.ROOT.iterdir():
        if file.is_file():
            shutil.copy(file, root)
    for made in (made_once.notebooks(), made_once.article()):
        shutil.copytree(made, root / made.relative_to(paths.ROOT))
    for name in ("theme", "styles", "scripts"):
        shutil.copytree(paths.ROOT / "docs" / name, root / "docs" / name)
    for listed in ("cite/responses.yml", "methods/glossary.yml"):
        write(root / "docs", {listed: (paths.ROOT / "docs" / listed).read_text(encoding="utf-8")})
    settings = (paths.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    codebook = [f"codebook/{page.name}" for page in sorted((paths.ROOT / "docs" / "codebook").glob("*.md"))]
    navigation = "".join(f"\n  - {page}" for page in ["index.md", "claims/index.md", *codebook])
    without_old_addresses = re.sub(r"^  moved:\n(    .*\n)+", "", settings[: settings.index("\nnav:")], flags=re.M)
    (root / "mkdocs.yml").write_text(f"{without_old_addresses}\nnav:{navigation}\n", encoding="utf-8")
    write(root / "docs", {"index.md": HOME, "claims/index.md": CLAIMS} | dict.fromkeys(codebook, CODES))
    return root


@pytest.fixture(scope="module")
def run(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[prepared.Running]:
    """A way to run a command in the small compendium."""
    with prepared.commands(PREPARE, small, tmp_path_factory.mktemp("notes"), {"PYTHONPATH": str(small)}) as running:
        yield running


@pytest.fixture
def build(small: Path, run: prepared.Running) -> prepared.Running:
    """A way to build the small site, with an earlier one in its place."""

    def command(**more: str) -> "subprocess.CompletedProcess[str]":
        write(small / "build" / "site", {"index.html": EARLIER})
        return run("analysis", "site", **more)

    return command


@pytest.fixture
def refused(small: Path, build: prepared.Running) -> Refused:
    """A way to build, see that nothing came of it and nothing else was said, and get the lines of the message."""

    def message(**more: str) -> list[str]:
        ran = build(**more)
        assert ran.returncode == 1
        assert "Traceback" not in ran.stderr
        assert ran.stderr.startswith("analysis: ")
        assert [file.name for file in (small / "build" / "site").rglob("*") if file.is_file()] == ["index.html"]
        assert (small / "build" / "site" / "index.html").read_text(encoding="utf-8") == EARLIER
        return ran.stderr.removeprefix("analysis: ").strip().splitlines()

    return message


@pytest.fixture
def broken(small: Path) -> Iterator[Broken]:
    """A way to change a file of the small compendium, undone after the test."""
    before: dict[Path, bytes | None] = {}

    def change(name: str, text: str) -> None:
        file = small / name
        before.setdefault(file, file.read_bytes() if file.exists() else None)
        write(small, {name: text})

    yield change
    for file, content in before.items():
        file.unlink() if content is None else file.write_bytes(content)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def environment(path: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def test_the_small_site_is_built_where_nothing_is_wrong_with_it(build: prepared.Running, small: Path) -> None:
    ran = build()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (small / "build" / "site" / "claims" / "index.html").is_file()
    shutil.rmtree(small / "build" / "site")


def test_a_site_with_an_address_has_a_sitemap_and_absolute_links(build: prepared.Running, small: Path) -> None:
    assert build(SITE_URL="https://example.org/power/").returncode == 0
    built = small / "build" / "site"
    places = re.findall("<loc>(.*?)</loc>", (built / "sitemap.xml").read_text(encoding="utf-8"))
    assert len(places) == len(list(built.rglob("*.html"))) - 1, "all but the page for what is missing"
    assert "https://example.org/power/claims/index.html" in places
    page = (built / "claims" / "index.html").read_text(encoding="utf-8")
    assert '<meta name="citation_fulltext_html_url" content="https://example.org/power/claims/index.html"' in page
    assert '<meta property="og:image" content="https://example.org/power/cards/claims/index.png"' in page
    size = struct.unpack(">II", (built / "cards" / "claims" / "index.png").read_bytes()[16:24])
    assert size == (800, 420), "as wide to its height as the services that show it ask"
    missing = (built / "404.html").read_text(encoding="utf-8")
    assert 'href="/power/claims/index.html"' in missing
    assert 'href="/power/styles/site.css"' in missing
    assert '"base": "/power/"' in missing, "the search asks in the folder of the site"
    shutil.rmtree(built)


def test_repository_and_editing_are_linked_where_their_addresses_are_known(
    build: prepared.Running, small: Path
) -> None:
    assert build(REPO_URL="https://example.org/power").returncode == 0
    page = small / "build" / "site" / "claims" / "index.html"
    links = re.findall(r'<a href="(https://example.org[^"]*)"', page.read_text(encoding="utf-8"))
    assert links == ["https://example.org/power", "https://example.org/power/edit/main/docs/claims/index.md"]
    shutil.rmtree(small / "build" / "site")


def test_links_and_pages_outside_the_navigation_are_all_named_at_once(refused: Refused, broken: Broken) -> None:
    broken("docs/index.md", "# Home\n\n[x](nothing.md)\n\n[y](claims/index.md#nothing)\n")
    broken("docs/claims/lost.md", "# Lost\n")
    message = refused()
    assert any(line.startswith("docs/index.md, line 3: 'nothing.md' on the page index.html") for line in message)
    assert any(line.startswith("docs/index.md, line 5: 'claims/index.html#nothing'") for line in message)
    assert any('not included in the "nav"' in line and line.endswith("claims/lost.md") for line in message)
    assert len(message) == 3


def test_addresses_in_html_and_of_macros_are_held_to_the_built_site(refused: Refused, broken: Broken) -> None:
    html = '# Home\n\n<a href="raw.html">x</a>\n<img src="https://example.org/x.png" alt="x">\n\n{{ link("C59") }}\n'
    broken("docs/index.md", html)
    message = refused()
    assert [line.split(" on the page")[0] for line in message] == [
        "docs/index.md, line 3: 'raw.html'",
        "docs/index.md, line 4: 'https://example.org/x.png'",
        "docs/index.md: 'claims/index.html#C59'",  # as a macro gave it
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    some(
        [
            (CLAIMS + '\n{{ link("C590") }}\n', r"line 11: There is no passage, claim or code 'C590'"),
            (CLAIMS + "\n{{ linkk() }}\n", r"line 11: 'linkk' is undefined"),
            (CLAIMS + "\n{{ nothing }}\n", r"line 11: 'nothing' is undefined"),
            (CLAIMS + "\n{{ link( }}\n", r"line 11: unexpected '}'"),
            (CLAIMS + "\n{{ link() }}\n", r"line 11: .*missing 1 required positional argument: 'name'"),
            (CLAIMS.replace("About", "[About"), r"line 3: the front matter is not YAML"),
        ],
        3,
    ),
)
def test_a_page_that_cannot_be_made_is_named_with_the_line(
    refused: Refused, broken: Broken, text: str, message: str
) -> None:
    broken("docs/claims/index.md", text)
    (line,) = refused()
    assert re.match(rf"docs/claims/index\.md, {message}", line), line


@pytest.mark.thorough
def test_a_page_on_a_module_that_is_not_there_is_named(refused: Refused, broken: Broken) -> None:
    broken("docs/claims/index.md", CLAIMS + "\n::: analysis.nothing\n")
    message = refused()
    assert "mkdocstrings: analysis.nothing could not be found" in message
    assert "Error reading page 'claims/index.md'" in message


def test_a_page_that_is_not_utf_8_is_named(refused: Refused, small: Path, broken: Broken) -> None:
    broken("docs/claims/index.md", CLAIMS)
    (small / "docs" / "claims" / "index.md").write_bytes(b"# Claims\n\nSchr\xf6der\n")
    (line,) = refused()
    assert line.startswith("docs/claims/index.md, line 3: is not text in UTF-8")


@pytest.mark.thorough
def test_settings_that_cannot_be_used_are_named(refused: Refused, small: Path, broken: Broken) -> None:
    (line,) = refused(SITE_URL="nowhere")
    assert re.match(r"mkdocs\.yml: .*'site_url'", line)
    settings = (small / "mkdocs.yml").read_text(encoding="utf-8")
    broken("mkdocs.yml", settings.replace("theme:", "theme: [", 1))
    (line,) = refused()
    assert re.match(r"mkdocs\.yml: .* line \d+", line)
    broken("mkdocs.yml", settings + "\x00")
    (line,) = refused()
    assert line.startswith("mkdocs.yml: ")
    broken("mkdocs.yml", settings + "  - Lost: lost.md\n")
    line, *_ = refused()  # then all pages with a link to it
    assert "'lost.md'" in line
    assert "'nav'" in line


def test_a_template_that_cannot_be_used_is_named_with_the_line(refused: Refused, small: Path, broken: Broken) -> None:
    template = (small / "docs" / "theme" / "main.html").read_text(encoding="utf-8")
    broken("docs/theme/main.html", template.replace("{% endfor %}", "", 1))
    (line,) = refused()
    assert re.match(r"docs/theme/main\.html, line \d+: the template cannot be used", line)


def test_without_mkdocs_the_message_says_where_it_is_installed(small: Path, tmp_path: Path) -> None:
    write(tmp_path, {"mkdocs/__init__.py": "raise ModuleNotFoundError(\"No module named 'mkdocs'\", name='mkdocs')\n"})
    place = os.pathsep.join([str(tmp_path), str(small)])
    ran = subprocess.run(SITE, cwd=small, env=environment(place), capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.startswith("analysis: the package 'mkdocs' is not installed here.")
    assert ".nox/verify" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_port_in_use_is_reported_before_anything_is_built(run: prepared.Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = run("analysis", "site", "--serve", "--port", port)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"analysis: 127.0.0.1:{port}: the site cannot be served there")
    assert "Building" not in ran.stdout


@pytest.mark.thorough
def test_serving_builds_again_on_changes_of_pages_and_modules_and_recovers(
    small: Path, broken: Broken, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    naming = (small / "analysis" / "site" / "html" / "naming.py").read_text(encoding="utf-8")
    log = tmp_path / "log"

    def shows(text: str) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/index.html", timeout=20) as answer:
                return text in answer.read().decode()
        except OSError:  # not there yet, or busy building
            return False

    with (
        log.open("w", encoding="utf-8") as written,
        subprocess.Popen(
            [*SITE, "--serve", "--port", str(port)],
            cwd=small,
            env=environment(str(small)),
            stdout=written,
            stderr=written,
        ) as server,
    ):
        try:
            until(lambda: shows("Words"))
            broken("docs/index.md", '# Home\n\nSee {{ link("C590") }}.\n')
            until(lambda: "docs/index.md, line 3: There is no passage" in log.read_text(encoding="utf-8"))
            until(lambda: shows("Words"))  # the earlier site is still there
            broken("analysis/site/html/naming.py", f"{naming}\n\ndef link(*_: object) -> str:\n    return 'changed'\n")
            until(lambda: shows("See changed."))
        finally:
            server.terminate()
    assert "Traceback" not in log.read_text(encoding="utf-8")


def until(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something holds, and fail when it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
