"""The command line says what it did, and ends with the exit code that README promises."""

from pathlib import Path

import pytest
from articles import written
from command_line import run, run_apart


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


@pytest.mark.parametrize(
    ("command", "code", "out", "err"),
    [
        (["counts"], 0, "Counts (passage;", ""),
        (["disclosure", "examples"], 1, "library.qdpx: unread file", "Looking for direct identifiers"),
        (["article", "--source", "data/nothing.qmd", "--renderer", "embedded"], 1, "", "analysis: "),
        (["counts", "--unit", "page"], 2, "", "analysis: There is no unit 'page'"),
    ],
)
def test_a_process_ends_with_the_code_and_what_was_said_goes_to_its_own_stream(
    command: list[str], code: int, out: str, err: str
) -> None:
    ran = run_apart(*command)
    assert ran.returncode == code
    assert (out in ran.stdout) if out else (ran.stdout == "")
    assert (err in ran.stderr) if err else (ran.stderr == "")


def test_help_names_every_command() -> None:
    ran = run("--help")
    assert ran.returncode == 0
    for command in ("verify", "derive", "counts", "trace", "notebooks", "article", "quotations", "study"):
        assert command in ran.stdout
