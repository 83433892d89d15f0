"""All public text of a study package, piece by piece, with the file, row and field of each piece."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from analysis.support import formatting, paths, safe_files, strict_json
from analysis.support.errors import CompendiumError, Fault

#: Members of a package's description that name its authors and sources: they are published already.
_CITED = ("contributors", "licenses", "sources")
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {"a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
FEWEST_TITLES = 3  # names of codes of three words or more from which title case is a habit
_LOWER = re.compile(r"(?<![\w.@/'’-])[^\W\d_]+(?![\w@]|\.\w)")  # no part of an address or a file's name


class DisclosureError(CompendiumError):
    """A package that cannot be searched for what may disclose a person's identity."""


class Text(NamedTuple):
    """A cell of a table, a string of JSON, or a whole file; `row` is where it begins."""

    file: str
    row: int | None
    field: str | None
    text: str

    def row_at(self, start: int) -> int | None:
        """Return the row of a place in this text; in a cell or a string of JSON, that of the whole."""
        return self.row if self.field is not None or self.row is None else self.row + self.text.count("\n", 0, start)


def read(folder: Path) -> tuple[list[Text], list[str]]:
    """Return the texts of a package, and the names of files that are not text, or too large.

    Hidden and private files are left out.

    Raises DisclosureError for a folder that is missing or has no files.
    """
    files = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    public = [name for name in files if not any(part.startswith(".") or part == paths.PRIVATE for part in name.parts)]
    if not public:
        problem = "the folder has no files" if folder.is_dir() else "there is no such folder"
        raise DisclosureError(Fault(folder, problem, "Give the folder of a study."))
    found, unread = list[Text](), list[str]()
    for name in public:
        try:
            text = safe_files.text(not_linked_out(folder, folder / name), "utf-8-sig")
            found += _pieces(name.as_posix(), text)
        except (UnicodeDecodeError, safe_files.LargeFileError):
            unread.append(name.as_posix())
    return found, unread


def not_linked_out(folder: Path, file: Path) -> Path:
    """Return a file of a package; DisclosureError where a link on the way to it leads out of the package."""
    try:
        return safe_files.not_linked_out(folder, file)
    except safe_files.UnsafePathError as fault:
        remedy = "Copy the file itself into the folder of the package, or remove the link."
        raise DisclosureError(Fault(file, str(fault), remedy)) from None


def rows(file: Path) -> list[list[str]]:
    """Return the rows of a CSV file, the header first; DisclosureError if it is not one."""
    try:
        return list(csv.reader(io.StringIO(safe_files.text(file, "utf-8-sig"), newline=""), strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise DisclosureError(Fault(file, f"not valid CSV in UTF-8: {fault}", "Correct the file.")) from None


def _pieces(name: str, text: str) -> list[Text]:
    """Return the pieces of a file; a faulty table or JSON file is one piece."""
    try:
        if name.endswith(".csv"):
            return list(_cells(name, text))
        if name.endswith(".json"):
            return [Text(name, None, path, value) for path, value in _strings(strict_json.parsed(text))]
    except (csv.Error, json.JSONDecodeError):
        pass
    return [Text(name, 1, None, text)]


def _cells(name: str, text: str) -> Iterator[Text]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    yield from (Text(name, 1, column, column) for column in header)
    for number, row in enumerate(reader, start=2):
        for place, cell in enumerate(row):
            column = header[place] if place < len(header) else f"column {place + 1}"
            yield Text(name, number, column, cell)


def _strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string within a value of JSON, names of members too, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield f"{path}.{key}".lstrip("."), key
            yield from _strings(member, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from _strings(member, f"{path}[{place}]")


def common(pieces: Iterable[Text]) -> set[str]:
    """Return the words that texts have without a capital; with a capital, these are not taken for names."""
    return {word for text in {piece.text for piece in pieces} for word in _LOWER.findall(text) if word.islower()}


def names_of_codes_in_title_case(pieces: Iterable[Text]) -> set[Text]:
    """Return the names of codes that are written In Title Case, if most names of several words in the codebook are.

    There, a capital says nothing. Where few names of codes are written so, or only such of two words, each may be
    that of a person.
    """
    cells = [piece for piece in pieces if piece.field == "name" and Path(piece.file).name == "codes.csv"]
    several = [piece for piece in cells if len(_WORD.findall(piece.text)) > 1 and not piece.text.isupper()]
    titles = {piece for piece in several if _in_title_case(piece.text)}
    long = [piece for piece in titles if len(_WORD.findall(piece.text)) > 2]  # as names of people rarely are
    return titles if len(long) >= FEWEST_TITLES and 2 * len(titles) > len(several) else set()


def _in_title_case(name: str) -> bool:
    """Say whether all words of a name have a capital but for the short ones between them.

    >>> _in_title_case("Being Asked by a Funder"), _in_title_case("Letters from Kim"), _in_title_case("What Kim said")
    (True, True, False)
    """
    return all(word[0].isupper() or word in _SMALL for word in _WORD.findall(name))


def published(folder: Path) -> set[str]:
    """Return the words, in lower case, and the dates with which a package cites publications.

    These are its contributors, licences and sources, the article that it re-analyses, and documents among its sources.
    """
    package = description(folder)
    file = folder / "evidence" / "sources.csv"
    header, *table = rows(file) if file.is_file() else [[]]
    sources = [dict(zip(header, row, strict=False)) for row in table]
    documents = [row for row in sources if row.get("kind") == "document"]
    named = [row.get(column, "") for row in documents for column in ("label", "title")]
    cited = [package.get("study", {}).get("article"), *(package.get(member) for member in _CITED)]
    named += [text for member in cited for _, text in _strings(member)]
    days = [day for row in documents if _DAY.fullmatch(day := row.get("published", ""))]
    return {word.casefold() for text in named for word in _WORD.findall(text)} | {
        written.casefold() for day in days for written in (day, formatting.date(day))
    }


def description(folder: Path) -> dict[str, Any]:
    """Return the description of a package, empty where it has none; DisclosureError if it is not JSON."""
    file = folder / "datapackage.json"
    try:
        package = strict_json.parsed(safe_files.text(file, "utf-8-sig")) if file.is_file() else {}
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        remedy = "Correct the description of the package."
        raise DisclosureError(Fault(file, f"not valid JSON in UTF-8: {fault}", remedy)) from None
    if not isinstance(package, dict) or not isinstance(package.get("study", {}), dict):
        raise DisclosureError(Fault(file, "this does not describe a package", "Correct it."))
    return package
