"""Notebook 3, agreement: made-up tables, coefficients worked out by hand, and what the compendium's readers chose.

Tables A to D are made up, and every caption says so. All coefficients are those of `analysis.agreement`.
"""

from collections.abc import Mapping
from types import SimpleNamespace

import pandas as pd

from analysis import agreement
from analysis.agreement import Ratings, agreement_tables, readers
from analysis.display import figures
from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import Figure
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.teaching import classroom, passage_texts
from analysis.teaching.classroom import Classroom
from analysis.teaching.comparisons import Comparison, Judged, Prose
from analysis.teaching.exercises import Calculation, Matching, Selection
from analysis.teaching.lesson_texts import Lesson
from analysis.teaching.replies import Outcome, Reply

#: The readers that the exercises are about, whatever further readers there are.
READERS = ("reader-a", "reader-b")
MADE_UP = "Made up"
ANA, BEN = "Ana", "Ben"
YES, NO = "yes", "no"
#: Passages that Ana and Ben both coded: yes and yes, yes and no, no and yes, no and no.
CROSSED = {"A": (20, 5, 5, 20), "B": (1, 5, 5, 39), "D": (35, 10, 0, 5)}
#: Table C: the codes of each coder, with gaps where a coder did not get to a passage.
WITH_GAPS = {
    ANA: (YES, YES, NO, NO, NO),
    BEN: (YES, NO, NO, None, NO),
    "Eva": (YES, None, NO, None, None),
}

_LESSON = Lesson("agreement")
#: The points that the readers differed on, or where the record departs from them: `facet`, `decision` and `why`.
POINTS: dict[str, dict[str, str]] = _LESSON.texts["points"]
DECISIONS = ("keep-both", "clarify-rule", "correct-slip", "leave-out")


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    return SimpleNamespace(
        **_by_hand(),
        which=_LESSON.exercise(Matching, "which"),
        decide=_LESSON.exercise(
            Comparison,
            "decide",
            record={
                extract: Judged(point["decision"], point["why"], passage_texts.shown(evidence, extract).text)
                for extract, point in POINTS.items()
            },
            options={decision: decision for decision in DECISIONS},
            words=passage_texts.shown(evidence, next(iter(POINTS))).kind,
        ),
        sessions=_LESSON.exercise(Selection, "sessions"),
        report=_report(evidence),
    )


# --- the made-up tables


def made_up(name: str) -> Ratings:
    """Return the ratings of a made-up table, A to D."""
    return agreement.from_table(pd.DataFrame(WITH_GAPS), [YES, NO]) if name == "C" else _ratings(CROSSED[name])


def _ratings(crossed: tuple[int, int, int, int]) -> Ratings:
    """Return the ratings of Ana and Ben by how many passages got yes and yes, yes and no, no and yes, no and no."""
    pairs = zip([(YES, YES), (YES, NO), (NO, YES), (NO, NO)], crossed, strict=True)
    rows = [pair for pair, times in pairs for _ in range(times)]
    return agreement.from_table(pd.DataFrame(rows, columns=[ANA, BEN]), [YES, NO])


def table(name: str) -> CaptionedTable:
    """Return a made-up table of two coders with its sums, or the one with gaps as it was coded."""
    caption = f"{MADE_UP}: table {name} ({_LESSON.texts['about'][name]})"
    if name == "C":
        shown = pd.DataFrame(WITH_GAPS).fillna("")
        return CaptionedTable(shown.set_axis(pd.RangeIndex(1, len(shown) + 1, name="Passage")), caption)
    counts = agreement.confusion(made_up(name), ANA, BEN)
    counts["all"] = counts.sum(axis=1)
    counts.loc["all"] = counts.sum()
    shown = counts.rename(index=lambda code: f"{ANA}: {code}", columns=lambda code: f"{BEN}: {code}")
    return CaptionedTable(shown.rename_axis(index=None, columns=None), caption)


def beside() -> CaptionedTable:
    """Return all coefficients of the made-up tables of two coders, with prevalence and bias of yes."""
    about = _LESSON.texts["about"]
    columns = {f"{name}: {about[name]}": _coefficients(name) for name in CROSSED}
    return CaptionedTable(pd.DataFrame(columns), f"{MADE_UP}: tables A, B and D, coefficient by coefficient")


def _coefficients(name: str) -> dict[str, str]:
    given = made_up(name)
    sizes = agreement.estimates(given)
    labels = map(agreement.labelled, sizes["coefficient"], sizes["weights"])
    yes = agreement.prevalence_and_bias(given).set_index("code").loc[YES]
    values = dict(zip(labels, sizes["value"], strict=True))
    values |= {"Prevalence of yes": yes["prevalence"], "Bias towards yes": yes["bias"]}
    return {label: formatting.rounded(value) for label, value in values.items()}


def by_prevalence() -> Figure:
    """Draw coefficients of made-up tables with the same percent agreement, from yes being rare to being usual."""
    import altair as alt

    found = _by_prevalence()
    order = list(dict.fromkeys(found["coefficient"]))
    x = alt.X(
        "yes:Q",
        title="share of yes among all codes given",
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[0, 1], nice=False),
    )
    y = alt.Y("value:Q", title="coefficient", scale=alt.Scale(domain=[-0.2, 1], nice=False))
    dash = alt.StrokeDash(
        "coefficient:N", scale=alt.Scale(domain=order, range=[[1, 0], [8, 3], [2, 3], [10, 3, 2, 3]]), legend=None
    )
    lines = alt.Chart(found).mark_line(color=figures.INK, strokeWidth=2.2).encode(x=x, y=y, strokeDash=dash)
    ends = found[found["yes"] == found["yes"].max()].sort_values("value")
    # Names are written at the ends of their lines, a little apart where these are close.
    ends = ends.assign(value=ends["value"] + 0.035 * ends["value"].diff().lt(0.07))
    names = alt.Chart(ends).mark_text(align="left", dx=8, color=figures.INK, fontSize=13)
    summary = "; ".join(
        f"{name} {formatting.rounded(values.iloc[0])} and {formatting.rounded(values.iloc[len(values) // 2])}"
        for name, values in found.groupby("coefficient", sort=False)["value"]
    )
    agreed = formatting.rounded(_value("A", "percent-agreement"))
    return figures.drawn(
        (lines + names.encode(x=x, y=y, text="coefficient:N")).properties(width=440, height=260, title=MADE_UP),
        f"{MADE_UP}. Lines of coefficients over the share of yes, for tables that all have a percent agreement of "
        f"{agreed}. Where yes is rarest, and where yes and no are equally frequent: {summary}. Where no is rare, they "
        "are the same as where yes is rare.",
        f"{MADE_UP}: tables with as many passages and as many differences as table A, from hardly any yes to hardly "
        f"any no. Percent agreement is {agreed} in all of them.",
    )


def _by_prevalence() -> pd.DataFrame:
    """Return coefficients from hardly any yes, through table A, to hardly any no: `yes, coefficient, value`."""
    both, first, second, neither = CROSSED["A"]
    names = ["percent-agreement", "gwet-ac", "brennan-prediger", "cohen-kappa"]
    rows = []
    for yes in range(both + neither + 1):
        given = _ratings((yes, first, second, both + neither - yes))
        share = float((given.given == given.codes.index(YES)).mean())
        values = agreement.estimates(given, names)["value"]
        labels = [agreement.labelled(name, "identity") for name in names]
        rows += [(share, label, value) for label, value in zip(labels, values, strict=True)]
    return pd.DataFrame(rows, columns=["yes", "coefficient", "value"])


def _value(name: str, coefficient: str) -> float:
    return float(agreement.estimates(made_up(name), [coefficient])["value"].iloc[0])


# --- coefficients by hand


def _calculation(key: str, right: float, values: Mapping[str, object], **mistakes: float) -> Calculation:
    return _LESSON.exercise(Calculation, key, {**values, "right": right}, right=right, mistakes=mistakes)


def _shares(name: str) -> dict[str, float]:
    """Return Ana's and Ben's shares of yes and of no."""
    both, first, second, _ = (count / sum(CROSSED[name]) for count in CROSSED[name])
    return {"ana": both + first, "ben": both + second, "ana_no": 1 - both - first, "ben_no": 1 - both - second}


def _by_hand() -> dict[str, Calculation | Prose]:
    """Return the exercises on tables A, B and C, worked out by the steps of their hints."""
    both, _, _, neither = CROSSED["A"]
    n, shares = sum(CROSSED["A"]), _shares("A")
    agreed, yes = (both + neither) / n, shares["ana"] * shares["ben"]
    chance, kappa = yes + shares["ana_no"] * shares["ben_no"], _value("A", "cohen-kappa")
    counts, steps = {"both": both, "neither": neither, "n": n}, {"agreed": agreed, "chance": chance}
    return {
        "percent": _calculation("percent", agreed, counts, yes=both / n, different=1 - agreed),
        "chance": _calculation("chance", chance, shares, yes=yes),
        "kappa": _calculation("kappa", kappa, steps, beyond=agreed - chance, percent=agreed),
        **_of_table_b(kappa),
        "gaps": _gaps(),
    }


def _of_table_b(kappa_of_a: float) -> dict[str, Calculation | Prose]:
    both, _, _, neither = CROSSED["B"]
    n, shares = sum(CROSSED["B"]), _shares("B")
    agreed, yes = (both + neither) / n, (shares["ana"] + shares["ben"]) / 2
    chance, gwets = shares["ana"] * shares["ben"] + shares["ana_no"] * shares["ben_no"], 2 * yes * (1 - yes)
    kappa, ac1 = _value("B", "cohen-kappa"), _value("B", "gwet-ac")
    steps = {**shares, "agreed": agreed, "chance": chance}
    gwets_steps = {"s": yes, "rest": 1 - yes, "agreed": agreed, "chance": gwets}
    counts = {"agreed": both + neither, "n": n, "named": n - neither, "both": both}
    return {
        "skewed": _calculation("skewed", kappa, steps, percent=agreed, kappa_of_a=kappa_of_a, chance=chance),
        "ac1": _calculation("ac1", ac1, gwets_steps, chance=gwets, kappa=kappa),
        "prevail": _LESSON.exercise(Prose, "prevail", {**counts, "kappa": kappa, "ac1": ac1}),
    }


def _gaps() -> Calculation:
    passages = [[code for code in row if code] for row in zip(*WITH_GAPS.values(), strict=True)]
    paired = [row for row in passages if len(row) > 1]
    codes = [code for row in paired for code in row]
    yes, no, n = codes.count(YES), codes.count(NO), len(codes)
    d = sum(2 * row.count(YES) * row.count(NO) / (len(row) - 1) for row in paired)
    e = 2 * yes * no
    right = _value("C", "krippendorff-alpha")
    counts = {"unpaired": len(passages) - len(paired), "n": n, "n_less_one": n - 1, "yes": yes, "no": no, "e": e}
    mistakes = {
        "unpaired": 1 - n * d / (2 * yes * (no + 1)),
        "n": 1 - n * d / e,
        "once": 1 - (n - 1) * d / (yes * no),
        "percent": _value("C", "percent-agreement"),
    }
    values = {**counts, "d": f"{d:g}", "right": right}
    return _LESSON.exercise(Calculation, "gaps", values, right=right, mistakes=mistakes, digits=3)


# --- the readers and the class


def disputed(evidence: Evidence) -> CaptionedTable:
    """Return the points to be decided: each reader's choice, what the reader also allowed, and why."""
    rows = [row for extract, point in POINTS.items() for row in _choices(evidence, extract, point["facet"])]
    kind = passage_texts.shown(evidence, next(iter(POINTS))).kind
    shown = pd.DataFrame(rows, columns=["Passage", kind, "Reader", "Chosen", "Also allowed", "Why"])
    return CaptionedTable(shown.set_index("Passage"), "What the readers chose, and why")


def _choices(evidence: Evidence, extract: str, facet: str) -> list[tuple[str, ...]]:
    names = code_tree.names(evidence.codes, facet)
    rows = evidence.codings[(evidence.codings["extract_id"] == extract) & (evidence.codings["facet"] == facet)]
    found = []
    for reader in READERS:
        own = rows[rows["coder_id"] == reader]
        first, others = own[own["role"] == "primary"].iloc[0], own[own["role"] == "alternative"]
        also = "; ".join(f"{names[code]} ({why})" for code, why in others[["code_id", "rationale"]].to_numpy().tolist())
        found.append((reader, f"{facet}: {names[first['code_id']]}", also, str(first["rationale"])))
    text = passage_texts.shown(evidence, extract).text
    return [("" if n else extract, "" if n else text, *row) for n, row in enumerate(found)]


def _report(evidence: Evidence) -> Prose:
    """Return the exercise on reporting agreement on stage; its record is what a careful methods section would say."""
    given = readers.chosen(evidence, "stage", READERS)
    intervals = [agreement.Bootstrap(over="interviewees")]
    alpha = agreement.estimates(given, ["krippendorff-alpha"], intervals=intervals).iloc[0]
    differ, n = list(agreement.disagreements(given).index), len(given.units)
    figures = {"n": n, "same": n - len(differ), "differ": differ, "alpha": alpha["value"]}
    return _LESSON.exercise(Prose, "report", figures | {end: alpha[end] for end in ("low", "high")})


def of_readers(evidence: Evidence, facet: str) -> tuple[CaptionedTable, CaptionedTable]:
    """Return which codes of one reader the other coded as which, and every coefficient, for a facet."""
    sizes = agreement_tables.agreement_sizes(evidence, facet, READERS)
    return (
        CaptionedTable(agreement_tables.confusion(evidence, facet, *READERS), f"First choices, {facet}"),
        CaptionedTable(sizes, f"Agreement on {facet}, standard errors in brackets"),
    )


def of_class(everybody: Classroom, evidence: Evidence, facet: str) -> CaptionedTable | Reply:
    """Return every coefficient of a class's codings of a facet, or say that there is nothing to compare yet."""
    coded = classroom.side_by_side(everybody.learners, evidence, facet)
    if len(coded.columns) < 2:
        said = f"This needs the codings of {facet} of two people, handed in with notebook 1."
        return Reply("Nothing to compare yet", (said,), outcome=Outcome.NOT_TRIED)
    found = classroom.agreed(coded, evidence, facet, names=None)
    return CaptionedTable(classroom.agreement_table(found), f"Agreement of the class on {facet}")
