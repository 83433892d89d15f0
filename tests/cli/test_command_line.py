"""The command line says what it did, and ends with the exit code that README promises."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from articles import written
from command_line import run, run_apart

from analysis.cli.app import main
from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.support import paths


def test_counts_prints_a_table() -> None:
    ran = run("counts")
    assert ran.returncode == 0
    assert "Resource-enabled normative power" in ran.stdout
    assert "uncoded at this level" in ran.stdout


def test_counts_prints_csv_with_the_passages_behind_each_cell() -> None:
    ran = run("counts", "power", "response", "--row-level", "second-order", "--unit", "interviewee", "--csv")
    assert ran.returncode == 0
    header, *rows = ran.stdout.splitlines()
    assert header == "row,column,count,lowest,highest,extracts,possible"
    assert len(rows) == (10 + 2) * (2 + 4)


def test_counts_can_list_passages_and_keep_to_the_wording() -> None:
    assert "T01 T02 F02" in run("counts", "--passages").stdout
    assert "no code on this basis" in run("counts", "--basis", "wording").stdout
    assert "no code on this basis" not in run("counts").stdout


def test_sealing_mends_fragments_that_do_not_fit(article: Path, package: Path) -> None:
    before = (package / "evidence" / "fragments.csv").read_bytes()
    assert run("quotations", "restore", article, "--data", package).returncode == 0
    (package / "evidence" / "fragments.csv").write_bytes(before.replace(b"T01,1", b"T77,1"))
    assert run("verify", "--data", package).returncode == 2
    assert run("quotations", "seal", article, "--data", package).returncode == 0
    assert (package / "evidence" / "fragments.csv").read_bytes() == before


def test_wording_that_lacks_a_passage_is_not_sealed(article: Path, package: Path) -> None:
    assert run("quotations", "restore", article, "--data", package).returncode == 0
    before = (package / "evidence" / "fragments.csv").read_bytes()
    wording = package / "private" / "wording.csv"
    kept = [
        line for line in wording.read_text(encoding="utf-8").splitlines(keepends=True) if not line.startswith("F20,")
    ]
    wording.write_text("".join(kept), encoding="utf-8")
    ran = run("quotations", "seal", article, "--data", package)
    assert ran.returncode == 2
    assert "'F20'" in ran.stderr
    assert (package / "evidence" / "fragments.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["counts", "power", "mood"], "no facet 'mood'"),
        (["counts", "power", "power"], "two different facets"),
        (["counts", "--unit", "page"], "no unit 'page'"),
        (["counts", "--row-level", "third-order"], "no level 'third-order'"),
        (["counts", "--data", "nowhere"], "nowhere/datapackage.json: the file is missing"),
        (["quotations", "verify", "nowhere.txt"], "nowhere.txt: there is no such file"),
        (["quotations", "verify", "README.md"], "it is not the article"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_message(command: list[str], told: str) -> None:
    ran = run(*command)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stderr.startswith("analysis: ")
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == ""


def test_quotations_are_verified_against_a_copy(article: Path) -> None:
    ran = run("quotations", "verify", article)
    assert ran.returncode == 0
    assert "41 of 41 passages" in ran.stdout
    assert "13 of 13 first-order labels" in ran.stdout


def test_a_copy_that_lacks_a_piece_fails_and_names_it(article: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text(article.read_text(encoding="utf-8").replace("sensecheck", "check"), encoding="utf-8")
    ran = run("quotations", "verify", short)
    assert ran.returncode == 1
    assert "F09, piece 1: not found" in ran.stdout
    assert "40 of 41 passages" in ran.stdout


def test_wording_is_restored_and_sealed_to_the_same_fragments(article: Path, package: Path) -> None:
    before = (package / "evidence" / "fragments.csv").read_bytes()
    assert run("quotations", "restore", article, "--data", package).returncode == 0
    assert run("quotations", "seal", article, "--data", package).returncode == 0
    assert (package / "evidence" / "fragments.csv").read_bytes() == before


def test_the_article_is_rendered_and_its_files_named(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "Words.\n")
    ran = run("article", "--source", source, "--into", tmp_path / "out", "--renderer", "embedded")
    assert ran.returncode == 0
    for name in ("article.html", "article.pdf", "article.docx", "article.xml"):
        assert f"{tmp_path / 'out' / name}\n" in ran.stdout
    assert "Rendered by the embedded renderer (pandoc " in ran.stdout


def test_an_article_that_cannot_be_rendered_or_written_ends_with_one_message(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "See @fig-none.\n")
    ran = run("article", "--source", source, "--into", tmp_path / "out", "--renderer", "embedded")
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"analysis: {source}, line ")
    assert "'@fig-none' refers to nothing. " in ran.stderr
    assert ran.stderr.count("\n") == 1
    whole = written(tmp_path / "paper", "Words.\n")
    (tmp_path / "out").write_text("a file of somebody's")
    ran = run("article", "--source", whole, "--into", tmp_path / "out", "--renderer", "embedded")
    assert ran.returncode == 1
    assert "this is a file and not a folder" in ran.stderr
    assert (tmp_path / "out").read_text() == "a file of somebody's"


@pytest.mark.parametrize("run_it", [run, run_apart])
def test_a_process_ends_with_the_code_and_what_was_said_goes_to_its_own_stream(
    run_it: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    """As the other tests of this module see it, which run commands in their own process."""
    ran = run_it("disclosure", "examples")
    assert ran.returncode == 1
    assert "library.qdpx: this is not text" in ran.stdout
    assert "Looking for direct identifiers" not in ran.stdout
    assert "Looking for direct identifiers" in ran.stderr
    assert "unread file" not in ran.stderr


def test_help_names_every_command() -> None:
    ran = run("--help")
    assert ran.returncode == 0
    for command in ("verify", "derive", "counts", "trace", "notebooks", "article", "quotations", "study"):
        assert command in ran.stdout


def test_help_is_instant_since_it_loads_no_tables() -> None:
    program = "import sys\nimport analysis.cli.app\nprint([name for name in ('pandas', 'frictionless', 'rich') if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize("group", [[], ["study"], ["quotations"]])
def test_a_group_of_commands_alone_shows_its_help(group: list[str]) -> None:
    ran = run(*group)
    assert (ran.returncode, ran.stderr) == (2, "")
    assert ran.stdout.startswith("Usage: python -m analysis")
    assert "\nCommands:\n" in ran.stdout


# --- agreement


def test_agreement_of_the_readers_is_printed_with_intervals() -> None:
    ran = run("agreement")
    assert ran.returncode == 0
    everyone = "reader-a, reader-b, reader-c, reader-d, reader-e and reader-f"
    assert " ".join(ran.stdout.split()).startswith(
        f"Agreement of {everyone} on stage (level stage), with 95% intervals"
    )
    assert "Krippendorff's alpha" in ran.stdout
    with_record = run("agreement", "--facet", "response", "--coders", "reader-a,compendium").stdout
    assert with_record.startswith("Agreement of reader-a and compendium on response")


def test_agreement_is_printed_as_csv() -> None:
    ran = run("agreement", "--facet", "stage", "--coders", "reader-a,reader-b", "--csv")
    assert ran.returncode == 0
    header, *rows = ran.stdout.splitlines()
    assert header.startswith("coefficient,weights,method,value,se,low,high,")
    assert any(row.startswith("krippendorff-alpha,identity,analytic,0.93") for row in rows)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--facet", "mood"], "no facet 'mood'"),
        (["--level", "third"], "no level 'third'"),
        (["--coders", "reader-a"], "agreement needs two coders"),
        (["--coders", "reader-a,reader-a"], "agreement needs two coders"),
        (["--coders", "reader-a,reader-z"], "Coder 'reader-z' gave no primary code"),
        (["--facet", "power"], "was coded by article; agreement needs two coders"),
    ],
)
def test_agreement_that_cannot_be_measured_is_refused(options: list[str], message: str, said: "Said") -> None:
    code, out, err = said("agreement", *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


# --- what cannot be read or written

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command in this process; return its exit code and what it printed on either stream."""

    def run_here(*command: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["python -m analysis", *command])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run_here


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of the example, imported once."""
    folder = tmp_path_factory.mktemp("imported") / "library"
    commands.import_study(commands.read(paths.EXAMPLE_PROJECT), Choices(record=("coder-a",)), folder, lambda _: None)
    return folder


@pytest.fixture
def elsewhere(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: outside of the checkout, with a study, an empty folder and a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("words", encoding="utf-8")
    shutil.copytree(library, tmp_path / "library")
    return tmp_path


@pytest.mark.parametrize("folder", ["nowhere", "empty", "file"])
@pytest.mark.parametrize(
    "command",
    [
        "study check {}",
        "study report {}",
        "study export {} coded.qdpx",
        "disclosure {}",
        "verify --data {}",
        "derive --data {}",
        "counts --data {}",
        "agreement --data {}",
        "trace T01 --data {}",
        "class library --data {}",
        "quotations verify file --data {}",
        "quotations restore file --data {}",
        "quotations seal file --data {}",
        "study import {} new",
    ],
)
def test_a_folder_that_is_no_study_is_named_in_one_line(command: str, folder: str, said: Said, elsewhere: Path) -> None:
    before = sorted(elsewhere.rglob("*"))
    code, out, err = said(*command.format(folder).split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"analysis: {folder}")
    assert sorted(elsewhere.rglob("*")) == before


WRITING = [
    "study report library --ignore-disclosure-findings --into {}/report.html",
    "study export library {}/coded.qdc --ignore-disclosure-findings",
    "study import library.qdpx {}/new",
]


@pytest.mark.parametrize("command", WRITING)
def test_a_file_where_a_folder_is_wanted_is_named_in_one_line(command: str, said: Said, elsewhere: Path) -> None:
    (elsewhere / "library.qdpx").write_bytes(paths.EXAMPLE_PROJECT.read_bytes())
    code, _, err = said(*command.format("file").split())
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("analysis: file/")
    assert err.endswith("Look at the path: a part of it is a file, not a folder.\n")
    assert (elsewhere / "file").read_text(encoding="utf-8") == "words"


@pytest.mark.parametrize("command", WRITING)
def test_a_folder_that_is_read_only_is_named_in_one_line(command: str, said: Said, elsewhere: Path) -> None:
    (elsewhere / "library.qdpx").write_bytes(paths.EXAMPLE_PROJECT.read_bytes())
    (elsewhere / "empty").chmod(0o500)
    if os.access(elsewhere / "empty", os.W_OK):
        pytest.skip("this user may write anywhere")
    code, _, err = said(*command.format("empty").split())
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("analysis: empty/")
    assert "Permission denied. Check the permissions there." in err


def test_without_a_place_a_report_goes_beside_the_user(said: Said, elsewhere: Path) -> None:
    code, out, _ = said("study", "report", "library", "--ignore-disclosure-findings")
    assert code == 0
    assert out.endswith("Report: study-reports/library-simulated.html\n")
    assert (elsewhere / "study-reports" / "library-simulated.html").is_file()


def test_a_package_that_is_not_installed_is_named_with_the_remedy(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "analysis.rendering", None)
    code, out, err = said("article")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "is not installed here. Run the task with nox in a clone of the repository" in err


def test_a_full_disk_is_said_to_be_one_where_the_system_names_no_file(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("analysis.rendering.render", full)
    code, _, err = said("article")
    assert code == 2
    assert err == (
        "analysis: a file, perhaps one in the folder for temporary files (TMPDIR): No space left on device. "
        "Free some space on the disk.\n"
    )
