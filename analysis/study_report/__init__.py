"""The report on a coded study: one self-contained page, whatever the study's facets and codes are.

Each section is a module; `report_page` is the frame around them. It fits any study, so it may not import `reanalysis`.
May import: `rendering`, `exchange`, `display`, `agreement`, `statistics`, `counting`, `study`, `support`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.study.evidence import Evidence
from analysis.study.places import Places
from analysis.study_report import (
    about,
    code_growth,
    coded_passages,
    coded_text,
    coder_agreement,
    coding_structure,
    cooccurring,
    crossings,
    how_made,
    interviewees,
    named_evidence,
    report_page,
    reporting_items,
    second_coding,
)
from analysis.study_report.asked import Asked, LeftOut, ReportError, asked
from analysis.support import csv_tables

__all__ = ["Asked", "LeftOut", "Report", "ReportError", "asked", "report"]


_OF_ALL = ("study", "codes", "made")  # sections that a study has in which nothing is coded yet


@dataclass(frozen=True)
class Report:
    """A page, and the table of passages that goes beside it where it is too long for a page (None where it is not).

    `sections` has what the page says in each section, by its key, or why it has none.
    """

    html: str
    passages: str | None
    sections: Mapping[str, str | LeftOut]


def report(
    evidence: Evidence,
    asked: Asked,
    command: str,
    passages_file: str = "passages.csv",
    tell: Callable[[str], None] = lambda _: None,
    places: Places | None = None,
) -> Report:
    """Make the report on a validated study: the same bytes for the same study, request and versions.

    `asked` says what to show. `command` is the command line, for the colophon; `passages_file` is the name of the table
    of passages, beside the page. `tell` is called with the title of each section before it is made. `places` is where
    the passages are in their texts, if that is known. A section that the study has nothing for is left out.
    """
    stored = evidence
    evidence, asked = named_evidence.named(evidence, asked)
    left_out: dict[str, LeftOut] = {}
    sections: tuple[tuple[str, str, Callable[[], str | LeftOut]], ...] = (
        ("study", "The study", lambda: about.study(evidence, asked)),
        ("reading", "How to read the figures", lambda: about.reading(evidence, asked)),
        ("coverage", "How much of the texts is coded", lambda: coded_text.shares(evidence, places)),
        ("codes", "Coding structure", lambda: coding_structure.structures(evidence, asked)),
        ("agreement", "Agreement between coders", lambda: coder_agreement.agreements(evidence, asked, places)),
        ("needed", "Passages for a second coding", lambda: second_coding.needed(evidence, asked)),
        ("crossings", "One facet by another", lambda: crossings.crossings(evidence, asked)),
        ("together", "Codes that occur together", lambda: cooccurring.cooccurring(evidence, asked)),
        ("interviewees", "Interviewees and saturation", lambda: interviewees.spread(evidence, asked)),
        ("growth", "New codes, source by source", lambda: code_growth.growth(evidence, asked)),
        ("passages", "Passages by code", lambda: coded_passages.listed(evidence, asked, passages_file)),
        ("guidelines", "What guidelines ask for", lambda: reporting_items.guidelines(evidence, asked)),
        ("made", "How this report was made", lambda: how_made.made(stored, command, left_out)),
    )
    done, made = [], dict[str, str | LeftOut]()
    for n, (key, title, compute) in enumerate(sections, start=1):
        tell(f"{n} of {len(sections)}: {title}")
        body = compute() if key in _OF_ALL or len(evidence.codings) else LeftOut("nothing is coded yet")
        made[key] = body
        if isinstance(body, LeftOut):
            left_out[title] = body
        else:
            done.append(report_page.Section(key, title, body))
    listed = any(section.key == "passages" for section in done)
    too_many = listed and coded_passages.too_many(evidence, asked)
    return Report(
        report_page.page(evidence, asked, done),
        csv_tables.for_people(coded_passages.coded(evidence, asked)) if too_many else None,
        made,
    )
