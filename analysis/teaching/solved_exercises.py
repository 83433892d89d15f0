"""Exercises with their solutions in Markdown, from the key of a lesson: for guides and for slides of solutions."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.display.captioned_tables import escaped

Words = Mapping[str, str]


def markdown(exercise: Mapping[str, Any], solved: Mapping[str, Any], words: Words, with_texts: bool = True) -> str:
    """Return the solution of an exercise, or its record, with the reasons, and with what was coded if `with_texts`.

    `exercise` is as students get it (`student_data`), `solved` as the key has it (`answer_keys`).
    """
    if not with_texts and exercise["kind"] in {"coding", "labels"}:
        exercise = {**exercise, "items": [{**item, "text": ""} for item in exercise["items"]]}
    return "\n\n".join(filter(None, _parts(exercise, solved, words)))


def _parts(exercise: Mapping[str, Any], solved: Mapping[str, Any], words: Words) -> Iterator[str]:
    yield _items(exercise, solved["items"], words)
    said = f"{escaped(solved['solution'])} “{escaped(solved['record'])}”"
    yield said if solved["record"] else escaped(solved["solution"])
    if exercise["kind"] == "writing":
        yield "\n".join(f"- {escaped(point)}" for point in exercise["checklist"])
    for table in solved["tables"]:
        yield f"#### {escaped(table['caption'])}"
        yield _table(table["heads"], table["rows"])


def _items(exercise: Mapping[str, Any], solved: Mapping[str, Any], words: Words) -> str:
    texts = {item["key"]: item["text"] for item in exercise["items"]}
    labels = {option["value"]: option["label"] for option in exercise["options"]}
    match exercise["kind"]:
        case "numbers":
            if len(solved) == 1:
                return " ".join(f"**{one['right']}** {escaped(one['why'])}" for one in solved.values())
            return _table(
                ["", words["says"], words["right_answer"]],
                [[key, texts[key], one["right"]] for key, one in solved.items()],
            )
        case "matching":
            heads = ["", words["says"], words["right_answer"], words["why"]]
            return _table(
                heads,
                [[key, texts[key], labels.get(one["right"], one["right"]), one["why"]] for key, one in solved.items()],
            )
        case "statements":
            heads = ["", words["says"], words["right_answer"], words["why"]]
            rows = [
                [key, texts[key], words["yes" if one["right"] else "no"], one["why"]] for key, one in solved.items()
            ]
            return _table(heads, rows)
        case "groups":
            groups: dict[str, list[str]] = {}
            for key, one in solved.items():
                groups.setdefault(one["taken"], []).append(texts[key])
            return "\n".join(f"- **{escaped(name)}**: {escaped('; '.join(of))}" for name, of in groups.items())
        case "coding" | "labels":
            return _record(exercise, solved, labels, texts, words)
    return "\n".join(f"- **{escaped(key)}**: {escaped(one['why'])}" for key, one in solved.items())


def _record(
    exercise: Mapping[str, Any],
    solved: Mapping[str, Any],
    labels: Mapping[str, str],
    texts: Mapping[str, str],
    words: Words,
) -> str:
    rows = [
        [key, texts[key], _with_allowed(one, labels, words), one["why"]]
        for key, one in solved.items()
        if not exercise["left_out"] or one["taken"] != exercise["left_out"]
    ]
    return _table(["", words["says"], words["the_record"], words["why"]], rows)


def _with_allowed(one: Mapping[str, Any], labels: Mapping[str, str], words: Words) -> str:
    allowed = ", ".join(labels.get(code, code) for code in one["allowed"])
    taken = labels.get(one["taken"], one["taken"])
    return f"{taken} ({words['also_allowed'].lower()}: {allowed})" if allowed else taken


def _table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a table without the columns in which nothing stands."""
    filled = [at for at, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    lines = [[escaped(cell) for at, cell in enumerate(row) if at in filled] for row in [heads, *rows]]
    head, *body = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join([head, f"|{'---|' * len(filled)}", *body])
