"use strict";
/** Find in the text: as one types, without regard to case, accents, kinds of quotes and of blanks. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const MOST = 50_000; // hits, of a letter in a long text
  const SAID = 700; // milliseconds after the last letter typed
  const ALIKE = new Map(
    [..."’‘‚‛ʼ"]
      .map((one) => [one, "'"])
      .concat(
        [..."“”„‟«»"].map((one) => [one, '"']),
        [..."‐‑–—−"].map((one) => [one, "-"]),
      ),
  );

  /** Return a text as it is searched, and for each of its UTF-16 units the code point of the content that it came from. */
  wb.folded = (content, isExact = false) => {
    const points = [];
    let text = "";
    let at = 0;
    let isBlank = false;
    for (const character of content) {
      const folded = foldedCharacter(character, isExact);
      const isMore = folded === " " && isBlank; // blanks in a row count as one
      isBlank = folded === " ";
      if (!isMore) {
        text += folded;
        for (let unit = 0; unit < folded.length; unit++) points.push(at);
      }
      at += 1;
    }
    points.push(at);
    return { text, points };
  };

  function foldedCharacter(character, isExact) {
    if (character > " " && character < "\x7f") return isExact ? character : character.toLowerCase();
    if (/\s/.test(character)) return " ";
    const alike = ALIKE.get(character) ?? character;
    return isExact ? alike : bare(alike);
  }

  const bare = (character) =>
    character
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .normalize("NFC");

  /** Return where a phrase occurs in a folded text, as places in code points. */
  wb.hitsOf = ({ text, points }, phrase, isExact = false) => {
    const sought = wb.folded(phrase.trim(), isExact).text;
    const hits = [];
    if (!sought) return hits;
    for (let at = text.indexOf(sought); at >= 0 && hits.length < MOST; at = text.indexOf(sought, at + sought.length))
      hits.push({ start: points[at], end: points[at + sought.length - 1] + 1 });
    return hits;
  };

  /**
   * Put a field to find passages into `host`.
   *
   * Enter and Shift+Enter, F3 and Shift+F3 go from hit to hit. A hit that was gone to is what is selected in the text when the
   * focus goes there, by Escape as well. Escape before any returns to the place where the search began; in the text, it takes
   * the marks of the hits away.
   */
  wb.searchBar = ({ host, view, content, say = () => {} }) => {
    const id = `transcript-search-${Math.random().toString(36).slice(2)}`;
    const field = element("input", {
      type: "search",
      id,
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "search",
    });
    const count = element("span", { class: "transcript-count" });
    const button = (text, label, by) => {
      const made = element("button", { type: "button", "aria-label": label, title: label, disabled: "" }, text);
      made.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays where it is
      made.addEventListener("click", () => next(by));
      return made;
    };
    const buttons = [button("↑", "Hit before (Shift+Enter)", -1), button("↓", "Next hit (Enter)", 1)];
    const exact = element("input", { type: "checkbox", id: `${id}-exact` });
    const form = element(
      "div",
      { class: "transcript-search", role: "search", "aria-label": "In this text" },
      element("label", { for: id }, "Find in the text"),
      field,
      count,
      ...buttons,
      element("label", { for: exact.id, class: "transcript-exact" }, exact, " Case and accents count"),
    );
    const folds = new Map(); // by whether case and accents count
    let hits = [];
    let current = -1;
    let before = { start: 0, end: 0 }; // the place where the search began
    let saying = 0;

    const foldOf = (isExact) => folds.get(isExact) ?? folds.set(isExact, wb.folded(content, isExact)).get(isExact);
    function find() {
      hits = field.value.trim() ? wb.hitsOf(foldOf(exact.checked), field.value, exact.checked) : [];
      current = hits.findIndex(({ start }) => start >= before.start);
      if (current < 0) current = hits.length ? 0 : -1;
      show();
      clearTimeout(saying);
      saying = setTimeout(
        () => field.value.trim() && say(`${told()}${hits.length ? `: ${around(hits[current])}` : ""}`),
        SAID,
      );
    }
    const told = () => {
      if (!hits.length) return "Not found";
      return `${current + 1} of ${hits.length}${hits.length === MOST ? " and more" : ""}`;
    };
    const around = ({ start, end }) => {
      const sentence = view.piece("sentences", start);
      return wb.shortened(view.text(sentence && sentence.end >= end ? sentence : { start, end }), 200);
    };
    function show() {
      count.textContent = field.value.trim() ? told() : "";
      for (const one of buttons) one.disabled = !hits.length;
      view.find(hits, current);
    }
    /** Go `by` hits further; the hit is then selected, so that it can be coded. */
    function next(by = 1) {
      if (!hits.length) return void (field.value.trim() ? say("Not found") : open());
      current = (current + by + hits.length) % hits.length;
      go();
    }
    function go() {
      const isInText = document.activeElement === view.host;
      show();
      view.select(wb.whole(content, hits[current]), { focus: isInText, scroll: false });
      clearTimeout(saying);
      say(`${told()}: ${around(hits[current])}`);
    }
    function clear() {
      clearTimeout(saying);
      field.value = "";
      hits = [];
      current = -1;
      show();
    }
    function open() {
      field.focus();
      field.select();
    }
    let isNew = true; // Enter selects the hit that is shown, and only then the next
    field.addEventListener("focus", () => (before = view.selected() ?? { start: 0, end: 0 }));
    field.addEventListener("input", () => {
      isNew = true;
      find();
    });
    exact.addEventListener("change", find);
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        const hit = isNew ? null : hits[current];
        clear();
        view.select(hit ? wb.whole(content, hit) : before);
      } else if (event.key === "Enter" && isNew && hits.length && !event.shiftKey) go();
      else if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
      else return;
      isNew = event.key === "Escape";
      event.preventDefault();
      event.stopPropagation();
    });
    const onEscape = (event) => event.key === "Escape" && event.target === view.host && hits.length && clear();
    const onF3 = (event) => {
      if (event.key !== "F3" || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!field.value.trim() && document.activeElement !== view.host) return; // the browser's own
      event.preventDefault();
      next(event.shiftKey ? -1 : 1);
    };
    for (const one of [view.host, form]) one.addEventListener("keydown", onF3);
    view.host.addEventListener("keydown", onEscape);
    host.append(form);

    return {
      open,
      destroy() {
        clearTimeout(saying);
        view.host.removeEventListener("keydown", onF3);
        view.host.removeEventListener("keydown", onEscape);
        form.remove();
      },
    };
  };
}
