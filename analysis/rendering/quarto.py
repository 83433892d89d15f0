"""Rendering with Quarto where it is installed: the same four formats, and no warning let through."""

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from analysis.rendering import beside_quarto
from analysis.rendering.article_notebook import as_notebook
from analysis.rendering.as_docx import with_whole_rows
from analysis.rendering.formats import TEMPLATES, Article
from analysis.rendering.pandoc import UTF_8
from analysis.rendering.render_error import ArticleError
from analysis.rendering.two_documents import Unrendered
from analysis.support import chart_fonts, paths

# The first whose PDFs are tagged, and whose pandoc sets references as ours does. paper/_quarto.yml says the same to
# Quarto where it is run by hand.
MINIMUM = (1, 9)
OUTPUTS = ("html", "pdf", "docx", "xml")
# How long Quarto may take: many times what it needs, as one that hangs must not stop the main job.
ANSWER_SECONDS, RENDER_SECONDS = 60, 1800
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A release (1.9.38), one before a release (1.9.0-rc1), or a build from its source (99.9.9), on a line of its own.
_VERSION = re.compile(r"^\s*((\d+)\.(\d+)(?:\.\d+)*(?:[-+][\w.+-]+)?)\s*$", re.M)
# Of Quarto, of pandoc and of Typst.
_COMPLAINT = re.compile(
    r"^\[?(?:WARNING|WARN|ERROR)\b(?!.* verapdf is not installed).*"
    r"|.*Unable to resolve.*|^(?:\[typst\].*)?warning: (?!true|false).*"
)
# What Quarto says of a step: a cell that runs, a format that is written.
_STEP = re.compile(r"^\s*(?:(Cell \d+/\d+)|output-file: (\S+))")
# What Quarto and pandoc set in place of a reference, a citation or a quiet cell.
_UNRESOLVED = re.compile(r"\?@[a-z]+-[\w-]+|<(?:strong|bold)>[^<\s]+\?</(?:strong|bold)>|cell-output-stderr")


class QuartoError(ArticleError):
    """A Quarto that cannot be used, or that does not render the article: why, and what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}. {remedy}")
        self.reason = reason


def found() -> str | None:
    """Return Quarto's program, or None where there is none on the PATH."""
    return shutil.which("quarto")


def version() -> str:
    """Return Quarto's version; raises QuartoError where it is missing, broken or too old."""
    program = found()
    if program is None:
        raise QuartoError("Quarto is not on the PATH", "Install it, or use --renderer embedded.")
    code, output = _ran([program, "--version"], ANSWER_SECONDS)
    numbers = _VERSION.search(output)
    if code != 0 or numbers is None:
        reason = f"'{program} --version' does not answer with a version ({_failure(code, output)})"
        raise QuartoError(reason, "Repair that installation, or use --renderer embedded.")
    if (int(numbers[2]), int(numbers[3])) < MINIMUM:
        least = ".".join(map(str, MINIMUM))
        reason = f"Quarto {numbers[1]} is too old: {least} or later is needed"
        raise QuartoError(reason, "Install that, or use --renderer embedded.")
    return numbers[1]


def files(
    document: Unrendered, epoch: int, article: Article | None, tell: Callable[[str], None]
) -> dict[str, str | bytes]:
    """Return the files that Quarto makes of a document by their names.

    Quarto sets the executed notebook of a document that is prepared; else it runs the cells of the source itself.
    `tell` hears how it goes on. Raises QuartoError where Quarto fails, warns, leaves a file out or leaves something
    unresolved.
    """
    source, folder = document.file, document.folder
    own = folder.parent / "for-quarto" / folder.name  # what it leaves there must not reach the embedded renderer
    shutil.copytree(folder, own)
    package = own.parent / "analysis"  # both folders as _quarto.yml names them
    shutil.copytree(TEMPLATES, package / "rendering" / "templates")
    shutil.copytree(chart_fonts.FOLDER, package / "support" / "fonts")
    beside_quarto.write(own, source.stem, None if article is None else article.front)
    for one in own.glob("[!_]*.qmd"):  # Quarto reads every document of a project
        if one.name != source.name or article is not None:
            one.unlink()
    given = source.name
    if article is not None:
        given = source.with_suffix(".ipynb").name
        (own / given).write_text(as_notebook(article.executed, for_quarto=True), encoding="utf-8")
    if (own / "_quarto.yml").is_file():
        # What a manuscript or website has besides is not taken, and its place differs. Of a file that the project does
        # not render, Quarto would write HTML alone.
        (own / "_quarto.yml.local").write_text(
            json.dumps({"project": {"type": "default", "render": [given]}}), encoding="utf-8"
        )
    tell(f"Quarto renders {source.name}")
    log = _render(source, given, own, epoch, tell)
    written: dict[str, bytes] = {}
    for ending in OUTPUTS:
        written[f"{document.stem}.{ending}"] = _read(own, source.with_suffix(f".{ending}").name, log)
    written |= {name: _read(own, name, log) for name in _pictures(written[f"{document.stem}.xml"])}
    _check(written, document.stem)
    word = f"{document.stem}.docx"
    if zipfile.is_zipfile(io.BytesIO(written[word])):
        written[word] = with_whole_rows(written[word])
    return {**written}


def _render(source: Path, given: str, folder: Path, epoch: int, tell: Callable[[str], None]) -> str:
    """Run Quarto on a file of the folder and return what it says; raises QuartoError if it fails or warns."""
    settings = {
        "QUARTO_PYTHON": sys.executable,
        "PYTHONPATH": str(paths.ROOT),
        "SOURCE_DATE_EPOCH": str(epoch),
        # Cells run in this interpreter, without the user's kernels, start-up files and history.
        "JUPYTER_PATH": "",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(folder.parent / "ipython"),
        "PYTHONSTARTUP": "",
    }
    options = [
        *("-M", "format-links:false"),  # the page is self-contained: it links to no file beside it
        *(f"--lua-filter={TEMPLATES / name}" for name in ("quarto/origins.lua", "typst-cells.lua")),
    ]
    command = [str(found()), "render", given, "--no-execute-daemon", "--no-cache", *options]

    def hear(line: str) -> None:
        if step := _STEP.search(line):
            tell(f"Quarto: {step[1] or step[2]}")

    code, output = _ran(command, RENDER_SECONDS, folder, settings, hear)
    place = paths.shown(source)
    if code != 0:
        raise QuartoError(f"{place}: Quarto failed: {_failure(code, output)}", "Correct what it names.")
    if complaints := [line.strip() for line in output.splitlines() if _COMPLAINT.match(line.strip())]:
        more = f" (and {len(complaints) - 1} more)" if complaints[1:] else ""
        raise QuartoError(f"{place}: Quarto warns: {complaints[0]}{more}", "Correct what it warns of.")
    return output


def _ran(
    command: list[str],
    seconds: int,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
    hear: Callable[[str], None] = lambda _: None,
) -> tuple[int | None, str]:
    """Run a program and return its exit code (None if it took too long) and what it wrote, without colours.

    `hear` takes each line as it comes. Raises QuartoError for a program that cannot be started.
    """
    grouped = sys.platform != "win32"  # Quarto starts others, which must not outlive it
    try:
        ran = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env={**os.environ, **UTF_8, **(settings or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=grouped,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as fault:
        reason = f"'{command[0]}' cannot be started ({fault.strerror or fault})"
        raise QuartoError(reason, "Repair that installation, or use --renderer embedded.") from None
    code: int | None = None
    lines: list[str] = []

    def listen() -> None:
        for line in ran.stdout or ():
            lines.append(_COLOURS.sub("", line))
            hear(lines[-1])

    listener = threading.Thread(target=listen, daemon=True)
    with ran:
        listener.start()
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = ran.wait(timeout=seconds)
        finally:
            if code is None:  # also when the user interrupts
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(ran.pid, signal.SIGKILL) if grouped else ran.kill()
            listener.join(timeout=seconds)
    return code, "".join(lines)


def _failure(code: int | None, log: str) -> str:
    """Return why Quarto failed, from its exit code and the last telling line of its log.

    That is an exception, else a place in the source, else a complaint, else its last words.
    """
    if code is None:
        return "it took too long"
    if code > 128:  # as a shell reports that a program which it started was ended
        return f"it was ended by signal {code - 128}"
    return f"it was ended by signal {-code}" if code < 0 else _reason(log)


def _reason(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it says nothing"]
    raised = [line for line in lines if re.match(r"[\w.]*(?:Error|Exception|Interrupt)\b", line)]
    placed = [line for line in lines if re.match(r"\(line \d+\b", line)]
    complaints = [line for line in lines if _COMPLAINT.match(line)]
    return (raised or placed or complaints or lines)[-1][:300].rstrip(".")


def _read(folder: Path, name: str, log: str) -> bytes:
    file = folder / name
    content = file.read_bytes() if file.is_file() else b""
    if not content:
        remedy = "The formats in _quarto.yml have to be html, typst, docx and jats."
        raise QuartoError(f"Quarto wrote no {name} ({_reason(log)})", remedy)
    return content


def _pictures(xml: bytes) -> Iterator[str]:
    text = xml.decode(errors="replace")
    yield from sorted(set(re.findall(r'<(?:inline-)?graphic [^>]*xlink:href="([^"]+)"', text)))


def _check(written: dict[str, bytes], stem: str) -> None:
    """Raise QuartoError if something unresolved has reached an output; Quarto's exit code does not show it."""
    for name in (f"{stem}.html", f"{stem}.xml"):
        text = written[name].decode(errors="replace")
        if unresolved := _UNRESOLVED.search(text):
            raise QuartoError(f"{name}: Quarto left '{unresolved[0]}' unresolved", "Correct the reference or the cell.")
