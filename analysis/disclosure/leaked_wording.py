"""Runs of private words that are in public text."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from analysis.disclosure.public_texts import DisclosureError, Text, not_linked_out, rows
from analysis.support import paths
from analysis.support.errors import Fault
from analysis.wording.fingerprints import windows

#: Consecutive words that are reported; of a shorter piece, all of it, down to SHORTEST words.
RUN, SHORTEST = 8, 5
_WORD = re.compile(r"[^\W_]+")
#: Looks for runs in a text: where in it each starts, and its words.
_Search = Callable[[str], Iterator[tuple[int, str]]]


def repeated(public: Iterable[Text], folder: Path) -> Iterator[tuple[Text, int, str]]:
    """Yield where public text repeats private wording: the text, where in it the run starts, and the run's words.

    Words are normalised as for fingerprints and compared with `private/wording.csv`; without that table, with the
    fingerprints of the package, so that whole pieces of at least RUN words are found. Raises DisclosureError for a
    faulty table.
    """
    private, sealed = folder / paths.PRIVATE / "wording.csv", folder / "evidence" / "fragments.csv"
    if private.is_file():
        yield from _found(public, _for_wording(_column(not_linked_out(folder, private), "wording")))
    elif sealed.is_file():
        lengths, prints = _column(sealed, "words"), _column(sealed, "fingerprint")
        wanted = {(int(n), found) for n, found in zip(lengths, prints, strict=True) if n.isdecimal() and int(n) >= RUN}
        yield from _found(public, partial(_of_fingerprints, wanted=wanted))


def _found(public: Iterable[Text], search: _Search) -> Iterator[tuple[Text, int, str]]:
    seen: dict[str, list[tuple[int, str]]] = {}  # most cells of a table have the text of another
    for text in public:
        if text.text not in seen:
            seen[text.text] = list(search(text.text))
        yield from ((text, start, run) for start, run in seen[text.text])


def _for_wording(pieces: Iterable[str]) -> _Search:
    shingles: set[tuple[str, ...]] = set()
    for piece in pieces:
        words = tuple(word for word, _ in _words(piece))
        length = min(RUN, len(words))
        if length >= SHORTEST:
            shingles |= {words[n : n + length] for n in range(len(words) - length + 1)}
    lengths = sorted({len(shingle) for shingle in shingles}, reverse=True)
    return partial(_of_shingles, shingles=shingles, lengths=lengths, firsts={shingle[0] for shingle in shingles})


def _of_shingles(
    text: str, shingles: set[tuple[str, ...]], lengths: list[int], firsts: set[str]
) -> Iterator[tuple[int, str]]:
    placed = _words(text)
    words = tuple(word for word, _ in placed)
    end = 0
    for start, word in enumerate(words):
        if start < end or word not in firsts:
            continue
        length = next((n for n in lengths if words[start : start + n] in shingles), 0)
        if length:
            # A run goes on for as long as the next window of the same length is private, too.
            end = start + length
            while end < len(words) and words[end - length + 1 : end + 1] in shingles:
                end += 1
            yield placed[start][1], " ".join(words[start:end])


def _of_fingerprints(text: str, wanted: set[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    placed = _words(text)
    words = [word for word, _ in placed]
    for (length, _), starts in windows(words, wanted).items():
        for start in starts:
            yield placed[start][1], " ".join(words[start : start + length])


def _words(text: str) -> list[tuple[str, int]]:
    """Return the normalised words of a text, and where in the normalised text they start; line breaks stay."""
    if text.isascii():  # NFKC leaves it as it is
        normal = text.casefold()
    else:
        normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.replace("\u00ad", "")).casefold())
    return [(word[0], word.start()) for word in _WORD.finditer(normal)]


def _column(file: Path, column: str) -> list[str]:
    header, *table = rows(file)
    if column not in header or any(len(row) != len(header) for row in table):
        problem = f"the table needs a column {column!r} that is filled in each row"
        raise DisclosureError(Fault(file, problem, "Correct its columns, or move it away."))
    place = header.index(column)
    return [row[place] for row in table]
