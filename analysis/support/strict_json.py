"""Reading JSON that others wrote: whatever is wrong with it is one kind of error."""

import json
from typing import Any

DEEPEST = 100  # lists and objects within each other; Python's own limit is that of its stack


def parsed(text: str | bytes) -> Any:
    """Return a value of JSON.

    Raises json.JSONDecodeError, which is a ValueError, for what is not JSON, has a number that is too long or not a
    number, gives a name twice in an object, or has more than DEEPEST lists and objects within each other; and
    UnicodeDecodeError for bytes that are not text.
    """
    given = json.detect_encoding(text) if isinstance(text, bytes) else ""
    decoded = text.decode(given) if isinstance(text, bytes) else text
    try:
        value = json.loads(decoded, parse_constant=_no_number, object_pairs_hook=_once)
        if _is_deep(value):
            raise RecursionError
    except RecursionError:
        problem = f"more than {DEEPEST} lists and objects are within each other"
        raise json.JSONDecodeError(problem, decoded, 0) from None
    except json.JSONDecodeError:
        raise
    except ValueError as fault:  # a number of thousands of digits, or one of the two below
        raise json.JSONDecodeError(str(fault).partition(";")[0], decoded, 0) from None
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} appears twice in an object")
    return found


def _is_deep(value: Any) -> bool:
    """Say whether more than DEEPEST lists and objects are within each other, level by level, so without recursion."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
