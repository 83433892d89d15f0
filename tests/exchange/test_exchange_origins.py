"""An imported study says of which file it was made, how much text there was, and where coders marked apart."""

import hashlib
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import lxml.html
import numpy as np
import pytest
from exchanged import TEXT, codebook, coding, guid, qdpx, selection, small, sources, text, users, xml
from general import general

from analysis import study_report
from analysis.exchange import commands
from analysis.exchange.importing import origins
from analysis.exchange.importing.facets import Choices
from analysis.exchange.importing.study_from_project import CodedStudy
from analysis.statistics.saturation import CAVEAT_OF_A_STUDY, caveat
from analysis.study import evidence, loading, overview, package
from analysis.study.evidence import Evidence
from analysis.study.places import covered
from analysis.support import paths


def brought_in(file: Path, folder: Path, **choices: object) -> Evidence:
    commands.import_study(commands.read(file), Choices(**choices), folder, lambda _: None)
    return loading.load(folder)


def made(tmp_path: Path, *selections: str) -> CodedStudy:
    inside = users("ann", "ben") + codebook("joy", "fear") + sources(text(*selections))
    return commands.coded(commands.read(qdpx(tmp_path / "a.qdpx", xml(inside))), Choices())


def said(study: Evidence, key: str) -> str:
    report = study_report.report(study, study_report.asked(study), "a command").html
    (section,) = lxml.html.fromstring(report).xpath(f"//section[@aria-labelledby='{key}']")
    return " ".join(section.text_content().split())


def test_the_file_is_named_with_its_checksum_and_how_it_was_read(tmp_path: Path) -> None:
    file = small(tmp_path / "mine.qdpx")
    study = brought_in(file, tmp_path / "study", interviewee="none")
    origin = study.study.origin
    assert origin is not None
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (origin.file, origin.sha256, origin.format) == ("mine.qdpx", checksum, "REFI-QDA project")
    told = said(study, "made")
    assert f"mine.qdpx (REFI-QDA project), SHA-256 {checksum[:16]}" in told
    assert "Interviewees nobody" in told
    assert origin.positions in told
    assert str(tmp_path) not in (tmp_path / "study" / "datapackage.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("by", "told"),
    [("", "Interviewees each case of the project"), ("source", "Interviewees each source, except pictures and PDFs"),
     ("visits", "whom the variable 'visits' names")],
)  # fmt: skip
def test_the_report_says_what_an_interviewee_was_taken_to_be(tmp_path: Path, by: str, told: str) -> None:
    assert told in said(brought_in(paths.EXAMPLE_PROJECT, tmp_path / "study", interviewee=by), "made")


def test_the_amount_of_text_is_that_of_the_sources_each_place_once(tmp_path: Path) -> None:
    study = made(tmp_path, selection(0, 22, coding("joy", "ann")), selection(5, 30, coding("fear", "ann")))
    origin = study.evidence.study.origin
    assert origin is not None
    assert (origin.words, origin.characters, origin.marked) == (len(TEXT.split()), len(TEXT), 30)
    assert f"{len(TEXT.split())} words" in said(study.evidence, "study").replace("ten", "10")
    assert f"{30 / len(TEXT):.0%} of the characters" in said(study.evidence, "study")


def with_files(tmp_path: Path, inside: str, **files: str) -> Evidence:
    """Return a study of a project of which only some texts are in the archive."""
    project = xml(users("ann") + codebook("joy", "fear") + sources(inside))
    contents = {f"Sources/{guid(name)}.txt": content for name, content in files.items()}
    return commands.coded(commands.read(qdpx(tmp_path / "a.qdpx", project, contents)), Choices()).evidence


def test_the_share_of_marked_text_is_of_the_texts_that_are_there(tmp_path: Path) -> None:
    there = text(selection(0, 2, coding("joy", "ann")), selection(1, 4, coding("fear", "ann"), key="b"), name="Bo")
    gone = text(selection(0, 400, coding("joy", "ann", "a"), key="a"), selection(0, 400, key="c"), name="Ann")
    study = with_files(tmp_path, there + gone, Bo="We left.")
    origin = study.study.origin
    assert origin is not None
    assert (origin.words, origin.characters, origin.marked) == (2, 8, 4)
    assert (origin.with_text, origin.without_text) == (1, 1)
    told = (
        "two words in one of two sources, as no other has its text in the file; 50% of the characters lie in a passage"
    )
    assert overview.facts(study)["Text"] == told
    assert told in said(study, "study")
    package.write(study, tmp_path / "study", {})
    assert overview.facts(loading.load(tmp_path / "study"))["Text"] == told


def test_without_any_text_in_the_file_no_amount_is_told(tmp_path: Path) -> None:
    study = with_files(tmp_path, text(selection(0, 400, coding("joy", "ann"))))
    assert study.study.origin is not None
    assert study.study.origin.marked is None
    assert "Text" not in overview.facts(study)


def test_a_whole_source_that_is_coded_is_not_in_the_share_of_marked_text(tmp_path: Path) -> None:
    study = with_files(tmp_path, text(selection(0, 2, coding("joy", "ann")), coding("fear", "ann")), Ann="We left.")
    assert (
        "25% of the characters lie in a passage, passages that are whole sources aside" in overview.facts(study)["Text"]
    )


def test_no_share_is_told_of_a_study_whose_import_counted_marks_in_texts_that_were_not_there(tmp_path: Path) -> None:
    study = with_files(tmp_path, text(selection(0, 2, coding("joy", "ann"))), Ann="We left.")
    origin = study.study.origin
    assert origin is not None
    before = replace(origin, marked=52, with_text=None, without_text=None)
    assert overview.facts(replace(study, study=replace(study.study, origin=before)))["Text"] == "two words"


def test_of_a_table_which_has_no_whole_texts_no_amount_is_told(tmp_path: Path) -> None:
    table = tmp_path / "codings.csv"
    table.write_text("source,passage,code\nAnn,We came.,joy\nBo,We left.,fear\n", encoding="utf-8")
    study = brought_in(table, tmp_path / "study")
    assert study.study.origin is not None
    assert study.study.origin.words is None
    assert "words" not in said(study, "study")


def test_passages_that_coders_marked_apart_are_told_and_those_of_one_coder_are_not(tmp_path: Path) -> None:
    apart = made(tmp_path, selection(0, 22, coding("joy", "ann")), selection(3, 22, coding("joy", "ben")))
    assert origins.overlapping(apart.passages) == ["E0001", "E0002"]
    (line,) = apart.unusual.lines()
    assert "marked with other ends" in line
    assert "2 times" in line
    both = coding("joy", "ann") + coding("joy", "ben", "2")
    together = made(tmp_path, selection(0, 22, both), selection(3, 22, coding("fear", "ann")))
    assert origins.overlapping(together.passages) == []
    touching = made(tmp_path, selection(0, 22, coding("joy", "ann")), selection(22, 30, coding("joy", "ben")))
    assert (origins.overlapping(touching.passages), len(touching.unusual)) == ([], 0)


def test_overlaps_are_those_that_a_comparison_of_every_pair_finds(tmp_path: Path) -> None:
    chance = np.random.default_rng(4)
    starts = chance.choice(len(TEXT) - 4, 16, replace=False).tolist()
    ends = [(start, start + int(chance.integers(1, 4))) for start in sorted(starts)]
    who = [str(chance.choice(["ann", "ben"])) for _ in ends]
    study = made(
        tmp_path,
        *(
            selection(*end, coding("joy", coder, str(n)), key=str(n))
            for n, (end, coder) in enumerate(zip(ends, who, strict=True))
        ),
    )
    by_id = {passage.extract_id: passage.selections[0].span for passage in study.passages}
    coder_of = dict(zip(ends, who, strict=True))
    expected = [
        one
        for one, (start, end) in by_id.items()
        if any(begin < end and start < over and coder_of[begin, over] != coder_of[start, end]
               for begin, over in by_id.values())
    ]  # fmt: skip
    assert sorted(origins.overlapping(study.passages)) == sorted(expected)
    assert 0 < len(expected) < len(ends)


def test_characters_in_several_passages_count_once() -> None:
    spans = [(0, 4), (2, 6), (10, 12), (11, 12)]
    assert covered(spans) == len({place for start, end in spans for place in range(start, end)})
    assert all(one <= other for one, other in pairwise(covered(spans[:n]) for n in range(5)))


def test_saturation_of_an_imported_study_is_not_told_as_that_of_an_article(tmp_path: Path) -> None:
    study = brought_in(paths.EXAMPLE_PROJECT, tmp_path / "study")
    assert study.study.simulated
    assert caveat(study) == CAVEAT_OF_A_STUDY
    assert "authors selected" not in said(study, "interviewees")


@pytest.mark.parametrize(
    ("facts", "told"),
    [("mine.qdpx", "importedFrom has to be an object"), ({"file": 3}, "importedFrom.file has to be a text"),
     ({"words": -1}, "importedFrom.words has to be a number"), ({"overlaps": "no"}, "importedFrom.overlaps has to be")],
)  # fmt: skip
def test_an_origin_that_is_malformed_is_told(tmp_path: Path, facts: object, told: str) -> None:
    brought_in(small(tmp_path / "mine.qdpx"), tmp_path / "study")
    file = tmp_path / "study" / "datapackage.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    description["study"]["importedFrom"] = facts
    file.write_text(json.dumps(description), encoding="utf-8")
    with pytest.raises(evidence.EvidenceError, match=told):
        loading.load(tmp_path / "study")


def test_a_study_that_was_not_imported_says_nothing_of_a_file() -> None:
    assert "Imported from" not in said(general(), "made")
