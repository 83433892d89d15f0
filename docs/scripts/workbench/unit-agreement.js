"use strict";
/** Agreement of coders on units of text, code by code and overall: equal to `analysis.agreement`, which tests hold it against. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});

  /**
   * Return agreement on units, `{ units, alone, codes, overall }`.
   *
   * Counted are the `units` that two coders or more read; `alone` were read by one. With `uncoded` false, units without any code
   * are left out. With `weighted` true, each unit counts as often as it has characters, otherwise once. `codes` is a Map from key
   * to `{ any, all, same, specific, alpha }`, like `overall`: `any` and `all` count units with the code from somebody and from
   * everybody who read them; the others are `{ value }`, or `{ value: null, reason }` where they are not defined:
   * - `same`: the share of pairs of coders who say the same, yes or no, as a mean over units;
   * - `specific`: of the pairs of whom one gave the code or both did, weighted as Dice does, the share of both (positive agreement);
   * - `alpha`: Krippendorff's, nominal for a code; overall with Jaccard's distance between the sets of codes of two coders.
   */
  function agreement(all, coders, { uncoded = true, weighted = false, keys } = {}) {
    const coded = all.filter((unit) => uncoded || unit.given.size);
    const counted = coded.filter(({ read }) => read.length > 1);
    const weights = counted.map(({ start, end }) => (weighted ? end - start : 1));
    const asked = keys ?? [...new Set(all.flatMap(({ given }) => [...given.keys()]))];
    const found = asked.map((key) => [
      key,
      ofCode(
        counted.map(({ given }) => given.get(key)?.length ?? 0),
        counted,
        weights,
      ),
    ]);
    const size = sum(weights);
    const reason = coders < 2 ? "agreement takes two coders" : size ? "" : "no unit was read by two coders";
    return {
      units: counted.length,
      size,
      alone: coded.filter(({ read }) => read.length === 1).length,
      codes: new Map(found.map(([key, one]) => [key, values(one, reason)])),
      overall: values(overall(counted, weights, asked, found), reason),
    };
  }

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const values = (one, reason) =>
    reason ? { ...one, same: none(reason), specific: none(reason), alpha: none(reason) } : one;
  const none = (reason) => ({ value: null, reason });

  /** Return agreement on one code of which `times` says how many of the coders of each unit gave it. */
  function ofCode(times, counted, weights) {
    let [any, all, alike, size, both, given, ones, ratings, apartness] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let at = 0; at < times.length; at += 1) {
      const [yes, of, weight] = [times[at], counted[at].read.length, weights[at]];
      const split = (2 * yes * (of - yes)) / (of - 1);
      if (yes) any += weight;
      if (yes === of) all += weight;
      alike += weight * (1 - split / of);
      size += weight;
      both += weight * yes * (yes - 1);
      given += weight * yes * (of - 1);
      ones += weight * yes;
      ratings += weight * of;
      apartness += weight * split;
    }
    return {
      any,
      all,
      same: { value: alike / size },
      specific: given ? { value: both / given } : none("nobody gave the code"),
      alpha: alphaOf(
        apartness,
        2 * ones * (ratings - ones),
        ratings,
        ones ? "everybody gave the code everywhere" : "nobody gave the code",
      ),
      parts: [both, given],
    };
  }

  /** Return alpha from the distances within units and between all ratings; where these are 0, nothing can be told apart. */
  function alphaOf(within, between, ratings, reason) {
    return between ? { value: 1 - ((ratings - 1) * within) / between } : none(reason);
  }

  const MOST_SETS = 6000; // different sets of codes for which distances are computed, two by two

  /** Return agreement on all codes together, from the sets of codes that coders gave to units. */
  function overall(counted, weights, keys, found) {
    const known = new Sets(keys);
    const ofUnits = counted.map((unit) => known.of(unit));
    let [any, all, alike, size] = [0, 0, 0, 0];
    ofUnits.forEach((times, at) => {
      const [of, weight] = [counted[at].read.length, weights[at]];
      const pairs = sum([...times.values()].map((number) => number * (number - 1))) / (of * (of - 1));
      if (counted[at].given.size) any += weight;
      if (counted[at].given.size && times.size === 1) all += weight;
      alike += weight * pairs;
      size += weight;
    });
    const [both, given] = [0, 1].map((part) => sum(found.map(([, one]) => one.parts[part])));
    return {
      any,
      all,
      same: { value: alike / size },
      specific: given ? { value: both / given } : none("nobody gave a code"),
      alpha: alphaOfSets(
        known,
        ofUnits,
        weights,
        any ? "everybody gave the same codes everywhere" : "nobody gave a code",
      ),
    };
  }

  function alphaOfSets(known, ofUnits, weights, reason) {
    if (known.size > MOST_SETS)
      return none(`there are more than ${MOST_SETS} different sets of codes, too many to compare`);
    const times = new Float64Array(known.size);
    let within = 0;
    ofUnits.forEach((unit, at) => {
      const sets = [...unit];
      const of = sum(sets.map(([, number]) => number));
      for (const [one, [set, number]] of sets.entries()) {
        times[set] += weights[at] * number;
        for (let other = 0; other < one; other += 1) {
          within += (weights[at] * 2 * number * sets[other][1] * known.distance(set, sets[other][0])) / (of - 1);
        }
      }
    });
    let between = 0;
    for (let one = 1; one < known.size; one += 1) {
      let row = 0;
      for (let other = 0; other < one; other += 1) row += times[other] * known.distance(one, other);
      between += 2 * times[one] * row;
    }
    return alphaOf(within, between, sum([...times]), reason);
  }

  /** Sets of codes as bits, numbered as they are met. */
  class Sets {
    constructor(keys) {
      this.bit = new Map(keys.map((key, at) => [key, at]));
      this.words = Math.max(1, Math.ceil(keys.length / 32));
      this.numbers = new Map();
      this.bits = new Int32Array(256 * this.words);
      this.sizes = new Int32Array(256);
      this.size = 0;
    }

    /** Return how many of the coders of a unit gave each set: a Map from the number of the set. */
    of({ given, read }) {
      const sets = new Map([...read].map((who) => [who, new Int32Array(this.words)]));
      for (const [key, coders] of given) {
        const at = this.bit.get(key);
        for (const who of coders) sets.get(who)[at >> 5] |= 1 << (at & 31);
      }
      const times = new Map();
      for (const set of sets.values()) {
        const number = this.number(set);
        times.set(number, (times.get(number) ?? 0) + 1);
      }
      return times;
    }

    number(set) {
      const label = this.words === 1 ? set[0] : set.join();
      if (!this.numbers.has(label)) this.numbers.set(label, this.keep(set));
      return this.numbers.get(label);
    }

    keep(set) {
      if (this.size === this.sizes.length) {
        this.bits = doubledArray(this.bits);
        this.sizes = doubledArray(this.sizes);
      }
      this.bits.set(set, this.size * this.words);
      this.sizes[this.size] = set.reduce((bits, word) => bits + ones(word), 0);
      this.size += 1;
      return this.size - 1;
    }

    /** Return Jaccard's distance of two sets: the share of their codes that only one of them has. */
    distance(one, other) {
      let both = 0;
      for (let word = 0; word < this.words; word += 1)
        both += ones(this.bits[one * this.words + word] & this.bits[other * this.words + word]);
      const either = this.sizes[one] + this.sizes[other] - both;
      return either ? 1 - both / either : 0;
    }
  }

  function doubledArray(numbers) {
    const longer = new Int32Array(2 * numbers.length);
    longer.set(numbers);
    return longer;
  }

  /** Return how many bits of a word of 32 are set. */
  function ones(word) {
    let rest = word - ((word >>> 1) & 0x55555555);
    rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
    return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }

  wb.comparing = { ...wb.comparing, agreement };
}
