"""How far coders agree who marked the texts freely: on what they marked, and on its codes, character by character."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import NamedTuple

import pandas as pd

from analysis.agreement import gamma, ratings, unitizing
from analysis.agreement.unitizing import Continuum, Reliability, Segment
from analysis.display.html_elements import frame, paragraph, text
from analysis.study import code_tree, simulated_label
from analysis.study.evidence import Evidence
from analysis.study.places import Places
from analysis.support import formatting

MOST_CODES = 20  # codes that are listed, those with most text
_CODING = "Codes of what two coders marked"


class Marked(NamedTuple):
    """The segments of some coders in the texts that all of them coded, by the codes of a facet at a level."""

    texts: tuple[str, ...]
    segments: dict[str, dict[str, list[Segment]]]  # by text and coder
    lengths: dict[str, int]
    others: int  # texts that only some of them coded
    coders: tuple[str, ...]

    def continua(self, code: Hashable = None) -> list[Continuum]:
        """Return the texts, with all segments or those of one code."""
        return [
            Continuum(
                self.lengths[one],
                tuple(
                    unitizing.flattened([part for part in self.segments[one][coder] if code in (None, part.code)])
                    for coder in self.coders
                ),
            )
            for one in self.texts
        ]


def marked(evidence: Evidence, places: Places, facet: str, coders: tuple[str, ...], level: str) -> Marked:
    """Return what some coders marked in the texts that all of them coded, in any facet."""
    place = places.passages
    coded = evidence.codings[["extract_id", "coder_id"]].merge(place[["extract_id", "text"]], on="extract_id")
    coded = coded[coded["coder_id"].isin(coders)].drop_duplicates(["text", "coder_id"])
    times = coded["text"].value_counts()
    texts = tuple(one for one in places.lengths if times.get(one, 0) == len(coders))
    rows = ratings.primary_codes(evidence, facet, coders, level).merge(place, on="extract_id")
    segments: dict[str, dict[str, list[Segment]]] = defaultdict(lambda: defaultdict(list))
    for text_id, coder, code, start, end in rows[["text", "coder_id", "code", "start", "end"]].to_numpy().tolist():
        if end > start:
            segments[text_id][coder].append(Segment(start, end, code))
    return Marked(texts, segments, dict(places.lengths), len(times) - len(texts), coders)


def on_segments(evidence: Evidence, places: Places, facet: str, coders: tuple[str, ...], level: str) -> str:
    """Return the agreement on segments, or nothing where coders have no text in common."""
    found = marked(evidence, places, facet, coders, level)
    if not any(found.segments[one] for one in found.texts):
        return ""
    texts = found.continua()
    sizes = unitizing.unitizing(texts)
    rows = {
        "Text marked or not": (sizes.relevance, "|uα", "whether they marked the same text, whatever the code"),
        "Text marked with the same codes": (sizes.everything, "uα", "both together: what is marked, and its codes"),
        _CODING: (sizes.coding, "cuα", "whether they gave the same codes where both marked; uncoded text is left out"),
    }
    table = pd.DataFrame(
        {
            "Alpha": [_shown(alpha) for alpha, *_ in rows.values()],
            "Written": [sign for _, sign, _ in rows.values()],
            "It says": [says for *_, says in rows.values()],
        },
        index=pd.Index(rows, name="On"),
    )
    caption = f"Agreement of {formatting.listed(coders)} on segments of {facet}"
    return (
        f"<h4>On segments of {text(facet)}</h4>"
        + paragraph(*_explained(found, texts, sizes.coding))
        + frame(simulated_label.captioned(evidence, caption), table)
        + paragraph(_gamma(texts))
        + _codes(evidence, facet, found, texts, sizes)
    )


def _explained(found: Marked, texts: list[Continuum], coding: Reliability) -> Iterator[str]:
    """Say what is compared."""
    yield (
        "Passages are compared only where coders marked the same beginning and end. Krippendorff's unitizing alpha "
        "compares the texts character by character instead, so that segments may meet in part: 1 is full agreement, 0 "
        "what chance brings."
    )
    number = formatting.counted(len(found.texts), "text")
    yield f"It is computed on the {number} in which each of them coded something."
    if found.others:
        others = formatting.capitalize_first(formatting.counted(found.others, "text"))
        yield f"{others} that only some coded {'is' if found.others == 1 else 'are'} left out."
    yield f"Both marked {formatting.whole_percent(coding.share)} of the text."
    if any(len(one.code) > 1 for text in texts for coder in text.coders for one in coder):  # type: ignore[arg-type]
        yield "Where segments of one coder overlap, the set of their codes counts as one code."
    yield (
        f"Intervals at 95% come from {unitizing.RESAMPLES:,} redrawn sets of texts."
        if len(found.texts) >= unitizing.FEWEST
        else f"There is no interval, which would need {unitizing.FEWEST} texts."
    )


def _gamma(texts: list[Continuum]) -> str:
    if not gamma.is_installed():
        return (
            "The coefficient gamma (Mathet, Widlöcher and Métivier 2015) is not given, because the library "
            "pygamma-agreement is not installed."
        )
    value = gamma.gamma(texts)
    if value is None:
        return f"Gamma is not given: it needs segments of every coder, {gamma.MOST_SEGMENTS} at most together."
    return (
        f"Gamma (Mathet, Widlöcher and Métivier 2015; library pygamma-agreement) is {formatting.rounded(value)}: it "
        "aligns segments, so that those that nearly meet count as nearly the same."
    )


def _codes(evidence: Evidence, facet: str, found: Marked, texts: list[Continuum], sizes: unitizing.Unitizing) -> str:
    """Return how far coders agree on where each code is and, where none overlap, on the code of what both marked."""
    names = code_tree.names(evidence.codes, facet)
    amount: dict[Hashable, int] = defaultdict(int)
    for one in found.texts:
        for parts in found.segments[one].values():
            for part in parts:
                amount[part.code] += part.end - part.start
    most = sorted(amount, key=lambda code: -amount[code])[:MOST_CODES]
    total = sum(one.length for one in texts) * len(found.coders)
    rows = {
        names[str(code)]: {
            "Share of the text": f"{amount[code] / total:.1%}",
            "Marked with it or not (|uα)": _shown(unitizing.unitizing(found.continua(code)).relevance),
        }
        for code in most
    }
    single = all(len(code) == 1 for code in sizes.of_codes)  # type: ignore[arg-type]
    if single:
        for code in most:
            rows[names[str(code)]]["Among what both marked, (k)uα"] = _shown(sizes.of_codes[frozenset({code})])
    number = f", the {MOST_CODES} of {len(amount)} with most text" if len(amount) > MOST_CODES else ""
    caption = f"Agreement of {formatting.listed(found.coders)} on where each code of {facet} is{number}"
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("Code")
    return frame(simulated_label.captioned(evidence, caption), table)


def _shown(one: Reliability) -> str:
    if one.value is None:
        return "not defined"
    if one.low is None or one.high is None:
        return formatting.rounded(one.value)
    return f"{formatting.rounded(one.value)} ({formatting.rounded(one.low)} to {formatting.rounded(one.high)})"
