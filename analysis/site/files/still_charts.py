"""Charts that pages show as still pictures: drawn once a build, each in a file of its own."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from analysis.display.figures import Figure
from analysis.display.html_elements import text
from analysis.reanalysis import article_charts, article_model_drawing
from analysis.site.html import permalinks
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence

FOLDER = "pictures"
CHARTS: dict[str, Callable[[Evidence], Figure]] = {
    "stage-by-power": article_charts.stage_by_power,
    "model": article_model_drawing.draw_article_model,
    "stage-by-power-narrow": article_charts.stage_by_power_narrow,
}
_NARROW = "-narrow"  # ends the name of another drawing of the same figures, for screens on which the first would be cut
_NARROW_SCREEN = "(max-width: 36em)"


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield the file of each picture: place and content."""
    for name in CHARTS:
        yield _place(name), _drawn(evidence, name).svg.encode()


def picture(evidence: Evidence, here: str, name: str) -> str:
    """Return a picture with its alternative text and caption; on a narrow screen it is another drawing, or scrolls."""
    if name not in CHARTS:
        raise SiteError(f"There is no picture {name!r}. Choose one of: {', '.join(CHARTS)}.")
    drawn = _drawn(evidence, name)
    image = f'<img src="{permalinks.from_page(here, _place(name))}" {_size(drawn)} alt="{text(drawn.alt)}">'
    if (narrow := f"{name}{_NARROW}") in CHARTS:
        source, size = permalinks.from_page(here, _place(narrow)), _size(_drawn(evidence, narrow))
        image = f'<picture><source media="{_NARROW_SCREEN}" srcset="{source}" {size}>{image}</picture>'
    # The caption is outside the region that scrolls, which needs a name of its own.
    return (
        '<figure class="picture"><div class="wide" tabindex="0" role="region" aria-label="Picture">'
        f"{image}</div><figcaption>{text(drawn.caption)}</figcaption></figure>"
    )


def _size(drawn: Figure) -> str:
    """Return the size of a picture as attributes, so that the text does not move when the picture arrives."""
    width, height = drawn.size
    return f'width="{width}" height="{height}"'


@lru_cache(maxsize=8)
def _drawn(evidence: Evidence, name: str) -> Figure:
    return CHARTS[name](evidence)


def _place(name: str) -> str:
    return f"{FOLDER}/{name}.svg"
