"""Quarto renders where it is on the PATH; where it cannot be used or does not succeed, the embedded renderer does."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from articles import WHOLE, WHOLE_FRONT, written
from document_checks import differences
from documented import python_with_nox
from documents import read
from example_counts import some

from analysis import rendering
from analysis.rendering import ArticleError, Rendered
from analysis.rendering.formats import TEMPLATES
from analysis.rendering.quarto import MINIMUM
from analysis.site.building import links
from analysis.site.pages import rendered_article
from analysis.study.evidence import Evidence
from analysis.support import paths

STAND_IN = """#!{python}
import json, os, pathlib, signal, sys, time
if sys.argv[1] == "--version":
    {answer}
    print({version!r})
    raise SystemExit
{work}
pathlib.Path({seen!r}).write_text(json.dumps([sys.argv, dict(os.environ)]))
for ending in {endings!r}:
    pathlib.Path("article." + ending).write_text({content!r})
pathlib.Path("figures").mkdir()
pathlib.Path("figures/one.png").write_text("picture")
print({log!r}, file=sys.stderr)
raise SystemExit({code})
"""

Quarto = Callable[..., Rendered]


@pytest.fixture
def quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Quarto:
    """A way to render with a program that stands in for Quarto, and does and says what the test wants."""

    def render(**does: object) -> Rendered:
        body = str(does.pop("body", "Words.\n"))
        renderer = str(does.pop("renderer", "auto"))
        settings = {"version": "1.9.38", "endings": ["html", "pdf", "docx", "xml"], "content": "<p>words</p>",
                    "log": "Output created: article.html", "code": 0, "answer": "", "work": "",
                    "seen": str(tmp_path / "seen.json")} | does  # fmt: skip
        program = tmp_path / "bin" / "quarto"
        program.parent.mkdir(exist_ok=True)
        program.write_text(STAND_IN.format(python=sys.executable, **settings))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
        source = written(tmp_path / "paper", body)
        return rendering.render(source, tmp_path / "out", renderer, tell=said.append)

    return render


@pytest.fixture
def said() -> list[str]:
    """What was said while rendering, a line each."""
    return []


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")


def test_quarto_is_taken_where_it_is_on_the_path(quarto: Quarto, tmp_path: Path) -> None:
    done = quarto(content='<graphic xlink:href="figures/one.png"/>')
    assert (done.renderer, done.version) == ("quarto", "1.9.38")
    assert done.files[:5] == ("article.html", "article.pdf", "article.docx", "article.xml", "figures/one.png")
    assert done.files[5:] == ("article.ipynb", "article-code.html", "article-origins.csv", "article-meca.zip")
    names = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.*")}
    assert names == {*done.files, "rendering.json"}


def test_the_executed_notebook_is_among_what_the_project_renders(quarto: Quarto, tmp_path: Path) -> None:
    """Of another file Quarto writes HTML alone."""
    written(tmp_path / "paper", "Words.\n").with_name("_quarto.yml").write_text("project:\n  render: [article.qmd]\n")
    kept = tmp_path / "kept.json"
    quarto(work=f"pathlib.Path({str(kept)!r}).write_text(pathlib.Path('_quarto.yml.local').read_text())")
    assert json.loads(kept.read_text())["project"] == {"type": "default", "render": ["article.ipynb"]}


def test_without_quarto_the_embedded_renderer_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    source = written(tmp_path / "paper", "Words.\n")
    assert rendering.render(source, tmp_path / "out", tell=lambda _: None).renderer == "embedded"
    with pytest.raises(ArticleError, match="Quarto is not on the PATH"):
        rendering.render(source, tmp_path / "out", "quarto", tell=lambda _: None)


@pytest.mark.parametrize("version", some(["1.9.0", "1.10.2", "1.9.0-rc1", "2.0.0", "99.9.9", "note\n1.9.38\n"], 2))
def test_releases_builds_and_what_comes_before_a_release_are_versions(quarto: Quarto, version: str) -> None:
    done = quarto(version=version)
    assert (done.renderer, done.version) == ("quarto", version.strip().splitlines()[-1])


def test_quarto_refuses_the_same_versions_where_it_is_run_by_hand_and_readme_names_them() -> None:
    least = ".".join(map(str, MINIMUM))
    settings = yaml.safe_load(paths.ARTICLE.with_name("_quarto.yml").read_text(encoding="utf-8"))
    assert settings["quarto-required"] == f">= {least}"
    assert f"({least} or later;" in (paths.ROOT / "README.md").read_text(encoding="utf-8")


#: One failure of each step: the version, the answer, the work, its end, the code, the warnings, the page, the files.
ONE_OF_EACH = [
    ({"version": "1.3.450"}, r"Quarto 1\.3\.450 is too old: 1\.9 or later is needed"),
    ({"answer": "time.sleep(60)"}, r"does not answer with a version \(it took too long\)"),
    ({"work": "time.sleep(60)"}, "Quarto failed: it took too long"),
    ({"work": "os.kill(os.getpid(), signal.SIGKILL)"}, "Quarto failed: it was ended by signal 9"),
    ({"code": 1, "log": "Cell 1\nValueError: no luck\nWARN: Error encountered"}, "Quarto failed: ValueError: no luck"),
    ({"log": "WARNING (refs.lua:128) Unable to resolve crossref @fig-nope"}, "Quarto warns: WARNING .*@fig-nope"),
    ({"content": "<p>see <strong>?@tbl-nope</strong></p>"}, r"Quarto left '\?@tbl-nope' unresolved"),
    ({"content": '<graphic xlink:href="figures/lost.png"/>'}, r"Quarto wrote no figures/lost\.png"),
]
FAILING = [
    *ONE_OF_EACH,
    ({"version": "1.8.27"}, r"Quarto 1\.8\.27 is too old"),
    ({"version": "nonsense"}, r"--version' does not answer with a version \(nonsense\)"),
    ({"version": "Deno 1.46 is missing"}, "does not answer with a version"),
    ({"version": ""}, r"does not answer with a version \(it says nothing\)"),
    ({"answer": "sys.stdout.buffer.write(bytes(range(128, 256)))", "version": "x"}, "does not answer with a version"),
    ({"answer": "raise SystemExit('no deno')"}, r"does not answer with a version \(no deno\)"),
    ({"code": 1, "log": "\x1b[91mERROR: Typst compilation failed\x1b[39m"}, "failed: ERROR: Typst compilation failed"),
    ({"code": 143, "log": "output-file: article.xml"}, "failed: it was ended by signal 15"),
    (
        {"code": 1, "log": "(line 9, columns 3--4) Field id has value 17\nERROR: Render failed due to invalid YAML."},
        r"failed: \(line 9, columns 3--4\) Field id has value 17\. Correct",
    ),
    ({"code": 1, "log": "ERROR: Render failed due to invalid YAML."}, r"due to invalid YAML\. Correct"),
    ({"log": "WARNING: one\nWARNING: two"}, r"Quarto warns: WARNING: one \(and 1 more\)"),
    ({"log": "[WARNING] Citeproc: citation nokey not found"}, "Quarto warns: .*nokey not found"),
    ({"log": "[typst]: Compiling article.typ...warning: unknown font family: x"}, "Quarto warns: .*unknown font"),
    ({"content": "<p>(<strong>nokey?</strong>)</p>"}, "Quarto left '<strong>nokey"),
    ({"content": '<div class="cell-output cell-output-stderr">'}, "unresolved"),
    ({"endings": ["html"]}, r"Quarto wrote no article\.pdf"),
    ({"content": ""}, r"Quarto wrote no article\.html"),
]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, does: dict[str, object]) -> None:
    """No patience with a program that hangs, at the step at which it does."""
    for step, limit in (("answer", "ANSWER_SECONDS"), ("work", "RENDER_SECONDS")):
        if "sleep" in str(does.get(step)):
            monkeypatch.setattr(f"analysis.rendering.quarto.{limit}", 0.5)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("does", "told"), some(FAILING, 6))
def test_where_quarto_was_asked_for_what_goes_wrong_is_an_error_and_nothing_written(
    does: dict[str, object], told: str, quarto: Quarto, tmp_path: Path
) -> None:
    with pytest.raises(ArticleError, match=told) as failed:
        quarto(renderer="quarto", **does)
    assert str(failed.value).count("\n") == 0
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("hurried", "written_quickly")
@pytest.mark.parametrize(("does", "told"), some(ONE_OF_EACH, 3))
def test_else_one_line_says_what_went_wrong_and_the_embedded_renderer_takes_over(
    does: dict[str, object], told: str, quarto: Quarto, tmp_path: Path, said: list[str]
) -> None:
    done = quarto(**does)
    assert done.renderer == "embedded"
    assert json.loads((tmp_path / "out" / "rendering.json").read_text(encoding="utf-8"))["renderer"] == "embedded"
    (line,) = [line for line in said if "Quarto is not used. " in line]
    assert re.search(told, line)
    assert line.endswith(". The embedded renderer takes over.")
    assert "\n" not in line


@pytest.fixture
def written_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """An embedded renderer that need not write: what it writes is the subject of other tests."""
    monkeypatch.setattr("analysis.rendering.embedded.files", lambda *_: {"article.html": "by the embedded renderer"})


@pytest.mark.usefixtures("written_quickly")
def test_a_program_that_cannot_be_started_is_a_quarto_that_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    """A file for another kind of machine, or with an interpreter that is not there."""
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_bytes(b"\x7fELF of another machine")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    source = written(tmp_path / "paper", "Words.\n")
    assert rendering.render(source, tmp_path / "out", tell=said.append).renderer == "embedded"
    assert "cannot be started" in said[0]
    program.chmod(0o644)  # and what cannot be executed is no Quarto at all
    assert rendering.render(source, tmp_path / "out", tell=said.append).renderer == "embedded"
    assert len(said) == 1


@pytest.mark.parametrize("renderer", ["auto", "quarto"])
def test_a_mistake_in_the_article_is_told_before_quarto_runs(
    quarto: Quarto, renderer: str, tmp_path: Path, said: list[str]
) -> None:
    with pytest.raises(ArticleError, match=r"article\.qmd, line 8: '@fig-nope' refers to nothing"):
        quarto(renderer=renderer, body="See @fig-nope.\n")
    assert said == []
    assert not (tmp_path / "seen.json").exists()


@pytest.mark.parametrize("renderer", ["auto", "quarto"])
def test_what_only_quarto_may_know_is_left_to_it_with_a_warning(
    quarto: Quarto, renderer: str, tmp_path: Path, said: list[str]
) -> None:
    assert quarto(renderer=renderer, body="Words.\n\n<b>bold</b>\n").renderer == "quarto"
    assert "article.qmd, line 10: raw HTML (<b>) is outside the subset" in said[0]
    assert said[2].startswith("Quarto may know this")
    assert said[2].endswith("the first page will name the authors only.")
    assert not any("\n" in line for line in said)
    command, _ = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    assert "article.qmd" in command


def test_where_quarto_does_not_know_it_either_the_refusal_is_the_error(quarto: Quarto, tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"article\.qmd, line 8: raw HTML \(<b>\) is outside the subset"):
        quarto(body="<b>bold</b>\n", code=1)
    assert not (tmp_path / "out").exists()


def test_cells_run_once_whichever_renderer_ends_up_writing(quarto: Quarto, tmp_path: Path) -> None:
    """Quarto is given the executed notebook; where it then fails, the embedded renderer takes what the cells gave."""
    body = f"```{{python}}\n#| output: false\nopen({str(tmp_path / 'ran')!r}, 'a').write('once')\n```\n"
    notebook = f"pathlib.Path({str(tmp_path / 'given.json')!r}).write_text(pathlib.Path('article.ipynb').read_text())"
    assert quarto(body=body, work=notebook, code=1).renderer == "embedded"
    assert (tmp_path / "ran").read_text() == "once"
    cells = json.loads((tmp_path / "given.json").read_text(encoding="utf-8"))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["raw", "code"]
    assert cells[1]["outputs"][0]["data"]["text/plain"] == ["4"]


def test_what_quarto_started_ends_with_it(quarto: Quarto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.rendering.quarto.RENDER_SECONDS", 3)  # time enough to start something
    started = (
        "import subprocess; pathlib.Path({!r}).write_text(str(subprocess.Popen(['sleep', '60']).pid)); time.sleep(60)"
    )
    note = tmp_path / "pid"
    with pytest.raises(ArticleError, match="took too long"):
        quarto(renderer="quarto", work=started.format(str(note)))
    state = subprocess.run(["ps", "-o", "stat=", "-p", note.read_text()], capture_output=True, text=True, check=False)
    assert state.stdout.strip()[:1] in ("", "Z")


def test_quarto_runs_cells_with_this_python_and_nothing_of_the_users(
    quarto: Quarto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JUPYTER_PATH", "PYTHONPATH", "QUARTO_PYTHON", "IPYTHONDIR", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "of a cluster")
    monkeypatch.setenv("LC_ALL", "C")
    quarto()
    command, environment = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    assert environment["QUARTO_PYTHON"] == sys.executable
    assert environment["PYTHONPATH"] == str(paths.ROOT)
    assert "of a cluster" not in environment.values()
    assert environment["LC_ALL"].endswith("UTF-8")
    assert command[command.index("format-links:false") - 1] == "-M"


def test_files_of_this_machine_or_of_an_earlier_run_do_not_reach_quarto(quarto: Quarto, tmp_path: Path) -> None:
    (tmp_path / "paper").mkdir()
    for ending in ("html", "tex"):
        (tmp_path / "paper" / f"article.{ending}").write_text("by Quarto, run by hand")
    (tmp_path / "paper" / "_environment.local").write_text("QUARTO_PROFILE=other\n")
    copied = "pathlib.Path({!r}).write_text(' '.join(sorted(os.listdir())))".format(str(tmp_path / "copied"))
    quarto(work=copied)
    assert (
        tmp_path / "copied"
    ).read_text() == "article.front.json article.ipynb metadata.json reference.docx references.bib"


def test_what_quarto_says_of_its_steps_is_passed_on(quarto: Quarto, said: list[str]) -> None:
    quarto(log="  Cell 2/18: 'setup'....Done\npandoc \n  to: html\n  output-file: article.html\n  wrap: none")
    assert said[-2:] == ["Quarto: Cell 2/18", "Quarto: article.html"]


@pytest.mark.parametrize(
    "line",
    [
        "Starting python3 kernel...[IPKernelApp] WARNING | Kernel is running over TCP without encryption.",
        "\x1b[33mWARN: PDF standard validation requested but verapdf is not installed.",
    ],
)
def test_a_line_about_the_kernel_or_a_second_validator_is_no_warning(quarto: Quarto, line: str) -> None:
    assert quarto(log=line).renderer == "quarto"


@pytest.fixture(scope="module")
def of_both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of what each renderer makes of an article that has everything, with the settings of the paper."""
    if shutil.which("quarto") is None:
        pytest.skip("Quarto is not on the PATH")
    folder = tmp_path_factory.mktemp("whole")
    source = written(folder / "paper", WHOLE, WHOLE_FRONT[: WHOLE_FRONT.index("execute:")])
    for name in ("_quarto.yml", "before_quarto.py"):
        shutil.copy(paths.ARTICLE.with_name(name), source.parent)
    for renderer in ("quarto", "embedded"):
        rendering.render(source, folder / renderer, renderer, tell=lambda _: None)
    return {renderer: folder / renderer for renderer in ("quarto", "embedded")}


@pytest.mark.parametrize("part", ["headings", "captions", "tables", "pictures", "notes", "entries", "body"])
@pytest.mark.parametrize("name", ["article.html", "article.pdf", "article.docx", "article.xml"])
def test_the_real_quarto_renders_everything_of_the_subset_alike(of_both: dict[str, Path], name: str, part: str) -> None:
    one, other = (read(of_both[renderer] / name) for renderer in ("embedded", "quarto"))
    assert differences(one, other, part) == []


@pytest.mark.parametrize(
    "piece",
    [
        '<span id="eq-sum" class="equation">',
        '<span class="number">(1)</span>',
        'class="callout callout-note"',
        'role="note"',
        'aria-label="Mind"',
        '<div class="callout-title">',
    ],
)
def test_equations_and_callouts_have_the_same_shape_on_both_pages(of_both: dict[str, Path], piece: str) -> None:
    for folder in of_both.values():
        assert piece in (folder / "article.html").read_text(encoding="utf-8")


def test_the_real_quarto_numbers_equations_in_jats_by_labels(of_both: dict[str, Path]) -> None:
    xml = (of_both["quarto"] / "article.xml").read_text(encoding="utf-8")
    assert re.search(r'<disp-formula id="eq-sum">\s*<label>\(1\)</label>', xml)
    assert "qquad" not in xml


def test_the_page_of_the_real_quarto_links_to_no_file_beside_it(of_both: dict[str, Path]) -> None:
    page = (of_both["quarto"] / "article.html").read_text(encoding="utf-8")
    beside = [link for link in re.findall(r' (?:href|src)="([^"]+)"', page) if not re.match(r"#|data:|https?:", link)]
    assert [name for name in beside if not (of_both["quarto"] / name.partition("#")[0]).is_file()] == []


# What Quarto 1.11 makes of a small article, in its parts: a box in the margin links to the other formats.
PLAIN = """
<!DOCTYPE html><html lang="en-GB"><head><link href="data:text/css,a%20%7B%7D" rel="stylesheet"><script src="data:,x()"></script></head>
<body class="quarto-light"><div id="quarto-content" class="page-columns"><div id="quarto-margin-sidebar" class="sidebar margin-sidebar">
<nav id="TOC" role="doc-toc"><h2 id="toc-title">Table of contents</h2><ul><li><a href="#sec-one" data-scroll-target="#sec-one">One</a></li></ul>
<div class="quarto-alternate-formats"><h2>Other Formats</h2><ul>
<li><a href="article.docx"><i class="bi bi-file-word"></i>MS Word</a></li>
<li><a href="article.pdf"><i class="bi bi-file-pdf"></i>Typst</a></li></ul></div></nav></div>
<main class="content" id="quarto-document-content"><header id="title-block-header" class="quarto-title-block default">
<div class="quarto-title"><h1 class="title">A study</h1></div>
<div><div class="abstract"><div class="block-title">Abstract</div><p>What it is about.</p></div></div></header>
<section id="sec-one" class="level2" data-number="1"><h2 data-number="1" class="anchored" data-anchor-id="sec-one"><span
class="header-section-number">1</span> One</h2><p>Words.</p></section></main>
<script id="quarto-html-after-body" type="application/javascript">x();</script></div></body></html>
"""


@pytest.fixture
def by_plain_quarto(tmp_path: Path) -> Path:
    """A folder as Quarto leaves it where it is run by hand: really, if it is on the PATH, else as it was seen to be."""
    if shutil.which("quarto"):
        written(tmp_path, WHOLE, WHOLE_FRONT)
        python = {"QUARTO_PYTHON": sys.executable}
        command = ["quarto", "render", "article.qmd", f"--lua-filter={TEMPLATES / 'typst-cells.lua'}"]
        subprocess.run(command, cwd=tmp_path, env=os.environ | python, check=True, capture_output=True)
    else:
        for ending in rendered_article.FORMATS:
            (tmp_path / f"article{ending}").write_text(PLAIN, encoding="utf-8")
    for ending in rendered_article.FORMATS:
        shutil.copy(tmp_path / f"article{ending}", tmp_path / f"supplement{ending}")
    return tmp_path


def test_the_site_takes_a_page_of_quarto_with_its_box_of_other_formats(
    by_plain_quarto: Path, study: Evidence, tmp_path: Path
) -> None:
    assert "quarto-alternate-formats" in (by_plain_quarto / "article.html").read_text(encoding="utf-8")
    page = rendered_article.article(study, "article/index.html", by_plain_quarto)
    assert "# A study" in page
    assert "Other Formats" not in page
    for name, content in rendered_article.files(by_plain_quarto):
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_bytes(content)
    site = links.Site(tmp_path / "site")
    (whole,) = (page for page in site.pages.values() if page.place.endswith("power-in-co-production.html"))
    targets = [link.target for link in whole.links]
    assert {f"power-in-co-production.{ending}" for ending in ("docx", "pdf")} <= set(targets)
    assert [site.problem(whole, link) for link in whole.links if site.problem(whole, link)] == []


@pytest.mark.skipif(shutil.which("quarto") is None, reason="Quarto is not on the PATH")
@pytest.mark.parametrize(("place", "given"), [(".", "paper/article.qmd"), ("paper", "article.qmd"), (".", "paper")])
def test_plain_quarto_finds_the_package_from_any_folder(place: str, given: str, tmp_path: Path) -> None:
    """With `paper/_environment` as it is committed, and a Python that has Jupyter."""
    cell = "```{python}\nimport analysis\nprint('found', analysis.HERE)\n```\n"
    written(tmp_path / "paper", cell)
    shutil.copy(paths.ARTICLE.with_name("_environment"), tmp_path / "paper")
    (tmp_path / "paper" / "_quarto.yml").write_text("project:\n  type: default\n")
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("HERE = 'here'\n")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        ["quarto", "render", given, "--to", "html"],
        cwd=tmp_path / place, env=environment | {"QUARTO_PYTHON": sys.executable}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "found here" in (tmp_path / "paper" / "article.html").read_text(encoding="utf-8")


PREPARE = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("noxfile", sys.argv[1])
noxfile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(noxfile)
noxfile.ROOT = pathlib.Path(sys.argv[2])
noxfile.prepare_quarto(pathlib.Path(sys.argv[2], "environment", "bin", "python"))
"""


def test_nox_names_its_python_to_a_quarto_run_by_hand_and_leaves_a_file_of_the_users_alone(tmp_path: Path) -> None:
    python = python_with_nox()
    if python is None:
        pytest.skip("nox is not installed here: run the tests with 'nox -s tests'")
    root = tmp_path / "O'Brien"
    packages = root / "environment" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    local = root / "paper" / "_environment.local"
    local.parent.mkdir()
    command = [python, "-c", PREPARE, str(paths.ROOT / "noxfile.py"), str(root)]
    for _ in range(2):  # its own file is written again
        subprocess.run(command, check=True)
        assert local.read_text().splitlines()[1] == f'QUARTO_PYTHON="{root}/environment/bin/python"'
    assert (packages / "compendium.pth").read_text() == f"{root}\n"
    local.write_text("QUARTO_PYTHON=mine\n")
    subprocess.run(command, check=True)
    assert local.read_text() == "QUARTO_PYTHON=mine\n"
