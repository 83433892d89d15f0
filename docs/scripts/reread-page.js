"use strict";
/**
 * Re-reading passages on a page: switches, what changes, and the address that says it.
 *
 * It fills what a page offers: `data-reread="F14"` with the switches of a passage, `#reread-summary` with what changes,
 * and in an element with `data-claim="C58"` the element of class `yours` and `data-reread-claim="C58"`. After each
 * change, the document gets an event `reread`. The material is loaded when the first of these is seen, or at once where
 * the address has a re-reading.
 */
{
  const { element, dataOf, counted, reread } = compendium;
  const NAME = "read"; // of the parameter in the address
  const SAID_AFTER = 400; // milliseconds: a screen reader first says what was chosen, then what follows
  const start = dataOf("reread-start");
  const pages = new Set(start.pages.map((page) => new URL(start.root + page, location.href).pathname));
  const summary = document.getElementById("reread-summary") ?? added("div", { id: "reread-summary" });
  const bar = added("div", {
    class: "reread-bar",
    role: "region",
    "aria-label": "Keep or end your reading",
    hidden: "",
  });
  const said = added("p", { class: "only-heard", role: "status" });

  function added(tag, attributes) {
    const made = element(tag, attributes);
    (document.querySelector("article.md-content__inner") ?? document.body).append(made);
    return made;
  }

  // --- the material

  let study;
  let loading;

  function load() {
    loading ??= new Promise((loaded, failed) => {
      const script = element("script", { src: start.material });
      const missing = () => failed(new Error("The data for re-reading could not be loaded. Reload the page."));
      script.addEventListener("load", () => (reread ? loaded(reread.prepared(compendium.rereadMaterial)) : missing()));
      script.addEventListener("error", missing);
      document.head.append(script);
    });
    return loading;
  }

  async function wanted() {
    if (study) return;
    study = await load();
    workAhead(reread.inSteps(study));
  }

  // What all comes to as it is coded is found before anybody asks, in steps that hold up nothing.
  function workAhead(steps) {
    if (!steps.next().done) setTimeout(() => workAhead(steps));
  }

  // --- what is read, and its address

  let settled = [];

  const codingsOf = ({ passage, facet }) => study.passages[passage][4][facet];
  const chosen = ({ passage, facet }) => settled.find((one) => one.passage === passage && one.facet === facet)?.code;

  /** Read a passage as a code on a facet, or, without a code, in every way that it allows. */
  function choose({ passage, facet }, code) {
    settled = settled.filter((one) => one.passage !== passage || one.facet !== facet);
    if (code !== undefined) settled.push({ passage, facet, code });
    keep();
  }

  function reset() {
    settled = [];
    keep();
  }

  // A change is a step of the browser's history, so that its buttons take it back.
  function keep() {
    try {
      history.pushState(null, "", withReading(location.href));
    } catch {
      // Some browsers keep no history for pages that are opened from a folder; the link to copy has the address.
    }
    show([]);
    say();
  }

  /** Return an address with what is read, and all else in it as it is. */
  function withReading(address) {
    const [, place, query, hash] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(address);
    const parts = (query ?? "").split("&").filter((part) => part && part.split("=")[0] !== NAME);
    if (study && settled.length) parts.push(`${NAME}=${reread.written(study, settled).map(encoded).join(",")}`);
    return place + (parts.length ? `?${parts.join("&")}` : "") + (hash ?? "");
  }

  // As one would write it: these signs need no escape in a query.
  const encoded = (text) => encodeURIComponent(text).replaceAll("%3D", "=").replaceAll("%2F", "/");

  const askedFor = () => new URLSearchParams(location.search).getAll(NAME).join(",");

  async function readAddress() {
    const text = askedFor();
    if (!text && !settled.length) return;
    try {
      await wanted();
      const asked = reread.asked(study, text);
      settled = asked.settled;
      show(asked.wrong);
    } catch (error) {
      notice(error.message);
    }
  }

  // A link to another page that can be re-read takes the reading along, in whatever way it is followed.
  for (const kind of ["click", "auxclick", "contextmenu"]) {
    document.addEventListener(kind, ({ target }) => takeAlong(target.closest?.("a[href]")), true);
  }

  function takeAlong(link) {
    if (!link || link.getAttribute("href").startsWith("#") || link.origin !== location.origin) return;
    if (pages.has(link.pathname) && (settled.length || link.search)) link.href = withReading(link.href);
  }

  // --- names

  const extractOf = (passage) => study.passages[passage][0];
  const nameOf = ({ facet, code }) => study.facets[facet].codes[code][1];
  const names = (facet, code) => {
    const place = study.facetPlaces.get(facet);
    const at = study.codePlaces[place].get(code);
    return at === undefined ? code : study.facets[place].codes[at][1];
  };
  const nameOfNode = (code) => study.facets.map(({ name }) => names(name, code)).find((name) => name !== code) ?? code;

  // To where a passage or claim is: on this page, or on its own.
  function linkTo(key, page) {
    const here = document.getElementById(key) ? "" : start.root + page;
    return element("a", { href: `${here}#${key}` }, key);
  }

  const linkToClaim = (claim) => linkTo(claim, start.claims);
  const linkToPassage = (extract) => linkTo(extract, start.passages);

  function mark(verdict, share = "") {
    const made = element("span", { class: "reread-verdict" });
    const template = element("template");
    template.innerHTML = study.marks[verdict]; // of the build, not of a reader
    made.append(template.content, share && ` ${share}`);
    return made;
  }

  // --- switches

  const groups = []; // of what was filled so far: which passage and facet, its element and its choices

  function fill(place) {
    const passage = study.passagePlaces.get(place.dataset.reread);
    if (passage === undefined || study.contextOnly.has(place.dataset.reread)) return;
    const only = facetsAsked(place.closest("[data-claim]")?.dataset.claim);
    study.facets.forEach(({ name }, facet) => {
      const open = { passage, facet };
      if (codingsOf(open).length > 1 && (!only || only.includes(name))) place.append(switchOf(open));
    });
  }

  // Under a claim about a pattern, only what it counts.
  function facetsAsked(claim) {
    const rule = study.claims[claim];
    return rule?.rule === "pattern" ? [study.rows, rule.facet] : undefined;
  }

  function switchOf(open) {
    const extract = extractOf(open.passage);
    const facet = study.facets[open.facet].name;
    const name = `reread-${groups.length}`;
    const choices = [
      [undefined, "all readings"],
      ...codingsOf(open).map(([code, other]) => [code, nameOf({ ...open, code }), !other]),
    ];
    const inputs = choices.map(([code]) => element("input", { type: "radio", name, value: code ?? "" }));
    const labels = choices.map(([, text, coded], at) =>
      element(
        "label",
        {},
        inputs[at],
        element("span", {}, text, coded ? element("span", { class: "reread-coded" }, " as coded") : ""),
      ),
    );
    const box = element(
      "fieldset",
      { class: "reread-switch" },
      element("legend", {}, "Read ", element("span", { class: "only-heard" }, `${extract}, `), facet, " as"),
      element("span", { class: "reread-choices" }, ...labels),
      element("span", { class: "reread-mark" }, "your reading"),
    );
    box.addEventListener("change", ({ target }) => {
      const top = box.getBoundingClientRect().top;
      choose(open, target.value === "" ? undefined : Number(target.value));
      // What is shown above a switch must not move it away; most browsers see to that themselves.
      if (!CSS.supports("overflow-anchor", "auto")) scrollBy(0, box.getBoundingClientRect().top - top);
    });
    const group = { open, box, inputs };
    groups.push(group);
    set(group);
    return box;
  }

  function set({ open, box, inputs }) {
    const code = chosen(open);
    const value = code === undefined ? "" : String(code);
    for (const input of inputs) if (input.value === value) input.checked = true;
    box.classList.toggle("reread-yours", code !== undefined);
  }

  // On which passages a pattern hangs most: where its switches are, or the switches themselves.
  function fillClaim(place) {
    const { rereadClaim: claim } = place.dataset;
    const hangs = study.claims[claim]?.hangs ?? [];
    if (!hangs.length) return;
    const own = place.closest("[data-claim]") ?? place;
    const items = hangs.map(([extract, facet, difference]) => {
      const points = `${facet}, ${(100 * difference).toFixed(1)}`;
      const other = own.querySelector(`[data-reread="${extract}"]`);
      if (!other) return element("li", {}, linkToPassage(extract), ` ${points}`, ...switchesFor(extract, facet));
      const button = element("button", { type: "button", "aria-label": `${extract}: go to its switch` }, extract);
      button.addEventListener("click", () => other.querySelector("input:checked")?.focus());
      return element("li", {}, button, ` ${points}`);
    });
    place.append(
      element("h4", {}, "Which passages matter most?"),
      element(
        "p",
        {},
        "How far one passage can move the share of readings in which the claim holds, in percentage points:",
      ),
      element("ul", { class: "reread-hangs" }, ...items),
    );
  }

  function switchesFor(extract, facet) {
    const open = { passage: study.passagePlaces.get(extract), facet: study.facetPlaces.get(facet) };
    return codingsOf(open).length > 1 ? [switchOf(open)] : [];
  }

  const filled = new WeakSet();

  // Places are filled when they are seen: few of them are, and a page may have thousands. Other scripts put them in and
  // take them away.
  const seen = new IntersectionObserver(
    async (entries) => {
      const places = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
      for (const place of places) {
        seen.unobserve(place);
        filled.add(place);
      }
      if (!places.length) return;
      try {
        await wanted();
        for (const place of places) (place.dataset.reread ? fill : fillClaim)(place);
      } catch (error) {
        notice(error.message);
      }
    },
    { rootMargin: "200px" },
  );

  function watch(part) {
    for (const place of part.querySelectorAll("[data-reread], [data-reread-claim]"))
      if (!filled.has(place)) seen.observe(place);
  }

  // --- what changes

  let found;

  function show(wrong) {
    found = reread.changes(study, settled);
    groups.forEach(set);
    showVerdicts();
    showSummary(wrong);
    showBar();
    document.dispatchEvent(new CustomEvent("reread", { detail: found }));
  }

  const turned = () => found.verdicts.filter(({ before, after }) => before.verdict !== after.verdict);

  let shownAt = [];

  function showVerdicts() {
    for (const place of shownAt) place.replaceChildren();
    shownAt = found.verdicts.flatMap(({ claim, after }) =>
      [...document.querySelectorAll(`[data-claim="${claim}"] .yours`)].map((place) => {
        place.append(element("span", { class: "reread-mark" }, "your reading"), " ", mark(after.verdict, after.share));
        return place;
      }),
    );
  }

  function showSummary(wrong) {
    summary.replaceChildren();
    if (wrong.length) notice(`Left out of what the address asks for: ${inShort(wrong)}`);
    if (!settled.length) return;
    const rest = found.verdicts.length - turned().length;
    summary.append(
      element(
        "section",
        { class: "reread-panel", "aria-labelledby": "reread-title" },
        element("h2", { id: "reread-title", tabindex: "-1" }, "Your reading"),
        element("ul", { class: "reread-settled" }, ...settled.map(settledItem)),
        element(
          "p",
          { class: "reread-outcome" },
          element("strong", {}, outcome()),
          hasClaims() ? " The verdicts of record stay: they count every reading already." : "",
        ),
        list("", turned().map(verdictItem)),
        folded(
          `${counted(rest, "share")} of readings change${rest === 1 ? "s" : ""}, the verdict stays`,
          stays().map(shareItem),
        ),
        folded(`${counted(found.cells.length, "count")} in the tables change`, found.cells.map(cellItem)),
        folded(`${counted(found.patterns.length, "pattern")} counted otherwise`, found.patterns.map(patternItem)),
        folded(`${counted(found.model.length, "step")} of the model change`, found.model.flatMap(stepItems)),
        list("", found.contradicted.map(contradictedItem)),
      ),
    );
  }

  const stays = () => found.verdicts.filter(({ before, after }) => before.verdict === after.verdict);
  const list = (kind, items) => (items.length ? element("ul", { class: kind }, ...items) : "");
  const folded = (title, items) =>
    items.length ? element("details", {}, element("summary", {}, capital(title)), list("", items)) : "";
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const arrow = () =>
    element(
      "span",
      { class: "reread-to" },
      element("span", { "aria-hidden": "true" }, " → "),
      element("span", { class: "only-heard" }, " becomes "),
    );
  const fromTo = (before, after) => [before, arrow(), element("b", {}, after)];

  function settledItem(one) {
    const extract = extractOf(one.passage);
    const facet = study.facets[one.facet].name;
    const primary = codingsOf(one)
      .filter(([, other]) => !other)
      .map(([code]) => nameOf({ ...one, code }));
    const undo = element(
      "button",
      { type: "button", "aria-label": `Undo: read ${extract}, ${facet}, in every way again` },
      "Undo",
    );
    undo.addEventListener("click", () => {
      choose(one, undefined);
      (
        document.getElementById("reread-title") ?? groups.find(({ open }) => open.passage === one.passage)?.inputs[0]
      )?.focus();
    });
    const coded = primary.includes(nameOf(one)) ? ", as coded" : ` (as coded: ${primary.join(", ") || "none"})`;
    return element(
      "li",
      {},
      linkToPassage(extract),
      `: ${facet} read as `,
      element("b", {}, nameOf(one)),
      `${coded} `,
      undo,
    );
  }

  const verdictItem = (one) => changedItem(one, mark(one.after.verdict, one.after.share));
  const shareItem = (one) => changedItem(one, element("b", {}, one.after.share));
  const changedItem = ({ claim, before }, now) =>
    element(
      "li",
      {},
      linkToClaim(claim),
      ` ${study.claims[claim].claim} `,
      element("span", { class: "reread-change" }, mark(before.verdict, before.share), arrow(), now),
    );

  const cellItem = ({ table, row, column, before, after }) =>
    element("li", {}, `${nameOfPlace(table, row, column)}: `, ...fromTo(String(before), String(after)));

  // A table is of another facet by the first, or of the only one.
  function nameOfPlace(table, row, column) {
    const [first] = study.facets;
    const ofRow = names(first.name, row);
    return table === first.name ? ofRow : `${ofRow}, ${names(table.slice(0, -`-by-${first.name}`.length), column)}`;
  }

  const patternItem = ({ claim, unit, before, after }) =>
    element("li", {}, linkToClaim(claim), ` in ${unit}s: `, ...fromTo(inWords(before), inWords(after)));

  const inWords = ({ value, lowest, highest, portion }) =>
    `${signed(value)} as coded, ${signed(lowest)} to ${signed(highest)}, holds in ${portion}`;
  const signed = (number) => String(number).replace("-", "−");

  function stepItems({ source, target, before, after }) {
    const sides = ["for", "against"].filter((side) => before[side].join() !== after[side].join());
    return sides.map((side) =>
      element(
        "li",
        {},
        `${nameOfNode(source)} → ${nameOfNode(target)}, ${side} it: `,
        ...fromTo(before[side].join(" ") || "none", after[side].join(" ") || "none"),
      ),
    );
  }

  const contradictedItem = ({ claim, passages }) =>
    element(
      "li",
      {},
      `${passages.join(", ")} would count against `,
      linkToClaim(claim),
      ", and the ledger links the passage as illustrating it.",
    );

  // --- the bar that stays in view

  const passagesRead = () => new Set(settled.map((one) => one.passage)).size;
  const hasClaims = () => Object.keys(study.claims).length > 0;
  function outcome() {
    if (turned().length) return `${capital(counted(turned().length, "verdict"))} would change.`;
    if (!found.verdicts.length && !found.cells.length) return "Nothing would change.";
    return hasClaims() ? "No verdict would change." : `${capital(counted(found.cells.length, "count"))} would change.`;
  }

  function showBar() {
    bar.hidden = !settled.length;
    if (bar.hidden) return bar.replaceChildren();
    const address = withReading(location.href);
    const back = element("button", { type: "button" }, "Reset");
    back.addEventListener("click", () => {
      reset();
      (groups.find(({ box }) => box.checkVisibility?.() ?? true)?.inputs[0] ?? summary).focus();
    });
    const link = element("a", { href: "#reread-title" }, `Your reading: ${counted(passagesRead(), "passage")} re-read`);
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the address may name a claim, which is to stay
      const title = document.getElementById("reread-title");
      title.scrollIntoView({ block: "center" });
      title.focus({ preventScroll: true });
    });
    bar.replaceChildren(
      element("p", {}, link, " · ", outcome().replace(/\.$/, "")),
      element(
        "span",
        { class: "reread-buttons" },
        back,
        copying("Copy link", address),
        copying("Cite", citation(address)),
      ),
    );
  }

  const copying = (label, text) => element("button", { type: "button", class: "copy", "data-copy": text }, label);

  // What was read how, what would follow, and where it can be seen.
  function citation(address) {
    const reading = settled
      .map((one) => `${extractOf(one.passage)} read as ${nameOf(one)} (${study.facets[one.facet].name})`)
      .join("; ");
    const verdicts = turned()
      .map(({ claim, after }) => `${claim} ${after.verdict}${after.share && ` (${after.share})`}`)
      .join("; ");
    const follows = hasClaims()
      ? `Verdicts that would change: ${verdicts || "none"}. The verdicts of record count every allowed reading.`
      : outcome();
    return `A re-reading in ${study.cite}: ${reading}. ${follows} ${address}`;
  }

  // --- what is said

  let saying;

  function say() {
    const claims = turned()
      .map(({ claim, after }) => `${claim} ${after.verdict} ${after.share}`.trim())
      .join(", ");
    const words = settled.length ? `${outcome()} ${claims}`.trim() : "Every passage is read in every way again.";
    clearTimeout(saying);
    saying = setTimeout(() => (said.textContent = words), SAID_AFTER);
  }

  const MOST = 5; // faults that are named one by one

  function inShort(wrong) {
    const more = wrong.length > MOST ? [`And ${wrong.length - MOST} more.`] : [];
    return [...wrong.slice(0, MOST), ...more].join(" ");
  }

  function notice(words) {
    if (summary.querySelector(".reread-notice")?.textContent === words) return; // said already
    summary.prepend(element("p", { class: "reread-notice", role: "alert" }, words));
  }

  // --- beginning

  watch(document.body);
  new MutationObserver((records) => {
    for (const node of records.flatMap((record) => [...record.addedNodes]))
      if (node.nodeType === Node.ELEMENT_NODE) watch(node);
  }).observe(document.body, { childList: true, subtree: true });
  readAddress();
  addEventListener("popstate", readAddress);
}
