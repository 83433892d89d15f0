"use strict";
/**
 * Notes of the article. A key of a passage or claim (F06, C71) leads to its page. Here it opens a card as well: beside
 * its sentence where there is a margin, below it elsewhere. The grid beside the text marks what a paragraph cites.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const NOTES = "notes.js"; // beside the page; it adds `compendium.notes` when the first key comes near
  const GAP = { open: 12, whole: 12, brief: 8, briefest: 0 }; // pixels between cards, the less the more they are cut
  const article = document.querySelector(".md-content__inner");
  const margin = matchMedia("(min-width: 76.25em)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const made = (tag, kind) => Object.assign(document.createElement(tag), { className: kind });

  const keys = [...article.querySelectorAll("a")].filter((one) => /^[TFC]\d{2,3}$/.test(one.textContent));
  const blocks = new Map(); // each block that names keys, and these
  for (const key of keys) {
    const block = key.closest(".wide, figcaption") ?? key.closest("p, li");
    if (!block) continue;
    blocks.set(block, [...(blocks.get(block) ?? []), key]);
    key.classList.add("key");
    key.setAttribute("role", "button");
    key.setAttribute("aria-expanded", "false");
  }
  const inMargin = (block) => margin.matches && block.matches("p, li");

  let asked = null;
  const load = () =>
    (asked ??= new Promise((resolve, reject) => {
      const loaded = () => (compendium.notes ? resolve() : reject());
      document.head.append(Object.assign(made("script", ""), { src: NOTES, onload: loaded, onerror: reject }));
    }));

  // --- cards

  const cards = new Map(); // each key that was opened or has its card in the margin, and the card

  const cardOf = (name) => {
    const { card, power } = compendium.notes[name];
    const one = made("details", "key-card");
    one.dataset.key = name;
    if (power) one.dataset.power = power;
    one.innerHTML = card;
    one.addEventListener("toggle", () => changed(one));
    one.addEventListener(
      "click",
      (event) => event.target.closest("summary") && (one.parentElement.dataset.chosen = ""),
    );
    return one;
  };
  const changed = (card) => {
    if (card.open === card.hasAttribute("data-told")) return; // laying out opens a card for a moment, to see whether there is room
    card.toggleAttribute("data-told", card.open);
    const inText = !card.closest(".key-cards");
    for (const [key, one] of cards) {
      if (one !== card) continue;
      key.setAttribute("aria-expanded", card.open);
      if (inText && !card.open) cards.delete(key);
    }
    if (inText && !card.open) card.remove();
    layOutSoon();
  };

  /** Put a card behind the sentence of its key, or below the table. */
  const putIntoText = (key, block) => {
    const card = cardOf(key.textContent);
    cards.set(key, card);
    card.open = true;
    block.matches("p, li") ? endOfSentence(key).after(card) : block.after(card);
  };
  const endOfSentence = (key) => {
    let node = key;
    while (node.nextSibling) {
      node = node.nextSibling;
      const end = node.nodeType === Node.TEXT_NODE && /[.?!:][”’)]*\s/.exec(node.data);
      if (!end) continue;
      if (end.index + end[0].length < node.data.length) node.splitText(end.index + end[0].length);
      break;
    }
    return node;
  };

  /** Give a block its cards in the margin: one for each passage or claim, however often it is named. */
  const putBeside = (block) => {
    if (block.beside || !inMargin(block)) return;
    const byName = Map.groupBy(blocks.get(block), (key) => key.textContent);
    block.beside = made("aside", "key-cards");
    block.beside.setAttribute("aria-label", `Notes on ${[...byName.keys()].join(", ")}`);
    for (const [name, named] of byName) {
      const card = cardOf(name);
      card.key = named[0];
      for (const key of named) cards.set(key, card);
      block.beside.append(card);
    }
    (block.closest("ul, ol") ?? block).after(block.beside);
    layOutSoon();
  };

  // --- the margin

  /** Lay out the cards from top to bottom: each at the line of its key or below the one before, as full as there is room. */
  const layOut = () => {
    const found = [...blocks.keys()].filter((block) => block.beside);
    if (!found.length) return;
    const from = article.getBoundingClientRect();
    const top = (one) => one.getClientRects()[0].top - from.top;
    // The room of a block ends where something takes up the margin itself, and at the first key of the next.
    const stops = [...article.querySelectorAll(":scope > :is(.wide, figure)")]
      .filter((one) => one.getBoundingClientRect().right > from.right + 1)
      .concat(found.map((block) => blocks.get(block)[0]))
      .map(top)
      .concat(from.height);
    let used = 0;
    for (const block of found) {
      const start = Math.max(top(block), used);
      const own = top(blocks.get(block)[0]);
      const room = Math.min(...stops.filter((stop) => stop > own + 1)) - GAP.brief - start;
      used = fill(block.beside, start, room, top) + GAP.brief;
    }
  };
  let planned = false;
  const layOutSoon = () => {
    if (planned) return;
    planned = true; // once for all blocks that come near, and cards that open, before the next frame
    requestAnimationFrame(() => {
      planned = false;
      layOut();
    });
  };
  const fill = (beside, start, room, top) => {
    const all = [...beside.children];
    const chosen = "chosen" in beside.dataset;
    let needed, gap;
    for (const level of ["open", "whole", "brief", "briefest"]) {
      gap = GAP[level];
      beside.className = `key-cards ${level}`;
      if (!chosen) for (const card of all) card.open = level === "open";
      needed = all.reduce((sum, card) => sum + card.offsetHeight + gap, -gap);
      if (needed <= room) break;
    }
    const scrolls = needed > room && !chosen;
    beside.classList.toggle("scrolls", scrolls);
    const places = [];
    let next = 0; // down from the top, each at its line
    for (const card of all) {
      places.push(Math.max(next, top(card.key) - start));
      next = places.at(-1) + card.offsetHeight + gap;
    }
    let end = Math.max(room, needed); // and up from the end, as far as they reach beyond it
    for (let n = all.length - 1; n >= 0; n--) {
      places[n] = Math.min(places[n], end - all[n].offsetHeight);
      end = places[n] - gap;
      all[n].style.top = `${places[n]}px`;
    }
    const height = scrolls ? room : places.at(-1) + all.at(-1).offsetHeight;
    beside.style.top = `${start}px`;
    beside.style.height = `${height}px`;
    return start + height;
  };
  const clear = () => {
    for (const block of blocks.keys()) {
      block.beside?.remove();
      delete block.beside;
    }
    for (const card of cards.values()) card.remove();
    for (const key of cards.keys()) key.setAttribute("aria-expanded", "false");
    cards.clear();
  };

  // --- what a reader does

  const near = new IntersectionObserver(
    (seen) => {
      const blocksHere = seen.filter((one) => one.isIntersecting).map((one) => one.target);
      if (blocksHere.some(inMargin))
        load().then(
          () => (blocksHere.forEach(putBeside), follow()),
          () => {},
        );
    },
    { rootMargin: "100% 0px" },
  );
  const observe = () => {
    near.disconnect();
    clear();
    if (margin.matches) for (const block of blocks.keys()) near.observe(block);
  };

  const open = async (key) => {
    try {
      await load();
    } catch {
      location.href = key.href;
      return;
    }
    const block = key.closest(".wide, figcaption") ?? key.closest("p, li");
    putBeside(block);
    const card = cards.get(key);
    if (!card) return putIntoText(key, block);
    layOut(); // so that the card is where it will be
    if (card.parentElement.matches(".key-cards")) card.parentElement.dataset.chosen = "";
    card.open = !card.open;
    card.scrollIntoView({ block: "nearest" });
  };
  article.addEventListener("click", (event) => {
    const key = event.target.closest("a.key[role]");
    if (!key || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(key);
  });
  article.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("a.key[role]")) {
      event.preventDefault();
      event.target.click();
    }
    const card = event.key === "Escape" && event.target.closest(".key-card[open], .key");
    const key = card && (cards.has(card) ? card : [...cards.keys()].find((one) => cards.get(one) === card));
    if (!key || !cards.get(key)?.open) return;
    cards.get(key).open = false;
    key.focus();
  });

  // --- the grid

  const grid = article.querySelector(".argument");
  const LINE = 0.4; // of the window's height: where one reads
  let current = null;
  const follow = () => {
    if (still.matches || !margin.matches || !compendium.notes) return;
    const line = innerHeight * LINE;
    const here = [...blocks.keys()].findLast((one) => one.getBoundingClientRect().top < line);
    const read = here && here.getBoundingClientRect().bottom > line / 3 ? here : null;
    if (read === current) return;
    current = read;
    mark(read ? blocks.get(read).flatMap((key) => compendium.notes[key.textContent].cells) : []);
  };
  const mark = (cells) => {
    for (const cell of grid.querySelectorAll("[data-cell]"))
      cell.classList.toggle("cited", cells.includes(cell.dataset.cell));
    grid.querySelector("p").hidden = !cells.length;
  };
  let waiting = false;
  addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        follow();
      });
    },
    { passive: true },
  );

  margin.addEventListener("change", observe);
  addEventListener("resize", layOut);
  document.fonts?.ready.then(layOut);
  observe();
}
