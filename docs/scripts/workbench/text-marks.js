"use strict";
/**
 * Tints in the text by the CSS Custom Highlight API. No two tints lie on each other, so that colours do not mix: where one
 * code was given, the text has its tint; where two or more were, a neutral one. Without the API (Firefox before 140) the
 * bars in the margin say it all.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const NAME = "transcript-";
  // How strong a tint is; tests/site/test_workbench_text_marks.py computes that text on any of them has 4.5:1.
  const STRENGTH = { light: 0.3, dark: 0.33 };

  const hasColour = ({ colour }) => /^#[0-9a-f]{6}$/i.test(colour);

  /** Return what to tint: a map from a code's GUID, or `two`, `many` or `others`, to sorted places that do not overlap. */
  wb.layers = (codings, only = "") => {
    const edges = codings.flatMap(({ start, end, code }) => [
      { at: start, code, by: 1 },
      { at: end, code, by: -1 },
    ]);
    edges.sort((one, other) => one.at - other.at);
    const open = new Map(); // codes of the place → by how many codings
    const layers = new Map();
    const kind = () => {
      if (only) return open.has(only) ? only : "others";
      if (open.size > 1) return open.size === 2 ? "two" : "many";
      return open.keys().next().value;
    };
    let from = 0;
    for (const { at, code, by } of edges) {
      if (open.size && at > from) addTo(layers, kind(), from, at);
      from = at;
      const count = (open.get(code) ?? 0) + by;
      if (count) open.set(code, count);
      else open.delete(code);
    }
    return layers;
  };

  function addTo(layers, kind, start, end) {
    const places = layers.get(kind) ?? layers.set(kind, []).get(kind);
    if (places.at(-1)?.end === start) places.at(-1).end = end;
    else places.push({ start, end });
  }

  /** Return what paints the text of a field. */
  wb.textMarks = (field) => {
    const registry = globalThis.CSS?.highlights;
    const sheet = document.head.appendChild(element("style"));
    const names = new Map(); // of highlights → the places that they have
    let colours = "";

    function set(name, places, priority = 0) {
      if (!registry) return;
      const key = places.map(({ start, end }) => `${start}-${end}`).join();
      if ((names.get(name) ?? "") === key) return; // browsers would paint it again
      names.set(name, key);
      if (!places.length) return void registry.delete(NAME + name);
      const highlight = new Highlight(...places.map(field.rangeOf));
      highlight.priority = priority;
      registry.set(NAME + name, highlight);
    }
    function style(codes) {
      const used = [...new Set(codes.filter(hasColour).map((code) => code.colour))];
      if (used.join() === colours) return;
      colours = used.join();
      sheet.textContent = used.map(rulesOf).join("\n");
    }
    function rulesOf(colour) {
      const name = `.transcript ::highlight(${NAME}${colour.slice(1)})`;
      const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)).join(" ");
      return `${name} { background-color: rgb(${channels} / ${STRENGTH.light}); }
@media screen { [data-md-color-scheme="slate"] ${name} { background-color: rgb(${channels} / ${STRENGTH.dark}); } }
@media (forced-colors: active) { ${name} { background-color: Mark; color: MarkText; } }`;
    }

    return {
      set,
      /** Forget what is painted: the text was shown again. */
      forget: () => names.clear(),
      /** Tint the codings of some codes; with `only`, one code, and the others faintly. */
      codings(codings, codes, only) {
        if (!registry) return;
        style(codes);
        const colourOf = new Map(codes.filter(hasColour).map(({ guid, colour }) => [guid, colour.slice(1)]));
        const byColour = new Map([...colourOf.values(), "two", "many", "others"].map((name) => [name, []]));
        for (const [kind, places] of wb.layers(codings, only))
          byColour.get(colourOf.get(kind) ?? kind)?.push(...places);
        for (const name of names.keys()) if (/^[0-9a-f]{6}$/i.test(name) && !byColour.has(name)) set(name, []);
        for (const [name, places] of byColour) set(name, places);
      },
      destroy() {
        for (const name of names.keys()) registry?.delete(NAME + name);
        sheet.remove();
      },
    };
  };
}
