"""Ratings and coefficients of agreement that were published: numbers only, each with its source."""

import io

import pandas as pd

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C: 12 units, 4 observers, missing values.
# The same data are cac.raw4raters in R's irrCAC.
FOUR_OBSERVERS = pd.read_csv(
    io.StringIO(
        """unit,a,b,c,d
1,1,1,,1
2,2,2,3,2
3,3,3,3,3
4,3,3,3,3
5,2,2,2,2
6,1,2,3,4
7,4,4,4,4
8,1,1,2,1
9,2,2,2,2
10,,5,5,5
11,,,1,1
12,,,3,
"""
    ),
    index_col="unit",
)

# Artstein & Poesio (2008), Inter-coder agreement for computational linguistics, as in nltk.metrics.agreement:
# how many of 100 utterances got which label from coder a and which from coder b.
ARTSTEIN_POESIO = {
    ("stat", "stat"): 46,
    ("ireq", "stat"): 6,
    ("ireq", "ireq"): 32,
    ("ireq", "chck"): 6,
    ("chck", "chck"): 10,
}

# R irrCAC 1.4, README: value, standard error and 95 per cent interval of cac.raw4raters, with the digits printed.
IRRCAC = {
    "percent-agreement": ("0.81818", "0.12561", "0.542", "1"),
    "gwet-ac": ("0.77544", "0.14295", "0.461", "1"),
    "fleiss-kappa": ("0.76117", "0.15302", "0.424", "1"),
    "conger-kappa": ("0.76282", "0.14917", "0.435", "1"),
    "brennan-prediger": ("0.77273", "0.14472", "0.454", "1"),
    # The value is printed as 0.74342; the Python port of irrCAC gives a standard error of .14557.
    "krippendorff-alpha": ("0.743421", "0.14548", "0.423", "1"),
}

# irrCAC's Python port (A. Fergadis), tests of raw_4raters with weights: value, standard error, lower end.
IRRCAC_WEIGHTED = {
    ("gwet-ac", "linear"): ("0.859", "0.117", "0.600"),
    ("gwet-ac", "ordinal"): ("0.899", "0.107", "0.664"),
    ("gwet-ac", "quadratic"): ("0.914", "0.104", "0.685"),
    ("gwet-ac", "ratio"): ("0.857", "0.122", "0.589"),
    ("conger-kappa", "linear"): ("0.814", "0.145", "0.494"),
    ("conger-kappa", "ordinal"): ("0.844", "0.144", "0.526"),
    ("conger-kappa", "quadratic"): ("0.858", "0.144", "0.541"),
    ("conger-kappa", "ratio"): ("0.812", "0.149", "0.485"),
}

# fast-krippendorff's doctest and R's irr::kripp.alpha: nominal, ordinal, interval and ratio alpha of the same data.
KRIPPENDORFF = {"identity": "0.743421", "ordinal": "0.815388", "quadratic": "0.849107", "ratio": "0.797403"}

# nltk.metrics.agreement, docstring.
NLTK = {
    "percent-agreement": "0.88",
    "scott-pi": "0.79953",
    "brennan-prediger": "0.82",
    "cohen-kappa": "0.80132",
    "krippendorff-alpha": "0.80053",
}


def artstein_poesio() -> pd.DataFrame:
    """Return a row for each utterance with the labels of both coders."""
    rows = [pair for pair, times in ARTSTEIN_POESIO.items() for _ in range(times)]
    return pd.DataFrame(rows, columns=["a", "b"])
