"""Wording as a project can hold it: names of passages, and text that XML cannot hold."""

import re

from analysis.exchange.import_report import Report

IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0
_LONGEST_NAME = 80


def without_impossible(text: str, report: Report) -> str:
    """Return text without the characters that XML cannot hold, and report them."""
    cleaned = IMPOSSIBLE.sub("", text)
    if cleaned != text:
        report.lost.add("a control character in a name or description")
    return cleaned


def as_name(passage: str) -> str:
    """Return a passage as the name of its selection: on one line, and cut off at a word where it is long.

    >>> as_name("We asked" + chr(10) + "them to come."), as_name("word " * 40)[-12:]
    ('We asked them to come.', 'd word word…')
    """
    line = " ".join(IMPOSSIBLE.sub("", passage).split())
    if len(line) <= _LONGEST_NAME:
        return line
    return f"{line[:_LONGEST_NAME].rpartition(' ')[0] or line[:_LONGEST_NAME]}…"
