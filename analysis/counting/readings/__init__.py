"""The exact distribution of counts, comparisons and statistics over all allowed readings of a crosstab.

Where the words of a passage allow several codes, a count is one of many that the same passages
allow. `analysis.counting.crosstabs` gives its lowest and highest value; here is how many readings give which
value, in what share of the readings a comparison holds, and how few re-readings reverse it.

A *reading* of a crosstab chooses for every passage, on both facets, among the codes as they were
coded (an exclusive facet: the primary code or one alternative; another: all primary codes and any
of the alternatives). Choices that cannot change the table of supporting passages are not counted: a
passage that counters or gives context in every reading, and codes that all roll up to one. Each of
them multiplies all numbers of readings alike, so that leaving it out changes no share. Where only
some codes of a passage lead to the same cell, each still counts as a reading, since without it the
shares would change. Passages that a unit leaves out, as interviewees do documents, are read like all
others, so that each distribution is over the same readings.

Readings multiply, but passages are read independently of one another, so nothing here walks through
them. A unit contributes a small polynomial whose exponents are values and whose coefficients are
numbers of readings, and the product over units is the distribution: the generating function of a
Poisson binomial count [1]_ with whole numbers in place of probabilities. Whole tables are built
passage by passage, and equal partial tables are merged on the way, as in the network algorithm for
exact tests [2]_. A share of readings says how far a result depends on the choice among allowed codes.
It is not a probability: nobody says that all readings are equally plausible. A passage is *settled* where one
code is all that it allows on a facet; what a comparison comes to then shows how much hangs on its reading.

Lowest and highest counts alone belong to `counting.crosstabs`, statistics of a table to `statistics`. May import: the
modules beside this package, `study`, `support`.

References
----------
.. [1] Y. H. Wang (1993), On the number of successes in independent trials, Statistica Sinica 3.
.. [2] C. R. Mehta and N. R. Patel (1983), A network algorithm for performing Fisher's exact test in
   r x c contingency tables, Journal of the American Statistical Association 78.
.. [3] D. Harvey (2009), Faster polynomial multiplication via multipoint Kronecker substitution,
   Journal of Symbolic Computation 44.
.. [4] R. J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, The American
   Statistician 50.
"""

from analysis.counting.readings.allowed import (
    AllowedReadings,
    Cell,
    Passage,
    Position,
    ReadingsError,
    allowed_readings,
    number_of_readings,
)
from analysis.counting.readings.count_distributions import (
    Comparison,
    Distribution,
    compare,
    count_distribution,
    share_in_every,
)
from analysis.counting.readings.settled import Outcome, Settled, SettledPassage, outcomes, settle, settled_passages
from analysis.counting.readings.statistic_distributions import StatisticDistribution, statistic_distribution

__all__ = [
    "AllowedReadings",
    "Cell",
    "Comparison",
    "Distribution",
    "Outcome",
    "Passage",
    "Position",
    "ReadingsError",
    "Settled",
    "SettledPassage",
    "StatisticDistribution",
    "allowed_readings",
    "compare",
    "count_distribution",
    "number_of_readings",
    "outcomes",
    "settle",
    "settled_passages",
    "share_in_every",
    "statistic_distribution",
]
