"""Coefficients of agreement against independent libraries on generated ratings, and their properties."""

from collections.abc import Sequence
from itertools import chain
from random import Random

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import agreement
from analysis.agreement import Analytic, Bootstrap, Ratings, from_table, sets
from analysis.agreement import patterns as patterns_module
from analysis.agreement.coefficients import COEFFICIENTS
from analysis.agreement.patterns import Patterns, count_patterns
from analysis.agreement.scales import scale

CODES = [1, 2, 3, 4]
SCALES = ["identity", "linear", "quadratic", "ordinal", "ratio"]
LEVELS = {"identity": "nominal", "ordinal": "ordinal", "quadratic": "interval", "ratio": "ratio"}


@st.composite
def tables(draw: st.DrawFn, coders: tuple[int, int] = (2, 4), missing: bool = True) -> pd.DataFrame:
    """A table of up to 12 units; codes are 1 to 4, some of them missing."""
    number = draw(st.integers(*coders))
    code = st.sampled_from([*CODES, None] if missing else CODES)
    rows = draw(st.lists(st.lists(code, min_size=number, max_size=number), min_size=1, max_size=12))
    return pd.DataFrame(rows, columns=[f"coder {n}" for n in range(number)], dtype=float)


def rated(table: pd.DataFrame) -> Ratings:
    return from_table(table, codes=CODES)


def value(ratings: Ratings, name: str, weights: str = "identity") -> float | None:
    return agreement.estimate(ratings, name, weights).value


def all_values(ratings: Ratings, weights: str = "identity") -> list[float | None]:
    """Return value and error of every coefficient, those included that are not defined."""
    found = [agreement.estimate(ratings, name, weights) for name in COEFFICIENTS]
    return [*(one.value for one in found), *(one.se for one in found)]


def labelled(table: pd.DataFrame) -> list[tuple[object, object, object]]:
    """Return ratings as NLTK takes them: coder, unit, label."""
    return [(coder, unit, code) for coder in table for unit, code in table[coder].items() if not pd.isna(code)]


# --- against other libraries


@settings(deadline=None)
@given(tables(), st.sampled_from(list(LEVELS)))
def test_alpha_is_that_of_krippendorff(table: pd.DataFrame, weights: str) -> None:
    found = agreement.krippendorff_alpha(rated(table), weights)
    paired = table[table.notna().sum(axis=1) >= 2]
    if len(set(paired.to_numpy().ravel()) - {np.nan}) == 0 or paired.stack().nunique() < 2:
        assert found.value is None
        return
    expected = krippendorff.alpha(table.T.to_numpy(), value_domain=CODES, level_of_measurement=LEVELS[weights])
    assert found.value == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(tables((2, 2), missing=False), st.sampled_from([None, "linear", "quadratic"]))
def test_kappa_of_two_coders_is_that_of_scikit_learn_and_statsmodels(table: pd.DataFrame, weights: str | None) -> None:
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats import inter_rater

    assume(len(table) > 1)
    found = agreement.cohen_kappa(rated(table), weights)
    if table.stack().nunique() == 1:
        assert found.value is None
        return
    first, second = table["coder 0"], table["coder 1"]
    assert found.value == pytest.approx(cohen_kappa_score(first, second, labels=CODES, weights=weights), abs=1e-12)
    crossed = agreement.confusion(rated(table), "coder 0", "coder 1").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):  # where an error is 0, statsmodels divides by it
        expected = inter_rater.cohens_kappa(crossed, wt=weights)
    assert found.value == pytest.approx(expected.kappa, abs=1e-12)
    # The asymptotic variance of Fleiss, Cohen and Everitt divides by n where Gwet's divides by n - 1.
    if found.se is None:
        assert found.reason
        return
    assert found.se**2 == pytest.approx(expected.var_kappa * len(table) / (len(table) - 1), rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(tables((2, 4), missing=False))
def test_kappas_of_several_coders_are_those_of_statsmodels(table: pd.DataFrame) -> None:
    from statsmodels.stats import inter_rater

    counts = np.stack([(table == code).sum(axis=1) for code in CODES], axis=1)
    ratings = rated(table)
    if table.stack().nunique() > 1:
        assert value(ratings, "fleiss-kappa") == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-12)
    uniform = inter_rater.fleiss_kappa(counts, method="uniform")
    assert value(ratings, "brennan-prediger") == pytest.approx(uniform, abs=1e-12)


@settings(deadline=None)
@given(tables(missing=False))
def test_coefficients_without_missing_codes_are_those_of_nltk(table: pd.DataFrame) -> None:
    from nltk.metrics.agreement import AnnotationTask

    assume(table.stack().nunique() > 1)
    task, ratings = AnnotationTask(labelled(table)), from_table(table)
    two = len(table.columns) == 2
    assert value(ratings, "percent-agreement") == pytest.approx(task.avg_Ao(), abs=1e-12)
    assert value(ratings, "krippendorff-alpha") == pytest.approx(task.alpha(), abs=1e-12)
    assert value(ratings, "fleiss-kappa") == pytest.approx(task.pi(), abs=1e-12)
    assert value(ratings, "conger-kappa") == pytest.approx(task.multi_kappa(), abs=1e-12)
    assert value(ratings, "scott-pi") == (pytest.approx(task.pi(), abs=1e-12) if two else None)
    assert value(ratings, "cohen-kappa") == (pytest.approx(task.kappa(), abs=1e-12) if two else None)
    # NLTK takes Brennan and Prediger's S for each pair of coders, all with the labels that occur.
    assert value(ratings, "brennan-prediger") == pytest.approx(task.S(), abs=1e-12)


SETS = st.frozensets(st.sampled_from("abc"), max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(SETS, SETS, SETS), min_size=2, max_size=8), st.sampled_from(list(sets.DISTANCES)))
def test_alpha_of_sets_is_that_of_nltk(rows: list[tuple[frozenset[str], ...]], distance: str) -> None:
    from nltk.metrics.agreement import AnnotationTask

    assume(len(set(chain(*rows))) > 1)
    table = pd.DataFrame({f"coder {n}": pd.Series([row[n] for row in rows], dtype=object) for n in range(3)})
    ours = [(coder, unit, table.at[unit, coder]) for coder in table for unit in table.index]
    task = AnnotationTask(ours, distance=sets.DISTANCES[distance])
    assert sets.krippendorff_alpha(sets.from_table(table), distance).value == pytest.approx(task.alpha(), abs=1e-12)


@given(SETS, SETS)
def test_distances_of_sets_are_those_of_nltk_which_rounds_thirds(one: frozenset[str], other: frozenset[str]) -> None:
    from nltk.metrics.distance import jaccard_distance, masi_distance

    assume(one | other)  # NLTK divides by nothing
    assert sets.jaccard(one, other) == pytest.approx(jaccard_distance(one, other), abs=1e-12)
    assert sets.masi(one, other) == pytest.approx(masi_distance(one, other), abs=0.0034)


def test_each_resample_has_the_alpha_that_krippendorff_gives_its_units_written_out() -> None:
    chance = np.random.default_rng(3)
    table = pd.DataFrame(chance.integers(1, 5, (60, 3)).astype(float)).mask(chance.random((60, 3)) < 0.2)
    counted = count_patterns(rated(table)).regardless_of_coder
    for weights, level in LEVELS.items():
        how = scale(rated(table), weights)
        for times in Bootstrap(20).draws(counted):
            values = COEFFICIENTS["krippendorff-alpha"].values(counted, times, how)
            written_out = [np.repeat(counted.given, drawn.astype(int), axis=0) for drawn in times]
            expected = [
                krippendorff.alpha(
                    np.where(rows < 0, np.nan, rows + 1.0).T, value_domain=CODES, level_of_measurement=level
                )
                for rows in written_out
            ]
            np.testing.assert_allclose(values, expected, atol=1e-12)


# --- properties


@settings(deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_names_of_codes_order_of_units_and_order_of_coders_do_not_matter(table: pd.DataFrame, random: Random) -> None:
    as_is = all_values(rated(table))
    names = dict(zip(CODES, random.sample("pqrs", 4), strict=True))
    renamed = from_table(table.astype(object).map(lambda code: names.get(code)), codes=sorted(names.values()))
    shuffled = table.sample(frac=1, random_state=random.randrange(99))[random.sample(list(table), len(table.columns))]
    for other in (renamed, rated(shuffled)):
        assert all_values(other) == pytest.approx(as_is, abs=1e-9)


@settings(deadline=None)
@given(tables(), st.integers(0, 99))
def test_the_order_of_units_does_not_change_a_bootstrap(table: pd.DataFrame, seed: int) -> None:
    shuffled = table.sample(frac=1, random_state=seed)
    for name in ("gwet-ac", "conger-kappa"):
        one, other = (agreement.estimate(rated(t), name, interval=Bootstrap(20)) for t in (table, shuffled))
        assert one == other


@settings(deadline=None)
@given(tables(), st.sampled_from(SCALES))
def test_the_order_of_codes_may_be_turned_round_on_scales_of_steps(table: pd.DataFrame, weights: str) -> None:
    assume(weights != "ratio")
    turned = rated(5 - table)
    assert all_values(turned, weights) == pytest.approx(all_values(rated(table), weights), abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.sampled_from(CODES), min_size=2, max_size=12), st.integers(2, 4), st.sampled_from(SCALES))
def test_perfect_agreement_is_exactly_1(codes: list[int], coders: int, weights: str) -> None:
    assume(len(set(codes)) > 1)
    ratings = from_table(pd.DataFrame(dict.fromkeys(range(coders), codes)))
    for name in agreement.usual(ratings):
        found = agreement.estimate(ratings, name, weights)
        assert found.value == 1
        assert found.se is None
        assert found.reason or found.method == "exact"


@settings(deadline=None)
@given(tables())
def test_with_two_codes_every_scale_is_the_same(table: pd.DataFrame) -> None:
    ratings = from_table(table.mask(table > 2), codes=[1, 2])
    as_is = all_values(ratings)
    for weights in SCALES[1:]:
        if weights != "ordinal":  # Krippendorff's ordinal distance is scaled by counts, which alpha cancels
            assert all_values(ratings, weights) == pytest.approx(as_is, abs=1e-9)
    assert value(ratings, "krippendorff-alpha", "ordinal") == pytest.approx(value(ratings, "krippendorff-alpha"))


@settings(deadline=None)
@given(tables(), st.sampled_from(SCALES))
def test_a_value_is_in_its_interval_and_that_in_the_range_or_there_is_a_reason(
    table: pd.DataFrame, weights: str
) -> None:
    who = dict(enumerate("aabccdefghij"))
    ratings = from_table(table, codes=CODES, interviewees=who)
    for kind in (Analytic(), Bootstrap(20), Bootstrap(20, "interviewees")):
        for name in COEFFICIENTS:
            found = agreement.estimate(ratings, name, weights, kind)
            assert (found.value is None or found.se is None) == bool(found.reason)
            assert (found.low is None) == (found.high is None)
            assert found.se is not None or found.low is None or found.method == "exact"
            assert found.value is None or found.value <= 1
            if found.low is not None and found.high is not None and found.value is not None:
                assert np.isfinite([found.value, found.low, found.high]).all()
                lowest = COEFFICIENTS[name].lowest(scale(ratings, weights).weights)
                assert lowest <= found.low <= found.value <= found.high <= 1
                assert found.low < found.high


@settings(deadline=None)
@given(tables(missing=False), st.sampled_from(SCALES), st.sampled_from(list(COEFFICIENTS)))
def test_no_value_is_below_the_range_where_every_coder_coded_every_unit(
    table: pd.DataFrame, weights: str, name: str
) -> None:
    found = value(rated(table), name, weights)
    assert found is None or found >= COEFFICIENTS[name].lowest(scale(rated(table), weights).weights) - 1e-12


NAMES = ["none", "few", "some", "all"]  # in an order that is not the alphabet's


@settings(deadline=None)
@given(tables(), st.sampled_from(SCALES), st.permutations(NAMES))
def test_codes_in_the_order_of_a_categorical_are_codes_listed_in_that_order(
    table: pd.DataFrame, weights: str, order: list[str]
) -> None:
    named = table.astype(object).map(lambda code: code if code is None or code != code else order[int(code) - 1])
    listed = from_table(named, codes=order, ordered=True)
    for categorical in (
        from_table(named.astype(pd.CategoricalDtype(order, ordered=True))),
        from_table(named.astype({named.columns[0]: pd.CategoricalDtype(order, ordered=True)})),
    ):
        assert (categorical.codes, categorical.ordered) == (listed.codes, listed.ordered)
        np.testing.assert_array_equal(categorical.given, listed.given)
        assert all_values(categorical, weights) == all_values(listed, weights)


@settings(deadline=None)
@given(tables(), st.lists(st.integers(-50, 50), min_size=4, max_size=4, unique=True))
def test_numbers_in_the_same_order_have_the_same_ordinal_coefficients(table: pd.DataFrame, steps: list[int]) -> None:
    other = dict(zip(CODES, sorted(steps), strict=True))
    renamed = from_table(table.astype(object).map(lambda code: other.get(code)), codes=sorted(steps))
    assert all_values(renamed, "ordinal") == all_values(rated(table), "ordinal")


@settings(deadline=None)
@given(tables((2, 2), missing=False), st.lists(st.integers(0, 10), min_size=6, max_size=6))
def test_kappa_with_a_matrix_of_weights_is_that_of_statsmodels(table: pd.DataFrame, tenths: list[int]) -> None:
    from statsmodels.stats import inter_rater

    assume(table.stack().nunique() > 1)
    weights = np.eye(4)
    weights[np.triu_indices(4, 1)] = np.array(tenths) / 10
    weights = np.maximum(weights, weights.T)
    found = agreement.cohen_kappa(rated(table), weights).value
    crossed = agreement.confusion(rated(table), "coder 0", "coder 1").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = inter_rater.cohens_kappa(crossed, weights=1 - weights).kappa
    assert found == (None if np.isnan(expected) else pytest.approx(expected, abs=1e-9))


@settings(deadline=None)
@given(tables(), st.sampled_from(SCALES))
def test_a_matrix_of_the_weights_of_a_scale_gives_what_the_scale_gives(table: pd.DataFrame, weights: str) -> None:
    assume(weights != "ordinal")  # alpha has ordinal distances of its own
    matrix = scale(rated(table), weights).weights
    ratings = rated(table)
    for name in COEFFICIENTS:
        found = agreement.estimate(ratings, name, matrix)
        expected = agreement.estimate(ratings, name, weights)
        assert (found.value, found.low) == pytest.approx((expected.value, expected.low), abs=1e-9)


@settings(deadline=None)
@given(tables((2, 3)), st.sampled_from(SCALES))
def test_two_coders_have_the_coefficients_of_several(table: pd.DataFrame, weights: str) -> None:
    ratings = rated(table[["coder 0", "coder 1"]])
    for two, several in (("cohen-kappa", "conger-kappa"), ("scott-pi", "fleiss-kappa")):
        assert value(ratings, two, weights) == value(ratings, several, weights)


@settings(deadline=None)
@given(tables((3, 3), missing=False), st.sampled_from(SCALES), st.sampled_from(list(COEFFICIENTS)))
def test_deviations_are_the_derivative_by_the_number_of_units(table: pd.DataFrame, weights: str, name: str) -> None:
    # Alpha's deviations leave its small-sample correction out and take ordinal distances as known.
    assume(not (name == "krippendorff-alpha" and weights == "ordinal"))
    ratings, coefficient = rated(table), COEFFICIENTS[name]
    counted, how = count_patterns(ratings), scale(ratings, weights)
    assume(len(counted.times) > 1)
    assume(table.stack().nunique() > 1)
    many = Patterns(counted.given, counted.times * 1e7, counted.codes)
    step = np.diag(many.times * 1e-4)
    up, down = (coefficient.values(many, many.times + sign * step, how) for sign in (1, -1))
    derivative = (up - down) / (2 * np.diag(step)) * many.times.sum()
    np.testing.assert_allclose(coefficient.deviations(counted, how)[0], derivative, atol=1e-4)


@settings(deadline=None)
@given(tables())
def test_units_counted_without_sorting_are_those_counted_by_sorting(table: pd.DataFrame) -> None:
    who = dict(enumerate("aabbccddeeff"))
    ratings = from_table(table, codes=CODES, interviewees=who)
    with pytest.MonkeyPatch.context() as patch:
        found = count_patterns(ratings)
        patch.setattr(patterns_module, "MOST_CELLS", 0)
        by_sorting = count_patterns(ratings)
    np.testing.assert_array_equal(found.given, by_sorting.given)
    np.testing.assert_array_equal(found.times, by_sorting.times)
    np.testing.assert_array_equal(found.owners, by_sorting.owners)


@settings(deadline=None)
@given(tables())
def test_interviewees_with_one_unit_each_are_resampled_as_units_are(table: pd.DataFrame) -> None:
    each: Sequence[str] = [f"P{n}" for n in range(len(table))]
    counted = count_patterns(from_table(table, codes=CODES, interviewees=dict(enumerate(each))))
    assume(len(counted.times))
    (drawn,) = Bootstrap(200, "interviewees").draws(counted)
    assert (drawn.sum(axis=1) == counted.times.sum()).all()
    assert drawn.mean(axis=0) == pytest.approx(counted.times, abs=6 * np.sqrt(counted.times.max() / 200))
