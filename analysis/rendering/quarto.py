"""Rendering with Quarto where it is installed: the same four formats, and no warning let through."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis import paths
from analysis.charts import fonts
from analysis.rendering.execution import unexecuted
from analysis.rendering.faults import ArticleError
from analysis.rendering.formats import TEMPLATES
from analysis.rendering.source import read
from analysis.rendering.subset import parsed

MINIMUM = (1, 6)
OUTPUTS = ("html", "pdf", "docx", "xml")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Of Quarto, of pandoc and of Typst.
_COMPLAINT = re.compile(
    r"^\[?(?:WARNING|WARN|ERROR)\b.*|.*Unable to resolve.*|^(?:\[typst\].*)?warning: (?!true|false).*"
)
# What Quarto and pandoc set in place of a reference, a citation or a quiet cell.
_UNRESOLVED = re.compile(r"\?@[a-z]+-[\w-]+|<(?:strong|bold)>[^<\s]+\?</(?:strong|bold)>|cell-output-stderr")


def found() -> str | None:
    """Return Quarto's program, or None where there is none on the PATH."""
    return shutil.which("quarto")


def version() -> str:
    """Return Quarto's version; raises ArticleError where it is missing or too old."""
    program = found()
    least = ".".join(map(str, MINIMUM))
    if program is None:
        raise ArticleError("Quarto is not on the PATH. Install it, or use --renderer embedded.")
    ran = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    said = ran.stdout.strip()
    numbers = re.match(r"(\d+)\.(\d+)", said)
    if ran.returncode or numbers is None:
        raise ArticleError(f"'{program} --version' does not answer. Mend it, or use --renderer embedded.")
    if (int(numbers[1]), int(numbers[2])) < MINIMUM:
        raise ArticleError(f"Quarto {said} is too old: {least} or later is needed. Use that, or --renderer embedded.")
    return said


def files(source: Path, folder: Path, epoch: int, tell: Callable[[str], None]) -> dict[str, str | bytes]:
    """Return the files that Quarto makes of an article, whose folder was copied to `folder`, by their names."""
    parsed(unexecuted(read(source)), folder, epoch)  # refuses what is outside the subset
    tell(f"Quarto renders {source.name}")
    log = _run(source, folder, epoch)
    written: dict[str, str | bytes] = {}
    for ending in OUTPUTS:
        file = folder / source.with_suffix(f".{ending}").name
        if not file.is_file():
            remedy = "The formats in _quarto.yml have to be html, typst, docx and jats."
            raise ArticleError(f"Quarto wrote no {file.name} ({_reason(log)}). {remedy}")
        written[f"article.{ending}"] = file.read_bytes()
    written |= {name: (folder / name).read_bytes() for name in _pictures(written["article.xml"])}
    _check(written)
    return written


def _run(source: Path, folder: Path, epoch: int) -> str:
    """Run Quarto in the folder and return what it says; raises ArticleError if it fails or warns."""
    settings = {
        "QUARTO_PYTHON": sys.executable,
        "PYTHONPATH": str(paths.ROOT),
        "SOURCE_DATE_EPOCH": str(epoch),
    }
    # Not by TYPST_FONT_PATHS, which would take the place of Quarto's own fonts.
    options = ["-M", f"font-paths:{fonts()}", f"--lua-filter={TEMPLATES / 'typst-cells.lua'}"]
    command = [str(found()), "render", source.name, "--no-execute-daemon", "--no-cache", *options]
    ran = subprocess.run(  # noqa: S603
        command,
        cwd=folder,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    said = _COLOURS.sub("", ran.stdout.decode(errors="replace"))
    if ran.returncode:
        raise ArticleError(f"{paths.shown(source)}: Quarto failed: {_reason(said)}. Mend what it names.")
    if complaints := [line.strip() for line in said.splitlines() if _COMPLAINT.match(line.strip())]:
        raise ArticleError(*(f"{paths.shown(source)}: Quarto warns: {line}" for line in complaints))
    return said


def _reason(log: str) -> str:
    """Return the line of Quarto's log that says why it failed: an exception, else a complaint, else the last."""
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it says nothing"]
    raised = [line for line in lines if re.match(r"[\w.]*(?:Error|Exception|Interrupt)\b", line)]
    complaints = [line for line in lines if _COMPLAINT.match(line)]
    return (raised or complaints or lines)[-1]


def _pictures(xml: str | bytes) -> Iterator[str]:
    text = xml if isinstance(xml, str) else xml.decode()
    yield from sorted(set(re.findall(r'<(?:inline-)?graphic [^>]*xlink:href="([^"]+)"', text)))


def _check(written: dict[str, str | bytes]) -> None:
    """Raise ArticleError if something unresolved has reached an output; Quarto's exit code does not tell."""
    for name in ("article.html", "article.xml"):
        content = written[name]
        text = content if isinstance(content, str) else content.decode()
        if unresolved := _UNRESOLVED.search(text):
            raise ArticleError(f"{name}: Quarto left '{unresolved[0]}' unresolved. Mend the reference or the cell.")
