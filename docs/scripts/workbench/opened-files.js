"use strict";
/**
 * Files that readers open: what each is, by its content and not by its name. All stays in this tab. What cannot be opened is an
 * Error that says what the file is, and what to do.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const LARGEST = 100_000_000; // bytes of a file
  const AS_TEXT = "save it as .docx or as plain text (.txt), and open that";

  /**
   * Return what a file holds: `kind` and `notes` (sentences for the reader), with `work`; `packet`; `codebook` and `codes`;
   * `works` (a project or a table); `resolution`; or `text`, a text to code.
   */
  wb.openFile = async (file) => {
    if (file.size > LARGEST)
      throw new Error(`${file.name} is larger than 100 MB: open a file with one text or one project.`);
    const bytes = await bytesOf(file);
    if (!bytes.length) throw new Error(`${file.name} is empty: choose another file.`);
    const refused = REFUSED.find(([holds]) => holds(bytes));
    if (refused) throw new Error(`${file.name} is ${refused[1]}.`);
    const found = isArchive(bytes) ? await ofArchive(file.name, bytes) : await ofText(file.name, bytes);
    if (found.kind === "table") found.works = found.works.map((work) => ({ ...work, name: work.name || titleOf(file.name) })); // prettier-ignore
    const fault = (found.works ?? []).map(wb.works.fault).find(Boolean);
    if (fault) throw new Error(`${file.name}: ${fault}`);
    return { ...found, notes: found.notes ?? [] };
  };

  /** Return a text to code that a reader brought, or say why it is none. */
  wb.ownText = (name, content, more = {}) => {
    if (!content.trim()) throw new Error(`There is no text in ${name}: choose another file, or paste the text.`);
    const text = wb.textOf(name, content, { origin: "own", ...more });
    const most = wb.works.LONGEST;
    if (text.content.length > most) {
      const [found, limit] = [text.content.length, most].map((count) => count.toLocaleString("en"));
      throw new Error(`${name} has ${found} characters, and ${limit} can be coded as one text: split it into several.`);
    }
    return text;
  };

  async function bytesOf(file) {
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      throw new Error(`${file.name} could not be read: choose it again, and a file rather than a folder.`);
    }
  }

  // --- what is refused, by how it begins

  const begins = (signature, at = 0) => {
    const wanted = Array.from(signature, (sign) => sign.charCodeAt(0));
    return (bytes) => wanted.every((byte, place) => bytes[at + place] === byte);
  };
  const anyOf =
    (...tests) =>
    (bytes) =>
      tests.some((test) => test(bytes));
  const PICTURE = anyOf(begins("\x89PNG"), begins("\xff\xd8\xff"), begins("GIF8"), begins("II*\0"), begins("MM\0*"), begins("WEBP", 8)); // prettier-ignore
  const RECORDING = anyOf(begins("ID3"), begins("OggS"), begins("fLaC"), begins("WAVE", 8), begins("AVI ", 8), begins("ftyp", 4), begins("\x1aE\xdf\xa3"), begins("\xff\xfb")); // prettier-ignore
  const PACKED = anyOf(begins("\x1f\x8b"), begins("7z\xbc\xaf"), begins("Rar!"), begins("BZh"), begins("\xfd7zXZ"));
  const OPEN_DOCUMENT = begins("mimetypeapplication/vnd.oasis.opendocument", 30);
  const REFUSED = [
    [
      begins("%PDF"),
      "a PDF, whose lines and pages would cut the text: copy its text and paste it here, or export it as .docx",
    ],
    [PICTURE, "a picture: only text can be coded here, so type it, or have the text recognised elsewhere first"],
    [RECORDING, "a recording: transcribe it first, and open the transcript"],
    [begins("\xd0\xcf\x11\xe0"), `a Word file of the old kind: open it in Word or LibreOffice, ${AS_TEXT}`],
    [begins("{\\rtf"), `a file of rich text (RTF): open it in a word processor, ${AS_TEXT}`],
    [OPEN_DOCUMENT, `an OpenDocument file: open it in LibreOffice, ${AS_TEXT}`],
    [
      begins("SQLite format 3"),
      "a database: export a REFI-QDA project (.qdpx) from the program that made it, and open that",
    ],
    [PACKED, "a packed archive: unpack it, and open the files in it"],
  ];

  // --- archives

  const isArchive = anyOf(begins("PK\x03\x04"), begins("PK\x05\x06"));

  async function ofArchive(name, bytes) {
    const words = await wordsOf(bytes);
    if (typeof words === "string") return { kind: "text", text: wb.ownText(titleOf(name), words) };
    await wb.need?.("exchange");
    const kind = await within(name, () => wb.archiveKind(bytes));
    if (kind === "project") return { kind, ...(await within(name, () => wb.refi.readProject(bytes))) };
    if (kind === "study") return { kind: "table", ...(await within(name, () => wb.tables.read(bytes))) };
    if (kind === "document") throw new Error(`${name} is damaged: open it in a word processor and save it again.`);
    throw new Error(
      `${name} is an archive without a text, project or study in it: unpack it, and open the files in it.`,
    );
  }

  /** Return the words of a Word document, or nothing for an archive that is none, or is damaged. */
  async function wordsOf(bytes) {
    try {
      return (await compendium.textOfDocx(bytes))?.replace(/^\n+|\s+$/g, "");
    } catch {
      return null;
    }
  }

  /** Return what a reader of a format makes of a file; its faults begin with the name of the file. */
  async function within(name, read) {
    try {
      return await read();
    } catch (fault) {
      throw new Error(`${name}: ${fault.message}`);
    }
  }

  const titleOf = (name) => name.normalize("NFC").replace(/\.[A-Za-z0-9]{1,5}$/, "").trim() || "Text"; // prettier-ignore

  // --- texts

  async function ofText(name, bytes) {
    const { content, notes } = decoded(name, bytes);
    const beginning = content.slice(0, 2_000).trimStart();
    if (beginning.startsWith("{")) {
      const found = await ofJson(name, content);
      if (found) return found;
    }
    if (/^<\?xml|^<!doctype|^<html|^<(\w+:)?(Project|CodeBook)\b/i.test(beginning))
      return ofMarkup(name, bytes, content);
    const table = await ofTable(name, content);
    return table ?? { kind: "text", text: wb.ownText(titleOf(name), content), notes };
  }

  const MARKED = [
    [begins("\xef\xbb\xbf"), "utf-8"],
    [begins("\xff\xfe"), "utf-16le"],
    [begins("\xfe\xff"), "utf-16be"],
  ];

  /** Return the words of a file: by its mark, else as UTF-8, else as Windows wrote before that. */
  function decoded(name, bytes) {
    const marked = MARKED.find(([holds]) => holds(bytes))?.[1];
    if (!marked && hasControls(bytes)) throw new Error(`${name} is no text that this page can read: ${AS_TEXT}.`);
    const content = decodedAs(bytes, marked ?? "utf-8");
    if (content?.includes("\0")) throw new Error(`${name} is no text that this page can read: ${AS_TEXT}.`); // UTF-32
    if (content !== null) return { content, notes: [] };
    const begun = decodedAs(bytes, marked ?? "utf-8", { stream: true });
    if (begun !== null && (marked || /[^\0-\x7f]/.test(begun))) {
      return { content: begun, notes: [`${name} ends within a character. Check that the end of the text is there.`] };
    }
    if (marked) throw new Error(`${name} is damaged: save it again as UTF-8, or ask for it again.`);
    const note = `${name} is not in UTF-8 and was read as Windows-1252. Check that letters such as ä and é are right; if not, save it as UTF-8.`;
    return { content: decodedAs(bytes, "windows-1252"), notes: [note] };
  }

  function decodedAs(bytes, encoding, options) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes, options);
    } catch {
      return null;
    }
  }

  /** Tell what no text has: control characters other than tabs, breaks of lines and pages, and the end of old files. */
  const isControl = (byte) => byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 26;

  function hasControls(bytes) {
    for (let at = 0; at < bytes.length; at += 1) if (isControl(bytes[at])) return true; // of 20 MB, ten times faster than `some`
    return false;
  }

  // --- files of this page

  async function ofJson(name, content) {
    let data;
    try {
      data = JSON.parse(content);
    } catch {
      if (!/"format":\s*"(coded-text|codebook|coding-packet|coding-resolution)"/.test(content.slice(0, 2_000)))
        return null;
      throw new Error(
        `${name} is damaged, or not all of it is there: open an earlier copy, or ask for the file again.`,
      );
    }
    if (data.format === "coding-packet" || data.format === "coding-resolution") await wb.need?.("compare");
    if (data.format === "coding-resolution") return { kind: "resolution", resolution: data };
    const fault = wb.works.fault(data) || (data.format === "coding-packet" && wb.packets?.fault(data));
    if (fault) throw new Error(`${name}: ${fault}`);
    if (data.format === "coding-packet") return { kind: "packet", packet: data };
    const tidy = wb.works.tidy(data);
    return data.format === "codebook"
      ? { kind: "codebook", codebook: tidy.codebook, codes: tidy.codes }
      : { kind: "work", work: tidy };
  }

  async function ofMarkup(name, bytes, content) {
    const [, part] = /urn:QDA-XML:(codebook|project)/i.exec(content.slice(0, 2_000)) ?? [];
    if (!part) {
      throw new Error(
        `${name} is a page or data (HTML or XML): open it in a browser, copy its text, and paste it here.`,
      );
    }
    await wb.need?.("exchange");
    if (part === "project") return { kind: "project", ...(await within(name, () => wb.refi.readProject(bytes))) };
    return { kind: "codebook", ...(await within(name, () => wb.refi.readCodebook(content))) };
  }

  const TABLES = [
    ["source", "passage", "code"],
    ["document", "content", "tag"], // as Taguette writes it
  ];

  /** Return the codings of a table, or null for a text that is none. */
  async function ofTable(name, content) {
    const head = content
      .slice(0, 1_000)
      .split(/[\r\n]/, 1)[0]
      .toLowerCase()
      .replaceAll('"', "");
    const columns = head.split(/[,;\t]/).map((cell) => cell.trim());
    const has = (wanted) => wanted.every((column) => columns.includes(column));
    if (has(["extract_id", "facet", "code_id"])) {
      throw new Error(`${name} is a hand-in of “Code it yourself”: compare it on that page.`);
    }
    if (!TABLES.some(has)) return null;
    await wb.need?.("exchange");
    return { kind: "table", ...(await within(name, () => wb.tables.read(content))) };
  }
}
