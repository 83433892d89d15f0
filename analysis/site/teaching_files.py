"""The files of the teaching pages: the notebooks one by one, and in an archive everything that they need to run."""

from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.site import archives, stored_files

FOLDER = "teaching"
ARCHIVE = "power-in-co-production-class.zip"
# What of the repository a class needs; never the restored wording, nor what learners wrote.
_NEEDED = (
    "LICENSE*",
    "CITATION.cff",
    "noxfile.py",
    "pyproject.toml",
    "requirements.txt",
    "analysis/**/*.py",
    "analysis/rendering/templates/*",
    "data/*.*",
    "data/evidence/*.csv",
    "data/derived/*.csv",
    "docs/teaching/*.md",
    "notebooks/teaching/*.ipynb",
    "notebooks/teaching/requirements.txt",
)
_PACKED_IN = "power-in-co-production"
# In place of the repository's own, whose commands need the whole of it.
_README = """# Power in co-production: the exercises

This folder has what the teaching notebooks need to run. It is a part of a larger compendium, and not the whole of it.

- `docs/teaching/setup.md` says how to start, for Windows, macOS and Linux: one command once, and one every time.
- `docs/teaching/students.md` is for students: what you will do, and what to hand in.
- `docs/teaching/README.md` is for instructors, with a page for each notebook beside it. Those pages have solutions.
- `data/README.md` describes the data.

Code is under the MIT licence (`LICENSE`), data and text under CC BY 4.0 (`LICENSE-DATA`). `CITATION.cff` says how to
cite.
"""


def files(root: Path = paths.ROOT) -> Iterator[tuple[str, bytes]]:
    """Yield the teaching notebooks as stored, their requirements and the archive: place and content."""
    notebooks = root / paths.TEACHING.relative_to(paths.ROOT)
    for file in sorted([*notebooks.glob("*.ipynb"), notebooks / "requirements.txt"]):
        yield f"{FOLDER}/{file.name}", stored_files.content(file)
    yield f"{FOLDER}/{ARCHIVE}", archive(root)


def archive(root: Path) -> bytes:
    """Return a ZIP file in whose one folder `nox -s teach` and the teaching notebooks run."""
    found = {file for pattern in _NEEDED for file in root.glob(pattern) if file.is_file()}
    contents = {file.relative_to(root).as_posix(): stored_files.content(file) for file in found}
    contents["README.md"] = _README.encode()
    return archives.archive({f"{_PACKED_IN}/{place}": content for place, content in sorted(contents.items())})
