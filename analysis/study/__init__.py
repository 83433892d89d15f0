"""A coded study: what it is, how it is read, and what it must satisfy.

Here live the tables of a study (`evidence`), its vocabulary and code tree, the rules, and reading and writing it as a
data package. Counts, coefficients and documents belong above.
May import: `support`.
"""

from analysis.study.evidence import Evidence, EvidenceError, InvalidEvidenceError, Study
from analysis.study.loading import load

__all__ = ["Evidence", "EvidenceError", "InvalidEvidenceError", "Study", "load"]
