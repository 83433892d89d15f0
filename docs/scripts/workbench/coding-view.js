"use strict";
/** The view in which a text is read and coded. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const NARROW = "(max-width: 59.984375em)";

  /** Build the view in its host; `app` is the page (see workbench.js). Return {show, refresh, openPlace}. */
  wb.codingView = (host, app) => {
    const at = {}; // the elements of the view, built for each text
    let view = null;
    let keysOfText = null;
    let shown = null; // the text that is shown, as the work has it
    let only = "";
    let painted = null; // what was painted last
    const narrow = matchMedia(NARROW);
    narrow.addEventListener("change", () => {
      closeSheet();
      for (const one of host.querySelectorAll(".wb-tools")) one.open = !narrow.matches;
    });
    const work = () => app.session.now;
    const text = () => work().texts.find((one) => one.guid === shown?.guid);

    // --- Building

    /** Take the text that is shown away: first from the page, which then need not be laid out again and again. */
    function clear() {
      host.replaceChildren();
      keysOfText?.destroy();
      at.find?.destroy();
      view?.destroy();
      view = keysOfText = at.find = null;
    }

    function build(chosen) {
      clear();
      shown = chosen;
      painted = null;
      at.title = element("h2", { id: "wb-text-title", class: "wb-title" }, chosen.name);
      at.text = element("div");
      at.margin = element("div", { class: "transcript-margin" });
      at.search = element("div", { class: "wb-search" });
      at.read = element("span", { class: "wb-quiet wb-read" });
      at.codes = wb.codesBeside(beside);
      at.here = wb.codingsHere(here);
      at.panel = element("aside", { class: "wb-panel", "aria-label": "Codes" }, at.codes.host, at.here.host);
      at.side = element("div", { class: "wb-side" }, at.panel);
      const page = element("div", { class: "transcript-page" }, at.text, at.margin);
      host.replaceChildren(
        element(
          "div",
          { class: "wb-coding" },
          element("div", { class: "wb-transcript" }, header(chosen), page),
          at.side,
        ),
        bottom(),
      );
      view = wb.textView({
        host: at.text,
        margin: at.margin,
        content: chosen.content,
        language: chosen.language,
        label: chosen.name,
      });
      view.onSelect(showHere);
      view.onCoding(showHere);
      keysOfText = wb.textKeys(view, keys());
      at.find = wb.searchBar({ host: at.search, view, content: chosen.content, say: app.say });
      only = "";
    }

    function header(chosen) {
      const give = wb.buttonBesideText("Give a code", choose, {
        class: "wb-button wb-primary wb-give",
        title: "Enter in the text",
      });
      const invivo = wb.buttonBesideText("In-vivo code", inVivo, {
        title: "Take the selected words as the code (v in the text)",
      });
      const read = wb.buttonBesideText("Read up to here", () => readUpTo());
      const unread = wb.buttonBesideText("Not read up to here", () => unreadUpTo(), {
        title: "Where you begin further down (R in the text)",
      });
      const memo = wb.button("Memo", memoOfWork);
      const add = wb.button("Add a text", () => app.addText());
      const help = wb.button("Keys", showKeys, { title: "? in the text" });
      const notice = chosen.notice ? [element("span", { class: "wb-quiet wb-notice-of-text" }, chosen.notice)] : [];
      return element(
        "header",
        { class: "wb-text-head" },
        element("div", { class: "wb-head" }, at.title, ...switcher(chosen), ...notice),
        tools(element("div", { class: "wb-buttons" }, give, invivo, read, unread, at.read, memo, add, help), at.search),
      );
    }

    /** On a narrow screen the tools are folded, so that the text comes first. */
    function tools(...content) {
      const folded = element("details", { class: "wb-fold wb-tools" }, element("summary", {}, "Tools"), ...content);
      folded.open = !narrow.matches;
      return folded;
    }

    function switcher(chosen) {
      const { texts } = work();
      if (texts.length < 2) return [];
      const field = wb.field({
        label: "Text",
        options: texts.map((one) => [one.guid, one.name]),
        value: chosen.guid,
        change: (guid) => openText(guid, true),
      });
      field.classList.add("wb-switcher");
      return [field];
    }

    /** On a narrow screen, what is needed while reading stays at the bottom. */
    function bottom() {
      at.said = element("p", { class: "wb-said", "aria-hidden": "true" }); // seen here, heard above
      at.bottomHere = wb.buttonBesideText("Here", () => sheet("here"));
      return element(
        "div",
        { class: "wb-bottom", role: "group", "aria-label": "Coding" },
        at.said,
        wb.buttonBesideText("Give a code", choose, { class: "wb-button wb-primary" }),
        wb.buttonBesideText("Codes", () => sheet("codes")),
        at.bottomHere,
        wb.buttonBesideText("Undo", () => app.undo()),
      );
    }

    /** Show what is beside the text in a sheet above it. */
    function sheet(part) {
      const dialog = dialogs().open({
        title: part === "here" ? "Codings here" : "Codes",
        content: [at.panel],
        cancel: "Close",
        kind: `wb-sheet wb-of-${part}`,
        closed: () => at.side.append(at.panel),
        back,
      });
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      at.sheet = dialog;
    }
    const dialogs = () => wb.dialogs;
    const closeSheet = () => at.sheet?.isConnected && at.sheet.close();

    // --- Selecting

    const selected = () => {
      const now = view.selected();
      return now && now.end > now.start ? now : null;
    };
    /** Return the place to code: what is selected, or the sentence of the caret. */
    const placeToCode = () => view.place();

    function codingsHere() {
      const now = view.selected();
      if (!now) return [];
      return now.end > now.start
        ? wb.works.over(work(), shown.guid, now)
        : wb.works.at(work(), shown.guid, now.caret ?? now.start);
    }

    function showHere() {
      const codings = codingsHere();
      at.here.show(view.selected(), codings);
      view.point(codings.length <= 12 ? codings : []);
      at.bottomHere.textContent = codings.length ? `Here: ${codings.length}` : "Here";
    }

    /** Go back into the text, to where one was. */
    const back = () => view.focus();

    // --- Coding

    function give(guid, where = placeToCode()) {
      if (!where) return app.say("Select a passage in the text first.");
      const now = work();
      const next = wb.works.give(now, { text: shown.guid, ...where }, guid, {
        guid: wb.newGuid(),
        memo: "",
        time: wb.timeNow(),
      });
      const code = now.codes.find((one) => one.guid === guid);
      if (next === now) return app.say(`This passage already has the code ${code.name}.`);
      at.codes.choose(guid);
      return app.session.change(
        next,
        `${wb.works.path(now, code)} given to ${wb.number(wb.wordsIn(shown, where), "word")}.`,
      );
    }

    function giveNumber(n) {
      const row = wb.works.tree(work())[n - 1];
      if (row) give(row.code.guid);
      else app.say(`There is no code with the number ${n}.`);
    }

    function choose() {
      const where = placeToCode();
      if (!where) return app.say("Select a passage in the text first.");
      closeSheet();
      view.select(where, { scroll: false, focus: false });
      const has = () =>
        wb.works.over(work(), shown.guid, where).filter((one) => one.start === where.start && one.end === where.end);
      return dialogs().chooseCode({
        quote: `“${wb.quoted(shown, where, 200)}”`,
        codes: () => app.codesRecentFirst(),
        given: () => new Set(has().map((one) => one.code)),
        give: (guid) => give(guid, where),
        make: (path, told) => app.makeCode(path, told),
        back,
      });
    }

    function inVivo() {
      const where = placeToCode();
      if (!where) return app.say("Select the words first.");
      const words = wb.quoted(shown, where, Infinity).replace(/^[\s.,;:!?“”"'‘’…]+|[\s.,;:!?“”"'‘’…]+$/g, "");
      return dialogs().name({
        title: "Use words as a code",
        label: "Name of the code",
        value: words.length > 80 ? words.slice(0, 80).replace(/\s+\S*$/, "") : words,
        action: "Give this code",
        back,
        note: "A code in the speaker’s own words is called in-vivo.",
        done: (name) => {
          const guid = app.makeCode(name.replaceAll(">", "›"));
          if (guid) give(guid, where);
        },
      });
    }

    function recode(coding) {
      const old = work().codes.find((one) => one.guid === coding.code);
      closeSheet();
      dialogs().chooseCode({
        quote: `“${wb.quoted(shown, coding, 200)}”: now ${old.name}`,
        codes: () => app.codesRecentFirst(),
        given: () => new Set([coding.code]),
        make: (path, told) => app.makeCode(path, told),
        give: (guid) => {
          const now = work();
          const code = now.codes.find((one) => one.guid === guid);
          app.session.change(
            wb.works.editCoding(now, coding.guid, { code: guid }),
            `${old.name} changed to ${code.name}.`,
          );
        },
        back,
      });
    }

    function take(coding) {
      const code = work().codes.find((one) => one.guid === coding.code);
      app.session.change(
        wb.works.take(work(), coding.guid),
        `${code.name} removed from “${wb.quoted(shown, coding, 40)}”.`,
      );
      if (!at.sheet?.isConnected) back();
    }

    function extend(coding) {
      const where = placeToCode();
      app.session.change(
        wb.works.editCoding(work(), coding.guid, { start: where.start, end: where.end }),
        "The coding now covers what is selected.",
      );
      back();
    }

    const upToHere = () => ({ start: 0, end: placeToCode()?.end ?? 0 });
    function readUpTo(place = upToHere()) {
      const now = work();
      const next = wb.works.markRead(now, shown.guid, place);
      return next === now
        ? app.say("This part is marked as read already.")
        : app.session.change(next, `Read up to here: ${share(next)} of this text.`);
    }

    /** Take the marks up to here away: who goes on from an earlier round has not read that again. */
    function unreadUpTo(place = upToHere()) {
      const now = work();
      const next = wb.works.markRead(now, shown.guid, place, false);
      return next === now
        ? app.say("Nothing up to here is marked as read.")
        : app.session.change(next, `Not read up to here: ${share(next)} of this text is marked as read.`);
    }

    function share(of) {
      const { read: ranges } = of.texts.find((one) => one.guid === shown.guid);
      const done = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
      return `${Math.floor((100 * done) / Math.max(1, wb.positions(shown.content).points))}%`;
    }

    function memoOfWork() {
      dialogs().memo({
        title: "Memo of this work",
        label: "What you notice about the text as a whole",
        value: work().memo,
        back,
        done: (memo) => app.session.change(wb.works.setMemo(work(), memo), "Memo kept."),
      });
    }

    const showKeys = () => dialogs().keys(wb.textKeys.keys, back);

    function keys() {
      return {
        give: () => choose(),
        giveNumber: (n) => giveNumber(n),
        invivo: () => inVivo(),
        read: readUpTo,
        unread: unreadUpTo,
        take: (coding) => take(coding),
        say: app.say,
        help: showKeys,
        find: () => at.find.open(),
        memo: () =>
          codingsHere().length ? (narrow.matches ? sheet("here") : at.here.focus()) : app.say("Nothing is coded here."),
        codes: () => (narrow.matches ? sheet("codes") : at.codes.focus()),
        undo: () => app.undo(),
        redo: () => app.redo(),
        codingsAt: (where) => described(where),
        codings: () => work().codings.filter((one) => one.text === shown.guid && (!only || one.code === only)),
      };
    }
    const described = (where) =>
      where.end > where.start ? wb.works.over(work(), shown.guid, where) : wb.works.at(work(), shown.guid, where.start);
    // --- What the panel asks for

    const beside = {
      work,
      only: () => only,
      showOnly: (guid) => {
        only = guid;
        paint();
      },
      pressed: (code) =>
        selected()
          ? (give(code.guid), closeSheet())
          : app.say(`${code.name} chosen. Select words in the text to give it.`),
      edit: (code) => app.editCode(code.guid),
      segments: (code) => (closeSheet(), app.openCode(code.guid)),
      make: () => app.newCode(false, selected() ? " To give it to the selected words, press it in the list." : ""),
      back,
    };
    const here = {
      work,
      text,
      recode,
      take,
      extend,
      back,
      memo: (coding, memo) => app.session.change(wb.works.editCoding(work(), coding.guid, { memo }), "Memo kept."),
    };

    // --- Showing

    function paint() {
      const { codings, codes } = work();
      view.paint({ codings: codings.filter((one) => one.text === shown.guid), codes, only, read: text().read });
    }

    function refresh() {
      const now = work();
      const chosen = text() ?? now.texts[0];
      if (!chosen)
        return host.replaceChildren(
          element("p", {}, "This work has no text any more. "),
          wb.button("Add a text", () => app.addText()),
        );
      if (shown?.guid !== chosen.guid || shown.sha256 !== chosen.sha256 || at.texts !== names(now)) {
        at.texts = names(now);
        build(chosen);
      }
      if (painted === now) return null;
      painted = now;
      if (only && !now.codes.some((one) => one.guid === only)) only = "";
      paint();
      at.codes.refresh();
      showHere();
      at.read.textContent = `${share(now)} read`;
      return null;
    }
    const names = ({ texts }) => JSON.stringify(texts.map((one) => [one.guid, one.name]));

    function openText(guid, focus) {
      const chosen = work().texts.find((one) => one.guid === guid);
      if (chosen && chosen.guid !== shown?.guid) {
        build(chosen);
        refresh();
      }
      if (focus) view.focus();
    }

    return {
      show: refresh,
      refresh,
      /** Forget the text of a work that is not open any more. */
      forget() {
        clear();
        shown = painted = at.texts = null;
      },
      /** Go to a place in a text. */
      openPlace(guid, where) {
        refresh();
        openText(guid);
        view.select(where, { scroll: true });
        showHere();
      },
      openText,
      /** Show on a narrow screen what the page says, where the top of the page is out of sight. */
      said: (sentence) => at.said && (at.said.textContent = sentence),
      focus: () => wb.focusOn(at.title),
      focusText: () => view?.focus(),
      textShown: () => text(),
    };
  };
}
