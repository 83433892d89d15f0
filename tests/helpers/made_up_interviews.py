"""A set of interviews for tests, small but for its words, of which the loader asks so many."""

import csv
from pathlib import Path

SET = "bakery"
NOTICE = "Invented for teaching: no such bakery exists. CC BY 4.0."
WHY_PLANTED, WHY_A, WHY_B = "It takes back what came before.", "Waiting is what she minds.", "She is glad of the smell."
_NOTE = f"""title = "The bakery"
notice = "{NOTICE}"

[[interview]]
slug = "queue"
name = "The queue"
language = "en"
about = "Somebody waits for bread."
objectives = ["Find where waiting begins."]
file = "01-queue.txt"

[[interview.planted]]
kind = "contradiction"
words = "answer 7 is, well, no"
why = "{WHY_PLANTED}"
"""
_CODES = [
    ["parent", "code", "definition", "include", "exclude", "example"],
    ["", "Waiting", "Time in the queue.", "Cold feet.", "", "I stood there"],
    ["Waiting", "Company", "Others in the queue.", "", "", ""],
    ["", "Bread", "What is bought.", "", "Cake.", ""],
]
_CODINGS = [
    ["interview", "coder", "passage", "parent", "code", "reason"],
    ["queue", "reference-a", "answer 7 is, well, no", "", "Waiting", WHY_A],
    ["queue", "reference-a", "answer 9 is, well, no", "Waiting", "Company", "Others are named."],
    ["queue", "reference-b", "answer 7 is, well, no", "", "Waiting", "The queue is meant."],
    ["queue", "reference-b", "answer 9 is, well, no", "", "Bread", WHY_B],
]


def content() -> str:
    """Return the text: questions and answers with numbers, so that words occur once."""
    said = "I stood there in the queue and thought of bread 🙂, and of them who stood there before and behind me."
    turns = [
        f"Interviewer: So, question {number}?\n\nBaker's wife: My answer {number} is, well, no. {said} That was {number}."
        for number in range(1, 68)
    ]
    return "\n\n".join(turns) + "\n"


def written(folder: Path) -> Path:
    """Write the set into a new folder within a folder, and return it."""
    made = folder / SET
    made.mkdir(parents=True)
    (made / "interviews.toml").write_text(_NOTE, encoding="utf-8")
    (made / "01-queue.txt").write_text(content(), encoding="utf-8", newline="\n")
    for name, rows in {"codes.csv": _CODES, "codings.csv": _CODINGS}.items():
        with (made / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
    return made
