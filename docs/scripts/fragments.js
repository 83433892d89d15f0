"use strict";
/** Finding the article's wording by its fingerprints, as `analysis.wording.fingerprints` does; tests hold the two together. */
{
  const compendium = (globalThis.compendium ??= {});
  // A base character with the marks that follow it: composed or decomposed, it is one character.
  const CLUSTER = /.[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]*/gsu;
  const WORD = /[\p{L}\p{N}]+/gu; // what Python writes [^\W_]+
  const SOFT_HYPHEN = "\u00ad";
  const AT_ONCE = 2000; // places looked at before the page may draw again

  /**
   * Return a text in the form that Python calls casefolded. JavaScript has no such form. Upper case takes ß to SS and ς to
   * Σ, and lower case takes them on to ss and σ. Two kinds of letters have to be kept from that: the Turkish ı, which is no
   * i, and Cherokee, whose folded form is the upper case.
   */
  const folded = (text) => Array.from(text, foldedCharacter).join("");

  function foldedCharacter(character) {
    if (character === "ı") return character;
    if (/\p{Script=Cherokee}/u.test(character)) return character.toUpperCase();
    return Array.from(character.toLowerCase().toUpperCase(), (upper) => upper.toLowerCase()).join("");
  }

  /** Return the normalised words of a text, each with the places where it starts and ends in the text. */
  function words(text) {
    const normal = [];
    const starts = [];
    const ends = [];
    for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
      if (cluster === SOFT_HYPHEN) continue;
      const plain = normalised(cluster);
      normal.push(plain);
      for (let unit = 0; unit < plain.length; unit += 1) {
        starts.push(index);
        ends.push(index + cluster.length);
      }
    }
    const found = normal.join("").matchAll(WORD);
    return Array.from(found, ({ 0: word, index }) => ({
      text: word,
      start: starts[index],
      end: ends[index + word.length - 1],
    }));
  }

  function normalised(cluster) {
    if (cluster.length === 1 && cluster < "\u0080") return cluster.toLowerCase();
    return folded(cluster.normalize("NFKC")).normalize("NFKC");
  }

  const encode = (text) => new TextEncoder().encode(text);
  const fingerprintOf = (bytes) => compendium.sha256(bytes).slice(0, 16);

  /** Return the fingerprint of normalised words. */
  const fingerprint = (texts) => fingerprintOf(encode(texts.join(" ")));

  /** Return a function that gives the fingerprint of so many words from a place on; they are joined and encoded once. */
  function printer(texts) {
    const bytes = encode(texts.join(" "));
    const starts = [0];
    for (const text of texts) starts.push(starts.at(-1) + encode(text).length + 1); // one for the blank
    return (start, length) => fingerprintOf(bytes.subarray(starts[start], starts[start + length] - 1));
  }

  /**
   * Look for fragments in a text; return a promise of `{ answer, start, wording }` for each, in their order.
   *
   * A piece with a citation is looked for only in front of that citation, within `citedWithin` words, so that few windows
   * have to be hashed; one without is looked for everywhere. `tell` is called with how far the search has come, from 0 to 1.
   */
  async function find(text, fragments, citedWithin, tell) {
    const copied = words(text);
    const texts = copied.map((word) => word.text);
    const printOf = printer(texts);
    const searches = searchesOf(texts, fragments, citedWithin);
    const steps = searches.reduce((sum, search) => sum + search.starts.length, 0);
    let step = 0;
    for (const search of searches) {
      for (const start of search.starts) {
        search.wanted.get(printOf(start, search.length))?.add(start);
        if ((step += 1) % AT_ONCE === 0) await drawn(() => tell(step / steps));
      }
    }
    return fragments.map((fragment) => answered(text, copied, fragment, placesOf(searches, fragment)));
  }

  function drawn(tell) {
    tell();
    return new Promise((resolve) => setTimeout(resolve));
  }

  /** Return what has to be hashed: for each citation and number of words, windows and the fingerprints wanted of them. */
  function searchesOf(texts, fragments, citedWithin) {
    const searches = new Map();
    for (const { words: length, fingerprint: print, cited_as: cited } of fragments) {
      const key = `${length} ${cited}`;
      if (!searches.has(key))
        searches.set(key, { key, length, gaps: gapsOf(texts, length, cited, citedWithin), wanted: new Map() });
      searches.get(key).wanted.set(print, new Set());
    }
    return [...searches.values()].map((search) => ({ ...search, starts: [...search.gaps.keys()] }));
  }

  /** Map the places where a piece of so many words may start to the words between it and its citation. */
  function gapsOf(texts, length, cited, citedWithin) {
    const gaps = new Map();
    const last = texts.length - length;
    if (!cited) {
      for (let start = 0; start <= last; start += 1) gaps.set(start, 0);
      return gaps;
    }
    for (const place of placesOfCitation(texts, cited.split(" "))) {
      for (let gap = 0; gap <= citedWithin; gap += 1) {
        const start = place - gap - length;
        if (start >= 0 && gap < (gaps.get(start) ?? Infinity)) gaps.set(start, gap);
      }
    }
    return gaps;
  }

  function placesOfCitation(texts, citation) {
    const places = [];
    for (let at = texts.indexOf(citation[0]); at >= 0; at = texts.indexOf(citation[0], at + 1)) {
      if (citation.every((word, beyond) => texts[at + beyond] === word)) places.push(at);
    }
    return places;
  }

  /** Return where a fragment stands: of several places those from which its citation is nearest. */
  function placesOf(searches, { words: length, fingerprint: print, cited_as: cited }) {
    const { gaps, wanted } = searches.find((search) => search.key === `${length} ${cited}`);
    const places = [...wanted.get(print)];
    const nearest = Math.min(...places.map((start) => gaps.get(start)));
    return places.filter((start) => gaps.get(start) === nearest);
  }

  function answered(text, copied, { words: length }, places) {
    if (places.length !== 1) return { answer: places.length ? "ambiguous" : "not found" };
    const { start } = copied[places[0]];
    const wording = text.slice(start, copied[places[0] + length - 1].end);
    return { answer: "found", start, wording: wording.split(/\s+/u).join(" ") };
  }

  compendium.fragments = { words, fingerprint, find };
}
