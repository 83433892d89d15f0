"""Values that know their rows, and what a kernel says of the functions that code names."""

import json
from functools import cached_property

from analysis.support import formatting, traced_values
from analysis.support.traced_values import MIME, Rows, Traced, drawn_from

PLACE = Rows("derived/counts.csv", "count", {"unit": ("passage",)})


class Numbers:
    """Numbers of a study."""

    @property
    def all(self) -> str:
        """How many there are."""
        raise AssertionError("is not computed again")

    @cached_property
    def most(self) -> str:
        """How many there are at most."""
        raise AssertionError("is not computed again")

    def of(self, kind: str) -> str:
        """Return how many are of a kind.

        And no more.
        """
        return kind


@drawn_from("derived/counts.csv", trace=("stage",))
def drawing() -> None:
    """Draw it."""


def described(code: str) -> list[tuple[str, str]]:
    names = {"r": Numbers(), "formatting": formatting, "drawing": drawing, "n": 41, "Numbers": Numbers}
    (found,) = json.loads(traced_values.report([code], names))
    return [(one["name"].rpartition(f"{__name__}.")[2], one["meaning"]) for one in found]


def test_a_value_reads_as_its_text_and_keeps_its_rows_at_the_beginning_of_a_sentence() -> None:
    value = Traced("three passages", (PLACE,), ("stage",)).capitalize()
    assert value == "Three passages"
    assert (value.rows, value.names) == ((PLACE,), ("stage",))
    assert value._repr_mimebundle_()[MIME]["rows"][0]["table"] == PLACE.table


def test_methods_and_properties_are_described_without_being_called() -> None:
    assert described('r.of("x").capitalize()') == [("Numbers.of", "Return how many are of a kind.")]
    assert described("r.all") == [("Numbers.all", "How many there are.")]
    assert described("r.most") == [("Numbers.most", "How many there are at most.")]


def test_functions_are_named_once_the_innermost_first() -> None:
    names = [name for name, _ in described("formatting.listed([formatting.in_words(1), formatting.in_words(2)])")]
    assert names == ["analysis.support.formatting.in_words", "analysis.support.formatting.listed"]


def test_what_is_no_function_of_the_article_is_left_out() -> None:
    assert described("print(n, missing.name, r.nothing, Numbers, len([]))") == []
    assert described("%magic of IPython") == []


def test_a_function_tells_the_tables_it_is_drawn_from() -> None:
    ((found,),) = json.loads(traced_values.report(["drawing()"], {"drawing": drawing}))
    assert (found["tables"], found["names"]) == (["derived/counts.csv"], ["stage"])
