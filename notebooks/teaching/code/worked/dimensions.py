# %% [markdown]
# # From quotes to dimensions, in pandas
#
# The tree of codes of the lesson *From quotes to dimensions* as a table: each code with its level and its parent. The codes are
# numbered, so that this file does not show how they were grouped. Run a cell with Shift and Enter. Replace the dots, run
# the cell, and type your figure into the lesson, which judges it.

# %%
from pathlib import Path

import pandas as pd

if not Path("data").is_dir():
    raise FileNotFoundError("The folder data has to be beside this file. Copy it from where you have this file.")


def figures(exercise, **found):
    """Print figures under the number of their exercise."""
    for name, value in found.items():
        print(exercise, name, "to do" if value is ... else f"{value:.10g}")


# %%
codes = pd.read_csv("data/published-code-tree.csv")
codes["level"].value_counts()

# %% [2.5]

# %%
# How many codes does each parent have? value_counts of parents, for the first-order codes alone.
# >>> your turn
below = codes.loc[codes["level"] == "first-order", "parent"].value_counts()
single = (below == 1).sum()
# <<< single = ...
figures("2.5", answer=single)

# %% [markdown]
# ## Try it
#
# - How many first-order codes has each dimension? Replace each parent by its own parent.
# - Which share of the second-order codes has a single first-order code? What does such a code gather?
