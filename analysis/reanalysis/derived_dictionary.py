"""What the derived tables and their columns mean: the words and rules from which their descriptions are made.

`DICTIONARY` has an entry for each table of `analysis.reanalysis.derived.TABLES`, of which
`analysis.reanalysis.derived_resources` makes resources of a data package. A column is described once, in the entry of
its table or in COMMON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.agreement import readers
from analysis.counting.readings.statistic_distributions import MOST_SUMS, SAMPLES
from analysis.reanalysis import claims
from analysis.study import vocabulary

CODE = "[a-z0-9]+(-[a-z0-9]+)*"
IDS = "[TFC][0-9]+( [TFC][0-9]+)*"
COUNTED_APART = (vocabulary.UNCODED, vocabulary.ALL, *vocabulary.APART)


@dataclass(frozen=True)
class Column:
    """What a column says, what type it has, and what its cells have to be.

    `codes_of` names the facet, or the facet and level as `power/dimension`, whose codes are the allowed values, beside
    those in `others`. `references` is the table of evidence, with its columns, in which the value has to be.
    """

    description: str
    type: str = "string"
    required: bool = True
    constraints: Mapping[str, Any] = field(default_factory=dict)
    codes_of: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    references: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Table:
    """A derived table: what one row is, what it has beside the key, and whose codes it is computed from.

    `facets` are those whose coding of record is used; `everyone` says that the codings of all coders are.
    """

    title: str
    row: str
    beside: str
    columns: Mapping[str, Column]
    facets: tuple[str, ...] = ()
    everyone: bool = False
    #: Of the columns that are named after coders.
    of_each_coder: Column | None = None

    @property
    def description(self) -> str:
        """What the table holds, in a sentence or two."""
        return f"A row is {self.row}. Beside the key: {self.beside}."


def _one_of(description: str, values: tuple[str, ...]) -> Column:
    return Column(description, constraints={"enum": list(values)})


def _number(description: str, required: bool = True, **limits: float) -> Column:
    return Column(description, "number", required, limits)


def _share(description: str, required: bool = True) -> Column:
    return _number(description, required, minimum=0, maximum=1)


def _count(description: str) -> Column:
    return Column(description, "integer", constraints={"minimum": 0})


def _whole(description: str) -> Column:
    return Column(description, "integer")


def _truth(description: str) -> Column:
    return Column(description, "boolean")


def _ids(description: str) -> Column:
    return Column(description, required=False, constraints={"pattern": IDS})


EXTRACT = Column("The passage.", references=("extracts", ("extract_id",)))
CLAIM = Column("The claim.", references=("claims", ("claim_id",)))
UNIT = _one_of(
    "What is counted: passages; distinct statements (passages that repeat each other's words are one); interviewees "
    "(documents are left out). A unit counts once in every cell that one of its passages is in.",
    vocabulary.UNITS,
)
BASIS = _one_of(
    "What a code of the columns may rest on. lead-in: the wording, or the article's sentence around the passage. "
    "wording: the wording alone, or nothing (not-stated). On wording, a primary code that rests on a lead-in is left "
    "out and its passage becomes uncoded; an alternative that rests on a lead-in is left out and its passage keeps the "
    "others.",
    claims.BASES,
)

#: Columns that say the same in every table that has them and does not describe its own.
COMMON: dict[str, Column] = {
    "extract_id": EXTRACT,
    "claim_id": CLAIM,
    "unit": UNIT,
    "basis": BASIS,
    "level": Column("The level of the code in its tree.", constraints={"pattern": CODE}),
    "count": _count("How many units there are, as coded."),
    "lowest": _count("The lowest count over all readings."),
    "highest": _count("The highest count over all readings."),
    "extracts": _ids("The passages behind the count, in the order of the evidence."),
    "possible": _ids("The passages that some reading counts here, in the order of the evidence."),
}

_POWER = Column(
    "A code of power; uncoded: passages without a code at this level; all: the margin over all rows.",
    codes_of=("power",),
    others=(vocabulary.UNCODED, vocabulary.ALL),
)


def _of_table(facet: str) -> Column:
    return Column(
        f"A code of {facet}; uncoded: passages without a code on this basis; all: supporting passages in any column; "
        "counters and context: passages that counter the power code, or give context only, and so enter no other "
        "column. Context comes first where both hold.",
        codes_of=(facet,),
        others=COUNTED_APART,
    )


def _side_by_side(facet: str) -> Table:
    return Table(
        title=f"{facet.capitalize()}, coder by coder",
        row="a passage",
        beside="what each coder chose, alternatives behind a bar, and whether the readers agree",
        columns={
            "same_primary": _truth(
                "Whether all readers (the coders of the facet beyond those of record) chose the same primary code."
            )
        },
        everyone=True,
        of_each_coder=Column(
            f"What the coder of this name gave: the primary code of {facet} and, behind a bar, the alternatives in "
            "alphabetical order, with semicolons between. Their order says nothing. Empty where the coder did not code "
            "the passage.",
            required=False,
            constraints={"pattern": rf"{CODE}(; {CODE})*( \| {CODE}(; {CODE})*)?"},
        ),
    )


def _crosstab(facet: str) -> Table:
    return Table(
        title=f"{facet.capitalize()} by power",
        row=f"a cell or margin of the table of {facet} by power: unit, basis, level of power, power code, {facet}",
        beside="count, lowest and highest count over all readings, the passages behind it, and every passage that some "
        "reading puts there (possible)",
        columns={"power": _POWER, facet: _of_table(facet)},
        facets=("power", facet),
    )


_SIZE = "to six decimals"
_V = f"Cramér's V, {_SIZE}"

#: Each derived table, in the order in which they are computed.
DICTIONARY: dict[str, Table] = {
    "table-1": Table(
        title="Table 1 of the article",
        row="a document",
        beside="as printed, with the number of passages cited and whether it is later than the interviews",
        columns={
            "source_id": Column("The document.", references=("sources", ("source_id",))),
            "label": Column("How the article cites it."),
            "published": Column(
                "When it was published: year and month, or a full date, as precise as the article.",
                constraints={"pattern": "[0-9]{4}-[0-9]{2}(-[0-9]{2})?"},
            ),
            "title": Column("Its title."),
            "passages": _count("How many passages the article cites from it."),
            "after_interviews": _truth("Whether it was published in a later month than the last interview."),
        },
    ),
    "table-2": Table(
        title="Table 2 of the article",
        row="a passage printed in Table 2",
        beside="its path in the code tree, source and gist",
        columns={
            "dimension": Column("Its kind of power.", codes_of=("power/dimension",)),
            "second_order": Column("Its second-order code.", required=False, codes_of=("power/second-order",)),
            "first_order": Column("Its first-order code.", required=False, codes_of=("power/first-order",)),
            "source_id": Column("The interviewee or document.", references=("sources", ("source_id",))),
            "gist": Column("What is said, in our words."),
        },
        facets=("power",),
    ),
    "coding-structure": Table(
        title="The code tree of power with its passages",
        row="a power code, unit and stance",
        beside="count, lowest and highest count over all readings, the passages behind it",
        columns={
            "code_id": Column("The code, in the order of the tree; it includes those below it.", codes_of=("power",)),
            "parent_id": Column("The code above it; empty at the top.", required=False, codes_of=("power",)),
            "stance": _one_of("What the passages say to the code.", vocabulary.STANCES),
        },
        facets=("power",),
    ),
    "stage-by-power": _crosstab("stage"),
    "response-by-power": _crosstab("response"),
    "codings-by-coder": Table(
        title="Codings by coder",
        row="a combination that occurs of coder, facet, code, role, stance and basis",
        beside="the number of passages",
        columns={
            "coder_id": Column("The coder.", references=("coders", ("coder_id",))),
            "facet": Column("The facet.", references=("facets", ("facet",))),
            "code_id": Column("The code as given, not rolled up.", references=("codes", ("facet", "code_id"))),
            "role": _one_of("Whether it is the primary code or an alternative.", vocabulary.ROLES),
            "stance": _one_of("What the passages say to the code.", vocabulary.STANCES),
            "basis": _one_of("What the code rests on.", vocabulary.BASES["any"]),
            "passages": _count("How many passages the coder coded so."),
        },
        everyone=True,
    ),
    "stage-side-by-side": _side_by_side("stage"),
    "response-side-by-side": _side_by_side("response"),
    "observations": Table(
        title="What the close reading showed",
        row="a point of the close reading",
        beside="its count, what was counted, and what it means",
        columns={
            "observation": Column("Name of the point.", constraints={"pattern": CODE}),
            "count": _count("How many there are."),
            "which": Column(
                "What was counted: passages, interviewees, documents or codes. Empty where there are none, and where "
                "the passages of one interviewee would be listed.",
                required=False,
            ),
            "meaning": Column("What is counted, in a sentence."),
        },
        everyone=True,
    ),
    "claims": Table(
        title="Verdicts on the claims",
        row="a claim",
        beside="who makes it, its verdict, the lowest and highest share of readings in which it holds, a sentence of "
        "figures, the passages for it in three units, those against it (against) and those linked as context",
        columns={
            "kind": Column("What kind of claim it is."),
            "origin": _one_of("Whether the article states the claim or implies it.", tuple(claims.ORIGINS)),
            "check": _one_of("The check that computed the verdict.", tuple(claims.CHECKS)),
            "verdict": _one_of(
                "The verdict. That on a pattern rests on codes with lead-ins and on all three units; wording alone "
                "never decides it.",
                claims.VERDICTS,
            ),
            "share_lowest": _share(
                f"The share of readings in which the claim holds, {_SIZE}, in the unit in which it is lowest. Empty "
                "where readings do not enter the check.",
                required=False,
            ),
            "share_highest": _share("The same in the unit in which it is highest.", required=False),
            "summary": Column("The figures in words."),
            "passages": _count("How many passages are for the claim, as coded with lead-ins."),
            "statements": _count("How many distinct statements they are."),
            "interviewees": _count("How many interviewees they are from."),
            "from_most_quoted": _count(
                "How many of them are from the interviewee whom the article quotes most (of several who are quoted "
                "equally often, the first by number)."
            ),
            "against": _count("How many passages are against the claim."),
            "context": _count("How many passages are linked to the claim as context only."),
            "extracts": _ids("The passages for the claim."),
            "extracts_against": _ids(
                "The passages against it: linked as countering it, countering its codes, or in a comparison on the "
                "other side."
            ),
        },
        facets=("power", "stage", "response"),
    ),
    "claim-patterns": Table(
        title="Patterns over all readings",
        row="a claim about a pattern, on one basis and in one unit",
        beside="a count or difference as coded, its range, the share of all readings in which the claim holds (six "
        "decimals), the fewest re-readings that turn it, and the passages for and against it on this basis",
        columns={
            "basis": _one_of(
                f"{BASIS.description} The verdict rests on lead-in; wording is given to compare with.", claims.BASES
            ),
            "unit": _one_of(
                f"{UNIT.description} statement shows the pattern without repeats; interviewee without documents and "
                "with each person counted once. Documents give context only, and so are in no cell in any unit.",
                vocabulary.UNITS,
            ),
            "of_record": _whole("The count as coded; in a comparison, that of one side less that of the other."),
            "lowest": _whole("The lowest value over all readings."),
            "highest": _whole("The highest value over all readings."),
            "holds": _truth("Whether the claim holds as coded: whether the value is above zero."),
            "share": _share(f"The share of readings in which the value is above zero, {_SIZE}; no probability."),
            "tipping": Column(
                "A smallest set of re-readings that turns whether the claim holds, each as passage→cell, where a cell "
                "is power/stage or power/response and a passage in several cells has a plus sign between them; none "
                "where no reading turns it. Of several smallest sets it has the units, and within a unit the passages, "
                "that come first in the evidence, and of several cells of a passage the first in the table.",
                constraints={"pattern": r"none|[TF][0-9]+→\S+( [TF][0-9]+→\S+)*"},
            ),
            "extracts": _ids("The passages for the claim as coded on this basis."),
            "extracts_against": _ids("The passages against it as coded on this basis."),
        },
        facets=("power", "stage", "response"),
    ),
    "model-steps": Table(
        title="Steps of the article's model",
        row="a step of the article's model",
        beside="the claims that state it, the passages that illustrate one of them, and those against one of them",
        columns={
            "source": Column("The kind of power that the step leads from.", codes_of=("power", "stage")),
            "target": Column("The stage, or the kind of power, that it leads to.", codes_of=("power", "stage")),
            "claims": Column("The claims that state it.", constraints={"pattern": IDS}),
            "count": _count("How many passages illustrate one of these claims; zero: no printed passage shows it."),
            "extracts": _ids("These passages."),
            "against": _ids("The passages against one of these claims."),
        },
        facets=("power", "stage", "response"),
    ),
    "rereadings": Table(
        title="What each allowed re-reading changes",
        row="a change that follows if one passage is settled as one of its alternatives on a facet, all others left as "
        "they are",
        beside="what it is before and after: a verdict, the value of a pattern as coded, the count of a cell, or the "
        "passages of a step of the model",
        columns={
            "facet": Column("The facet on which the passage is read otherwise.", references=("facets", ("facet",))),
            "code_id": Column(
                "The alternative that becomes its primary code; it keeps no other code on the facet.",
                references=("codes", ("facet", "code_id")),
            ),
            "what": _one_of(
                "What changes: the verdict on a claim; the value of its pattern as coded; the count of a cell in the "
                "table named here, at any level of power; the passages that illustrate a step of the model, or those "
                "against it. A re-reading that changes nothing has no row, nor has a passage that gives context only. "
                "Shares of readings are in pattern-passages.",
                ("verdict", "value", "stage-by-power", "response-by-power", "step", "step against"),
            ),
            "name": Column("The claim, the cell (power/stage or power/response), or the step (from/to)."),
            "unit": _one_of(
                "What is counted; all: a verdict rests on all three units.", (*vocabulary.UNITS, vocabulary.ALL)
            ),
            "before": Column("As coded. Empty: no passage.", required=False),
            "after": Column("With this re-reading. Empty: no passage.", required=False),
        },
        facets=("power", "stage", "response"),
    ),
    "pattern-passages": Table(
        title="How much each pattern hangs on a passage",
        row="a claim about a pattern, in one unit and with lead-ins, and a code that a passage allows on a facet",
        beside="the share of readings in which the claim holds if the passage is settled as this code, the difference "
        "that its reading makes, its rank by that, and whether it is in the smallest set that turns the claim (six "
        "decimals)",
        columns={
            "rank": Column(
                "The rank of passage and facet by the difference, 1 for the largest; equal ones share a rank.",
                "integer",
                constraints={"minimum": 1},
            ),
            "facet": Column("The facet on which the passage allows several codes.", references=("facets", ("facet",))),
            "code_id": Column("One of these codes.", references=("codes", ("facet", "code_id"))),
            "role": _one_of("Whether it is the primary code or an alternative.", vocabulary.ROLES),
            "share": _share(
                "The share of all readings in which the claim holds if this is the only code of the passage on the "
                f"facet and all else keeps its allowed readings; exact, {_SIZE}."
            ),
            "difference": _share(
                f"The highest less the lowest share over the codes of passage and facet, {_SIZE}. Passages without any "
                "difference are left out."
            ),
            "tipping": _truth(
                "Whether the passage is in the smallest set of re-readings that claim-patterns names for this unit."
            ),
        },
        facets=("power", "stage", "response"),
    ),
    "association": Table(
        title="How strongly stage and power go together",
        row="a basis, with or without the code not-stated",
        beside="Cramér's V as coded, bias-corrected, over all readings (at_least_as_coded: the share of readings with "
        "a V no lower) and without each interviewee (six decimals)",
        columns={
            "stages": _one_of("all: every code of stage; dated: without not-stated.", ("all", "dated")),
            "cases": _count("How many supporting passages are in the table as coded."),
            "v": _share(f"{_V}, as coded."),
            "v_corrected": _share(
                f"The same with its bias corrected as for independent cases; too little for clustered ones, {_SIZE}."
            ),
            "readings": _count(
                "How many readings there are. Only choices that can change the table of supporting passages count: "
                "documents, passages that counter, and codes that roll up to the same kind of power multiply nothing."
            ),
            "exact": _truth(
                f"Whether every reading is covered. Where more than {MOST_SUMS:,} sums of partial tables would be "
                f"needed, {SAMPLES:,} readings are drawn instead."
            ),
            "tables": _count("How many different tables the readings give; if not exact, how many were drawn."),
            "lowest": _share(f"The lowest V over all readings, {_SIZE}."),
            "median": _share(f"The smallest V that at least half of the readings with a V do not exceed, {_SIZE}."),
            "highest": _share(f"The highest V over all readings, {_SIZE}."),
            "at_least_as_coded": _share(f"The share of all readings in which V is no lower than as coded, {_SIZE}."),
            "undefined": _share(
                f"The share of readings in which V is not defined, because a row or a column is empty, {_SIZE}."
            ),
            "without_lowest": _share(f"The lowest V where one interviewee after the other is left out, {_SIZE}."),
            "without_highest": _share(f"The highest V of these, {_SIZE}."),
        },
        facets=("power", "stage"),
    ),
    "concentration": Table(
        title="How unevenly passages are spread over interviewees",
        row="a base: those who are quoted, or all who were interviewed",
        beside="Gini coefficients and the shares of the most quoted (six decimals)",
        columns={
            "base": _one_of(
                "quoted: interviewees with a cited passage; interviewed: all, most of them with none.",
                ("quoted", "interviewed"),
            ),
            "interviewees": _count("How many interviewees there are."),
            "passages": _count("How many passages they have."),
            "gini": _share(f"The Gini coefficient: 0 if all have as many passages, near 1 if one has all, {_SIZE}."),
            "gini_corrected": _share(f"The same times n / (n − 1), so that 1 can be reached, {_SIZE}."),
            "top_1": _share(f"The share of passages that the most quoted interviewee has, {_SIZE}."),
            "top_3": _share(f"The share of the three most quoted, {_SIZE}."),
            "top_5": _share(f"The share of the five most quoted, {_SIZE}."),
        },
    ),
    "agreement": Table(
        title="Agreement between coders",
        row="facet, coders, role, code, coefficient, and where the interval comes from (method)",
        beside="scope; value, standard error and 95% interval (six decimals), or the reason why not defined; passages "
        "that somebody coded (units) and that two did (paired); resamples without a value (left_out)",
        columns={
            "facet": Column("What was coded.", references=("facets", ("facet",))),
            "scope": _one_of(
                "between-readers: the coders of the facet beyond those of record; with-record: a reader and the coding "
                "of record, which may be reconciled from that very reading and is then no independent coding.",
                (readers.BETWEEN_READERS, readers.WITH_RECORD),
            ),
            "coders": Column("Who is compared.", constraints={"pattern": f"{CODE}( {CODE})+"}),
            "role": _one_of(
                "primary: first choices; any: the sets of all codes allowed, with MASI's distance between sets.",
                (readers.PRIMARY, readers.ANY),
            ),
            "code": Column(
                "all: all codes together; any other: that code against the rest.", constraints={"pattern": CODE}
            ),
            "coefficient": Column("The coefficient.", constraints={"pattern": CODE}),
            "weights": Column("How near two codes are: identity or masi.", constraints={"pattern": CODE}),
            "method": Column(
                "Where the interval comes from: exact (percent agreement of two coders), analytic, or a bootstrap over "
                "units or interviewees.",
                constraints={"pattern": "exact|analytic|bootstrap over [a-z]+"},
            ),
            "value": _number(f"The coefficient, {_SIZE}; empty where not defined.", required=False, maximum=1),
            "se": _number(f"Its standard error, {_SIZE}.", required=False, minimum=0),
            "low": _number(f"The lower end of the 95% interval, {_SIZE}.", required=False),
            "high": _number(f"The upper end of the 95% interval, {_SIZE}.", required=False),
            "units": _count("How many passages at least one of the coders coded."),
            "paired": _count("How many passages at least two of the coders coded; only these enter the coefficient."),
            "left_out": _count("How many resamples of a bootstrap had no value."),
            "reason": Column("Why a figure is empty.", required=False),
        },
        everyone=True,
    ),
}
