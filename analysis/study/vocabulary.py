"""The words of a coded study: roles, stances, bases and units, and the names that tables of counts use for margins."""

#: How a coding relates to others of its passage and facet.
ROLES = ("primary", "alternative")
#: What a passage says to its code.
STANCES = ("supports", "counters", "context")
#: Named sets of what a code may rest on. A code that rests on nothing (not-stated) needs no more than the words.
BASES: dict[str, tuple[str, ...]] = {
    "wording": ("wording", "none"),
    "lead-in": ("wording", "none", "lead-in"),
    "any": ("wording", "none", "lead-in", "label"),
}
BASIS_NAMES = {"wording": "wording alone", "lead-in": "with lead-ins"}
#: What can be counted: each once, however many passages it has.
UNITS = ("passage", "statement", "interviewee")

UNCODED = "uncoded"  # the row or column of passages that a facet gives no code
COUNTERS, CONTEXT, ALL = "counters", "context", "all"
#: Columns of passages that support nothing: they stay themselves where all columns are counted together.
APART = (COUNTERS, CONTEXT)
#: The slot of a passage that a facet which is not exclusive gives no primary code (see `crosstabs.options`).
NO_PRIMARY = -1


def plural(unit: str) -> str:
    """Return what a unit is called where there are several of it."""
    return {"passage": "passages", "statement": "distinct statements", "interviewee": "interviewees"}[unit]
