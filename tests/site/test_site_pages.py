"""Home, codebook, passages and claims: they say what the data say, and lead both ways between them."""

import posixpath
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
import prose
import pytest

from analysis.reanalysis import article_model, claims, derived
from analysis.site.building import completeness, generated_files, mkdocs_build
from analysis.site.files import markdown_excerpts
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages import codebook, ledger, opened_claim, verdicts_in_full
from analysis.site.pages.ledger import step_id
from analysis.site.site_error import SiteError
from analysis.study import code_tree, coders, evidence, loading
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths

Edit = Callable[[str, Callable[[str], str]], None]
PAGES: tuple[str, ...] = (
    "index",
    "codebook/index",
    "codebook/power",
    "codebook/stages-and-response",
    "evidence/passages",
)
PAGES += ("claims/index", "claims/model", "data/index", "data/dictionary", "data/coding-log")
CODING_LOG_PAGE = "data/coding-log.html"


@cache
def page(site: Path, name: str) -> Any:
    return lxml.html.parse(str(site / name)).getroot()


def below(site: Path, address: str) -> list[Any]:
    """Return what stands on a page below a heading, up to the next one that has an id."""
    name, _, identifier = address.partition("#")
    if name == permalinks.CLAIMS and re.fullmatch(r"C[0-9]+", identifier):
        name = verdicts_in_full.PLACE  # the list loads what a claim shows when it is opened
    (heading,) = page(site, name).xpath(f"//*[@id='{identifier}']")
    found = []
    for element in heading.itersiblings():
        if re.fullmatch("h[1-6]", element.tag) and element.get("id"):
            break
        found.append(element)
    return found


def said(site: Path, address: str) -> str:
    return " ".join(" ".join(element.text_content() for element in below(site, address)).split())


@cache
def leads_to(site: Path, address: str) -> set[str]:
    """Return the places on the site to which links below a heading lead."""
    folder = posixpath.dirname(address.partition("#")[0])
    found = set()
    for element in below(site, address):
        for link in element.iterlinks():
            there = urlsplit(link[2])
            if not there.scheme:
                place = posixpath.normpath(posixpath.join(folder, there.path)) if there.path else address.split("#")[0]
                found.add(f"{place}#{there.fragment}" if there.fragment else place)
    return found


def both_ways(study: Evidence, site: Path, pairs: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of names, of which there has to be one, that are not linked in both ways."""
    links = {name: leads_to(site, at) for name, at in permalinks.addresses(study).items()}
    wanted = list(pairs)
    assert wanted
    at = permalinks.addresses(study)
    return [(one, other) for one, other in wanted if at[other] not in links[one] or at[one] not in links[other]]


def test_passages_and_the_claims_they_bear_on_lead_to_each_other(study: Evidence, site: Path) -> None:
    links = study.claim_evidence
    assert not both_ways(study, site, zip(links["claim_id"], links["extract_id"], strict=True))


def test_passages_and_the_claims_whose_verdict_counts_them_lead_to_each_other(study: Evidence, site: Path) -> None:
    sides = ((claim, (*found.passages, *found.against)) for claim, found in claims.find(study).items())
    assert not both_ways(study, site, ((claim, extract) for claim, extracts in sides for extract in extracts))


def test_passages_and_every_code_that_anybody_gave_them_lead_to_each_other(study: Evidence, site: Path) -> None:
    assert not both_ways(study, site, zip(study.codings["extract_id"], study.codings["code_id"], strict=True))


def test_codes_and_the_codes_above_them_lead_to_each_other(study: Evidence, site: Path) -> None:
    nested = study.codes[study.codes["parent_id"] != ""]
    assert not both_ways(study, site, zip(nested["code_id"], nested["parent_id"], strict=True))


def test_claims_and_the_codes_that_their_checks_name_lead_to_each_other(study: Evidence, site: Path) -> None:
    named = ((claim, code) for claim, codes in ledger.codes_named(study).items() for code in codes)
    assert not both_ways(study, site, named)


def test_claims_and_the_steps_of_the_model_lead_to_each_other(study: Evidence, site: Path) -> None:
    at = permalinks.addresses(study)
    table = leads_to(site, f"{permalinks.MODEL}#steps")
    for source, target, claim in study.model[["source", "target", "claim_id"]].to_numpy().tolist():
        assert f"{permalinks.MODEL}#{step_id(source, target)}" in leads_to(site, at[claim])
        assert {at[claim], at[source], at[target]} <= table
    for side in ("extracts", "against"):
        for step in article_model.steps(study)[side]:
            assert {at[extract] for extract in step} <= table


def test_every_code_stands_with_its_rule_on_its_page_and_is_in_the_tree_and_to_be_looked_up(
    study: Evidence, site: Path
) -> None:
    tree = {place for facet in study.facets["facet"] for place in leads_to(site, f"codebook/index.html#tree-{facet}")}
    looked_up = leads_to(site, "codebook/index.html#what-counts-as")
    for code in study.codes.to_dict("records"):
        at = permalinks.address(study, code["code_id"])
        for part in codebook.RULES:
            assert code[part] in said(site, at)
        assert at in tree & looked_up


def test_an_example_is_a_clear_case_or_is_said_to_be_none(study: Evidence, site: Path) -> None:
    contested = study.record[study.record["role"] == "alternative"]
    (table,) = page(site, "codebook/index.html").xpath("//h2[@id='what-counts-as']/following::table")
    examples = [cell.text_content() for cell in table.xpath("tbody/tr/td[2]")]
    doubted = []
    for code, example in zip(study.codes.to_dict("records"), examples, strict=True):
        extract = example[: len("T01")]
        other = contested[(contested["facet"] == code["facet"]) & (contested["extract_id"] == extract)]
        if not other.empty or extract in code["boundary"]:
            assert example == f"{extract}, no clear case"
            doubted.append(code["code_id"])
    assert 0 < len(doubted) < len(examples)


def test_counts_of_power_codes_are_those_of_the_derived_table(study: Evidence, site: Path) -> None:
    counted = derived.coding_structure(study)
    shown = {"supports": "supporting", "counters": "against", "context": "context"}
    for (code, stance), units in counted.groupby(["code_id", "stance"], sort=False):
        figures = [
            formatting.count_with_range(*cell)
            for cell in units.set_index("unit")
            .loc[list(codebook.UNITS), ["count", "lowest", "highest"]]
            .to_numpy()
            .tolist()
        ]
        if stance == "supports" or units["highest"].any():
            assert " ".join([shown[stance], *figures]) in _rows(site, permalinks.address(study, code))


def test_counts_of_stages_are_given_on_wording_alone_and_with_lead_ins(study: Evidence, site: Path) -> None:
    for basis, name in (("wording", "on wording alone"), ("lead-in", "with lead-ins")):
        table = derived.stage_by_power(study)
        table = table[(table["basis"] == basis) & (table["level"] == "dimension") & (table["power"] == "all")]
        for stage in code_tree.names(study.codes, "stage"):
            cells = table[table["stage"] == stage].set_index("unit").loc[list(codebook.UNITS)]
            figures = [
                formatting.count_with_range(*c) for c in cells[["count", "lowest", "highest"]].to_numpy().tolist()
            ]
            expected = " ".join([f"supporting, {name}", *figures])
            assert expected in _rows(site, permalinks.address(study, stage))


def _rows(site: Path, address: str) -> list[str]:
    return [" ".join(" ".join(row.itertext()).split()) for part in below(site, address) for row in part.iter("tr")]


def test_passages_come_in_the_order_of_the_article_and_never_by_who_said_them(study: Evidence, site: Path) -> None:
    heads = [head.get("id") for head in page(site, permalinks.PASSAGES).iter("h3")]
    assert heads == list(study.extracts["extract_id"])
    for passage in study.extracts.to_dict("records"):
        told = said(site, permalinks.address(study, passage["extract_id"]))
        assert passage["gist"] in told
        own = study.sources.set_index("source_id").at[passage["source_id"], "label"]
        assert f" {own!s}" in told


def test_no_page_but_that_of_the_passages_names_an_interviewee(study: Evidence, site: Path) -> None:
    spoken = study.sources[study.sources["kind"] == "interviewee"]
    named = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in (*spoken["label"], *spoken["source_id"])))
    for name in PAGES:
        if f"{name}.html" != permalinks.PASSAGES:
            (content,) = page(site, f"{name}.html").iter("article")
            assert not named.findall(content.text_content())


def test_every_coding_stands_with_coder_kind_and_reason_under_its_passage(study: Evidence, site: Path) -> None:
    kinds = study.coders.set_index("coder_id")["kind"].str.replace("-", " ")
    names = study.codes.set_index("code_id")["name"]
    for coding in study.codings.to_dict("records"):
        told = said(site, permalinks.address(study, coding["extract_id"]))
        code = f"{'' if coding['role'] == 'primary' else 'or '}{names[coding['code_id']]}"
        how = f"{code} {coding['stance']}, basis: {coding['basis']}"
        whose = f"by {coding['coder_id']} ({kinds[coding['coder_id']]}): {' '.join(coding['rationale'].split())}"
        assert f"{how}; {whose}" in told


def test_every_claim_has_its_verdict_what_was_counted_and_what_it_rests_on(study: Evidence, site: Path) -> None:
    units = claims.verdicts(study).set_index("claim_id")
    for claim in study.claims.to_dict("records"):
        told = said(site, permalinks.address(study, claim["claim_id"]))
        found = units.loc[claim["claim_id"]]
        assert f"{claims.find(study)[claim['claim_id']].label} {found['summary']}" in told
        assert claim["quantity"] in told
        if found["passages"] and found["verdict"] not in claims.NOT_COMPUTED:
            expected = (
                f"{formatting.counted(found['passages'], 'passage')}, "
                f"{formatting.counted(found['statements'], 'distinct statement')} and "
                f"{formatting.counted(found['interviewees'], 'interviewee')}"
            )
            assert expected in told


def test_every_figure_of_a_pattern_stands_under_its_claim(study: Evidence, site: Path) -> None:
    for claim, found in claims.find(study).items():
        rows = _rows(site, permalinks.address(study, claim))
        for pattern in found.patterns:
            figures = (
                f"{pattern.unit}s, {opened_claim.BASES[pattern.basis]} {formatting.signed(pattern.of_record)} "
                f"{formatting.signed(pattern.lowest)} to {formatting.signed(pattern.highest)} {formatting.portion(pattern.share)}"
            )
            assert figures in rows
            turning = said(site, permalinks.address(study, claim)).partition("read otherwise:")[2]
            assert all(extract in turning for extract in pattern.tipping or ())


def test_passages_that_were_counted_are_listed_with_their_side_of_the_comparison(study: Evidence, site: Path) -> None:
    names = {facet: code_tree.names(study.codes, facet) for facet in ("power", "stage")}
    cells = {
        facet: study.record.query("facet == @facet and role == 'primary'").set_index("extract_id")["code_id"]
        for facet in names
    }
    kinds = code_tree.rolled_up(study.codes, "power", "dimension")
    told = said(site, permalinks.address(study, "C71"))
    found, (_, after) = claims.find(study)["C71"], told.split("For it ")
    sides = dict(
        zip(("for", "against"), after.split("Could also be read this way")[0].split("Against it ")[-2:], strict=True)
    )
    assert len(found.passages) > len(found.against) > 0
    for side, extracts in (("for", found.passages), ("against", found.against)):
        for extract in extracts:
            power, stage = names["power"][kinds[cells["power"][extract]]], names["stage"][cells["stage"][extract]]
            assert f"{extract} {power}, {stage}" in sides[side]


def test_every_verdict_that_depends_on_the_reading_has_its_share_beside_it(study: Evidence, site: Path) -> None:
    """The first page said of C71 that it depends on the reading, and not in which share of readings it holds."""
    depends = {found.share for found in claims.find(study).values() if found.verdict == claims.DEPENDS}
    for name in (verdicts_in_full.PLACE, "codebook/power.html"):
        shown = page(site, name).xpath("//span[@class='verdict']")
        behind = [one.tail for one in shown if claims.DEPENDS in one.text_content()]
        assert behind, name
        for tail in behind:
            assert any(tail.startswith(f" (share of readings in which it holds: {share})") for share in depends), name
    lines = page(site, permalinks.CLAIMS).xpath("//summary/span[@class='found']")
    shares = [line.text_content().split("holds in")[1] for line in lines if claims.DEPENDS in line.text_content()]
    assert {" ".join(share.split()) for share in shares} == {f"{share} of readings)" for share in depends}


def test_what_is_silent_or_fails_is_said_fairly_and_can_be_answered(study: Evidence, site: Path) -> None:
    for claim, found in claims.find(study).items():
        answer = f"{permalinks.CLAIMS}#respond" in leads_to(site, permalinks.address(study, claim))
        assert answer, "every claim can be disputed"
        caution = opened_claim.CAUTIONS.get(found.verdict, "")
        assert caution in said(site, permalinks.address(study, claim))
    silent = next(claim for claim, found in claims.find(study).items() if found.verdict == claims.NO_PASSAGE)
    assert "does not speak against the claim" in said(site, permalinks.address(study, silent))
    assert "published in full" in said(site, f"{permalinks.CLAIMS}#respond")


def test_the_commands_that_run_all_of_it_are_those_that_the_checks_take_from_readme(site: Path) -> None:
    script = (paths.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (taken,) = re.findall(r"commands=\$\((awk .*? README\.md)\)", script)
    lines = subprocess.run(["bash", "-c", taken], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    assert lines.strip()
    for line in lines.splitlines():
        assert line in said(site, "methods/integrity.html#run")


def test_a_readme_without_commands_stops_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    door = tmp_path / "README.md"
    door.write_text("# Door\n\n```sh\nnox\n```\n", encoding="utf-8")
    monkeypatch.setattr(markdown_excerpts, "TOP_README", door)
    with pytest.raises(SiteError, match="no block of commands"):
        markdown_excerpts.commands()


def test_every_verdict_has_a_meaning_and_a_shape_that_says_how_it_was_judged(site: Path) -> None:
    judged = [ledger.SHAPES[verdict] for verdict in claims.VERDICTS if verdict not in claims.NOT_COMPUTED]
    assert len({*judged}) == len(judged)
    (dash,) = {ledger.SHAPES[verdict] for verdict in claims.NOT_COMPUTED}
    assert dash not in judged
    meanings = said(site, f"{permalinks.CLAIMS}#what-a-verdict-says")
    assert all(verdict in meanings for verdict in claims.VERDICTS)


def test_readers_differences_stand_on_the_page_of_their_facet(study: Evidence, site: Path) -> None:
    for facet, place in (("stage", "readers"), ("response", "response-readers")):
        told = said(site, f"codebook/stages-and-response.html#{place}")
        table = coders.side_by_side(study, facet)
        for extract in table.loc[~table["same_primary"], "extract_id"]:
            assert f"{extract}, reader-a" in told
        given = set(study.codings.loc[study.codings["facet"] == facet, "coder_id"])
        for coder, description in study.coders[["coder_id", "description"]].to_numpy().tolist():
            assert (description in told) == (coder in given)


def test_what_was_settled_against_the_readers_is_named(study: Evidence, site: Path) -> None:
    """The coding log tells of the passage in words; the page finds it in the rows."""
    log = markdown_excerpts.CODING_LOG.read_text(encoding="utf-8")
    assert re.search(r"\| F11, F12 \| stage \|.*an even split", log)
    told = said(site, "codebook/stages-and-response.html#readers")
    assert "Settled against most readers: none. Split evenly: F11, F12 and F27." in told
    assert permalinks.address(study, "F12") in leads_to(site, "codebook/stages-and-response.html#readers")


def test_the_coding_log_is_whole_and_its_sections_rules_and_passages_can_be_linked_to(
    study: Evidence, site: Path
) -> None:
    log = markdown_excerpts.CODING_LOG.read_text(encoding="utf-8")
    ids = set(page(site, CODING_LOG_PAGE).xpath("//@id"))
    assert {f"section-{n}" for n in re.findall(r"^## (\d+)\.", log, re.M)} <= ids
    assert {f"rule-{n}" for n in re.findall(r"^(\d+)\. \*\*", log, re.M)} <= ids
    named = {key for key in re.findall(r"\b[TF]\d\d\b", log) if key in permalinks.addresses(study)}
    assert {permalinks.address(study, key) for key in named} <= _all_links(site, CODING_LOG_PAGE)
    (content,) = page(site, CODING_LOG_PAGE).iter("article")
    words = set(re.findall(r"\w+", content.text_content()))
    marks = r"^(\|[-|]+\||\d+\.)"  # of tables and of lists
    assert set(re.findall(r"\w+", re.sub(marks, "", log, flags=re.M))) <= words


def _all_links(site: Path, name: str) -> set[str]:
    folder = posixpath.dirname(name)
    return {
        posixpath.normpath(posixpath.join(folder, target)) for _, _, target, _ in page(site, name).iterlinks() if target
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_to_something(site: Path, name: str) -> None:
    address = f"{name}.html"
    broken = []
    for _, _, target, _ in page(site, address).iterlinks():
        there = urlsplit(target)
        if there.scheme or there.netloc:
            continue
        place = posixpath.normpath(
            posixpath.join(posixpath.dirname(address), unquote(there.path) or Path(address).name)
        )
        is_there = (site / place).is_file()
        if not is_there or (there.fragment and there.fragment not in page(site, place).xpath("//@id")):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("name", PAGES)
def test_no_figure_is_typed_by_hand(name: str) -> None:
    text = (paths.ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8").removeprefix("---")
    text = re.sub(r"\A.*?\n---\n", "", text, flags=re.S) if name != "data/coding-log" else text
    text = re.sub(r"\{\{.*?\}\}|\]\([^)]*\)|\{:.*?\}", "", text)
    allowed = (
        r"\[2024\]?", r"Table \d", r"Figure \d", r"CC BY 4\.0", r"UTF-8", r"one (chart|archive|header row|sentence)",
        r"two (clicks|commands)", "where two would do", r"the one that", "is not one", "four parts", "three (units|questions)",
        r"one of these points", r"\bone of \b", r"count once", r"one verdict", "The two readers", "two people",
        r"one by one", r"(more than|in) one (way|stage)", r"any one of", r"One command",
    )  # fmt: skip
    assert not prose.typed(text, allowed)


def test_keys_in_prose_become_links_and_what_only_looks_like_one_does_not(study: Evidence) -> None:
    names = Names(study, "codebook/power.html")
    assert names.within("F14 & F99") == '<a href="../evidence/passages.html#F14">F14</a> &amp; F99'
    assert names.within("T") == "T"


# --- bad input


@pytest.fixture
def refused(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Build the site from the spoiled package and pages over an earlier one; return why it was refused."""
    original = loading.load
    monkeypatch.setattr(loading, "load", lambda: original(package))
    earlier = tmp_path / "site"
    earlier.mkdir()
    (earlier / "index.html").write_text("an earlier site", encoding="utf-8")

    def build() -> str:
        with pytest.raises((SiteError, evidence.EvidenceError)) as refusal:
            mkdocs_build.build(earlier)
        assert [file.read_text(encoding="utf-8") for file in earlier.rglob("*")] == ["an earlier site"]
        return str(refusal.value)

    return build


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pages that a test may spoil, with settings that build them; nothing is made beside them."""
    shutil.copytree(paths.ROOT / "docs", tmp_path / "docs")
    shutil.copy(mkdocs_build.SETTINGS, tmp_path / "mkdocs.yml")
    (tmp_path / "analysis").symlink_to(paths.ROOT / "analysis")
    monkeypatch.setattr(mkdocs_build, "SETTINGS", tmp_path / "mkdocs.yml")
    for made in ("files", "beside", "of_documents"):
        monkeypatch.setattr(generated_files, made, lambda *_: {})
    return tmp_path / "docs"


def test_a_code_without_definition_stops_the_build(edit: Edit, refused: Callable[[], str]) -> None:
    definition = '"A rule, body or procedure, set up by others, lets service users take part or be heard."'
    edit("codes", lambda text: text.replace(definition, "").replace(definition.strip('"'), ""))
    message = refused()
    assert "evidence/codes.csv, row 2, field definition" in message
    assert "not empty" in message


def row_of(study: Evidence, claim: str) -> int:
    return study.claims["claim_id"].tolist().index(claim) + 2  # the header is row 1


def test_a_claim_at_no_passage_stops_the_build(study: Evidence, edit: Edit, refused: Callable[[], str]) -> None:
    edit("claim_evidence", lambda text: re.sub(r"^C37,.*\n", "", text, flags=re.M))
    message = refused()
    place = f"data/evidence/claims.csv, row {row_of(study, 'C37')}, field claim_id"
    assert f"{place}: no passage is linked to this claim (found 'C37')" in message
    assert "claim_evidence.csv" in message


def test_a_facet_that_no_page_shows_stops_the_build(study: Evidence, tmp_path: Path) -> None:
    shown = {"power": ["power"], "stages-and-response": ["stage"]}
    for name, facets in shown.items():
        page = tmp_path / "codebook" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text("".join(f'{{{{ codes_of("{facet}") }}}}' for facet in facets), encoding="utf-8")
    with pytest.raises(SiteError) as refusal:
        completeness.check(study, tmp_path)
    message = str(refusal.value)
    assert "data/evidence/facets.csv, row 4, field facet: the codebook does not show the codes of this facet" in message
    assert "codebook/stages-and-response.md by the macro codes_of" in message


def test_a_claim_of_a_section_that_the_article_lacks_stops_the_build(
    study: Evidence, edit: Edit, refused: Callable[[], str]
) -> None:
    edit("claims", lambda text: text.replace("C90,6,", "C90,7,"))
    place = f"data/evidence/claims.csv, row {row_of(study, 'C90')}, field section"
    assert f"{place}: the article has no such section (found '7')" in refused()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ('link("F99")', "no passage, claim or code 'F99'"),
        ('reported("median")', "no number or example 'median'"),
        ('reported("observed")', "'observed' was asked of []"),
        ('reported("observed", "moods")', "'moods'"),
    ],
)
def test_a_name_that_nothing_has_stops_the_build_and_is_told_with_page_and_line(
    pages: Path, refused: Callable[[], str], asked: str, told: str
) -> None:
    home = pages / "index.md"
    lines = home.read_text(encoding="utf-8").splitlines()
    place = lines.index("---", 1) + 1
    home.write_text("\n".join([*lines[:place], f"{{{{ {asked} }}}}", *lines[place:]]), encoding="utf-8")
    message = refused()
    assert told in message
    assert f"docs/index.md, line {place + 1}: " in message


def test_a_verdict_that_the_data_do_not_explain_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = markdown_excerpts.README.read_text(encoding="utf-8")
    (tmp_path / "README.md").write_text(text.replace("| restated |", "| told again |"), encoding="utf-8")
    monkeypatch.setattr(markdown_excerpts, "README", tmp_path / "README.md")
    with pytest.raises(SiteError, match="does not explain the verdict 'restated'"):
        ledger.verdict_meanings()
