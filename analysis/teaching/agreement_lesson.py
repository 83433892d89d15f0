"""The exercises of notebook 3, agreement: coefficients worked out by hand, why they differ, and what to do then.

Tables A to D are made up, and every caption says so. All figures are those of `analysis.agreement`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
from analysis.teaching.comparisons import Comparison, Judged, PatternHint, Prose
from analysis.teaching.exercises import Calculation, Matching, Selection
from analysis.teaching.replies import Outcome, Reply

#: The readers of stage and response that the exercises speak of, whoever may join them.
READERS = ("reader-a", "reader-b")

OVER_INTERVIEWEES = agreement.Bootstrap(over="interviewees")

MADE_UP = "Made up"
ANA, BEN = "Ana", "Ben"
YES, NO = "yes", "no"
#: Passages that Ana and Ben both coded: yes and yes, yes and no, no and yes, no and no.
CROSSED = {"A": (20, 5, 5, 20), "B": (1, 5, 5, 39), "D": (35, 10, 0, 5)}
ABOUT = {
    "A": "yes and no are about equally frequent",
    "B": "yes is rare",
    "C": "three coders, with gaps",
    "D": "yes is frequent, and Ana says it more often than Ben",
}
#: Table C: a row for each passage, with gaps where a coder did not get to it.
WITH_GAPS = {
    ANA: (YES, YES, NO, NO, NO),
    BEN: (YES, NO, NO, None, NO),
    "Eva": (YES, None, NO, None, None),
}

PERCENT, KAPPA, ALPHA, AC1 = "percent", "kappa", "alpha", "AC1"
#: What may be said of a coefficient: key to statement, the coefficient, and what to look at again.
CHANCE = {
    "a": ("It takes nothing off for chance.", PERCENT, "what was done in 3.1, and in 3.3"),
    "b": ("By chance: a code drawn from what Ana gave, and another from what Ben gave.", KAPPA, "the sum in 3.2"),
    "c": (
        "By chance: two codes drawn from all that were given, without putting the first back.",
        ALPHA,
        "what n − 1 stands for in 3.7",
    ),
    "d": ("The more one code prevails, the less agreement by chance.", AC1, "how chance moves in 3.4, and in 3.5"),
    "e": ("It would change if the codebook had another code, which nobody used.", AC1, "the second hint"),
}

SETTLE, RULE, SLIP, DROP = "keep-both", "mend-rule", "correct-slip", "leave-out"
DECISIONS = {
    SETTLE: "choose one code, and keep the other as allowed",
    RULE: "make the rule clearer, and decide by it",
    SLIP: "take it for a slip, and correct it",
    DROP: "leave the passage out",
}
#: Points on which the readers differed, or on which the record departs from them: facet, what was decided, and why.
DECIDED = {
    "T11": ("stage", SETTLE, "Neither a study nor a moment is named; the other code stays allowed."),
    "F27": ("stage", SETTLE, "The joint work lies on neither side of an award; the other code stays allowed."),
    "F22": (
        "stage",
        RULE,
        "Both readers dated it by a trial that stands in another person's quoted words. The rule on lead-ins now says "
        "that such words are none. The record went against both readers, who agreed.",
    ),
    "T04": ("stage", SLIP, "The words name an event and no presenting, which the rule asks for; the code was struck."),
    "F07": ("response", SLIP, "The sentence that both went by introduces another passage; the code was struck."),
}

#: What agreement between two sessions of one language model may show: key to statement, and whether it does.
STATEMENTS = {
    "p": ("The rules can be applied in the same way twice.", True),
    "q": ("The stages are right.", False),
    "r": ("Two people who read these passages would agree about as often.", False),
    "s": ("What both sessions misread in the same way is counted as agreement.", True),
    "t": ("Chance was taken off, and with it the habits that the sessions share.", False),
}


@dataclass(frozen=True)
class Agreeing:
    """The exercises of the notebook, in its order."""

    percent: Calculation
    chance: Calculation
    kappa: Calculation
    skewed: Calculation
    ac1: Calculation
    prevail: Prose
    gaps: Calculation
    which: Matching
    decide: Comparison
    sessions: Selection
    report: Prose


def exercises(evidence: Evidence) -> Agreeing:
    """Return the exercises, made from the made-up tables and from the evidence."""
    return Agreeing(
        percent=_percent(),
        chance=_chance(),
        kappa=_kappa(),
        skewed=_skewed(),
        ac1=_ac1(),
        prevail=_prevail(),
        gaps=_gaps(),
        which=_which(),
        decide=_decide(evidence),
        sessions=_sessions(),
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
    """Return a made-up table of two coders with its sums, or that with gaps as it was coded."""
    caption = f"{MADE_UP}: table {name} ({ABOUT[name]})"
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
    columns = {name: _of_table(name) for name in CROSSED}
    heads = {name: f"{name}: {ABOUT[name]}" for name in CROSSED}
    return CaptionedTable(
        pd.DataFrame(columns).rename(columns=heads), f"{MADE_UP}: tables A, B and D, coefficient by coefficient"
    )


def _of_table(name: str) -> dict[str, str]:
    given = made_up(name)
    sizes = agreement.estimates(given)
    labels = [agreement.labelled(*pair) for pair in zip(sizes["coefficient"], sizes["weights"], strict=True)]
    yes = agreement.prevalence_and_bias(given).set_index("code").loc[YES]
    values = [*sizes["value"], yes["prevalence"], yes["bias"]]
    named = zip([*labels, "Prevalence of yes", "Bias towards yes"], values, strict=True)
    return {label: formatting.rounded(value) for label, value in named}


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
    # Names stand beside the ends of their lines, a little apart where these are close.
    ends = ends.assign(value=ends["value"] + 0.035 * ends["value"].diff().lt(0.07))
    names = alt.Chart(ends).mark_text(align="left", dx=8, color=figures.INK, fontSize=13)
    told = "; ".join(
        f"{name} {formatting.rounded(values.iloc[0])} and {formatting.rounded(values.iloc[len(values) // 2])}"
        for name, values in found.groupby("coefficient", sort=False)["value"]
    )
    agreed = formatting.rounded(_value("A", "percent-agreement"))
    return figures.drawn(
        (lines + names.encode(x=x, y=y, text="coefficient:N")).properties(width=440, height=260, title=MADE_UP),
        f"{MADE_UP}. Lines of coefficients over the share of yes, for tables that all have a percent agreement of "
        f"{agreed}. Where yes is rarest, and where yes and no are equally frequent: {told}. Where no is rare, they are "
        "as where yes is.",
        f"{MADE_UP}: tables with as many passages and as many differences as table A, from hardly any yes to hardly "
        f"any no. Percent agreement is {agreed} in all of them.",
    )


def _by_prevalence() -> pd.DataFrame:
    """Return coefficients from hardly any yes, over table A, to hardly any no: `yes, coefficient, value`."""
    both, first, second, neither = CROSSED["A"]
    names = ["percent-agreement", "gwet-ac", "brennan-prediger", "cohen-kappa"]
    rows = []
    for yes in range(both + neither + 1):
        given = _ratings((yes, first, second, both + neither - yes))
        share = float((given.given == given.codes.index(YES)).mean())
        values = agreement.estimates(given, names)["value"]
        rows += [(share, agreement.labelled(*one), value) for one, value in zip(_nominal(names), values, strict=True)]
    return pd.DataFrame(rows, columns=["yes", "coefficient", "value"])


def _nominal(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, "identity") for name in names]


# --- coefficients by hand


def _parts(name: str) -> tuple[float, float, float, float]:
    """Return of a made-up table: agreed share, Ana's and Ben's share of yes, and how many passages."""
    both, first, second, neither = CROSSED[name]
    n = both + first + second + neither
    return (both + neither) / n, (both + first) / n, (both + second) / n, n


def _by_chance(name: str) -> float:
    """Return the agreement that Ana's and Ben's shares of yes would give by chance (Cohen's)."""
    _, ana, ben, _ = _parts(name)
    return ana * ben + (1 - ana) * (1 - ben)


def _value(name: str, coefficient: str) -> float:
    return float(agreement.estimates(made_up(name), [coefficient])["value"].iloc[0])


def _percent() -> Calculation:
    both, _, _, neither = CROSSED["A"]
    right, _, _, n = _parts("A")
    return Calculation(
        "3.1",
        "Percent agreement",
        "What share of the passages of table A did Ana and Ben code alike?",
        (
            "Alike is on the diagonal: both yes, or both no.",
            "Add these, and divide by the number of all passages.",
        ),
        right,
        f"({both} + {neither}) / {n} = {formatting.rounded(right)}.",
        (
            (both / n, "That is where both said yes. They also agree where both said no."),
            (1 - right, "That is the share on which they differ."),
        ),
    )  # fmt: skip


def _chance() -> Calculation:
    _, ana, ben, _ = _parts("A")
    yes, no = ana * ben, (1 - ana) * (1 - ben)
    return Calculation(
        "3.2",
        "Agreement by chance",
        "Suppose that both had given their codes blindly, each as often as in table A. On what share of passages would "
        "they have agreed?",
        (
            "How often does Ana say yes, and how often Ben? If neither looks at the passage, both say yes in the "
            "product of these shares.",
            "Do the same for no, and add the two.",
        ),
        yes + no,
        f"{formatting.rounded(ana)} × {formatting.rounded(ben)} + {formatting.rounded(1 - ana)} × "
        f"{formatting.rounded(1 - ben)} = "
        f"{formatting.rounded(yes + no)}.",
        ((yes, "That is for one of the codes. They can agree by chance on the other, too."),),
    )  # fmt: skip


def _kappa() -> Calculation:
    agreed, *_ = _parts("A")
    chance = _by_chance("A")
    right = _value("A", "cohen-kappa")
    return Calculation(
        "3.3",
        "Cohen's kappa",
        "Of the agreement that chance left open, how much was reached? Divide what was reached beyond chance by what "
        "could have been reached beyond chance.",
        (
            "Beyond chance were reached: percent agreement less agreement by chance.",
            "At most could have been reached: 1 less agreement by chance.",
        ),
        right,
        f"({formatting.rounded(agreed)} − {formatting.rounded(chance)}) / (1 − {formatting.rounded(chance)}) = "
        f"{formatting.rounded(right)}.",
        (
            (agreed - chance, "That is what was reached beyond chance. Divide it by what could have been reached."),
            (agreed, "That is percent agreement; nothing is taken off yet."),
        ),
    )  # fmt: skip


def _skewed() -> Calculation:
    agreed, ana, ben, _ = _parts("B")
    chance = _by_chance("B")
    right = _value("B", "cohen-kappa")
    return Calculation(
        "3.4",
        "As much agreement, another kappa",
        "In table B, Ana and Ben differ on as many passages as in table A. What is Cohen's kappa?",
        (
            "Percent agreement is that of table A. Work out agreement by chance anew: yes is rare now.",
            "Both say no so often that they would mostly agree without looking. Little is left to be reached.",
        ),
        right,
        f"By chance: {formatting.rounded(ana)} × {formatting.rounded(ben)} + {formatting.rounded(1 - ana)} × "
        f"{formatting.rounded(1 - ben)} = {formatting.rounded(chance, 4)}. Kappa: ({formatting.rounded(agreed)} − "
        f"{formatting.rounded(chance, 4)}) / (1 − {formatting.rounded(chance, 4)}) = {formatting.rounded(right)}.",
        (
            (agreed, "That is percent agreement; nothing is taken off yet."),
            (_value("A", "cohen-kappa"), "That is kappa of table A. Chance is another here."),
            (chance, "That is agreement by chance. One more step."),
        ),
    )  # fmt: skip


def _ac1() -> Calculation:
    agreed, ana, ben, _ = _parts("B")
    yes = (ana + ben) / 2
    chance = 2 * yes * (1 - yes)
    right = _value("B", "gwet-ac")
    return Calculation(
        "3.5",
        "Gwet's AC1",
        "Gwet takes something else for chance: for two codes it is 2 × s × (1 − s), with s the share of yes among all "
        "codes given. What is AC1 of table B?",
        (
            "s is the mean of Ana's and Ben's share of yes.",
            "The last step is that of kappa: (agreed − chance) / (1 − chance).",
        ),
        right,
        f"s = {formatting.rounded(yes)}; by chance: 2 × {formatting.rounded(yes)} × {formatting.rounded(1 - yes)} = "
        f"{formatting.rounded(chance, 4)}; AC1: ({formatting.rounded(agreed)} − "
        f"{formatting.rounded(chance, 4)}) / (1 − "
        f"{formatting.rounded(chance, 4)}) = {formatting.rounded(right)}.",
        (
            (chance, "That is agreement by chance, as Gwet has it. One more step."),
            (_value("B", "cohen-kappa"), "That is Cohen's kappa. Chance is worked out otherwise here."),
        ),
    )  # fmt: skip


def _prevail() -> Prose:
    both, first, second, neither = CROSSED["B"]
    n = sum(CROSSED["B"])
    named = both + first + second
    return Prose(
        "3.6",
        "What would you say of table B?",
        "Percent agreement, kappa and AC1 are far apart. Suppose that yes is what your study is about. What would you "
        "tell a reader who wants to know whether Ana and Ben agree?",
        (
            "Look at the passages that somebody called yes. On how many of them do Ana and Ben agree?",
            "Neither figure is wrong. Which question does each of them answer?",
        ),
        f"Ana and Ben agree on {both + neither} of {n} passages, nearly always because both say no. Of the "
        f"{named} passages that either calls yes, they agree on {formatting.in_words(both)}. So they can tell what has "
        "nothing to do with the matter, and what a yes is they have yet to agree on. We give the table, kappa "
        f"({formatting.rounded(_value('B', 'cohen-kappa'))}) and AC1 "
        f"({formatting.rounded(_value('B', 'gwet-ac'))}), since "
        "they differ for just this reason.",
        "For comparison:",
        (
            PatternHint(
                r"\b(yes|rare\w*|prevalen\w*|seldom|table)\b", "Say that yes is rare, or give the table.", True
            ),
            PatternHint(
                r"\b(wrong|useless|fail\w*|broken)\b",
                "Is the coefficient at fault, or is it asked what it does not answer?",
            ),
            PatternHint(
                r"\b(significant\w*|substantial|excellent|poor)\b", "Such a word hides the figures. What do they say?"
            ),
        ),
        points=(
            "It says on which passages they agree, and on which not.",
            "It gives more than one figure, or the table.",
            "It does not choose the coefficient by its size.",
        ),
    )  # fmt: skip


def _gaps() -> Calculation:
    given = made_up("C")
    right = _value("C", "krippendorff-alpha")
    columns = list(zip(*WITH_GAPS.values(), strict=True))
    paired = [[code for code in row if code] for row in columns]
    paired = [row for row in paired if len(row) > 1]
    codes = [code for row in paired for code in row]
    yes, no, n = codes.count(YES), codes.count(NO), len(codes)
    apart = sum(2 * row.count(YES) * row.count(NO) / (len(row) - 1) for row in paired)
    unpaired = len(given.units) - len(paired)
    return Calculation(
        "3.7",
        "Krippendorff's alpha, with gaps",
        "Table C has three coders, who did not get to every passage. Alpha is 1 − (n − 1) × d / e. Take only passages "
        "that at least two coded: n is the number of codes in them; d adds up 2 × (its yes) × (its no) / (its codes − "
        "1) for each of them; e is 2 × (all yes) × (all no). What is alpha?",
        (
            f"{formatting.counted(unpaired, 'passage').capitalize()} of table C cannot be used: nobody can agree or "
            "differ there.",
            f"n is {n}. In most passages all say the same, and add nothing to d.",
            "For e, count yes and no in the passages that can be used.",
        ),
        right,
        f"n = {n}, of which {yes} yes and {no} no; d = {apart:g}; e = 2 × {yes} × {no} = {2 * yes * no}. So alpha = 1 "
        f"− {n - 1} × {apart:g} / {2 * yes * no} = {formatting.rounded(right, 3)}.",
        (
            (
                1 - n * apart / (2 * yes * (no + 1)),
                "You counted the code of the passage that only one coder coded. It cannot be compared with any other.",
            ),
            (1 - n * apart / (2 * yes * no), "Nearly: it is n − 1, which allows for how few codes there are."),
            (1 - (n - 1) * apart / (yes * no), "Nearly: e is twice the product of all yes and all no."),
            (_value("C", "percent-agreement"), "That is percent agreement. What would chance give?"),
        ),
        digits=3,
    )  # fmt: skip


def _which() -> Matching:
    return Matching(
        "3.8",
        "Why coefficients differ",
        f"They differ in what they take for chance. Of which is this true: {PERCENT}, {KAPPA} (Cohen's), {ALPHA} "
        f"(Krippendorff's) or {AC1}? One of them is needed twice.",
        (
            "Go back to your sums: which numbers went into agreement by chance?",
            "With q codes in the codebook, Gwet adds up s × (1 − s) over all codes, s being the share of each, and "
            "divides by q − 1. For two codes that is 2 × s × (1 − s).",
        ),
        {key: text for key, (text, _, _) in CHANCE.items()},
        {key: coefficient for key, (_, coefficient, _) in CHANCE.items()},
        {key: rule for key, (_, _, rule) in CHANCE.items()},
        (PERCENT, KAPPA, ALPHA, AC1),
        "the definitions",
    )


# --- disagreements, and what agreement tells


def disputed(evidence: Evidence) -> CaptionedTable:
    """Return the points to be decided: each reader's choice, what the reader allowed besides, and why."""
    rows = [row for extract, (facet, _, _) in DECIDED.items() for row in _choices(evidence, extract, facet)]
    kind = passage_texts.shown(evidence, next(iter(DECIDED))).kind
    shown = pd.DataFrame(rows, columns=["Passage", kind, "Reader", "Chosen", "Also allowed", "Why"])
    return CaptionedTable(shown.set_index("Passage"), "What the readers chose, and why")


def _choices(evidence: Evidence, extract: str, facet: str) -> list[tuple[str, str, str, str, str, str]]:
    names = code_tree.names(evidence.codes, facet)
    rows = evidence.codings[(evidence.codings["extract_id"] == extract) & (evidence.codings["facet"] == facet)]
    found = []
    for reader in READERS:
        own = rows[rows["coder_id"] == reader]
        first, others = own[own["role"] == "primary"].iloc[0], own[own["role"] == "alternative"]
        also = "; ".join(f"{names[code]} ({why})" for code, why in others[["code_id", "rationale"]].to_numpy().tolist())
        found.append((reader, f"{facet}: {names[first['code_id']]}", also, first["rationale"]))
    text = passage_texts.shown(evidence, extract).text
    return [("" if n else extract, "" if n else text, *row) for n, row in enumerate(found)]


def _decide(evidence: Evidence) -> Comparison:
    return Comparison(
        "3.9",
        "What to do about it",
        "Say of each passage what you would do: "
        + "; ".join(f"{key} ({meaning})" for key, meaning in DECISIONS.items())
        + ". In T04 and F07 it is about the code that was allowed besides. The sentence that both readers went by in "
        "F07 leads in to another passage; that in F22 quotes another interviewee, who speaks of a trial.",
        (
            "Do the words allow both codes? Or does a rule say clearly that one of them is wrong here?",
            "Would a clearer rule settle the next passage of this kind? Then the rule is what is missing.",
        ),
        {
            extract: Judged(decided, why, passage_texts.shown(evidence, extract).text)
            for extract, (_, decided, why) in DECIDED.items()
        },
        {decision: decision for decision in DECISIONS},
        "The record is what the compendium did, as its coding log tells (data/coding-log.md, section 3).",
        words=passage_texts.shown(evidence, next(iter(DECIDED))).kind,
    )


def _sessions() -> Selection:
    return Selection(
        "3.10",
        "Two sessions of one model",
        "The compendium's readers are sessions of one language model. Which of these may be concluded from their "
        "agreement?",
        (
            "What do two sessions of one model have in common that two people would not?",
            "Chance, in every coefficient, is codes given blindly. Is a habit a blind choice?",
        ),
        frozenset(key for key, (_, follows) in STATEMENTS.items() if follows),
        {key: text for key, (text, _) in STATEMENTS.items()},
        "The rules can be followed in the same way again; that is nearer to asking one observer twice than to asking "
        "another. What both misread alike counts as agreement, since no coefficient takes off anything but blind "
        "chance. Whether the stages are right, and what people would read, it cannot show.",
        "statement",
        {
            "p": "p: what is it that was done twice here?",
            "q": "q: could both be wrong in the same way?",
            "r": "r: were people among those who read?",
            "s": "s: how would a coefficient notice?",
            "t": "t: look at what went into agreement by chance.",
        },
    )


def told(evidence: Evidence) -> str:
    """Report the agreement of the two readers on stage as a careful methods section would."""
    given = readers.chosen(evidence, "stage", READERS)
    alpha = agreement.estimates(given, ["krippendorff-alpha"], intervals=[OVER_INTERVIEWEES]).iloc[0]
    value, low, high = (formatting.rounded(alpha[column]) for column in ("value", "low", "high"))
    differ = list(agreement.disagreements(given).index)
    return (
        "Two sessions of one language model, working apart under the same written rules, gave the same stage to "
        f"{len(given.units) - len(differ)} of {len(given.units)} passages (Krippendorff's alpha {value}, 95% interval "
        f"{low} to {high} by resampling interviewees). They differed on {formatting.listed(differ)}, for which "
        "both codes "
        "are kept as allowed. This shows that the rules can be followed alike. It does not show that the stages are "
        "right, or that people would agree as often."
    )


def _report(evidence: Evidence) -> Prose:
    return Prose(
        "3.11",
        "Report it",
        "Write two or three sentences for a methods section: how far the compendium's two readers agree on stage, and "
        "what that means.",
        (
            "Say who coded what and how many, how far they agreed and by which coefficient, and how sure that is.",
            "Then say where they differed, what was done about it, and what the figure does not show.",
        ),
        told(evidence),
        "For comparison:",
        (
            PatternHint(r"\b(kappa|alpha|AC1|pi|percent|per cent|of \d+)\b|%", "By which measure?", True),
            PatternHint(r"\b(interval|between|range|to 1)\b", "How far might it be off? Give an interval.", True),
            PatternHint(r"\b(model|models|sessions?|machines?|AI)\b", "Say who, or what, the readers were.", True),
            PatternHint(r"\b(T11|F27|differ\w*|disagree\w*)\b", "Where did they differ, and what came of it?", True),
            PatternHint(
                r"\b(substantial|almost perfect|excellent|good|strong|high)\b",
                "Such a word was fixed without your purpose in mind. What is the agreement good enough for?",
            ),
            PatternHint(r"\b(valid\w*|accura\w*|correct\w*|prove[sdn]?|reliab\w*|objective\w*)\b",
                    "Does agreement between two sessions of one model show as much?"),
            PatternHint(r"\bsignificant\w*\b", "Nothing was tested here, so nothing is significant."),
        ),
        least=15,
        points=(
            "It says who coded, and how many passages.",
            "It gives a coefficient by name, with an interval.",
            "It says where they differed and what was done.",
            "It says what agreement does not show.",
        ),
    )  # fmt: skip


# --- the readers and the class, to look at


def of_readers(evidence: Evidence, facet: str) -> tuple[CaptionedTable, CaptionedTable]:
    """Return which codes the two readers took for which, and every coefficient, for a facet."""
    return (
        CaptionedTable(agreement_tables.confusion(evidence, facet, *READERS), f"First choices, {facet}"),
        CaptionedTable(
            agreement_tables.agreement_sizes(evidence, facet, READERS),
            f"Agreement on {facet}, standard errors in brackets",
        ),
    )


def of_class(everybody: Classroom, evidence: Evidence, facet: str) -> CaptionedTable | Reply:
    """Return every coefficient of a class's codings of a facet, or say that there is nothing to compare yet."""
    coded = classroom.side_by_side(everybody.learners, evidence, facet)
    if len(coded.columns) < 2:
        said = f"It takes the codings of {facet} of two people, handed in with notebook 1."
        return Reply("Nothing to compare yet", (said,), outcome=Outcome.NOT_TRIED)
    found = classroom.agreed(coded, evidence, facet, names=None)
    return CaptionedTable(classroom.agreement_told(found), f"Agreement of the class on {facet}")
