"""An article and its supplement: the files that are rendered together, and the links from one to the other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.rendering import tree
from analysis.rendering.formats import Article

# Their sources, and what the names of all that is made of each begin with.
ARTICLE, SUPPLEMENT = "article", "supplement"
_TO_THE_OTHER = re.compile(rf"({ARTICLE}|{SUPPLEMENT})\.qmd(?:#(.+))?")


@dataclass(frozen=True)
class Unrendered:
    """A document to be rendered: its source, the copy of the folder of that, and the name of what is made of it."""

    file: Path
    folder: Path
    stem: str


def found(article: Path, folder: Path) -> tuple[Unrendered, ...]:
    """Return an article and, where there is one beside it, its supplement; each is to have a copy below `folder`."""
    supplement = article.with_name(f"{SUPPLEMENT}.qmd")
    files = {ARTICLE: article} | ({SUPPLEMENT: supplement} if supplement.is_file() and supplement != article else {})
    return tuple(Unrendered(file, folder / stem / "paper", stem) for stem, file in files.items())


def leads_to_the_other(target: str, file: Path) -> bool:
    """Tell whether a link of the document `file` leads to the other one, which lies beside it."""
    named = _TO_THE_OTHER.fullmatch(target)
    other = file.with_name(f"{named[1]}.qmd") if named else file
    return other != file and other.is_file()


def check_links(articles: Iterable[Article]) -> None:
    """Raise ArticleError for a link from one document to a place that the other does not have."""
    known = {article.stem: article for article in articles}
    places = {stem: _places(article) for stem, article in known.items()}
    for article in known.values():
        for target, stem, place in _links(article):
            if stem in known and place and place not in places[stem]:
                problem = f"the link to {target} leads nowhere: {stem}.qmd has no such place"
                raise article.markdown.fault(rf"\({re.escape(target)}\)", problem, "Correct the link.")


def _links(article: Article) -> Iterator[tuple[str, str, str | None]]:
    for element in tree.elements(article.document.tree):
        if element["t"] == "Link" and (named := _TO_THE_OTHER.fullmatch(target := element["c"][2][0])):
            yield target, named[1], named[2]


def _places(article: Article) -> set[str]:
    elements = tree.elements(article.document.tree)
    return {tree.attributes(element)[0] for element in elements if element["t"] in tree.PLACES}
