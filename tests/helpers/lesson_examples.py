"""A small lesson on the made-up library, as the page on lesson files has it, to change and to break."""

import re
import shutil
import tomllib
from functools import cache
from pathlib import Path

import pytest

from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import lesson_settings

PAGE = paths.ROOT / "docs" / "teaching" / "make-a-lesson.md"


def text() -> str:
    """Return the lesson that the page shows: its longest block of TOML."""
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(max(blocks, key=len))


def written(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """Write the lesson beside its study, with some texts replaced, each of which has to be there; return the file."""
    lesson = text()
    for before, after in (changes or {}).items():
        assert before in lesson, f"the example has no {before!r}"
        lesson = lesson.replace(before, after, 1)
    if not (folder / paths.EXAMPLE_PROJECT.name).exists():
        shutil.copy(paths.EXAMPLE_PROJECT, folder)
    file = folder / "my-lesson.toml"
    file.write_text(lesson, encoding="utf-8")
    return file


@cache
def library() -> tuple[Evidence, dict[str, str]]:
    """Return the made-up study and its wording, imported as the lesson asks."""
    lesson = tomllib.loads(text())
    evidence, wording = lesson_settings.study_of(paths.EXAMPLE_PROJECT.with_name("my-lesson.toml"), lesson)
    return evidence, dict(wording)


def import_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have lessons that are built take the made-up study that was imported already."""
    known = library()
    monkeypatch.setattr(lesson_settings, "_imported", lambda *_: known)


def line_of(file: Path, text: str) -> int:
    """Return the line on which a text first stands in a file."""
    return file.read_text(encoding="utf-8").partition(text)[0].count("\n") + 1
