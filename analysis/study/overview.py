"""What there is in a coded study, and what stands out in it."""

from collections.abc import Iterator

import pandas as pd

from analysis.study import code_tree
from analysis.study.coders import ONE_NAME, UNKNOWN, is_named
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths

NOTHING_CODED = "Nothing is coded yet, so nothing can be counted or compared."
FEW = 0.1  # a coder who coded a smaller share of a facet's coded passages than this coded few
_WHOLE = "whole"  # the form of a passage that is a whole source, as the import writes it
NAMED = 8  # things that a remark names at most; the rest are counted


def facets_with_codes(evidence: Evidence) -> list[str]:
    """Return the facets that have a code, in the order of `facets.csv`."""
    coded = set(evidence.codes["facet"])
    return [facet for facet in evidence.facets["facet"] if facet in coded]


def two_facets(evidence: Evidence, rows: str = "", columns: str = "") -> tuple[str, str]:
    """Return two facets to count by each other: those that are named, else the first of which a code was given.

    Raises StructureError for a study that has only one.
    """
    given = set(evidence.record["facet"])
    known = sorted(facets_with_codes(evidence), key=lambda facet: facet not in given)
    rows = rows or next(iter(known), "")
    columns = columns or next((facet for facet in known if facet != rows), "")
    if not columns:
        remedy = f"'{paths.COMMAND} study report' counts its codes."
        raise code_tree.StructureError(f"The study has one facet, {rows}, and none to count it by. {remedy}")
    return rows, columns


def facts(evidence: Evidence) -> dict[str, str]:
    """Return what there is in a study, a short text for each kind of thing."""
    passages, codings = evidence.passages, evidence.codings
    kinds = evidence.sources["kind"].value_counts(sort=False)
    interviewed = evidence.study.interviewed
    more = interviewed is not None and interviewed != kinds.get("interviewee", 0)
    asked = f"; {interviewed:,} were interviewed" if more else ""
    statements = passages["statement"].nunique()
    repeats = "" if statements == len(passages) else f" ({statements:,} distinct statements)"
    spoken = passages["interviewee"].notna()
    people = formatting.counted(passages["interviewee"].nunique(), "interviewee")
    from_people = (
        f"{'all' if spoken.all() else f'{spoken.sum():,} of them'} from {people}"
        if spoken.any()
        else "none of them from an interviewee"
    )
    by_kind = formatting.listed([formatting.counted(n, str(kind)) for kind, n in kinds.items()])
    if codings.empty:
        return {
            "Sources": f"{len(evidence.sources):,}{f' ({by_kind}{asked})' if by_kind else ''}",
            **_text(evidence),
            "Passages": f"{len(passages):,}",
            "Codings": "none yet",
        }
    return {
        "Sources": f"{len(evidence.sources):,} ({by_kind}{asked})",
        **_text(evidence),
        "Passages": f"{len(passages):,}{repeats}, {from_people}",
        "Codings": f"{len(codings):,} by {_by_whom(codings['coder_id'])}; counted are the "
        f"{len(evidence.record):,} of the coding of record",
    }


def _by_whom(coder_of_each: "pd.Series[str]") -> str:
    """Say how many coders gave some codings, and for how many of these nobody is named."""
    named = coder_of_each.map(is_named).astype(bool)
    if not named.any() and len(named):
        return "nobody who is named"
    of_nobody = f" and, {(~named).sum():,} of them, by nobody who is named" if not named.all() else ""
    return f"{formatting.counted(coder_of_each[named].nunique(), 'coder')}{of_nobody}"


def _text(evidence: Evidence) -> dict[str, str]:
    """Say how much text the sources have, and how much of it was marked, as far as that is known."""
    origin = evidence.study.origin
    if origin is None or not origin.words or not origin.characters:
        return {}
    text = formatting.counted(origin.words, "word")
    if origin.without_text and origin.with_text is not None:
        every = formatting.counted(origin.with_text + origin.without_text, "source")
        text += f" in {formatting.in_words(origin.with_text)} of {every}, as no other has its text in the file"
    # Studies that were imported before marks without a text were left out may have more of them than characters.
    if origin.marked is None or origin.marked > origin.characters:
        return {"Text": text}
    share = formatting.share(origin.marked, origin.characters)
    aside = ", passages that are whole sources aside" if (evidence.extracts["form"] == _WHOLE).any() else ""
    return {"Text": f"{text}; {share} of the characters lie in a passage{aside}"}


def facets(evidence: Evidence) -> pd.DataFrame:
    """Describe the facets: a row for each, in their order.

    Columns `facet, description, exclusive, levels` (a dict from each level to its number of codes), `coded` (passages
    with a primary code in the coding of record), `of_record` (the coders of record).
    """
    primary = evidence.record[evidence.record["role"] == "primary"]
    with_codes = facets_with_codes(evidence)
    rows = []
    for facet, description, exclusive in evidence.facets[["facet", "description", "exclusive"]].to_numpy().tolist():
        codes = evidence.codes[evidence.codes["facet"] == facet]
        levels = code_tree.levels(evidence.codes, facet) if facet in with_codes else []
        rows.append(
            {
                "facet": facet,
                "description": description,
                "exclusive": exclusive,
                "levels": {level: int((codes["level"] == level).sum()) for level in levels},
                "coded": primary.loc[primary["facet"] == facet, "extract_id"].nunique(),
                "of_record": evidence.study.coding_of_record[facet],
            }
        )
    return pd.DataFrame(rows)


def coders(evidence: Evidence) -> pd.DataFrame:
    """Count the passages that each coder coded on each facet, whether as primary or as alternative.

    One row for each coder and facet, `coder_id, facet, passages, of_record`, those without a coding included.
    """
    coded = evidence.codings.groupby(["coder_id", "facet"])["extract_id"].nunique()
    return pd.DataFrame(
        [
            (coder, facet, int(coded.get((coder, facet), 0)), coder in evidence.study.coding_of_record[facet])
            for coder in evidence.coders["coder_id"]
            for facet in evidence.facets["facet"]
        ],
        columns=["coder_id", "facet", "passages", "of_record"],
    )


def summary(evidence: Evidence) -> Iterator[str]:
    """Say what there is in a study, in a line for each kind of thing and for each facet."""
    if evidence.study.title:
        yield evidence.study.title
    for name, text in facts(evidence).items():
        yield f"{name}: {text}"
    by_coder = coders(evidence)
    for row in facets(evidence).to_dict("records"):
        levels = ", ".join(f"{level} {n}" for level, n in row["levels"].items()) or "none"
        own = by_coder[(by_coder["facet"] == row["facet"]) & (by_coder["passages"] > 0)]
        who = [
            f"{coder} {passages:,}{' of record' if of_record else ''}"
            for coder, passages, of_record in own[["coder_id", "passages", "of_record"]].to_numpy().tolist()
        ]
        yield (
            f"Facet {row['facet']} ({'one code a passage' if row['exclusive'] else 'several codes a passage'}): codes "
            f"{levels}; passages coded by {', '.join(who) or 'nobody'}"
        )


def remarks(evidence: Evidence) -> list[str]:
    """Say what stands out: what is not defined, not used, not coded, and who coded little. None of it is a fault."""
    return [formatting.capitalize_first(remark) for remark in _remarks(evidence)]


def _remarks(evidence: Evidence) -> Iterator[str]:
    if evidence.codings.empty:
        yield NOTHING_CODED
        yield from _without_rules(evidence)
        return
    yield from _of_codes(evidence)
    uncoded = evidence.extracts.loc[~evidence.extracts["extract_id"].isin(evidence.codings["extract_id"]), "extract_id"]
    if len(uncoded):
        yield f"{formatting.counted(len(uncoded), 'passage')} without any code: {_some(uncoded)}."
    for row in facets(evidence).to_dict("records"):
        if row["levels"] and row["exclusive"] and 0 < row["coded"] < len(evidence.extracts):
            yield (
                f"Facet {row['facet']}: the coding of record gives {row['coded']:,} of {len(evidence.extracts):,} "
                "passages a code."
            )
        elif row["levels"] and not row["coded"]:
            yield f"Facet {row['facet']}: no passage has a code in the coding of record."
    yield from _of_coders(evidence)
    silent = evidence.sources.loc[~evidence.sources["source_id"].isin(evidence.extracts["source_id"]), "source_id"]
    if len(silent):
        yield f"{formatting.counted(len(silent), 'source')} without a passage: {_some(silent)}."
    if not evidence.passages["interviewee"].notna().any():
        yield "No passage is from an interviewee, so nothing is counted in interviewees."


def _without_rules(evidence: Evidence) -> Iterator[str]:
    codes = evidence.codes
    for facet in evidence.facets["facet"]:
        if facet not in set(codes["facet"]):
            yield f"Facet {facet} has no codes."
    undefined = codes[codes["definition"] == ""]
    if len(undefined):
        yield f"{formatting.counted(len(undefined), 'code')} without a definition: {_some(_names(undefined))}."


def _of_codes(evidence: Evidence) -> Iterator[str]:
    codes = evidence.codes
    yield from _without_rules(evidence)
    given = set(zip(evidence.codings["facet"], evidence.codings["code_id"], strict=True))
    parents = set(zip(codes["facet"], codes["parent_id"], strict=True))
    keys = zip(codes["facet"], codes["code_id"], _names(codes), strict=True)
    # A code with codes below it need not be given itself.
    unused = [name for facet, code, name in keys if (facet, code) not in given and (facet, code) not in parents]
    if unused:
        yield f"{formatting.counted(len(unused), 'code')} that nobody gave: {_some(unused)}."


def _of_coders(evidence: Evidence) -> Iterator[str]:
    by_coder = coders(evidence)
    idle = by_coder.groupby("coder_id", sort=False)["passages"].sum()
    for coder in idle.index[idle == 0]:
        yield f"Coder {coder} coded nothing."
    named = evidence.coders[evidence.coders["coder_id"].map(is_named).astype(bool)]
    of_nobody = (~evidence.codings["coder_id"].isin(named["coder_id"])).sum()
    if of_nobody:
        given = formatting.counted(of_nobody, "coding")
        yield f"{given} by nobody who is named: counted, and compared with no coder's."
    one_name = named.loc[named["description"].str.endswith(f"{ONE_NAME}."), "coder_id"]
    if len(one_name):
        yield f"The project has one name for {_some(one_name)}. If they are one person, their agreement means nothing."
    untold = named.loc[named["kind"] == UNKNOWN, "coder_id"]
    if len(untold):
        yield f"It is not said what kind of coder {_some(untold)} {'is' if len(untold) == 1 else 'are'} (coders.csv)."
    for facet, of_facet in by_coder.groupby("facet", sort=False):
        coded = int(evidence.codings.loc[evidence.codings["facet"] == facet, "extract_id"].nunique())
        few = of_facet[(of_facet["passages"] > 0) & (of_facet["passages"] < FEW * coded)]
        few = few[few["coder_id"].isin(named["coder_id"])]
        if len(few):
            of_each = [f"{coder} ({n:,})" for coder, n in zip(few["coder_id"], few["passages"], strict=True)]
            yield f"Few passages on {facet} were coded by {_some(of_each)}, of {coded:,} that anybody coded."


def _names(codes: pd.DataFrame) -> list[str]:
    """Return what some codes are called; their ids, where they have no names."""
    return [name or code for name, code in zip(codes["name"], codes["code_id"], strict=True)]


def _some(names: "pd.Series | list[str]") -> str:
    """Return some names as a list, and how many more there are."""
    shown = [str(name) for name in names][:NAMED]
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more:,} more" if more else formatting.listed(shown)
