"""The pane of the workbench where a text is read and marked, in a page of its own: no site has to be built for it."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from browser import Browser, pause

from analysis.support import paths

SCRIPTS = (
    "elements.js",
    *(
        f"workbench/{name}.js"
        for name in ["positions", "text-field", "text-marks", "text-bars", "text-view", "text-keys", "text-search"]
    ),
)
STYLES = ("site.css", "workbench-text.css")

#: Characters that are cut, miscounted or mixed up where places are not code points.
TEXT = """Interviewer: How was it?

Ana: Good 🙂👍🏽 and then 👨‍👩‍👧 came. The cafe\u0301 was shut. We said नमस्ते to them.

Interviewer: And then?

Ana: I don’t know. They never asked us, did they?
They wrote it down.
"""

CODES = [
    {"guid": "voice", "parent": "", "name": "Voice", "colour": "#d81b60"},
    {"guid": "heard", "parent": "voice", "name": "Heard", "colour": "#1e88e5"},
    {"guid": "money", "parent": "", "name": "Money", "colour": "#b8860b"},
    {"guid": "left-out", "parent": "voice", "name": "Left out", "colour": "#2e7d32"},
]

PAGE = """<!doctype html>
<html lang="en" class="js"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pane</title>{styles}</head>
<body data-md-color-scheme="{scheme}"><main class="md-typeset" style="max-width: 61rem; margin: auto; padding: 1rem">
<h1>Pane</h1><p id="outside">A paragraph before the text.</p><button id="before">Before</button><div id="search"></div>
<div class="transcript-page"><div id="text"></div><div id="margin"></div></div>
<button id="after">After</button><p id="said" role="status"></p></main>
{scripts}
<script>
  const given = {given}
  const wb = compendium.workbench, said = [], calls = []
  const began = performance.now()
  const find = (id) => document.getElementById(id)
  const view = wb.textView({{ host: find("text"), margin: find("margin"), content: given.content, language: "en", label: "Interview 1" }})
  view.paint(given)
  find("text").getBoundingClientRect()
  const took = performance.now() - began
  const say = (sentence) => {{ said.push(sentence); find("said").textContent = sentence }}
  const names = ["give", "giveNumber", "memo", "invivo", "undo", "redo", "take", "help", "read", "unread", "codes"]
  const actions = Object.fromEntries(names.map((name) => [name, (...what) => calls.push([name, ...what])]))
  const over = ({{ start, end }}) => given.codings.filter((one) => one.start < Math.max(end, start + 1) && one.end > start)
  const bar = wb.searchBar({{ host: find("search"), view, content: given.content, say }})
  wb.textKeys(view, {{ ...actions, say, find: bar.open, codingsAt: over, codings: () => [...given.codings] }})
  view.onSelect((place) => {{ calls.push(["select", place]); if (place) view.point(over(place)) }})
  view.onCoding((coding) => calls.push(["coding", coding.guid]))
</script></body></html>"""

Task = Callable[[Any], Any]


def coding(content: str, words: str, code: str, guid: str = "", memo: str = "") -> dict[str, Any]:
    """Return the coding of words that occur once."""
    assert content.count(words) == 1
    start = content.index(words)
    place = {"start": start, "end": start + len(words)}
    return {"guid": guid or f"{code}-{start}", "text": "text", "code": code, "memo": memo, **place}


def many(content: str, count: int) -> list[dict[str, Any]]:
    """Return codings at random places, the same each time; many overlap."""
    chance = random.Random(18)  # noqa: S311 - not for secrets
    lengths = (12, 40, 80, 150, 300, 600)
    made: list[dict[str, Any]] = []
    while len(made) < count:
        start = chance.randrange(len(content))
        end = min(len(content), start + chance.choice(lengths))
        words = content[start:end].strip()
        if words:
            at = content.index(words, start)
            place = {"start": at, "end": at + len(words)}
            made.append({"guid": f"coding-{len(made)}", "code": chance.choice(CODES)["guid"], "memo": "", **place})
    return made


def interview(words: int) -> str:
    """Return a made-up text of about so many words, in turns."""
    turn = (
        "Interviewer: How did that feel?\n\nAna: They listened to what we said about the leaflet, and 🙂 that was all. "
    )
    turn += "Nobody told us why the form said so. I stopped going for a while, which was fair enough.\n\n"
    return turn * (words // len(turn.split()))


def write(
    folder: Path,
    content: str = TEXT,
    codings: Sequence[dict[str, Any]] = (),
    scheme: str = "default",
    first: str = "",
    **given: Any,
) -> Path:
    """Write a page with the pane; `first` is a script that runs before the others."""
    asked = json.dumps({"content": content, "codings": list(codings), "codes": CODES, "read": [], **given})
    docs = paths.ROOT / "docs"
    fonts = (paths.ROOT / "analysis" / "support" / "fonts").as_uri()
    styles = [
        (docs / "styles" / name).read_text(encoding="utf-8").replace("url(fonts/", f"url({fonts}/") for name in STYLES
    ]
    scripts = [first, *((docs / "scripts" / name).read_text(encoding="utf-8") for name in SCRIPTS)]
    page = PAGE.format(
        styles="".join(f"<style>{one}</style>" for one in styles),
        scripts="".join(f"<script>{one}</script>" for one in scripts),
        given=asked.replace("</", "<\\/"),
        scheme=scheme,
    )
    path = folder / "pane.html"
    path.write_text(page, encoding="utf-8")
    return path


def use(chromium: Browser, folder: Path, task: Task, content: str = TEXT, **given: Any) -> Any:
    """Return what a task makes of the pane in a browser; whatever its console says fails the test."""
    context = {name: given.pop(name) for name in ("width", "has_touch", "is_mobile", "forced_colors") if name in given}
    page = write(folder, content, **given)

    def soon(page: Any) -> Any:
        page.set_default_timeout(5000)
        return task(page)

    return chromium.use(page.as_uri(), soon, "file:", **context)


def selected(page: Any) -> str:
    """Return the words that a code would go to, cut out of the content as Python cuts."""
    content, place = page.evaluate("[given.content, view.place()]")
    return str(content)[place["start"] : place["end"]]


def point_of(page: Any, words: str, at_end: bool = False) -> tuple[float, float]:
    """Return where words are on the screen: in the middle of their first character, or of their last."""
    x, y = page.evaluate(
        """([words, atEnd]) => {
            const paragraph = [...document.querySelectorAll("#text p")].find((one) => one.textContent.includes(words))
            const [node] = paragraph.childNodes, at = node.data.indexOf(words), range = new Range()
            paragraph.scrollIntoView({ block: "center" })
            range.setStart(node, at)
            range.setEnd(node, at + words.length)
            const boxes = [...range.getClientRects()], box = atEnd ? boxes.at(-1) : boxes[0]
            return [atEnd ? box.right - 1 : box.left + 1, box.top + box.height / 2]
        }""",
        [words, at_end],
    )
    return x, y


def drag(page: Any, first: str, last: str) -> None:
    """Select by mouse from the beginning of some words to the end of others."""
    page.mouse.move(*point_of(page, first))
    page.mouse.down()
    page.mouse.move(*point_of(page, last, at_end=True), steps=5)
    page.mouse.up()


def calls(page: Any, name: str) -> list[Any]:
    """Return what was asked of the page by a name, after all that was to come has come."""
    pause(page, 30)
    return [call[1:] for call in page.evaluate("calls") if call[0] == name]
