"""Texts and tables of a lesson file, with their figures filled in; faults name the line."""

from collections.abc import Mapping
from typing import Any

from analysis.display.captioned_tables import CaptionedTable
from analysis.teaching import filled_texts
from analysis.teaching.exercises import did_you_mean
from analysis.teaching.lesson_files import LessonFile, LessonFileError
from analysis.teaching.lesson_values import Values
from analysis.teaching.lesson_vocabulary import TABLES
from analysis.teaching.toml_places import Path as Place


def filled(lesson: LessonFile, texts: Any, place: Place, values: Values) -> Any:
    """Return texts at any depth of tables and lists, with the figures that they name.

    Raises LessonFileError with every text that names a figure that there is not, or has braces out of order.
    """
    faults: list[Any] = []
    writer = filled_texts.Writer(values, values.setting.language)

    def fill(part: Any, at: Place) -> Any:
        if isinstance(part, dict):
            return part if is_computed(part) else {key: fill(one, (*at, key)) for key, one in part.items()}
        if isinstance(part, list):
            return [fill(one, (*at, number)) for number, one in enumerate(part)]
        return fill_text(part, at) if isinstance(part, str) else part

    def fill_text(text: str, at: Place) -> str:
        try:
            return writer.fill(text)
        except LessonFileError as error:
            faults.extend(error.faults)
        except KeyError as fault:
            name = str(fault.args[0])
            remedy = f"Add it to values, or write two braces for one that is to be seen{did_you_mean(name, values)}"
            faults.append(lesson.fault(at, "there is no such value", remedy, f"{{{name}}}"))
        except (ValueError, IndexError, TypeError, AttributeError) as fault:
            remedy = (
                "A figure is written {name}, {name:2}, {name:%}, {name:words} or {name:noun}; write {{ for a brace."
            )
            faults.append(lesson.fault(at, f"a figure cannot be written: {fault}", remedy))
        return text

    made = fill(texts, place)
    if faults:
        raise LessonFileError(*faults)
    return made


def is_computed(part: Mapping[str, Any]) -> bool:
    """Tell whether a table says what is to be computed, and holds no text."""
    return "measure" in part or "formula" in part


def shown_table(lesson: LessonFile, part: Mapping[str, Any], place: Place, values: Values) -> CaptionedTable:
    """Return the table that `{ table = … }` names: one of the lesson's own, or one that every lesson may show."""
    name, setting = part["table"], values.setting
    options = {key: value for key, value in part.items() if key != "table"}
    if name in setting.tables:
        if options:
            problem, remedy = "a table of the lesson has no options", "Take them out."
            raise LessonFileError(lesson.fault((*place, next(iter(options))), problem, remedy))
        return setting.tables[name].shown(setting.words)
    if name in lesson.data.get("tables", {}):
        raise LessonFileError  # what is wrong with it was reported
    if name not in TABLES:
        remedy = f"Describe it in [tables.{name}], or take one of the page on lesson files"
        remedy += did_you_mean(name, [*TABLES, *setting.tables])
        raise LessonFileError(lesson.fault((*place, "table"), "there is no such table", remedy, name))
    return values.called(TABLES[name].make, TABLES[name].options, options, place)
