"use strict";
/** The text of a reader's copy of the article: from a text file or a saved web page, as `analysis.wording.copies` takes it. */
{
  const compendium = (globalThis.compendium ??= {});
  const LARGEST = 30_000_000; // bytes; a saved web page with its pictures inside has a few million
  const LONGEST = 1_500_000; // characters; an article has a few ten thousand
  // A hyphen at the end of a line may divide a word or belong to it.
  const HYPHEN_AT_LINE_END = /(?<=[\p{L}\p{N}_])[-\u2010\u2011]\s*\n\s*(?=[\p{L}\p{N}_])/gu;

  class NoCopy extends Error {}

  /** Return the texts that a file may be meant to have; throw NoCopy, with what to do, for one that cannot be read. */
  async function textsOfFile(file, blocks) {
    if (file.size > LARGEST) throw new NoCopy("The file is too big to be the article. Choose a copy of its text.");
    const bytes = new Uint8Array(await file.arrayBuffer());
    refuse(bytes);
    return textsOf(
      isPage(file.name, bytes) ? pageText(decoded(bytes, declared(bytes), "windows-1252"), blocks) : decoded(bytes),
    );
  }

  /** Return a text as it is and, where a line ends in a hyphen, with the lines joined. */
  function textsOf(text) {
    if (!text.trim()) throw new NoCopy("There is no text in it. Choose a complete copy of the article.");
    if (text.length > LONGEST) throw new NoCopy("The text is too long to be the article. Choose a copy of it alone.");
    const joined = text.replace(HYPHEN_AT_LINE_END, "");
    return joined === text ? [text] : [joined, text];
  }

  function refuse(bytes) {
    const begins = (text) => startOf(bytes, 1024).trimStart().startsWith(text);
    if (begins("%PDF-")) {
      throw new NoCopy(
        "This is a PDF, which this page does not read. Save the article’s web page as HTML, or copy the text of the PDF " +
          "and paste it below. On a machine with the compendium, “python -m analysis quotations verify” reads PDFs.",
      );
    }
    if (begins("PK\u0003\u0004") || begins("\u00d0\u00cf\u0011\u00e0")) {
      throw new NoCopy("This is a document of an office program, or an archive. Save it as plain text or HTML first.");
    }
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
