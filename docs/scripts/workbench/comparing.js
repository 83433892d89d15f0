"use strict";
/** Comparing the works of several coders on the same texts: which works count, units, agreement, and where coders differ. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});

  const folded = (name) => name.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
  const same = (guid) => guid.toLowerCase();
  const digest = (text) => compendium.sha256(new TextEncoder().encode(text));
  const by =
    (...keys) =>
    (one, other) => {
      for (const key of keys) {
        const [left, right] = [key(one), key(other)];
        if (left !== right) return left < right ? -1 : 1;
      }
      return 0;
    };

  // --- which works count

  const coderOf = (work) => folded(work.coder.name);
  const contentOf = (work) =>
    JSON.stringify([work.codes, work.codings, work.texts.map((text) => [text.sha256, text.read])]);
  const shareText = (one, other) => one.texts.some((text) => other.texts.some(({ sha256 }) => sha256 === text.sha256));

  /**
   * Return `{ works, notes, questions }` of works as they were opened, whatever their order.
   *
   * Of two states of one work the later counts. `questions` are what only those who know the coders can answer: two works of one
   * pseudonym on the same text, or two states of a work of which none is later. `answers` is a Map from the `id` of a question
   * to the `id` of the work that counts; without an answer all of them count, so that nobody is lost.
   */
  function sorted(opened, answers = new Map()) {
    const all = distinct(opened);
    const notes =
      opened.length > all.length
        ? [`${compendium.counted(opened.length - all.length, "file")} had nothing that another file did not have.`]
        : [];
    const latest = all.filter((one) => {
      const later = all.find(
        (other) => same(other.work.guid) === same(one.work.guid) && other.work.saved > one.work.saved,
      );
      if (later)
        notes.push(
          `Of the work of ${one.work.coder.name} the later state counts (${later.work.saved} changes, not ${one.work.saved}).`,
        );
      return !later;
    });
    const questions = doubled(latest);
    const out = new Set();
    for (const { id, works } of questions) {
      if (works.some((one) => one.id === answers.get(id)))
        for (const one of works) if (one.id !== answers.get(id)) out.add(one.id);
    }
    const works = latest.filter(({ id }) => !out.has(id)).map(({ work }) => work);
    return { works: joined(works), notes, questions };
  }

  const IN_ORDER = [coderOf, (work) => work.round, (work) => same(work.coder.guid), (work) => same(work.guid)];

  /** Return different states, each `{ id, work }`, in an order that files do not change. */
  function distinct(opened) {
    const groups = grouped(opened, (work) => `${same(work.guid)} ${work.saved}`);
    const all = [...groups].flatMap(([id, group]) => {
      if (group.length === 1) return [{ id, work: group[0] }];
      const contents = new Map(group.map((work) => [contentOf(work), work]));
      return [...contents].sort(by(([content]) => content)).map(([, work], at) => ({ id: `${id} ${at || ""}`, work }));
    });
    const keys = IN_ORDER.map((key) => (one) => key(one.work));
    return all.sort(by(...keys, ({ id }) => id));
  }

  /** Return the questions that works of one pseudonym raise, each `{ id, text, works: [{ id, work }] }`. */
  function doubled(all) {
    const groups = grouped(all, keyOfCoder);
    return [...groups.values()]
      .map((group) => group.filter((one) => group.some((other) => one !== other && shareText(one.work, other.work))))
      .filter((group) => group.length > 1)
      .map((works) => {
        const { coder, guid } = works[0].work;
        const once = works.every(({ work }) => same(work.guid) === same(guid));
        return {
          id: works.map(({ id }) => id).join(),
          works,
          text: (once ? UNCLEAR : TWICE)(coder.name, works.length),
        };
      });
  }

  const keyOfCoder = ({ work }) => `${coderOf(work)}\n${work.round}`;
  const UNCLEAR = (name, count) =>
    `${count} states of one work by ${name} differ, and none is later than the other. Which one counts?`;
  const TWICE = (name, count) =>
    `${name} has ${count} works on the same text. Is one of them right, or are these different people?`;

  function grouped(all, keyOf) {
    const groups = new Map();
    for (const one of all) {
      const key = keyOf(one);
      if (groups.has(key)) groups.get(key).push(one);
      else groups.set(key, [one]);
    }
    return groups;
  }

  /** Return works in which each coder has one work a round: works of one pseudonym on different texts become one. */
  function joined(works) {
    const parts = [];
    for (const work of works) {
      const other = parts.findIndex(
        (part) => keyOfCoder({ work: part }) === keyOfCoder({ work }) && !shareText(part, work),
      );
      if (other < 0) parts.push(work);
      else parts[other] = together(parts[other], work);
    }
    return parts;
  }

  function together(one, other) {
    const known = new Set(one.codes.map(({ guid }) => same(guid)));
    const codes = [...one.codes, ...other.codes.filter(({ guid }) => !known.has(same(guid)))];
    const renamed = new Map(one.texts.map((text) => [text.guid, text.guid]));
    const texts = other.texts.map((text) =>
      renamed.has(text.guid) ? { ...text, guid: wb.guidOf(text.guid, text.sha256) } : text,
    );
    const moved = new Map(other.texts.map((text, at) => [text.guid, texts[at].guid]));
    const codings = other.codings.map((coding) => ({ ...coding, text: moved.get(coding.text) ?? coding.text }));
    return { ...one, codes, texts: [...one.texts, ...texts], codings: [...one.codings, ...codings] };
  }

  // --- texts

  /**
   * Return the texts of some works, each once: `{ sha256, text, who }`, with the places in `works` of those who have it.
   *
   * `otherwise` lists texts that are versions of one text (the same GUID or name) and not the same: `{ text, who, than, place,
   * here, there }`, with the place of the first difference and what is around it in both.
   */
  function texts(works) {
    const found = new Map();
    works.forEach((work, who) => {
      for (const text of work.texts) {
        if (!found.has(text.sha256)) found.set(text.sha256, { sha256: text.sha256, text, who: [] });
        found.get(text.sha256).who.push(who);
      }
    });
    const list = [...found.values()].sort(
      by(
        ({ text }) => folded(text.name),
        ({ sha256 }) => sha256,
      ),
    );
    const otherwise = list.flatMap((one) => {
      const versions = list.filter((other) => isVersion(one.text, other.text));
      const main = versions.sort(
        by(
          (other) => -other.who.length,
          ({ sha256 }) => sha256,
        ),
      )[0];
      return main === one
        ? []
        : [{ text: one.text, who: one.who, than: main.text, ...firstDifference(one.text.content, main.text.content) }];
    });
    return { list, otherwise };
  }

  const isVersion = (one, other) => same(one.guid) === same(other.guid) || folded(one.name) === folded(other.name);

  /** Return the place (in code points) where two texts begin to differ, and what is around it `here` and `there`. */
  function firstDifference(one, other) {
    const [here, there] = [[...one], [...other]];
    let place = 0;
    while (place < here.length && here[place] === there[place]) place += 1;
    const around = (points) => ({
      before: points.slice(Math.max(0, place - 40), place).join(""),
      after: points.slice(place, place + 40).join(""),
    });
    return { place, here: around(here), there: around(there) };
  }

  // --- codes

  /**
   * Return the codes of several works, each once, as `{ list, keys }`.
   *
   * Codes are the same if their GUID is, else if their path is (unless one work has both), else if an alias says so: `aliases` are
   * pairs `{ from, to }` of GUIDs. An entry of `list` has its `key`, `name` (a path), all `names`, `colour`, and by work `versions`
   * (the code there, or null). `keys` is, by work, a Map from GUID to key.
   */
  function codes(works, aliases = []) {
    const members = works.flatMap((work, who) =>
      work.codes.map((code) => ({ who, code, guid: same(code.guid), path: wb.works.path(work, code) })),
    );
    const groups = grouped(members, ({ guid }) => guid);
    const home = new Map([...groups.keys()].map((guid) => [guid, guid])); // to the GUID that stands for its group
    const unite = (into, from) => {
      groups.get(into).push(...groups.get(from));
      for (const [guid, at] of home) if (at === from) home.set(guid, into);
      groups.delete(from);
    };
    byPath(groups, home, unite);
    for (const { from, to } of aliases.map((alias) => ({
      from: home.get(same(alias.from)),
      to: home.get(same(alias.to)),
    }))) {
      if (from && to && home.get(from) !== home.get(to)) unite(home.get(to), home.get(from));
    }
    const list = [...groups.values()]
      .map((group) => entry(group, works.length, aliases))
      .sort(
        by(
          ({ name }) => folded(name),
          ({ key }) => key,
        ),
      );
    const keyOf = new Map(list.flatMap(({ key, guids }) => guids.map((guid) => [guid, key])));
    return { list, keys: works.map((work) => new Map(work.codes.map(({ guid }) => [guid, keyOf.get(same(guid))]))) };
  }

  /** Unite groups that share a path, the largest first, where no work has a code in both of them. */
  function byPath(groups, home, unite) {
    const paths = new Map();
    for (const [guid, group] of groups)
      for (const one of group) paths.set(folded(one.path), new Set([...(paths.get(folded(one.path)) ?? []), guid]));
    for (const [, guids] of [...paths].filter(([, all]) => all.size > 1).sort(by(([name]) => name))) {
      const alike = [...new Set([...guids].map((guid) => home.get(guid)))].sort(
        by(
          (guid) => -groups.get(guid).length,
          (guid) => guid,
        ),
      );
      for (const [at, from] of alike.entries()) {
        const into = alike.slice(0, at).find((one) => groups.has(one) && apart(groups.get(one), groups.get(from)));
        if (into) unite(into, from);
      }
    }
  }

  const apart = (one, other) => !one.some(({ who }) => other.some((member) => member.who === who));

  function entry(group, count, aliases) {
    const guids = [...new Set(group.map(({ guid }) => guid))].sort();
    const times = new Map();
    const wanted = new Set(aliases.map(({ to }) => same(to)));
    for (const { path: name, guid } of group)
      times.set(name, (times.get(name) ?? 0) + 1 + (wanted.has(guid) && guids.length > 1 ? group.length : 0));
    const names = [...times]
      .sort(
        by(
          ([, number]) => -number,
          ([name]) => name,
        ),
      )
      .map(([name]) => name);
    const versions = Array.from(
      { length: count },
      (_, who) => group.find((member) => member.who === who)?.code ?? null,
    );
    return { key: guids[0], guids, name: names[0], names, colour: versions.find(Boolean).colour, versions };
  }

  const FIELDS = ["definition", "include", "exclude", "example"];

  /** Return where codebooks differ: `{ code, without: [who], fields: [name of a field that differs] }` for each such code. */
  function codebooks({ list }) {
    const plain = (text) => (text ?? "").normalize("NFC").replace(/\s+/g, " ").trim();
    return list
      .map((code) => ({
        code,
        without: code.versions.flatMap((version, who) => (version ? [] : [who])),
        fields: FIELDS.filter(
          (field) => new Set(code.versions.filter(Boolean).map((version) => plain(version[field]))).size > 1,
        ),
      }))
      .filter(({ code, without, fields }) => without.length || fields.length || code.names.length > 1);
  }

  // --- units

  /**
   * Return the units of a text, each `{ start, end, given, read }`: `given` is a Map from the key of a code to the
   * coders who gave it, `read` are the coders who read the unit; coders are places in `works`, in order.
   *
   * `kind` is sentences, turns, or segments: the text cut where a coding or the reading of any coder begins or ends. A coding
   * speaks for a unit of which it covers half, or in which half of the coding lies. Who gave no code in a unit has read it if half
   * of it is marked as read; otherwise they are missing there. `allRead` are coders of whom all is taken as read.
   */
  function units(works, text, kind, { matched = codes(works), allRead = new Set() } = {}) {
    const own = works.map((work) => work.texts.find(({ sha256 }) => sha256 === text.sha256));
    const codings = works.map((work, who) =>
      own[who] ? work.codings.filter((coding) => coding.text === own[who].guid) : [],
    );
    const places = kind === "segments" ? segments(text, own, codings) : pieces(text, kind);
    const all = places.map(({ start, end }) => ({ start, end, given: new Map(), read: [] }));
    const add = (coders, who) => coders.at(-1) === who || coders.push(who);
    works.forEach((_, who) => {
      if (!own[who]) return;
      for (const coding of codings[who]) {
        const key = matched.keys[who].get(coding.code);
        for (const unit of spokenFor(all, coding)) {
          if (!unit.given.has(key)) unit.given.set(key, []);
          add(unit.given.get(key), who);
          add(unit.read, who);
        }
      }
      for (const unit of readBy(all, allRead.has(who) ? [[0, Infinity]] : own[who].read)) add(unit.read, who);
    });
    return all;
  }

  /** Yield the units for which a coding speaks. */
  function* spokenFor(all, { start, end }) {
    for (let at = firstAfter(all, start); at < all.length && all[at].start < end; at += 1) {
      const unit = all[at];
      const shared = Math.min(end, unit.end) - Math.max(start, unit.start);
      if (2 * shared >= Math.min(unit.end - unit.start, end - start)) yield unit;
    }
  }

  /** Return the place of the first of some sorted units that ends after a place in the text. */
  function firstAfter(all, place) {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle].end <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Return the units of which at least half is in some ranges. */
  function readBy(all, ranges) {
    const shared = new Map();
    for (const [start, end] of ranges) {
      for (let at = firstAfter(all, start); at < all.length && all[at].start < end; at += 1) {
        const part = Math.min(end, all[at].end) - Math.max(start, all[at].start);
        shared.set(all[at], (shared.get(all[at]) ?? 0) + part);
      }
    }
    return [...shared].filter(([unit, part]) => 2 * part >= unit.end - unit.start).map(([unit]) => unit);
  }

  let latest = { sha256: "", pieces: null }; // the text that was cut last: each change of a view would cut it again

  function pieces(text, kind) {
    if (latest.sha256 !== text.sha256) latest = { sha256: text.sha256, pieces: wb.pieces(text.content, text.language) };
    return latest.pieces[kind];
  }

  function segments(text, own, codings) {
    const points = [...text.content];
    const ends = new Set([0, points.length]);
    for (const coding of codings.flat()) ends.add(coding.start).add(coding.end);
    for (const [start, end] of own.flatMap((one) => one?.read ?? [])) ends.add(start).add(end);
    const cuts = [...ends].filter((place) => place >= 0 && place <= points.length).sort((one, other) => one - other);
    const blank = (place) => /\s/.test(points[place]);
    return cuts.slice(1).flatMap((last, at) => {
      let [start, end] = [cuts[at], last];
      while (start < end && blank(start)) start += 1;
      while (end > start && blank(end - 1)) end -= 1;
      return start < end ? [{ start, end }] : [];
    });
  }

  // --- agreement

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

  // --- where coders differ

  /**
   * Return passages: runs of units for which the same coders gave the same codes, where anybody gave one.
   *
   * `disputed` are the keys of codes that some of those who read the passage gave and some did not. `agreed` is the share of both
   * among the pairs of coders of whom one gave a code or both did, over codes; null if fewer than two read it.
   */
  function passages(all) {
    const rows = [];
    all.forEach((unit, at) => {
      if (!unit.given.size) return;
      const last = rows.at(-1);
      if (last && last.to === at - 1 && alike(last, unit)) Object.assign(last, { to: at, end: unit.end });
      else
        rows.push({
          start: unit.start,
          end: unit.end,
          from: at,
          to: at,
          given: unit.given,
          read: unit.read,
          ...divided(unit),
        });
    });
    return rows;
  }

  function alike(one, other) {
    const equal = (coders, others) => coders.length === others.length && coders.every((who, at) => who === others[at]);
    return (
      one.given.size === other.given.size &&
      equal(one.read, other.read) &&
      [...one.given].every(([key, who]) => other.given.has(key) && equal(who, other.given.get(key)))
    );
  }

  function divided({ given, read }) {
    let [both, either] = [0, 0];
    for (const { length } of given.values()) {
      both += (length * (length - 1)) / 2;
      either += (length * (length - 1)) / 2 + length * (read.length - length);
    }
    const disputed = [...given].filter(([, who]) => who.length < read.length).map(([key]) => key);
    return { disputed, agreed: read.length > 1 ? both / either : null };
  }

  /** Return the codings of a work that speak for a unit of a passage. */
  function codingsIn(work, text, passage, all) {
    const own = work.texts.find(({ sha256 }) => sha256 === text.sha256);
    if (!own) return [];
    const inside = all.slice(passage.from, passage.to + 1);
    return work.codings.filter((coding) => coding.text === own.guid && !spokenFor(inside, coding).next().done);
  }

  // --- coders

  /** Return letters for coders in an order that their names do not show: A, B … Z, AA, AB …, by place in `works`. */
  function letters(works) {
    const shuffled = works
      .map((work, who) => ({ who, at: digest(`${same(work.guid)} ${work.saved}`) }))
      .sort(by(({ at }) => at));
    const made = [];
    shuffled.forEach(
      ({ who }, at) =>
        (made[who] =
          (at > 25 ? String.fromCharCode(64 + Math.floor(at / 26)) : "") + String.fromCharCode(65 + (at % 26))),
    );
    return made;
  }

  /** Return what each coder did on each text: `{ coder, round, text, codings, codes, memos, read }`; `read` is a share. */
  function completion(works) {
    return works.flatMap((work) =>
      work.texts.map((text) => {
        const codings = work.codings.filter((coding) => coding.text === text.guid);
        const length = [...text.content].length;
        return {
          coder: work.coder.name,
          round: work.round,
          text: text.name,
          codings: codings.length,
          codes: new Set(codings.map(({ code }) => code)).size,
          memos: codings.filter(({ memo }) => memo.trim()).length,
          read: length ? sum(text.read.map(([start, end]) => Math.min(end, length) - start)) / length : 0,
        };
      }),
    );
  }

  wb.comparing = {
    sorted,
    texts,
    firstDifference,
    codes,
    codebooks,
    units,
    agreement,
    passages,
    codingsIn,
    letters,
    completion,
  };
}
