r"""Fingerprints of the article's wording: seal them, verify them against a copy, restore the wording from it.

A *fragment* is an uninterrupted piece of the article: a quotation, or the label of a first-order code. Its
*fingerprint* is taken over words only (NFKC, casefolded, `[^\W_]+`, joined by one space; SHA-256, first 16 hex digits),
so that a window of as many words finds it in any copy whatever the punctuation and line breaks. Where a piece occurs
more than once, its citation decides: it has to follow within CITED_WITHIN words, and the piece with the nearest
citation is taken.

This is an integrity check, not an anonymisation: pieces of one or two words are trivially guessed.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from analysis.study.evidence import Evidence
from analysis.support import csv_tables, paths, safe_files
from analysis.support.atomic_writes import write_text
from analysis.support.errors import CompendiumError, Fault, raise_if_any, unreadable
from analysis.wording import copies

CITED_WITHIN = 30  # words between the end of a piece and its citation, at most
AROUND = 32  # characters of a copy that a match has of what is before and after it
WORDING_COLUMNS = ["owner_id", "n", "wording", "cited_as"]
FRAGMENT_COLUMNS = ["owner_id", "n", "words", "fingerprint", "cited_as"]

_WORD = re.compile(r"[^\W_]+")
# A base character with the marks that follow it: composed or decomposed, it is one character.
_CLUSTER = re.compile(r".[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]*", re.DOTALL)


class QuotationsError(CompendiumError):
    """Wording, fingerprints and a copy of the article do not fit together."""


class Word(NamedTuple):
    """A normalised word and its place in the text that it was taken from (`start`, `end` exclusive)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """The result of a search for one fragment.

    If it was found: its place in the text of the copy (`start`, `end` exclusive), its wording, and the characters
    before and after it.
    """

    owner_id: str
    n: int
    answer: Literal["found", "ambiguous", "not found"]
    start: int | None = None
    wording: str | None = None
    end: int | None = None
    before: str = ""
    after: str = ""


def words(text: str) -> list[Word]:
    """Return the normalised words of a text with their places.

    >>> [word.text for word in words("It\u2019s a \ufb01ne  \u201cCo-design\u201d")]
    ['it', 's', 'a', 'fine', 'co', 'design']
    """
    normal: list[str] = []
    origin: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        if cluster[0] == "\u00ad":  # a soft hyphen is a place to break a word, not a character
            continue
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster[0]).casefold())
        normal.append(folded)
        origin.extend([cluster.span()] * len(folded))
    return [
        Word(found[0], origin[found.start()][0], origin[found.end() - 1][1])
        for found in _WORD.finditer("".join(normal))
    ]


def fingerprint(piece: Iterable[str]) -> str:
    """Return the fingerprint of a sequence of normalised words.

    >>> fingerprint(word.text for word in words("Gateway!")) == fingerprint(["gateway"])
    True
    """
    return hashlib.sha256(" ".join(piece).encode()).hexdigest()[:16]


def find(copy: str, fragments: pd.DataFrame) -> list[Match]:
    """Look for every fragment in the text of a copy.

    `fragments` has the columns FRAGMENT_COLUMNS. A fragment is *found* where its words occur and its citation follows
    (or where it has none and its words occur once), *ambiguous* where two places are equally good, *not found*
    otherwise.
    """
    copied = words(copy)
    texts = [word.text for word in copied]
    found = windows(texts, set(zip(fragments["words"], fragments["fingerprint"], strict=True)))
    findings = []
    for owner_id, n, length, printed, cited_as in fragments[FRAGMENT_COLUMNS].to_numpy().tolist():
        starts = found.get((length, printed), [])
        if cited_as:
            starts = _nearest_cited(texts, starts, length, cited_as.split())
        if len(starts) == 1:
            start, end = copied[starts[0]].start, copied[starts[0] + length - 1].end
            before, after = copy[max(0, start - AROUND) : start], copy[end : end + AROUND]
            wording = " ".join(copy[start:end].split())
            findings.append(Match(owner_id, n, "found", start, wording, end, _spaced(before), _spaced(after)))
        else:
            findings.append(Match(owner_id, n, "ambiguous" if starts else "not found"))
    return findings


def _spaced(text: str) -> str:
    """Return a text with single spaces, also at its ends."""
    return re.sub(r"\s+", " ", text)


def windows(texts: Sequence[str], wanted: set[tuple[int, str]]) -> dict[tuple[int, str], list[int]]:
    """Map each wanted (number of words, fingerprint) to the places where such a window starts."""
    encoded = [text.encode() for text in texts]
    if not (lengths := {length for length, _ in wanted}):
        return {}
    places: dict[tuple[int, str], list[int]] = {}
    for start in range(len(encoded) - min(lengths) + 1):
        # One hash grows word by word and is read at every wanted length.
        growing = hashlib.sha256()
        for length, word in enumerate(encoded[start : start + max(lengths)], start=1):
            growing.update(word if length == 1 else b" " + word)
            if length in lengths and (key := (length, growing.hexdigest()[:16])) in wanted:
                places.setdefault(key, []).append(start)
    return places


def _nearest_cited(texts: Sequence[str], starts: list[int], length: int, citation: list[str]) -> list[int]:
    """Return the places that the citation follows most closely; none where it does not follow within CITED_WITHIN."""
    after: dict[int, int] = {}
    for start in starts:
        end = start + length
        for gap in range(CITED_WITHIN + 1):
            if list(texts[end + gap : end + gap + len(citation)]) == citation:
                after[start] = gap
                break
    return [start for start, gap in after.items() if gap == min(after.values())]


def verify(copy: Path, evidence: Evidence) -> list[Match]:
    """Look for every fragment of the evidence in a copy of the article (text, HTML or PDF).

    Raises CopyError for a file that cannot be read, QuotationsError for one that is not the article.
    """
    return _search(copy, evidence.fragments)


def located(copy: Path, evidence: Evidence) -> list[Match]:
    """Return where in a copy of the article each piece of each passage is.

    Raises QuotationsError unless all are found.
    """
    of_passages = evidence.fragments[evidence.fragments["owner_id"].isin(evidence.extracts["extract_id"])]
    findings = _search(copy, of_passages)
    _raise_unless_found(findings, copy, "", "Nothing was written; use a complete copy of the article.")
    return findings


def restore(copy: Path, evidence: Evidence, into: Path = paths.PRIVATE_WORDING) -> pd.DataFrame:
    """Write the wording of every fragment, cut out of a copy of the article, into the private table.

    Returns the table. Raises QuotationsError, and writes nothing, unless all fragments are found, or where another
    wording would be overwritten.
    """
    findings = _search(copy, evidence.fragments)
    _raise_unless_found(findings, copy, "", "Nothing was written; use a complete copy of the article.")
    wording = pd.Series([one.wording for one in findings], index=evidence.fragments.index, dtype=object)
    table = evidence.fragments.assign(wording=wording)[WORDING_COLUMNS]
    content = csv_tables.exact(table)
    if into.exists() and _sealed(_read_wording(into)).to_csv() != _sealed(table).to_csv():
        raise QuotationsError(Fault(into, "other wording is already there", "Move the file away and try again."))
    write_text(into, content, private=True)
    return table


def restored(evidence: Evidence, file: Path = paths.PRIVATE_WORDING) -> dict[str, str]:
    """Read the private wording of passages and labels; pieces of one owner are joined by […].

    Where the study has fingerprints, it has to be what they were made of. Raises QuotationsError where it is missing,
    cannot be read, or is not what was sealed.
    """
    table = _read_wording(file)
    if not evidence.fragments.empty and _sealed(table).to_csv() != evidence.fragments[FRAGMENT_COLUMNS].to_csv():
        remedy = "Move it away, and restore it again."
        raise QuotationsError(Fault(file, "this is not the wording that was sealed", remedy))
    pieces = table.groupby("owner_id", sort=False)["wording"].agg(" […] ".join)
    return dict(zip(pieces.index, pieces, strict=True))


def seal(copy: Path, evidence: Evidence, wording: Path = paths.PRIVATE_WORDING) -> pd.DataFrame:
    """Return the fragments of the private wording, each of which has to be found in the copy.

    Raises QuotationsError for a faulty wording table, an owner that the evidence does not have, or a piece that the
    copy does not have.
    """
    table = _read_wording(wording)
    for row, (n, piece) in enumerate(zip(table["n"], table["wording"], strict=True), start=2):
        if not words(piece):
            raise _unusable(wording, row, n)
    owners = [*evidence.extracts["extract_id"], *evidence.codes["code_id"]]
    known = {owner: place for place, owner in enumerate(owners)}
    raise_if_any(
        QuotationsError,
        (
            Fault(wording, "there is no such passage or code", "Correct owner_id.", row, "owner_id", owner)
            for row, owner in enumerate(table["owner_id"], start=2)
            if owner not in known
        ),
    )
    order = table["owner_id"].map(known)
    fragments = _sealed(table.assign(order=order).sort_values(["order", "n"], kind="stable"))
    remedy = "Compare its wording and citation with the copy; nothing was sealed."
    _raise_unless_found(_search(copy, fragments), wording, f" in {paths.shown(copy)}", remedy)
    return fragments


def _raise_unless_found(findings: Iterable[Match], file: Path, where: str, remedy: str) -> None:
    faults = (
        Fault(file, f"piece {one.n} of {one.owner_id} is {one.answer}{where}", remedy)
        for one in findings
        if one.answer != "found"
    )
    raise_if_any(QuotationsError, faults)


def _search(copy: Path, fragments: pd.DataFrame) -> list[Match]:
    """Search every text that a copy can be read as, and keep the best answer for each fragment."""
    searched = [find(text, fragments) for text in copies.texts(copy)]
    rank = ("found", "ambiguous", "not found")
    findings = [min(answers, key=lambda answer: rank.index(answer.answer)) for answers in zip(*searched, strict=True)]
    if findings and all(finding.answer == "not found" for finding in findings):
        problem = f"none of the {len(fragments)} pieces is in this file, so it is not the article"
        raise QuotationsError(Fault(copy, problem, "Give a copy of the full text, as text, HTML or PDF."))
    return findings


def _read_wording(file: Path) -> pd.DataFrame:
    content = _text_of(file)
    header = next(csv.reader(io.StringIO(content)), [])
    if header != WORDING_COLUMNS:
        remedy = f"The header has to be: {','.join(WORDING_COLUMNS)}"
        raise QuotationsError(Fault(file, "wrong columns", remedy, row=1, value=",".join(header)))
    table = pd.read_csv(io.StringIO(content), dtype=str, keep_default_na=False)
    for row, (n, wording) in enumerate(zip(table["n"], table["wording"], strict=True), start=2):
        # A passage may be a sign alone, of a chat for example; only what is sealed needs words.
        if not n.isdecimal() or not wording.strip():
            raise _unusable(file, row, n)
    return table.astype({"n": "int64"})


def _unusable(file: Path, row: int, n: object) -> QuotationsError:
    return QuotationsError(
        Fault(file, "a piece needs a number and words", "Correct the row.", row, "n, wording", str(n))
    )


def _text_of(file: Path) -> str:
    try:
        return safe_files.text(safe_files.not_linked_out(file.parent.parent, file))
    except FileNotFoundError:
        remedy = f"Run '{paths.COMMAND} quotations restore COPY' with a copy of the article first."
        raise QuotationsError(Fault(file, "the private wording is not here", remedy)) from None
    except OSError as fault:
        raise QuotationsError(unreadable(file, fault)) from None
    except safe_files.UnsafePathError as fault:
        raise QuotationsError(Fault(file, str(fault), "Copy the file itself there.")) from None
    except UnicodeDecodeError:
        raise QuotationsError(Fault(file, "the file is not UTF-8", "Save it as UTF-8.")) from None


def _sealed(wording: pd.DataFrame) -> pd.DataFrame:
    """Return the fragments of a table of wording."""
    pieces = [[word.text for word in words(piece)] for piece in wording["wording"]]
    return pd.DataFrame(
        {
            "owner_id": wording["owner_id"].to_list(),
            "n": wording["n"].to_list(),
            "words": [len(piece) for piece in pieces],
            "fingerprint": [fingerprint(piece) for piece in pieces],
            "cited_as": [" ".join(word.text for word in words(cited)) for cited in wording["cited_as"]],
        },
        columns=FRAGMENT_COLUMNS,
    )
