"""What a second run of everything made, compared with an earlier run: bytes, then values, and what each was made on.

A file can differ in its bytes where no value does: it names the Python, or a library of another system has drawn it. So
values are compared as well: the text of pages and tables, what notebooks print, and of a document in another format
(PDF, DOCX) the list of its numbers, or its page, beside it. Names of what made a file are left out of this, and so are
digests of files, each of which is compared itself.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.support.errors import CompendiumError, Fault

SAME, SAME_VALUES, OTHER_VALUES = "same bytes", "other bytes, same values", "other values"
UNREAD, NEW, GONE = "other bytes, values not readable here", "not in the earlier run", "in the earlier run only"
#: What came of a file, the best first.
OUTCOMES = (SAME, SAME_VALUES, UNREAD, NEW, GONE, OTHER_VALUES)

REPORT, VERIFICATION, RENDERING = "report.html", "verification.json", "article/rendering.json"
FOLDERS = ("article", "notebooks", "site")
AGAIN = "Run 'nox -s certify' again, and look at what it says first."
#: What is said of a run, and whose difference may be why bytes differ.
FACTS = {
    "python": "Python",
    "system": "System",
    "lock": "Lock",
    "packages": "Packages",
    "renderer": "Renderer",
    "commit": "Commit",
}

_TEXTS = {".csv", ".json", ".js", ".css", ".txt", ".md", ".bib", ".ris", ".svg"}
_PAGES = {".html", ".xml"}
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


class RerunError(CompendiumError):
    """A run that cannot be certified, since it did not come to its end."""


@dataclass(frozen=True)
class Run:
    """What a run of everything left in a folder, and on what it was made."""

    folder: Path
    verification: Mapping[str, Any]
    made_on: Mapping[str, str]

    @property
    def differences(self) -> list[str]:
        """Recomputed values that are not the committed ones."""
        return list(self.verification["differences"])

    @property
    def files(self) -> dict[str, Path]:
        """Return what was made, by place; not the notes on the run itself."""
        found = [self.folder / REPORT, *(file for name in FOLDERS for file in (self.folder / name).rglob("*"))]
        placed = {file.relative_to(self.folder).as_posix(): file for file in found if file.is_file()}
        placed.pop(RENDERING, None)
        return dict(sorted(placed.items()))


@dataclass(frozen=True)
class Comparison:
    """A second run beside an earlier one, which need not be there: what came of each file, by place."""

    run: Run
    earlier: Run | None
    outcomes: Mapping[str, str]

    def tally(self, folder: str = "") -> Counter[str]:
        """Count outcomes of the files at places that begin so."""
        return Counter(outcome for place, outcome in self.outcomes.items() if place.startswith(folder))

    @property
    def made_otherwise(self) -> list[str]:
        """Name what the two runs were made on that differs."""
        if self.earlier is None:
            return []
        one, other = self.run.made_on, self.earlier.made_on
        return [name for fact, name in FACTS.items() if one.get(fact) != other.get(fact)]

    @property
    def holds(self) -> bool:
        """Tell whether every value that was recomputed, and every one that could be compared, is the same."""
        return not self.run.differences and OTHER_VALUES not in self.outcomes.values()

    @property
    def verdict(self) -> str:
        """Say in a sentence or two what was found."""
        values, tables = self.run.verification["values"], len(self.run.verification["tables"])
        if self.run.differences:
            differing = len(self.run.differences)
            return f"Results differ: of {values:,} recomputed values, {differing} are not the committed ones."
        equal = f"All {values:,} recomputed values in {tables} tables equal the committed ones."
        if self.earlier is None:
            return f"{equal} There was no earlier run to compare documents and pages with."
        if not self.holds:
            files = self.tally()[OTHER_VALUES]
            return f"Results may differ. {equal} But {files} documents or pages show other values."
        return f"{equal} {self._of_bytes()}"

    def _of_bytes(self) -> str:
        tally = self.tally()
        if set(tally) <= {SAME}:
            return f"All {tally[SAME]} documents and pages are the same byte for byte."
        others = sum(tally.values()) - tally[SAME]
        why = (
            f"The runs also differ in: {', '.join(self.made_otherwise)}."
            if self.made_otherwise
            else "Both were made on the same Python and system, so this should not be: look at these files."
        )
        unread = f" (those of {tally[UNREAD]} could not be compared)" if tally[UNREAD] else ""
        found = f"Of {sum(tally.values())} documents and pages, {others} have other bytes; no value differs{unread}."
        return f"{found} {why}"


def run(folder: Path) -> Run:
    """Return what a run left in a folder; raise RerunError where it did not come to its end."""
    verification = _noted(folder / VERIFICATION, {"values", "tables", "differences", "made_on"})
    rendering = folder / RENDERING
    renderer = _noted(rendering, {"renderer", "version"}) if rendering.is_file() else {}
    named = {"renderer": f"{renderer['renderer']} ({renderer['version']})"} if renderer else {}
    made = Run(folder, verification, verification["made_on"] | named)
    if not made.differences:
        needed = (REPORT, RENDERING, "site/index.html", "notebooks")
        for name in (name for name in needed if not (folder / name).exists()):
            raise RerunError(Fault(folder / name, "the run did not make it", AGAIN))
    return made


def earlier_run(folder: Path) -> Run | None:
    """Return what an earlier run left in a folder, or nothing where none came to its end there."""
    try:
        return run(folder)
    except RerunError:
        return None


def _noted(file: Path, keys: set[str]) -> dict[str, Any]:
    """Return what a run noted in a file of JSON, which has to have some keys."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RerunError(Fault(file, "the run did not write it, or it cannot be read", AGAIN)) from None
    if not isinstance(said, dict) or not keys <= said.keys():
        raise RerunError(Fault(file, f"it lacks one of {', '.join(sorted(keys))}", AGAIN))
    return said


def compare(again: Run, earlier: Run | None) -> Comparison:
    """Compare every file that two runs made."""
    if earlier is None:
        return Comparison(again, None, {})
    made_by = sorted({*again.made_on.values(), *earlier.made_on.values()}, key=len, reverse=True)
    one, other = again.files, earlier.files
    outcomes = {place: _outcome(place, one, other, made_by) for place in sorted({*one, *other})}
    return Comparison(again, earlier, outcomes)


def _outcome(place: str, one: Mapping[str, Path], other: Mapping[str, Path], made_by: Sequence[str]) -> str:
    if place not in other:
        return NEW
    if place not in one:
        return GONE
    if one[place].read_bytes() == other[place].read_bytes():
        return SAME
    for source in _sources(place):
        if source in one and source in other:
            same = values(one[source], made_by) == values(other[source], made_by)
            return SAME_VALUES if same else OTHER_VALUES
    return UNREAD


def _sources(place: str) -> list[str]:
    """Return where the values of a file can be read: in itself, or else in a list or page of the same document."""
    file = Path(place)
    if file.suffix in _TEXTS | _PAGES | {".ipynb"}:
        return [place]
    document = file.stem.removesuffix("-meca")
    return [file.with_name(f"{document}{ending}").as_posix() for ending in ("-origins.csv", ".html")]


def values(file: Path, made_by: Sequence[str]) -> str:
    """Return the text of a file in which values are, without markup, digests, and the names of what made it."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix == ".ipynb":
        text = _printed(json.loads(text))
    elif file.suffix in _PAGES:
        text = re.sub(r"\s+", " ", re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S))
    for name in made_by:
        text = text.replace(name, "…")
    return _DIGEST.sub("…", text)


def _printed(notebook: Mapping[str, Any]) -> str:
    """Return what the cells of a notebook print and show as text."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    shown = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    return "\n".join("".join(text) for text in shown)
