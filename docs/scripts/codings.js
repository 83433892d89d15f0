"use strict";
/** Codings as CSV: written in the shape of `codings.csv`, and read as `analysis.teaching.learners` reads them. */
{
  const compendium = (globalThis.compendium ??= {});
  const COLUMNS = ["extract_id", "coder_id", "facet", "code_id", "role", "stance", "basis", "rationale"];
  const LONG = ["extract_id", "facet", "code_id"];
  const ROLES = ["primary", "alternative"];
  const AGAIN = "Save it as “CSV UTF-8” and load it again.";

  // --- writing

  /** Return rows (objects with the columns of `codings.csv`) as CSV. */
  function written(rows) {
    return compendium.csv([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))]);
  }

  // --- reading

  /**
   * Return what a file of codings gives: `codes`, by facet a Map from passage to top-level code; `faults`, texts; the
   * pseudonym inside, `coder`, and the number of the hand-in, `number` (empty and 0 where there is none).
   *
   * `known` is the study: `passages` (by their names), `names` (by facet: names and ids of codes, to ids), `tops` (by facet: ids to the
   * codes at the top of their tree).
   */
  function read(bytes, known) {
    const faults = [];
    try {
      const whole = tableOf(rowsOf(textOf(bytes)), known);
      const table = whole.filter(([row, cells]) => !takenIn(row, cells, known, faults));
      const coder = coderOf(table);
      const good = [...codingsTyped(table, known)].map((coding) => tidied(coding, known, faults)).filter(Boolean);
      return { codes: chosen(good, known, faults), faults, coder, number: numberOf(table) };
    } catch (fault) {
      if (!(fault instanceof Unreadable)) throw fault;
      return { codes: byFacet(known), faults: [fault.message], coder: "", number: 0 };
    }
  }

  class Unreadable extends Error {}

  /** Return a name as it is compared: small letters, words joined by hyphens. */
  const plain = (text) =>
    text
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, "-");

  function textOf(bytes) {
    if (!bytes.some((byte) => ![0x00, 0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf, 0xff, 0xfe].includes(byte))) {
      throw new Unreadable("The file is empty. Ask for it again.");
    }
    if ((bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0xd0 && bytes[1] === 0xcf)) {
      throw new Unreadable(`This is a spreadsheet’s own file and not CSV. ${AGAIN}`);
    }
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  }

  function encodingOf(bytes) {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
    if (bytes.includes(0)) return bytes[1] === 0 ? "utf-16le" : "utf-16be";
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return "utf-8";
    } catch {
      return "windows-1252";
    }
  }

  /** Return the rows that are not blank, each with its number as a spreadsheet counts, the header first. */
  function rowsOf(text) {
    const first = text.split("\n", 1)[0];
    const named = /^"?sep=(.)"?\r?$/i.exec(first); // how Excel names its separator
    const separator = named ? named[1] : [",", ";", "\t"].reduce((a, b) => (count(first, b) > count(first, a) ? b : a));
    const rows = compendium.csvRows(named ? text.slice(first.length + 1) : text, separator);
    return rows
      .map((cells, place) => ({ number: place + (named ? 2 : 1), cells: cells.map((cell) => compendium.unguarded(cell.trim())) }))
      .filter((row) => row.cells.some(Boolean));
  }

  const count = (text, character) => text.split(character).length - 1;

  /** Return the rows below the header, each with its number and its cells by column. */
  function tableOf([header, ...rows], known) {
    const columns = header.cells.map((name) => plain(name).replaceAll("-", "_"));
    const facets = Object.keys(known.names).filter((facet) => columns.includes(facet));
    if (!columns.includes("extract_id") || !(LONG.every((column) => columns.includes(column)) || facets.length)) {
      throw new Unreadable(
        `Row ${header.number}: wrong columns. The header has to be ${LONG.join(",")}; or extract_id and at least one of ` +
          `${Object.keys(known.names).join(", ")}.`,
      );
    }
    if (!rows.length) throw new Unreadable("There is a header and no row below it. Ask for it again.");
    return rows.map(({ number, cells }) => [number, Object.fromEntries(columns.map((c, at) => [c, cells[at] ?? ""]))]);
  }

  /** Tell whether a quotation mark that is not closed has taken rows below into a cell; if so, its fault joins the faults. */
  function takenIn(row, cells, known, faults) {
    const at = Object.keys(cells).indexOf("extract_id");
    const passages = Object.keys(known.passages).map(plain);
    const isRow = (parts) => parts.length > 1 && passages.includes(plain((parts[at] ?? "").replaceAll('"', "")));
    const lines = Object.values(cells).flatMap((cell) => cell.split(/\r\n|\r|\n/).slice(1));
    const taken = lines.filter((line) => isRow(line.split(/[,;\t]/))).length;
    const problem = `a quotation mark is not closed, so a cell takes in rows below it (${taken})`;
    if (taken) faults.push(`Row ${row}: ${problem}. Close it or remove it.`);
    return taken > 0;
  }

  /** Return the pseudonym inside a file, or an empty text. */
  function coderOf(table) {
    const coders = table.map(([, cells]) => (cells.coder_id ?? "").split(/\s+/).filter(Boolean).join(" ")).filter(Boolean);
    if (new Set(coders.map(plain)).size > 1) {
      throw new Unreadable(
        "The codings of several coders are in one file. Put those of each into a file of their own.",
      );
    }
    return coders.sort()[0] ?? "";
  }

  /** Return the number of the hand-in inside a file, or 0. */
  function numberOf(table) {
    const given = table.map(([, cells]) => cells.hand_in ?? "").filter((text) => /^[0-9]{1,9}$/.test(text));
    return Math.max(0, ...given.map(Number));
  }

  /** Yield every code that a file gives; a cell without a code is a passage that was not coded. */
  function* codingsTyped(table, known) {
    for (const [row, cells] of table) {
      const facets = Object.keys(known.names).filter((facet) => Object.hasOwn(cells, facet));
      const long = LONG.every((column) => Object.hasOwn(cells, column));
      const pairs = long ? [[cells.facet, cells.code_id]] : facets.map((facet) => [facet, cells[facet]]);
      for (const [facet, code] of pairs) {
        if (code) yield { row, passage: cells.extract_id, facet, code, role: cells.role || ROLES[0] };
      }
    }
  }

  /** Return a coding under the names of the study; if it has none, its fault joins the faults. */
  function tidied({ row, passage, facet, code, role }, known, faults) {
    const found = Object.keys(known.passages).find((one) => plain(one) === plain(passage));
    const names = Object.hasOwn(known.names, plain(facet)) && known.names[plain(facet)];
    const problem =
      (!found && `there is no passage “${shortened(passage)}”`) ||
      (!names && `there is no facet “${shortened(facet)}”`) ||
      (!Object.hasOwn(names, plain(code)) && `${plain(facet)} has no code “${shortened(code)}”`) ||
      (!ROLES.includes(plain(role)) && `there is no role “${shortened(role)}”`);
    if (!problem) return { row, passage: found, facet: plain(facet), code: names[plain(code)], role: plain(role) };
    faults.push(`Row ${row}: ${problem}. It is left out.`);
    return null;
  }

  const shortened = (text) => (text.length > 60 ? `${text.slice(0, 60)} …` : text);

  /** Return the primary codes at the top level; where a passage has different ones, none is used: which was meant? */
  function chosen(codings, known, faults) {
    const codes = byFacet(known);
    const primary = codings.filter((coding) => coding.role === ROLES[0]);
    const seen = new Set();
    for (const one of primary) {
      const same = primary.filter((other) => other.passage === one.passage && other.facet === one.facet);
      const key = `${one.passage} ${one.facet}`;
      if (same.some((other) => other.code !== one.code)) {
        const several = [...new Set(same.map((other) => other.code))].sort().join(" and ");
        faults.push(`Row ${one.row}: ${one.passage} is coded for ${one.facet} as ${several}; none is used.`);
      } else if (seen.has(key)) {
        faults.push(`Row ${one.row}: an earlier row says the same of ${one.passage}. Nothing is lost by it.`);
      } else if (known.tops[one.facet][one.code]) {
        codes[one.facet].set(one.passage, known.tops[one.facet][one.code]);
      }
      seen.add(key);
    }
    return codes;
  }

  const byFacet = (known) => Object.fromEntries(Object.keys(known.names).map((facet) => [facet, new Map()]));

  compendium.codings = { written, read };
}
