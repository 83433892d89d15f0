"""How far the coders agree: on all codes together, pair by pair, code by code, and on which passages they differ."""

import math
import re
from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from analysis import agreement
from analysis.agreement import Analytic, Bootstrap, Ratings, agreement_tables, readers
from analysis.display.html_elements import bullets, frame, paragraph, text
from analysis.study import code_tree, simulated_label
from analysis.study.coders import ONE_NAME, UNKNOWN, is_named
from analysis.study.evidence import Evidence
from analysis.study.origin import Origin
from analysis.study.places import Places
from analysis.study_report import segment_agreement
from analysis.study_report.asked import Asked, LeftOut
from analysis.support import formatting

MOST_DIFFERENCES = 25  # passages on which coders differ that are listed
MOST_PAIRS = 15  # pairs of coders that are compared
MOST_CODES = 12  # codes whose confusion fits a page


def agreements(evidence: Evidence, asked: Asked, places: Places | None = None) -> str | LeftOut:
    """Return the agreement of coders on each facet that two coders or more coded."""
    coders = {facet: readers.coders_of(evidence, facet) for facet in asked.facets}
    alone = [facet for facet, found in coders.items() if len(found) < 2]
    unclear = [*_unclear(evidence)]
    if len(alone) == len(coders):
        return LeftOut(" ".join(["one coder at most is named for every facet.", *unclear]).removesuffix("."))
    parts = [bullets(map(text, [*_READ_AS, *_overlaps(evidence.study.origin)]))]
    parts += [_facet(evidence, facet, tuple(found), asked, places) for facet, found in coders.items() if len(found) > 1]
    if alone:
        one = f"Primary codes of {formatting.listed(alone)} come from one coder at most: nothing can be compared."
        parts.append(paragraph(one))
    parts.append(paragraph(*unclear))
    return "".join(parts)


def _unclear(evidence: Evidence) -> Iterator[str]:
    """Say which codings are not compared, and which coders may be one person."""
    of_nobody = (~evidence.codings["coder_id"].map(is_named).astype(bool)).sum()
    if of_nobody:
        yield (
            f"Nobody is named for {formatting.counted(of_nobody, 'coding')}: counted above, and not compared here, "
            "since they may be by any of the coders or by several people."
        )
    one_name = evidence.coders.loc[evidence.coders["description"].str.endswith(f"{ONE_NAME}."), "coder_id"]
    if len(one_name):
        names = formatting.listed(list(one_name))
        yield f"The project has one name for {names}. If they are one person, their agreement means nothing."


_READ_AS = (
    "A coefficient says how far coders agree, not whether they are right. It is 1 where they agree on everything, and, "
    "except for percent agreement, 0 where they agree as often as by chance alone. No table can say which value is "
    "enough.",
    "It supposes that they judged independently of each other; language models of one kind, or people who wrote the "
    "rules together, do less so.",
    "Intervals are at 95%, with the standard error in brackets: analytic ones and redrawn passages show how far a "
    "value depends on single passages, redrawn interviewees (or other sources) how far it depends on who said them. "
    "They describe; coders and passages are not a random sample.",
    "The percent agreement of two coders is a share of passages and has an exact interval (Clopper and Pearson). It "
    "supposes that passages are independent, and is too narrow where some people said many of them. With more coders, "
    "percent agreement is a mean over pairs of coders, and unanimous agreement the share on which all agree.",
    "Where coders agree on every passage, no resample and no formula shows an error, and there is no interval: the "
    "next passage may divide them. Nor is there one for too few passages or people.",
)


def _overlaps(origin: Origin | None) -> Iterator[str]:
    """Say how often coders marked nearly the same, as far as the import saw it."""
    if origin is not None and origin.overlaps:
        overlapping = formatting.capitalize_first(formatting.counted(origin.overlaps, "passage"))
        yield (
            f"{overlapping} of the study overlapped, at the import, one that another coder had marked with another "
            "beginning or end. Such passages are not compared with each other."
        )


def _facet(evidence: Evidence, facet: str, coders: tuple[str, ...], asked: Asked, places: Places | None) -> str:
    level = asked.levels[facet]
    independent = readers.independent(evidence, facet)
    compared = independent if len(independent) > 1 else coders
    given = readers.chosen(evidence, facet, compared, level)
    parts = [f"<h3>Agreement on {text(facet)}</h3>", _who(evidence, facet, compared, level, given)]
    if _paired(given):
        sizes = _together(evidence, facet, given)
        parts += [
            paragraph(*_in_words(sizes, given)),
            frame(
                simulated_label.captioned(evidence, f"Agreement of {formatting.listed(compared)} on {facet}"),
                agreement_tables.sizes_for_readers(sizes),
            ),
            _by_code(evidence, facet, compared, given),
        ]
    if places is not None and _paired(given) < len(given.units):
        parts.append(segment_agreement.on_segments(evidence, places, facet, compared, level))
    if len(coders) > 2:
        parts.append(_pairs(evidence, facet, coders, level))
    if _paired(given):
        parts.append(_differences(evidence, facet, compared, given, asked))
    return "".join(parts)


def _together(
    evidence: Evidence, facet: str, given: Ratings, intervals: tuple[Analytic | Bootstrap, ...] = agreement.INTERVALS
) -> pd.DataFrame:
    """Return the coefficients for all codes together; reasons why one is not defined call codes by their names."""
    sizes = readers.together(evidence, facet, given, intervals)
    names = {repr(code): repr(name) for code, name in code_tree.names(evidence.codes, facet).items()}

    def in_names(reason: str) -> str:
        return re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], reason) if names else reason

    return sizes.assign(reason=sizes["reason"].map(in_names))


def _in_words(sizes: pd.DataFrame, given: Ratings) -> Iterator[str]:
    """Say in plain words how often coders agree, and how much of that is beyond chance."""
    rows = given.given[(given.given != agreement.MISSING).sum(axis=1) > 1]
    same = sum(len(set(row[row != agreement.MISSING].tolist())) == 1 for row in rows)
    yield (
        f"On {same:,} of {len(rows):,} passages ({formatting.share(same, len(rows))}), all who coded the passage gave "
        f"it the same; on the other {len(rows) - same:,} they differ."
    )
    alpha = sizes[sizes["coefficient"].eq("krippendorff-alpha") & sizes["method"].eq("analytic")].iloc[0]
    if math.isnan(alpha["value"]):
        return
    value, low, high = alpha["value"], alpha["low"], alpha["high"]
    reached = (
        f"{formatting.whole_percent(value)} of the way from chance to full agreement"
        if value > 0
        else "no more than by chance"
    )
    yield (
        f"Krippendorff's alpha is {formatting.rounded(value)}: coders agree {reached}, where a near miss counts in "
        "part if sets of codes are compared."
    )
    if not math.isnan(low):
        yield (
            f"Other passages of the same kind could as well have given anything from {formatting.rounded(low)} to "
            f"{formatting.rounded(high)}."
        )


def _compared(coded: int, paired: int) -> Iterator[str]:
    """Say how many passages are compared and, if these are not all, what the figures do not show."""
    if paired == coded:
        yield f"{coded:,} passages were coded, each by two of them at least."
        return
    yield f"{coded:,} passages were coded by one of them at least, {paired:,} by two or more."
    yield f"Only these {paired:,} are compared." if paired else "So nothing can be compared."
    yield (
        "What one coder alone gave a code of this facet may have been judged by the others to have none, or been "
        "passed over, or been marked by them with another beginning or end, which makes it another passage."
    )
    if paired:
        yield "So the figures say how far coders agree on a code for the same passage, not on what to mark."


_OF_PAIRS = ("percent-agreement", "cohen-kappa", "krippendorff-alpha")


def _paired(given: Ratings) -> int:
    """Return how many passages two coders or more coded."""
    return int(((given.given != agreement.MISSING).sum(axis=1) > 1).sum())


def _who(evidence: Evidence, facet: str, compared: tuple[str, ...], level: str, given: Ratings) -> str:
    of_record = [coder for coder in compared if coder in evidence.study.coding_of_record[facet]]
    kinds = evidence.coders.set_index("coder_id").loc[list(compared), "kind"]
    paired = _paired(given)
    who = formatting.listed([coder if kinds[coder] == UNKNOWN else f"{coder} ({kinds[coder]})" for coder in compared])
    sets = (
        "What is compared is the set of codes that a coder gave a passage. Alpha takes MASI's distance between two "
        "sets (Passonneau 2006): none between the same sets, the full one between sets with nothing in common, and a "
        "part of it where they overlap."
    )
    several = len(code_tree.levels(evidence.codes, facet)) > 1
    other_levels = "The option --level compares them at another level." if several else ""
    some_of_record = of_record and len(of_record) < len(compared)
    record = (
        f"{formatting.listed(of_record)} gave the coding of record; if it was made from the other codings, it is not "
        "an independent reading."
    )
    return (
        paragraph(f"This compares {who}, by their primary codes (level: {level}).", other_levels)
        + paragraph(*_compared(len(given.units), paired))
        + paragraph("" if readers.exclusive(evidence, facet) else sets, record if some_of_record else "")
    )


def _pairs(evidence: Evidence, facet: str, coders: tuple[str, ...], level: str) -> str:
    """Return two coefficients for each pair of coders, those of record included."""
    every = list(combinations(coders, 2))
    if len(every) > MOST_PAIRS:
        by_coder = readers.chosen(evidence, facet, coders, level)
        coded = dict(zip(by_coder.coders, (by_coder.given != agreement.MISSING).T, strict=True))
        every.sort(key=lambda pair: -int((coded[pair[0]] & coded[pair[1]]).sum()))
    record = set(evidence.study.coding_of_record[facet])
    rows = {}
    for pair in every[:MOST_PAIRS]:
        given = readers.chosen(evidence, facet, pair, level)
        sizes = _together(evidence, facet, given, (Analytic(),))
        sizes = sizes[sizes["coefficient"].isin(_OF_PAIRS)]
        ends = sizes[["coefficient", "weights", "value", "low", "high", "reason"]].to_numpy().tolist()
        rows[f"{pair[0]}, {pair[1]}"] = {
            "Compared": "with the coding of record" if len(record & set(pair)) == 1 else "coders with each other",
            "Passages both coded": f"{_paired(given):,}",
            **{agreement.labelled(name, weights): agreement_tables.with_interval(*one) for name, weights, *one in ends},
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("Coders")
    most = f"the {MOST_PAIRS} of {len(every)} pairs of coders with most passages that both coded"
    pairs = most if len(every) > MOST_PAIRS else "every pair of coders"
    caption = f"Agreement on {facet}, {pairs}, with exact or analytic intervals"
    return frame(simulated_label.captioned(evidence, caption), table)


def _by_code(evidence: Evidence, facet: str, compared: tuple[str, ...], given: Ratings) -> str:
    """Return the coefficients of each code against the rest; codes that nobody gave are left out."""
    sizes = agreement.per_code(given, readers.OF_EACH_CODE, [Analytic()])
    sizes = sizes[sizes["share"] > 0]
    ends = zip(sizes["value"], sizes["low"], sizes["high"], sizes["reason"], strict=True)
    sizes = sizes.assign(shown=[agreement_tables.with_interval(*one) for one in ends])
    names = code_tree.names(evidence.codes, facet)
    first = sizes.drop_duplicates("code").set_index("code")
    table = pd.DataFrame(
        {"Share of codings": [formatting.whole_percent(share) for share in first["share"]]}, index=first.index
    )
    for name in readers.OF_EACH_CODE:
        of_name = sizes[sizes["coefficient"] == name].set_index("code")
        table[agreement.labelled(name, "identity")] = of_name["shown"]
    caption = (
        f"Agreement of {formatting.listed(compared)} on each code of {facet} against the rest, with exact or analytic "
        "intervals"
    )
    return frame(
        simulated_label.captioned(evidence, caption),
        table.rename(index=names).rename_axis("Code").fillna("not defined"),
    )


def _differences(evidence: Evidence, facet: str, compared: tuple[str, ...], given: Ratings, asked: Asked) -> str:
    """Return where coders differ: crossed, if they are two, and passage by passage."""
    level = asked.levels[facet]
    differ = len(agreement.disagreements(given))
    if not differ:
        return paragraph(
            f"On no passage did {formatting.listed(compared)} choose differently.",
            "They may differ on the next one, so the coefficients that allow for chance have no interval.",
        )
    parts = []
    if len(compared) == 2 and readers.exclusive(evidence, facet) and len(given.codes) <= MOST_CODES:
        crossed = agreement_tables.confusion(evidence, facet, *compared, level)
        caption = f"Codes of {facet} that {compared[0]} (down) and {compared[1]} (across) gave the same passages"
        parts.append(frame(simulated_label.captioned(evidence, caption), crossed))
    listed = agreement_tables.reader_differences(evidence, facet, compared, level, MOST_DIFFERENCES)
    gist = "Gist"
    if asked.wording is not None:
        first = pd.Series([asked.wording.get(key, "") for key in listed.index], index=listed.index)
        listed, gist = listed.assign(Gist=first).rename(columns={"Gist": "Wording"}), "Wording"
    # Every row has its passage as its head, so that a reader sees where it belongs.
    listed = listed.set_axis(listed.index.to_series().replace("", pd.NA).ffill(), axis="index")
    empty = [column for column in (gist, "Also allowed", "Why") if not listed[column].str.strip().any()]
    listed = listed.drop(columns=empty)
    if {"Also allowed", "Why"} <= set(empty):
        listed = _in_one_row(listed, compared)
    number = f"the first {MOST_DIFFERENCES} of {differ:,} passages" if differ > MOST_DIFFERENCES else "the passages"
    caption = f"Differences on {facet}: {number} on which {formatting.listed(compared)} chose differently"
    return "".join([*parts, frame(asked.captioned(evidence, caption), listed)])


def _in_one_row(listed: pd.DataFrame, compared: tuple[str, ...]) -> pd.DataFrame:
    """Return one row for each passage, for coders who say only what they chose."""
    wide = listed.pivot(columns="Coder", values="Chosen").reindex(columns=list(compared)).fillna("")
    wide = wide.loc[listed.index.drop_duplicates()].rename_axis(columns=None)
    rest = listed.drop(columns=["Coder", "Chosen"])
    return rest[~rest.index.duplicated()].join(wide)
