"use strict";
/** The view of the codebook: each code with what it means, and all its passages, over all texts. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const MOST = 200; // passages, or codes with what they mean, that are listed at once

  /** Return fields that change a code as soon as each is left; `change(work, what)` takes the new work. */
  wb.codeFields = (app, guid) => {
    const code = () => app.session.now.codes.find((one) => one.guid === guid);
    const wrong = element("p", { class: "wb-fault", role: "alert" });
    const edit = (name, label) => (value, input) => {
      wrong.textContent = "";
      const next = app.tried(
        () => wb.works.editCode(app.session.now, guid, { [name]: value.trim() }),
        (fault) => (wrong.textContent = fault),
      );
      if (next) app.session.change(next, `${label} of ${code().name} changed.`);
      else input.value = code()[name];
    };
    const field = (name, label, more = {}) =>
      wb.field({ label, value: code()[name], "data-field": name, change: edit(name, label), ...more });
    return [
      element(
        "div",
        { class: "wb-name-and-colour" },
        field("name", "Name"),
        field("colour", "Colour", { type: "color" }),
      ),
      wrong,
      parentField(app, code, wrong),
      field("definition", "Definition", { rows: 2, note: "What the code means, in a sentence." }),
      field("include", "Include", { rows: 2, note: "When to give it." }),
      field("exclude", "Exclude", { rows: 2, note: "When not to, and which code then." }),
      field("example", "Example", { rows: 2, note: "Words from a text that show it well." }),
      field("memo", "Memo", { rows: 2, note: "What you think about this code. It is not part of its meaning." }),
    ];
  };

  function parentField(app, code, wrong) {
    const { guid, parent } = code();
    const { codes } = app.session.now;
    if (codes.some((one) => one.parent === guid)) return "";
    const tops = codes.filter((one) => !one.parent && one.guid !== guid);
    return wb.field({
      label: "Below",
      value: parent,
      options: [["", "No code: at the top"], ...tops.map((one) => [one.guid, one.name])],
      "data-field": "parent",
      change: (value, input) => {
        wrong.textContent = "";
        const next = app.tried(
          () => wb.works.moveCode(app.session.now, guid, { parent: value }),
          (fault) => (wrong.textContent = fault),
        );
        if (next) app.session.change(next, `${code().name} moved.`);
        else input.value = code().parent;
      },
    });
  }

  /** Build the view in its host; `app` is the page (see workbench.js). Return {show, refresh, openCode, focus}. */
  wb.codebookView = (host, app) => {
    const work = () => app.session.now;
    const codeOf = (guid) => work().codes.find((one) => one.guid === guid);
    const list = element("ul", { class: "wb-codes" });
    const head = element("div", { class: "wb-head" });
    const versions = element("section", { class: "wb-versions", "aria-label": "Versions of the codebook" });
    const detail = element("section", { class: "wb-detail", "aria-label": "The code" });
    let chosen = "";
    let painted = null;
    let detailed = ""; // what the detail shows, so that a field that is written in stays

    function build() {
      host.replaceChildren(
        head,
        element("div", { class: "wb-two" }, element("div", { class: "wb-tree" }, list, versions), detail),
      );
    }

    // --- The tree and the versions

    function showHead() {
      const { codebook, codes } = work();
      head.replaceChildren(
        element(
          "h2",
          { class: "wb-title" },
          codebook.name || "Codebook",
          element("span", { class: "wb-quiet" }, ` version ${codebook.version}, ${wb.number(codes.length, "code")}`),
        ),
        element(
          "div",
          { class: "wb-buttons" },
          wb.button("New code", () => app.newCode(true), { class: "wb-button wb-primary" }),
          wb.button("New version", newVersion),
          wb.button("Take another codebook", () => app.takeCodebook()),
          wb.button("Print", () => wb.printed.print(wb.printed.codebook(work()))),
        ),
      );
    }

    function showTree() {
      const focused = list.contains(document.activeElement) ? document.activeElement.dataset.code : "";
      list.replaceChildren(...wb.works.tree(work()).map(row));
      if (!list.children.length)
        list.append(element("li", { class: "wb-quiet" }, "No code yet. Codes that you give in the text appear here."));
      if (focused)
        (list.querySelector(`[data-code="${focused}"]`) ?? list.querySelector("button"))?.focus({
          preventScroll: true,
        });
    }

    function row({ code, depth, own, all }) {
      const count = element(
        "span",
        { class: "wb-count" },
        all > own ? `${own} (${all})` : String(own),
        element(
          "span",
          { class: "only-heard" },
          all > own ? " codings, and with those below it" : own === 1 ? " coding" : " codings",
        ),
      );
      const button = wb.button("", () => choose(code.guid, true), { class: "wb-code", "data-code": code.guid });
      button.append(wb.swatch(code), element("span", { class: "wb-name" }, code.name), count);
      if (code.guid === chosen) button.setAttribute("aria-current", "true");
      return element("li", depth ? { class: "wb-below" } : {}, button);
    }

    function showVersions() {
      const { version, changes } = work().codebook;
      versions.hidden = !changes.length;
      const day = (time) => new Date(time).toLocaleDateString("en-GB", { dateStyle: "medium" });
      versions.replaceChildren(
        element("h3", {}, `Now version ${version}`),
        element(
          "ol",
          {},
          ...changes
            .toReversed()
            .map((one) =>
              element(
                "li",
                {},
                element("strong", {}, `Version ${one.version}, ${day(one.time)}: `),
                one.what,
                ...(one.why ? [element("span", { class: "wb-quiet" }, ` Why: ${one.why}`)] : []),
              ),
            ),
        ),
      );
    }

    function newVersion() {
      const { version } = work().codebook;
      wb.dialogs.version({
        number: version + 1,
        done: (what, why) =>
          app.session.change(
            wb.works.newVersion(work(), { what, why, time: wb.timeNow() }),
            `Version ${version + 1} of the codebook recorded.`,
          ),
      });
    }

    // --- One code

    function choose(guid, focus) {
      chosen = guid;
      for (const one of list.querySelectorAll("[data-code]")) {
        if (one.dataset.code === guid) one.setAttribute("aria-current", "true");
        else one.removeAttribute("aria-current");
      }
      detailed = "";
      showDetail();
      if (focus) {
        wb.focusOn(detail.querySelector("h2"));
        if (detail.getBoundingClientRect().top > innerHeight / 2) detail.scrollIntoView();
      }
    }

    function showDetail() {
      const code = codeOf(chosen);
      if (!code) return showAll();
      const codings = wb.works.codingsOf(work(), code);
      const others = work().codes.map((one) => [one.guid, one.parent, one.guid === chosen ? "" : one.name]);
      const key = JSON.stringify([chosen, others, codings.map((one) => ({ ...one, memo: "" }))]);
      if (key === detailed) return showWords(code, codings);
      detailed = key;
      const at = focused();
      detail.replaceChildren(
        element("h2", {}, wb.swatch(code), wb.works.path(work(), code)),
        actions(code),
        element("div", { class: "wb-meaning" }, ...wb.codeFields(app, chosen)),
        passages(code, codings),
      );
      refocus(at);
      return null;
    }

    /** Show what every code means, to be read before anything is coded. */
    function showAll() {
      detailed = "";
      const rows = wb.works.tree(work());
      const line = ({ code, depth }) =>
        element(
          "li",
          depth ? { class: "wb-below" } : {},
          element("h3", {}, wb.swatch(code), code.name),
          ...wb.meaningOf(code),
        );
      const more = rows.length > MOST ? `The first ${MOST} codes are shown; “Print” has all. ` : "";
      detail.replaceChildren(
        ...(rows.length
          ? [
              element("h2", {}, "What the codes mean"),
              element("p", { class: "wb-quiet" }, `${more}Choose a code to change it and to see all its passages.`),
              element("ul", { class: "wb-all-codes" }, ...rows.slice(0, MOST).map(line)),
            ]
          : []),
      );
    }

    /**
     * Show the words of the code where they changed, without making the fields and buttons again: the focus is on its way to
     * the next of them, by Tab or by mouse.
     */
    function showWords(code, codings) {
      detail.querySelector("h2").replaceChildren(wb.swatch(code), wb.works.path(work(), code));
      for (const button of detail.querySelectorAll("[data-heard]"))
        button.setAttribute("aria-label", `${button.dataset.heard}: ${code.name}`);
      const memos = Object.fromEntries(codings.map((one) => [`memo-${one.guid}`, one.memo]));
      for (const field of detail.querySelectorAll("[data-field]")) {
        const words = memos[field.dataset.field] ?? code[field.dataset.field];
        if (field.value !== words && field !== document.activeElement) field.value = words;
      }
    }

    /** Remember which field or button has the focus, as it is made again. */
    function focused() {
      const all = [...detail.querySelectorAll("input, textarea, select, button, a")];
      const n = all.indexOf(document.activeElement);
      return n < 0 ? null : { n, name: document.activeElement.dataset.field };
    }
    function refocus(at) {
      if (!at) return;
      const again = at.name
        ? detail.querySelector(`[data-field="${at.name}"]`)
        : [...detail.querySelectorAll("input, textarea, select, button, a")][at.n];
      (again ?? detail.querySelector("h2"))?.focus({ preventScroll: true });
    }

    function actions(code) {
      const heard = (text) => ({ "aria-label": `${text}: ${code.name}`, "data-heard": text });
      const beside = work().codes.filter((one) => one.parent === code.parent);
      const n = beside.indexOf(code);
      const move = (before) =>
        app.session.change(
          wb.works.moveCode(work(), code.guid, { parent: code.parent, before }),
          `${codeOf(code.guid).name} moved.`,
        );
      const up = wb.button("Move up", () => move(beside[n - 1].guid), heard("Move up"));
      const down = wb.button("Move down", () => move(beside[n + 2]?.guid ?? ""), heard("Move down"));
      up.disabled = n === 0;
      down.disabled = n === beside.length - 1;
      const merge = wb.button("Merge …", () => mergeCode(codeOf(code.guid)), heard("Merge …"));
      merge.disabled = work().codes.length < 2;
      return element(
        "div",
        { class: "wb-buttons" },
        up,
        down,
        merge,
        wb.button("Remove …", () => removeCode(codeOf(code.guid)), heard("Remove …")),
        wb.button("What all codes mean", () => choose("", true)),
      );
    }

    const back = () => wb.focusOn(detail.querySelector("h2") ?? head.querySelector("button"));

    function mergeCode(code) {
      wb.dialogs.merge({
        work: work(),
        code,
        back,
        merge: (into) => {
          const next = app.tried(() => wb.works.mergeCodes(work(), code.guid, into));
          if (!next) return;
          chosen = into;
          app.session.change(next, `${code.name} merged into ${codeOf(into).name}.`);
        },
      });
    }

    function removeCode(code) {
      const below = work().codes.filter((one) => one.parent === code.guid);
      const gone = new Set([code.guid, ...below.map((one) => one.guid)]);
      const count = work().codings.filter((one) => gone.has(one.code)).length;
      const codes = below.length ? `, ${wb.number(below.length, "code")} below it` : "";
      wb.dialogs.sure({
        title: `Remove ${code.name}?`,
        action: "Remove",
        back,
        text: `With the code go what it says of itself${codes} and ${wb.number(count, "coding")}. The text stays as it is. Undo brings everything back.`,
        done: () => {
          chosen = "";
          app.session.change(
            wb.works.removeCode(work(), code.guid),
            `${code.name} removed with ${wb.number(count, "coding")}. Undo brings it back.`,
          );
        },
      });
    }

    // --- All passages of a code

    function passages(code, codings) {
      const boxes = [];
      const heading = element(
        "h3",
        {},
        codings.length ? `All passages: ${codings.length}` : "No passage has this code",
      );
      const split = wb.button("Split: give the chosen ones a new code …", () =>
        splitCode(
          codeOf(code.guid),
          boxes.filter((box) => box.checked).map((box) => box.value),
        ),
      );
      split.disabled = true;
      const checked = () => (split.disabled = !boxes.some((box) => box.checked));
      const items = codings.slice(0, MOST).map((coding) => passage(code, coding, boxes, checked));
      const rest =
        codings.length > MOST
          ? [
              element(
                "p",
                { class: "wb-quiet" },
                `The first ${MOST} are shown. Export the codings as a table to see all.`,
              ),
            ]
          : [];
      return element(
        "div",
        { class: "wb-passages" },
        heading,
        ...(codings.length ? [split] : []),
        element("ul", {}, ...items),
        ...rest,
      );
    }

    function passage(code, coding, boxes, checked) {
      const text = work().texts.find((one) => one.guid === coding.text);
      const quote = wb.quoted(text, coding, 600);
      const box = element("input", {
        type: "checkbox",
        value: coding.guid,
        "aria-label": `Choose “${quote.slice(0, 60)}”`,
      });
      box.addEventListener("change", checked);
      boxes.push(box);
      const go = element("a", { href: "#text" }, "Show in the text");
      go.addEventListener("click", (event) => {
        event.preventDefault();
        app.openPlace(coding.text, coding);
      });
      const memo = wb.field({
        label: "Memo",
        rows: 1,
        value: coding.memo,
        "data-field": `memo-${coding.guid}`,
        change: (value) => app.session.change(wb.works.editCoding(work(), coding.guid, { memo: value }), "Memo kept."),
      });
      const example = wb.button(
        "Use as the example",
        () =>
          app.session.change(
            wb.works.editCode(work(), code.guid, { example: wb.quoted(text, coding, 600) }),
            `Example of ${codeOf(code.guid).name} changed.`,
          ),
        { class: "wb-link" },
      );
      return element(
        "li",
        {},
        box,
        element(
          "div",
          {},
          element("blockquote", { class: "wb-quote", lang: text.language }, quote),
          element("p", { class: "wb-links" }, element("span", { class: "wb-quiet" }, text.name), go, example),
          memo,
        ),
      );
    }

    function splitCode(code, guids) {
      wb.dialogs.name({
        title: `Split ${code.name}`,
        label: "Name of the new code",
        action: "Split",
        back,
        note: `${wb.number(guids.length, "passage")} will have the new code in place of ${code.name}.`,
        done: (name) => {
          let fault = "";
          const guid = wb.newGuid();
          const next = app.tried(
            () => wb.works.splitCode(work(), code.guid, { code: { guid, name }, codings: guids }),
            (told) => (fault = told),
          );
          if (next)
            app.session.change(
              next,
              `${wb.number(guids.length, "passage")} of ${code.name} now ${guids.length === 1 ? "has" : "have"} the code ${name}.`,
            );
          return fault;
        },
      });
    }

    function refresh() {
      if (painted === work() && head.isConnected) return;
      painted = work();
      if (!head.isConnected) build();
      if (!codeOf(chosen)) chosen = "";
      showHead.done = JSON.stringify([painted.codebook, painted.codes.length]);
      if (head.dataset.shown !== showHead.done) {
        head.dataset.shown = showHead.done;
        showHead();
      }
      showTree();
      showVersions();
      showDetail();
    }

    return {
      show: refresh,
      refresh,
      forget: () => {
        chosen = detailed = "";
        painted = null;
      },
      openCode(guid) {
        refresh();
        choose(guid, true);
      },
      focus: () => wb.focusOn(head.querySelector("h2")),
    };
  };
}
