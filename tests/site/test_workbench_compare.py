"""Agreement of coders of a text as the workbench computes it, against the package, published values and the rule of units."""

from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
import simulated_works as simulated
from browser import Browser
from page_scripts import answer

from analysis import agreement

SCRIPTS = ["elements.js", "sha256.js", *(f"workbench/{name}.js" for name in ("positions", "works", "comparing", "unit-agreement"))]
CODES = ["a", "b", "c"]
Cells = list[list[list[str] | None]]

#: Units from cells (by unit and coder the codes given, null where the coder is missing), and what agreement says of them.
AGREEMENT = """cases => cases.map(({ cells, lengths, keys, ...options }) => {
  let start = 0;
  const units = cells.map((row, at) => {
    const unit = { start, end: (start += lengths?.[at] ?? 1), given: new Map(), read: [] };
    row.forEach((codes, who) => {
      if (codes) unit.read.push(who);
      for (const code of codes ?? []) unit.given.set(code, [...(unit.given.get(code) ?? []), who]);
    });
    return unit;
  });
  const found = compendium.workbench.comparing.agreement(units, cells[0].length, { keys, ...options });
  return { ...found, codes: Object.fromEntries(found.codes) };
})"""


@pytest.fixture
def ask(chromium: Browser, tmp_path: Path) -> Any:
    """Ask a function of the scripts in a blank page."""
    return lambda expression, given=None: answer(chromium, tmp_path, SCRIPTS, expression, given)


def drawn(seed: int) -> dict[str, Any]:
    """Draw units of 2 to 5 coders, some of them missing, each unit with a length."""
    chance = np.random.default_rng(seed)
    coders, units = int(chance.integers(2, 6)), int(chance.integers(1, 15))
    rates, gone = chance.choice([0, 0.1, 0.5, 1], len(CODES)), chance.choice([0, 0.2, 0.6])
    cells: Cells = [
        [
            None if chance.random() < gone else [one for one, rate in zip(CODES, rates, strict=True) if chance.random() < rate]
            for _ in range(coders)
        ]
        for _ in range(units)
    ]
    return {"cells": cells, "lengths": chance.integers(1, 6, units).tolist(), "keys": CODES}


def sets(cells: Cells) -> agreement.Ratings:
    return agreement.sets.from_table(pd.DataFrame([[None if one is None else frozenset(one) for one in row] for row in cells]))


def holds(cells: Cells, code: str) -> agreement.Ratings:
    rows = [[None if one is None else "yes" if code in one else "no" for one in row] for row in cells]
    return agreement.from_table(pd.DataFrame(rows), ["no", "yes"])


def specific(cells: Cells, codes: list[str]) -> float | None:
    """Positive agreement: of two coders, twice those with the code from both over all that it was given."""
    found = pd.concat([agreement.prevalence_and_bias(holds(cells, code)) for code in codes])
    found = found[found["code"] == "yes"]
    both, one = found["both"].sum(), (found["first_only"] + found["second_only"]).sum()
    return 2 * both / (2 * both + one) if both + one else None


def expected(cells: Cells) -> dict[str, Any]:
    """What the package says of the same units."""
    per_code = {
        code: {
            "same": agreement.percent_agreement(holds(cells, code)).value,
            "specific": specific(cells, [code]),
            "alpha": agreement.krippendorff_alpha(holds(cells, code)).value,
        }
        for code in CODES
    }
    every = sets(cells)
    overall = {
        "same": agreement.percent_agreement(every).value,
        "specific": specific(cells, CODES),
        "alpha": agreement.sets.krippendorff_alpha(every, "jaccard").value,
    }
    return {**per_code, "overall": overall}


def values(found: dict[str, Any]) -> dict[str, Any]:
    parts = {**found["codes"], "overall": found["overall"]}
    return {name: {kind: part[kind]["value"] for kind in ("same", "specific", "alpha")} for name, part in parts.items()}


def assert_same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name, kinds in wanted.items():
        for kind, value in kinds.items():
            assert found[name][kind] == (value if value is None else pytest.approx(value, abs=1e-12)), (name, kind)


def test_agreement_is_that_of_the_package(ask: Any) -> None:
    cases = [drawn(seed) for seed in range(150)]
    for case, found in zip(cases, ask(AGREEMENT, cases), strict=True):
        assert_same(values(found), expected(case["cells"]))


def test_units_count_by_their_length_as_if_each_character_were_one(ask: Any) -> None:
    cases = [drawn(seed) for seed in range(40)]
    for case, found in zip(cases, ask(AGREEMENT, [{**one, "weighted": True} for one in cases]), strict=True):
        characters = [row for row, length in zip(case["cells"], case["lengths"], strict=True) for _ in range(length)]
        assert_same(values(found), expected(characters))


def test_what_nobody_coded_is_left_out_when_asked(ask: Any) -> None:
    cases = [drawn(seed) for seed in range(40)]
    for case, found in zip(cases, ask(AGREEMENT, [{**one, "uncoded": False} for one in cases]), strict=True):
        coded = [row for row in case["cells"] if any(row)]
        if coded:
            assert_same(values(found), expected(coded))
        else:
            assert found["overall"]["alpha"] == {"value": None, "reason": "no unit was read by two coders"}


def test_alpha_with_missing_codes_is_the_published_one_code_by_code(ask: Any) -> None:
    """Krippendorff's example C of 2011: each of its five values against the rest, as `krippendorff` computes it."""
    cells = [[None if np.isnan(one) else [str(int(one))] for one in row] for row in FOUR_OBSERVERS]
    keys = ["1", "2", "3", "4", "5"]
    (found,) = ask(AGREEMENT, [{"cells": cells, "keys": keys}])
    for key in keys:
        against = np.where(np.isnan(FOUR_OBSERVERS), np.nan, FOUR_OBSERVERS == int(key)).T
        alpha = krippendorff.alpha(reliability_data=against, level_of_measurement="nominal", value_domain=[0, 1])
        assert found["codes"][key]["alpha"]["value"] == pytest.approx(alpha, abs=1e-12)
    # With one code for each unit two sets are the same or have nothing in common, so alpha is the published nominal one.
    assert found["overall"]["alpha"]["value"] == pytest.approx(0.743421, abs=5e-7)
    assert found["overall"]["same"]["value"] == pytest.approx(0.81818, abs=5e-6)


_ = np.nan
FOUR_OBSERVERS = np.array(
    [
        [1, 1, _, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [_, 5, 5, 5], [_, _, 1, 1], [_, _, 3, _],
    ]
)  # fmt: skip
