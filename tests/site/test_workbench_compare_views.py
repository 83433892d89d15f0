"""The view that compares works in a real browser: partners, a class, the projector, decisions, packets, and its speed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser
import pytest
import simulated_works as simulated
from example_counts import some

from analysis.support import paths

DOCS = paths.ROOT / "docs"
PARTS = "positions works work-files work-store opened-files session controls start-view comparing unit-agreement packets resolving class-view passages-view decisions-view compare-view"
SCRIPTS = ["elements", "csv", "sha256", "docx-text", "projector", *(f"workbench/{part}" for part in PARTS.split())]
STYLES = ["site", "workbench", "workbench-compare", "projector"]
TALK = "Ana: One here. Two is longer than one.\nBen: Three 🙂 smiles. Four.\n\nAna: Five, and that is all.\n"
VOICE = simulated.code("Voice", definition="Somebody speaks up.", include="Asking.", exclude="Nodding.")
TIME = simulated.code("Time <b>& money</b>")
WHOLE = [(0, len(TALK))]

#: Begin the view with works: the first of them is open, unless there is none.
BEGIN = """([own, others]) => {
  const wb = compendium.workbench;
  const store = { state: "kept", save: () => ({ state: "kept" }), onSavedElsewhere: () => () => {}, load: () => null };
  window.session = own && wb.session(own, store);
  window.said = [];
  window.openedPlaces = [];
  window.downloads = {};
  compendium.download = (name, type, text) => (downloads[name] = text);
  const given = { host: document.getElementById("compare"), session, say: (text) => said.push(text), openPlace: (...place) => openedPlaces.push(place), beginWith: (found) => openedPlaces.push(["begin", found]) };
  window.view = wb.compareView(given);
  view.add(others);
}"""


def work(coder: str, *given: tuple[dict[str, Any], str, str], **more: Any) -> dict[str, Any]:
    """A simulated work on the talk: codes with the words they were given to, and why."""
    talk = simulated.text(more.pop("content", TALK), read=more.pop("read", WHOLE))
    codings = [simulated.coding(talk, code, words, why) for code, words, why in given]
    return simulated.work(coder, [talk], more.pop("codes", [VOICE, TIME]), codings, **more)


ANA = work("ana", (VOICE, "One here.", "She <img src=x onerror=alert(1)> asks."), (TIME, "Four.", ""))
BEN = work(
    "ben",
    (VOICE, "Two is longer", "He waits."),
    (TIME, "Four.", ""),
    codes=[{**VOICE, "definition": "Somebody is heard."}, TIME],
)
CLEO = work("cleo", (VOICE, "One here.", "Cleo's reason"), read=[(0, 40)])
DOV = work("dov", (TIME, "One here.", ""), (TIME, "Four.", ""))


@pytest.fixture
def use(chromium: browser.Browser, tmp_path: Path) -> Callable[..., Any]:
    """Open a page with nothing but the view, begin it with works, and return what a task makes of it."""
    # The fonts are made when the site is built.
    styles = "\n".join(
        line
        for name in STYLES
        for line in (DOCS / "styles" / f"{name}.css").read_text("utf-8").splitlines()
        if "@font-face" not in line
    )
    scripts = "".join(f'<script src="{(DOCS / "scripts" / f"{name}.js").as_uri()}"></script>' for name in SCRIPTS)
    page = tmp_path / "compare.html"
    page.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Compare</title><style>{styles}</style>"
        "<body data-view=compare data-md-color-scheme=default><main class=md-typeset><h1>Compare</h1>"
        f"<div class=workbench id=workbench><section id=compare></section></div></main>{scripts}",
        encoding="utf-8",
    )

    def run(task: Callable[[Any], Any], own: Any, *others: Any, scheme: str = "light", **given: Any) -> Any:
        def ask(tab: Any) -> Any:
            tab.set_default_timeout(10_000)
            tab.evaluate("dark => dark && (document.body.dataset.mdColorScheme = 'slate')", scheme == "dark")
            tab.evaluate(BEGIN, [own, list(others)])
            return task(tab)

        return chromium.use(page.as_uri(), ask, "file:", scheme=scheme, **given)

    return run


def texts(page: Any, selector: str) -> list[str]:
    return [" ".join(one.split()) for one in page.locator(selector).all_inner_texts()]


def test_partners_see_where_they_differ_with_text_memos_and_rules(use: Callable[..., Any]) -> None:
    def look(page: Any) -> None:
        assert texts(page, ".wbc-agreement h2") == ["In 1 of the 3 sentences that were coded, both gave the same codes"]
        assert texts(page, ".wbc-agreement tbody tr")[2:] == [
            "Time <b>& money</b> 1 1 1.00 1.00 1.00",
            "Voice 2 0 0.60 0.00 −0.13",
        ]
        assert texts(page, ".wbc-passage h3") == ["Sentence 1", "Sentence 2"]
        assert texts(page, ".wbc-passage mark") == ["One here.", "Two is longer than one."]
        assert (
            texts(page, ".wbc-answer dl")[0]
            == "ana ✓ gave it She <img src=x onerror=alert(1)> asks. ben – did not give it"
        )
        page.locator(".wbc-rules summary").first.click()
        assert texts(page, ".wbc-rules p")[:3] == [
            "Definition (ana): Somebody speaks up.",
            "Definition (ben): Somebody is heard.",
            "Include: Asking.",
        ]
        page.get_by_role("button", name="Show Sentence 2 in the text").click()
        assert page.evaluate("openedPlaces") == [[ANA["texts"][0]["guid"], {"start": 15, "end": 38}]]
        page.focus("#wbc-filter")
        page.select_option("#wbc-filter", label="Voice (2)")
        assert len(texts(page, ".wbc-passage")) == 2
        assert page.evaluate("document.activeElement.id") == "wbc-filter"

    use(look, ANA, BEN)


def test_units_change_by_the_keyboard_and_say_their_rule(use: Callable[..., Any]) -> None:
    def look(page: Any) -> None:
        page.focus("#wbc-kind-sentences")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.value") == "turns"
        assert texts(page, ".wbc-agreement h2") == ["In 2 of the 2 turns that were coded, both gave the same codes"]
        page.keyboard.press("ArrowRight")
        assert "Each segment counts by its length" in texts(page, ".wbc-choices > p")[0]
        assert "% of the text that was coded" in texts(page, ".wbc-agreement h2")[0]
        page.uncheck("#wbc-uncoded")
        assert page.evaluate("said.at(-1)") == "Common segments are compared."

    use(look, ANA, BEN)


def test_partners_decide_and_make_the_next_version_of_the_codebook(use: Callable[..., Any]) -> None:
    """All by the keyboard; the version goes into the open work, can be undone, and is saved with the decisions as files."""

    def look(page: Any) -> None:
        page.locator(".wbc-decide summary").first.focus()
        page.keyboard.press("Enter")
        page.locator(".wbc-decide [type=radio]").first.focus()
        page.keyboard.press("Space")
        assert texts(page, ".wbc-decide summary")[0] == "Decided: keep ana’s codes"
        page.get_by_label("Why?").fill("A question is speaking up.")
        page.get_by_label("Change a rule of the codebook").select_option(label="Voice")
        page.get_by_label("Definition of Voice").fill("Somebody speaks up or asks.")
        page.get_by_label("Definition of Voice").press("Tab")
        assert texts(page, ".wbc-decided tbody tr") == ["One here. keep ana’s codes A question is speaking up."]
        assert texts(page, ".wbc-decided li") == ["Voice: definition changed"]
        page.get_by_role("button", name="Save the decisions").press("Enter")
        page.get_by_role("button", name="Make version 2").press("Enter")
        made = page.evaluate("session.now")
        assert made["codebook"]["version"] == 2
        # What was made is said in place, with the way to the next round.
        assert page.evaluate("document.activeElement.textContent").startswith("Version 2 of the codebook is saved")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("openedPlaces") == [["begin", None]]
        assert made["codebook"]["changes"][0]["what"] == "Voice: definition changed"
        assert made["codebook"]["changes"][0]["why"] == "A question is speaking up."
        files = {name: json.loads(text) for name, text in page.evaluate("downloads").items()}
        assert files["codebook-version-2.json"]["codes"][0]["definition"] == "Somebody speaks up or asks."
        assert page.evaluate("data => compendium.workbench.works.fault(data)", files["codebook-version-2.json"]) == ""
        page.evaluate("session.undo()")
        assert page.evaluate("session.now.codebook.version") == 1
        assert page.get_by_role("button", name="Make version 2").count() == 1
        assert page.locator(".wbc-made").count() == 0

        # Decisions come back from their file, in a browser that remembers nothing.
        page.evaluate("localStorage.clear()")
        page.evaluate(BEGIN, [ANA, [BEN]])
        assert texts(page, ".wbc-decide summary")[0] == "Decide"
        page.set_input_files(
            "#wbc-file",
            {
                "name": "d.json",
                "mimeType": "application/json",
                "buffer": json.dumps(files["decisions-ana-ben.json"]).encode(),
            },
        )
        page.get_by_text("Decided: keep ana’s codes").wait_for()

        # And without a file where the browser remembers: as long as it keeps the work.
        page.evaluate(BEGIN, [ANA, [BEN]])
        assert texts(page, ".wbc-decide summary")[0] == "Decided: keep ana’s codes"
        back = "const back = compendium.workbench.store.remove(guid); if (isBack) back()"
        for is_back, said in [(True, "Decided: keep ana’s codes"), (False, "Decide")]:
            page.evaluate(f"([guid, isBack]) => {{ {back} }}", [ANA["guid"], is_back])
            page.evaluate(BEGIN, [ANA, [BEN]])
            assert texts(page, ".wbc-decide summary")[0] == said

    use(look, ANA, BEN)


def test_an_instructor_without_an_open_work_makes_a_version_too(use: Callable[..., Any]) -> None:
    def look(page: Any) -> None:
        page.locator(".wbc-decide summary").first.click()
        page.get_by_label("Change a rule of the codebook").select_option(label="Voice")
        page.get_by_label("Exclude").fill("A smile.")
        page.keyboard.press("Tab")
        # The version is made below all passages. What is typed there stays when a rule changes again.
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Version 2 of the codebook"
        page.get_by_label("Why version 2?").fill("Smiles say nothing.")
        page.get_by_label("Include").fill("A laugh.")
        page.keyboard.press("Tab")
        assert page.get_by_label("Why version 2?").input_value() == "Smiles say nothing."
        page.get_by_role("button", name="Make version 2").click()
        assert "codebook-version-2.json" in page.inner_text(".wbc-made")
        assert page.evaluate("Object.keys(downloads)") == ["codebook-version-2.json"]

    use(look, None, ANA, BEN)


def test_codebooks_are_compared_and_codes_with_different_names_united(use: Callable[..., Any]) -> None:
    heard = simulated.code("Being heard", definition="Others listen.")
    ben = work("ben", (heard, "One here.", ""), codes=[heard, TIME])

    def look(page: Any) -> None:
        page.locator(".wbc-books-part summary").click()
        assert texts(page, ".wbc-books > li") == [
            "Being heard Only ben has it. Take it into the next version",
            "Voice Only ana has it.",
        ]
        page.get_by_label("Take Being heard into the next version").check()
        assert texts(page, ".wbc-decided li") == ["Being heard: added"]
        page.get_by_label("Treat", exact=True).select_option(label="Voice")
        page.get_by_label("as", exact=True).select_option(label="Being heard")
        page.get_by_role("button", name="Treat as one").click()
        assert "Voice is treated as Being heard." in texts(page, ".wbc-alias li")[0]
        assert texts(page, ".wbc-passages h2") == ["1 passage to discuss"]  # "Four.", which ana alone gave a code

    use(look, ANA, ben)


def test_a_class_is_seen_without_names_on_the_projector(use: Callable[..., Any]) -> None:
    names = ["ana", "ben", "cleo", "dov"]

    def look(page: Any) -> None:
        assert texts(page, ".wbc-people tbody tr")[2].startswith("cleo 1 Simulated talk 1 1 1 4")
        page.get_by_role("button", name="Save this table").click()
        csv = page.evaluate("downloads['who-coded-what.csv']").splitlines()
        assert csv[0] == "coder,round,text,codings,codes,memos,read"
        assert csv[1] == "ana,1,Simulated talk,2,2,1,1.000"
        assert "2 gave it, 2 did not" in texts(page, ".split")
        page.get_by_role("button", name="Show on the projector").click()
        shown = page.locator(".projector")
        assert "1 of 2" in shown.inner_text()
        assert not shown.get_by_text("asks.").count()
        page.keyboard.press("r")
        for _ in range(2):
            said = shown.inner_text()
            assert not [name for name in names if name in said.replace("Cleo's reason", "")], said
            page.keyboard.press("ArrowRight")
        assert "2 of 2" in shown.inner_text()
        page.keyboard.press("Home")
        page.keyboard.press("r")
        assert "onerror=alert(1)" in shown.inner_text()
        assert browser.violations(page, ".projector") == []
        page.keyboard.press("Escape")
        shown.wait_for(state="detached")

    use(look, None, DOV, ANA, CLEO, BEN)
    lecturer = work("lecturer", read=[])  # has made the packet, and codes nothing
    assert use(lambda page: texts(page, ".wbc-people summary"), lecturer, ANA, BEN) == ["2 works by 2 coders"]


def test_files_that_cannot_be_compared_are_explained(use: Callable[..., Any]) -> None:
    other = work("eve", content=TALK.replace("Four", "For"))
    twice = work("ana", guid=simulated.guid("twice"))

    def drop(name: str, content: str) -> dict[str, Any]:
        return {"name": name, "mimeType": "application/json", "buffer": content.encode()}

    def look(page: Any) -> None:
        assert texts(page, ".wbc-files .wbc-fault p") == [
            "“Simulated talk” of eve is not the same text as the others have, so it is not compared. "
            f"They differ from character {TALK.index('Four') + 3} on. Ask for codings of the same file."
        ]
        assert [one.split("smiles. ")[1].split()[0] for one in texts(page, ".wbc-fault dd")] == ["For.", "Four."]
        (question,) = texts(page, ".wbc-question p:first-child")
        assert question.startswith("ana has 2 works on the same text")
        page.get_by_role("button", name="Simulated: 2 codings").click()
        assert len(texts(page, ".wbc-people tbody tr")) == 3
        page.set_input_files(
            "#wbc-file",
            [
                drop("cut.json", json.dumps(BEN)[:-40]),
                drop("notes.txt", "Only words."),
                drop("cleo.json", json.dumps(CLEO)),
            ],
        )
        page.get_by_text("cleo", exact=True).wait_for()
        told = texts(page, ".wbc-told li")
        assert told[0].startswith("cut.json is damaged")
        assert told[1] == "notes.txt has no codings to compare: choose a work (.json) or a project (.qdpx) of a coder."

    use(look, ANA, BEN, other, twice)


def test_a_coder_who_marked_nothing_as_read_is_named(use: Callable[..., Any]) -> None:
    def look(page: Any) -> None:
        assert texts(page, ".wbc-agreement .wbc-question")[0].startswith(
            "eve marked nothing as read. So only what eve coded counts"
        )
        page.get_by_label("Take all as read of eve").check()
        assert texts(page, ".wbc-agreement .wbc-question") == []
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Take all as read of eve"

    use(look, ANA, work("eve", (VOICE, "Four.", ""), read=[]))


def test_before_and_after_stand_beside_each_other(use: Callable[..., Any]) -> None:
    fresh = "Ana: A fresh text. It is short.\nBen: Yes.\nAna: No.\n"
    second = [
        work(name, (VOICE, "A fresh text.", ""), content=fresh, round=2, read=[(0, len(fresh))]) for name in ("ana", "ben")
    ]  # fmt: skip
    for one in second:
        one["texts"][0]["name"] = "Fresh talk"

    def look(page: Any) -> None:
        assert texts(page, ".wbc-rounds p") == [
            "Round 1: 2 coders on Simulated talk. Round 2: 2 coders on Fresh talk. The last round is on a fresh text, so that nobody could "
            "remember what was agreed. Another text may be easier or harder to code."
        ]
        assert texts(page, ".wbc-rounds thead") == ["Code Specific, round 1 Specific, round 2 α, round 1 α, round 2"]
        assert texts(page, ".wbc-rounds tbody tr")[-1] == "Voice 0.00 1.00 −0.13 1.00"

    use(look, None, ANA, BEN, *second)


@pytest.mark.parametrize("scheme", some(["light", "dark"], 1))
def test_the_view_is_accessible_and_fits_a_phone(use: Callable[..., Any], scheme: str) -> None:
    def look(page: Any) -> None:
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        page.locator(".wbc-decide form").first.wait_for()
        assert browser.violations(page) == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert browser.too_wide(page) == 0
        assert browser.violations(page, asking=browser.PLACES) == []

    use(look, ANA, BEN, CLEO, DOV, work("eve", content=TALK.replace("Four", "For")), scheme=scheme)


def test_a_comparison_prints_as_a_table(use: Callable[..., Any]) -> None:
    def look(page: Any) -> None:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert texts(page, ".wbc-paper tbody tr")[1] == "Sentence 2: Two is longer than one. Voice ben (He waits.) ana"
        assert not page.locator(".wbc-list").is_visible()
        assert page.locator(".wbc-agreement table").is_visible()
        page.emulate_media(media="screen")

    use(look, ANA, BEN)


def test_an_instructor_makes_a_packet_and_a_coder_begins_from_it(use: Callable[..., Any]) -> None:
    def look(page: Any) -> None:
        page.evaluate(
            "compendium.workbench.packetForm({ host: document.getElementById('compare'), session, say: (text) => said.push(text) })"
        )
        page.get_by_role("button", name="Save the packet").click()
        assert texts(page, ".wbc-fault:not([hidden])") == ["A packet needs a name: type one."]
        page.get_by_label("Name of the packet").fill("Seminar")
        page.get_by_label("Note to the coders").fill("Code alone, until Friday.")
        page.get_by_label("Who codes Simulated talk?").fill("robin, kim")
        assert browser.violations(page) == []
        page.get_by_role("button", name="Save the packet").click()
        assert "is saved as packet-seminar-round-1.json" in page.get_by_role("status").inner_text()
        packet = json.loads(page.evaluate("downloads['packet-seminar-round-1.json']"))
        assert packet["tasks"] == [{"coder": name, "texts": [ANA["texts"][0]["guid"]]} for name in ("robin", "kim")]
        assert "codings" not in packet
        assert packet["texts"][0]["read"] == []
        assert page.evaluate("packet => compendium.workbench.packets.fault(packet)", packet) == ""
        page.evaluate(
            "packet => compendium.workbench.packetWelcome({ host: document.getElementById('compare'), packet, begin: (work) => (window.begun = work), say: () => {} })",
            packet,
        )
        assert "Code alone, until Friday." in page.locator("#compare").inner_text()
        page.get_by_label("Who are you?").select_option("kim")
        assert "You code Simulated talk." in page.locator("#compare").inner_text()
        assert browser.violations(page) == []
        page.get_by_role("button", name="Begin").click()
        begun = page.evaluate("begun")
        assert (begun["coder"]["name"], begun["codings"], begun["packet"], begun["round"]) == (
            "kim",
            [],
            packet["guid"],
            1,
        )
        assert page.evaluate("work => compendium.workbench.works.fault(work)", begun) == ""

    use(look, ANA)


def test_a_packet_that_was_changed_is_refused(use: Callable[..., Any]) -> None:
    make = "work => compendium.workbench.packets.make({ work, name: 'Seminar', tasks: [{ coder: 'Kim', texts: [work.texts[0].guid] }] })"
    begin = "([packet, name]) => { try { return compendium.workbench.packets.begin(packet, name).texts.length } catch (fault) { return fault.message } }"

    def look(page: Any) -> None:
        packet = page.evaluate(make, ANA)
        fault = "packet => compendium.workbench.packets.fault(packet)"
        assert page.evaluate(fault, dict(reversed(packet.items()))) == ""
        assert (
            page.evaluate(fault, {**packet, "note": "x"})
            == "The packet was changed after it was made. Ask for it again."
        )
        text = {**packet["texts"][0], "content": TALK + "!"}
        assert "its text “Simulated talk” was changed" in page.evaluate(fault, {**packet, "texts": [text]})
        assert page.evaluate(fault, {**packet, "version": 2}).startswith("This packet is of version 2")
        assert page.evaluate(begin, [packet, " kim "]) == 1
        assert (
            page.evaluate(begin, [packet, "robin"])
            == "robin has no text in this packet. It names Kim: choose one of them."
        )

    use(look, ANA)


@pytest.mark.thorough
def test_thirty_works_of_400_codings_are_compared_within_a_second(use: Callable[..., Any]) -> None:
    works = simulated.class_of(30)

    def look(page: Any) -> list[float]:
        page.evaluate("works => { window.works = works }", works)
        begin = f"() => ({BEGIN})([null, works])"
        _, idle = browser.at_work(page, [lambda: page.evaluate(begin)], 300)
        return idle

    assert max(use(look, None)) < 1000
