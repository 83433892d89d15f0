"""The tracks in pandas and R: what students get is made from worked scripts, with gaps where they have to write.

A worked script is in `notebooks/teaching/code/worked`, `NAME.py` or `NAME.R`, and runs as it is. A script in Python has
cells (`# %%`, `# %% [markdown]`); in one in R, texts begin with `#'`. A line `[4.1]` in a text, or as a heading of a
cell, stands for the task of that exercise, from its lesson file. What students write themselves is between two lines:

    # >>> your turn
    share = (a == b).mean()
    # <<< share = ...

The second has what they find in its place. Worked scripts are for instructors.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.support import paths
from analysis.support.errors import CompendiumError, Fault
from analysis.teaching import notebook_cells
from analysis.teaching.exercises import Exercise

FOLDER = paths.TEACHING / "code"
WORKED = FOLDER / "worked"
WIDTH = 118

_GAP = re.compile(r"^(?P<indent> *)# >>> your turn\n.*?^ *# <<< (?P<instead>[^\n]*)\n", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"^# %%(?P<heading>[^\n]*)\n", re.MULTILINE)
_EXERCISE = re.compile(r"^\[(?P<number>\d+\.\d+)\]$")


class TrackError(CompendiumError):
    """A worked script that no version for students can be made of."""


def for_students(worked: Path, exercises: Mapping[str, Exercise]) -> tuple[str, str]:
    """Return the name and the content of what students get for a worked script: a notebook, or a script in R.

    `exercises` are those of its lesson, by number. Raises TrackError for marks that do not fit, or an exercise that the
    lesson does not have.
    """
    script = worked.read_text(encoding="utf-8")
    if unknown := [number for number in numbers(script) if number not in exercises]:
        raise TrackError(Fault(worked, f"the lesson has no exercise {unknown[0]}", "Use a number of its lesson file."))
    if script.count("# >>> ") != len(_GAP.findall(script)) or script.count("# <<< ") != script.count("# >>> "):
        what, remedy = "a line '# >>> your turn' has no line '# <<<' after it", "Write them in pairs."
        raise TrackError(Fault(worked, what, remedy))
    gapped = _GAP.sub(_gap, script)
    if worked.suffix == ".R":
        return worked.name, "".join(f"{line}\n" for line in _script(gapped, exercises)).replace("\n\n\n", "\n\n")
    return f"{worked.stem}-pandas.ipynb", _notebook(gapped, exercises)


def numbers(script: str) -> list[str]:
    """Return the numbers of the exercises that a worked script is about, in order.

    >>> numbers("# %% [3.1]" + chr(10) + "#' [3.2]"), numbers("x[3.1]")
    (['3.1', '3.2'], [])
    """
    return re.findall(r"^(?:# %%|#') \[(\d+\.\d+)\]$", script, re.MULTILINE)


def _gap(found: re.Match[str]) -> str:
    """Return what students find in place of what they write; dots stand for a value in Python, NA in R."""
    return f"{found['indent']}# Your turn.\n{found['indent']}{found['instead']}\n"


def _notebook(script: str, exercises: Mapping[str, Exercise]) -> str:
    pieces = _CELL.split(script)[1:]
    cells = [
        _cell(f"cell-{number}", heading.strip(), text, exercises)
        for number, (heading, text) in enumerate(zip(pieces[::2], pieces[1::2], strict=True), 1)
    ]
    title = next(line for line in "".join(cells[0]["source"]).splitlines() if line).removeprefix("# ")
    return notebook_cells.notebook(title, cells)


def _cell(cell_id: str, heading: str, text: str, exercises: Mapping[str, Exercise]) -> notebook_cells.Cell:
    if exercise := _EXERCISE.match(heading):
        return notebook_cells.markdown(cell_id, "\n".join(_task(exercises[exercise["number"]])))
    if heading == "[markdown]":
        lines = [line.removeprefix("#").removeprefix(" ") for line in text.strip().splitlines()]
        return notebook_cells.markdown(cell_id, "\n".join(lines))
    return notebook_cells.code(cell_id, text)


def _script(script: str, exercises: Mapping[str, Exercise]) -> Iterator[str]:
    """Yield the lines of a script in R, with the task of each exercise as a text."""
    for line in script.splitlines():
        exercise = _EXERCISE.match(line.removeprefix("#' "))
        if not exercise:
            yield line
            continue
        for paragraph in _task(exercises[exercise["number"]]):
            wrapped = textwrap.wrap(paragraph, WIDTH, subsequent_indent="  " * paragraph.startswith("- ")) or [""]
            yield from (f"#' {one}".rstrip() for one in wrapped)


def _task(exercise: Exercise) -> Iterator[str]:
    """Yield an exercise as paragraphs in Markdown: its number and title, its task, and what is asked for."""
    yield f"## {exercise.number} {exercise.title}"
    yield ""
    yield exercise.task
    asked = (
        [f"- `{key}`: {text}" for key, text in exercise.items().items() if text] if exercise.kind == "numbers" else []
    )
    if asked:
        yield ""
        yield from asked
