"use strict";
/** The page on which texts are coded: its views, what is open, what is kept, and what it says to readers. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const $ = (id) => document.getElementById(id);
  const VIEWS = ["start", "text", "codes", "compare"];
  const RECENT = 5; // codes that were given last and come first
  let session = null;
  let shown = ""; // the view
  let onFile = true; // whether the last state was saved to a file, or is as it was opened
  let compared = null; // the view of comparisons, and the session that it is for
  let views = {};
  const unkept = new Set(); // works that were closed, and for whose last changes there was no room

  // --- Messages to readers

  function say(sentence) {
    $("wb-said").textContent = sentence;
    views.text?.said(sentence);
  }

  /** Show a message that stays until it is closed; `buttons` are [text, action], and each closes it. */
  function notice(text, ...buttons) {
    const box = element("div", { class: "wb-notice", role: "alert" }, element("p", {}, text));
    const close = (action) => () => {
      box.remove();
      action?.();
      if (document.activeElement === document.body) views[shown]?.focus?.();
    };
    for (const [label, action] of buttons) box.append(wb.button(label, close(action)));
    box.append(wb.button("Close", close(), { class: "wb-button wb-close" }));
    $("wb-notices").replaceChildren(...[...$("wb-notices").children].slice(-2), box);
    return box;
  }

  /** Return what `change` makes of a work, or show why it cannot be done. */
  function tried(change, told = notice) {
    try {
      return change();
    } catch (fault) {
      told(fault.message);
      return null;
    }
  }

  // --- Views

  /** Show the view that the address names. */
  function show() {
    const asked = location.hash.slice(1);
    if (asked && !VIEWS.includes(asked) && shown) return; // a place of this page
    const view = VIEWS.includes(asked) && (session || ["start", "compare"].includes(asked)) ? asked : "start";
    if (view !== asked && ["text", "codes"].includes(asked)) say("Open a text first.");
    shown = view;
    for (const one of VIEWS) $(one).hidden = one !== view;
    for (const link of $("wb-tabs").querySelectorAll("a")) {
      if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.body.dataset.view = view;
    history.replaceState({ work: session?.now.guid }, "");
    if (view === "start" && session?.state === "waiting") session.flush(); // it lists works as they are kept
    if (view === "compare") showComparison();
    else views[view].show();
    if ($("workbench").getBoundingClientRect().top < 0) $("workbench").scrollIntoView();
  }

  /** Follow the browser back or forward: what is open above a view does not stay above another. */
  function moved() {
    $("workbench").querySelector("dialog[open]")?.close();
    show();
  }

  function go(view) {
    if (location.hash !== `#${view}`) history.pushState(null, "", `#${view}`);
    show();
  }

  /** Follow a link to a view without the browser’s own scrolling. */
  function followed(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(event.currentTarget.hash.slice(1));
  }

  function refresh() {
    if (history.state?.work !== session.now.guid) history.replaceState({ work: session.now.guid }, "");
    if (shown === "text" || shown === "codes") views[shown].refresh();
    showBar();
    if (!bar.state.classList.contains("wb-warned")) showState(); // a warning stands until something is kept
  }

  // --- Opening and closing

  /** Open a work, in one of the views: from now on it is kept by itself. */
  async function open(work, view = "text") {
    try {
      await wb.need("coding");
    } catch (fault) {
      return notice(fault.message);
    }
    if (work.texts.some((text) => text.origin === "own")) await compendium.closeOff();
    views.text ??= wb.codingView($("text"), app);
    views.codes ??= wb.codebookView($("codes"), app);
    close();
    session = wb.session(work, wb.store);
    onFile = true;
    session.onChange((now, what) => {
      onFile = false;
      if (what) say(/[.!?]$/.test(what) ? what : `${what}.`);
      refresh();
    });
    session.onSaved(showState);
    session.onConflict(settle);
    showBar();
    showState();
    go(view);
    say(`${work.texts[0]?.name ?? work.name} is open.`);
    return view === "text" && views.text.focusText();
  }

  function close() {
    session?.close();
    if (session?.state === "full" && !onFile) offerUnkept(session.now);
    session = null;
    compared = null;
    for (const view of [views.text, views.codes]) view?.forget();
  }

  /** Give the reader the state of a work that is closed and for which there was no room. */
  function offerUnkept(work) {
    unkept.add(work);
    const save = () => {
      saveFile(work);
      unkept.delete(work);
    };
    const name = work.name || "this work";
    notice(`This browser is full and has not kept your last changes to ${name}. Save them as a file.`, [
      "Save a file",
      save,
    ]);
  }

  function openKept(guid, view) {
    session?.flush(); // it may be the work that is open, changed a moment ago
    const work = wb.store.load(guid);
    return work ? open(work, view) : notice(wb.store.fault || "This work is no longer in this browser.");
  }

  /** Let the reader choose between two states of a work that grew apart. */
  function settle({ mine, other, keepBoth, keepMine, takeOther }) {
    const of = (work) => wb.number(work.codings.length, "coding");
    notice(
      `This browser keeps another state of this work, from another tab or an earlier day: ${of(other)} there, ${of(mine)} here. Nothing is overwritten.`,
      ["Keep both", keepBoth],
      ["Keep the one here", keepMine],
      ["Take the other", takeOther],
    );
  }

  // --- Files

  /** Return what a file holds. */
  async function fileOf(file) {
    await wb.need("files");
    return wb.openFile(file);
  }

  /** Open files of any kind that the page knows. */
  async function openFiles(files) {
    const works = [];
    for (const file of files) {
      try {
        const found = await fileOf(file);
        for (const note of found.notes ?? []) notice(note);
        if (found.works) works.push(...found.works);
        else if (found.work) works.push(found.work);
        else opened(found);
      } catch (fault) {
        notice(fault.message);
      }
    }
    if (works.length > 1) chooseWork(works);
    else if (works.length === 1 && session && session.now.guid !== works[0].guid) offer(works[0]);
    else if (works.length === 1) open(works[0]);
  }

  function opened(found) {
    if (found.kind === "text") views.start.begin(found.text);
    else if (found.kind === "packet") beginPacket(found.packet);
    else if (found.kind === "resolution") takeResolution(found.resolution);
    else if (found.kind === "codebook")
      offerCodebook({
        name: found.codebook.name || "the opened codebook",
        codebook: found.codebook,
        codes: found.codes,
      });
  }

  /** Show what a class decided, in the comparison. */
  async function takeResolution(resolution) {
    await compare([]);
    tried(() => compared?.view?.addResolution(resolution));
  }

  /** A work while another is open: to go on with, to compare, or for its codebook. */
  function offer(work) {
    wb.dialogs.open({
      title: `A work of ${work.coder.name}`,
      content: [
        element(
          "p",
          {},
          `${work.name || work.texts[0]?.name}: ${wb.number(work.codings.length, "coding")}, ${wb.number(work.codes.length, "code")}, version ${work.codebook.version} of its codebook.`,
        ),
      ],
      buttons: [
        ["Compare it with yours", () => compare([work]), { class: "wb-button wb-primary" }],
        [
          "Take its codebook",
          () =>
            offerCodebook({
              name: `${work.coder.name}’s codebook`,
              codebook: work.codebook,
              codes: work.codes,
            }),
        ],
        ["Go on with it", () => open(work)],
      ],
    });
  }

  function chooseWork(works) {
    const options = works.map(({ coder, round, codings }, at) => [
      String(at),
      `${coder.name}, round ${round}, ${wb.number(codings.length, "coding")}`,
    ]);
    const which = wb.field({ label: "Compare them, or go on with one", options, value: "0" });
    wb.dialogs.open({
      title: wb.number(works.length, "work"),
      content: [which],
      buttons: [
        ["Compare them", () => compare(works), { class: "wb-button wb-primary" }],
        ["Go on with this one", () => open(works[Number(wb.inputOf(which).value)])],
      ],
    });
  }

  /** Begin from the packet of a class, under a pseudonym. */
  async function beginPacket(packet) {
    try {
      await wb.need("compare");
    } catch (fault) {
      return notice(fault.message);
    }
    const host = element("div");
    const begin = (work) => {
      dialog.close();
      const isSame = ({ guid, coder }) => coder === work.coder.name && wb.store.load(guid)?.packet === work.packet;
      views.start.unlessBegun(wb.store.works().find(isSame), "this packet", () => open(work));
    };
    const dialog = wb.dialogs.open({ title: packet.name || "Packet of a class", content: [host], holds: "div" });
    wb.packetWelcome({ host, packet, begin, say });
    host.querySelector(".wb-field:not([hidden]) :is(select, input)")?.focus();
    return dialog;
  }

  /** Make a packet of a class from the open work. */
  async function makePacket() {
    try {
      await wb.need("compare");
    } catch (fault) {
      return notice(fault.message);
    }
    const host = element("div");
    const dialog = wb.dialogs.open({
      title: "Make a packet for a class",
      content: [host],
      cancel: "Close",
      holds: "div",
    });
    wb.packetForm({ host, session, say });
    host.querySelector(".wb-field input")?.focus();
    return dialog;
  }

  // --- Codebooks of others

  function offerCodebook(found) {
    return session ? takeCodebookOf(found) : beginWith(found);
  }

  /** Offer a codebook, or without one that of the open work, for a fresh text. */
  function beginWith(found) {
    go("start");
    views.start.offer(found);
    say(`Now choose a text for ${found ? `${found.name}, version ${found.codebook.version}` : "your codebook"}.`);
  }

  /** Take another codebook into the open work, after saying which codings have no code in it. */
  function takeCodebookOf(found) {
    const { name, codebook, codes } = found;
    const { now } = session;
    const { work, lost } = wb.works.withCodebook(now, { codebook, codes });
    const paths = [...new Set(lost.map((one) => one.path))];
    const told = lost.length
      ? `${wb.number(lost.length, "coding")} of yours ${lost.length === 1 ? "has a code" : "have codes"} that it does not have: ${paths.slice(0, 8).join(", ")}${paths.length > 8 ? " and others" : ""}. They leave your codings, and are listed in the memo of the work. Save a file first if you want to keep them.`
      : "All your codings follow to its codes.";
    const take = () => {
      session.change(work, `You now use ${name}, version ${codebook.version}.`);
      go("codes");
    };
    const begin = () => {
      dialog.close(); // what is below it takes the focus only then
      beginWith(found);
    };
    const isBegun = now.codings.length > 0; // what was coded by the old rules stays as it is, to be compared with
    const dialog = wb.dialogs.open({
      title: `Use ${name}, version ${codebook.version}?`,
      content: [
        element(
          "p",
          {},
          `${wb.number(codes.length, "code")}. For the next round, begin a fresh text with it: this work then stays as it is. In this work, it takes the place of your codebook. ${told} Undo brings yours back.`,
        ),
      ],
      buttons: [
        ["Begin a fresh text with it", begin, isBegun ? { class: "wb-button wb-primary" } : {}],
        ["Use it in this work", take, isBegun ? {} : { class: "wb-button wb-primary" }],
        ["Save a file first", () => (saveFile(now), false)],
      ],
    });
  }

  /** Ask for the file of a codebook. */
  function takeCodebook() {
    const taken = (files) => {
      dialog.close();
      return openCodebook(files[0]);
    };
    const dialog = wb.dialogs.open({
      title: "Take another codebook",
      content: [
        wb.fileField(
          "A codebook (.qdc, .json), or a partner’s work or project",
          "Your codings follow to its codes where the names are the same.",
          taken,
        ),
      ],
    });
  }

  async function openCodebook(file) {
    try {
      const found = await fileOf(file);
      const from = found.packet ?? found.work ?? found.works?.[0] ?? found;
      if (!from.codes) throw new Error("There is no codebook in this file. Choose a codebook, a work or a project.");
      takeCodebookOf({ name: from.codebook?.name || file.name, codebook: from.codebook, codes: from.codes });
    } catch (fault) {
      notice(fault.message);
    }
  }

  // --- Comparing

  async function showComparison() {
    const host = $("compare");
    if (compared?.of === session && compared.view) return compared.view.show();
    const mine = (compared = { of: session, view: null });
    try {
      await wb.need("compare");
      if (compared !== mine) return null;
      host.replaceChildren();
      await compendium.closeOff(); // works of others may hold texts of real people
      if (compared !== mine) return null;
      mine.view = wb.compareView({ host, session, say, openPlace, beginWith });
      return mine.view.show();
    } catch (fault) {
      compared = null;
      return notice(fault.message);
    }
  }

  async function compare(works) {
    go("compare");
    await showComparison();
    if (works.length) compared?.view?.add(works);
  }

  // --- Codes

  const codeAt = (guid) => session.now.codes.find((one) => one.guid === guid);

  /** Return the codes to choose from: those given last first, then the rest as in the codebook. */
  function codesRecentFirst() {
    const { now } = session;
    const given = now.codings.toSorted((one, other) => other.time.localeCompare(one.time));
    const recent = [...new Set(given.map((one) => one.code))].slice(0, RECENT);
    const rows = wb.works.tree(now).map(({ code }) => ({ code, path: wb.works.path(now, code) }));
    const rank = ({ code }) => (recent.includes(code.guid) ? recent.indexOf(code.guid) : RECENT);
    return rows.toSorted((one, other) => rank(one) - rank(other));
  }

  /** Make the code of a path (`Parent > Name`) unless it is there; return its identifier, or "" after saying what is wrong. */
  function makeCode(path, told = notice, more = "") {
    const steps = path
      .split(">")
      .map((part) => part.trim())
      .filter(Boolean);
    if (steps.length > 2) {
      told("Codes have two levels: write one “>” at most, as in “Parent > Name”.");
      return "";
    }
    let { now } = session;
    let guid = "";
    const next = tried(() => {
      for (const name of steps) {
        const there = wb.works.codeNamed(now, name, guid);
        const made = there?.guid ?? wb.newGuid();
        if (!there) now = wb.works.addCode(now, { guid: made, parent: guid, name, colour: wb.works.nextColour(now) });
        guid = made;
      }
      return now;
    }, told);
    if (!next) return "";
    session.change(next, `The code ${path} was made.${more}`);
    return guid;
  }

  function newCode(openIt, more) {
    wb.dialogs.name({
      title: "New code",
      label: "Name",
      action: "Make the code",
      note: "“Parent > Name” puts it below another code.",
      done: (path) => {
        let fault = "";
        const guid = makeCode(path, (told) => (fault = told), more);
        if (guid && openIt) views.codes.openCode(guid);
        return fault;
      },
    });
  }

  function editCode(guid) {
    wb.dialogs.form({
      title: `Code ${codeAt(guid).name}`,
      content: wb.codeFields(app, guid),
      back: () => views.text.focus(),
    });
  }

  // --- Places, texts, files

  function openPlace(text, place) {
    go("text");
    views.text.openPlace(text, place);
  }

  function addText() {
    const { now } = session;
    const add = async (text) => {
      dialog.close();
      if (text.origin === "own") await compendium.closeOff();
      const next = wb.works.addText(session.now, text);
      if (next === session.now) return say(`${text.name} is in this work already.`);
      session.change(next, `${text.name} was added.`);
      go("text");
      return views.text.openText(text.guid, true);
    };
    const addFiles = async (files) => {
      try {
        const found = await fileOf(files[0]);
        if (found.kind !== "text") throw new Error("This is not a text. Choose a .txt or .docx file.");
        for (const note of found.notes ?? []) notice(note);
        await add(found.text);
      } catch (fault) {
        dialog.close();
        notice(fault.message);
      }
    };
    const there = new Set(now.texts.map((text) => text.name));
    const cards = wb.interviewCards(app, "Add this", (interview, loaded) => add(loaded.text), there);
    const dialog = wb.dialogs.open({
      title: "Add a text to this work",
      content: [
        wb.fileField("A text of your own (.txt, .docx)", "It stays in this browser.", addFiles, {
          accept: ".txt,.docx,text/plain",
        }),
        wb.ownTextFields("Add this text", add),
        element("h3", {}, "An interview of this site"),
        cards,
      ],
      kind: "wb-large",
    });
  }

  const saveFile = (work) => compendium.download(wb.works.fileName(work), "application/json", wb.works.asText(work));

  function saveKept(guid) {
    const work = session?.now.guid === guid ? session.now : wb.store.load(guid);
    if (work) saveFile(work);
    else notice(wb.store.fault || "This work is no longer in this browser.");
  }

  // --- The bar: what is open, undo, what is kept

  const bar = {};

  function buildBar() {
    bar.name = wb.button("", rename, { class: "wb-link wb-work", title: "Change name, pseudonym, round" });
    bar.undo = wb.buttonBesideText("Undo", () => session.undo());
    bar.redo = wb.buttonBesideText("Redo", () => session.redo());
    bar.files = wb.button("Save and export", () => wb.saveMenu(app));
    bar.state = element("span", { class: "wb-state" });
    $("wb-bar").replaceChildren(bar.name, bar.undo, bar.redo, bar.files, bar.state);
  }

  function showBar() {
    $("wb-bar").hidden = !session;
    $("wb-tabs").classList.toggle("wb-closed", !session);
    if (!session) return;
    const { now, canUndo, canRedo } = session;
    bar.name.textContent = `${now.name || now.texts[0]?.name || "Work"}, ${now.coder.name}${now.round > 1 ? `, round ${now.round}` : ""}`;
    bar.undo.disabled = !canUndo;
    bar.redo.disabled = !canRedo;
    bar.undo.title = canUndo ? `Undo: ${canUndo}` : "";
    bar.redo.title = canRedo ? `Redo: ${canRedo}` : "";
  }

  let keptAt = null;
  function showState(saved) {
    if (!session) return;
    if (saved?.time) keptAt = saved.time;
    const { state } = session;
    const time = keptAt?.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const told = {
      kept: time ? `Kept in this browser ${time}` : "Kept in this browser",
      waiting: "Keeping …",
      full: "This browser is full: save a file",
      forbidden: "This browser does not keep it: save a file",
      conflict: "Another tab saved another state",
    };
    bar.state.textContent = told[state] ?? "";
    bar.state.classList.toggle("wb-warned", ["full", "forbidden", "conflict"].includes(state));
  }

  function rename() {
    const { now } = session;
    const coder = wb.field({ label: "Pseudonym", value: now.coder.name, maxlength: "40" });
    const round = wb.field({ label: "Round", value: now.round, type: "number", min: "1", max: "99" });
    wb.dialogs.name({
      title: "Name, pseudonym, round",
      label: "Name of this work",
      value: now.name,
      action: "Change",
      extra: [coder, round],
      done: (name) => {
        const pseudonym = wb.inputOf(coder).value.trim();
        if (!pseudonym) return "A pseudonym is needed.";
        const renamed = wb.works.rename(session.now, { name, coder: pseudonym });
        const number = Math.min(99, Math.max(1, Math.round(Number(wb.inputOf(round).value)) || 1));
        session.change(number === renamed.round ? renamed : { ...renamed, round: number }, "Changed.");
        return "";
      },
    });
  }

  // --- Starting

  const app = (wb.app = {
    get session() {
      return session;
    },
    ...{
      say,
      notice,
      tried,
      go,
      open,
      openKept,
      openFiles,
      compare,
      codesRecentFirst,
      makeCode,
      newCode,
      editCode,
      takeCodebook,
      beginWith,
      openPlace,
      addText,
      saveKept,
      makePacket,
    },
    openCode(guid) {
      go("codes");
      views.codes.openCode(guid);
    },
    undo: () => (session.canUndo ? session.undo() : say("There is nothing to undo.")),
    redo: () => (session.canRedo ? session.redo() : say("There is nothing to do again.")),
    closeIfOpen: (guid) => {
      if (session?.now.guid !== guid) return;
      close();
      showBar();
    },
    textShown: () => session && views.text.textShown(),
    savedToFile: () => (onFile = true),
  });

  /** Ctrl+Z and Ctrl+Y where no field and no text has the focus. */
  function undoByKeys(event) {
    if (
      !session ||
      !(event.ctrlKey || event.metaKey) ||
      event.defaultPrevented ||
      document.querySelector("dialog[open]")
    )
      return;
    if (event.target.matches?.("input, textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) app.redo();
    else app.undo();
  }

  /** Take what is being written, which a field gives only when it is left, before the page goes. */
  function takeWritten() {
    const field = document.activeElement;
    if (session && field.matches("textarea")) field.dispatchEvent(new Event("change"));
  }

  function printWhatIsShown() {
    if (!session || document.body.classList.contains("wb-printing")) return;
    if (shown === "text") wb.printed.prepare(wb.printed.text(session.now, views.text.textShown()));
    if (shown === "codes") wb.printed.prepare(wb.printed.codebook(session.now));
  }

  function start() {
    $("workbench").hidden = false;
    buildBar();
    views = { start: wb.startView($("start"), app), compare: { focus: () => wb.focusOn($("compare")) } };
    for (const link of $("wb-tabs").querySelectorAll("a")) link.addEventListener("click", followed);
    addEventListener("hashchange", show);
    addEventListener("popstate", moved);
    addEventListener("keydown", undoByKeys);
    addEventListener("beforeprint", printWhatIsShown);
    addEventListener("pagehide", takeWritten); // heard before the session, which then saves
    document.addEventListener("visibilitychange", () => document.hidden && takeWritten());
    addEventListener("beforeunload", (event) => {
      const refused = [session?.state, wb.store.state].some((state) => ["full", "forbidden"].includes(state));
      if ((session && !onFile && refused) || unkept.size) event.preventDefault();
    });
    if (wb.store.state === "forbidden")
      notice(
        "This browser keeps nothing for this page, so save a file before you leave. Private windows and strict settings do this.",
      );
    const last = history.state?.work;
    const asked = location.hash.slice(1);
    if (last && VIEWS.includes(asked) && asked !== "start" && wb.store.works().some((one) => one.guid === last))
      reopen(last, asked);
    else show();
    showBar();
  }

  /** Go on after the page was loaded again. */
  async function reopen(guid, view) {
    await openKept(guid, view);
    if (!session) show();
  }

  start();
}
