"""The files of the teaching pages: notebooks one by one, each lesson's releases, and archives of all of them.

An archive for students has no solution, no reference coding and no record of codes. The notebooks check answers with
the record itself, so they are in an archive of their own, which says so.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from analysis.reanalysis import derived_resources
from analysis.site.files import interview_files, stored_files
from analysis.site.pages import course, lesson_releases
from analysis.study import loading, packing
from analysis.study.evidence import Evidence
from analysis.support import deterministic_zip, paths
from analysis.teaching import interviews, lesson_files, lesson_release
from analysis.teaching.lesson_papers import OnPaper

FOLDER = "teaching"
FOR_STUDENTS = "power-in-co-production-students.zip"
FOR_INSTRUCTORS = "power-in-co-production-instructors.zip"
NOTEBOOKS = "power-in-co-production-notebooks.zip"
COURSE = "course.pdf"
# What the notebooks need to run; never the restored wording, nor what learners wrote.
_TO_RUN = (
    "LICENSE*",
    "CITATION.cff",
    "noxfile.py",
    "pyproject.toml",
    "requirements.txt",
    "analysis/**/*.py",
    "analysis/rendering/templates/*",
    "analysis/teaching/lesson_pages/words/*.toml",
    "analysis/teaching/lessons/*.toml",
    "analysis/teaching/papers/*",
    "notebooks/teaching/*.ipynb",
    "notebooks/teaching/requirements.txt",
)
# What the article says of passages would give answers away; the exercises do not need it.
_NOT_WITH_NOTEBOOKS = "analysis/reanalysis/article_statements.py"
_PAGES = ("docs/teaching/students.md",)
_INSTRUCTORS_ONLY = ("data/*.*", "data/evidence/*.csv", "data/derived/*.csv")
# Tasks in pandas and R, on tables whose keys are drawn again, so that no passage of an exercise can be looked up.
_IN_CODE = ("notebooks/teaching/code/*.ipynb", "notebooks/teaching/code/*.R", "notebooks/teaching/code/data/*.csv")
_WORKED = ("notebooks/teaching/code/worked/*",)
_FOR_ANYONE = ("LICENSE-DATA", "LICENSE", "CITATION.cff")
_PACKED_IN = "power-in-co-production"
_LICENCE = """
Code is under the MIT licence (`LICENSE`), texts and data under CC BY 4.0 (`LICENSE-DATA`). `CITATION.cff` says how to
cite.
"""
_LESSONS = """
- `lessons`: a folder for each of the six lessons. `NAME.html` is the lesson: open it in a browser. It needs no network
  and sends nothing. `paper` has cards, coding sheets, the codebook and the glossary, as far as the lesson needs them.
- `code`: the same tasks in pandas (notebooks) and in R, with the tables that they read.
- `interviews`: invented interviews to code, as plain text and as Word documents, with codebooks.
"""
_ABOUT_STUDENTS = f"""# Power in co-production: lessons for students
{_LESSONS}
No file here has a solution. The pages judge answers by digests that do not show them; where there are few options, they
can be tried out. Lessons 2 to 5 are about codes for which lesson 1 asks, and show some of them in tables: so do one
lesson after the other.
{_LICENCE}"""
_ABOUT_INSTRUCTORS = f"""# Power in co-production: lessons for instructors

**This folder has the answers. Give students the other archive**, `{FOR_STUDENTS}`. Lessons 2 to 5 show some codes
for which lesson 1 asks. If that matters in your class, hand out one lesson after another; the site has each
by itself.
{_LESSONS}
Beside what students get, the folder of each lesson has `guide.pdf` (plan, discussion, rubric, solutions), `slides.pdf`
with its source, `NAME.key.json`, which the page opens to show solutions, and `class.html`, onto which you drop what
students handed in. Besides:

- `{COURSE}`: a course of six sessions with readings and assessment.
- `code/worked`: the tasks in code, worked out.
- `interviews`: with what is planted where, and two reference codings.
- `data`: the study as tables, among them the codings of record. `data/README.md` describes them.
- `notebooks/teaching`: lessons 1 to 5 as notebooks. `docs/teaching/students.md` says how to start.
{_LICENCE}"""
_ABOUT_NOTEBOOKS = f"""# Power in co-production: the teaching notebooks

This folder has what the notebooks need to run. It is a part of a larger compendium, and not the whole of it.
`docs/teaching/students.md` says how to start on Windows, macOS and Linux (one command once, and one every time).

**The answers are in this folder.** The notebooks check answers themselves: the data are in `data/{packing.PACKED}`, and
other answers in the lesson files. They are packed away so that you do not come upon them by accident, and they are no
secret. The lessons as pages, in `{FOR_STUDENTS}`, come without them.
{_LICENCE}"""


def files(evidence: Evidence, root: Path = paths.ROOT) -> Iterator[tuple[str, bytes]]:
    """Yield notebooks as stored, their requirements, releases of each lesson, all archives and the course."""
    notebooks = root / paths.TEACHING.relative_to(paths.ROOT)
    for file in sorted([*notebooks.glob("*.ipynb"), notebooks / "requirements.txt"]):
        yield f"{FOLDER}/{file.name}", stored_files.content(file)
    for name, releases in _released(evidence).items():
        for whose, release in zip((lesson_release.STUDENTS, lesson_release.INSTRUCTORS), releases, strict=True):
            place = f"{FOLDER}/{lesson_releases.FOLDER}/{name}-{whose}.zip"
            yield place, _archive(release, name)
    yield f"{FOLDER}/{COURSE}", _course()
    yield f"{FOLDER}/{FOR_STUDENTS}", for_students(evidence, root)
    yield f"{FOLDER}/{FOR_INSTRUCTORS}", for_instructors(evidence, root)
    yield f"{FOLDER}/{NOTEBOOKS}", with_notebooks(root)


def for_students(evidence: Evidence, root: Path) -> bytes:
    """Return an archive of the lessons as pages and on paper, tasks in code, and interviews, without any answer."""
    contents = (
        _lessons(evidence, 0) | _in_code(root, _IN_CODE) | _interviews(interview_files.for_students(interviews.sets()))
    )
    return _archive(contents | _found(root, _FOR_ANYONE) | {"README.md": _ABOUT_STUDENTS.encode()})


def for_instructors(evidence: Evidence, root: Path) -> bytes:
    """Return the same archive with guides, slides and keys, the course, worked tasks, reference codings and the data.

    Notebooks and commands run in its folder, too.
    """
    coded = _interviews(interview_files.for_instructors(interviews.sets()))
    contents = _lessons(evidence, 1) | _in_code(root, (*_IN_CODE, *_WORKED)) | coded | {COURSE: _course()}
    more = _found(root, (*_TO_RUN, *_PAGES, *_INSTRUCTORS_ONLY))
    return _archive(contents | more | {"README.md": _ABOUT_INSTRUCTORS.encode()})


def with_notebooks(root: Path) -> bytes:
    """Return an archive in whose one folder the teaching notebooks run; the data that they check with are packed."""
    contents = _found(root, (*_TO_RUN, *_PAGES))
    contents.pop(_NOT_WITH_NOTEBOOKS, None)
    contents[f"data/{packing.PACKED}"] = packing.packed(_package(root / "data"))
    return _archive(contents | {"README.md": _ABOUT_NOTEBOOKS.encode()})


@lru_cache(maxsize=4)
def _released(evidence: Evidence) -> dict[str, tuple[dict[str, bytes], dict[str, bytes]]]:
    """Return the releases of each lesson by its name: for students, and for instructors."""
    lessons = [lesson_release.bundled(name, evidence) for name in lesson_files.bundled()]
    with ThreadPoolExecutor(2) as at_a_time:  # Typst, which takes most of the time, lets other threads run
        return {built.lesson.name: made for built, made in zip(lessons, at_a_time.map(_releases, lessons), strict=True)}


def _releases(lesson: OnPaper) -> tuple[dict[str, bytes], dict[str, bytes]]:
    students = lesson_release.for_students(lesson)
    return students, students | lesson_release.for_instructors(lesson)


def _lessons(evidence: Evidence, which: int) -> dict[str, bytes]:
    return {
        f"lessons/{name}/{place}": content
        for name, releases in _released(evidence).items()
        for place, content in releases[which].items()
    }


@lru_cache(maxsize=1)
def _course() -> bytes:
    return course.pdf()


def _in_code(root: Path, patterns: tuple[str, ...]) -> dict[str, bytes]:
    place = "notebooks/teaching/"
    return {name.removeprefix(place): content for name, content in _found(root, patterns).items()}


def _interviews(archive: bytes) -> dict[str, bytes]:
    """Return the files of the interviews' own archive, without its folder and its licence."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        found = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    return {f"interviews/{name}": content for name, content in found.items() if name not in _FOR_ANYONE}


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


def _archive(contents: Mapping[str, bytes], folder: str = _PACKED_IN) -> bytes:
    return deterministic_zip.archive({f"{folder}/{place}": content for place, content in sorted(contents.items())})
