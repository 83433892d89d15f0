"""Modules and functions that texts name are there."""

import importlib
import re
from pathlib import Path

import pytest

from analysis.support import paths

TEXTS = [
    *paths.NOTEBOOKS.rglob("*.ipynb"),
    *(paths.ROOT / "docs").rglob("*.md"),
    *(paths.ROOT / "docs").rglob("*.js"),
    *(paths.ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md", "data/datapackage.json")),
    paths.ARTICLE,
    paths.SUPPLEMENT,
]
NAME = re.compile(r"(?<![\w./-])analysis(?:\.[a-z_]\w*)+", re.IGNORECASE)


def is_there(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.relative_to(paths.ROOT).as_posix())
def test_every_module_that_a_text_names_is_there(file: Path) -> None:
    named = set(NAME.findall(file.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if not is_there(name)] == []
