"""The certificate as a page: what was recomputed, compared and found, on what, when and by whom, with room to sign."""

from collections.abc import Sequence

from analysis.deposit import codecheck_manifest
from analysis.deposit.codecheck_manifest import Statement
from analysis.deposit.rerun_comparison import FACTS, OUTCOMES, SAME, Comparison
from analysis.display.html_elements import bullets, facts, row, table, text
from analysis.support import formatting

SHOWN = 40  # files that are listed by name of those that differ

# Ink on paper 16:1, links and marks 7:1; in the dark scheme 14:1 and 8:1.
_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1b; --rule: #767676; --mark: #1f5a94; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e6e6e6; --rule: #8a8a8a; --mark: #8ec1f5; } }
@page { size: A4; margin: 18mm; }
@media print { :root { color-scheme: light; --paper: #ffffff; --ink: #1b1b1b; } #sign-here { break-inside: avoid; } }
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto;
       max-width: 50rem; padding: 1rem; overflow-wrap: break-word; }
h1, h2 { line-height: 1.2; }
.verdict { border-left: 0.3rem solid var(--mark); padding: 0.3rem 1rem; font-weight: bold; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: bold; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--rule); }
td { overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
dt { font-weight: bold; }
dd { margin: 0 0 0.5rem; }
.line { border-bottom: 1px solid var(--ink); min-height: 2.2rem; }
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate of a re-run: {title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>Certificate of a re-run</h1>
<p><cite>{title}</cite>, version {version}</p>
</header>
<main>
<p class="verdict">{verdict}</p>
{sections}
</main>
</body>
</html>
"""

_SCOPE = """<p>The certificate says that the same sources gave the same results again. It does not say that the readings
of passages, or the conclusions, are right.</p>"""


def page(comparison: Comparison, title: str, version: str, when: str, stated: Statement) -> str:
    """Return the certificate as HTML: no script, nothing from elsewhere."""
    sections = "\n".join(
        [
            _section("run", "What was run, when, and on what", _run(comparison, when)),
            _section("found", "What was recomputed, compared and found", _found(comparison)),
            _section("sign", "Who ran it, and who signs", _signature(stated)),
        ]
    )
    return _PAGE.format(
        title=text(title), version=text(version), style=_STYLE, verdict=text(comparison.verdict), sections=sections
    )


def _section(name: str, title: str, content: str) -> str:
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{content}\n</section>'


def _run(comparison: Comparison, when: str) -> str:
    earlier = comparison.earlier
    heads = ("", "This run", *(["The earlier run"] if earlier else []))
    rows = []
    for fact, name in FACTS.items():
        runs = [comparison.run.made_on, *([earlier.made_on] if earlier else [])]
        rows.append(row([text(name), *(text(made.get(fact, "not made")) for made in runs)], kinds=[""] * len(runs)))
    how = """<p>In a new environment, installed from the lock with every hash checked, and on a fresh copy of the
committed files: the derived tables, the notebooks, the article with its supplement, and the site.</p>"""
    return f"{facts([('Ended', text(when))])}\n{how}\n{table('Made on', heads, rows)}"


def _found(comparison: Comparison) -> str:
    verification = comparison.run.verification
    recomputed = f"""<p>Recomputed from the evidence: {verification["values"]:,} values in
{len(verification["tables"])} tables. Compared with the committed tables, value by value:
{formatting.counted(len(comparison.run.differences), "difference")}.</p>"""
    parts = [recomputed, _listed(comparison.run.differences)]
    if comparison.earlier is not None:
        parts += [_files(comparison), _by_name(comparison)]
    return "\n".join([*(part for part in parts if part), _SCOPE])


def _files(comparison: Comparison) -> str:
    kinds = {"article/": "Article", "notebooks/": "Notebooks", "report.html": "Report", "site/": "Site"}
    found = [outcome for outcome in OUTCOMES if comparison.tally()[outcome]]
    rows = []
    for start, name in kinds.items():
        tally = comparison.tally(start)
        rows.append(row([name, *(str(tally[outcome]) for outcome in found)], kinds=[""] * len(found)))
    return table("Files of this run beside the earlier one", ("", *map(str.capitalize, found)), rows)


def _by_name(comparison: Comparison) -> str:
    parts = []
    for outcome in OUTCOMES:
        places = [place for place, found in comparison.outcomes.items() if found == outcome != SAME]
        if places:
            parts.append(f"<p>{text(outcome.capitalize())}:</p>\n{_listed(places)}")
    return "\n".join(parts)


def _listed(items: Sequence[str]) -> str:
    more = [f"and {len(items) - SHOWN} more, in certificate.json"] if len(items) > SHOWN else []
    return bullets(text(item) for item in [*items[:SHOWN], *more])


def _signature(stated: Statement) -> str:
    named = f"{stated.name} (ORCID {stated.orcid})" if stated.orcid else stated.name
    by = (
        f"<p>A program ran it (<code>nox -s certify</code>). It was named as for {text(named)}; a name typed into a "
        "command is not a signature.</p>"
        if named
        else "<p>A program ran it (<code>nox -s certify</code>). No person is named, and none has signed.</p>"
    )
    left = codecheck_manifest.lacking(stated)
    needs = bullets(f"<code>{text(field)}</code>: {text(what)}" for field, what in left.items())
    to_send = (
        f"<p>To send it to CODECHECK, a person fills in, in <code>codecheck.yml</code>:</p>\n{needs}" if left else ""
    )
    lines = "\n".join(
        f'<dt>{name}</dt><dd class="line"></dd>' for name in ("Name", "ORCID", "What I looked at", "Date", "Signature")
    )
    return f'{by}\n{to_send}\n<dl id="sign-here">{lines}</dl>'
