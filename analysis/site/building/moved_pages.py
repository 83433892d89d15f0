"""Pages at addresses of earlier versions, each of which leads to where its text is now."""

from collections.abc import Iterator, Mapping

from analysis.display.html_elements import bullets, text
from analysis.site.html.permalinks import from_page

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>This page has moved</title>
<link rel="icon" href="data:,">
<noscript><meta http-equiv="refresh" content="0; url={now}"></noscript>
</head>
<body>
<main>
<h1>This page has moved</h1>
<p>It is now <a id="now" href="{now}">{now}</a>.</p>
{places}
</main>
<script>
{{
  const asked = location.hash.slice(1);
  const known = asked && document.getElementById(asked);
  const now = new URL((known || document.getElementById("now")).href);
  if (asked && !known) now.hash = asked;
  now.search = location.search;
  location.replace(now);
}}
</script>
</body>
</html>
"""


def files(moved: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield a page for each old page: its place and its content.

    `moved` has the new address of each old page, and of each place on one (`old.html#place`) that has another name now.
    The other places of an old page keep their names. Links to `#place` are found by a script, or by the reader without.

    >>> [place for place, _ in files({"old.html": "new.html", "old.html#a": "new.html#b"})]
    ['old.html']
    """
    for page in (address for address in moved if "#" not in address):
        places = {address.partition("#")[2]: now for address, now in moved.items() if address.startswith(f"{page}#")}
        yield page, _leading(page, moved[page], places).encode()


def _leading(page: str, now: str, places: Mapping[str, str]) -> str:
    def address(target: str) -> str:
        return text(from_page(page, target))

    items = (f'<a id="{text(place)}" href="{address(target)}">{text(place)}</a>' for place, target in places.items())
    return _PAGE.format(now=address(now), places=bullets(items) if places else "")
