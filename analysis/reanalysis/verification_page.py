"""What verify found, and every claim with its verdict, as one self-contained page."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from analysis.display.html_elements import bullets, row, table, text
from analysis.reanalysis import claims
from analysis.reanalysis.derived import Difference
from analysis.study.evidence import Evidence
from analysis.support import formatting

# Ink on paper 16:1, links and marks 7:1; in the dark scheme 14:1 and 8:1.
_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1b; --rule: #8a8a8a; --mark: #1f5a94; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e6e6e6; --rule: #8a8a8a; --mark: #8ec1f5; } }
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto;
       max-width: 70rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: bold; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--rule); }
.wide { overflow-x: auto; }
.verdict { font-weight: bold; color: var(--mark); }
.claim { min-width: 20rem; }
.small { font-size: 0.9rem; }
"""


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Verification: Power in co-production</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>Verification</h1>
<p>A re-analysis of the published evidence of {authors} ({year}),
<cite>{title}</cite>, doi {doi}, by neither its authors nor for them.</p>
</header>
<main>
{sections}
</main>
</body>
</html>
"""


def page(evidence: Evidence, tables: int, values: int, differences: Sequence[Difference]) -> str:
    """Return the report as HTML: no script, no picture, nothing from elsewhere; the same bytes for the same input."""
    cited = evidence.study.article
    facts = {name: text(cited[name]) for name in ("year", "title", "doi")}
    sections = "\n".join(
        [
            _section("recomputed", "What was recomputed", _recomputed(tables, values, differences)),
            _section("claims", "What the article claims, and what is printed for it", _claims(evidence)),
            _section("patterns", "Patterns over all readings", f"{_PATTERNS}\n{_patterns_table(evidence)}"),
        ]
    )
    return _PAGE.format(style=_STYLE, authors=text(_authors(cited["authors"])), **facts, sections=sections)


def _section(name: str, title: str, content: str) -> str:
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{content}\n</section>'


def _recomputed(tables: int, values: int, differences: Sequence[Difference]) -> str:
    found = f"{len(differences)} differ from" if differences else "All are equal to"
    listed = bullets(text(difference) for difference in differences)
    return f"<p>{values:,} values in {tables} tables, from the evidence. {found} the committed ones.</p>\n{listed}"


def _claims(evidence: Evidence) -> str:
    verdicts = claims.verdicts(evidence)
    tally = Counter(verdicts["verdict"])
    computed = sum(number for verdict, number in tally.items() if verdict not in claims.NOT_COMPUTED)
    listed = bullets(text(f"{verdict}: {tally[verdict]}") for verdict in claims.VERDICTS)
    return f"""<p>Of {formatting.counted(len(verdicts), "claim")}, {computed} could be computed from passages and
{len(verdicts) - computed} could not. The passages were chosen by the authors to illustrate; a verdict is about what is
printed, and does not say what the transcripts contain.</p>
{listed}
{_claims_table(evidence)}"""


_PATTERNS = """<p>A difference, or a count, as coded and over every combination of the readings that the words allow;
the share of readings in which the claim holds, which is not a probability; the fewest re-readings that reverse it; and
the passages on either side as coded.</p>"""


def _claims_table(evidence: Evidence) -> str:
    ledger, findings = claims.ledger(evidence).claims.set_index("claim_id"), claims.find(evidence)
    rows = []
    for claim in claims.verdicts(evidence).to_dict("records"):
        key, texts = claim["claim_id"], ledger.loc[claim["claim_id"]]
        cells = (
            text(key),
            f'{text(texts["claim"])}<br><span class="small">{text(_small_print(texts))}</span>',
            text(texts["section"]),
            text(findings[key].label),
            text(claim["summary"]),
            text(" ".join(claim["extracts"])),
            text(" ".join(claim["extracts_against"])),
            f"{claim['passages']} / {claim['statements']} / {claim['interviewees']}",
            text(claim["from_most_quoted"]),
        )
        rows.append(row(cells, key, ["claim", "", "verdict", *[""] * 5]))
    heads = (
        *("Claim", "What is claimed, and how it was tested", "Section", "Verdict", "Figures"),
        *("Passages for it", "Passages against it", "For it: passages / statements / interviewees"),
        "For it: passages from the most quoted interviewee",
    )
    return table("Claims and verdicts", heads, rows)


def _small_print(claim: pd.Series) -> str:
    """Return how a claim is tested, who makes it if not the article, and what can be held against its verdict."""
    implied = "" if claim["origin"] == "stated" else f" {claims.ORIGINS[claim['origin']].capitalize()}."
    objection = f" Objection: {claim['objection']}" if claim["objection"] else ""
    return f"{claim['quantity']}{implied}{objection}"


def _patterns_table(evidence: Evidence) -> str:
    columns = ["basis", "unit", "of_record", "range", "share", "tipping", "extracts", "extracts_against"]
    moved = claims.patterns(evidence)
    for side in ("extracts", "extracts_against"):
        moved[side] = moved[side].map(" ".join)
    moved["range"] = [formatting.span(*ends) for ends in moved[["lowest", "highest"]].to_numpy().tolist()]
    rows = [
        row(list(map(text, cells)), kinds=[""] * len(columns))
        for cells in moved[["claim_id", *columns]].to_numpy().tolist()
    ]
    heads = ("Claim", "Basis", "Unit", "As coded", "Range", "Share of readings", "Turned by", "For it", "Against it")
    return table("Patterns", heads, rows)


def _authors(names: Sequence[str]) -> str:
    return formatting.listed([name.split()[-1] for name in names])
