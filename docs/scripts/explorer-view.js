// The evidence explorer without its page: which passages a view chooses, what is counted, its address, its CSV.
// A view is an object of strings, one for each control of the page; "" chooses everything.
const Explorer = (() => {
  const OF_CELLS = ["stance"] // beside the two facets of the chart: what the choice of a cell sets
  const ALL = "all"

  const taken = (...stances) => ["context", "counters"].find(stance => stances.includes(stance)) ?? "supports"

  const combined = lists => lists.reduce((made, list) => made.flatMap(one => list.map(item => [...one, item])), [[]])

  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()

  // --- from the facts in the page to what can be asked

  // A reading takes one coding of each facet. It has a value, or several (a code and those above it), for each field.
  function reading(facts, paths, passage, names, codings) {
    const of = Object.fromEntries(names.map((facet, at) => [facet, codings[at]]))
    const [row, column] = [of[facts.rows], of[facts.columns]]
    const stance = taken(row[2], column[2])
    const basis = column[3]
    const named = Object.keys(facts.bases).filter(name => facts.bases[name].includes(basis))
    return {
      values: [...codings.map(([code], at) => paths[at].get(code)), [passage.form], [stance], [basis, ...named]],
      row: paths[names.indexOf(facts.rows)].get(row[0])[0],
      column: stance === "supports" ? paths[names.indexOf(facts.columns)].get(column[0])[0] : stance,
      supports: stance === "supports",
    }
  }

  function prepared(facts, texts) {
    const names = Object.keys(facts.facets)
    const paths = names.map(facet => new Map(facts.facets[facet].map(({ code, path }) => [code, path])))
    const places = paths.map(codes => new Map([...codes.keys()].map((code, place) => [code, place])))
    const fields = [...names, "form", "stance", "basis"]
    const ofCells = [facts.rows, facts.columns, ...OF_CELLS].map(name => 1 << fields.indexOf(name))
    const passages = facts.passages.map((passage, place) => {
      const readings = chosen =>
        combined(names.map(facet => passage.codings[facet].filter(chosen))).map(codings =>
          reading(facts, paths, passage, names, codings)
        )
      const first = facet => places[names.indexOf(facet)].get(passage.codings[facet][0][0])
      return {
        ...passage,
        text: plain(texts[place].searched),
        gist: texts[place].gist,
        asCoded: readings(([, role]) => role === "primary"),
        allowed: readings(() => true),
        order: { article: place, [facts.rows]: first(facts.rows), [facts.columns]: first(facts.columns) },
      }
    })
    return { facets: names, fields, passages, ofCells: ofCells.reduce((one, other) => one | other) }
  }

  // --- what a view chooses and counts

  const units = {
    passage: passage => passage.extract_id,
    statement: passage => passage.statement,
    interviewee: passage => (passage.spoken ? passage.source_id : null), // a document is no interviewee
  }

  const counted = (passages, unit) => new Set(passages.map(units[unit]).filter(one => one !== null)).size

  // Returns the passages of the view, in its order; for each field how many passages each option would choose beside
  // the other filters; and the units in each cell under all filters but those that the choice of a cell sets.
  function asked(study, view) {
    const words = plain(view.text).split(/\s+/).filter(Boolean)
    const options = study.fields.map(() => new Map())
    const cells = new Map()
    const chosen = study.fields.map(field => view[field])
    const found = []
    for (const passage of study.passages) {
      if (!words.every(word => passage.text.includes(word))) continue
      const met = study.fields.map(() => new Set())
      const stands = new Set()
      let inView = false
      for (const one of view.alternatives ? passage.allowed : passage.asCoded) {
        let missed = 0
        one.values.forEach((values, at) => {
          if (chosen[at] && !values.includes(chosen[at])) missed |= 1 << at
        })
        if (!missed) inView = true
        one.values.forEach((values, at) => {
          if (!(missed & ~(1 << at))) values.forEach(value => met[at].add(value))
        })
        if (!(missed & ~study.ofCells)) {
          const columns = one.supports ? [one.column, ALL] : [one.column]
          for (const column of columns) stands.add(`${one.row}/${column}`).add(`${ALL}/${column}`)
        }
      }
      if (inView) found.push(passage)
      met.forEach((values, at) => values.forEach(value => options[at].set(value, (options[at].get(value) ?? 0) + 1)))
      const unit = units[view.unit](passage)
      if (unit !== null) for (const cell of stands) cells.set(cell, (cells.get(cell) ?? new Set()).add(unit))
    }
    found.sort((one, other) => one.order[view.sort] - other.order[view.sort] || one.order.article - other.order.article)
    return {
      passages: found,
      options: new Map(study.fields.map((field, at) => [field, options[at]])),
      cell: (row, column) => cells.get(`${row}/${column}`)?.size ?? 0,
    }
  }

  // --- the address of a view

  // What the site's own search adds to addresses is no part of a view, and no mistake.
  const FOREIGN = ["h", "q"]

  // `allowed` has for each name in an address its default and a test of what it may be.
  function fromAddress(search, allowed) {
    const view = Object.fromEntries(Object.entries(allowed).map(([name, { usual }]) => [name, usual]))
    const given = new Set()
    const ignored = []
    for (const [name, value] of new URLSearchParams(search)) {
      if (FOREIGN.includes(name)) continue
      if (Object.hasOwn(allowed, name) && !given.has(name) && allowed[name].fits(value)) view[name] = value
      else ignored.push(`${name}=${value}`)
      given.add(name)
    }
    return { view, ignored }
  }

  function toAddress(view, allowed) {
    const said = Object.entries(view).filter(([name, value]) => value !== allowed[name].usual)
    return said.length ? `?${new URLSearchParams(said)}` : ""
  }

  // --- CSV, in the manner of the data tables: UTF-8, commas, line feeds

  // A spreadsheet would take such a cell for a formula; an apostrophe makes it text.
  const guarded = cell => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)

  const quoted = cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

  function csv(study, passages) {
    const of = (passage, facet, role, part) =>
      passage.codings[facet].filter(coding => coding[1] === role).map(coding => coding[part]).join(" ")
    const columns = {
      extract_id: passage => passage.extract_id,
      source_id: passage => passage.source_id,
      section: passage => passage.section,
      form: passage => passage.form,
      repeats: passage => passage.repeats,
      gist: passage => passage.gist,
    }
    for (const facet of study.facets) {
      columns[facet] = passage => of(passage, facet, "primary", 0)
      columns[`${facet}_stance`] = passage => of(passage, facet, "primary", 2)
      columns[`${facet}_basis`] = passage => of(passage, facet, "primary", 3)
      columns[`${facet}_alternatives`] = passage => of(passage, facet, "alternative", 0)
    }
    const rows = passages.map(passage => Object.values(columns).map(cell => cell(passage)))
    return [Object.keys(columns), ...rows].map(row => row.map(cell => quoted(guarded(cell))).join(",") + "\n").join("")
  }

  return { ALL, prepared, asked, counted, fromAddress, toAddress, csv }
})()
