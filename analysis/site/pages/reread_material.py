"""What a page needs to answer "what if passages were read otherwise?": the rules of the checks, with their parameters.

The script `reread.js` knows a few rules, each of which serves several checks. Here every claim is described by one of
them: what is counted, where, and which verdict follows. No text of a verdict and no claim is written in the script, so
that a changed ledger changes this material alone; a check that no rule serves stops the build.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from analysis.display import html_elements
from analysis.publishing import rereadable
from analysis.reanalysis import claims, rereading, single_rereadings
from analysis.reanalysis.claims import Assessment, Region
from analysis.site.html import permalinks
from analysis.site.pages import citing, ledger
from analysis.site.site_error import SiteError
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support.errors import Fault

PLACE = "scripts/reread-material.js"
MOST = 6  # passages that are named for a pattern
#: Pages between which a re-reading is carried.
_PAGES = (permalinks.CLAIMS, permalinks.MODEL, permalinks.EXPLORER, permalinks.PASSAGES)

Rule = dict[str, Any]


def embedded(here: str) -> str:
    """Return where a page finds the material, which it loads when it is wanted, and what to do without scripts."""
    start = {
        "material": permalinks.from_page(here, PLACE),
        "root": "../" * here.count("/"),
        "claims": permalinks.CLAIMS,
        "passages": permalinks.PASSAGES,
        "pages": _PAGES,
    }
    return (
        f"{html_elements.script('reread-start', start)}<noscript><p>To read a passage otherwise and see what "
        "changes, run <code>python -m analysis reread PASSAGE=CODE</code>.</p></noscript>"
    )


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield the material as a script: place and content. Pages that are opened from a folder cannot fetch data."""
    yield PLACE, rereadable.script(material(evidence))


def material(evidence: Evidence) -> dict[str, Any]:
    """Return codes, passages with all that they allow, and the rules for claims, verdicts and steps of the model."""
    found = rereadable.material(evidence, _citation(evidence), rereading.BASIS)
    if evidence.claims.empty:
        return found
    return found | {
        "rows": "power",  # the facet of every region and code of a check
        "depends": claims.DEPENDS,
        "marks": {verdict: ledger.mark(verdict) for verdict in claims.VERDICTS},
        "claims": _claims(evidence),
        "steps": _steps(evidence),
    }


def _citation(evidence: Evidence) -> str:
    """Return how a re-reading is cited, up to what is re-read."""
    cited = citing.citation()
    return f"{cited['title']}, version {cited['version']}" if evidence.study.article else evidence.study.title


# --- the claims and the steps of the model


def _claims(evidence: Evidence) -> dict[str, Rule]:
    """Return each claim by its id, as a rule with its parameters and the passages linked to it."""
    found_ledger, hangs = claims.ledger(evidence), _hanging(evidence)
    rules = {}
    rows = found_ledger.claims[["claim_id", "claim", "check", "args"]].to_numpy().tolist()
    for number, (claim, words, check, args) in enumerate(rows, 2):
        if check not in _RULES:
            problem = f"the script that re-reads passages has no rule for the check {check}"
            raise SiteError(Fault(claims.CLAIMS, problem, "Give it one in reread_material.py.", number, "check", check))
        rule = _RULES[check](evidence, args, claims.assess(evidence)[claim]) | {
            side: found_ledger.linked(claim, side) for side in ("illustrates", "counters")
        }
        if rule["rule"] != "fixed":  # others are never named
            rule["claim"] = words
        rules[claim] = rule | ({"hangs": hangs[claim]} if claim in hangs else {})
    return rules


def _hanging(evidence: Evidence) -> dict[str, list[list[Any]]]:
    """Return the passages and facets on which each pattern hangs most, and by how much its share can differ for them.

    The difference is that of the unit in which it is the largest, to three decimals.
    """
    ranked = single_rereadings.passages_of_patterns(evidence)
    ranked = ranked.assign(difference=ranked["difference"].astype(float)).drop_duplicates(
        ["claim_id", "unit", "extract_id", "facet"]
    )
    largest = ranked.groupby(["claim_id", "extract_id", "facet"], sort=False)["difference"].max().reset_index()
    in_order = largest.sort_values("difference", ascending=False, kind="stable")
    return {
        str(claim): [[*row[:2], round(row[2], 3)] for row in own.head(MOST).to_numpy().tolist()]
        for claim, own in in_order.set_index("claim_id").groupby(level=0, sort=False)
    }


def _steps(evidence: Evidence) -> list[list[Any]]:
    """Return the steps of the model: source, target, and the claims that state the step."""
    return [
        [*ends, step["claim_id"].tolist()] for ends, step in evidence.model.groupby(["source", "target"], sort=False)
    ]


def _fixed(evidence: Evidence, args: Mapping[str, Any], found: Assessment) -> Rule:
    """Describe a check that reads no coding: its verdict stays."""
    del evidence, args
    return {"rule": "fixed", "verdict": found.verdict, "against": found.against}


def _pattern(check: str) -> Callable[[Evidence, Mapping[str, Any], Assessment], Rule]:
    """Describe a comparison of two regions, or the presence of passages in one, over all readings."""

    def described(evidence: Evidence, args: Mapping[str, Any], found: Assessment) -> Rule:
        asked = found.compared
        if asked is None:
            raise SiteError(f"The check {check} does not say what it compares.")
        always, never = claims.ALWAYS_AND_NEVER[check]
        return {
            "rule": "pattern",
            "level": code_tree.levels(evidence.codes, "power").index(asked.level),
            "facet": asked.facet,
            "first": _cells(evidence, asked.facet, asked.first),
            "second": _cells(evidence, asked.facet, asked.second),
            "always": claims.RESTATED if args.get("defined_alike") else always,
            "never": never,
            # A comparison of nothing with nothing is another verdict than one of as much with as much.
            "nothing": claims.NO_PASSAGE if check == "more" else never,
        }

    return described


def _cells(evidence: Evidence, facet: str, region: Region) -> list[str]:
    """Return the cells of a region; raise SiteError for a margin, which the script does not take apart."""
    codes = set(evidence.codes.loc[evidence.codes["facet"].isin(["power", facet]), "code_id"])
    for name in (name for cell in region for name in cell):
        if name not in codes:
            raise SiteError(f"The script that re-reads passages knows no {name!r} in a claim: name codes.")
    return ["/".join(cell) for cell in region]


def _supported(evidence: Evidence, args: Mapping[str, Any], found: Assessment) -> Rule:
    """Describe a check of support for each of some codes; with too few or too many of them, its verdict stays."""
    del found
    codes = claims.codes_asked(evidence, args.get("codes"), args.get("parent"))
    always, never = claims.ALWAYS_AND_NEVER["codes_supported"]
    return {
        "rule": "supported",
        "codes": codes,
        "level": code_tree.levels(evidence.codes, "power").index(claims.level_of(evidence, codes)),
        "facet": "stage",
        "surplus": len(codes) - args["number"],
        "miscounted": claims.NOT_CONSISTENT,
        "always": always,
        "never": never,
    }


def _complete(evidence: Evidence, args: Mapping[str, Any], found: Assessment) -> Rule:
    """Describe a check of the codes, one of each level, of the passages that are printed in the table."""
    if code_tree.levels(evidence.codes, "power") != list(args["levels"]):
        return _fixed(evidence, args, found)
    return {"rule": "complete", "always": claims.RESTATED, "never": claims.NOT_CONSISTENT}


def _printed(evidence: Evidence, args: Mapping[str, Any], found: Assessment) -> Rule:
    """Describe a check of a row for each code of a level, some of which may be meant to be part of another."""
    del found
    level = args["level"]
    return {
        "rule": "printed",
        "codes": code_tree.codes_at(evidence.codes, "power", level),
        "level": code_tree.levels(evidence.codes, "power").index(level),
        "partOf": args.get("may_be_part_of") or {},
        "always": claims.CONSISTENT,
        "never": claims.NOT_CONSISTENT,
    }


#: For each check of a claim, what describes it as a rule of the script.
_RULES: Mapping[str, Callable[[Evidence, Mapping[str, Any], Assessment], Rule]] = {
    **dict.fromkeys(("restated", "beyond_print", "sources_cited", "published_in_time", "illustrated"), _fixed),
    "present": _pattern("present"),
    "more": _pattern("more"),
    "codes_supported": _supported,
    "tree_complete": _complete,
    "printed_in_table_2": _printed,
}
