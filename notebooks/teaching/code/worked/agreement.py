# %% [markdown]
# # Agreement, in pandas
#
# You work out the coefficients of the lesson *Agreement* from tables with a row for each passage. First by the steps of the
# lesson, then as functions that take any table of codes.
#
# Tables A to D are made up. Run a cell with Shift and Enter. Replace the dots, run the cell, and type your figures into the
# lesson, which judges them.

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
a, b, c, d = (pd.read_csv(f"data/made-up-table-{name}.csv", index_col="passage") for name in "abcd")
a.head()

# %% [markdown]
# `pd.crosstab` counts pairs of codes. Compare it with the table in the lesson.

# %%
pd.crosstab(a["Ana"], a["Ben"], margins=True)

# %% [3.1]

# %%
# A column compared with another gives True or False for each passage, and the mean of these is a share.
# >>> your turn
percent_a = (a["Ana"] == a["Ben"]).mean()
# <<< percent_a = ...
figures("3.1", answer=percent_a)

# %% [3.2]

# %%
# value_counts(normalize=True) gives the share of each code.
# >>> your turn
ana, ben = a["Ana"].value_counts(normalize=True), a["Ben"].value_counts(normalize=True)
chance_a = (ana * ben).sum()
# <<< chance_a = ...
figures("3.2", answer=chance_a)

# %% [3.3]

# %%
# >>> your turn
kappa_a = (percent_a - chance_a) / (1 - chance_a)
# <<< kappa_a = ...
figures("3.3", answer=kappa_a)

# %% [3.4]

# %% [markdown]
# The same steps on another table: time for a function. Write one that takes a table of two coders.


# %%
def percent(codes):
    """Return the share of rows in which both columns are the same."""
    # >>> your turn
    return (codes.iloc[:, 0] == codes.iloc[:, 1]).mean()
    # <<< return ...


def cohen_kappa(codes):
    """Return Cohen's kappa: chance is given by how often each coder gives each code."""
    # >>> your turn
    first, second = (codes[coder].value_counts(normalize=True) for coder in codes)
    chance = first.mul(second, fill_value=0).sum()
    return (percent(codes) - chance) / (1 - chance)
    # <<< return ...


figures("3.4", answer=cohen_kappa(b))

# %% [3.5]


# %%
def gwet_ac1(codes):
    """Return Gwet's AC1: chance is given by the mean share of each code, q of them."""
    # >>> your turn
    shares = codes.stack().value_counts(normalize=True)
    chance = (shares * (1 - shares)).sum() / (len(shares) - 1)
    return (percent(codes) - chance) / (1 - chance)
    # <<< return ...


figures("3.5", answer=gwet_ac1(b))

# %% [3.7]

# %% [markdown]
# Alpha compares how often codes of a passage differ with how often any codes would. A table with a row for each passage and
# a column for each code says how often each code was given. Passages with a single code have nothing to compare.


# %%
def krippendorff_alpha(codes):
    """Return Krippendorff's alpha for codes without an order; any number of coders, gaps allowed."""
    # >>> your turn
    given = pd.DataFrame({code: (codes == code).sum(axis=1) for code in codes.stack().unique()})
    given = given[given.sum(axis=1) > 1]
    of_passage, of_code, n = given.sum(axis=1), given.sum(), given.to_numpy().sum()
    pairs_that_differ = of_passage**2 - (given**2).sum(axis=1)
    observed = (pairs_that_differ / (of_passage - 1)).sum() / n
    expected = (of_code * (n - of_code)).sum() / (n * (n - 1))
    return 1 - observed / expected
    # <<< return ...


figures("3.7", answer=krippendorff_alpha(c))

# %% [markdown]
# ## Coefficient by coefficient
#
# The same functions on the tables A, B and D. In which do they differ most, and what is special about its codes?

# %%
coefficients = {"percent": percent, "kappa": cohen_kappa, "ac1": gwet_ac1, "alpha": krippendorff_alpha}
pd.DataFrame({name: {kind: of(codes) for kind, of in coefficients.items()} for name, codes in {"A": a, "B": b, "D": d}.items()})

# %%
for name, codes in {"A": a, "B": b, "D": d}.items():
    figures(f"table-{name}", **{kind: of(codes) for kind, of in coefficients.items()})

# %% [markdown]
# ## Readers of a real study
#
# The compendium's readers, sessions of a language model, coded all passages that Chen, Croft and Currie (2024) cite for
# *stage*. The numbers of the passages are other ones than in the lessons, so that this file does not give their codes away.

# %%
stage = pd.read_csv("data/published-readers-of-stage.csv", index_col="passage")
pd.crosstab(stage["reader-a"], stage["reader-b"])

# %%
figures("readers", **{kind: of(stage) for kind, of in coefficients.items()})

# %% [markdown]
# ## Try it
#
# - Change a code of table B from *no* to *yes* for both coders, then another, and watch kappa.
# - Take percent agreement with its interval by drawing passages again and again: `stage.sample(frac=1, replace=True)`.
# - Compare with a package, such as `irr` in R or `krippendorff` in Python. Where they differ, look for how gaps are treated.
