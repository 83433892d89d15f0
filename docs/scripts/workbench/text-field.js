"use strict";
/**
 * The text as the page shows it: a field that takes no input, so that carets, selections and screen readers work as in any
 * text. Each line that is not blank is a paragraph with one text node. Places of the page are UTF-16 units within these
 * nodes; everything outside this file counts code points of the content. The content is never read from the page.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const LONG = 6_000; // units from which only what is in sight is laid out and painted
  const PART = 1_000; // units in a part of a long text
  const HINTS = [
    ["transcript-by-keys", "Read-only text. Select a passage and press Enter to give it a code. ? lists the keys."],
    ["transcript-by-touch", "Read-only text. Touch and hold a word to select it, then move the handles."],
  ];
  const ATTRIBUTES = {
    role: "textbox",
    "aria-multiline": "true",
    "aria-readonly": "true",
    contenteditable: "true",
    tabindex: "0",
    inputmode: "none", // no keyboard on a touch screen
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
    autocomplete: "off",
    writingsuggestions: "false",
    translate: "no",
    "data-gramm": "false", // asks a wide-spread extension not to mark words
  };

  /** Return the lines of a text that are not blank, in UTF-16 units; `apart` is true after a blank line. */
  wb.linesOf = (content) => {
    const lines = [];
    let apart = false;
    for (let start = 0; start <= content.length;) {
      const found = content.indexOf("\n", start);
      const end = found < 0 ? content.length : found;
      if (/\S/.test(content.slice(start, end))) {
        lines.push({ start, end, apart: apart && lines.length > 0 });
        apart = false;
      } else apart = true;
      start = end + 1;
    }
    return lines.length ? lines : [{ start: 0, end: 0, apart: false }];
  };

  /** Return the last place of a sorted list of which `fits` is true, or 0. */
  wb.lastOf = (list, fits) => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fits(list[middle])) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  };

  /** Return the parts of a long text, each of some screens, with the first and the last of its lines. */
  function partsOf(lines, isLong) {
    const parts = [];
    if (!isLong) return parts;
    lines.forEach(({ start, end }, n) => {
      const last = parts.at(-1);
      if (last && last.units < PART) Object.assign(last, { to: n, units: last.units + end - start + 60 });
      else parts.push({ from: n, to: n, units: end - start + 60 });
    });
    return parts;
  }

  /** Show a text in an element; return how places and the page belong together. */
  wb.textField = ({ host, content, language, label }) => {
    const scale = wb.positions(content);
    const lines = wb.linesOf(content);
    const numbers = new WeakMap(); // paragraphs of the page → their place among the lines
    const isLong = content.length > LONG;
    const id = `transcript-hint-${Math.random().toString(36).slice(2)}`;
    const hint = element(
      "p",
      { class: "transcript-hint", id },
      ...HINTS.map(([name, text]) => element("span", { class: name }, text)),
    );
    for (const [name, value] of Object.entries(ATTRIBUTES)) host.setAttribute(name, value);
    host.setAttribute("aria-label", label ? `Text: ${label}` : "Text");
    host.setAttribute("aria-describedby", hint.id);
    host.setAttribute("lang", language);
    host.classList.add("transcript", "notranslate");
    host.classList.toggle("is-long", isLong);
    host.before(hint);

    let paragraphs = [];
    const parts = partsOf(lines, isLong).map((part) => ({ ...part, box: element("div") }));
    for (const { box, units } of parts) box.style.containIntrinsicBlockSize = `auto ${Math.round(units * 0.52)}px`; // a guess
    const watch = new MutationObserver(() => later(repair));
    const repairs = new Set();
    let waiting = 0;
    function later(task) {
      clearTimeout(waiting);
      waiting = setTimeout(task, 60);
    }
    function render() {
      paragraphs = lines.map(({ start, end, apart }, n) => {
        const text = end > start ? content.slice(start, end) : element("br");
        const paragraph = element("p", apart ? { class: "apart" } : {}, text);
        numbers.set(paragraph, n);
        return paragraph;
      });
      if (isLong) parts.forEach((part) => part.box.replaceChildren(...paragraphs.slice(part.from, part.to + 1)));
      host.replaceChildren(...(isLong ? parts.map(({ box }) => box) : paragraphs));
      watch.takeRecords();
    }
    function isSpoiled() {
      const holds = (box, made) =>
        box.childNodes.length === made.length && made.every((one, n) => box.childNodes[n] === one);
      const isWhole = isLong
        ? holds(
            host,
            parts.map(({ box }) => box),
          ) && parts.every(({ box, from, to }) => holds(box, paragraphs.slice(from, to + 1)))
        : holds(host, paragraphs);
      return !isWhole || paragraphs.some(isChanged);
    }
    const isChanged = (paragraph, n) => {
      const { start, end } = lines[n];
      const [node, ...more] = paragraph.childNodes;
      if (more.length || !node) return true;
      return end > start && (node.nodeType !== 3 || node.data !== content.slice(start, end));
    };
    /** Show the content again where something else changed the page: an input method, an extension, a translation. */
    function repair() {
      watch.takeRecords();
      if (!isSpoiled()) return;
      render();
      for (const listener of repairs) listener();
    }

    const lineAt = (units) => wb.lastOf(lines, (line) => line.start <= units);
    const toPage = (units) => {
      const n = lineAt(units);
      const [node] = paragraphs[n].childNodes;
      return node.nodeType === 3
        ? [node, Math.max(0, Math.min(units - lines[n].start, node.length))]
        : [paragraphs[n], 0];
    };
    /** Return the place of a point of the page, or null where the node is none of the text. */
    const fromPage = (node, offset) => {
      const paragraph = node.nodeType === 3 ? node.parentNode : node;
      const line = lines[numbers.get(paragraph)];
      if (line && node.nodeType === 3) return Math.min(line.start + offset, line.end);
      if (line) return offset ? line.end : line.start;
      const child = node.childNodes[offset]; // of the whole text or of a part
      const first = (one) => lines[numbers.get(numbers.has(one) ? one : one.firstChild)]?.start ?? null;
      const last = (one) => lines[numbers.get(numbers.has(one) ? one : one.lastChild)]?.end ?? null;
      if (child) return first(child);
      return node.lastChild ? last(node.lastChild) : null;
    };
    /** Return a range for a highlight. It is static: browsers look through all live ones whenever a node is removed. */
    const rangeOf = ({ start, end }) => {
      const [[startContainer, startOffset], [endContainer, endOffset]] = [start, end].map((at) =>
        toPage(scale.toUnits(at)),
      );
      return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
    };
    const measure = new Range();
    /** Return a range to measure a place by, until the next is measured. */
    const measured = ({ start, end }) => {
      measure.setStart(...toPage(scale.toUnits(start)));
      measure.setEnd(...toPage(scale.toUnits(end)));
      return measure;
    };

    /** Return the place that is selected in the text, or null where it is elsewhere. What begins or ends outside is cut. */
    function selected() {
      const selection = getSelection();
      if (!selection.rangeCount) return null;
      const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
      const [hasAnchor, hasFocus] = [anchorNode, focusNode].map((node) => host.contains(node));
      if (!hasAnchor && !hasFocus) return null;
      const beyond = hasAnchor === hasFocus ? null : host.compareDocumentPosition(hasAnchor ? focusNode : anchorNode);
      const outside = beyond & Node.DOCUMENT_POSITION_PRECEDING ? 0 : content.length;
      const anchor = hasAnchor ? fromPage(anchorNode, anchorOffset) : outside;
      const focus = hasFocus ? fromPage(focusNode, focusOffset) : outside;
      if (anchor === null || focus === null) return null;
      const [start, end, caret] = [Math.min(anchor, focus), Math.max(anchor, focus), focus].map(scale.toPoints);
      return { start, end, caret };
    }
    function select({ start, end, caret }) {
      const [from, to] = [start, end].map((place) => toPage(scale.toUnits(place)));
      const ends = caret === start ? [...to, ...from] : [...from, ...to];
      getSelection().setBaseAndExtent(...ends);
    }

    /** Return the place nearest to a point of the screen, or null. */
    function placeAt(x, y) {
      const box = host.getBoundingClientRect();
      const within = (value, low, high) => Math.min(Math.max(value, low + 2), high - 2);
      const point = [
        within(x, box.left, box.right),
        within(y, Math.max(box.top, 0), Math.min(box.bottom, innerHeight)),
      ];
      const found = document.caretPositionFromPoint?.(...point);
      const range = found ? null : document.caretRangeFromPoint?.(...point);
      const [node, offset] = found ? [found.offsetNode, found.offset] : [range?.startContainer, range?.startOffset];
      if (!node || !host.contains(node)) return null;
      const units = fromPage(node, offset);
      return units === null ? null : scale.toPoints(units);
    }

    /** Return the place of the parts in sight, and of those within as much as `screens` before and after. */
    function inSight(screens) {
      const edge = innerHeight * screens;
      const from = wb.lastOf(parts, ({ box }) => box.getBoundingClientRect().bottom < -edge);
      const to = wb.lastOf(parts, ({ box }) => box.getBoundingClientRect().top < innerHeight + edge);
      const [start, end] = [lines[parts[from].from].start, lines[parts[to].to].end].map(scale.toPoints);
      return { start, end };
    }

    // Nothing changes the text: no typing, pasting, cutting, dropping.
    const refused = ["beforeinput", "paste", "cut", "drop", "dragstart"];
    const refuse = (event) => event.preventDefault();
    for (const name of refused) host.addEventListener(name, refuse);
    const copy = (event) => {
      const place = selected();
      if (!place || place.end === place.start) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", content.slice(scale.toUnits(place.start), scale.toUnits(place.end)));
    };
    host.addEventListener("copy", copy);
    // An input method cannot be refused; leaving the field ends it, and what it wrote is put right.
    const compose = () => {
      host.blur();
      later(repair);
    };
    host.addEventListener("compositionstart", compose);

    host.replaceChildren();
    render();
    watch.observe(host, { childList: true, characterData: true, subtree: true });

    return {
      scale,
      lines,
      isLong,
      rangeOf,
      measured,
      selected,
      placeAt,
      select,
      inSight,
      get paragraphs() {
        return paragraphs;
      },
      lineAt: (points) => lineAt(scale.toUnits(points)),
      text: ({ start, end }) => content.slice(scale.toUnits(start), scale.toUnits(end)),
      onRepair: (listener) => repairs.add(listener),
      destroy() {
        clearTimeout(waiting);
        watch.disconnect();
        for (const name of refused) host.removeEventListener(name, refuse);
        host.removeEventListener("copy", copy);
        host.removeEventListener("compositionstart", compose);
        for (const name of Object.keys(ATTRIBUTES)) host.removeAttribute(name);
        for (const name of ["aria-label", "aria-describedby", "lang"]) host.removeAttribute(name);
        host.classList.remove("transcript", "notranslate", "is-long");
        hint.remove();
        host.replaceChildren();
      },
    };
  };
}
