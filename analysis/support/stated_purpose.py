"""What functions say of themselves, for texts that are shown: Python run with -OO leaves docstrings out."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any


def purpose(function: Callable[..., Any]) -> str:
    """Return the docstring of a function, from its source where Python has left it out.

    >>> purpose(purpose).partition(",")[0]
    'Return the docstring of a function'
    """
    return inspect.getdoc(function) or from_source(function)


def from_source(function: Callable[..., Any]) -> str:
    """Return the docstring that the source of a function has, or nothing."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    return (ast.get_docstring(definition) or "") if isinstance(definition, ast.FunctionDef) else ""
