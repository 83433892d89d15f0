"""How much of each text is coded; where passages overlap, a character counts once."""

from collections import defaultdict
from typing import NamedTuple

import pandas as pd

from analysis.display import bar_plots
from analysis.display.bar_plots import Bar
from analysis.display.figures import TRACK, drawn
from analysis.display.html_elements import figure, frame, paragraph
from analysis.study import simulated_label
from analysis.study.evidence import Evidence
from analysis.study.places import Places, Span, covered
from analysis.study_report.asked import LeftOut
from analysis.support import formatting

MOST_TEXTS = 60  # that are listed; of more, those with the highest and the lowest shares
MOST_BARS = 30


class Coverage(NamedTuple):
    """A text, how many characters it has, how many of them are coded, and how many passages it has."""

    name: str
    characters: int
    coded: int
    passages: int


def coverage(evidence: Evidence, places: Places) -> list[Coverage]:
    """Return how much of each text lies in a passage with a code of any coder, in the order of the sources."""
    coded = places.passages[places.passages["extract_id"].isin(set(evidence.codings["extract_id"]))]
    spans: dict[str, list[Span]] = defaultdict(list)
    for text, start, end in coded[["text", "start", "end"]].to_numpy().tolist():
        spans[text].append((start, end))
    names = text_names(evidence, places)
    return [
        Coverage(names.get(text, ""), length, covered(spans[text]), len(spans[text]))
        for text, length in places.lengths.items()
    ]


def text_names(evidence: Evidence, places: Places) -> dict[str, str]:
    """Return the name of each text with a passage: its source, and its own name where the source has several."""
    known = places.passages.merge(evidence.extracts[["extract_id", "source_id", "section"]], on="extract_id")
    known = known.drop_duplicates("text")
    labels = dict(zip(evidence.sources["source_id"], evidence.sources["label"], strict=True))
    several = set(known.loc[known["source_id"].duplicated(keep=False), "source_id"])
    return {
        text: f"{labels[source]}, {section}" if source in several and section else labels[source]
        for text, source, section in known[["text", "source_id", "section"]].to_numpy().tolist()
    }


def shares(evidence: Evidence, places: Places | None) -> str | LeftOut:
    """Return the share of each text that is coded, with bars."""
    if places is None:
        return LeftOut("the file that the study came from has no whole texts")
    every = coverage(evidence, places)
    with_codes = [one for one in every if one.coded]
    if not with_codes:
        return LeftOut("no passage with a code is a part of a text")
    whole = Coverage("All texts", *(sum(part) for part in zip(*(one[1:] for one in every), strict=True)))
    listed = with_codes
    if len(listed) > MOST_TEXTS:
        ranked = sorted(with_codes, key=lambda one: -one.coded / one.characters)
        listed = ranked[: MOST_TEXTS // 2] + ranked[-MOST_TEXTS // 2 :]
    table = pd.DataFrame(
        {
            "Characters": [f"{one.characters:,}" for one in (*listed, whole)],
            "Coded": [f"{one.coded:,}" for one in (*listed, whole)],
            "Share coded": [formatting.share(one.coded, one.characters) for one in (*listed, whole)],
            "Passages": [f"{one.passages:,}" for one in (*listed, whole)],
        },
        index=pd.Index([one.name for one in (*listed, whole)], name="Text"),
    )
    uncoded = [one for one in every if not one.coded]
    counted = formatting.capitalize_first(formatting.counted(len(uncoded), "text"))
    some = f"The {MOST_TEXTS} texts with the highest and the lowest shares are listed, of {len(with_codes):,}."
    return (
        paragraph(
            "A character is coded if it lies in a passage that has a code of any coder. It counts once, however many "
            "passages and codes it has; so does a character that nobody coded.",
            f"{counted} without a code {'is' if len(uncoded) == 1 else 'are'} in the last row only." if uncoded else "",
            some if len(with_codes) > MOST_TEXTS else "",
            "A small share does not mean that little was found: what an interviewer says is seldom coded.",
        )
        + (_bars(evidence, listed) if 1 < len(listed) <= MOST_BARS else "")
        + frame(simulated_label.captioned(evidence, "How much of each text is coded, in characters"), table)
    )


def _bars(evidence: Evidence, listed: list[Coverage]) -> str:
    bars = [
        Bar(one.name, 1, formatting.share(one.coded, one.characters), one.coded / one.characters, TRACK)
        for one in listed
    ]
    told = ", ".join(f"{bar.name} {bar.figure}" for bar in bars)
    drawing = drawn(
        bar_plots.wide(bars, 1),
        f"Bars of the share of each text that is coded: {told}.",
        "Share of each text that is coded (dark), of all its characters.",
        evidence,
        bar_plots.narrow(bars, 1),
    )
    return figure(drawing)
