"use strict";
// The evidence explorer's page: controls, buttons of the table, the list of passages, and what is handed on.
{
  const ROWS_AT_ONCE = 50; // a longer list is shown in steps, so that every choice is answered at once
  const SAID_AFTER = 600; // milliseconds: a screen reader says the outcome, not each letter on the way

  const { dataOf, download, element, explorer } = compendium;
  const part = (name) => document.getElementById(`explorer-${name}`);
  const root = document.getElementById("explorer");
  const controls = part("controls");
  const body = part("list").tBodies[0];
  const rows = [...body.rows];
  const facts = dataOf("explorer-facts");
  const textOf = (row, chosen) => [...row.querySelectorAll(chosen)].map((one) => one.textContent).join(" ");
  const study = explorer.prepared(
    facts,
    // Gist, names of codes and reasons are searched, and never the source: nobody's passages are to be collected.
    rows.map((row) => ({
      gist: textOf(row, ".explorer-gist"),
      searched: textOf(row, ".explorer-gist, .explorer-why li, td a"),
    })),
  );
  const rowOf = new Map(study.passages.map((passage, place) => [passage, rows[place]]));

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
    return { usual: "", fits: (value) => value.length <= field.maxLength };
  }

  const valueOf = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value);

  function setControls(view) {
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = view[field.name] !== "";
      else if (field.value !== view[field.name]) field.value = view[field.name];
    }
  }

  function setCounts(answer) {
    for (const select of selects.filter((select) => study.fields.some((field) => field.name === select.name))) {
      for (const option of select.options) {
        if (option.value === "") continue;
        const text = `${texts.get(option)} (${answer.option(select.name, option.value)})`;
        if (option.text !== text) option.text = text;
      }
    }
  }

  // --- the table of cells: one stop of the Tab key, arrows inside

  const cells = [...document.querySelectorAll(".explorer-cells td")].map((place) => {
    const button = element("button", { type: "button", tabindex: "-1" });
    place.replaceChildren(button);
    const [row, column] = [place.parentElement.cells[0], place.closest("table").rows[0].cells[place.cellIndex]];
    const { dataset } = place;
    return { button, row: dataset.row, column: dataset.column, name: `${row.textContent}, ${column.textContent}` };
  });
  const grid = document.querySelector(".explorer-cells");
  const width = grid.rows[1].cells.length - 1;

  function makeGrid() {
    grid.setAttribute("role", "grid");
    cells[0].button.tabIndex = 0;
    grid.addEventListener("keydown", (event) => {
      const at = cells.findIndex(({ button }) => button === document.activeElement);
      const to = moved(at, event.key);
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      focusOn(to);
    });
    cells.forEach((cell, at) => {
      cell.button.addEventListener("click", () => {
        focusOn(at);
        chooseCell(cell);
      });
    });
  }

  function moved(at, key) {
    const column = at % width;
    const steps = {
      ArrowLeft: column > 0 ? -1 : 0,
      ArrowRight: column < width - 1 ? 1 : 0,
      ArrowUp: at >= width ? -width : 0,
      ArrowDown: at + width < cells.length ? width : 0,
      Home: -column,
      End: width - 1 - column,
    };
    return Object.hasOwn(steps, key) ? at + steps[key] : undefined;
  }

  function focusOn(at) {
    cells.forEach(({ button }, place) => (button.tabIndex = place === at ? 0 : -1));
    cells[at].button.focus();
  }

  // What a cell chooses; `all` chooses everything of its facet that supports.
  function choiceOf({ row, column }) {
    const stance = ["counters", "context"].includes(column) ? column : "supports";
    const stage = stance === "supports" && column !== explorer.ALL ? column : "";
    return { [facts.rows]: row === explorer.ALL ? "" : row, [facts.columns]: stage, stance };
  }

  const isChosen = (cell) => Object.entries(choiceOf(cell)).every(([name, value]) => view[name] === value);

  function chooseCell(cell) {
    const nothing = { [facts.rows]: "", [facts.columns]: "", stance: "" };
    change({ ...view, ...(isChosen(cell) ? nothing : choiceOf(cell)) });
  }

  function setCells(answer) {
    const unit = nameOfUnit();
    for (const place of document.querySelectorAll("[data-unit]")) place.textContent = unit;
    const counts = cells.map((cell) => {
      const count = answer.cell(cell.row, cell.column);
      const chosen = isChosen(cell);
      cell.button.textContent = count;
      cell.button.setAttribute("aria-label", `${cell.name}: ${count} ${unit}`);
      cell.button.setAttribute("aria-pressed", chosen);
      return { row: cell.row, column: cell.column, count, chosen };
    });
    root.dispatchEvent(new CustomEvent("explorer-counted", { detail: counts }));
  }

  const nameOfUnit = () => texts.get(controls.elements.unit.selectedOptions[0]);

  // --- the list

  let shown = ROWS_AT_ONCE;
  let answer;

  function setRows() {
    const chosen = answer.passages.slice(0, shown).map((passage) => rowOf.get(passage));
    const same = chosen.length === body.rows.length && chosen.every((row, at) => row === body.rows[at]);
    if (!same) body.replaceChildren(...chosen);
    const left = answer.passages.length - chosen.length;
    part("more").hidden = left === 0;
    part("more").textContent = `Show the next ${Math.min(left, ROWS_AT_ONCE)} of ${answer.passages.length}`;
  }

  function showMore() {
    const first = shown;
    shown += ROWS_AT_ONCE;
    setRows();
    body.rows[first].querySelector("a").focus(); // the button may be gone
  }

  // --- what is said of a view

  const figure = new Intl.NumberFormat("en");
  const named = (count, one, several) => `${figure.format(count)} ${count === 1 ? one : several}`;

  function totals() {
    const chosen = answer.passages;
    return [
      `${figure.format(chosen.length)} of ${named(study.passages.length, "passage", "passages")}`,
      `: ${named(explorer.counted(chosen, "statement"), "distinct statement", "distinct statements")}, ` +
        `${named(explorer.counted(chosen, "interviewee"), "interviewee", "interviewees")}. `,
    ];
  }

  function described() {
    const said = fields
      .filter((field) => field.name !== "unit" && view[field.name] !== allowed[field.name].usual)
      .map((field) => {
        const label = field.labels[0].textContent.trim();
        if (field.type === "checkbox") return label.toLowerCase();
        return `${label}: ${field.type === "search" ? `“${view.text}”` : texts.get(field.selectedOptions[0]).trim()}`;
      });
    return said.length ? `Chosen: ${said.join("; ")}.` : "";
  }

  function setTotals() {
    const [most, rest] = totals();
    part("totals").replaceChildren(element("strong", {}, most), `${rest}Documents are not counted as interviewees.`);
    part("described").textContent = described();
    part("allowed").hidden = view.alternatives === "";
    clearTimeout(saying);
    saying = setTimeout(() => (part("said").textContent = most + rest), SAID_AFTER);
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
    answer = explorer.asked(study, view);
    setCounts(answer);
    setCells(answer);
    setRows();
    setTotals();
    part("address").value = addressOf(view);
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

  const addressOf = (asked) => location.href.split(/[?#]/)[0] + explorer.toAddress(asked, allowed);

  // --- what is handed on

  async function copy() {
    const address = part("address");
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      part("said").textContent = part("copy").textContent = "Copied";
    } catch {
      part("said").textContent = part("copy").textContent = "Selected: now press Ctrl+C";
    }
    setTimeout(() => (part("copy").textContent = copyText), 3000);
  }

  const copyText = part("copy").textContent;

  function save() {
    const name = fileName();
    download(name, "text/csv;charset=utf-8", explorer.csv(study, answer.passages));
    part("made").textContent =
      `${name} has ${named(answer.passages.length, "passage", "passages")}, a row each, in the order shown, ` +
      "with the coding of record: UTF-8, commas, line feeds. Gists are ours, no quotations. A cell that a " +
      `spreadsheet would take for a formula begins with an apostrophe. Chosen at ${part("address").value}`;
  }

  function fileName() {
    const chosen = Object.entries(view).filter(([name, value]) => name !== "unit" && value !== allowed[name].usual);
    const said = chosen.map(([, value]) =>
      value
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .replace(/^-|-$/g, ""),
    );
    return `${["passages", ...(said.length ? said : ["all"])].join("-").slice(0, 100)}.csv`;
  }

  // --- beginning

  makeGrid();
  read();
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", ({ target }) =>
    change({ ...view, [target.name]: valueOf(target) }, target.type === "search"),
  );
  part("reset").addEventListener("click", () => change(explorer.fromAddress("", allowed).view));
  part("more").addEventListener("click", showMore);
  part("copy").addEventListener("click", copy);
  part("export").addEventListener("click", save);
  root.addEventListener("explorer-cell", ({ detail }) => chooseCell(detail));
  addEventListener("popstate", read);
  addEventListener("beforeprint", () => body.replaceChildren(...answer.passages.map((passage) => rowOf.get(passage))));
  addEventListener("afterprint", setRows);
}
