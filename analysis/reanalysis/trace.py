"""The way from a number, a code, a passage or a claim to the rows it rests on, as text."""

import difflib
from collections.abc import Callable, Hashable, Iterator

import pandas as pd

from analysis.counting import crosstabs, frequencies
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import article_model, article_numbers, claims, close_reading
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths
from analysis.support.errors import CompendiumError
from analysis.support.terminal import visible

_MODEL = "model"
Tracer = Callable[[Evidence, str], Iterator[str]]


class TraceError(CompendiumError):
    """A name that nothing in the study has."""


def trace(evidence: Evidence, name: str) -> str:
    """Return what is behind a name, down to the rows, their coders and their reasons.

    A name is a passage (`F14`), a code (`practical-issues`), a facet (`stage`), a claim (`C40`), a verdict
    (`illustrated`), a cell of stage or response by power (`resource/initiation`), their table (`power/stage`), an
    observation (`documents-never-cited`), or `model`. Raises TraceError for any other, with the names that are most
    like it.
    """
    known = names(evidence)
    if name not in known:
        like = difflib.get_close_matches(name, known, n=3) or _examples(evidence)
        of_article = ["claims", "verdicts", "observations", "the model"] if evidence.study.article else []
        kinds = ["passages", "codes", "facets", *of_article]
        if cells := _cells(evidence):
            facets = [axis.facet for axis in next(iter(cells.values()))]
            kinds.append(f"cells and their table ({'/'.join(facets)})")
        expected = f"Names are those of {formatting.listed(kinds)}; for example {formatting.listed(like)}."
        raise TraceError(f"Nothing is named {name!r}. {expected}")
    return "\n".join(map(visible, [*known[name](evidence, name), *_in_the_documents(evidence, name)]))


def _examples(evidence: Evidence) -> list[str]:
    if evidence.study.article:
        return ["F14", "resource/initiation", "C01"]
    return [evidence.extracts["extract_id"].iloc[0], evidence.codes["code_id"].iloc[0]]


def _in_the_documents(evidence: Evidence, name: str) -> Iterator[str]:
    for what, file in (("article", paths.ARTICLE), ("supplement", paths.SUPPLEMENT)):
        if evidence.study.article and file.is_file():
            for line, inline in article_numbers.mentions(file.read_text(encoding="utf-8"), name):
                yield f"  in the {what}, line {line} of {paths.shown(file)}{f': {inline}' if inline else ''}"


def names(evidence: Evidence) -> dict[str, Tracer]:
    """Return every name that can be traced, with what traces it."""
    codes = evidence.codes
    of_article: dict[str, Tracer] = {}
    if evidence.study.article:
        of_article = {
            observe.__name__.replace("_", "-"): _observation for observe in close_reading.OBSERVATIONS
        } | dict.fromkeys(claims.ledger(evidence).claims["claim_id"], _claim)
        of_article |= dict.fromkeys(claims.VERDICTS, _verdict) | {_MODEL: _model}
    cells = _cells(evidence)
    tables = ("/".join(axis.facet for axis in axes) for axes in cells.values())
    return (
        dict.fromkeys((f"{row}/{column}" for row, column in cells), _cell)
        | dict.fromkeys(tables, _table)
        | dict.fromkeys(evidence.facets["facet"], _facet)
        | dict.fromkeys(codes["code_id"], _code)
        | of_article
        | dict.fromkeys(evidence.extracts["extract_id"], _passage)
    )


def _cells(evidence: Evidence) -> dict[tuple[str, str], tuple[Axis, Axis]]:
    """Return the axes of every cell of two facets by its codes, the facet that comes first in the study as rows."""
    found: dict[tuple[str, str], tuple[Axis, Axis]] = {}
    places = evidence.codes[["facet", "code_id", "level"]].to_numpy().tolist()
    order = {facet: place for place, facet in enumerate(evidence.facets["facet"])}
    for facet, row, level in places:
        for other, column, other_level in places:
            if order[facet] < order[other]:
                found.setdefault((row, column), (Axis(facet, level), Axis(other, other_level, "lead-in")))
    return found


def _passage(evidence: Evidence, extract: str) -> Iterator[str]:
    row = evidence.extracts.set_index("extract_id").loc[extract].to_dict()
    yield f"{extract}  {row['gist']}".rstrip()
    source = evidence.sources.set_index("source_id").loc[row["source_id"]].to_dict()
    repeats = f"; says again what {row['repeats']} says" if row["repeats"] else ""
    section = f"section {row['section']}" if row["section"] else ""
    yield f"  {', '.join(part for part in (source['label'], section, row['form']) if part)}{repeats}"
    yield from _codings(evidence, evidence.codings[evidence.codings["extract_id"] == extract])
    if evidence.study.article:
        links = claims.ledger(evidence).evidence
        own = links[links["extract_id"] == extract]
        for claim, bearing, why in own[["claim_id", "bearing", "rationale"]].to_numpy():
            yield f"  claim {claim}: {bearing}. {why}"
        for side, found in claims.counted_on(evidence, extract).items():
            if other := [claim for claim in found if claim not in set(own["claim_id"])]:
                yield f"  counted {side} {formatting.listed(other)}"


def _code(evidence: Evidence, code: str) -> Iterator[str]:
    for row in evidence.codes[evidence.codes["code_id"] == code].astype(str).to_dict("records"):
        yield from _code_of_facet(evidence, row)


def _code_of_facet(evidence: Evidence, row: dict[Hashable, str]) -> Iterator[str]:
    code, facet, level = row["code_id"], row["facet"], row["level"]
    yield f"{code}  {row['name']} ({facet}, {level})"
    for part in ("definition", "include", "exclude", "boundary"):
        if row[part]:
            yield f"  {part}: {row[part]}"
    table = frequencies.of_codes(evidence, facet)
    margin = table[(table["code_id"] == code) & (table["stance"] == "supports")]
    for unit, count, lowest, highest in margin[["unit", "count", "lowest", "highest"]].to_numpy().tolist():
        yield f"  supporting {unit}s: {formatting.count_with_range(count, lowest, highest)}"
    below = [code_id for code_id, up in code_tree.rolled_up(evidence.codes, facet, level).items() if up == code]
    chosen = (evidence.record["facet"] == facet) & evidence.record["code_id"].isin(below)
    yield from _codings(evidence, evidence.record[chosen], gists=True)


def _cell(evidence: Evidence, name: str) -> Iterator[str]:
    row, column = name.split("/")
    axes = _cells(evidence)[row, column]
    facets = [axis.facet for axis in axes]
    lead_ins = ", with lead-ins" if (evidence.record["basis"] == "lead-in").any() else ""
    yield f"{name}  {facets[1]} by {facets[0]}{lead_ins}"
    table = crosstabs.crosstab_in_units(evidence, *axes)
    cell = table[(table["row"] == row) & (table["column"] == column)]
    for unit, count, lowest, highest in cell[["unit", "count", "lowest", "highest"]].to_numpy().tolist():
        yield f"  {unit}s: {formatting.count_with_range(count, lowest, highest)}"
    here, possible = cell.loc[cell["unit"] == "passage", ["extracts", "possible"]].to_numpy().tolist()[0]
    elsewhere = [extract for extract in possible if extract not in here]
    yield f"  as coded: {formatting.listed(here)}; in some reading also: {formatting.listed(elsewhere)}"
    record = evidence.record
    for extract in [*here, *elsewhere]:
        own = record[(record["extract_id"] == extract) & record["facet"].isin(facets)]
        yield from _codings(evidence, own, gists=True)


def _table(evidence: Evidence, name: str) -> Iterator[str]:
    row, column = name.split("/")
    axes = Axis(row), Axis(column, basis="lead-in")
    yield f"{name}  {column} by {row}, passages that support each cell"
    table = crosstabs.crosstab(evidence, *axes)
    cells = table[table["row"].isin(evidence.codes["code_id"]) & table["column"].isin(evidence.codes["code_id"])]
    for cell in cells.to_dict("records"):
        counts = formatting.count_with_range(cell["count"], cell["lowest"], cell["highest"])
        yield f"  {cell['row']}/{cell['column']}  {counts}: {formatting.listed(cell['extracts'])}"
    yield from _codings(evidence, evidence.record[evidence.record["facet"].isin([row, column])], gists=True)


def _facet(evidence: Evidence, facet: str) -> Iterator[str]:
    codings = evidence.codings[evidence.codings["facet"] == facet]
    coders = codings["coder_id"].unique()
    yield f"{facet}  {formatting.counted(len(codings), 'coding')} by {formatting.listed(list(coders))}"
    yield from _codings(evidence, codings, gists=True)


def _verdict(evidence: Evidence, verdict: str) -> Iterator[str]:
    found = {claim: one for claim, one in claims.find(evidence).items() if one.verdict == verdict}
    yield f"{verdict}  {formatting.counted(len(found), 'claim')}"
    texts = claims.ledger(evidence).claims.set_index("claim_id")["claim"]
    for claim, one in found.items():
        yield f"  {claim}  {texts[claim]}"
        yield f"      for: {formatting.listed(one.passages)}; against: {formatting.listed(one.against)}"


def _model(evidence: Evidence, name: str) -> Iterator[str]:
    steps = article_model.steps(evidence)
    yield f"{name}  {formatting.counted(len(steps), 'step')}"
    for step in steps.to_dict("records"):
        yield f"  {step['source']} → {step['target']}: stated by {formatting.listed(step['claims'])}"
        yield f"      for: {formatting.listed(step['extracts'])}; against: {formatting.listed(step['against'])}"


def _claim(evidence: Evidence, claim: str) -> Iterator[str]:
    ledger = claims.ledger(evidence)
    row = ledger.claims.set_index("claim_id").loc[claim].to_dict()
    yield f"{claim}  {row['claim']} ({row['kind']}; section {row['section']}; {claims.ORIGINS[row['origin']]})"
    yield f"  tested as: {row['quantity']}"
    yield f"  check: {row['check']} {row['args'] or ''}".rstrip()
    found = claims.find(evidence)[claim]
    yield f"  verdict: {found.label}. {found.summary}"
    if row["objection"]:
        yield f"  objection that remains: {row['objection']}"
    for pattern in claims.patterns(evidence).query("claim_id == @claim").to_dict("records"):
        yield (
            f"  {pattern['basis']}, {pattern['unit']}s: {pattern['of_record']} as coded, {pattern['lowest']} to "
            f"{pattern['highest']} over all readings; holds in a share of {pattern['share']}; "
            f"reversed by: {pattern['tipping']}"
        )
    links = ledger.evidence[ledger.evidence["claim_id"] == claim]
    gist = evidence.extracts.set_index("extract_id")["gist"]
    for extract, bearing, why in links[["extract_id", "bearing", "rationale"]].to_numpy().tolist():
        yield f"  {extract} {bearing}: {why}"
        yield f"      {gist[extract]}"
    linked = set(links["extract_id"])
    for side, extracts in (("for", found.passages), ("against", found.against)):
        for extract in (extract for extract in extracts if extract not in linked):
            yield f"  {extract} counted {side} it: {gist[extract]}"


def _observation(evidence: Evidence, name: str) -> Iterator[str]:
    row = close_reading.observations(evidence).set_index("observation").loc[name].astype(str).to_dict()
    listed = row["which"] or ("none" if row["count"] == "0" else "counted and not listed")
    yield f"{name}  {row['count']}"
    yield f"  {row['meaning']}"
    yield f"  computed by analysis.reanalysis.close_reading.{name.replace('-', '_')}: {listed}"
    gist = evidence.extracts.set_index("extract_id")["gist"]
    for which in row["which"].split():
        if which in gist.index:
            yield f"  {which}: {gist[which]}"


def _codings(evidence: Evidence, rows: pd.DataFrame, gists: bool = False) -> Iterator[str]:
    """List codings passage by passage, with the gists where `gists` asks for them."""
    gist = evidence.extracts.set_index("extract_id")["gist"]
    for extract in rows["extract_id"].unique():
        if gists:
            yield f"  {extract}: {gist[extract]}".rstrip(": ")
        for row in rows[rows["extract_id"] == extract].to_dict("records"):
            yield (
                f"    {row['facet']}: {row['code_id']} ({row['role']}, {row['stance']}, basis {row['basis']}) "
                f"by {row['coder_id']}. {row['rationale']}".rstrip()
            )
