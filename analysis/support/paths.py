"""Every place of the compendium, once."""

from pathlib import Path

from analysis.support.terminal import visible

ROOT = Path(__file__).resolve().parents[2]

DATA = ROOT / "data"  # the data package: datapackage.json, evidence/, derived/
DERIVED = DATA / "derived"  # tables written by code, committed, verified on every run
PRIVATE = "private"  # the folder of a data package that is for its owner alone
PRIVATE_WORDING = DATA / PRIVATE / "wording.csv"  # wording of the passages; git-ignored
GISTS_ONLY = (
    "COMPENDIUM_GISTS_ONLY"  # environment variable: set where notebooks are built for others, who get no wording
)

EXAMPLE_PROJECT = ROOT / "examples" / "made-up-library" / "library.qdpx"  # a made-up study of one's own

NOTEBOOKS = ROOT / "notebooks"  # stored without outputs
TEACHING = NOTEBOOKS / "teaching"
ARTICLE = ROOT / "paper" / "article.qmd"  # beside it _quarto.yml and references.bib
ARTICLE_STYLE = ROOT / "analysis" / "rendering" / "templates" / "article.css"  # of the article's page, and of reports

BUILD = ROOT / "build"  # everything generated and not committed
EXECUTED_NOTEBOOKS = BUILD / "notebooks"
RENDERED_ARTICLE = BUILD / "article"
SITE = BUILD / "site"
STUDY_REPORTS = BUILD / "study"
WORKING_COPY = BUILD / "teaching"  # the teaching notebooks that learners write into; nothing of theirs is overwritten


def shown(path: Path) -> str:
    """Return a path as a reader of the compendium would write it: from the root where it lies below."""
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError):  # links in a circle
        resolved = path
    return visible(resolved.relative_to(ROOT).as_posix() if resolved.is_relative_to(ROOT) else path)
