"""Association and concentration, against scipy, R, published values, brute force and their properties."""

import shutil
import subprocess
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import sqrt
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import stats
from scipy.stats.contingency import association as scipy_association

from analysis.counting.crosstabs import Axis, cases
from analysis.statistics import association, concentration
from analysis.statistics.association import AssociationError, cramers_v, cramers_v_bias_corrected
from analysis.statistics.concentration import ConcentrationError, gini, gini_corrected, top_share
from analysis.study.evidence import Evidence

# vcd's Arthritis (treatment by improvement) and R's HairEyeColor, hair by eye, over both sexes.
ARTHRITIS = [[29, 7, 7], [13, 7, 21]]
HAIR_EYE = [[68, 20, 15, 5], [119, 84, 54, 29], [26, 17, 14, 14], [7, 94, 10, 16]]
# ClickHouse's example: number % 10 by number % 4 for 150 numbers.
REMAINDERS = pd.crosstab(np.arange(150) % 10, np.arange(150) % 4).to_numpy().tolist()

# R 4.2.2: vcd 1.4-11, assocstats(t)$cramer; effectsize 0.8.3, cramers_v(t, adjust = TRUE)$Cramers_v_adj
PUBLISHED_V = [
    (ARTHRITIS, 0.3942295054993213, 0.36458467766657765),
    (HAIR_EYE, 0.2790446233426584, 0.27048315291231567),
    # https://clickhouse.com/docs: cramersV, cramersVBiasCorrected; effectsize says the same
    (REMAINDERS, 0.5798088336225178, 0.5305112825189074),
]
# R 4.2.2: laeken 0.5.2, gini(x)$value / 100
PUBLISHED_GINI = [([1, 1, 1, 2, 4, 7], 0.41666666666666671), ([0, 0, 0, 5], 0.75)]


def spread(table: list[list[int]], interviewees: int | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cases that a table counts, and their passages, each of its own interviewee or dealt out to a few."""
    cells = [(f"r{i}", f"c{j}") for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    ids = [f"T{n:03d}" for n in range(len(cells))]
    who = [f"P{n % (interviewees or len(ids)):03d}" for n in range(len(ids))]
    long = pd.DataFrame({"extract_id": ids, "row": [r for r, _ in cells], "column": [c for _, c in cells]})
    return long, pd.DataFrame({"extract_id": ids, "interviewee": who})


def told_by(who: str, rows: str, columns: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return cases from a letter each for interviewee (or - for a document), row and column."""
    ids = [f"T{n:02d}" for n in range(len(who))]
    people = [None if person == "-" else person for person in who]
    long = pd.DataFrame({"extract_id": ids, "row": list(rows), "column": list(columns)})
    return long, pd.DataFrame({"extract_id": ids, "interviewee": people})


# --- Cramér's V


@pytest.mark.parametrize(("table", "v", "corrected"), PUBLISHED_V, ids=["Arthritis", "HairEyeColor", "remainders"])
def test_v_and_corrected_v_agree_with_published_values(table: list[list[int]], v: float, corrected: float) -> None:
    assert cramers_v(table) == pytest.approx(v, rel=1e-14)
    assert cramers_v_bias_corrected(table) == pytest.approx(corrected, rel=1e-13)


def test_v_and_corrected_v_agree_with_values_computed_by_hand() -> None:
    # n = 20, every expected count 5, so phi² = 4 · 3² / 5 / 20 = 9/25; minus 1/19; both sides 2 - 1/19 - 1 = 18/19
    assert cramers_v([[8, 2], [2, 8]]) == 0.6
    squared = (Fraction(9, 25) - Fraction(1, 19)) / Fraction(18, 19)
    assert cramers_v_bias_corrected([[8, 2], [2, 8]]) == pytest.approx(sqrt(squared), rel=1e-14)


@st.composite
def tables(draw: st.DrawFn, highest: int = 20) -> np.ndarray:
    """A table of 2 to 5 rows and columns, none of them empty."""
    shape = (draw(st.integers(2, 5)), draw(st.integers(2, 5)))
    table = draw(npst.arrays(np.int64, shape, elements=st.integers(0, highest)))
    assume(table.sum(axis=0).all() and table.sum(axis=1).all())
    return table


def test_v_agrees_with_pingouin() -> None:
    import pingouin

    table = pd.DataFrame([[8, 7, 14], [13, 9, 6]])
    cases = pd.DataFrame(
        [(r, c) for r in range(2) for c in range(3) for _ in range(table.iat[r, c])], columns=["x", "y"]
    )
    tests = pingouin.chi2_independence(cases, x="x", y="y", correction=False)[2].set_index("test")
    assert cramers_v(table) == pytest.approx(tests.loc["pearson", "cramer"], abs=1e-12)


@settings(deadline=None)
@given(tables())
def test_v_agrees_with_scipy(table: np.ndarray) -> None:
    assert cramers_v(table) == pytest.approx(scipy_association(table, method="cramer"), abs=1e-7)


@settings(deadline=None)
@given(tables(), st.randoms(use_true_random=False), st.integers(2, 9))
def test_v_does_not_change_with_the_order_or_side_of_codes_nor_with_scale(
    table: np.ndarray, random: Random, factor: int
) -> None:
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = table[rows][:, columns]
    for measure in (cramers_v, cramers_v_bias_corrected):
        assert measure(shuffled) == pytest.approx(measure(table), abs=1e-7, nan_ok=True)
        assert measure(table.T) == pytest.approx(measure(table), abs=1e-7, nan_ok=True)
    assert cramers_v(table * factor) == pytest.approx(cramers_v(table), abs=1e-12)


@settings(deadline=None)
@given(tables(highest=4))
def test_the_corrected_v_is_never_above_v_and_both_are_from_0_to_1(table: np.ndarray) -> None:
    v, corrected = cramers_v(table), cramers_v_bias_corrected(table)
    assert 0 <= v <= 1
    assert np.isnan(corrected) == (table.sum() <= max(table.shape))
    assert np.isnan(corrected) or 0 <= corrected <= v + 1e-12


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=5), st.lists(st.integers(1, 12), min_size=2, max_size=5))
def test_v_of_proportional_rows_is_exactly_0(rows: list[int], columns: list[int]) -> None:
    assert cramers_v(np.outer(rows, columns)) == 0
    assert np.nan_to_num(cramers_v_bias_corrected(np.outer(rows, columns))) == 0


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=5), st.lists(st.integers(0, 4), max_size=3))
def test_v_is_1_where_each_column_is_in_one_row(diagonal: list[int], more: list[int]) -> None:
    table = np.diag(diagonal)
    for row in more:  # further columns, each in one row again
        table = np.hstack([table, 3 * np.eye(len(diagonal), dtype=int)[:, [row % len(diagonal)]]])
    assert cramers_v(table) == pytest.approx(1, abs=1e-12)
    if not more and sum(diagonal) > len(diagonal):
        assert cramers_v_bias_corrected(table) == pytest.approx(1, abs=1e-12)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_an_array_of_tables_gives_what_each_table_gives(seed: int) -> None:
    many = np.random.default_rng(seed).integers(0, 4, size=(2, 3, 3, 2))
    for measure in (cramers_v, cramers_v_bias_corrected):
        found = measure(many)
        assert found.shape == (2, 3)
        for place in product(range(2), range(3)):
            np.testing.assert_array_equal(found[place], measure(many[place]))


def test_v_is_nan_where_a_row_a_column_or_the_whole_table_is_empty() -> None:
    undefined = [[[1, 2], [0, 0]], [[1, 0], [2, 0]], [[0, 0], [0, 0]]]
    assert np.isnan(cramers_v(undefined)).all()
    assert np.isnan(cramers_v_bias_corrected(undefined)).all()


def test_the_corrected_v_is_nan_where_every_case_has_a_row_of_its_own() -> None:
    assert cramers_v(np.eye(3)) == 1
    assert np.isnan(cramers_v_bias_corrected(np.eye(3)))


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([[1, 2, 3]], "one row and three columns.*Choose another level"),
        ([1, 2], "one row and two columns"),
        ([[1, -1], [1, 1]], "negative"),
        ([[1, np.nan], [1, 1]], "missing"),
    ],
)
def test_counts_that_are_no_table_are_refused(counts: list[list[float]], told: str) -> None:
    for measure in (cramers_v, cramers_v_bias_corrected):
        with pytest.raises(AssociationError, match=told):
            measure(counts)


def test_the_checked_form_gives_both_v_of_a_table_made_from_cases() -> None:
    found = association.association(association.contingency(spread(ARTHRITIS)[0]))
    assert (found.rows, found.columns, found.cases) == (2, 3, 84)
    assert (found.v, found.v_corrected) == pytest.approx(PUBLISHED_V[0][1:])


def test_the_checked_form_names_what_is_empty_and_the_remedy() -> None:
    table = pd.DataFrame({"early": [2, 0], "late": [3, 0], "unsaid": [0, 0]}, index=["resource", "structural"])
    with pytest.raises(
        AssociationError, match=r"row 'structural' and column 'unsaid' are empty\. Drop them, or choose"
    ):
        association.association(table)
    with pytest.raises(AssociationError, match=r"row 'structural' is empty\. Drop it, or choose another level"):
        association.association(table.drop(columns="unsaid"))
    with pytest.raises(AssociationError, match="no rows and no columns"):
        association.association(association.contingency(told_by("", "", "")[0]))


# --- who it depends on


def test_leaving_out_an_interviewee_is_counting_without_their_passages(study: Evidence) -> None:
    long = cases(study, Axis("power"), Axis("stage", basis="lead-in"))
    found = association.without_each_interviewee(long, study.passages)
    who = long["extract_id"].map(study.passages.set_index("extract_id")["interviewee"])
    assert list(found["interviewee"]) == sorted(who.unique())
    for row in found.itertuples():
        rest = association.association(association.contingency(long[who != row.interviewee]))
        assert row.passages == (who == row.interviewee).sum()
        assert (row.v, row.v_corrected, row.emptied) == (rest.v, rest.v_corrected, "")


def test_an_interviewee_who_alone_fills_a_row_leaves_no_v_behind() -> None:
    found = association.without_each_interviewee(*told_by("zzaab", "ssrrr", "xyxyz")).set_index("interviewee")
    assert list(found.index) == ["a", "b", "z"]
    assert np.isnan(found.loc["z", "v"])
    assert found["emptied"].to_dict() == {"a": "", "b": "column 'z'", "z": "row 's'"}


def test_a_document_is_never_left_out() -> None:
    long, passages = told_by("ab--", "rsrs", "xyyx")
    found = association.without_each_interviewee(long, passages)
    assert list(found["interviewee"]) == ["a", "b"]
    assert list(found["passages"]) == [1, 1]
    assert found.loc[0, "v"] == cramers_v([[0, 1], [1, 1]])


def test_a_passage_in_two_rows_is_left_out_once() -> None:
    long, passages = told_by("abc", "rsr", "xyy")
    long = pd.concat([long, long.head(1).assign(row="s")])
    assert association.without_each_interviewee(long, passages)["passages"].tolist() == [1, 1, 1]


def test_cases_of_passages_that_are_not_listed_are_refused() -> None:
    long, passages = told_by("abc", "rsr", "xyy")
    for function in (association.without_each_interviewee, association.chi_square):
        with pytest.raises(AssociationError, match=r"No passage is listed for T00.*the same evidence"):
            function(long, passages.drop(index=0))


# --- exhibits


def test_chi_square_agrees_with_the_values_that_r_prints() -> None:
    # R 4.2.2: vcd::assocstats(t)$chisq_tests and chisq.test(t)$expected for Arthritis
    found = association.chi_square(*spread(ARTHRITIS))
    assert found.statistic == pytest.approx(13.05501985252411)
    assert found.degrees_of_freedom == 2
    assert found.p == pytest.approx(0.001462643408952635)
    assert found.expected.to_numpy()[0] == pytest.approx([21.5, 7.166666666666667, 14.33333333333333])
    assert found.cases == 84


@pytest.mark.parametrize("table", [[[3, 1], [2, 4]], [[3, 0, 2], [1, 6, 1]], HAIR_EYE])
def test_chi_square_agrees_with_scipy_without_yates(table: list[list[int]]) -> None:
    found = association.chi_square(*spread(table))
    expected = stats.chi2_contingency(table, correction=False)
    assert (found.statistic, found.degrees_of_freedom, found.p) == pytest.approx(
        (expected.statistic, expected.dof, expected.pvalue)
    )
    np.testing.assert_allclose(found.expected, expected.expected_freq)
    assert found.below_5 == (expected.expected_freq < 5).mean()


def test_chi_square_says_which_assumptions_are_met() -> None:
    met = association.chi_square(*spread([[20, 9], [9, 20]])).assumptions
    assert "no interviewee has more than one case" in met
    assert "1 in all: met; 0 of 4 are below 5, the lowest is 14.5" in met
    assert "drawn at random: not met" in met


def test_chi_square_says_which_assumptions_are_not_met() -> None:
    not_met = association.chi_square(*told_by("aaab", "rrss", "xyyx")).assumptions
    assert (
        "Independent cases: not met; 3 of 4 cases share an interviewee with others, one interviewee has 3." in not_met
    )
    assert "not met; 4 of 4 are below 5, the lowest is 1.0" in not_met


def test_one_expected_count_below_1_is_one_too_many() -> None:
    found = association.chi_square(*spread([[194, 194, 194, 194, 164, 30], [6, 6, 6, 6, 6, 0]]))
    assert "1 in all: not met; 1 of 12 are below 5, the lowest is 0.9" in found.assumptions


def test_the_exhibit_refuses_what_it_cannot_show() -> None:
    long, passages = told_by("abc", "rsr", "xyy")
    with pytest.raises(AssociationError, match=r"T00 is in several cells.*Choose facets"):
        association.chi_square(pd.concat([long, long.head(1)]), passages)
    with pytest.raises(AssociationError, match="one row and two columns"):
        association.chi_square(long.assign(row="r"), passages)


def test_the_exhibit_of_the_study_states_its_limits_and_claims_nothing(study: Evidence) -> None:
    long = cases(study, Axis("power"), Axis("stage", basis="lead-in"))
    test = association.chi_square(long, study.passages)
    assert test.assumptions.count("not met") == 3
    assert "signific" not in test.assumptions
    assert "*" not in test.assumptions


# --- concentration

holdings = st.lists(st.integers(0, 50), min_size=2, max_size=30).filter(any)


@pytest.mark.parametrize(("counts", "expected"), PUBLISHED_GINI)
def test_gini_agrees_with_published_values(counts: list[int], expected: float) -> None:
    assert gini(counts) == pytest.approx(expected, rel=1e-14)


@settings(deadline=None)
@given(holdings)
def test_gini_is_half_the_relative_mean_difference(counts: list[int]) -> None:
    n, mean = len(counts), sum(counts) / len(counts)
    differences = sum(abs(one - other) for one in counts for other in counts)
    assert gini(counts) == pytest.approx(differences / (2 * n**2 * mean), abs=1e-12)
    assert gini_corrected(counts) == pytest.approx(differences / (2 * n * (n - 1) * mean), abs=1e-12)


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(2, 50))
def test_gini_is_0_for_equal_holders_and_highest_for_a_single_one(held: int, n: int) -> None:
    assert gini([held] * n) == gini_corrected([held] * n) == 0
    assert gini([held] + [0] * (n - 1)) == pytest.approx((n - 1) / n)
    assert gini_corrected([held] + [0] * (n - 1)) == pytest.approx(1)


@settings(deadline=None)
@given(holdings, st.integers(2, 9))
def test_gini_does_not_change_with_scale_or_order_nor_when_everybody_comes_twice(
    counts: list[int], factor: int
) -> None:
    assert gini([factor * count for count in counts]) == pytest.approx(gini(counts))
    assert gini(counts[::-1]) == gini(counts)
    assert gini(counts * 2) == pytest.approx(gini(counts))


@settings(deadline=None)
@given(holdings)
def test_top_shares_grow_to_everything(counts: list[int]) -> None:
    shares = [top_share(counts, k) for k in range(1, len(counts) + 2)]
    assert shares == sorted(shares)
    assert shares[0] == max(counts) / sum(counts)
    assert shares[-1] == shares[-2] == 1


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (lambda: gini([]), "hold nothing"),
        (lambda: gini([0, 0]), "hold nothing"),
        (lambda: gini([1, -1, 5]), "negative"),
        (lambda: gini_corrected([5]), "at least two units"),
        (lambda: top_share([5, 1], 0), "at least the top 1"),
        (
            lambda: concentration.concentration(told_by("abc", "rrr", "xxx")[1], 2),
            "three interviewees are quoted but only 2",
        ),
    ],
)
def test_what_has_no_concentration_is_refused(refused: Callable[[], object], told: str) -> None:
    with pytest.raises(ConcentrationError, match=told):
        refused()


def test_concentration_counts_the_quoted_and_all_who_were_interviewed(study: Evidence) -> None:
    found = concentration.concentration(study.passages, study.study.interviews).set_index("base")
    held = study.passages["interviewee"].value_counts().tolist()
    unquoted = study.study.interviews - len(held)
    assert found.loc["quoted", "gini"] == gini(held)
    assert found.loc["interviewed", "gini"] == pytest.approx(gini(held + [0] * unquoted))
    # Adding people with nothing: G over all = 1 - share quoted · (1 - G over the quoted)
    quoted = len(held) / study.study.interviews
    assert found.loc["interviewed", "gini"] == pytest.approx(1 - quoted * (1 - found.loc["quoted", "gini"]))
    assert found["interviewees"].to_dict() == {"quoted": len(held), "interviewed": study.study.interviews}
    assert found["passages"].tolist() == [sum(held)] * 2
    assert found["top_3"].tolist() == [sum(held[:3]) / sum(held)] * 2


# --- R as a live oracle


def asked_of_r(package: str, expression: str, values: list[list[list[int]]]) -> list[float]:
    """Return what R makes of each table `t`, or skip where R or a package of it is missing."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed (Debian: apt-get install r-base-core)")
    answers = f"library({package})\n"
    for table in values:
        cells = ", ".join(str(count) for row in table for count in row)
        answers += (
            f't <- matrix(c({cells}), nrow = {len(table)}, byrow = TRUE)\ncat(sprintf("%.17g\\n", {expression}))\n'
        )
    check = f'if (!requireNamespace("{package}", quietly = TRUE)) quit(status = 9)\n'
    run = subprocess.run(
        ["Rscript", "--vanilla", "-"], input=check + answers, capture_output=True, text=True, check=False, timeout=120
    )
    if run.returncode == 9:
        pytest.skip(f"the R package {package} is not installed (Debian: apt-get install r-cran-{package})")
    assert run.returncode == 0, run.stderr
    return [float(line) for line in run.stdout.split()]


def random_tables() -> list[list[list[int]]]:
    """Tables of several shapes and totals, always the same ones."""
    random = np.random.default_rng(1)
    shapes = [(2, 2), (2, 5), (3, 3), (4, 4), (5, 3)]
    return [(random.integers(0, 9, size=shape) + np.eye(*shape, dtype=int)).tolist() for shape in shapes * 3]


def test_v_agrees_with_vcd_in_r() -> None:
    asked = [ARTHRITIS, HAIR_EYE, REMAINDERS, *random_tables()]
    found = asked_of_r("vcd", "assocstats(t)$cramer", asked)
    assert found == pytest.approx([float(cramers_v(table)) for table in asked], rel=1e-10)


def test_the_corrected_v_agrees_with_effectsize_in_r() -> None:
    asked = [ARTHRITIS, HAIR_EYE, REMAINDERS, *random_tables()]
    found = asked_of_r("effectsize", "cramers_v(t, adjust = TRUE)[[1]]", asked)
    assert found == pytest.approx([float(cramers_v_bias_corrected(table)) for table in asked], rel=1e-10, abs=1e-12)


def test_gini_agrees_with_laeken_in_r() -> None:
    asked = [[counts] for counts, _ in PUBLISHED_GINI] + [[[n % 7 for n in range(2, size)]] for size in (5, 19, 48)]
    found = asked_of_r("laeken", "gini(t[1, ])$value / 100", asked)
    assert found == pytest.approx([gini(table[0]) for table in asked], rel=1e-12)
