"""The words of a lesson's page, its scripts and its paper, by language: one file each in `words/`."""

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType

from analysis.support.errors import CompendiumError, Fault

FOLDER = Path(__file__).parent / "words"
LANGUAGES = tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


class WordsError(CompendiumError):
    """A language that the pages of lessons do not have."""


@cache
def _read(language: str) -> MappingProxyType[str, str]:
    if language not in LANGUAGES:
        problem = f"the language is {language!r}; pages of lessons are in {', '.join(LANGUAGES)}"
        raise WordsError(Fault("lesson", problem, "Take one of these, or add a file of words for it."))
    return MappingProxyType(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")))


def words(language: str) -> dict[str, str]:
    """Return the words of the pages in a language, by their names.

    >>> words("en")["hint"], words("de")["hint"], words("es")["hint"]
    ('Hint', 'Tipp', 'Pista')
    """
    return dict(_read(language))
