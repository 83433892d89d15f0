"use strict";
/**
 * How a program counted the positions in a project, found out from its texts as `analysis.exchange.positions` does: code
 * points or UTF-16 units, a line break as stored, as one or as two. Texts have LF here, so each way leads to places in that.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const WAYS = [
    { name: "code-points", described: "code points, as the standard says", utf16: false, lineBreak: 0 },
    { name: "utf-16", described: "UTF-16 units", utf16: true, lineBreak: 0 },
    { name: "code-points-1", described: "code points, a line break as one", utf16: false, lineBreak: 1 },
    { name: "utf-16-1", described: "UTF-16 units, a line break as one", utf16: true, lineBreak: 1 },
    { name: "code-points-2", described: "code points, a line break as two", utf16: false, lineBreak: 2 },
    { name: "utf-16-2", described: "UTF-16 units, a line break as two", utf16: true, lineBreak: 2 },
  ];
  const QUOTED = 8; // letters that a name has to have in common with its selection to be a quotation

  /** Return for each position that a way counts in a stored text the code point with LF there; -1 within a character. */
  function scaleOf(stored, { utf16, lineBreak }) {
    const places = [];
    let place = 0;
    for (const [piece] of stored.matchAll(/\r\n|[^]/gu)) {
      const isBreak = piece === "\r\n" || piece === "\n" || piece === "\r";
      const width = isBreak ? lineBreak || piece.length : utf16 ? piece.length : 1;
      places.push(place);
      // Between the two characters of a line break there is a position, where the break is counted as it is stored.
      for (let more = 1; more < width; more += 1) places.push(isBreak ? place : -1);
      place += 1;
    }
    places.push(place);
    return places;
  }

  /**
   * Find out how positions were counted. `texts` have what is `stored`, and `selections` (start, end, name). Return the way,
   * `isSure`, and `scale`, which gives the places of a stored text.
   */
  function detected(texts) {
    const some = texts.filter(({ selections }) => selections.length);
    const has = (pattern) => some.some(({ stored }) => pattern.test(stored));
    const wide = has(/[\u{10000}-\u{10ffff}]/u);
    const differ = [true, has(/\r\n/), has(/(?<!\r)\n|\r(?!\n)/)];
    const ways = WAYS.filter(({ utf16, lineBreak }) => differ[lineBreak] && (wide || !utf16));
    const fits = ways.map((way) => ({ way, ...fitOf(some, way) }));
    let best = fits.reduce((first, other) => (compare(other, first) > 0 ? other : first));
    if (!isClearlyBetter(best, fits[0])) best = fits[0]; // readers who mark parts of words do not change the count
    const rivals = fits.filter((other) => other.found.some((place, at) => place !== best.found[at]));
    const isSure = rivals.every((other) => compare(best, other) > 0);
    return { ...best.way, isSure, scale: (stored) => scaleOf(stored, best.way) };
  }

  /** Return how well a way fits: impossible places, names that quote their selection, ends at edges of words. */
  function fitOf(texts, way) {
    const fit = { impossible: 0, quoted: 0, edges: 0, found: [] };
    for (const { stored, selections } of texts) {
      const scale = scaleOf(stored, way);
      const points = [...stored.replace(/\r\n?/g, "\n")];
      const isEdge = (place) => !(isLetter(points[place - 1]) && isLetter(points[place]));
      for (const { start, end, name } of selections) {
        const [from, to] = [scale[start] ?? -1, scale[end] ?? -1];
        fit.found.push(from, to);
        if (from < 0 || to < from) fit.impossible += 1;
        else {
          fit.quoted += quotes(name, points.slice(from, to).join(""));
          fit.edges += isEdge(from) + isEdge(to);
        }
      }
    }
    return fit;
  }

  const isLetter = (sign) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
  const bare = (text) => text.replace(/\s+/g, "");

  function quotes(name, selected) {
    const quoted = bare(name.replace(/(?:…|\.\.\.)\s*$/, ""));
    return quoted.length >= QUOTED && bare(selected).startsWith(quoted);
  }

  /** Say which fit is better: the first difference of these, positive for the one. */
  const compare = (one, other) =>
    one.quoted - one.impossible - (other.quoted - other.impossible) ||
    other.impossible - one.impossible ||
    one.edges - other.edges;

  function isClearlyBetter(best, other) {
    if (best.quoted !== other.quoted || best.impossible !== other.impossible) return compare(best, other) > 0;
    const differ = best.found.filter((place, at) => place !== other.found[at]).length;
    return best.edges - other.edges > Math.max(1, Math.floor(differ / 10));
  }

  /** Return how the standard counts, as projects do that the workbench wrote: there is nothing to find out. */
  const standard = () => ({ ...WAYS[0], isSure: true, scale: (stored) => scaleOf(stored, WAYS[0]) });

  wb.positionCounting = { detected, standard };
}
