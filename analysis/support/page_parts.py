"""Scripts and styles that pages made anywhere share with the site: in `docs`, or in an installed package."""

from pathlib import Path

from analysis.support import paths
from analysis.support.errors import CompendiumError

_INSTALLED = Path(__file__).parent / "assets"


def text(folder: str, name: str) -> str:
    """Return a script or style by its folder in `docs` and its name there; CompendiumError where it is missing."""
    for place in (paths.ROOT / "docs" / folder / name, _INSTALLED / folder / name):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise CompendiumError(f"{name}: this part of a page is missing. Install the package again.")
