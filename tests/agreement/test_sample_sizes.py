"""The passages that a second coding needs are those of the published table."""

import pytest

from analysis.agreement.ratings import AgreementError
from analysis.agreement.sample_sizes import passages_needed

#: Donner and Rotondi (2010), Table 2, two raters: kappa, lower end, and subjects for shares of .1, .3 and .5.
PUBLISHED = [
    (0.5, 0.4, (559, 264, 228)),
    (0.6, 0.4, (140, 66, 57)),
    (0.7, 0.6, (463, 205, 174)),
    (0.8, 0.6, (116, 52, 44)),
]


@pytest.mark.parametrize(("expected", "bound", "subjects"), PUBLISHED)
def test_numbers_are_those_of_the_published_table(expected: float, bound: float, subjects: tuple[int, ...]) -> None:
    # The table took 2.71 for the quantile 2.7055, which makes some of its numbers higher by one.
    for share, published in zip((0.1, 0.3, 0.5), subjects, strict=True):
        found = passages_needed(expected, bound, share)
        assert found in (published - 1, published)
        assert found == passages_needed(expected, bound, 1 - share)


@pytest.mark.parametrize(
    "wrong", [(0.8, 0.8, 0.3), (0.8, -0.1, 0.3), (0.8, 0.6, 0), (0.8, 0.6, 1), (0.8, 0.6, 0.3, 0.4)]
)
def test_numbers_that_mean_nothing_are_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(AgreementError):
        passages_needed(*wrong)
