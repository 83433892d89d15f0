"""Whatever a coder does, in whatever order: undone it is the beginning, done again the end, and a file brings all of it back."""

from pathlib import Path

from browser import Browser
from coded_works import CORE, EXCHANGE
from page_scripts import answer

KEPT = ["workbench/work-store.js", "workbench/session.js"]
#: Does random things to a work in a session. Names and memos are such as upset files; the beginning of a walk is its seed.
WALK = r"""(seed) => {
  const wb = compendium.workbench, { works } = wb;
  let state = seed;
  const below = (most) => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 8) % most;
  const pick = (all) => all[below(all.length)];
  const NAMES = ["Trust", "trust", "TRUST ", "E\u0301te\u0301", "\u00c9t\u00e9", "__proto__", "\u0130", "<b>x</b>", "= 1", "\u202eabc", "Example: x", "a\u0000b"];
  const SAID = ["", "x", "Example: y", "line\nInclude: z", "]]>", "?>", "a\r\nb", "  lead", "trail  ", "tab\tq"];
  const texts = ["Ana: Hello \u{1f642} there.\nBo: e\u0301 then.\n\nAna: Bye.", "\u{1f642}", " x\n\n\n y "]
    .map((content, at) => wb.textOf(`Text ${at}`, content, { origin: "invented", notice: pick(["", "Invented."]) }));
  const session = wb.session(works.begin({ coder: "ana", texts: texts.slice(0, 2), name: "Walk" }), wb.storeOn(() => { throw 1; }));
  const shown = () => works.asText({ ...session.now, saved: 0 });
  const code = () => pick(session.now.codes)?.guid ?? "";
  const place = (text) => { const { points } = wb.positions(text.content), start = below(points); return { text: text.guid, start, end: start + 1 + below(points - start) }; };
  const steps = [
    (work) => works.addCode(work, { name: pick(NAMES) + pick(["", below(9)]), parent: pick(["", code()]), definition: pick(SAID) }),
    (work) => works.editCode(work, code(), { name: pick(NAMES), memo: pick(SAID), include: pick(SAID), exclude: pick(SAID), example: pick(SAID) }),
    (work) => pick([work, work, works.removeCode(work, code())]),
    (work) => works.mergeCodes(work, code(), code()),
    (work) => works.splitCode(work, code(), { code: { name: pick(NAMES) + below(99) }, codings: work.codings.filter(() => below(2)).map(({ guid }) => guid) }),
    (work) => works.moveCode(work, code(), { parent: pick(["", code()]), before: pick(["", code()]) }),
    ...Array(4).fill((work) => works.give(work, place(pick(work.texts)), code(), { memo: pick(SAID) })),
    (work) => works.editCoding(work, pick(work.codings)?.guid, pick([{ code: code() }, { memo: pick(SAID) }])),
    (work) => works.take(work, pick(work.codings)?.guid),
    (work) => works.addText(work, pick(texts)),
    (work) => { const text = pick(work.texts); return works.markRead(work, text.guid, place(text), below(3) > 0); },
    (work) => works.rename(work, { name: pick(NAMES), coder: pick(NAMES) }),
    (work) => works.setMemo(work, pick(SAID)),
    (work) => works.newVersion(work, { what: pick(SAID), why: pick(SAID) }),
  ];
  const faults = [];
  const check = (name, is) => is || faults.push(name);
  const first = shown();
  for (let count = 0; count < 80; count += 1) {
    let next = session.now;
    try { next = pick(steps)(session.now); } catch (fault) { check(`${fault.stack}`, fault.constructor === Error); }
    session.change(next, "step");
    check(works.fault(session.now), !works.fault(session.now));
    if (!below(8)) session.undo();
    if (!below(16)) session.redo();
  }
  const back = wb.refi.readProject(wb.refi.project([session.now])).works[0];
  check("the project", works.asText({ ...works.tidy(back), saved: 0 }) === shown());
  while (session.canRedo) session.redo();
  const last = shown();
  while (session.canUndo) session.undo();
  check("undone", shown() === first);
  while (session.canRedo) session.redo();
  check("done again", shown() === last);
  session.close();
  return faults;
}"""


def test_any_sequence_is_undone_done_again_and_brought_back(chromium: Browser, tmp_path: Path) -> None:
    script = f"(seeds) => seeds.flatMap({WALK})"
    assert answer(chromium, tmp_path, [*CORE, *KEPT, *EXCHANGE], script, [*range(1, 13)]) == []
