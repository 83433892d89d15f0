"""The files of the teaching pages: the notebooks one by one, and an archive each for students and for instructors."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.reanalysis import derived_resources
from analysis.site.files import stored_files
from analysis.study import loading, packing
from analysis.support import deterministic_zip, paths

FOLDER = "teaching"
FOR_STUDENTS = "power-in-co-production-students.zip"
FOR_INSTRUCTORS = "power-in-co-production-instructors.zip"
# What of the repository a class needs; never the restored wording, nor what learners wrote.
_FOR_ALL = (
    "LICENSE*",
    "CITATION.cff",
    "noxfile.py",
    "pyproject.toml",
    "requirements.txt",
    "analysis/**/*.py",
    "analysis/rendering/templates/*",
    "analysis/teaching/lessons/*.toml",
    "notebooks/teaching/*.ipynb",
    "notebooks/teaching/requirements.txt",
)
# What the article says of passages would give answers away; the exercises do not need it.
_NOT_FOR_STUDENTS = "analysis/reanalysis/article_statements.py"
_STUDENTS_PAGES = ("docs/teaching/students.md",)
_INSTRUCTORS_ONLY = ("data/*.*", "data/evidence/*.csv", "data/derived/*.csv", "docs/teaching/*.md")
_PACKED_IN = "power-in-co-production"
# In place of the repository's own, whose commands need the whole of it.
_ABOUT = """# Power in co-production: the exercises{whose}

This folder has what the teaching notebooks need to run. It is a part of a larger compendium, and not the whole of it.

- `docs/teaching/students.md` is for students: what you will do, how to start on Windows, macOS and Linux (one command
  once, and one every time), and what to hand in.
{more}
Code is under the MIT licence (`LICENSE`), data and text under CC BY 4.0 (`LICENSE-DATA`). `CITATION.cff` says how to
cite.
"""
_ABOUT_STUDENTS = f"""
The notebooks check answers themselves, so the answers are in this folder: the data in `data/{packing.PACKED}`, others
in the code and the texts of the exercises. They are packed away so that you do not come upon them by accident, and they
are no secret. Reading them first takes away what the exercises are for.
"""
_ABOUT_INSTRUCTORS = f"""\
- `docs/teaching/README.md` is for instructors, with a page for each notebook beside it. Those pages have solutions.
- `data/README.md` describes the data, among them the codings of record.

**This folder has the answers. Give students the other archive**, `{FOR_STUDENTS}`.
"""


def files(root: Path = paths.ROOT) -> Iterator[tuple[str, bytes]]:
    """Yield the teaching notebooks as stored, their requirements and both archives: place and content."""
    notebooks = root / paths.TEACHING.relative_to(paths.ROOT)
    for file in sorted([*notebooks.glob("*.ipynb"), notebooks / "requirements.txt"]):
        yield f"{FOLDER}/{file.name}", stored_files.content(file)
    yield f"{FOLDER}/{FOR_STUDENTS}", for_students(root)
    yield f"{FOLDER}/{FOR_INSTRUCTORS}", for_instructors(root)


def for_students(root: Path) -> bytes:
    """Return a ZIP file in whose one folder the teaching notebooks run, with no page or table that gives answers."""
    contents = _found(root, (*_FOR_ALL, *_STUDENTS_PAGES))
    contents.pop(_NOT_FOR_STUDENTS, None)
    contents[f"data/{packing.PACKED}"] = packing.packed(_package(root / "data"))
    about = _ABOUT.format(whose=", for students", more=_ABOUT_STUDENTS)
    return _archive(contents | {"README.md": about.encode()})


def for_instructors(root: Path) -> bytes:
    """Return a ZIP file as that for students, with the data as tables and the pages that have solutions."""
    about = _ABOUT.format(whose=", for instructors", more=_ABOUT_INSTRUCTORS)
    return _archive(_found(root, (*_FOR_ALL, *_INSTRUCTORS_ONLY)) | {"README.md": about.encode()})


def _package(data: Path) -> dict[str, bytes]:
    """Return the tables of evidence and their description; derived tables would give answers away."""
    package = json.loads(stored_files.content(data / loading.DESCRIPTION))
    package["resources"] = [one for one in package["resources"] if not derived_resources.is_derived(one)]
    places = [resource["path"] for resource in package["resources"]]
    return {loading.DESCRIPTION: json.dumps(package, ensure_ascii=False).encode()} | {
        place: stored_files.content(data / place) for place in places
    }


def _found(root: Path, patterns: tuple[str, ...]) -> dict[str, bytes]:
    found = {file for pattern in patterns for file in root.glob(pattern) if file.is_file()}
    return {file.relative_to(root).as_posix(): stored_files.content(file) for file in found}


def _archive(contents: Mapping[str, bytes]) -> bytes:
    return deterministic_zip.archive({f"{_PACKED_IN}/{place}": content for place, content in sorted(contents.items())})
