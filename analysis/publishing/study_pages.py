"""The pages of a published study: about it, codebook, explorer, counts, agreement, and its files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.display import html_elements
from analysis.display.html_elements import bullets, facts, paragraph, row, table, text
from analysis.publishing import code_pages, page_files, rereadable, shown_study
from analysis.publishing import explorer as explorer_page
from analysis.publishing.explorer import Explorer
from analysis.publishing.framed_page import PAGES, Frame
from analysis.publishing.published_work import Work, bibtex
from analysis.study.evidence import Evidence
from analysis.study_report import LeftOut, Report, asked, cooccurring, crossings, named_evidence
from analysis.support import formatting

MATERIAL = f"{page_files.FOLDER}/readings.js"
REPORT = "report.html"
_OF_ALL = ("index.html", "codebook.html", "data.html")  # also where nothing is coded
_IN_PAGES = {
    "codebook.html": "every code with its rule and its counts",
    "explorer.html": "passages, chosen by their codes; read one otherwise and see the counts change",
    "counts.html": "facets by each other, codes that occur together, interviewees",
    "agreement.html": "how far coders agree, and where they differ",
    "data.html": "tables, codebook and citation to download",
}
#: The files of the study by their place, what each is, and its size in bytes.
Downloads = list[tuple[str, str, int]]


class PublishedExplorer(Explorer):
    """The explorer of a published study, which names coders and cites the study."""

    def __init__(self, evidence: Evidence, work: Work) -> None:
        shown, chart = shown_study.of_explorer(evidence)
        super().__init__(shown, chart, named_evidence.names(shown.facets, "facet"))
        self._coders, self._work = named_evidence.names(shown.coders, "coder_id"), work

    def passage(self, key: str) -> str:
        """Return the address of the explorer with a passage alone."""
        return f"explorer.html?passages={key}"

    def coder(self, coder: str) -> str:
        """Return the name of a coder."""
        return self._coders.get(coder, coder)

    def citation(self, passage: Mapping[Any, Any]) -> str:
        """Return how a passage is cited."""
        return f"{passage['extract_id']}, in {self._work.citation}"


def _or_why_not(section: str | LeftOut) -> str:
    """Return a section, or why there is nothing to show."""
    return paragraph(f"Nothing to show: {section.why}.") if isinstance(section, LeftOut) else section


@dataclass(frozen=True)
class Pages:
    """The pages of a study: `evidence` as its tables have it, and its `report`, which has some of their sections."""

    evidence: Evidence
    work: Work
    report: Report

    @cached_property
    def shown(self) -> Evidence:
        """The study with the readings that pages show."""
        return shown_study.of_pages(self.evidence)

    @property
    def is_coded(self) -> bool:
        """Whether something is coded, so that there is something to explore and to count."""
        return bool(self.evidence.record["role"].eq("primary").any())

    def files(self, downloads: Downloads) -> Iterator[tuple[str, bytes]]:
        """Yield each page, and what it needs: place and content."""
        names = [name for name in PAGES if name in _OF_ALL or self.is_coded]
        frame = Frame(self.work, names)
        yield from page_files.files(self.is_coded)
        yield frame.page("index.html", self._about(names))
        explorer = PublishedExplorer(self.shown, self.work) if self.is_coded else None
        linked = frozenset(explorer.labels) if explorer else frozenset()
        labels = named_evidence.names(self.shown.facets, "facet")
        yield frame.page("codebook.html", code_pages.codebook(self.shown, labels, asked(self.evidence).units, linked))
        if explorer:
            yield MATERIAL, rereadable.script(rereadable.material(explorer.evidence, self.work.citation.rstrip(".")))
            yield frame.page("explorer.html", self._explorer(explorer), (*page_files.EXPLORER, *page_files.REREAD))
            yield frame.page("counts.html", self._counts())
            yield frame.page("agreement.html", self._agreement())
        yield frame.page("data.html", self._data(downloads))

    def _about(self, names: list[str]) -> str:
        parts = _or_why_not(self.report.sections["study"]) + paragraph(self._readings() if self.is_coded else "")
        pages = bullets(
            f'<a href="{name}">{text(PAGES[name])}</a>: {text(_IN_PAGES[name])}' for name in names if name in _IN_PAGES
        )
        return (
            f"{paragraph(self.work.description)}{pages}"
            f'<section aria-labelledby="study"><h2 id="study">The study</h2>{parts}</section>'
            f'<section aria-labelledby="cite"><h2 id="cite">Cite and use</h2>{self._cite()}</section>'
        )

    def _cite(self) -> str:
        work = self.work
        return facts(
            (
                ("Citation", text(work.citation)),
                ("Authors", text(", ".join(author.name for author in work.authors))),
                ("Version", text(work.version)),
                ("Licence", text(work.licence)),
                (
                    "BibTeX",
                    f'<button type="button" class="copy" data-copy="{text(bibtex(work))}" hidden>Copy BibTeX</button> '
                    '<a href="data.html">Files for reference managers</a>',
                ),
            )
        )

    def _explorer(self, explorer: PublishedExplorer) -> str:
        start = {
            "material": MATERIAL,
            "root": "",
            "claims": "",
            "passages": "explorer.html",
            "pages": ["explorer.html"],
        }
        all_facets, facets = len(self.shown.facets), len(explorer.evidence.facets)
        left_out = (
            f"{formatting.counted(facets, 'facet')} of {all_facets:,} are here; Codebook and Counts have all."
            if facets < all_facets
            else ""
        )
        gists = (
            ""
            if self.evidence.extracts["gist"].any()
            else "No passage has a gist, so keys, sources and codes are shown."
        )
        return (
            paragraph("Every passage, and how it was read.", gists, left_out)
            + explorer_page.explorer(explorer)
            + html_elements.script("reread-start", start)
            + "<h2>How to read this</h2>"
            + bullets(
                map(
                    text,
                    (
                        self._readings(),
                        "Gists restate what a passage says. Its wording is not published.",
                        "Only what supports a code is counted in its row.",
                        "The chart follows every filter but its own facets.",
                        "Passages are those that somebody marked. They do not show how often something happens.",
                    ),
                )
            )
        )

    def _readings(self) -> str:
        """Say what the ranges are taken over."""
        if shown_study.has_alternatives(self.evidence):
            return "The range of a count is over all readings that the coders allowed by naming alternatives."
        others = shown_study.other_coders(self.evidence)
        if not others:
            return "No coder named alternatives and none else coded, so no passage can be read otherwise."
        named = named_evidence.names(self.evidence.coders, "coder_id")
        who = formatting.listed([named[coder] for coder in others])
        return f"What {who} chose otherwise is shown as another reading. The range of a count is over all readings."

    def _counts(self) -> str:
        evidence, chosen = named_evidence.named(self.shown, asked(self.shown))
        own = self.report.sections
        cautions = paragraph(self._readings()) + _or_why_not(own["reading"])
        # Others differ from those of the report in the readings that ranges are taken over.
        sections = (
            ("reading", "How to read the figures", cautions),
            ("coverage", "How much of the texts is coded", own["coverage"]),
            ("crossings", "One facet by another", crossings.crossings(evidence, chosen)),
            ("together", "Codes that occur together", cooccurring.cooccurring(evidence, chosen)),
            ("interviewees", "Interviewees and saturation", own["interviewees"]),
            ("growth", "New codes, source by source", own["growth"]),
        )
        return "".join(
            f'<section aria-labelledby="{key}"><h2 id="{key}">{title}</h2>{body}</section>'
            for key, title, body in sections
            if not isinstance(body, LeftOut)
        )

    def _agreement(self) -> str:
        needed = self.report.sections["needed"]
        more = (
            "" if isinstance(needed, LeftOut) else f"<section><h2>Passages for a second coding</h2>{needed}</section>"
        )
        return f"<section><h2>By facet</h2>{_or_why_not(self.report.sections['agreement'])}</section>{more}"

    def _data(self, downloads: Downloads) -> str:
        rows = (
            row([f'<a href="{text(place)}">{text(place)}</a>', text(what), f"{size:,}"], kinds=["", "figure"])
            for place, what, size in downloads
        )
        files = table("Files to download", ("File", "What it holds", "Bytes"), rows, ["", "", "figure"])
        return (
            paragraph("The tables are a data package. Wording and names that were replaced stay with the authors.")
            + files
            + "<h2>How it was made</h2>"
            + _or_why_not(self.report.sections["made"])
        )
