"""The scripts and styles of the pages of a published study."""

from collections.abc import Iterator

from analysis.support import page_parts

FOLDER = "assets"
EVERY_PAGE, EXPLORER = "published.js", ("elements.js", "csv.js", "explorer-view.js", "explorer.js")
REREAD = ("reread.js", "reread-page.js")
STYLES = ("lesson-alone.css", "published.css", "explorer.css", "reread.css")
STYLE = "study.css"


def files(has_passages: bool) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the pages: place and content; scripts of the explorer only where there is one."""
    styles = STYLES if has_passages else STYLES[:2]
    yield f"{FOLDER}/{STYLE}", "".join(page_parts.text("styles", name) for name in styles).encode()
    for name in (EVERY_PAGE, *(EXPLORER + REREAD if has_passages else ())):
        yield f"{FOLDER}/{name}", page_parts.text("scripts", name).encode()
