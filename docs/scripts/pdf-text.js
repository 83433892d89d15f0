"use strict";
/** The text of a PDF, by pdf.js, which is loaded when the first PDF comes. It reads in a worker, which a hostile file may block. */
{
  const compendium = (globalThis.compendium ??= {});
  const LIBRARY = new URL("../vendor/pdfjs/pdfjs.js", document.currentScript.src).href;
  const MOST = 400; // pages; the article has some twenty
  const WIDE_GAP = 0.8; // of the size of the type: between columns, and not between words
  const RAISED = 0.15; // of the same: marks of notes, which are no part of a word
  const SMALL = 0.93; // of the commonest size of the type: notes, captions, heads
  // What text does not need: other files, fonts of the system, programs in the file.
  const FRUGAL = { useWasm: false, useSystemFonts: false, disableFontFace: true, enableXfa: false, verbosity: 0 };
  const READING = { ...FRUGAL, useWorkerFetch: false, isOffscreenCanvasSupported: false };

  /**
   * Return the texts of a PDF, each with the places where its pages start: as the file has it, column by column as its
   * places on the page say, and without small type, which may interrupt a passage at the end of a page. `stop` is a signal
   * that ends the reading. Throw errors of pdf.js, or a RangeError for a file of too many pages.
   */
  async function textsOfPdf(bytes, stop) {
    const pages = await pagesOf(bytes, stop);
    const kept = withoutFurniture(pages.map((items) => piecesOf(upright(items))));
    const size = commonest(kept.flat());
    const large = kept.map((pieces) => pieces.filter((piece) => piece.size >= SMALL * size));
    return [kept, kept.map(byColumn), large, large.map(byColumn)].map(textOf);
  }

  async function pagesOf(bytes, stop) {
    const library = await loaded();
    const native = new Worker(addressOf(classic(globalThis.pdfjsSources.worker)));
    const worker = library.PDFWorker.create({ port: native, verbosity: 0 });
    const task = library.getDocument({ ...READING, data: bytes, worker });
    const end = () => (native.terminate(), task.destroy().catch(() => {}));
    const stopped = new Promise((_, reject) => {
      stop.addEventListener("abort", () => reject(stop.reason));
      native.addEventListener("error", () => reject(new Error("the reader stopped")));
    });
    try {
      return await Promise.race([itemsOf(task), stopped]);
    } finally {
      end();
    }
  }

  async function itemsOf(task) {
    const opened = await task.promise;
    if (opened.numPages > MOST) throw new RangeError(`${opened.numPages} pages`);
    const pages = [];
    for (let number = 1; number <= opened.numPages; number += 1) {
      const page = await opened.getPage(number);
      pages.push((await page.getTextContent()).items);
    }
    return pages;
  }

  // --- loading pdf.js

  async function loaded() {
    if (!globalThis.pdfjsLib) {
      if (!globalThis.pdfjsSources) await run(LIBRARY);
      await run(addressOf(`(() => {${classic(globalThis.pdfjsSources.reader)}\n})();`));
    }
    return globalThis.pdfjsLib;
  }

  class NotLoaded extends Error {
    name = "NotLoaded";
  }

  /** pdf.js comes as modules, which browsers refuse on pages opened from a folder. Both set a global name, too. */
  const classic = (module) =>
    module.replace(/export\s*\{[^{}]*\};?\s*$/, "").replaceAll("import.meta.url", "location.href");

  const addressOf = (script) => URL.createObjectURL(new Blob([script], { type: "text/javascript" }));

  function run(address) {
    return new Promise((resolve, reject) => {
      const script = compendium.element("script", { src: address });
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new NotLoaded()));
      document.head.append(script);
    });
  }

  // --- from places on the page to lines

  /** Leave out what runs in another direction than most of a page: marks of a download in the margin. */
  function upright(items) {
    const direction = ({ transform: [a, b] }) => Math.round(Math.atan2(b, a) * 10);
    const most = mostOf(items, direction, (item) => item.str.length);
    return items.filter((item) => direction(item) === most);
  }

  /** Join the parts of a line that are close together and at one height; `end` says that a line ends behind a piece. */
  function piecesOf(items) {
    const pieces = [];
    let open = false;
    for (const { str, transform, width, height, hasEOL: end } of items) {
      const [, , , , x, y] = transform;
      const last = pieces.at(-1);
      const apart = open && (x - last.right > WIDE_GAP * last.size || Math.abs(y - last.y) > RAISED * last.size);
      if (str.trim() && (!open || apart)) pieces.push({ text: str, x, y, right: x + width, size: height, end: false });
      else if (str.trim()) Object.assign(last, { text: last.text + str, right: x + width });
      else if (open && str) last.text += " ";
      if (str.trim()) open = true;
      if (end && pieces.length) pieces.at(-1).end = true;
      if (end) open = false;
    }
    return pieces;
  }

  /** Leave out running heads and feet: apart from digits the same, and at the same height, on a third of all pages. */
  function withoutFurniture(pages) {
    const key = ({ text, y }) => `${Math.round(y)} ${text.replace(/\d+/g, "#").trim()}`;
    const seen = new Map();
    for (const pieces of pages) for (const one of new Set(pieces.map(key))) seen.set(one, (seen.get(one) ?? 0) + 1);
    const often = Math.max(2, pages.length / 3);
    return pages.map((pieces) => pieces.filter((piece) => seen.get(key(piece)) < often));
  }

  /** Return the pieces of a page from top to bottom: the left column before the right one, between what is as wide as both. */
  function byColumn(pieces) {
    const middle = (Math.min(...pieces.map(({ x }) => x)) + Math.max(...pieces.map(({ right }) => right))) / 2;
    const row = ({ y, size }) => Math.round(y / (size / 2 || 1));
    const down = [...pieces].sort((one, other) => row(other) - row(one) || one.x - other.x);
    const ordered = [];
    let columns = [[], []];
    for (const piece of down) {
      if (piece.x < middle && piece.right > middle + piece.size) {
        ordered.push(...columns.flat(), piece);
        columns = [[], []];
      } else columns[piece.x < middle ? 0 : 1].push(piece);
    }
    return [...ordered, ...columns.flat()].map((piece) => ({ ...piece, end: true }));
  }

  const commonest = (pieces) =>
    mostOf(
      pieces,
      ({ size }) => Math.round(size * 2) / 2,
      ({ text }) => text.length,
    );

  /** Return the value that most have, each counted by its weight. */
  function mostOf(all, value, weight) {
    const sums = new Map();
    for (const one of all) sums.set(value(one), (sums.get(value(one)) ?? 0) + weight(one));
    return [...sums].reduce((most, one) => (one[1] > most[1] ? one : most), [0, -1])[0];
  }

  function textOf(pages) {
    const starts = [];
    let text = "";
    for (const pieces of pages) {
      starts.push(text.length);
      for (const { text: part, end } of pieces) text += part + (end ? "\n" : " ");
      text += "\n";
    }
    return { text, starts };
  }

  compendium.textsOfPdf = textsOfPdf;
}
