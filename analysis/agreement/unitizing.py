r"""Unitizing alpha: how far coders agree who marked segments of a text freely, each with its own beginning and end.

A text is a continuum of characters. Each coder divides it into segments that have a code, and into gaps, which have
none. Four coefficients compare these divisions (Krippendorff et al. 2016):

============ ====================== ==========================================================
name         written                compares
============ ====================== ==========================================================
`everything` :math:`_u\alpha`       codes and gaps: what was marked, and with which code
`relevance`  :math:`_{|u}\alpha`    marked or not, whatever the code
`coding`     :math:`_{cu}\alpha`    the codes of what two coders both marked; uncoded text is left out
`of_codes`   :math:`_{(k)u}\alpha`  the same for one code against the other ones
============ ====================== ==========================================================

This is the family of 2016, which takes the place of the coefficient of 1995 (alpha_U): that one did not behave as
expected with more than two coders.

Notes
-----
With m coders and texts of L characters together, :math:`T = mL`. Observed are the characters :math:`\ell_{ck}` in
segments of c of one coder and of k of another, over all ordered pairs of coders, divided by m - 1. Expected are
:math:`\varepsilon_{ck} = T (\ell_c \ell_k - [c = k] S_c) / (T^2 - S)`, because a segment is never paired with itself:
:math:`S_c` is the sum of the squared lengths of the segments of c, but of a gap the length alone, since gaps have no
structure, and S is the sum over all c. Then :math:`\alpha = 1 - D_o / D_e` with the sums outside the diagonal. For
`coding`, only intersections of two segments count, and :math:`S_c` sums the squares of that part of each segment that
another coder marked as well, over all other coders, divided by m - 1.

Where all segments have the length 1, `everything` is Krippendorff's alpha for nominal data, with gaps as a code.

References
----------
Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of unitizing textual continua:
Further developments. Quality & Quantity, 50(6), 2347-2364. https://doi.org/10.1007/s11135-015-0266-1

Krippendorff, K. (1995). On the reliability of unitizing continuous data. Sociological Methodology, 25, 47-76.
https://doi.org/10.2307/271061
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.agreement.intervals import SEED
from analysis.agreement.ratings import AgreementError, Floats

GAP = 0  # the place of uncoded text among the codes of a continuum
FEWEST = 6  # texts from which an interval is given
RESAMPLES = 1_000


class Segment(NamedTuple):
    """A part of a text from `start` up to `end`, with a code."""

    start: int
    end: int
    code: Hashable


class Continuum(NamedTuple):
    """A text of so many characters, and the segments of each coder, in order and without overlap."""

    length: int
    coders: tuple[tuple[Segment, ...], ...]


class Reliability(NamedTuple):
    """A coefficient, None where it is not defined, with an interval if there are enough texts, and what it rests on.

    `share` is the part of the pairs of characters that the coefficient looks at.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Unitizing:
    """The four coefficients of some texts (see the module)."""

    everything: Reliability
    relevance: Reliability
    coding: Reliability
    of_codes: Mapping[Hashable, Reliability]


class _Sums(NamedTuple):
    """What the coefficients are made of, for each text: shapes (texts,) or, for each code, (texts, codes)."""

    agreed: Floats  # characters with the same code (or gap), for each code
    given: Floats  # characters with each code
    squares: Floats  # S of each code
    both: Floats  # characters of each code that another coder marked, too
    both_squares: Floats  # S of each code for `coding`


def flattened(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return segments in order and without overlap: where several overlap, the code is the set of their codes.

    Segments of the same code that overlap are one; segments that only touch stay apart.

    >>> marked = [Segment(0, 6, "x"), Segment(4, 9, "y"), Segment(9, 12, "y")]
    >>> [(start, end, sorted(code)) for start, end, code in flattened(marked)]
    [(0, 4, ['x']), (4, 6, ['x', 'y']), (6, 9, ['y']), (9, 12, ['y'])]
    """
    apart = sorted(_joined(segments))
    ends = sorted({place for start, end, _ in apart for place in (start, end)})
    found: list[Segment] = []
    upcoming, open_now = iter([*apart, None]), list[Segment]()
    following = next(upcoming)
    for start, end in pairwise(ends):
        open_now = [one for one in open_now if one.end > start]
        while following is not None and following.start == start:
            open_now.append(following)
            following = next(upcoming)
        if open_now:
            found.append(Segment(start, end, frozenset(one.code for one in open_now)))
    return tuple(found)


def _joined(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the segments of each code, those that overlap as one; codes as texts, so that they can be put in order."""
    last: dict[Hashable, Segment] = {}
    for one in sorted(segments, key=lambda segment: segment[:2]):
        before = last.get(one.code)
        if before is not None and one.start < before.end:
            last[one.code] = before._replace(end=max(before.end, one.end))
        else:
            if before is not None:
                yield before
            last[one.code] = one
    yield from last.values()


def unitizing(texts: Sequence[Continuum]) -> Unitizing:
    """Return how far coders agree on what they marked in some texts.

    Parameters
    ----------
    texts : sequence of Continuum
        All with the same coders. The interval at 95% comes from texts redrawn (percentiles of RESAMPLES), and is left
        out for fewer than FEWEST texts.

    Raises
    ------
    AgreementError
        For fewer than two coders, and segments of one coder that overlap or lie outside their text.

    Examples
    --------
    >>> ana = (Segment(0, 10, "trust"), Segment(15, 25, "doubt"))
    >>> ben = (Segment(2, 10, "trust"), Segment(15, 25, "trust"))
    >>> found = unitizing([Continuum(40, (ana, ben))])
    >>> [round(one.value, 2) for one in (found.everything, found.relevance, found.coding)]
    [0.52, 0.91, -0.03]
    """
    _check(texts)
    codes = list(dict.fromkeys(one.code for text in texts for coder in text.coders for one in coder))
    place = {code: n for n, code in enumerate(codes, start=GAP + 1)}
    sums = _Sums(*(np.array(part) for part in zip(*(_sums(text, place) for text in texts), strict=True)))
    every = np.ones((1, len(texts)))
    resamples = _resamples(len(texts))
    whole = _totals(sums, every)
    total, marked = whole.given.sum(), whole.both[:, GAP + 1 :].sum()
    of_codes = {
        code: Reliability(_value(_of_code(whole, n)), share=_ratio(whole.both[0, n], whole.given[0, n]))
        for code, n in place.items()
    }
    drawn = _totals(sums, resamples)
    return Unitizing(
        everything=_reliability(_everything, whole, drawn),
        relevance=_reliability(_relevance, whole, drawn),
        coding=_reliability(_coding, whole, drawn)._replace(share=_ratio(marked, total)),
        of_codes=of_codes,
    )


def _check(texts: Sequence[Continuum]) -> None:
    if not texts or any(len(text.coders) < 2 for text in texts):
        raise AgreementError("Unitizing alpha compares at least two coders on at least one text.")
    for text in texts:
        for coder in text.coders:
            reached = 0
            for start, end, code in coder:
                if not reached <= start < end <= text.length:
                    raise AgreementError(
                        f"The segment {start} to {end} ({code}) overlaps the one before it, or lies outside its text. "
                        "Use agreement.unitizing.flattened for segments that overlap."
                    )
                reached = end


def _pieces(segments: Sequence[Segment], length: int, place: Mapping[Hashable, int]) -> list[tuple[int, int, int]]:
    """Return start, end and code of all parts of a text, gaps included."""
    pieces, reached = [], 0
    for start, end, code in segments:
        if start > reached:
            pieces.append((reached, start, GAP))
        pieces.append((start, end, place[code]))
        reached = end
    return [*pieces, (reached, length, GAP)] if reached < length else pieces


def _sums(text: Continuum, place: Mapping[Hashable, int]) -> _Sums:
    """Return what a text adds to the coefficients."""
    divided = [_pieces(segments, text.length, place) for segments in text.coders]
    sums = _Sums(*np.zeros((5, len(place) + 1)))
    for n, pieces in enumerate(divided):
        for start, end, code in pieces:
            sums.given[code] += end - start
            sums.squares[code] += end - start if code == GAP else (end - start) ** 2
        for other in (*divided[:n], *divided[n + 1 :]):
            _add_shared(pieces, other, len(divided) - 1, sums)
    return sums


def _add_shared(
    pieces: list[tuple[int, int, int]], other: list[tuple[int, int, int]], others: int, sums: _Sums
) -> None:
    """Add what one coder's parts of a text share with those of another, weighted by the number of others."""
    first = 0
    for start, end, code in pieces:
        while other[first][1] <= start:
            first += 1
        both, n = 0, first
        while n < len(other) and other[n][0] < end:
            shared = min(end, other[n][1]) - max(start, other[n][0])
            if other[n][2] == code:
                sums.agreed[code] += shared / others
            if GAP not in (code, other[n][2]):
                both += shared
            n += 1
        sums.both[code] += both / others
        sums.both_squares[code] += both**2 / others


def _resamples(texts: int) -> Floats:
    """Return how often each text is in each resample, (RESAMPLES, texts); none of too few texts."""
    if texts < FEWEST:
        return np.empty((0, texts))
    chance = np.random.default_rng(SEED)
    return chance.multinomial(texts, np.full(texts, 1 / texts), RESAMPLES).astype(np.float64)


def _totals(sums: _Sums, times: Floats) -> _Sums:
    return _Sums(*(times @ part for part in sums))


def _reliability(coefficient: Callable[[_Sums], Floats], whole: _Sums, drawn: _Sums) -> Reliability:
    value = _value(coefficient(whole))
    values = coefficient(drawn)
    values = values[np.isfinite(values)]
    if value is None or not len(values) or np.ptp(values) == 0:
        return Reliability(value)
    low, high = np.percentile(values, [2.5, 97.5]).tolist()
    return Reliability(value, min(low, value), max(high, value))


def _value(values: Floats) -> float | None:
    return float(values[0]) if np.isfinite(values[0]) else None


def _everything(sums: _Sums) -> Floats:
    """Return the coefficient of all codes and gaps, (resamples,)."""
    return _alpha(sums.agreed, sums.given, sums.squares)


def _coding(sums: _Sums) -> Floats:
    """Return the coefficient of the codes of what two coders both marked, (resamples,)."""
    marked = slice(GAP + 1, None)
    return _alpha(sums.agreed[:, marked], sums.both[:, marked], sums.both_squares[:, marked])


def _alpha(agreed: Floats, given: Floats, squares: Floats) -> Floats:
    total, pairs = given.sum(axis=1), (given**2).sum(axis=1)
    expected = _divided(total * (total**2 - pairs), total**2 - squares.sum(axis=1))
    return 1 - _divided(total - agreed.sum(axis=1), expected)


def _relevance(sums: _Sums) -> Floats:
    """Return the coefficient of text that is marked or not, (resamples,)."""
    gap = sums.given[:, GAP]
    total = sums.given.sum(axis=1)
    expected = _divided(total * gap * (total - gap), total**2 - sums.squares.sum(axis=1))
    return 1 - _divided(gap - sums.agreed[:, GAP], expected)


def _of_code(sums: _Sums, code: int) -> Floats:
    """Return the coefficient of one code against the other ones, (resamples,)."""
    given, total = sums.both[:, code], sums.both[:, GAP + 1 :].sum(axis=1)
    observed = (given - sums.agreed[:, code]) * (given * total - sums.both_squares[:, code])
    return 1 - _divided(observed, given**2 * (total - given))


def _divided(one: Floats, other: Floats) -> Floats:
    """Return quotients, nan where they are not defined."""
    return np.divide(one, other, out=np.full_like(one, np.nan), where=other > 0)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
