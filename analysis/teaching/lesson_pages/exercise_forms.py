"""An exercise as HTML: its task, the fields that its kind asks for, and places for what the scripts say of an answer.

Without scripts the fields are there to be read, printed and filled in with a pencil; buttons appear with the scripts.
"""

from collections.abc import Mapping
from typing import Any

from analysis.display.html_elements import text
from analysis.teaching.lesson_pages.lesson_markdown import inline

#: What students see of an exercise (`student_data`), and the engine's words.
Shown = Mapping[str, Any]
Words = Mapping[str, str]


def form(exercise: Shown, words: Words) -> str:
    """Return an exercise of a lesson's data for students as a section of its page."""
    number, place = exercise["number"], place_of(exercise["number"])
    open_task = exercise["kind"] in {"coding", "labels", "groups", "writing"}
    minutes = text(words["minutes"].format(n=exercise["minutes"]))
    spent = f' <span class="lesson-minutes">{minutes}</span>' if exercise["minutes"] else ""
    return (
        f'<section class="lesson-exercise" id="{place}" data-number="{text(number)}" aria-labelledby="{place}-title">'
        f'<h3 id="{place}-title">{text(number)} {text(exercise["title"])}{spent}</h3>'
        f"<p>{inline(exercise['task'])}</p>{_notes(exercise, words)}"
        f'<form class="lesson-form" autocomplete="off" novalidate>{_FIELDS[exercise["kind"]](exercise, words)}'
        f'<div class="lesson-buttons" hidden>'
        f'<button type="submit" class="lesson-button first">{text(words["record" if open_task else "check"])}</button>'
        f"{_hint_button(exercise, words)}</div></form>"
        '<div class="lesson-told" role="status"></div><ul class="lesson-hints" aria-live="polite"></ul>'
        '<div class="lesson-panels"></div></section>'
    )


def place_of(number: str) -> str:
    """Return the place of an exercise on its page.

    >>> place_of("1.2")
    'exercise-1-2'
    """
    return f"exercise-{number.replace('.', '-')}"


def _hint_button(exercise: Shown, words: Words) -> str:
    if not exercise["hints"]:
        return ""
    return f'<button type="button" class="lesson-button lesson-hint">{text(words["hint"])}</button>'


def _notes(exercise: Shown, words: Words) -> str:
    """Return what stands between the task and the fields: codes with their meaning, own rules, what is left out."""
    defined = [one for one in exercise["options"] if one["definition"]]
    notes = '<div class="lesson-rule" hidden></div>' if exercise["rule"] else ""
    if exercise["again"]:
        notes += f'<p class="lesson-note">{text(words["first_round_hidden"])}</p>'
    if exercise["left_out"]:
        notes += f'<p class="lesson-note">{text(words["left_out_hint"])}</p>'
    if defined:
        meanings = "".join(f"<dt>{text(one['label'])}</dt><dd>{inline(one['definition'])}</dd>" for one in defined)
        notes += f'<details class="lesson-codes"><summary>{text(words["codes"])}</summary><dl>{meanings}</dl></details>'
    return notes


def _id(exercise: Shown, item: str, part: str = "") -> str:
    at = next((n for n, one in enumerate(exercise["items"]) if one["key"] == item), 0)
    return "-".join(filter(None, (place_of(exercise["number"]), str(at), part)))


def _numbers(exercise: Shown, words: Words) -> str:
    single = len(exercise["items"]) == 1
    rows = []
    for one in exercise["items"]:
        key, field = one["key"], _id(exercise, one["key"])
        label = text(one["text"] or words["your_answer"]) if single else f"<b>{text(key)}</b> {inline(one['text'])}"
        within = words["within"].format(n=_number(one["within"], words)) if one["within"] else ""
        rows.append(
            f'<p class="lesson-field"><label for="{field}">{label}</label>'
            f'<input id="{field}" type="text" inputmode="decimal" maxlength="40" spellcheck="false" '
            f'data-item="{text(key)}" data-part="value" aria-describedby="{place_of(exercise["number"])}-form">'
            f"{f' <small>{text(within)}</small>' if within else ''}</p>"
        )
    counts = all(one["form"] == "count" for one in exercise["items"])
    hint = words["count_hint" if counts else "figure_hint"]
    return f'{"".join(rows)}<p class="lesson-note" id="{place_of(exercise["number"])}-form">{text(hint)}</p>'


def _number(value: float, words: Words) -> str:
    return f"{value:g}".replace(".", words["decimal"])


def _radios(exercise: Shown, item: str, choices: list[tuple[str, str]], part: str) -> str:
    name = _id(exercise, item, "choice")
    return '<span class="lesson-choices">{}</span>'.format(
        "".join(
            f'<label><input type="radio" name="{name}" value="{text(value)}" data-item="{text(item)}" '
            f'data-part="{part}"> {text(label)}</label>'
            for value, label in choices
        )
    )


def _item(one: Mapping[str, Any], inside: str) -> str:
    """Return one of several things to be answered, its key and words the legend of its fields."""
    words = f" {inline(one['text'])}" if one["text"] and one["text"] != one["key"] else ""
    return f'<fieldset class="lesson-item"><legend><b>{text(one["key"])}</b>{words}</legend>{inside}</fieldset>'


def _choices(exercise: Shown) -> list[tuple[str, str]]:
    return [(one["value"], one["label"]) for one in exercise["options"]]


def _matching(exercise: Shown, _words: Words) -> str:
    return "".join(
        _item(one, _radios(exercise, one["key"], _choices(exercise), "value") + _meaning(exercise, one))
        for one in exercise["items"]
    )


def _statements(exercise: Shown, words: Words) -> str:
    if not any(one["text"] for one in exercise["items"]):
        return _names_to_mark(exercise, words)
    choices = [("true", words["yes"]), ("false", words["no"])]
    return "".join(_item(one, _radios(exercise, one["key"], choices, "value")) for one in exercise["items"])


def _names_to_mark(exercise: Shown, words: Words) -> str:
    boxes = "".join(
        f'<label class="lesson-point"><input type="checkbox" value="true" data-item="{text(one["key"])}" '
        f'data-part="value"> {text(one["key"])}</label>'
        for one in exercise["items"]
    )
    return f'<fieldset class="lesson-names"><legend>{text(words["mark_names"])}</legend>{boxes}</fieldset>'


def _meaning(exercise: Shown, one: Mapping[str, Any]) -> str:
    defined = any(option["definition"] for option in exercise["options"])
    return f'<p class="lesson-meaning" data-of="{text(one["key"])}"></p>' if defined else ""


def _coding(exercise: Shown, words: Words) -> str:
    return "".join(
        _item(
            one,
            _radios(exercise, one["key"], _choices(exercise), "code")
            + _meaning(exercise, one)
            + _why(exercise, one, words),
        )
        for one in exercise["items"]
    )


def _why(exercise: Shown, one: Mapping[str, Any], words: Words) -> str:
    asked = [("words", "words_that_decide")] if exercise["asks_words"] else []
    asked += [("reason", "reason")] if exercise["asks_reason"] else []
    fields = "".join(_line(exercise, one["key"], part, words[name]) for part, name in asked)
    return f'<div class="lesson-why">{fields}</div>' if fields else ""


def _line(exercise: Shown, item: str, part: str, label: str, more: str = "") -> str:
    field = _id(exercise, item, part)
    return (
        f'<p class="lesson-field"><label for="{field}">{text(label)}</label>'
        f'<input id="{field}" type="text" maxlength="1000" data-item="{text(item)}" data-part="{part}"{more}></p>'
    )


def _labels(exercise: Shown, words: Words) -> str:
    return "".join(_item(one, _line(exercise, one["key"], "value", words["your_words"])) for one in exercise["items"])


def _groups(exercise: Shown, words: Words) -> str:
    names = f"{place_of(exercise['number'])}-names"
    fields = "".join(
        _item(one, _line(exercise, one["key"], "value", words["group_name"], f' list="{names}"'))
        for one in exercise["items"]
    )
    return f'{fields}<datalist id="{names}"></datalist>'


def _writing(exercise: Shown, words: Words) -> str:
    field = _id(exercise, "", "text")
    points = "".join(
        f'<label class="lesson-point"><input type="checkbox" data-part="point" data-item="{n}"> {inline(point)}</label>'
        for n, point in enumerate(exercise["checklist"])
    )
    least = words["least_words"].format(n=exercise["judge"]["least"])
    checks = f"<fieldset><legend>{text(words['checklist'])}</legend>{points}</fieldset>" if points else ""
    return (
        f'<p class="lesson-field lesson-text"><label for="{field}">{text(words["your_text"])}</label>'
        f'<textarea id="{field}" rows="7" maxlength="20000" data-part="text" aria-describedby="{field}-least">'
        "</textarea>"
        f'<small id="{field}-least">{text(least)}</small></p>{checks}'
    )


_FIELDS = {
    "numbers": _numbers,
    "matching": _matching,
    "statements": _statements,
    "coding": _coding,
    "labels": _labels,
    "groups": _groups,
    "writing": _writing,
}
