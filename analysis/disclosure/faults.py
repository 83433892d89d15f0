"""What keeps a package from being checked."""

from analysis.faults import CompendiumError


class DisclosureError(CompendiumError):
    """A package that cannot be checked for disclosure."""
