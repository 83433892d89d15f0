"use strict";
/** A reader's progress in coding: which passages, in which order, what was chosen; kept in this browser only. */
{
  const compendium = (globalThis.compendium ??= {});
  const VERSION = 1;
  const KEY = "power-in-co-production: code it yourself";

  /** Return passages in an order that a number decides: the same number gives the same order in every browser. */
  function shuffled(passages, seed) {
    const order = [...passages];
    const random = randomFrom(seed);
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = Math.floor(random() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }

  /** Mulberry32, a small generator of numbers from 0 to 1 in 32-bit integers, so that browsers do not differ. */
  function randomFrom(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  /** Return a progress at its beginning. */
  function started(material, { pseudonym, facets, size, seed }) {
    const { edition } = material;
    return {
      version: VERSION,
      edition,
      pseudonym,
      facets,
      size,
      seed,
      place: 0,
      closed: false,
      codes: {},
      reasons: {},
    };
  }

  /** Return the passages of a progress in their order. */
  function sample(material, progress) {
    return shuffled(Object.keys(material.passages), progress.seed).slice(0, progress.size);
  }

  /** Return the codes of a facet as a Map from passage to code, in the order of the study. */
  function chosen(material, progress, facet) {
    const coded = Object.keys(material.passages).filter((passage) => progress.codes[passage]?.[facet]);
    return new Map(coded.map((passage) => [passage, progress.codes[passage][facet]]));
  }

  /** Return the passages to which every facet in question was given a code. */
  function done(material, progress) {
    return sample(material, progress).filter((passage) => progress.facets.every((f) => progress.codes[passage]?.[f]));
  }

  /** Return the rows of `codings.csv` that a progress comes to. The page asks neither for stance nor for basis. */
  function rows(material, progress) {
    return Object.keys(material.passages).flatMap((passage) =>
      progress.facets
        .filter((facet) => progress.codes[passage]?.[facet])
        .map((facet) => ({
          extract_id: passage,
          coder_id: progress.pseudonym,
          facet,
          code_id: progress.codes[passage][facet],
          role: "primary",
          stance: "supports",
          basis: progress.codes[passage][facet] === "not-stated" ? "none" : "wording",
          rationale: progress.reasons[passage]?.trim() || "No reason was given.",
        })),
    );
  }

  /** Say why what was stored cannot be continued, or return an empty text. */
  function fault(progress, material) {
    if (progress?.version !== VERSION) return "it was stored by another version of this page";
    if (progress.edition !== material.edition) return "passages or rules have changed since it was stored";
    return wellFormed(progress, material) ? "" : "it is damaged";
  }

  function wellFormed({ pseudonym, facets, size, seed, place, closed, codes, reasons }, material) {
    const whole = (number, from, to) => Number.isInteger(number) && number >= from && number <= to;
    const known = Object.keys(material.facets);
    return (
      typeof pseudonym === "string" &&
      new RegExp(`^(?:${material.pseudonym})$`, "u").test(pseudonym) &&
      Array.isArray(facets) &&
      facets.length > 0 &&
      facets.every((facet) => known.includes(facet)) &&
      whole(size, 1, Object.keys(material.passages).length) &&
      whole(seed, 0, 2 ** 32 - 1) &&
      whole(place, 0, size) &&
      typeof closed === "boolean" &&
      everyEntry(
        reasons,
        (passage, reason) => Object.hasOwn(material.passages, passage) && typeof reason === "string",
      ) &&
      everyEntry(
        codes,
        (passage, given) =>
          Object.hasOwn(material.passages, passage) &&
          everyEntry(
            given,
            (facet, code) => known.includes(facet) && Object.hasOwn(material.facets[facet].codes, code),
          ),
      )
    );
  }

  function everyEntry(table, holds) {
    const plain = typeof table === "object" && table !== null && !Array.isArray(table);
    return plain && Object.entries(table).every(([key, value]) => holds(key, value));
  }

  // --- what the browser keeps

  /** Return `{ progress }`, `{ fault, raw }` where what is kept cannot be used, or `{}` where there is nothing. */
  function restored(material) {
    const raw = kept();
    if (raw === null) return {};
    try {
      const progress = JSON.parse(raw);
      const problem = fault(progress, material);
      return problem ? { fault: problem, raw } : { progress };
    } catch {
      return { fault: "it is damaged", raw };
    }
  }

  function kept() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // a browser that keeps nothing
    }
  }

  /** Keep a progress in this browser; return whether the browser does. */
  function keep(progress) {
    try {
      localStorage.setItem(KEY, JSON.stringify(progress));
      return true;
    } catch {
      return false;
    }
  }

  function forget() {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // a browser that keeps nothing has nothing to forget
    }
  }

  /** Call an action when another tab has changed what this browser keeps. */
  function watch(changed) {
    window.addEventListener("storage", ({ key }) => [KEY, null].includes(key) && changed()); // null: everything was cleared
  }

  compendium.progress = { shuffled, started, sample, chosen, done, rows, restored, keep, forget, watch };
}
