"""What stops the building of the site."""

from analysis.support.errors import CompendiumError


class SiteError(CompendiumError):
    """A page, or something that a page shows, that the site cannot be built with."""
