"""Figures that are written into texts: `{n}`, with how it is written after a colon.

A statistic has so many decimals (`{kappa:4}`; two otherwise) or is in per cent (`{set:%}`); a count is in figures, in
`words`, or with its noun (`{n:passage}`: three passages). An exact share is written in per cent, several names as a
list. Two braces stand for one.
"""

import string
from collections.abc import Callable, Mapping
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

from analysis.support import formatting

#: Languages that write a decimal comma.
WITH_COMMA = ("de", "es", "fr", "it", "nl", "pt")


class Writer(string.Formatter):
    """Fills figures into texts, and remembers which of them were named."""

    def __init__(self, values: Mapping[str, object], language: str = "en") -> None:
        self.values, self.language, self.used = values, language, set[str]()

    def fill(self, text: str) -> str:
        """Return a text with its figures, as it begins a sentence if it begins with one.

        Raises KeyError for a name without a value, ValueError for braces or a way of writing that cannot be.
        """
        filled = self.vformat(text, (), self.values)
        return formatting.capitalize_first(filled) if text.startswith("{") else filled

    def get_value(self, key: int | str, _args: object, _values: object) -> object:
        """Return the value of a name."""
        self.used.add(str(key))
        return self.values[str(key)]

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[object, str]:
        """Return the value of a name, which is taken as it is: a text never reaches into a value."""
        return self.get_value(field_name, args, kwargs), field_name

    def format_field(self, value: Any, spec: str) -> str:
        """Write a figure as the module says."""
        if isinstance(value, str):
            return value
        if isinstance(value, Fraction):
            return in_language(formatting.portion(value), self.language)
        if isinstance(value, Integral):
            written = formatting.in_words(int(value)) if spec == "words" else formatting.counted(int(value), spec)
            return written if spec else str(value)
        if isinstance(value, Real):
            number = float(value)
            written = formatting.percent(number) if spec == "%" else formatting.rounded(number, int(spec or 2))
            return in_language(written, self.language)
        return formatting.listed(value)


def in_language(number: str, language: str) -> str:
    """Return a number as a language writes it: with a decimal comma where it has one.

    >>> in_language("0.42", "de"), in_language("0.42", "en")
    ('0,42', '0.42')
    """
    return number.replace(".", ",") if language in WITH_COMMA else number


def changed(texts: Any, change: Callable[[str], str]) -> Any:
    """Return texts at any depth of tables and lists, each of them changed."""
    if isinstance(texts, dict):
        return {key: changed(text, change) for key, text in texts.items()}
    if isinstance(texts, list):
        return [changed(text, change) for text in texts]
    return change(texts) if isinstance(texts, str) else texts


def names(text: str) -> list[str]:
    """Return the names in a text; none where its braces are not in order.

    >>> names("{a} of {b:2} {{c}}"), names("{")
    (['a', 'b'], [])
    """
    try:
        return [name for _, name, _, _ in string.Formatter().parse(text) if name]
    except ValueError:
        return []
