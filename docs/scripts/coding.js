"use strict";
/** The page on which a reader codes passages: begin, passage by passage, ready, compared. */
{
  const compendium = (globalThis.compendium ??= {});
  const { element, counted, handIns, progress: kept, results } = compendium;
  const material = compendium.dataOf("coding-material");
  const at = (id) => document.getElementById(id);
  const VIEWS = ["begin", "passage", "ready", "compared"];
  let progress = null; // of the reader; null until coding has begun
  let unkept = false; // whether this browser refused to keep it
  let loaded = []; // files of codings with what was read in them
  let faults = []; // what could not be used of those that were loaded last

  // --- views

  function show(view, focus) {
    for (const one of VIEWS) at(`coding-${one}`).hidden = one !== view;
    if (!focus) return;
    at(focus).focus({ preventScroll: true });
    at(focus).scrollIntoView(); // at the top, so that as much as possible of what follows is in sight
  }

  function save() {
    if (kept.keep(progress) || unkept) return;
    unkept = true;
    notice("This browser keeps nothing, so your progress is lost when you leave the page. Finish in one go.");
  }

  function notice(text, ...buttons) {
    at("coding-notice").replaceChildren(...(text ? [element("p", {}, text)] : []), ...buttons);
  }

  function button(text, action) {
    const made = element("button", { type: "button", class: "md-button" }, text);
    made.addEventListener("click", action);
    return made;
  }

  // --- begin

  function begin(event) {
    event.preventDefault();
    const form = new FormData(at("coding-begin-form"));
    progress = kept.started(material, {
      pseudonym: form.get("pseudonym").trim(),
      facets: form.get("facets").split(" "),
      size: Number(form.get("size")),
      seed: Number(form.get("seed")),
    });
    notice("");
    save();
    goTo(0);
  }

  function startAgain() {
    kept.forget();
    progress = null;
    notice("");
    at("coding-results").replaceChildren();
    compare();
    show("begin", "coding-pseudonym");
  }

  // --- passage by passage

  function goTo(place) {
    progress.place = place;
    save();
    if (place === progress.size) return makeReady();
    const passage = current();
    at("coding-heading").textContent = `Passage ${place + 1} of ${progress.size}`;
    at("coding-gist").textContent = material.passages[passage].blind;
    at("coding-reason").value = progress.reasons[passage] ?? "";
    at("coding-back").disabled = place === 0;
    for (const fieldset of fieldsets()) showChoices(fieldset, passage);
    showBar();
    return show("passage", "coding-heading");
  }

  const current = () => kept.sample(material, progress)[progress.place];

  const fieldsets = () => [...at("coding-passage").querySelectorAll("fieldset[data-facet]")];

  function showChoices(fieldset, passage) {
    const { facet } = fieldset.dataset;
    fieldset.hidden = fieldset.disabled = !progress.facets.includes(facet); // what is hidden must not be required
    for (const radio of fieldset.querySelectorAll("input")) {
      radio.checked = radio.value === progress.codes[passage]?.[facet];
    }
    hideTelling(fieldset);
  }

  /** Hide boundary cases that name a passage of this sample: they would give its code away. */
  function hideTelling(fieldset) {
    const sample = kept.sample(material, progress);
    for (const boundary of fieldset.querySelectorAll("[data-names]")) {
      boundary.hidden = boundary.dataset.names.split(" ").some((name) => sample.includes(name));
    }
  }

  function showBar() {
    const number = kept.done(material, progress).length;
    at("coding-bar").max = progress.size;
    at("coding-bar").value = number;
    at("coding-count").textContent = `${number} of ${progress.size} coded`;
  }

  function choose(event) {
    const { facet } = event.target.closest("fieldset").dataset;
    (progress.codes[current()] ??= {})[facet] = event.target.value;
    save();
    showBar();
  }

  function giveReason() {
    progress.reasons[current()] = at("coding-reason").value;
    save();
  }

  function leaveUncoded() {
    delete progress.codes[current()];
    goTo(progress.place + 1);
  }

  // --- number keys, once they are switched on

  function press(event) {
    const typing = event.target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!at("coding-keys").checked || at("coding-passage").hidden || typing) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const shown = fieldsets().filter((fieldset) => !fieldset.hidden);
    const radio = shown.flatMap((fieldset) => [...fieldset.querySelectorAll("input")])[Number(event.key) - 1];
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    radio.click();
  }

  // --- ready, compared

  function makeReady() {
    const number = kept.done(material, progress).length;
    const left = progress.size - number;
    const rest = left ? ` ${left} left without a code will not be compared; you can still go back to them.` : "";
    at("coding-ready-text").textContent =
      `You coded ${counted(number, "passage")}.${rest} Comparing closes your coding: afterwards you have seen the record.`;
    const none = !Object.values(progress.codes).some((given) => Object.keys(given).length);
    at("coding-compare").disabled = at("coding-hand-in").disabled = none;
    at("coding-next-open").hidden = !left;
    show("ready", "coding-ready-heading");
  }

  function goToOpen() {
    const sample = kept.sample(material, progress);
    const done = kept.done(material, progress);
    goTo(sample.findIndex((passage) => !done.includes(passage)));
  }

  function close() {
    progress.closed = true;
    save();
    showResults("coding-compared-heading");
  }

  function showResults(focus) {
    const parts = progress.facets.map((facet) => results.besideRecord(material, progress, facet));
    at("coding-results").replaceChildren(...parts);
    compare();
    show("compared", focus);
  }

  function downloadCodings() {
    const rows = kept.rows(material, progress);
    compendium.download(`${progress.pseudonym}.csv`, "text/csv", compendium.codings.written(rows));
  }

  // --- a class

  async function load(files) {
    faults = [];
    for (const file of files) {
      const found = await readFile(file);
      faults.push(...found.faults.map((fault) => `${file.name}: ${fault}`));
      if (Object.values(found.codes).some((codes) => codes.size)) loaded.push({ file: file.name, ...found });
      else faults.push(`${file.name}: there is no coding in it that can be used.`);
    }
    at("class-files").value = "";
    compare();
  }

  async function readFile(file) {
    if (file.size > 1_000_000) return { codes: {}, faults: ["The file is too big to be a coding of these passages."] };
    return compendium.codings.read(new Uint8Array(await file.arrayBuffer()), material);
  }

  /** Compare what was loaded, and the reader's own coding once it is closed. */
  function compare() {
    const { coders, notes, clashes } = handIns.sortedOut(loaded);
    const messages = [...faults, ...clashes, ...notes];
    at("class-faults").replaceChildren(...messages.map((text) => element("li", {}, text)));
    const own = progress?.closed && handIns.key(progress.pseudonym);
    if (own && !coders.some(({ name }) => handIns.key(name) === own)) coders.unshift(ownCodes());
    const few = loaded.length && coders.length < 2 ? "One coder alone cannot be compared. Load another file." : "";
    at("class-said").textContent = few || (loaded.length ? `Compared: ${counted(coders.length, "coder")}.` : "");
    at("class-clear").hidden = !loaded.length;
    at("class-results").replaceChildren(...(loaded.length && !few ? [results.besideEachOther(material, coders)] : []));
  }

  function ownCodes() {
    const codes = Object.keys(material.names).map((facet) => [facet, new Map()]);
    for (const entry of codes) {
      if (progress.facets.includes(entry[0])) entry[1] = kept.chosen(material, progress, entry[0]);
    }
    return { name: progress.pseudonym, codes: Object.fromEntries(codes) };
  }

  // --- what happens when

  const ACTIONS = {
    "coding-back": () => goTo(progress.place - 1),
    "coding-skip": leaveUncoded,
    "coding-stop": makeReady,
    "coding-ready-back": () => goTo(Math.min(progress.place, progress.size - 1)),
    "coding-next-open": goToOpen,
    "coding-compare": close,
    "coding-hand-in": downloadCodings,
    "coding-download": downloadCodings,
    "coding-again": startAgain,
    "class-clear": () => ((loaded = []), (faults = []), compare()),
  };

  function listen() {
    for (const [id, action] of Object.entries(ACTIONS)) at(id).addEventListener("click", action);
    at("coding-begin-form").addEventListener("submit", begin);
    at("coding-passage-form").addEventListener("submit", (event) => {
      event.preventDefault();
      goTo(progress.place + 1);
    });
    for (const fieldset of fieldsets()) fieldset.addEventListener("change", choose);
    at("coding-reason").addEventListener("input", giveReason);
    at("class-files").disabled = false; // as it is where no script works
    at("class-files").addEventListener("change", (event) => load([...event.target.files]));
    document.addEventListener("keydown", press);
    kept.watch(goOn);
  }

  /** Begin with what this browser keeps: when the page opens, and when another tab went on with it. */
  function goOn() {
    progress = null;
    show(null);
    notice("");
    compare();
    const found = kept.restored(material);
    if (found.progress) {
      ({ progress } = found);
      if (progress.closed) return showResults();
      const again = button("Go on", () => (notice(""), goTo(progress.place)));
      const far = `${kept.done(material, progress).length} of ${progress.size} coded`;
      const said = `A coding under the name ${progress.pseudonym} was begun here: ${far}. Starting again deletes it.`;
      return notice(said, again, button("Start again", startAgain));
    }
    if (found.fault) {
      const save = () => compendium.download("stored-coding.json", "application/json", found.raw);
      const said = `A coding is stored in this browser and cannot be continued: ${found.fault}. Starting again deletes it.`;
      return notice(said, button("Start again", startAgain), button("Download what is stored", save));
    }
    return show("begin");
  }

  at("coding-pseudonym").pattern = material.pseudonym;
  listen();
  at("coding").hidden = false;
  goOn();
}
