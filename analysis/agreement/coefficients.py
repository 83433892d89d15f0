"""Coefficients of agreement, each for many tables of counts at once, and what each unit adds to their error.

All but Krippendorff's alpha are of one form, :math:`(p_a - p_e) / (1 - p_e)`: the observed agreement, of which the
agreement that chance would give is taken off. They share :math:`p_a`, and differ in :math:`p_e` alone. Missing codes
are handled after Gwet: :math:`p_a` is the mean over units with two codes or more of the share of pairs of coders who
agree, and margins take in every unit that has a code.

`values` takes the times of each pattern with any leading axes, one for each resample. Where a coefficient is not
defined its value is nan; `undefined` says why. `deviations` linearises a coefficient: its value plus the mean deviation
over units is, to the first order, the value for other units.

References
----------
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapters 2 to 6.

Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British
Journal of Mathematical and Statistical Psychology, 61(1), 29-48. https://doi.org/10.1348/000711006X126600
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from analysis.agreement.patterns import Patterns
from analysis.agreement.ratings import MISSING, AgreementError, Floats, Ratings
from analysis.agreement.scales import Scale
from analysis.support import formatting

_NOTHING = 1e-12  # what rounding leaves of a 0


def _minus_one(_weights: Floats) -> float:
    """Coders who never agree, and give two codes equally often, have a kappa or an alpha of -1 or a little above."""
    return -1.0


@dataclass(frozen=True, kw_only=True)
class Coefficient(ABC):
    """A coefficient of agreement.

    Attributes
    ----------
    name, label : str
        What it is asked for by, and how the field writes it.
    by_coder : bool
        Whether it depends on which coder gave which code.
    only_two : bool
        Whether it is for two coders only.
    choices : bool
        Whether it depends on how many codes there were to choose from.
    lowest : function
        Takes weights and returns the lower end of the coefficient's range; the upper end is 1.
    """

    name: str
    label: str
    by_coder: bool = False
    only_two: bool = False
    choices: bool = False
    lowest: Callable[[Floats], float] = _minus_one

    @abstractmethod
    def values(self, patterns: Patterns, times: Floats, scale: Scale) -> Floats:
        """Return the coefficient where pattern p has `times[..., p]` units, shape (...); nan where not defined."""

    @abstractmethod
    def deviations(self, patterns: Patterns, scale: Scale) -> tuple[Floats, float]:
        """Return the deviation of each pattern's units, shape (patterns,), and how many units have a part in them."""

    def share(self, _patterns: Patterns, _scale: Scale) -> tuple[int, int] | None:
        """Return the units on which coders agree and those compared, where the coefficient is this share, or None."""
        return None


@dataclass(frozen=True, kw_only=True)
class ChanceCorrected(Coefficient):
    """A coefficient made of observed agreement and agreement by chance.

    `chance` and `slope` take margins and weights, of shape (codes, codes), and return the agreement by chance, shape
    (...), and its derivative with respect to the margins. Margins are the shares of the codes, of shape (..., codes),
    or (..., coders, codes) if `by_coder`. `alike` returns how far the coders of a unit agree, shape (patterns,), 0 for
    units without a pair.
    """

    chance: Callable[[Floats, Floats], Floats]
    slope: Callable[[Floats, Floats], Floats]
    alike: Callable[[Patterns, Scale], Floats]

    def share(self, patterns: Patterns, scale: Scale) -> tuple[int, int] | None:
        """Return the units on which coders agree and those compared, where the coefficient is this share, or None.

        Nothing may be taken off for chance, and a unit has to count in full or not at all: either all its coders have
        to agree, or it has two codes at most, of which no two agree in part.
        """
        in_pairs = (patterns.sizes <= 2).all() and np.isin(scale.weights, (0, 1)).all()
        if self.chance is not _no_chance or not (self.alike is _unanimous or in_pairs):
            return None
        agreed, compared = patterns.times @ self.alike(patterns, scale), patterns.times @ patterns.paired
        return round(float(agreed)), round(float(compared))

    def values(self, patterns: Patterns, times: Floats, scale: Scale) -> Floats:
        """Return the coefficient where pattern p has `times[..., p]` units; nan where it is not defined."""
        with np.errstate(divide="ignore", invalid="ignore"):
            by_chance = self.chance(self._margins(patterns, times), scale.weights)
            room = np.where(1 - by_chance > _NOTHING, 1 - by_chance, np.nan)
            return np.asarray((self._observed(patterns, times, scale) - by_chance) / room)

    def deviations(self, patterns: Patterns, scale: Scale) -> tuple[Floats, float]:
        """Return the deviation of each pattern's units, and the number of units (those with a single code too).

        As in Gwet's, units with two codes or more are taken as a fixed number.
        """
        margins = self._margins(patterns, patterns.times)
        by_chance = self.chance(margins, scale.weights)
        observed = self._observed(patterns, patterns.times, scale)
        units = patterns.times.sum()
        pairs = units / (patterns.times @ patterns.paired) * (self.alike(patterns, scale) - by_chance * patterns.paired)
        off = pairs - (observed - by_chance)
        moved = _by_coder_moved if self.by_coder else _pooled_moved
        room = (1 - observed) / (1 - by_chance)  # one minus the coefficient
        off = off - room * moved(patterns, margins, self.slope(margins, scale.weights))
        return np.asarray(off / (1 - by_chance)), float(units)

    def _observed(self, patterns: Patterns, times: Floats, scale: Scale) -> Floats:
        return np.asarray((times @ self.alike(patterns, scale)) / (times @ patterns.paired))

    def _margins(self, patterns: Patterns, times: Floats) -> Floats:
        if not self.by_coder:
            return np.asarray(times @ _shares(patterns) / times.sum(axis=-1, keepdims=True))
        flat = times @ patterns.by_coder.reshape(len(patterns.given), -1)
        given = flat.reshape(*times.shape[:-1], -1, patterns.codes)
        return np.asarray(given / given.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, kw_only=True)
class Alpha(Coefficient):
    r"""Krippendorff's alpha.

    Notes
    -----
    :math:`\alpha = 1 - D_o / D_e`, with the mean distance :math:`D_o` of two codes given to one unit and :math:`D_e` of
    any two codes given. Only units with two codes or more count.
    """

    def values(self, patterns: Patterns, times: Floats, scale: Scale) -> Floats:
        """Return alpha where pattern p has `times[..., p]` units; nan where it is not defined."""
        given = np.asarray(times @ patterns.paired_counts)
        distances = scale.distances_of_alpha(given)
        # Distances that are the same for all resamples are left to linear algebra.
        moved = given @ distances if distances.ndim == 2 else np.einsum("...k,...kl->...l", given, distances)
        expected = (moved * given).sum(axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(1 - (given.sum(axis=-1) - 1) * _apart(patterns, times, distances) / expected)

    def deviations(self, patterns: Patterns, scale: Scale) -> tuple[Floats, float]:
        """Return the deviation of each pattern's units, and the number of units with two codes or more.

        Gwet's linearisation of alpha without its correction for small samples, with distances taken as known.
        """
        counts = patterns.paired_counts
        sizes, given, units = (
            patterns.sizes * patterns.paired,
            patterns.times @ counts,
            patterns.times @ patterns.paired,
        )
        distances = scale.distances_of_alpha(given)
        total = given.sum()
        shares = given / total
        observed = patterns.times @ _distances_within(patterns, distances) / total
        expected = shares @ distances @ shares
        off = _distances_within(patterns, distances) - observed * sizes
        slope = distances @ shares
        moved = 2 * (counts @ slope - sizes * (shares @ slope))
        return np.asarray((observed / expected * moved - off) * units / total / expected), float(units)


# --- what coefficients are made of


def _shares(patterns: Patterns) -> Floats:
    """Return the share of a unit's coders that gave each code, shape (patterns, codes)."""
    return patterns.counts / patterns.sizes[:, np.newaxis]


def _alike(patterns: Patterns, scale: Scale) -> Floats:
    """Return the share of a unit's pairs of coders that agree, weighted, shape (patterns,); 0 without a pair."""
    counts, sizes = patterns.counts, patterns.sizes
    pairs = (counts * (counts @ scale.weights)).sum(axis=1) - sizes
    return np.asarray(pairs / np.maximum(sizes * (sizes - 1), 1))


def _unanimous(patterns: Patterns, _scale: Scale) -> Floats:
    """Return 1 where all coders of a unit gave the same code, else 0, shape (patterns,); 0 without a pair."""
    return np.asarray((patterns.counts.max(axis=1) == patterns.sizes) * patterns.paired)


def _pooled_moved(patterns: Patterns, margins: Floats, slope: Floats) -> Floats:
    """Return how far a unit moves the agreement by chance through the margins of all coders, shape (patterns,)."""
    return np.asarray(_shares(patterns) @ slope - margins @ slope)


def _by_coder_moved(patterns: Patterns, margins: Floats, slope: Floats) -> Floats:
    """Return how far a unit moves the agreement by chance through the margins of its coders, shape (patterns,)."""
    coded = patterns.by_coder.sum(axis=2)
    each = (patterns.by_coder * slope).sum(axis=2) - coded * (margins * slope).sum(axis=1)
    return np.asarray(each @ (patterns.times.sum() / (patterns.times @ coded)))


def _distances_within(patterns: Patterns, distances: Floats) -> Floats:
    """Return the sum of distances over a unit's ordered pairs, over its coders less one, shape (patterns,)."""
    if patterns.given.shape[1] < patterns.codes:  # fewer coders than codes: sets of codes can be thousands
        pairs = _distances_between_coders(patterns, distances)
    else:
        pairs = (patterns.counts * (patterns.counts @ distances)).sum(axis=1)
    return np.asarray(pairs / np.maximum(patterns.sizes - 1, 1))


def _distances_between_coders(patterns: Patterns, distances: Floats) -> Floats:
    """Return the sum of distances over a unit's ordered pairs of coders, shape (patterns,)."""
    total = np.zeros(len(patterns.given))
    for first, second in combinations(patterns.given.T, 2):
        both = np.flatnonzero((first != MISSING) & (second != MISSING))
        total[both] += 2 * distances[first[both], second[both]]
    return total


def _apart(patterns: Patterns, times: Floats, distances: Floats) -> Floats:
    """Return the sum of distances within units, shape (...), for distances that may differ between resamples."""
    if distances.ndim == 2:
        return np.asarray(times @ _distances_within(patterns, distances))
    counts = patterns.counts / np.sqrt(np.maximum(patterns.sizes - 1, 1))[:, np.newaxis]
    pairs = (counts[:, :, np.newaxis] * counts[:, np.newaxis, :]).reshape(len(counts), -1)
    coincidences = (times @ pairs).reshape(*times.shape[:-1], patterns.codes, patterns.codes)
    return np.asarray((coincidences * distances).sum(axis=(-2, -1)))


# --- agreement by chance


def _no_chance(margins: Floats, _weights: Floats) -> Floats:
    return np.zeros(margins.shape[:-1])


def _same_codes(margins: Floats, weights: Floats) -> Floats:
    """Two codes drawn from the margins of all coders together."""
    return np.asarray(((margins @ weights) * margins).sum(axis=-1))


def _same_codes_slope(margins: Floats, weights: Floats) -> Floats:
    return np.asarray(2 * margins @ weights)


def _codes_of_two(margins: Floats, weights: Floats) -> Floats:
    """A code drawn from each of two coders' margins, on average over pairs of coders."""
    coders, total = margins.shape[-2], margins.sum(axis=-2)
    own = _same_codes(margins, weights).sum(axis=-1)
    return np.asarray((_same_codes(total, weights) - own) / np.float64(coders * (coders - 1)))


def _codes_of_two_slope(margins: Floats, weights: Floats) -> Floats:
    coders = len(margins)
    return np.asarray(2 * (margins.sum(axis=0) - margins) @ weights / (coders * (coders - 1)))


def _random_code(margins: Floats, weights: Floats) -> Floats:
    """A code given at random, in the share of ratings that are made at random; Gwet's."""
    return np.asarray(_randomness(weights) * (margins * (1 - margins)).sum(axis=-1))


def _random_code_slope(margins: Floats, weights: Floats) -> Floats:
    return np.asarray(_randomness(weights) * (1 - 2 * margins))


def _randomness(weights: Floats) -> np.float64:
    codes = len(weights)
    return np.float64(weights.sum()) / np.float64(codes * (codes - 1))


def _any_code(margins: Floats, weights: Floats) -> Floats:
    """Two codes drawn from all there are to choose from."""
    return np.full(margins.shape[:-1], weights.mean())


def _no_slope(margins: Floats, _weights: Floats) -> Floats:
    return np.zeros_like(margins)


def _least_weight(weights: Floats) -> float:
    return float(weights.min())


def _least_beyond_any_code(weights: Floats) -> float:
    """Coders agree as little as the weights allow, and chance would have it most often: all codes equally frequent."""
    return float((weights.min() - weights.mean()) / (1 - weights.mean()))


PERCENT = ChanceCorrected(
    name="percent-agreement", label="Percent agreement", lowest=_least_weight,
    chance=_no_chance, slope=_no_slope, alike=_alike,
)  # fmt: skip
UNANIMOUS = replace(PERCENT, name="unanimous-agreement", label="Unanimous agreement", alike=_unanimous)
CONGER = ChanceCorrected(
    name="conger-kappa", label="Conger's kappa", by_coder=True,
    chance=_codes_of_two, slope=_codes_of_two_slope, alike=_alike,
)  # fmt: skip
COHEN = replace(CONGER, name="cohen-kappa", label="Cohen's kappa", only_two=True)
FLEISS = ChanceCorrected(
    name="fleiss-kappa", label="Fleiss' kappa", chance=_same_codes, slope=_same_codes_slope, alike=_alike
)
SCOTT = replace(FLEISS, name="scott-pi", label="Scott's pi", only_two=True)
ALPHA = Alpha(name="krippendorff-alpha", label="Krippendorff's alpha")
GWET = ChanceCorrected(
    name="gwet-ac",
    label="Gwet's AC",
    choices=True,
    chance=_random_code,
    slope=_random_code_slope,
    lowest=_least_beyond_any_code,
    alike=_alike,
)
BRENNAN_PREDIGER = replace(GWET, name="brennan-prediger", label="Brennan-Prediger", chance=_any_code, slope=_no_slope)

COEFFICIENTS: dict[str, Coefficient] = {
    one.name: one for one in (PERCENT, UNANIMOUS, COHEN, SCOTT, FLEISS, CONGER, ALPHA, GWET, BRENNAN_PREDIGER)
}


def coefficient(name: str) -> Coefficient:
    """Return the coefficient of a name; AgreementError for an unknown one."""
    if name not in COEFFICIENTS:
        raise AgreementError(f"There is no coefficient {name!r}. Choose among {formatting.listed(list(COEFFICIENTS))}.")
    return COEFFICIENTS[name]


def undefined(coefficient: Coefficient, ratings: Ratings, patterns: Patterns, scale: Scale) -> str:
    """Say why a coefficient has no value for some ratings, or return an empty text if it has one."""
    coders = len(ratings.coders)
    if coders < 2:
        return f"agreement takes two coders, and these ratings have {formatting.counted(coders, 'coder')}"
    if coefficient.only_two and coders > 2:
        return f"it is for two coders, and there are {formatting.in_words(coders)}"
    if not (patterns.times @ patterns.paired):
        return "no unit was coded by two coders"
    if coefficient.choices and patterns.codes == 1:
        return "there was one code only to choose from"
    idle = [coder for coder, given in zip(ratings.coders, patterns.given.T, strict=True) if given.max() == MISSING]
    if coefficient.by_coder and idle:
        return f"it needs codes of every coder, and {formatting.listed(idle)} coded nothing"
    return _without_variation(coefficient, ratings, patterns, scale)


def _without_variation(coefficient: Coefficient, ratings: Ratings, patterns: Patterns, scale: Scale) -> str:
    if coefficient in (PERCENT, UNANIMOUS):
        return ""
    # Alpha leaves out units with a single code; the others take them into their margins.
    counted = patterns.paired if coefficient is ALPHA else np.ones(len(patterns.times))
    used = np.arange(patterns.codes)
    if not coefficient.choices:
        used = np.flatnonzero((patterns.times * counted) @ patterns.counts)
    if scale.distances[np.ix_(used, used)].any():
        return ""
    if len(used) > 1:
        same = formatting.listed([repr(ratings.names[one]) for one in used])
        return f"{same} count as the same, so that by chance alone all would agree"
    return f"{ratings.names[used[0]]!r} is the only code given, so that by chance alone all would agree"
