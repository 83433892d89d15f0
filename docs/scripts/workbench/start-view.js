"use strict";
/** The view in which a work begins or goes on: interviews of the site, own texts, files, and works that the browser keeps. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const ACCEPTED = ".txt,.docx,.json,.qdpx,.qdc,.csv,.zip,text/plain";

  /** The interviews of the site; none where the page carries no list. */
  const interviews = () =>
    document.getElementById("workbench-interviews") ? compendium.dataOf("workbench-interviews") : [];

  /** Load an interview of the site with the codebook of its set: {text, codebook, codes}. */
  wb.interview = async ({ slug, script }) => {
    await wb.load(new URL(script, document.baseURI).href);
    return compendium.interviews[slug];
  };

  /** Return cards of the interviews, each with a button that calls `chosen(interview, loaded)`. */
  wb.interviewCards = (app, action, chosen, without = new Set()) => {
    let loading = false; // a second click meanwhile is the same wish
    const cards = interviews()
      .filter(({ slug }) => !without.has(slug))
      .map((interview) => {
        const choose = wb.button(
          action,
          async () => {
            if (loading) return;
            loading = true;
            try {
              chosen(interview, await wb.interview(interview));
            } catch (fault) {
              app.notice(fault.message);
            } finally {
              loading = false;
            }
          },
          { "aria-label": `${action}: ${interview.name}` },
        );
        return element(
          "li",
          { class: "wb-card" },
          element("h4", {}, interview.name),
          element("p", {}, interview.about),
          element(
            "p",
            { class: "wb-quiet" },
            `${interview.set}. ${Number(interview.words).toLocaleString("en")} words, invented.`,
          ),
          choose,
        );
      });
    return element("ul", { class: "wb-cards" }, ...cards);
  };

  /** The language of texts of one’s own, as nothing in them says it: that of the browser. */
  wb.languageOfReader = () => (navigator.language || "en").split("-")[0];

  /** Return fields for a text of one’s own, a file or pasted words; `taken(text)` is given it. */
  wb.ownTextFields = (action, taken) => {
    const name = wb.field({ label: "Name of the text", value: "", maxlength: "120" });
    const pasted = wb.field({ label: "Its words", rows: 6, spellcheck: "false" });
    const wrong = element("p", { class: "wb-fault", role: "alert" });
    const take = async () => {
      wrong.textContent = "";
      try {
        await wb.need("files");
        taken(
          wb.ownText(wb.inputOf(name).value.trim() || "Own text", wb.inputOf(pasted).value, {
            language: wb.languageOfReader(),
          }),
        );
      } catch (fault) {
        wrong.textContent = fault.message;
        wb.inputOf(pasted).focus();
      }
    };
    return element(
      "details",
      { class: "wb-fold" },
      element("summary", {}, "Paste a text"),
      pasted,
      name,
      wrong,
      wb.button(action, take),
    );
  };

  /** Return a field for files, on which they can be dropped, too; `opened(files)` is given them. */
  wb.fileField = (label, note, opened, { accept = ACCEPTED, multiple = false } = {}) => {
    const field = wb.field({ label, note, type: "file", accept, ...(multiple ? { multiple: "" } : {}) });
    const input = wb.inputOf(field);
    field.classList.add("wb-drop");
    input.addEventListener("change", async () => {
      const files = [...input.files];
      if (files.length) await opened(files);
      input.value = ""; // so that the same file can be chosen again
    });
    wb.droppable(field, opened);
    return field;
  };

  /** Let files be dropped on an element. */
  wb.droppable = (host, opened) => {
    const over = (event, is) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      host.classList.toggle("wb-dropping", is);
    };
    host.addEventListener("dragover", (event) => over(event, true));
    host.addEventListener("dragleave", (event) => over(event, false));
    host.addEventListener("drop", (event) => {
      over(event, false);
      event.stopPropagation();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length) opened(files);
    });
  };

  /** Build the view in its host; `app` is the page (see workbench.js). Return {show, focus}. */
  wb.startView = (host, app) => {
    const kept = element("section", { class: "wb-kept", "aria-labelledby": "wb-kept-title" });
    const pseudonym = wb.field({
      label: "Pseudonym, not your name",
      maxlength: "40",
      note: "It names your file, and is shown with your codes when they are compared.",
    });
    const wrong = element("p", { class: "wb-fault", role: "alert" });
    const choice = element("fieldset", { class: "wb-choice" });
    let codebook = null; // from a file: {name, codebook, codes}
    wb.inputOf(pseudonym).id = "wb-pseudonym";
    pseudonym.querySelector("label").htmlFor = "wb-pseudonym";

    function build() {
      host.replaceChildren(
        kept,
        element(
          "section",
          { class: "wb-begin", "aria-labelledby": "wb-begin-title" },
          element("h2", { id: "wb-begin-title" }, "Begin"),
          element("div", { class: "wb-first" }, element("div", {}, pseudonym, wrong), choice),
          element(
            "div",
            { class: "wb-two" },
            element(
              "div",
              {},
              element("h3", {}, "Code an interview"),
              wb.interviewCards(app, "Code this", (interview, loaded) => begin(loaded.text, loaded)),
            ),
            element(
              "div",
              {},
              element("h3", {}, "Your own text"),
              wb.fileField(
                "Choose a text (.txt, .docx), or drop it here",
                "It stays in this browser. Nothing is sent.",
                app.openFiles,
                { accept: ".txt,.docx,text/plain" },
              ),
              wb.ownTextFields("Code this text", (text) => begin(text)),
              element("h3", {}, "Open a file"),
              wb.fileField(
                "Choose a work, packet, project or codebook",
                "What this page saves (.json), and projects and codebooks of other programs (.qdpx, .qdc).",
                app.openFiles,
                { multiple: true },
              ),
            ),
          ),
        ),
      );
      wb.inputOf(pseudonym).addEventListener("input", () => (wrong.textContent = ""));
      wb.droppable(host, app.openFiles);
      showChoice("none");
    }

    function showChoice(value) {
      const options = [
        ["none", "Without codes: you make them while you read (open coding)"],
        ["set", "With the codes that come with the interview"],
        ...(codebook
          ? [["file", `With the codes of ${codebook.name}, version ${codebook.codebook.version} (${wb.number(codebook.codes.length, "code")}), as round ${roundWith(codebook)}`]]
          : []),
        ...(app.session
          ? [["open", `With the codes of the work that is open (${wb.number(app.session.now.codes.length, "code")}), as round ${app.session.now.round + 1}`]]
          : []),
      ]; // prettier-ignore
      choice.replaceChildren(
        element("legend", {}, "How you begin"),
        ...options.map(([key, text]) => {
          const input = element("input", { type: "radio", name: "wb-codes", value: key });
          input.checked = key === value;
          return element("label", {}, input, element("span", {}, text));
        }),
      );
    }

    /** Return the round that begins with a codebook: the one after those in which this browser had it, or one before it. */
    function roundWith({ codebook: { guid, version } }) {
      const { now } = app.session ?? {};
      if (now) return now.round + 1;
      const earlier = wb.store.works().flatMap((one) => wb.store.load(one.guid) ?? []);
      const rounds = earlier.filter(({ codebook: had }) => had.guid === guid && had.version < version);
      return Math.max(0, ...rounds.map(({ round }) => round)) + 1;
    }

    /** Return the pseudonym; ask for it where there is none. */
    function coder() {
      const name = wb.inputOf(pseudonym).value.trim();
      wrong.textContent = name ? "" : "Choose a pseudonym first.";
      if (!name) {
        wb.inputOf(pseudonym).focus({ preventScroll: true });
        pseudonym.scrollIntoView({ block: "center" });
      }
      return name;
    }

    let beginning = false;

    /** Begin to code a text; `set` has the codes that come with it. */
    function begin(text, set = null) {
      const name = coder();
      if (!name) return;
      const there = wb.store.works().find((one) => one.name === text.name && one.coder === name);
      const start = async () => {
        if (beginning) return; // a double click, while scripts still load
        beginning = true;
        try {
          await app.open(wb.works.begin({ coder: coderOf(name), texts: [text], name: text.name, ...chosenCodes(set) }));
        } finally {
          beginning = false;
        }
      };
      unlessBegun(there, "this text", start);
    }

    /** Start a work; where this browser keeps one already, only if the reader does not rather go on with that. */
    function unlessBegun(there, what, start) {
      if (!there) return void start();
      wb.dialogs.open({
        title: `You have begun ${what}`,
        content: [
          element(
            "p",
            {},
            `This browser keeps a work of ${there.coder} on ${there.name}, ${wb.number(there.codings, "coding")}, last changed ${when(there.when)}.`,
          ),
        ],
        buttons: [
          ["Go on with it", () => app.openKept(there.guid), { class: "wb-button wb-primary" }],
          ["Begin another", start],
        ],
      });
    }

    /** The same pseudonym in this browser is the same coder. */
    function coderOf(name) {
      const other = wb.store.works().find((one) => one.coder === name);
      const guid = other && wb.store.load(other.guid)?.coder.guid;
      return guid ? { guid, name } : name;
    }

    function chosenCodes(set) {
      const value = choice.querySelector("input:checked")?.value;
      const { now } = app.session ?? {};
      if (value === "open" && now) return { codes: now.codes, codebook: now.codebook, round: now.round + 1 };
      if (value === "file") return { codes: codebook.codes, codebook: codebook.codebook, round: roundWith(codebook) };
      const from = value === "set" ? set : null;
      return from ? { codes: from.codes, codebook: from.codebook } : {};
    }

    // --- Works that the browser keeps

    const when = (time) => new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

    function showKept() {
      const works = wb.store.works().sort((one, other) => String(other.when).localeCompare(String(one.when)));
      const damaged = wb.store.damaged() ?? [];
      kept.hidden = !works.length && !damaged.length;
      kept.replaceChildren(
        element("h2", { id: "wb-kept-title" }, "Go on"),
        element(
          "ul",
          { class: "wb-works" },
          ...works.map((one, n) => workRow(one, n === 0)),
          ...damaged.map(damagedRow),
        ),
      );
      if (works.length && !wb.inputOf(pseudonym).value) wb.inputOf(pseudonym).value = works[0].coder;
    }

    function workRow(one, isLast) {
      const name = one.name || "Work without a name";
      const of = (text) => ({ "aria-label": `${text}: ${name}, ${one.coder}` });
      return element(
        "li",
        {},
        element(
          "div",
          {},
          element("strong", {}, name),
          element(
            "span",
            { class: "wb-quiet" },
            `${one.coder}, ${one.round > 1 ? `round ${one.round}, ` : ""}${wb.number(one.codings, "coding")}, ${when(one.when)}`,
          ),
        ),
        element(
          "div",
          { class: "wb-buttons" },
          wb.button("Go on", () => app.openKept(one.guid), {
            class: `wb-button ${isLast ? "wb-primary" : ""}`,
            ...of("Go on"),
          }),
          wb.button("Save a file", () => app.saveKept(one.guid), of("Save a file")),
          wb.button("Remove …", () => remove(one, name), of("Remove …")),
        ),
      );
    }

    function damagedRow({ key, why, text }) {
      return element(
        "li",
        {},
        element(
          "div",
          {},
          element("strong", {}, "A work that cannot be opened"),
          element("span", { class: "wb-quiet" }, why),
        ),
        element(
          "div",
          { class: "wb-buttons" },
          wb.button("Save what is there", () => compendium.download("kept-work.json", "application/json", text)),
          wb.button("Remove", () => (wb.store.forget(key), showKept())),
        ),
      );
    }

    function remove(one, name) {
      wb.dialogs.sure({
        title: `Remove ${name}?`,
        action: "Remove",
        text: `This browser then no longer keeps the work of ${one.coder} on ${name}, with ${wb.number(one.codings, "coding")}. Save a file first if you may need it.`,
        more: [["Save a file", () => (app.saveKept(one.guid), false)]],
        back: () => wb.focusOn(kept.querySelector("h2")),
        done: () => {
          const work = wb.store.load(one.guid);
          app.closeIfOpen(one.guid);
          const decided = wb.store.remove(one.guid);
          showKept();
          app.say(`${name} was removed.`);
          if (work)
            app.notice(`${name} was removed from this browser.`, [
              "Bring it back",
              () => (wb.store.save(work), decided(), showKept()),
            ]);
        },
      });
    }

    build();
    return {
      show() {
        showKept();
        const chosen = choice.querySelector("input:checked")?.value ?? "none";
        showChoice(chosen === "open" && !app.session ? "none" : chosen);
      },
      focus: () => wb.focusOn(kept.hidden ? host.querySelector("#wb-begin-title") : kept.querySelector("h2")),
      begin,
      unlessBegun,
      /** Offer the codes of a file to begin with, or without one those of the open work. */
      offer(found) {
        codebook = found ?? codebook;
        showChoice(found ? "file" : "open");
        choice.querySelector("input:checked").focus();
      },
    };
  };
}
