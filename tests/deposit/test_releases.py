"""A release sets version, day, changelog, tag and archive, all or none, and its number says what changed in counts."""

import datetime
import shutil
from pathlib import Path

import pytest
import small_repository

from analysis.deposit import fresh_build, packed_archive, releases, stated_facts
from analysis.deposit.fresh_build import git
from analysis.deposit.stated_facts import DepositError

TODAY = datetime.date(2031, 2, 3)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small repository with a release 1.0.0, and its archive."""
    root = small_repository.made(tmp_path_factory.mktemp("small") / "repository")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh_build, "made", made)
        releases.release(root, "1.0.0", TODAY, root / "build" / "archive", tell=print)
    return root


@pytest.fixture
def root(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it with something new to release."""
    monkeypatch.setattr(fresh_build, "made", made)
    copy = Path(shutil.copytree(released, tmp_path / "copy"))
    small_repository.replace(copy / "CHANGELOG.md", "\n## ", "\n## Unreleased\n\n- A change.\n\n## ")
    small_repository.commit(copy)
    return copy


def made(copy: Path, _: object) -> bytes:
    """Pack without building."""
    return packed_archive.packed(copy, small_repository.make(copy))


def release(root: Path, version: str) -> releases.Release:
    return releases.release(root, version, TODAY, root / "build" / "archive", tell=print)


def test_version_day_changelog_tag_and_archive_are_set_and_agree(released: Path) -> None:
    facts = stated_facts.facts(released)
    assert (facts.version, facts.day) == ("1.0.0", "2031-02-03")
    assert stated_facts.changelog_head(released) == "1.0.0 (2031-02-03)"
    assert git(released, "status", "--porcelain") == ""
    assert git(released, "rev-parse", "v1.0.0^{commit}") == git(released, "rev-parse", "HEAD")
    assert git(released, "log", "-1", "--format=%s %an").strip() == "Release 1.0.0 A test"
    assert [file.name for file in (released / "build" / "archive").iterdir()] == ["power-in-co-production-1.0.0.zip"]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.0", r"the version: is not three numbers \(found '1.0'\). Write it as 1.0.0"),
        ("1.0.0", r"the tag v1.0.0: is there already. Choose a higher version"),
        ("0.9.0", r"CITATION.cff: has version 1.0.0: 0.9.0 is not higher"),
    ],
)
def test_a_version_that_cannot_be_the_next_is_refused(root: Path, version: str, said: str) -> None:
    with pytest.raises(DepositError, match=said):
        release(root, version)


def test_a_release_without_news_or_with_changes_that_are_not_committed_is_refused(root: Path) -> None:
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## Older\n", encoding="utf-8")
    with pytest.raises(DepositError, match=r"CHANGELOG.md: was changed and is not committed"):
        release(root, "1.0.1")
    small_repository.commit(root)
    with pytest.raises(DepositError, match=r"CHANGELOG.md: does not begin with a section '## Unreleased'"):
        release(root, "1.0.1")


def test_a_patch_is_enough_where_no_result_changed(root: Path) -> None:
    assert release(root, "1.0.1").part == "patch"


def test_a_result_that_was_added_needs_a_minor_version(root: Path) -> None:
    (root / "data" / "derived" / "invented.csv").write_text("a\n1\n", encoding="utf-8")
    small_repository.commit(root)
    with pytest.raises(DepositError, match=r"results were added since 1.0.0 \(invented\), so that 1.0.1 is too low"):
        release(root, "1.0.1")
    assert release(root, "1.1.0").part == "minor"


def test_a_count_or_verdict_that_changed_needs_a_major_version(root: Path) -> None:
    small_repository.replace(root / "data" / "derived" / "claims.csv", "restated", "consistent")
    small_repository.commit(root)
    said = r"data/derived: counts or verdicts changed since 1.0.0 \(claims\), so that 1.9.0 is too low. Release it as 2.0.0"
    with pytest.raises(DepositError, match=said):
        release(root, "1.9.0")
    assert release(root, "2.0.0").part == "major"


def test_a_release_whose_archive_cannot_be_made_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> bytes:
        raise DepositError("An invented difference.")

    before = git(root, "rev-parse", "HEAD")
    for patched in ("made", "write"):
        monkeypatch.setattr(fresh_build, "made", made)
        monkeypatch.setattr(fresh_build, patched, failing)
        with pytest.raises(DepositError, match=r"An invented difference"):
            release(root, "1.0.1")
        assert git(root, "tag", "--list").split() == ["v1.0.0"]
    assert git(root, "rev-parse", "HEAD") == before
