"""Statistics of counts: association, concentration over interviewees, saturation of codes.

Agreement between coders has its own package.
May import: `counting`, `study`, `support`.
"""

from analysis.statistics import association, concentration, saturation

__all__ = ["association", "concentration", "saturation"]
