"""Calculations that a lesson file writes out, such as `(agreed - chance) / (1 - chance)`: + - * / ** and names."""

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from analysis.support.errors import CompendiumError

LONGEST = 500  # characters of a formula
_HIGHEST_POWER = 64
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


class FormulaError(CompendiumError):
    """A formula that cannot be worked out."""


def worked_out(formula: str, values: Mapping[str, object]) -> float:
    """Return the result of a formula in which `values` have names; whole numbers stay whole where they can.

    >>> worked_out("(a + 1) / 4", {"a": 1}), worked_out("2 * n", {"n": 3})
    (0.5, 6)
    """
    if len(formula) > LONGEST:
        raise FormulaError(f"The formula has more than {LONGEST} characters.")
    try:
        return _of(ast.parse(formula.strip(), mode="eval").body, values)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(f"{formula!r} is not a calculation.") from None
    except (ZeroDivisionError, OverflowError):
        raise FormulaError(f"{formula!r} divides by zero, or becomes too large.") from None


def names(formula: str) -> list[str]:
    """Return the names in a formula; none for what is not a calculation."""
    try:
        found = ast.walk(ast.parse(formula.strip()[:LONGEST], mode="eval"))
        return sorted({node.id for node in found if isinstance(node, ast.Name)})
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _of(node: ast.expr, values: Mapping[str, object]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            return _named(name, values)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_of(operand, values)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATIONS:
            first, second = _of(left, values), _of(right, values)
            if isinstance(operation, ast.Pow) and abs(second) > _HIGHEST_POWER:
                raise OverflowError
            return _OPERATIONS[type(operation)](first, second)
    raise FormulaError("A formula has numbers, names, + - * / ** and brackets only.")


def _named(name: str, values: Mapping[str, object]) -> float:
    if name not in values:
        raise FormulaError(f"There is no value {name!r}.")
    value = values[name]
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise FormulaError(f"The value {name!r} is no number.")
    return float(value) if isinstance(value, Fraction) else value
