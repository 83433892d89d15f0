"use strict";
/** XML of REFI-QDA: written out as text, read by the browser's own parser, and what the standard has no place for. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu; // characters that XML 1.0 cannot hold
  const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;" };
  const OURS = "coding-workbench"; // the name of the processing instruction
  const ENCODED = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/;

  const cleaned = (value) => String(value).replace(IMPOSSIBLE, "");
  const escaped = (value, signs) => cleaned(value).replace(signs, (sign) => SIGNS[sign]);

  /** Return an element as text. Attributes without a value are left out; what is `inside` is XML already. */
  function tag(name, attributes, ...inside) {
    const given = Object.entries(attributes).filter(([, value]) => value !== "" && value !== undefined);
    const head = `${name}${given.map(([key, value]) => ` ${key}="${escaped(value, /[&<>"\r\n\t]/g)}"`).join("")}`;
    const content = inside.flat(Infinity).join("");
    return content ? `<${head}>${content}</${name}>` : `<${head}/>`;
  }

  /** Return an element with a text, or nothing for an empty text. */
  const texted = (name, value) => (cleaned(value) ? `<${name}>${escaped(value, /[&<>\r]/g)}</${name}>` : "");

  /**
   * Return a document. What the standard has no place for follows as a processing instruction, which the schemas allow and
   * which other programs pass over.
   */
  function documentOf(root, ours) {
    const data = JSON.stringify(ours).replaceAll(">", "\\u003e").replace(IMPOSSIBLE, inJson);
    return `<?xml version="1.0" encoding="utf-8"?>\n${root}\n<?${OURS} ${data}?>\n`;
  }

  const inJson = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

  // --- reading

  /** Return bytes as text: in the encoding of a byte order mark, else that which XML names, else UTF-8. */
  function decoded(bytes) {
    const [one, two] = bytes;
    const marked = one === 0xff && two === 0xfe ? "utf-16le" : one === 0xfe && two === 0xff ? "utf-16be" : "";
    const named = ENCODED.exec(new TextDecoder("latin1").decode(bytes.subarray(0, 200)))?.[1];
    try {
      return new TextDecoder(marked || (one === 0xef ? "utf-8" : named) || "utf-8").decode(bytes);
    } catch {
      throw new Error(`The file is in the encoding ${named}, which is not known here. Save it as UTF-8.`);
    }
  }

  /** Return the root of a document (text or bytes) that has one of some names; throw an Error for the reader. */
  function rootOf(document, ...names) {
    const text = typeof document === "string" ? document : decoded(document);
    const doctype =
      "The file declares a document type, which REFI-QDA does not need and attacks use. It was not opened.";
    if (/<!DOCTYPE/i.test(text.slice(0, text.search(/<[\p{L}_]/u)))) throw new Error(doctype);
    const parsed = new DOMParser().parseFromString(text.replace(/^\ufeff/, ""), "application/xml");
    if (parsed.doctype) throw new Error(doctype);
    if (parsed.getElementsByTagName("parsererror").length) {
      throw new Error("The file is not well-formed XML, or not all of it is there. Export it from the program again.");
    }
    const root = parsed.documentElement;
    if (names.includes(root.localName)) return root;
    throw new Error(`The file is not REFI-QDA: it begins with ${root.localName} instead of ${names.join(" or ")}.`);
  }

  /** Return what `documentOf` added for us, or null: anything may be in a file. */
  function oursOf(root) {
    const found = [...root.ownerDocument.childNodes].find(({ target }) => target === OURS);
    try {
      return found ? JSON.parse(found.data) : null;
    } catch {
      return null;
    }
  }

  /** Return the children of an element that have a name, in whatever namespace. */
  const children = (element, name) => [...(element?.children ?? [])].filter(({ localName }) => localName === name);
  const child = (element, name) => children(element, name)[0];
  const wordsIn = (element, name) => child(element, name)?.textContent ?? "";
  const get = (element, name) => element?.getAttribute(name) ?? "";

  /** Return a GUID in small letters and without braces; one of another form becomes one that belongs to it. */
  function guidFrom(given) {
    const plain = given
      .trim()
      .replace(/^\{(.*)\}$/, "$1")
      .toLowerCase();
    return !plain || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(plain) ? plain : wb.guidOf("foreign", plain);
  }

  wb.refi = { ...wb.refi };
  wb.refiXml = { tag, texted, documentOf, decoded, rootOf, oursOf, children, child, wordsIn, get, guidFrom };
}
