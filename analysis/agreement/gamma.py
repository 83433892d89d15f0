"""The coefficient gamma of coders who marked freely, where the library `pygamma-agreement` is installed.

Gamma aligns the segments of coders with each other, so that segments that nearly meet count as nearly the same. It is
not computed here: its library is asked if it is there, and it is not among what this package needs.

References
----------
Mathet, Y., Widlöcher, A., & Métivier, J.-P. (2015). The unified and holistic method gamma for inter-annotator agreement
measure and alignment. Computational Linguistics, 41(3), 437-479. https://doi.org/10.1162/COLI_a_00227
"""

import importlib
import importlib.util
from collections.abc import Sequence

import numpy as np

from analysis.agreement.intervals import SEED
from analysis.agreement.unitizing import Continuum

LIBRARY = "pygamma_agreement"
MOST_SEGMENTS = 300  # of all coders together: the time for an alignment grows fast


def is_installed() -> bool:
    """Tell whether the library is there."""
    return importlib.util.find_spec(LIBRARY) is not None


def gamma(texts: Sequence[Continuum]) -> float | None:
    """Return gamma over some texts, one behind the other; None where a coder marked nothing, or segments are too many.

    Place and code weigh the same (the library's combined dissimilarity); chance comes from its own sampling, with a
    fixed seed. Raises ModuleNotFoundError where the library is not installed.
    """
    library, places = importlib.import_module(LIBRARY), importlib.import_module("pyannote.core")
    found, before, counted = library.Continuum(), 0, [0] * len(texts[0].coders)
    for text in texts:
        for n, segments in enumerate(text.coders):
            for start, end, code in segments:
                found.add(f"coder {n}", places.Segment(before + start, before + end), _named(code))
            counted[n] += len(segments)
        before += text.length
    if not all(counted) or sum(counted) > MOST_SEGMENTS:
        return None
    state = np.random.get_state()
    np.random.seed(SEED)
    try:
        return float(found.compute_gamma(library.CombinedCategoricalDissimilarity(alpha=1, beta=1)).gamma)
    finally:
        np.random.set_state(state)


def _named(code: object) -> str:
    return " + ".join(sorted(map(str, code))) if isinstance(code, frozenset) else str(code)
