"use strict";
/**
 * Short hand-ins as a text to be pasted, and as a QR code that shows this text to a phone: `PIC1.`, the deflated JSON in base64url,
 * a full stop, and the first eight hexadecimal digits of its SHA-256. `analysis.teaching.lesson_hand_ins` reads the same.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const MARK = "PIC1.";
  const LARGEST = 4_000_000; // bytes of what is unpacked
  const LONGEST_QR = 1500; // characters; phones read no denser code from a screen
  const CODE = /^([A-Za-z0-9_-]+)\.([0-9a-f]{8})/;
  const BLANKS = /[ \t\n\r\f\v>\u00a0\u200b\ufeff]+/g; // mail programs break lines, and mark them

  const digestOf = (bytes) => compendium.sha256(bytes).slice(0, 8);

  /** Return what a stream makes of bytes; throw an Error if that is more than `most` bytes. */
  async function through(stream, bytes, most = Infinity) {
    const parts = [];
    let length = 0;
    const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length > most) {
        reader.cancel().catch(() => {});
        throw new Error("too large");
      }
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  /** Return a hand-in as a text to be pasted. */
  async function packed(handIn) {
    const bytes = new TextEncoder().encode(JSON.stringify(handIn));
    const deflated = await through(new CompressionStream("deflate-raw"), bytes);
    const code = btoa(Array.from(deflated, (byte) => String.fromCharCode(byte)).join(""));
    return `${MARK}${code.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}.${digestOf(bytes)}`;
  }

  /** Return the texts of JSON that are packed in a text, null for each that was cut short or changed. */
  async function unpacked(text) {
    return Promise.all(
      text
        .split(MARK)
        .slice(1)
        .map((part) => one(part.replace(BLANKS, ""))),
    );
  }

  async function one(part) {
    const match = CODE.exec(part);
    if (!match) return null;
    try {
      const bytes = Uint8Array.from(atob(match[1].replaceAll("-", "+").replaceAll("_", "/")), (sign) =>
        sign.charCodeAt(0),
      );
      const content = await through(new DecompressionStream("deflate-raw"), bytes, LARGEST);
      return digestOf(content) === match[2] ? new TextDecoder().decode(content) : null;
    } catch {
      return null;
    }
  }

  const isPasted = (text) => text.includes(MARK) && !text.startsWith("{");

  /**
   * Return a text as a QR code, an element of SVG that says `label`; null if it is too long for one that a phone can read.
   * `vendor/lean-qr/lean-qr.js` has to be loaded.
   */
  function qrCode(text, label) {
    if (text.length > LONGEST_QR) return null;
    const { generate, correction } = globalThis.leanQr;
    const code = generate(text, { minCorrectionLevel: correction.L });
    const edge = 4; // the quiet zone that readers need
    const path = [];
    for (let row = 0; row < code.size; row += 1) {
      for (let from = 0; from < code.size; from += 1) {
        if (!code.get(from, row)) continue;
        let to = from + 1;
        while (to < code.size && code.get(to, row)) to += 1;
        path.push(`M${from + edge} ${row + edge}h${to - from}v1h${from - to}z`);
        from = to;
      }
    }
    const drawn = (tag, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      return made;
    };
    const size = code.size + 2 * edge;
    // Dark on light in every scheme: not all readers know the other way round.
    const svg = drawn("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, class: "qr-code", "shape-rendering": "crispEdges" }); // prettier-ignore
    svg.append(
      drawn("rect", { width: size, height: size, fill: "#fff" }),
      drawn("path", { d: path.join(""), fill: "#000" }),
    );
    return svg;
  }

  compendium.handInCodes = { packed, unpacked, isPasted, qrCode, LONGEST_QR, LARGEST };
}
