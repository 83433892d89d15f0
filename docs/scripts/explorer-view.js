"use strict";
// The evidence explorer without its page: which passages a view chooses, what is counted, its address, its CSV.
// A view is an object of strings, one for each control of the page; "" chooses everything.
{
  const compendium = (globalThis.compendium ??= {});
  const OF_CELLS = ["stance"]; // beside the two facets of the chart: what the choice of a cell sets
  const ALL = "all";
  const UNCODED = "uncoded";

  const taken = (...stances) => ["context", "counters"].find((stance) => stances.includes(stance)) ?? "supports";

  const combined = (lists) =>
    lists.reduce((made, list) => made.flatMap((one) => list.map((item) => [...one, item])), [[]]);

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // --- from the facts in the page to what can be asked

  // Things are known by their places in lists, which are quick to count.
  const placed = (things) => new Map(things.map((thing, place) => [thing, place]));

  // A reading takes one coding of each facet. It has a value, or several (a code and those above it), for each field.
  // A study with one facet has no columns.
  function reading(facts, trees, names, form, codings) {
    const topOf = (facet) => trees[facet].get(codings[names.indexOf(facet)][0])[0];
    const [row, column] = [facts.rows, facts.columns || facts.rows].map((facet) => codings[names.indexOf(facet)]);
    const stance = taken(row[2], column[2]);
    const basis = column[3];
    const named = Object.keys(facts.bases).filter((name) => facts.bases[name].includes(basis));
    const columns = stance !== "supports" ? [stance] : facts.columns ? [topOf(facts.columns), ALL] : [ALL];
    const coded = codings.every(([, role]) => role === "primary");
    return {
      codes: codings.map(([code]) => code),
      primary: codings.map(([, role]) => role === "primary"),
      coded, // as in the coding of record
      now: coded, // as in the coding of record, or in the reader's own reading
      values: [...names.map((facet, at) => trees[facet].get(codings[at][0])), [form], [stance], [basis, ...named]],
      cells: columns.flatMap((name) => [`${topOf(facts.rows)}/${name}`, `${ALL}/${name}`]),
    };
  }

  // Of a facet with several codes a passage, every primary code holds whatever else is chosen, and an alternative need
  // not. So readings that choose alike on the other facets are together, and `fixed` are those that hold in any case.
  function together(facts, names, codings, readings) {
    const several = names.map((facet) => facts.several.includes(facet));
    const groups = new Map();
    const groupOf = (each) => {
      const chosen = names.map((facet, at) => (several[at] ? "" : codings[facet].indexOf(each[at]))).join();
      return groups.get(chosen) ?? groups.set(chosen, groups.size).get(chosen);
    };
    const holds = ([code, role], facet) => role === "primary" && (code !== UNCODED || codings[facet].length === 1);
    return readings
      .map(({ each, ...one }) => ({
        ...one,
        group: groupOf(each),
        fixed: names.every((facet, at) => !several[at] || holds(each[at], facet)),
      }))
      .toSorted((one, other) => one.group - other.group);
  }

  // Replaces names by their places, and adds those that are new.
  function numbered(readings, fields, cells) {
    const placeIn = (places, name) => places.get(name) ?? places.set(name, places.size).get(name);
    return readings.map((one) => ({
      ...one,
      values: one.values.map((values, at) => values.map((value) => placeIn(fields[at].places, value))),
      cells: one.cells.map((cell) => placeIn(cells, cell)),
    }));
  }

  function prepared(facts, texts) {
    const names = Object.keys(facts.facets);
    const trees = Object.fromEntries(
      names.map((facet) => [facet, new Map(facts.facets[facet].map(({ code, path }) => [code, path]))]),
    );
    const fields = [...names, "form", "stance", "basis"].map((name) => ({ name, places: new Map() }));
    const cells = new Map();
    const axes = [facts.rows, facts.columns].filter(Boolean);
    const passages = facts.passages.map((passage, place) => {
      const chosen = combined(names.map((facet) => passage.codings[facet]));
      const each = chosen.map((codings) => ({
        each: codings,
        ...reading(facts, trees, names, passage.form, codings),
      }));
      const readings = together(facts, names, passage.codings, each);
      const { searched, gist } = texts[place];
      return { ...passage, place, text: plain(searched), gist, readings: numbered(readings, fields, cells) };
    });
    const bits = (chosen) => fields.reduce((made, { name }, at) => made | (chosen.includes(name) ? 1 << at : 0), 0);
    return {
      facets: names,
      fields,
      cells,
      passages,
      units: Object.fromEntries(Object.entries(units).map(([unit, of]) => [unit, unitsOf(passages, of)])),
      reread: false,
      ofCells: bits([...axes, ...OF_CELLS]),
      ofBasis: bits(["basis"]),
      ordered: { article: passages, ...Object.fromEntries(axes.map(inOrderOf)) },
    };

    // By the place of the code in its tree; passages of one code stay as they are in the article.
    function inOrderOf(facet) {
      const places = placed([...trees[facet].keys()]);
      const place = (passage) => places.get(passage.codings[facet][0][0]);
      return [facet, passages.toSorted((one, other) => place(one) - place(other))];
    }
  }

  /** Read passages as a reader does: `settled` has, by passage, an object of codes by facet. */
  function reread(study, settled) {
    study.reread = false;
    for (const passage of study.passages) {
      const own = settled.get(passage.extract_id) ?? {};
      const fits = (one) =>
        study.facets.every((facet, at) => (own[facet] ? one.codes[at] === own[facet] : one.primary[at]));
      const known = passage.readings.some(fits); // a code that is not allowed changes nothing
      for (const one of passage.readings) one.now = known ? fits(one) : one.coded;
      study.reread ||= passage.readings.some((one) => one.now !== one.coded);
    }
  }

  // --- what a view chooses and counts

  const units = {
    passage: (passage) => passage.extract_id,
    statement: (passage) => passage.statement,
    interviewee: (passage) => (passage.spoken ? passage.source_id : null), // documents are not counted as interviewees
  };

  // The place of each passage's unit in the list of units, -1 where it has none.
  function unitsOf(passages, of) {
    const named = passages.map(of);
    const places = placed([...new Set(named.filter((one) => one !== null))]);
    return { of: Int32Array.from(named, (one) => places.get(one) ?? -1), size: places.size };
  }

  const counted = (passages, unit) => new Set(passages.map(units[unit]).filter((one) => one !== null)).size;

  // Counts of passages, each once for a value, however many of its readings have it.
  function tally(size) {
    const counts = new Int32Array(size);
    const last = new Int32Array(size).fill(-1);
    const add = (value, passage) => {
      if (last[value] !== passage) counts[value] += 1;
      last[value] = passage;
    };
    return { counts, add };
  }

  // Counts of units in cells, each once.
  function tallyOfUnits(cells, size) {
    const counts = new Int32Array(cells);
    const seen = new Uint8Array(cells * size);
    const add = (cell, unit) => {
      const at = cell * size + unit;
      if (!seen[at]) counts[cell] += 1;
      seen[at] = 1;
    };
    return { counts, add };
  }

  // Which filters a reading misses, a bit for each; -1 in `chosen` misses nothing.
  function missedBy({ values }, chosen) {
    let missed = 0;
    for (let at = 0; at < chosen.length; at += 1) {
      if (chosen[at] !== -1 && !values[at].includes(chosen[at])) missed |= 1 << at;
    }
    return missed;
  }

  // Returns the passages of the view, in its order; how many passages each option of a field would choose beside the
  // other filters; how many more the view would have `without` one of its filters; and the units in each cell under all
  // filters but those that the choice of a cell sets: `count`, `lowest` and `highest` over all allowed readings, and
  // `record` as in the coding of record.
  function asked(study, view) {
    const chosen = study.fields.map(({ name, places }) => (view[name] ? (places.get(view[name]) ?? places.size) : -1));
    const names = [...study.fields.map(({ name }) => name), "text", "passages"];
    const misses = missesOfPassage(view, names);
    const options = study.fields.map(({ places }) => tally(places.size));
    const without = tally(names.length);
    const units = study.units[view.unit];
    const [count, lowest, highest, record] = [0, 1, 2, 3].map(() => tallyOfUnits(study.cells.size, units.size));
    const hits = new Int32Array(study.cells.size);
    const lastHit = new Int32Array(study.cells.size).fill(-1);
    const found = [];
    study.ordered[view.sort].forEach((passage, number) => {
      const apart = misses(passage);
      const unit = units.of[passage.place];
      let inView = false;
      let open = 0; // readings that could take the passage out of a cell, those together once
      let opened = -1;
      const touched = [];
      for (const one of passage.readings) {
        const missed = apart | missedBy(one, chosen);
        if (view.alternatives || one.now) {
          inView ||= missed === 0;
          if (missed && (missed & (missed - 1)) === 0) without.add(31 - Math.clz32(missed), number);
          one.values.forEach((values, at) => {
            if (!(missed & ~(1 << at))) for (const value of values) options[at].add(value, number);
          });
        }
        if (unit === -1) continue;
        // An alternative on another basis is no reading on this one; a coding of record on another is uncoded here.
        if ((one.coded || !(missed & study.ofBasis)) && one.group !== opened) {
          open += 1;
          opened = one.group;
        }
        if (missed & ~study.ofCells) continue;
        for (const cell of one.cells) {
          highest.add(cell, unit);
          if (one.now) count.add(cell, unit);
          if (one.coded) record.add(cell, unit);
          if (!one.fixed || lastHit[cell] === one.group) continue;
          lastHit[cell] = one.group;
          if ((hits[cell] += 1) === 1) touched.push(cell);
        }
      }
      for (const cell of touched) {
        if (hits[cell] === open) lowest.add(cell, unit);
        hits[cell] = 0;
        lastHit[cell] = -1;
      }
      if (inView) found.push(passage);
    });
    return {
      passages: found,
      option: (name, value) => {
        const at = names.indexOf(name);
        return options[at].counts[study.fields[at].places.get(value)] ?? 0;
      },
      without: (name) => without.counts[names.indexOf(name)],
      cell: (row, column) => {
        const at = study.cells.get(`${row}/${column}`);
        const of = ({ counts }) => counts[at] ?? 0;
        return { count: of(count), lowest: of(lowest), highest: of(highest), record: of(record) };
      },
    };
  }

  // Returns what tells the bits of the filters that a passage misses however it is read: words, and a list of passages.
  function missesOfPassage(view, names) {
    const words = plain(view.text).split(/\s+/).filter(Boolean);
    const keys = view.passages ? new Set(view.passages.split(",")) : null;
    const [ofText, ofKeys] = ["text", "passages"].map((name) => 1 << names.indexOf(name));
    return (passage) =>
      (words.every((word) => passage.text.includes(word)) ? 0 : ofText) |
      (!keys || keys.has(passage.extract_id) ? 0 : ofKeys);
  }

  // --- the address of a view

  // What the site's own search adds to addresses is no part of a view, and no mistake; nor is a reader's own reading.
  const FOREIGN = ["h", "q", "read"];
  const KEPT = ["read"];

  // `allowed` has for each name in an address its default and a test of what it may be.
  function fromAddress(search, allowed) {
    const view = Object.fromEntries(Object.entries(allowed).map(([name, { usual }]) => [name, usual]));
    const given = new Set();
    const ignored = [];
    for (const [name, value] of new URLSearchParams(search)) {
      if (FOREIGN.includes(name)) continue;
      if (Object.hasOwn(allowed, name) && !given.has(name) && allowed[name].fits(value)) view[name] = value;
      else ignored.push(`${name}=${value}`);
      given.add(name);
    }
    return { view, ignored };
  }

  // `search` is the address so far, of which a reader's own reading is kept as it is.
  function toAddress(view, allowed, search) {
    const kept = search
      .replace("?", "")
      .split("&")
      .filter((part) => KEPT.includes(part.split("=")[0]));
    const said = Object.entries(view).filter(([name, value]) => value !== allowed[name].usual);
    const own = new URLSearchParams(said).toString().replaceAll("%2C", ","); // a list is easier to read so
    const parts = [own, ...kept].filter(Boolean);
    return parts.length ? `?${parts.join("&")}` : "";
  }

  // --- the passages of a view as a table

  function csv(study, passages) {
    const of = (passage, facet, role, part) =>
      passage.codings[facet]
        .filter((coding) => coding[1] === role)
        .map((coding) => coding[part])
        .join(" ");
    const columns = {
      extract_id: (passage) => passage.extract_id,
      source_id: (passage) => passage.source_id,
      section: (passage) => passage.section,
      form: (passage) => passage.form,
      repeats: (passage) => passage.repeats,
      gist: (passage) => passage.gist,
    };
    for (const facet of study.facets) {
      columns[facet] = (passage) => of(passage, facet, "primary", 0);
      columns[`${facet}_stance`] = (passage) => of(passage, facet, "primary", 2);
      columns[`${facet}_basis`] = (passage) => of(passage, facet, "primary", 3);
      columns[`${facet}_alternatives`] = (passage) => of(passage, facet, "alternative", 0);
    }
    const rows = passages.map((passage) => Object.values(columns).map((cell) => cell(passage)));
    return compendium.csv([Object.keys(columns), ...rows]);
  }

  compendium.explorer = { ALL, prepared, reread, asked, counted, fromAddress, toAddress, csv };
}
