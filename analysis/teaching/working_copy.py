"""A working copy of the teaching notebooks and of the tasks in code, which learners write into; originals stay clean.

Nothing that a learner wrote is overwritten. Beside the working copy, a hidden folder keeps the originals as they were
copied. A notebook that nobody has changed is updated with its original. If a learner has written into a notebook and
its original has changed, the new original is put beside it under another name.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from analysis.support import paths
from analysis.support.atomic_writes import write_text
from analysis.support.errors import CompendiumError, Fault

AS_COPIED = ".as-copied"
#: What learners work with; not what is worked out.
_BROUGHT = ("*.ipynb", "code/*.ipynb", "code/*.R", "code/data/*.csv")


class WorkingCopyError(CompendiumError):
    """Teaching notebooks that cannot be copied, since there are none."""


def bring(originals: Path = paths.TEACHING, into: Path = paths.WORKING_COPY) -> list[str]:
    """Copy what learners work with into the folder that they work in; return a line on each file that was copied.

    Raises WorkingCopyError where there are no originals, WritingError for a folder that cannot be written to.
    """
    if not any(originals.glob("*.ipynb")):
        remedy = "Restore them with 'git checkout'."
        raise WorkingCopyError(Fault(originals, "there are no teaching notebooks", remedy))
    found = [file.relative_to(originals) for pattern in _BROUGHT for file in sorted(originals.glob(pattern))]
    return [line for place in found for line in _brought(originals, into, place)]


def _brought(originals: Path, into: Path, place: Path) -> Iterator[str]:
    content = (originals / place).read_text(encoding="utf-8")
    working, as_copied = into / place, into / AS_COPIED / place
    before = _text(as_copied)
    written = _text(working)
    if written is None:
        write_text(working, content)
        yield f"{place.as_posix()}: new"
    elif written == content or before == content:
        pass  # nothing new to bring
    elif written == before:
        write_text(working, content)
        yield f"{place.as_posix()}: brought up to date; nothing had been written into it"
    else:
        beside = _beside(working, content)
        if _text(beside) is None:
            write_text(beside, content)
        yield f"{place.as_posix()}: left as it is, with what was written into it; the new version is {beside.name}"
    if before != content:
        write_text(as_copied, content)


def _beside(working: Path, content: str) -> Path:
    """Return the first name beside a notebook that is free, or that has this content already."""
    names = (working.with_stem(f"{working.stem}-new{'' if n == 1 else f'-{n}'}") for n in count(1))
    return next(name for name in names if _text(name) in (None, content))


def _text(file: Path) -> str | None:
    """Return the content of a file, None if there is none; bytes that are not text cannot equal an original."""
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None
