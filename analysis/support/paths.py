"""Every place of the compendium, once.

Its data, pages and notebooks are in a checkout of the repository. The package works without one as well, on studies in
any folder: `IN_CHECKOUT` says whether there is one, and without it the places below are those of the current folder.
"""

import sys
from pathlib import Path

from analysis.support.terminal import visible

PROGRAM = "power-in-coproduction"  # the installed command, and the name of the project in pyproject.toml
#: How the user runs the commands, for messages that name one.
COMMAND = PROGRAM if Path(sys.argv[0]).stem == PROGRAM else "python -m analysis"

_PACKAGE = Path(__file__).resolve().parents[1]


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was removed
        return Path()


def is_checkout(folder: Path) -> bool:
    """Return whether a folder is the repository or an archive for teaching: our `pyproject.toml`, and data."""
    try:
        project = (folder / "pyproject.toml").read_text(encoding="utf-8", errors="replace")
        return f'\nname = "{PROGRAM}"\n' in project and (folder / "data").is_dir()
    except OSError:
        return False


def _checkout(current: Path) -> Path | None:
    """Return the checkout that the package belongs to, else the one around the current folder, else None."""
    return next((folder for folder in (_PACKAGE.parent, current, *current.parents) if is_checkout(folder)), None)


_found = _checkout(_current_folder())
IN_CHECKOUT = _found is not None
ROOT = _found or _current_folder()

DATA = ROOT / "data"  # the data package: datapackage.json, evidence/, derived/
DERIVED = DATA / "derived"  # tables written by code, committed, verified on every run
PRIVATE = "private"  # the folder of a data package that is for its owner alone
PRIVATE_WORDING = DATA / PRIVATE / "wording.csv"  # wording of the passages; git-ignored
GISTS_ONLY = (
    "COMPENDIUM_GISTS_ONLY"  # environment variable: set where notebooks are built for others, who get no wording
)

EXAMPLE_PROJECT = ROOT / "examples" / "made-up-library" / "library.qdpx"  # a made-up study
EXAMPLE_STUDY = ROOT / "examples" / "library-study"  # the same, imported and completed by its owner

NOTEBOOKS = ROOT / "notebooks"  # stored without outputs
TEACHING = NOTEBOOKS / "teaching"
ARTICLE = ROOT / "paper" / "article.qmd"  # beside it _quarto.yml and references.bib
SUPPLEMENT = ARTICLE.with_name("supplement.qmd")  # rendered with it
ARTICLE_STYLE = _PACKAGE / "rendering" / "templates" / "article.css"  # of the article's page, and of reports

BUILD = ROOT / "build"  # everything generated and not committed
EXECUTED_NOTEBOOKS = BUILD / "notebooks"
RENDERED_ARTICLE = BUILD / "article"
SITE = BUILD / "site"
WORKING_COPY = BUILD / "teaching"  # the teaching notebooks that learners write into; their work is never overwritten


def study_reports() -> Path:
    """Return the folder for reports on studies: in `build/` where the user works in the checkout, else beside them."""
    current = _current_folder()
    return BUILD / "study" if IN_CHECKOUT and current.is_relative_to(ROOT) else Path("study-reports")


def published_studies() -> Path:
    """Return the folder for studies as sites: beside the reports."""
    reports = study_reports()
    return reports.with_name("published" if reports.is_absolute() else "published-studies")


def shown(path: Path) -> str:
    """Return a path as a reader would write it: from the root of the checkout or the current folder, if below one."""
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, or a name that the locale cannot spell
        resolved = path
    above = (folder for folder in (ROOT, _current_folder()) if resolved.is_relative_to(folder))
    return visible(next((resolved.relative_to(folder).as_posix() for folder in above), path))
