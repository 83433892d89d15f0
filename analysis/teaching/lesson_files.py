"""Lesson files: one TOML file holds everything of a lesson. Read, and checked against the keys that there are.

What is checked here needs no study: `analysis.teaching.lesson_building` checks the rest as it builds. Every fault names
the file, the line and what to do about it, and all of them are reported together.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.support import formatting, safe_files
from analysis.support.errors import CompendiumError, Fault, raise_if_any, unreadable
from analysis.teaching import lesson_keys, toml_places
from analysis.teaching.exercises import did_you_mean
from analysis.teaching.lesson_keys import Keys, Takes
from analysis.teaching.toml_places import Path as Place

#: The lessons of the compendium.
FOLDER = Path(__file__).parent / "lessons"
FORMAT, VERSION = "lesson", 1
LARGEST = 1_000_000  # bytes of a lesson file; the longest of the compendium has a twentieth of it
_KINDS_OF_PART = ("text", "exercise", "table", "figure")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class LessonFileError(CompendiumError):
    """A lesson file that cannot be used; it says where, and what to do."""


@dataclass(frozen=True, eq=False)
class LessonFile:
    """A lesson file as it was read, with the line of everything in it."""

    file: Path
    data: dict[str, Any]
    places: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a place in the file, or of what it is in."""
        return next((self.places[place[:end]] for end in range(len(place), 0, -1) if place[:end] in self.places), 1)

    def fault(self, place: Place, problem: str, remedy: str, value: object = None) -> Fault:
        """Return what is wrong at a place."""
        field = ".".join(str(step + 1) if isinstance(step, int) else step for step in place)
        said = None if value is None else str(value)
        return Fault(self.file, problem, remedy, field=field or None, value=said, line=self.line(place))


def bundled() -> dict[str, Path]:
    """Return the lesson files of the compendium by name, in the order of their numbers."""
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        head = tomllib.loads(safe_files.text(file))
        if head.get("format") == FORMAT:
            found[file.stem] = (str(head.get("number", "")), file)
    return {name: file for name, (_, file) in sorted(found.items(), key=lambda item: item[1][0])}


def read(file: Path) -> LessonFile:
    """Return a lesson file that can be read and is TOML; its keys are not checked yet.

    Raises LessonFileError for a file that is not there, too large, not UTF-8 or not TOML.
    """
    try:
        content = safe_files.content(file)
    except FileNotFoundError:
        raise LessonFileError(Fault(file, "the file is missing", "Give the path of a lesson file (.toml).")) from None
    except OSError as fault:
        raise LessonFileError(unreadable(file, fault)) from None
    if len(content) > LARGEST:
        problem = f"the file has {len(content):,} bytes, and a lesson has at most {LARGEST:,}"
        raise LessonFileError(Fault(file, problem, "Give a lesson file; texts of interviews belong to a study."))
    text = _text(file, content)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise LessonFileError(_not_toml(file, text, fault)) from None
    return LessonFile(file, data, toml_places.lines(text.replace("\r\n", "\n")))


def _text(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        value = repr(content[fault.start : fault.end])
        raise LessonFileError(
            Fault(file, "the file is not UTF-8", "Save it as UTF-8.", value=value, line=line)
        ) from None


def _not_toml(file: Path, text: str, fault: Exception) -> Fault:
    """Return where a text is not TOML, with a remedy for what people often do."""
    said = str(fault).split(" (at ")[0] or "it is nested too deeply"
    found = re.search(r"at line (\d+)", str(fault))
    line = int(found[1]) if found else max(text.count("\n"), 1)
    lines = text.splitlines()
    if said.startswith("Unclosed"):
        line = _before(lines, line, str(fault))
    wrong = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    remedy = "Correct this line. A text is between quotation marks; a long one between three at both ends."
    if re.match(r"[\w.-]+\s*:", wrong):
        remedy = "Write an equals sign between a key and its value, not a colon."
    elif "“" in wrong or "„" in wrong:
        remedy = 'Use straight quotation marks (") around a text.'
    elif said.startswith("Unclosed"):
        remedy = "Put a comma after this line if more follows, or else close the bracket."
    elif "overwrite" in said or "twice" in said:
        remedy = "The same key or table is there twice. Keep one of them."
    elif not found:
        remedy = "A quotation mark or a bracket is not closed. Look further up."
    return Fault(file, f"not valid TOML: {said[:1].lower()}{said[1:]}", remedy, value=wrong or None, line=line)


def _before(lines: list[str], line: int, said: str) -> int:
    """Return the last line of what is not closed: a reader finds that out at the next thing, often a line below."""
    column = re.search(r"column (\d+)", said)
    if column is None or lines[line - 1][: int(column[1]) - 1].strip():
        return line
    above = (number for number in range(line - 1, 0, -1) if lines[number - 1].split("#")[0].strip())
    return next(above, line)


def check(lesson: LessonFile) -> None:
    """Check what needs no study; raise LessonFileError with every fault that was found."""
    raise_if_any(LessonFileError, in_order(faults(lesson)))


def in_order(found: Iterable[Fault]) -> list[Fault]:
    """Return faults in the order of their lines, each once."""
    return sorted(dict.fromkeys(found), key=lambda fault: fault.line or 0)


def faults(lesson: LessonFile) -> Iterator[Fault]:
    """Yield what is wrong with the keys of a lesson file and with what they refer to."""
    data = lesson.data
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        problem = "this is not a lesson file of version 1"
        remedy = f'Begin it with format = "{FORMAT}" and version = {VERSION}, or copy a lesson of the compendium.'
        yield lesson.fault(("format",) if "format" in data else (), problem, remedy, data.get("format"))
        return
    found = list(_of_table(lesson, lesson_keys.TOP, data, ()))
    yield from found
    broken = {fault.field.split(".")[0] for fault in found if fault.field}
    if "exercises" in data and "exercises" not in broken:
        yield from _of_exercises(lesson)
        if not broken & {"sections", "plans"} and {"sections", "plans"} <= data.keys():
            yield from _of_order(lesson)
    if not broken & {"name", "number", "language", "show"} and {"name", "number", "language"} <= data.keys():
        yield from _of_head(lesson)


def _of_head(lesson: LessonFile) -> Iterator[Fault]:
    data = lesson.data
    if not _NAME.fullmatch(data["name"]):
        remedy = "Use small letters, digits and hyphens, as in my-lesson."
        yield lesson.fault(("name",), "this cannot be the name of files", remedy, data["name"])
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", data["language"]):
        remedy = 'Give its code of two letters: "en", "de" or "es".'
        yield lesson.fault(("language",), "this is not the code of a language", remedy, data["language"])
    if data.get("show", "gist") not in ("gist", "wording"):
        yield lesson.fault(
            ("show",), "passages are shown as gists or in their wording", "Write gist or wording.", data["show"]
        )
    for number, objective in enumerate(data.get("key_points", [1])):
        if not objective:
            yield lesson.fault(("key_points", number), "a text is empty", "Write one, or take the line out.")


# --- tables and their keys


def _of_table(lesson: LessonFile, keys: Keys, table: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    """Yield the keys of a table that there are not, that are missing, or that hold something else."""
    for key, value in table.items():
        if key not in keys:
            yield lesson.fault((*place, key), "there is no such key here", f"Take it out{did_you_mean(key, keys)}")
        else:
            yield from _of_value(lesson, keys[key], value, (*place, key))
    for key, one in keys.items():
        if one.needed and key not in table:
            yield lesson.fault(place, f"the key {key} is missing", f"Add it: {_written(one.takes)}. {one.meaning}")


def _written(takes: Takes) -> str:
    return f"a {takes.value}" if takes.value[0] not in "lnrtw" or takes.value.startswith("l") else takes.value


def _of_value(lesson: LessonFile, key: lesson_keys.Key, value: Any, place: Place) -> Iterator[Fault]:
    if not _TESTS[key.takes](value):
        yield lesson.fault(place, f"this has to be {_EXPECTED[key.takes]}", f"{key.meaning}", _short(value))
        return
    if key.takes is Takes.TEXT and key.needed and not value.strip():
        yield lesson.fault(place, "the text is empty", f"Write one. {key.meaning}")
    if key.takes is Takes.SHOWN:
        yield from _of_parts(lesson, value, place)
    elif key.takes is Takes.TABLE and key.of:
        yield from _of_table(lesson, key.of, value, place)
    elif key.takes in (Takes.TABLES, Takes.NAMED_TABLES) and key.of:
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _of_table(lesson, key.of, one, (*place, step))


def _short(value: Any) -> str:
    return value if isinstance(value, str) else type(value).__name__ if isinstance(value, dict | list) else str(value)


def _of_parts(lesson: LessonFile, parts: list[dict[str, Any]], place: Place) -> Iterator[Fault]:
    for number, part in enumerate(parts):
        # The table of a figure is an option of the figure.
        kinds = [kind for kind in _KINDS_OF_PART if kind in part and not (kind == "table" and "figure" in part)]
        if len(kinds) != 1 or not isinstance(part[kinds[0]], str):
            remedy = 'Write { text = "…" }, { exercise = "NAME" }, { table = "NAME" } or { figure = "NAME" }.'
            yield lesson.fault((*place, number), "a part is one of text, exercise, table and figure", remedy)
        elif kinds[0] in ("text", "exercise") and len(part) > 1:
            other = next(key for key in part if key != kinds[0])
            yield lesson.fault((*place, number, other), f"a part that is {kinds[0]} has no other key", "Take it out.")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list_of(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _names_of(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(test, value.values()))


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_computed(value: Any) -> bool:
    return _is_text(value) or _is_number(value) or (_is_table(value) and ("measure" in value) != ("formula" in value))


def _is_option(value: Any) -> bool:
    return _is_text(value) or (
        _is_table(value) and {"value", "label"} <= value.keys() <= {"value", "label", "definition"}
    )


_TESTS: Mapping[Takes, Callable[[Any], bool]] = {
    Takes.TEXT: _is_text,
    Takes.TEXTS: _list_of(_is_text),
    Takes.WHOLE: _is_whole,
    Takes.NUMBER: _is_number,
    Takes.FLAG: lambda value: isinstance(value, bool),
    Takes.NAMED_TEXTS: _names_of(_is_text),
    Takes.NAMED_LISTS: _names_of(_list_of(_is_text)),
    Takes.COMPUTED: _is_computed,
    Takes.VALUES: _names_of(lambda value: _is_computed(value) or _list_of(_is_text)(value)),
    Takes.COMPUTED_LIST: lambda value: _list_of(_is_text)(value) or (_is_table(value) and "measure" in value),
    Takes.COUNTS: _list_of(_list_of(_is_whole)),
    Takes.ROWS: _list_of(_list_of(_is_text)),
    Takes.OPTIONS: _list_of(_is_option),
    Takes.TABLES: _list_of(_is_table),
    Takes.TABLE: _is_table,
    Takes.NAMED_TABLES: _names_of(_is_table),
    Takes.SHOWN: _list_of(_is_table),
}
_EXPECTED: Mapping[Takes, str] = {
    **{takes: f"a {takes.value}" for takes in Takes},
    Takes.FLAG: "true or false, without quotation marks",
    Takes.WHOLE: "a whole number, without quotation marks",
    Takes.NUMBER: "a number, without quotation marks",
    Takes.NAMED_TEXTS: "a table of texts",
    Takes.NAMED_LISTS: "a table of lists of texts",
    Takes.COMPUTED: "a number, a text, or a table with either measure or formula",
    Takes.VALUES: "a table of numbers, texts, lists of texts, or tables with either measure or formula",
    Takes.COMPUTED_LIST: "a list of texts, or a table with measure",
    Takes.COUNTS: "a list of rows of whole numbers",
    Takes.ROWS: "a list of rows of texts",
    Takes.OPTIONS: "a list of texts, or of tables with value, label and perhaps definition",
    Takes.NAMED_TABLES: "a table of tables",
    Takes.SHOWN: "a list of tables",
}


# --- exercises


def whole(lesson: LessonFile, name: str) -> dict[str, Any]:
    """Return the keys of an exercise, with those of the exercise that it is like."""
    own = dict(lesson.data["exercises"][name])
    like = own.pop("like", None)
    other = dict(lesson.data["exercises"].get(like, {})) if like != name else {}
    other.pop("like", None)
    return other | own


def known_as(lesson: LessonFile) -> dict[str, str]:
    """Return the names of the exercises by their names and by their numbers."""
    exercises = lesson.data["exercises"]
    return {one["number"]: name for name, one in exercises.items() if "number" in one} | {
        name: name for name in exercises
    }


def _of_exercises(lesson: LessonFile) -> Iterator[Fault]:
    exercises, seen = lesson.data["exercises"], dict[str, str]()
    if not exercises:
        yield lesson.fault(("exercises",), "there are no exercises", "Add one: [exercises.NAME].")
    for name in exercises:
        like = exercises[name].get("like")
        if like is not None and (not isinstance(like, str) or like not in exercises or like == name):
            remedy = f"Name another exercise{did_you_mean(str(like), exercises.keys() - {name})}"
            yield lesson.fault(("exercises", name, "like"), "there is no such exercise", remedy, like)
            continue
        if isinstance(like, str) and "like" in exercises[like]:
            remedy = f"Name {exercises[like]['like']} here, too."
            yield lesson.fault(("exercises", name, "like"), f"{like} is like another itself", remedy)
            continue
        yield from _of_exercise(lesson, name)
        number = exercises[name].get("number")
        if isinstance(number, str):
            yield from _of_number(lesson, name, number, seen)


def _of_number(lesson: LessonFile, name: str, number: str, seen: dict[str, str]) -> Iterator[Fault]:
    place = ("exercises", name, "number")
    if number in seen:
        problem = f"exercise {seen[number]} has this number, too"
        yield lesson.fault(place, problem, "Give each exercise a number of its own.", number)
    seen.setdefault(number, name)
    of_lesson = lesson.data.get("number")
    if isinstance(of_lesson, str) and not re.fullmatch(rf"{re.escape(of_lesson)}\.[1-9]\d?", number):
        remedy = f"Write {of_lesson}.1, {of_lesson}.2 and so on."
        yield lesson.fault(place, f"numbers of exercises begin with that of the lesson, {of_lesson}", remedy, number)


def _of_exercise(lesson: LessonFile, name: str) -> Iterator[Fault]:
    own, every = lesson.data["exercises"][name], whole(lesson, name)
    place: Place = ("exercises", name)
    kind = every.get("kind")
    if not isinstance(kind, str) or kind not in lesson_keys.KINDS:
        said = "the key kind is missing" if kind is None else "there is no such kind of exercise"
        kinds = formatting.listed(list(lesson_keys.KINDS))
        yield lesson.fault((*place, "kind") if "kind" in own else place, said, f"Choose among {kinds}.", kind)
        return
    keys: Keys = {**lesson_keys.COMMON, **lesson_keys.KINDS[kind]}
    if "like" in own:  # what is missing from both is reported once, and a number is of its own
        keys = {key: one if key == "number" else replace(one, needed=False) for key, one in keys.items()}
    yield from _of_table(lesson, keys, own, place)
    if "like" not in own:
        yield from _of_choice(lesson, name, kind, every)


#: What an exercise of a kind takes one of: keys that go together, each in place of the others.
_ONE_OF: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "numbers": (("right",), ("items",)),
    "statements": (("items",), ("choose_from", "right")),
    "coding": (("passages", "facet"), ("items", "options"), ("record", "options")),
    "labels": (("passages", "facet"), ("items",)),
    "groups": (("facet",), ("items",)),
    "matching": (("items", "options"), ("items", "facet")),
}


def _of_choice(lesson: LessonFile, name: str, kind: str, every: Mapping[str, Any]) -> Iterator[Fault]:
    place = ("exercises", name)
    ways = _ONE_OF.get(kind, ())
    if ways and not any(set(way) <= every.keys() for way in ways):
        remedy = f"Give {', or '.join(' and '.join(way) for way in ways)}."
        yield lesson.fault(place, "it is not said what is answered", remedy)
    first = [way[0] for way in ways]
    given = [key for key in dict.fromkeys(first) if key in every]
    if kind != "matching" and len(given) > 1:
        yield lesson.fault((*place, given[1]), f"{formatting.listed(given)} exclude each other", "Keep one of them.")
    for key in ("items", "hints", "checklist", "passages"):
        if every.get(key) == []:
            yield lesson.fault((*place, key), "the list is empty", "Put something into it.")


# --- what refers to exercises


def _of_order(lesson: LessonFile) -> Iterator[Fault]:
    """Yield exercises that no section has, or several; unknown ones; and minutes that do not add up."""
    known, shown = known_as(lesson), list[str]()
    for number, section in enumerate(lesson.data["sections"]):
        for at, part in enumerate(section.get("parts", ())):
            if not isinstance(part.get("exercise"), str):
                continue
            place = ("sections", number, "parts", at, "exercise")
            name = known.get(part["exercise"])
            if name is None:
                yield lesson.fault(
                    place, "there is no such exercise", _name_one(lesson, part["exercise"]), part["exercise"]
                )
            elif name in shown:
                yield lesson.fault(place, "the exercise is in a section already", "Keep it in one place.", name)
            else:
                shown.append(name)
    for name in lesson.data["exercises"]:
        if name not in shown:
            remedy = f'Add {{ exercise = "{name}" }} to the parts of a section, or take the exercise out.'
            yield lesson.fault(("exercises", name), "the exercise is in no section", remedy)
    for number, plan in enumerate(lesson.data["plans"]):
        yield from _of_plan(lesson, plan, ("plans", number), known)
    for name, one in lesson.data["exercises"].items():
        for key in ("again", "rule"):
            if isinstance(other := one.get(key), str) and (other not in known or known[other] == name):
                yield lesson.fault(
                    ("exercises", name, key), "there is no such exercise", _name_one(lesson, other), other
                )


def _name_one(lesson: LessonFile, name: str) -> str:
    return f"Name one of [exercises.NAME]{did_you_mean(name, lesson.data['exercises'])}"


def _of_plan(lesson: LessonFile, plan: Mapping[str, Any], place: Place, known: Mapping[str, str]) -> Iterator[Fault]:
    steps: Iterable[Mapping[str, Any]] = plan.get("steps", ())
    sum_of_steps = sum(step["minutes"] for step in steps if _is_whole(step.get("minutes")))
    if _is_whole(plan.get("minutes")) and sum_of_steps != plan["minutes"]:
        problem = f"the steps take {sum_of_steps} minutes, and the plan has {plan['minutes']}"
        yield lesson.fault((*place, "minutes"), problem, "Change the minutes of a step, or those of the plan.")
    for number, step in enumerate(steps):
        needed = 0
        for key in ("exercises", "aloud"):
            for at, wanted in enumerate(step.get(key, ())):
                if wanted not in known:
                    spot = (*place, "steps", number, key, at)
                    yield lesson.fault(spot, "there is no such exercise", _name_one(lesson, wanted), wanted)
                elif key == "exercises":
                    minutes = whole(lesson, known[wanted]).get("minutes")
                    needed += minutes if isinstance(minutes, int) else 0
        if _is_whole(step.get("minutes")) and needed > step["minutes"]:
            problem = f"its exercises take {needed} minutes, and the step has {step['minutes']}"
            remedy = "Give the step more minutes, or move an exercise to another step or to aloud."
            yield lesson.fault((*place, "steps", number, "minutes"), problem, remedy)
