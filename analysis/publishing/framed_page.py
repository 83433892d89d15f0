"""The frame of every page of a published study: what it is, the way to the others, licence, version and citation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.display.html_elements import text
from analysis.publishing import page_files
from analysis.publishing.published_work import Work
from analysis.study import simulated_label

#: Every page by its file, in their order.
PAGES: Mapping[str, str] = {
    "index.html": "About",
    "codebook.html": "Codebook",
    "explorer.html": "Explorer",
    "counts.html": "Counts",
    "agreement.html": "Agreement",
    "data.html": "Data",
}


@dataclass(frozen=True)
class Frame:
    """What all pages of a study share: the work that it is, and which `pages` there are."""

    work: Work
    pages: Sequence[str]

    def page(self, name: str, body: str, scripts: Sequence[str] = ()) -> tuple[str, bytes]:
        """Return the file of a page and its content; `scripts` are run after that of every page, in their order."""
        work = self.work
        title = work.title if name == "index.html" else f"{PAGES[name]}: {work.title}"
        mark = f"{simulated_label.MARK}. " if work.simulated else ""
        sources = "".join(
            f'<script src="{page_files.FOLDER}/{script}"></script>\n' for script in (page_files.EVERY_PAGE, *scripts)
        )
        heading = work.title if name == "index.html" else PAGES[name]
        return (
            name,
            f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{text(mark + title)}</title>
<link rel="stylesheet" href="{page_files.FOLDER}/{page_files.STYLE}">
</head>
<body>
<a class="skip" href="#page-main">Skip to the page</a>
<header>
<p class="work"><a href="index.html">{text(work.title)}</a> {text(f"{work.kind}, version {work.version}")}</p>
<nav aria-label="Pages"><ul>{self._ways(name)}</ul></nav>
</header>
<main id="page-main" tabindex="-1"><article class="md-content__inner md-typeset">
<h1>{text(heading)}</h1>
{self._note()}{body}
</article></main>
<footer>
<p><strong>Cite as</strong> {text(work.citation)} <button type="button" class="copy" data-copy="{text(work.citation)}"
hidden>Copy the citation</button></p>
<p>{text(work.kind)}, version {text(work.version)}, by {text(", ".join(author.name for author in work.authors))}.
Licence: {_licence(work)}. The wording of the passages is not published.</p>
</footer>
{sources}</body>
</html>
""".encode(),
        )

    def _ways(self, here: str) -> str:
        return " ".join(
            f'<li><a href="{name}"{" aria-current=page" if name == here else ""}>{text(PAGES[name])}</a></li>'
            for name in self.pages
        )

    def _note(self) -> str:
        if not self.work.simulated:
            return ""
        return (
            f'<p class="note" role="note"><strong>{simulated_label.MARK}.</strong> Everything in this study is made '
            "up, for teaching and trials. It is not evidence.</p>\n"
        )


def _licence(work: Work) -> str:
    if work.licence_path.startswith(("https://", "http://")):
        return f'<a href="{text(work.licence_path)}" rel="license">{text(work.licence)}</a>'
    return text(work.licence)
