"""The computed parts of Markdown files: `data/README.md` and pages for instructors; written by `derive`.

Those of the README are compared by `verify`, those of the pages by the tests.

A part is between `<!-- computed: NAME -->` and `<!-- end of computed -->`.
"""

import re
from collections.abc import Mapping

import pandas as pd

from analysis.reanalysis.derived_dictionary import DICTIONARY
from analysis.support import formatting

MOST_LISTED = 9  # things that a row of the table of observations lists; of more it gives the number only
_BLOCK = re.compile(r"(<!-- computed: (\w+) -->)(.*?)(<!-- end of computed -->)", re.DOTALL)


def blocks(text: str) -> dict[str, str]:
    """Return the content of each computed part of a text, by its name."""
    return {name: content for _, name, content, _ in _BLOCK.findall(text)}


def filled(text: str, contents: Mapping[str, str]) -> str:
    """Return a text with new contents in its computed parts; a part without new content stays as it is."""
    return _BLOCK.sub(lambda found: f"{found[1]}{contents.get(found[2], found[3])}{found[4]}", text)


def computed(observations: pd.DataFrame, coders: list[str]) -> dict[str, str]:
    """Return what the computed parts have to say, from the table `observations` and all coders."""
    rows = [
        f"| `{name}` | {count} | {which if 0 < len(which.split()) <= MOST_LISTED else '–'} | {meaning} |"
        for name, count, which, meaning in observations.to_numpy().tolist()
    ]
    table = "\n".join(["| observation | count | which | what it means |", "|---|---|---|---|", *rows])
    return {
        "observations": f"\n\n{table}\n\n",
        "coders": formatting.listed([f"`{coder}`" for coder in coders]),
        "tables": f"\n\n{_tables()}\n\n",
    }


def _tables() -> str:
    rows = [f"| `{name}` | {table.row} | {table.beside} |" for name, table in DICTIONARY.items()]
    return "\n".join(["| table | a row | beside the key |", "|---|---|---|", *rows])
