"""The outputs of the Python examples of `docs/reuse/index.md`: written by `derive`, compared by the tests.

The examples are run on the committed evidence, so what they show changes with it.
"""

import doctest
from pathlib import Path
from types import TracebackType
from typing import Any

from analysis.support import paths
from analysis.support.atomic_writes import write_text
from analysis.support.errors import CompendiumError, Fault

PAGE = paths.ROOT / "docs" / "reuse" / "index.md"


class ExampleError(CompendiumError):
    """A documented example that does not run."""


class _Outputs(doctest.DocTestRunner):
    """Run examples and keep, for each whose output is another than the page has, the new one."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[tuple[doctest.Example, str]] = []

    def report_failure(self, _out: Any, _test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        self.changed.append((example, got))

    def report_unexpected_exception(
        self,
        _out: Any,
        _test: doctest.DocTest,
        example: doctest.Example,
        exc_info: tuple[type[BaseException], BaseException, TracebackType],
    ) -> None:
        problem = f"the example does not run ({exc_info[1]!r})"
        raise ExampleError(Fault(PAGE, problem, "Correct the example.", line=example.lineno + 1))


def write() -> list[Path]:
    """Write the outputs that the examples have now, if the page is there; return the page.

    Raises ExampleError where an example does not run.
    """
    if not PAGE.is_file():
        return []
    write_text(PAGE, refreshed(PAGE.read_text(encoding="utf-8")))
    return [PAGE]


def changed(text: str) -> list[tuple[doctest.Example, str]]:
    """Run the examples of a text; return those with another output than the text shows, with that output.

    Raises ExampleError where an example does not run.
    """
    runner = _Outputs()
    runner.run(doctest.DocTestParser().get_doctest(text, {}, PAGE.stem, paths.shown(PAGE), 0), out=lambda _: None)
    return runner.changed


def refreshed(text: str) -> str:
    """Return a text with the outputs that its examples have now."""
    lines = text.splitlines(keepends=True)
    for example, got in reversed(changed(text)):
        start = example.lineno + example.source.count("\n")
        lines[start : start + example.want.count("\n")] = got.splitlines(keepends=True)
    return "".join(lines)
