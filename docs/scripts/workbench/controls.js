"use strict";
/** Buttons, fields and quotes that the views of the workbench share. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const scales = new Map(); // from the digest of a text to its positions
  let made = 0;

  /** Return an identifier for an element that no other element has. */
  wb.id = () => `wb-${(made += 1)}`;

  /** Return a button that calls `action` with its event. */
  wb.button = (text, action, attributes = {}) => {
    const button = element("button", { type: "button", class: "wb-button", ...attributes }, text);
    if (action) button.addEventListener("click", action);
    return button;
  };

  /** Return a button whose press leaves the selection in the text as it is. */
  wb.buttonBesideText = (...given) => {
    const button = wb.button(...given);
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("mousedown", (event) => event.preventDefault());
    return button;
  };

  /**
   * Return a paragraph with a label and its field: one line, or a text area of some `rows`, or a choice of `options`
   * ([value, text]). `change` is called with the value once it was changed.
   */
  wb.field = ({ label, value = "", rows = 0, options = null, note = "", change = null, ...attributes }) => {
    const id = wb.id();
    const given = { id, autocomplete: "off", ...attributes };
    if (note) given["aria-describedby"] = `${id}-note`;
    const input = options
      ? choice(options, given)
      : rows
        ? element("textarea", { rows, ...given })
        : element("input", { type: "text", ...given });
    input.value = value;
    if (change) input.addEventListener("change", () => change(input.value, input));
    const told = note ? [element("small", { id: `${id}-note` }, note)] : [];
    return element("p", { class: "wb-field" }, element("label", { for: id }, label), input, ...told);
  };

  function choice(options, attributes) {
    return element("select", attributes, ...options.map(([value, text]) => element("option", { value }, text)));
  }

  /** Return the field within what `wb.field` made. */
  wb.inputOf = (paragraph) => paragraph.querySelector("input, textarea, select");

  /** Return the coloured sign of a code, which is never without its name. */
  wb.swatch = (code) => {
    const sign = element("span", { class: "wb-swatch", "aria-hidden": "true" });
    sign.style.background = code.colour;
    return sign;
  };

  const MEANING = [
    ["definition", ""],
    ["include", "Include: "],
    ["exclude", "Exclude: "],
    ["example", "Example: "],
  ];

  /** Return paragraphs with what a code means. */
  wb.meaningOf = (code) => {
    const said = MEANING.filter(([name]) => code[name]).map(([name, label]) =>
      element("p", {}, ...(label ? [element("strong", {}, label)] : []), code[name]),
    );
    return said.length ? said : [element("p", { class: "wb-quiet" }, "No definition yet.")];
  };

  /** Return the words of a place of a text, blanks made single; of long ones the beginning and the end. */
  wb.quoted = (text, { start, end }, most = 160) => {
    if (!scales.has(text.sha256)) scales.set(text.sha256, wb.positions(text.content));
    const scale = scales.get(text.sha256);
    const quote = text.content.slice(scale.toUnits(start), scale.toUnits(end)).replace(/\s+/g, " ").trim();
    const signs = quote.length > most ? [...quote] : [];
    if (signs.length <= most) return quote;
    return `${signs
      .slice(0, most / 2)
      .join("")
      .trim()} … ${signs
      .slice(-most / 2)
      .join("")
      .trim()}`;
  };

  /** Return how many words a place of a text has. */
  wb.wordsIn = (text, place) => wb.quoted(text, place, Infinity).split(" ").filter(Boolean).length;

  /** Return the time now as files have it. */
  wb.timeNow = () => new Date().toISOString().replace(/\.\d+/, "");

  /** Move the focus to an element that may not take it by itself. */
  wb.focusOn = (one) => {
    if (!one) return;
    if (one.tabIndex < 0 && !one.hasAttribute("tabindex")) one.setAttribute("tabindex", "-1");
    one.focus({ preventScroll: true });
  };

  /** Return a count of a noun: `no codings`, `1 coding`, `12 codings`. */
  wb.number = (count, noun, plural = `${noun}s`) => `${count || "no"} ${count === 1 ? noun : plural}`;
}
