# %% [markdown]
# # Counting without over-claiming, in pandas
#
# You count what the lesson *Counting without over-claiming* shows: units, selections, tests, the published table of stage by
# power with its ranges, and saturation.
#
# Files whose names begin with `simulated` are made up by a program. Files that begin with `published` are about the passages
# that Chen, Croft and Currie (2024) cite. Their numbers are other ones than in the lessons, so that these files do not give
# codes away. Run a cell with Shift and Enter. Replace the dots, run the cell, and type your figures into the lesson, which
# judges them.

# %%
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

if not Path("data").is_dir():
    raise FileNotFoundError("The folder data has to be beside this file. Copy it from where you have this file.")


def read(name):
    return pd.read_csv(f"data/{name}.csv")


def figures(exercise, found):
    """Print figures under the number of their exercise."""
    for name, value in found.items():
        print(exercise, name, "to do" if value is ... else f"{value:.10g}")


# %% [4.1]

# %%
small = read("simulated-small-study")
small.head()

# %%
# len counts rows; nunique counts different values; drop_duplicates keeps one row of each.
of_first = small[small["power"] == "Simulated power 1"]
# >>> your turn
passages = len(of_first)
interviewees = of_first["interviewee"].nunique()
cells = len(of_first.drop_duplicates(["interviewee", "stage"]))
most = small["interviewee"].value_counts(normalize=True).max()
# <<< passages = interviewees = cells = most = ...
figures("4.1", {"passages": passages, "interviewees": interviewees, "cells": cells, "most": most})

# %% [markdown]
# ## The published table
#
# `published-power` and `published-stages` have a row for each code that the words of a passage allow. A *primary* code is as
# coded, an *alternative* is also allowed. Every power code of a passage can go with each of its stages: that is a merge. Only
# rows that support both codes count; passages that counter a code, and documents that give context, stay out.

# %%
units = read("published-passages")  # the statement and the interviewee of each passage; a document has no interviewee
pairs = read("published-power").merge(read("published-stages"), on="passage", suffixes=("_power", "_stage"))
pairs = pairs.merge(units, on="passage")
pairs["supports"] = (pairs["stance_power"] == "supports") & (pairs["stance_stage"] == "supports")
pairs["as_coded"] = (pairs["role_power"] == "primary") & (pairs["role_stage"] == "primary")
coded = pairs[pairs["as_coded"] & pairs["supports"]]
coded.head()

# %% [4.2]

# %%
# >>> your turn
repeated = coded["passage"].nunique() - coded["statement"].nunique()
in_stages = coded.groupby("stage")["interviewee"].nunique()
over = in_stages.sum() - coded["interviewee"].nunique()
# <<< repeated = over = ...
figures("4.2", {"repeated": repeated, "over": over})

# %% [markdown]
# ### Counts with their ranges
#
# - The *count* takes the rows as coded.
# - The *highest* count takes every pair that is allowed: all that can be there.
# - The *lowest* count takes passages with a single allowed pair: all that must be there.
#
# For people, first choose the rows, then count each person once in a cell.

# %%
powers, stages = read("published-power")["power"].unique(), read("published-stages")["stage"].unique()
pairs_allowed = pairs.drop_duplicates(["passage", "power", "stage", "supports"])
pairs_certain = pairs_allowed[~pairs_allowed["passage"].duplicated(keep=False)]


def crossed(rows, unit):
    """Count units by power and stage, each once in a cell."""
    # >>> your turn
    rows = rows[rows["supports"]].dropna(subset=[unit]).drop_duplicates([unit, "power", "stage"])
    return pd.crosstab(rows["power"], rows["stage"]).reindex(index=powers, columns=stages, fill_value=0)
    # <<< return pd.DataFrame([[...] * len(stages)] * len(powers), powers, stages)


def stage_by_power(unit):
    """Return the count, the lowest and the highest count of each cell."""
    kinds = {"count": pairs[pairs["as_coded"]], "lowest": pairs_certain, "highest": pairs_allowed}
    return {name: crossed(rows, unit) for name, rows in kinds.items()}


table = stage_by_power("passage")
table["count"].astype(str) + " (" + table["lowest"].astype(str) + "–" + table["highest"].astype(str) + ")"

# %%
for unit in ("passage", "statement", "interviewee"):
    for name, counted in stage_by_power(unit).items():
        figures(f"table-{unit}", {f"{power}.{stage}.{name}": counted.at[power, stage] for power in powers for stage in stages})

# %% [4.3]

# %%
collected = read("simulated-collected")
chance, liked = (collected[collected[how] == "yes"] for how in ("chosen by chance", "chosen with a story"))
pd.crosstab(liked["power"], liked["stage"])


# %%
def diagonal(study):
    """Return the share of passages whose power and stage have the same number."""
    # >>> your turn
    return (study["power"].str[-1] == study["stage"].str[-1]).mean()
    # <<< return ...


figures("4.3", {"collected": diagonal(collected), "chance": diagonal(chance), "liked": diagonal(liked)})

# %% [markdown]
# ## Tests, and what goes into them

# %% [4.5]

# %%
# A row is a study; its last nine columns are the cells of its table of three by three.
tests = read("simulated-studies-to-test")
tests.head()


# %%
def p_value(row):
    """Return the p-value of Pearson's chi-square of a study, without correction."""
    # >>> your turn
    cells = row.iloc[2:].to_numpy(dtype=int).reshape(3, 3)
    return stats.chi2_contingency(cells, correction=False).pvalue
    # <<< return ...


# Apply it to each row (axis=1), and count the p-values below 0.05 in each kind of studies.
# >>> your turn
p = tests.apply(p_value, axis=1)
below = (p < 0.05).groupby(tests["passages of one person"]).sum()
# <<< below = {"unrelated": ..., "alike": ...}
figures("4.5", {"unrelated": below["unrelated"], "alike": below["alike"]})

# %% [4.6]

# %%
small_cases = read("simulated-small-table")
small_table = pd.crosstab(small_cases["power"], small_cases["stage"])
small_table

# %%
# The outer product of the sums of rows and columns, divided by all: np.outer(…, …) / …
# >>> your turn
expected = np.outer(small_table.sum(axis=1), small_table.sum()) / small_table.to_numpy().sum()
lowest, below_five = expected.min(), (expected < 5).sum()
# <<< lowest = below_five = ...
figures("4.6", {"lowest": lowest, "below-five": below_five})

# %% [4.7]


# %%
def chi_square(counts):
    """Return the sum of (count - expected)² / expected."""
    # >>> your turn
    counts = counts.to_numpy()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return ((counts - expected) ** 2 / expected).sum()
    # <<< return ...


def cramers_v(counts):
    """Return Cramér's V: chi-square by the number of cases and by the smaller of rows and columns less one, then the root."""
    # >>> your turn
    return np.sqrt(chi_square(counts) / (counts.to_numpy().sum() * (min(counts.shape) - 1)))
    # <<< return ...


figures("4.7", {"statistic": chi_square(2 * small_table), "v": cramers_v(2 * small_table)})

# %% [markdown]
# The same effect size of the three tables of exercise 4.3. Nothing is related in the whole study.

# %%
of_studies = {"collected": collected, "chance": chance, "liked": liked}
figures("cramers-v", {name: cramers_v(pd.crosstab(one["power"], one["stage"])) for name, one in of_studies.items()})

# %% [markdown]
# ## All allowed readings

# %% [4.9]

# %% [markdown]
# A pattern compares two regions of the table. For each passage (or person), look at every way to read it: is it in the first
# region, in the second, in both, in neither? Passages are read independently, so the lowest difference is the sum of the
# lowest values, and the highest is the sum of the highest.

# %%
normative, resource, structural = "resource-enabled-normative", "resource", "structural"
elsewhere = [stage for stage in stages if stage != "initiation"]
patterns = {
    "a": ([(normative, "dissemination")], [(normative, "operationalization")], "passage"),
    "b": ([(structural, "initiation")], [(structural, stage) for stage in elsewhere], "passage"),
    "c": ([(structural, "initiation")], [(structural, stage) for stage in elsewhere], "interviewee"),
    "d": ([(normative, "dissemination")], [(resource, "dissemination")], "passage"),
    "e": ([(structural, "dissemination")], [(normative, "dissemination")], "passage"),
    "f": ([(resource, "dissemination")], [(resource, "operationalization")], "passage"),
}


def placed(first, second):
    """Return the pairs with whether each is in the first region and in the second."""
    cells = pd.Series(list(zip(pairs["power"], pairs["stage"])), index=pairs.index)
    return pairs.assign(
        first=cells.isin(first) & pairs["supports"],
        second=cells.isin(second) & pairs["supports"],
    )


def differences(first, second, unit):
    """Return the lowest and the highest difference of both regions over all readings, counted in units."""
    # >>> your turn
    lowest = highest = 0
    for _, of_unit in placed(first, second).dropna(subset=[unit]).groupby(unit):
        ways = [set(zip(rows["first"], rows["second"])) for _, rows in of_unit.groupby("passage")]
        values = [
            int(any(here for here, _ in reading)) - int(any(there for _, there in reading)) for reading in product(*ways)
        ]
        lowest, highest = lowest + min(values), highest + max(values)
    return {"lowest": lowest, "highest": highest}
    # <<< return {"lowest": ..., "highest": ...}


for key, (first, second, unit) in patterns.items():
    figures("4.9", {f"{key}.{end}": value for end, value in differences(first, second, unit).items()})

# %% [markdown]
# In which readings does each pattern hold: in every, in some, in none?

# %% [4.10]

# %%
# How much can each passage take off the difference, at most? Begin with those that take off most.
ways = placed(*patterns["a"][:2])
ways["worth"] = ways["first"].astype(int) - ways["second"].astype(int)
# >>> your turn
as_coded = ways[ways["as_coded"]].groupby("passage")["worth"].sum()
takes_off = (as_coded - ways.groupby("passage")["worth"].min()).sort_values(ascending=False)
fewest = 1 + (takes_off.cumsum() < as_coded.sum()).sum()
# <<< fewest = ...
figures("4.10", {"answer": fewest})

# %% [markdown]
# ## Have we heard it all?

# %% [4.11]

# %%
interviews = read("simulated-interviews")  # in the order of the interviews
interviews.head()

# %%
# A code is new where it is not a duplicate of an earlier row.
new = (~interviews["code"].duplicated()).groupby(interviews["interviewee"], sort=False).sum()
# >>> your turn
base = new.iloc[:4].sum()
in_runs = new.rolling(2).sum().shift(-1)  # of each interviewee and the next
enough = in_runs.iloc[4:] <= 0.05 * base
before = 4 + enough.to_numpy().argmax()
# <<< base = before = ...
figures("4.11", {"base": base, "before": before})

# %% [markdown]
# ## Try it
#
# - Choose 40 passages yourself: `collected.sample(40, weights=…)`, with the weight of passages on the diagonal five times that
#   of the others. Draw a hundred times. How often is Cramér's V above that of the whole study?
# - Take the interviews in another order: `new` then needs the rows of `interviews` in that order. When is it enough?
# - Count interviewees wrongly on purpose: pool the pairs of each person, and keep people with a single pair. Which lowest
#   counts change, and why is that wrong?
