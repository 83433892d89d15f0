"""Simulated works of coders who never were, for tests of the workbench. Nothing here is evidence."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

NOTICE = "Simulated for tests: nobody said this, and nobody coded it."
COLOURS = ["#2f429f", "#0b7680", "#b34f0b", "#a8174b", "#5a6478"]
WORDS = ["we", "they", "meet", "plan", "ask", "read", "wait", "know", "need", "money", "time", "trust", "letter"]


def guid(*path: object) -> str:
    """Return the GUID that a path always has."""
    digest = hashlib.sha256("/".join(map(str, path)).encode()).hexdigest()
    return str(UUID(digest[:32]))


def text(content: str, name: str = "Simulated talk", read: Sequence[Sequence[int]] = ()) -> dict[str, Any]:
    """Return a text of a work; `read` are the places that were read."""
    return {
        "guid": guid("text", name, content),
        "name": name,
        "language": "en",
        "origin": "invented",
        "notice": NOTICE,
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "content": content,
        "read": [list(one) for one in read],
    }


def code(name: str, parent: str = "", key: object = None, **more: str) -> dict[str, Any]:
    """Return a code; `key` makes its GUID, where it is not its name."""
    blank = {"definition": "", "include": "", "exclude": "", "example": "", "memo": ""}
    colour = COLOURS[len(name) % len(COLOURS)]
    return {"guid": guid("code", key or name), "parent": parent, "name": name, "colour": colour, **blank, **more}


def coding(
    talk: dict[str, Any], given: dict[str, Any], passage: str | tuple[int, int], memo: str = ""
) -> dict[str, Any]:
    """Return a coding of a passage: its words, which occur once, or its places."""
    if isinstance(passage, str):
        start = talk["content"].index(passage)
        passage = start, start + len(passage)
    start, end = passage
    made = guid("coding", talk["guid"], start, end, given["guid"], memo)
    time = "2026-11-30T09:00:00Z"
    return {
        "guid": made,
        "text": talk["guid"],
        "start": start,
        "end": end,
        "code": given["guid"],
        "memo": memo,
        "time": time,
    }


def work(
    coder: str,
    texts: Sequence[dict[str, Any]],
    codes: Sequence[dict[str, Any]],
    codings: Sequence[dict[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return the work of a coder, the first state of round 1 if nothing else is said."""
    return {
        "format": "coded-text",
        "version": 1,
        "guid": guid("work", coder, more.get("round", 1)),
        "saved": 1,
        "name": "Simulated",
        "packet": "",
        "round": 1,
        "coder": {"guid": guid("coder", coder), "name": coder},
        "memo": NOTICE,
        "codebook": {"guid": guid("codebook"), "name": "Simulated codebook", "version": 1, "changes": []},
        "codes": list(codes),
        "texts": list(texts),
        "codings": list(codings),
        **more,
    }


def talk(words: int, seed: int = 1) -> str:
    """Return a made-up talk of about so many words, in turns of a few sentences."""
    chance = np.random.default_rng(seed)
    turns: list[str] = []
    while sum(len(turn.split()) for turn in turns) < words:
        lengths = chance.integers(6, 21, chance.integers(1, 7))
        sentences = [" ".join(chance.choice(WORDS, length)).capitalize() + "." for length in lengths]
        turns.append(f"{('Interviewer', 'Maren')[len(turns) % 2]}: {' '.join(sentences)}")
    return "\n\n".join(turns) + "\n"


def class_of(size: int, words: int = 2500, codings: int = 400, codes: int = 20, seed: int = 1) -> list[dict[str, Any]]:
    """Return the works of a class on one text, each with about so many codings of words, some of them with a memo."""
    content = talk(words, seed)
    book = [code(f"Simulated code {n + 1}", definition="What nobody said.") for n in range(codes)]
    chance = np.random.default_rng(seed)
    starts = [0, *(place + 1 for place, sign in enumerate(content[:-200]) if sign == " ")]
    likely = chance.choice(starts, codings), chance.integers(30, 160, codings), chance.integers(0, codes, codings)
    works = []
    for n in range(size):
        own = text(content, read=[(0, len(content) * int(chance.integers(7, 11)) // 10)])
        shifts, longer = chance.choice([0, 0, 0, 6, 15], codings), chance.integers(-10, 11, codings)
        others, alike, told = (
            chance.integers(0, codes, codings),
            chance.random(codings) < 0.75,
            chance.random(codings) < 0.2,
        )
        made = {}
        for start, length, usual, shift, more, other, same, why in zip(
            *likely, shifts, longer, others, alike, told, strict=True
        ):
            place = int(start + shift), int(start + shift + length + more)
            one = coding(
                own, book[usual if same else other], place, f"Simulated reason of coder {n + 1}" if why else ""
            )
            made[one["guid"]] = one
        works.append(work(f"simulated-{n + 1:02}", [own], book, list(made.values())))
    return works
