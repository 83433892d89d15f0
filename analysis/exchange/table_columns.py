"""Which column of a table is which: by its own names, by those of a program, or as the user says.

The names are those that programs write into their tables of coded segments, quotations, excerpts or annotations. Where
a program writes one code a row, a cell is not split; where it writes several, what separates them is known.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.exchange.import_report import ExchangeError
from analysis.exchange.taguette.project_file import levels as levels_of_tag
from analysis.support.errors import Fault

NEEDED = ("source", "passage", "code")
KNOWN = (*NEEDED, "coder", "facet", "start", "id", "memo", "notice")
LEVELS = " > "
_APPLIED = ("code: ", " applied")  # around the name of a code in a column of Dedoose
_YES = ("true", "1", "yes", "x")
_ROOTS = ("nodes", "codes")  # of the code tree in NVivo
Names = Mapping[str, Sequence[str]]


def _plain(name: str) -> list[str]:
    return [part for part in name.split(LEVELS) if part]


def _of_maxqda(name: str) -> list[str]:
    r"""Return the levels of a code of MAXQDA, of which older versions separate them by a backslash.

    >>> _of_maxqda("People > Trust"), _of_maxqda("People\\Trust")
    (['People', 'Trust'], ['People', 'Trust'])
    """
    return [part for part in name.replace("\\", LEVELS).split(LEVELS) if part]


def _of_nvivo(name: str) -> list[str]:
    r"""Return the levels of a code of NVivo, without the folder of all codes.

    >>> _of_nvivo("Nodes\\\\People\\Trust"), _of_nvivo("Trust")
    (['People', 'Trust'], ['Trust'])
    """
    parts = [part for part in name.split("\\") if part]
    return parts[1:] if len(parts) > 1 and parts[0].casefold() in _ROOTS else parts


def _whole(name: str) -> list[str]:
    return [name]


@dataclass(frozen=True)
class Layout:
    """The columns of a table: where each field is, and how its cells are read.

    `separator` is what separates codes in a cell, empty for one code a cell, None if it is not known. `applied` has the
    codes that have a column of their own, `categories` the columns of what a code lies below, the nearest first, and
    `number` that with the number of codes in a cell. `is_coding` says that equal rows are different codings.
    """

    program: str
    names: Names = field(default_factory=dict)
    separator: str | None = None
    levels: Callable[[str], list[str]] = _plain
    is_passage_id: bool = False
    is_coding: bool = False
    places: Mapping[str, int] = field(default_factory=dict)
    applied: tuple[tuple[int, str], ...] = ()
    categories: tuple[int, ...] = ()
    number: int | None = None

    def cell(self, name: str, cells: Sequence[str]) -> str:
        """Return the cell of a field, empty if the table has no such column."""
        return cells[self.places[name]] if name in self.places else ""

    def paths(self, names: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Yield the codes of a row, each with what it lies below; `names` are those in its cell."""
        above = [cells[place].strip() for place in reversed(self.categories)]
        if self.applied:
            names = [name for place, name in self.applied if cells[place].strip().casefold() in _YES]
        for name in names:
            yield (*filter(None, above), *self.levels(name))

    def used(self) -> set[int]:
        """Return the columns that are read."""
        number = () if self.number is None else (self.number,)
        return {*self.places.values(), *self.categories, *number, *(place for place, _ in self.applied)}


#: What a column of passages may be called by anybody: a table with one is no codebook.
_LIKE_PASSAGES = re.compile("passage|segment|quot|excerpt|extract|text|fragment|zitat|coded").search
_DOCUMENT = (
    "document name", "dokumentname", "nombre del documento", "nom du document", "nome do documento", "nazwa dokumentu",
)  # fmt: skip
_PLAIN = Layout("", {name: (name,) for name in KNOWN})
_PROGRAMS = (
    Layout(
        "Taguette",
        {"source": ("document",), "passage": ("content",), "code": ("tag",), "id": ("id",)},
        "", levels_of_tag, is_passage_id=True, is_coding=True,
    ),
    Layout(
        "QualCoder",
        {
            "source": ("filename", "file"), "passage": ("coded",), "code": ("codename",), "coder": ("coder",),
            "id": ("id",),
        },
        "", _whole,
    ),
    Layout(
        "MAXQDA",
        {
            "source": (*_DOCUMENT, "document", "dokument", "documento"),
            "passage": ("segment", "segmento", "coded segment", "codiertes segment", "fragment"),
            "code": ("code", "código", "codigo", "kod"),
            "coder": (
                "created by", "erstellt von", "creado por", "créé par", "criado por", "author", "autor", "auteur",
            ),
            "start": ("beginning", "begin", "anfang", "inicio", "début", "início", "początek"),
            "memo": ("comment", "kommentar", "comentario", "commentaire", "comentário", "komentarz"),
        },
        "", _of_maxqda, is_coding=True,
    ),
    Layout(
        "ATLAS.ti",
        {
            "source": ("document", "document name", "dokument", "documento"),
            "passage": ("quotation content", "text content"),
            "code": ("codes", "códigos"),
            "id": ("id", "number"),
        },
        "\n", _whole, is_passage_id=True,
    ),
    Layout(
        "Dedoose",
        {
            "source": ("media title", "resource title"), "passage": ("excerpt copy", "excerpt"),
            "code": ("codes applied combined",), "coder": ("excerpt creator",), "start": ("excerpt range",),
        },
        ",", _of_maxqda,
    ),
    Layout(
        "NVivo",
        {
            "source": ("hierarchical name.2", "file name", "source name", "file", "source"), "passage": ("coded text",),
            "code": ("hierarchical name", "code name", "node name", "code", "node"),
            "coder": ("user name", "coded by", "coded by initials", "initials"),
        },
        "", _of_nvivo,
    ),
    Layout(
        "RQDA",
        {
            "source": ("filename", "fileid", "fid"), "passage": ("seltext",), "code": ("codename", "code"),
            "coder": ("owner",), "start": ("selfirst", "index1"), "memo": ("memo",),
        },
        "", _whole,
    ),
    Layout(
        "Hypothesis",
        {"source": ("url",), "passage": ("quote/description", "quote"), "code": ("tags",), "coder": ("author",)},
        ",", _whole,
    ),
)  # fmt: skip
OF_SOURCES = {name for layout in _PROGRAMS for name in layout.names["source"]}
OF_PASSAGES = {name for layout in _PROGRAMS for name in layout.names["passage"]}


def numbered(header: Sequence[str]) -> list[str]:
    """Return the names of columns in small letters; one that occurs again has a number.

    >>> numbered(["Name ", "Code", "name"])
    ['name', 'code', 'name.2']
    """
    found: list[str] = []
    for name in (cell.strip().casefold() for cell in header):
        times = 1 + sum(other == name or other.startswith(f"{name}.") for other in found) if name in found else 1
        found.append(name if times == 1 else f"{name}.{times}")
    return found


def recognized(header: Sequence[str], chosen: Mapping[str, str]) -> Layout | None:
    """Return the layout of a table by its header, None if it is of no known kind.

    `chosen` has the column that a user named for a field; it goes first.
    """
    columns = numbered(header)
    own = {name: place for name, column in chosen.items() if (place := _place(columns, [column])) is not None}
    if len(own) < len(chosen):
        return None
    for known in (_PLAIN, *_PROGRAMS):
        places = {name: place for name, names in known.names.items() if (place := _place(columns, names)) is not None}
        if known.program and not any(
            name in places and places[name] not in own.values() for name in ("passage", "code")
        ):
            continue
        if all(name in places or name in own for name in NEEDED) and len({*(places | own).values()}) == len(
            places | own
        ):
            # Document and Code are what anybody may call columns: they do not show that MAXQDA wrote the table.
            is_anybodys = known.is_coding and "passage" in own and not {"coder", "start", "memo", "id"} & {*places}
            found = replace(_PLAIN if is_anybodys else known, places=places | own)
            return _completed(found, header, "code" in own)
    return None


def is_ambiguous(header: Sequence[str], layout: Layout) -> bool:
    """Say whether a column that is read has a name that another has, too, where no program is known to write that."""
    names = [cell.strip().casefold() for cell in header]
    return not layout.program and any(names.count(names[place]) > 1 for place in layout.used())


def _completed(layout: Layout, header: Sequence[str], is_code_chosen: bool) -> Layout:
    """Return a layout with the columns that only some programs have."""
    if layout.program == "Dedoose" and not is_code_chosen:
        applied = [(place, code) for place, column in enumerate(header) if (code := _applied(column))]
        # The column with all codes of an excerpt says less: it has no levels, and commas in names.
        places = {name: place for name, place in layout.places.items() if name != "code" or not applied}
        return replace(layout, applied=tuple(applied), places=places)
    columns = numbered(header)
    if layout.program == "QualCoder" and not is_code_chosen:
        found = (place for place, column in enumerate(columns) if column.partition(".")[0] == "category")
        return replace(layout, categories=tuple(found))
    if layout.program == "ATLAS.ti":
        layout = replace(layout, number=_place(columns, ["number of codes"]))
    if is_code_chosen and layout.program not in ("", "MAXQDA"):
        return replace(layout, separator=None)
    return layout


def _applied(column: str) -> str:
    """Return the code that a column of Dedoose says is applied, as it is written; empty for another column.

    >>> _applied("Code: Trust Applied"), _applied("Code: Trust Weight")
    ('Trust', '')
    """
    (before, behind), plain = _APPLIED, column.strip()
    is_applied = plain.casefold().startswith(before) and plain.casefold().endswith(behind)
    return plain[len(before) : -len(behind)] if is_applied else ""


def _place(columns: Sequence[str], names: Sequence[str]) -> int | None:
    """Return the column that has the first of some names that any column has."""
    return next((columns.index(name) for name in map(str.casefold, map(str.strip, names)) if name in columns), None)


def chosen(options: Sequence[str]) -> dict[str, str]:
    """Return the columns that a user named as FIELD=NAME; ExchangeError for anything else.

    >>> chosen(["passage=Text Content"])
    {'passage': 'Text Content'}
    """
    found = {}
    for option in options:
        name, _, column = option.partition("=")
        if name.strip() not in KNOWN or not column.strip():
            remedy = f'Write it like passage="Text Content"; the fields are {", ".join(KNOWN)}.'
            raise ExchangeError(Fault("--column", "this names no field and column", remedy, value=option))
        found[name.strip()] = column.strip()
    return found


def refuse(file: Path, header: Sequence[str], row: int, chosen: Mapping[str, str]) -> ExchangeError:
    """Return the error for a table whose columns are not known."""
    columns = numbered(header)
    if absent := [column for column in chosen.values() if _place(columns, [column]) is None]:
        problem, remedy = f"there is no column {absent[0]!r}, which --column names", "Name a column that is there."
    elif "code" in columns and "passage" not in chosen and not any(map(_LIKE_PASSAGES, columns)):
        problem = "the table has codes, and no coded passages, as a codebook"
        remedy = (
            "Export the table of coded segments, quotations or excerpts; or say with --column which column is which."
        )
    else:
        plain = [name for name in NEEDED if name not in columns and name not in chosen]
        program, plain = _likely(columns, chosen) or ("", plain)
        whose = f"this seems to be a table of {program}, but " if program else ""
        problem = f"{whose}there is no column {' or '.join(plain)}" if plain else "two columns have the same name"
        remedy = (
            f'Say which column is which, for example --column {(plain or ["passage"])[0]}="NAME". The columns are '
            f"{', '.join(KNOWN)}; the first three are required."
        )
    return ExchangeError(Fault(file, problem, remedy, row=row, value=", ".join(cell.strip() for cell in header)[:400]))


def _likely(columns: Sequence[str], chosen: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """Return the program whose columns some of these are, with the needed ones that are missing; None if none shows."""
    found = []
    for known in _PROGRAMS:
        there = {name for name, names in known.names.items() if _place(columns, names) is not None}
        if known.program == "Dedoose" and any(column.startswith(_APPLIED[0]) for column in columns):
            there.add("code")
        missing = [name for name in NEEDED if name not in there and name not in chosen]
        if len(there) > 2 and missing:
            found.append((len(there), known.program, missing))
    best = max(found, key=lambda one: one[0], default=None)
    return best[1:] if best else None
