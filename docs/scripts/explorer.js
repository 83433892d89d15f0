"use strict";
// The evidence explorer's page: filters and chips, the chart, the list of passages, and what is handed on.
{
  const ROWS_AT_ONCE = 50; // a longer list is shown in steps, so that every choice is answered at once
  const SAID_AFTER = 600; // milliseconds: a screen reader says the outcome, not each letter on the way

  const { dataOf, download, element, explorer } = compendium;
  const part = (name) => document.getElementById(`explorer-${name}`);
  const controls = part("controls");
  const list = part("list");
  const rows = [...list.children];
  const facts = dataOf("explorer-facts");
  const textOf = (row, chosen) => [...row.querySelectorAll(chosen)].map((one) => one.textContent).join(" ");
  const study = explorer.prepared(
    facts,
    // Keys, gist, codes, reasons and claims are searched, and never the source: nobody's passages are to be collected.
    rows.map((row) => ({
      gist: textOf(row, ".explorer-gist"),
      searched: textOf(row, ".explorer-key, .explorer-gist, .explorer-claims a, .explorer-why li"),
    })),
  );
  const rowOf = new Map(study.passages.map((passage, place) => [passage, rows[place]]));
  const keys = new Set(study.passages.map((passage) => passage.extract_id));

  // --- controls

  const fields = [...controls.elements].filter((field) => field.name);
  const selects = fields.filter((field) => field.tagName === "SELECT");
  const allowed = Object.fromEntries(fields.map((field) => [field.name, allowedIn(field)]));
  const texts = new Map(selects.flatMap((select) => [...select.options]).map((option) => [option, option.text]));

  function allowedIn(field) {
    if (field.tagName === "SELECT") {
      const values = [...field.options].map((option) => option.value);
      return { usual: values[0], fits: (value) => values.includes(value) };
    }
    if (field.type === "checkbox") return { usual: "", fits: (value) => value === field.value };
    if (field.type === "hidden") return { usual: "", fits: (value) => value.split(",").every((key) => keys.has(key)) };
    return { usual: "", fits: (value) => value.length <= field.maxLength };
  }

  const valueOf = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value);

  function setControls(view) {
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = view[field.name] !== "";
      else if (field.value !== view[field.name]) field.value = view[field.name];
    }
  }

  function setCounts() {
    for (const select of selects.filter((select) => study.fields.some((field) => field.name === select.name))) {
      for (const option of select.options) {
        if (option.value === "") continue;
        const text = `${texts.get(option)} (${answer.option(select.name, option.value)})`;
        if (option.text !== text) option.text = text;
      }
    }
  }

  // --- chips: what is chosen, each of which takes its choice back

  const isChosen = (field) => field.name !== "unit" && view[field.name] !== allowed[field.name].usual;

  function nameOf(field) {
    if (field.name === "passages")
      return `${named(view.passages.split(",").length, "chosen passage", "chosen passages")}`;
    const label = field.labels[0].textContent.trim();
    if (field.type === "checkbox") return label;
    return `${label}: ${field.type === "search" ? `“${view.text}”` : texts.get(field.selectedOptions[0]).trim()}`;
  }

  function chip(field, ...content) {
    const made = element("button", { type: "button", class: "explorer-chip", "data-field": field.name }, ...content);
    made.addEventListener("click", () => {
      change({ ...view, [field.name]: allowed[field.name].usual });
      (part("chips").querySelector("button") ?? list.querySelector("a"))?.focus();
    });
    return made;
  }

  const cross = () => element("span", { "aria-hidden": "true" }, " ×");
  const unseen = (text) => element("span", { class: "only-heard" }, text);

  function setChips() {
    const chosen = fields.filter(isChosen);
    const chips = chosen.map((field) => chip(field, unseen("Remove "), nameOf(field), cross()));
    part("chips").replaceChildren(
      ...[...chips, ...(chips.length ? [clearAll()] : [])].map((one) => element("li", {}, one)),
    );
    part("chips").hidden = !chips.length;
    setEmpty(chosen);
  }

  function clearAll() {
    const made = element("button", { type: "button", class: "explorer-chip", id: "explorer-reset" }, "Clear all");
    made.addEventListener("click", () => {
      change(explorer.fromAddress("", allowed).view);
      list.querySelector("a")?.focus();
    });
    return made;
  }

  // What to do where nothing is left: each choice with what the list would have without it, the most first.
  function setEmpty(chosen) {
    part("empty").hidden = answer.passages.length > 0;
    if (answer.passages.length) return part("empty").replaceChildren();
    const ways = chosen
      .map((field) => ({ field, brings: answer.without(field.name) }))
      .filter(({ brings }) => brings > 0)
      .sort((one, other) => other.brings - one.brings)
      .map(({ field, brings }) =>
        element("li", {}, chip(field, unseen("Remove "), nameOf(field), cross(), ` brings ${brings}`)),
      );
    return part("empty").replaceChildren(
      element(
        "p",
        {},
        element("strong", {}, "No published passage fits all of these."),
        " The interviews may hold some.",
      ),
      element("p", {}, ways.length ? "Remove one:" : "No single choice is in the way. Remove several, or clear all."),
      element("ul", { class: "explorer-chips" }, ...ways),
    );
  }

  // --- the chart: one stop of the Tab key, arrows inside

  const grid = document.querySelector(".explorer-cells");
  const cells = [...grid.querySelectorAll("td")].map((place) => {
    const button = element("button", { type: "button", tabindex: "-1" });
    place.replaceChildren(button);
    const { row, column } = place.dataset;
    const [group, stage] = [place.closest("tbody").querySelector("th"), place.parentElement.cells[0]];
    const name = group === stage ? group.textContent : `${group.textContent}, ${stage.textContent}`;
    const isTotal = facts.columns ? column === explorer.ALL : false;
    return { place, button, row, column, name, drawn: row !== explorer.ALL && !isTotal };
  });

  function makeGrid() {
    grid.setAttribute("role", "grid");
    cells[0].button.tabIndex = 0;
    grid.addEventListener("keydown", (event) => {
      const at = cells.findIndex(({ button }) => button === document.activeElement);
      const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: cells.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      focusOn(Math.max(0, Math.min(to, cells.length - 1)));
    });
    cells.forEach((cell, at) => {
      cell.place.parentElement.addEventListener("click", () => {
        focusOn(at);
        chooseCell(cell);
      });
    });
  }

  function focusOn(at) {
    cells.forEach(({ button }, place) => (button.tabIndex = place === at ? 0 : -1));
    cells[at].button.focus({ preventScroll: true });
    cells[at].button.scrollIntoView({ block: "nearest" });
  }

  // What a cell chooses; `all` chooses everything of its facet that supports.
  function choiceOf({ row, column }) {
    const stance = ["counters", "context"].includes(column) ? column : "supports";
    const stage = stance === "supports" && column !== explorer.ALL ? column : "";
    return { ...onAxes(row === explorer.ALL ? "" : row, stage), stance };
  }

  // Codes on the facets of the chart; a study with one facet has no columns.
  const onAxes = (row, column) => ({ [facts.rows]: row, ...(facts.columns && { [facts.columns]: column }) });

  const isOfView = (cell) => Object.entries(choiceOf(cell)).every(([name, value]) => view[name] === value);

  function chooseCell(cell) {
    const nothing = { ...onAxes("", ""), stance: "" };
    change({ ...view, ...(isOfView(cell) ? nothing : choiceOf(cell)) });
    bringToResults();
  }

  // What was chosen may be out of sight: above where one has scrolled to, or below the chart on a narrow screen.
  function bringToResults() {
    const results = list.parentElement;
    const { top } = results.getBoundingClientRect();
    if (top < 0 || top > innerHeight * 0.8) results.scrollIntoView();
  }

  function setCells() {
    const unit = nameOfUnit();
    for (const place of document.querySelectorAll("[data-unit]")) place.textContent = unit;
    for (const cell of cells) setCell(cell, answer.cell(cell.row, cell.column), unit);
    part("key").firstChild.data = study.reread
      ? "Dot: your reading. Ring: as coded. Line: lowest to highest over all allowed readings. "
      : "Dot: as coded. Line: lowest to highest over all allowed readings. ";
  }

  function setCell({ place, button, name, drawn }, { count, lowest, highest, record }, unit) {
    const range = lowest === highest ? "" : ` (${lowest}–${highest})`;
    const said = lowest === highest ? "" : `, ${lowest} to ${highest} over all allowed readings`;
    const before = record === count ? "" : `, ${record} as coded`;
    const label = `${name}: ${count} ${unit}${before}${said}`;
    button.setAttribute("aria-pressed", isOfView({ row: place.dataset.row, column: place.dataset.column }));
    if (button.getAttribute("aria-label") === label) return;
    button.setAttribute("aria-label", label);
    button.replaceChildren(element("b", {}, String(count)), range);
    if (!drawn) return;
    for (const [key, value] of Object.entries({ n: count, low: lowest, high: highest, record })) {
      place.style.setProperty(`--${key}`, value);
    }
    place.classList.toggle("reread", record !== count);
  }

  const nameOfUnit = () => texts.get(controls.elements.unit.selectedOptions[0]);

  // --- the list

  let shown = ROWS_AT_ONCE;
  let answer;

  function setRows() {
    const chosen = answer.passages.slice(0, shown).map((passage) => rowOf.get(passage));
    const same = chosen.length === list.children.length && chosen.every((row, at) => row === list.children[at]);
    if (!same) list.replaceChildren(...chosen);
    const left = answer.passages.length - chosen.length;
    part("more").hidden = left === 0;
    part("more").textContent = `Show the next ${Math.min(left, ROWS_AT_ONCE)} of ${answer.passages.length}`;
  }

  function showMore() {
    const first = shown;
    shown += ROWS_AT_ONCE;
    setRows();
    list.children[first].querySelector("a").focus(); // the button may be gone
  }

  // --- what is said of a view

  const figure = new Intl.NumberFormat("en");
  const named = (count, one, several) => `${figure.format(count)} ${count === 1 ? one : several}`;

  function setTotals() {
    const chosen = answer.passages;
    const all = study.passages.length;
    const most =
      chosen.length === all
        ? `All ${figure.format(all)} passages`
        : `${figure.format(chosen.length)} of ${named(all, "passage", "passages")}`;
    const rest =
      `${named(explorer.counted(chosen, "statement"), "distinct statement", "distinct statements")}, ` +
      `${named(explorer.counted(chosen, "interviewee"), "interviewee", "interviewees")}`;
    part("totals").replaceChildren(element("strong", {}, most), ` ${rest}`);
    part("allowed").hidden = view.alternatives === "";
    clearTimeout(saying);
    saying = setTimeout(() => (part("said").textContent = `${most}: ${rest}.`), SAID_AFTER);
  }

  let saying;

  function setNotice(ignored) {
    part("notice").hidden = ignored.length === 0;
    part("notice").textContent = ignored.length
      ? `The address asked for something that is not here. Left out: ${ignored.join(", ").slice(0, 300)}.`
      : "";
  }

  // --- views and their addresses

  let view;
  let typing = false;

  function show(next) {
    view = next;
    shown = ROWS_AT_ONCE;
    setControls(view);
    answerAgain();
  }

  function answerAgain() {
    answer = explorer.asked(study, view);
    setCounts();
    setCells();
    setRows();
    setTotals();
    setChips();
    part("address").value = part("copy").dataset.copy = addressOf(view);
  }

  // Shows a view and makes it a step of the browser's history; a word that is being typed is one step.
  function change(next, nowTyping = false) {
    const keep = typing && nowTyping ? "replaceState" : "pushState";
    typing = nowTyping;
    try {
      // Before the page is changed, since browsers lay out the page when they keep a step.
      history[keep](null, "", addressOf(next));
    } catch {
      // Some browsers keep no history for pages that are opened from a folder; the line to cite has the address.
    }
    show(next);
    setNotice([]);
  }

  function read() {
    typing = false;
    const { view: asked, ignored } = explorer.fromAddress(location.search, allowed);
    show(asked);
    setNotice(ignored);
  }

  const addressOf = (asked) => location.href.split(/[?#]/)[0] + explorer.toAddress(asked, allowed, location.search);

  // --- a reader's own reading, of which the switches tell

  function readAgain({ detail }) {
    const settled = codesOf(detail.settled);
    explorer.reread(study, settled);
    for (const [passage, row] of rowOf)
      mark(row, passage.readings.some((one) => one.now !== one.coded) && settled.get(passage.extract_id));
    answerAgain();
  }

  // Says in a row what its passage is read as, if not as coded.
  function mark(row, codes) {
    row.classList.toggle("reread", Boolean(codes));
    row.querySelector(".explorer-yours")?.remove();
    if (!codes) return;
    const said = Object.entries(codes).map(([facet, code]) => nameOfCode(facet, code));
    row
      .querySelector(".explorer-head")
      .append(element("strong", { class: "explorer-yours" }, `your reading: ${said.join(", ")}`));
  }

  const nameOfCode = (facet, code) =>
    texts.get([...controls.elements[facet].options].find((option) => option.value === code)).trim();

  // By passage, codes by facet: from rows as `analysis` has them.
  function codesOf(settled) {
    const found = new Map();
    for (const { extract_id: key, facet, code_id: code } of settled)
      found.set(key, { ...found.get(key), [facet]: code });
    return found;
  }

  // --- what is handed on

  function save() {
    const name = fileName();
    download(name, "text/csv;charset=utf-8", explorer.csv(study, answer.passages));
    part("made").textContent =
      `${name} has ${named(answer.passages.length, "passage", "passages")}, a row each, in the order shown, ` +
      "with the coding of record: UTF-8, commas, line feeds. Gists are ours, no quotations. A cell that a " +
      `spreadsheet would take for a formula begins with an apostrophe. Chosen at ${part("address").value}`;
  }

  function fileName() {
    const said = fields.filter(isChosen).map(({ name }) =>
      view[name]
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .replace(/^-|-$/g, ""),
    );
    return `${["passages", ...(said.length ? said : ["all"])].join("-").slice(0, 100)}.csv`;
  }

  // --- beginning

  makeGrid();
  read();
  if (fields.some((field) => field.closest("details") && view[field.name] !== allowed[field.name].usual)) {
    controls.querySelector("details").open = true;
  }
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", ({ target }) =>
    change({ ...view, [target.name]: valueOf(target) }, target.type === "search"),
  );
  part("more").addEventListener("click", showMore);
  part("export").addEventListener("click", save);
  document.addEventListener("reread", readAgain);
  addEventListener("popstate", read);
  addEventListener("beforeprint", () => list.replaceChildren(...answer.passages.map((passage) => rowOf.get(passage))));
  addEventListener("afterprint", setRows);
  document.getElementById("explorer").dataset.works = ""; // without it, the controls are hidden again
}
