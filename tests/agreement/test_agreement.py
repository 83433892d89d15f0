"""Agreement between coders: published values, what is defined and what is not, and where coders differ."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from general import general
from published import FOUR_OBSERVERS, IRRCAC, IRRCAC_WEIGHTED, KRIPPENDORFF, NLTK, artstein_poesio
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from analysis import agreement
from analysis.agreement import (
    AgreementError,
    Analytic,
    Bootstrap,
    Estimate,
    Ratings,
    agreement_tables,
    from_evidence,
    from_table,
    intervals,
    sets,
)
from analysis.agreement.patterns import count_patterns
from analysis.agreement.scales import scale
from analysis.study.code_tree import StructureError
from analysis.study.evidence import Evidence

READERS = ["reader-a", "reader-b"]
BY_NAME: dict[str, Callable[..., Estimate]] = {
    "percent-agreement": agreement.percent_agreement,
    "unanimous-agreement": agreement.unanimous_agreement,
    "cohen-kappa": agreement.cohen_kappa,
    "scott-pi": agreement.scott_pi,
    "fleiss-kappa": agreement.fleiss_kappa,
    "conger-kappa": agreement.conger_kappa,
    "krippendorff-alpha": agreement.krippendorff_alpha,
    "gwet-ac": agreement.gwet_ac,
    "brennan-prediger": agreement.brennan_prediger,
}


def printed(value: float | None, like: str) -> str:
    """Return a value with as many decimals as a published one."""
    return f"{value:.{len(like.partition('.')[2])}f}"


def coded(*coders: str, **more: Any) -> Ratings:
    """Return ratings from a text for each coder with a letter for each unit, - where it is missing."""
    table = pd.DataFrame({f"coder {n}": list(codes) for n, codes in enumerate(coders, start=1)})
    return from_table(table.replace("-", None), **more)


# --- published values


@pytest.mark.parametrize("name", IRRCAC)
def test_value_error_and_interval_have_all_digits_that_irrcac_prints(name: str) -> None:
    found = agreement.estimate(from_table(FOUR_OBSERVERS), name)
    value, se, low, high = IRRCAC[name]
    assert printed(found.value, value) == value
    assert printed(found.se, se) == se
    assert printed(found.low, low) == low
    assert printed(found.high, high) == high
    assert (found.units, found.paired, found.coders, found.reason) == (12, 11, 4, "")


@pytest.mark.parametrize(("name", "weights"), IRRCAC_WEIGHTED)
def test_weighted_values_errors_and_intervals_have_all_digits_that_irrcac_prints(name: str, weights: str) -> None:
    found = agreement.estimate(from_table(FOUR_OBSERVERS), name, weights)
    value, se, low = IRRCAC_WEIGHTED[name, weights]
    assert (printed(found.value, value), printed(found.se, se), printed(found.low, low)) == (value, se, low)


@pytest.mark.parametrize("weights", KRIPPENDORFF)
def test_alpha_has_all_published_digits_at_every_level_of_measurement(weights: str) -> None:
    found = agreement.krippendorff_alpha(from_table(FOUR_OBSERVERS), weights).value
    assert printed(found, KRIPPENDORFF[weights]) == KRIPPENDORFF[weights]


@pytest.mark.parametrize("name", NLTK)
def test_two_coders_have_all_digits_of_artstein_and_poesio(name: str) -> None:
    found = agreement.estimate(from_table(artstein_poesio()), name).value
    assert printed(found, NLTK[name]) == NLTK[name]


def test_chance_agreement_of_ac1_has_the_digits_that_irrcac_prints() -> None:
    ratings = from_table(FOUR_OBSERVERS)
    observed, corrected = agreement.percent_agreement(ratings).value, agreement.gwet_ac(ratings).value
    assert observed is not None
    assert corrected is not None
    assert printed((observed - corrected) / (1 - corrected), "0.1903212") == "0.1903212"


@pytest.mark.parametrize("name", BY_NAME)
def test_each_coefficient_has_a_function_of_its_own(name: str) -> None:
    ratings = from_table(artstein_poesio())
    assert BY_NAME[name](ratings) == agreement.estimate(ratings, name)
    assert BY_NAME[name](ratings).coefficient == name


# --- defined, and not


@pytest.mark.parametrize("interval", [Analytic(), Bootstrap(100), Bootstrap(100, "interviewees")])
@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"percent-agreement", "unanimous-agreement"}))
def test_perfect_agreement_has_a_reason_in_place_of_an_interval_without_width(
    name: str, interval: Analytic | Bootstrap
) -> None:
    ratings = coded("xxyzzx", "xxyzzx", interviewees=dict(enumerate("abcdef")))
    found = agreement.estimate(ratings, name, interval=interval)
    assert (found.value, found.se, found.low, found.high) == (1, None, None, None)
    assert found.reason in (
        "the units that two coders or more coded show no spread",
        "all resamples have the same value",
    )


def test_perfect_agreement_of_several_coders_in_percent_has_a_reason_and_no_exact_interval() -> None:
    found = agreement.percent_agreement(coded("xxyzzx", "xxyzzx", "xxyzz-"))
    assert (found.value, found.method, found.low) == (1, "analytic", None)
    assert "show no spread" in found.reason


def test_units_of_one_coder_alone_make_no_spread_where_all_the_others_agree() -> None:
    found = agreement.cohen_kappa(coded("xxyzzxyyyyy", "xxyzzx-----"))
    assert (found.value, found.low) == (1, None)
    assert "show no spread" in found.reason


@pytest.mark.parametrize(
    ("ratings", "name", "reason"),
    [
        (coded("xxx", "xxx"), "cohen-kappa", "'x' is the only code given, so that by chance alone all would agree"),
        (coded("xxx", "xxx", "xx-"), "fleiss-kappa", "'x' is the only code given"),
        (coded("xxy", "xx-"), "krippendorff-alpha", "'x' is the only code given"),
        (coded("xx", "xx", codes=["x"]), "gwet-ac", "there was one code only to choose from"),
        (coded("xx", "xx", codes=["x"]), "brennan-prediger", "there was one code only to choose from"),
        (coded("xy--", "--xy"), "percent-agreement", "no unit was coded by two coders"),
        (coded("xy--", "--xy"), "krippendorff-alpha", "no unit was coded by two coders"),
        (coded("--", "--", codes=["x", "y"]), "gwet-ac", "no unit was coded by two coders"),
        (coded("", ""), "percent-agreement", "no unit was coded by two coders"),
        (coded("xy"), "percent-agreement", "agreement takes two coders, and these ratings have one coder"),
        (
            from_table(pd.DataFrame(index=["T1"])),
            "gwet-ac",
            "agreement takes two coders, and these ratings have no coders",
        ),
        (coded("xy", "xy", "xx"), "cohen-kappa", "it is for two coders, and there are three"),
        (coded("xy", "xx", "--"), "conger-kappa", "it needs codes of every coder, and coder 3 coded nothing"),
    ],
)
def test_what_is_not_defined_says_why(ratings: Ratings, name: str, reason: str) -> None:
    for interval in (Analytic(), Bootstrap(10)):
        found = agreement.estimate(ratings, name, interval=interval)
        assert (found.value, found.se, found.low, found.high) == (None, None, None, None)
        assert found.reason.startswith(reason)
        assert f"is not defined, because {reason}" in str(found)


def test_one_code_in_use_is_no_matter_where_chance_depends_on_the_codes_to_choose_from() -> None:
    ratings = coded("xxx", "xxx", codes=["x", "y"])
    assert agreement.gwet_ac(ratings).value == 1
    assert agreement.brennan_prediger(ratings).value == 1
    assert agreement.percent_agreement(ratings).value == 1


def test_codes_that_nobody_used_change_only_what_depends_on_the_codes_to_choose_from() -> None:
    few, many = coded("xxyyx", "xyyyx"), coded("xxyyx", "xyyyx", codes=list("abxyz"))
    for name in agreement.usual(few):
        same = agreement.estimate(few, name) == agreement.estimate(many, name)
        assert same == (name not in ("gwet-ac", "brennan-prediger"))


def test_one_unit_has_a_value_and_no_interval() -> None:
    ratings = coded("x", "y")
    for interval in (Analytic(), Bootstrap(10)):
        found = agreement.cohen_kappa(ratings, interval=interval)
        assert (found.value, found.se, found.low, found.high) == (0, None, None, None)
        assert found.reason == "an interval takes five units that two coders or more coded, and there is one"
        assert f"Cohen's kappa 0.00, without an interval, because {found.reason}" == str(found)


def test_two_coders_with_one_unit_in_common_have_no_interval_beyond_the_range_of_kappa() -> None:
    # By the formula it would go from -11.71 to 1.
    found = agreement.cohen_kappa(coded("xy", "x-", codes=["x", "y"]))
    assert (found.value, found.low, found.high) == (1, None, None)
    assert found.reason.endswith("and there is one")


def test_units_and_interviewees_are_enough_where_their_resamples_can_show_both_tails() -> None:
    who = dict(enumerate("aabbccddee"))
    for number in range(1, 11):
        few = coded("xyxyxyxyxy"[:number], "xyxyxyxyxx"[:number].replace("x", "y", 1), interviewees=who)
        for kind in (Analytic(), Bootstrap(50)):
            assert (agreement.gwet_ac(few, interval=kind).low is not None) == (number >= 5)
        assert (agreement.gwet_ac(few, interval=Bootstrap(50, "interviewees")).low is not None) == (number >= 9)
    assert agreement.gwet_ac(coded("xxyyx", "xxyyy"), interval=Analytic(0.99)).low is None


def test_one_interviewee_cannot_be_resampled() -> None:
    who = dict.fromkeys(range(8), "P1")
    found = agreement.cohen_kappa(coded("xxyyxxyy", "xyyyxxyy", interviewees=who), interval=OVER_PEOPLE)
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert found.reason == (
        "an interval takes five interviewees with a unit that two coders or more coded, and there is one"
    )


def test_interviewees_without_a_unit_to_compare_do_not_count() -> None:
    who = dict(enumerate("abcdefgh"))
    found = agreement.cohen_kappa(coded("xxyyxxyy", "xyyy----", interviewees=who), interval=OVER_PEOPLE)
    assert found.reason.endswith("and there are four")


def test_resamples_without_a_value_are_left_out_and_counted() -> None:
    ratings = coded("xxxxxy", "xxxxxy")
    found = agreement.cohen_kappa(ratings, interval=Bootstrap(2_000))
    assert found.left_out == pytest.approx(2_000 * (5 / 6) ** 6, rel=0.15)
    assert (found.low, found.high, found.reason) == (None, None, "all resamples have the same value")
    assert agreement.percent_agreement(ratings, interval=Bootstrap(2_000)).left_out == 0


def test_a_value_whose_resamples_have_none_has_no_interval() -> None:
    one_of_many = coded("x" * 60 + "y", "x" * 60 + "y")
    found = agreement.cohen_kappa(one_of_many, interval=Bootstrap(2, seed=2))
    assert (found.value, found.se, found.left_out) == (1, None, 2)
    assert "not defined in the resamples" in found.reason


def test_a_value_below_the_range_of_kappa_has_no_interval() -> None:
    # Nearly all units have a code from one coder alone, so that chance seems to leave nothing open.
    lone, paired = 200, 6
    ratings = coded("x" * lone + "y" * paired, "-" * lone + "x" * paired)
    found = agreement.fleiss_kappa(ratings)
    assert found.value is not None
    assert found.value < -1
    assert found.low is None


def test_codes_that_all_count_as_the_same_leave_kappa_without_a_value() -> None:
    weights = [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    for name in ("cohen-kappa", "krippendorff-alpha"):
        found = agreement.estimate(coded("xxyyxx", "xyyyxx", codes=["x", "y", "z"]), name, weights)
        assert found.value is None
        assert found.reason == "'x' and 'y' count as the same, so that by chance alone all would agree"
    assert agreement.gwet_ac(coded("xxyyxx", "xyyyxx"), np.ones((2, 2))).value is None


def test_a_table_of_coefficients_gives_the_reason_beside_what_is_missing() -> None:
    table = agreement.estimates(coded("xxx", "xxx")).set_index("coefficient")
    assert table["se"].isna().eq(table["reason"].ne("")).all()
    assert table["value"].isna().sum() == len(table) - 1
    assert table.loc["percent-agreement", "value"] == 1
    assert table["value"].dtype == table["high"].dtype == np.float64


@pytest.mark.parametrize(("agreed", "units"), [(41, 41), (39, 41), (1, 1), (0, 7), (3, 6)])
def test_percent_agreement_of_two_coders_has_the_exact_interval_of_scipy_and_statsmodels(
    agreed: int, units: int
) -> None:
    found = agreement.percent_agreement(coded("x" * units, "x" * agreed + "y" * (units - agreed)))
    for expected in (
        tuple(binomtest(agreed, units).proportion_ci(method="exact")),
        proportion_confint(agreed, units, method="beta"),
    ):
        assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)
    assert (found.method, found.value) == ("exact", agreed / units)
    assert (found.reason == "") == (0 < agreed < units)


def test_41_of_41_units_leave_room_down_to_914() -> None:
    found = agreement.percent_agreement(coded("x" * 41, "x" * 41))
    assert str(found) == "Percent agreement 1.00 (95% interval 0.91 to 1.00, exact)"
    assert found.low == pytest.approx(0.914, abs=5e-4)
    assert found.se is None
    assert found.reason == "the units show no spread, and so no standard error; the interval is exact"


def test_percent_agreement_with_weights_that_count_a_near_miss_in_part_is_no_share_of_units() -> None:
    ratings = coded("abcabc", "abcbbc", codes=["a", "b", "c"])
    assert agreement.percent_agreement(ratings, "linear").method == "analytic"
    assert agreement.percent_agreement(ratings).method == "exact"


def test_unanimous_agreement_is_the_share_of_units_on_which_all_coders_agree() -> None:
    ratings = coded("xxyzxx", "xxyyx-", "xyyyx-")
    found = agreement.unanimous_agreement(ratings)
    assert (found.value, found.paired, found.method) == (3 / 5, 5, "exact")
    assert (found.low, found.high) == pytest.approx(proportion_confint(3, 5, method="beta"))
    # One of three pairs agrees where two of three coders do.
    assert agreement.percent_agreement(ratings).value == pytest.approx((3 + 2 / 3) / 5)
    assert "unanimous-agreement" in agreement.usual(ratings)
    assert "unanimous-agreement" not in agreement.usual(coded("xy", "xy"))
    two = coded("xxy", "xyy")
    assert agreement.unanimous_agreement(two).value == agreement.percent_agreement(two).value


# --- intervals


OVER_PEOPLE = Bootstrap(over="interviewees")


def many_units(units: int = 2_000, coders: int = 3) -> Ratings:
    """Simulate coders who find the same code for most units; some codes are missing."""
    chance = np.random.default_rng(5)
    truth = chance.integers(0, 4, (units, 1))
    codes = np.where(chance.random((units, coders)) < 0.7, truth, chance.integers(0, 4, (units, coders))).astype(float)
    codes[chance.random(codes.shape) < 0.05] = np.nan
    return from_table(pd.DataFrame(codes))


@pytest.mark.parametrize("weights", ["identity", "ordinal", "quadratic"])
def test_analytic_and_bootstrap_errors_agree_where_there_are_many_units(weights: str) -> None:
    ratings = many_units()
    for name in agreement.usual(ratings):
        analytic = agreement.estimate(ratings, name, weights)
        resampled = agreement.estimate(ratings, name, weights, Bootstrap(2_000))
        # 2,000 resamples tell an error to about 1.6 per cent; missing codes make Gwet's a little larger.
        assert analytic.se == pytest.approx(resampled.se, rel=0.08)
        assert (analytic.low, analytic.high) == pytest.approx((resampled.low, resampled.high), abs=0.003)


def test_a_bootstrap_is_the_same_for_the_same_seed_only() -> None:
    ratings = from_table(FOUR_OBSERVERS)
    first = agreement.krippendorff_alpha(ratings, interval=Bootstrap(seed=7))
    assert first == agreement.krippendorff_alpha(ratings, interval=Bootstrap(seed=7))
    assert first != agreement.krippendorff_alpha(ratings, interval=Bootstrap(seed=8))


def test_a_bootstrap_does_not_depend_on_what_else_is_asked_for_nor_on_its_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ratings = from_table(FOUR_OBSERVERS, interviewees=dict(enumerate("aabbccddeeff", start=1)))
    kinds = (Bootstrap(100), Bootstrap(100, "interviewees"))
    together = agreement.estimates(ratings, intervals=kinds)
    monkeypatch.setattr(intervals, "_RESAMPLES", 7)
    monkeypatch.setattr(intervals, "_CELLS", 0)
    alone = [agreement.estimate(ratings, name, interval=kind) for name in agreement.usual(ratings) for kind in kinds]
    for row, found in zip(together.itertuples(), alone, strict=True):
        assert (row.low, row.high, row.se) == pytest.approx((found.low, found.high, found.se), abs=1e-12)


def test_a_resample_of_units_has_as_many_units_and_only_such_as_there_are() -> None:
    counted = count_patterns(coded("xxyy-", "xyyz-"))
    (drawn,) = Bootstrap(500).draws(counted)
    assert drawn.shape == (500, 4)
    assert (drawn.sum(axis=1) == 4).all()
    assert drawn.mean(axis=0) == pytest.approx(counted.times, abs=0.2)


def test_a_resample_of_interviewees_keeps_each_of_them_whole() -> None:
    # P1 has three units of one pattern, P2 two of another, and a unit of nobody's stands for itself.
    who = dict.fromkeys(range(3), "P1") | dict.fromkeys(range(3, 5), "P2")
    counted = count_patterns(coded("xxxyyz", "xxxyyx", interviewees=who))
    (drawn,) = Bootstrap(300, "interviewees").draws(counted)
    times_drawn = drawn / [3, 2, 1]
    assert (times_drawn == times_drawn.round()).all()
    assert (times_drawn.sum(axis=1) == 3).all()
    assert {tuple(row) for row in times_drawn} >= {(3, 0, 0), (1, 1, 1), (0, 2, 1)}


def test_units_that_nobody_coded_are_in_no_resample_and_nor_are_their_interviewees() -> None:
    who = dict(enumerate(["P1", "P2", "P2", "P3"]))
    with_blank = coded("xy-x", "xx-y", interviewees=who)
    without = coded("xyx", "xxy", interviewees={0: "P1", 1: "P2", 2: "P3"})
    for kind in (Bootstrap(50), Bootstrap(50, "interviewees")):
        assert agreement.gwet_ac(with_blank, interval=kind) == agreement.gwet_ac(without, interval=kind)


def test_a_wider_confidence_gives_a_wider_interval() -> None:
    ratings = many_units(100)
    for kind in (Analytic, Bootstrap):
        narrow = agreement.gwet_ac(ratings, interval=kind(confidence=0.5))
        wide = agreement.gwet_ac(ratings, interval=kind(confidence=0.99))
        assert wide.low < narrow.low < narrow.high < wide.high
        assert wide.confidence == 0.99


# --- ratings


def test_a_table_may_have_texts_numbers_and_empty_cells() -> None:
    texts = pd.DataFrame({"a": ["x", "", "y"], "b": ["x", "y", None]})
    ratings = from_table(texts)
    assert ratings.codes == ("x", "y")
    assert ratings.given.tolist() == [[0, 0], [-1, 1], [1, -1]]
    numbers = from_table(FOUR_OBSERVERS)
    assert numbers.codes == (1, 2, 3, 4, 5)
    assert numbers.names == ("1", "2", "3", "4", "5")
    assert from_table(FOUR_OBSERVERS.astype("Int64")).given.tolist() == numbers.given.tolist()


def test_numbers_are_their_own_positions_and_texts_stand_one_apart() -> None:
    assert coded("124", "124", codes=["1", "2", "4"]).positions.tolist() == [1, 2, 3]
    assert from_table(pd.DataFrame({"a": [1, 2, 4]})).positions.tolist() == [1, 2, 4]


NAMED = {1: "never", 2: "at times", 3: "often", 4: "mostly", 5: "always"}  # the alphabet has another order


def in_words(**dtypes: Any) -> pd.DataFrame:
    """Return the published ratings of four observers in words, with the dtypes given for some of them."""
    return FOUR_OBSERVERS.apply(lambda column: column.map(NAMED)).astype(dtypes)


ORDERED = pd.CategoricalDtype(list(NAMED.values()), ordered=True)


@pytest.mark.parametrize("coders", ["abcd", "abc", "d"])
def test_ordered_categoricals_give_the_published_ordinal_alpha(coders: str) -> None:
    ratings = from_table(in_words(**dict.fromkeys(coders, ORDERED)))
    assert ratings.codes == tuple(NAMED.values())
    found = agreement.krippendorff_alpha(ratings)
    assert found.weights == "ordinal"
    assert printed(found.value, KRIPPENDORFF["ordinal"]) == KRIPPENDORFF["ordinal"]
    assert printed(agreement.conger_kappa(ratings, "linear").value, "0.814") == "0.814"  # irrCAC, as published.py says


def test_ordered_categoricals_give_the_weighted_kappa_that_sas_prints() -> None:
    # SAS's example table with linear weights, as in the tests of statsmodels; by the alphabet it would be another.
    table = {("low", "mid"): 4, ("low", "top"): 1, ("mid", "mid"): 8, ("top", "mid"): 1, ("top", "top"): 5}
    rows = pd.DataFrame([pair for pair, times in table.items() for _ in range(times)], columns=["a", "b"])
    names = {"low": "some", "mid": "more", "top": "most"}
    ratings = from_table(rows.replace(names).astype(pd.CategoricalDtype(list(names.values()), ordered=True)))
    assert printed(agreement.cohen_kappa(ratings, "linear").value, "0.4701") == "0.4701"
    assert printed(agreement.cohen_kappa(ratings, "identity").value, "0.4842") == "0.4842"


def test_a_long_table_with_an_ordered_categorical_keeps_its_order() -> None:
    long = in_words().stack().astype(ORDERED).rename("code").rename_axis(["unit", "coder"]).reset_index()
    wide = long.set_index(["unit", "coder"])["code"].unstack()
    found = agreement.krippendorff_alpha(from_table(wide)).value
    assert printed(found, KRIPPENDORFF["ordinal"]) == KRIPPENDORFF["ordinal"]


def test_categories_that_nobody_used_are_codes_to_choose_from() -> None:
    wider = pd.CategoricalDtype(["never ever", *NAMED.values()], ordered=True)
    assert from_table(in_words().astype(wider)).codes == tuple(wider.categories)
    unordered = from_table(in_words().astype(pd.CategoricalDtype(wider.categories)))
    assert set(unordered.codes) == set(wider.categories)
    assert not unordered.ordered


def test_categoricals_of_part_of_the_codes_are_joined_where_their_order_leaves_no_choice() -> None:
    low = pd.CategoricalDtype(["low", "mid"], ordered=True)
    high = pd.CategoricalDtype(["mid", "high"], ordered=True)
    table = pd.DataFrame({"a": pd.Series(["low", "mid"], dtype=low), "b": pd.Series(["mid", "high"], dtype=high)})
    ratings = from_table(table)
    assert ratings.codes == ("low", "mid", "high")
    assert ratings.given.tolist() == [[0, 1], [1, 2]]


@pytest.mark.parametrize(
    ("other", "values", "message"),
    [
        (["low", "high"], ["low", "high"], "says which is lower, 'mid' or 'high'. List all codes as `codes`"),
        (["mid", "low"], ["low", "mid"], "Categoricals contradict each other. List all codes as `codes`"),
        (None, ["low", "huge"], "have no place for 'huge'. List all codes as `codes`"),
    ],
)
def test_categoricals_that_leave_the_order_open_are_refused(
    other: list[str] | None, values: list[str], message: str
) -> None:
    ordered = pd.CategoricalDtype(["low", "mid"], ordered=True)
    dtype = pd.CategoricalDtype(other, ordered=True) if other else object
    table = pd.DataFrame({"a": pd.Series(["low", "mid"], dtype=ordered), "b": pd.Series(values, dtype=dtype)})
    with pytest.raises(AgreementError, match=message):
        from_table(table)
    assert from_table(table, codes=["low", "mid", "high", "huge"]).given[:, 0].tolist() == [0, 1]


def test_numbers_in_a_categorical_have_its_order_and_are_their_own_positions() -> None:
    falling = pd.CategoricalDtype([5, 4, 3, 2, 1], ordered=True)
    ratings = from_table(FOUR_OBSERVERS.astype(falling))
    assert ratings.codes == (5, 4, 3, 2, 1)
    for weights in ("ordinal", "quadratic"):
        found = agreement.krippendorff_alpha(ratings, weights).value
        assert printed(found, KRIPPENDORFF[weights]) == KRIPPENDORFF[weights]


def test_truth_values_are_codes_with_an_order() -> None:
    for dtype in (object, "boolean"):
        table = pd.DataFrame({"a": [True, False, None], "b": [True, True, False]}, dtype=dtype)
        ratings = from_table(table)
        assert (ratings.codes, ratings.given.tolist()) == ((False, True), [[1, 1], [0, 1], [-1, 0]])
        assert agreement.cohen_kappa(ratings, "linear") is not None


@pytest.mark.parametrize("weights", ["linear", "quadratic", "ordinal", "ratio"])
@pytest.mark.parametrize("codes", [list("abc"), ["1", "2", "10"]])
def test_weights_ask_for_the_order_of_texts_that_nobody_put_in_order(codes: list[str], weights: str) -> None:
    table = pd.DataFrame({"a": codes, "b": codes})
    for unordered in (from_table(table), from_table(table.astype("category")), from_table(table, codes=set(codes))):
        with pytest.raises(
            AgreementError, match=f"Weights '{weights}' need the order of the codes.*List them as `codes`"
        ):
            agreement.cohen_kappa(unordered, weights)
        assert agreement.cohen_kappa(unordered).value == 1
    assert agreement.cohen_kappa(from_table(table, codes=codes), weights).value == 1
    with pytest.raises(AgreementError, match="Weights 'ordinal' need the order"):
        agreement.cohen_kappa(from_table(table, ordered=True))


def test_sets_have_no_order_that_weights_could_take() -> None:
    ratings = sets.from_table(pd.DataFrame({"a": [{"x"}, {"y"}], "b": [{"x"}, {"x", "y"}]}))
    with pytest.raises(AgreementError, match=r"sets of codes have none\. Use agreement\.sets"):
        agreement.krippendorff_alpha(ratings, "ordinal")


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.eye(2), r"has the shape \(2, 2\), and these codes need \(3, 3\): x, y and z"),
        (3, r"has the shape \(\), and these codes need \(3, 3\)"),
        ([["a"]], "has cells that are not numbers"),
        (np.ones((3, 3)) - np.eye(3), "is not 1 on the diagonal"),
        (np.array([[1, 0.1, 0.2], [0.5, 1, 0], [0.2, 0, 1]]), "is not symmetric"),
        (np.array([[1, 2, 0], [2, 1, 0], [0, 0, 1]]), "has cells outside 0 to 1"),
        (np.full((3, 3), np.nan), "has cells outside 0 to 1"),
    ],
)
def test_a_matrix_that_is_no_matrix_of_weights_is_refused_with_what_is_wrong(matrix: object, message: str) -> None:
    with pytest.raises(AgreementError, match=f"The matrix of weights {message}"):
        agreement.cohen_kappa(coded("xyz", "xyx"), matrix)


def test_a_matrix_with_named_rows_and_columns_may_have_them_in_any_order() -> None:
    ratings = coded("xyzxyz", "xyxyyz", codes=["x", "y", "z"])
    named = pd.DataFrame(scale(ratings, "linear").weights, list("xyz"), list("xyz"))
    shuffled = named.loc[list("zxy"), list("yzx")]
    assert agreement.cohen_kappa(ratings, shuffled).value == agreement.cohen_kappa(ratings, "linear").value


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (["x", "y"], ["x ", "y"], r"'x' \(T1, coder a\) and 'x ' \(T1, coder b\) look alike"),
        (["x", "x"], ["X", "y"], r"'X' \(T1, coder b\) and 'x' \(T1, coder a, and one other cell\) look alike"),
        (["é", "y"], ["é", "y"], "look alike"),
        (["x y", "y"], ["x y", "y"], "look alike"),
        (["x", "y"], ["x​", "y"], "look alike"),
        (["1", "2"], ["1.0", "2.0"], r"'1' \(T1, coder a\) and '1\.0' \(T1, coder b\) look alike"),
        (["x", " "], ["x", "y"], r"T2, coder a: the code ' ' is blank\. Leave the cell empty"),
    ],
)
def test_codes_that_only_look_different_are_refused_with_their_cells(a: list[str], b: list[str], message: str) -> None:
    table = pd.DataFrame({"a": a, "b": b}, index=["T1", "T2"])
    with pytest.raises(AgreementError, match=message):
        from_table(table)
    with pytest.raises(AgreementError, match=message):
        from_table(table.astype("category"))
    with pytest.raises(AgreementError, match=message):
        sets.from_table(table.map(lambda code: {code}))
    assert from_table(table, codes=sorted({*a, *b})).given.shape == (2, 2)


def test_ordered_codes_are_weighted_unless_told_otherwise() -> None:
    ratings = coded("llmh", "lmmh", codes=["l", "m", "h"], ordered=True)
    assert agreement.gwet_ac(ratings) == agreement.gwet_ac(ratings, "ordinal")
    assert agreement.gwet_ac(ratings) != agreement.gwet_ac(ratings, "identity")
    assert agreement.gwet_ac(ratings).label == "Gwet's AC2"
    assert agreement.gwet_ac(ratings, "identity").label == "Gwet's AC1"


@pytest.mark.parametrize(
    ("table", "more", "told"),
    [
        (
            {"a": ["x", "q"], "b": ["x", "x"]},
            {"codes": ["x"]},
            r"1, coder a: there is no code 'q'\. Choose among x, or",
        ),
        ({"a": [1, "x"]}, {}, "Some codes are numbers and some are texts. Write them all alike"),
        ({"a": [True, False], "b": [0, 1]}, {}, "Some codes are numbers and some are truth values. Write them all"),
        ({"a": [["x"], ["y"]]}, {}, r"Coder a: a cell holds a list or a set\. Use agreement\.sets\.from_table"),
        ({"a": ["x"]}, {"codes": ["x", "x"]}, r"more than one code 'x'\. Keep one"),
    ],
)
def test_a_table_that_is_no_table_of_ratings_is_refused(
    table: dict[str, list[Any]], more: dict[str, Any], told: str
) -> None:
    with pytest.raises(AgreementError, match=told):
        from_table(pd.DataFrame(table), **more)


def test_a_unit_or_a_coder_that_is_there_twice_is_refused() -> None:
    with pytest.raises(AgreementError, match=r"more than one unit 'T1'\. Keep one"):
        from_table(pd.DataFrame({"a": ["x", "y"]}, index=["T1", "T1"]))
    with pytest.raises(AgreementError, match="more than one coder 'a'"):
        from_table(pd.DataFrame([["x", "y"]], columns=["a", "a"]))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda r: agreement.estimate(r, "kappa"), "no coefficient 'kappa'. Choose among percent-agreement, "),
        (lambda r: agreement.gwet_ac(r, "cubic"), "no weights 'cubic'. Choose among identity, linear"),
        (lambda r: agreement.gwet_ac(r, interval=OVER_PEOPLE), "do not say who said what. Give `interviewees`"),
        (lambda r: Bootstrap(over="codes"), "no bootstrap over 'codes'. Choose units or interviewees"),
        (lambda r: Bootstrap(1), "1 resamples have no spread"),
        (lambda r: Analytic(95), "A confidence of 95 makes no interval"),
        (lambda r: agreement.confusion(r, "coder 1", "eva"), "no coder 'eva' here. Choose among coder 1 and coder 2"),
        (lambda r: sets.krippendorff_alpha(r, "cosine"), "no distance 'cosine' between sets. Choose among masi and"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_choices(ask: Callable[[Ratings], object], told: str) -> None:
    with pytest.raises(AgreementError, match=told):
        ask(coded("xy", "xx"))


def test_a_ratio_of_codes_below_zero_is_refused_and_one_with_zero_is_not() -> None:
    with pytest.raises(AgreementError, match="below zero is not defined"):
        agreement.gwet_ac(from_table(pd.DataFrame({"a": [-1, 2], "b": [1, 2]})), "ratio")
    assert agreement.gwet_ac(from_table(pd.DataFrame({"a": [0, 2], "b": [1, 2]})), "ratio").value is not None


# --- the evidence


def test_the_two_readers_are_compared_on_their_primary_codes(study: Evidence) -> None:
    ratings = from_evidence(study, "stage", READERS)
    rows = study.codings[study.codings["facet"].eq("stage") & study.codings["role"].eq("primary")]
    wide = rows.pivot(index="extract_id", columns="coder_id", values="code_id")[READERS]
    assert list(ratings.units) == list(study.extracts["extract_id"])
    assert ratings.codes == ("initiation", "operationalization", "dissemination", "not-stated")
    named = pd.DataFrame(np.array(ratings.codes)[ratings.given], ratings.units, READERS)
    pd.testing.assert_frame_equal(named, wide.loc[ratings.units], check_dtype=False, check_names=False)
    share = (wide["reader-a"] == wide["reader-b"]).mean()
    assert agreement.percent_agreement(ratings).value == pytest.approx(share)


def test_codes_are_rolled_up_and_those_above_the_level_are_missing(study: Evidence) -> None:
    top = from_evidence(study, "power", ["article"])
    assert top.codes == ("structural", "structure-enabled-normative", "resource", "resource-enabled-normative")
    assert (top.given != -1).all()
    rows = study.codings
    first = rows["facet"].eq("power") & rows["role"].eq("primary")
    level = study.codes.set_index("code_id")["level"]
    lowest = from_evidence(study, "power", ["article"], "first-order")
    assert len(lowest.units) == (rows[first]["code_id"].map(level) == "first-order").sum() < len(top.units)


def test_passages_of_one_source_are_resampled_together(study: Evidence) -> None:
    ratings = from_evidence(study, "stage", READERS)
    source = study.extracts.set_index("extract_id")["source_id"][ratings.units]
    assert ratings.interviewees is not None
    assert len(set(zip(ratings.interviewees, source, strict=True))) == source.nunique()


def test_every_usual_coefficient_of_readers_has_three_intervals(study: Evidence) -> None:
    def usual(coders: list[str]) -> pd.DataFrame:
        return agreement.estimates(from_evidence(study, "stage", coders), intervals=agreement.INTERVALS)

    table = usual(READERS)
    assert list(table.columns[:3]) == ["coefficient", "weights", "method"]
    methods = ["exact", "bootstrap over units", "bootstrap over interviewees", "analytic"]
    assert list(table["method"].unique()) == methods
    assert len(table) == 3 * 6
    assert table["reason"].eq("").all()
    pd.testing.assert_frame_equal(table, usual(READERS))
    assert set(usual([*READERS, "compendium"])["coefficient"]) >= {"fleiss-kappa"}


def test_readers_get_each_coefficient_with_its_intervals_in_one_row(study: Evidence) -> None:
    shown = agreement_tables.agreement_sizes(study, "stage", READERS)
    assert list(shown.columns) == ["Value", "Analytic interval", "Passages resampled", "Interviewees resampled"]
    found = agreement.cohen_kappa(from_evidence(study, "stage", READERS))
    assert shown.loc["Cohen's kappa", "Value"] == f"{found.value:.2f}"
    assert shown.loc["Cohen's kappa", "Analytic interval"] == f"{found.low:.2f} to 1.00 ({found.se:.2f})"
    assert "Gwet's AC1" in shown.index


def test_readers_see_which_intervals_are_exact_and_why_others_are_missing(study: Evidence) -> None:
    shown = agreement_tables.agreement_sizes(study, "response", READERS)
    percent = agreement.percent_agreement(from_evidence(study, "response", READERS))
    assert shown.loc["Percent agreement", "Analytic interval"] == f"{percent.low:.2f} to 1.00 (exact)"
    assert shown.loc["Cohen's kappa", "Analytic interval"] == "not defined"
    reasons = shown.loc["Cohen's kappa", "Not defined, because"]
    assert reasons == "the units that two coders or more coded show no spread; all resamples have the same value"
    of_stage = agreement.percent_agreement(from_evidence(study, "stage", READERS))
    told = agreement_tables.agreement_sizes(study, "stage", READERS).loc["Percent agreement", "Analytic interval"]
    assert told == f"{of_stage.low:.2f} to {of_stage.high:.2f} ({of_stage.se:.2f}, exact)"


def test_readers_are_told_why_a_coefficient_is_not_defined(study: Evidence) -> None:
    of_one_code = study.codings[~study.codings["code_id"].isin(["initiation", "operationalization", "dissemination"])]
    shown = agreement_tables.agreement_sizes(dataclasses.replace(study, codings=of_one_code), "stage", READERS)
    assert shown.loc["Cohen's kappa", "Value"] == shown.loc["Cohen's kappa", "Passages resampled"] == "not defined"
    assert "'not-stated' is the only code given" in shown.loc["Cohen's kappa", "Not defined, because"]
    assert shown.loc["Percent agreement", "Not defined, because"] == "all resamples have the same value"


def test_an_ordered_facet_is_weighted(study: Evidence) -> None:
    ordered = dataclasses.replace(study, facets=study.facets.assign(ordered=True))
    assert agreement.estimates(from_evidence(ordered, "stage", READERS))["weights"].eq("ordinal").all()


def test_coders_and_facets_that_are_not_there_are_refused(study: Evidence) -> None:
    with pytest.raises(AgreementError, match=r"'article' gave no primary code in facet 'stage'\. Choose among"):
        from_evidence(study, "stage", ["reader-a", "article"])
    with pytest.raises(StructureError, match="no facet 'mood'"):
        from_evidence(study, "mood", READERS)
    with pytest.raises(StructureError, match="no level 'deep'"):
        from_evidence(study, "stage", READERS, "deep")


def test_a_second_primary_code_is_refused_in_an_exclusive_facet(study: Evidence) -> None:
    again = study.codings[study.codings["coder_id"].eq("reader-a") & study.codings["facet"].eq("stage")].head(1)
    twice = dataclasses.replace(study, codings=pd.concat([study.codings, again]))
    with pytest.raises(AgreementError, match=f"'reader-a' gave {again.iloc[0]['extract_id']} a second primary code"):
        from_evidence(twice, "stage", READERS)


# --- where coders differ


def test_a_confusion_table_counts_the_units_that_both_coded() -> None:
    table = agreement.confusion(from_table(artstein_poesio(), codes=["stat", "ireq", "chck"]), "a", "b")
    assert table.to_numpy().tolist() == [[46, 0, 0], [6, 32, 6], [0, 0, 10]]
    assert (table.index.name, table.columns.name) == ("a", "b")
    half = agreement.confusion(coded("xy-", "x-y"), "coder 2", "coder 1")
    assert half.to_numpy().tolist() == [[1, 0], [0, 0]]


def test_disagreements_are_the_units_with_two_different_codes() -> None:
    ratings = coded("xxyy-", "xyyy-", "x-xyx")
    assert agreement.disagreements(ratings).to_numpy().tolist() == [["x", "y", ""], ["y", "y", "x"]]
    assert list(agreement.disagreements(ratings).index) == [1, 2]
    assert agreement.disagreements(coded("xx", "xx")).empty


def test_the_disagreements_of_the_readers_are_those_that_percent_agreement_counts(study: Evidence) -> None:
    ratings = from_evidence(study, "stage", READERS)
    found = agreement.disagreements(ratings)
    assert len(found) == round((1 - agreement.percent_agreement(ratings).value) * len(ratings.units))
    assert found.index.name == "extract_id"


def test_prevalence_and_bias_tie_kappa_to_pabak() -> None:
    ratings = coded("xxxxxyyyyx", "xxyxxxyyyx")
    kappa, pabak = agreement.cohen_kappa(ratings).value, agreement.brennan_prediger(ratings).value
    assert pabak is not None
    for row in agreement.prevalence_and_bias(ratings).itertuples():
        squares = row.prevalence**2 - row.bias**2
        assert kappa == pytest.approx((pabak - squares) / (1 - squares), rel=1e-12)


def test_prevalence_and_bias_are_given_for_each_pair_of_coders() -> None:
    found = agreement.prevalence_and_bias(coded("xxyy", "xxxy", "----", codes=["x", "y"]))
    assert len(found) == 3 * 2
    first = found.iloc[0]
    assert tuple(first[["both", "first_only", "second_only", "neither"]]) == (2, 0, 1, 1)
    assert (first["prevalence"], first["bias"]) == (0.25, -0.25)
    without = found[found["second"] == "coder 3"]
    assert without[["prevalence", "bias"]].isna().all(axis=None)
    assert without["reason"].eq("the two have no unit in common").all()
    assert agreement.prevalence_and_bias(coded("xy")).empty


def test_a_code_against_the_rest_is_a_table_of_two_codes() -> None:
    ratings = coded("xxyz-", "xyyzz")
    found = agreement.per_code(ratings, intervals=(Analytic(), Bootstrap(10)))
    binary = agreement.estimates(coded("110 -".replace(" ", "0"), "10000"), intervals=(Analytic(), Bootstrap(10)))
    of_x = found[found["code"] == "x"].drop(columns=["code", "share"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(of_x, binary)
    assert found.groupby("code")["share"].first().tolist() == pytest.approx([3 / 9, 3 / 9, 3 / 9])


def test_a_code_that_nobody_gave_says_so() -> None:
    found = agreement.per_code(coded("xy", "xy", codes=["x", "y", "z"]), ["cohen-kappa"]).set_index("code")
    assert found.loc["z", "share"] == 0
    assert found.loc["z", "reason"].startswith("'any other' is the only code given")


# --- sets of codes


def test_sets_of_single_codes_agree_as_the_codes_do() -> None:
    single = artstein_poesio()
    as_sets = sets.from_table(single.map(lambda code: {code}))
    for distance in sets.DISTANCES:
        found = sets.krippendorff_alpha(as_sets, distance).value
        assert found == pytest.approx(agreement.krippendorff_alpha(from_table(single)).value, rel=1e-12)


def test_an_empty_set_is_a_choice_and_a_missing_cell_is_none() -> None:
    ratings = sets.from_table(pd.DataFrame({"a": [set(), {"x"}, None], "b": [set(), ("x", "y"), {"x"}]}))
    assert ratings.names == ("none", "x", "x + y")
    assert ratings.given.tolist() == [[0, 0], [1, 2], [-1, 1]]
    assert sets.jaccard(frozenset(), frozenset()) == sets.masi(frozenset(), frozenset()) == 0
    assert sets.jaccard(frozenset(), frozenset("x")) == sets.masi(frozenset(), frozenset("x")) == 1


def test_each_code_of_a_set_is_compared_by_itself() -> None:
    ratings = sets.from_table(pd.DataFrame({"a": [{"x", "y"}, {"x"}, {"z"}], "b": [{"x"}, {"x"}, {"y", "z"}]}))
    found = agreement.per_code(ratings, ["percent-agreement"]).set_index("code")
    assert found["value"].to_dict() == {"x": 1, "y": pytest.approx(1 / 3), "z": 1}


def test_a_cell_that_is_no_set_is_refused() -> None:
    with pytest.raises(AgreementError, match=r"Coder a: 'x' is not a set of codes"):
        sets.from_table(pd.DataFrame({"a": ["x"]}))
    with pytest.raises(AgreementError, match="Some codes are numbers and some are texts"):
        sets.from_table(pd.DataFrame({"a": [{"x", 1}]}))


def test_a_facet_that_is_not_exclusive_is_read_as_sets(study: Evidence) -> None:
    chosen = study.codings["facet"].eq("stage") & study.codings["coder_id"].isin(READERS)
    # Let each reader's alternatives hold beside the primary code.
    several = dataclasses.replace(
        study,
        facets=study.facets.assign(exclusive=False),
        codings=study.codings.assign(role=study.codings["role"].mask(chosen, "primary")),
    )
    with pytest.raises(AgreementError, match=r"Several codes of facet 'stage' may hold.*sets\.from_evidence"):
        from_evidence(several, "stage", READERS)
    ratings = sets.from_evidence(several, "stage", READERS)
    assert len(ratings.units) == len(study.extracts)
    assert any(" + " in name for name in ratings.names)
    masi, jaccard = (sets.krippendorff_alpha(ratings, distance).value for distance in ("masi", "jaccard"))
    assert 0 < masi < jaccard < 1
    codes = set(study.codes.loc[study.codes["facet"] == "stage", "code_id"])
    assert set(agreement.per_code(ratings)["code"]) == codes
    assert sets.krippendorff_alpha(ratings, interval=OVER_PEOPLE).reason == ""


def test_coefficients_of_many_sets_are_the_same_whether_tables_are_full_or_sparse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = general(passages=120, themes=12, coders=3)
    given = sets.from_evidence(study, "theme", list(study.coders["coder_id"]))
    intervals = (Analytic(), Bootstrap(40), Bootstrap(40, over="interviewees"))
    found = []
    for most in (0, len(given.codes)):
        monkeypatch.setattr("analysis.agreement.patterns.MOST_DENSE", most)
        found.append(agreement.estimates(given, ["krippendorff-alpha"], sets.scale(given), intervals))
    pd.testing.assert_frame_equal(found[0], found[1], rtol=1e-9)
