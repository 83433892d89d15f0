"use strict";
/** The text of a Word document (`.docx`): an archive with a part in XML, which the browser unpacks and parses itself. */
{
  const compendium = (globalThis.compendium ??= {});
  const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  const FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006";
  const PARTS = ["word/document.xml", "word/footnotes.xml", "word/endnotes.xml"];
  const LARGEST = 60_000_000; // bytes of a part, unpacked
  const END = 0x06054b50; // marks of the format: the end of the list of files, a file in the list
  const LISTED = 0x02014b50;

  /** Return the text of a document; null for an archive that is none. Throw RangeError or TypeError for a damaged one. */
  async function textOfDocx(bytes) {
    const files = listed(bytes);
    if (!files.has(PARTS[0])) return null;
    const parts = PARTS.filter((name) => files.has(name)).map((name) => unpacked(bytes, files.get(name)));
    return (await Promise.all(parts)).map(textOfPart).join("\n");
  }

  /** Map the names of the files in an archive to where they are, how many bytes they take, and how they are packed. */
  function listed(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let end = bytes.length - 22;
    while (view.getUint32(end, true) !== END) end -= 1; // a RangeError where there is none
    const files = new Map();
    for (let at = view.getUint32(end + 16, true); view.getUint32(at, true) === LISTED; ) {
      const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
      const [size, header] = [20, 42].map((place) => view.getUint32(at + place, true));
      const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
      const method = view.getUint16(at + 10, true);
      files.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), { start, size, method });
      at += 46 + name + extra + comment;
    }
    return files;
  }

  async function unpacked(bytes, { start, size, method }) {
    const packed = new Blob([bytes.subarray(start, start + size)]).stream();
    const content = method ? packed.pipeThrough(new DecompressionStream("deflate-raw")) : packed;
    const text = new TextDecoder();
    let [read, whole] = [0, ""];
    for (const reader = content.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return whole + text.decode();
      read += value.length;
      if (read > LARGEST) throw new RangeError("unpacked, the document is too big");
      whole += text.decode(value, { stream: true });
    }
  }

  function textOfPart(markup) {
    const part = new DOMParser().parseFromString(markup, "application/xml");
    for (const twice of [...part.getElementsByTagNameNS(FALLBACK, "Fallback")]) twice.remove();
    const signs = { p: () => "\n", br: () => "\n", tab: () => " ", noBreakHyphen: () => "-", softHyphen: () => "\u00ad" };
    const texts = { ...signs, t: (element) => element.textContent };
    return Array.from(part.getElementsByTagNameNS(WORD, "*"), (one) => texts[one.localName]?.(one) ?? "").join("");
  }

  compendium.textOfDocx = textOfDocx;
}
