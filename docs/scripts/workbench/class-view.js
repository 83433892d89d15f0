"use strict";
/** What a class needs beside a comparison: who did what, before and after, a view for the projector, and packets. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element, percent, table } = compendium;

  // --- who did what

  const COLUMNS = ["coder", "round", "text", "codings", "codes", "memos", "read"];

  /** Return the summary of completion as CSV. */
  function completionCsv(works) {
    const rows = wb.comparing.completion(works);
    return compendium.csv([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => (column === "read" ? row.read.toFixed(3) : String(row[column]))))]); // prettier-ignore
  }

  /**
   * Return a table of coders and their texts. `counts(work)` tells whether a work counts, `readAll(work)` whether all of it is
   * taken as read; `setCounts`, `setReadAll` and `remove` change that. `own` is the work that is open, which stays.
   */
  function people({ works, own, counts, readAll, setCounts, setReadAll, remove }) {
    const rows = works.flatMap((work) => {
      const done = wb.comparing.completion([work]);
      const lacking = done.some(({ read }) => read < 1);
      return done.map((row, at) => [
        at ? `${row.coder}, too` : counted(work, own, counts, setCounts),
        String(row.round),
        row.text,
        String(row.codings),
        String(row.codes),
        String(row.memos),
        percent(row.read),
        at || !lacking
          ? ""
          : box(
              `Take all as read of ${work.coder.name}`,
              "All",
              readAll(work),
              (is) => setReadAll(work, is),
              `read-${wb.comparing.idOf(work).replace(/\s/g, "-")}`,
            ),
        at || work === own
          ? ""
          : wb.button("Remove", () => remove(work), {
              "aria-label": `Remove the work of ${work.coder.name}, round ${work.round}`,
            }),
      ]);
    });
    const heads = [
      "Coder",
      "Round",
      "Text",
      "Codings",
      "Codes",
      "With memo",
      "Read",
      "Take as read",
      element("span", { class: "only-heard" }, "Remove"),
    ];
    return table("Who is compared", heads, rows);
  }

  function counted(work, own, counts, setCounts) {
    const name = `${work.coder.name}${work === own ? " (open here)" : ""}`;
    return box(
      `Compare ${work.coder.name}, round ${work.round}`,
      name,
      counts(work),
      (is) => setCounts(work, is),
      `counts-${wb.comparing.idOf(work).replace(/\s/g, "-")}`,
    );
  }

  /** Return a box to tick with a label in sight, and another to be heard where that says too little. */
  function box(heard, seen, checked, change, id) {
    const input = element("input", { type: "checkbox", id: `wbc-${id}`, "aria-label": heard });
    input.checked = checked;
    input.addEventListener("change", () => change(input.checked));
    return element("label", { class: "wbc-box" }, input, ` ${seen}`);
  }

  /** Return the questions that files raise, each with a button for each answer. */
  function questions(asked, answers, answer) {
    return asked.map(({ id, text, works }) => {
      const options = works.map((one, at) => [one.id, `${described(one.work)} (${at + 1})`]);
      const buttons = [...options, ["all", "Different people: keep all"]].map(([value, label]) =>
        wb.button(label, () => answer(id, value), { "aria-pressed": String((answers.get(id) ?? "all") === value) }),
      );
      return element(
        "div",
        { class: "wbc-question", role: "group", "aria-label": text },
        element("p", {}, text),
        element("p", { class: "wbc-buttons" }, ...buttons),
      );
    });
  }

  const described = (work) =>
    `${work.name || work.coder.name}: ${wb.number(work.codings.length, "coding")}, ${wb.number(work.saved, "change")}`;

  /** Say of each text that differs from another version where the first difference is, with what is around it. */
  function conflicts(found, works) {
    return found.map(({ text, who, than, place, here, there }) => {
      const names = who.map((one) => works[one].coder.name).join(", ");
      const side = (label, { before, after }) => [
        element("dt", {}, label),
        element("dd", {}, `… ${before}`, element("mark", {}, after || "the text ends here")),
      ];
      return element(
        "div",
        { class: "wbc-fault" },
        element(
          "p",
          {},
          `“${text.name}” of ${names} is not the same text as the others have, so it is not compared. They differ from character ${place + 1} on. Ask for codings of the same file.`,
        ),
        element(
          "dl",
          {},
          ...side(names, here),
          ...side(than.name === text.name ? "The others" : `The others, “${than.name}”`, there),
        ),
      );
    });
  }

  // --- before and after

  /** Return what rounds (as of `wb.comparing.all`) come to beside each other, code by code. */
  function beforeAndAfter(rounds, codes, rounded) {
    const columns = ["specific", "alpha"].flatMap((kind) => rounds.map((round) => ({ kind, round })));
    const heads = columns.map(({ kind, round }) => `${kind === "alpha" ? "α" : "Specific"}, round ${round.round}`);
    const row = (name, of) => [name, ...columns.map(({ kind, round }) => rounded(of(round)?.[kind]))];
    const used = codes.filter(({ key }) => rounds.some(({ whole }) => whole.codes.get(key)?.any));
    const rows = [
      row("All codes together", ({ whole }) => whole.overall),
      row("… without what nobody coded", ({ coded }) => coded.overall),
      ...used.map((code) => row(wb.passages.nameOfCode(code), ({ whole }) => whole.codes.get(code.key))),
    ];
    return [element("p", {}, aboutRounds(rounds)), table("Agreement before and after", ["Code", ...heads], rows)];
  }

  /** Say what rounds were on, and what a difference between them can come from. */
  function aboutRounds(rounds) {
    const namesOf = ({ works }) => works.map((work) => work.coder.name).join();
    const digestsOf = ({ texts }) => texts.map(({ sha256 }) => sha256);
    const [first, last] = [rounds[0], rounds.at(-1)];
    const isFresh = digestsOf(last).some((sha256) => !digestsOf(first).includes(sha256));
    const said = rounds.map(({ round, works, texts }) => `Round ${round}: ${wb.number(works.length, "coder")} on ${texts.map(({ name }) => name).join(", ")}.`); // prettier-ignore
    const why = isFresh
      ? "The last round is on a fresh text, so that nobody could remember what was agreed. Another text may be easier or harder to code."
      : "The rounds are on the same text, so that memory helps. A fresh text shows more.";
    const others = "The rounds are by different coders, so a difference need not come from the codebook.";
    return [...said, why, ...(namesOf(first) === namesOf(last) ? [] : [others])].join(" ");
  }

  // --- on the projector

  /** Return a bar of how coders split over a code: who gave it, who did not, who has not read; in shapes and in words. */
  const splitBar = (given, read, all) =>
    compendium.splitBar([
      ["gave", given, "gave it"],
      ["not", read - given, "did not"],
      ["none", all - read, "not read"],
    ]);

  /**
   * Show passages one at a time, large and without names: coders are letters. `passages` are `{ text, start, end, given, read,
   * label }`, `codes` by key, `reasons(passage, key)` the memos with their coders, `quote(passage)` what the text says.
   */
  function projector({ host, passages, codes, letters, count, reasons, quote }) {
    function slide(at, open) {
      const passage = passages[at];
      const keys = [...passage.given.keys()].sort((one, other) => passage.given.get(other).length - passage.given.get(one).length || (one < other ? -1 : 1)); // prettier-ignore
      const body = [quote(passage), ...keys.map((key) => ofCode(passage, codes.get(key), key, open.has("r")))];
      return { heading: passage.label, body, parts: ["r"] };
    }

    function ofCode(passage, code, key, open) {
      const gave = passage.given.get(key);
      const given = gave.map((who) => letters[who]).sort().join(" "); // prettier-ignore
      const head = element("h3", {}, wb.swatch(code), code.name);
      const part = element(
        "section",
        {},
        head,
        splitBar(gave.length, passage.read.length, count),
        element("p", { class: "projector-quiet" }, `Given by ${given}`),
      );
      if (!open) return part;
      part.append(...definitions(code));
      const said = reasons(passage, key).map(({ who, memo }) => ({ letter: letters[who], memo })).sort((one, other) => (one.letter < other.letter ? -1 : 1)); // prettier-ignore
      if (!said.length) part.append(element("p", {}, "Nobody wrote a memo."));
      else part.append(element("ul", {}, ...said.map(({ letter, memo }) => element("li", {}, `${letter}: ${memo}`))));
      return part;
    }

    /** Return what codebooks say of a code, each wording once. */
    function definitions(code) {
      const wordings = [...new Set(code.versions.filter(Boolean).map(({ definition }) => definition.trim()))].filter(
        Boolean,
      );
      if (!wordings.length) return [element("p", {}, "No codebook defines it.")];
      return wordings.map((wording, n) =>
        element("p", {}, wordings.length > 1 ? `Definition ${n + 1}: ` : "Definition: ", wording),
      );
    }

    const toggles = [{ key: "r", show: "Show reasons", hide: "Hide reasons" }];
    return compendium.projector({ host, label: "Passages for the projector", count: passages.length, slide, toggles });
  }

  // --- packets

  /** Build the form that makes a packet of the open work’s texts and codebook. */
  wb.packetForm = ({ host, session, say }) => {
    const id = wb.id();
    const name = wb.field({ label: "Name of the packet", maxlength: "80" });
    const note = wb.field({ label: "Note to the coders", rows: 3, note: "What they are asked to do, and by when." });
    const round = wb.field({
      label: "Round",
      type: "number",
      min: "1",
      max: "99",
      value: "1",
      note: "Take a fresh text in round 2: in the same text coders remember what was agreed.",
    });
    const wrong = element("p", { class: "wbc-fault", role: "alert", hidden: "" });
    const done = element("p", { class: "wbc-quiet", role: "status" });
    const texts = element("fieldset", { class: "wbc-fields" });
    const said = element("p", { class: "wbc-quiet" });
    const form = element(
      "form",
      { class: "wbc-packet", "aria-label": "Make a packet for a class" },
      element("p", {}, "A packet is one file with texts and a codebook, and without anybody’s codings. All open it on this page and code without seeing each other. A seal shows if it was changed."),
      said, name, note, round, texts, wrong,
      element("p", { class: "wbc-buttons" }, wb.button("Save the packet", null, { type: "submit", class: "wb-button wb-primary" })),
      done,
    ); // prettier-ignore

    function show() {
      const { now } = session;
      said.textContent = `Codebook: ${now.codebook.name || "without a name"}, version ${now.codebook.version}, ${wb.number(now.codes.length, "code")}.`;
      texts.replaceChildren(element("legend", {}, "Texts, and who codes them"), ...now.texts.flatMap(oneText));
    }

    function oneText({ guid, name: title }) {
      const taken = element("input", { type: "checkbox", id: `${id}-${guid}`, value: guid });
      taken.checked = true;
      const who = wb.field({
        label: `Who codes ${title}?`,
        note: "Pseudonyms with commas between them. Empty: everybody.",
        "data-text": guid,
      });
      taken.addEventListener("change", () => (who.hidden = !taken.checked));
      return [element("label", { class: "wbc-box" }, taken, ` ${title}`), who];
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      try {
        const chosen = [...texts.querySelectorAll("input[type=checkbox]:checked")].map(({ value }) => value);
        const named = chosen.map((guid) => ({ guid, names: texts.querySelector(`[data-text="${guid}"]`).value.split(",").map((one) => one.trim()).filter(Boolean) })); // prettier-ignore
        const [title, words, number] = [name, note, round].map((one) => wb.inputOf(one).value.trim());
        if (!title) throw new Error("A packet needs a name: type one.");
        const packet = wb.packets.make({
          work: session.now,
          name: title,
          note: words,
          round: Math.min(99, Math.max(1, Math.round(Number(number)) || 1)),
          texts: chosen,
          tasks: tasksOf(named),
        });
        compendium.download(wb.packets.fileName(packet), "application/json", wb.packets.asText(packet));
        wrong.hidden = true;
        done.textContent = `The packet ${title} is saved as ${wb.packets.fileName(packet)}. Its seal begins with ${packet.seal.slice(0, 8)}.`;
        say(done.textContent);
      } catch (fault) {
        wrong.textContent = fault.message;
        wrong.hidden = false;
      }
    });
    show();
    host.replaceChildren(form);
  };

  /** Return tasks from texts with the pseudonyms of those who code them; where nobody is named, there are none. */
  function tasksOf(named) {
    if (named.every(({ names }) => !names.length)) return [];
    const coders = new Map([["", []]]);
    for (const { guid, names } of named) {
      for (const coder of names.length ? names : [""]) coders.set(coder, [...(coders.get(coder) ?? []), guid]);
    }
    return [...coders].filter(([, texts]) => texts.length).map(([coder, texts]) => ({ coder, texts }));
  }

  /** Show a packet that was opened: what it asks, of whom, and who is here; `begin` is given the new work. */
  wb.packetWelcome = ({ host, packet, begin, say }) => {
    const { names, open } = wb.packets.coders(packet);
    const wrong = element("p", { class: "wbc-fault", role: "alert", hidden: "" });
    const listed = wb.field({
      label: "Who are you?",
      options: [
        ["", "Choose your pseudonym"],
        ...names.map((one) => [one, one]),
        ...(open ? [["+", "Somebody else"]] : []),
      ],
      change: show,
    });
    const typed = wb.field({
      label: names.length ? "Your pseudonym" : "Who are you? Type a pseudonym, not your name",
      maxlength: "40",
      change: show,
    });
    const tasks = element("p", {});
    const who = () => {
      const [choice, name] = [listed, typed].map((one) => wb.inputOf(one).value.trim());
      return names.length && choice !== "+" ? choice : name;
    };

    function show() {
      listed.hidden = !names.length;
      typed.hidden = Boolean(names.length) && wb.inputOf(listed).value !== "+";
      const own = who() ? wb.packets.textsOf(packet, who()) : [];
      tasks.textContent = own.length ? `You code ${own.map(({ name }) => name).join(", ")}.` : "";
    }

    const form = element(
      "form",
      { class: "wbc-packet", "aria-label": packet.name },
      ...(packet.note ? [element("p", { class: "wbc-note" }, packet.note)] : []),
      element("p", {}, `Round ${packet.round}. ${packet.texts.map(({ name }) => name).join(", ")}. Codebook version ${packet.codebook.version}, ${wb.number(packet.codes.length, "code")}. Nobody’s codings are in it. Its seal begins with ${packet.seal.slice(0, 8)}.`),
      listed, typed, tasks, wrong,
      element("p", { class: "wbc-buttons" }, wb.button("Begin", null, { type: "submit", class: "wb-button wb-primary" })),
    ); // prettier-ignore
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      try {
        const work = wb.packets.begin(packet, who());
        say(`${work.coder.name} begins ${packet.name}.`);
        begin(work);
      } catch (fault) {
        wrong.textContent = fault.message;
        wrong.hidden = false;
      }
    });
    show();
    host.replaceChildren(form);
  };

  wb.classView = { people, questions, conflicts, completionCsv, beforeAndAfter, splitBar, projector, box };
}
