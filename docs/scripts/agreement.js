"use strict";
/** Agreement between coders, as `analysis.agreement` computes it; tests hold the two against each other. */
{
  const compendium = (globalThis.compendium ??= {});

  /**
   * Return percent agreement and Cohen's kappa of two coders, each a Map from passage to code.
   *
   * Each is `{ value }`, or `{ value: null, reason }` where it is not defined. `paired` counts the passages that both
   * coded, `same` those with the same code from both. As in `analysis`, a coder's shares of the codes that kappa takes
   * for chance are over all passages that this coder coded.
   */
  function ofTwo(first, second) {
    const both = [...first.keys()].filter((passage) => second.has(passage));
    const same = both.filter((passage) => first.get(passage) === second.get(passage)).length;
    const counts = { paired: both.length, same };
    if (!both.length) {
      const none = { value: null, reason: "no unit was coded by two coders" };
      return { ...counts, percent: none, kappa: none };
    }
    const observed = same / both.length;
    return { ...counts, percent: { value: observed }, kappa: kappa(observed, shares(first), shares(second)) };
  }

  function kappa(observed, first, second) {
    const used = [...new Set([...first.keys(), ...second.keys()])];
    if (used.length === 1) {
      const reason = `'${used[0]}' is the only code given, so that by chance alone all would agree`;
      return { value: null, reason };
    }
    const byChance = used.reduce((sum, code) => sum + (first.get(code) ?? 0) * (second.get(code) ?? 0), 0);
    return { value: (observed - byChance) / (1 - byChance) };
  }

  function shares(codes) {
    const found = new Map();
    for (const code of codes.values()) found.set(code, (found.get(code) ?? 0) + 1 / codes.size);
    return found;
  }

  /** Return how often the first coder gave each code (rows) where the second gave each (columns). */
  function confusion(first, second, codes) {
    const counts = codes.map(() => codes.map(() => 0));
    for (const [passage, code] of first) {
      if (second.has(passage)) counts[codes.indexOf(code)][codes.indexOf(second.get(passage))] += 1;
    }
    return counts;
  }

  /**
   * Return how coders divide over each passage, the most divided first.
   *
   * `coders` are Maps from passage to code. A row has the `passage`, how many `coders` coded it, how many gave it each of
   * the `codes`, and the `share` of those who gave the code that was given most.
   */
  function byPassage(passages, coders, codes) {
    const rows = passages.map((passage) => {
      const given = coders.map((coder) => coder.get(passage)).filter(Boolean);
      const counts = codes.map((code) => given.filter((one) => one === code).length);
      return { passage, coders: given.length, counts, share: Math.max(...counts) / given.length };
    });
    return rows.filter((row) => row.coders).sort((one, other) => one.share - other.share);
  }

  /**
   * Return percent agreement and Krippendorff's alpha (nominal) of any number of coders: `percent`, `alpha`, `paired` units, and
   * the `reason` why there is no value (null). `units` have the codes that each was given.
   */
  function ofMany(units) {
    const paired = units.filter((codes) => codes.length > 1);
    if (!paired.length) return { percent: null, alpha: null, paired: 0, reason: "no unit was coded by two coders" };
    const totals = new Map();
    let [agreeing, apart] = [0, 0];
    for (const codes of paired) {
      const counts = new Map();
      for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
      for (const [code, count] of counts) totals.set(code, (totals.get(code) ?? 0) + count);
      const same = [...counts.values()].reduce((sum, count) => sum + count * (count - 1), 0);
      agreeing += same / (codes.length * (codes.length - 1));
      apart += codes.length - same / (codes.length - 1);
    }
    const found = { percent: agreeing / paired.length, paired: paired.length };
    if (totals.size === 1) {
      const reason = `'${[...totals.keys()][0]}' is the only code given, so that by chance alone all would agree`;
      return { ...found, alpha: null, reason };
    }
    const all = [...totals.values()].reduce((sum, count) => sum + count, 0);
    const chance = all - [...totals.values()].reduce((sum, count) => sum + count * (count - 1), 0) / (all - 1);
    return { ...found, alpha: 1 - apart / chance, reason: "" };
  }

  compendium.agreement = { ofTwo, ofMany, confusion, byPassage };
}
