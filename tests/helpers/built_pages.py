"""The pages of a built site."""

from pathlib import Path

MOVED = "<title>This page has moved</title>"


def pages(site: Path) -> list[Path]:
    """Return every page, but for those that only lead from an old address to a new one."""
    return [page for page in sorted(site.rglob("*.html")) if MOVED not in page.read_text(encoding="utf-8")]
