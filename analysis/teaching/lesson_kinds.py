"""The exercise that each kind in a lesson file becomes, checked against the study."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from analysis.study import code_tree
from analysis.support.errors import Fault
from analysis.teaching import coding_of_record, lesson_files
from analysis.teaching.comparisons import Comparison, Grouping, Judged, PatternHint, Prose, Rule
from analysis.teaching.exercises import (
    Calculation,
    Choice,
    Exercise,
    Figures,
    Matching,
    Number,
    RubricLine,
    Selection,
    Wanted,
    did_you_mean,
)
from analysis.teaching.lesson_files import LessonFile, LessonFileError
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_tables import boundary_notes
from analysis.teaching.lesson_texting import filled, is_computed, shown_table
from analysis.teaching.lesson_values import Values, choose
from analysis.teaching.toml_places import Path as Place


def exercise(lesson: LessonFile, name: str, values: Values) -> Exercise:
    """Return the exercise of a name; LessonFileError has every fault of it that was found."""
    making = _Making(lesson, name, values)
    made = _KINDS[making.every["kind"]](making)
    if making.faults or made is None:
        raise LessonFileError(*making.faults)
    return made


class _Making:
    """An exercise as the file has it, and the faults that are found as it is made."""

    def __init__(self, lesson: LessonFile, name: str, values: Values) -> None:
        self.lesson, self.name, self.values = lesson, name, values
        self.setting: Setting = values.setting
        self.every = lesson_files.whole(lesson, name)
        self.own = lesson.data["exercises"][name]
        self.faults: list[Fault] = []

    def place(self, *steps: str | int) -> Place:
        """Return the place of something of this exercise, or of the one that it is like."""
        inherited = steps and steps[0] not in self.own and "like" in self.own
        return ("exercises", self.own["like"] if inherited else self.name, *steps)

    def fail(self, steps: Sequence[str | int], problem: str, remedy: str, value: object = None) -> None:
        """Note what is wrong with something of this exercise."""
        self.faults.append(self.lesson.fault(self.place(*steps), problem, remedy, value))

    def texts(self) -> dict[str, Any]:
        """Return the exercise with its texts on one line each, figures filled in, and computed parts."""
        found = {}
        for key, part in self.every.items():
            if key in ("values", "shows"):
                continue
            part = _unwrapped(part)
            try:
                found[key] = filled(self.lesson, part, self.place(key), self.values)
            except LessonFileError as error:
                self.faults.extend(fault for fault in error.faults if isinstance(fault, Fault))
                found[key] = part
        return found

    def computed(self, given: Any, *steps: str | int) -> Any:
        """Return what a part is, or None with a fault where it cannot be computed."""
        try:
            return self.values.computed(given, self.place(*steps))
        except LessonFileError as error:
            self.faults.extend(fault for fault in error.faults if isinstance(fault, Fault))
            return None

    def number(self, given: Any, *steps: str | int) -> float | None:
        """Return a number that is given or computed, or None with a fault."""
        found = self.computed(given, *steps)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.fail(steps, "this has to be a number, or be computed as one", "Give a number.", found)
            return None
        return found

    def names(self, given: Any, *steps: str | int) -> list[str]:
        """Return names that are given or computed; none with a fault where they are no list."""
        found = self.computed(given, *steps)
        if found is not None and not (isinstance(found, list) and all(isinstance(one, str) for one in found)):
            self.fail(steps, "this has to be a list of names, or be computed as one", "Give a list.", found)
            return []
        return found or []

    def sheets(self) -> list[Any]:
        """Return the tables that are shown with a solution."""
        found = []
        for number, part in enumerate(self.every.get("shows", ())):
            try:
                found.append(shown_table(self.lesson, part, self.place("shows", number), self.values))
            except LessonFileError as error:
                self.faults.extend(fault for fault in error.faults if isinstance(fault, Fault))
            except KeyError:
                self.fail(("shows", number), "only tables are shown with a solution", "Write { table = … }.")
        return found

    def common(self, texts: Mapping[str, Any], items: Iterable[str] = ()) -> dict[str, Any]:
        """Return what all kinds of exercises have."""
        known = list(items)
        for key in texts.get("divides", {}) if known else ():
            if key not in known:
                self.fail(("divides", key), "the exercise has no such item", choose(key, known), key)
        return {
            **{key: texts[key] for key in ("number", "title", "task", "hints", "minutes")},
            "note": texts.get("note", ""),
            "divides": texts.get("divides", {}),
            "rubric": [RubricLine(one["points"], one["text"]) for one in texts.get("rubric", ())],
        }

    def keyed(self, items: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return the keys of items, each of which has to be there once."""
        keys = [one["key"] for one in items]
        for number, key in enumerate(keys):
            if not key or key in keys[:number]:
                self.fail(("items", number, "key"), "each item needs a key of its own", "Give it another.", key)
        return keys

    def facet(self) -> str | None:
        """Return the facet, or None with a fault."""
        facet = self.every["facet"]
        if facet in self.setting.facets():
            return str(facet)
        self.fail(("facet",), "the study has no such facet", choose(facet, self.setting.facets()), facet)
        return None

    def level(self, facet: str, key: str = "level") -> tuple[bool, str | None]:
        """Return whether a level can be used, and the level; None where it is left out."""
        level = self.every.get(key)
        if level is None or level in self.setting.levels(facet):
            return True, level
        self.fail((key,), f"the facet {facet} has no such level", choose(level, self.setting.levels(facet)), level)
        return False, None


def _unwrapped(part: Any) -> Any:
    """Return texts, which may be wrapped anywhere in a file, on one line each."""
    if isinstance(part, dict):
        return part if is_computed(part) else {key: _unwrapped(one) for key, one in part.items()}
    if isinstance(part, list):
        return [_unwrapped(one) for one in part]
    return " ".join(part.split()) if isinstance(part, str) else part


# --- numbers


def _numbers(making: _Making) -> Exercise | None:
    if "items" in making.every:
        return _figures(making)
    right = making.number(making.every["right"], "right")
    if right is None:
        return None
    making.values.put("right", right)
    texts = making.texts()
    within = making.every.get("within", 0)
    mistakes = _mistakes(making, texts, right, within, "mistakes")
    common, reason = making.common(texts), texts["reason"]
    if making.every.get("shows"):
        making.fail(("shows",), "only several numbers show tables with their solution", "Give items, or take it out.")
    if "within" not in making.every:
        return Number(**common, right=right, reason=reason, mistakes=mistakes)
    digits = making.every.get("digits", 2)
    return Calculation(**common, right=right, reason=reason, mistakes=mistakes, tolerance=within, digits=digits)


def _mistakes(
    making: _Making, texts: Mapping[str, Any], right: float, within: float, *steps: str | int
) -> dict[float, str]:
    found: dict[float, str] = {}
    for number, one in enumerate(texts.get("mistakes", ())):
        value = making.number(one["value"], *steps, number, "value")
        if value is not None and abs(value - right) <= within:
            making.fail((*steps, number, "value"), "this is the right number, or too near to it", "Take it out.", value)
        elif value is not None:
            found.setdefault(value, one["say"])
    return found


def _figures(making: _Making) -> Exercise:
    texts, figures = making.texts(), {}
    keys = making.keyed(texts["items"])
    for number, one in enumerate(texts["items"]):
        right = making.number(one["right"], "items", number, "right")
        if right is not None:
            within = one.get("within", 0.0)
            mistakes = _mistakes(making, one, right, within, "items", number, "mistakes")
            figures[one["key"]] = Wanted(one["text"], right, one["again"], within, mistakes)
    return Figures(**making.common(texts, keys), figures=figures, reason=texts["reason"], sheets=making.sheets())


# --- situations and statements


def _matching(making: _Making) -> Exercise:
    texts, items = making.texts(), making.every["items"]
    keys, choices = making.keyed(items), _choices(making, texts)
    options, right = [one.value for one in choices], {}
    for number, one in enumerate(texts["items"]):
        code = making.computed(one["right"], "items", number, "right")
        right[one["key"]] = code
        if code is not None and choices and code not in options:
            making.fail(("items", number, "right"), "this is none of the options", choose(str(code), options), code)
        for wrong in one.get("feedback", {}):
            if choices and (wrong not in options or wrong == code):
                steps = ("items", number, "feedback", wrong)
                making.fail(steps, "this is not a wrong option", choose(wrong, [one for one in options if one != code]))
    return Matching(
        **making.common(texts, keys),
        situations={one["key"]: one["text"] for one in texts["items"]},
        right=right,
        rules={one["key"]: one["rule"] for one in texts["items"]},
        options=options,
        decides=texts.get("decides", "the written rules"),
        sheets=making.sheets(),
        feedback={one["key"]: one["feedback"] for one in texts["items"] if "feedback" in one},
        choices=choices,
    )


def _choices(making: _Making, texts: Mapping[str, Any]) -> list[Choice]:
    """Return what may be chosen: the options of the exercise, or the codes of its facet."""
    if "options" in texts:
        choices = [
            Choice(one, one) if isinstance(one, str) else Choice(one["value"], one["label"], one.get("definition", ""))
            for one in texts["options"]
        ]
        values = [one.value for one in choices]
        if len(values) < 2 or len(set(values)) < len(values):
            making.fail(("options",), "there have to be two options at least, each once", "Change the list.")
        return choices
    facet = making.facet()
    usable, level = making.level(facet) if facet else (False, None)
    return codes_to_choose(making.setting, facet, level) if facet and usable else []


def codes_to_choose(setting: Setting, facet: str, level: str | None = None) -> list[Choice]:
    """Return the codes of a level of a facet with their names and definitions, in the order of the tree."""
    codes = setting.evidence.codes[setting.evidence.codes["facet"] == facet].set_index("code_id")
    return [
        Choice(code, str(codes.at[code, "name"]), str(codes.at[code, "definition"]))
        for code in setting.codes(facet, level)
    ]


def _statements(making: _Making) -> Exercise:
    texts = making.texts()
    if "items" not in texts:
        return _chosen_from(making, texts)
    items = texts["items"]
    keys = making.keyed(making.every["items"])
    right = frozenset(one["key"] for one in items if one["right"])
    if not right or len(right) == len(items):
        problem = "none of the statements is right" if not right else "all of the statements are right"
        making.fail(("items",), problem, "Some have to be right, and some wrong: set right = true or false.")
    remarks = {one["key"]: f"{one['key']}: {one['feedback']}" for one in items if "feedback" in one}
    among = {one["key"]: one["text"] for one in items}
    noun = texts.get("noun", "statement")
    return Selection(
        **making.common(texts, keys), right=right, among=among, reason=texts["reason"], noun=noun, remarks=remarks
    )


def _chosen_from(making: _Making, texts: Mapping[str, Any]) -> Exercise:
    among, right = (making.names(making.every[key], key) for key in ("choose_from", "right"))
    if strange := [one for one in right if among and one not in among]:
        making.fail(("right",), "this is not among what may be chosen", choose(strange[0], among), strange[0])
    if not right and not making.faults:
        making.fail(("right",), "nothing is right", "Give a name or more of those in choose_from.")
    remarks = dict.fromkeys(right, texts["missed"]) if "missed" in texts else {}  # and not which: that is the answer
    return Selection(
        **making.common(texts),
        right=frozenset(right),
        among=dict.fromkeys(among, ""),
        reason=texts["reason"],
        noun=texts.get("noun", "statement"),
        remarks=remarks,
    )


# --- codes and labels


def _coding(making: _Making) -> Exercise | None:
    texts = making.texts()
    record = _record(making, texts, coding_of_record.of_record)
    choices = _choices(making, texts) if "options" in texts or "facet" in texts else []
    options = _compared_as(making, choices)
    values = [one.value for one in choices]
    for key, judged in record.items() if choices else ():
        if judged.taken not in values:
            making.fail(
                _of_item(making, key), "the record has none of the options", choose(judged.taken, values), judged.taken
            )
    left_out = texts.get("left_out", "")
    for steps, code in [(("left_out",), left_out), *((("feedback", one), one) for one in texts.get("feedback", {}))]:
        if code and choices and code not in values:
            making.fail(steps, "this is none of the options", choose(code, values), code)
    known = lesson_files.known_as(making.lesson)
    others = {
        key: making.lesson.data["exercises"].get(known.get(texts.get(key, ""), ""), {}) for key in ("again", "rule")
    }
    _same_items(making, record, others["again"])
    return Comparison(
        **making.common(texts, record),
        **_compared(making, texts, record),
        options=options,
        withheld=texts.get("withheld", False),
        left_out=left_out,
        asks_words=texts.get("words", False),
        asks_reason=texts.get("reasons", False),
        again=others["again"].get("number", ""),
        rule=others["rule"].get("number", ""),
        feedback=texts.get("feedback", {}),
        choices=choices,
        facet="" if "options" in texts else texts.get("facet", ""),
    )


def _compared(making: _Making, texts: Mapping[str, Any], record: Mapping[str, Judged]) -> dict[str, Any]:
    """Return what codes and labels have in common."""
    kind = making.setting.shown(next(iter(record))).kind if set(record) & set(making.setting.passages()) else "Text"
    return {
        "record": record,
        "whose": texts["whose"],
        "noun": texts.get("noun", "passage"),
        "words": texts.get("heading", kind),
    }


def _of_item(making: _Making, key: str) -> tuple[str | int, ...]:
    for name in ("items", "passages"):
        for number, one in enumerate(making.every.get(name, ())):
            if key in (one, one.get("key") if isinstance(one, dict) else None):
                return (name, number)
    return ("record",) if "record" in making.every else ()


def _same_items(making: _Making, record: Mapping[str, Judged], first: Mapping[str, Any]) -> None:
    """Note where a second coding has not the things of the first."""
    whole = dict(making.lesson.data["exercises"].get(first.get("like", ""), {})) | dict(first)
    passages = whole.get("passages")
    if isinstance(passages, list) and not making.faults and set(passages) != set(record):
        other = sorted(set(passages) ^ set(record))
        making.fail(("again",), "both times the same passages are coded", f"Look at {other[0]}.", other[0])


def _compared_as(making: _Making, choices: Sequence[Choice]) -> dict[str, str]:
    """Return what may be typed, and the option that it is: also the names of codes, and finer codes than asked for."""
    found = {one.value: one.value for one in choices}
    if "options" in making.every or not choices:
        return found
    facet, codes = making.every["facet"], making.setting.evidence.codes
    names = code_tree.names(codes, facet)
    up = code_tree.rolled_up(codes, facet, making.every.get("level"))
    return {name: top for code, top in up.items() if top for name in (code, names[code])}


def _record(making: _Making, texts: Mapping[str, Any], of_record: Callable[..., Judged]) -> dict[str, Judged]:
    """Return the judgements of record: of passages of the study, of things in the file, or computed ones."""
    if "items" in texts:
        return _of_items(making, texts)
    if "record" in texts:
        found = making.computed(making.every["record"], "record")
        if found is not None and not (
            isinstance(found, dict) and all(isinstance(one, Judged) for one in found.values())
        ):
            making.fail(("record",), "this measure gives no judgements", "Take one that gives a record.")
            return {}
        return found or {}
    facet = making.facet()
    usable, level = making.level(facet) if facet else (False, None)
    extracts = making.names(making.every["passages"], "passages")
    found = {}
    for number, extract in enumerate(extracts):
        shown = _passage(making, extract, number, extracts)
        if shown is None or facet is None or not usable:
            continue
        try:
            found[extract] = coding_of_record.with_words(
                of_record(making.setting.evidence, facet, extract, level), *shown
            )
        except KeyError:
            remedy = "Take another passage, or code this one in the study."
            making.fail(("passages", number), f"the record has no code of {facet} for this passage", remedy, extract)
    return found


def _passage(making: _Making, extract: str, number: int, extracts: Sequence[str]) -> tuple[str, str] | None:
    """Return the words of a passage, to read and to code from; None with a fault."""
    known = making.setting.passages()
    if extract not in known:
        remedy = f"Take a key of the table extracts{did_you_mean(extract, known)}"
        making.fail(("passages", number), "the study has no such passage", remedy, extract)
        return None
    if extract in extracts[:number]:
        making.fail(("passages", number), "the passage is there twice", "Take it out once.", extract)
        return None
    text, blind = making.setting.shown(extract).text, making.setting.shown_to_code(extract).text
    if not text:
        remedy = 'Write a gist into the table extracts, or set show = "wording".'
        making.fail(("passages", number), "the study has no words of this passage to show", remedy, extract)
        return None
    return text, blind


def _of_items(making: _Making, texts: Mapping[str, Any]) -> dict[str, Judged]:
    found, known = {}, set(making.setting.passages())
    making.keyed(making.every["items"])
    for number, one in enumerate(texts["items"]):
        key = one["key"]
        text = one.get("text") or (making.setting.shown(key).text if key in known else "")
        if not text:
            making.fail(("items", number), "the thing has no text, and is no passage of the study", "Add text.", key)
        taken = making.computed(one["taken"], "items", number, "taken")
        found[key] = Judged(str(taken), one["why"], text, tuple(one.get("allowed", ())))
    return found


def _labels(making: _Making) -> Exercise:
    texts = making.texts()
    record = _record(making, texts, coding_of_record.labelled)
    return Comparison(**making.common(texts, record), **_compared(making, texts, record), options=None)


# --- groups


def _groups(making: _Making) -> Exercise | None:
    texts = making.texts()
    if "items" in texts:
        record = {one: group for group, things in texts["items"].items() for one in things}
        if len(record) < sum(map(len, texts["items"].values())):
            making.fail(("items",), "a thing is there twice", "Put it into one group.")
        things = {one: one for one in record}
    else:
        made = _code_groups(making)
        if made is None:
            return None
        things, record = made
    if len(record) < 3:
        making.fail((), "there are fewer than three things to group", "Take another level, or add some.")
    noun = texts.get("noun", "code")
    return Grouping(**making.common(texts, things), things=things, record=record, whose=texts["whose"], noun=noun)


def _code_groups(making: _Making) -> tuple[dict[str, str], dict[str, str]] | None:
    """Return the codes of a level with their names, and the name of the code of record above each."""
    facet = making.facet()
    if facet is None or not (making.level(facet)[0] and making.level(facet, "above")[0]):
        return None
    levels, codes = making.setting.levels(facet), making.setting.evidence.codes
    if len(levels) < 2:
        making.fail(
            ("facet",), "its codes have one level only, so there is nothing to group", "Give items, or another facet."
        )
        return None
    level = making.every.get("level", levels[-1])
    above = making.every.get("above", levels[max(levels.index(level) - 1, 0)])
    if levels.index(above) >= levels.index(level):
        remedy = f"The levels are {' > '.join(levels)}."
        making.fail(("above",) if "above" in making.every else ("level",), f"{above} is not above {level}", remedy)
        return None
    names, up = code_tree.names(codes, facet), code_tree.rolled_up(codes, facet, above)
    chosen = sorted(making.setting.codes(facet, level))
    return {code: names[code] for code in chosen}, {code: names[up[code] or code] for code in chosen}


# --- writing


def _writing(making: _Making) -> Exercise:
    texts = making.texts()
    written = {
        "record": texts["record"],
        "whose": texts["whose"],
        "patterns": _patterns(making, texts.get("patterns", ())),
        "least": texts.get("least", 8),
        "points": texts["checklist"],
    }
    if "codebook" not in texts:
        if "boundary" in texts:
            making.fail(("boundary",), "only a rule has boundary cases", "Add codebook, or take it out.")
        _passes_itself(making, written)
        return Prose(**making.common(texts), **written)
    return Rule(**making.common(texts), **written, codebook=_kept_out(making, texts))


def _passes_itself(making: _Making, written: Mapping[str, Any]) -> None:
    """Note where the answer to compare with does not pass the check of its own exercise."""
    words = len(written["record"].split())
    if words < written["least"]:
        problem = f"the answer to compare with has {words} words, and {written['least']} are asked for"
        making.fail(("record",), problem, "Write more there, or give a lower number as least.")
    for pattern in written["patterns"]:
        if pattern.applies(written["record"]):
            problem = "a pattern remarks on the answer to compare with"
            making.fail(("record",), problem, "Change the answer or the pattern.", pattern.say)


def _patterns(making: _Making, names: Sequence[str]) -> list[PatternHint]:
    known, found = making.lesson.data.get("patterns", {}), []
    for number, name in enumerate(names):
        if name not in known:
            making.fail(
                ("patterns", number),
                "there is no such pattern",
                f"Add [patterns.{name}]{did_you_mean(name, known)}",
                name,
            )
            continue
        one = known[name]
        try:
            re.compile(one["find"])
        except re.error as fault:
            remedy = "Correct the regular expression."
            making.faults.append(
                making.lesson.fault(("patterns", name, "find"), f"it cannot be looked for: {fault}", remedy)
            )
            continue
        found.append(PatternHint(one["find"], " ".join(one["say"].split()), one.get("missing", False)))
    return found


def _kept_out(making: _Making, texts: Mapping[str, Any]) -> dict[str, str]:
    """Return what each code keeps out, with its boundary case; its definition where the codebook says neither."""
    boundary, rules = texts.get("boundary", {}), dict[str, str]()
    for number, facet in enumerate(texts["codebook"]):
        if facet not in making.setting.facets():
            remedy = choose(facet, making.setting.facets())
            making.fail(("codebook", number), "the study has no such facet", remedy, facet)
            continue
        codes = making.setting.evidence.codes
        rows = codes[codes["facet"] == facet].set_index("code_id")
        notes = boundary_notes(making.setting, facet) | boundary
        for code in making.setting.codes(facet):
            excluded = rows.at[code, "exclude"].rstrip(".")
            kept = f"{making.setting.words['keeps out']} {excluded}." if excluded else ""
            rules[code] = " ".join(part for part in (kept, notes[code]) if part) or rows.at[code, "definition"]
    for code in boundary:
        if rules and code not in rules:
            making.fail(("boundary", code), "the codebook has no such code", choose(code, list(rules)), code)
    return rules


_KINDS: Mapping[str, Callable[[_Making], Exercise | None]] = {
    "numbers": _numbers,
    "matching": _matching,
    "statements": _statements,
    "coding": _coding,
    "labels": _labels,
    "groups": _groups,
    "writing": _writing,
}
