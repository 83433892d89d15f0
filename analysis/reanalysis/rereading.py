"""What if passages were read otherwise: the cells, patterns, verdicts and steps of the model that change, and how.

A passage that is read otherwise is *settled*: the code given is its primary code, and it keeps no alternative on that
facet. All other passages keep all their allowed readings. Changes are those between the study and the study with the
settled passages, both assessed whole; `analysis.reanalysis.single_rereadings` has the same for every allowed re-reading
by itself.
"""

import difflib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import pandas as pd

from analysis.counting.allowed_codes import allowed_codes as allowed_codes
from analysis.counting.allowed_codes import context_only as context_only
from analysis.counting.crosstabs import Axis
from analysis.counting.readings import Settled, settle
from analysis.reanalysis import article_model, claims
from analysis.reanalysis.claims import Assessment, Pattern
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError

BASIS = claims.BASES[-1]  # on which verdicts rest
#: What can change beside the cells of tables.
VERDICT, SHARE, VALUE, STEP, STEP_AGAINST = "verdict", "share", "value", "step", "step against"
EVERY_UNIT = "all"  # the unit of a verdict, which rests on all of them
Change = tuple[str, str, str, str, str]
COLUMNS = ("what", "name", "unit", "before", "after")
_REMEDY = "Write each as PASSAGE=CODE."


class RereadingError(CompendiumError):
    """A re-reading that cannot be made as it is written."""


@dataclass(frozen=True)
class Rereading:
    """What changes if passages are settled.

    `settled` are the passages, `outside` those of them whose code the record does not allow. `changes` has a row for
    each change, `what, name, unit, before, after`: the verdict, share of readings and value as coded of a claim (share
    and value in each unit), the count of passages in a cell of a table (`what` is the table, as `stage-by-power`, and
    the cell has a code of power, at any level), the passages that illustrate a step of the model, and those against it.
    Verdicts go first, and of shares and values those of the same claims. Shares are to six decimals, lists of passages
    joined by spaces; all with lead-ins. `before` and `after` are what every claim comes to. `contradicted` has, by
    claim, the passages that the ledger links as illustrating it and that its check would then count against it.
    """

    settled: tuple[Settled, ...]
    outside: tuple[Settled, ...]
    changes: pd.DataFrame
    before: dict[str, Assessment]
    after: dict[str, Assessment]
    contradicted: dict[str, list[str]]


def reread(evidence: Evidence, settled: Sequence[Settled]) -> Rereading:
    """Return what changes if passages are read otherwise.

    `settled` come from `asked` or `allowed_codes`. Raises ClaimsError for a study whose claims cannot be checked.
    """
    after = settle(evidence, settled)
    known = set(allowed_codes(evidence))
    of_claims = _assessed(after)
    return Rereading(
        settled=tuple(settled),
        outside=tuple(one for one in settled if one not in known),
        changes=changes(evidence, after),
        before=_assessed(evidence),
        after=of_claims,
        contradicted=claims.contradicted(after, of_claims) if of_claims else {},
    )


def _assessed(evidence: Evidence) -> dict[str, Assessment]:
    """Return what every claim comes to; nothing for a study without claims."""
    return {} if evidence.claims.empty else claims.assess(evidence)


# --- what is asked for


def asked(evidence: Evidence, written: Sequence[str]) -> list[Settled]:
    """Return the re-readings that are written as `PASSAGE=CODE`, or `PASSAGE=FACET/CODE`.

    A code that the passage has already, as primary code or alternative, keeps its stance and basis. Any other rests on
    the wording and has the stance of the passage's primary code. Raises RereadingError for an unknown passage or code,
    a passage that enters no count, two codes for one passage and facet, and for anything else.
    """
    if not written:
        raise RereadingError(f"No re-reading is named. {_REMEDY}")
    found: dict[tuple[str, str], Settled] = {}
    known = {(one.extract_id, one.facet, one.code_id): one for one in reversed(allowed_codes(evidence))}
    for text in written:
        extract, equals, code = (part.strip() for part in text.partition("="))
        if not equals or not extract or not code:
            raise RereadingError(f"{text!r} is not a passage and a code with '=' between them. {_REMEDY}")
        _check_passage(evidence, extract)
        facet, code = _facet_and_code(evidence, code)
        if (extract, facet) in found:
            codes = f"{found[extract, facet].code_id} and {code}"
            raise RereadingError(
                f"{extract} is named twice on the facet {facet}, as {codes}. Give it one code a facet."
            )
        found[extract, facet] = known.get((extract, facet, code)) or _outside(evidence, extract, facet, code)
    return list(found.values())


def _check_passage(evidence: Evidence, extract: str) -> None:
    if extract not in evidence.places:
        raise RereadingError(f"There is no passage {extract!r}. {_examples(extract, evidence.places, 'Passages')}")
    if extract in context_only(evidence):
        problem = (
            f"{extract} gives context only, as policy documents do, and so enters no count of supporting passages."
        )
        raise RereadingError(f"{problem} Name a passage that supports or counters a code.")


def _facet_and_code(evidence: Evidence, written: str) -> tuple[str, str]:
    facet, slash, code = written.rpartition("/")
    places = list(zip(evidence.codes["facet"], evidence.codes["code_id"], strict=True))
    found = [place for place in places if place[1] == code and (not slash or place[0] == facet)]
    if not found:
        known = [known for _, known in places]
        raise RereadingError(f"There is no code {written!r}. {_examples(written, known, 'Codes')}")
    if len(found) > 1:
        facets = formatting.listed([facet for facet, _ in found])
        raise RereadingError(f"The code {code!r} is in the facets {facets}. Name one: {found[0][0]}/{code}.")
    return found[0]


def _examples(name: str, known: Sequence[str] | dict[str, int], what: str) -> str:
    like = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {like[0]}?" if like else f"{what} are, for example, {formatting.listed(list(known)[:3])}."


def _outside(evidence: Evidence, extract: str, facet: str, code: str) -> Settled:
    own = [one for one in allowed_codes(evidence) if (one.extract_id, one.facet) == (extract, facet)]
    return Settled(extract, facet, code, own[0].stance if own else "supports", "wording")


# --- what changes


def changes(before: Evidence, after: Evidence) -> pd.DataFrame:
    """Return every change from one coding of a study to another, as `Rereading` has them.

    A study without claims has changes in its tables only.
    """
    rows: list[Change] = []
    if ledger := _assessed(before):
        other = _assessed(after)
        rows += [*_of_verdicts(ledger, other), *_of_patterns(ledger, other), *_of_steps(before, after)]
    return pd.DataFrame(in_order([*rows, *_of_cells(before, after)]), columns=list(COLUMNS), dtype=object)


def in_order(rows: Iterable[Change]) -> list[Change]:
    """Return those of some rows in which anything changes, in the order that `Rereading` says."""
    changed = [row for row in rows if row[-1] != row[-2]]
    turned = {name for what, name, *_ in changed if what == VERDICT}
    first, last = (VERDICT, SHARE, VALUE), (STEP, STEP_AGAINST)

    def place(row: Change) -> tuple[int, bool]:
        what, name, *_ = row
        rank = first.index(what) if what in first else len(first) + (last.index(what) + 1 if what in last else 0)
        return rank, name not in turned

    return sorted(changed, key=place)


def _of_verdicts(before: dict[str, Assessment], after: dict[str, Assessment]) -> Iterator[Change]:
    for claim, found in before.items():
        yield VERDICT, claim, EVERY_UNIT, found.verdict, after[claim].verdict


def _of_patterns(before: dict[str, Assessment], after: dict[str, Assessment]) -> Iterator[Change]:
    for claim, found in before.items():
        for was, now in zip(_with_lead_ins(found), _with_lead_ins(after[claim]), strict=True):
            yield SHARE, claim, was.unit, formatting.six_decimals(was.share), formatting.six_decimals(now.share)
            yield VALUE, claim, was.unit, str(was.of_record), str(now.of_record)


def _with_lead_ins(found: Assessment) -> list[Pattern]:
    return [pattern for pattern in found.patterns if pattern.basis == BASIS]


def tables_of(evidence: Evidence) -> list[tuple[Axis, Axis]]:
    """Return the axes of the tables whose cells are compared: other facets by the first one, at each level of it."""
    first, *others = evidence.facets["facet"]
    levels = code_tree.levels(evidence.codes, first)
    return [(Axis(first, level), Axis(facet, basis=BASIS)) for facet, level in product(others, levels)]


def name_of_table(rows: Axis, columns: Axis) -> str:
    """Return the name of a table as derived tables have it."""
    return f"{columns.facet}-by-{rows.facet}"


#: Rows that are no code: they are of different passages at each level.
NO_CODE = (vocabulary.ALL, vocabulary.UNCODED)


def _of_cells(before: Evidence, after: Evidence) -> Iterator[Change]:
    now = _counts(after)
    for (table, cell), count in _counts(before).items():
        yield table, cell, "passage", str(count), str(now[table, cell])


@lru_cache(maxsize=4)  # re-readings are compared with the same study
def _counts(evidence: Evidence) -> dict[tuple[str, str], int]:
    """Return the count of passages in each cell whose row is a code, by table and cell, as coded."""
    counts = {}
    for axes in tables_of(evidence):
        table = claims.table_of(evidence, *axes)
        found = Counter(cell for one in table.passages for cell in one.of_record)
        for row, column in product(table.rows, table.columns):
            if row not in NO_CODE and column != vocabulary.ALL:
                counts[name_of_table(*axes), f"{row}/{column}"] = found[row, column]
    return counts


def _of_steps(before: Evidence, after: Evidence) -> Iterator[Change]:
    was, now = (article_model.steps(evidence).to_dict("records") for evidence in (before, after))
    for old, new in zip(was, now, strict=True):
        yield from of_step(old, new["extracts"], new["against"])


def of_step(step: Mapping[Hashable, Any], extracts: Iterable[str], against: Iterable[str]) -> Iterator[Change]:
    """Return what changes in a step of the model if other passages illustrate it, or are against it."""
    name = f"{step['source']}/{step['target']}"
    yield STEP, name, "passage", " ".join(step["extracts"]), " ".join(extracts)
    yield STEP_AGAINST, name, "passage", " ".join(step["against"]), " ".join(against)


# --- in words and tables


def in_words(evidence: Evidence, found: Rereading) -> list[str]:
    """Return what was asked for, and what to know of it, a sentence each."""
    said = []
    for one in found.settled:
        own = [other for other in allowed_codes(evidence) if other[:2] == one[:2]]
        coded = f"coded {own[0].code_id}" if own else "not coded"
        allowed = ": the record does not allow this" if one in found.outside else ""
        said.append(f"{one.extract_id} is read as {one.code_id} ({one.facet}; {coded}){allowed}.")
    for claim, extracts in found.contradicted.items():
        said.append(f"{formatting.listed(extracts)} would count against {claim}, and is linked as illustrating it.")
    return said if len(found.changes) else [*said, "Nothing changes."]


def as_tables(evidence: Evidence, found: Rereading) -> dict[str, pd.DataFrame]:
    """Return the changes as tables for readers, by their captions: verdicts, patterns, cells, steps of the model."""
    wording = dict(zip(evidence.claims.get("claim_id", []), evidence.claims.get("claim", []), strict=True))
    verdicts = found.changes[found.changes["what"] == VERDICT]
    order = [*verdicts["name"], *(claim for claim in found.before if claim not in set(verdicts["name"]))]
    patterns = [
        (claim, was.unit, *map(_from_to, _figures(was), _figures(now)))
        for claim in order
        for was, now in zip(_with_lead_ins(found.before[claim]), _with_lead_ins(found.after[claim]), strict=True)
        if _figures(was) != _figures(now)
    ]
    steps = found.changes["what"].isin([STEP, STEP_AGAINST])
    cells = found.changes[~steps & ~found.changes["what"].isin([VERDICT, SHARE, VALUE])]
    tables = {
        "Verdicts that change": [
            (claim, _from_to(found.before[claim].label, found.after[claim].label), wording[claim])
            for claim in verdicts["name"]
        ],
        "Patterns that change (with lead-ins)": patterns,
        "Cells that change (passages as coded, with lead-ins)": _rows(cells),
        "Steps of the model that change (passages)": _rows(found.changes[steps]),
    }
    heads = (
        ("claim", "verdict", "what it says"),
        ("claim", "unit", "as coded", "range", "share of readings"),
        ("cell", "table", "count"),
        ("step", "side", "passages"),
    )
    return {
        caption: pd.DataFrame(rows, columns=list(head)).set_index(head[0])
        for (caption, rows), head in zip(tables.items(), heads, strict=True)
        if rows
    }


def _rows(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    side = {STEP: "for it", STEP_AGAINST: "against it"}
    columns = (table[name].tolist() for name in ("name", "what", "before", "after"))
    return [
        (name, side.get(what, what), _from_to(before or "none", after or "none"))
        for name, what, before, after in zip(*columns, strict=True)
    ]


def _figures(pattern: Pattern) -> tuple[str, str, str]:
    ends = f"{formatting.signed(pattern.lowest)} to {formatting.signed(pattern.highest)}"
    return formatting.signed(pattern.of_record), ends, formatting.portion(pattern.share)


def _from_to(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"
