"use strict";
// The evidence explorer without its page: which passages a view chooses, what is counted, its address, its CSV.
// A view is an object of strings, one for each control of the page; "" chooses everything.
{
  const compendium = (globalThis.compendium ??= {});
  const OF_CELLS = ["stance"]; // beside the two facets of the chart: what the choice of a cell sets
  const ALL = "all";

  const taken = (...stances) => ["context", "counters"].find((stance) => stances.includes(stance)) ?? "supports";

  const combined = (lists) =>
    lists.reduce((made, list) => made.flatMap((one) => list.map((item) => [...one, item])), [[]]);

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // --- from the facts in the page to what can be asked

  // Things are known by their places in lists, which are quick to count.
  const placed = (things) => new Map(things.map((thing, place) => [thing, place]));

  // A reading takes one coding of each facet. It has a value, or several (a code and those above it), for each field.
  function reading(facts, trees, names, form, codings) {
    const topOf = (facet) => trees[facet].get(codings[names.indexOf(facet)][0])[0];
    const [row, column] = [facts.rows, facts.columns].map((facet) => codings[names.indexOf(facet)]);
    const stance = taken(row[2], column[2]);
    const basis = column[3];
    const named = Object.keys(facts.bases).filter((name) => facts.bases[name].includes(basis));
    const columns = stance === "supports" ? [topOf(facts.columns), ALL] : [stance];
    return {
      values: [...names.map((facet, at) => trees[facet].get(codings[at][0])), [form], [stance], [basis, ...named]],
      cells: columns.flatMap((name) => [`${topOf(facts.rows)}/${name}`, `${ALL}/${name}`]),
    };
  }

  // Replaces names by their places, and adds those that are new.
  function numbered(readings, fields, cells) {
    const placeIn = (places, name) => places.get(name) ?? places.set(name, places.size).get(name);
    return readings.map((one) => ({
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
    const passages = facts.passages.map((passage, place) => {
      const readings = (chosen) =>
        combined(names.map((facet) => passage.codings[facet].filter(chosen))).map((codings) =>
          reading(facts, trees, names, passage.form, codings),
        );
      return {
        ...passage,
        text: plain(texts[place].searched),
        gist: texts[place].gist,
        asCoded: numbered(
          readings(([, role]) => role === "primary"),
          fields,
          cells,
        ),
        allowed: numbered(
          readings(() => true),
          fields,
          cells,
        ),
      };
    });
    const ofCells = [facts.rows, facts.columns, ...OF_CELLS].map((name) =>
      fields.findIndex((field) => field.name === name),
    );
    return {
      facets: names,
      fields,
      cells,
      passages,
      ofCells: ofCells.reduce((bits, at) => bits | (1 << at), 0),
      ordered: { article: passages, ...Object.fromEntries([facts.rows, facts.columns].map(inOrderOf)) },
    };

    // By the place of the code in its tree; passages of one code stay as they are in the article.
    function inOrderOf(facet) {
      const places = placed([...trees[facet].keys()]);
      const place = (passage) => places.get(passage.codings[facet][0][0]);
      return [facet, passages.toSorted((one, other) => place(one) - place(other))];
    }
  }

  // --- what a view chooses and counts

  const units = {
    passage: (passage) => passage.extract_id,
    statement: (passage) => passage.statement,
    interviewee: (passage) => (passage.spoken ? passage.source_id : null), // documents are not counted as interviewees
  };

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

  // Which filters a reading misses, a bit for each; -1 in `chosen` misses nothing.
  function missedBy({ values }, chosen) {
    let missed = 0;
    for (let at = 0; at < chosen.length; at += 1) {
      if (chosen[at] !== -1 && !values[at].includes(chosen[at])) missed |= 1 << at;
    }
    return missed;
  }

  // Returns the passages of the view, in its order; how many passages each option of a field would choose beside the
  // other filters; and the units in each cell under all filters but those that the choice of a cell sets.
  function asked(study, view) {
    const words = plain(view.text).split(/\s+/).filter(Boolean);
    const chosen = study.fields.map(({ name, places }) => (view[name] ? (places.get(view[name]) ?? places.size) : -1));
    const options = study.fields.map(({ places }) => tally(places.size));
    const cells = [...study.cells].map(() => new Set());
    const unitOf = units[view.unit];
    const found = [];
    study.ordered[view.sort].forEach((passage, number) => {
      if (!words.every((word) => passage.text.includes(word))) return;
      const unit = unitOf(passage);
      let inView = false;
      for (const one of view.alternatives ? passage.allowed : passage.asCoded) {
        const missed = missedBy(one, chosen);
        inView ||= missed === 0;
        one.values.forEach((values, at) => {
          if (!(missed & ~(1 << at))) for (const value of values) options[at].add(value, number);
        });
        if (unit !== null && !(missed & ~study.ofCells)) for (const cell of one.cells) cells[cell].add(unit);
      }
      if (inView) found.push(passage);
    });
    return {
      passages: found,
      option: (name, value) => {
        const at = study.fields.findIndex((field) => field.name === name);
        return options[at].counts[study.fields[at].places.get(value)] ?? 0;
      },
      cell: (row, column) => cells[study.cells.get(`${row}/${column}`)]?.size ?? 0,
    };
  }

  // --- the address of a view

  // What the site's own search adds to addresses is no part of a view, and no mistake.
  const FOREIGN = ["h", "q"];

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

  function toAddress(view, allowed) {
    const said = Object.entries(view).filter(([name, value]) => value !== allowed[name].usual);
    return said.length ? `?${new URLSearchParams(said)}` : "";
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

  compendium.explorer = { ALL, prepared, asked, counted, fromAddress, toAddress, csv };
}
