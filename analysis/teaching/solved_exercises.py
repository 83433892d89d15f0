"""Exercises with their solutions in Markdown, from the key of a lesson: for guides and for slides of solutions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.teaching.lesson_papers import on_one_line, points

Words = Mapping[str, str]
#: An exercise, or its solution, as data files have them.
Material = Mapping[str, Any]


def markdown(exercise: Material, solved: Material, words: Words, with_texts: bool = True) -> str:
    """Return the solution of an exercise, or its record, with the reasons, and with what was coded if `with_texts`.

    `exercise` is as students get it (`student_data`), `solved` as the key has it (`answer_keys`).
    """
    if not with_texts and exercise["kind"] in {"coding", "labels"}:
        exercise = {**exercise, "items": [{**item, "text": ""} for item in exercise["items"]]}
    return "\n\n".join(filter(None, _parts(exercise, solved, words)))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown, its cells in Markdown, without the columns in which nothing stands."""
    filled = [at for at, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    lines = [[on_one_line(row[at]).replace("|", "\\|") for at in filled] for row in (heads, *rows)]
    head, *body = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join([head, f"|{'---|' * len(filled)}", *body])


def _parts(exercise: Material, solved: Material, words: Words) -> Iterator[str]:
    yield _items(exercise, solved["items"], words)
    said = f"{solved['solution']} “{solved['record']}”"
    yield said if solved["record"] else solved["solution"]
    if exercise["kind"] == "writing":
        yield points(exercise["checklist"])
    for shown in solved["tables"]:
        yield f"#### {shown['caption']}"
        yield table([head or words["item"] for head in shown["heads"]], shown["rows"])


def _items(exercise: Material, solved: Material, words: Words) -> str:
    """Return what is right, or recorded, item by item."""
    texts = {item["key"]: item["text"] for item in exercise["items"]}
    labels = {option["value"]: option["label"] for option in exercise["options"]}
    heads = [words["item"], words["says"], words["right_answer"], words["why"]]
    match exercise["kind"]:
        case "numbers" if len(solved) == 1:
            return "".join(f"**{one['right']}** {one['why']}" for one in solved.values())
        case "numbers" | "matching":
            rows = [
                [key, texts[key], labels.get(one["right"], one["right"]), one["why"]] for key, one in solved.items()
            ]
            return table(heads, rows)
        case "statements":
            said = {True: words["yes"], False: words["no"]}
            return table(heads, [[key, texts[key], said[one["right"]], one["why"]] for key, one in solved.items()])
        case "groups":
            groups: dict[str, list[str]] = {}
            for key, one in solved.items():
                groups.setdefault(one["taken"], []).append(texts[key])
            return points(f"**{name}**: {'; '.join(of)}" for name, of in groups.items())
        case "coding" | "labels":
            kept = {key: one for key, one in solved.items() if one["taken"] != (exercise["left_out"] or None)}
            rows = [[key, texts[key], _with_allowed(one, labels, words), one["why"]] for key, one in kept.items()]
            return table([words["item"], words["says"], words["the_record"], words["why"]], rows)
    return points(f"**{key}**: {one['why']}" for key, one in solved.items())


def _with_allowed(one: Material, labels: Mapping[str, str], words: Words) -> str:
    allowed = ", ".join(labels.get(code, code) for code in one["allowed"])
    taken = labels.get(one["taken"], one["taken"])
    return f"{taken} ({words['also_allowed'].lower()}: {allowed})" if allowed else taken
