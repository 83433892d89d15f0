"""What pages take over from the project's own Markdown files that are outside the folder of pages."""

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.site.files import stored_files
from analysis.site.html.naming import Names
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import Fault

README = paths.DATA / "README.md"
TOP_README = paths.ROOT / "README.md"
CODING_LOG = paths.DATA / "coding-log.md"
PLAIN_LANGUAGE = paths.ARTICLE.with_name("plain-language.md")
CHANGELOG = paths.ROOT / "CHANGELOG.md"
DECISIONS = paths.ROOT / "docs" / "decisions"


def section(file: Path, title: str) -> str:
    """Return the text of a file below a heading of the second level, up to the next one.

    Raises SiteError where there is no such heading.
    """
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", stored_files.text(file), re.M | re.S)
    if not found:
        remedy = "Restore the heading, or correct the page that asks for it."
        raise SiteError(Fault(file, f"no heading '## {title}', which a page of the site takes in", remedy))
    return found[1].strip()


def plain_language() -> str:
    """Return what the article says in plain language."""
    return stored_files.text(PLAIN_LANGUAGE).strip()


def commands() -> str:
    """Return the commands with which README has all of it run: those that the project's own checks take from there.

    Raises SiteError where README has no such block.
    """
    found = re.search(r"^<!-- ci:[^\n]*-->\n(```sh\n.*?^```)$", stored_files.text(TOP_README), re.M | re.S)
    if not found:
        problem = "no block of commands below a line '<!-- ci: … -->', which a page of the site takes in"
        raise SiteError(Fault(TOP_README, problem, "Restore the line and the block."))
    return found[1]


def rows(file: Path, title: str) -> Iterator[list[str]]:
    """Yield the rows of the first table below a heading of the second level, without its head, as Markdown."""
    lines = [line for line in section(file, title).splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def coding_log(evidence: Evidence, here: str) -> str:
    """Return the coding log with links to the passages it names; its numbered sections and rules get lasting ids.

    A section is `section-3`, a rule (a numbered point that begins in bold) is `rule-4`, whatever their words.
    """
    numbered = re.sub(r"^(## (\d+)\. .*)$", r"\1 {#section-\2}", stored_files.text(CODING_LOG), flags=re.M)
    ruled = re.sub(r"^(\d+)\. (?=\*\*)", r'\1. <span id="rule-\1"></span>', numbered, flags=re.M)
    names = Names(evidence, here)
    return "\n".join(line if line.startswith("#") else names.linked(line) for line in ruled.splitlines())


def changelog() -> str:
    """Return CHANGELOG.md without its title; decisions and data that it links to are linked as pages."""
    text = stored_files.text(CHANGELOG).partition("\n")[2].strip()
    of_decision = re.compile(r"\]\(docs/decisions/(\d+)-[\w-]+\.md\)")
    text = of_decision.sub(lambda found: f"](decisions.md#{_decision(found[1])})", text)
    return re.sub(r"\]\(docs/([\w/-]+\.md)", r"](../\1", text)


def decisions() -> str:
    """Return all decisions, one section each: the third is `decision-3`, and links between them lead there."""
    return "\n\n".join(_as_section(stored_files.text(file)) for file in sorted(DECISIONS.glob("*.md")))


def _as_section(decision: str) -> str:
    """Return a file of one decision as a section of a page in a neighbouring folder."""
    titled = re.sub(r"\A# (\d+)\.", lambda found: f'<span id="{_decision(found[1])}"></span>\n\n#{found[0]}', decision)
    linked = re.sub(r"\]\((\d+)-[\w-]+\.md\)", lambda found: f"](#{_decision(found[1])})", titled)
    return linked.replace("](../cite/", "](").strip()


def _decision(number: str) -> str:
    return f"decision-{int(number)}"
