"""All claims opened: a page of its own, to print and to read without scripts, and the same for the list of claims."""

import json
from collections.abc import Iterator

from analysis.display.html_elements import slug, text
from analysis.reanalysis import claims
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages import verdict_list
from analysis.site.pages.ledger import marked
from analysis.site.pages.opened_claim import Claim, opened
from analysis.study.evidence import Evidence

_FOLDER = permalinks.CLAIMS.rpartition("/")[0]
PLACE = f"{_FOLDER}/{verdict_list.IN_FULL}"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>All verdicts in full - Power in co-production</title>
<meta name="robots" content="noindex">
<link rel="stylesheet" href="../styles/site.css">
<link rel="stylesheet" href="../styles/records.css">
<link rel="stylesheet" href="../styles/verdicts.css">
</head>
<body>
<main class="md-typeset in-full">
<h1>All verdicts in full</h1>
<p>{summary} <a href="index.html">The list, with filters</a>.
<a href="index.html#what-a-verdict-says">What a verdict says</a>.</p>
{claims}
<h2 id="passages">The passages in short</h2>
<dl class="facts">{gists}</dl>
</main>
</body>
</html>
"""


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield the page, and the script that has the same for the list of claims: place and content."""
    names = Names(evidence, PLACE)
    inside = {claim["claim_id"]: opened(names, claim) for _, rows in verdict_list.by_kind(evidence) for claim in rows}
    gists = dict(evidence.extracts[["extract_id", "gist"]].to_numpy().tolist())
    yield PLACE, _page(names, inside, gists).encode()
    data = json.dumps({"claims": inside, "gists": gists}, ensure_ascii=False, separators=(",", ":"))
    yield f"{_FOLDER}/{verdict_list.OPENED}", f"globalThis.compendium.opened = {data};\n".encode()


def _page(names: Names, inside: dict[str, str], gists: dict[str, str]) -> str:
    parts = (
        f'<h2 id="{verdict_list.kind_id(kind)}">{verdict_list.KINDS[kind][0]}</h2>'
        + "".join(_in_full(names, claim, inside[claim["claim_id"]]) for claim in rows)
        for kind, rows in verdict_list.by_kind(names.evidence)
    )
    return _PAGE.format(
        summary=text(verdict_list.summary_of_verdicts(names.evidence)),
        claims="\n".join(parts),
        gists="".join(f"<dt>{names.to(key)}</dt><dd>{text(gist)}</dd>" for key, gist in gists.items()),
    )


def _in_full(names: Names, claim: Claim, inside: str) -> str:
    key = claim["claim_id"]
    found = claims.find(names.evidence)[key]
    return (
        f'<section class="claim {slug(claim["kind"])}"><h3 id="{key}"><span>{key}</span> {text(claim["claim"])}</h3>'
        f'<p class="found">{marked(found)}</p><div class="inside">{inside}</div></section>\n'
    )
