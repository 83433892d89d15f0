"""Unitizing alpha follows its definition, agrees with other programs, and meets the ordinary alpha where it has to."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import agreement
from analysis.agreement import gamma, unitizing
from analysis.agreement.ratings import AgreementError, from_table
from analysis.agreement.unitizing import Continuum, Segment

#: The example of a public Python implementation of the coefficients of 2016 ("Krippendorff's unitized alpha"), whose
#: README prints the values below.
THREE = (
    (Segment(2, 5, "1"), Segment(9, 11, "1"), Segment(12, 20, "2")),
    (Segment(2, 5, "1"), Segment(7, 15, "2")),
    (Segment(2, 5, "1"), Segment(10, 15, "2")),
)


def test_values_are_those_of_another_program() -> None:
    found = unitizing.unitizing([Continuum(20, THREE)])
    assert round(found.everything.value, 3) == 0.474
    assert round(found.relevance.value, 3) == 0.433
    assert (round(found.coding.value, 3), round(found.coding.share, 4)) == (0.779, 0.3833)
    of_codes = {code: (round(one.value, 3), round(one.share, 4)) for code, one in found.of_codes.items()}
    assert of_codes == {"1": (0.769, 0.9545), "2": (0.787, 0.5952)}


def test_a_published_example_of_characters_has_its_published_alpha() -> None:
    """Krippendorff (1995), example A, digitized: alpha .329 of 24 characters that are marked or not."""
    bertha = "001111111100001111110000"
    bill = "000011110000000110000000"

    def ones(text: str) -> tuple[Segment, ...]:
        return tuple(Segment(n, n + 1, "1") for n, sign in enumerate(text) if sign == "1")

    found = unitizing.unitizing([Continuum(24, (ones(bertha), ones(bill)))])
    assert round(found.everything.value, 3) == round(found.relevance.value, 3) == 0.329


@st.composite
def texts(draw: st.DrawFn, single: bool = False) -> list[Continuum]:
    """Return one or two texts that two or three coders divided, into characters alone if `single`."""
    coders = draw(st.integers(2, 3))
    made = []
    for _ in range(draw(st.integers(1, 2))):
        length = draw(st.integers(4, 14))
        divided = []
        for _ in range(coders):
            ends = range(length + 1) if single else [0, *sorted(draw(st.sets(st.integers(1, length - 1)))), length]
            codes = [draw(st.sampled_from(["", "x", "y"])) for _ in ends[1:]]
            parts = zip(ends, ends[1:], codes, strict=False)
            divided.append(tuple(Segment(start, end, code) for start, end, code in parts if code))
        made.append(Continuum(length, tuple(divided)))
    return made


def _by_definition(made: list[Continuum]) -> tuple[float | None, float | None]:
    """Count pairs of characters one by one: everything, and relevance."""
    units = []  # of each coder and character: the coder, the character, the code, and the segment or gap it is in
    for n, text in enumerate(made):
        for who, segments in enumerate(text.coders):
            of = {place: one for one in segments for place in range(one.start, one.end)}
            for place in range(text.length):
                one = of.get(place)
                units.append((who, (n, place), one.code if one else "", (n, who, one or place)))
    every = [(a, b) for a, b in permutations(units, 2) if a[3] != b[3]]
    at_once = [(a, b) for a, b in every if a[1] == b[1]]

    def alpha(code: dict[str, str]) -> float | None:
        observed = sum(code.get(a[2], a[2]) != code.get(b[2], b[2]) for a, b in at_once) / len(at_once)
        expected = sum(code.get(a[2], a[2]) != code.get(b[2], b[2]) for a, b in every) / len(every) if every else 0
        return 1 - observed / expected if expected else None

    return alpha({}), alpha({"x": "1", "y": "1"})


@given(texts())
def test_pairs_of_characters_counted_one_by_one_give_the_same(made: list[Continuum]) -> None:
    found = unitizing.unitizing(made)
    for one, value in zip((found.everything, found.relevance), _by_definition(made), strict=True):
        assert one.value == (None if value is None else pytest.approx(value, abs=1e-9))


@given(texts(single=True))
def test_of_single_characters_it_is_alpha_of_nominal_data(made: list[Continuum]) -> None:
    import pandas as pd

    rows = [
        [next((one.code for one in segments if one.start == place), "gap") for segments in text.coders]
        for text in made
        for place in range(text.length)
    ]
    table = pd.DataFrame(rows).add_prefix("coder")
    value, _ = agreement.value(from_table(table, codes=["gap", "x", "y"]), "krippendorff-alpha")
    found = unitizing.unitizing(made).everything.value
    assert found == (None if value is None else pytest.approx(value))


def test_the_same_segments_agree_fully_and_an_interval_needs_enough_texts() -> None:
    one = (Segment(1, 4, "x"), Segment(6, 9, "y"))
    same = [Continuum(12, (one, one))] * unitizing.FEWEST
    found = unitizing.unitizing(same)
    assert (found.everything.value, found.coding.value, found.everything.low) == (1, 1, None)
    other = Continuum(12, (one, (Segment(0, 5, "x"),)))
    spread = unitizing.unitizing([*same, other]).everything
    assert spread.low is not None
    assert spread.low < spread.value < spread.high == 1
    assert unitizing.unitizing([*same[1:4], other]).everything.low is None


def test_overlapping_segments_of_a_coder_are_refused() -> None:
    with pytest.raises(AgreementError, match="overlaps the one before it"):
        unitizing.unitizing([Continuum(9, ((Segment(0, 5, "x"), Segment(4, 6, "y")), ()))])
    with pytest.raises(AgreementError, match="at least two coders"):
        unitizing.unitizing([Continuum(9, ((),))])


def test_gamma_comes_from_its_library_where_it_is_installed() -> None:
    pytest.importorskip(gamma.LIBRARY)
    same = [Continuum(40, ((Segment(1, 9, "x"), Segment(20, 30, "y")),) * 2)]
    assert gamma.gamma(same) == pytest.approx(1)
