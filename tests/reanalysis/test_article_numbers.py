"""The article takes its numbers, tables and pictures from the evidence, and says so when these no longer fit."""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pandas as pd
import pypandoc
import pytest
from example_counts import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.display import captioned_tables
from analysis.display.captioned_tables import TablesError
from analysis.reanalysis import claims, tables_for_readers, trace
from analysis.reanalysis.article_numbers import Reported, ReportedError
from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths, provenance

AXES = Axis("power"), Axis("stage", basis="lead-in")


@pytest.fixture(scope="session")
def reported(study: Evidence) -> Reported:
    return Reported(study)


def test_the_numbers_of_the_article_are_those_of_the_evidence(reported: Reported, study: Evidence) -> None:
    speakers = study.passages["interviewee"].dropna()
    most = Counter(speakers).most_common(5)
    assert reported.interviews == "48"
    assert reported.observed("cited-passages") == str(len(study.extracts))
    assert reported.quoted() == f"{speakers.nunique() / 48:.0%}"
    assert reported.from_most_quoted(5) == f"{sum(n for _, n in most) / len(speakers):.0%}"
    assert reported.codes("power", "first-order") == str((study.codes["level"] == "first-order").sum())
    assert reported.all_claims == str(len(study.claims))


@pytest.mark.parametrize("unit", vocabulary.UNITS)
def test_a_cell_in_the_article_is_the_cell_of_the_table(reported: Reported, study: Evidence, unit: str) -> None:
    table = crosstabs.crosstab(study, *AXES, unit).set_index(["row", "column"])
    cell = table.loc[("resource", "operationalization")]
    assert reported.cell("resource", "operationalization", unit) == formatting.in_words(cell["count"])
    assert reported.cell_range("resource", "operationalization", unit) == f"{cell['lowest']}–{cell['highest']}"
    margin = table.loc[("resource", vocabulary.ALL)]
    assert reported.supporting("resource", unit).split()[0] == formatting.in_words(margin["count"])


def test_verdicts_in_the_article_add_up_to_all_claims(reported: Reported, study: Evidence) -> None:
    tally = Counter(claims.verdicts(study)["verdict"])
    assert [reported.verdicts(verdict) for verdict in claims.VERDICTS] == [
        formatting.in_words(tally[verdict]) for verdict in claims.VERDICTS
    ]
    assert int(reported.computed_claims) == sum(tally.values()) - sum(tally[v] for v in claims.NOT_COMPUTED)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda r: r.observed("nothing"), "no observation 'nothing'"),
        (
            lambda r: r.cell("resource", "beginning"),
            "no stage 'beginning' in derived/stage-by-power.csv. Take one of in",
        ),
        (lambda r: r.verdicts("true"), "no verdict 'true'"),
        (lambda r: r.illustrating("C00"), "no claim_id 'C00' in derived/claims.csv"),
        (lambda r: r.pattern_share("C22"), "C22 has no pattern"),
        (lambda r: r.from_most_quoted(2), "2 most quoted"),
        (lambda r: r.step("initiation", "resource"), "no source 'initiation' in derived/model-steps.csv"),
    ],
)
def test_a_number_that_does_not_exist_is_told(reported: Reported, ask, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ReportedError, match=told):
        ask(reported)


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), min_size=1, max_size=6))
@settings(max_examples=examples(25), deadline=None)
def test_a_table_in_markdown_reads_as_the_same_cells(rows: list[tuple[str, str]]) -> None:
    """Whatever is in a cell, pandoc reads it back as text and not as markup (blanks and quotes apart)."""
    table = pd.DataFrame(
        {"Of it": [cell for _, cell in rows]}, index=pd.Index([label for label, _ in rows], name="What")
    )
    read = json.loads(pypandoc.convert_text(captioned_tables.as_markdown(table, [1, 2]), "json", "markdown-smart"))
    (element,) = read["blocks"]
    assert element["t"] == "Table"
    (body,) = element["c"][4]
    found = [[text_of(cell[4]) for cell in row[1]] for row in body[3]]
    assert found == [[plain(cell) for cell in row] for row in rows]


def text_of(node: object) -> str:
    """Return the text of a part of pandoc's tree; KeyError for anything that is markup and not text."""
    if isinstance(node, list):
        return "".join(map(text_of, node))
    assert isinstance(node, dict)
    match node["t"]:
        case "Plain":
            return text_of(node["c"])
        case kind:
            return {"Str": str(node.get("c")), "Space": " ", "SoftBreak": " "}[kind]


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_table_wants_a_width_for_every_column() -> None:
    with pytest.raises(TablesError, match="2 columns was given 1 width"):
        captioned_tables.as_markdown(pd.DataFrame({"a": [1]}), [1])


def test_every_passage_stands_in_the_table_of_one_dimension(study: Evidence) -> None:
    dimensions = ["structural", "structure-enabled-normative", "resource", "resource-enabled-normative"]
    shown = [passage for dimension in dimensions for passage in tables_for_readers.passages(study, dimension).index]
    assert sorted(shown) == sorted(study.extracts["extract_id"])


def test_what_does_not_support_says_so_in_its_table(study: Evidence) -> None:
    code = tables_for_readers.passages(study, "structural")["Code"]
    assert code["F03"].endswith("(counters)")
    assert code["F01"].endswith("(context)")
    assert not code["T01"].endswith(")")


def test_stage_by_power_three_ways_has_the_counts_of_each_unit(study: Evidence) -> None:
    table = tables_for_readers.three_ways(study)
    kinds = [kind for kind in table.index for _ in range(3) if kind]
    shown = table.set_axis(kinds).set_index("Way", append=True)
    for basis, way in (("wording", "wording alone"), ("lead-in", "with lead-ins")):
        for unit, place in zip(vocabulary.UNITS, range(3), strict=True):
            cells = crosstabs.crosstab(study, Axis("power"), Axis("stage", basis=basis), unit).set_index(
                ["row", "column"]
            )
            cell = shown.loc[("Resource-enabled normative power", way), "dissemination"]
            expected = cells.loc[("resource-enabled-normative", "dissemination"), "count"]
            assert cell.split(" / ")[place] == str(expected)


def test_the_table_of_claims_by_kind_adds_up(study: Evidence) -> None:
    table = tables_for_readers.claims_by_kind(study)
    assert (table.drop(columns="all").sum(axis=1) == table["all"]).all()
    assert (table.drop(index="all").sum() == table.loc["all"]).all()
    assert table.loc["all", "all"] == len(study.claims)


def git(folder: Path, *command: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *command], check=True, capture_output=True)


def test_the_colophon_names_the_commit_and_says_when_it_was_left(tmp_path: Path) -> None:
    assert provenance.commit(tmp_path).startswith("not known")
    assert provenance.commit_time(tmp_path) == 0
    git(tmp_path, "init", "--quiet")
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    assert re.fullmatch("[0-9a-f]{40}", provenance.commit(tmp_path))
    assert provenance.commit_time(tmp_path) > 1_600_000_000
    (tmp_path / "file").write_text("two")
    assert provenance.commit(tmp_path).endswith("with changes that are not committed")


def test_a_digest_does_not_depend_on_line_ends(tmp_path: Path) -> None:
    (tmp_path / "unix").write_bytes(b"a\nb\n")
    (tmp_path / "windows").write_bytes(b"a\r\nb\r\n")
    assert provenance.digest(tmp_path / "unix") == provenance.digest(tmp_path / "windows")
    # As `printf 'a\nb\n' | sha256sum` has it.
    assert provenance.digest(tmp_path / "unix") == "911169ddaaf146af"
    assert provenance.digest(tmp_path / "none").startswith("not known")


def test_the_way_back_from_a_name_leads_to_the_lines_of_the_article(study: Evidence) -> None:
    lines = paths.ARTICLE.read_text(encoding="utf-8").splitlines()
    places = re.findall(r"in the article, line (\d+)", trace.trace(study, "resource/initiation"))
    assert places
    assert all('"resource", "initiation"' in lines[int(place) - 1] for place in places)
    assert "in the article, line" in trace.trace(study, "F24")
    assert "in the article, line" in trace.trace(study, "cited-passages")


def test_a_range_in_a_cell_of_the_article_does_not_break_across_lines() -> None:
    table = pd.DataFrame({"count": ["4–14 / 3–10", "0", "lead–in"]}, index=["a", "b", "c"])
    assert "4–\u206014 / 3–\u206010" in captioned_tables.as_markdown(table, [1, 1])
    assert captioned_tables.as_markdown(table, [1, 1]).count("\u2060") == 2


def test_every_table_lists_keys_in_one_way(study: Evidence) -> None:
    listed = re.compile(r"(none|no passage|[TFC]\d\d(, [TFC]\d\d)*)?")
    steps = tables_for_readers.model_steps(study)
    turned = tables_for_readers.patterns(study, "passage", "lead-in")["Turned by"]
    columns = [steps["Claims"], steps["For"], steps["Against"], turned]
    assert [cell for column in columns for cell in column if not listed.fullmatch(cell)] == []
    assert any(", " in cell for cell in steps["For"])
