"""Charts that pages show as still pictures: drawn once a build, each in files of its own."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from analysis.display.figures import NARROW_SCREEN, Figure, size
from analysis.display.html_elements import text
from analysis.reanalysis import article_charts
from analysis.site.html import permalinks
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence

FOLDER = "pictures"
CHARTS: dict[str, Callable[[Evidence], Figure]] = {"stage-by-power": article_charts.stage_by_power}


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield the files of each picture, for wide and for narrow screens: place and content."""
    for name in CHARTS:
        drawn = _drawn(evidence, name)
        yield _place(name), drawn.svg.encode()
        yield _place(f"{name}-narrow"), drawn.narrow.encode()


def picture(evidence: Evidence, here: str, name: str) -> str:
    """Return a picture with its alternative text and caption; on a narrow screen it is another drawing."""
    if name not in CHARTS:
        raise SiteError(f"There is no picture {name!r}. Choose one of: {', '.join(CHARTS)}.")
    drawn = _drawn(evidence, name)
    wide, narrow = (permalinks.from_page(here, _place(one)) for one in (name, f"{name}-narrow"))
    return captioned(
        f'<picture><source media="{NARROW_SCREEN}" srcset="{narrow}" {_size(drawn.narrow)}>'
        f'<img src="{wide}" {_size(drawn.svg)} alt="{text(drawn.alt)}"></picture>',
        drawn,
    )


def captioned(image: str, drawn: Figure) -> str:
    """Return an image of HTML as a picture of a page, with its caption."""
    return f'<figure class="picture">{image}<figcaption>{text(drawn.caption)}</figcaption></figure>'


def _size(svg: str) -> str:
    """Return the size of a drawing as attributes, so that the text does not move when the picture arrives."""
    width, height = size(svg)
    return f'width="{width}" height="{height}"'


@lru_cache(maxsize=8)
def _drawn(evidence: Evidence, name: str) -> Figure:
    return CHARTS[name](evidence)


def _place(name: str) -> str:
    return f"{FOLDER}/{name}.svg"
