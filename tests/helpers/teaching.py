"""The teaching notebooks with answers in them: right ones, wrong ones, and what each cell then says."""

import ast
import contextlib
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.counting import crosstabs
from analysis.study import loading
from analysis.support import paths
from analysis.teaching import simulated_studies, trials

STORED = sorted(paths.TEACHING.glob("*.ipynb"))

SITUATIONS = {"a": "initiation", "b": "operationalization", "c": "dissemination", "d": "not-stated", "e": "not-stated"}
TWELVE = ("T01", "T02", "T06", "T08", "T09", "T10", "T11", "F03", "F06", "F08", "F21", "F25")
DISPUTED = ("T11", "F27", "F22", "T04", "F07")
FIRST_ORDER = (
    "accessible-language", "adapting-to-researchers", "assessing-lay-summary", "building-trust",
    "extending-interaction", "finding-venues", "knowing-illness", "patients-relate", "practical-issues",
    "required-on-proposal", "speaking-academic", "using-impact-requirement", "accountability-and-funds",
)  # fmt: skip
SECOND_ORDER = (
    "aligning-with-norms", "approaching-with-discourses", "creating-opportunities", "deciding-on-funding",
    "demonstrating-contextual-expertise", "demonstrating-interactive-expertise", "helping-operationalize",
    "holding-accountable", "participating-by-policy", "providing-tacit-knowledge",
)  # fmt: skip


def _possible() -> list[str]:
    """Return the passages coded as resource power that the record codes as initiation, or allows to be."""
    study = loading.load()
    record = study.record
    coded = crosstabs.cases(study, crosstabs.Axis("power"), crosstabs.Axis("stage"))
    stages = record[(record["facet"] == "stage") & (record["code_id"] == "initiation")]
    return sorted({*coded.loc[coded["row"] == "resource", "extract_id"]} & {*stages["extract_id"]})


def _alarms() -> dict[str, int]:
    """Return how many of the simulated studies without a relation give a p-value below the line."""
    return {name: int((p[trials.PASSAGES] < trials.LEVEL).sum()) for name, p in simulated_studies.p_values().items()}


#: Answers by notebook and cell, as they are given to `check`. Right ones complete every exercise, open ones as the learner sees fit.
RIGHT: dict[str, dict[str, str]] = {
    "01-code-the-passages": {
        "codebook-answer": f"{SITUATIONS}",
        "stage-answer": f"dict.fromkeys({TWELVE}, 'not stated')",
        "power-answer": f"dict.fromkeys({TWELVE}, 'practical-issues')",
        "rule-answer": "'A passage is initiation when it names a bid or a panel, and not when money is spent.'",
        "stage-again-answer": f"dict.fromkeys({TWELVE}, 'Initiation')",
        "power-again-answer": f"dict.fromkeys({TWELVE}, 'Structural power')",
        "agreement-answer": "['p', 's']",
    },
    "02-from-quotes-to-dimensions": {
        "labels-answer": "dict.fromkeys(('T04', 'T05', 'T08', 'T10', 'T12', 'T14'), 'goes somewhere')",
        "second-order-answer": f"dict.fromkeys({FIRST_ORDER}, 'one group')",
        "dimensions-answer": f"{{code: code for code in {SECOND_ORDER}}}",
        "unprinted-answer": "{'speaking-academic'}",
        "single-answer": "7",
        "fit-answer": "dict.fromkeys(('T02', 'T03', 'T08', 'T09'), 'none')",
        "gained-answer": "'One can compare more from above, and what each person said is left behind.'",
    },
    "03-agreement": {
        "percent-answer": "(20 + 20) / 50",
        "chance-answer": "0.5 * 0.5 + 0.5 * 0.5",
        "kappa-answer": "0.6",
        "skewed-answer": "(0.8 - 0.79) / (1 - 0.79)",
        "ac1-answer": "0.75",
        "prevail-answer": "'They agree on what is no yes, and hardly ever on what is one.'",
        "gaps-answer": "1 - 9 * 2 / 48",
        "which-answer": "{'a': 'percent', 'b': 'Kappa', 'c': 'alpha', 'd': 'AC1', 'e': 'ac1'}",
        "decide-answer": f"dict.fromkeys({DISPUTED}, 'clarify rule')",
        "sessions-answer": "['s', 'p']",
        "report-answer": "'Two sessions of a model chose the same stage for nearly all passages (alpha with its "
        "interval is in the table); they differ on T11 and F27.'",
    },
    "04-counting-without-over-claiming": {
        "units-answer": "{'passages': 6, 'interviewees': 2, 'cells': 5, 'most': 5 / 12}",
        "margins-answer": "{'repeated': 37 - 35, 'over': 3 + 6 + 10 + 9 - 18}",
        "selected-answer": "{'collected': 160 / 480, 'chance': 0.35, 'liked': 0.68}",
        "carries-answer": "'Of the 40 passages that this author chose to print, 27 lie on the diagonal.'",
        "alarms-answer": f"{_alarms()}",
        "expected-answer": "{'lowest': 13 * 15 / 40, 'below-five': 1}",
        "twice-answer": "{'statistic': 2 * 4.75, 'v': 0.34}",
        "questions-answer": (
            "{'a': 'Cochran', 'b': 'chi square', 'c': 'neither', 'd': 'neither', 'e': 'cochran', 'f': 'neither'}"
        ),
        "patterns-answer": (
            "{'a': 'some', 'b': 'every', 'c': 'some', 'd': 'some', 'e': 'none', 'f': 'some'}"
        ),
        "tipping-answer": "2",
        "saturated-answer": "{'base': 9, 'before': 5}",
        "report-answer": (
            "'Five of the passages that are printed stand in dissemination, two in operationalization, as coded; "
            "with T11 and others read otherwise they are level.'"
        ),
    },
    "05-auditing-a-claim": {
        "supported-answer": "{'T01': 'illustrates', 'F03': 'counters', 'T08': 'context'}",
        "silent-answer": "{'F14': 'context'}",
        "verdicts-answer": "dict.fromkeys(('C01', 'C05', 'C11', 'C48', 'C57', 'C58', 'C72'), 'illustrated')",
        "possible-answer": f"{_possible()}",
        "tipping-answer": "1",
        "silence-answer": "'No passage that is printed shows this; the transcripts may well do so.'",
        "wording-answer": "'No passage supports it as coded; read otherwise, T09 would bear it out, as most readings do.'",
    },
}  # fmt: skip

#: Wrong answers: closed exercises get something else than the answer, open ones something incomplete or not valid.
WRONG: dict[str, dict[str, str]] = {
    "01-code-the-passages": {
        "codebook-answer": f"{SITUATIONS | {'e': 'dissemination'}}",
        "stage-answer": "{'T01': 'initiation'}",
        "power-answer": f"dict.fromkeys({TWELVE}, 'charm')",
        "rule-answer": "'Too short.'",
        "stage-again-answer": "'initiation'",
        "power-again-answer": f"dict.fromkeys({(*TWELVE, 'T99')}, 'resource')",
        "agreement-answer": "['p', 'q', 't']",
    },
    "02-from-quotes-to-dimensions": {
        "labels-answer": "{'T04': 'goes to conferences'}",
        "second-order-answer": f"dict.fromkeys({FIRST_ORDER[1:]}, 'one group')",
        "dimensions-answer": "3",
        "unprinted-answer": "['practical-issues']",
        "single-answer": "8",
        "fit-answer": "dict.fromkeys(('T02', 'T03', 'T08', 'T09'), True)",
        "gained-answer": "['much']",
    },
    "03-agreement": {
        "percent-answer": "80",
        "chance-answer": "0.5 * 0.5",
        "kappa-answer": "'0.6'",
        "skewed-answer": "0.6",
        "ac1-answer": "0,75",
        "prevail-answer": "'Not well.'",
        "gaps-answer": "1 - 10 * 2 / (2 * 4 * 7)",
        "which-answer": "{'a': 'percent', 'b': 'alpha', 'c': 'kappa', 'd': 'AC1', 'e': 'AC1'}",
        "decide-answer": f"dict.fromkeys({DISPUTED}, 'vote')",
        "sessions-answer": "['p', 't']",
        "report-answer": "0.93",
    },
    "04-counting-without-over-claiming": {
        "units-answer": "{'passages': 6, 'interviewees': 6, 'cells': 2, 'most': 42}",
        "margins-answer": "{'repeated': 35, 'over': 28}",
        "selected-answer": "{'collected': 33.3, 'chance': 35, 'liked': 67.5}",
        "carries-answer": "'It is so.'",
        "alarms-answer": "{'unrelated': 10, 'alike': '101'}",
        "expected-answer": "{'lowest': 5, 'below-three': 1}",
        "twice-answer": "{'statistic': 4.75, 'v': 0.69}",
        "questions-answer": "dict.fromkeys('abcdef', 'cochran')",
        "patterns-answer": "dict.fromkeys('abcdef', 'always')",
        "tipping-answer": "4",
        "saturated-answer": "[9, 5]",
        "report-answer": "42",
    },
    "05-auditing-a-claim": {
        "supported-answer": "{'T01': 'proves'}",
        "silent-answer": "{'T77': 'context'}",
        "verdicts-answer": "{'C01': 'true'}",
        "possible-answer": "['T08']",
        "tipping-answer": "'1'",
        "silence-answer": "'It is false.'",
        "wording-answer": "42",
    },
}


def cells(file: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook."""
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return found


def shown(file: Path, answers: Mapping[str, str]) -> dict[str, Any]:
    """Run the code of a notebook with answers in this process; return what the last line of each cell gives, by id.

    Quicker than a kernel, and it gives objects rather than their texts. Notebooks use no magic commands.
    """
    names: dict[str, Any] = {"display": lambda *_: None}
    given: dict[str, Any] = {}
    for cell in cells(file):
        if cell["cell_type"] != "code":
            continue
        body = ast.parse(answered("".join(cell["source"]), answers.get(cell["id"]))).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(ast.Module(body, []), cell["id"], "exec"), names)  # noqa: S102 - our own notebooks
            if isinstance(last, ast.Expr):
                given[cell["id"]] = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)  # noqa: S307
    return given


def answered(source: str, answer: str | None) -> str:
    """Return a cell in which an answer to an exercise, or all of a cell that checks nothing, was filled in."""
    if answer is None:
        return source
    checked = re.match(r'lesson\.check\("([\d.]+)", ', source)
    return f'lesson.check("{checked[1]}", {answer})' if checked else answer
