"""From a number, table or figure of an article to what made it: the map and the links that open it."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import command_line
import pandas as pd
import pytest
from articles import rendered
from bs4 import BeautifulSoup

from analysis.reanalysis import trace
from analysis.rendering.formats import TEMPLATES
from analysis.rendering.origin_map import COLUMNS
from analysis.rendering.pandoc import pandoc
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths

BODY = """
```{python}
#| include: false
from IPython.display import Markdown
from analysis.support.traced_values import Rows, Traced
def counted(kind):
    "Return how many are of a kind."
    return Traced("three", (Rows("derived/counts.csv", "count", {"kind": (kind,)}),), (kind, "a b"))
n = 41
```

## First of `{python} n`

`{python} counted("x").capitalize()` of `{python} n`, `{python} "F11 and F12"` and `{python} "a [b] (c)"`.
See [`{python} n` things](https://example.org), $`{python} n`$ and `{python} Markdown("**bold**")`.

| Left |
|:-----|
| `{python} n` |

: By hand, `{python} n` of them. {#tbl-hand}

## Second

```{python}
#| label: tbl-cell
#| tbl-cap: "Counts"
Markdown("| What |\\n|:--|\\n| " + counted("y") + " |")
```
"""
Rows = dict[str, list[dict[str, str]]]


def origins(folder: Path) -> Rows:
    """The rows of a map by the identifiers of what they are about."""
    with (folder / "article-origins.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = defaultdict(list)
    for row in rows:
        assert tuple(row) == COLUMNS
        found[row["id"]].append(row)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small article, rendered."""
    return rendered(tmp_path_factory.mktemp("origins"), BODY, "execute:\n  echo: false\n")


@pytest.fixture(scope="module")
def real(rendered_article: Path) -> Rows:
    """The map of the article."""
    return origins(rendered_article)


def page(folder: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((folder / name).read_text(encoding="utf-8"), "html.parser")


# --- any article


def test_a_number_has_its_place_function_rows_and_trace(made: Path) -> None:
    (row,) = origins(made)["n2"]
    assert (row["kind"], row["section"], row["shown"]) == ("number", "First of", "Three")
    source = (made.parent / "paper" / row["file"]).read_text(encoding="utf-8").splitlines()
    assert row["expression"] in source[int(row["line"]) - 1]
    assert (row["function"], row["meaning"]) == ("counted", "Return how many are of a kind.")
    assert (row["table"], row["column"], row["rows"]) == ("derived/counts.csv", "count", "kind=x")
    assert row["trace"] == f"{paths.COMMAND} trace x 'a b'"


def test_a_value_that_knows_no_rows_has_its_place_and_expression(made: Path) -> None:
    (row,) = origins(made)["n3"]
    assert (row["shown"], row["expression"], row["section"]) == ("41", "n", "First of")
    assert {row[column] for column in ("function", "table", "rows", "trace")} == {""}


def test_a_table_that_a_cell_shows_is_in_the_map_and_one_by_hand_is_not(made: Path) -> None:
    found = origins(made)
    (row,) = found["tbl-cell"]
    assert (row["kind"], row["name"], row["section"], row["shown"]) == ("table", "Table 2", "Second", "Counts")
    assert "tbl-hand" not in found


def test_a_number_is_a_link_where_it_can_be_one_and_has_a_row_in_any_case(made: Path) -> None:
    links = page(made, "article.html").select("a.origin")
    shown = [(link["id"], link.get_text()) for link in links]
    # Not in headings, links, math and narrow tables; and behind names that may be links themselves.
    assert shown == [("n2", "Three"), ("n3", "41"), ("n4", ""), ("n5", "a [b] (c)"), ("n10", "41")]
    assert [link.get("tabindex") for link in links] == [None, *["-1"] * 4]
    entries = page(made, "article-code.html").select("dl.origins > div")
    assert [entry["id"] for entry in entries] == [f"n{number}" for number in range(1, 11)]
    assert [link["href"] for link in links] == [f"article-code.html#{link['id']}" for link in links]
    for entry in entries:
        back = entry.find("a")
        assert (back and back["href"]) == (f"article.html#{entry['id']}" if (entry["id"] in dict(shown)) else None)


def test_other_formats_have_no_trace_of_it(made: Path) -> None:
    text = (made / "article.xml").read_text(encoding="utf-8") + (made / "article.ipynb").read_text(encoding="utf-8")
    assert "Three of 41, F11 and F12" in text
    assert "origin" not in text
    assert not re.search(r'id="n\d', text)


# --- the article


def test_every_number_table_and_figure_of_the_article_is_in_its_map(real: Rows) -> None:
    source = paths.ARTICLE.read_text(encoding="utf-8")
    expressions = re.findall(r"`\{python\} ([^`]+)`", source)
    numbers = [rows[0] for rows in real.values() if rows[0]["kind"] == "number"]
    assert [row["expression"] for row in numbers] == expressions
    lines = source.splitlines()
    assert all(row["expression"] in lines[int(row["line"]) - 1] for row in numbers)
    labels = re.findall(r"^#\| label: ((?:fig|tbl)-\S+)", source, re.M)
    assert [key for key, rows in real.items() if rows[0]["kind"] != "number"] == labels
    without = [row for rows in real.values() for row in rows if not (row["function"] and row["meaning"])]
    assert not without, "take each number from a method of Reported, and say what a function returns"


def test_links_of_the_article_lead_to_the_rows_and_back(rendered_article: Path, real: Rows) -> None:
    article, code = page(rendered_article, "article.html"), page(rendered_article, "article-code.html")
    numbers = [key for key, rows in real.items() if rows[0]["kind"] == "number"]
    links = article.select("a.origin")
    assert [link["id"] for link in links] == numbers, "no number stands where it cannot be a link"
    places = {element["id"] for element in code.select("[id]")}
    targets = {str(link["href"]).partition("#")[2] for link in article.select("a.origin, a.code-link")}
    assert targets <= places
    assert {*real} <= places
    known = {element["id"] for element in article.select("[id]")}
    backward = [str(link["href"]) for link in code.select('a[href^="article.html#"]')]
    assert {target.partition("#")[2] for target in backward} <= known
    assert not article.select("a a")


def test_every_table_and_figure_names_the_data_it_is_drawn_from(real: Rows) -> None:
    for key, rows in real.items():
        if rows[0]["kind"] != "number" and "provenance" not in rows[0]["function"]:
            assert rows[0]["table"], f"decorate what draws {key} with drawn_from"
            assert all((paths.DATA / row["table"]).is_file() for row in rows)


def test_the_rows_of_every_number_are_there_and_give_what_is_shown(real: Rows) -> None:
    for key, rows in real.items():
        if rows[0]["kind"] == "number":
            shown, expression = rows[0]["shown"], rows[0]["expression"]
            assert rows[0]["table"], f"{key}, {expression}: take it from a method of Reported"
            columns = [values(row) for row in rows]
            assert shown.casefold() in {text.casefold() for text in renderings(columns)}, f"{key}, {expression}"


def values(row: dict[str, str]) -> list[str]:
    """The values of a column in the rows that a map names."""
    file = paths.DATA / row["table"]
    if file.suffix == ".json":
        found = json.loads(file.read_text(encoding="utf-8"))
        for member in row["column"].split("."):
            found = found[member]
        return [str(found)]
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    for condition in filter(None, row["rows"].split(", ")):
        column, _, allowed = condition.partition("=")
        table = table[table[column].isin(allowed.split("|"))]
    return list(table[row["column"]])


def renderings(columns: list[list[str]]) -> Iterator[str]:
    """Everything that an article may make of values: of one, of how many there are, of two that belong together."""
    first = columns[0]
    yield from (formatting.in_words(len(first)), formatting.in_words(len(set(first))), formatting.listed(first))
    yield f"{first.count('true')} of {len(first)}"
    if len(columns) == 2 and len(first) + len(columns[1]) > 2:
        yield " of ".join(str(sum(map(int, column))) for column in columns)
    elif len(columns) == 2:
        (one,), (other,) = columns
        if re.fullmatch(r"[\d.]+", one + other):
            portions = [formatting.portion(Fraction(end)) for end in (one, other)]
            yield from (" to ".join(portions), "–".join(portions), portions[0])
        if (one + other).isdecimal():
            small, large = sorted((int(one), int(other)))
            yield formatting.span(small, large)
            yield from (formatting.share(small, large or 1), formatting.in_words(large - small))
    elif len(first) == 1:
        yield from of_one(first[0])


def of_one(value: str) -> Iterator[str]:
    yield from (formatting.listed(value.split()), formatting.listed(re.findall(r"(\S+)→", value)))
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        yield formatting.date(value)
    if value.isdecimal():
        yield from (formatting.in_words(int(value)), f"{int(value):,}")
        for noun in ("passage", "distinct statement", "interviewee"):
            yield formatting.counted(int(value), noun)
    if re.fullmatch(r"-?\d+\.\d+", value):
        yield from (formatting.rounded(float(value)), formatting.portion(Fraction(value)), f"{float(value):.0%}")


def test_every_name_to_trace_is_one_and_the_commands_run(study: Evidence, real: Rows) -> None:
    commands = sorted({row["trace"] for rows in real.values() for row in rows} - {""})
    known = trace.names(study)
    for command in commands:
        names = re.findall(r"'[^']+'|\S+", command.removeprefix(f"{paths.COMMAND} trace "))
        assert {name.strip("'") for name in names} <= known.keys()
    for command in (real["n5"][0]["trace"], real["tbl-three-ways"][0]["trace"]):
        ran = command_line.run(*command.removeprefix(f"{paths.COMMAND} ").split())
        assert ran.returncode == 0
        assert "F24" in ran.stdout


@pytest.mark.parametrize(("form", "marked"), [("html", True), ("typst", False), ("jats", False), ("native", False)])
def test_quarto_leaves_marks_on_web_pages_alone(form: str, marked: bool, tmp_path: Path) -> None:
    filtering = f"--lua-filter={TEMPLATES / 'quarto' / 'origins.lua'}"
    written = pandoc(tmp_path, 0, "So [48]{#n1 .origin}, F11[]{#n2 .origin}.", f"--to={form}", filtering)
    assert ("n1" in written) is marked
    assert "48" in written
