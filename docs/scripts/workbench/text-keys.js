"use strict";
/** Keys in the text. Single letters count only while the text has the focus, and no other key is held but Shift. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});

  /** Return a text of at most `most` characters, its middle left out. */
  wb.shortened = (text, most = 160) => {
    const plain = [...text.replace(/\s+/g, " ").trim()];
    return plain.length > most
      ? `${plain.slice(0, most / 2).join("")} … ${plain.slice(-most / 2).join("")}`
      : plain.join("");
  };

  /**
   * Give a view its keys.
   *
   * `actions`: give(place), giveNumber(n, place), memo(), invivo(place), read(place), unread(place), take(coding), undo(), redo(),
   * help(), codes(), find(), say(sentence), codingsAt(place), codings().
   */
  wb.textKeys = (view, actions) => {
    const { say } = actions;
    const { host } = view;
    const words = (place) => {
      const count = (view.text(place).match(/[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu) ?? []).length;
      return `${count} ${count === 1 ? "word" : "words"}`;
    };
    const names = (codings) => {
      const { codes } = view.shown();
      const name = ({ code }) => wb.pathOf(codes, code);
      return [...new Set(codings.map(name))].join(", ");
    };
    const described = (place) => {
      const codings = actions.codingsAt(place);
      return codings.length ? `coded ${names(codings)}` : "not coded";
    };
    const caret = () => view.selected()?.caret ?? 0;

    /** Select the piece at the caret; where pieces are selected already, one more or one less of them. */
    function choose(kind, by) {
      const now = view.selected() ?? { start: 0, end: 0 };
      const first = view.piece(kind, now.start);
      if (!first) return;
      const last = view.piece(kind, Math.max(now.start, now.end - 1));
      const isChosen = now.end > now.start && now.start === first.start && now.end === last.end;
      const next = isChosen ? (view.piece(kind, last.start, by) ?? last) : last;
      const to = next.start < first.start ? first : next;
      const place = { start: first.start, end: to.end };
      view.select(place);
      const verb = !isChosen ? "Selected" : by > 0 ? "Added" : "Now";
      const spoken = verb === "Added" ? to : place;
      say(`${verb}: ${wb.shortened(view.text(spoken), 400)} (${words(place)}, ${described(place)})`);
    }
    function moveTo(kind, by) {
      const here = view.piece(kind, caret());
      if (!here) return;
      const isBefore = caret() < here.start; // in front of the first
      const isWithin = by < 0 && caret() > here.start;
      const found = isBefore || isWithin ? here : (view.piece(kind, here.start, by) ?? here);
      view.select({ start: found.start, end: found.start });
      say(`${wb.shortened(view.text(found), 600)} (${described(found)})`);
    }
    /** Go to the next coding or the one before; those of the same place come one after another. */
    function moveToCoding(by) {
      const { only } = view.shown();
      const codings = actions.codings().filter(({ code }) => !only || code === only);
      codings.sort((one, other) => one.start - other.start || one.end - other.end);
      const now = view.selected() ?? { start: -1, end: -1 };
      const at = codings.findIndex(({ guid }) => guid === view.current()?.guid);
      const after = (one) => one.start - now.start || one.end - now.end;
      const isPast = (one) => (by > 0 ? after(one) > 0 : after(one) < 0);
      const found = at >= 0 ? codings[at + by] : by > 0 ? codings.find(isPast) : codings.findLast(isPast);
      if (!found) return say(codings.length ? "No more codings this way." : "There are no codings yet.");
      view.spoken(found);
      const same = codings.filter(({ start, end }) => start === found.start && end === found.end);
      const more = [];
      if (same.length > 1) more.push(`${same.indexOf(found) + 1} of ${same.length} on these words`);
      if (found.memo) more.push("with a memo");
      say(`${names([found])}${more.length ? ` (${more.join(", ")})` : ""}: ${wb.shortened(view.text(found), 400)}`);
    }
    function take() {
      const now = view.selected() ?? { start: 0, end: 0 };
      const codings = actions.codingsAt(now.end > now.start ? view.place() : now);
      const spoken = codings.find(({ guid }) => guid === view.current()?.guid);
      if (spoken || codings.length === 1) return actions.take(spoken ?? codings[0]);
      say(
        codings.length
          ? `${names(codings)}: go to the one to remove with n or b, then press x.`
          : "No coding here to remove.",
      );
    }
    function give(action) {
      const place = view.place();
      if (!place) return say("There is no text to code.");
      view.select(place);
      action(place);
    }
    function tellHere() {
      const place = view.place();
      if (!place) return;
      say(`${wb.shortened(view.text(place), 400)} (${words(place)}, ${described(place)})`);
    }
    const upToHere = (action) => {
      const sentence = view.piece("sentences", caret());
      if (sentence) action({ start: 0, end: Math.max(sentence.end, caret()) });
    };

    const keys = new Map([
      ["s", () => choose("sentences", 1)],
      ["S", () => choose("sentences", -1)],
      ["w", () => choose("words", 1)],
      ["W", () => choose("words", -1)],
      ["p", () => choose("turns", 1)],
      ["P", () => choose("turns", -1)],
      ["j", () => moveTo("sentences", 1)],
      ["k", () => moveTo("sentences", -1)],
      ["n", () => moveToCoding(1)],
      ["b", () => moveToCoding(-1)],
      ["Enter", () => give(actions.give)],
      ["v", () => give(actions.invivo)],
      ["i", tellHere],
      ["m", () => actions.memo()],
      ["c", () => actions.codes()],
      ["x", take],
      ["Delete", take],
      ["r", () => upToHere(actions.read)],
      ["R", () => upToHere(actions.unread)],
      ["/", () => actions.find()],
      ["z", () => actions.undo()],
      ["Z", () => actions.redo()],
      ["?", () => actions.help()],
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [String(n), () => give((place) => actions.giveNumber(n, place))]),
    ]);
    /** What Ctrl or Cmd does: undo; and not what editors do, such as bold. */
    function withControl(event) {
      const key = event.key.toLowerCase();
      if (key === "z" || key === "y") {
        if (key === "y" || event.shiftKey) actions.redo();
        else actions.undo();
      } else if (!["b", "i", "u"].includes(key)) return;
      event.preventDefault();
    }
    const onKey = (event) => {
      if (event.isComposing || event.altKey) return;
      if (event.ctrlKey || event.metaKey) return withControl(event);
      const action = keys.get(event.key);
      const isLetter = [...event.key].length === 1;
      if (!action && !isLetter) return;
      event.preventDefault();
      event.stopPropagation(); // the site has keys of its own
      if (action) action();
      else if (/\p{L}/u.test(event.key))
        say(`The text cannot be changed. ${event.key} is no key here: press ? for the keys.`);
    };
    host.addEventListener("keydown", onKey);
    return { destroy: () => host.removeEventListener("keydown", onKey) };
  };

  /** Return a code's path (`Parent > Name`) among codes. */
  wb.pathOf = (codes, guid) => {
    const code = codes.find((one) => one.guid === guid);
    const parent = code && codes.find((one) => one.guid === code.parent);
    return parent ? `${parent.name} > ${code.name}` : (code?.name ?? "a code that was removed");
  };

  /** What each key does, for a list of keys. */
  wb.textKeys.keys = [
    ["Arrows, Ctrl+arrows, Shift", "move and select, as in any text"],
    ["s, S", "select the sentence at the caret; again: one more, one less"],
    ["w, W", "the same by words"],
    ["p, P", "the same by turns (what one speaker says)"],
    ["j, k", "go to the next sentence, to the one before"],
    ["n, b", "go to the next coding, to the one before"],
    ["Enter", "give a code to what is selected, or to the sentence at the caret"],
    ["1 to 9", "give the code of that number"],
    ["v", "make a code of the selected words (in vivo)"],
    ["i", "say what is selected and how it is coded"],
    ["m", "go to the memo; Esc comes back"],
    ["c", "go to the codebook"],
    ["x, Delete", "remove the coding that was gone to"],
    ["r, R", "mark as read up to here, or as not read"],
    ["/", "find in the text; F3 goes on"],
    ["z, Z", "undo, redo (also Ctrl+Z, Ctrl+Shift+Z)"],
    ["?", "show these keys"],
    ["Tab", "leave the text"],
  ];
}
