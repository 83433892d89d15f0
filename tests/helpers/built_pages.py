"""The pages of a built site."""

from pathlib import Path

from analysis.site.files import example_report

MOVED = "<title>This page has moved</title>"


def pages(site: Path) -> list[Path]:
    """Return every page, but for those that only lead from an old address to a new one, and those of the example.

    A study that is published has pages of its own, at which its own tests look.
    """
    found = [page for page in sorted(site.rglob("*.html")) if MOVED not in page.read_text(encoding="utf-8")]
    return [page for page in found if not page.is_relative_to(site / example_report.SITE)]
