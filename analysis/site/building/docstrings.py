"""Docstrings as the package reference shows them: examples as code, formulas as they are written."""

import re
from typing import Any

from griffe import Extension, Object

_EXAMPLE = re.compile(r"^>>> ", re.M)
_MATH = re.compile(r"^([ ]*)\.\. math:: (.*(?:\n\1[ ]+\S.*)*)", re.M)
_INLINE_MATH = re.compile(r":math:`([^`]+)`")
_CITATION = re.compile(r"^\.\. \[(\d+)\] ", re.M)
_CITED = re.compile(r" ?\[(\d+)\]_")


class Readable(Extension):
    """Tells griffe to read docstrings that are right for Python as Markdown that is right for the page."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Change the docstring of an object."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(docstring: str) -> str:
    r"""Return a docstring with its bare examples in a section of their own, formulas as code, and references as text.

    Examples
    --------
    >>> as_markdown("Count.\n\n>>> count(2)\n2").splitlines()
    ['Count.', '', 'Examples', '--------', '>>> count(2)', '2']
    >>> as_markdown("The share is :math:`p`.")
    'The share is `p`.'
    """
    text = _MATH.sub(lambda found: f"{found[1]}```text\n{found[1]}{found[2]}\n{found[1]}```", docstring)
    text = _INLINE_MATH.sub(r"`\1`", text)
    text = _CITED.sub(r" (reference \1)", _CITATION.sub(r"\1. ", text))
    first = _EXAMPLE.search(text)
    if first is None or "Examples\n---" in text:
        return text
    return f"{text[: first.start()]}Examples\n--------\n{text[first.start() :]}"
