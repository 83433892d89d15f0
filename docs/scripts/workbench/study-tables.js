"use strict";
/**
 * Works as the tables of a study, in the shape of `data/`. They are those that `study import` makes of the same works as a
 * project, for which `analysis.exchange.importing` has the rules; a test compares the two.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const RESERVED = ["uncoded", "counters", "context", "all"]; // ids that tables of counts have for margins
  const MANNER =
    /^role: (primary|alternative); stance: (supports|counters|context); basis: (wording|none|lead-in|label)(?:\n|$)/;
  const RULE = /^(Include|Exclude|Boundary): /gm;
  // Columns of tables as the data package describes them; one of a key ends in an exclamation mark.
  const TABLES = {
    sources: "source_id! label kind title published",
    facets: "facet! exclusive:boolean ordered:boolean description name",
    codes: "facet! code_id! level parent_id position:integer name definition include exclude boundary",
    extracts: "extract_id! source_id section form repeats gist",
    fragments: "owner_id! n:integer! words:integer fingerprint cited_as",
    codings: "extract_id! coder_id! facet! code_id! role stance basis rationale",
    coders: "coder_id! kind description name",
  };
  const REFERENCES = {
    codes: [["facet", "facets"]],
    extracts: [["source_id", "sources"]],
    codings: [
      ["extract_id", "extracts"],
      ["coder_id", "coders"],
      ["facet code_id", "codes"],
    ],
  };
  const WORDS = {
    role: ["primary", "alternative"],
    stance: ["supports", "counters", "context"],
    basis: ["wording", "none", "lead-in", "label"],
  };
  const CHOICES = { facets: [], exclusive: [], interviewee: "", record: [] };
  const IGNORED =
    "# The wording of the passages and the project as it was imported: never to be made public.\nprivate/\n";

  /** Return the files of a study, by name, as `study import` writes them. */
  function filesOf(works, { name = "" } = {}) {
    const whole = wb.refi.united(works);
    const [facets, passages] = [facetsOf(whole), passagesOf(works, whole)];
    if (!passages.length)
      throw new Error("Nothing is coded yet, so there are no tables to save. Give some words a code.");
    const made = tablesOf(whole, facets, passages);
    const project = wb.refi.project(works, { name, stored: true });
    const tables = Object.entries(TABLES).map(([table, columns]) => [
      `evidence/${table}.csv`,
      exact([namesOf(columns), ...made[table]]),
    ]);
    return {
      "datapackage.json": asJson(descriptionOf(wb.refi.titleOf(works, name), whole, facets, passages, made, project)),
      ...Object.fromEntries(tables),
      ".gitignore": IGNORED,
      "private/wording.csv": exact([["owner_id", "n", "wording", "cited_as"], ...wordingOf(passages, made)]),
      "private/import.json": asJson(CHOICES),
      "private/project.qdpx": project,
    };
  }

  const asJson = (data) => `${JSON.stringify(data, null, 2)}\n`;

  // Tables for programs: each cell is exactly what it says.
  const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const exact = (rows) => rows.map((cells) => `${cells.map((cell) => quoted(`${cell}`)).join(",")}\n`).join("");

  // --- names as ids

  /** Return a name as an id: letters in lower case, digits and hyphens, beginning with a letter. */
  function slug(name, otherwise = "code") {
    const plain = name.normalize("NFKD").replace(/\p{Mn}/gu, "");
    const isForeign = [...plain].some((sign) => /[^\p{ASCII}]/u.test(sign) && /\p{L}/u.test(sign));
    const kept = (isForeign ? name.normalize("NFKC") : plain).toLowerCase();
    const words = kept.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
    if (!/^\p{L}/u.test(words[0] ?? "")) words.unshift(otherwise);
    return words.join("-");
  }

  /** Return names, with a number added to each that occurred before or is reserved. */
  function distinct(names, reserved = [], gap = "-") {
    const taken = new Set(reserved);
    return names.map((name) => {
      let free = name;
      for (let number = 2; taken.has(free); number += 1) free = `${name}${gap}${number}`;
      taken.add(free);
      return free;
    });
  }

  // --- facets and codes

  /** Return facets: each branch of the code tree, and the codes that are in no branch together. */
  function facetsOf({ codes, given }) {
    const below = (parent) => codes.filter((code) => code.parent === parent);
    const tops = below("");
    const [branches, alone] = [
      tops.filter(({ guid }) => below(guid).length),
      tops.filter(({ guid }) => !below(guid).length),
    ];
    const names = distinct([...branches.map(({ name }) => slug(name, "facet")), "codes"]);
    const facets = branches.map((branch, at) => {
      const own = given.has(branch.guid) ? [...below(branch.guid), branch] : below(branch.guid);
      const asked = wb.refi.described(branch) || `Which of the codes below ${inQuotes(branch.name)} a passage has.`;
      return { facet: names[at], description: asked, name: branch.name, codes: withIds(own) };
    });
    const described = branches.length ? "The codes that are in no branch." : "All codes of the project.";
    const last = names.at(-1);
    if (alone.length) facets.push({ facet: last, description: described, name: last, codes: withIds(alone) });
    return facets;
  }

  function withIds(codes) {
    const ids = distinct(
      codes.map(({ name }) => slug(name)),
      RESERVED,
    );
    return codes.map((code, at) => ({ code, id: ids[at] }));
  }

  /** Return a name in quotation marks as Python writes it. */
  const inQuotes = (name) =>
    name.includes("'") && !name.includes('"') ? `"${name}"` : `'${name.replace(/[\\']/g, "\\$&")}'`;

  /** Return definition, include, exclude and boundary as the importer takes a description apart. */
  function rulesOf(description) {
    const starts = [...description.matchAll(RULE)];
    const found = { Include: "", Exclude: "", Boundary: "" };
    starts.forEach(({ index, 0: head, 1: rule }, at) => {
      found[rule] = description.slice(index + head.length, starts[at + 1]?.index).replace(/\n+$/, "");
    });
    return [description.slice(0, starts[0]?.index).replace(/\n+$/, ""), ...Object.values(found)];
  }

  // --- passages

  /** Return the passages: each place of a text that was coded, with who gave it which code and why, in the order of the text. */
  function passagesOf(works, { users, texts, ofWorks }) {
    const places = new Map(texts.map((text) => [text, new Map()]));
    works.forEach((work, at) => {
      for (const one of work.codings) {
        const of = places.get(ofWorks[at].texts.get(one.text));
        const key = `${one.start} ${one.end}`;
        if (!of.has(key)) of.set(key, { start: one.start, end: one.end, codings: [] });
        of.get(key).codings.push({ user: users[at], code: ofWorks[at].codes.get(one.code), memo: one.memo });
      }
    });
    const found = texts.flatMap((text) =>
      [...places.get(text).values()]
        .sort((one, other) => one.start - other.start || one.end - other.end)
        .map((place) => ({ ...place, text })),
    );
    const width = Math.max(4, `${found.length}`.length);
    return found.map((passage, at) => ({ ...passage, id: `E${`${at + 1}`.padStart(width, "0")}` }));
  }

  const wordsAt = ({ text, start, end }) => {
    const { toUnits } = wb.positions(text.content);
    return text.content.slice(toUnits(start), toUnits(end));
  };

  // --- the tables

  function tablesOf({ users, texts }, facets, passages) {
    const width = Math.max(2, `${texts.length}`.length);
    const labels = distinct(
      texts.map(({ name, guid }) => name || guid),
      [],
      " ",
    );
    const sources = new Map(texts.map((text, at) => [text, `P${`${at + 1}`.padStart(width, "0")}`]));
    const who = new Set(passages.flatMap(({ codings }) => codings.map(({ user }) => user)));
    const coders = users.filter((user) => who.has(user));
    const coderIds = distinct(coders.map(({ name }) => slug(name, "coder")));
    const coderOf = new Map(coders.map((user, at) => [user, coderIds[at]]));
    const codeOf = new Map(facets.flatMap(({ facet, codes }) => codes.map(({ code, id }) => [code, [facet, id]])));
    return {
      sources: texts.map((text, at) => [sources.get(text), labels[at], "interviewee", "", ""]),
      facets: facets.map(({ facet, description, name }) => [facet, "false", "false", description, name]),
      codes: facets.flatMap(({ facet, codes }) =>
        codes.map(({ code, id }, at) => {
          return [facet, id, "level-1", "", at + 1, code.name, ...rulesOf(wb.refi.described(code))];
        }),
      ),
      extracts: passages.map(({ id, text }) => [id, sources.get(text), text.name, "text", "", ""]),
      fragments: [],
      codings: passages.flatMap(({ id, codings }) =>
        codings.map(({ user, code, memo }) => [id, coderOf.get(user), ...codeOf.get(code), ...mannerOf(memo)]),
      ),
      coders: coders.map((user) => {
        const called = `Called ${inQuotes(user.name)} in the project.`;
        return [coderOf.get(user), "unknown", called, user.name || coderOf.get(user)];
      }),
    };
  }

  /** Return how and why a code was given, from a memo; one that does not say how is the reason. */
  function mannerOf(memo) {
    const [head = "", ...how] = MANNER.exec(memo) ?? ["", "primary", "supports", "wording"];
    return [...how, memo.slice(head.length).replace(/^\n+|\n+$/g, "")];
  }

  const wordingOf = (passages, { extracts, sources }) => {
    const labels = new Map(sources.map(([id, label]) => [id, label]));
    return passages
      .map((passage, at) => [passage.id, 1, wordsAt(passage), labels.get(extracts[at][1])])
      .filter(([, , wording]) => wording.trim());
  };

  // --- the description of the package

  function descriptionOf(title, whole, facets, passages, { coders, sources }, project) {
    const isSimulated = whole.texts.every(({ origin }) => origin === "invented");
    const record = coders.map(([id]) => id);
    return {
      $schema: "https://datapackage.org/profiles/2.0/datapackage.json",
      name: isSimulated ? "simulated-study" : "coded-study",
      title,
      study: {
        title,
        interviewees: sources.length,
        ...(isSimulated ? { simulated: true } : {}),
        importedFrom: originOf(whole, passages, project),
        codingOfRecord: Object.fromEntries(facets.map(({ facet }) => [facet, record])),
      },
      resources: Object.entries(TABLES).map(([name, columns]) => resourceOf(name, columns)),
    };
  }

  /** Return where the study comes from: the project that goes with it, and how much of its texts was coded. */
  function originOf({ texts }, passages, project) {
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
    return {
      file: "project.qdpx",
      sha256: compendium.sha256(project),
      format: "REFI-QDA project",
      positions: "code points, as the standard says: so the workbench counts",
      positionsCountedAs: "code-points",
      interviewee: "source",
      words: sum(texts.map(({ content }) => content.split(/\s+/).filter(Boolean).length)),
      characters: sum(texts.map(({ content }) => wb.positions(content).points)),
      charactersInPassages: sum(texts.map((text) => covered(passages.filter((one) => one.text === text)))),
      overlaps: sum(texts.map((text) => overlapping(passages.filter((one) => one.text === text)))),
    };
  }

  /** Return how many characters lie in at least one of some places, which are in order. */
  function covered(places) {
    let [total, reached] = [0, 0];
    for (const { start, end } of places) {
      total += Math.max(0, end - Math.max(start, reached));
      reached = Math.max(reached, end);
    }
    return total;
  }

  /** Count the places that overlap one of other coders, where each has a coder whom the other has not. */
  function overlapping(places) {
    const coders = places.map(({ codings }) => new Set(codings.map(({ user }) => user)));
    const lacks = (one, other) => [...coders[one]].some((user) => !coders[other].has(user));
    const found = new Set();
    places.forEach(({ end }, at) => {
      for (let next = at + 1; next < places.length && places[next].start < end; next += 1) {
        if (lacks(at, next) && lacks(next, at)) found.add(at).add(next);
      }
    });
    return found.size;
  }

  const namesOf = (columns) => columns.split(" ").map((column) => column.replace(/[:!].*$/, ""));

  function resourceOf(name, columns) {
    const keys = namesOf(
      columns
        .split(" ")
        .filter((column) => column.endsWith("!"))
        .join(" "),
    );
    const references = (REFERENCES[name] ?? []).map(([fields, resource]) => ({
      fields: fields.split(" "),
      reference: { resource, fields: fields.split(" ") },
    }));
    return {
      name,
      path: `evidence/${name}.csv`,
      ...{ type: "table", format: "csv", mediatype: "text/csv", encoding: "utf-8" },
      schema: {
        fields: columns.split(" ").map((column) => fieldOf(name, column)),
        primaryKey: keys,
        ...(references.length ? { foreignKeys: references } : {}),
      },
    };
  }

  function fieldOf(table, column) {
    const [name, type = "string"] = column.replace("!", "").split(":");
    const isRequired =
      column.endsWith("!") || type !== "string" || WORDS[name] || (table === "codes" && name === "level");
    const constraints = {
      ...(isRequired ? { required: true } : {}),
      ...(type === "integer" ? { minimum: 1 } : {}),
      ...(WORDS[name] ? { enum: WORDS[name] } : {}),
    };
    return { name, type, ...(isRequired ? { constraints } : {}) };
  }

  wb.studyTables = { filesOf };
}
