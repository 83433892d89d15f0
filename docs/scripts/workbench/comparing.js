"use strict";
/** Comparing the works of several coders on the same texts: which works count, codes, units, and where coders differ. */
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

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  // --- which works count

  const coderOf = (work) => folded(work.coder.name);
  const contentOf = (work) =>
    JSON.stringify([work.codes, work.codings, work.texts.map((text) => [text.sha256, text.read])]);
  const shareText = (one, other) => one.texts.some((text) => other.texts.some(({ sha256 }) => sha256 === text.sha256));

  /** Return what stays the same in all states of a work of a coder: a copy that another coder goes on with is another work. */
  const idOf = (work) => `${same(work.guid)} ${coderOf(work)}`;

  /**
   * Return `{ works, notes, questions }` of works as they were opened, whatever their order.
   *
   * Of two states of one work the later counts. `questions` are what only those who know the coders can answer: two works of one
   * coder on the same text, or two states of a work of which none is later. `answers` is a Map from the `id` of a question to the
   * `id` of the work that counts; without an answer all of them count, so that nobody is lost.
   */
  function sorted(opened, answers = new Map()) {
    const all = distinct(opened);
    const again = opened.length - all.length;
    const notes = again ? [`${compendium.counted(again, "file")} had nothing that another file did not have.`] : [];
    const last = new Map();
    for (const { work } of all) last.set(idOf(work), Math.max(work.saved, last.get(idOf(work)) ?? 0));
    const latest = all.filter(({ work }) => work.saved === last.get(idOf(work)));
    for (const { work } of all) {
      if (work.saved < last.get(idOf(work))) {
        const changes = `${last.get(idOf(work))} changes, not ${work.saved}`;
        notes.push(`Of the work of ${work.coder.name} the later state counts (${changes}).`);
      }
    }
    const questions = doubled(latest);
    const out = questions.flatMap(({ id, works }) => {
      const counts = works.find((one) => one.id === answers.get(id));
      return counts ? works.filter((one) => one !== counts) : [];
    });
    return { works: joined(latest.filter((one) => !out.includes(one)).map(({ work }) => work)), notes, questions };
  }

  const IN_ORDER = [coderOf, (work) => work.round, (work) => same(work.coder.guid), (work) => same(work.guid)];

  /** Return different states, each `{ id, work }`, in an order that files do not change. */
  function distinct(opened) {
    const groups = grouped(opened, (work) => `${idOf(work)} ${work.saved}`);
    const all = [...groups].flatMap(([id, group]) => {
      if (group.length === 1) return [{ id, work: group[0] }];
      const contents = new Map(group.map((work) => [contentOf(work), work]));
      return [...contents].sort(by(([content]) => content)).map(([, work], at) => ({ id: `${id} ${at || ""}`, work }));
    });
    const keys = IN_ORDER.map((key) => (one) => key(one.work));
    return all.sort(by(...keys, ({ id }) => id));
  }

  /** Tell whether two works in a round may be one coder’s, though they are on the same text. */
  const mayBeOne = (one, other) =>
    one.round === other.round &&
    (coderOf(one) === coderOf(other) ||
      same(one.coder.guid) === same(other.coder.guid) ||
      same(one.guid) === same(other.guid)) &&
    shareText(one, other);

  /** Return the questions that works raise, each `{ id, text, works: [{ id, work }] }`. */
  function doubled(all) {
    const groups = [];
    for (const one of all) {
      const near = groups.filter((group) => group.some(({ work }) => mayBeOne(work, one.work)));
      const rest = groups.filter((group) => !near.includes(group));
      groups.splice(0, groups.length, ...rest, [...near.flat(), one]);
    }
    return groups
      .filter((group) => group.length > 1)
      .map((works) => ({ id: works.map(({ id }) => id).join(), works, text: question(works.map(({ work }) => work)) }));
  }

  function question(works) {
    const names = [...new Set(works.map(({ coder }) => coder.name))];
    const count = works.length;
    if (names.length > 1) {
      const listed =
        names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
      return `${count} works of ${listed} began as one file. Are they one person’s, or of different people?`;
    }
    if (new Set(works.map(idOf)).size === 1) {
      return `${count} states of one work by ${names[0]} differ, and none is later. Which one counts?`;
    }
    return `${names[0]} has ${count} works on the same text. Is one of them right, or are these different people?`;
  }

  function grouped(all, keyOf) {
    const groups = new Map();
    for (const one of all) {
      const key = keyOf(one);
      if (groups.has(key)) groups.get(key).push(one);
      else groups.set(key, [one]);
    }
    return groups;
  }

  /** Return works in which each coder has one work a round: works of one coder on different texts become one. */
  function joined(works) {
    const parts = [];
    for (const work of works) {
      const isRest = (part) => coderOf(part) === coderOf(work) && part.round === work.round && !shareText(part, work);
      const at = parts.findIndex(isRest);
      if (at < 0) parts.push(work);
      else parts[at] = together(parts[at], work);
    }
    return parts;
  }

  /** Return two works on different texts as one; codes of the same GUID or path become one. */
  function together(one, other) {
    const known = new Map(one.codes.map(({ guid }) => [same(guid), guid]));
    const named = new Map(one.codes.map((code) => [folded(wb.works.path(one, code)), code.guid]));
    const heirs = new Map(
      other.codes.map((code) => {
        const heir = known.get(same(code.guid)) ?? named.get(folded(wb.works.path(other, code))) ?? code.guid;
        return [code.guid, heir];
      }),
    );
    const fresh = other.codes.filter(({ guid }) => heirs.get(guid) === guid && !known.has(same(guid)));
    const codes = [...one.codes, ...fresh.map((code) => ({ ...code, parent: heirs.get(code.parent) ?? "" }))];
    const taken = new Set(one.texts.map(({ guid }) => guid));
    const homes = new Map(
      other.texts.map((text) => [text.guid, taken.has(text.guid) ? wb.guidOf(text.guid, text.sha256) : text.guid]),
    );
    const texts = other.texts.map((text) => ({ ...text, guid: homes.get(text.guid) }));
    const codings = other.codings.map((coding) => ({
      ...coding,
      text: homes.get(coding.text),
      code: heirs.get(coding.code),
    }));
    return { ...one, codes, texts: [...one.texts, ...texts], codings: [...one.codings, ...codings] };
  }

  // --- texts

  /**
   * Return the texts of some works, each once: `{ sha256, text, who }`, with the places in `works` of those who have it.
   *
   * `otherwise` lists texts that are versions of one text and not the same: `{ text, who, than, place,
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
      const versions = list.filter((other) => one === other || isVersion(one, other));
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

  /** Return texts with numbers in their names where several have the same. */
  function toldApart(list) {
    const alike = (text) => list.filter(({ name }) => folded(name) === folded(text.name));
    const called = (text) => `${text.name} (${alike(text).indexOf(text) + 1})`;
    return list.map((text) => (alike(text).length > 1 ? { ...text, name: called(text) } : text));
  }

  /** Tell whether texts are versions of one: nobody has both, and they share a GUID, or a name and their first or last words. */
  function isVersion(one, other) {
    if (one.who.some((who) => other.who.includes(who))) return false;
    if (same(one.text.guid) === same(other.text.guid)) return true;
    const [here, there] = [one.text.content, other.text.content];
    const alike = here.slice(0, 40) === there.slice(0, 40) || here.slice(-40) === there.slice(-40);
    return alike && folded(one.text.name) === folded(other.text.name);
  }

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
      work.codes.map((code) => ({
        who,
        code,
        guid: same(code.guid),
        path: wb.works.path(work, code).normalize("NFC").trim(),
      })),
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
      for (const unit of unitsIn(all, allRead.has(who) ? [[0, Infinity]] : own[who].read)) add(unit.read, who);
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
  function unitsIn(all, ranges) {
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

  // --- where coders differ

  /**
   * Return passages: runs of units for which the same coders gave the same codes, where anybody gave one.
   *
   * `disputed` are the keys of codes that some of those who read the passage gave and some did not. `divided` is on how many codes
   * two of those who read it differ, as a mean over pairs of coders; 0 if fewer than two read it.
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
          ...divisionOf(unit),
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

  function divisionOf({ given, read }) {
    const pairs = (read.length * (read.length - 1)) / 2;
    const split = sum([...given.values()].map(({ length }) => length * (read.length - length)));
    const disputed = [...given].filter(([, who]) => who.length < read.length).map(([key]) => key);
    return { disputed, divided: pairs ? split / pairs : 0 };
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

  // --- all of it

  /**
   * Return all that a comparison shows of works. `chosen` are the choices of a reader: `answers`, `off` and `readAll` (ids of
   * works), `round`, `text` (a digest, or "" for all texts), `kind` of units, and `aliases`. `now` is the round that was chosen,
   * `rounds` all of those in which two or more coded.
   */
  function all(opened, chosen) {
    const found = sorted(opened, chosen.answers);
    const counting = found.works.filter((work) => !chosen.off.has(idOf(work)));
    const { list, otherwise } = texts(counting);
    const refused = new Set(otherwise.map(({ text }) => text.sha256));
    const known = toldApart(list.filter(({ sha256 }) => !refused.has(sha256)).map(({ text }) => text));
    const numbers = [...new Set(counting.map(({ round }) => round))].sort((one, other) => one - other);
    const round = numbers.includes(chosen.round) ? chosen.round : numbers.at(-1);
    const matched = codes(counting, chosen.aliases);
    const rounds = numbers.map((number) => oneRound(counting, known, matched, number, chosen));
    const now = rounds.find((one) => one.round === round) ?? oneRound([], [], matched, 0, chosen);
    return {
      ...found,
      counting,
      otherwise,
      numbers,
      matched,
      now,
      rounds: rounds.filter(({ works }) => works.length > 1),
    };
  }

  /** Return the works, texts, units, agreement (`whole`, and `coded`, without what nobody coded) and passages of a round. */
  function oneRound(counting, known, matched, round, chosen) {
    const places = counting.flatMap((work, at) => (work.round === round ? [at] : []));
    const works = places.map((at) => counting[at]);
    const own = {
      list: matched.list
        .map((code) => ({ ...code, versions: places.map((at) => code.versions[at]) }))
        .filter(({ versions }) => versions.some(Boolean)),
      keys: places.map((at) => matched.keys[at]),
    };
    const allRead = new Set(works.flatMap((work, who) => (chosen.readAll.has(idOf(work)) ? [who] : [])));
    const shared = known.filter(({ sha256 }) =>
      works.some((work) => work.texts.some((text) => text.sha256 === sha256)),
    );
    const text = shared.some(({ sha256 }) => sha256 === chosen.text) ? chosen.text : "";
    const parts = shared
      .filter(({ sha256 }) => !text || sha256 === text)
      .map((one) => ({ text: one, units: units(works, one, chosen.kind, { matched: own, allRead }) }));
    const every = parts.flatMap((part) => part.units);
    const options = { weighted: chosen.kind === "segments", keys: own.list.map(({ key }) => key) };
    return {
      ...{ round, works, matched: own, texts: shared, text, parts },
      ...wb.comparing.agreement(every, works.length, options), // `whole` and `coded`
      passages: parts.flatMap((part) => passages(part.units).map((passage) => ({ ...passage, ...part }))),
    };
  }

  wb.comparing = {
    ...wb.comparing,
    ...{ idOf, sorted, texts, codes, codebooks, units, passages, codingsIn, letters, completion, all },
  };
}
