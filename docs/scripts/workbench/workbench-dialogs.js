"use strict";
/** Dialogs of the workbench: give a code, edit, merge, split, remove, write a memo, look up keys. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const dialogs = (wb.dialogs = {});

  /**
   * Open a dialog with a title and content. `buttons` are [text, action, attributes]: an action that returns false leaves it
   * open. `closed` is called when it is gone; the focus is then where it was, or where `back` says if that is not there any more.
   * Content that is a form itself is held by a `div`.
   */
  dialogs.open = ({
    title,
    content,
    buttons = [],
    cancel = "Cancel",
    closed = null,
    back = null,
    kind = "",
    holds = "form",
  }) => {
    const id = wb.id();
    const before = document.activeElement;
    const heading = element("h2", { id }, title);
    const form = element(holds, holds === "form" ? { method: "dialog", novalidate: "" } : {}, heading, ...content);
    const dialog = element("dialog", { class: `wb-dialog ${kind}`, "aria-labelledby": id }, form);
    const close = () => dialog.close();
    const made = buttons.map(([text, action, attributes]) =>
      wb.button(text, () => action() === false || close(), attributes),
    );
    form.append(element("p", { class: "wb-buttons" }, ...made, wb.button(cancel, close)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      made[0]?.click(); // the Enter key in a field
    });
    document.getElementById("workbench").append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      closed?.();
      const lost = !document.activeElement || document.activeElement === document.body;
      if (lost && before?.isConnected && before !== document.body) before.focus({ preventScroll: true });
      if (document.activeElement === document.body) back?.();
    });
    dialog.showModal();
    (
      form.querySelector("input:not([type=checkbox]), textarea, select") ??
      made[0] ??
      form.querySelector("button")
    ).focus();
    if (dialog.scrollTop > 0) {
      wb.focusOn(heading); // a long dialog is read from its top
      dialog.scrollTop = 0;
    }
    return dialog;
  };

  const primary = { class: "wb-button wb-primary" };
  const fault = () => element("p", { class: "wb-fault", role: "alert" });

  // --- Choose a code

  /**
   * Let codes be chosen or made for a passage. `codes()` gives those to choose from, {code, path}, recent ones first; `given()`
   * the identifiers of those that the passage has; `give(guid)` and `make(path, told)` do it; `told` takes what is wrong.
   */
  dialogs.chooseCode = ({ quote, codes, given, give, make, back }) => {
    const [listId, hintId] = [wb.id(), wb.id()];
    const list = element("ul", { id: listId, role: "listbox", "aria-label": "Codes", class: "wb-options" });
    const input = element("input", {
      id: wb.id(),
      type: "text",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": listId,
      "aria-autocomplete": "list",
      "aria-describedby": hintId,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "done",
    });
    const told = element("p", { class: "wb-told", role: "status" });
    const hint = element(
      "small",
      { id: hintId },
      "Type to find a code, or a new name to make one. “Parent > Name” puts it below another code.",
    );
    let at = 0;
    let options = [];

    function refresh() {
      const wanted = input.value.trim();
      options = found(wanted, codes());
      at = Math.max(0, Math.min(at, options.length - 1));
      const has = given();
      list.replaceChildren(...options.map((option, n) => row(option, n, has)));
      if (options.length) input.setAttribute("aria-activedescendant", `${listId}-${at}`);
      else input.removeAttribute("aria-activedescendant");
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }

    function row(option, n, has) {
      const item = element("li", { role: "option", id: `${listId}-${n}`, "aria-selected": String(n === at) });
      if (option.code) item.append(wb.swatch(option.code), option.path);
      else item.append("Make the code ", element("strong", {}, option.path));
      if (option.code && has.has(option.code.guid)) item.append(element("span", { class: "wb-quiet" }, " given here"));
      else if (option.code?.definition)
        item.append(element("span", { class: "wb-quiet wb-one-line" }, option.code.definition));
      item.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      item.addEventListener("click", (event) => {
        at = n;
        take(event.ctrlKey || event.metaKey);
      });
      return item;
    }

    function take(goOn) {
      const option = options[at];
      if (!option) return false;
      const guid = option.code ? option.code.guid : make(option.path, (fault) => (told.textContent = fault));
      if (!guid) return false;
      give(guid);
      if (!goOn) return dialog.close();
      told.textContent = `${option.path} given. Choose another, or press Escape.`;
      input.value = "";
      at = 0;
      refresh();
      input.focus();
      return false;
    }

    input.addEventListener("input", () => {
      at = 0;
      refresh();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        at = (at + step + options.length) % options.length;
        refresh();
      }
      if (event.key === "Enter") {
        event.preventDefault();
        take(event.ctrlKey || event.metaKey);
      }
    });
    const dialog = dialogs.open({
      title: "Give a code",
      content: [
        element("blockquote", { class: "wb-quote" }, quote),
        element("p", { class: "wb-field" }, element("label", { for: input.id }, "Code"), input, hint),
        list,
        told,
      ],
      buttons: [
        ["Give", () => (take(false), false), primary],
        ["Give and choose another", () => take(true), { title: "Ctrl+Enter" }],
      ],
      cancel: "Close",
      kind: "wb-choose",
      back,
    });
    refresh();
  };

  /** Return the codes that fit what was typed, those that begin with it first, and the one that could be made. */
  function found(wanted, codes) {
    const key = wanted.toLocaleLowerCase().normalize("NFC");
    const keyed = codes.map(({ code, path }) => ({
      code,
      path,
      key: path.toLocaleLowerCase(),
      name: code.name.toLocaleLowerCase(),
    }));
    const fits = keyed.filter((one) => one.key.includes(key));
    const begins = (one) => (one.name.startsWith(key) || one.key.startsWith(key) ? 0 : 1);
    if (key) fits.sort((one, other) => begins(one) - begins(other));
    const same = ({ name, key: path }) => name === key || path === key.replace(/\s*>\s*/g, " > ");
    return key && !keyed.some(same) ? [...fits, { path: wanted.replace(/\s*>\s*/g, " > ") }] : fits;
  }

  // --- Codes

  /** Ask for the name of something; `done(name)` returns what is wrong with it, or nothing. */
  dialogs.name = ({ title, label, value = "", note = "", action, done, extra = [], back }) => {
    const field = wb.field({ label, value, note, maxlength: "200" });
    const wrong = fault();
    const input = wb.inputOf(field);
    const take = () => {
      const name = input.value.trim();
      wrong.textContent = name ? (done(name) ?? "") : "A name is needed.";
      if (wrong.textContent) input.focus();
      return !wrong.textContent;
    };
    dialogs.open({ title, content: [field, ...extra, wrong], buttons: [[action, take, primary]], back });
    input.select();
  };

  /** Show a form in a dialog that has done its work when it is closed. */
  dialogs.form = ({ title, content, back }) => dialogs.open({ title, content, cancel: "Done", back });

  /** Merge a code into another, after saying what becomes of its codings and its definition. */
  dialogs.merge = ({ work, code, merge, back }) => {
    const others = wb.works
      .tree(work)
      .map((row) => row.code)
      .filter((other) => other.guid !== code.guid);
    const options = [["", "Choose a code"], ...others.map((other) => [other.guid, wb.works.path(work, other)])];
    const preview = element("div", { class: "wb-preview", role: "status" });
    const field = wb.field({ label: `Merge ${wb.works.path(work, code)} into`, options, change: show });
    const wrong = fault();

    function show(guid) {
      wrong.textContent = "";
      const into = others.find((other) => other.guid === guid);
      if (!into) return preview.replaceChildren();
      const moved = wb.works.codingsOf(work, code).length;
      const below = work.codes.filter((one) => one.parent === code.guid).length;
      return preview.replaceChildren(
        element(
          "p",
          {},
          `${wb.number(moved, "coding")} of ${code.name} will have the code ${into.name}, which has ${wb.number(wb.works.codingsOf(work, into).length, "coding")}. ` +
            "A passage that has both will have it once, with both memos." +
            (below
              ? ` ${wb.number(below, "code")} below ${code.name} will be below ${into.parent && into.parent !== code.guid ? "the code above it" : into.name}.`
              : ""),
        ),
        element("dl", { class: "wb-beside" }, both(code), both(into)),
        element("p", {}, `What ${code.name} says of itself is added to what ${into.name} says, marked with its name.`),
      );
    }

    const both = (one) =>
      element(
        "div",
        {},
        element("dt", {}, wb.swatch(one), one.name),
        element("dd", {}, one.definition || "No definition yet."),
      );
    const take = () => {
      const into = wb.inputOf(field).value;
      wrong.textContent = into ? "" : "Choose the code to merge it into.";
      return Boolean(into) && (merge(into), true);
    };
    dialogs.open({ title: "Merge codes", content: [field, preview, wrong], buttons: [["Merge", take, primary]], back });
  };

  /** Ask before something goes, saying what goes with it. */
  dialogs.sure = ({ title, text, action, done, cancel = "Cancel", more = [], back }) =>
    dialogs.open({
      title,
      content: [element("p", {}, text)],
      buttons: [[action, () => (done(), true), primary], ...more],
      cancel,
      back,
    });

  /** Write a memo, which is kept however the dialog is left. */
  dialogs.memo = ({ title, label, value, done, back }) =>
    dialogs.form({ title, content: [wb.field({ label, value, rows: 6, change: done })], back });

  /** Record a new version of the codebook. */
  dialogs.version = ({ number, done, back }) => {
    const what = wb.field({ label: "What changed", rows: 2, note: "For example: merged “trust” into “relationship”." });
    const why = wb.field({ label: "Why", rows: 2, note: "What in the text made you change it." });
    const wrong = fault();
    const take = () => {
      const [told, reason] = [what, why].map((one) => wb.inputOf(one).value.trim());
      wrong.textContent = told ? "" : "Say what changed.";
      return Boolean(told) && (done(told, reason), true);
    };
    dialogs.open({
      title: `Version ${number} of the codebook`,
      content: [what, why, wrong],
      buttons: [["Record this version", take, primary]],
      back,
    });
  };

  /** List the keys. */
  dialogs.keys = (rows, back) =>
    dialogs.open({
      title: "Keys in the text",
      content: [
        element("p", {}, "Single letters work while the text has the focus. Tab leaves the text."),
        compendium.table("Keys", ["Key", "What it does"], rows),
      ],
      cancel: "Close",
      back,
    });
}
