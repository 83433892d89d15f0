"use strict";
/** Slides for a class, one at a time, large and without names: by keys, and with parts that are shown only when asked for. */
{
  const compendium = (globalThis.compendium ??= {});
  const { element } = compendium;

  /** Return a bar of counts, `[kind, count, words]` each: kinds differ in shape (site's projector.css), and words say it all. */
  function splitBar(parts) {
    const shown = parts.filter(([, count]) => count);
    const bar = element("span", { class: "split-bar", "aria-hidden": "true" });
    for (const [kind, count] of shown) {
      const part = element("span", { class: `split-${kind}` });
      part.style.flexGrow = count;
      bar.append(part);
    }
    const said = shown.map(([, count, words]) => `${count} ${words}`).join(", ");
    return element("span", { class: "split" }, bar, element("span", {}, said));
  }

  /**
   * Open slides. `slide(at, open)` returns a slide: `heading` (a text), `body` (elements), and `parts`, the keys of `toggles` that
   * it has; `open` holds the keys of those that are shown. A toggle is `{ key, show, hide }`, its button's two texts. What `before`
   * returns for a slide and a key, a promise perhaps, is waited for before the part is shown. Returns the dialog.
   */
  function projector({ host, label, count, slide, toggles, start = 0, before = () => null }) {
    let at = start;
    const open = new Set();
    const heading = element("h2", { "aria-live": "polite" }); // what is outside a dialog is not heard
    const body = element("div", { class: "projector-slide", tabindex: "0", role: "region", "aria-label": label });
    const button = (text, action, keys) => {
      const made = element("button", { type: "button", class: "projector-button", "aria-keyshortcuts": keys }, text);
      made.addEventListener("click", action);
      return made;
    };
    const previous = button("← Previous", () => go(at - 1), "ArrowLeft");
    const next = button("Next →", () => go(at + 1), "ArrowRight");
    const switches = toggles.map((one) => ({ ...one, button: button(one.show, () => toggle(one.key), one.key) }));
    const close = button("Close", () => dialog.close(), "Escape");
    const bar = element(
      "p",
      { class: "projector-buttons" },
      previous,
      next,
      ...switches.map((one) => one.button),
      close,
    );
    const dialog = element("dialog", { class: "projector", "aria-label": label }, bar, heading, body);

    function go(to) {
      open.clear();
      at = Math.max(0, Math.min(count - 1, to));
      show();
    }

    async function toggle(key) {
      if (open.has(key)) open.delete(key);
      else {
        const asked = at;
        await before(at, key);
        if (at !== asked) return;
        open.add(key);
      }
      show();
    }

    function show() {
      const { heading: title, body: content, parts } = slide(at, open);
      heading.textContent = `${title} · ${at + 1} of ${count}`;
      [previous.disabled, next.disabled] = [at === 0, at === count - 1];
      for (const one of switches) {
        one.button.hidden = !parts.includes(one.key);
        one.button.textContent = open.has(one.key) ? one.hide : one.show;
        one.button.setAttribute("aria-pressed", String(open.has(one.key)));
      }
      body.replaceChildren(...content);
      body.scrollTop = 0;
    }

    dialog.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const ways = { ArrowRight: at + 1, PageDown: at + 1, ArrowLeft: at - 1, PageUp: at - 1, Home: 0, End: count - 1 };
      const one = switches.find(({ key, button: { hidden } }) => !hidden && key === event.key.toLowerCase());
      if (!one && !(event.key in ways)) return;
      event.preventDefault();
      if (one) toggle(one.key);
      else go(ways[event.key]);
    });
    const focused = document.activeElement;
    dialog.addEventListener("close", () => {
      dialog.remove();
      focused?.focus?.({ preventScroll: true });
    });
    host.append(dialog);
    dialog.showModal();
    show();
    body.focus();
    return dialog;
  }

  Object.assign(compendium, { projector, splitBar });
}
