"""The keys of a lesson file: what each takes, whether it is needed, and what it means; pages show these tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Takes(Enum):
    """What a key takes, in words."""

    TEXT = "text"
    TEXTS = "list of texts"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "true or false"
    NAMED_TEXTS = "texts by name"
    NAMED_LISTS = "lists of texts by name"
    COMPUTED = "number or text, or what is computed"
    VALUES = "numbers, texts, or what is computed, by name"
    COMPUTED_LIST = "list of texts, or what is computed"
    COUNTS = "rows of whole numbers"
    ROWS = "rows of texts"
    OPTIONS = "list of texts, or of tables with value, label and definition"
    TABLES = "list of tables"
    TABLE = "table"
    NAMED_TABLES = "tables by name"
    SHOWN = "what is shown"


@dataclass(frozen=True)
class Key:
    """What a key takes, and what it means; `of` are the keys of the tables in it."""

    takes: Takes
    meaning: str
    needed: bool = False
    of: "Keys" = field(default_factory=dict)


Keys = Mapping[str, Key]

MISCONCEPTION: Keys = {
    "title": Key(Takes.TEXT, "What students often take for true, or do, in a few words.", needed=True),
    "text": Key(Takes.TEXT, "What to say to it.", needed=True),
}
STEP: Keys = {
    "minutes": Key(Takes.WHOLE, "How long the step takes; the steps of a plan add up to its minutes.", needed=True),
    "text": Key(Takes.TEXT, "What the class does.", needed=True),
    "exercises": Key(Takes.TEXTS, "The exercises that are done in it, which fit into its minutes."),
    "aloud": Key(Takes.TEXTS, "Exercises that are only talked about in it; their minutes are not counted."),
}
PLAN: Keys = {
    "minutes": Key(Takes.WHOLE, "The length of the class.", needed=True),
    "steps": Key(Takes.TABLES, "What is done, in order.", needed=True, of=STEP),
    "cut": Key(Takes.TEXT, "What to leave out when time runs short."),
}
SECTION: Keys = {
    "title": Key(Takes.TEXT, "The heading.", needed=True),
    "in_short": Key(Takes.FLAG, "Whether the section belongs to the shortest plan; true if it is left out."),
    "parts": Key(
        Takes.SHOWN,
        "A list of `{ text = … }` in Markdown, `{ exercise = … }` by its name, `{ table = … }` and `{ figure = … }`.",
        needed=True,
    ),
}
MADE_UP: Keys = {
    "about": Key(Takes.TEXT, "What is special about the table; its caption says that it is made up.", needed=True),
    "coders": Key(Takes.TEXTS, "The names of the coders, who are made up, too.", needed=True),
    "codes": Key(Takes.TEXTS, "The codes.", needed=True),
    "crossed": Key(
        Takes.COUNTS,
        "For two coders: a row for each code of the first, with how many passages the second gave each code.",
    ),
    "rows": Key(
        Takes.ROWS, 'In place of `crossed`: a row for each passage, with the code of each coder; `""` for none.'
    ),
}
STUDY_IMPORT: Keys = {
    "facets": Key(Takes.TEXTS, "Branches of the code tree that become facets."),
    "exclusive": Key(Takes.TEXTS, "Facets in which a passage has at most one code."),
    "record": Key(Takes.TEXTS, "The coders whose codes are the record."),
    "interviewee": Key(Takes.TEXT, "What counts as an interviewee: case, source, none, or the name of a variable."),
}
PATTERN: Keys = {
    "find": Key(
        Takes.TEXT, "A regular expression, in any case of letters, between single quotation marks.", needed=True
    ),
    "say": Key(Takes.TEXT, "What is said of a text in which it is found.", needed=True),
    "missing": Key(Takes.FLAG, "If true, it is said of a text in which the pattern is not found."),
}
RUBRIC: Keys = {
    "points": Key(Takes.WHOLE, "How many points it is worth.", needed=True),
    "text": Key(Takes.TEXT, "What they are given for.", needed=True),
}
MISTAKE: Keys = {
    "value": Key(Takes.COMPUTED, "The number that a slip leads to.", needed=True),
    "say": Key(Takes.TEXT, "What to look at again.", needed=True),
}
NUMBER_ITEM: Keys = {
    "key": Key(Takes.TEXT, "The key of the answer.", needed=True),
    "text": Key(Takes.TEXT, "What is asked.", needed=True),
    "right": Key(Takes.COMPUTED, "The right number.", needed=True),
    "again": Key(Takes.TEXT, "What to look at again.", needed=True),
    "within": Key(Takes.NUMBER, "How far an answer may be off; 0 if it is left out."),
    "mistakes": Key(Takes.TABLES, "Numbers that are easily taken for it.", of=MISTAKE),
}
MATCHING_ITEM: Keys = {
    "key": Key(Takes.TEXT, "The key of the situation.", needed=True),
    "text": Key(Takes.TEXT, "The situation.", needed=True),
    "right": Key(Takes.COMPUTED, "The option that fits.", needed=True),
    "rule": Key(Takes.TEXT, "What to look at again, to follow “look again at”.", needed=True),
    "feedback": Key(Takes.NAMED_TEXTS, "What is said of a wrong option, by the option."),
}
STATEMENT: Keys = {
    "key": Key(Takes.TEXT, "The key of the statement.", needed=True),
    "text": Key(Takes.TEXT, "The statement.", needed=True),
    "right": Key(Takes.FLAG, "Whether it belongs.", needed=True),
    "feedback": Key(Takes.TEXT, "What is said where it was wrongly chosen, or missed."),
}
JUDGED_ITEM: Keys = {
    "key": Key(
        Takes.TEXT, "The key of the thing; that of a passage of the study has the words of the passage.", needed=True
    ),
    "text": Key(Takes.TEXT, "The words of the thing, if it is not a passage of the study."),
    "taken": Key(Takes.COMPUTED, "What the record says.", needed=True),
    "why": Key(Takes.TEXT, "Why.", needed=True),
    "allowed": Key(Takes.TEXTS, "What the record also allows."),
}
_PASSAGES: Keys = {
    "passages": Key(Takes.COMPUTED_LIST, "The keys of the passages, as in the table `extracts` of the study."),
    "facet": Key(Takes.TEXT, "The facet that is coded; the record is the coding of record of the study."),
    "level": Key(Takes.TEXT, "The level of its codes; the top one if it is left out."),
    "items": Key(Takes.TABLES, "In place of `passages`: things with what the record says of them.", of=JUDGED_ITEM),
    "record": Key(Takes.COMPUTED, "In place of both: a measure that gives things with what the record says of them."),
    "whose": Key(Takes.TEXT, "Whose judgement the record is, in a sentence.", needed=True),
    "noun": Key(Takes.TEXT, "What the things are called; “passage” if it is left out."),
    "heading": Key(Takes.TEXT, "The heading of the words of a thing in tables."),
}
COMMON: Keys = {
    "kind": Key(Takes.TEXT, "The kind of the exercise.", needed=True),
    "number": Key(Takes.TEXT, 'The number of the lesson, a point, and that of the exercise: `"1.2"`.', needed=True),
    "title": Key(Takes.TEXT, "A title of a few words.", needed=True),
    "task": Key(Takes.TEXT, "What to do.", needed=True),
    "hints": Key(Takes.TEXTS, "Hints, which are given one at a time.", needed=True),
    "minutes": Key(Takes.WHOLE, "How long it takes.", needed=True),
    "like": Key(Takes.TEXT, "Another exercise, whose keys hold where this one has none of its own."),
    "values": Key(Takes.VALUES, "Figures for its texts, by name; see below."),
    "note": Key(Takes.TEXT, "What instructors should know about its solution."),
    "divides": Key(Takes.NAMED_TEXTS, "For instructors: what may divide students, by item."),
    "rubric": Key(Takes.TABLES, "For open tasks: what points are given for by a person.", of=RUBRIC),
}
KINDS: Mapping[str, Keys] = {
    "numbers": {
        "right": Key(Takes.COMPUTED, "The right number, if there is one; otherwise leave it out and give `items`."),
        "items": Key(Takes.TABLES, "Several numbers.", of=NUMBER_ITEM),
        "within": Key(Takes.NUMBER, "How far an answer may be off; without it the number is a count."),
        "digits": Key(Takes.WHOLE, "The decimals of the solution; two if it is left out."),
        "mistakes": Key(Takes.TABLES, "Numbers that are easily taken for it.", of=MISTAKE),
        "reason": Key(Takes.TEXT, "Why it is so; `{right}` is the right number.", needed=True),
        "shows": Key(Takes.SHOWN, "Tables that are shown with the solution, a list of `{ table = … }`."),
    },
    "matching": {
        "items": Key(Takes.TABLES, "The situations.", needed=True, of=MATCHING_ITEM),
        "options": Key(Takes.OPTIONS, "What may be chosen, if not the codes of a facet."),
        "facet": Key(Takes.TEXT, "The facet whose codes may be chosen."),
        "level": Key(Takes.TEXT, "The level of its codes; the top one if it is left out."),
        "decides": Key(Takes.TEXT, "What decides; “the written rules” if it is left out."),
        "shows": Key(Takes.SHOWN, "Tables that are shown with the solution, a list of `{ table = … }`."),
    },
    "statements": {
        "items": Key(Takes.TABLES, "The statements.", of=STATEMENT),
        "choose_from": Key(Takes.COMPUTED_LIST, "In place of `items`: names to choose among."),
        "right": Key(Takes.COMPUTED_LIST, "With `choose_from`: the names that belong."),
        "missed": Key(Takes.TEXT, "With `choose_from`: what is said if a name was missed. Do not say which."),
        "reason": Key(Takes.TEXT, "Why it is so.", needed=True),
        "noun": Key(Takes.TEXT, "What is chosen; “statement” if it is left out."),
    },
    "coding": {
        **_PASSAGES,
        "options": Key(Takes.OPTIONS, "With `items` or `record`: what may be chosen."),
        "words": Key(Takes.FLAG, "Whether the words that decide are asked for."),
        "reasons": Key(Takes.FLAG, "Whether a reason is asked for."),
        "again": Key(Takes.TEXT, "The exercise in which the same was coded a first time."),
        "rule": Key(Takes.TEXT, "The exercise whose text, a rule, is repeated beside each second answer."),
        "withheld": Key(Takes.FLAG, "Whether the record is held back for the second coding."),
        "left_out": Key(Takes.TEXT, "The option of things that students leave out; without it, all have to be judged."),
        "feedback": Key(Takes.NAMED_TEXTS, "What is said of a code that is often chosen by mistake, by the code."),
    },
    "labels": dict(_PASSAGES),
    "groups": {
        "facet": Key(Takes.TEXT, "The facet whose codes are grouped."),
        "level": Key(Takes.TEXT, "The level of the codes that are grouped; the lowest if it is left out."),
        "above": Key(Takes.TEXT, "The level whose codes are the groups of record; the next one up if it is left out."),
        "items": Key(Takes.NAMED_LISTS, "In place of a facet: the things by the name of their group in the record."),
        "whose": Key(Takes.TEXT, "Whose groups the record has, in a sentence.", needed=True),
        "noun": Key(Takes.TEXT, "What the things are called; “code” if it is left out."),
    },
    "writing": {
        "record": Key(Takes.TEXT, "A good answer, to compare with.", needed=True),
        "whose": Key(Takes.TEXT, "How it is introduced, ending in a colon.", needed=True),
        "checklist": Key(Takes.TEXTS, "What to look for in one's own text and in a partner's.", needed=True),
        "least": Key(Takes.WHOLE, "With fewer words than this, more are asked for; 8 if it is left out."),
        "patterns": Key(Takes.TEXTS, "The names of `patterns` that are looked for."),
        "codebook": Key(
            Takes.TEXTS,
            "For a rule: facets with whose codes it is compared, each with what it keeps out and its boundary case.",
        ),
        "boundary": Key(Takes.NAMED_TEXTS, "For a rule: a boundary case by its code, in place of the codebook's."),
    },
}
TOP: Keys = {
    "format": Key(Takes.TEXT, 'Always `"lesson"`.', needed=True),
    "version": Key(Takes.WHOLE, "Always 1.", needed=True),
    "name": Key(Takes.TEXT, "The name of the files that are made: small letters, digits and hyphens.", needed=True),
    "number": Key(Takes.TEXT, "The number of the lesson, with which those of its exercises begin.", needed=True),
    "language": Key(
        Takes.TEXT, "The language of the texts: `en`, `de`, `es` or another code of two letters.", needed=True
    ),
    "title": Key(Takes.TEXT, "The title.", needed=True),
    "summary": Key(Takes.TEXT, "What students do, in a sentence or two.", needed=True),
    "audience": Key(Takes.TEXT, "For whom it is.", needed=True),
    "needs": Key(Takes.TEXT, "What students need to know before.", needed=True),
    "prepare": Key(Takes.TEXT, "What the instructor prepares."),
    "objectives": Key(Takes.TEXTS, "What students can do afterwards, each to follow “can”.", needed=True),
    "study": Key(
        Takes.TEXT,
        "The coded study: the path, from the file, of a folder with `datapackage.json`, or of a project that `study "
        "import` reads. The study of the compendium if it is left out.",
    ),
    "study_import": Key(Takes.TABLE, "How a project is imported.", of=STUDY_IMPORT),
    "show": Key(Takes.TEXT, "`gist` or `wording`: in which words passages are shown; `gist` if it is left out."),
    "study_title": Key(
        Takes.TEXT, "What the lesson is about, in place of the study's title; for one that shows nothing of a study."
    ),
    "invented": Key(Takes.FLAG, "Whether the study is invented; what a simulated study says of itself holds anyway."),
    "plans": Key(Takes.TABLES, "Plans of a class, the shortest first.", needed=True, of=PLAN),
    "sections": Key(Takes.TABLES, "The lesson as students go through it.", needed=True, of=SECTION),
    "exercises": Key(Takes.NAMED_TABLES, "The exercises by name.", needed=True),
    "misconceptions": Key(Takes.TABLES, "What often goes wrong.", of=MISCONCEPTION),
    "discussion": Key(Takes.TEXTS, "Questions to discuss."),
    "key_points": Key(Takes.TEXTS, "What to remember.", needed=True),
    "values": Key(Takes.VALUES, "Figures for all texts, by name; see below."),
    "tables": Key(Takes.NAMED_TABLES, "Tables that the lesson makes up.", of=MADE_UP),
    "patterns": Key(Takes.NAMED_TABLES, "What is looked for in texts that students write.", of=PATTERN),
}
