"""The font that charts are set in, so that they look the same on every machine."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def folder() -> Path:
    """Return the folder of DejaVu Sans.

    It comes with matplotlib, which pingouin brings along; it is found without importing it.
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
