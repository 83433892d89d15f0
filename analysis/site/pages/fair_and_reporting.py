"""Where each item of a standard is answered: FAIR, FAIR4RS and TOP from files, COREQ and SRQR in the supplement."""

import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from analysis.site.files import stored_files
from analysis.site.pages import citing
from analysis.site.site_error import SiteError
from analysis.support import formatting, paths
from analysis.support.errors import Fault

FOLDER = paths.ROOT / "docs" / "cite" / "standards"
SUPPLEMENT = paths.ARTICLE.with_name("supplement.qmd")
#: What a row may say of an item.
MET = ("yes", "part", "no", "not needed", "shared", "partly shared", "disclosed")
NOT_APPLICABLE = "not applicable"
_FIELDS = {"item", "asks", "met", "answer"}
_ROW = re.compile(r"^\| (\d+) ([^|]+?) \| [^|]+ \| ([^|]+?) \|$", re.M)
_ASSESSED = FOLDER / "fairguard.json"


def standard(name: str) -> str:
    """Return the items of a standard (`fair`, `fair4rs`, `top`), and where each is answered, as a table in Markdown.

    Those that a program has looked at have its score beside ours.
    """
    scores = assessment()["scores"] if name == "fair4rs" else {}
    heads = ["Item", "Asks", "Met", "Where, or why not", *(["Score"] if scores else [])]
    lines = [heads, ["---"] * len(heads)]
    lines += [
        [one["item"], one["asks"], one["met"], one["answer"], *([_score(scores[one["item"]])] if scores else [])]
        for one in items(name)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _score(found: float | None) -> str:
    return "unknown" if found is None else f"{found:g}"


def standard_counted(name: str) -> str:
    """Say how many items of a standard are met, and how."""
    counts = Counter(one["met"] for one in items(name))
    return formatting.listed([f"{counts[met]} {met}" for met in MET if counts[met]])


def items(name: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    """Return the items of a standard with `item`, `asks`, `met` and `answer`, once facts have been looked up.

    Raises SiteError for a row that lacks one of them or says something else.
    """
    file = folder / f"{name}.yml"
    return [_looked_up(file, row) for row in yaml.safe_load(stored_files.text(file))]


def _looked_up(file: Path, row: dict[str, Any]) -> dict[str, str]:
    facts = {"doi": "doi" in citing.citation()}
    given = {key: value for key, value in row.items() if isinstance(value, str)}
    if not given.keys() >= _FIELDS or ((met := given["met"]) in facts) != ("otherwise" in given):
        problem = f"an item does not have the texts {', '.join(sorted(_FIELDS))} (and 'otherwise', where met is a fact)"
        raise SiteError(Fault(file, problem, "Add what is missing.", value=str(row.get("item"))))
    if met not in (*MET, *facts):
        remedy = f"Choose one of: {', '.join((*MET, *facts))}."
        raise SiteError(Fault(file, "there is no such word for how an item is met", remedy, field="met", value=met))
    otherwise = given.pop("otherwise", "")
    if met in facts:
        given |= {"met": "yes"} if facts[met] else {"met": "no", "answer": otherwise}
    return given


@lru_cache(maxsize=1)
def assessment() -> dict[str, Any]:
    """Return what a program found that assesses software by FAIR4RS, as it was recorded."""
    found: dict[str, Any] = json.loads(stored_files.text(_ASSESSED))
    return found


def assessed() -> str:
    """Say what program looked at the software, when and with which overall result."""
    found = assessment()
    scores = [score for score in found["scores"].values() if score is not None]
    return (
        f"{found['tool']} {found['version']}, run on {found['run_on']} by {found['run_by']}, on a clone of commit "
        f"{found['commit'][:7]} and without a network: a score from 0 to 10 for {len(scores)} of "
        f"{len(found['scores'])} principles"
    )


def reporting_rows(section: str) -> list[tuple[int, str, str]]:
    """Return the items of `coreq` or `srqr` in the supplement: number, name, and where this study answers it."""
    found = re.search(rf"\{{#sec-{section}\}}\n(.*?)^: ", stored_files.text(SUPPLEMENT), re.M | re.S)
    if not found:
        raise SiteError(Fault(SUPPLEMENT, f"has no table in a section {{#sec-{section}}}", "Restore it."))
    return [(int(number), name, here) for number, name, here in _ROW.findall(found[1])]


def reporting_counted(section: str) -> str:
    """Say how many items of a reporting guideline there are, and how many do not apply to a re-analysis."""
    rows = reporting_rows(section)
    not_applicable = sum(here == NOT_APPLICABLE for *_, here in rows)
    said = (
        f", {formatting.in_words(not_applicable)} of them {NOT_APPLICABLE} to a re-analysis" if not_applicable else ""
    )
    return f"{len(rows)} items{said}"
