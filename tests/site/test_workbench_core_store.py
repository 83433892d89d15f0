"""Keeping works in the browser: undo, saving by itself, two tabs, full and forbidden storage, and what is damaged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import WORK, Browser
from page_scripts import SCRIPTS as FOLDER
from page_scripts import answer

PARTS = ("positions", "works", "work-files", "work-store", "session")
SCRIPTS = ["sha256.js", *(f"workbench/{part}.js" for part in PARTS)]
PREFIX = "power-in-co-production: workbench: "
# `area(room)` is a storage with room for so many characters; `store` and `tab` are two tabs on it. `wait` is longer than a
# session waits before it saves.
BEGIN = """
    const wb = compendium.workbench;
    const works = wb.works;
    const area = (room = 1e9) => {
        const entries = {};
        const size = () => Object.entries(entries).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
        const hidden = {
            entries,
            getItem: (key) => entries[key] ?? null,
            setItem(key, value) {
                const before = entries[key];
                entries[key] = value;
                if (size() <= room) return;
                before === undefined ? delete entries[key] : (entries[key] = before);
                throw new DOMException("full", "QuotaExceededError");
            },
            removeItem: (key) => delete entries[key],
        };
        return new Proxy(entries, { get: (_, name) => hidden[name] });
    };
    const storage = area();
    const store = wb.storeOn(() => storage);
    const tab = wb.storeOn(() => storage);
    const keys = (kind) => Object.keys(storage).filter((key) => key.includes(`: ${kind}: `));
    const text = wb.textOf("Interview", "One two three 🙂.");
    const work = works.addCode(works.begin({ coder: "ana", texts: [text], name: "First" }), { name: "Power" });
    const add = (one, name) => works.addCode(one, { name });
    const names = (one) => one.codes.map((code) => code.name);
    const wait = () => new Promise((done) => setTimeout(done, 400));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def after(chromium: Browser, folder: Path) -> Callable[..., Any]:
    """Return what the lines of an asynchronous function answer."""
    return lambda lines, given=None: answer(
        chromium, folder, SCRIPTS, f"async (given) => {{ {BEGIN} {{ {lines} }} }}", given
    )


# --- the store


def test_a_work_is_kept_listed_and_opened_again(after: Callable[..., Any]) -> None:
    found = after(
        """const saved = store.save({ ...work, saved: 3 });
        return { saved, list: tab.works(), same: JSON.stringify(tab.load(work.guid)) === JSON.stringify({ ...work, saved: 3 }), state: tab.state };"""
    )
    assert found["saved"] == {"state": "kept"}
    assert found["state"] == "kept"
    assert found["same"] is True
    [listed] = found["list"]
    wanted = {"name": "First", "coder": "ana", "saved": 3, "codings": 0, "texts": 1}
    assert wanted.items() <= listed.items()
    assert listed["size"] > 500
    assert listed["when"].endswith("Z")


def test_the_work_saved_last_is_listed_first(after: Callable[..., Any]) -> None:
    found = after(
        """store.save(work);
        await new Promise((done) => setTimeout(done, 5));
        store.save({ ...work, guid: wb.newGuid(), name: "Second" });
        return store.works().map(({ name }) => name);"""
    )
    assert found == ["Second", "First"]


def test_texts_are_kept_once_and_go_with_the_last_work_that_has_them(after: Callable[..., Any]) -> None:
    found = after(
        """const counts = [];
        const count = () => counts.push(keys("text").length);
        const other = { ...work, guid: wb.newGuid() };
        store.save(work); store.save(other); count();
        const more = works.addText(work, wb.textOf("Second", "More."));
        store.save(more); count();
        store.save({ ...more, texts: work.texts }); count();
        store.remove(work.guid); count();
        store.remove(other.guid); count();
        return [counts, Object.keys(storage)];"""
    )
    assert found == [[1, 2, 1, 1, 0], []]


def test_a_text_that_was_lost_meanwhile_is_kept_again(after: Callable[..., Any]) -> None:
    assert after(
        """store.save(work);
        storage.removeItem(keys("text")[0]);
        store.save(add(work, "Time"));
        return names(tab.load(work.guid));"""
    ) == ["Power", "Time"]


def test_another_tab_never_overwrites_a_later_state(after: Callable[..., Any]) -> None:
    found = after(
        """store.save(work);
        const there = tab.load(work.guid);
        store.save({ ...add(work, "Here"), saved: 1 });
        const refused = tab.save({ ...add(there, "There"), saved: 1 });
        return [refused.state, names(refused.other), names(store.load(work.guid)), tab.save({ ...add(there, "There"), saved: 2 }, { anyway: true })];"""
    )
    assert found == ["conflict", ["Power", "Here"], ["Power", "Here"], {"state": "kept"}]


def test_a_file_of_a_work_that_is_kept_does_not_overwrite_it(after: Callable[..., Any]) -> None:
    found = after("store.save({ ...add(work, 'Here'), saved: 9 }); return tab.save({ ...work, saved: 20 }).state")
    assert found == "conflict"


def test_looking_at_what_is_kept_permits_nothing(after: Callable[..., Any]) -> None:
    """A page reads works that it does not open, and may read a later state of one that is open in it."""
    found = after(
        """store.save(work);
        const there = tab.load(work.guid);
        store.save({ ...add(work, "Here"), saved: 1 });
        tab.load(work.guid);
        return tab.save({ ...add(there, "There"), saved: 1 }, { after: there }).state;"""
    )
    assert found == "conflict"


def test_the_same_state_from_elsewhere_is_no_conflict(after: Callable[..., Any]) -> None:
    assert after("store.save({ ...work, saved: 9 }); return tab.save({ ...work, saved: 4 })") == {"state": "kept"}


def test_a_work_that_another_tab_removed_is_kept_again_by_this_one(after: Callable[..., Any]) -> None:
    found = after(
        "store.save(work); tab.remove(work.guid); store.save(add(work, 'Time')); return names(tab.load(work.guid))"
    )
    assert found == ["Power", "Time"]


def test_full_storage_keeps_what_was_kept_before_and_says_so(after: Callable[..., Any]) -> None:
    found = after(
        """const small = area(6_000);
        const store = wb.storeOn(() => small);
        const first = store.save(work).state;
        const long = wb.textOf("Long", "words ".repeat(1_000));
        const second = store.save(works.addText(work, long)).state;
        const kept = wb.storeOn(() => small).load(work.guid);
        const texts = Object.keys(small).filter((key) => key.includes(": text: ")).length;
        return [first, second, store.state, kept.texts.length, texts, store.save(add(work, "Time")).state, store.state];"""
    )
    assert found == ["kept", "full", "full", 1, 1, "kept", "kept"]


@pytest.mark.parametrize("forbidding", ["{ throw new DOMException('no', 'SecurityError'); }", "null", "undefined"])
def test_where_storage_is_forbidden_works_last_as_long_as_the_page(after: Callable[..., Any], forbidding: str) -> None:
    found = after(
        f"""const store = wb.storeOn(() => {forbidding});
        const saved = store.save(work).state;
        return [saved, store.state, store.works().length, names(store.load(work.guid)), (store.remove(work.guid), store.works())];"""
    )
    assert found == ["forbidden", "forbidden", 1, ["Power"], []]


def test_the_page_has_a_store_that_forbidden_storage_does_not_stop(chromium: Browser, folder: Path) -> None:
    script = (FOLDER / "workbench" / "work-store.js").read_text(encoding="utf-8")
    ask = """(script) => {
        const before = Object.getOwnPropertyDescriptor(window, "localStorage");
        Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); }, configurable: true });
        try { (0, eval)(script); return [compendium.workbench.store.state, compendium.workbench.store.works()]; }
        finally { Object.defineProperty(window, "localStorage", before); }
    }"""
    assert answer(chromium, folder, SCRIPTS, ask, script) == ["forbidden", []]


DAMAGES = [
    "entry.slice(0, -20)",  # cut short
    "entry.replace('#', '')",  # no colour any more
    "''",
    "'nonsense'",
    "entry.split('\\n').slice(0, 2).join('\\n')",
    "entry.split('\\n')[0] + '\\n{}\\n{}'",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_set_aside_with_its_texts_and_reported(after: Callable[..., Any], damage: str) -> None:
    found = after(
        f"""store.save(work);
        const [key] = keys("work");
        const entry = storage.getItem(key);
        storage.setItem(key, {damage});
        const opened = tab.load(work.guid);
        const [aside] = tab.damaged();
        return {{ opened, fault: tab.fault, list: tab.works(), aside, left: keys("work").length, all: tab.damaged().length }};"""
    )
    assert found["opened"] is None
    assert found["fault"].endswith(".")
    assert found["aside"]["why"] == found["fault"]
    assert (found["list"], found["left"], found["all"]) == ([], 0, 1)
    if "#" in damage or "-20" in damage:
        assert "One two three 🙂." in found["aside"]["text"]


def test_a_damaged_entry_does_not_hide_the_other_works(after: Callable[..., Any]) -> None:
    found = after(
        """store.save(work);
        store.save({ ...work, guid: wb.newGuid(), name: "Second" });
        storage.setItem(`${keys("work")[0]}`, "cut");
        const list = tab.works().map(({ name }) => name);
        const [{ key }] = tab.damaged();
        tab.forget(key);
        return [list, tab.damaged()];"""
    )
    assert found == [["Second"], []]


def test_a_text_that_is_missing_is_reported(after: Callable[..., Any]) -> None:
    found = after("store.save(work); storage.removeItem(keys('text')[0]); tab.load(work.guid); return tab.fault")
    assert "“Interview” is not the one that was coded" in found


def test_what_a_later_version_kept_stays_where_it_is(after: Callable[..., Any]) -> None:
    found = after(
        """store.save({ ...work, version: 2 });
        const before = JSON.stringify(storage);
        const opened = tab.load(work.guid);
        return [opened, tab.fault, tab.save(work).state, JSON.stringify(storage) === before];"""
    )
    assert found[0] is None
    assert "later version of this page" in found[1]
    assert found[2:] == ["full", True]


def test_a_damaged_entry_is_not_overwritten_before_it_is_set_aside(after: Callable[..., Any]) -> None:
    found = after(
        """store.save(work);
        storage.setItem(keys("work")[0], "cut short");
        const saved = tab.save(add(work, "Time"));
        return [saved.state, tab.damaged().length, names(tab.load(work.guid))];"""
    )
    assert found == ["kept", 1, ["Power", "Time"]]


def test_a_work_that_this_browser_does_not_keep_is_said(after: Callable[..., Any]) -> None:
    assert after("return [store.load(work.guid), store.fault]") == [
        None,
        "This browser keeps no such work: it was removed.",
    ]


@pytest.mark.thorough
def test_saving_four_hundred_codings_takes_less_than_15_ms(chromium: Browser, folder: Path) -> None:
    lines = """
        const slowness = Math.max(1, (0, eval)(given)() / 10.5);
        const long = wb.textOf("Long", "Anna: Well, I said that nobody asked us. ".repeat(280));
        let big = add(works.begin({ coder: "ana", texts: [long] }), "Power");
        for (let at = 0; at < 400; at += 1)
            big = works.give(big, { text: long.guid, start: at * 25, end: at * 25 + 80 }, big.codes[0].guid, { memo: "why this one" });
        const times = [];
        for (let at = 0; at < 9; at += 1) {
            big = { ...works.editCoding(big, big.codings[at].guid, { memo: `changed ${at}` }), saved: at };
            const start = performance.now();
            const { state } = wb.store.save(big);
            if (state !== "kept") return state;
            times.push((performance.now() - start) / slowness);
        }
        wb.store.remove(big.guid);
        return times.sort((one, other) => one - other)[4];
    """
    ask = f"async (given) => {{ {BEGIN} {lines} }}"
    assert min(answer(chromium, folder, SCRIPTS, ask, f"({WORK})") for _ in range(3)) < 15


# --- sessions


def test_undo_and_redo_go_through_all_states(after: Callable[..., Any]) -> None:
    found = after(
        """const session = wb.session(work, store);
        const said = [];
        session.onChange((now, what) => said.push(what));
        session.change(add(session.now, "Time"), "Made Time");
        session.change(works.removeCode(session.now, work.codes[0].guid), "Removed Power");
        const seen = [[names(session.now), session.canUndo, session.canRedo]];
        session.undo(); seen.push([names(session.now), session.canUndo, session.canRedo]);
        session.undo(); session.undo(); seen.push([names(session.now), session.canUndo, session.canRedo]);
        session.redo(); seen.push([names(session.now), session.canUndo, session.canRedo]);
        session.change(add(session.now, "Trust"), "Made Trust"); seen.push([names(session.now), session.canUndo, session.canRedo]);
        session.close();
        return { seen, said, saved: session.now.saved };"""
    )
    assert found["seen"] == [
        [["Time"], "Removed Power", ""],
        [["Power", "Time"], "Made Time", "Removed Power"],
        [["Power"], "", "Made Time"],
        [["Power", "Time"], "Made Time", "Removed Power"],
        [["Power", "Time", "Trust"], "Made Trust", ""],
    ]
    assert found["said"] == [
        "Made Time",
        "Removed Power",
        "Undone: Removed Power",
        "Undone: Made Time",
        "Done again: Made Time",
        "Made Trust",
    ]
    assert found["saved"] == 6  # it only grows


def test_a_change_that_changes_nothing_is_none(after: Callable[..., Any]) -> None:
    found = after(
        """const session = wb.session(work, store);
        let heard = 0;
        session.onChange(() => (heard += 1));
        session.change(works.setMemo(session.now, ""), "Memo");
        session.close();
        return [heard, session.canUndo];"""
    )
    assert found == [0, ""]


def test_a_session_saves_by_itself_and_says_when(after: Callable[..., Any]) -> None:
    found = after(
        """const session = wb.session(work, store);
        const said = [];
        session.onSaved(({ state, time }) => said.push([state, time instanceof Date]));
        await wait();
        session.change(add(session.now, "Time"), "Made Time");
        session.change(add(session.now, "Trust"), "Made Trust");
        const waiting = session.state;
        await wait();
        session.close();
        return { said, waiting, state: session.state, kept: names(tab.load(work.guid)) };"""
    )
    assert found == {
        "said": [["kept", True], ["kept", True]],
        "waiting": "waiting",
        "state": "kept",
        "kept": ["Power", "Time", "Trust"],
    }


def test_what_waits_is_saved_when_the_page_is_left(after: Callable[..., Any]) -> None:
    found = after(
        """const session = wb.session(work, store);
        session.change(add(session.now, "Time"), "Made Time");
        dispatchEvent(new Event("pagehide"));
        const kept = names(tab.load(work.guid));
        session.close();
        return kept;"""
    )
    assert found == ["Power", "Time"]


@pytest.mark.parametrize(("room", "state"), [("area(10)", "full"), ("null", "forbidden")])
def test_a_session_says_what_is_not_kept_and_goes_on(after: Callable[..., Any], room: str, state: str) -> None:
    found = after(
        f"""const small = {room};
        const session = wb.session(work, wb.storeOn(() => small));
        let said;
        session.onSaved((how) => (said = how));
        session.change(add(session.now, "Time"), "Made Time");
        session.flush();
        session.undo();
        session.flush();
        session.redo();
        session.close();
        return [said, names(session.now), session.now.guid === work.guid];"""
    )
    assert found == [{"state": state, "time": None}, ["Power", "Time"], True]


CONFLICT = """
    store.save(work);
    const session = wb.session(tab.load(work.guid), tab);
    let choice;
    session.onConflict((found) => (choice = found));
    store.save({ ...add(work, "Here"), saved: 1 });
    session.change(add(session.now, "There"), "Made There");
    session.flush();
    const before = [session.state, names(choice.mine), names(choice.other), names(store.load(work.guid))];
    const all = () => store.works().map(({ guid, name }) => [name, names(wb.storeOn(() => storage).load(guid))])
        .sort(([one], [other]) => (one < other ? -1 : 1));
"""


def test_a_conflict_is_a_choice_and_nothing_is_overwritten_before_it(after: Callable[..., Any]) -> None:
    found = after(f"{CONFLICT} return before")
    assert found == ["conflict", ["Power", "There"], ["Power", "Here"], ["Power", "Here"]]


def test_a_file_of_a_work_that_is_kept_is_a_choice_in_a_session(after: Callable[..., Any]) -> None:
    found = after(
        """store.save({ ...add(work, "Here"), saved: 4 });
        const session = wb.session({ ...add(work, "From a file"), saved: 9 }, tab);
        let choice;
        session.onConflict((found) => (choice = found));
        tab.load(work.guid);
        session.flush();
        const kept = names(store.load(work.guid));
        choice.keepMine();
        session.close();
        return [kept, names(store.load(work.guid)), store.works().length];"""
    )
    assert found == [["Power", "Here"], ["Power", "From a file"], 1]


def test_a_copy_follows_its_work_until_the_choice(after: Callable[..., Any]) -> None:
    found = after(
        f"""{CONFLICT} session.flush();
        session.change(add(session.now, "More"), "Made More");
        session.flush();
        return all();"""
    )
    assert found == [["First", ["Power", "Here"]], ["First (copy)", ["Power", "There", "More"]]]


@pytest.mark.parametrize(
    ("choice", "kept", "now"),
    [
        ("keepMine", [["First", ["Power", "There"]]], ["Power", "There"]),
        ("takeOther", [["First", ["Power", "Here"]]], ["Power", "Here"]),
        ("keepBoth", [["First", ["Power", "Here"]], ["First (copy)", ["Power", "There"]]], ["Power", "There"]),
    ],
)
def test_each_choice_after_a_conflict_is_followed(
    after: Callable[..., Any], choice: str, kept: list[Any], now: list[str]
) -> None:
    found = after(f"{CONFLICT} choice.{choice}(); session.close(); return [all(), names(session.now), session.state]")
    assert found == [kept, now, "kept"]


def test_taking_the_other_state_can_be_undone(after: Callable[..., Any]) -> None:
    found = after(f"{CONFLICT} choice.takeOther(); session.undo(); session.close(); return [names(session.now), all()]")
    assert found == [["Power", "There"], [["First", ["Power", "There"]]]]


def test_changes_go_on_after_a_conflict_was_settled(after: Callable[..., Any]) -> None:
    found = after(
        f"""{CONFLICT} choice.keepBoth();
        session.undo(); session.redo();
        session.change(add(session.now, "More"), "Made More"); session.close();
        return all();"""
    )
    assert found == [["First", ["Power", "Here"]], ["First (copy)", ["Power", "There", "More"]]]


def test_a_page_that_is_left_before_the_choice_loses_nothing(after: Callable[..., Any]) -> None:
    found = after(f"{CONFLICT} dispatchEvent(new Event('pagehide')); return all()")
    assert found == [["First", ["Power", "Here"]], ["First (copy)", ["Power", "There"]]]


def test_no_copy_stays_where_the_choice_comes_later(after: Callable[..., Any]) -> None:
    found = after(f"{CONFLICT} dispatchEvent(new Event('pagehide')); choice.keepMine(); session.close(); return all()")
    assert found == [["First", ["Power", "There"]]]


def test_without_anybody_to_choose_both_are_kept(after: Callable[..., Any]) -> None:
    found = after(
        """store.save(work);
        const session = wb.session(tab.load(work.guid), tab);
        store.save({ ...add(work, "Here"), saved: 1 });
        session.change(add(session.now, "There"), "Made There");
        session.close();
        return store.works().map(({ name }) => name).sort();"""
    )
    assert found == ["First", "First (copy)"]


def test_two_real_tabs_follow_each_other_and_never_overwrite(chromium: Browser, folder: Path) -> None:
    """The browser tells one tab what another keeps: a tab with nothing to save follows, one with something has a choice."""
    blank = folder / "blank.html"
    blank.write_text("<!doctype html><html lang=en><meta charset=utf-8><title>Blank</title><body>", encoding="utf-8")

    def ask(page: Any) -> Any:
        other = page.context.new_page()
        other.goto(blank.as_uri())
        other.evaluate("addEventListener('storage', () => window.meanwhile?.())")  # before any session listens
        for one in (page, other):
            for script in SCRIPTS:
                one.evaluate((FOLDER / script).read_text(encoding="utf-8") + "\n;0")
        guid = page.evaluate(
            """() => { const wb = compendium.workbench;
            const work = wb.works.begin({ coder: "ana", texts: [wb.textOf("T", "Well.")] });
            wb.store.save(work); window.session = wb.session(work, wb.store); return work.guid; }"""
        )
        add = "(name) => { session.change(compendium.workbench.works.addCode(session.now, { name }), name); session.flush(); }"
        other.evaluate(
            "(guid) => { const wb = compendium.workbench; window.session = wb.session(wb.store.load(guid), wb.store); session.flush(); }",
            guid,
        )
        page.evaluate("session.flush()")
        page.evaluate(add, "Power")
        other.wait_for_function("session.now.codes.length === 1", polling=50, timeout=5000)
        other.evaluate(add, "Time")
        page.wait_for_function("session.now.codes.length === 2", polling=50, timeout=5000)
        other.evaluate("session.onConflict((found) => (window.choice = found)); 0")
        other.evaluate(
            "window.meanwhile = () => session.change(compendium.workbench.works.setMemo(session.now, 'Mine'), 'Memo'); 0"
        )
        page.evaluate(add, "Trust")
        other.wait_for_function("Boolean(window.choice)", polling=50, timeout=5000)
        found = other.evaluate("[choice.mine.memo, choice.other.codes.map(({ name }) => name), session.state]")
        page.evaluate("session.close()")
        other.evaluate("(choice.takeOther(), session.close())")
        kept = page.evaluate("(guid) => compendium.workbench.store.load(guid).codes.length", guid)
        page.evaluate("(guid) => compendium.workbench.store.remove(guid)", guid)
        other.close()
        return [found, kept]

    found = chromium.use(blank.as_uri(), ask, blank.as_uri())
    assert found == [["Mine", ["Power", "Time", "Trust"], "conflict"], 3]
