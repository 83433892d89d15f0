"""The teaching notebooks with answers in them: right ones, wrong ones, and what each cell then says."""

import ast
import contextlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.counting import crosstabs
from analysis.study import loading
from analysis.support import paths

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


#: Answers by notebook and cell. Right ones complete every exercise, open ones as the learner sees fit.
RIGHT: dict[str, dict[str, str]] = {
    "01-code-the-passages": {
        "codebook-answer": f"situations = {SITUATIONS}",
        "stage-answer": f"stage_first = dict.fromkeys({TWELVE}, 'not stated')",
        "power-answer": f"power_first = dict.fromkeys({TWELVE}, 'practical-issues')",
        "rule-answer": "rule = 'A passage is initiation when it names a bid or a panel, and not when money is spent.'",
        "stage-again-answer": f"stage_second = dict.fromkeys({TWELVE}, 'Initiation')",
        "power-again-answer": f"power_second = dict.fromkeys({TWELVE}, 'Structural power')",
        "agreement-answer": "may_be_said = ['p', 's']",
    },
    "02-from-quotes-to-dimensions": {
        "labels-answer": "labels = dict.fromkeys(('T04', 'T05', 'T08', 'T10', 'T12', 'T14'), 'goes somewhere')",
        "second-answer": f"second_order = dict.fromkeys({FIRST_ORDER}, 'one group')",
        "third-answer": f"groups = {{code: code for code in {SECOND_ORDER}}}",
        "unprinted-answer": "without_row = {'speaking-academic'}",
        "single-answer": "single_codes = 7",
        "fit-answer": "fit = dict.fromkeys(('T02', 'T03', 'T08', 'T09'), 'none')",
        "gained-answer": "gained_and_lost = 'One can compare more from above, and what each person said is left behind.'",
    },
    "03-agreement": {
        "percent-answer": "percent_a = (20 + 20) / 50",
        "chance-answer": "chance_a = 0.5 * 0.5 + 0.5 * 0.5",
        "kappa-answer": "kappa_a = 0.6",
        "skewed-answer": "kappa_b = (0.8 - 0.79) / (1 - 0.79)",
        "ac1-answer": "ac1_b = 0.75",
        "prevail-answer": "table_b_in_words = 'They agree on what is no yes, and hardly ever on what is one.'",
        "gaps-answer": "alpha_c = 1 - 9 * 2 / 48",
        "which-answer": "definitions = {'a': 'percent', 'b': 'Kappa', 'c': 'alpha', 'd': 'AC1', 'e': 'ac1'}",
        "decide-answer": f"decisions = dict.fromkeys({DISPUTED}, 'clarify rule')",
        "sessions-answer": "may_be_concluded = ['s', 'p']",
        "report-answer": "report = 'Two sessions of a model chose the same stage for nearly all passages (alpha with its "
        "interval is in the table); they differ on T11 and F27.'",
    },
    "04-counting-without-over-claiming": {
        "units-answer": "units = {'passages': 6, 'interviewees': 2, 'cells': 5, 'most': 5 / 12}",
        "margins-answer": "margins = {'repeated': 37 - 35, 'over': 3 + 6 + 10 + 9 - 18}",
        "selected-answer": "selected = {'collected': 160 / 480, 'chance': 0.35, 'liked': 0.68}",
        "carries-answer": "carries = 'Of the 40 passages that this author chose to print, 27 lie on the diagonal.'",
        "alarms-answer": "alarms = {'unrelated': (p_unrelated < 0.05).sum(), 'alike': (p_alike < 0.05).sum()}",
        "expected-answer": "expected = {'lowest': 13 * 15 / 40, 'below-five': 1}",
        "twice-answer": "twice = {'statistic': 2 * 4.75, 'v': 0.34}",
        "questions-answer": (
            "questions = {'a': 'Cochran', 'b': 'chi square', 'c': 'neither', 'd': 'neither', 'e': 'cochran', 'f': 'neither'}"
        ),
        "patterns-answer": (
            "patterns = {'a': 'some', 'b': 'every', 'c': 'some', 'd': 'some', 'e': 'none', 'f': 'some'}"
        ),
        "tipping-answer": "fewest = 2",
        "saturated-answer": "saturated = {'base': 9, 'before': 5}",
        "report-answer": (
            "report = 'Five of the passages that are printed stand in dissemination, two in operationalization, as coded; "
            "with T11 and others read otherwise they are level.'"
        ),
    },
    "05-auditing-a-claim": {
        "supported-answer": "supported = {'T01': 'illustrates', 'F03': 'counters', 'T08': 'context'}",
        "silent-answer": "silent = {'F14': 'context'}",
        "verdicts-answer": "verdicts = dict.fromkeys(('C01', 'C05', 'C11', 'C48', 'C57', 'C58', 'C72'), 'illustrated')",
        "possible-answer": f"possible = {_possible()}",
        "tipping-answer": "fewest = 1",
        "silence-answer": "silence = 'No passage that is printed shows this; the transcripts may well do so.'",
        "wording-answer": "verdict_in_words = 'No passage supports it as coded; read otherwise, T09 would bear it out, as most readings do.'",
    },
}  # fmt: skip

#: Wrong answers: closed exercises get something else than the answer, open ones something incomplete or not valid.
WRONG: dict[str, dict[str, str]] = {
    "01-code-the-passages": {
        "codebook-answer": f"situations = {SITUATIONS | {'e': 'dissemination'}}",
        "stage-answer": "stage_first = {'T01': 'initiation'}",
        "power-answer": f"power_first = dict.fromkeys({TWELVE}, 'charm')",
        "rule-answer": "rule = 'Too short.'",
        "stage-again-answer": "stage_second = 'initiation'",
        "power-again-answer": f"power_second = dict.fromkeys({(*TWELVE, 'T99')}, 'resource')",
        "agreement-answer": "may_be_said = ['p', 'q', 't']",
    },
    "02-from-quotes-to-dimensions": {
        "labels-answer": "labels = {'T04': 'goes to conferences'}",
        "second-answer": f"second_order = dict.fromkeys({FIRST_ORDER[1:]}, 'one group')",
        "third-answer": "groups = 3",
        "unprinted-answer": "without_row = ['practical-issues']",
        "single-answer": "single_codes = 8",
        "fit-answer": "fit = dict.fromkeys(('T02', 'T03', 'T08', 'T09'), True)",
        "gained-answer": "gained_and_lost = ['much']",
    },
    "03-agreement": {
        "percent-answer": "percent_a = 80",
        "chance-answer": "chance_a = 0.5 * 0.5",
        "kappa-answer": "kappa_a = '0.6'",
        "skewed-answer": "kappa_b = 0.6",
        "ac1-answer": "ac1_b = 0,75",
        "prevail-answer": "table_b_in_words = 'Not well.'",
        "gaps-answer": "alpha_c = 1 - 10 * 2 / (2 * 4 * 7)",
        "which-answer": "definitions = {'a': 'percent', 'b': 'alpha', 'c': 'kappa', 'd': 'AC1', 'e': 'AC1'}",
        "decide-answer": f"decisions = dict.fromkeys({DISPUTED}, 'vote')",
        "sessions-answer": "may_be_concluded = ['p', 't']",
        "report-answer": "report = 0.93",
    },
    "04-counting-without-over-claiming": {
        "units-answer": "units = {'passages': 6, 'interviewees': 6, 'cells': 2, 'most': 42}",
        "margins-answer": "margins = {'repeated': 35, 'over': 28}",
        "selected-answer": "selected = {'collected': 33.3, 'chance': 35, 'liked': 67.5}",
        "carries-answer": "carries = 'It is so.'",
        "alarms-answer": "alarms = {'unrelated': 10, 'alike': '101'}",
        "expected-answer": "expected = {'lowest': 5, 'below-three': 1}",
        "twice-answer": "twice = {'statistic': 4.75, 'v': 0.69}",
        "questions-answer": "questions = dict.fromkeys('abcdef', 'cochran')",
        "patterns-answer": "patterns = dict.fromkeys('abcdef', 'always')",
        "tipping-answer": "fewest = 4",
        "saturated-answer": "saturated = [9, 5]",
        "report-answer": "report = 42",
    },
    "05-auditing-a-claim": {
        "supported-answer": "supported = {'T01': 'proves'}",
        "silent-answer": "silent = {'T77': 'context'}",
        "verdicts-answer": "verdicts = {'C01': 'true'}",
        "possible-answer": "possible = ['T08']",
        "tipping-answer": "fewest = '1'",
        "silence-answer": "silence = 'It is false.'",
        "wording-answer": "verdict_in_words = 42",
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
        body = ast.parse(answers.get(cell["id"], "".join(cell["source"]))).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(ast.Module(body, []), cell["id"], "exec"), names)  # noqa: S102 - our own notebooks
            if isinstance(last, ast.Expr):
                given[cell["id"]] = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)  # noqa: S307
    return given
