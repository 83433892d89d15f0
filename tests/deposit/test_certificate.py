"""A certificate tells other results from other bytes, names nobody by itself, and holds to the rules of CODECHECK."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.deposit import certificate_bundle, rerun_comparison
from analysis.deposit.codecheck_manifest import Statement, StatementError, is_orcid
from analysis.deposit.rerun_comparison import (
    GONE,
    NEW,
    OTHER_VALUES,
    SAME,
    SAME_VALUES,
    UNREAD,
    Comparison,
    RerunError,
)

WHEN = "2026-12-01 12:00:00 UTC"
ADA = Statement("Ada Example", "0000-0002-1825-0097", "2026-001", "https://doi.org/10.5281/zenodo.1234567")

Made = Callable[..., Path]


@pytest.fixture
def build(tmp_path: Path) -> Made:
    """Make a folder as a run leaves it, small: `build("one", python="3.12.1", shown="48")`."""

    def made(name: str, python: str = "3.11.7", shown: str = "48", differences: tuple[str, ...] = ()) -> Path:
        packages = f"scipy 1.{python}"  # the lock can have another version for another Python
        made_on = {"python": python, "system": "Linux", "lock": "abc", "packages": packages, "commit": "f" * 40}
        verification = {"tables": ["t"], "values": 7, "differences": differences, "made_on": made_on}
        drawn = f"%PDF drawn by {python} {shown}"
        cell = {"outputs": [{"data": {"text/plain": [f"{shown} by {python}"], "image/png": drawn}}, {"text": "end"}]}
        files = {
            "verification.json": json.dumps(verification),
            "report.html": f"<p>{shown} of 7</p>",
            "article/rendering.json": '{"renderer": "embedded", "version": "1"}',
            "article/article-origins.csv": f"id,shown\nn1,{shown}\n",
            "article/article.pdf": drawn,
            "article/lone.png": drawn,
            "notebooks/01.ipynb": json.dumps({"cells": [{"source": "markdown"}, cell]}),
            "site/index.html": f"<style>{python}</style><p class='{python}'>{shown}, Python {python}, {packages}</p>",
        }
        files["site/checksums.txt"] = f"{sha256(files['site/index.html'].encode()).hexdigest()}  index.html\n"
        for place, content in files.items():
            file = tmp_path / name / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        return tmp_path / name

    return made


def compared(again: Path, earlier: Path) -> Comparison:
    return rerun_comparison.compare(rerun_comparison.run(again), rerun_comparison.earlier_run(earlier))


def test_the_same_run_twice_is_the_same_byte_for_byte(build: Made) -> None:
    found = compared(build("one"), build("two"))
    assert set(found.outcomes.values()) == {SAME}
    assert len(found.outcomes) == 7
    assert found.holds
    assert found.verdict.endswith("All 7 documents and pages are the same byte for byte.")


def test_another_python_gives_other_bytes_and_no_other_value(build: Made) -> None:
    found = compared(build("one"), build("two", python="3.12.1"))
    assert found.outcomes["article/article.pdf"] == SAME_VALUES  # by the numbers that are listed beside it
    assert found.outcomes["notebooks/01.ipynb"] == found.outcomes["site/index.html"] == SAME_VALUES
    assert found.outcomes["site/checksums.txt"] == SAME_VALUES, "what has these digests is compared itself"
    assert found.outcomes["article/lone.png"] == UNREAD
    assert found.outcomes["report.html"] == SAME
    assert found.holds
    assert "no value differs" in found.verdict
    assert found.verdict.endswith("The runs also differ in: Python, Packages.")


def test_other_values_are_other_results_whatever_made_them(build: Made) -> None:
    found = compared(build("one"), build("two", python="3.12.1", shown="49"))
    differing = {place for place, outcome in found.outcomes.items() if outcome == OTHER_VALUES}
    named = {
        "article/article-origins.csv",
        "article/article.pdf",
        "notebooks/01.ipynb",
        "report.html",
        "site/index.html",
    }
    assert differing == named
    assert not found.holds
    assert "Results may differ" in found.verdict


def test_other_bytes_that_nothing_explains_are_pointed_out(build: Made) -> None:
    earlier = build("two")
    (earlier / "article" / "article.pdf").write_text("%PDF drawn otherwise")
    assert "this should not be" in compared(build("one"), earlier).verdict


def test_files_of_one_run_only_are_named(build: Made) -> None:
    again, earlier = build("one"), build("two")
    (again / "site" / "new.html").write_text("new")
    (earlier / "site" / "old.html").write_text("old")
    outcomes = compared(again, earlier).outcomes
    assert (outcomes["site/new.html"], outcomes["site/old.html"]) == (NEW, GONE)


def test_a_recomputed_value_that_differs_is_the_verdict(build: Made, tmp_path: Path) -> None:
    again = build("one", differences=("t, a, b: committed '1', recomputed '2'",))
    (again / "article" / "rendering.json").unlink()  # after a difference, nothing else is made
    found = compared(again, tmp_path / "nothing")
    assert not found.holds
    assert found.verdict == "Results differ: of 7 recomputed values, 1 are not the committed ones."


def test_a_run_that_did_not_end_is_not_certified(build: Made) -> None:
    again = build("one")
    (again / "site" / "index.html").unlink()
    with pytest.raises(RerunError, match=r"index\.html: the run did not make it\. Run 'nox -s certify' again"):
        rerun_comparison.run(again)
    with pytest.raises(RerunError, match=r"verification\.json: the run did not write it"):
        rerun_comparison.run(again / "site")


@pytest.fixture
def files(build: Made, tmp_path: Path) -> Callable[[Statement], dict[str, str | Path]]:
    """Make the files of a certificate, with what a person states."""
    derived = tmp_path / "derived"
    derived.mkdir()
    (derived / "table-1.csv").write_text("a\n1\n")
    found = compared(build("one"), build("two", python="3.12.1"))
    return lambda stated: certificate_bundle.files(found, derived, WHEN, stated, "https://example.org/power")


def test_nobody_is_named_who_did_not_give_a_name(files: Any) -> None:
    made = files(Statement())
    said = yaml.safe_load(made["codecheck.yml"])
    assert not {"codechecker", "certificate", "report"} & said.keys()
    assert made["codecheck.yml"].count("# Left for the person who signs") == 3
    page = made["codecheck/certificate.html"]
    assert "No person is named, and none has signed." in page
    assert '<dt>Signature</dt><dd class="line"></dd>' in page
    record = json.loads(made["codecheck/certificate.json"])
    assert (record["run_by"], record["named"], record["signed"]) == ("a program (nox -s certify)", None, None)


def test_a_name_is_shown_and_is_no_signature(files: Any) -> None:
    page = files(Statement("Ada <Example>"))["codecheck/certificate.html"]
    assert "named as for Ada &lt;Example&gt;; a name typed into a command is not a signature" in page
    assert "3.12.1" in page  # what the earlier run was made on
    assert "<script" not in page


def test_a_manifest_that_a_person_completed_keeps_every_rule_of_the_register(files: Any) -> None:
    made = files(ADA)
    assert broken_rules(made) == set()
    assert "Left for" not in made["codecheck.yml"]
    assert broken_rules(files(Statement())) == {"CC-CFG-008", "CC-CFG-009", "CC-CFG-011"}


def broken_rules(made: dict[str, str | Path]) -> set[str]:
    """Return which of the register's rules for specification 1.0 (errors and warnings, offline) files do not keep."""
    written = str(made["codecheck.yml"])
    said = yaml.safe_load(written)
    listed, checkers, paper = said.get("manifest", []), said.get("codechecker", []), said.get("paper", {})
    authors, report = paper.get("authors", []), said.get("report", "")
    people = [*checkers, *authors]
    kept = {
        "CC-CFG-002": written.startswith("---\n"),
        "CC-CFG-004": bool(listed),
        "CC-CFG-005": all(item.get("file") for item in listed),
        "CC-CFG-006": not any(item["file"].startswith(("/", "..")) for item in listed),
        "CC-CFG-007": all(item.get("comment") for item in listed),
        "CC-CFG-008": bool(checkers),
        "CC-CFG-009": bool(checkers) and all(one.get("name") for one in checkers),
        "CC-CFG-011": bool(report),
        "CC-CFG-013": "FIXME" not in report,
        "CC-CFG-014": said.get("version") == "https://codecheck.org.uk/spec/config/1.0",
        "CC-CFG-017": bool(paper.get("title")),
        "CC-CFG-018": bool(authors),
        "CC-CFG-019": all(one.get("name") for one in authors),
        "CC-CFG-021": bool(paper.get("reference")),
        "CC-CFG-023": not any(word in written for word in ("FIXME", "TODO", "XXXXX")),
        "CC-CFG-024": bool(said.get("summary")),
        "CC-MET-001": all(is_orcid(one["ORCID"]) for one in people if "ORCID" in one),
        "CC-BUN-001": all(Path(made[item["file"]]).is_file() for item in listed),
        "CC-BUN-003": "codecheck/certificate.html" in made,
    }
    return {rule for rule, holds in kept.items() if not holds}


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (Statement("Ada", orcid="0000-0002-1825-0098"), "is not an ORCID"),
        (Statement(orcid="0000-0002-1825-0097"), "needs --by"),
        (Statement("Ada", certificate="1"), "is not a number of the register"),
        (Statement("Ada", report="zenodo.1"), "is not a DOI"),
    ],
)
def test_what_cannot_be_so_is_refused(stated: Statement, told: str) -> None:
    with pytest.raises(StatementError, match=told):
        stated.check()
