"""The outputs of documented examples are refreshed."""

import pytest

from analysis.reanalysis import documented_examples
from analysis.reanalysis.documented_examples import ExampleError

TEXT = "Text.\n\n```pycon\n>>> 1 + 1\n3\n\n>>> for one in (1, 2):\n...     print(one)\n1\n\n>>> 2\n2\n\n```\n\nMore.\n"


def test_outputs_become_those_of_today_and_nothing_else_changes() -> None:
    assert documented_examples.refreshed(TEXT) == TEXT.replace("\n3\n", "\n2\n").replace("\n1\n\n", "\n1\n2\n\n")
    assert documented_examples.changed(documented_examples.refreshed(TEXT)) == []


def test_an_example_that_does_not_run_is_named() -> None:
    with pytest.raises(ExampleError, match=r"docs/reuse/index\.md, line 3: the example does not run \(Zero"):
        documented_examples.refreshed("Text.\n\n>>> 1 / 0\n0\n")
