"use strict";
/** The view that compares works: agreement on units that are explained, disagreements with their text, and what is decided. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element, table } = compendium;
  const MORE = 20; // passages that are shown at once
  const KINDS = [
    ["sentences", "Sentences", "sentence"],
    ["turns", "Turns", "turn"],
    ["segments", "Common segments", "segment"],
  ];

  /** Return a statistic to two decimals with a true minus sign, or why it is not defined. */
  function rounded(one) {
    if (!one) return "–";
    if (one.value === null) return element("span", { class: "wbc-none" }, `not defined: ${one.reason}`);
    return element("data", { value: String(one.value) }, one.value.toFixed(2).replace("-", "−"));
  }

  const unitOf = (kind) => KINDS.find(([name]) => name === kind)[2];
  const listed = (names) =>
    names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "nobody");
  const heading = (level, text) => element(`h${level}`, {}, text);

  // --- what is compared: from works and choices to units, agreement and passages; nothing of it touches the page

  /**
   * Return all that the view shows. `chosen` are the choices of the reader: `answers`, `off` and `readAll` (GUIDs of works), `round`,
   * `text` (a digest, or "" for all texts), `kind`, and `aliases`.
   */
  function compared(opened, chosen) {
    const found = wb.comparing.sorted(opened, chosen.answers);
    const counting = found.works.filter(({ guid }) => !chosen.off.has(guid));
    const { list, otherwise } = wb.comparing.texts(counting);
    const refused = new Set(otherwise.map(({ text }) => text.sha256));
    const texts = list.filter(({ sha256 }) => !refused.has(sha256));
    const numbers = [...new Set(counting.map(({ round }) => round))].sort((one, other) => one - other);
    const round = numbers.includes(chosen.round) ? chosen.round : numbers.at(-1);
    const matched = wb.comparing.codes(counting, chosen.aliases);
    const ofRound = (number) => oneRound(counting, texts, matched, number, chosen);
    const now = ofRound(round);
    const rounds =
      numbers.length > 1
        ? numbers.map((number) => (number === round ? now : ofRound(number))).filter((one) => one.works.length > 1)
        : [];
    return { ...found, all: counting, otherwise, numbers, rounds, matched, now };
  }

  /** Return the works, texts, units and agreement of a round. */
  function oneRound(counting, texts, matched, round, chosen) {
    const places = counting.flatMap((work, at) => (work.round === round ? [at] : []));
    const works = places.map((at) => counting[at]);
    const list = matched.list
      .map((code) => ({ ...code, versions: places.map((at) => code.versions[at]) }))
      .filter(({ versions }) => versions.some(Boolean));
    const own = { list, keys: places.map((at) => matched.keys[at]) };
    const allRead = new Set(works.flatMap(({ guid }, who) => (chosen.readAll.has(guid) ? [who] : [])));
    const shared = texts.filter(({ sha256 }) =>
      works.some((work) => work.texts.some((text) => text.sha256 === sha256)),
    );
    const wanted = shared.some(({ sha256 }) => sha256 === chosen.text) ? chosen.text : "";
    const parts = shared
      .filter(({ sha256 }) => !wanted || sha256 === wanted)
      .map(({ text }) => ({ text, units: wb.comparing.units(works, text, chosen.kind, { matched: own, allRead }) }));
    const units = parts.flatMap((part) => part.units);
    const options = { weighted: chosen.kind === "segments", keys: list.map(({ key }) => key) };
    return {
      round,
      works,
      matched: own,
      texts: shared.map(({ text }) => text),
      text: wanted,
      parts,
      all: wb.comparing.agreement(units, works.length, options),
      coded: wb.comparing.agreement(units, works.length, { ...options, uncoded: false }),
      passages: parts.flatMap(({ text, units: own }) =>
        wb.comparing.passages(own).map((passage) => ({ ...passage, text, units: own })),
      ),
    };
  }

  // --- what decisions are remembered by, in this browser

  const KEY = "compendium.workbench.decisions ";

  function remembered(guid) {
    try {
      const found = JSON.parse(localStorage.getItem(KEY + guid));
      return found && !wb.resolving.fault(found) ? found : null;
    } catch {
      return null; // a browser that keeps nothing, or something else under this name
    }
  }

  function remember(resolution) {
    try {
      localStorage.setItem(KEY + resolution.guid, JSON.stringify(resolution));
      return true;
    } catch {
      return false;
    }
  }

  // --- the view

  /** Build the view in its host; `session` may be null. Return `{ add(works), addResolution(resolution), show() }`. */
  wb.compareView = ({ host, session, say, openPlace }) => {
    const chosen = {
      answers: new Map(),
      off: new Set(),
      readAll: new Set(),
      round: 0,
      text: "",
      kind: "sentences",
      uncoded: true,
      code: "",
      aliases: [],
    };
    const faults = [];
    let opened = [];
    let resolution = null;
    let found = null;
    let shown = MORE;
    const part = (name) => element("section", { class: `wbc-${name}` });
    const parts = Object.fromEntries(
      ["files", "people", "choices", "agreement", "rounds", "books", "passages", "decided"].map((name) => [
        name,
        part(name),
      ]),
    );

    const works = () => [
      ...(session ? [session.now] : []),
      ...opened.filter((work) => work.guid !== session?.now.guid || work.saved > session.now.saved),
    ];

    function refresh() {
      const focused = document.activeElement?.id;
      resolution ??= null;
      chosen.aliases = resolution?.aliases ?? [];
      found = compared(works(), chosen);
      if (!resolution && found.all.length > 1) {
        resolution = remembered(wb.resolving.begin(found.all, "").guid);
        if (resolution?.aliases.length) return refresh();
      }
      const enough = found.now?.works.length > 1;
      for (const name of ["choices", "agreement", "rounds", "books", "passages", "decided"])
        parts[name].hidden = !enough;
      showFiles(enough);
      showPeople();
      if (enough) {
        showChoices();
        showAgreement();
        showRounds();
        showBooks();
        showPassages();
        showDecided();
      }
      if (focused && document.activeElement?.id !== focused)
        document.getElementById(focused)?.focus({ preventScroll: true });
      return undefined;
    }

    /** Change a choice and show what comes of it. */
    function choose(change, sentence) {
      Object.assign(chosen, change);
      shown = MORE;
      refresh();
      if (sentence) say(sentence);
    }

    // --- files

    async function openFiles(files) {
      faults.length = 0;
      const before = opened.length;
      for (const file of files) {
        try {
          take(await wb.openFile(file), file.name);
        } catch (fault) {
          faults.push(fault.message);
        }
      }
      refresh();
      const more = wb.number(opened.length - before, "work");
      say(faults.length ? `${more} added. ${wb.number(faults.length, "file")} could not be used.` : `${more} added.`);
    }

    function take({ kind, notes = [], ...got }, name) {
      faults.push(...notes);
      if (got.works) opened.push(...got.works);
      else if (kind === "work") opened.push(got.work);
      else if (kind === "resolution") takeResolution(got.resolution);
      else throw new Error(`${name} has no codings to compare: choose a work (.json) or a project (.qdpx) of a coder.`);
    }

    /** Take decisions of a file: they join those that are here; of two about one passage, that of the file counts. */
    function takeResolution(data) {
      const fault = wb.resolving.fault(data);
      if (fault) throw new Error(fault);
      const here = resolution ?? data;
      const isNew = (list, key) => (one) => !list.some((other) => key(other) === key(one));
      const join = (list, key) => [...data[list], ...here[list].filter(isNew(data[list], key))];
      resolution = {
        ...data,
        guid: here.guid,
        aliases: join("aliases", ({ from, to }) => `${from} ${to}`),
        decisions: join("decisions", ({ text, start, end }) => `${text} ${start} ${end}`),
        rules: join("rules", ({ code }) => code),
        added: join("added", ({ guid }) => guid),
      };
      remember(resolution);
    }

    function showFiles(enough) {
      const field = wb.fileField("Add works of a partner or a class", "Files that this page saves (.json) or projects (.qdpx). Nothing is sent: all is compared in this browser.", openFiles, { multiple: true }); // prettier-ignore
      wb.inputOf(field).id = "wbc-file";
      field.querySelector("label").htmlFor = "wbc-file";
      const hint = session
        ? `Your work, by ${session.now.coder.name}, is one of those compared.`
        : "No work is open here, so add two or more.";
      const told = [...faults, ...found.notes];
      parts.files.replaceChildren(
        ...(enough
          ? []
          : [
              element(
                "p",
                { class: "wbc-lede" },
                "Compare your codes with those of a partner or a class: where you agree, where you do not, and what to change in the codebook. ",
                hint,
              ),
            ]),
        field,
        ...(told.length ? [element("ul", { class: "wbc-told" }, ...told.map((one) => element("li", {}, one)))] : []),
        ...wb.classView.questions(found.questions, chosen.answers, (id, value) =>
          choose({ answers: new Map(chosen.answers).set(id, value) }, "Taken into account."),
        ),
        ...wb.classView.conflicts(found.otherwise, found.all),
      );
    }

    function showPeople() {
      const all = found.works;
      parts.people.hidden = !all.length;
      if (!all.length) return;
      const toggled = (set, { guid }, is) => {
        const next = new Set(set);
        if (is) next.add(guid);
        else next.delete(guid);
        return next;
      };
      const own = all.find(({ guid }) => guid === session?.now.guid);
      const people = wb.classView.people({
        works: all,
        own,
        counts: ({ guid }) => !chosen.off.has(guid),
        readAll: ({ guid }) => chosen.readAll.has(guid),
        setCounts: (work, is) =>
          choose({ off: toggled(chosen.off, work, !is) }, `${work.coder.name} is ${is ? "compared" : "left out"}.`),
        setReadAll: (work, is) => choose({ readAll: toggled(chosen.readAll, work, is) }),
        remove(work) {
          opened = opened.filter(({ guid }) => guid !== work.guid);
          choose({}, `The work of ${work.coder.name} is removed from the comparison.`);
          wb.inputOf(parts.files).focus();
        },
      });
      const unread =
        "“Read” is the share of the text that a coder marked as read. What a coder did not read and did not code is missing for this coder, and is not taken for “no code”.";
      const save = () => compendium.download("who-coded-what.csv", "text/csv", wb.classView.completionCsv(all));
      parts.people.replaceChildren(
        heading(2, "Who is compared"),
        people,
        element("p", { class: "wbc-quiet" }, unread),
        element("p", { class: "wbc-buttons" }, wb.button("Save this table (.csv)", save)),
      );
    }

    // --- choices

    function showChoices() {
      const { now, numbers } = found;
      const units = element(
        "fieldset",
        { class: "wbc-units" },
        element("legend", {}, "Units"),
        ...KINDS.map(unitChoice),
      );
      const select = (label, id, options, value, change) => {
        const field = wb.field({ label, options, value, change });
        wb.inputOf(field).id = id;
        field.querySelector("label").htmlFor = id;
        return field;
      };
      const fields = [
        ...(numbers.length > 1 ? [select("Round", "wbc-round", numbers.map((one) => [String(one), `Round ${one}`]), String(now.round), (value) => choose({ round: Number(value) }))] : []),
        ...(now.texts.length > 1 ? [select("Text", "wbc-text", [["", "All texts together"], ...now.texts.map((one) => [one.sha256, one.name])], now.text, (value) => choose({ text: value }))] : []),
      ]; // prettier-ignore
      const uncoded = wb.classView.box(
        "Count what nobody coded",
        `Count ${chosen.kind} that nobody coded`,
        chosen.uncoded,
        (is) => choose({ uncoded: is }),
        "uncoded",
      );
      parts.choices.replaceChildren(
        element("div", { class: "wbc-row" }, units, ...fields, uncoded),
        element("p", { class: "wbc-quiet" }, EXPLAINED[chosen.kind], " ", RULE[chosen.kind]),
      );
    }

    function unitChoice([kind, label]) {
      const input = element("input", { type: "radio", name: "wbc-kind", value: kind, id: `wbc-kind-${kind}` });
      input.checked = chosen.kind === kind;
      input.addEventListener("change", () => choose({ kind }, `${label} are compared.`));
      return element("label", { class: "wbc-box" }, input, ` ${label}`);
    }

    const EXPLAINED = {
      sentences: "The text is cut into sentences by the rules of its language.",
      turns: "The text is cut where another speaker begins.",
      segments:
        "The text is cut at each end of any coding of those compared, and where anybody’s reading ends. Each segment counts by its length: how many there are depends on where coders cut, and many short ones would outweigh the rest.",
    };
    const speaks = (unit) =>
      `A coding speaks for a ${unit} if it covers half of the ${unit} or more, or if half of the coding or more lies in it. A ${unit} counts for those who coded in it or marked half of it as read.`;
    const RULE = {
      sentences: speaks("sentence"),
      turns: speaks("turn"),
      segments: "A coding speaks for all segments that it covers.",
    };

    // --- agreement

    function showAgreement() {
      const { now } = found;
      const shownNow = chosen.uncoded ? now.all : now.coded;
      const share = (count) =>
        chosen.kind === "segments" ? `${Math.round((100 * count) / (shownNow.size || 1))}%` : String(count);
      const row = (name, one, of = share) => [
        name,
        of(one.any),
        of(one.all),
        rounded(one.same),
        rounded(one.specific),
        rounded(one.alpha),
      ];
      const used = now.matched.list.filter(({ key }) => shownNow.codes.get(key).any);
      const heads = ["Code", "Anybody", "Everybody", "Same yes or no", "Specific agreement", "Krippendorff’s α"];
      const ofSize = (size) => (count) =>
        chosen.kind === "segments" ? `${Math.round((100 * count) / (size || 1))}%` : String(count);
      const rows = [
        row("All codes together", now.all.overall, ofSize(now.all.size)),
        row("… without what nobody coded", now.coded.overall, ofSize(now.coded.size)),
        ...used.map((code) => row(named(code), shownNow.codes.get(code.key))),
      ];
      const idle = now.matched.list.filter((code) => !used.includes(code));
      const said = idle.length ? [element("p", {}, `Nobody gave ${listed(idle.map(({ name }) => name))}.`)] : [];
      parts.agreement.replaceChildren(
        heading(2, headline(now)),
        element("p", {}, counted(now)),
        table(`Agreement of ${listed(now.works.map((work) => work.coder.name))}`, heads, rows),
        ...said,
        meaning(),
      );
    }

    const named = (code) =>
      element(
        "span",
        { class: "wbc-name" },
        wb.swatch(code),
        code.name,
        ...(code.names.length > 1
          ? [element("span", { class: "wbc-quiet" }, ` (also ${code.names.slice(1).join(", ")})`)]
          : []),
      );

    /** Say in a sentence what was found. */
    function headline({ works: all, all: agreement, coded }) {
      const unit = chosen.kind;
      if (!agreement.units) return `No ${unitOf(unit)} was read by two coders`;
      const [same, any] = [coded.overall.all, coded.overall.any];
      if (!any) return `Nobody gave a code to a ${unitOf(unit)} that two read`;
      const who = all.length === 2 ? "both gave" : "everybody gave";
      const of =
        unit === "segments"
          ? `${Math.round((100 * same) / any)}% of the text that was coded`
          : `${same} of the ${any} ${unit} that were coded`;
      return `In ${of}, ${who} the same codes`;
    }

    function counted({ all: agreement }) {
      const count = (number) => wb.number(number, unitOf(chosen.kind));
      const alone = agreement.alone
        ? ` ${count(agreement.alone)} more ${agreement.alone === 1 ? "was" : "were"} read by one coder only and cannot be compared.`
        : "";
      return `${count(agreement.units)} ${agreement.units === 1 ? "was" : "were"} read by two coders or more.${alone}`;
    }

    function meaning() {
      const [unit, of] = [
        unitOf(chosen.kind),
        chosen.kind === "segments"
          ? "The share of the text with the code from"
          : `How many ${chosen.kind} got the code from`,
      ];
      const rows = [
        ["Anybody", `${of} at least one coder.`],
        ["Everybody", `${of} all who read the ${unit}.`],
        ["Same yes or no", `Of all pairs of coders, the share who both gave the code or both did not. Of a rare code it is always high, since most pairs agree that it is absent. For all codes together, a pair has to give exactly the same codes.`],
        ["Specific agreement", `When one of two coders gave the code, how often the other did, too. Text that neither coded does not count, so it cannot raise the figure.`],
        ["Krippendorff’s α", `How far agreement is above what chance would give if each code were given as often, but anywhere: 1 is full agreement, 0 is chance, and below 0 is worse than chance. For all codes together, two coders are as far apart as the share of their codes that only one of them gave (Jaccard’s distance).`],
        ["Not defined", `If nobody or everybody gave a code throughout, chance alone would give full agreement, and α has no value.`],
      ]; // prettier-ignore
      const list = rows.flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, text)]);
      return element(
        "details",
        { class: "wbc-fold" },
        element("summary", {}, "What these figures mean"),
        element("dl", {}, ...list),
        element("p", {}, "They say how far coders agree, not whether they are right."),
      );
    }

    function showRounds() {
      parts.rounds.hidden = found.rounds.length < 2;
      if (parts.rounds.hidden) return;
      const rounds = found.rounds.map(({ round, works: all, texts, all: whole, coded }) => ({
        round,
        coders: all.map((work) => work.coder.name),
        texts: texts.map(({ name }) => name),
        all: whole,
        coded,
      }));
      parts.rounds.replaceChildren(
        heading(2, "Before and after"),
        ...wb.classView.beforeAndAfter(rounds, found.matched.list, rounded),
      );
    }

    // --- codebooks

    function showBooks() {
      const { works: all, matched } = found.now;
      const differing = wb.comparing.codebooks(matched);
      const names = all.map((work) => work.coder.name);
      const items = differing.map(({ code, without, fields }) => difference(code, without, fields, names));
      const summary = differing.length
        ? `${wb.number(differing.length, "code")} ${differing.length === 1 ? "differs" : "differ"} between the codebooks`
        : "The codebooks are the same";
      const open = parts.books.querySelector("details")?.open;
      const details = element(
        "details",
        { class: "wbc-fold" },
        element("summary", {}, summary),
        ...(items.length ? [element("ul", { class: "wbc-books" }, ...items)] : []),
        aliasForm(),
      );
      details.open = Boolean(open);
      parts.books.replaceChildren(heading(2, "Codebooks"), details);
    }

    function difference(code, without, fields, names) {
      const has = names.filter((_, who) => !without.includes(who));
      const said = [
        ...(without.length ? [`Only ${listed(has)} ${has.length === 1 ? "has" : "have"} it.`] : []),
        ...(code.names.length > 1 ? [`It is called ${listed(code.names)}.`] : []),
        ...(fields.length ? [`Different: ${listed(fields)}.`] : []),
      ];
      const wordings = fields.flatMap((field) =>
        wordingsOf(code, field, names).map(({ who, text }) =>
          element("li", {}, `${field}, ${listed(who)}: ${text || "nothing"}`),
        ),
      );
      const base = baseWork();
      const only = code.versions.find(Boolean);
      const missing = without.length && !base.codes.some(({ guid }) => code.guids.includes(guid.toLowerCase()));
      const takes = missing
        ? [
            wb.classView.box(
              `Take ${code.name} into the next version`,
              "Take it into the next version of the codebook",
              resolution?.added.some(({ guid }) => guid === only.guid) ?? false,
              (is) => setResolution(wb.resolving.take(current(), only, is)),
              `take-${code.key}`,
            ),
          ]
        : [];
      return element(
        "li",
        {},
        element("strong", {}, named(code)),
        " ",
        said.join(" "),
        ...(wordings.length ? [element("ul", {}, ...wordings)] : []),
        ...takes,
      );
    }

    /** Return the wordings of a field of a code, each once with those who have it. */
    function wordingsOf(code, field, names) {
      const wordings = new Map();
      code.versions.forEach(
        (version, who) =>
          version && wordings.set(version[field].trim(), [...(wordings.get(version[field].trim()) ?? []), names[who]]),
      );
      return [...wordings].map(([text, who]) => ({ text, who }));
    }

    function aliasForm() {
      const { list } = found.now.matched;
      const options = list.map(({ key, name }) => [key, name]);
      const [from, to] = [wb.field({ label: "Treat", options }), wb.field({ label: "as", options })];
      const wrong = element("p", { role: "alert", class: "wbc-fault", hidden: "" });
      const set = () => {
        const [one, other] = [from, to].map((field) => wb.inputOf(field).value);
        wrong.hidden = one !== other;
        wrong.textContent = "Choose two different codes.";
        if (one === other) return;
        const names = [one, other].map((key) => list.find((code) => code.key === key).name);
        setResolution({ ...current(), aliases: [...current().aliases, { from: one, to: other, names }] });
        refresh();
        say(`${names[0]} is treated as ${names[1]}.`);
      };
      const kept = (resolution?.aliases ?? []).map((alias, at) => {
        const undo = () => {
          setResolution({ ...resolution, aliases: resolution.aliases.filter((_, n) => n !== at) });
          refresh();
          say("They are different codes again.");
        };
        return element(
          "li",
          {},
          `${alias.names?.[0] ?? alias.from} is treated as ${alias.names?.[1] ?? alias.to}. `,
          wb.button("Treat them as different", undo),
        );
      });
      return element(
        "div",
        { class: "wbc-alias", role: "group", "aria-label": "Codes with different names" },
        element("p", {}, "Do two codes with different names mean the same? Then compare them as one."),
        element("div", { class: "wbc-row" }, from, to, wb.button("Treat as one", set)),
        wrong,
        ...(kept.length ? [element("ul", {}, ...kept)] : []),
      );
    }

    // --- passages

    function showPassages() {
      const { now } = found;
      const disputed = now.passages.filter(
        (passage) => passage.disputed.length && (!chosen.code || passage.disputed.includes(chosen.code)),
      );
      const ordered = now.works.length > 2 ? [...disputed].sort((one, other) => one.agreed - other.agreed) : disputed;
      const count = (key) => now.passages.filter((passage) => passage.disputed.includes(key)).length;
      const codes = now.matched.list.map((code) => [code, count(code.key)]).filter(([, number]) => number);
      const filter = wb.field({
        label: "Only where coders differ on",
        options: [
          ["", `All codes (${now.passages.filter((passage) => passage.disputed.length).length})`],
          ...codes.map(([code, number]) => [code.key, `${code.name} (${number})`]),
        ],
        value: codes.some(([code]) => code.key === chosen.code) ? chosen.code : "",
        change: (code) => choose({ code }),
      });
      wb.inputOf(filter).id = "wbc-filter";
      filter.querySelector("label").htmlFor = "wbc-filter";
      const project = () => wb.classView.projector({ host, passages: ordered.map((one) => ({ ...one, label: labelOf(one) })), codes: new Map(now.matched.list.map((code) => [code.key, code])), letters: wb.comparing.letters(now.works), count: now.works.length, reasons, quote, say }); // prettier-ignore
      const list = element("div", { class: "wbc-list" }, ...ordered.slice(0, shown).map(card));
      const rest = ordered.length - shown;
      const more = () => {
        const first = list.children.length;
        shown += MORE;
        list.append(...ordered.slice(first, shown).map(card));
        button.hidden = shown >= ordered.length;
        button.textContent = moreLabel(ordered.length - shown);
        wb.focusOn?.(list.children[first].querySelector("h3"));
      };
      const button = wb.button(moreLabel(rest), more, { id: "wbc-more" });
      button.hidden = rest <= 0;
      parts.passages.replaceChildren(
        heading(2, ordered.length ? `${wb.number(ordered.length, "passage")} to discuss` : "No passage to discuss"),
        element(
          "p",
          {},
          ordered.length
            ? "Neighbouring units with the same codes from the same coders are one passage."
            : "Nobody gave a code that another who read the passage did not give.",
        ),
        element(
          "div",
          { class: "wbc-row" },
          ...(codes.length ? [filter] : []),
          ...(ordered.length ? [wb.button("Show on the projector", project)] : []),
        ),
        list,
        button,
      );
      printed = ordered;
    }

    const moreLabel = (rest) => `Show ${Math.min(MORE, rest)} more (${rest} left)`;

    function labelOf({ from, to, text }) {
      const unit = unitOf(chosen.kind);
      const label = from === to ? `${unit} ${from + 1}` : `${unit}s ${from + 1} to ${to + 1}`;
      return `${label[0].toUpperCase()}${label.slice(1)}${found.now.parts.length > 1 ? ` of ${text.name}` : ""}`;
    }

    /** Return what the text says at a passage, with some of what is around it. */
    function quote({ text, start, end }) {
      const { toUnits } = wb.positions(text.content);
      const [first, last] = [toUnits(start), toUnits(end)];
      const before = text.content.slice(Math.max(0, first - 160), first).replace(/^\S*\s/, "");
      const after = text.content.slice(last, last + 160).replace(/\s\S*$/, "");
      return element(
        "blockquote",
        { class: "wbc-quote" },
        element("span", {}, before),
        element("mark", {}, text.content.slice(first, last)),
        element("span", {}, after),
      );
    }

    /** Return the memos with which coders gave a code in a passage. */
    function reasons(passage, key) {
      return (passage.given.get(key) ?? []).flatMap((who) =>
        codingsOf(passage, who, key).filter(({ memo }) => memo.trim()).map(({ memo }) => ({ who, memo })),
      ); // prettier-ignore
    }

    function codingsOf(passage, who, key) {
      const { works: all, matched } = found.now;
      return wb.comparing
        .codingsIn(all[who], passage.text, passage, passage.units)
        .filter((coding) => matched.keys[who].get(coding.code) === key);
    }

    function card(passage) {
      const place = () => openPlace(ownText(passage.text), { start: passage.start, end: passage.end });
      const keys = [...passage.given.keys()].sort((one, other) => passage.disputed.includes(other) - passage.disputed.includes(one) || nameOf(one).localeCompare(nameOf(other), "en")); // prettier-ignore
      const opens = session?.now.texts.some(({ sha256 }) => sha256 === passage.text.sha256);
      const label = labelOf(passage);
      const buttons = opens
        ? [wb.button("Show in the text", place, { "aria-label": `Show ${label} in the text` })]
        : [];
      const few = found.now.works.length < 4;
      return element(
        "article",
        { class: "wbc-passage" },
        element("div", { class: "wbc-head" }, heading(3, label), ...buttons),
        quote(passage),
        (few ? sideBySide : splits)(passage, keys),
        decision(passage, label),
      );
    }

    const ownText = ({ sha256 }) => session.now.texts.find((text) => text.sha256 === sha256).guid;
    const codeOf = (key) => found.now.matched.list.find((code) => code.key === key);
    const nameOf = (key) => codeOf(key).name;

    /** Return a table of codes by coders, with memos: for two or three coders. */
    function sideBySide(passage, keys) {
      const { works: all } = found.now;
      const rows = keys.map((key) => [
        element("div", {}, named(codeOf(key)), definition(codeOf(key))),
        ...all.map((_, who) => answerOf(passage, who, key)),
      ]);
      return table("Who gave what", ["Code", ...all.map((work) => work.coder.name)], rows);
    }

    function answerOf(passage, who, key) {
      if (!passage.read.includes(who)) return element("span", { class: "wbc-unread-word" }, "not read");
      if (!passage.given.get(key).includes(who)) return element("span", { class: "wbc-no" }, "– no");
      const codings = codingsOf(passage, who, key);
      const memos = codings
        .filter(({ memo }) => memo.trim())
        .map(({ memo }) => element("p", { class: "wbc-memo" }, memo));
      return element("div", {}, element("span", { class: "wbc-yes" }, "✓ gave it"), ...memos);
    }

    /** Return a list of codes with how coders split: for a class. */
    function splits(passage, keys) {
      const { works: all } = found.now;
      const names = (coders) => listed(coders.map((who) => all[who].coder.name));
      const items = keys.map((key) => {
        const gave = passage.given.get(key);
        const not = passage.read.filter((who) => !gave.includes(who));
        const memos = reasons(passage, key).map(({ who, memo }) =>
          element("li", {}, `${all[who].coder.name}: ${memo}`),
        );
        return element(
          "li",
          {},
          element("div", { class: "wbc-head" }, named(codeOf(key)), wb.classView.splitBar(gave.length, passage.read.length, all.length)),
          element("details", { class: "wbc-fold" }, element("summary", {}, "Who, and why"), element("p", {}, `Gave it: ${names(gave)}. Did not: ${names(not)}.`), ...(memos.length ? [element("ul", {}, ...memos)] : []), definition(codeOf(key))),
        ); // prettier-ignore
      });
      return element("ul", { class: "wbc-splits" }, ...items);
    }

    /** Return the rules for a code in all codebooks, each wording once. */
    function definition(code) {
      const names = found.now.works.map((work) => work.coder.name);
      const fields = [["definition", "Definition"], ["include", "Include"], ["exclude", "Exclude"]]; // prettier-ignore
      const lines = fields.flatMap(([field, label]) => {
        const wordings = wordingsOf(code, field, names);
        return wordings
          .filter(({ text }) => text || wordings.length > 1)
          .map(({ who, text }) =>
            element(
              "p",
              {},
              element("strong", {}, `${label}${wordings.length > 1 ? ` (${listed(who)})` : ""}: `),
              text || "nothing",
            ),
          );
      });
      return element(
        "details",
        { class: "wbc-fold wbc-rules" },
        element("summary", {}, lines.length ? "Rules" : "No rules yet"),
        ...(lines.length ? lines : [element("p", {}, "No codebook says what this code means.")]),
      );
    }

    // --- decisions

    const current = () => (resolution ??= wb.resolving.begin(found.all, new Date().toISOString().replace(/\.\d+/, "")));
    const baseWork = () => session?.now ?? found.now.works[0];

    function setResolution(next) {
      resolution = next;
      const kept = remember(resolution);
      if (!kept) say("This browser keeps nothing. Save the decisions as a file before you leave.");
      showDecided();
    }

    const placeOf = ({ text, start, end }) => ({ text: text.sha256, start, end });

    function decision(passage, label) {
      const made = resolution && wb.resolving.decisionOf(resolution, placeOf(passage));
      const summary = element("summary", {}, made ? `Decided: ${decided(made)}` : "Decide");
      const details = element("details", { class: "wbc-fold wbc-decide" }, summary);
      details.addEventListener("toggle", () => {
        if (details.open && !details.querySelector("form")) details.append(decisionForm(passage, label, summary));
      });
      return details;
    }

    function decided({ decided: what, coder, codes }) {
      const names = codes
        .map((guid) => wb.comparing && found.matched.list.find((code) => code.guids.includes(guid.toLowerCase()))?.name)
        .filter(Boolean);
      return {
        keep: `keep ${coder}’s codes`,
        all: "keep everybody’s codes",
        none: "no code",
        codes: names.length ? names.join(", ") : "other codes",
        open: "left open",
        "": "a note",
      }[what];
    }

    function decisionForm(passage, label, summary) {
      const { works: all, matched } = found.now;
      const made = () =>
        (resolution && wb.resolving.decisionOf(resolution, placeOf(passage))) || {
          decided: "",
          coder: "",
          codes: [],
          why: "",
        };
      const words = passage.text.content.slice(
        ...[passage.start, passage.end].map(wb.positions(passage.text.content).toUnits),
      );
      const change = (changes) => {
        const next = { ...made(), ...changes, ...placeOf(passage), name: passage.text.name, words };
        setResolution(wb.resolving.decide(current(), next));
        const kept = wb.resolving.decisionOf(resolution, placeOf(passage));
        summary.textContent = kept ? `Decided: ${decided(kept)}` : "Decide";
      };
      const id = wb.id();
      const keysOf = (who) => [...passage.given].filter(([, coders]) => coders.includes(who)).map(([key]) => key);
      const keep =
        all.length < 4
          ? all.map((work, who) => [
              "keep",
              `Keep ${work.coder.name}’s: ${keysOf(who).map(nameOf).join(", ") || "no code"}`,
              work.coder.name,
              keysOf(who),
            ])
          : [];
      const options = [...keep, ["all", all.length === 2 ? "Keep both" : "Keep all", "", [...passage.given.keys()]], ["none", "No code", "", []], ["codes", "Other codes", "", null], ["open", "Leave it open", "", []]]; // prettier-ignore
      const other = element("fieldset", { class: "wbc-codes" }, element("legend", {}, "Which codes?"), ...matched.list.map((code) => wb.classView.box(code.name, code.name, made().codes.includes(code.key), (is) => change({ codes: is ? [...made().codes, code.key] : made().codes.filter((key) => key !== code.key) }), `${id}-${code.key}`))); // prettier-ignore
      other.hidden = made().decided !== "codes";
      const radios = options.map(([value, text, coder, codes], at) => {
        const input = element("input", { type: "radio", name: id, id: `${id}-${at}` });
        input.checked = made().decided === value && made().coder === coder;
        input.addEventListener("change", () => {
          other.hidden = value !== "codes";
          change({ decided: value, coder, codes: codes ?? made().codes });
        });
        return element("label", { class: "wbc-box" }, input, ` ${text}`);
      });
      const why = wb.field({
        label: "Why?",
        rows: 2,
        value: made().why,
        note: "What in the text, or in a rule, decides it?",
        change: (text) => change({ why: text }),
      });
      const form = element("form", {}, element("fieldset", { class: "wbc-fields" }, element("legend", { class: "only-heard" }, `What is decided on ${label}?`), ...radios), other, why, ruleForm(passage)); // prettier-ignore
      form.addEventListener("submit", (event) => event.preventDefault());
      return form;
    }

    /** Return a form that changes the rules of a code, the disputed ones first. */
    function ruleForm(passage) {
      const base = baseWork();
      const ownCode = (key) =>
        base.codes.find(({ guid }) => codeOf(key)?.guids.includes(guid.toLowerCase())) ??
        codeOf(key)?.versions.find(Boolean);
      const keys = [
        ...passage.disputed,
        ...found.now.matched.list.map(({ key }) => key).filter((key) => !passage.disputed.includes(key)),
      ];
      const host = element("div", {});
      const show = (key) => {
        if (!key) return host.replaceChildren();
        const code = ownCode(key);
        const said = wb.resolving.ruled(current(), code);
        const field = (name, label) =>
          wb.field({
            label,
            rows: 2,
            value: said[name],
            change: (text) => setResolution(wb.resolving.rule(current(), code, { [name]: text })),
          });
        return host.replaceChildren(
          field("definition", `Definition of ${code.name}`),
          field("include", "Include"),
          field("exclude", "Exclude"),
        );
      };
      return element(
        "div",
        {},
        wb.field({
          label: "Change a rule of the codebook",
          options: [["", "No rule"], ...keys.map((key) => [key, nameOf(key)])],
          change: show,
        }),
        host,
      );
    }

    function showDecided() {
      const { works: all } = found.now;
      const base = baseWork();
      const held = resolution ?? { decisions: [], rules: [], added: [], aliases: [] };
      const what = wb.resolving.changes(held, base);
      const rows = held.decisions.map((one) => [
        wb.quotedWords?.(one.words) ?? shortened(one.words),
        decided(one),
        one.why || "–",
      ]);
      const nothing = !rows.length && !what.length && !held.aliases.length;
      const next = base.codebook.version + 1;
      const why = wb.field({
        label: `Why version ${next}?`,
        rows: 2,
        value: [...new Set(held.decisions.map((one) => one.why.trim()).filter(Boolean))].join("; "),
      });
      const make = () => {
        const time = new Date().toISOString().replace(/\.\d+/, "");
        const work = wb.resolving.applied(held, base, { why: wb.inputOf(why).value.trim(), time });
        if (session) session.change(work, `Codebook version ${work.codebook.version} made`);
        saveCodebook(work);
        refresh();
        say(`Version ${work.codebook.version} of the codebook is saved${session ? ", and your work has it" : ""}.`);
      };
      const save = () =>
        compendium.download(
          `decisions-${all
            .map((work) => work.coder.name)
            .slice(0, 3)
            .join("-")}.json`,
          "application/json",
          wb.resolving.asText(held),
        );
      const ways = session
        ? "It goes into your work (Undo takes it back), and it is saved as a file: open that in round 2, you and your partner."
        : "It is saved as a file: open it in round 2, all of you.";
      parts.decided.replaceChildren(
        heading(2, "What was decided"),
        ...(nothing ? [element("p", {}, "Nothing yet. Open “Decide” below a passage: say what you decide and why, and change the rule that left it open.")] : []),
        ...(rows.length ? [table("Decisions", ["Passage", "Decision", "Why"], rows)] : []),
        ...(what.length ? [heading(3, `Version ${next} of the codebook`), element("ul", {}, ...what.map((one) => element("li", {}, one))), why, element("p", {}, ways), element("p", { class: "wbc-buttons" }, wb.button(`Make version ${next}`, make, { id: "wbc-version" }))] : []),
        ...(nothing ? [] : [element("p", { class: "wbc-buttons" }, wb.button("Save the decisions (.json)", save, { id: "wbc-save" })), element("p", { class: "wbc-quiet" }, "Add this file above to go on with it later, here or on another computer.")]),
      ); // prettier-ignore
    }

    const shortened = (words) => (words.length > 90 ? `${words.slice(0, 60)} … ${words.slice(-25)}` : words);

    function saveCodebook(work) {
      const text = wb.works.codebookAsText
        ? wb.works.codebookAsText(work)
        : `${JSON.stringify(wb.resolving.codebookOf(work), null, 1)}\n`;
      compendium.download(`codebook-version-${work.codebook.version}.json`, "application/json", text);
    }

    // --- on paper a comparison is a table

    let printed = [];
    const paper = element("div", { class: "wbc-paper" });

    function toPaper() {
      const all = found?.now?.works ?? [];
      const heads = ["Passage", "Code", "Gave it", "Did not", "Decided"];
      const names = (coders) => coders.map((who) => all[who].coder.name).join(", ") || "–";
      const rows = printed.flatMap((passage) => {
        const made = resolution && wb.resolving.decisionOf(resolution, placeOf(passage));
        return passage.disputed.map((key, at) => {
          const gave = passage.given.get(key);
          const memos = reasons(passage, key).map(({ who, memo }) => `${all[who].coder.name}: ${memo}`);
          const place = at
            ? ""
            : `${labelOf(passage)}: ${passage.text.content.slice(...[passage.start, passage.end].map(wb.positions(passage.text.content).toUnits))}`;
          return [
            place,
            nameOf(key),
            [names(gave), ...memos].join(". "),
            names(passage.read.filter((who) => !gave.includes(who))),
            at || !made ? "" : [decided(made), made.why].filter(Boolean).join(": "),
          ];
        });
      });
      paper.replaceChildren(...(rows.length ? [table("Passages to discuss", heads, rows)] : []));
    }

    addEventListener("beforeprint", () => host.isConnected && !host.hidden && toPaper());
    addEventListener("afterprint", () => paper.replaceChildren());

    host.replaceChildren(
      ...["files", "people", "choices", "agreement", "rounds", "books", "passages"].map((name) => parts[name]),
      paper,
      parts.decided,
    );
    refresh();

    return {
      /** Add works to those that are compared. */
      add(more) {
        opened.push(...more);
        refresh();
      },
      /** Take decisions from a file; throw an Error for data that is none. */
      addResolution(data) {
        takeResolution(data);
        refresh();
      },
      show: refresh,
    };
  };
}
