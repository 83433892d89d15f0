"""Lessons to look at pages with: one exercise of each kind, which is quick to build and says how each is answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from browser import Browser

from analysis.teaching.built_lessons import BuiltLesson, ExercisePart, Section, StudyShown, TextPart
from analysis.teaching.comparisons import Comparison, Grouping, Judged, PatternHint, Prose, Rule
from analysis.teaching.exercises import Calculation, Exercise, Figures, Matching, Number, Selection, Wanted

Use = Callable[..., Any]
HINTS = ("Look at the table.", "Count once more.")
STAGES = {"early": "early", "late": "late", "unclear": "unclear"}


def exercises() -> list[Exercise]:
    """Return an exercise of each kind, with what makes kinds differ: slips, tolerances, own words, a second round."""
    record = {
        "P1": Judged("early", "It is asked for before there is money.", "They asked us before the grant came."),
        "P2": Judged("late", "Results are shown.", "We stood beside our poster.", ("unclear",)),
        "P3": Judged("unclear", "No time is said.", "You have to be patient."),
    }
    coding: Any = {"record": record, "options": STAGES, "whose": "The record is made up.", "facet": "stage"}
    return [
        Number("9.1", "A count", "How many?", HINTS, 12, "Ten and two are 12.", {10: "You left out two."}),
        Calculation("9.2", "A share", "What share?", HINTS, 0.6, "6 of 10.", {0.4: "That is the other share."}),
        Figures(
            "9.3",
            "Figures",
            "Work these out.",
            HINTS,
            {
                "mean": Wanted("the mean", 4.875, "add all, then divide.", 0.05, {39: "that is the sum."}),
                "all": Wanted("how many there are", 8, "count the rows."),
            },
            "39 / 8 = 4.875.",
        ),
        Matching(
            "9.4",
            "Rules",
            "Which stage?",
            HINTS,
            {"a": "Money is asked for.", "b": "Results are shown."},
            {"a": "early", "b": "late"},
            {"a": "the rule on money", "b": "the rule on results"},
            ("early", "late", "unclear"),
        ),
        Selection(
            "9.5",
            "Statements",
            "Which follow?",
            HINTS,
            frozenset({"p", "r"}),
            {"p": "They agree.", "q": "They are right.", "r": "They used one rule."},
            "Agreement is not truth.",
            "statement",
            {"q": "q: can two people be wrong together?"},
        ),
        Comparison("9.6", "A first time", "Give each a stage.", HINTS, **coding, withheld=True, asks_reason=True),
        Rule(
            "9.7",
            "A rule",
            "Write the rule down.",
            HINTS,
            "A good rule names a limit.",
            "What the codebook says:",
            (PatternHint(r"\bfeels?\b", "Who feels it?"),),
            points=("It says what belongs.", "It says what is kept out."),
            codebook={"early": "Keeps out what has money.", "late": "Keeps out plans."},
        ),
        Comparison("9.8", "A second time", "Give each a stage again.", HINTS, **coding, again="9.6", rule="9.7"),
        Comparison("9.9", "Own words", "Name each.", HINTS, record, None, "Made-up names."),
        Grouping(
            "9.10",
            "Groups",
            "Put these together.",
            HINTS,
            {"c1": "asking", "c2": "begging", "c3": "showing"},
            {"c1": "before", "c2": "before", "c3": "after"},
            "Made-up groups.",
        ),
        Prose("9.11", "A report", "Report it.", HINTS, "Coders agreed on six of ten.", "For comparison:", least=8),
        Selection(
            "9.12",
            "Names",
            "Which is not printed?",
            HINTS,
            frozenset({"c2"}),
            dict.fromkeys(("c1", "c2", "c3"), ""),
            "The second is not.",
            "code",
            {"c2": "Look for one without a row."},
        ),
    ]


def lesson(language: str = "en", digest: str = "0123456789abcdef", name: str = "sample") -> BuiltLesson:
    """Return a lesson with all of them."""
    parts = tuple(ExercisePart(one, 5) for one in exercises())
    return BuiltLesson(
        name=name,
        number="9",
        language=language,
        title="A sample",
        summary="A lesson for *tests*.",
        audience="nobody",
        needs="nothing",
        objectives=("see that pages work",),
        sections=(
            Section("What can be looked up", (TextPart("Count *once*."), *parts[:5])),
            Section("What is judged", parts[5:]),
        ),
        plans=(),
        misconceptions=(),
        discussion=("What is a test?",),
        key_points=("Pages are looked at.",),
        study=StudyShown("A made-up study", invented=True),
        digest=digest,
    )


def use_of(chromium: Browser, folder: Path) -> Use:
    """Return a way to use a page of a folder, which fails where the console says anything or something is asked for."""

    def used(task: Callable[[Any], Any], name: str = "sample", **given: Any) -> Any:
        def done(page: Any) -> Any:
            result = task(page)
            page.evaluate("dispatchEvent(new Event('pagehide'))")  # kept now, and not once the next test begins
            return result

        return chromium.use((folder / f"{name}.html").as_uri(), done, folder.as_uri(), **given)

    return used
