"""Counts of a coded study, with their range over all allowed readings.

Here live crosstabs of two facets, frequencies, co-occurrence, and the distribution of counts over readings. Statistics
of counts belong to `statistics`.
May import: `study`, `support`.
"""

from analysis.counting.crosstabs import Axis, CountsError, crosstab

__all__ = ["Axis", "CountsError", "crosstab"]
