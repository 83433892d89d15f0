"""Works of the workbench to test on: coders, codes and texts that are made up, and what the browser makes of them."""

import base64
import hashlib
import random
import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from browser import Browser
from page_scripts import answer

Work = dict[str, Any]
NOTICE = "Invented for teaching: nobody said this."
CORE = [
    "csv.js",
    "elements.js",
    "sha256.js",
    *(f"workbench/{name}.js" for name in ("positions", "works", "work-files")),
]
EXCHANGE = [
    "../vendor/fflate/fflate.js",
    *(
        f"workbench/{name}.js"
        for name in ("archives", "refi-xml", "refi-codebook", "refi-project", "position-counting", "refi-reading",
                     "study-tables", "coded-tables")
    ),
]  # fmt: skip
#: What encodings and counts are tried on: emoji of several characters, a flag, combining marks, and other scripts.
ODD = [
    "Interviewer: How was it? 🙂👍🏽 Tell me.",
    "Ann: We are 👨‍👩‍👧 three, from 🇩🇪 and from Kraków; cre\u0301me and u\u0308ber.",
    "",
    "Interviewer: And नमस्ते?",
    'Ann: <b>Nobody</b> "asked" & nobody read = a page.',
]


def guid(name: str) -> str:
    """Return the GUID of a thing by a name that a person can say."""
    return str(uuid5(UUID(int=2), name))


def text(name: str, content: str, **more: Any) -> dict[str, Any]:
    """Return an invented text of a work, the whole of which was read."""
    plain = re.sub(r"\r\n?", "\n", content)
    digest = hashlib.sha256(plain.encode()).hexdigest()
    known = {"guid": guid(name), "name": name, "language": "en", "origin": "invented", "notice": NOTICE}
    return {**known, "sha256": digest, "content": plain, "read": [[0, len(plain)]], **more}


def code(name: str, parent: str = "", **more: Any) -> dict[str, Any]:
    """Return a code, the one below another if that is named."""
    colour = f"#{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    said = dict.fromkeys(("definition", "include", "exclude", "example", "memo"), "")
    return {"guid": guid(name), "parent": parent and guid(parent), "name": name, "colour": colour, **said, **more}


def coding(of: dict[str, Any], start: int, end: int, given: str, coder: str, memo: str = "") -> dict[str, Any]:
    """Return a coding of a place by a coder."""
    key, time = f"{coder} {of['name']} {start} {end} {given}", "2026-12-01T11:00:00Z"
    return {"guid": guid(key), "text": of["guid"], "start": start, "end": end, "code": guid(given), "memo": memo,
            "time": time}  # fmt: skip


def work(coder: str, texts: list[dict[str, Any]], codes: list[dict[str, Any]], **more: Any) -> Work:
    """Return a work without codings, unless they are given."""
    changes = [{"version": 2, "time": "2026-12-02T09:30:00Z", "what": "Merged A into B", "why": "One > two?>"}]
    return {
        "format": "coded-text", "version": 1, "guid": guid(f"work of {coder}"), "saved": 12, "name": "Trust",
        "packet": guid("packet"), "round": 2, "coder": {"guid": guid(coder), "name": coder}, "memo": "",
        "codebook": {"guid": guid("codebook"), "name": "Trust", "version": 2, "changes": changes},
        "codes": codes, "texts": texts, "codings": [], **more,
    }  # fmt: skip


def codebook() -> list[dict[str, Any]]:
    """Return codes on two levels, whose descriptions are hard to take apart; a top is behind a code below another."""
    hard = {"definition": "Said.\nInclude: not a rule\n Exclude: nor this", "include": "votes\n\nseats ",
            "exclude": "Memo: a", "example": "“Ja – 🙂”\n", "memo": "Unsure & <late>."}  # fmt: skip
    return [
        code("Voice", **hard),
        code("Being heard", "Voice", definition="Somebody listens."),
        code("Time"),
        code("Not being heard", "Voice", include="silence"),
        code("Evenings", "Time", memo="Ask the others."),
        code("Other"),
    ]


def two_coders() -> list[Work]:
    """Return works of two coders over two texts: places that overlap, memos, ranges that were read, a moved code."""
    first, second = (
        text("Interview 1", "\r\n".join(ODD)),
        text("Interview 2", "Bo: It was late.\n\nBo: Too late, I think."),
    )
    codes = codebook()
    sizes = len(first["content"]), len(second["content"])
    ann = work("ann", [first, {**second, "read": [[0, 16]]}], codes, memo="Look again.\nAt the end.")
    ann["codings"] = [
        coding(second, 0, 16, "Evenings", "ann"),
        coding(first, 26, 29, "Voice", "ann", "Why?\nBecause & <so>."),
        coding(first, 26, 51, "Being heard", "ann"),
        {**coding(first, 58, 70, "Other", "ann", "x"), "time": ""},
        coding(second, 18, sizes[1], "Evenings", "ann", " a blank before"),
    ]
    own = [{**one, "definition": "Otherwise."} if one["name"] == "Other" else one for one in codes]
    moved = [{**one, "parent": guid("Time")} if one["name"] == "Other" else one for one in reversed(own)]
    twin = {**code("being HEARD", "Voice"), "guid": guid("heard by ben"), "memo": "The same by its path."}
    moved = [twin if one["name"] == "Being heard" else one for one in moved] + [code("New", "Time")]
    ben = work("ben", [second, {**first, "guid": guid("ben's copy"), "name": "Talk 1", "read": []}], moved, saved=3)
    here = {**first, "guid": guid("ben's copy")}
    ben["codings"] = [
        {**coding(here, 26, 51, "Voice", "ben"), "code": twin["guid"]},
        coding(second, 0, 16, "Evenings", "ben", "Late."),
        coding(here, 0, sizes[0], "New", "ben"),
        {**coding(here, 26, 29, "Voice", "ben"), "guid": ann["codings"][1]["guid"]},
    ]
    return [ann, ben]


def simulated(words: int, codings: int, coders: int = 1, seed: int = 1) -> list[Work]:
    """Return works over one text of so many words, in turns, with so many codings of each coder at random places."""
    draw = random.Random(seed)  # noqa: S311
    vocabulary = [
        "we",
        "were",
        "asked",
        "late",
        "nobody",
        "read",
        "the",
        "page",
        "🙂",
        "naïve",
        "👨‍👩‍👧",
        "trust",
        "time",
    ]
    turns = [" ".join(draw.choices(vocabulary, k=20)).capitalize() + "." for _ in range(words // 20)]
    of = text(f"Simulated {words}", "\n\n".join(f"{'AB'[n % 2]}: {turn}" for n, turn in enumerate(turns)))
    edges = [found.start() for found in re.finditer(" (?=\\S)", of["content"])]
    codes = codebook()
    works = []
    for n in range(coders):
        made = work(f"coder {n + 1}", [of], codes, guid=guid(f"simulated {words} {codings} {n}"))
        for at, one in enumerate(draw.sample(range(len(edges) - 40), codings)):  # no two begin at the same place
            start, end = edges[one] + 1, edges[one + draw.randint(1, 40)]
            given, why = draw.choice(codes)["name"], draw.choice(["", "", f"Why {at}."])
            made["codings"].append(coding(of, start, end, given, f"{n} {at}", why))
        works.append(made)
    return works


def made(chromium: Browser, folder: Path, expression: str, given: Any = None) -> Any:
    """Return what the scripts of the workbench that exchange works make of something."""
    return answer(chromium, folder, [*CORE, *EXCHANGE], expression, given)


BASE64 = "(bytes) => { let s = ''; for (const b of bytes) s += String.fromCharCode(b); return btoa(s); }"
BYTES = "(text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))"


def exported(chromium: Browser, folder: Path, call: str, works: list[Work]) -> bytes:
    """Return the bytes that a call such as `wb.refi.project(works)` makes of works."""
    script = f"(works) => {{ const wb = compendium.workbench; return ({BASE64})({call}); }}"
    return base64.b64decode(made(chromium, folder, script, works))


def read_back(chromium: Browser, folder: Path, call: str, content: bytes) -> Any:
    """Return what a call such as `wb.refi.readProject(bytes)` makes of bytes; the message where it refuses them."""
    script = f"""(text) => {{ const wb = compendium.workbench, bytes = ({BYTES})(text);
        try {{ return {call}; }} catch (fault) {{ return fault.message; }} }}"""
    return made(chromium, folder, script, base64.b64encode(content).decode())
