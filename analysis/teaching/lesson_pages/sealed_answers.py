"""Answers that can be recognised and not read: salted digests, and remarks that only the answer in question opens.

This keeps solutions from being come upon, and not from somebody who tries out all answers: where there are four
options, that takes four tries. The scripts of the page (`docs/scripts/lesson/judging.js`) do the same.
"""

import base64
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

_LENGTH = 16  # hexadecimal digits of a digest that are kept
#: A number exactly on the edge, but for the rounding of decimals, is within; as `Wanted` has it.
SLACK = 1e-9


@dataclass(frozen=True)
class Seal:
    """How answers to an exercise are sealed; `salt` differs from exercise to exercise."""

    salt: str

    def digest(self, item: str, answer: str) -> str:
        """Return the digest by which an answer to an item is recognised."""
        return _hashed(f"{self.salt}|{item}|{answer}").hex()[:_LENGTH]

    def secret(self, item: str) -> str:
        """Return what a right answer to an item opens; the secrets of all items together open what follows from all."""
        return _hashed(f"{self.salt}|{item}|secret").hex()[:_LENGTH]

    def closed(self, item: str, answer: str, text: str) -> str:
        """Return a text that only this answer opens, in base 64.

        >>> seal = Seal("ab")
        >>> seal.closed("a", "x", "seen") != seal.closed("a", "y", "seen"), len(seal.closed("a", "x", "seen"))
        (True, 8)
        """
        content = text.encode()
        blocks = (_hashed(f"{self.salt}|{item}|{answer}|{n}") for n in range(math.ceil(len(content) / 32)))
        return base64.b64encode(bytes(map(int.__xor__, content, b"".join(blocks)))).decode()


def salt(digest: str, number: str) -> str:
    """Return the salt of an exercise of a lesson, the same in each build."""
    return _hashed(f"{digest}|{number}").hex()[:_LENGTH]


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True)
class Band:
    """The numbers within a tolerance of one, as cells of a grid: a digest of its cell recognises a number.

    Two cells of the width of the tolerance reach from its lower to its upper edge, so that nothing is rounded. What
    is written is where the grid starts: the place of the number in its cell, and not in which cell it is.
    """

    start: float
    width: float
    first: int

    @classmethod
    def around(cls, number: float, tolerance: float) -> "Band":
        """Return the band of the numbers that are within a tolerance of one."""
        width = tolerance + SLACK
        first = math.floor((number - width) / width)
        return cls(number - width - first * width, width, first)

    def cell(self, number: float) -> int:
        """Return the cell of the grid in which a number is; 0 and 1 after `first` are those of the band.

        >>> band = Band.around(0.6, 0.006)
        >>> [band.cell(x) - band.first in (0, 1) for x in (0.594, 0.6, 0.606, 0.607, 0.593)]
        [True, True, True, False, False]
        """
        return math.floor((number - self.start) / self.width)

    def sealed(self, seal: Seal, item: str, cells: Mapping[int, str]) -> dict[str, object]:
        """Return the band for data files, with a text for each of some cells, counted from the first of the band."""
        inside = {
            seal.digest(item, str(self.first + at)): seal.closed(item, str(self.first + at), text)
            for at, text in cells.items()
        }
        return {"start": self.start, "width": self.width, "cells": dict(sorted(inside.items()))}
