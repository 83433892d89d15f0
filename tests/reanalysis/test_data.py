"""What the data promise about themselves."""

import json
import re

import pandas as pd
import pytest
import yaml

from analysis.study import code_tree, coders
from analysis.study.evidence import Evidence
from analysis.support import paths


def test_there_are_as_many_passages_as_the_article_cites(study: Evidence) -> None:
    # Counted in the article: 38 citations of an interviewee's number, 3 of a document's short name.
    assert len(study.extracts) == 41
    assert study.passages["interviewee"].notna().sum() == 38
    assert list(study.extracts["extract_id"]) == [f"T{n:02d}" for n in range(1, 15)] + [
        f"F{n:02d}" for n in range(1, 28)
    ]


def test_every_passage_has_a_power_code_and_a_reading_by_every_reader(study: Evidence) -> None:
    primary = study.codings[study.codings["role"] == "primary"]
    given = primary.groupby(["facet", "coder_id"])["extract_id"].nunique().to_dict()
    expected = {
        ("power", "article"): 41,
        **{(facet, coder): 41 for facet in ("stage", "response") for coder in ("reader-a", "reader-b", "compendium")},
    }
    assert {key: given[key] for key in expected} == expected, "further coders may code as many passages as they like"


def test_documents_give_context_and_only_documents_do(study: Evidence) -> None:
    speakers = study.passages.set_index("extract_id")["interviewee"]
    spoken = study.codings["extract_id"].map(speakers).notna()
    assert (study.codings["stance"].eq("context") == ~spoken).all()


def test_no_stage_or_response_rests_on_a_power_code(study: Evidence) -> None:
    ours = study.codings[study.codings["facet"].isin(["stage", "response"])]
    assert "label" not in set(ours["basis"]), "a printed label is a power code"
    power = re.compile(r"\b(?:structural|normative|power|tacit|contextual expertise|interactive expertise)\b", re.I)
    assert not ours["rationale"].str.contains(power).any()


def test_only_undatable_passages_need_no_basis_for_their_stage(study: Evidence) -> None:
    stage = study.codings[study.codings["facet"] == "stage"]
    assert (stage["code_id"].eq("not-stated") == stage["basis"].eq("none")).all()


def test_a_stage_from_a_lead_in_leaves_open_that_none_is_stated(study: Evidence) -> None:
    stage = study.record[study.record["facet"] == "stage"]
    led = stage[(stage["role"] == "primary") & (stage["basis"] == "lead-in")]["extract_id"]
    unstated = stage[(stage["role"] == "alternative") & (stage["code_id"] == "not-stated")]["extract_id"]
    assert set(led) <= set(unstated)


def test_the_reconciled_coding_keeps_what_both_readers_chose_or_says_so(study: Evidence) -> None:
    for facet in ("stage", "response"):
        table = coders.side_by_side(study, facet)
        agreed = table[table["same_primary"]]
        first = agreed["reader-a"].str.split(" | ", regex=False).str[0]
        ours = agreed["compendium"].str.split(" | ", regex=False).str[0]
        departures = set(agreed.loc[first != ours, "extract_id"])
        reasons = study.codings[
            study.codings["extract_id"].isin(departures)
            & study.codings["facet"].eq(facet)
            & study.codings["coder_id"].eq("compendium")
            & study.codings["role"].eq("primary")
        ]["rationale"]
        assert len(reasons) == len(departures)
        assert reasons.str.startswith("Against both readers").all()


def test_every_passage_and_every_first_order_code_is_sealed(study: Evidence) -> None:
    first_order = code_tree.codes_at(study.codes, "power", "first-order")
    assert set(study.fragments["owner_id"]) == set(study.extracts["extract_id"]) | set(first_order)
    labels = study.fragments[study.fragments["owner_id"].isin(first_order)]
    assert (labels["cited_as"] == "").all()


def test_a_passage_is_cited_as_its_source_is_labelled(study: Evidence) -> None:
    label = study.sources.set_index("source_id")["label"].str.casefold()
    source = study.extracts.set_index("extract_id")["source_id"]
    passages = study.fragments[study.fragments["owner_id"].isin(source.index)]
    cited: pd.Series = passages["cited_as"].str.replace(" ", "")
    assert (cited == passages["owner_id"].map(source).map(label).str.replace(" ", "")).all()


# --- who made it

#: Where people read what the compendium says of itself; README.md, CHANGELOG.md and the log apart.
SAYS = [
    *(paths.DATA / name for name in ("README.md", "datapackage.json", "disclosure-allowed.csv", "evidence/coders.csv")),
    *(paths.ROOT / "docs").rglob("*.md"), *paths.NOTEBOOKS.rglob("*.ipynb"), *paths.ROOT.glob("analysis/[dst]*/*.py"),
    paths.ARTICLE, paths.SUPPLEMENT, *(paths.ROOT / name for name in ("README.md", "CITATION.cff", "CONTRIBUTING.md")),
]  # fmt: skip
JUDGED = r"\b(?:wrote|written|made|chosen|judged|coded|read|kept|collected|drafted|allowed|checked|filled in)\b"
BY_HAND = re.compile(
    rf"{JUDGED}(?:\W+\w+){{0,4}}?\W+by (?:hand|a person)\b"
    rf"|\b(?:a person|somebody)(?:\W+(?:has|had|looked|at|and|found))*\W+(?:judged|allowed|checked|to be harmless)\b"
    r"|\|\s*by hand\b",
    re.IGNORECASE,
)


def made_by() -> dict[str, list[str]]:
    resources = json.loads((paths.DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    return {resource["path"]: resource["madeBy"] for resource in resources}


def made_by_in(folder: str) -> dict[str, list[str]]:
    return {path: makers for path, makers in made_by().items() if path.startswith(f"{folder}/")}


def test_every_table_names_its_makers_among_the_coders(study: Evidence) -> None:
    known = set(study.coders["coder_id"])
    for table, makers in made_by().items():
        assert makers, table
        assert set(makers) <= known, table
    assert set(made_by()["evidence/codings.csv"]) == set(study.codings["coder_id"])


def test_the_description_of_the_data_names_the_same_makers_of_every_table(study: Evidence) -> None:
    rows = re.findall(
        r"^\| `(evidence/\w+\.csv)` \|.*\| (.*) \|$",
        (paths.DATA / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    known = set(study.coders["coder_id"])
    assert {table: set(re.findall(r"`([\w-]+)`", told)) & known for table, told in rows} == {
        table: set(makers) for table, makers in made_by_in("evidence").items()
    }


def test_a_derived_table_names_readers_only_where_their_codings_enter(study: Evidence) -> None:
    readers = set(study.codings["coder_id"]) - {one for some in study.study.coding_of_record.values() for one in some}
    assert {table for table, makers in made_by_in("derived").items() if readers & set(makers)} == {
        f"derived/{name}.csv"
        for name in ("codings-by-coder", "stage-side-by-side", "response-side-by-side", "observations", "agreement")
    }


def test_nothing_is_said_to_be_made_by_a_person_while_no_coder_is_one(study: Evidence) -> None:
    """The data were called written by hand and judged by a person; a language model had made them."""
    assert "person" not in set(study.coders["kind"]), "A person has coded: say so, and let this test allow it."
    for file in SAYS:
        text = " ".join(file.read_text(encoding="utf-8").split())
        found = [text[max(place.start() - 60, 0) : place.end() + 20] for place in BY_HAND.finditer(text)]
        assert not found, file


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("| the codebook | by hand |", True),
        ("the evidence, written by hand", True),
        ("what a person judged harmless", True),
        ("What somebody has looked at and found to be harmless", True),
        ("The twelve passages were chosen by hand", True),
        ("Students work out coefficients by hand", False),
        ("No person has coded the passages", False),
        ("a person has to read the text as well", False),
    ],
)
def test_a_statement_that_a_person_made_the_evidence_is_recognised(text: str, told: bool) -> None:
    assert bool(BY_HAND.search(text)) == told


def test_the_citation_says_that_nobody_has_signed_yet() -> None:
    citation = (paths.ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert "No accountable person has signed" in yaml.safe_load(citation)["abstract"]
    assert "None has signed yet" in paths.ARTICLE.with_name("_quarto.yml").read_text(encoding="utf-8")
