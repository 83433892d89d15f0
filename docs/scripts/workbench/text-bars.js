"use strict";
/** Bars in the margin, one for each coding, in lanes: overlaps are seen without mixed colours. A press goes to the coding. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const LANE = 9; // pixels
  const MORE = 26; // of the button that stands for bars without a lane
  const GROUP = 4 * MORE; // bars without a lane that begin within this height share a button
  const NAMES = 56; // room that a name needs at least
  const NAME_HEIGHT = 19;
  const FINGER = 24; // how far from a bar a press may be

  /**
   * Put boxes with `top` and `bottom` into at most `most` lanes, those that begin first and are longest first.
   *
   * Return `placed`, a list of { box, lane, lanes } (`lanes`: how many the boxes that touch each other take), and `more`,
   * a list of { top, lanes, boxes } for those that found no lane.
   */
  wb.lanesOf = (boxes, most) => {
    const sorted = [...boxes].sort((one, other) => one.top - other.top || other.bottom - one.bottom);
    const placed = [];
    const more = [];
    let ends = [];
    let cluster = { lanes: 0 };
    let group = null;
    for (const box of sorted) {
      if (ends.every((end) => end <= box.top) && !(group && group.bottom > box.top)) {
        ends = [];
        cluster = { lanes: 0 };
      }
      const free = ends.findIndex((end) => end <= box.top);
      const lane = free < 0 ? ends.length : free;
      if (lane < most) {
        ends[lane] = box.bottom;
        cluster.lanes = Math.max(cluster.lanes, lane + 1);
        placed.push({ box, lane, cluster });
      } else if (group && box.top < group.top + GROUP) {
        group.boxes.push(box);
        group.bottom = Math.max(group.bottom, box.bottom);
      } else more.push((group = { top: box.top, bottom: box.bottom, lanes: most, boxes: [box] }));
    }
    return { placed: placed.map(({ box, lane, cluster }) => ({ box, lane, lanes: cluster.lanes })), more };
  };

  /** Return what draws bars in a margin beside a field; `press` is called with a coding. */
  wb.textBars = (field, margin, press) => {
    const buttons = new Map(); // GUID of a coding → its bar
    // One drawing: an element for each line would take the browser a third of the time that a mark has.
    const [lines, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    lines.setAttribute("class", "transcript-underlines");
    lines.append(path);
    margin.append(lines);
    const boxes = new Map(); // place → its top and bottom, as long as nothing moves
    let beyond = [];
    margin.classList.add("transcript-margin");
    margin.setAttribute("aria-hidden", "true"); // the same is said by keys, and listed beside the text
    let codingOf = new Map();

    // A finger is wider than a bar: the press goes to the nearest of the margin at its height, and again to the next one.
    let last = null;
    function pressed({ clientX, clientY, target }) {
      const hidden = beyond.find(({ button }) => button.contains(target));
      const near = hidden ? hidden.boxes.map(({ coding }) => coding) : nearest(clientX, clientY);
      if (!near.length) return;
      const key = near.map(({ guid }) => guid).join();
      const at = last?.key === key ? (last.at + 1) % near.length : 0;
      last = { key, at };
      press(near[at]);
    }
    /** Return the codings of the bars near a point of the screen, the nearest first. */
    function nearest(x, y) {
      const boxed = [...buttons.values()].map((button) => ({ button, box: button.getBoundingClientRect() }));
      const away = ({ box }) => Math.abs(box.left + LANE / 2 - x);
      return boxed
        .filter((one) => one.box.top - 4 <= y && y <= one.box.bottom + 4 && away(one) < FINGER)
        .sort((one, other) => away(one) - away(other))
        .map(({ button }) => codingOf.get(button.dataset.coding));
    }
    const keepSelection = (event) => event.preventDefault();
    margin.addEventListener("click", pressed);
    margin.addEventListener("mousedown", keepSelection);

    /** Measure codings: where their first and last line lie, from the top of the margin. */
    function measured(codings) {
      const { top } = margin.getBoundingClientRect();
      return codings.map((coding) => {
        const { start, end } = coding;
        const key = `${start}-${end}`;
        if (!boxes.has(key)) {
          const first = field.measured({ start, end: start + 1 }).getBoundingClientRect();
          const final = field.measured({ start: end - 1, end }).getBoundingClientRect();
          boxes.set(key, { top: Math.round(first.top - top), bottom: Math.round(final.bottom - top) });
        }
        return { coding, ...boxes.get(key) };
      });
    }
    /** Return the bar of a coding. Its name is `drop` pixels below its top, or hidden where `drop` is -1. */
    function barFor({ box, lane, lanes }, code, drop, isOther, width) {
      const { coding, top, bottom } = box;
      const bar =
        buttons.get(coding.guid) ??
        element("button", { type: "button", tabindex: "-1", "data-coding": coding.guid }, element("span"));
      const key = [top, bottom, lane, lanes, code.colour, code.path, drop, isOther, width].join();
      if (bar.dataset.drawn === key) return bar;
      bar.dataset.drawn = key;
      bar.className = `transcript-bar${drop < 0 ? "" : " is-named"}${isOther ? " is-other" : ""}`;
      if (bar.title !== code.path) bar.title = code.path;
      if (bar.firstChild.textContent !== code.name) bar.firstChild.textContent = code.name;
      bar.style.cssText =
        `--colour: ${code.colour}; --lanes: ${lanes - lane}; --room: ${width - lanes * LANE - 4}px; ` +
        `--drop: ${Math.max(0, drop)}px; top: ${top + 2}px; height: ${Math.max(8, bottom - top - 4)}px; ` +
        `inset-inline-start: ${lane * LANE}px`;
      return bar;
    }
    function moreFor(group, name) {
      const button = element(
        "button",
        { type: "button", tabindex: "-1", class: "transcript-more" },
        `+${group.boxes.length}`,
      );
      button.title = `Also here: ${[...new Set(group.boxes.map(({ coding }) => name(coding)))].join(", ")}`;
      button.style.cssText = `top: ${group.top + 2}px; inset-inline-start: ${group.lanes * LANE}px`;
      return { ...group, button };
    }

    return {
      /** Forget what was measured: the text has another width or another font. */
      forget: () => boxes.clear(),
      /** Draw the bars of codings; with `only`, those of other codes stand back. */
      draw(codings, codes, only) {
        const width = margin.clientWidth;
        if (!width) return;
        const known = new Map(codes.map((code) => [code.guid, code]));
        const named = new Map(codes.map((code) => [code.guid, drawn(code, known)]));
        const shown = codings.filter(({ code }) => named.has(code));
        codingOf = new Map(shown.map((coding) => [coding.guid, coding]));
        const { placed, more } = wb.lanesOf(measured(shown), Math.max(1, Math.floor((width - MORE) / LANE)));
        let free = -Infinity; // from which height the next name has room
        const bars = placed.map((one) => {
          const code = named.get(one.box.coding.code);
          const isOther = Boolean(only) && code.guid !== only;
          const drop = Math.max(0, free - one.box.top);
          const hasRoom =
            width - one.lanes * LANE >= NAMES && (!drop || drop + NAME_HEIGHT <= one.box.bottom - one.box.top);
          if (isOther || !hasRoom) return barFor(one, code, -1, isOther, width);
          free = one.box.top + drop + NAME_HEIGHT;
          return barFor(one, code, drop, isOther, width);
        });
        beyond = more.map((group) => moreFor(group, ({ code }) => named.get(code).path));
        const kept = new Set(bars);
        for (const one of [...margin.children]) if (one !== lines && !kept.has(one)) one.remove();
        buttons.clear();
        for (const bar of bars) buttons.set(bar.dataset.coding, bar);
        margin.append(...[...bars, ...beyond.map(({ button }) => button)].filter((one) => one.parentNode !== margin));
      },
      /** Underline codings in the text, as far as they are in sight, and mark the bars of some of them. */
      point(codings, marked, inSight) {
        const pointed = new Set(marked.map(({ guid }) => guid));
        for (const [guid, bar] of buttons) bar.classList.toggle("is-pointed", pointed.has(guid));
        const box = margin.getBoundingClientRect();
        const seen = codings.map(({ start, end }) => ({
          start: Math.max(start, inSight.start),
          end: Math.min(end, inSight.end),
        }));
        const rects = seen.filter(({ start, end }) => end > start).flatMap((place) => textRects(field, place));
        const strokes = rects.map(({ left, bottom, width }) => {
          const [x, y] = [left - box.left, bottom - box.top - 1].map((pixels) => pixels.toFixed(1));
          return `M${x} ${y}h${width.toFixed(1)}`;
        });
        if (path.getAttribute("d") !== strokes.join("")) path.setAttribute("d", strokes.join(""));
      },
      destroy() {
        margin.removeEventListener("click", pressed);
        margin.removeEventListener("mousedown", keepSelection);
        margin.classList.remove("transcript-margin");
        margin.removeAttribute("aria-hidden");
        margin.replaceChildren();
      },
    };
  };

  /** Return the boxes of the lines of a place, paragraph by paragraph: a range over several also has boxes of paragraphs. */
  function textRects(field, place) {
    const rects = [];
    for (let n = field.lineAt(place.start); n <= field.lineAt(place.end - 1); n++) {
      const [start, end] = [field.lines[n].start, field.lines[n].end].map(field.scale.toPoints);
      const part = { start: Math.max(start, place.start), end: Math.min(end, place.end) };
      if (part.end > part.start) rects.push(...field.measured(part).getClientRects());
    }
    return rects;
  }

  /** Return a code with its path, and with a colour that is one, whatever a file says. */
  function drawn(code, known) {
    const parent = known.get(code.parent);
    const colour = /^#[0-9a-f]{6}$/i.test(code.colour) ? code.colour : "var(--mute)";
    return { ...code, colour, path: parent ? `${parent.name} > ${code.name}` : code.name };
  }
}
