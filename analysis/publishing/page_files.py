"""The scripts and styles of a published study: in `docs` of a checkout, beside this module in an installed package."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.support import paths
from analysis.support.errors import CompendiumError

FOLDER = "assets"
EVERY_PAGE, EXPLORER = "published.js", ("elements.js", "csv.js", "explorer-view.js", "explorer.js")
REREAD = ("reread.js", "reread-page.js")
STYLES = ("lesson-alone.css", "published.css", "explorer.css", "reread.css")
STYLE = "study.css"
_INSTALLED = Path(__file__).parent / FOLDER


def files(has_passages: bool) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the pages: place and content; scripts of the explorer only where there is one."""
    styles = STYLES if has_passages else STYLES[:2]
    yield f"{FOLDER}/{STYLE}", "".join(_read("styles", name) for name in styles).encode()
    for name in (EVERY_PAGE, *(EXPLORER + REREAD if has_passages else ())):
        yield f"{FOLDER}/{name}", _read("scripts", name).encode()


def _read(folder: str, name: str) -> str:
    for place in (paths.ROOT / "docs" / folder / name, _INSTALLED / folder / name):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise CompendiumError(f"{name}: this part of the pages of a study is missing. Install the package again.")


#: Where an installed package has what a checkout has in `docs`, for the build of the package.
BUNDLED: Mapping[str, tuple[str, ...]] = {"scripts": (EVERY_PAGE, *EXPLORER, *REREAD), "styles": STYLES}
