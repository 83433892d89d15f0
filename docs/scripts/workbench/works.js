"use strict";
/**
 * A work: one coder, one codebook, one or more texts. No function changes what it is given: each returns another work, which
 * shares the rest with it, or the same one where there is nothing to change. What cannot be done is an Error for the reader.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  // Each stands out from white and from the dark scheme's background at 3:1 or more.
  const COLOURS = [
    "#d81b60", "#1e88e5", "#b07800", "#00897b", "#9c5fc9", "#e0541f", "#5c6bc0", "#5a8f29", "#8d6e63", "#0091a5",
  ]; // prettier-ignore
  const LONGEST_NAME = 500;
  const DESCRIBED = ["definition", "include", "exclude", "example"];

  // --- names that are nobody else's

  const shaped = (hex) => [0, 8, 12, 16, 20].map((at, n, all) => hex.slice(at, all[n + 1] ?? 32)).join("-");

  /** Return a new GUID. `crypto.randomUUID` is missing on pages served without TLS. */
  wb.newGuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return shaped(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  };

  /** Return the GUID that a path of texts always has. */
  wb.guidOf = (...path) => {
    const digest = compendium.sha256(new TextEncoder().encode(path.join("\x1f")));
    return shaped(`${digest.slice(0, 12)}8${digest.slice(13, 16)}a${digest.slice(17, 32)}`);
  };

  /** Return the moment as files have it: seconds, UTC. */
  const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

  /** Return a text to code: every line ends with LF, and every character has a code point of its own. */
  wb.textOf = (name, content, { language = "en", origin = "own", notice = "", guid = wb.newGuid() } = {}) => {
    const plain = content.replace(/\r\n?/g, "\n").toWellFormed();
    const sha256 = compendium.sha256(new TextEncoder().encode(plain));
    return { guid, name: name.slice(0, LONGEST_NAME), language, origin, notice, sha256, content: plain, read: [] };
  };

  /** Return a work at its beginning. `coder` is a pseudonym, or a coder with a GUID. */
  function begin({ coder, texts = [], codes = [], codebook, packet = "", round = 1, name = "" }) {
    return {
      format: "coded-text",
      version: 1,
      guid: wb.newGuid(),
      saved: 0,
      name,
      packet,
      round,
      coder: typeof coder === "string" ? { guid: wb.newGuid(), name: coder } : coder,
      memo: "",
      codebook: codebook ?? { guid: wb.newGuid(), name: "", version: 1, changes: [] },
      codes,
      texts: texts.map((text) => ({ ...text, read: [] })),
      codings: [],
    };
  }

  // --- what is where

  const textOf = (work, guid) => work.texts.find((text) => text.guid === guid);
  const codeOf = (work, code) => (typeof code === "string" ? work.codes.find(({ guid }) => guid === code) : code);
  const childrenOf = (work, guid) => work.codes.filter(({ parent }) => parent === guid);
  // Files of other programs cannot hold control characters and halves of characters.
  const cleanName = (name) =>
    name
      .toWellFormed()
      .normalize("NFC")
      .replace(/[\s\p{Cc}\ufffe\uffff]+/gu, " ")
      .trim();
  const folded = (name) => name.normalize("NFC").trim().toLowerCase();

  /** Return the names of a code and of the code above it: `Parent > Name`. */
  function path(work, code) {
    const found = codeOf(work, code);
    const above = found?.parent && codeOf(work, found.parent);
    return [above?.name, found?.name].filter(Boolean).join(" > ");
  }

  /** Return a path as codes of different codebooks are compared by it. */
  const pathKey = (work, code) => path(work, code).split(" > ").map(folded).join(" > ");

  /** Return the code of a name below a parent, without regard to case. */
  const codeNamed = (work, name, parent = "") =>
    work.codes.find((code) => code.parent === parent && folded(code.name) === folded(name));

  /** Return codes as they are shown, with their depth, and the codings of each, by itself and with the codes below it. */
  function tree(work) {
    const counts = new Map();
    for (const { code } of work.codings) counts.set(code, (counts.get(code) ?? 0) + 1);
    const own = ({ guid }) => counts.get(guid) ?? 0;
    const below = Map.groupBy(work.codes, ({ parent }) => parent);
    return (below.get("") ?? []).flatMap((top) => {
      const children = below.get(top.guid) ?? [];
      const all = [top, ...children].reduce((sum, code) => sum + own(code), 0);
      return [
        { code: top, depth: 0, own: own(top), all },
        ...children.map((code) => ({ code, depth: 1, own: own(code), all: own(code) })),
      ];
    });
  }

  /** Return the codings of a code in the order of texts and places. */
  function codingsOf(work, code) {
    const order = new Map(work.texts.map(({ guid }, at) => [guid, at]));
    const { guid } = codeOf(work, code) ?? {};
    return work.codings
      .filter((one) => one.code === guid)
      .sort(
        (one, other) => order.get(one.text) - order.get(other.text) || one.start - other.start || one.end - other.end,
      );
  }

  /** Return the codings that cover a place, or a part of a range. */
  const at = (work, text, place) => over(work, text, { start: place, end: place + 1 });
  const over = (work, text, { start, end }) =>
    work.codings.filter((one) => one.text === text && one.start < end && start < one.end);

  /** Return the colour that fewest codes have. */
  function nextColour(work) {
    const used = new Map(COLOURS.map((colour) => [colour, 0]));
    for (const { colour } of work.codes) used.set(colour, (used.get(colour) ?? 0) + 1);
    return COLOURS.reduce((least, colour) => (used.get(colour) < used.get(least) ? colour : least));
  }

  // --- texts

  /** Add a text, unless the work has it. */
  function addText(work, text) {
    const same = work.texts.some(({ guid, sha256 }) => guid === text.guid || sha256 === text.sha256);
    return same ? work : { ...work, texts: [...work.texts, { ...text, read: text.read ?? [] }] };
  }

  /** Note that a range was read, or was not after all. */
  function markRead(work, guid, place, isRead = true) {
    const text = textOf(work, guid);
    if (!text || place.start >= place.end) return work;
    const read = isRead ? united(text.read, place) : without(text.read, place);
    if (JSON.stringify(read) === JSON.stringify(text.read)) return work;
    return { ...work, texts: replaced(work.texts, guid, { read }) };
  }

  function united(ranges, { start, end }) {
    const touching = ranges.filter(([from, to]) => from <= end && start <= to);
    const whole = [Math.min(start, ...touching.map(([from]) => from)), Math.max(end, ...touching.map(([, to]) => to))];
    return [...ranges.filter((range) => !touching.includes(range)), whole].sort(([one], [other]) => one - other);
  }

  const without = (ranges, { start, end }) =>
    ranges
      .flatMap(([from, to]) =>
        from < end && start < to
          ? [
              [from, Math.min(to, start)],
              [Math.max(from, end), to],
            ]
          : [[from, to]],
      ) // prettier-ignore
      .filter(([from, to]) => from < to);

  // --- codes

  const replaced = (rows, guid, changes) => rows.map((row) => (row.guid === guid ? { ...row, ...changes } : row));
  const differs = (row, changes) => Object.entries(changes).some(([field, value]) => row[field] !== value);
  const joined = (...memos) => [...new Set(memos.filter(Boolean))].join("\n");

  /** Return a name that a code can have at a place; throw an Error where it cannot. */
  function nameFor(work, name, parent, guid) {
    const clean = cleanName(name);
    if (!clean) throw new Error("A code needs a name: type one.");
    if (clean.length > LONGEST_NAME) throw new Error(`A name has at most ${LONGEST_NAME} characters: shorten it.`);
    if (/(^|\s)>(\s|$)/.test(clean))
      throw new Error("“ > ” stands between a code and the code above it: use another sign.");
    const other = codeNamed(work, clean, parent);
    if (other && other.guid !== guid) {
      throw new Error(
        `The code “${path(work, other)}” exists already: choose another name, or merge the two codes instead.`,
      );
    }
    return clean;
  }

  /** Throw an Error unless a code of these children may be below a parent. */
  function checkLevel(work, guid, parent) {
    if (!parent) return;
    const above = codeOf(work, parent);
    if (!above || parent === guid)
      throw new Error("A code can only be below another code of this codebook: choose one.");
    if (above.parent)
      throw new Error(`“${above.name}” is below a code itself: a codebook has two levels, so choose its top.`);
    if (childrenOf(work, guid).length) {
      throw new Error(
        `“${codeOf(work, guid).name}” has codes below it: move those first, as a codebook has two levels.`,
      );
    }
  }

  /** Add a code at the end; `guid` and `name` are enough. */
  const addCode = (work, code) => inserted(work, code, work.codes.length);

  function inserted(work, { guid = wb.newGuid(), parent = "", name, ...more }, place) {
    checkLevel(work, guid, parent);
    const blank = { colour: nextColour(work), definition: "", include: "", exclude: "", example: "", memo: "" };
    const code = { guid, parent, name: nameFor(work, name, parent, guid), ...blank, ...more };
    return { ...work, codes: work.codes.toSpliced(place, 0, code) };
  }

  /** Change what a code is called or says. Where it is, `moveCode` changes. */
  function editCode(work, guid, { guid: _guid, parent: _parent, ...changes }) {
    const code = codeOf(work, guid);
    if (!code) return work;
    if ("name" in changes) changes.name = nameFor(work, changes.name, code.parent, guid);
    return differs(code, changes) ? { ...work, codes: replaced(work.codes, guid, changes) } : work;
  }

  /** Take a code away, with the codes below it and all their codings. */
  function removeCode(work, guid) {
    if (!codeOf(work, guid)) return work;
    const gone = new Set([guid, ...childrenOf(work, guid).map((code) => code.guid)]);
    const codes = work.codes.filter((code) => !gone.has(code.guid));
    return { ...work, codes, codings: work.codings.filter(({ code }) => !gone.has(code)) };
  }

  /**
   * Merge a code into another. Its codings move, and those that would be twice become one with both memos. What it says of
   * itself is added to what the other says. Codes below it move below the other; those of one name become one as well.
   */
  function mergeCodes(work, from, into) {
    const [source, target] = [codeOf(work, from), codeOf(work, into)];
    if (!source || !target || from === into) return work;
    const lifted = target.parent === from; // the code above it goes
    const home = lifted || !target.parent ? into : target.parent;
    if (lifted) nameFor(work, target.name, "", into);
    let next = {
      ...work,
      codes: work.codes.filter(({ guid }) => guid !== from),
      codings: recoded(work.codings, new Map([[from, into]])),
    };
    next = {
      ...next,
      codes: replaced(next.codes, into, { ...added(target, source), parent: lifted ? "" : target.parent }),
    };
    for (const child of childrenOf(next, from)) {
      const twin = codeNamed(next, child.name, home);
      if (twin) next = mergeCodes(next, child.guid, twin.guid);
      else next = { ...next, codes: replaced(next.codes, child.guid, { parent: home }) };
    }
    return next;
  }

  /** Return what a code says after another was merged into it; what comes from the other is marked where both say something. */
  function added(target, source) {
    const from = `From “${source.name}”: `;
    const both = (field) => {
      if (!source[field] || target[field].includes(source[field])) return target[field];
      return target[field] ? `${target[field]}\n${from}${source[field]}` : source[field];
    };
    const described = Object.fromEntries(DESCRIBED.map((field) => [field, both(field)]));
    return { ...described, memo: joined(target.memo, `“${source.name}” was merged into this code.`, source.memo) };
  }

  /** Give codings other codes; those that are then twice become one. */
  function recoded(codings, codes) {
    return unique(codings.map((one) => (codes.has(one.code) ? { ...one, code: codes.get(one.code) } : one)));
  }

  const key = ({ text, start, end, code }) => `${text} ${start} ${end} ${code}`;

  function unique(codings) {
    const kept = new Map();
    for (const one of codings) {
      const twin = kept.get(key(one));
      kept.set(key(one), twin ? { ...twin, memo: joined(twin.memo, one.memo) } : one);
    }
    return [...kept.values()];
  }

  /** Make a new code of some codings of another, right behind it. */
  function splitCode(work, guid, { code, codings }) {
    const source = codeOf(work, guid);
    if (!source) return work;
    const made = { guid: wb.newGuid(), parent: source.parent, ...code };
    const chosen = new Set(codings);
    const next = inserted(work, made, work.codes.indexOf(source) + 1);
    const moved = (one) => (one.code === guid && chosen.has(one.guid) ? { ...one, code: made.guid } : one);
    return { ...next, codings: next.codings.map(moved) };
  }

  /** Move a code below another (or to the top, `""`), and before another of its new place, else to the end. */
  function moveCode(work, guid, { parent = codeOf(work, guid)?.parent, before = "" }) {
    const code = codeOf(work, guid);
    if (!code || before === guid) return work;
    if (parent !== code.parent) {
      checkLevel(work, guid, parent);
      nameFor(work, code.name, parent, guid);
    }
    const rest = work.codes.filter((one) => one !== code);
    const next = rest.findIndex((one) => one.guid === before);
    const codes = rest.toSpliced(next < 0 ? rest.length : next, 0, parent === code.parent ? code : { ...code, parent });
    return codes.every((one, place) => one === work.codes[place]) ? work : { ...work, codes };
  }

  // --- codings

  /** Give a code to a place of a text, unless it has it. */
  function give(work, { text, start, end }, code, { guid = wb.newGuid(), memo = "", time = now() } = {}) {
    const made = { guid, text, start, end, code, memo, time };
    checkPlace(work, made);
    return work.codings.some((one) => key(one) === key(made)) ? work : { ...work, codings: [...work.codings, made] };
  }

  function checkPlace(work, { text, start, end, code }) {
    const found = textOf(work, text);
    if (!found || !codeOf(work, code)) throw new Error("The text or the code is no longer in this work: choose again.");
    const inside =
      Number.isInteger(start) && Number.isInteger(end) && 0 <= start && end <= wb.positions(found.content).points;
    if (!inside || start >= end) throw new Error("Nothing is selected in the text: select some words first.");
  }

  /** Change the place, code or memo of a coding; if that makes it the same as another, they become one. */
  function editCoding(work, guid, changes) {
    const found = work.codings.find((one) => one.guid === guid);
    if (!found || !differs(found, changes)) return work;
    checkPlace(work, { ...found, ...changes });
    return { ...work, codings: unique(replaced(work.codings, guid, changes)) };
  }

  /** Take a coding away. */
  function take(work, guid) {
    const codings = work.codings.filter((one) => one.guid !== guid);
    return codings.length === work.codings.length ? work : { ...work, codings };
  }

  // --- the work and its codebook

  const setMemo = (work, memo) => (memo === work.memo ? work : { ...work, memo });

  /** Change what the work, or its coder, is called. */
  function rename(work, { name = work.name, coder = work.coder.name }) {
    const [title, pseudonym] = [name, coder].map((one) => cleanName(one).slice(0, LONGEST_NAME));
    if (title === work.name && pseudonym === work.coder.name) return work;
    return { ...work, name: title, coder: { ...work.coder, name: pseudonym } };
  }

  /** Note that the codebook has a new version, what changed, and why. */
  function newVersion(work, { what, why = "", time = now() }) {
    const { version, changes } = work.codebook;
    const codebook = {
      ...work.codebook,
      version: version + 1,
      changes: [...changes, { version: version + 1, time, what, why }],
    };
    return { ...work, codebook };
  }

  /**
   * Take another codebook. Codings follow to the code of the same GUID, else of the same path. Return `work`, and `lost`: the
   * codings whose code the other codebook does not have, each with `path`. They and these codes are noted in the memo, too.
   */
  function withCodebook(work, { codebook, codes }) {
    const next = { ...work, codebook, codes };
    const byPath = new Map(codes.map((code) => [pathKey(next, code), code.guid]));
    const known = new Set(codes.map(({ guid }) => guid));
    const heir = ({ guid }) => (known.has(guid) ? guid : byPath.get(pathKey(work, guid)));
    const heirs = new Map(work.codes.map((code) => [code.guid, heir(code)]));
    const follows = ({ code }) => heirs.get(code);
    const gone = work.codes.filter(({ guid }) => !heirs.get(guid));
    const lost = work.codings.filter((one) => !follows(one)).map((one) => ({ ...one, path: path(work, one.code) }));
    const codings = recoded(work.codings.filter(follows), heirs);
    return { work: { ...next, codings, memo: joined(work.memo, goneNote(work, codebook, gone)) }, lost };
  }

  /** Say which codes a codebook does not have, what they said, and the text, place and memo of their codings. */
  function goneNote(work, { name, version }, codes) {
    if (!codes.length) return "";
    const place = ({ text, start, end }) => `${textOf(work, text)?.name ?? "?"}, characters ${start} to ${end}`;
    const line = (head, said) => [head, said].filter(Boolean).join(": ");
    const lines = codes.flatMap((code) => [
      line(`“${path(work, code)}”`, joined(code.definition, code.memo)),
      ...codingsOf(work, code).map((one) => line(`– ${place(one)}`, one.memo)),
    ]);
    return [`Not in codebook ${name ? `“${name}”, ` : ""}version ${version}:`, ...lines].join("\n");
  }

  wb.works = {
    ...wb.works,
    ...{ begin, path, pathKey, tree, codingsOf, at, over, codeNamed, nextColour, addText, markRead },
    ...{ addCode, editCode, removeCode, mergeCodes, splitCode, moveCode, give, editCoding, take },
    ...{ setMemo, rename, newVersion, withCodebook, COLOURS },
  };
}
