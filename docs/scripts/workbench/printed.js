"use strict";
/** The codebook and the coded text as they are printed: codes in words, so that paper without colours says it all. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const printed = (wb.printed = {});
  const UNDERNEATH = [
    ["definition", "Definition"],
    ["include", "Include"],
    ["exclude", "Exclude"],
    ["example", "Example"],
    ["memo", "Memo"],
  ];

  /** Return the codebook of a work. */
  printed.codebook = (work) => {
    const { codebook, coder } = work;
    const rows = wb.works.tree(work);
    return element(
      "article",
      {},
      element("h1", {}, codebook.name || `Codebook of ${work.name || coder.name}`),
      element("p", {}, `Version ${codebook.version}, ${wb.number(rows.length, "code")}. Coder: ${coder.name}.`),
      ...notices(work),
      ...rows.map(({ code, own }) => section(work, code, own)),
      ...history(codebook),
    );
  };

  function section(work, code, own) {
    const said = UNDERNEATH.filter(([name]) => code[name]);
    return element(
      "section",
      code.parent ? { class: "wb-below" } : {},
      element("h2", {}, wb.works.path(work, code), element("small", {}, ` ${wb.number(own, "coding")}`)),
      element("dl", {}, ...said.flatMap(([name, label]) => [element("dt", {}, label), element("dd", {}, code[name])])),
    );
  }

  function history({ changes }) {
    if (!changes.length) return [];
    return [
      element("h2", {}, "Versions"),
      element(
        "ol",
        {},
        ...changes.map((one) =>
          element(
            "li",
            { value: one.version },
            `${one.time.slice(0, 10)}: ${one.what}${one.why ? ` Why: ${one.why}` : ""}`,
          ),
        ),
      ),
    ];
  }

  const notices = (work) =>
    [...new Set(work.texts.map((text) => text.notice).filter(Boolean))].map((notice) =>
      element("p", { class: "wb-printed-notice" }, notice),
    );

  /** Return a text with its codings: each has a number where it begins and ends, and its code beside the paragraph. */
  printed.text = (work, text) => {
    const codings = work.codings
      .filter((one) => one.text === text.guid)
      .sort((one, other) => one.start - other.start || other.end - one.end);
    const numbered = codings.map((coding, n) => ({ ...coding, number: n + 1 }));
    const { paragraphs } = wb.pieces(text.content, text.language);
    const scale = wb.positions(text.content);
    return element(
      "article",
      { class: "wb-printed-text", lang: text.language },
      element("h1", {}, text.name),
      element(
        "p",
        {},
        `Coder: ${work.coder.name}. ${wb.number(codings.length, "coding")}. [1 and 1] are where the first coding begins and ends.`,
      ),
      ...(text.notice ? [element("p", { class: "wb-printed-notice" }, text.notice)] : []),
      ...(work.memo ? [element("p", {}, element("strong", {}, "Memo: "), work.memo)] : []),
      ...paragraphs
        .filter(({ start, end }) => end > start)
        .map((paragraph) => beside(work, text, paragraph, numbered, scale)),
    );
  };

  function beside(work, text, paragraph, codings, scale) {
    const begun = codings.filter((one) => paragraph.start <= one.start && one.start < paragraph.end);
    return element(
      "div",
      { class: "wb-printed-row" },
      element("p", {}, ...marked(text, paragraph, codings, scale)),
      element(
        "ol",
        {},
        ...begun.map((one) =>
          element(
            "li",
            { value: one.number },
            wb.works.path(work, one.code),
            ...(one.memo ? [element("small", {}, ` ${one.memo}`)] : []),
          ),
        ),
      ),
    );
  }

  /** Return the words of a paragraph with the numbers of codings where they begin and end. */
  function marked(text, { start, end }, codings, scale) {
    const signs = codings.flatMap((one) => [
      { place: one.start, sign: `[${one.number} `, order: 1 },
      { place: one.end, sign: ` ${one.number}]`, order: 0 },
    ]);
    const here = signs.filter(({ place, order }) =>
      order ? start <= place && place < end : start < place && place <= end,
    );
    here.sort((one, other) => one.place - other.place || one.order - other.order);
    const parts = [];
    let from = start;
    for (const { place, sign } of here) {
      parts.push(text.content.slice(scale.toUnits(from), scale.toUnits(place)), element("b", {}, sign));
      from = place;
    }
    return [...parts, text.content.slice(scale.toUnits(from), scale.toUnits(end))];
  }

  /** Print what was made, and nothing else of the page. */
  printed.print = (made) => {
    printed.prepare(made);
    print();
  };

  /** Put what was made on the page, for paper only, until it was printed. */
  printed.prepare = (made) => {
    document.getElementById("wb-printed").replaceChildren(made);
    document.body.classList.add("wb-printing");
    addEventListener("afterprint", clear, { once: true });
  };

  function clear() {
    document.body.classList.remove("wb-printing");
    document.getElementById("wb-printed").replaceChildren();
  }
}
