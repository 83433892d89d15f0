"""Coding by oneself in a real browser: the round, its numbers, its file, a class, and what a browser may have kept."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import browser
import numpy as np
import pandas as pd
import pytest
from example_counts import some
from studies import described

from analysis import agreement
from analysis.site.pages import code_it_yourself
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import classroom, learners

KEY = "power-in-co-production: code it yourself"
MEASURES = ("percent-agreement", "cohen-kappa")
Codes = Mapping[str, str]
Use = Callable[..., Any]


@pytest.fixture
def use(chromium: browser.Browser, site: Path) -> Use:
    """Open the page and return what a task makes of it; whatever the console says fails the test."""
    page = site / "evidence" / "code-it-yourself.html"

    def soon(task: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda page: (page.set_default_timeout(5000), task(page))[1]

    return lambda task, **given: chromium.use(page.as_uri(), soon(task), site.as_uri(), **given)


def begin(page: Any, facets: str = "stage", size: int = 10, seed: int = 1, pseudonym: str = "robin") -> None:
    page.fill("#coding-pseudonym", pseudonym)
    page.select_option("#coding-facets", facets)
    page.select_option("#coding-size", str(size))
    page.fill("#coding-seed", str(seed))
    page.click("text=Begin")


#: What `code` does by clicks, in one go.
CODE = """choices => { for (const given of choices) {
    for (const [facet, chosen] of Object.entries(given)) document.querySelector(`input[name=${facet}][value=${chosen}]`).click();
    document.querySelector(Object.keys(given).length ? "#coding-passage-form [type=submit]" : "#coding-skip").click();
} }"""


def code(page: Any, choices: Sequence[Mapping[str, str]]) -> None:
    """Give each passage in turn its codes; none of them leaves it uncoded."""
    page.evaluate(CODE, choices)


def finish(page: Any) -> None:
    page.click("#coding-compare")


def tops(study: Evidence, facet: str) -> list[str]:
    return code_tree.codes_at(study.codes, facet, code_tree.levels(study.codes, facet)[0])


def drawn(study: Evidence, seed: int, size: int, facets: Sequence[str]) -> list[dict[str, str]]:
    chance = np.random.default_rng(seed)
    return [{facet: str(chance.choice(tops(study, facet))) for facet in facets} for _ in range(size)]


def downloaded(page: Any, click: str) -> str:
    with page.expect_download() as told:
        page.click(click)
    return str(Path(told.value.path()).read_text(encoding="utf-8"))


def values(section: Any) -> list[float]:
    return [float(one.get_attribute("value")) for one in section.locator("data").all()]


def measured(table: pd.DataFrame, study: Evidence, facet: str) -> pd.DataFrame:
    return classroom.agreed(table, study, facet, names=MEASURES)


# --- agreement


def codings_of_two(seed: int) -> tuple[dict[str, str], dict[str, str]]:
    """Draw codings of two coders: from all codes or from few, with passages that one of them or both left out."""
    chance = np.random.default_rng(seed)
    codes = ["w", "x", "y", "z"][: chance.integers(1, 5)]
    share = chance.choice([0.1, 0.5, 1.0])
    units = [f"U{n}" for n in range(chance.integers(1, 31))]
    first, second = ({u: str(chance.choice(codes)) for u in units if chance.random() < share} for _ in range(2))
    return first, second


def test_agreement_in_the_browser_is_that_of_the_analysis(use: Use) -> None:
    pairs = [codings_of_two(seed) for seed in range(150)]
    found = use(
        lambda page: page.evaluate(
            "pairs => pairs.map(pair => compendium.agreement.ofTwo(...pair.map(codes => new Map(Object.entries(codes)))))",
            pairs,
        )
    )
    undefined = 0
    for (first, second), seen in zip(pairs, found, strict=True):
        table = pd.DataFrame({"first": pd.Series(first, dtype=object), "second": pd.Series(second, dtype=object)})
        ratings = agreement.from_table(table, codes=["w", "x", "y", "z"])
        for name, told in (("percent-agreement", seen["percent"]), ("cohen-kappa", seen["kappa"])):
            expected = agreement.estimate(ratings, name)
            if expected.value is None:
                undefined += 1
                assert (told["value"], told["reason"]) == (None, expected.reason)
            else:
                assert told["value"] == pytest.approx(expected.value, abs=1e-12)
        assert seen["paired"] == expected.paired
    assert 0 < undefined < len(pairs)  # both kinds were drawn


# --- the round


ROUNDS = [("stage power", 20, 5), ("power", 10, 0), ("stage", 41, 7)]


def test_a_round_agrees_with_the_record_as_the_analysis_says(use: Use, study: Evidence, tmp_path: Path) -> None:
    def one_round(page: Any, facets: str, size: int, seed: int) -> None:
        choices = drawn(study, seed, size, facets.split())
        choices[3] = {}
        begin(page, facets, size, seed)
        code(page, choices)
        assert "1 left without a code" in page.inner_text("#coding-ready-text")
        finish(page)
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "robin.csv").write_text(downloaded(page, "#coding-download"), encoding="utf-8")
        found = classroom.read(folder, study)
        assert classroom.problems(found) == []
        for facet in facets.split():
            table = classroom.side_by_side(found.learners, study, facet, record=True)
            assert len(table) == size - 1
            section = page.locator(f"#coding-results [data-facet={facet}]")
            expected = measured(table, study, facet)["value"].tolist()
            assert values(section) == pytest.approx(expected, abs=1e-12)
            assert confusion(section) == crossed(table, study, facet)
            differing = [one for one, row in table.iterrows() if row["robin"] != row[classroom.RECORD]]
            shown = section.locator(".difference").all()
            assert [one.get_attribute("data-passage") for one in shown] == differing
            allowed = [one.get_attribute("data-passage") for one in shown if one.locator(".allowed").count()]
            assert allowed == [
                one for one in differing if table.at[one, "robin"] in allowed_by_record(study, facet, one)
            ]
            counts = section.locator("table").first.locator("td").all_inner_texts()[:4]
            sizes = (len(table), len(table) - len(differing), len(allowed), len(differing) - len(allowed))
            assert counts == [str(size) for size in sizes]
            assert (
                section.locator("a.in-explorer").get_attribute("href") == f"index.html?passages={','.join(differing)}"
            )

    def task(page: Any) -> None:
        for given in ROUNDS:
            one_round(page, *given)
            page.click("#coding-again")

    use(task)


def test_what_differs_from_the_record_is_shown_in_the_explorer(use: Use) -> None:
    def task(page: Any) -> None:
        begin(page)
        code(page, [{"stage": "dissemination"}] * 10)
        finish(page)
        differing = [one.get_attribute("data-passage") for one in page.locator(".difference").all()]
        page.click("a.in-explorer")
        page.wait_for_selector("#explorer-chips [data-field=passages]")
        shown = page.locator("#explorer-list > li").all()
        assert sorted(one.get_attribute("id") for one in shown) == sorted(f"row-{one}" for one in differing)
        assert page.is_hidden("#explorer-notice")
        page.click("text=Code them yourself")
        page.wait_for_selector("#coding-compared")

    use(task)


def confusion(section: Any) -> list[list[int]]:
    rows = section.locator("table").nth(1).locator("tbody tr").all()
    return [[int(cell) for cell in row.locator("td").all_inner_texts()] for row in rows]


def crossed(table: pd.DataFrame, study: Evidence, facet: str) -> list[list[int]]:
    ratings = agreement.from_table(table, codes=tops(study, facet))
    found: list[list[int]] = agreement.confusion(ratings, "robin", classroom.RECORD).to_numpy().tolist()
    return found


def allowed_by_record(study: Evidence, facet: str, extract: str) -> set[str | None]:
    rows = study.record[(study.record["facet"] == facet) & (study.record["extract_id"] == extract)]
    up = code_tree.rolled_up(study.codes, facet, code_tree.levels(study.codes, facet)[0])
    return {up[one] for one in rows.loc[rows["role"] == "alternative", "code_id"]}


def test_the_file_has_the_shape_of_the_table_of_codings(use: Use, study: Evidence) -> None:
    def task(page: Any) -> str:
        begin(page, "stage power", pseudonym="Zoë-1")
        assert page.get_by_label("Why this code?").is_visible()
        page.fill("#coding-reason", 'Because of "plans", and\nmore')
        code(page, drawn(study, 2, 10, ["stage", "power"]))
        finish(page)
        return downloaded(page, "#coding-download")

    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(use(task), newline="")))
    fields = next(one for one in described(paths.DATA)["resources"] if one["name"] == "codings")["schema"]["fields"]
    assert list(rows[0]) == [field["name"] for field in fields]
    assert len(rows) == 20
    for field in fields:
        given = {row[field["name"]] for row in rows}
        assert "" not in given
        assert given <= set(field["constraints"].get("enum", given))
    assert {row["coder_id"] for row in rows} == {"Zoë-1"}
    assert 'Because of "plans", and\nmore' in {row["rationale"] for row in rows}


def test_while_coding_nothing_shown_tells_the_code(use: Use, study: Evidence) -> None:
    def task(page: Any) -> list[str]:
        begin(page, "stage power", size=41)
        seen, gists = [], []
        for given in drawn(study, 3, 41, ["stage", "power"]):
            gists.append(page.inner_text("#coding-gist"))
            page.evaluate("for (const rule of document.querySelectorAll('#coding details')) rule.open = true")
            seen.append(page.inner_text("#coding-passage"))
            code(page, [given])
        assert sorted(gists) == sorted(study.extracts["blind_gist"])
        return seen

    seen = use(task)
    assert len(set(seen)) == 41
    for text in seen:
        assert not [one for one in study.extracts["extract_id"] if one in text]


def test_boundary_cases_are_there_unless_they_name_a_passage_of_the_sample(use: Use, study: Evidence) -> None:
    def task(page: Any) -> tuple[list[str], list[list[str]]]:
        begin(page, "power", size=10, seed=3)
        shown = page.locator("#coding-passage [data-names]:not([hidden])").all()
        sample = page.evaluate(
            "compendium.progress.shuffled(Object.keys(compendium.dataOf('coding-material').passages), 3)"
        )
        return sample[:10], [one.get_attribute("data-names").split() for one in shown]

    sample, shown = use(task)
    telling = [names for names in practice_names(study) if set(names) & set(sample)]
    assert telling  # this sample has such a passage
    assert shown == [names for names in practice_names(study) if names not in telling]


def practice_names(study: Evidence) -> list[list[str]]:
    rules = study.codes.set_index("code_id")["boundary"]
    found = [[one for one in study.extracts["extract_id"] if one in rules[code]] for code in tops(study, "power")]
    return [names for names in found if names]


def test_the_number_of_the_sample_decides_its_passages_and_their_order(use: Use, study: Evidence) -> None:
    ids = study.extracts["extract_id"].tolist()
    orders = use(
        lambda page: page.evaluate(
            "ids => [1, 1, 2, 4294967295].map(seed => compendium.progress.shuffled(ids, seed))", ids
        )
    )
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in [ids, *orders]}) == 4
    assert all(sorted(order) == sorted(ids) for order in orders)


def test_a_shuffle_gives_each_place_alike(use: Use) -> None:
    counts = use(
        lambda page: page.evaluate(
            """() => { const counts = [0, 0, 0, 0];
            for (let seed = 0; seed < 8000; seed += 1) counts[compendium.progress.shuffled([0, 1, 2, 3], seed).indexOf(0)] += 1;
            return counts; }"""
        )
    )
    assert all(1850 < count < 2150 for count in counts)  # 2000 ± 4 standard deviations


def test_a_reader_goes_back_and_stops_early(use: Use) -> None:
    def task(page: Any) -> None:
        begin(page)
        code(page, [{"stage": "initiation"}, {"stage": "dissemination"}])
        page.click("text=Back")
        assert page.is_checked("input[value=dissemination]")
        page.check("input[value=not-stated]")
        page.click("text=Stop here")
        assert "two passages" in page.inner_text("#coding-ready-text")
        page.click("#coding-next-open")
        assert page.inner_text("#coding-heading") == "Passage 3 of 10"
        page.click("text=Stop here")
        finish(page)
        assert page.locator("#coding-results table").first.locator("td").first.inner_text() == "2"

    use(task)


def test_codes_can_be_handed_in_before_the_record_is_seen(use: Use, study: Evidence, tmp_path: Path) -> None:
    def task(page: Any) -> None:
        begin(page, seed=7)
        page.click("text=Stop here")
        assert page.is_disabled("#coding-hand-in")
        page.click("#coding-next-open")
        code(page, [{"stage": "initiation"}])
        page.click("text=Stop here")
        (tmp_path / "robin.csv").write_text(downloaded(page, "#coding-hand-in"), encoding="utf-8")
        assert len(classroom.read(tmp_path, study).learners[0].codings) == 1
        assert page.is_visible("#coding-ready")
        assert not page.is_visible("#coding-compared")

    use(task)


def test_each_passage_is_brought_to_the_top_of_the_window(use: Use) -> None:
    place = "[document.querySelector('.md-header'), document.getElementById('coding-heading')]"

    def task(page: Any) -> None:
        begin(page)
        for width in (1440, 1440, 390, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.check("input[value=initiation]")
            page.click("text=Next")
            header, heading = page.evaluate(f"{place}.map(one => one.getBoundingClientRect())")
            assert header["bottom"] <= heading["top"] < 200, width

    use(task)


def test_a_difference_tells_each_reason_and_where_the_record_rests_on_what_was_not_shown(
    use: Use, study: Evidence
) -> None:
    def task(page: Any) -> None:
        begin(page, size=41)
        code(page, [{"stage": "initiation"}] * 41)
        finish(page)
        rows = study.record[study.record["facet"] == "stage"]
        gists = study.extracts.set_index("extract_id")["gist"]
        shown = page.locator("#coding-results .difference").all()
        assert len(shown) > 30
        unseen = set()
        for one in shown:
            passage = one.get_attribute("data-passage")
            assert one.locator("> p").first.inner_text() == gists[passage], "the plain one, once it is coded"
            reasons = one.locator("dd").last.locator("p").all_inner_texts()
            assert len(reasons) == (rows["extract_id"] == passage).sum()
            if one.locator(".unseen").count():
                unseen.add(passage)
        lead_in = rows[(rows["role"] == "primary") & (rows["basis"] == "lead-in")]
        assert unseen == set(lead_in["extract_id"])

    use(task)


def test_next_asks_for_a_code(use: Use) -> None:
    def task(page: Any) -> None:
        begin(page)
        page.click("text=Next")
        assert page.inner_text("#coding-heading") == "Passage 1 of 10"
        assert page.evaluate("!document.querySelector('input[name=stage]').validity.valid")

    use(task)


def test_the_round_can_be_gone_with_keys_only(use: Use) -> None:
    def task(page: Any) -> str:
        page.focus("#coding-pseudonym")
        page.keyboard.type("robin")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "coding-heading"
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.inner_text("#coding-heading") == "Passage 2 of 10"
        page.keyboard.press("3")  # not switched on
        assert not page.locator("input[name=stage]:checked").count()
        page.locator("#coding-keys").evaluate("box => { box.closest('details').open = true; box.focus() }")
        page.keyboard.press("Space")
        for place in range(2, 11):
            assert page.inner_text("#coding-heading") == f"Passage {place} of 10"
            page.keyboard.press("3")
            page.keyboard.press("Enter")
        page.focus("#coding-compare")
        page.keyboard.press("Enter")
        return downloaded(page, "#coding-download")

    assert use(task).count("stage,dissemination") == 9


@pytest.mark.parametrize("scheme", some(["light", "dark"], 1))
def test_every_step_is_accessible_and_no_wider_than_the_screen(
    use: Use, study: Evidence, tmp_path: Path, scheme: str
) -> None:
    def task(page: Any) -> None:
        def examine() -> None:
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                assert browser.violations(page, "article", browser.asked_in(scheme)) == [], width
                assert browser.too_wide(page) == 0, width

        begin(page, "stage power")
        examine()
        code(page, drawn(study, 4, 10, ["stage", "power"]))
        examine()
        finish(page)
        of_kim = downloaded(page, "#coding-download").replace("robin", "kim")
        (tmp_path / "kim.csv").write_text(of_kim, encoding="utf-8")
        page.set_input_files("#class-files", tmp_path / "kim.csv")
        page.locator("#class-results table").first.wait_for()
        examine()

    use(task, scheme=scheme)


# --- a class


def a_class(study: Evidence, folder: Path) -> None:
    """Write the files of three coders as they come: of the page, of a spreadsheet, and with finer codes."""
    ids = study.extracts["extract_id"].tolist()
    names = code_tree.names(study.codes, "stage")
    one, two, three = (drawn(study, seed, len(ids), ["stage", "power"]) for seed in (11, 12, 13))
    rows = [
        f"{i},ana,{facet},{code},primary,supports,wording,why"
        for i, c in zip(ids, one, strict=True)
        for facet, code in c.items()
    ]
    (folder / "ana.csv").write_text(
        "\n".join(["extract_id,coder_id,facet,code_id,role,stance,basis,rationale", *rows]), encoding="utf-8"
    )
    wide = [
        "extract_id;stage;power",
        *(f"{i.lower()};{names[c['stage']].upper()};{c['power']}" for i, c in zip(ids[:25], two, strict=False)),
    ]
    (folder / "ben.csv").write_text("\r\n".join(wide), encoding="utf-16")
    finer = {
        top: next(
            c for c, up in code_tree.rolled_up(study.codes, "power", "dimension").items() if up == top and c != top
        )
        for top in tops(study, "power")
    }
    rows = [f'{i},power,"{finer[c["power"]]}"' for i, c in zip(ids[5:], three, strict=False)]
    (folder / "eva.csv").write_text("\n".join(["extract_id,facet,code_id", *rows, ""]), encoding="utf-8-sig")


def test_a_class_of_three_compares_as_the_analysis_does(use: Use, study: Evidence, tmp_path: Path) -> None:
    a_class(study, tmp_path)
    found = classroom.read(tmp_path, study)
    assert classroom.problems(found) == []

    def task(page: Any) -> None:
        page.set_input_files("#class-files", sorted(tmp_path.iterdir()))
        page.locator("#class-results table").first.wait_for()
        assert page.inner_text("#class-said") == "Compared: three coders."
        assert not page.locator("#class-faults li").count()
        for facet, pairs in (("stage", ["ana and ben"]), ("power", ["ana and ben", "ana and eva", "ben and eva"])):
            section = page.locator(f"#class-results [data-facet={facet}]")
            tables = section.locator("table").all()
            assert tables[0].locator("tbody th").all_inner_texts() == pairs
            expected = []
            for pair in pairs:
                two = [one for one in found.learners if one.pseudonym in pair.split(" and ")]
                expected += measured(classroom.side_by_side(two, study, facet), study, facet)["value"].tolist()
            assert values(section) == pytest.approx(expected, abs=1e-12)
            told = classroom.by_passage(classroom.side_by_side(found.learners, study, facet), tops(study, facet))
            assert tables[1].locator("tbody th").all_inner_texts() == told.index.tolist()
            differing = told.index[told["share"] < 1]
            gists = study.extracts.set_index("extract_id")["gist"]
            said = [f"{passage} {gists[passage]}" for passage in differing]
            assert section.locator(".to-discuss li").all_inner_texts() == said

    use(task)


def handed_in(code: str, coder: str = "", number: str = "", facet: str = "stage") -> str:
    return f"extract_id,facet,code_id,coder_id,hand_in\nT01,{facet},{code},{coder},{number}\n"


A, B = "initiation", "dissemination"
#: Several files of one coder or of two: by name, their content.
SEVERAL: dict[str, dict[str, str]] = {
    "a number behind the name": {"robin.csv": handed_in(A), "robin-2.csv": handed_in(B)},
    "numbered pseudonyms": {"p-1.csv": handed_in(A), "p-2.csv": handed_in(B), "p-2 (1).csv": handed_in(A)},
    "a browser's second download": {"robin.csv": handed_in(A, "Robin"), "robin (1).csv": handed_in(B, "Robin")},
    "ten and nine": {"r.csv": handed_in(A), "r-9.csv": handed_in(A), "r-10.csv": handed_in(B)},
    "copies": {"robin.csv": handed_in(A), "Copy of robin.csv": handed_in(A), "robin - Kopie (2).csv": handed_in(A)},
    "letters": {"zo\u00eb.csv": handed_in(A), "Zoe\u0308 (1).csv": handed_in(B)},
    "numbers inside": {"a.csv": handed_in(A, "kim", "2"), "b.csv": handed_in(B, "kim", "10")},
    "two people": {"kim.csv": handed_in(A, "kim", "1"), "kim (1).csv": handed_in(B, "kim", "1")},
    "no order": {"Kim.csv": handed_in(A), "kim .csv": handed_in(B)},
    "a name that misleads": {"kim.csv": handed_in(A, "robin"), "robin.csv": handed_in(B, "kim")},
    "facets apart": {"kim.csv": handed_in(A, "kim"), "kim (1).csv": handed_in("resource", "kim", facet="power")},
}


def test_several_files_of_one_coder_count_as_in_the_analysis(use: Use, study: Evidence, tmp_path: Path) -> None:
    def task(page: Any) -> None:
        for place, files in enumerate(SEVERAL.values()):
            folder = tmp_path / str(place)
            folder.mkdir()
            for name, content in files.items():
                (folder / name).write_text(content, encoding="utf-8")
            everybody = classroom.read(folder, study)
            read = """async given => compendium.handIns.sortedOut(given.map(([file, text]) => (
                { file, ...compendium.codings.read(new TextEncoder().encode(text), compendium.dataOf("coding-material")) })))"""
            both = "found => ({ ...found, coders: found.coders.map(({ name, codes }) => "
            maps = "[name, Object.entries(codes).flatMap(([f, map]) => [...map].map(([p, c]) => [p, f, c]))]) })"
            found = page.evaluate(f"async given => ({both}{maps})(await ({read})(given))", list(files.items()))
            expected = [
                [one.pseudonym, one.codings[["extract_id", "facet", "code_id"]].to_numpy().tolist()]
                for one in everybody.learners
            ]
            assert [[name, sorted(codes)] for name, codes in found["coders"]] == [
                [name, sorted(codes)] for name, codes in expected
            ]
            assert len(found["clashes"]) == len(classroom.problems(everybody))
            assert len(found["notes"]) == len(everybody.notes)

    use(task)


def test_a_second_hand_in_is_no_coder_of_its_own_on_the_page(use: Use, tmp_path: Path) -> None:
    files = {
        "robin.csv": handed_in(A, "robin", "1"),
        "robin-2.csv": handed_in(B, "robin", "2"),
        "kim.csv": handed_in(B),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")

    def task(page: Any) -> None:
        page.set_input_files("#class-files", [tmp_path / name for name in files])
        page.locator("#class-results table").first.wait_for()
        assert page.inner_text("#class-said") == "Compared: two coders."
        assert page.locator("#class-faults li").all_inner_texts() == ["robin.csv: robin-2.csv counts in its place."]
        assert values(page.locator("#class-results [data-facet=stage]")) == [1.0]

    use(task)


BAD = {
    "empty.csv": b"",
    "book.csv": b"PK\x03\x04 and more",
    "columns.csv": b"passage,code\nT01,initiation\n",
    "header.csv": b"extract_id,facet,code_id\n",
    "unknown.csv": b"extract_id,facet,code_id\nT99,stage,initiation\nT01,constructor,initiation\nT02,stage,__proto__\n",
    "several.csv": b"extract_id,facet,code_id\nT01,stage,initiation\nT01,stage,dissemination\n",
    "two.csv": b"extract_id,coder_id,facet,code_id\nT01,ana,stage,initiation\nT02,ben,stage,initiation\n",
    "quotation.csv": b'extract_id,facet,code_id,why\nT01,stage,initiation,"so\nT02,stage,initiation,\n',
    "role.csv": b"extract_id,facet,code_id,role\nT01,stage,initiation,first\n",
    "noise.csv": bytes(range(256)),
}


def test_a_file_that_cannot_be_used_is_told(use: Use, study: Evidence, tmp_path: Path) -> None:
    for name, content in BAD.items():
        (tmp_path / name).write_bytes(content)
        assert not len(learners.read(tmp_path / name, study).codings)  # as the command has it

    def task(page: Any) -> None:
        for name in BAD:
            page.set_input_files("#class-files", tmp_path / name)
            page.wait_for_function(
                "name => document.querySelector('#class-faults li')?.textContent.startsWith(name)", arg=name
            )
            told = page.locator("#class-faults li").all_inner_texts()
            assert len(told) >= 2, name
            assert all(text.startswith(f"{name}: ") for text in told), name

    use(task)


def test_what_can_be_used_of_a_file_is(use: Use, study: Evidence, tmp_path: Path) -> None:
    (tmp_path / "kim.csv").write_text(
        "extract_id,facet,code_id\nT01,stage,initiation\nT02,stage,later\n", encoding="utf-8"
    )
    (tmp_path / "lee.csv").write_text("extract_id,stage\nT01,Initiation\nT02,\n", encoding="utf-8")

    def task(page: Any) -> None:
        page.set_input_files("#class-files", [tmp_path / "kim.csv", tmp_path / "lee.csv"])
        page.locator("#class-results table").first.wait_for()
        assert page.locator("#class-faults li").count() == len(classroom.problems(classroom.read(tmp_path, study))) == 1
        assert "not defined: 'initiation' is the only code given" in page.inner_text("#class-results")
        page.click("#class-clear")
        assert not page.locator("#class-results table").count()

    use(task)


# --- what a browser keeps


def test_a_round_is_gone_on_with_after_the_page_was_closed(use: Use) -> None:
    def task(page: Any) -> None:
        begin(page)
        code(page, [{"stage": "initiation"}])
        page.reload()
        page.click("text=Go on")
        assert page.inner_text("#coding-heading") == "Passage 2 of 10"
        assert page.inner_text("#coding-count") == "1 of 10 coded"
        page.click("text=Stop here")
        finish(page)
        page.reload()
        assert page.is_visible("#coding-results table")
        page.click("text=Start again")
        assert page.is_visible("#coding-begin-form")
        assert page.evaluate(f"localStorage.getItem({json.dumps(KEY)})") is None

    use(task)


def test_a_tab_that_fell_behind_does_not_write_over_what_another_tab_kept(use: Use) -> None:
    def task(page: Any) -> None:
        begin(page)
        code(page, [{"stage": "initiation"}])
        other = page.context.new_page()
        other.goto(page.url)
        other.click("text=Go on")
        code(other, [{"stage": "dissemination"}])
        page.click("text=Go on")
        assert page.inner_text("#coding-heading") == "Passage 3 of 10"
        assert page.inner_text("#coding-count") == "2 of 10 coded"
        other.evaluate("localStorage.clear()")
        page.wait_for_selector("#coding-begin-form")

    use(task)


def sound(study: Evidence) -> dict[str, Any]:
    made = {"version": 1, "edition": code_it_yourself.edition(study), "pseudonym": "robin"}
    return made | {"facets": ["stage"], "size": 10, "seed": 1, "place": 0, "closed": False, "codes": {}, "reasons": {}}


SPOILED: dict[str, Callable[[dict[str, Any]], str]] = {
    "no JSON": lambda _: "{half",
    "nothing": lambda _: "null",
    "another version": lambda made: json.dumps(made | {"version": 0}),
    "another edition": lambda made: json.dumps(made | {"edition": "earlier"}),
    "an unknown passage": lambda made: json.dumps(made | {"codes": {"T99": {"stage": "initiation"}}}),
    "an unknown code": lambda made: json.dumps(made | {"codes": {"T01": {"stage": "toString"}}}),
    "a place beyond": lambda made: json.dumps(made | {"place": 11}),
    "no facets": lambda made: json.dumps(made | {"facets": []}),
    "codes as a list": lambda made: json.dumps(made | {"codes": []}),
    "a wrong pseudonym": lambda made: json.dumps(made | {"pseudonym": "../robin"}),
}


def test_a_stored_round_that_cannot_be_used_is_told_and_kept_until_the_reader_decides(
    use: Use, study: Evidence
) -> None:
    made = sound(study)

    def task(page: Any) -> None:
        for how, spoil in some(SPOILED.items(), 4):
            raw = spoil(made)
            page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [KEY, raw])
            page.reload()
            assert "cannot be continued" in page.inner_text("#coding-notice"), how
            assert not page.is_visible("#coding-begin-form"), how
            assert downloaded(page, "text=Download what is stored") == raw
            page.click("text=Start again")
            begin(page)
            assert page.inner_text("#coding-heading") == "Passage 1 of 10", how

    use(task)


def test_a_sound_stored_round_is_offered(use: Use, study: Evidence) -> None:
    def task(page: Any) -> str:
        page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [KEY, json.dumps(sound(study))])
        page.reload()
        return str(page.inner_text("#coding-notice"))

    assert "robin was begun here: 0 of 10 coded" in use(task)


def test_without_storage_the_round_works_and_says_that_nothing_is_kept(use: Use, study: Evidence) -> None:
    forbidden = """for (const name of ["getItem", "setItem", "removeItem"]) {
        const kept = Storage.prototype[name];
        Storage.prototype[name] = function (key, ...given) {
            if (key === KEY) throw new DOMException("", "SecurityError");
            return kept.call(this, key, ...given);
        };
    }""".replace("KEY", json.dumps(KEY))

    def task(page: Any) -> None:
        page.add_init_script(forbidden)
        page.reload()
        begin(page)
        assert "keeps nothing" in page.inner_text("#coding-notice")
        code(page, drawn(study, 6, 10, ["stage"]))
        finish(page)
        assert page.is_visible("#coding-results table")

    use(task, accept_downloads=True)  # in a tab of its own, which that script would not leave


def test_without_javascript_the_page_says_what_to_do(use: Use) -> None:
    def task(page: Any) -> tuple[str, bool]:
        return page.inner_text("article"), page.is_disabled("#class-files")

    said, idle = use(task, java_script_enabled=False)
    assert idle, "files are not taken where nothing reads them"
    assert "needs JavaScript" in said
    assert "Begin" not in said


# --- what the page takes from the study


def test_the_page_carries_gists_even_where_wording_was_restored(
    study: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.teaching import passage_texts

    def refused(*_: object) -> None:
        raise AssertionError("the page asked for the words of a passage")

    monkeypatch.setattr(passage_texts, "shown", refused)
    carried = code_it_yourself.material(study, "evidence/page.html")["passages"]
    for told, column in (("gist", "gist"), ("blind", "blind_gist")):
        assert {one: passage[told] for one, passage in carried.items()} == dict(
            study.extracts[["extract_id", column]].to_numpy()
        )


def test_the_edition_changes_with_what_is_coded_from_and_with_a_rule(study: Evidence) -> None:
    import dataclasses

    other = {
        name: study.extracts[name].where(study.extracts["extract_id"] != "T01", "Other")
        for name in ("gist", "blind_gist")
    }
    rules = study.codes.assign(include=study.codes["include"].where(study.codes["code_id"] != "initiation", "Other"))
    blind = dataclasses.replace(study, extracts=study.extracts.assign(blind_gist=other["blind_gist"]))
    assert len({code_it_yourself.edition(one) for one in [study, blind, dataclasses.replace(study, codes=rules)]}) == 3
    plain = dataclasses.replace(study, extracts=study.extracts.assign(gist=other["gist"]))
    assert code_it_yourself.edition(plain) == code_it_yourself.edition(study), (
        "codes stay comparable where only readers see another gist"
    )
