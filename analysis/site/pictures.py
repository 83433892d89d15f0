"""Charts that pages show as still pictures: drawn once a build, each in a file of its own."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from analysis import charts, diagram
from analysis.charts import Picture
from analysis.evidence import Evidence
from analysis.site import permalinks
from analysis.site.faults import SiteError
from analysis.site.markup import text

FOLDER = "pictures"
CHARTS: dict[str, Callable[[Evidence], Picture]] = {
    "stage-by-power": charts.stage_by_power,
    "model": diagram.article_model,
}


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield the file of each picture: place and content."""
    for name in CHARTS:
        yield _place(name), _drawn(evidence, name).svg.encode()


def picture(evidence: Evidence, here: str, name: str) -> str:
    """Return a picture with its alternative text and caption; it is white on any page, and scrolls where it is wide."""
    if name not in CHARTS:
        raise SiteError(f"There is no picture {name!r}. Choose one of: {', '.join(CHARTS)}.")
    drawn = _drawn(evidence, name)
    source = permalinks.from_page(here, _place(name))
    width, height = (re.search(rf'<svg[^>]* {side}="(\d+)', drawn.svg)[1] for side in ("width", "height"))  # type: ignore[index]
    # Beside the picture stands its caption: the region that scrolls needs a name of its own.
    return (
        '<figure class="picture"><div class="scrolled" tabindex="0" role="region" aria-label="Picture">'
        f'<img src="{source}" width="{width}" height="{height}" alt="{text(drawn.alt)}"></div>'
        f"<figcaption>{text(drawn.caption)}</figcaption></figure>"
    )


@lru_cache(maxsize=8)
def _drawn(evidence: Evidence, name: str) -> Picture:
    return CHARTS[name](evidence)


def _place(name: str) -> str:
    return f"{FOLDER}/{name}.svg"
