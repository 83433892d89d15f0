"""The lessons for instructors: the guide of each as a page, and a table of what can be had of each."""

from analysis.display.captioned_tables import escaped
from analysis.study.evidence import Evidence
from analysis.teaching import instructor_guide, lesson_building, lesson_files

#: Where the releases are, counted from the pages for instructors.
FOLDER = "releases"
#: The page for instructors of each lesson, beside which the table is.
PAGES = {
    "coding": "01-code-the-passages.md",
    "dimensions": "02-from-quotes-to-dimensions.md",
    "agreement": "03-agreement.md",
    "counting": "04-counting-without-over-claiming.md",
    "audit": "05-auditing-a-claim.md",
    "text": "06-code-a-text.md",
}


def guide(evidence: Evidence, name: str) -> str:
    """Return the guide of a lesson for its page, after where to find the lesson itself."""
    built = lesson_building.bundled(name, evidence)
    links = [
        f"[the lesson](lessons/{name}.md)",
        f"[for students]({_archive(name, 'students')})",
        f"[for instructors]({_archive(name, 'instructors')}), with slides, key and this guide on paper",
    ]
    return f"{links[0].capitalize()} · to download: {' · '.join(links[1:])}\n\n{instructor_guide.markdown(built)}"


def offered(evidence: Evidence) -> str:
    """Return a table of the lessons: for whom, how long, the page, and the archives for students and instructors."""
    rows = ["| lesson | for whom | minutes | on the site | to download |", "|---|---|---|---|---|"]
    for name in lesson_files.bundled():
        built = lesson_building.bundled(name, evidence)
        minutes = " or ".join(str(plan.minutes) for plan in built.plans)
        pages = f"[lesson](lessons/{name}.md), [guide]({PAGES[name]})"
        archives = ", ".join(f"[{whose}]({_archive(name, whose)})" for whose in ("students", "instructors"))
        title = escaped(f"{built.number} {built.title}")
        rows.append(f"| {title} | {escaped(built.audience)} | {minutes} | {pages} | {archives} |")
    return "\n".join(rows)


def _archive(name: str, whose: str) -> str:
    return f"{FOLDER}/{name}-{whose}.zip"
