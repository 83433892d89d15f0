"""Only regular files are read, none outside the folder that they belong to, and a message says what can be done."""

import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import described

from analysis import disclosure, rendering
from analysis.disclosure import DisclosureError
from analysis.exchange import commands
from analysis.exchange.import_report import ExchangeError
from analysis.reanalysis import claims
from analysis.rendering import ArticleError
from analysis.study import loading
from analysis.study.evidence import Evidence, EvidenceError
from analysis.support import safe_files, strict_json
from analysis.support.errors import CompendiumError
from analysis.teaching import learners
from analysis.wording import copies, fingerprints
from analysis.wording.copies import CopyError

SECRET = "SECRET-OF-THE-MACHINE"  # noqa: S105 - what a test looks for
pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
Change = Callable[[dict[str, Any]], None]


def spoil(package: Path, change: Change) -> None:
    found = described(package)
    change(found)
    (package / "datapackage.json").write_text(json.dumps(found), encoding="utf-8")


def refused(package: Path) -> str:
    """Return the message with which a package is refused; nothing of a file outside of it may be in the message."""
    with pytest.raises(EvidenceError) as error:
        loading.load(package)
    assert SECRET not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../secret.csv",
        "evidence/../../secret.csv",
        "evidence/..",
        "~/secret.csv",
        "~root/secret.csv",
        "https://example.org/codes.csv",
        "file:///etc/passwd",
        "s3://bucket/codes.csv",
        "C:/secret.csv",
        "c:secret.csv",
        "..\\secret.csv",
        "evidence\\codes.csv",
        "\\\\host\\share",
        "//host/share",
        ".hidden/codes.csv",
        "evidence/.codes.csv",
        "evidence/codes.csv\n",
        "evidence/\0codes.csv",
        "",
        " ",
        ["evidence/codes.csv"],
        ["evidence/codes.csv", "../secret.csv"],
        {"path": "../secret.csv"},
        None,
        7,
    ],
)
def test_a_path_that_may_lead_out_of_a_package_is_refused(
    package: Path, path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_path(package, "codes", path, monkeypatch)


@pytest.mark.parametrize("table", ["claims", "further"])
def test_so_is_that_of_a_table_that_need_not_be_there(
    package: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_path(package, table, "../secret.csv", monkeypatch)


def refused_path(package: Path, table: str, path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    (package.parent / "secret.csv").write_text(f"{SECRET},first line\n", encoding="utf-8")

    def change(found: dict[str, Any]) -> None:
        found["resources"].append({"name": "further", "path": "evidence/codes.csv"})
        next(one for one in found["resources"] if one["name"] == table)["path"] = path

    spoil(package, change)
    opened: list[Path] = []
    content = safe_files.content

    def noted(file: Path) -> bytes:
        opened.append(file)
        return content(file)

    monkeypatch.setattr(safe_files, "content", noted)
    message = refused(package)
    assert f"the path of resource {table!r} cannot be followed" in message
    assert len(message.splitlines()) == 1
    assert [file.name for file in opened] == ["datapackage.json"], "no table is opened"


@given(st.text() | st.lists(st.sampled_from(["..", ".", "/", "\\", "a", "C:", "~", "", " ", "%2e"])).map("".join))
def test_no_path_at_all_leads_out_of_a_package(path: str) -> None:
    folder = Path("package").absolute()
    try:
        file = safe_files.inside(folder, path)
    except safe_files.UnsafePathError:
        return
    assert Path(os.path.normpath(file)).is_relative_to(folder)
    assert not PureWindowsPath(path).anchor
    assert ".." not in PureWindowsPath(path).parts


def test_paths_within_a_package_are_followed(tmp_path: Path) -> None:
    for path in (
        "codes.csv",
        "./codes.csv",
        "evidence/codes.csv",
        "evidence/a b.csv",
        "evidence/…/é.csv",
        "a..b/c.csv",
    ):
        if path.startswith("./"):
            assert safe_files.inside(tmp_path, path) == tmp_path / "codes.csv"
        else:
            assert safe_files.inside(tmp_path, path) == tmp_path / path


@pytest.mark.parametrize("linked", ["evidence/codes.csv", "evidence", "datapackage.json"])
def test_a_link_that_leads_out_of_a_package_is_refused(package: Path, linked: str) -> None:
    outside = package.parent / "outside"
    (package / linked).rename(outside)
    if outside.is_file():
        outside.write_text(f"{SECRET}\n", encoding="utf-8")
    (package / linked).symlink_to(outside)
    assert "a link leads out of the folder" in refused(package)


def test_a_link_within_a_package_and_a_linked_package_are_followed(package: Path) -> None:
    (package / "evidence" / "codes.csv").rename(package / "evidence" / "real.csv")
    (package / "evidence" / "codes.csv").symlink_to("real.csv")
    (package.parent / "linked").symlink_to(package)
    assert len(loading.load(package.parent / "linked").codes)


def test_a_link_in_a_circle_is_refused(package: Path) -> None:
    (package / "evidence" / "codes.csv").unlink()
    (package / "evidence" / "codes.csv").symlink_to("codes.csv")
    refused(package)


def test_the_check_for_disclosure_reads_no_file_outside(package: Path) -> None:
    (package.parent / "secret.txt").write_text(f"{SECRET} someone@example.org", encoding="utf-8")
    (package / "notes.txt").symlink_to(package.parent / "secret.txt")
    with pytest.raises(DisclosureError, match="a link leads out") as error:
        disclosure.check(package)
    assert SECRET not in str(error.value)


def test_the_private_wording_is_in_the_package_itself(package: Path, study: Evidence) -> None:
    (package.parent / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    (package / "private").mkdir()
    (package / "private" / "wording.csv").symlink_to(package.parent / "secret.txt")
    with pytest.raises(fingerprints.QuotationsError, match="a link leads out") as error:
        fingerprints.restored(study, package / "private" / "wording.csv")
    assert SECRET not in str(error.value)
    with pytest.raises(DisclosureError, match="a link leads out"):
        disclosure.check(package)


def test_what_else_a_description_says_of_a_table_is_not_followed(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def no_network(*_: object) -> None:
        raise AssertionError("a request to another host")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    elsewhere = {
        "$schema": "https://example.org/resource.json",
        "profile": "https://example.org/profile.json",
        "dialect": "../secret.json",
        "extrapaths": ["../secret.csv"],
        "scheme": "remote",
        "basepath": "/",
    }
    spoil(package, lambda found: found.update(resources=[one | elsewhere for one in found["resources"]]))
    assert len(loading.load(package).codes)
    spoil(package, lambda found: found["resources"][0].update(schema="../secret.json"))
    assert "no proper fields" in refused(package)


def test_a_table_has_one_name(package: Path) -> None:
    spoil(package, lambda found: found["resources"][0].update(name=["codes"]))
    assert "no resource named" in refused(package)


# --- JSON


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("[" * 200_000, "within each other"),
        ("[" * 2000 + "]" * 2000, "within each other"),
        ('{"a":' * 101 + "1" + "}" * 101, "within each other"),
        ("9" * 6000, "limit"),
        ("NaN", "not a number"),
        ('{"a": -Infinity}', "not a number"),
        ('{"a": 1, "a": 2}', "'a' appears twice"),
        ("{", "Expecting property name"),
    ],
)
def test_whatever_is_wrong_with_json_is_one_kind_of_error(written: str, problem: str) -> None:
    with pytest.raises(json.JSONDecodeError, match=problem):
        strict_json.parsed(written)


@given(st.text(alphabet='[]{}",:0123456789.eE-+truefalsn \\u') | st.binary())
def test_any_text_is_json_or_one_kind_of_error(written: str | bytes) -> None:
    with contextlib.suppress(json.JSONDecodeError, UnicodeDecodeError):
        strict_json.parsed(written)


def test_json_may_be_as_deep_as_a_person_writes_it() -> None:
    assert strict_json.parsed("[" * strict_json.DEEPEST + "]" * strict_json.DEEPEST)
    assert strict_json.parsed(b'{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}


@pytest.mark.parametrize("extra", ["[" * 3000 + "]" * 3000, "9" * 6000, "NaN"])
def test_a_description_with_unusable_json_is_refused_in_one_message(package: Path, extra: str) -> None:
    file = package / "datapackage.json"
    file.write_text(f'{file.read_text(encoding="utf-8").rstrip()[:-1]}, "extra": {extra}}}', encoding="utf-8")
    assert "datapackage.json, row 1: not valid JSON" in refused(package)
    with pytest.raises(DisclosureError, match="not valid JSON"):
        disclosure.check(package)


def test_a_description_with_half_of_a_character_is_refused(package: Path) -> None:
    spoil(package, lambda found: found.update(title="\ud83d"))
    assert "datapackage.json: half of a character, which no text can have (found '\\ud83d')" in refused(package)


# --- a description that is JSON, and of another shape


def resource(found: dict[str, Any], table: str) -> dict[str, Any]:
    return next(one for one in found["resources"] if one["name"] == table)


def fields(found: dict[str, Any], table: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in resource(found, table)["schema"]["fields"]}


@pytest.mark.parametrize(
    "change",
    [
        lambda found: fields(found, "codings")["role"]["constraints"].update(enum=[1, None]),
        lambda found: fields(found, "codings")["role"].update(constraints=None),
        lambda found: fields(found, "codings")["role"].update(name=5),
        lambda found: fields(found, "codings")["role"].update(name=["role"]),
        lambda found: fields(found, "codings")["role"].update(type=["string"]),
        lambda found: resource(found, "codings")["schema"].update(fields=[None]),
        lambda found: resource(found, "codings")["schema"].update(primaryKey=[[]]),
        lambda found: found["study"].update(codingOfRecord={"power": [["article"]]}),
        lambda found: found["study"]["article"].update(authors="Chen"),
        lambda found: found["study"]["article"].update(year="2024"),
        lambda found: found["study"].update(article={"title": "A title alone"}),
    ],
)
def test_a_description_of_another_shape_is_refused_with_a_message(package: Path, change: Change) -> None:
    spoil(package, change)
    assert refused(package)


@pytest.mark.parametrize(
    ("table", "field", "known", "said"),
    [
        ("codings", "role", ",primary,", "expected primary or alternative"),
        ("codings", "stance", ",supports,", "expected supports or counters or context"),
        ("codings", "basis", ",wording,", "unknown value; expected wording"),
        ("claim_evidence", "bearing", ",illustrates,", "there is no such bearing"),
    ],
)
def test_a_word_that_counts_is_checked_without_the_enum_of_the_schema_as_well(
    package: Path, edit: Callable[[str, Callable[[str], str]], None], table: str, field: str, known: str, said: str
) -> None:
    spoil(package, lambda found: fields(found, table)[field]["constraints"].pop("enum"))
    edit(table, lambda text: text.replace(known, ",unheard-of,", 1))
    with pytest.raises(CompendiumError, match=said):
        claims.find(loading.load(package))


# --- what is no regular file


@pipes
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "missing"])
def test_a_pipe_or_device_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path, study: Evidence, kind: str) -> None:
    file = tmp_path / "robin.csv"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "device":
        file.symlink_to("/dev/zero")
    elif kind == "folder":
        file.mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - each kind has its own
        safe_files.content(file)
    with pytest.raises(CopyError):
        copies.texts(file)
    with pytest.raises(ExchangeError, match="no file of a coded project" if file.is_dir() else "cannot be read"):
        commands.read(file)
    assert len(learners.read(file, study).faults) == 1


@pipes
@pytest.mark.parametrize("place", ["datapackage.json", "evidence/codes.csv"])
def test_a_pipe_in_a_package_is_not_waited_for(package: Path, place: str) -> None:
    (package / place).unlink()
    os.mkfifo(package / place)
    assert "a device, pipe or socket and not a file" in refused(package)


@pipes
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_an_articles_folder_is_not_copied_without_end(tmp_path: Path, kind: str) -> None:
    article = tmp_path / "paper" / "article.qmd"
    article.parent.mkdir()
    article.write_text("---\ntitle: A\n---\n", encoding="utf-8")
    if kind == "pipe":
        os.mkfifo(article.parent / "beside")
    else:
        (article.parent / "beside").symlink_to("/dev/zero")
    with pytest.raises(ArticleError, match=r"beside: cannot be copied: .*not a file"):
        rendering.render(article, tmp_path / "out", "embedded", tell=lambda _: None)
    assert not (tmp_path / "out").exists()


# --- messages


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.ENAMETOOLONG, "shorter name"),
        (errno.EISDIR, "not a folder"),
        (errno.ENOTDIR, "is a file"),
        (errno.ETXTBSY, "Close the program"),
        (errno.EBUSY, "Close the program"),
        (errno.ENOENT, "Check the path"),
        (errno.EACCES, "permissions"),
        (errno.EPERM, "permissions"),
    ],
)
def test_what_can_be_done_depends_on_why_a_file_cannot_be_used(number: int, said: str) -> None:
    assert said in safe_files.advice(OSError(number, os.strerror(number)))
    assert ("permissions" in safe_files.advice(OSError(number, ""))) == (number in (errno.EACCES, errno.EPERM))


def test_a_file_that_another_program_of_windows_uses_is_no_question_of_permissions() -> None:
    fault = PermissionError(errno.EACCES, "in use")
    if sys.platform != "win32":
        fault.winerror = 32  # type: ignore[attr-defined]
        assert "Close the program" in safe_files.advice(fault)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(package: Path) -> None:
    def enlarge(name: str) -> None:
        with (package / name).open("ab") as sparse:
            sparse.truncate(safe_files.LARGEST + 1)

    enlarge("interview.mp4")
    assert [one.file for one in disclosure.check(package) if one.kind == disclosure.UNREAD] == ["interview.mp4"]
    enlarge("evidence/codes.csv")
    assert refused(package).endswith("it has more than 1,073,741,824 bytes. Look whether this is the right file.")
