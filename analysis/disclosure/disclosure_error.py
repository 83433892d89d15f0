"""What keeps a package from being checked."""

from analysis.support.errors import CompendiumError


class DisclosureError(CompendiumError):
    """A package that cannot be checked for disclosure."""
