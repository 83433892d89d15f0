"use strict";
/** Passages on which coders differ, each with its text, who gave what and why, and the rules of the codes; on paper, a table. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element, table } = compendium;
  const MORE = 20; // passages that are shown at once
  const AROUND = 160; // characters of the text before and after a passage
  const FEW = 3; // coders whose answers are shown beside each other; of more, how they split
  const RULES = [
    ["definition", "Definition"],
    ["include", "Include"],
    ["exclude", "Exclude"],
  ];

  /** Return names as a list in words. */
  const listed = (names) =>
    names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "nobody");
  const single = (words) => words.replace(/\n+/g, "\n");

  /** Return the name of a code with its colour and the other names that coders have for it. */
  function nameOfCode(code) {
    const others =
      code.names.length > 1
        ? [element("span", { class: "wbc-quiet" }, ` (also ${code.names.slice(1).join(", ")})`)]
        : [];
    return element("span", { class: "wbc-name" }, wb.swatch(code), code.name, ...others);
  }

  /** Return the wordings of a field of a code, each once, with the names of those who have it. */
  function wordings(code, field, works) {
    const found = new Map();
    code.versions.forEach((version, who) => {
      if (!version) return;
      const text = (version[field] ?? "").trim();
      found.set(text, [...(found.get(text) ?? []), works[who].coder.name]);
    });
    return [...found].map(([text, who]) => ({ text, who }));
  }

  /** Return the rules for a code in all codebooks. */
  function rulesOf(code, works) {
    const lines = RULES.flatMap(([field, label]) => {
      const all = wordings(code, field, works);
      return all
        .filter(({ text }) => text || all.length > 1)
        .map(({ who, text }) =>
          element(
            "p",
            {},
            element("strong", {}, all.length > 1 ? `${label} (${listed(who)}): ` : `${label}: `),
            text || "nothing",
          ),
        );
    });
    const none = element("p", {}, "No codebook says what this code means.");
    return element(
      "details",
      { class: "wbc-fold wbc-rules" },
      element("summary", {}, lines.length ? "Rules" : "No rules yet"),
      ...(lines.length ? lines : [none]),
    );
  }

  /** Return the words of a text at a place. */
  function wordsAt({ text, start, end }) {
    const { toUnits } = wb.positions(text.content);
    return text.content.slice(toUnits(start), toUnits(end));
  }

  /** Return what the text says at a passage, with some of what is around it. */
  function quote({ text, start, end }) {
    const { toUnits } = wb.positions(text.content);
    const [first, last] = [toUnits(start), toUnits(end)];
    const { content } = text;
    const before =
      first > AROUND ? `… ${content.slice(first - AROUND, first).replace(/^\S*\s/, "")}` : content.slice(0, first);
    const rest = content.slice(last, last + AROUND);
    const after = last + AROUND < content.length ? `${rest.replace(/\s\S*$/, "")} …` : rest.trimEnd();
    return element(
      "blockquote",
      { class: "wbc-quote" },
      element("span", {}, single(before)),
      element("mark", {}, single(content.slice(first, last))),
      element("span", {}, single(after)),
    );
  }

  /**
   * Build the part of the comparison that shows passages. `view` is what its parts share: `found()`, `chosen`, `choose`, `unit()`,
   * `session`, `say`, `openPlace`, and the part with `decisions`.
   */
  wb.passagesView = (view) => {
    const host = element("section", { class: "wbc-passages" });
    const paper = element("div", { class: "wbc-paper" });
    let ordered = [];
    let shown = MORE;

    const now = () => view.found().now;
    const codeOf = (key) => now().matched.list.find((code) => code.key === key);
    const nameOf = (key) => codeOf(key).name;
    const nameOfCoder = (who) => now().works[who].coder.name;

    function labelOf({ from, to, text }) {
      const unit = view.unit();
      const label = from === to ? `${unit} ${from + 1}` : `${unit}s ${from + 1} to ${to + 1}`;
      return `${label[0].toUpperCase()}${label.slice(1)}${now().parts.length > 1 ? ` of ${text.name}` : ""}`;
    }

    /** Return the codings with which a coder gave a code in a passage. */
    function codingsOf(passage, who, key) {
      const { works, matched } = now();
      const inside = wb.comparing.codingsIn(works[who], passage.text, passage, passage.units);
      return inside.filter((coding) => matched.keys[who].get(coding.code) === key);
    }

    /** Return the memos with which coders gave a code in a passage, each with its coder. */
    function reasons(passage, key) {
      return (passage.given.get(key) ?? []).flatMap((who) => memosOf(passage, who, key).map((memo) => ({ who, memo })));
    }

    const memosOf = (passage, who, key) => [...new Set(codingsOf(passage, who, key).map(({ memo }) => memo.trim()).filter(Boolean))]; // prettier-ignore

    // --- a list of passages

    function show({ again = false } = {}) {
      if (!again) shown = MORE;
      const { works, passages, matched } = now();
      const differing = passages.filter(({ disputed }) => disputed.length);
      const wanted = matched.list.some(({ key }) => key === view.chosen.code) ? view.chosen.code : "";
      const kept = differing.filter(({ disputed }) => !wanted || disputed.includes(wanted));
      ordered = works.length > 2 ? [...kept].sort((one, other) => other.divided - one.divided) : kept;
      const said = ordered.length
        ? `Neighbouring ${view.unit()}s with the same codes from the same coders are one passage.${works.length > 2 ? " The most divided come first." : ""}`
        : "Nobody gave a code that another who read the passage did not give.";
      const list = element("div", { class: "wbc-list" }, ...ordered.slice(0, shown).map(card));
      host.replaceChildren(
        element(
          "h2",
          {},
          ordered.length ? `${wb.number(ordered.length, "passage")} to discuss` : "No passage to discuss",
        ),
        element("p", {}, said),
        element(
          "div",
          { class: "wbc-row" },
          ...(differing.length ? [filter(differing, wanted)] : []),
          ...(ordered.length ? [wb.button("Show on the projector", project)] : []),
        ),
        list,
        moreButton(list),
      );
    }

    function filter(differing, wanted) {
      const times = (key) => differing.filter(({ disputed }) => disputed.includes(key)).length;
      const codes = now()
        .matched.list.map(({ key, name }) => [key, `${name} (${times(key)})`])
        .filter(([key]) => times(key));
      const options = [["", `All codes (${differing.length})`], ...codes];
      return view.select({
        id: "wbc-filter",
        label: "Only where coders differ on",
        options,
        value: wanted,
        change: (code) => view.choose({ code }),
      });
    }

    function moreButton(list) {
      const label = () => `Show ${Math.min(MORE, ordered.length - shown)} more (${ordered.length - shown} left)`;
      const more = () => {
        const first = list.children.length;
        shown += MORE;
        list.append(...ordered.slice(first, shown).map(card));
        button.hidden = shown >= ordered.length;
        button.textContent = label();
        wb.focusOn(list.children[first].querySelector("h3"));
      };
      const button = wb.button(label(), more);
      button.hidden = shown >= ordered.length;
      return button;
    }

    function project() {
      const { works, matched } = now();
      wb.classView.projector({
        host: host.parentElement,
        passages: ordered.map((one) => ({ ...one, label: labelOf(one) })),
        codes: new Map(matched.list.map((code) => [code.key, code])),
        letters: wb.comparing.letters(works),
        count: works.length,
        reasons,
        quote,
      });
    }

    // --- a passage

    function card(passage) {
      const label = labelOf(passage);
      const first = (key) => !passage.disputed.includes(key);
      const keys = [...passage.given.keys()].sort((one, other) => first(one) - first(other) || nameOf(one).localeCompare(nameOf(other), "en")); // prettier-ignore
      const own = view.session?.now.texts.find(({ sha256 }) => sha256 === passage.text.sha256);
      const open = () => view.openPlace(own.guid, { start: passage.start, end: passage.end });
      const buttons = own ? [wb.button("Show in the text", open, { "aria-label": `Show ${label} in the text` })] : [];
      const answers = now().works.length > FEW ? splits : sideBySide;
      return element(
        "article",
        { class: "wbc-passage" },
        element("div", { class: "wbc-head" }, element("h3", {}, label), ...buttons),
        quote(passage),
        element("ul", { class: "wbc-answers" }, ...keys.map((key) => answers(passage, key))),
        view.decisions.form(passage, label),
      );
    }

    /** Return a code with the answer and the memos of each coder: for two or three coders. */
    function sideBySide(passage, key) {
      const answers = now().works.map((work, who) =>
        element("div", {}, element("dt", {}, work.coder.name), element("dd", {}, ...answer(passage, who, key))),
      );
      return element(
        "li",
        { class: "wbc-answer" },
        element("div", {}, nameOfCode(codeOf(key)), rulesOf(codeOf(key), now().works)),
        element("dl", {}, ...answers),
      );
    }

    function answer(passage, who, key) {
      if (!passage.read.includes(who)) return [element("span", { class: "wbc-unread-word" }, "not read")];
      if (!passage.given.get(key).includes(who)) return [element("span", { class: "wbc-no" }, "– did not give it")];
      return [
        element("span", { class: "wbc-yes" }, "✓ gave it"),
        ...memosOf(passage, who, key).map((memo) => element("p", { class: "wbc-memo" }, memo)),
      ];
    }

    /** Return a code with how coders split over it: for a class. */
    function splits(passage, key) {
      const gave = passage.given.get(key);
      const not = passage.read.filter((who) => !gave.includes(who));
      const names = (coders) => listed(coders.map(nameOfCoder));
      const bar = wb.classView.splitBar(gave.length, passage.read.length, now().works.length);
      const memos = reasons(passage, key).map(({ who, memo }) => element("li", {}, `${nameOfCoder(who)}: ${memo}`));
      return element(
        "li",
        {},
        element("div", { class: "wbc-head" }, nameOfCode(codeOf(key)), bar),
        element("details", { class: "wbc-fold" }, element("summary", {}, "Who, and why"), element("p", {}, `Gave it: ${names(gave)}. Did not: ${names(not)}.`), ...(memos.length ? [element("ul", {}, ...memos)] : [])),
        rulesOf(codeOf(key), now().works),
      ); // prettier-ignore
    }

    // --- on paper

    function toPaper() {
      const rows = ordered.flatMap((passage) => passage.disputed.map((key, at) => paperRow(passage, key, at)));
      paper.replaceChildren(
        ...(rows.length
          ? [table("Passages to discuss", ["Passage", "Code", "Gave it", "Did not", "Decided"], rows)]
          : []),
      );
    }

    function paperRow(passage, key, at) {
      const gave = passage.given.get(key);
      const not = passage.read.filter((who) => !gave.includes(who));
      const withMemo = (who) => {
        const memos = memosOf(passage, who, key).join("; ");
        return memos ? `${nameOfCoder(who)} (${memos})` : nameOfCoder(who);
      };
      return [
        at ? "" : `${labelOf(passage)}: ${wordsAt(passage)}`,
        nameOf(key),
        gave.map(withMemo).join(", "),
        not.map(nameOfCoder).join(", "),
        at ? "" : view.decisions.said(passage),
      ];
    }

    addEventListener("beforeprint", () => host.isConnected && toPaper());
    addEventListener("afterprint", () => paper.replaceChildren());

    return { host, paper, show };
  };

  wb.passages = { listed, nameOfCode, wordings, wordsAt };
}
