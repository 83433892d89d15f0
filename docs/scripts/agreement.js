"use strict";
/** Agreement between two coders, as `analysis.agreement` computes it; tests hold the two against each other. */
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

  compendium.agreement = { ofTwo, confusion, byPassage };
}
