"""Agreement between coders: coefficients with their intervals, and where coders differ.

Start from `from_evidence` or `from_table`, which give `Ratings`; for facets in which several codes may hold, from the
same functions of `agreement.sets`. Then ask for one coefficient (`cohen_kappa` and so on, or `estimate` by its name),
for all of them (`estimates`), or for what lies behind them (`per_code`, `prevalence_and_bias`, `confusion`,
`disagreements`).

A coefficient says how far coders agree, not whether they are right; and coders who are language models of one kind, or
who wrote the rules together, are not independent in the way that these formulas suppose.

Here live the coefficients, their intervals, and the readers of a study. Agreement of learners in a class belongs to
`teaching`. May import: `counting`, `study`, `support`.
"""

from analysis.agreement import sets
from analysis.agreement.coefficients import COEFFICIENTS
from analysis.agreement.differences import confusion, disagreements, per_code, prevalence_and_bias
from analysis.agreement.estimation import (
    INTERVALS,
    Estimate,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    estimate,
    estimates,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    labelled,
    percent_agreement,
    scott_pi,
    unanimous_agreement,
    usual,
    value,
)
from analysis.agreement.intervals import Analytic, Bootstrap
from analysis.agreement.ratings import MISSING, AgreementError, Ratings, from_evidence, from_table

__all__ = [
    "COEFFICIENTS",
    "INTERVALS",
    "MISSING",
    "AgreementError",
    "Analytic",
    "Bootstrap",
    "Estimate",
    "Ratings",
    "brennan_prediger",
    "cohen_kappa",
    "confusion",
    "conger_kappa",
    "disagreements",
    "estimate",
    "estimates",
    "fleiss_kappa",
    "from_evidence",
    "from_table",
    "gwet_ac",
    "krippendorff_alpha",
    "labelled",
    "per_code",
    "percent_agreement",
    "prevalence_and_bias",
    "scott_pi",
    "sets",
    "unanimous_agreement",
    "usual",
    "value",
]
