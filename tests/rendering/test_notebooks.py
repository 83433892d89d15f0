"""Notebooks are stored without outputs, run to their end, and show nothing that was typed by hand."""

import ast
import asyncio
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import made_once
import nbformat
import one_kernel
import pytest
from example_counts import some
from nbformat.v4 import new_code_cell, new_notebook
from prose import typed

from analysis.rendering import forked_kernels, kernel, notebooks
from analysis.rendering.notebooks import NotebookError
from analysis.support import paths

STORED = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
WITH_TEACHING = [*STORED, *sorted(paths.TEACHING.glob("*.ipynb"))]

# Figures and number words that may stand in the prose of a notebook, each with its reason.
ALLOWED = {
    r"\(2024\)": "the year of the article",
    r"Tables? [12]( and 2)?\b": "the name of a table",
    r"\btake the one that\b": "no count",
    r"At 1, all agree; at 0, no more|at 1 all agree, at 0 no more|below 0, less": "the scale of a coefficient",
    r"0 is not at all, 1 is entirely|is above 0 even": "the scale of Cramér's V",
    r"\bone person\b|\bat least one\b|\bmore than one\b|\bcounts once\b": "no count of the evidence",
    r"\bin three units\b": "how counting was set up",
    r"\b\d+ minutes\b": "how long a lesson takes",
    r"\]\(https://\S+": "an address",
}


def every_cell(file: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return found


def cells(file: Path, kind: str) -> list[dict[str, object]]:
    return [cell for cell in every_cell(file) if cell["cell_type"] == kind]


def source(cell: dict[str, object]) -> str:
    lines = cell["source"]
    assert isinstance(lines, list)
    return "".join(lines)


@pytest.mark.parametrize("file", WITH_TEACHING, ids=lambda file: file.stem)
def test_a_notebook_is_stored_without_outputs(file: Path) -> None:
    for cell in cells(file, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_the_prose_of_a_notebook_types_no_result(file: Path) -> None:
    """Those of the teaching notebooks are filled in by a program, and compared with what it fills in now."""
    for cell in cells(file, "markdown"):
        assert typed(re.sub(r"`[^`]*`|<[^>]*>", "", source(cell)), ALLOWED) == []


@pytest.mark.parametrize("file", WITH_TEACHING, ids=lambda file: file.stem)
def test_the_results_in_a_notebooks_code_are_computed(file: Path) -> None:
    """Text that code puts together takes its figures from expressions, not from digits between them."""
    for cell in cells(file, "code"):
        for literal in re.findall(r'f"([^"]*)"', source(cell)):
            between = re.sub(r"\{[^{}]*\}", "", literal)
            assert re.findall(r"\d", between.replace("Table 2", "")) == []


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_a_notebook_ends_in_a_comparison_with_the_derived_tables(file: Path) -> None:
    assert "derived.check(" in source(cells(file, "code")[-1])


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_a_notebook_says_what_it_teaches_first_and_what_to_keep_last(file: Path) -> None:
    first, *_, last = (source(cell) for cell in cells(file, "markdown"))
    for part in ("**You will learn**", "**You need**", "**Time:**"):
        assert part in first
    assert re.findall("^## (.+)$", last, re.M) == ["Key points", "Try it"]


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_a_notebook_computes_in_the_open_before_its_check(file: Path) -> None:
    """Before the check, at most three names of the package are used, so that a reader of pandas can follow."""
    code = [cell for cell in every_cell(file) if cell["cell_type"] == "code" or "## Check" in source(cell)]
    check = next(place for place, cell in enumerate(code) if cell["cell_type"] == "markdown")
    assert len(ours("\n".join(source(cell) for cell in code[:check]))) <= 3


def ours(code: str) -> set[str]:
    """Return the functions and classes of the package that code uses, those of a module with its name."""
    tree = ast.parse(code)
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {one.name for node in imported if str(node.module).startswith("analysis") for one in node.names}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    of_modules = [(node.value.id, node.attr) for node in attributes if isinstance(node.value, ast.Name)]
    used = {(module, name) for module, name in of_modules if module in names}
    return {".".join(pair) for pair in used} | names - {module for module, _ in used}


def test_between_them_the_notebooks_compare_every_derived_table() -> None:
    last = " ".join(source(cells(file, "code")[-1]) for file in STORED)
    assert set(re.findall(r'"([a-z0-9-]+)"', last)) == {path.stem for path in paths.DERIVED.glob("*.csv")}


class Page(HTMLParser):
    """What a page fetches, and its pictures without alternative text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.silent: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get("src") or (given.get("href") if tag == "link" else None) or ""
        if address and not address.startswith("data:"):
            self.fetched.append(address)
        if tag == "img" and not given.get("alt"):
            self.silent.append(str(given)[:80])


@pytest.fixture(scope="module")
def executed() -> Path:
    """The folder of the executed notebooks that all tests share, each by a kernel of its own."""
    return made_once.notebooks()


def found(folder: Path, ending: str) -> list[Path]:
    """Return the files of a kind, one for each stored notebook."""
    files = sorted(folder.glob(f"*.{ending}"))
    assert [file.stem for file in files] == [file.stem for file in STORED]
    return files


def test_there_are_notebooks_to_test() -> None:
    assert len(STORED) > 3
    assert len(WITH_TEACHING) > len(STORED)


@pytest.mark.thorough
def test_executing_twice_gives_the_same_bytes(executed: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    one_kernel.execute(paths.NOTEBOOKS, again)
    one, two = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in (executed, again))
    assert one.keys() == {f"{file.stem}.{kind}" for file in STORED for kind in ("ipynb", "html")}
    assert one == two


def test_an_executed_page_fetches_nothing_and_describes_its_pictures(executed: Path) -> None:
    for file in found(executed, "html"):
        page = Page(file.read_text(encoding="utf-8"))
        assert page.fetched == []
        assert page.silent == []
        written = re.sub(r"base64,[\w+/=]+", "", file.read_text(encoding="utf-8"))
        assert "cdn" not in written.casefold()


def test_an_executed_notebook_holds_no_address_of_this_machine(executed: Path) -> None:
    for file in found(executed, "ipynb"):
        text = file.read_text(encoding="utf-8")
        assert str(paths.ROOT) not in text
        assert " at 0x" not in text


def test_what_a_cell_prints_bit_by_bit_is_one_output(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    text = STORED[0].read_text(encoding="utf-8")
    notebook = json.loads(text)
    printing = "import time\nprint(1, flush=True)\ntime.sleep(0.5)\nprint(2)"
    notebook["cells"] = [next(cell for cell in notebook["cells"] if cell["cell_type"] == "code") | {"source": printing}]
    (tmp_path / "in" / "slow.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    notebooks.execute(tmp_path / "in", tmp_path / "out", tell=lambda _: None)
    (cell,) = json.loads((tmp_path / "out" / "slow.ipynb").read_text(encoding="utf-8"))["cells"]
    assert len(cell["outputs"]) == 1


def test_a_failing_cell_is_told_and_the_earlier_outputs_stay(tmp_path: Path) -> None:
    folder, into = tmp_path / "notebooks", tmp_path / "build"
    folder.mkdir()
    into.mkdir()
    (into / "earlier.html").write_text("earlier")
    text = STORED[0].read_text(encoding="utf-8").replace("import pandas as pd", "raise ValueError('no luck')", 1)
    (folder / "broken.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(NotebookError, match=r"broken\.ipynb: code cell 1 failed: ValueError: no luck"):
        notebooks.execute(folder, into, tell=lambda _: None)
    assert [path.name for path in into.iterdir()] == ["earlier.html"]


@pytest.mark.parametrize(
    "change",
    [{"cells": None}, {"cells": [None]}, {"cells": [1]}, {"cells": {}}, {"metadata": None}, {"nbformat": None}],
)
def test_a_notebook_with_parts_of_another_shape_is_refused_in_one_message(
    tmp_path: Path, change: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads(STORED[0].read_text(encoding="utf-8")) | change
    (tmp_path / "odd.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(NotebookError, match=r"odd\.ipynb: not a valid notebook \(.+\)\. Restore it") as refused:
        notebooks.execute(tmp_path, tmp_path / "build")
    assert "\n" not in str(refused.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("text", ["null", "[]", "1", "", "[" * 100_000])
def test_json_that_is_no_notebook_is_refused_in_one_message(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(NotebookError, match=r"odd\.ipynb: not a valid notebook \(.+\)\. Restore it"):
        notebooks.execute(tmp_path, tmp_path / "build")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize(("make", "problem"), [(os.mkfifo, "not a file"), (os.mkdir, "directory")])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None], problem: str) -> None:
    make(tmp_path / "odd.ipynb")
    with pytest.raises(NotebookError, match=rf"odd\.ipynb: cannot be read: .*{problem}"):
        notebooks.execute(tmp_path, tmp_path / "build")


def test_a_kernel_is_this_python_whatever_a_cluster_or_user_has_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program under the kernel's name, start-up files, and folders that are not there."""
    other = {"argv": ["another-python", "{connection_file}"], "display_name": "Another", "language": "python"}
    (tmp_path / "share" / "kernels" / "python3").mkdir(parents=True)
    (tmp_path / "share" / "kernels" / "python3" / "kernel.json").write_text(json.dumps(other))
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    for file in (startup / "00.py", tmp_path / "startup.py"):
        file.write_text("print('of the user')")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "share"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "startup.py"))
    assert printed(tmp_path, "import sys\nprint(sys.executable)") == f"{sys.executable}\n"
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "build" / "of a session" / "that never ran"))
    assert printed(tmp_path, "print(1)") == "1\n"


def test_what_a_user_asks_of_python_changes_no_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"OPTIMIZE": "2", "WARNINGS": "error", "DEVMODE": "1"}.items():
        monkeypatch.setenv(f"PYTHON{name}", value)
    monkeypatch.setenv("MPLBACKEND", "unknown")
    code = "import sys, warnings, matplotlib\nprint(__debug__, sys.flags.dev_mode, warnings.filters[0][0] != 'error')"
    assert printed(tmp_path, code) == "True False True\n"


@pytest.mark.parametrize("time", ["", "today", "9" * 30])
def test_a_time_that_is_none_does_not_keep_a_kernel_from_starting(time: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", time)
    assert "SOURCE_DATE_EPOCH" not in kernel.environment()


def printed(folder: Path, code: str, forking: forked_kernels.Forking | None = None) -> str:
    """Return what a cell prints in a kernel."""
    notebook = new_notebook(cells=[new_code_cell(code)])
    asyncio.run(kernel.run(notebook, folder, forking))
    return "".join(output["text"] for output in notebook.cells[0].outputs)


# What notebooks could see of the process that they run in, but for its number and folders that it has to itself.
OF_A_PROCESS = (
    f"""
import importlib, os, signal, subprocess, sys, threading, warnings
for name in {forked_kernels.LOADED}: importlib.import_module(name)
"""
    + """
own = ("IPYTHONDIR", "JPY_PARENT_PID", "JPY_SESSION_NAME")
print({name: value for name, value in os.environ.items() if name not in own})
print([os.path.basename(one) for one in sys.argv if not one.endswith(".json")], sys.path, os.getcwd(), sys.flags)
print(sorted(map(str, warnings.filters)), sys.modules["pandas"].get_option("display.max_columns"))
print(os.getsid(0) == os.getpid() == os.getpgid(0), [thread.name.split("-")[0] for thread in threading.enumerate()])
print([signal.getsignal(one) for one in (signal.SIGINT, signal.SIGCHLD, signal.SIGTERM)], os.read(0, 1))
print(subprocess.run(["sh", "-c", "exit 3"]).returncode, hash("a"), __name__, sorted(globals())[:5])
"""
)
of_linux = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")


@pytest.fixture
def forking() -> Iterator[forked_kernels.Forking]:
    """What forks kernels."""
    with forked_kernels.forking(2, kernel.environment()) as found:
        assert found
        yield found


@of_linux
@pytest.mark.thorough
def test_a_forked_kernel_is_as_one_that_is_started(tmp_path: Path, forking: forked_kernels.Forking) -> None:
    started = printed(tmp_path, OF_A_PROCESS)
    assert len(started.splitlines()) == OF_A_PROCESS.count("\nprint(")
    assert printed(tmp_path, OF_A_PROCESS, forking) == started
    assert printed(tmp_path, "import sys\nprint('altair' in sys.modules, 'mine' in globals())\nmine = 1", forking) == (
        "True False\n"
    )
    assert printed(tmp_path, "print('mine' in globals())", forking) == "False\n"


@of_linux
@pytest.mark.parametrize("forked", [True, False])
def test_an_interrupt_ends_the_run_without_a_word_and_not_one_kernel_alone(
    tmp_path: Path, forked: bool, forking: forked_kernels.Forking, capfd: pytest.CaptureFixture[str]
) -> None:
    code = f"import os, signal, time\nos.kill({os.getpid()}, signal.SIGINT)\ntime.sleep(60)"
    notebook = new_notebook(cells=[new_code_cell(code)])
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests side by side ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            asyncio.run(kernel.run(notebook, tmp_path, forking if forked else None))
    finally:
        signal.signal(signal.SIGINT, before)
    assert capfd.readouterr() == ("", "")


@of_linux
@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.4])
def test_a_kernel_that_is_starting_is_ended_without_a_word(
    seconds: float, tmp_path: Path, forking: forked_kernels.Forking, capfd: pytest.CaptureFixture[str]
) -> None:
    notebook = new_notebook(cells=[new_code_cell("import time\ntime.sleep(60)")])
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(kernel.run(notebook, tmp_path, forking), seconds))
    assert printed(tmp_path, "print(1)", forking) == "1\n"  # by when another could have complained
    assert capfd.readouterr() == ("", "")


@of_linux
@pytest.mark.parametrize("forked", some([True, False], 1))
def test_a_kernel_that_ends_itself_is_told(tmp_path: Path, forked: bool, forking: forked_kernels.Forking) -> None:
    with pytest.raises(kernel.CellFailure, match="Kernel died"):
        printed(tmp_path, "import os\nos._exit(1)", forking if forked else None)
    assert printed(tmp_path, "print(1)", forking) == "1\n"


@of_linux
def test_a_cell_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forking: forked_kernels.Forking
) -> None:
    monkeypatch.setattr(kernel, "CELL_SECONDS", 1)
    with pytest.raises(kernel.CellFailure):
        printed(tmp_path, "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)", forking)
    assert not Path("/proc", (tmp_path / "pid").read_text()).exists()


@pytest.mark.thorough
@of_linux
def test_a_kernel_is_started_where_none_can_be_forked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forking: forked_kernels.Forking
) -> None:
    asked = "import sys\nprint('altair' in sys.modules)"
    assert printed(tmp_path, asked, forking) == "True\n"
    forking.end()
    assert printed(tmp_path, asked, forking) == "False\n"
    monkeypatch.setattr(forked_kernels, "__name__", "analysis.nothing")
    with forked_kernels.forking(2, kernel.environment()) as never_started:
        assert printed(tmp_path, asked, never_started) == "False\n"


def test_one_notebook_alone_has_its_kernel_started(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    asking = new_notebook(cells=[new_code_cell("import sys\nprint('altair' in sys.modules)")])
    nbformat.write(asking, tmp_path / "in" / "one.ipynb")
    notebooks.execute(tmp_path / "in", tmp_path / "out", tell=lambda _: None)
    assert "False" in (tmp_path / "out" / "one.ipynb").read_text(encoding="utf-8")


def test_a_missing_or_damaged_notebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="there are no notebooks"):
        notebooks.execute(tmp_path, tmp_path / "build")
    shutil.copy(STORED[0], tmp_path / "cut.ipynb")
    (tmp_path / "cut.ipynb").write_text(STORED[0].read_text(encoding="utf-8")[:900], encoding="utf-8")
    with pytest.raises(NotebookError, match=r"cut\.ipynb: not a valid notebook"):
        notebooks.execute(tmp_path, tmp_path / "build")
