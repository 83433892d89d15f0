# %% [markdown]
# # Auditing a claim, in pandas
#
# The lesson *Auditing a claim* asks what would change a verdict. Here you count it from the codes that the words of the passages
# allow. The passages are those that Chen, Croft and Currie (2024) cite. Their numbers are other ones than in the lessons, so that
# these files do not give codes away. Run a cell with Shift and Enter. Replace the dots, run the cell, and type your figure into the
# lesson, which judges it.

# %%
from pathlib import Path

import pandas as pd

if not Path("data").is_dir():
    raise FileNotFoundError("The folder data has to be beside this file. Copy it from where you have this file.")


def figures(exercise, **found):
    """Print figures under the number of their exercise."""
    for name, value in found.items():
        print(exercise, name, "to do" if value is ... else f"{value:.10g}")


# %% [markdown]
# A *primary* code is as coded, an *alternative* is also allowed. Every power code of a passage can go with each of its stages:
# that is a merge. Only rows that support both codes count.

# %%
power, stages = pd.read_csv("data/published-power.csv"), pd.read_csv("data/published-stages.csv")
pairs = power.merge(stages, on="passage", suffixes=("_power", "_stage"))
pairs = pairs[(pairs["stance_power"] == "supports") & (pairs["stance_stage"] == "supports")]
pairs["as_coded"] = (pairs["role_power"] == "primary") & (pairs["role_stage"] == "primary")
here = pairs[(pairs["power"] == "resource") & (pairs["stage"] == "initiation")]
here

# %% [5.4]

# %%
# How many passages of resource power are there as coded, and how many can be? (The lesson asks which.)
# >>> your turn
of_resource = power.loc[(power["power"] == "resource") & (power["role"] == "primary"), "passage"]
there = here.loc[here["as_coded"], "passage"].nunique()
possible = here.loc[here["passage"].isin(of_resource), "passage"].nunique()
# <<< there = possible = ...
figures("5.4", there=there, possible=possible)

# %% [5.5]

# %%
# Some is one or more. How many passages are missing, and are there as many that can be read so?
# >>> your turn
some = 1
fewest = max(some - there, 0)
assert fewest <= possible
# <<< fewest = ...
figures("5.5", answer=fewest)

# %% [markdown]
# ## Try it
#
# - Do the same for another kind of power and another stage. Which of such claims hold as coded, and which in no reading?
