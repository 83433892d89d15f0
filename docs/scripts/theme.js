"use strict";
/** What every page does: scheme, menu, contents, tables that scroll, code to copy. The search is loaded when it is wanted. */
{
  const { search, folder } = document.currentScript.dataset;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const element = (name, given) => Object.assign(document.createElement(name), given);

  // The scheme: the theme has a field for each, and the label that leads to the other is shown.
  const schemes = all(".md-option");
  const show = (chosen) => {
    document.body.setAttribute("data-md-color-scheme", chosen.dataset.mdColorScheme);
    for (const one of schemes) one.nextElementSibling.hidden = one !== chosen;
    chosen.checked = true;
  };
  const shown = document.body.getAttribute("data-md-color-scheme");
  show(schemes.find((one) => one.dataset.mdColorScheme === shown));
  for (const one of schemes) {
    one.addEventListener("change", () => {
      show(one);
      __md_set("__palette", { index: schemes.indexOf(one), color: { scheme: one.dataset.mdColorScheme } });
    });
  }

  // The menu of narrow screens is left by the Escape key, by a tap beside it, and where the focus goes elsewhere.
  const menu = document.querySelector(".site-drawer");
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
  for (const way of ["pointerdown", "focusin"]) addEventListener(way, ({ target }) => menu.contains(target) || (menu.open = false));

  // Contents: open where they have a column, and marked at the section that is read.
  const contents = document.querySelector(".site-contents details");
  if (contents) {
    const roomy = matchMedia("(min-width: 76.25em)");
    const fit = () => (contents.open = roomy.matches);
    fit();
    roomy.addEventListener("change", fit);
    const links = [...contents.querySelectorAll("a")];
    const places = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const passed = (place) => place && place.getBoundingClientRect().top < innerHeight / 3;
    let asked = false;
    const mark = () => {
      asked = false;
      const read = links[places.findLastIndex(passed)];
      for (const link of links) link.toggleAttribute("aria-current", link === read);
      read?.setAttribute("aria-current", "true");
      if (read) contents.parentElement.scrollTop = read.offsetTop - contents.parentElement.clientHeight / 2;
    };
    const later = () => asked || !roomy.matches || (asked = requestAnimationFrame(mark));
    addEventListener("scroll", later, { passive: true });
    later();
  }

  // An address that leads into something folded opens it. One that leads nowhere gets a notice; the list of claims has its own.
  const nowhere = element("p", { className: "nowhere", role: "status" });
  const unfold = () => {
    let name = location.hash.slice(1);
    try {
      name = decodeURIComponent(name);
    } catch {
      // an address that was edited by hand
    }
    const place = document.getElementById(name);
    nowhere.textContent = `This page has no place “${name.slice(0, 60)}”. The address may contain a mistake, or the place has moved.`;
    if (place || !name || name.startsWith(":~:") || document.querySelector("details.claim")) nowhere.remove();
    else document.querySelector(".md-content h1")?.after(nowhere);
    for (let one = place?.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    if (place?.closest("details")) place.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();

  // Tables, and boxes that scroll: these show it, and those that the page does not name stop the Tab key only then.
  for (const table of all(".md-typeset table:not([class])")) {
    if (table.closest(".wide")) continue;
    const box = element("div", { className: "md-typeset__scrollwrap" });
    table.replaceWith(box);
    box.append(table);
  }
  const reach = ([box, scrolls]) => {
    box.classList.toggle("sideways", scrolls);
    if (box.matches(".wide, .explorer-scrolls, figure") || scrolls === box.hasAttribute("tabindex")) return;
    if (!scrolls) return ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    box.tabIndex = 0;
    if (box.matches("math")) return;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", box.querySelector("caption")?.textContent.trim() || "Table, scrolls sideways");
  };
  // All are measured before any is changed, so that the page is laid out once.
  const measured = ({ target }) => [target, target.scrollWidth > target.clientWidth];
  const seen = new ResizeObserver((entries) => entries.map(measured).forEach(reach));
  all('.md-typeset__scrollwrap, .wide, .explorer-scrolls, .md-typeset figure, math[display="block"]').forEach((box) => seen.observe(box));

  // Terms have their meaning as a title, which only a mouse shows. It is shown in place to a keyboard that reaches a term,
  // and to the first tap; a second one follows the link. The Escape key, and a tap or the focus elsewhere, close it.
  const meaning = element("p", { className: "meaning", id: "meaning", hidden: true });
  meaning.setAttribute("role", "tooltip");
  document.body.append(meaning);
  let explained = null;
  let touched = false;
  const explain = (term) => {
    explained?.removeAttribute("aria-describedby");
    explained = term;
    meaning.hidden = !term;
    if (!term) return;
    term.setAttribute("aria-describedby", meaning.id);
    meaning.textContent = term.title;
    if (touched) meaning.append(element("small", { textContent: "Tap again for the glossary." }));
    const [{ left, top }, { bottom }] = [term.getClientRects()[0], [...term.getClientRects()].at(-1)];
    const gap = 6;
    const { offsetWidth: width, offsetHeight: height } = meaning;
    const rightmost = document.documentElement.clientWidth - width - gap;
    const below = bottom + gap + height < innerHeight;
    meaning.style.left = `${Math.max(gap, Math.min(left, rightmost)) + scrollX}px`;
    meaning.style.top = `${(below ? bottom + gap : top - gap - height) + scrollY}px`;
  };
  const termAt = ({ target }) => target.closest?.("a.term[title]") ?? null;
  addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (!meaning.contains(event.target) && termAt(event) !== explained) explain(null);
  });
  addEventListener("focusin", (event) => {
    if (!touched) explain(event.target.matches(":focus-visible") ? termAt(event) : null);
  });
  addEventListener("keydown", ({ key }) => {
    touched = false;
    if (key === "Escape") explain(null);
  });
  document.addEventListener("click", (event) => {
    const term = touched && termAt(event);
    if (!term || term === explained) return;
    event.preventDefault();
    explain(term);
  });

  // Buttons that copy: what they carry, also those that another script adds later, or the code that they stand before.
  for (const button of all("button.copy[hidden]")) button.hidden = false;
  for (const code of all(".highlight pre > code"))
    code.parentElement.before(element("button", { type: "button", className: "copy", textContent: "Copy" }));
  const copiedFromField = (text, button) => {
    const area = element("textarea", { className: "only-heard", value: text });
    button.after(area);
    area.select();
    const done = document.execCommand("copy"); // for browsers without the newer way
    area.remove();
    button.focus();
    return done;
  };
  const said = element("p", { className: "only-heard" });
  said.setAttribute("role", "status");
  document.body.append(said);
  const labels = new WeakMap();
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("button.copy");
    if (!button) return;
    const text = button.dataset.copy ?? button.nextElementSibling.innerText;
    const written = async () => navigator.clipboard.writeText(text);
    const done = await written().then(() => true, () => copiedFromField(text, button)); // prettier-ignore
    if (!labels.has(button)) labels.set(button, button.textContent);
    button.textContent = said.textContent = done ? "Copied" : "Not copied: select the text";
    setTimeout(() => {
      button.textContent = labels.get(button);
      said.textContent = "";
    }, 2500);
  });

  // The search. Browsers refuse its worker to pages from a folder; a script makes up for it.
  const loaded = (address) =>
    new Promise((done, failed) => document.body.append(element("script", { src: address, onload: done, onerror: failed })));
  let ready = null;
  const load = async () => {
    try {
      if (location.protocol === "file:") await loaded(folder);
      await loaded(search);
    } catch {
      document.querySelector(".md-search-result__meta").textContent = "The search could not be loaded. Reload the page.";
    }
    if (field.value) field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true })); // typed in the meantime
  };
  const wanted = () => (ready ??= load());
  const toggle = document.getElementById("__search");
  const field = document.querySelector(".md-search__input");
  const open = () => {
    if (!toggle.checked) toggle.click();
    field.focus();
  };
  if (new URLSearchParams(location.search).has("q")) wanted();
  document.addEventListener("focusin", ({ target }) => target.closest(".md-search") && wanted());
  toggle.addEventListener("change", () => toggle.checked && field.focus());
  document.querySelector("button.site-icon").addEventListener("click", open);
  addEventListener("keydown", (event) => {
    if (ready || event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, select, textarea")) return;
    event.preventDefault();
    open();
  });
  // Enter goes to what is named exactly as typed (C58, T09), and not to the page that has it.
  field.addEventListener(
    "keydown",
    (event) => {
      const typed = field.value.trim().toLowerCase();
      if (event.key !== "Enter" || !/^[a-z]\d+$/.test(typed)) return;
      const isNamed = (link) => link.querySelector("h1, h2")?.textContent.trim().toLowerCase().split(/\s/)[0] === typed;
      const named = all(".md-search-result__link").find(isNamed);
      if (!named) return;
      event.stopImmediatePropagation();
      event.preventDefault();
      named.click();
    },
    true,
  );
  // A page that will refuse connections asks for the search first, and waits for it.
  document.addEventListener("search-wanted", ({ detail }) => detail?.push(wanted()));
}
