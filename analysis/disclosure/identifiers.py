r"""Direct identifiers of people in a text: addresses, numbers, dates, and what may be a name.

Each kind has a pattern, and a test of its own where a pattern finds too much: check digits, areas of postcodes, days
of the calendar. A match is a hint, not a proof. Unusual spellings (numbers spelled out, a name in capitals or at the
beginning of a sentence) are not found; a person has to read the text as well.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

EMAIL, WEB, HANDLE, DATE = "e-mail address", "web address", "handle", "full date"
NHS, PHONE, POSTCODE, NAME = "NHS number", "telephone number", "postcode", "possible name"

#: Addresses of publications, licences and standards, which identify no person.
IMPERSONAL = ("doi.org", "creativecommons.org", "datapackage.org")

_GAP = r"[ \u00a0\u2009\u202f]"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_AREAS = (  # each set of letters after the same first one
    "AB AL B[ABDHLNRST]? C[ABFHMORTVW] D[ADEGHLNTY] E[CHNX]? F[KY] G[LUY]? H[ADGPRSUX] I[GMPV] JE K[ATWY] "
    "L[ADELNSU]? M[EKL]? N[EGNPRW]? O[LX] P[AEHLOR] R[GHM] S[AEGKLMNOPRSTWY]? T[ADFNQRSW] UB W[ACDFNRSV]? YO ZE"
).replace(" ", "|")
_ORDINALS = {"1st", "2nd", "3rd"}

_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[\w.+-]+\s?[\[(]\s?at\s?[\])]\s?[\w-]+(?:\s?(?:\.|[\[(]\s?dot\s?[\])])\s?[\w-]+)+",
    re.IGNORECASE,
)
_WEB = re.compile(
    r"(?:(?:https?|ftp)://|www\.)[^\s<>\"')\]}]+"
    r"|(?<![\w@.])(?:[\w-]+\.)+(?:com|org|net|edu|gov|info|eu|uk|ie|fr|de|nl)\b(?:/[^\s<>\"')\]}]*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@/.])@[^\W\d]\w{1,29}")
_NUMERIC_DATE = re.compile(r"(?<![\w./-])(\d{1,4})([/.-])(\d{1,2})\2(\d{2,4})(?![\w/-])(?!\.\d)")
_WRITTEN_DATE = re.compile(
    rf"\b{_DAY}{_GAP}?(?:of )?{_MONTH}{_GAP}?,?{_GAP}?(\d{{4}})\b|\b{_MONTH}{_GAP}{_DAY},?{_GAP}(\d{{4}})\b",
    re.IGNORECASE,
)
_NHS = re.compile(r"(?<![\w.+-])\d{3}[ \u00a0-]?\d{3}[ \u00a0-]?\d{4}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.,/+-])\(?(?:\+(?=\d)|00(?=[1-9])|(?=0[1-9]))\d(?:[ \u00a0().-]{0,3}\d){6,15}(?![\w/])(?![.-]\d)"
)
_POSTCODE = re.compile(rf"\b(?:{_AREAS})(?:\d{{1,2}}|\d[A-HJKMNPR-Y]){_GAP}?(\d[ABD-HJLNP-UW-Z]{{2}})\b", re.IGNORECASE)


class Identifier(NamedTuple):
    """Something in a text that may identify a person, and where it starts."""

    kind: str
    value: str
    start: int


def direct(text: str) -> list[Identifier]:
    """Return the direct identifiers of a text, without names, in its order; of two that overlap the first of _PATTERNS.

    >>> [(found.kind, found.value) for found in direct("Write to kim@example.org, or ring 020 7946 0018.")]
    [('e-mail address', 'kim@example.org'), ('telephone number', '020 7946 0018')]
    """
    found: list[Identifier] = []
    for kind, pattern, holds in _PATTERNS:
        if kind in _NECESSARY and not _NECESSARY[kind].search(text):
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            overlaps = any(start < other.start + len(other.value) and other.start < end for other in found)
            if holds(match) and not overlaps:
                found.append(Identifier(kind, match[0].rstrip(".,;:!?") if kind == WEB else match[0], start))
    return sorted(found, key=lambda identifier: identifier.start)


def masked(value: str) -> str:
    """Return a value so that people who know it can find it, and others cannot read it.

    The first character is kept, and that of every part of three or more letters or digits.

    >>> masked("kim.lee@example.org"), masked("M1 1AE")
    ('k**.l**@e******.o**', 'M* 1**')
    """
    first = re.search(r"[^\W_]", value)

    def mask(part: re.Match[str]) -> str:
        is_shown = len(part[0]) > 2 or (first is not None and part.start() == first.start())
        return f"{part[0][0] if is_shown else '*'}{'*' * (len(part[0]) - 1)}"

    return re.sub(r"[^\W_]+", mask, value)


def is_nhs_number(digits: str) -> bool:
    """Say whether ten digits end in the check digit of an NHS number (modulus 11).

    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918")
    (True, False)
    """
    if len(set(digits)) == 1:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits[:9], strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def _is_phone(match: re.Match[str]) -> bool:
    """Say whether a number is as long as a telephone number, and not a list of single figures."""
    groups = re.findall(r"\d+", match[0])
    digits = "".join(groups)
    if len(groups) > 6 or max(map(len, groups)) < 2:
        return False
    if "+" in match[0] or digits.startswith("00"):
        return 8 <= len(digits.removeprefix("00")) <= 15 and not digits.startswith("000")
    return len(digits) in (10, 11) and digits[1] in "1235789"


def _is_day(year: str, month: int, day: str) -> bool:
    try:
        return datetime.date(int(year), month, int(day)).year >= 1900
    except ValueError:
        return False


def _is_numeric_date(match: re.Match[str]) -> bool:
    first, separator, second, last = match.groups()
    if len(first) == 4 and len(last) == 2:
        return _is_day(first, int(second), last)
    if len(first) > 2 or len(last) == 3 or (len(last) == 2 and separator != "/"):
        return False
    year = last if len(last) == 4 else f"20{last}"
    return _is_day(year, int(second), first) or _is_day(year, int(first), second)


def _is_written_date(match: re.Match[str]) -> bool:
    day, month, year = match.groups()[:3] if match[1] else (match[5], match[4], match[6])
    return _is_day(year, [name[:3] for name in _MONTHS].index(month[:3].lower()) + 1, day)


def _is_personal(match: re.Match[str]) -> bool:
    host = re.sub(r"^\w+://", "", match[0].lower()).split("/")[0]
    return not any(host == known or host.endswith(f".{known}") for known in IMPERSONAL)


# A part of every identifier of a kind. The patterns of these kinds begin with any word, so they are slow on long texts.
_NECESSARY = {
    EMAIL: re.compile(r"@|[\[(]\s?at\s?[\])]", re.IGNORECASE),
    WEB: re.compile(r"://|www\.|\.\w", re.IGNORECASE),
}
_PATTERNS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (EMAIL, _EMAIL, bool),
    (WEB, _WEB, _is_personal),
    (HANDLE, _HANDLE, bool),
    (DATE, _NUMERIC_DATE, _is_numeric_date),
    (DATE, _WRITTEN_DATE, _is_written_date),
    (NHS, _NHS, lambda match: is_nhs_number(re.sub(r"\D", "", match[0]))),
    (PHONE, _PHONE, _is_phone),
    (POSTCODE, _POSTCODE, lambda match: match[1].lower() not in _ORDINALS and not match[1].lower().endswith("th")),
)


# --- names

_UPPER = "".join(re.escape(letter) for letter in map(chr, range(0x530)) if letter.isupper())
_TITLES = ("Dame", "Dr", "Lady", "Lord", "Miss", "Mr", "Mrs", "Ms", "Prof", "Professor", "Rev", "Sir")
_CAPITALISED = rf"(?:(?:Dr|Mrs?|Ms|Prof|Rev|[{_UPPER}])\.(?=\s)|[{_UPPER}][^\W\d_]*(?:['’-][^\W\d_]+)*)"
_BETWEEN = rf"(?:{_GAP}{{1,2}}|{_GAP}?\n)(?:(?:al|bin|da|de|del|der|di|la|van|von) )*"
_RUN = re.compile(rf"(?<![\w@.'’-]){_CAPITALISED}(?:{_BETWEEN}{_CAPITALISED})*")
_OPENING = " \t\u00a0\n\"'“‘([{*_#>-–—•`"  # what may come between two sentences
_ENDING = ".!?:;|…"  # of a sentence
_OWNED = re.compile(r"['’](?:s|m|d|t|ve|ll|re)?$")  # a possessive or a contracted verb
_CALENDAR = {*_MONTHS, *_DAYS, *(f"{day}s" for day in _DAYS), "christmas", "easter"}
#: Programs in which people code, by which a package says where it comes from; those all in capitals need no entry.
_PROGRAMS = {"dedoose", "excel", "hypothesis", "nvivo", "qualcoder", "quirkos", "taguette"}
#: What people call their relatives, as a name.
_FAMILY = {"mum", "mam", "mom", "mummy", "mommy", "dad", "daddy", "grandma", "grandpa", "grandad", "granddad"}
_NO_NAMES = _CALENDAR | _PROGRAMS | _FAMILY


def names(text: str, known: Collection[str]) -> Iterator[Identifier]:
    """Yield runs of capitalised words that may be names of people or places.

    A word is passed over at the beginning of a sentence (unless another capitalised word follows), in the calendar,
    where it is what people call a relative, a program in which people code, in capitals throughout, and where it is
    `known`, in lower case: a word that the texts also have without the capital, or a name that is public. After a
    title such as Dr, no word is passed over.

    >>> known = {"the", "clinic", "asked", "nurse"}
    >>> [found.value for found in names("The clinic asked Kim Alder. Nurse Lee agreed on Monday.", known)]
    ['Kim Alder', 'Lee']
    """
    for run in _RUN.finditer(text):
        words = list(re.finditer(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", run[0]))
        titled = words[0][0] in _TITLES
        unknown = [not titled and not _passed_over(word[0], known) for word in words]
        if titled:
            unknown[1:] = [True] * (len(words) - 1)
        # Of a name at the beginning of a sentence, the first word is no evidence, but belongs to it.
        evidence = unknown[1:] if _begins(text, run.start()) else unknown
        if any(evidence):
            first, last = unknown.index(True), len(unknown) - 1 - unknown[::-1].index(True)
            while first and len(words[first - 1][0]) == 1:  # an initial
                first -= 1
            start, end = words[first].start(), words[last].end()
            yield Identifier(NAME, _OWNED.sub("", run[0][start:end]), run.start() + start)


def _passed_over(word: str, known: Collection[str]) -> bool:
    stem = _OWNED.sub("", word.casefold())
    return len(stem) < 2 or word.isupper() or not word[0].isupper() or stem in _NO_NAMES or stem in known


def _begins(text: str, start: int) -> bool:
    """Say whether a sentence, a cell of a table, a heading or an item of a list begins here."""
    before = text[max(0, start - 40) : start]
    left = before.rstrip(_OPENING)
    return not left or left[-1] in _ENDING or "\n\n" in before[len(left) :]
