"""Numbers as students type them: `0.42`, `0,42`, `.42`, `42 %`, `10/40`. The page reads them in the same way."""

import math
import re

_SIGN = r"[+\-\u2212]?"
_PLAIN = re.compile(rf"{_SIGN}(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
#: Thousands set apart: 1,234 or 1.234 or 1 234 (which may also be decimals, where there is one mark).
_GROUPED = re.compile(rf"{_SIGN}[1-9][0-9]{{0,2}}(?:([., '’])[0-9]{{3}})(?:\1[0-9]{{3}})*(?:[.,][0-9]+)?")
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f]+")
_LEAD = re.compile(r"^[=≈~]\s*")
_LONGEST = 40  # characters; nobody types a longer number


def readings(text: str) -> tuple[float, ...]:
    """Return what a typed text may mean as a number, the most usual meaning first; nothing if it is not a number.

    >>> readings("0,42"), readings(".42"), readings("42 %"), readings("10/40"), readings("about ten")
    ((0.42,), (0.42,), (0.42,), (0.25,), ())
    >>> readings("1,234"), readings("1 234"), readings("3/0")
    ((1.234, 1234.0), (1234.0,), ())
    """
    typed = _LEAD.sub("", _BLANKS.sub(" ", text).strip())
    if not typed or len(typed) > _LONGEST:
        return ()
    if typed.endswith("%"):
        return tuple(number / 100 for number in readings(typed[:-1]))
    above, stroke, below = re.sub(r"[÷∕⁄]", "/", typed).partition("/")
    if not stroke:
        return _whole(typed)
    return tuple(one / other for one in _whole(above.strip()) for other in _whole(below.strip()) if other)[:1]


def _whole(typed: str) -> tuple[float, ...]:
    found = []
    if _PLAIN.fullmatch(typed):
        found.append(_as_float(typed.replace(",", ".")))
    if grouped := _GROUPED.fullmatch(typed):
        whole = typed.replace(grouped[1], "")
        found.append(_as_float(whole.replace(",", ".")))
    return tuple(number for number in dict.fromkeys(found) if math.isfinite(number))


def _as_float(typed: str) -> float:
    return float(typed.replace("\u2212", "-"))
