"""Values that know the rows of data they come from, and functions that name the tables they draw on.

What computes a value gives it as `Traced`. A document that shows it learns its rows in the kernel that ran its cells:
from the value's representation for Jupyter, and from `report`.
"""

import ast
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self, TypeVar

#: The representation that carries the rows behind a value.
MIME = "application/vnd.power-in-coproduction.rows+json"
_NOTED = "_drawn_from"
_Drawing = TypeVar("_Drawing", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rows:
    """Rows of a table of a data package, and the column that is read there.

    `table` is the place of the file in the package. `where` has the values of columns by which the rows are chosen;
    without any, all rows are.
    """

    table: str
    column: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Traced(str):
    """A text with the rows that it comes from and the names by which the command `trace` shows what is behind them."""

    rows: tuple[Rows, ...]
    names: tuple[str, ...]

    def __new__(cls, text: str, rows: tuple[Rows, ...], names: tuple[str, ...] = ()) -> Self:
        """Return a text with its rows and names."""
        made = super().__new__(cls, text)
        made.rows, made.names = rows, names
        return made

    def capitalize(self) -> "Traced":
        """Return the text as it begins a sentence, with the same rows."""
        return Traced(super().capitalize(), self.rows, self.names)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return what Jupyter keeps beside the text."""
        return {MIME: {"rows": [asdict(one) for one in self.rows], "names": list(self.names)}}


def drawn_from(*tables: str, trace: tuple[str, ...] = ()) -> Callable[[_Drawing], _Drawing]:
    """Return a decorator that notes the tables of the data package that a table or figure is made of.

    `trace` are names that the command `trace` takes.
    """

    def noting(function: _Drawing) -> _Drawing:
        setattr(function, _NOTED, {"tables": tables, "names": trace})
        return function

    return noting


def report(codes: list[str], namespace: Mapping[str, Any]) -> str:
    """Return, as JSON, a list for each piece of code: the functions and properties that it names, the innermost first.

    Each has its `name`, the first line of its docstring as `meaning`, and the `tables` and `names` that were noted for
    it. What is built in, a class or nowhere in the namespace is left out.
    """
    return json.dumps([list(_described(code, namespace)) for code in codes])


def _described(code: str, namespace: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = {}
    try:
        whole = ast.parse(code)
    except SyntaxError:  # with a command of IPython, which is no Python
        return
    for function in _functions(whole, namespace):
        name = f"{function.__module__}.{function.__qualname__}".removeprefix("__main__.")
        meaning = (inspect.getdoc(function) or "").partition("\n")[0]
        noted = getattr(function, _NOTED, {"tables": (), "names": ()})
        found[name] = {"name": name, "meaning": meaning, **noted}
    yield from found.values()


def _functions(node: ast.AST, namespace: Mapping[str, Any]) -> Iterator[Callable[..., Any]]:
    children = [*ast.iter_child_nodes(node)]
    if isinstance(node, ast.Call):
        children = [*node.args, *node.keywords, node.func]  # what is handed to a function is made before it
    for inner in children:
        yield from _functions(inner, namespace)
    named = _named(node, namespace)
    if isinstance(named, property):
        named = named.fget
    elif isinstance(named, cached_property):
        named = named.func
    named = inspect.unwrap(named) if callable(named) else named
    if inspect.isfunction(named):
        yield named


def _named(node: ast.AST, namespace: Mapping[str, Any]) -> Any:
    """Return what a name, or a dotted name, stands for; a property as such, which is not computed again."""
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if isinstance(node, ast.Attribute) and (owner := _named(node.value, namespace)) is not None:
        owner = owner if inspect.ismodule(owner) or inspect.isclass(owner) else type(owner)
        return inspect.getattr_static(owner, node.attr, None)
    return None
