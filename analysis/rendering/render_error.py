"""What keeps an article from being rendered."""

from analysis.support.errors import CompendiumError


class ArticleError(CompendiumError):
    """An article that cannot be rendered as it stands."""
