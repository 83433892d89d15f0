"""Quarto renders where it is on the PATH: its warnings, and what it leaves unresolved, fail the article."""

import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from articles import WHOLE, WHOLE_FRONT, written

from analysis import rendering
from analysis.rendering import ArticleError, Rendered

STAND_IN = """#!{python}
import pathlib, sys
if sys.argv[1] == "--version":
    print({version!r})
    raise SystemExit
for ending in {endings!r}:
    pathlib.Path("article." + ending).write_text({content!r})
pathlib.Path("figures").mkdir()
pathlib.Path("figures/one.png").write_text("picture")
print({log!r}, file=sys.stderr)
raise SystemExit({code})
"""

Quarto = Callable[..., Rendered]


@pytest.fixture
def quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quarto:
    """A way to render with a program that stands in for Quarto, and does and says what the test wants."""

    def render(**does: object) -> Rendered:
        body = str(does.pop("body", "Words.\n"))
        settings = {"version": "1.9.38", "endings": ["html", "pdf", "docx", "xml"], "content": "<p>words</p>",
                    "log": "Output created: article.html", "code": 0} | does  # fmt: skip
        program = tmp_path / "bin" / "quarto"
        program.parent.mkdir(exist_ok=True)
        program.write_text(STAND_IN.format(python=sys.executable, **settings))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
        source = written(tmp_path / "paper", body)
        return rendering.render(source, tmp_path / "out", tell=lambda _: None)

    return render


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")


def test_quarto_is_taken_where_it_is_on_the_path(quarto: Quarto, tmp_path: Path) -> None:
    done = quarto(content='<graphic xlink:href="figures/one.png"/>')
    assert (done.renderer, done.version) == ("quarto", "1.9.38")
    assert done.files == ("article.html", "article.pdf", "article.docx", "article.xml", "figures/one.png")
    names = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.*")}
    assert names == {*done.files, "rendering.json"}


def test_without_quarto_the_embedded_renderer_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    source = written(tmp_path / "paper", "Words.\n")
    assert rendering.render(source, tmp_path / "out", tell=lambda _: None).renderer == "embedded"
    with pytest.raises(ArticleError, match="Quarto is not on the PATH"):
        rendering.render(source, tmp_path / "out", "quarto", tell=lambda _: None)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ({"version": "1.3.450"}, r"Quarto 1\.3\.450 is too old: 1\.6 or later is needed"),
        ({"version": "nonsense"}, "does not answer"),
        (
            {"code": 1, "log": "Cell 1\nValueError: no luck\nWARN: Error encountered"},
            "Quarto failed: ValueError: no luck",
        ),
        (
            {"code": 1, "log": "\x1b[91mERROR: Typst compilation failed\x1b[39m"},
            "failed: ERROR: Typst compilation failed",
        ),
        ({"log": "WARNING (refs.lua:128) Unable to resolve crossref @fig-nope"}, "Quarto warns: WARNING .*@fig-nope"),
        ({"log": "[WARNING] Citeproc: citation nokey not found"}, "Quarto warns: .*nokey not found"),
        ({"log": "[typst]: Compiling article.typ...warning: unknown font family: x"}, "Quarto warns: .*unknown font"),
        ({"content": "<p>see <strong>?@tbl-nope</strong></p>"}, r"Quarto left '\?@tbl-nope' unresolved"),
        ({"content": "<p>(<strong>nokey?</strong>)</p>"}, "Quarto left '<strong>nokey"),
        ({"content": '<div class="cell-output cell-output-stderr">'}, "unresolved"),
        ({"endings": ["html"]}, r"Quarto wrote no article\.pdf"),
    ],
)
def test_what_goes_wrong_is_told_and_nothing_written(
    does: dict[str, object], told: str, quarto: Quarto, tmp_path: Path
) -> None:
    with pytest.raises(ArticleError, match=told):
        quarto(**does)
    assert not (tmp_path / "out").exists()


def test_what_is_outside_the_subset_is_refused_before_quarto_runs(quarto: Quarto, tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"article\.qmd, line 10: raw HTML \(<b>\) is outside the subset"):
        quarto(body="`{python} 1`, @sec-x and [a link](#fig-made)\n\n<b>bold</b>\n", code=1)
    assert not (tmp_path / "out").exists()


def test_a_line_about_the_kernel_is_no_warning(quarto: Quarto) -> None:
    said = "Starting python3 kernel...[IPKernelApp] WARNING | Kernel is running over TCP without encryption."
    assert quarto(log=said).renderer == "quarto"


@pytest.mark.skipif(shutil.which("quarto") is None, reason="Quarto is not on the PATH")
def test_the_real_quarto_renders_everything_of_the_subset(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", WHOLE, WHOLE_FRONT)
    done = rendering.render(source, tmp_path / "out", "quarto", tell=lambda _: None)
    assert done.files == ("article.html", "article.pdf", "article.docx", "article.xml", "figures/one.png")
