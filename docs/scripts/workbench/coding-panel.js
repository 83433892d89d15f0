"use strict";
/** What is beside the text: the codebook with a definition in sight, and the codings that are here. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const MOST_HERE = 20; // codings that are listed at a place
  const MOST_CODES = 300; // that are listed: thousands would keep the browser at work for seconds

  /**
   * Return the codebook beside the text, {host, refresh, focus, chosen}. `desk` says what can be done: `work()`,
   * `pressed(code)` when a code is pressed, `only()` and `showOnly(guid)`, `edit(code)`, `segments(code)`, `make()`, and
   * `back()` to the text.
   */
  wb.codesBeside = (desk) => {
    const filter = element("input", {
      id: wb.id(),
      type: "search",
      autocomplete: "off",
      placeholder: "Find a code",
      "aria-label": "Find a code",
    });
    const list = element("ul", { class: "wb-codes" });
    const empty = element("p", { class: "wb-quiet" });
    const definition = element("div", { class: "wb-definition" });
    const more = wb.buttonBesideText("New code", () => desk.make(), { class: "wb-button wb-small" });
    const host = element(
      "section",
      { class: "wb-codebook", "aria-label": "Codebook" },
      element("div", { class: "wb-head" }, element("h2", {}, "Codebook"), more),
      filter,
      empty,
      list,
      definition,
    );
    let chosen = "";
    let told = null; // the code whose definition is in sight
    let lines = new Map(); // GUID of a code → its line, and what that shows

    function refresh() {
      const work = desk.work();
      const rows = wb.works.tree(work);
      const wanted = filter.value.trim().toLocaleLowerCase();
      const found = wanted
        ? rows.filter(({ code }) => wb.works.path(work, code).toLocaleLowerCase().includes(wanted))
        : rows;
      const shown = found.slice(0, MOST_CODES);
      const more = found.length - shown.length;
      filter.hidden = rows.length < 8;
      empty.hidden = shown.length > 0 && !more;
      empty.textContent = more
        ? `The first ${MOST_CODES} codes are listed. Type letters of the others to find them.`
        : rows.length
          ? "No code has these letters."
          : "No code yet. Select words in the text, then press Enter or “Give a code”, and name what you see.";
      const focused = list.contains(document.activeElement) ? document.activeElement.dataset.code : "";
      const numbers = new Map(rows.map((row, at) => [row, at + 1]));
      lines = new Map(shown.map((row) => [row.code.guid, lineOf(row, numbers.get(row))]));
      const wantedLines = [...lines.values()].map(({ line }) => line);
      if (wantedLines.length !== list.children.length || wantedLines.some((line, at) => line !== list.children[at]))
        list.replaceChildren(...wantedLines);
      if (focused) list.querySelector(`[data-code="${focused}"]`)?.focus({ preventScroll: true });
      define(told?.guid ?? chosen);
      keepInSight();
    }

    /** Return the line of a code, {line, count, key, code}: the one that is there, where only its count may differ. */
    function lineOf({ code, depth, own, all }, number) {
      const key = [depth, number, desk.only() === code.guid].join();
      const there = lines.get(code.guid);
      const found = there?.code === code && there.key === key ? there : { ...item(code, depth, number), code, key };
      const [digits, noun] = found.count.childNodes;
      if (digits.data !== String(own)) digits.data = String(own);
      const words = own === 1 ? " coding" : " codings";
      if (noun.textContent !== words) noun.textContent = words;
      found.count.toggleAttribute("title", all > own);
      if (all > own) found.count.title = `${all} with the codes below it`;
      return found;
    }

    function item(code, depth, number) {
      const count = element("span", { class: "wb-count" }, "0", element("span", { class: "only-heard" }));
      const key = element("kbd", { "aria-hidden": "true" }, number < 10 ? String(number) : "");
      const button = wb.buttonBesideText("", () => press(code), { class: "wb-code", "data-code": code.guid });
      button.append(key, wb.swatch(code), element("span", { class: "wb-name" }, code.name), count);
      if (code.guid === chosen) button.setAttribute("aria-current", "true");
      button.addEventListener("focus", () => define(code.guid));
      button.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && define(code.guid));
      const line = element("li", depth ? { class: "wb-below" } : {}, button);
      if (desk.only() === code.guid) line.classList.add("wb-only");
      return { line, count };
    }

    function press(code) {
      choose(code.guid);
      desk.pressed(code);
    }

    function choose(guid) {
      chosen = guid;
      for (const one of list.querySelectorAll("[data-code]"))
        one.toggleAttribute("aria-current", one.dataset.code === guid);
      const current = list.querySelector("[aria-current]");
      current?.setAttribute("aria-current", "true");
      keepInSight();
      define(guid);
    }

    /** Scroll the list, and nothing else, to the row that is chosen, once all that changes now has changed. */
    const keepInSight = () => queueMicrotask(() => scrollTo(list.querySelector("[aria-current]")));
    function scrollTo(row) {
      if (!row) return;
      const [box, of] = [list, row].map((one) => one.getBoundingClientRect());
      if (of.top < box.top) list.scrollTop -= box.top - of.top;
      if (of.bottom > box.bottom) list.scrollTop += of.bottom - box.bottom;
    }

    function define(guid) {
      const work = desk.work();
      const code = work.codes.find((one) => one.guid === guid);
      if (code && code === told && definition.dataset.only === desk.only()) return;
      told = code ?? null;
      definition.hidden = !code;
      if (!code) return;
      definition.dataset.only = desk.only();
      const only = desk.only() === guid;
      definition.replaceChildren(
        element("h3", {}, wb.swatch(code), wb.works.path(work, code)),
        element(
          "p",
          { class: "wb-links" },
          wb.buttonBesideText("Edit", () => desk.edit(code), { class: "wb-link", "aria-label": `Edit ${code.name}` }),
          wb.buttonBesideText(
            only ? "Show all codes" : "Show only this code",
            () => (desk.showOnly(only ? "" : guid), refresh()),
            { class: "wb-link", "aria-pressed": String(only) },
          ),
          wb.buttonBesideText("All its passages", () => desk.segments(code), {
            class: "wb-link",
            "aria-label": `All its passages: ${code.name}`,
          }),
        ),
        ...wb.meaningOf(code),
      );
    }

    filter.addEventListener("input", refresh);
    filter.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      list.querySelector("button")?.focus();
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const buttons = [...list.querySelectorAll("button")];
      (buttons[buttons.indexOf(document.activeElement) + step] ?? (step < 0 ? filter : null))?.focus();
    });
    host.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || filter.value || host.closest("dialog")) return; // it empties the field, or closes
      event.preventDefault();
      desk.back();
    });
    list.addEventListener("pointerleave", () => chosen && define(chosen));
    return {
      host,
      refresh,
      choose,
      focus: () => (filter.hidden ? (list.querySelector("button") ?? more) : filter).focus(),
    };
  };

  /**
   * Return the list of the codings at the place, {host, show, focus}. `desk` says what can be done: `work()`, `text()`,
   * `memo(coding, memo)`, `recode(coding)`, `extend(coding)`, `take(coding)`, `back()` to the text.
   */
  wb.codingsHere = (desk) => {
    const heading = element("h2", {}, "Here");
    const place = element("p", { class: "wb-quiet wb-place" });
    const list = element("ul", { class: "wb-here-list" });
    const host = element("section", { class: "wb-here", "aria-label": "Codings here" }, heading, place, list);
    let shown = "";
    let items = new Map(); // GUID of a coding → its line, and what that shows

    /** Show the codings at a place; fields that are written in stay as they are. */
    function show(at, codings) {
      const wide = Boolean(at) && at.end > at.start;
      const key = JSON.stringify([
        desk.text().guid,
        codings.slice(0, MOST_HERE),
        codings.length,
        wide,
        at ? [at.start, at.end] : 0,
        desk.work().codes.length,
      ]);
      if (key === shown || (list.contains(document.activeElement) && sameCodings(codings))) return;
      shown = key;
      heading.textContent = codings.length ? `Here: ${wb.number(codings.length, "coding")}` : "Here";
      place.textContent = !at
        ? "Select words in the text."
        : wide
          ? `“${wb.quoted(desk.text(), at, 90)}”`
          : codings.length
            ? ""
            : "Nothing is coded at the caret.";
      place.hidden = !place.textContent;
      items = new Map(codings.slice(0, MOST_HERE).map((coding) => [coding.guid, lineOf(coding, wide && at)]));
      list.replaceChildren(...[...items.values()].map(({ line }) => line));
      if (codings.length > MOST_HERE)
        list.append(
          element(
            "li",
            { class: "wb-quiet" },
            `and ${codings.length - MOST_HERE} more: select fewer words to see them`,
          ),
        );
    }

    const sameCodings = (codings) =>
      [...list.querySelectorAll("[data-coding]")].map((one) => one.dataset.coding).join() ===
      codings
        .slice(0, MOST_HERE)
        .map((one) => one.guid)
        .join();

    /** Return the line of a coding, {line, coding, key}: the one that is there, where it would be the same. */
    function lineOf(coding, selected) {
      const work = desk.work();
      const code = work.codes.find((one) => one.guid === coding.code);
      const path = wb.works.path(work, code);
      const key = [path, code.colour, selected ? [selected.start, selected.end] : ""].join();
      const there = items.get(coding.guid);
      if (there?.coding === coding && there.key === key) return there;
      return { line: item(coding, code, path, selected), coding, key };
    }

    function item(coding, code, path, selected) {
      const quote = wb.quoted(desk.text(), coding, 70);
      const of = `${path}, “${wb.quoted(desk.text(), coding, 40)}”`;
      const memo = wb.field({
        label: "Memo",
        rows: 1,
        value: coding.memo,
        "aria-label": `Memo of ${of}`,
        placeholder: "Why this code?",
        change: (value) => desk.memo(coding, value),
      });
      wb.inputOf(memo).addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        desk.back();
      });
      const moves = selected && (selected.start !== coding.start || selected.end !== coding.end);
      const press = (text, action, heard) =>
        wb.buttonBesideText(text, () => action(coding), { class: "wb-link", "aria-label": `${heard ?? text}: ${of}` });
      return element(
        "li",
        { "data-coding": coding.guid },
        element("p", { class: "wb-given" }, wb.swatch(code), element("strong", {}, path)),
        ...(selected && !moves ? [] : [element("p", { class: "wb-quiet" }, `“${quote}”`)]),
        memo,
        element(
          "p",
          { class: "wb-links" },
          press("Change code", desk.recode),
          ...(moves ? [press("Move its ends to the selection", desk.extend)] : []),
          press("Remove", desk.take),
        ),
      );
    }

    return {
      host,
      show,
      focus: () => (list.querySelector("textarea") ?? wb.focusOn(heading))?.focus?.(),
    };
  };
}
