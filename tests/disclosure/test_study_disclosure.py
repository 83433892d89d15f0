"""No report and no export leaves without somebody having seen what may disclose who is who."""

from pathlib import Path

import pytest
from command_line import run
from exchanged import small
from general import general

from analysis import disclosure
from analysis.disclosure import Finding, gate
from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.study import package

NAME = "the one who chairs at Bramblewick"
WORDING = "we were never asked what we thought of it"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a study with cells of few interviewees, a name in a gist, and private wording."""
    study = general()
    study.extracts.loc[0, "gist"] = f"Says that {NAME} decides."
    package.write(study, tmp_path / "mine", {"private/wording.csv": f"owner_id,n,wording,cited_as\nx.1,1,{WORDING},\n"})
    return tmp_path / "mine"


def say_again(folder: Path) -> None:
    """Let a public table say the private wording again."""
    file = folder / "evidence" / "coders.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("person,", f"person,{WORDING}", 1), encoding="utf-8")


def commands_for(folder: Path, beside: Path) -> dict[str, list[str | Path]]:
    return {
        "export": ["study", "export", folder, beside / "out.qdpx"],
        "report": ["study", "report", folder, "--into", beside / "out.html", "--unit", "passage"],
    }


@pytest.mark.parametrize("command", ["export", "report"])
def test_findings_stop_it_until_the_user_ignores_them(folder: Path, tmp_path: Path, command: str) -> None:
    asked = commands_for(folder, tmp_path)[command]
    ran = run(*asked)
    assert ran.returncode == 1
    assert "possible name “Bramblewick” in evidence/extracts.csv, row 2, field gist: " in ran.stderr
    assert "possible name 1, small cells 1" in ran.stderr
    assert f"python -m analysis disclosure {folder}" in ran.stderr
    assert "or use --ignore-disclosure-findings to write it anyway, or --with-wording" in ran.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]
    ran = run(*asked, "--ignore-disclosure-findings")
    assert ran.returncode == 0, ran.stderr
    assert "possible name 1, small cells 1" in ran.stdout
    assert len(list(tmp_path.glob("out.*"))) == 1


@pytest.mark.parametrize("command", ["export", "report"])
def test_private_wording_goes_out_only_by_its_own_option(folder: Path, tmp_path: Path, command: str) -> None:
    say_again(folder)
    asked = commands_for(folder, tmp_path)[command]
    ran = run(*asked, "--ignore-disclosure-findings")
    assert ran.returncode == 1
    assert "private wording 1" in ran.stderr
    assert ran.stderr.rstrip().endswith("or use --with-wording for a private copy.")
    assert list(tmp_path.glob("out.*")) == []
    private = run(*asked, "--with-wording")
    assert private.returncode == 0, "what stays with the researcher is not held back"
    assert len(list(tmp_path.glob("out.*"))) == 1


def test_long_lists_are_cut_and_every_kind_is_counted() -> None:
    findings = [Finding("a.csv", n, "gist", kind, "x", "why", "What to do.", f"value {n}")
                for kind in ("possible name", "postcode") for n in range(2, 2 + gate.SHOWN)]  # fmt: skip
    *listed, counts, where = gate.in_short(findings, "mine")
    assert len(listed) == gate.SHOWN
    assert counts.endswith("a person's identity: possible name 5, postcode 5")
    assert where.endswith("disclosure mine")


def test_a_value_in_many_places_is_one_line() -> None:
    findings = [
        Finding("a.csv", n, "gist", "full date", "1* M** 2***", "why", "What to do.", "14 May 2019")
        for n in range(2, 300)
    ]
    assert list(disclosure.by_value(findings)) == [
        "full date “14 May 2019” in 298 places, the first of them a.csv, row 2, field gist: why. What to do."
    ]
    (masked,) = disclosure.by_value(findings, masked=True)
    assert "2019" not in masked


def test_a_study_without_findings_is_exported(tmp_path: Path) -> None:
    ran = run("study", "export", "data", tmp_path / "out.qdc")
    assert ran.returncode == 0, ran.stderr
    assert "disclosure" not in ran.stdout
    assert (tmp_path / "out.qdc").is_file()


def test_an_export_that_is_stopped_leaves_the_earlier_file(tmp_path: Path) -> None:
    def stop() -> None:
        raise InterruptedError

    commands.import_study(commands.read(small(tmp_path / "a.qdpx")), Choices(), tmp_path / "study", lambda _: None)
    (tmp_path / "out.qdpx").write_text("an earlier one")
    with pytest.raises(InterruptedError):
        commands.export_study(tmp_path / "study", tmp_path / "out.qdpx", True, lambda _: None, stop)
    assert (tmp_path / "out.qdpx").read_text() == "an earlier one"
