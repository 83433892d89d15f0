"""Codings of which the file does not say who gave them are counted, and nobody agrees with them, wherever they come from."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from exchanged import codebook, coding, guid, qdpx, selection, sources, text, users, xml
from general import general

from analysis.agreement import readers
from analysis.exchange import commands
from analysis.exchange.exporting import project_from_study, updating
from analysis.exchange.import_report import Notices
from analysis.exchange.importing import origins
from analysis.exchange.importing.facets import Choices
from analysis.exchange.importing.study_from_project import CodedStudy, coded_study
from analysis.exchange.refi_qda import reading, writing
from analysis.study import coders, overview

NIL = "00000000-0000-0000-0000-000000000000"


def two_coders(tmp_path: Path, named: str, *who: str, apart: int = 0) -> CodedStudy:
    """Make a study of a project with some users, in which some users (GUIDs, or nothing) coded the same passages."""
    given = [
        coding("joy", "x", f"{n} {start}").replace(
            f' creatingUser="{guid("x")}"', f' creatingUser="{by}"' if by else ""
        )
        for start in (0, 23)
        for n, by in enumerate(who)
    ]
    half = len(who)
    passages = text(
        *(selection(0, 22 - n * apart, one, key=f"a{n}") for n, one in enumerate(given[:half])),
        *(selection(23, 46 - n * apart, one, key=f"b{n}") for n, one in enumerate(given[half:])),
    )
    file = qdpx(tmp_path / "a.qdpx", xml(named + codebook("joy", "fear") + sources(passages)))
    return commands.coded(commands.read(file), Choices())


@pytest.mark.parametrize(
    ("named", "who", "raters"),
    [
        ("", ["", ""], []),
        ("", [guid("ann"), guid("ben")], []),
        ("", [NIL, ""], []),
        (users("ann"), [guid("ann"), ""], ["ann"]),
        (users("ann"), [guid("ann"), guid("gone")], ["ann"]),
        (users("ann", ""), [guid("ann"), guid("")], ["ann"]),
        (users("ann", "nobody-named"), [guid("ann"), guid("nobody-named")], ["ann"]),
        (users("ann", "Nobody named"), [guid("ann"), guid("Nobody named")], ["ann"]),
        (users("ann", "ben"), [guid("ann"), guid("ben")], ["ann", "ben"]),
        (users("ann", "ben"), [guid("ann"), "", guid("ben")], ["ann", "ben"]),
    ],
)
def test_only_coders_whom_the_file_names_are_compared(
    tmp_path: Path, named: str, who: list[str], raters: list[str]
) -> None:
    made = two_coders(tmp_path, named, *who)
    assert readers.coders_of(made.evidence, "codes") == raters
    assert readers.agreement_of_groups(made.evidence).empty == (len(raters) < 2)
    beyond = [one for one in made.evidence.coders["coder_id"] if one not in raters]
    assert all(not coders.is_named(one) for one in beyond)
    told = " ".join(made.unusual.lines())
    assert ("no coder is named for a coding" in told) == bool(beyond)
    assert any("by nobody who is named" in one for one in overview.remarks(made.evidence)) == bool(beyond)


def test_a_user_without_a_name_is_called_by_the_id_that_a_program_gave(tmp_path: Path) -> None:
    named = f'<Users><User guid="{guid("ann")}" id="AB"/><User guid="{guid("ben")}" id="person" name="Ben"/></Users>'
    made = two_coders(tmp_path, named, guid("ann"), guid("ben"))
    assert readers.coders_of(made.evidence, "codes") == ["ab", "ben"]


@pytest.mark.parametrize("name", ["ann", "Ann", "ann "])
def test_users_of_one_name_are_kept_apart_and_reported(tmp_path: Path, name: str) -> None:
    named = f'<Users><User guid="{guid("ann")}" name="ann"/><User guid="{guid("other")}" name="{name}"/></Users>'
    made = two_coders(tmp_path, named, guid("ann"), guid("other"))
    assert list(made.evidence.coders["coder_id"]) == ["ann", "ann-2"]
    assert made.evidence.coders["description"].str.endswith("which has several users of this name.").all()
    assert "several users have one name; if they are one person, their agreement means nothing (ann and ann-2)" in list(
        made.unusual.lines()
    )
    assert any("The project has one name for ann and ann-2." in one for one in overview.remarks(made.evidence))


def test_a_passage_that_only_nobody_marked_overlaps_no_other_coders(tmp_path: Path) -> None:
    unknown = two_coders(tmp_path, users("ann"), guid("ann"), guid("gone"), apart=3)
    assert unknown.evidence.study.origin is not None
    assert unknown.evidence.study.origin.overlaps == 0
    known = two_coders(tmp_path, users("ann", "ben"), guid("ann"), guid("ben"), apart=3)
    assert len(origins.overlapping(known.passages)) == 4


def test_codings_of_nobody_leave_as_codings_of_nobody_and_come_back_so(tmp_path: Path) -> None:
    study = general()
    names = {"Coder_1": coders.NOBODY}
    study = dataclasses.replace(
        study, codings=study.codings.replace({"coder_id": names}), coders=study.coders.replace({"coder_id": names})
    )
    project = project_from_study.project_of(study)
    assert [user.name for user in project.users] == ["Coder_0"]
    file = tmp_path / "out.qdpx"
    writing.write_project(project, file)
    back = coded_study(reading.read_project(file).project, Choices())
    assert sorted(back.evidence.coders["coder_id"]) == ["coder-0", coders.NOBODY]
    counted = back.evidence.codings["coder_id"].eq(coders.NOBODY).sum()
    assert counted == study.codings["coder_id"].eq(coders.NOBODY).sum() > 0


def test_codings_of_nobody_that_are_added_to_the_tables_name_nobody_in_the_project(tmp_path: Path) -> None:
    made = two_coders(tmp_path, users("ann"), guid("ann"))
    new = made.evidence.codings.iloc[[0]].assign(coder_id=coders.NOBODY, code_id="fear")
    changed = dataclasses.replace(
        made.evidence,
        codings=pd.concat([made.evidence.codings, new], ignore_index=True),
        coders=pd.concat(
            [made.evidence.coders, made.evidence.coders.assign(coder_id=coders.NOBODY)], ignore_index=True
        ),
    )
    project = reading.read_project(tmp_path / "a.qdpx").project
    after = updating.updated(project, Choices(), changed, Notices())
    assert [user.name for user in after.users] == ["ann"]
    assert [given.coder for _, _, given in after.codings()].count("") == 1
