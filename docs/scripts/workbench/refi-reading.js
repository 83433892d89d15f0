"use strict";
/** A project of REFI-QDA (`.qdpx`) as works, one of each coder: those that the workbench wrote are as they were. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { counted } = compendium;
  const { decoded, rootOf, oursOf, children, child, wordsIn, get, guidFrom } = wb.refiXml;
  const { codesIn, newCodebook } = wb.refiCodes;
  const { detected, standard } = wb.positionCounting;
  const SIMULATED = /^Simulated data\b/;
  const MEDIA = { PictureSource: "picture", PDFSource: "PDF", AudioSource: "sound recording", VideoSource: "video" };
  const ELSEWHERE = { Cases: "case", Variables: "variable", Links: "link", Sets: "set", Graphs: "drawing" };
  const NOBODY = "nobody named";

  /**
   * Return `works`, one of each coder, and `notes`: sentences on what was not read, or not as it was. `bytes` are an archive,
   * or the project without its archive. Throw an Error for the reader.
   */
  function readProject(bytes) {
    const files = filesOf(bytes);
    const root = rootOf(files.project, "Project");
    const read = partsOf(root, files);
    if (!read.texts.length)
      throw new Error(`There is no text in this project that can be read here. ${read.notes.join(" ")}`);
    const ours = oursOf(root);
    const own = (Array.isArray(ours?.works) ? ours.works : []).map((kept) => restored(kept, read)).filter(Boolean);
    const known = new Set(own.map(({ user }) => user));
    const others = [...read.users.keys()].filter((user) => !known.has(user)).map((user) => newWork(user, read));
    const works = [...own.map(({ work }) => work), ...others.filter((work) => work.codings.length)];
    return { works: works.length ? works : [newWork("", read)], notes: read.notes };
  }

  // --- the files

  function filesOf(bytes) {
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return { project: bytes, textOf: () => null };
    const names = wb.namesInArchive(bytes);
    const project = shortest(names.filter((name) => /\.qde$/i.test(name)));
    if (!project) return filesWithin(bytes, shortest(names.filter((name) => /\.qdpx$/i.test(name))));
    const folder = project.slice(0, project.lastIndexOf("/") + 1);
    const found = wb.unzip(bytes, (name) => name === project || /\.txt$/i.test(name));
    const byName = new Map([...found].map(([name, content]) => [plainName(name), content]));
    const textOf = (path) => {
      const bare = plainName(path.replace(/^internal:/i, ""))
        .replace(/^\/+/, "")
        .replace(/^sources\//, "");
      const inFolder = plainName(folder);
      return byName.get(`${inFolder}sources/${bare}`) ?? byName.get(`${inFolder}${bare}`) ?? null;
    };
    return { project: found.get(project), textOf };
  }

  /** Some deposits put an archive into another. */
  function filesWithin(bytes, name) {
    if (name) return filesOf(wb.unzip(bytes, (other) => other === name).get(name));
    throw new Error("There is no project in this archive. Export it from your program as a REFI-QDA project (.qdpx).");
  }

  const shortest = (names) => names.sort((one, other) => one.split("/").length - other.split("/").length)[0];
  const plainName = (name) => name.replaceAll("\\", "/").toLowerCase();

  // --- the parts of a project

  /** Return what the works of a project share, and its codings by user. */
  function partsOf(root, files) {
    const read = {
      title: get(root, "name"),
      description: wordsIn(root, "Description"),
      notes: [],
      memos: memosOf(root, files),
    };
    read.users = new Map(
      children(child(root, "Users"), "User").map((user) => [guidFrom(get(user, "guid")), get(user, "name")]),
    );
    const codebook = codesIn(child(child(root, "CodeBook"), "Codes"), (element) => memoFor(element, read.memos));
    read.codes = codebook.codes;
    read.notes.push(...codebook.notes);
    const sources = [...(child(root, "Sources")?.children ?? [])];
    const stored = textsStored(sources, files, read.notes);
    const isOurs = oursOf(root) && !stored.some(({ content }) => content.includes("\r"));
    const counting = isOurs ? standard() : countingOf(stored);
    read.texts = stored.map((one) => textFrom(one, read));
    read.codings = stored.flatMap((one, at) => codingsOf(one, read.texts[at], counting, read));
    reportOn(root, sources, stored, counting, read);
    for (const { user } of read.codings) if (!read.users.has(user)) read.users.set(user, "");
    return read;
  }

  const countingOf = (stored) => detected(stored.map(({ content, selections }) => ({ stored: content, selections })));

  function memosOf(root, files) {
    const body = (note) => {
      const bytes = get(note, "plainTextPath") && files.textOf(get(note, "plainTextPath"));
      return (bytes ? decoded(bytes) : wordsIn(note, "PlainTextContent")) || wordsIn(note, "Description");
    };
    return new Map(children(child(root, "Notes"), "Note").map((note) => [guidFrom(get(note, "guid")), body(note)]));
  }

  const notesOf = (element, memos) =>
    children(element, "NoteRef").map((reference) => memos.get(guidFrom(get(reference, "targetGUID"))) ?? "");
  const memoFor = (element, memos) => joined(notesOf(element, memos));
  const joined = (said) => [...new Set(said.filter(Boolean))].join("\n");

  /** Return the sources whose text is in the file, each with its `content` as stored and its `selections`. */
  function textsStored(sources, files, notes) {
    const found = [];
    const missing = [];
    for (const element of sources.filter(({ localName }) => localName === "TextSource")) {
      const bytes = get(element, "plainTextPath") ? files.textOf(get(element, "plainTextPath")) : null;
      const within = child(element, "PlainTextContent")?.textContent;
      const name = get(element, "name") || "Unnamed text";
      if (bytes === null && within === undefined) missing.push(name);
      else found.push({ element, name, content: bytes ? decoded(bytes) : within, selections: selectionsOf(element) });
    }
    if (missing.length) {
      const which = someOf(missing.map((name) => `“${name}”`));
      notes.push(`Not read, as the words are not in the project as plain text: ${which}.`);
    }
    return found;
  }

  /** Return the first of some names, and how many more there are. */
  const someOf = (names) =>
    [...names.slice(0, 3), ...(names.length > 3 ? [`and ${names.length - 3} more`] : [])].join(", ");

  const selectionsOf = (source) =>
    children(source, "PlainTextSelection").map((element) => ({
      element,
      start: Number(get(element, "startPosition") || NaN),
      end: Number(get(element, "endPosition") || NaN),
      name: get(element, "name"),
    }));

  function textFrom({ element, name, content }, read) {
    const guid = guidFrom(get(element, "guid")) || wb.guidOf("text", name, content);
    if (!SIMULATED.test(read.description)) return wb.textOf(name, content, { guid });
    const notice = wordsIn(element, "Description") || read.description;
    return wb.textOf(name, content, { guid, origin: "invented", notice });
  }

  /** Return the codings of a text, each with its user; those that cannot be are named in the notes. */
  function codingsOf({ element, content, selections }, text, counting, read) {
    const scale = counting.scale(content);
    const codes = new Set(read.codes.map(({ guid }) => guid));
    const outside = [];
    const made = [];
    for (const selection of selections) {
      const [start, end] = [placeIn(scale, selection.start), placeIn(scale, selection.end)];
      const given = children(selection.element, "Coding");
      if (given.length && !(start < end)) outside.push(selection);
      else
        for (const one of given) made.push(codingFrom(one, selection.element, { text: text.guid, start, end }, read));
    }
    const whole = { text: text.guid, start: 0, end: scale.at(-1) };
    const ofWhole = children(element, "Coding").map((one) => codingFrom(one, element, whole, read));
    if (ofWhole.length)
      read.notes.push(`${counted(ofWhole.length, "coding")} of the whole of “${text.name}”: now of all its words.`);
    if (outside.length) read.notes.push(saidOutside(outside, text, scale.length - 1));
    const found = [...made, ...(whole.end ? ofWhole : [])];
    const unknown = found.filter(({ code }) => !codes.has(code)).length;
    if (unknown)
      read.notes.push(`Left out, as the code is not in the project: ${counted(unknown, "coding")} of “${text.name}”.`);
    return found.filter(({ code }) => codes.has(code));
  }

  /** Return the place of a position; one within a character goes to before it, one outside the text nowhere. */
  function placeIn(scale, position) {
    while (scale[position] === -1) position -= 1;
    return scale[position] ?? NaN;
  }

  function saidOutside([first, ...more], { name }, length) {
    const many = counted(more.length + 1, "selection");
    return `Left out, as outside the words of “${name}” (${length} characters): ${many}, the first from ${first.start} to ${first.end}.`;
  }

  function codingFrom(element, around, place, { memos }) {
    const by = (...names) => names.map((name) => guidFrom(get(element, name) || get(around, name))).find(Boolean) ?? "";
    const said = wordsIn(around, "Description");
    const own = notesOf(element, memos);
    // A program that knows no memos of codings has them in the selection, once more, or alone.
    const memo = joined([
      ...own,
      ...notesOf(around, memos),
      own.join("\n") === said || around.localName === "TextSource" ? "" : said,
    ]);
    return {
      guid: guidFrom(get(element, "guid")),
      ...place,
      code: guidFrom(get(child(element, "CodeRef"), "targetGUID")),
      memo,
      time: timeOf(get(element, "creationDateTime")) || timeOf(get(around, "creationDateTime")),
      user: by("creatingUser", "modifyingUser"),
    };
  }

  /** Return a time as works have it, empty where it is not known; programs may leave out the zone. */
  function timeOf(given) {
    const [, moment, zone] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/.exec(given.trim()) ?? [];
    return moment ? `${moment}${zone ?? "Z"}` : "";
  }

  // --- what was not read

  function reportOn(root, sources, stored, counting, read) {
    if (counting.name !== "code-points") {
      const doubt = counting.isSure ? "" : " This is not sure: see whether passages begin and end where they should.";
      read.notes.push(`Positions were counted as ${counting.described}.${doubt}`);
    } else if (!counting.isSure) {
      read.notes.push("How positions were counted is not sure: see whether passages begin and end where they should.");
    }
    const media = sources.filter(({ localName }) => MEDIA[localName]);
    if (media.length) {
      const named = media.map((one) => `“${get(one, "name")}” (${MEDIA[one.localName]})`);
      read.notes.push(`Not read, since only texts are coded here: ${someOf(named)}.`);
    }
    const bare = stored.flatMap(({ selections }) =>
      selections.filter(({ element }) => !child(element, "Coding")),
    ).length;
    const others = Object.entries(ELSEWHERE).map(([name, noun]) => [child(root, name)?.children.length ?? 0, noun]);
    const left = [...others, [bare, "uncoded selection"]].filter(([count]) => count);
    if (left.length) read.notes.push(`Not read: ${left.map(([count, noun]) => counted(count, noun)).join(", ")}.`);
  }

  // --- works

  /** Return the work of a coder in a project from elsewhere: it has all texts and codes. The same file gives the same work. */
  function newWork(user, read) {
    const codings = read.codings.filter((one) => one.user === user);
    const coder = { guid: user || wb.guidOf("coder", read.title), name: read.users.get(user) || NOBODY };
    const codebook = newCodebook(read.codes, read.title);
    const guid = wb.guidOf("work", coder.guid, codebook.guid, ...read.texts.map(({ sha256 }) => sha256));
    const made = wb.works.begin({ coder, texts: read.texts, codes: read.codes, codebook, name: read.title });
    return { ...made, guid, codings: distinct(codings.map(withoutUser)) };
  }

  const withoutUser = ({ user: _, ...coding }) => coding;

  /** Return codings without those that give the same place the same code again; each has a GUID of its own. */
  function distinct(codings) {
    const kept = new Map();
    const guids = new Set();
    for (const one of codings) {
      const key = [one.text, one.start, one.end, one.code].join(" ");
      const guid = !one.guid || guids.has(one.guid) ? wb.guidOf("coding", key, one.guid) : one.guid;
      const twin = kept.get(key);
      kept.set(key, twin ? { ...twin, memo: joined([twin.memo, one.memo]) } : { ...one, guid });
      guids.add(guid);
    }
    return [...kept.values()];
  }

  /** Return a work that the workbench wrote, with its user, as far as the project still has it; else nothing. */
  function restored(kept, read) {
    try {
      return { user: kept.user, work: workFrom(kept, read) };
    } catch {
      read.notes.push(
        "What the workbench kept of a work in this project is damaged: it was read as another program's.",
      );
      return null;
    }
  }

  function workFrom(kept, read) {
    const texts = stillThere(kept.texts, read.texts).map(withText);
    const codes = stillThere(kept.codes, read.codes).map(([own, shared]) => ({ ...shared, ...own }));
    const own = (things) => new Map(things.map((thing) => [thing.as, thing.guid ?? thing.as]));
    const [ownTexts, ownCodes, copies] = [own(kept.texts), own(kept.codes), new Map(kept.copies)];
    const codings = read.codings
      .filter(({ user }) => user === kept.user)
      .map(withoutUser)
      .map((one) => ({
        ...one,
        guid: copies.get(one.guid) ?? one.guid,
        text: ownTexts.get(one.text) ?? one.text,
        code: ownCodes.get(one.code) ?? one.code,
      }));
    const work = {
      format: "coded-text",
      version: 1,
      ...{ guid: kept.guid, saved: kept.saved, name: kept.name, packet: kept.packet, round: kept.round },
      coder: { guid: kept.coder.guid, name: kept.coder.name },
      memo: read.memos.get(wb.guidOf("memo of work", kept.user, kept.guid)) ?? "",
      codebook: kept.codebook,
      codes: complete(codes, read.codes, codings, "code"),
      texts: complete(texts, read.texts, codings, "text"),
      codings: kept.order?.length === codings.length ? kept.order.map((place) => codings[place]) : codings,
    };
    const fault = wb.works.fault?.(work);
    if (fault) throw new Error(fault);
    return work;
  }

  /** Return what a work has otherwise than the project, with what the project still has of it. */
  const stillThere = (kept, shared) =>
    kept.map(({ as, ...own }) => [own, shared.find(({ guid }) => guid === as)]).filter(([, found]) => found);

  /** What was read of a text holds only for the words that it had. */
  function withText([{ sha256, read, ...own }, shared]) {
    return { ...shared, ...own, read: sha256 === shared.sha256 ? read : [] };
  }

  /** Add what another program's user gave or coded since: codes and texts that the codings need. */
  function complete(things, all, codings, kind) {
    const there = new Set(things.map(({ guid }) => guid));
    const needed = all.filter(({ guid }) => !there.has(guid) && codings.some((one) => one[kind] === guid));
    const above = all.filter(({ guid }) => !there.has(guid) && needed.some(({ parent }) => parent === guid));
    return [...things, ...above.filter((one) => !needed.includes(one)), ...needed];
  }

  wb.refi = { ...wb.refi, readProject, NOBODY };
}
