"use strict";
/**
 * What if passages were read otherwise? The rules of `analysis.reanalysis.rereading`, without a page.
 *
 * A passage that is read otherwise is *settled*: the code given is all that it allows on that facet, and every other
 * passage keeps all its allowed readings. Numbers of readings are whole numbers of any length, so that every share is
 * exact. The material (see `analysis.site.pages.reread_material`) says what is counted and which verdict follows.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const UNCODED = "uncoded";
  const ALL = "all"; // the column of a study with one facet
  const COUNTERS = "counters";
  const APART = ["context", COUNTERS]; // columns of what supports nothing; context wins over counters
  const SUPPORTS = "supports";

  const taken = (column, ...stances) => APART.find((stance) => stances.includes(stance)) ?? column;
  const byName = (things, name) => new Map(things.map((thing, place) => [name(thing), place]));

  /** Return the material, ready to be asked: its things by their names, and what all comes to as it is coded. */
  function prepared(material) {
    const study = {
      ...material,
      facetPlaces: byName(material.facets, (facet) => facet.name),
      codePlaces: material.facets.map((facet) => byName(facet.codes, ([code]) => code)),
      passagePlaces: byName(material.passages, ([extract]) => extract),
      contextOnly: new Set(material.contextOnly),
      kept: new Map(), // what passages can be read as, by what was asked
    };
    study.rowFacet = study.facetPlaces.get(material.rows);
    study.tables = tables(study);
    study.groups = grouped(study);
    return study;
  }

  /** Find what all comes to as it is coded, in short steps between which a page can do other things. */
  function* inSteps(study) {
    for (const rule of Object.values(study.claims)) {
      RULES[rule.rule](study, rule, new Map());
      yield;
    }
    asCoded(study);
    for (const table of study.tables) {
      countsIn(study, table);
      yield;
    }
  }

  const asCoded = (study) => (study.asCoded ??= assessed(study, []));

  // --- re-readings in words: PASSAGE=CODE, or PASSAGE=FACET/CODE, separated by commas

  class NotAllowed extends Error {}

  /** Return the re-readings that a text names, and what is wrong with those that are left out, a sentence each. */
  function asked(study, text) {
    const settled = new Map();
    const wrong = [];
    for (const written of text
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean)) {
      try {
        const one = read(study, written);
        const place = `${one.passage}/${one.facet}`;
        if (settled.has(place)) throw new NotAllowed(`${written} names a passage a second time on the same facet.`);
        settled.set(place, one);
      } catch (error) {
        if (!(error instanceof NotAllowed)) throw error;
        wrong.push(error.message);
      }
    }
    return { settled: inOrder([...settled.values()]), wrong };
  }

  function read(study, written) {
    const [, extract, facetAsked, code] = /^([^=]*)=(?:([^=]*)\/)?([^=/]*)$/.exec(written) ?? [];
    if (code === undefined)
      throw new NotAllowed(`“${shortened(written)}” is not a passage and a code with = between them.`);
    const passage = study.passagePlaces.get(extract.trim());
    if (passage === undefined) throw new NotAllowed(`There is no passage “${shortened(extract)}”.`);
    if (study.contextOnly.has(extract.trim())) {
      throw new NotAllowed(`${extract} gives context only, and so enters no count.`);
    }
    const found = study.facets.flatMap((facet, place) => {
      const at = study.codePlaces[place].get(code.trim());
      return at === undefined || (facetAsked ?? facet.name).trim() !== facet.name
        ? []
        : [{ passage, facet: place, code: at }];
    });
    if (!found.length) throw new NotAllowed(`There is no code “${shortened(written.split("=")[1])}”.`);
    if (found.length > 1) throw new NotAllowed(`“${written}” is a code of several facets. Name the facet before it.`);
    if (!codingsOf(study, found[0]).some(([at]) => at === found[0].code)) {
      throw new NotAllowed(`${extract} does not allow the reading “${code}”, or no longer does.`);
    }
    return found[0];
  }

  const shortened = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text).trim();
  const codingsOf = (study, { passage, facet }) => study.passages[passage][4][facet];
  const inOrder = (settled) => settled.toSorted((one, other) => one.passage - other.passage || one.facet - other.facet);

  const namesOf = (study, { passage, facet, code }) => ({
    extract_id: study.passages[passage][0],
    facet: study.facets[facet].name,
    code_id: study.facets[facet].codes[code][0],
  });

  /** Return re-readings as the command takes them; the facet is named where several have the code. */
  function written(study, settled) {
    return inOrder(settled).map((one) => {
      const { extract_id: extract, facet, code_id: code } = namesOf(study, one);
      const several = study.codePlaces.filter((codes) => codes.has(code)).length > 1;
      return `${extract}=${several ? `${facet}/` : ""}${code}`;
    });
  }

  // --- what a passage can be read as on a facet: sets of [code, stance], each with its number of readings

  // `codings` as in the material; `level` is a place among those of the facet; codings that do not count are left out
  // where `countedAlone`. As `analysis.counting.crosstabs.each_option` and `readings.allowed` have it.
  function readingsOn(study, codings, facet, level, countedAlone) {
    const { codes, exclusive } = study.facets[facet];
    const held = { primary: [], alternative: [] };
    const leftOut = [];
    for (const [code, alternative, stance, counts] of codings) {
      const up = codes[code][2][level];
      const option = [up === null ? UNCODED : codes[up][0], study.stances[stance]];
      if (counts || !countedAlone) held[alternative ? "alternative" : "primary"].push(option);
      else if (!alternative) leftOut.push(option[1]);
    }
    const coded = held.primary.length > 0;
    if (!coded) held.primary.push([UNCODED, taken(SUPPORTS, ...leftOut)]);
    if (exclusive) {
      return { asCoded: held.primary, ways: [...held.primary, ...held.alternative].map((option) => [option]) };
    }
    let ways; // found when they are asked for: there are twice as many with each alternative
    return {
      asCoded: held.primary,
      get ways() {
        const chosen = () => held.alternative.reduce((sets, one) => sets.flatMap((set) => [set, [...set, one]]), [[]]);
        return (ways ??= chosen().map((set) => (coded || !set.length ? [...held.primary, ...set] : set)));
      },
    };
  }

  // What a passage can be read as, settled or not; kept, as many rules ask for the same.
  function readingsOf(study, passage, facet, level, countedAlone, settled) {
    const code = settled.get(passage)?.get(facet);
    const key = `${passage}/${facet}/${level}/${countedAlone}/${code}`;
    if (!study.kept.has(key)) {
      const codings = study.passages[passage][4][facet];
      const own = code === undefined ? codings : [codings.find(([at]) => at === code).with(1, 0)];
      study.kept.set(key, readingsOn(study, own, facet, level, countedAlone));
    }
    return study.kept.get(key);
  }

  // Where a passage is if it is read so on rows and columns: cells, in which what supports nothing has a column of its
  // own.
  const cellsOf = (rows, columns) =>
    rows.flatMap(([row, one]) => columns.map(([column, other]) => `${row}/${taken(column, one, other)}`));

  function byPassage(settled) {
    const found = new Map();
    for (const { passage, facet, code } of settled) {
      if (!found.has(passage)) found.set(passage, new Map());
      found.get(passage).set(facet, code);
    }
    return found;
  }

  // --- exact counting: how many readings give which value

  // A unit's values with their numbers of readings: the lowest value, and the numbers from it on, without common
  // factor.
  function polynomial(values) {
    const lowest = Math.min(...values.keys());
    const numbers = Array.from(
      { length: Math.max(...values.keys()) - lowest + 1 },
      (_, at) => values.get(lowest + at) ?? 0n,
    );
    const common = numbers.reduce(divisor);
    return { lowest, numbers: numbers.map((number) => number / common) };
  }

  const divisor = (one, other) => (other ? divisor(other, one % other) : one);

  function times(one, other) {
    const product = new Array(one.length + other.length - 1).fill(0n);
    one.forEach((number, at) => other.forEach((more, place) => (product[at + place] += number * more)));
    return product;
  }

  const add = (counts, key, number) => counts.set(key, (counts.get(key) ?? 0n) + number);
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0n);

  // Sets of regions that something is in are bits of a number. Passages together are where one of them is.
  const inOneOf = (regions, cells) =>
    regions.reduce((bits, region, at) => (cells.some((cell) => region.has(cell)) ? bits | (1 << at) : bits), 0);

  function together(all, hits) {
    const wider = new Map();
    for (const [bits, number] of all) for (const [more, further] of hits) add(wider, bits | more, number * further);
    return wider;
  }

  const valueOf = (bits) => (bits & 1) - (bits >> 1);

  // What a unit adds to a count, or to the difference of two: as coded, and over all readings of its passages.
  function unitOf(passages) {
    const values = new Map();
    for (const [bits, number] of joined(passages)) add(values, valueOf(bits), number);
    return { value: valueOf(passages.reduce((bits, { asCoded }) => bits | asCoded, 0)), ...polynomial(values) };
  }

  const joined = (passages) => passages.reduce((found, { hits }) => together(found, hits), new Map([[0, 1n]]));

  // The difference of two counts of units, or the one count: as coded, its ends, and in how many readings it is above
  // zero.
  function compared(units) {
    const total = (name) => units.reduce((all, unit) => all + unit[name], 0);
    const numbers = units.reduce((all, unit) => (unit.numbers.length > 1 ? times(all, unit.numbers) : all), [1n]);
    const lowest = total("lowest");
    const share = [sum(numbers.slice(Math.max(0, 1 - lowest))), sum(numbers)];
    return { value: total("value"), lowest, highest: lowest + numbers.length - 1, share };
  }

  // What a rule finds of each passage, and of each unit: kept as it is coded, and found again where a passage is
  // settled.
  function ofPassages(study, rule, settled, find) {
    rule.ofPassages ??= study.passages.map((_, passage) => find(passage, new Map()));
    return withSome(rule.ofPassages, [...settled.keys()], (passage) => find(passage, settled));
  }

  function ofUnits(study, rule, settled, own) {
    const find = (groups, group) => unitOf(groups[group].map((passage) => own[passage]));
    rule.ofUnits ??= study.groups.map(({ groups }) =>
      groups.map((_, group) => unitOf(groups[group].map((at) => rule.ofPassages[at]))),
    );
    return study.groups.map(({ groups, groupOf }, at) => {
      const touched = new Set(
        [...settled.keys()].flatMap((passage) => (groupOf.has(passage) ? [groupOf.get(passage)] : [])),
      );
      return withSome(rule.ofUnits[at], [...touched], (group) => find(groups, group));
    });
  }

  function withSome(all, places, find) {
    const changed = all.slice();
    for (const place of places) changed[place] = find(place);
    return changed;
  }

  // The passages of each unit of each kind; what has no such unit, as a document has no interviewee, is in none.
  function grouped(study) {
    return study.units.map((_, of) => {
      const named = new Map();
      study.passages.forEach((passage, place) => {
        if (passage[of] !== null) named.set(passage[of], [...(named.get(passage[of]) ?? []), place]);
      });
      const groups = [...named.values()];
      return { groups, groupOf: new Map(groups.flatMap((places, group) => places.map((place) => [place, group]))) };
    });
  }

  const below = ([one, all], [other, others]) => one * others < other * all;
  const isAll = ([some, all]) => some === all;
  const isNone = ([some]) => some === 0n;

  // --- the rules: (study, rule, settled) -> verdict, lowest and highest share, patterns by unit, passages against the
  // claim

  const RULES = {
    fixed: (study, { verdict, against }) => ({ verdict, shares: [], patterns: [], against }),

    pattern(study, rule, settled) {
      const regions = [rule.first, rule.second].map((cells) => new Set(cells));
      const own = ofPassages(study, rule, settled, (passage, read) => inPattern(study, passage, rule, regions, read));
      const patterns = ofUnits(study, rule, settled, own).map((units, at) => ({
        unit: study.units[at],
        ...compared(units),
      }));
      const shares = ends(patterns.map((pattern) => pattern.share));
      const nothing =
        patterns.every(({ lowest, highest }) => lowest === 0 && highest === 0) &&
        !own.some(({ isFor, against }) => isFor || against);
      return {
        verdict: nothing ? rule.nothing : verdictOf(study, rule, shares),
        shares,
        patterns,
        against: named(study, (passage) => own[passage].against),
      };
    },

    supported(study, rule, settled) {
      const regions = rule.codes.map((code) => new Set([code]));
      const own = ofPassages(study, rule, settled, (passage, read) => inSupport(study, passage, rule, regions, read));
      if (rule.surplus) {
        const against = rule.surplus > 0 ? named(study, (passage) => own[passage].asCoded) : [];
        return { verdict: rule.miscounted, shares: [], patterns: [], against };
      }
      const all = joined(own);
      const share = [all.get(2 ** regions.length - 1) ?? 0n, sum([...all.values()])];
      return { verdict: verdictOf(study, rule, [share, share]), shares: [share, share], patterns: [], against: [] };
    },

    complete(study, rule, settled) {
      const levels = study.facets[study.rowFacet].levels;
      const lacks = (passage) =>
        levels.some((_, level) => rowsAsCoded(study, passage, level, settled).includes(UNCODED));
      const against = named(
        study,
        (passage) => study.passages[passage][3] && isCoded(study, passage) && lacks(passage),
      );
      return { verdict: against.length ? rule.never : rule.always, shares: [], patterns: [], against };
    },

    printed(study, rule, settled) {
      const printed = study.passages.flatMap(([, , , inTable], passage) =>
        inTable ? rowsAsCoded(study, passage, rule.level, settled) : [],
      );
      const missing = rule.codes.filter((code) => !printed.includes(code));
      const open = missing.filter((code) => code in rule.partOf && !missing.includes(rule.partOf[code]));
      if (!missing.length) return { verdict: rule.always, shares: [], patterns: [], against: [] };
      if (open.length < missing.length) return { verdict: rule.never, shares: [], patterns: [], against: [] };
      const share = [1n, 1n << BigInt(open.length)];
      return { verdict: study.depends, shares: [share, share], patterns: [], against: [] };
    },
  };

  const verdictOf = (study, rule, [lowest, highest]) =>
    isAll(lowest) ? rule.always : isNone(highest) ? rule.never : study.depends;

  function ends(shares) {
    const inTurn = shares.toSorted((one, other) => (below(one, other) ? -1 : below(other, one) ? 1 : 0));
    return [inTurn[0], inTurn.at(-1)];
  }

  const named = (study, is) => study.passages.flatMap(([extract], passage) => (is(passage) ? [extract] : []));
  const isCoded = (study, passage) =>
    study.passages[passage][4][study.rowFacet].some(([, alternative]) => !alternative);
  const rowsAsCoded = (study, passage, level, settled) =>
    readingsOf(study, passage, study.rowFacet, level, false, settled).asCoded.map(([code]) => code);

  // How a passage is read on the rows and columns of a rule; only patterns leave out what rests on a label.
  const onAxes = (study, passage, rule, settled) => [
    readingsOf(study, passage, study.rowFacet, rule.level, false, settled),
    readingsOf(study, passage, study.facetPlaces.get(rule.facet), 0, rule.rule === "pattern", settled),
  ];

  // In which of some regions a passage is as coded, and in how many of its readings in which.
  function inRegions([rows, columns], regions, named = (cells) => cells) {
    const hits = new Map();
    for (const row of rows.ways)
      for (const column of columns.ways) add(hits, inOneOf(regions, named(cellsOf(row, column))), 1n);
    return { hits, asCoded: inOneOf(regions, named(cellsOf(rows.asCoded, columns.asCoded))) };
  }

  // And whether it is for a claim as coded, or against it: it supports the second region, or counters the first.
  function inPattern(study, passage, rule, regions, settled) {
    const axes = onAxes(study, passage, rule, settled);
    const [first, second] = regions;
    const sides = { isFor: false, against: false };
    for (const [row, one] of axes[0].asCoded) {
      for (const [column, other] of axes[1].asCoded) {
        const [cell, stance] = [`${row}/${column}`, taken(SUPPORTS, one, other)];
        sides.isFor ||= stance === SUPPORTS && first.has(cell);
        sides.against ||= stance === SUPPORTS ? second.has(cell) : stance === COUNTERS && first.has(cell);
      }
    }
    return { ...inRegions(axes, regions), ...sides };
  }

  // Which codes a passage supports: those of its rows, in whichever column.
  const inSupport = (study, passage, rule, regions, settled) =>
    inRegions(onAxes(study, passage, rule, settled), regions, rowsOf);
  const rowsOf = (cells) =>
    cells.map((cell) => cell.split("/")).flatMap(([row, column]) => (APART.includes(column) ? [] : [row]));

  // --- what a study comes to

  /** Return what every claim and step of the model comes to if passages are settled. */
  function assessed(study, settled) {
    const bySettled = byPassage(settled);
    const claims = Object.fromEntries(
      Object.entries(study.claims).map(([claim, rule]) => {
        const found = RULES[rule.rule](study, rule, bySettled);
        return [claim, { ...found, against: new Set([...found.against, ...rule.counters]) }];
      }),
    );
    return { claims, steps: study.steps.map((step) => stepOf(study, step, claims)) };
  }

  function stepOf(study, [source, target, stating], claims) {
    const against = new Set(stating.flatMap((claim) => [...claims[claim].against]));
    const linked = new Set(stating.flatMap((claim) => study.claims[claim].illustrates));
    const listed = (of) => study.passages.flatMap(([extract]) => (of(extract) ? [extract] : []));
    return {
      source,
      target,
      for: listed((extract) => linked.has(extract) && !against.has(extract)),
      against: listed((extract) => against.has(extract)),
    };
  }

  // The tables whose cells are compared: every other facet by the first, at each level of the first; or it alone.
  function tables(study) {
    const [first, ...others] = study.facets;
    if (!others.length) return first.levels.map((_, level) => ({ name: first.name, facet: null, level }));
    return others.flatMap((facet) =>
      first.levels.map((_, level) => ({
        name: `${facet.name}-by-${first.name}`,
        facet: study.facetPlaces.get(facet.name),
        level,
      })),
    );
  }

  // The cells in which a passage is as coded; a row without a code is of other passages at each level, and left out.
  function placesIn(study, { facet, level }, passage, settled) {
    const [rows, columns] = [
      [0, level],
      [facet, 0],
    ].map(([axis, at]) =>
      axis === null ? [[ALL, SUPPORTS]] : readingsOf(study, passage, axis, at, axis !== 0, settled).asCoded,
    );
    return new Set(cellsOf(rows, columns).filter((cell) => !cell.startsWith(`${UNCODED}/`)));
  }

  function countsIn(study, table) {
    if (table.counts) return table.counts;
    table.counts = new Map();
    study.passages.forEach((_, passage) => {
      for (const cell of placesIn(study, table, passage, new Map())) addOne(table.counts, cell, 1);
    });
    return table.counts;
  }

  const addOne = (counts, key, number) => counts.set(key, (counts.get(key) ?? 0) + number);

  // --- what changes

  /** Return what changes if passages are settled: cells, patterns, verdicts, steps of the model, and contradicted links. */
  function changes(study, settled) {
    const before = asCoded(study);
    const after = settled.length ? assessed(study, settled) : before;
    const claims = Object.keys(study.claims);
    const both = (claim) => ({ claim, before: before.claims[claim], after: after.claims[claim] });
    return {
      settled: inOrder(settled).map((one) => namesOf(study, one)),
      cells: cellsThatChange(study, settled),
      patterns: claims.flatMap((claim) =>
        before.claims[claim].patterns.flatMap((was, at) => {
          const now = after.claims[claim].patterns[at];
          return differ(was, now) ? [{ claim, unit: was.unit, before: inDigits(was), after: inDigits(now) }] : [];
        }),
      ),
      verdicts: claims
        .map(both)
        .filter((one) => label(study, one.before) !== label(study, one.after))
        .map(({ claim, ...sides }) => ({
          claim,
          before: shown(study, sides.before),
          after: shown(study, sides.after),
        })),
      model: study.steps.flatMap((_, at) => stepThatChanges(before.steps[at], after.steps[at])),
      contradicted: claims.flatMap((claim) => {
        const passages = study.claims[claim].illustrates.filter((extract) => after.claims[claim].against.has(extract));
        return passages.length ? [{ claim, passages }] : [];
      }),
    };
  }

  /** Return what every claim comes to if passages are settled: verdict, share of readings, and patterns in digits. */
  function figures(study, settled) {
    const found = Object.entries(assessed(study, settled).claims);
    return Object.fromEntries(
      found.map(([claim, one]) => [claim, { ...shown(study, one), patterns: one.patterns.map(inDigits) }]),
    );
  }

  const differ = (was, now) =>
    ["value", "lowest", "highest"].some((name) => was[name] !== now[name]) ||
    below(was.share, now.share) ||
    below(now.share, was.share);

  const inDigits = ({ value, lowest, highest, share }) => ({
    value,
    lowest,
    highest,
    share: sixDecimals(share),
    portion: portion(share),
  });

  const shown = (study, { verdict, shares }) => ({ verdict, share: shareOf(study, { verdict, shares }) });

  // The share of readings in which a claim holds, in its units: "98.1% to 99.9%" where the verdict depends on the
  // reading.
  const shareOf = (study, { verdict, shares }) =>
    verdict === study.depends ? [...new Set(shares.map(portion))].join(" to ") : "";
  const label = (study, found) => `${found.verdict} ${shareOf(study, found)}`;

  function stepThatChanges(before, after) {
    const same = ["for", "against"].every((side) => before[side].join() === after[side].join());
    const { source, target } = before;
    return same ? [] : [{ source, target, before, after }];
  }

  // Only passages that are settled come or go.
  function cellsThatChange(study, settled) {
    const bySettled = byPassage(settled);
    return study.tables.flatMap((table) => {
      const more = new Map();
      for (const passage of bySettled.keys()) {
        const [was, now] = [new Map(), bySettled].map((read) => placesIn(study, table, passage, read));
        for (const cell of was) addOne(more, cell, -1);
        for (const cell of now) addOne(more, cell, 1);
      }
      return [...more]
        .filter(([, number]) => number)
        .map(([cell, number]) => {
          const before = countsIn(study, table).get(cell) ?? 0;
          const [row, column] = cell.split("/");
          return {
            table: table.name,
            level: study.facets[0].levels[table.level],
            row,
            column,
            before,
            after: before + number,
          };
        });
    });
  }

  // --- figures, as `analysis.support.formatting` writes them

  // To the nearest, of two equally near ones the even, as Python does.
  function sixDecimals([some, all]) {
    const scaled = some * 1_000_000n;
    const [whole, rest] = [scaled / all, 2n * (scaled % all)];
    const digits = String(whole + (rest > all || (rest === all && whole % 2n) ? 1n : 0n)).padStart(7, "0");
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  // In per cent, cut off, so that only all is all and none is none.
  function portion([some, all]) {
    if (some === 0n) return "none";
    if (some === all) return "all";
    const thousandths = (some * 1000n) / all;
    return thousandths ? `${(Number(thousandths) / 10).toFixed(1)}%` : "under 0.1%";
  }

  compendium.reread = { prepared, inSteps, asked, written, changes, figures };
}
