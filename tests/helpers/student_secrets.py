"""What students must not be told: solutions, records and reasons of the lessons, and the codings of the interviews."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from leaks import Judgement, Secrets, squeezed

from analysis.study.evidence import Evidence
from analysis.teaching import interviews, lesson_building, lesson_files, lesson_settings
from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.lesson_pages import answer_keys, student_data


@cache
def of_all() -> Secrets:
    """Return the secrets of every lesson, and of the interviews."""
    lessons = [lesson_building.bundled(name) for name in lesson_files.bundled()]
    texts = [text for lesson in lessons for text in _texts(lesson)] + [*_of_interviews()]
    return Secrets(_not_public(texts), tuple(one for lesson in lessons for one in _judgements(lesson)))


@cache
def of_lesson(name: str) -> Secrets:
    """Return the secrets of one lesson."""
    lesson = lesson_building.bundled(name)
    return Secrets(_not_public([*_texts(lesson)]), tuple(_judgements(lesson)))


@cache
def of_file(file: Path) -> Secrets:
    """Return the secrets of the lesson of a file."""
    lesson = lesson_building.built(file)
    evidence, _ = lesson_settings.study_of(file, lesson_files.read(file).data)
    return Secrets(_not_public([*_texts(lesson)], evidence), tuple(_judgements(lesson)))


def _texts(lesson: BuiltLesson) -> Iterator[str]:
    known = lesson.exercises()
    for number, solved in answer_keys.key(lesson)["exercises"].items():
        exercise = known[number]
        yield from (solved["record"], exercise.note, *exercise.divides.values())
        if not student_data.is_open(exercise):
            yield solved["solution"]
        if exercise.kind != "matching":  # where it is the rule to look at again, which students are told
            yield from (one.get("why", "") for one in solved["items"].values())
    yield from (one.text for one in lesson.misconceptions)


def _of_interviews() -> Iterator[str]:
    for one in (one for of in interviews.sets() for one in of.interviews):
        yield from (given.reason for given in one.codings)
        yield from (found.why for found in one.planted)


def _not_public(texts: list[str], evidence: Evidence | None = None) -> tuple[str, ...]:
    """Return the texts without those that codebooks and interviews say themselves."""
    codes = (evidence or lesson_settings.own_study()).codes
    said = [text for rule in ("definition", "exclude", "boundary") if rule in codes for text in codes[rule]]
    for of in interviews.sets():
        said += [text for code in of.codes for text in (code.definition, code.include, code.exclude, code.example)]
        said += [one.content for one in of.interviews]
    public = squeezed("\n".join(said))
    return tuple(text for text in dict.fromkeys(texts) if squeezed(text) not in public)


def _judgements(lesson: BuiltLesson) -> Iterator[Judgement]:
    evidence = lesson_settings.own_study().extracts.set_index("extract_id")
    for exercise in student_data.data(lesson)["exercises"]:
        if exercise["kind"] != "coding":
            continue
        record = answer_keys.key(lesson)["exercises"][exercise["number"]]["items"]
        options = {option["value"]: frozenset({option["value"], option["label"]}) for option in exercise["options"]}
        for item in exercise["items"]:
            key, taken = item["key"], record[item["key"]]["taken"]
            words = [item["text"]]
            if key in evidence.index:
                words += [evidence.at[key, "gist"], evidence.at[key, "blind_gist"]]
            yield Judgement(key, tuple(words), taken, options)
