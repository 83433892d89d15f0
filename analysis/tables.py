"""Tables for screen and print, made from the tidy ones of the other modules."""

import hashlib
import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from analysis import agreement, charts, claims, counts, derived, numbers, readers, structure
from analysis.evidence import Evidence
from analysis.faults import CompendiumError
from analysis.terminal import visible

_LABELS = {
    counts.UNCODED: "uncoded at this level",
    counts.ALL: "all",
    counts.COUNTERS: "counters",
    counts.CONTEXT: "context",
}

# Where an interval comes from, as a column is headed.
_METHODS = {
    "analytic": "Analytic interval",
    "bootstrap over units": "Passages redrawn",
    "bootstrap over interviewees": "Interviewees redrawn",
}

NO_CODE = "no code on this basis"  # the head of the column of passages that a column facet gives no code
SENTENCE = 40  # characters from which a cell of a table of text is prose


class TablesError(CompendiumError):
    """A table that cannot be set as it was asked for."""


def wide(table: pd.DataFrame, evidence: Evidence, rows: str, columns: str, show: str = "count") -> pd.DataFrame:
    """Spread a crosstab out: rows and columns under the names of their codes.

    `show` is `count`, `span` (its lowest and highest over all readings), `range` (both) or
    `extracts`. An uncoded column without a passage is left out; the uncoded row always stays.
    """
    if show == "count":
        cells = table["count"].astype(str)
    elif show == "span":
        ends = zip(table["lowest"], table["highest"], strict=True)
        cells = pd.Series([numbers.span(*pair) for pair in ends], index=table.index)
    elif show == "range":
        cells = pd.Series(
            [numbers.with_span(*cell) for cell in zip(table["count"], table["lowest"], table["highest"], strict=True)],
            index=table.index,
        )
    else:
        cells = table["extracts"].map(" ".join)
    spread = (
        table.assign(cell=cells)
        .pivot(index="row", columns="column", values="cell")
        .reindex(index=table["row"].unique(), columns=table["column"].unique())
    )
    if not table.loc[table["column"] == counts.UNCODED, "highest"].any():
        spread = spread.drop(columns=counts.UNCODED)
    row_names = structure.names(evidence.codes, rows) | _LABELS
    column_names = structure.names(evidence.codes, columns) | _LABELS | {counts.UNCODED: NO_CODE}
    return spread.rename(index=row_names, columns=column_names).rename_axis(index=rows, columns=None)


def table_1(evidence: Evidence) -> pd.DataFrame:
    """Table 1 for readers: the documents with their dates in words."""
    table = structure.table_1(evidence)
    return pd.DataFrame(
        {
            "Shortened name": table["label"],
            "Passages cited": table["passages"].astype(str),
            "Title": table["title"],
            "Date published": table["published"].map(numbers.date),
            "Published after the last interview": table["after_interviews"].map({True: "yes", False: "no"}),
        }
    ).set_axis(table["source_id"])


def table_2(evidence: Evidence) -> pd.DataFrame:
    """Table 2 for readers: from the theoretical dimension down to the gist of each printed passage.

    The name of a code stands where it first applies, as in the printed table.
    """
    table = structure.table_2(evidence)
    names = structure.names(evidence.codes, "power")
    path = table[["dimension", "second_order", "first_order"]]
    shown = path.map(lambda code: names[code]).where(path.ne(path.shift()), "")
    shown.columns = ["Theoretical dimension", "Second-order code", "First-order code"]
    shown["Gist of the passage"] = table["gist"]
    shown["Source"] = table["source_id"]
    return shown.set_axis(table["extract_id"])


def coding_structure(evidence: Evidence) -> pd.DataFrame:
    """The tree of power codes for readers: what supports, counters or gives context to each, in three units."""
    behind = derived.coding_structure(evidence)
    depth = {level: place for place, level in enumerate(structure.levels(evidence.codes, "power"))}
    names = structure.names(evidence.codes, "power")
    supports = behind[behind["stance"] == "supports"].pivot(index="code_id", columns="unit", values="count")
    others = behind[behind["unit"] == "passage"].pivot(index="code_id", columns="stance", values="count")
    table = supports[list(counts.UNITS)].join(others[[counts.COUNTERS, counts.CONTEXT]]).loc[behind["code_id"].unique()]
    table.columns = ["passages", "distinct statements", "interviewees", "counters", "context"]
    level_of = dict(zip(behind["code_id"], behind["level"], strict=True))
    # Indented by em spaces, which survive in HTML and in a terminal.
    return table.set_axis([f"{chr(0x2003) * depth[level_of[code]]}{names[code]}" for code in table.index])


def passages(evidence: Evidence, dimension: str) -> pd.DataFrame:
    """The passages under one dimension of power for readers: code, stage as coded, gist, in the order of the article.

    What does not support its code says so behind the code, a stage that rests on the sentence around the passage behind
    the stage.
    """
    record = evidence.record[evidence.record["role"] == "primary"]
    power, stage = (
        record[record["facet"] == facet].set_index("extract_id")[["code_id", "stance", "basis"]].T.to_dict()
        for facet in ("power", "stage")
    )
    top = structure.rolled_up(evidence.codes, "power", structure.levels(evidence.codes, "power")[0])
    names, stages = (structure.names(evidence.codes, facet) for facet in ("power", "stage"))
    chosen = [e for e in evidence.extracts["extract_id"] if top[power[e]["code_id"]] == dimension]
    stance = {"supports": "", "counters": " (counters)", "context": " (context)"}
    basis = {"lead-in": " (lead-in)"}
    return pd.DataFrame(
        {
            "Code": [names[power[e]["code_id"]] + stance[power[e]["stance"]] for e in chosen],
            "Stage": [stages[stage[e]["code_id"]] + basis.get(stage[e]["basis"], "") for e in chosen],
            "Gist": evidence.extracts.set_index("extract_id").loc[chosen, "gist"],
        },
        index=pd.Index(chosen, name="Key"),
    )


def three_ways(evidence: Evidence) -> pd.DataFrame:
    """Stage by power for readers: on wording alone, with lead-ins, and from lowest to highest over all readings.

    A cell holds passages, distinct statements and interviewees, in this order, or 0 where all are. The kind of
    power stands in the first of its rows. What counters or gives context is left out, and so are the sums of rows.
    """
    ways = {
        "wording alone": _in_every_unit(evidence, "wording", "count"),
        "with lead-ins": _in_every_unit(evidence, "lead-in", "count"),
        "all readings": _in_every_unit(evidence, "lead-in", "span"),
    }
    table = pd.concat(ways, names=["Way"]).swaplevel().fillna("0")
    kinds = list(ways["with lead-ins"].index)
    table = table.reindex([(kind, way) for kind in kinds for way in ways]).reset_index("Way")
    first = pd.Index([name if row % len(ways) == 0 else "" for row, name in enumerate(table.index)])
    beside = [_LABELS[column] for column in (counts.ALL, counts.COUNTERS, counts.CONTEXT)]
    return table.drop(columns=beside).set_axis(first.rename("Kind of power"))


def _in_every_unit(evidence: Evidence, basis: str, show: str) -> pd.DataFrame:
    axes = counts.Axis("power"), counts.Axis("stage", basis=basis)
    passage, statement, interviewee = (
        wide(counts.crosstab(evidence, *axes, unit), evidence, "power", "stage", show) for unit in counts.UNITS
    )
    return (passage + " / " + statement + " / " + interviewee).replace("0 / 0 / 0", "0").drop(_LABELS[counts.UNCODED])


def claims_by_kind(evidence: Evidence) -> pd.DataFrame:
    """How many claims of each kind have which verdict, for readers."""
    kinds = evidence.claims.set_index("claim_id")["kind"]
    verdict = claims.verdicts(evidence).set_index("claim_id")["verdict"]
    table = pd.crosstab(kinds, verdict, margins=True, margins_name="all")
    order = [*kinds.unique(), "all"]
    return table.reindex(index=order, columns=[*claims.VERDICTS, "all"], fill_value=0).rename_axis(
        index="Kind of claim", columns=None
    )


def claims_with_verdicts(evidence: Evidence) -> pd.DataFrame:
    """Every claim of the ledger with its section, verdict, and passages for and against it, for readers.

    A verdict that depends on the reading has its share of readings behind it.
    """
    found = claims.find(evidence).values()
    ledger = evidence.claims.set_index("claim_id")
    return pd.DataFrame(
        {
            "What is claimed": ledger["claim"],
            "Section": ledger["section"],
            "Verdict": [f"{one.verdict}: {one.share}" if one.share else one.verdict for one in found],
            "For": [" ".join(one.passages) for one in found],
            "Against": [" ".join(one.against) for one in found],
        }
    ).rename_axis("Claim")


def patterns(evidence: Evidence, unit: str, basis: str) -> pd.DataFrame:
    """Claims about patterns in one unit on one basis, for readers: as coded, over all readings, and what turns them."""
    found = {
        claim: next((p for p in finding.patterns if (p.unit, p.basis) == (unit, basis)), None)
        for claim, finding in claims.find(evidence).items()
    }
    texts = evidence.claims.set_index("claim_id")["claim"]
    rows = {
        claim: (
            texts[claim],
            numbers.signed(p.of_record),
            f"{numbers.signed(p.lowest)} to {numbers.signed(p.highest)}",
            numbers.portion(p.share),
            ", ".join(p.tipping) if p.tipping else "none",
        )
        for claim, p in found.items()
        if p is not None
    }
    heads = ["What is claimed", "As coded", "Over all readings", "Holds in", "Turned by"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Claim")


def association_sizes(evidence: Evidence) -> pd.DataFrame:
    """Cramér's V of stage by power for readers, with its range over all readings and without each interviewee."""
    sizes = derived.association_sizes(evidence)

    def between(low: str, high: str) -> list[str]:
        ends = sizes[[low, high]].astype(float).to_numpy().tolist()
        return [f"{numbers.rounded(one)} to {numbers.rounded(other)}" for one, other in ends]

    return pd.DataFrame(
        {
            "Stages": sizes["stages"].map({"all": "all", "dated": "only those stated"}),
            "Passages": sizes["cases"],
            "V as coded": sizes["v"].astype(float).map(numbers.rounded),
            "Corrected": sizes["v_corrected"].astype(float).map(numbers.rounded),
            "Over all readings": between("lowest", "highest"),
            "Median": sizes["median"].astype(float).map(numbers.rounded),
            "At least as coded in": [numbers.portion(Fraction(share)) for share in sizes["at_least_as_coded"]],
            "Without one interviewee": between("without_lowest", "without_highest"),
        }
    ).set_axis(pd.Index(sizes["basis"].map(charts.BASIS_NAMES), name="Basis"))


def agreement_sizes(evidence: Evidence, facet: str, coders: Sequence[str], level: str | None = None) -> pd.DataFrame:
    """How far some coders agree on a facet, for readers: each coefficient with its three intervals.

    The standard error is in brackets after each interval, and `exact` where the interval is exact and not analytic.
    Where something is not defined, a last column says why.
    """
    sizes = readers.together(evidence, facet, readers.chosen(evidence, facet, tuple(coders), level))
    return _coefficients(sizes.assign(label=_labelled(sizes)), ["label"]).rename_axis("Coefficient")


def agreement_by_code(evidence: Evidence, facet: str, coders: Sequence[str], level: str | None = None) -> pd.DataFrame:
    """How far some coders agree on each code against the rest, for readers, with two kinds of interval."""
    given = readers.chosen(evidence, facet, tuple(coders), level)
    sizes = agreement.per_code(given, readers.OF_EACH_CODE, readers.INTERVALS_OF_EACH_CODE)
    sizes = sizes.assign(label=_labelled(sizes), code=sizes["code"].map(structure.names(evidence.codes, facet)))
    table = _coefficients(sizes, ["code", "label"])
    codes = table.index.get_level_values("code")
    table.insert(0, "Coefficient", table.index.get_level_values("label"))
    return table.set_axis(pd.Index(codes.where(~codes.duplicated(), ""), name="Code"))


def confusion(evidence: Evidence, facet: str, first: str, second: str, level: str | None = None) -> pd.DataFrame:
    """How many passages got which code from each of two coders, for readers: the first down, the second across."""
    table = agreement.confusion(readers.chosen(evidence, facet, (first, second), level), first, second)
    names = structure.names(evidence.codes, facet)
    shown = table.rename(index=names, columns=lambda code: f"{second}: {names.get(code, code)}")
    return shown.rename_axis(index=first, columns=None)


def prevalence_and_bias(evidence: Evidence, facet: str, coders: Sequence[str]) -> pd.DataFrame:
    """How evenly each pair of coders gave each code, for readers, with the indices of prevalence and bias."""
    found = agreement.prevalence_and_bias(readers.chosen(evidence, facet, tuple(coders)))
    return pd.DataFrame(
        {
            "Coders": found["first"] + ", " + found["second"],
            "Both": found["both"],
            "First only": found["first_only"],
            "Second only": found["second_only"],
            "Neither": found["neither"],
            "Prevalence": found["prevalence"].map(_defined),
            "Bias": found["bias"].map(_defined),
        }
    ).set_axis(pd.Index(found["code"].map(structure.names(evidence.codes, facet)), name="Code"))


def agreement_on_all_allowed(evidence: Evidence) -> pd.DataFrame:
    """How far coders agree on the sets of codes that they allowed, for readers: alpha with MASI's distance."""
    found = readers.agreement_sizes(evidence)
    found = found[found["role"] == readers.ANY].assign(coders=lambda rows: rows["coders"].str.replace(" ", ", "))
    table = _coefficients(found, ["facet", "coders"])
    table.insert(0, "Coders", table.index.get_level_values("coders"))
    return table.set_axis(pd.Index(table.index.get_level_values("facet"), name="Facet"))


def reader_differences(
    evidence: Evidence, facet: str, coders: Sequence[str], level: str | None = None, most: int | None = None
) -> pd.DataFrame:
    """The passages on which some coders chose differently, for readers: whose choice, what else was allowed, and why.

    Passage and gist stand in the first row of each; of very many passages, the first `most` do.
    """
    found = readers.differences(evidence, facet, tuple(coders), level, most)
    names = structure.names(evidence.codes, facet)
    gists = evidence.extracts.set_index("extract_id")["gist"]
    first = ~found["extract_id"].duplicated()
    return pd.DataFrame(
        {
            "Gist": found["extract_id"].map(gists).where(first, ""),
            "Coder": found["coder_id"],
            "Chosen": found["code_id"].map(lambda codes: "; ".join(names[code] for code in codes.split("; "))),
            "Also allowed": found["also"].map(lambda codes: "; ".join(names[code] for code in codes)),
            "Why": found["rationale"],
        }
    ).set_axis(pd.Index(found["extract_id"].where(first, ""), name="Passage"))


def _labelled(sizes: pd.DataFrame) -> list[str]:
    return [agreement.labelled(*one) for one in zip(sizes["coefficient"], sizes["weights"], strict=True)]


def _coefficients(sizes: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Spread estimates out: a row for each key, the value, and a column for each kind of interval."""
    ends = zip(sizes["low"], sizes["high"], sizes["se"], sizes["method"], strict=True)
    sizes = sizes.assign(interval=[_between(*one) for one in ends], method=sizes["method"].replace("exact", "analytic"))
    first = sizes.drop_duplicates(key).set_index(key)
    table = first[["value"]].map(_defined).set_axis(["Value"], axis=1)
    for method, head in _METHODS.items():
        if method in set(sizes["method"]):
            table[head] = sizes[sizes["method"] == method].set_index(key)["interval"]
    if sizes["reason"].any():
        reasons = sizes[sizes["reason"] != ""].groupby(key)["reason"].unique().map("; ".join)
        table["Not defined, because"] = reasons.reindex(first.index).fillna("")
    return table


def _defined(value: float) -> str:
    return "not defined" if pd.isna(value) else numbers.rounded(value)


def _between(low: float, high: float, se: float, method: str) -> str:
    behind = [*([] if pd.isna(se) else [numbers.rounded(se)]), *(["exact"] if method == "exact" else [])]
    ends = f"{numbers.rounded(low)} to {numbers.rounded(high)} ({', '.join(behind)})"
    return "not defined" if pd.isna(low) else ends


@dataclass(frozen=True)
class Sheet:
    """A table with its caption that a notebook shows by itself, as HTML or as text, the same bytes each time."""

    table: pd.DataFrame
    caption: str

    def _repr_html_(self) -> str:
        identifier = hashlib.sha256(self.caption.encode()).hexdigest()[:12]  # long captions may begin alike
        styled = (
            self._headed_once()
            .style.set_uuid(identifier)
            .format(escape="html")  # what somebody typed is shown and not obeyed
            .format_index(escape="html", axis="index")
            .format_index(escape="html", axis="columns")
            .format_index_names(escape="html", axis="index")  # type: ignore[attr-defined] # not yet in pandas-stubs
            .format_index_names(escape="html", axis="columns")
            .set_caption(html.escape(self.caption, quote=False))
            .set_table_styles(
                [
                    {"selector": "caption", "props": "caption-side: top; text-align: left; font-weight: bold"},
                    {"selector": "th, td", "props": "text-align: left; vertical-align: top; padding: 0.2em 0.8em"},
                ]
            )
        )
        # A head without a word would be a head of nothing to a screen reader.
        headed = re.sub(r'<th class="blank([^"]*)" >&nbsp;</th>', r'<td class="blank\1"></td>', styled.to_html())
        # A wide table scrolls by itself on a narrow screen.
        return f'<div style="overflow-x: auto" tabindex="0">{headed}</div>'

    def _headed_once(self) -> pd.DataFrame:
        """Return the table with the name of its index in the same row as its columns, where that is free."""
        name = self.table.index.name
        if self.table.columns.names != [None] or name is None:
            return self.table
        return self.table.rename_axis(index=None, columns=str(name))

    def __repr__(self) -> str:
        return as_text(self.table, self.caption, width=200)


def as_text(table: pd.DataFrame, title: str, width: int | None = None) -> str:
    """Return a table as text for a terminal of `width` characters (that of the terminal if None)."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def plain(cell: object) -> Text:
        # Rich reads markup in a string (`[red]`, `:smile:`), and transcripts are full of square brackets.
        return Text(visible(cell))

    drawn = Table(title=plain(title), title_justify="left", box=SIMPLE_HEAD)
    drawn.add_column(plain(table.index.name or ""))
    for column in table.columns:
        # Counts line up on the right; sentences are read from the left.
        longest = max((len(str(cell)) for cell in table[column]), default=0)
        drawn.add_column(plain(column), justify="left" if longest > SENTENCE else "right")
    for label, row in table.iterrows():
        drawn.add_row(plain(label), *map(plain, row))
    # Into a text: a terminal would be given colours, and a notebook an output of its own.
    written = io.StringIO()
    Console(file=written, width=width, highlight=False, force_jupyter=False, color_system=None).print(drawn)
    return "\n".join(line.rstrip() for line in written.getvalue().split("\n")).removesuffix("\n")


def as_markdown(table: pd.DataFrame, widths: Sequence[int]) -> str:
    """Return a table as a pipe table of Markdown, the index its first column; `widths` are relative.

    Every cell is text: characters that Markdown would take for markup are escaped.
    """
    columns = [str(table.index.name or ""), *map(str, table.columns)]
    if len(widths) != len(columns):
        raise TablesError(
            f"A table with {len(columns)} columns was given {len(widths)} widths. Give one for each column."
        )
    rows = [columns, *([str(label), *map(str, row)] for label, row in zip(table.index, table.to_numpy(), strict=True))]
    head, *body = (f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows)
    rule = "|".join(":" + "-" * width for width in widths)
    return "\n".join([head, f"|{rule}|", *body])


def escaped(text: str) -> str:
    r"""Return text as Markdown that shows it as it is, on one line.

    >>> escaped("a*b [1]") == r"a\*b \[1\]"
    True
    """
    return re.sub(r"([\\`*_{}\[\]<>&#$^~@|])", r"\\\1", " ".join(text.split()))
