"""What other programs expect of a project beyond what the standard requires, so that their imports keep all of it.

QualCoder takes the coder, the time and the memo of a coding from its selection, and shares them among all codings of
that selection. Its import stops at a note without a time, and at a project that does not name a program. Here a
project gets what it expects, in the places that the standard has for it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from analysis.exchange.exchange_errors import ExchangeError
from analysis.exchange.identities import guid_of
from analysis.exchange.project import Coding, Project, Selection, Source
from analysis.exchange.refi_qda.reading import each_text
from analysis.exchange.xml_text import IMPOSSIBLE
from analysis.support.errors import Fault

ORIGIN = "Power in co-production, a research compendium"
UNKNOWN_TIME = "1970-01-01T00:00:00Z"  # stands for a time that is not known where a program cannot do without one
_SECONDS = "SOURCE_DATE_EPOCH"


def portable(project: Project, time: str, each: bool = False) -> Project:
    """Return a project with an origin, notes that have a time, and selections that share one coder and one memo.

    A selection whose codings differ in these becomes several at the same place, which the reader here takes for one
    passage. With `each`, every coding gets a selection. A selection that does not have to be divided, and names who
    made it, stays as it is. `time` is given to notes that have none; nothing else gets a time that is not known.
    """
    memos = memos_of(project)

    def apart(source: Source) -> Source:
        if not source.selections:
            return source
        found = tuple(one for selection in source.selections for one in _apart(selection, memos, each))
        return source if found == source.selections else replace(source, selections=found)

    whole = each_text(project, apart)
    notes = tuple(note if note.created or note.edited else replace(note, created=time) for note in whole.notes)
    return replace(whole, origin=project.origin or ORIGIN, notes=notes)


def memos_of(project: Project) -> dict[str, str]:
    """Return the text of each note by its GUID, without what a description in XML cannot hold."""
    return {note.guid: IMPOSSIBLE.sub("", note.content or note.description) for note in project.notes}


def memo(notes: tuple[str, ...], memos: Mapping[str, str]) -> str:
    """Return what the notes of a coding or selection say, one after the other."""
    return "\n".join(memos[note] for note in notes if memos.get(note))


def time_of_writing() -> str:
    """Return the time for notes without one: SOURCE_DATE_EPOCH where it is set, else the one that means not known.

    The clock is not asked, since the same study gives the same bytes.
    """
    seconds = os.environ.get(_SECONDS)
    if not seconds:
        return UNKNOWN_TIME
    try:
        return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        problem = "it has to be a number of seconds since 1970"
        raise ExchangeError(Fault(_SECONDS, problem, "Set another, or none.", value=seconds)) from None


def _apart(selection: Selection, memos: Mapping[str, str], each: bool) -> Iterator[Selection]:
    """Yield a selection with the codings that it can speak for, and others at its place for the rest of them."""
    if not selection.codings:
        told = selection.description or memo(selection.notes, memos)
        yield selection if told == selection.description else selection._replace(description=told)
        return
    groups: dict[tuple[str, str, str], list[Coding]] = {}
    for coding in selection.codings:
        key = coding.coder or selection.author, memo(coding.notes, memos), coding.guid if each else ""
        groups.setdefault(key, []).append(coding)
    own = next((key for key in groups if _speaks_for(selection, *key[:2])), next(iter(groups)))
    for key, codings in groups.items():
        coder, said, _ = key
        time = min((coding.time for coding in codings if coding.time), default="")
        if key == own:
            yield selection._replace(
                codings=tuple(codings),
                author=selection.author if selection.author and len(groups) == 1 else coder,
                description=_with(selection.description, said),
                created=selection.created or time,
            )
        else:
            guid = guid_of("selection", selection.guid, *key)
            yield Selection(
                selection.kind, guid, selection.place, selection.name, said, tuple(codings), author=coder, created=time
            )


def _speaks_for(selection: Selection, coder: str, said: str) -> bool:
    """Say whether a selection can have a coder's codings with a memo, and stay as it is where it says something."""
    return selection.author in ("", coder) and (not selection.description or _has(selection.description, said))


def _with(description: str, said: str) -> str:
    """Return a description with a memo, if it does not have it yet."""
    return description if _has(description, said) else f"{description}\n{said}".lstrip("\n")


def _has(description: str, said: str) -> bool:
    """Say whether a description has a memo on lines of its own."""
    return not said or f"\n{said}\n" in f"\n{description}\n"


def without(description: str, said: str) -> str:
    """Return a description without a memo that stands on its last lines."""
    return "" if description == said else description.removesuffix(f"\n{said}" if said else "")
