"use strict";
/** Agreement of coders on units of text, code by code and overall: equal to `analysis.agreement`, which tests hold it against. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const MOST_SETS = 6000; // different sets of codes whose distances are computed, two by two

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const none = (reason) => ({ value: null, reason });

  /**
   * Return agreement on units: on the `whole`, and on what was `coded`, without the units to which nobody gave any code.
   *
   * Both are `{ units, size, alone, codes, overall }`. Counted are the `units` that two coders or more read; `alone` were read by
   * one. If `weighted`, a unit counts as often as it has characters, otherwise once; `size` is the sum. `codes` is a Map from the
   * `keys` to `{ any, all, same, specific, alpha }`, like `overall`: `any` and `all` count units with the code from somebody and
   * from all who read them; the others are `{ value }`, or `{ value: null, reason }` where they are not defined:
   * - `same`: the share of pairs of coders who say the same, yes or no (overall: give the same codes), as a mean over units;
   * - `specific`: positive agreement: twice the pairs who both gave the code, over all that those of a pair gave;
   * - `alpha`: Krippendorff's, nominal for a code; overall with Jaccard's distance between the sets of codes of two coders.
   */
  function agreement(all, coders, { weighted = false, keys } = {}) {
    const weightOf = ({ start, end }) => (weighted ? end - start : 1);
    const counted = all.filter(({ read }) => read.length > 1);
    const coded = counted.filter(({ given }) => given.size);
    const blank = counted.filter(({ given }) => !given.size);
    const found = sumsOf(
      coded,
      coded.map(weightOf),
      keys ?? [...new Set(all.flatMap(({ given }) => [...given.keys()]))],
    );
    const alone = all.filter(({ read }) => read.length === 1);
    const nothing = { units: 0, size: 0, ratings: 0 };
    const uncoded = {
      units: blank.length,
      size: sum(blank.map(weightOf)),
      ratings: sum(blank.map((unit) => weightOf(unit) * unit.read.length)),
    };
    return {
      whole: figures(found, uncoded, alone.length, coders),
      coded: figures(found, nothing, alone.filter(({ given }) => given.size).length, coders),
    };
  }

  // --- sums over the units that were coded

  function sumsOf(coded, weights, keys) {
    return {
      units: coded.length,
      size: sum(weights),
      ratings: sum(coded.map(({ read }, at) => weights[at] * read.length)),
      codes: keys.map((key) => [key, sumsOfCode(key, coded, weights)]),
      sets: sumsOfSets(new Sets(keys), coded, weights),
    };
  }

  /** Return the sums for a code; `apart` is over pairs who differ, each as much as it counts in a unit with so many coders. */
  function sumsOfCode(key, coded, weights) {
    let [any, all, alike, both, given, yes, apart] = [0, 0, 0, 0, 0, 0, 0];
    for (let at = 0; at < coded.length; at += 1) {
      const [ones, of, weight] = [coded[at].given.get(key)?.length ?? 0, coded[at].read.length, weights[at]];
      const split = (2 * ones * (of - ones)) / (of - 1);
      if (ones) any += weight;
      if (ones === of) all += weight;
      alike += weight * (1 - split / of);
      both += weight * ones * (ones - 1);
      given += weight * ones * (of - 1);
      yes += weight * ones;
      apart += weight * split;
    }
    return { any, all, alike, both, given, yes, apart };
  }

  /** Return the sums for sets of codes: `blank` and `filled` are ratings without and with codes, `between` distances of the filled. */
  function sumsOfSets(known, coded, weights) {
    let [all, alike, apart] = [0, 0, 0];
    const times = []; // of each set
    coded.forEach((unit, at) => {
      const [of, weight, sets] = [unit.read.length, weights[at], [...known.of(unit)]];
      if (sets.length === 1) all += weight;
      sets.forEach(([set, number], one) => {
        times[set] = (times[set] ?? 0) + weight * number;
        alike += (weight * number * (number - 1)) / (of * (of - 1));
        for (let other = 0; other < one; other += 1) {
          apart += (2 * weight * number * sets[other][1] * known.distance(set, sets[other][0])) / (of - 1);
        }
      });
    });
    const isFilled = (_, set) => known.sizes[set] > 0;
    const filled = sum(times.filter(isFilled));
    const tooMany = known.size > MOST_SETS;
    return {
      all,
      alike,
      apart,
      filled,
      blank: sum(times) - filled,
      tooMany,
      between: tooMany ? 0 : between(known, times),
    };
  }

  /** Return the distances between all ratings with codes, each pair twice. */
  function between(known, times) {
    let total = 0;
    for (let one = 1; one < known.size; one += 1) {
      if (!known.sizes[one]) continue;
      let row = 0;
      for (let other = 0; other < one; other += 1) {
        if (known.sizes[other]) row += times[other] * known.distance(one, other);
      }
      total += 2 * times[one] * row;
    }
    return total;
  }

  // --- figures from sums

  function figures(found, uncoded, alone, coders) {
    const size = found.size + uncoded.size;
    const ratings = found.ratings + uncoded.ratings;
    const why = coders < 2 ? "agreement takes two coders" : size ? "" : "no unit was read by two coders";
    const given = (one) => (why ? { ...one, same: none(why), specific: none(why), alpha: none(why) } : one);
    return {
      units: found.units + uncoded.units,
      size,
      alone,
      codes: new Map(found.codes.map(([key, sums]) => [key, given(ofCode(sums, uncoded.size, size, ratings))])),
      overall: given(overall(found, uncoded, size, ratings)),
    };
  }

  function ofCode({ any, all, alike, both, given, yes, apart }, unsaid, size, ratings) {
    const reason = yes ? "everybody gave the code everywhere" : "nobody gave the code";
    return {
      any,
      all,
      same: { value: (alike + unsaid) / size },
      specific: given ? { value: both / given } : none("nobody gave the code"),
      alpha: alphaOf(apart, 2 * yes * (ratings - yes), ratings, reason),
    };
  }

  function overall({ codes, sets, size: any }, uncoded, size, ratings) {
    const [both, given] = ["both", "given"].map((part) => sum(codes.map(([, sums]) => sums[part])));
    const distances = sets.between + 2 * sets.filled * (sets.blank + uncoded.ratings); // nothing and something are 1 apart
    const reason = any ? "everybody gave the same codes everywhere" : "nobody gave a code";
    const tooMany = `there are more than ${MOST_SETS} different sets of codes, too many to compare`;
    return {
      any,
      all: sets.all,
      same: { value: (sets.alike + uncoded.size) / size },
      specific: given ? { value: both / given } : none("nobody gave a code"),
      alpha: sets.tooMany ? none(tooMany) : alphaOf(sets.apart, distances, ratings, reason),
    };
  }

  /** Return alpha from the distances within units and between all ratings; where these are 0, alpha has no value. */
  const alphaOf = (within, between, ratings, reason) =>
    between ? { value: 1 - ((ratings - 1) * within) / between } : none(reason);

  // --- sets of codes

  /** Sets of codes as bits, numbered as they are met. */
  class Sets {
    constructor(keys) {
      this.bit = new Map(keys.map((key, at) => [key, at]));
      this.words = Math.max(1, Math.ceil(keys.length / 32));
      this.numbers = new Map();
      this.bits = new Int32Array(256 * this.words);
      this.sizes = new Int32Array(256);
      this.size = 0;
      this.coders = new Int32Array(0); // the sets of the coders of one unit
    }

    /** Return how many of the coders of a unit gave each set: a Map from the number of the set. */
    of({ given, read }) {
      const { words } = this;
      const length = (read.at(-1) + 1) * words;
      if (this.coders.length < length) this.coders = new Int32Array(length);
      else this.coders.fill(0);
      for (const [key, coders] of given) {
        const at = this.bit.get(key);
        for (const who of coders) this.coders[who * words + (at >> 5)] |= 1 << (at & 31);
      }
      const times = new Map();
      for (const who of read) {
        const number = this.number(who * words);
        times.set(number, (times.get(number) ?? 0) + 1);
      }
      return times;
    }

    /** Return the number of the set that a coder has. */
    number(from) {
      const label = this.words === 1 ? this.coders[from] : this.coders.subarray(from, from + this.words).join();
      const known = this.numbers.get(label);
      if (known !== undefined) return known;
      const number = this.keep(this.coders.subarray(from, from + this.words));
      this.numbers.set(label, number);
      return number;
    }

    keep(set) {
      if (this.size === this.sizes.length) {
        this.bits = longer(this.bits);
        this.sizes = longer(this.sizes);
      }
      this.bits.set(set, this.size * this.words);
      this.sizes[this.size] = set.reduce((bits, word) => bits + ones(word), 0);
      this.size += 1;
      return this.size - 1;
    }

    /** Return Jaccard's distance of two sets: the share of their codes that only one of them has. */
    distance(one, other) {
      const { bits, words, sizes } = this;
      let both = 0;
      for (let word = 0; word < words; word += 1) both += ones(bits[one * words + word] & bits[other * words + word]);
      const either = sizes[one] + sizes[other] - both;
      return either ? 1 - both / either : 0;
    }
  }

  function longer(numbers) {
    const twice = new Int32Array(2 * numbers.length);
    twice.set(numbers);
    return twice;
  }

  /** Return how many bits of a word of 32 are set. */
  function ones(word) {
    let rest = word - ((word >>> 1) & 0x55555555);
    rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
    return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }

  wb.comparing = { ...wb.comparing, agreement };
}
