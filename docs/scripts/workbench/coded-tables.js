"use strict";
/** Works as tables: one of all codings, and those of a study (`study-tables.js`); and back. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const COLUMNS = ["source", "passage", "code", "coder", "facet", "start", "id", "memo", "notice"];
  const ALSO = { document: "source", content: "passage", tag: "code" }; // as Taguette calls them
  const LEVELS = " > ";
  const MADE_OF_PASSAGES = "The table has no whole texts: each text is made of its coded passages, a paragraph each.";

  /** Return the codings of works as a table that `study import` takes, a row for each code of each passage. */
  function codings(works) {
    const { users, codes, texts, ofWorks } = wb.refi.united(works);
    const above = new Map(codes.map((code) => [code.guid, code.name]));
    const rows = works.flatMap((work, at) =>
      work.codings.map((one) => {
        const [text, code] = [ofWorks[at].texts.get(one.text), ofWorks[at].codes.get(one.code)];
        const { toUnits } = wb.positions(text.content);
        const passage = text.content.slice(toUnits(one.start), toUnits(one.end));
        const facet = above.get(code.parent) ?? "";
        const row = [
          sourceName(text, texts),
          passage,
          code.name,
          users[at].name,
          facet,
          `${one.start}`,
          one.guid,
          one.memo,
        ];
        return [...row, text.origin === "invented" ? text.notice || "Invented." : ""];
      }),
    );
    return compendium.csv([COLUMNS, ...rows]);
  }

  /** Return the name of a text, with a number where an earlier text has the same. */
  function sourceName(text, texts) {
    const namesakes = texts.filter(({ name }) => name === text.name);
    return namesakes[0] === text ? text.name : `${text.name} (${namesakes.indexOf(text) + 1})`;
  }

  /**
   * Return `works` and `notes` of a table of codings (text or bytes), or of a study that `study` saved (bytes of an archive).
   * Throw an Error for the reader.
   */
  function read(given) {
    if (typeof given === "string") return readTable(given);
    if (given[0] !== 0x50 || given[1] !== 0x4b) return readTable(new TextDecoder().decode(given));
    const kept = /(?:^|\/)private\/project\.qdpx$/;
    const [project] = wb.unzip(given, (name) => kept.test(name)).values();
    if (project) return wb.refi.readProject(project);
    throw new Error("This study has no project (private/project.qdpx), which has its texts: open the project itself.");
  }

  // --- a table of codings

  function readTable(text) {
    const rows = rowsOf(text.replace(/^\ufeff/, "").toWellFormed());
    const coders = [...new Set(rows.map(({ coder }) => coder))];
    const texts = textsOf(rows);
    const codes = codesOf(rows);
    const isLoose = rows.some(({ passage }) => !passage);
    const notes = [MADE_OF_PASSAGES, ...(isLoose ? ["Left out: rows without a passage."] : [])];
    const works = coders.map((coder) => workOf(coder, rows, texts, codes)).filter((work) => work.codings.length);
    if (!works.length) throw new Error("The table has no row with a passage and a code.");
    return { works, notes };
  }

  function rowsOf(text) {
    const first = text.split("\n", 1)[0];
    const often = (sign) => first.split(sign).length;
    const separator = [",", ";", "\t"].reduce((most, sign) => (often(sign) > often(most) ? sign : most));
    const all = compendium.csvRows(text, separator);
    const [header, ...rows] = all.filter((cells) => cells.some((cell) => cell.trim()));
    const columns = (header ?? []).map((name) => ALSO[name.trim().toLowerCase()] ?? name.trim().toLowerCase());
    const missing = COLUMNS.slice(0, 3).filter((name) => !columns.includes(name));
    if (missing.length)
      throw new Error(`The table has no column ${missing.join(" or ")}: its first row has to name them.`);
    const isShort = (cells) => cells.length < header.length;
    if (all.isCut || (rows.length > 1 && isShort(rows.at(-1)) && !rows.slice(0, -1).some(isShort)))
      throw new Error("The table ends within a row, so not all of it is there: ask for the file again.");
    const cell = (cells, name) => compendium.unguarded(cells[columns.indexOf(name)] ?? "");
    return rows.map((cells) => {
      const row = Object.fromEntries(COLUMNS.map((name) => [name, cell(cells, name).trim()]));
      row.memo = cell(cells, "memo");
      row.passage = cell(cells, "passage").replace(/\r\n?/g, "\n");
      row.path = [row.facet, ...row.code.split(LEVELS)].map((part) => part.trim()).filter(Boolean);
      return row;
    });
  }

  /** Return texts by source: its passages, a paragraph each, and where each of them is. */
  function textsOf(rows) {
    const sources = Map.groupBy(
      rows.filter(({ source, passage }) => source && passage.trim()),
      ({ source }) => source,
    );
    return new Map([...sources].map(([source, found]) => [source, textOf(source, found)]));
  }

  function textOf(source, rows) {
    const places = new Map();
    const isInOrder = rows.every(({ start }) => /^\d+$/.test(start));
    const ordered = isInOrder ? [...rows].sort((one, other) => one.start - other.start) : rows;
    let [content, length] = ["", 0];
    for (const row of ordered) {
      if (places.has(placeKey(row))) continue;
      const size = [...row.passage].length;
      places.set(placeKey(row), { start: length, end: length + size });
      content += `${content && "\n"}${row.passage}`;
      length += size + 1;
    }
    const notice = rows.map((row) => row.notice).find(Boolean);
    const guid = wb.guidOf("table", "text", source, content);
    const marked = notice ? { origin: "invented", notice } : {};
    return { text: wb.textOf(source, content, { guid, ...marked }), places };
  }

  const placeKey = ({ start, passage }) => `${start}\x1f${passage}`;

  /** Return the codes of a table, on two levels; what is below these keeps the rest of its path in its name. */
  function codesOf(rows) {
    const codes = [];
    const add = (parent, name) => {
      const found = wb.works.codeNamed({ codes }, name, parent);
      if (found) return found;
      const said = { definition: "", include: "", exclude: "", example: "", memo: "" };
      const guid = wb.guidOf("table", "code", parent, name);
      codes.push({ guid, parent, name, colour: wb.works.nextColour({ codes }), ...said });
      return codes.at(-1);
    };
    for (const row of rows.filter(({ path }) => path.length)) {
      const [top, ...below] = row.path;
      row.given = add("", top);
      if (below.length) row.given = add(row.given.guid, below.join(" / "));
    }
    return codes;
  }

  function workOf(coder, rows, texts, codes) {
    const given = rows.filter((row) => row.coder === coder && row.given && texts.has(row.source) && row.passage.trim());
    const made = new Map();
    for (const row of given) {
      const { text, places } = texts.get(row.source);
      const place = places.get(placeKey(row));
      const key = [text.guid, place.start, place.end, row.given.guid].join(" ");
      const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(row.id) ? row.id : wb.guidOf("table", coder, key);
      const coding = {
        guid,
        text: text.guid,
        ...place,
        code: row.given.guid,
        memo: row.memo,
        time: "",
      };
      if (!made.has(key)) made.set(key, coding);
    }
    const all = [...texts.values()].map(({ text }) => text);
    const who = { guid: wb.guidOf("table", "coder", coder), name: coder || wb.refi.NOBODY };
    const codebook = wb.refiCodes.newCodebook(codes);
    const guid = wb.guidOf("work", who.guid, codebook.guid, ...all.map(({ sha256 }) => sha256));
    return { ...wb.works.begin({ coder: who, texts: all, codes, codebook }), guid, codings: [...made.values()] };
  }

  wb.tables = { codings, study: (works, options) => wb.zip(wb.studyTables.filesOf(works, options)), read };
}
