"use strict";
/** Files of works, codebooks and packets: their text, their name, and whether one that comes from anywhere may be opened. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const VERSION = 1; // of all formats; there is no earlier one
  const LONGEST = 2_000_000; // characters of a text
  const REMEDY = "open an earlier copy, or ask for the file again";

  // --- rules: what a value should be; `fault` says where one is not, and `tidy` keeps only what is known, in one order

  const rule = (wanted, holds, tidy = (value) => value) => ({
    fault: (value, place) => (holds(value) ? "" : damaged(place, wanted, value)),
    tidy,
  });

  function damaged(place, wanted, value) {
    const shown = value === undefined ? "missing" : (JSON.stringify(value) ?? "").slice(0, 40);
    return `The file is damaged, as ${place} should be ${wanted} and is ${shown}: ${REMEDY}.`;
  }

  const matches = (pattern) => (value) => typeof value === "string" && pattern.test(value);
  const lower = (value) => value.toLowerCase();
  const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const guid = rule("a GUID", matches(GUID), lower);
  const guidOrNone = rule("a GUID or empty", (value) => value === "" || matches(GUID)(value), lower);
  const colour = rule("a colour such as #1e88e5", matches(/^#[0-9a-f]{6}$/i), lower);
  const digest = rule("a SHA-256 in hexadecimal", matches(/^[0-9a-f]{64}$/i), lower);
  const language = rule("the code of a language, such as en", matches(/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i));
  const time = rule(
    "a time such as 2026-12-01T11:00:00Z, or empty",
    matches(/^$|^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/),
  );
  const origin = rule("“invented” or “own”", (value) => value === "invented" || value === "own");
  const count = (least, most) =>
    rule(`a number from ${least} to ${most}`, (value) => Number.isInteger(value) && least <= value && value <= most);
  const isText = (most) => (value) => typeof value === "string" && value.length <= most;
  const text = (most) => rule(`a text of at most ${most} characters`, isText(most));
  const name = rule("a name of at most 500 characters", (value) => isText(500)(value) && value.trim() !== "");
  const content = rule(
    `a text of at most ${LONGEST} characters with line feeds only`,
    (value) => isText(LONGEST)(value) && !value.includes("\r") && value.isWellFormed(),
  );
  const [short, long] = [text(500), text(1_000_000)];

  const listOf = (most, each) => ({
    fault(value, place) {
      if (!Array.isArray(value) || value.length > most)
        return damaged(place, `a list of at most ${most} entries`, value);
      return first(value.keys(), (at) => each.fault(value[at], `entry ${at + 1} of ${place}`));
    },
    tidy: (value) => value.map(each.tidy),
  });

  const record = (fields) => ({
    fault(value, place) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return damaged(place, "a record", value);
      const within = (field) => (place === "the file" ? `“${field}”` : `“${field}” of ${place}`);
      return first(Object.keys(fields), (field) => fields[field].fault(own(value, field), within(field)));
    },
    tidy: (value) => Object.fromEntries(Object.keys(fields).map((field) => [field, fields[field].tidy(value[field])])),
  });

  const own = (value, field) => (Object.hasOwn(value, field) ? value[field] : undefined);

  /** Return the first fault of several things, or an empty text. */
  function first(things, faultOf) {
    for (const thing of things) {
      const found = faultOf(thing);
      if (found) return found;
    }
    return "";
  }

  const range = {
    fault: (value, place) =>
      Array.isArray(value) && value.length === 2
        ? first(value, (end) => count(0, LONGEST).fault(end, place))
        : damaged(place, "a start and an end", value),
    tidy: ([start, end]) => [start, end],
  };

  // --- the formats

  const any = rule("", () => true);
  const person = record({ guid, name: short });
  const codebook = record({
    guid,
    name: short,
    version: count(1, 100_000),
    changes: listOf(100_000, record({ version: count(1, 100_000), time, what: long, why: long })),
  });
  const described = { definition: long, include: long, exclude: long, example: long, memo: long };
  const codes = listOf(20_000, record({ guid, parent: guidOrNone, name, colour, ...described }));
  const texts = listOf(
    5_000,
    record({
      ...{ guid, name, language, origin, notice: long, sha256: digest, content, read: listOf(1_000_000, range) },
    }),
  );
  const place = { start: count(0, LONGEST), end: count(0, LONGEST) };
  const codings = listOf(1_000_000, record({ guid, text: guid, ...place, code: guid, memo: long, time }));
  const head = { format: any, version: any };
  const WORK = record({
    ...{
      ...head,
      guid,
      saved: count(0, Number.MAX_SAFE_INTEGER),
      name: short,
      packet: guidOrNone,
      round: count(1, 1_000),
    },
    ...{ coder: person, memo: text(10_000_000), codebook, codes, texts, codings },
  });
  const CODEBOOK = record({ ...head, codebook, codes });
  const PACKET = record({ ...head, guid, name: short, note: long, round: count(1, 1_000), codebook, codes, texts });
  const FORMATS = new Map([
    ["coded-text", WORK],
    ["codebook", CODEBOOK],
    ["coding-packet", PACKET],
  ]);

  // --- faults

  /** Say in a sentence why data is no work, codebook or packet that can be opened, or return an empty text. */
  function fault(data) {
    const isObject = typeof data === "object" && data !== null;
    if (isObject && Object.hasOwn(data, "edition") && Object.hasOwn(data, "facets")) {
      return "This is the stored coding of another page, “Code it yourself”: choose a work, a codebook or a packet of this one.";
    }
    if (!isObject || !FORMATS.has(own(data, "format"))) {
      return "This file was not made by this page: choose a work, a codebook or a packet that was saved here.";
    }
    const version = own(data, "version");
    if (Number.isInteger(version) && version > VERSION) {
      return `This file was made by a later version of this page (format ${version}, here ${VERSION}): reload the page, or open the file where it was made.`;
    }
    if (version !== VERSION) return damaged("“version”", `${VERSION}`, version);
    const format = FORMATS.get(data.format);
    return format.fault(data, "the file") || relations(format.tidy(data));
  }

  const relations = ({ codes, texts = [], codings = [] }) =>
    twice("codes", codes) ||
    twice("texts", texts) ||
    twice("codings", codings) ||
    levels(codes) ||
    first(texts, textFault) ||
    places(codes, texts, codings);

  function twice(what, rows) {
    const seen = new Set();
    const again = rows.findIndex(({ guid: one }) => seen.size === seen.add(one).size);
    return again < 0
      ? ""
      : damaged(`“guid” of entry ${again + 1} of “${what}”`, "different from those before", rows[again].guid);
  }

  function levels(rows) {
    const byGuid = new Map(rows.map((code) => [code.guid, code]));
    const wrong = rows.find(({ parent }) => parent && byGuid.get(parent)?.parent !== "");
    return wrong
      ? damaged(`“parent” of the code “${wrong.name}”`, "a code at the top of the codebook", wrong.parent)
      : "";
  }

  function textFault({ name: called, content: words, sha256, read }) {
    if (compendium.sha256(new TextEncoder().encode(words)) !== sha256) {
      return `The text “${called}” is not the one that was coded, as its SHA-256 differs: ${REMEDY}.`;
    }
    const { points } = wb.positions(words);
    const wrong = read.find(([start, end], at) => start >= end || end > points || start < (read[at - 1]?.[1] ?? 0));
    return wrong ? damaged(`“read” of the text “${called}”`, "ranges of the text in their order", wrong) : "";
  }

  function places(rows, ofTexts, ofCodings) {
    const known = new Set(rows.map(({ guid: one }) => one));
    const lengths = new Map(ofTexts.map((one) => [one.guid, wb.positions(one.content).points]));
    return first(ofCodings.entries(), ([at, { text: of, start, end, code }]) => {
      const where = `entry ${at + 1} of “codings”`;
      if (!known.has(code)) return damaged(`“code” of ${where}`, "a code of the codebook", code);
      if (!lengths.has(of)) return damaged(`“text” of ${where}`, "a text of the work", of);
      if (start >= end || end > lengths.get(of)) return damaged(where, "a place in its text", [start, end]);
      return "";
    });
  }

  // --- reading and writing

  /** Return data without anything that its format does not have; GUIDs in lower case. */
  const tidy = (data) => FORMATS.get(data.format).tidy(data);

  /** Return the JSON of a work: the same work gives the same text. */
  const asText = (work) => `${JSON.stringify(WORK.tidy(work), null, 1)}\n`;

  /** Return the JSON of the codebook of a work. */
  const codebookAsText = (work) =>
    `${JSON.stringify(CODEBOOK.tidy({ format: "codebook", version: VERSION, codebook: work.codebook, codes: work.codes }), null, 1)}\n`;

  const PLAIN = /[^\p{L}\p{N}\p{M}]+/gu;
  const plain = (words) =>
    [...words.normalize("NFC").toLowerCase().replace(PLAIN, "-").replace(/^-/, "")]
      .slice(0, 40)
      .join("")
      .replace(/-$/, "");

  /** Return the name of the file of a work: `<pseudonym>-<name>-round-1.json`. */
  const fileName = ({ coder, name: called, round }) =>
    `${[plain(coder.name) || "coder", plain(called)].filter(Boolean).join("-")}-round-${round}.json`;

  wb.works = { ...wb.works, asText, codebookAsText, fileName, fault, tidy, LONGEST };
}
