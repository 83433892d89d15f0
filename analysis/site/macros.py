"""The macros that pages call, each a line: what they show is made by the other modules of this package."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from analysis import evidence as stored
from analysis.evidence import Evidence
from analysis.faults import CompendiumError
from analysis.site import permalinks


class Stopped(SystemExit):
    """The build stops: a macro cannot show what its page asks for. The macros plugin would swallow any other error."""

    def __init__(self, cause: CompendiumError) -> None:
        super().__init__(1)
        self.cause = cause


@cache
def study() -> Evidence:
    """Return the evidence, read once a build: what is computed from it is remembered with it."""
    return stored.load()


def define_env(env: Any) -> None:
    """Give pages their macros; called by the macros plugin once a build."""
    evidence = stopping(study)()

    def here() -> str:
        return str(env.page.url)

    def macro(function: Callable[..., str]) -> None:
        env.macro(stopping(function), function.__name__)

    def link(name: str, text: str | None = None) -> str:
        """Link to a passage, claim or code by its name."""
        target = permalinks.from_page(here(), permalinks.address(evidence, name))
        return f'<a href="{target}">{text or name}</a>'

    macro(link)


def stopping(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make errors that the user is to be told of stop the build."""

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except CompendiumError as error:
            raise Stopped(error) from error

    return call
