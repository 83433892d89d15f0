"use strict";
/** Codes in REFI-QDA: a codebook by itself (`.qdc`), and the codes of a project. What a code says is one text there. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { tag, texted, documentOf, rootOf, oursOf, children, child, wordsIn, get, guidFrom } = wb.refiXml;
  const NAMESPACE = "urn:QDA-XML:codebook:1.0";
  const ORIGIN = "Power in co-production, coding workbench";
  // In this order, `analysis.exchange.annotations` finds the rules and takes the example for a part of the definition.
  const LABELS = { example: "Example", include: "Include", exclude: "Exclude", memo: "Memo" };
  const RULES = ["example", "include", "exclude"]; // of a code in a project, where its memo is a note
  const FIELDS = new Map(Object.entries(LABELS).map(([field, label]) => [label, field]));
  const LABEL = new RegExp(`^(${Object.values(LABELS).join("|")}): `);
  const LIKE_A_LABEL = new RegExp(`^(?= *(?:${Object.values(LABELS).join("|")}): )`, "gm");
  const SET_IN = new RegExp(`^ (?= *(?:${Object.values(LABELS).join("|")}): )`);

  // --- what a code says, as one text

  /**
   * Return definition, example and rules as one text. A line in them that begins like a label is set in by a blank, so
   * that `partsOf` takes apart exactly what was put together.
   */
  function described(code, fields) {
    const setIn = (text) => text.replace(LIKE_A_LABEL, " ");
    const labelled = fields.filter((field) => code[field]).map((field) => `${LABELS[field]}: ${setIn(code[field])}`);
    return [...(code.definition ? [setIn(code.definition)] : []), ...labelled].join("\n");
  }

  /** Return what `described` was given. Text before the first label is the definition. */
  function partsOf(description) {
    const lines = { definition: [], example: [], include: [], exclude: [], memo: [] };
    let field = "definition";
    for (const line of description ? description.split("\n") : []) {
      const label = LABEL.exec(line);
      if (label) field = FIELDS.get(label[1]);
      lines[field].push(line.slice(label?.[0].length ?? 0).replace(SET_IN, ""));
    }
    return Object.fromEntries(Object.entries(lines).map(([name, found]) => [name, found.join("\n")]));
  }

  // --- codes as elements

  /** Return codes as elements, those below a code within it; `more` gives what else is in the element of a code. */
  function codesOut(codes, more, fields = RULES) {
    const below = (parent) =>
      codes
        .filter((code) => code.parent === parent)
        .map((code) =>
          tag(
            "Code",
            { guid: code.guid, name: code.name, isCodable: "true", color: code.colour },
            texted("Description", described(code, fields)),
            more(code),
            below(code.guid),
          ),
        );
    return below("").join("\n");
  }

  /**
   * Return the codes in an element, and `notes` on what had to change: a codebook has two levels here, so codes further
   * down keep the rest of their path in their name. `memoOf` gives the memo that an element refers to.
   */
  function codesIn(element, memoOf = () => "") {
    const codes = [];
    const deep = [];
    const walk = (above, parent, path) => {
      for (const one of children(above, "Code")) {
        const name = [...path, get(one, "name").trim() || "Unnamed"];
        if (path.length) deep.push(name.join(" / "));
        const guid = guidFrom(get(one, "guid")) || wb.guidOf("code", parent, ...name);
        codes.push(codeFrom(one, guid, parent, nameIn(codes, parent, name.join(" / ")), memoOf(one), codes));
        walk(one, parent || guid, parent ? name : []);
      }
    };
    walk(element, "", []);
    const flat = `A codebook has two levels here: ${compendium.counted(deep.length, "code")} of deeper levels`;
    const kept = `${deep.length === 1 ? "keeps" : "keep"} the rest of the path in the name, for example “${deep[0]}”.`;
    return { codes, notes: deep.length ? [`${flat} ${kept}`] : [] };
  }

  function codeFrom(element, guid, parent, name, memo, codes) {
    const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i;
    const colour = get(element, "color").trim().replace(short, "#$1$1$2$2$3$3").toLowerCase();
    const { memo: within, ...said } = partsOf(wordsIn(element, "Description"));
    const shown = /^#[0-9a-f]{6}$/.test(colour) ? colour : wb.works.nextColour({ codes });
    return { guid, parent, name, colour: shown, ...said, memo: [within, memo].filter(Boolean).join("\n") };
  }

  /** Return a name that no other code has at its place; a sign that stands between levels becomes another. */
  function nameIn(codes, parent, name) {
    const clean = name
      .normalize("NFC")
      .trim()
      .replace(/\s+/g, " ")
      .replace(/(^| )>(?= |$)/g, "$1›");
    const taken = namesOf(codes);
    let [free, number] = [clean, 2];
    while (taken.has(nameKey(free, parent))) free = `${clean} (${number++})`;
    return free;
  }

  const nameKey = (name, parent) => `${parent} ${name.normalize("NFC").trim().toLowerCase()}`;
  const namesKnown = new WeakMap(); // of lists of codes, which only grow

  /** Return the names that codes have at their places. */
  function namesOf(codes) {
    const known = namesKnown.get(codes) ?? { count: 0, names: new Set() };
    namesKnown.set(codes, known);
    for (const { name, parent } of codes.slice(known.count)) known.names.add(nameKey(name, parent));
    known.count = codes.length;
    return known.names;
  }

  // --- the codebook by itself

  /** Return the codebook of a work as a `.qdc`. */
  function codebook(work) {
    if (!work.codes.length)
      throw new Error("There is no code yet, so there is no codebook to save. Make a code first.");
    const codes = codesOut(work.codes, () => "", [...RULES, "memo"]);
    const inside = `\n${tag("Codes", {}, `\n${codes}\n`)}\n`;
    const root = tag("CodeBook", { xmlns: NAMESPACE, origin: ORIGIN }, inside);
    return documentOf(root, { codebook: work.codebook, codes: work.codes.map(({ guid }) => guid) });
  }

  /** Return `codebook`, `codes` and `notes` of a `.qdc` (text or bytes); throw an Error for the reader. */
  function readCodebook(document) {
    const root = rootOf(document, "CodeBook");
    const { codes, notes } = codesIn(child(root, "Codes"));
    if (!codes.length) throw new Error("There is no code in this codebook.");
    const ours = oursOf(root);
    const isKnown = Boolean(ours?.codebook) && Array.isArray(ours.codes) && !faultOf(ours.codebook, codes);
    const fault = isKnown ? "" : faultOf(newCodebook(codes), codes);
    if (fault) throw new Error(fault);
    const sets = children(child(root, "Sets"), "Set").length;
    if (sets) notes.push(`Not read: ${compendium.counted(sets, "set")} of codes.`);
    return {
      codebook: isKnown ? ours.codebook : newCodebook(codes),
      codes: isKnown ? inOrder(codes, ours.codes) : codes,
      notes,
    };
  }

  const faultOf = (kept, codes) => wb.works.fault?.({ format: "codebook", version: 1, codebook: kept, codes }) ?? "";

  /** Return the codebook of codes that come from elsewhere: the same codes are the same codebook. */
  const newCodebook = (codes, name = "") => ({
    guid: wb.guidOf("codebook", ...codes.map(({ guid }) => guid)),
    name,
    version: 1,
    changes: [],
  });

  /** Return things with a GUID in a given order of GUIDs, others after them. */
  function inOrder(things, guids) {
    const places = new Map(guids.map((guid, place) => [guid, place]));
    const placeOf = ({ guid }) => places.get(guid) ?? guids.length;
    return [...things].sort((one, other) => placeOf(one) - placeOf(other));
  }

  wb.refi = { ...wb.refi, codebook, readCodebook, described: (code) => described(code, RULES) };
  wb.refiCodes = { ORIGIN, codesOut, codesIn, nameIn, newCodebook };
}
