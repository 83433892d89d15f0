"use strict";
/**
 * The texts of a reader's copy of the article: from a PDF, a Word document, a saved web page or a text file, the last two as
 * `analysis.wording.copies` takes them. A text to search is `{ text, placeOf, pageOf }`: the two functions take a place in it
 * to the place in the text before lines were joined, and to the number of a page, where the copy has pages.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const LARGEST = 30_000_000; // bytes; a saved web page with its pictures inside has a few million
  const LONGEST = 1_500_000; // characters; an article has a few ten thousand
  // A hyphen at the end of a line may divide a word or belong to it; a soft one always divides.
  const HYPHEN_AT_LINE_END = /(?<=([\p{L}\p{N}_]+))([-\u00ad\u2010\u2011])\s*\n\s*(?=([\p{L}\p{N}_]+))/gu;
  const COMPOUND = /[\p{L}\p{N}_]+(?:[-\u2010\u2011][\p{L}\p{N}_]+)*/gu;
  const SOFT = "\u00ad";

  class NoCopy extends Error {}

  /**
   * Return the texts that a file may be meant to have; throw NoCopy, with what to do, for one that cannot be read. `stop` is a
   * signal that ends the reading of a PDF.
   */
  async function textsOfFile(file, blocks, stop) {
    if (file.size > LARGEST) throw new NoCopy("The file is too big to be the article. Choose a copy of its text.");
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (startOf(bytes, 1024).includes("%PDF-")) return textsOfPdf(bytes, stop);
    if (startOf(bytes, 4) === "PK\u0003\u0004") return textsOf(await documentText(bytes));
    if (startOf(bytes, 4) === "\u00d0\u00cf\u0011\u00e0") {
      throw new NoCopy("This is an older or a protected document of Word. Save it as .docx or as plain text, without a password.");
    }
    return textsOf(
      isPage(file.name, bytes) ? pageText(decoded(bytes, declared(bytes), "windows-1252"), blocks) : decoded(bytes),
    );
  }

  async function textsOfPdf(bytes, stop) {
    if (!compendium.textsOfPdf) throw new NoCopy(PDF_FAULTS.NotLoaded);
    let texts;
    try {
      texts = await compendium.textsOfPdf(bytes, stop);
    } catch (fault) {
      if (fault === stop.reason) throw fault;
      throw new NoCopy(PDF_FAULTS[fault.name] ?? `${PDF_FAULTS.InvalidPDFException} (${fault.message})`);
    }
    if (!texts[0].text.trim()) {
      throw new NoCopy(
        "This PDF has pictures of pages and no text. Have a program recognise its text (OCR), or choose another copy.",
      );
    }
    return different(texts.flatMap(({ text, starts }) => textsOf(text, starts)));
  }

  const NOT_LOADED = "could not be loaded. Reload the page, or paste the text of your copy.";
  const PDF_FAULTS = {
    NotLoaded: `The reader of PDFs ${NOT_LOADED}`,
    PasswordException: "This PDF is encrypted. Print or save it as a PDF without a password first.",
    RangeError: "This PDF has too many pages to be the article. Choose a copy of it alone.",
    InvalidPDFException: "This PDF is damaged. Download it again, or choose another copy.",
  };

  async function documentText(bytes) {
    if (!compendium.textOfDocx) throw new NoCopy(`The reader of documents of Word ${NOT_LOADED}`);
    let text;
    try {
      text = await compendium.textOfDocx(bytes);
    } catch {
      throw new NoCopy("This document of Word is damaged. Save it again, or choose another copy.");
    }
    if (text === null) throw new NoCopy("This is an archive or another kind of document. Save it as .docx, PDF or plain text.");
    return text;
  }

  /**
   * Return a text as it may be read where lines end in a hyphen: joined where the rest of the text does not write the word with
   * a hyphen, all joined, and as it is. `starts` are the places where pages start.
   */
  function textsOf(text, starts) {
    if (!text.trim()) throw new NoCopy("There is no text in it. Choose a complete copy of the article.");
    if (text.length > LONGEST) throw new NoCopy("The text is too long to be the article. Choose a copy of it alone.");
    const soft = (_, hyphen) => hyphen === SOFT;
    return different([dividing(text), () => true, soft].map((divides) => joined(text, divides, starts)));
  }

  const different = (texts) => texts.filter(({ text }, place) => texts.findIndex((one) => one.text === text) === place);

  /** Return a function that tells whether a hyphen divides a word: unless the text has it with a hyphen inside a line, and more often. */
  function dividing(text) {
    const counts = new Map();
    for (const [word] of text.matchAll(COMPOUND)) {
      const parts = word.toLowerCase().split(/[-\u2010\u2011]/u);
      for (let at = 1; at < parts.length; at += 1) count(`${parts[at - 1]}-${parts[at]}`);
      if (parts.length === 1) count(parts[0]);
    }
    function count(word) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const often = (word) => counts.get(word.toLowerCase()) ?? 0;
    return (before, hyphen, after) => hyphen === SOFT || often(`${before}-${after}`) <= often(before + after);
  }

  /** Return a text with those of its lines joined whose hyphen divides a word. */
  function joined(text, divides, starts) {
    const removed = [];
    const whole = text.replace(HYPHEN_AT_LINE_END, (mark, before, hyphen, after, at) => {
      if (!divides(before, hyphen, after)) return mark;
      removed.push([at, mark.length]);
      return "";
    });
    const placeOf = (place) => removed.reduce((sum, [at, length]) => (at <= sum ? sum + length : sum), place);
    const pageOf = (place) => starts && starts.filter((start) => start <= placeOf(place)).length;
    return { text: whole, placeOf, pageOf };
  }

  const startOf = (bytes, length) => new TextDecoder("latin1").decode(bytes.subarray(0, length));

  const isPage = (name, bytes) =>
    /\.x?html?$/i.test(name) || /^\s*(?:\u00ef\u00bb\u00bf)?<(?:!doctype html|html)/i.test(startOf(bytes, 1024));

  /** Return the encoding that a web page declares, or an empty text. */
  function declared(bytes) {
    return /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(startOf(bytes, 4096))?.[1] ?? "";
  }

  /** Return bytes as a text: by their byte order mark, else as UTF-8, else in one of the other encodings. */
  function decoded(bytes, ...otherwise) {
    const marked =
      (bytes[0] === 0xff && bytes[1] === 0xfe && "utf-16le") || (bytes[0] === 0xfe && bytes[1] === 0xff && "utf-16be");
    for (const encoding of marked ? [marked] : ["utf-8", ...otherwise].filter(Boolean)) {
      try {
        const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
        if (!text.includes("\0")) return text;
      } catch {
        // neither this encoding nor, for a page that declares one, a known name: try the next
      }
    }
    throw new NoCopy(
      "The file is no text in UTF-8: it is a picture or a program, or has another encoding. Save it as UTF-8 text or as HTML.",
    );
  }

  /** Return the text of a web page. It is parsed apart from this page: nothing in it runs or is loaded. */
  function pageText(markup, blocks) {
    const page = new DOMParser().parseFromString(markup, "text/html");
    for (const unseen of page.querySelectorAll("script, style, noscript, template")) unseen.remove();
    // Inline markup must not split a word, block markup must not join two.
    for (const block of page.querySelectorAll(blocks.join(","))) {
      block.before("\n");
      block.after("\n");
    }
    return page.documentElement.textContent;
  }

  compendium.copyText = { textsOfFile, textsOf, NoCopy };
}
