"""Format numbers for text, notebooks and pages: every figure in prose is formatted here."""

import math
from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun, in words up to ten.

    >>> counted(1, "passage"), counted(41, "passage"), counted(0, "study", "studies")
    ('one passage', '41 passages', 'no studies')
    """
    return f"{in_words(n)} {noun if n == 1 else plural or noun + 's'}"


def in_words(n: int) -> str:
    """Return a count as a word up to ten, as figures beyond.

    >>> in_words(3), in_words(11), in_words(12_000)
    ('three', '11', '12,000')
    """
    return _WORDS[n] if 0 <= n < len(_WORDS) else f"{n:,}"


def span(lowest: int, highest: int) -> str:
    """Return a range of counts, a single figure where both ends are the same.

    >>> span(2, 5), span(3, 3), span(900, 1200)
    ('2–5', '3', '900–1,200')
    """
    return f"{lowest:,}" if lowest == highest else f"{lowest:,}–{highest:,}"


def count_with_range(count: int, lowest: int, highest: int) -> str:
    """Return a count and, where readings differ, its range.

    >>> count_with_range(3, 2, 5), count_with_range(3, 3, 3)
    ('3 (2–5)', '3')
    """
    return f"{count:,}" if lowest == highest else f"{count:,} ({span(lowest, highest)})"


def share(part: int, whole: int) -> str:
    """Return a share in whole per cent, halves up; ValueError for a share of nothing.

    >>> share(7, 38), share(1, 8)
    ('18%', '13%')
    """
    if whole <= 0:
        raise ValueError("a share of nothing is not defined")
    return whole_percent(part / whole)


def whole_percent(share: float) -> str:
    """Return a share that was measured in whole per cent, halves up.

    >>> whole_percent(0.125), whole_percent(0.285)
    ('13%', '29%')
    """
    return f"{rounded(100 * share, 0)}%"


def percent(share: float) -> str:
    """Return a share that was set, not measured, in per cent with as many decimals as it has.

    >>> percent(0.05), percent(0.025), percent(0.0)
    ('5%', '2.5%', '0%')
    """
    return f"{100 * share:g}%"


def portion(part: Fraction) -> str:
    """Return an exact share in per cent, cut off after one decimal, so that only all is all and none is none.

    >>> portion(Fraction(1)), portion(Fraction(99999, 100000)), portion(Fraction(1, 3)), portion(Fraction(1, 10**9))
    ('all', '99.9%', '33.3%', 'under 0.1%')
    """
    if part in (0, 1):
        return "all" if part else "none"
    thousandths = part.numerator * 1000 // part.denominator
    return f"{thousandths / 10}%" if thousandths else "under 0.1%"


def six_decimals(value: float | Fraction) -> str:
    """Return a statistic or share as derived tables have it, which is how far they are compared; no zero has a sign.

    >>> six_decimals(Fraction(2, 3)), six_decimals(-0.0)
    ('0.666667', '0.000000')
    """
    return f"{float(value):z.6f}"


def rounded(value: float, digits: int = 2) -> str:
    """Return a statistic to a fixed number of decimals, with a true minus sign; no zero has one.

    A half is rounded away from zero, as readers do who check with a pencil: 33/40 is 0.83, although no computer holds
    0.825. What differs after 12 decimals only is taken for the same. `elements.js` rounds in the same way.

    >>> rounded(0.3251), rounded(-1.5, 1), rounded(-0.001), rounded(33 / 40), rounded(1 / 8), rounded(-0.625)
    ('0.33', '−1.5', '0.00', '0.83', '0.13', '−0.63')
    """
    if not math.isfinite(value):
        return f"{value}".replace("-", "−")
    place = Decimal(1).scaleb(-digits)
    return f"{Decimal(f'{value:.12f}').quantize(place, ROUND_HALF_UP):zf}".replace("-", "−")


def signed(n: int) -> str:
    """Return a count or a difference of counts, with a true minus sign.

    >>> signed(3), signed(-2), signed(0)
    ('3', '−2', '0')
    """
    return str(n).replace("-", "−")


def p_value(p: float) -> str:
    """Return a p-value with its sign of relation, to three decimals.

    >>> p_value(0.0312), p_value(0.0004)
    ('p = 0.031', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def date(iso: str) -> str:
    """Return an ISO date, as precise as it is, in words.

    >>> date("2020-02-25"), date("2019-11")
    ('25 February 2020', 'November 2019')
    """
    year, month, *day = iso.split("-")
    return " ".join([*(str(int(d)) for d in day), _MONTHS[int(month) - 1], year])


def capitalize_first(text: str) -> str:
    """Return a text as it begins a sentence.

    >>> capitalize_first("one code of Table 2"), capitalize_first("F03")
    ('One code of Table 2', 'F03')
    """
    return text[:1].upper() + text[1:]


def listed(items: Collection[str], none: str = "none") -> str:
    """Return items as a list in prose.

    >>> listed(["F03"]), listed(["F03", "T09", "T11"]), listed([])
    ('F03', 'F03, T09 and T11', 'none')
    """
    found: Sequence[str] = list(items)
    if not found:
        return none
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"
