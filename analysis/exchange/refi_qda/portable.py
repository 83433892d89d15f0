"""Add to a project what other programs expect beyond the standard, so that their imports keep all of it.

QualCoder takes the coder, the time and the memo of a coding from its selection, and shares them among all codings of
that selection. Its import stops at a note without a time, and at a project that does not name a program. All these are
added where the standard has a place for them.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from analysis.exchange.import_report import ExchangeError
from analysis.exchange.project import NOT_IN_XML, Coding, Project, Selection, Source, guid_of
from analysis.support.errors import Fault

ORIGIN = "Power in co-production, a research compendium"
UNKNOWN_TIME = "1970-01-01T00:00:00Z"  # where a program requires a time that is not known
_SECONDS = "SOURCE_DATE_EPOCH"


def portable(project: Project, time: str, each: bool = False) -> Project:
    """Return a project with an origin, notes that have a time, and selections that share one coder and one memo.

    A selection whose codings differ in these becomes several at the same place, which an import here takes for one
    passage. With `each`, every coding gets a selection. A selection that does not have to be divided, and names its
    author, stays as it is. `time` is given to notes that have none; nothing else gets a time that is not known.
    """
    memos = memos_of(project)

    def divided(source: Source) -> Source:
        found = tuple(one for selection in source.selections for one in _divided(selection, memos, each))
        return source if found == source.selections else replace(source, selections=found)

    whole = project.with_each_text(divided)
    notes = tuple(note if note.created or note.edited else replace(note, created=time) for note in whole.notes)
    return replace(whole, origin=project.origin or ORIGIN, notes=notes)


def memos_of(project: Project) -> dict[str, str]:
    """Return the text of each note by its GUID, without characters that XML cannot hold."""
    return {note.guid: NOT_IN_XML.sub("", note.content or note.description) for note in project.notes}


def memo(notes: tuple[str, ...], memos: Mapping[str, str]) -> str:
    """Return the text of the notes of a coding or selection, one after the other."""
    return "\n".join(memos[note] for note in notes if memos.get(note))


def time_of_writing() -> str:
    """Return the time for notes without one: SOURCE_DATE_EPOCH where it is set, else UNKNOWN_TIME.

    It is not the current time, since the same study has to give the same bytes. Raises ExchangeError where
    SOURCE_DATE_EPOCH is not a number of seconds.
    """
    seconds = os.environ.get(_SECONDS)
    if not seconds:
        return UNKNOWN_TIME
    try:
        return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        problem = "it has to be a number of seconds since 1970"
        raise ExchangeError(Fault(_SECONDS, problem, "Set another, or none.", value=seconds)) from None


def _divided(selection: Selection, memos: Mapping[str, str], each: bool) -> Iterator[Selection]:
    """Yield a selection with the codings that share its coder and memo, and others at its place for the rest."""
    if not selection.codings:
        yield selection._replace(description=selection.description or memo(selection.notes, memos))
        return
    groups: dict[tuple[str, str, str], list[Coding]] = {}
    for coding in selection.codings:
        key = coding.coder or selection.author, memo(coding.notes, memos), coding.guid if each else ""
        groups.setdefault(key, []).append(coding)
    author, description = selection.author, selection.description
    # The selection keeps its author and description for the first group that agrees with them.
    agreeing = (key for key in groups if author in ("", key[0]) and (not description or _has(description, key[1])))
    own = next(agreeing, next(iter(groups)))
    for key, codings in groups.items():
        coder, text, _ = key
        time = min((coding.time for coding in codings if coding.time), default="")
        if key == own:
            yield selection._replace(
                codings=tuple(codings),
                author=author if author and len(groups) == 1 else coder,
                description=description if _has(description, text) else f"{description}\n{text}".lstrip("\n"),
                created=selection.created or time,
            )
        else:
            guid = guid_of("selection", selection.guid, *key)
            yield Selection(
                selection.kind, guid, selection.place, selection.name, text, tuple(codings), author=coder, created=time
            )


def _has(description: str, text: str) -> bool:
    """Say whether a description has a memo on lines of its own."""
    return not text or f"\n{text}\n" in f"\n{description}\n"


def without(description: str, text: str) -> str:
    """Return a description without a memo on its last lines."""
    return "" if description == text else description.removesuffix(f"\n{text}" if text else "")
