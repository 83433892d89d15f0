"use strict";
/** A project of REFI-QDA (`.qdpx`) made of works: texts, codes, and what each coder gave, for any program that reads it. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { tag, texted, documentOf } = wb.refiXml;
  const { ORIGIN, codesOut, nameIn } = wb.refiCodes;
  const NAMESPACE = "urn:QDA-XML:project:1.0";
  const UNKNOWN_TIME = "1970-01-01T00:00:00Z"; // QualCoder stops at a note without a time
  const SIMULATED = "Simulated data"; // so begins the description of a project of which `analysis` marks every table
  const LONGEST_NAME = 80;
  const CODE = ["parent", "name", "colour", "definition", "include", "exclude", "example", "memo"];
  const TEXT = ["name", "language", "origin", "notice", "sha256", "read"];

  /**
   * Return works as one project. Texts are the same if their SHA-256 is; codes if their GUID is, else their path. What a work
   * says otherwise than the project, and what the standard has no place for, goes with it for the workbench.
   */
  function project(works, { name = "" } = {}) {
    const whole = unitedOf(works);
    const memos = works.flatMap((work, at) => (work.memo ? [memoOf(work, whole.users[at])] : []));
    const files = { "project.qde": documentOf(projectOut(works, whole, memos, name), oursFor(works, whole)) };
    // A byte order mark at the beginning of a text is a character of it, and readers take one away.
    const marked = (content) => (content.startsWith("\ufeff") ? `\ufeff${content}` : content);
    for (const text of whole.texts) files[`sources/${text.guid}.txt`] = marked(text.content);
    for (const { guid, body } of memos) files[`sources/${guid}.txt`] = body;
    return files;
  }

  // --- what several works have in common

  /** Return users, codes and texts of all works, and for each work Maps from its codes and texts to these. */
  function unitedOf(works) {
    const whole = { users: [], codes: [], texts: [], ofWorks: [], taken: new Set() };
    for (const work of works) {
      whole.users.push(userFor(work, whole));
      whole.ofWorks.push({ codes: codesUnited(work, whole), texts: textsUnited(work, whole), codings: new Map() });
    }
    return whole;
  }

  /** Return a GUID that the project does not have yet: works that go on from one file share those of it. */
  function fresh(guid, work, { taken }) {
    for (let number = 0, free = guid; ; number += 1, free = wb.guidOf("copy", guid, work.guid, `${number}`)) {
      if (taken.has(free)) continue;
      taken.add(free);
      return free;
    }
  }

  /** Each work has a user of its own. Programs tell users apart by their names, so no two have the same. */
  function userFor(work, whole) {
    const { guid, name } = work.coder;
    const folded = (label) => label.toLowerCase().split(/\s+/).join(" ").trim();
    const isTaken = (label) => whole.users.some((user) => folded(user.name) === folded(label));
    let label = name || "unnamed coder";
    if (isTaken(label)) label = `${label}, round ${work.round}`;
    for (let number = 2, first = label; isTaken(label); number += 1) label = `${first} (${number})`;
    return { guid: fresh(guid, work, whole), name: label };
  }

  function codesUnited(work, whole) {
    const own = new Map();
    const matched = new Set();
    const match = (code, found) => {
      own.set(code.guid, found);
      matched.add(found);
    };
    for (const code of work.codes) {
      const same = whole.codes.find(({ guid }) => guid === code.guid);
      if (same) match(code, same);
    }
    // Those above before those below, which need to know where the code above them went.
    for (const code of [...work.codes].sort((one, other) => Boolean(one.parent) - Boolean(other.parent))) {
      if (own.has(code.guid)) continue;
      const path = wb.works.pathKey(work, code);
      const same = whole.codes.find((one) => !matched.has(one) && wb.works.pathKey(whole, one) === path);
      match(code, same ?? addedTo(whole, work, code, own.get(code.parent)));
    }
    return own;
  }

  function addedTo(whole, work, code, above) {
    const parent = above ? above.parent || above.guid : "";
    const made = { ...code, guid: fresh(code.guid, work, whole), parent, name: nameIn(whole.codes, parent, code.name) };
    whole.codes.push(made);
    return made;
  }

  function textsUnited(work, whole) {
    const united = (text) => {
      const same = whole.texts.find(({ sha256 }) => sha256 === text.sha256);
      if (same) return same;
      whole.texts.push({ ...text, guid: fresh(text.guid, work, whole) });
      return whole.texts.at(-1);
    };
    return new Map(work.texts.map((text) => [text.guid, united(text)]));
  }

  // --- the project as XML

  function projectOut(works, whole, memos, name) {
    const notes = memos.map(({ note }) => note);
    const noted = (guid, title, body, user, time) => {
      const said = texted("PlainTextContent", body);
      notes.push(tag("Note", { guid, name: title, creatingUser: user, creationDateTime: time || UNKNOWN_TIME }, said));
      return tag("NoteRef", { targetGUID: guid });
    };
    const memoOfCode = ({ guid, name: title, memo }) =>
      memo ? noted(wb.guidOf("memo of code", guid), `Memo of the code ${title}`, memo) : "";
    const codes = codesOut(whole.codes, memoOfCode);
    const selections = selectionsOf(works, whole, noted);
    const sources = whole.texts.map((text) => sourceOut(text, selections.get(text)));
    const listed = (element, inside) => (inside ? `${tag(element, {}, `\n${inside}\n`)}\n` : "");
    return tag(
      "Project",
      { xmlns: NAMESPACE, name: titleOf(works, name), origin: ORIGIN },
      "\n",
      listed("Users", whole.users.map((user) => tag("User", user)).join("\n")),
      codes && `${tag("CodeBook", {}, tag("Codes", {}, `\n${codes}\n`))}\n`,
      listed("Sources", sources.join("\n")),
      listed("Notes", notes.join("\n")),
      texted("Description", aboutProject(whole.texts)),
      memos.map(({ guid }) => tag("NoteRef", { targetGUID: guid })),
    );
  }

  const titleOf = (works, name) => name || works[0]?.name || works[0]?.texts[0]?.name || "Coded texts";

  /** Say what is invented: the description of a project in which all is invented begins so that it counts as simulated. */
  function aboutProject(texts) {
    const invented = texts.filter(({ origin }) => origin === "invented");
    if (!invented.length) return "";
    const notices = [...new Set(invented.map(({ notice }) => notice).filter(Boolean))];
    const all = invented.length === texts.length;
    const names = invented.map((text) => `“${text.name}”`).join(", ");
    const said = all
      ? `${SIMULATED}: the texts are invented, and nothing here is evidence.`
      : `Invented texts: ${names}.`;
    return [said, ...notices].join("\n");
  }

  function sourceOut({ guid, name, notice }, selections) {
    const inside = ["\n", texted("Description", notice), selections.map((one) => `\n${one}`), "\n"];
    return tag("TextSource", { guid, name, plainTextPath: `internal://${guid}.txt` }, inside);
  }

  /**
   * Return for each text its selections as XML, one for each coding: QualCoder takes coder, time and memo of a coding from its
   * selection, and others from the coding and its note.
   */
  function selectionsOf(works, whole, noted) {
    const found = new Map(whole.texts.map((text) => [text, []]));
    const quotes = new Map(whole.texts.map((text) => [text, quoter(text.content)]));
    works.forEach((work, at) => {
      const { codes, texts } = whole.ofWorks[at];
      const user = whole.users[at].guid;
      for (const one of work.codings) {
        const [text, guid] = [texts.get(one.text), fresh(one.guid, work, whole)];
        whole.ofWorks[at].codings.set(one, guid);
        const by = { creatingUser: user, creationDateTime: one.time };
        const code = codes.get(one.code);
        const title = `Memo of a coding: ${code.name}`;
        const note = one.memo && noted(wb.guidOf("memo of coding", guid), title, one.memo, user, one.time);
        const coding = tag("Coding", { guid, ...by }, tag("CodeRef", { targetGUID: code.guid }), note);
        const place = { startPosition: one.start, endPosition: one.end };
        const named = { guid: wb.guidOf("selection", guid), name: quotes.get(text)(one) };
        const selection = tag(
          "PlainTextSelection",
          { ...named, ...place, ...by },
          texted("Description", one.memo),
          coding,
        );
        found.get(text).push(selection);
      }
    });
    return found;
  }

  /** Return what gives the words at a place on one line, cut off at a word where they are many. */
  function quoter(content) {
    const { toUnits } = wb.positions(content);
    return ({ start, end }) => {
      const line = content.slice(toUnits(start), toUnits(end)).replace(/\s+/g, " ").trim();
      const cut = [...line].slice(0, LONGEST_NAME).join("");
      return cut === line ? line : `${cut.slice(0, cut.lastIndexOf(" ")) || cut}…`;
    };
  }

  /** The memo of a work is a note in a file of its own, which QualCoder takes for an entry in its journal. */
  function memoOf(work, user) {
    const guid = wb.guidOf("memo of work", user.guid, work.guid);
    const path = `internal://${guid}.txt`;
    const by = { creatingUser: user.guid, creationDateTime: work.codings.at(-1)?.time || UNKNOWN_TIME };
    return {
      guid,
      body: work.memo,
      note: tag("Note", { guid, name: `Memo of ${user.name}`, plainTextPath: path, ...by }),
    };
  }

  // --- what goes with it for the workbench

  function oursFor(works, whole) {
    return {
      works: works.map((work, at) => {
        const { guid, saved, name, packet, round, coder, codebook } = work;
        const { codes, texts } = whole.ofWorks[at];
        return {
          ...{ user: whole.users[at].guid, guid, saved, name, packet, round, coder, codebook },
          codes: work.codes.map((code) => differing(code, codes.get(code.guid), CODE)),
          texts: work.texts.map((text) => ({ ...differing(text, texts.get(text.guid), []), ...only(text, TEXT) })),
          ...codingsApart(work, whole, whole.ofWorks[at]),
        };
      }),
    };
  }

  /** Return what a thing has otherwise than the one it became in the project, and `as`, the GUID of that. */
  function differing(thing, united, fields) {
    const changed = fields.filter((field) => thing[field] !== united[field]);
    return { as: united.guid, ...(thing.guid === united.guid ? {} : { guid: thing.guid }), ...only(thing, changed) };
  }

  /** Return where codings have another order than in the project, and which have another GUID. */
  function codingsApart(work, { texts: all }, { texts, codings }) {
    const inProject = all.flatMap((text) => work.codings.filter((one) => texts.get(one.text) === text));
    const places = new Map(inProject.map((one, place) => [one, place]));
    const order = work.codings.map((one) => places.get(one));
    const copies = inProject.filter((one) => codings.get(one) !== one.guid).map((one) => [codings.get(one), one.guid]);
    const isInOrder = order.every((place, at) => place === at);
    return { ...(isInOrder ? {} : { order }), ...(copies.length ? { copies } : {}) };
  }

  const only = (thing, fields) => Object.fromEntries(fields.map((field) => [field, thing[field]]));

  /** Return what works have in common, and the codes that were given. */
  function united(works) {
    const whole = unitedOf(works);
    const given = works.flatMap((work, at) => work.codings.map(({ code }) => whole.ofWorks[at].codes.get(code).guid));
    return { ...whole, given: new Set(given) };
  }

  wb.refi = { ...wb.refi, project: (works, options) => wb.zip(project(works, options), options), united, titleOf };
}
