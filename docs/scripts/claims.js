"use strict";
/** The list of claims: filters that the address keeps, claims that the address opens, and texts to cite and dispute one. */
{
  const { compendium } = globalThis;
  const { element, counted } = compendium;
  const form = document.getElementById("choose-claims");
  const bar = form.parentElement;
  const [count, notice] = bar.querySelectorAll("[role=status] p");
  const fields = [...form.querySelectorAll("[name]")];
  const claims = [...document.querySelectorAll("details.claim")];
  const chips = fields.filter((field) => field.type === "checkbox");
  const openAll = form.querySelector(".open");
  const empty = element("div", { class: "empty", hidden: "" });
  const texts = new Map();
  const MOST = 300; // characters that a notice repeats of an address
  let missing = ""; // what could not be loaded, which is said as long as the page is open
  let named = ""; // the claim that the address names, which is shown whatever is chosen

  // --- what is chosen

  const filters = () => [...new FormData(form)].filter(([, value]) => value.trim());
  const textOf = (claim) => (texts.has(claim) ? texts : texts.set(claim, claim.textContent.toLowerCase())).get(claim);
  const tests = {
    text: (claim, [words]) => words.toLowerCase().split(/\s+/).every((word) => textOf(claim).includes(word)),
    verdict: (claim, values) => values.includes(claim.dataset.verdict),
    kind: (claim, [value]) => claim.dataset.kind === value,
    section: (claim, [value]) => claim.dataset.section.split(" ").includes(value),
    code: (claim, [value]) => claim.dataset.code.split(" ").includes(value),
  };
  /** Return the claims that fit filters, without those of one name. */
  const fitting = (chosen, except) => {
    const asked = Object.keys(tests)
      .map((name) => [name, chosen.filter(([other]) => other === name).map(([, value]) => value.trim())])
      .filter(([name, values]) => name !== except && values.length);
    return claims.filter((claim) => asked.every(([name, values]) => tests[name](claim, values)));
  };

  const put = (place, number) => {
    if (place.textContent !== String(number)) place.textContent = number;
  };
  const show = () => {
    const chosen = filters();
    const fit = new Set(fitting(chosen));
    for (const claim of claims) claim.hidden = !fit.has(claim) && claim.dataset.claim !== named;
    for (const part of document.querySelectorAll("div.claims")) {
      const shown = part.querySelectorAll("details.claim:not([hidden])").length;
      part.hidden = part.previousElementSibling.hidden = !shown;
      const link = document.querySelector(`.kinds a[href="#${part.previousElementSibling.id}"]`);
      put(link.querySelector("b"), shown);
      link.parentElement.hidden = !shown;
    }
    const others = fitting(chosen, "verdict");
    for (const chip of chips) {
      const number = others.filter((claim) => claim.dataset.verdict === chip.value).length;
      put(chip.parentElement.querySelector("b"), number);
    }
    count.textContent = `${fit.size} of ${claims.length} claims are shown.`;
    empty.hidden = fit.size > 0;
    empty.replaceChildren(element("p", {}, "No claim fits all of this."), ...(fit.size ? [] : chosen.map(without(chosen))));
    openAll.textContent = openable() ? "Open all" : "Close all";
  };
  /** Return a way to make buttons, each of which takes one filter away and says how many claims there are then. */
  const without = (chosen) => (filter) => {
    const number = fitting(chosen.filter((other) => other !== filter)).length;
    const button = element("button", { type: "button" }, `Remove ${label(filter)}: ${counted(number, "claim")}`);
    button.addEventListener("click", () => {
      const [name, value] = filter;
      const field = fields.find((one) => one.name === name && (one.type !== "checkbox" || one.value === value));
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
      changed();
      field.focus();
    });
    return button;
  };
  const label = ([name, value]) => {
    const field = fields.find((one) => one.name === name && (one.type !== "checkbox" || one.value === value));
    const chip = field.type === "checkbox" && field.parentElement.textContent.trim().replace(/\s*\d+$/, "");
    return `“${chip || (field.selectedOptions?.[0].textContent ?? value.trim())}”`;
  };
  const warn = (...sentences) => {
    notice.textContent = [...sentences, missing].filter(Boolean).join(" ");
    notice.hidden = !notice.textContent;
  };

  // --- the address: names of filters are ours, all others are left as they are

  const remember = () => {
    const query = new URLSearchParams([...others(), ...filters()]).toString().replaceAll("%2C", ",");
    history.replaceState(history.state, "", location.pathname + (query && `?${query}`) + location.hash);
  };
  const others = () => [...new URLSearchParams(location.search)].filter(([name]) => !(name in tests));
  const recall = () => {
    const unknown = [];
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = fields.find((one) => one.name === name && (one.type !== "checkbox" || one.value === value));
      if (field?.type === "checkbox") field.checked = true;
      else if ((field?.type === "search" && value.length <= field.maxLength) || [...(field?.options ?? [])].some((one) => one.value === value)) field.value = value;
      else if (!["h", "q", "read"].includes(name)) unknown.push(`${name}=${value}`); // the search of the site; re-readings
    }
    return unknown.length && `The address asks for what is not there: ${unknown.join(", ").slice(0, MOST)}.`;
  };
  const changed = () => {
    named = "";
    warn();
    show();
    remember();
  };

  /** Open the claim that the address names, and show it even where the filters leave it out. */
  const reveal = (problem) => {
    const name = location.hash.slice(1);
    if (/^(model$|step-)/.test(name)) location.replace(`model.html${location.hash}`); // where the model was until now
    const claim = claims.find((one) => one.dataset.claim === name);
    named = claim ? name : "";
    const left = claim && !fitting(filters()).includes(claim) && `${name} does not fit the filters. It is shown because the address names it.`;
    warn(problem, left, name && !claim && !document.getElementById(name) && `There is no claim ${name.slice(0, MOST)}.`);
    show();
    if (!claim) return;
    claim.open = true;
    fill(claim); // theme.js may have opened it before this script listened
    measure(); // a notice may have come
    claim.scrollIntoView();
  };

  // --- an opened claim: what it shows is loaded when the first is opened, or likely to be

  const ways = document.getElementById("ways").dataset;
  const script = (src) =>
    new Promise((loaded, failed) => {
      const made = element("script", { src });
      made.onload = loaded;
      made.onerror = failed;
      document.head.append(made);
    });
  let loading;
  const loaded = () => (loading ??= load());
  /** Put into every claim what it shows opened. Where that cannot be loaded, the link to the page with all of it stays. */
  async function load() {
    try {
      const [opened, ...others] = ways.scripts.trim().split(" ");
      await script(opened);
      texts.clear();
      for (const claim of claims) {
        claim.querySelector(".inside").innerHTML = compendium.opened.claims[claim.dataset.claim]; // of the build, not of a reader
        if (claim.open) complete(claim);
      }
      for (const src of others) await script(src);
    } catch {
      missing = "Something of this page could not be loaded. The link in an opened claim leads to what it rests on.";
      warn();
    }
  }
  const place = (key) => {
    const canonical = document.querySelector("link[rel=canonical]")?.href;
    const here = location.protocol.startsWith("http") ? location.origin + location.pathname : "claims/index.html";
    return `${canonical ?? here}#${key}`;
  };
  const heard = (words) => element("span", { class: "only-heard" }, words);
  const copy = (text, ...label) => element("button", { class: "copy", type: "button", "data-copy": text }, "Copy", ...label);
  function complete(claim) {
    if (claim.dataset.complete) return;
    claim.dataset.complete = "yes";
    textOf(claim); // before gists are in it: the search is for what is said of the claim
    for (const item of claim.querySelectorAll("li[data-passage]")) {
      item.querySelector("a").after(element("span", { class: "gist" }, compendium.opened.gists[item.dataset.passage]));
    }
    const key = claim.dataset.claim;
    const said = claim.querySelector("h3").textContent.replace(key, "").trim();
    const found = claim.querySelector(".found").textContent.replace(/\s+/g, " ").trim();
    const cited = `${ways.citation} Claim ${key}, “${said}” Verdict: ${found}. ${place(key)}`;
    const subject = `${key}: ${said}`;
    const body = `${subject}\nVerdict: ${found}\n${place(key)}\n\nWhat I see otherwise:\n\n\nPassages it is about:\n\n\nHow it can be checked:\n`;
    const query = (first, second) => `?${first}=${encodeURIComponent(subject)}&${second}=${encodeURIComponent(body)}`;
    const [recompute, cite, dispute] = claim.querySelectorAll(".ways-on li");
    recompute.append(" ", copy(recompute.querySelector("code").textContent, heard(" the command")));
    cite.append(" ", copy(cited, heard(" the citation")));
    dispute.append(" ", copy(body, " a text to fill in"), " ", element("a", { href: `mailto:${query("subject", "body")}` }, "write a mail"));
    if (ways.issues) dispute.append(" ", element("a", { href: `${ways.issues.replace(/\/$/, "")}/issues/new${query("title", "body")}` }, "open an issue"));
  }
  const fill = (claim) => loaded().then(() => compendium.opened && complete(claim));
  const openable = () => claims.some((claim) => !claim.hidden && !claim.open);
  const openShown = (open) => {
    for (const claim of claims) if (!claim.hidden) claim.open = open;
  };

  // --- what readers do

  const header = document.querySelector(".md-header");
  // Not by a property that all elements would inherit: each of them would have to be asked for its style again.
  function measure() {
    const top = header?.getBoundingClientRect().height ?? 0;
    bar.style.top = `${top}px`;
    document.documentElement.style.scrollPaddingTop = `${top + bar.offsetHeight + 8}px`;
  }
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.matches("details.claim")) return;
      if (target.open) fill(target);
      openAll.textContent = openable() ? "Open all" : "Close all";
    },
    true,
  );
  for (const sign of ["pointerover", "focusin"]) {
    for (const part of document.querySelectorAll("div.claims")) part.addEventListener(sign, loaded, { once: true });
  }
  form.addEventListener("input", async ({ target }) => {
    if (target.name === "text" && target.value.trim()) await loaded();
    changed();
  });
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", (event) => event.preventDefault());
  openAll.addEventListener("click", () => openShown(openable()));
  form.querySelector(".more").addEventListener("click", ({ currentTarget: more }) => {
    more.ariaExpanded = bar.classList.toggle("all") ? "true" : "false";
    measure();
  });
  addEventListener("popstate", () => reveal(recall()));

  form.hidden = false;
  bar.after(empty);
  const sizes = new ResizeObserver(measure);
  for (const one of [bar, header]) if (one) sizes.observe(one);
  const problem = recall();
  const query = new URLSearchParams(location.search);
  if (query.get("text") || query.has("read")) loaded().then(() => reveal(problem));
  else reveal(problem);
}
