"""The bibliography of an article and the style of its citations: the keys, and what keeps them from being used."""

import json
import re
from collections import Counter
from pathlib import Path

from analysis.rendering.article_source import Source
from analysis.rendering.pandoc import pandoc
from analysis.rendering.render_error import ArticleError, read_text
from analysis.support.errors import Fault, raise_if_any


def keys(source: Source, folder: Path, epoch: int) -> set[str]:
    """Return the keys of an article's bibliography, read from `folder`, the copy of the article's own.

    Raises ArticleError for a style of citations that pandoc cannot use, and for a bibliography that is missing, is not
    BibTeX in UTF-8, or has two entries with one key, of which pandoc would take either without a word.
    """
    if style := source.settings.get("csl"):
        _check_style(style, source.file.with_name(style), folder, epoch)
    name = source.settings.get("bibliography")
    if name is None:
        return set()
    place = source.file.with_name(name)
    text = read_text(folder / name, "Write it, or correct the setting 'bibliography'.", place)
    try:
        works = json.loads(pandoc(folder, epoch, text, "--to=csljson", form="biblatex"))
    except ArticleError as error:
        raise ArticleError(Fault(place, f"this is not BibTeX ({error})", "Correct it.")) from None
    counts = Counter(work["id"] for work in works)
    raise_if_any(ArticleError, (_twice(key, text, place) for key, count in counts.items() if count > 1))
    return set(counts)


def _check_style(name: str, place: Path, folder: Path, epoch: int) -> None:
    text = read_text(folder / name, "Save it beside the article, or correct the setting 'csl'.", place)
    if "independent-parent" in text:  # pandoc would ask the web for it
        problem = "this style takes its rules from another one"
        raise ArticleError(Fault(place, problem, "Save that other style beside the article, and name it in 'csl'."))
    try:
        pandoc(folder, epoch, "", "--to=plain", "--citeproc", f"--csl={name}")
    except ArticleError as error:
        remedy = "Save it again from where the style is published."
        raise ArticleError(Fault(place, f"this is not a style of citations ({error})", remedy)) from None


def _twice(key: str, text: str, place: Path) -> Fault:
    """Return a fault at the last entry that has a key."""
    lines = [
        text.count("\n", 0, found.start()) + 1 for found in re.finditer(rf"@\w+\s*\{{\s*{re.escape(key)}\s*,", text)
    ]
    remedy = "Give each entry a key of its own, or delete one."
    return Fault(place, f"the key '{key}' is given twice", remedy, line=lines[-1] if lines else None)
