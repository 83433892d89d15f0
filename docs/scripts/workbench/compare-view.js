"use strict";
/** The view that compares works: files, who is compared, units that are explained, agreement; its other parts are files of their own. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element, table } = compendium;

  const speaks = (unit) =>
    `A coding speaks for a ${unit} if it covers half of the ${unit} or more, or if half of the coding or more lies in it. ` +
    `A ${unit} counts for those who coded in it or marked half of it as read.`;
  const KINDS = {
    sentences: {
      label: "Sentences",
      unit: "sentence",
      rule: `The text is cut into sentences by the rules of its language. ${speaks("sentence")}`,
    },
    turns: { label: "Turns", unit: "turn", rule: `The text is cut where another speaker begins. ${speaks("turn")}` },
    segments: {
      label: "Common segments",
      unit: "segment",
      rule:
        "The text is cut at each end of any coding of those compared, and where anybody’s reading ends. A coding speaks for all segments that it covers. " +
        "Each segment counts by its length: how many there are depends on where coders cut, and many short ones would outweigh the rest.",
    },
  };
  const READ =
    "“Read” is the share of the text that a coder marked as read. What a coder did not read and did not code is missing for this coder, and is not taken for “no code”.";

  /** Return a statistic to two decimals with a true minus sign, or why it is not defined. */
  function rounded(one) {
    if (!one) return "–";
    if (one.value === null) return element("span", { class: "wbc-none" }, `not defined: ${one.reason}`);
    return element("data", { value: String(one.value) }, compendium.rounded(one.value));
  }

  /** Build the view in its host; `session` may be null. Return `{ add(works), addResolution(resolution), show() }`. */
  wb.compareView = ({ host, session, say, openPlace, beginWith }) => {
    const chosen = {
      answers: new Map(),
      off: new Set(),
      readAll: new Set(),
      round: 0,
      text: "",
      kind: "sentences",
      uncoded: true,
      code: "",
    };
    const view = {
      session,
      say,
      openPlace,
      beginWith,
      chosen,
      choose,
      select,
      found: () => found,
      unit: () => KINDS[chosen.kind].unit,
    };
    const decisions = (view.decisions = wb.decisionsView(view));
    const passages = wb.passagesView(view);
    const part = (name) => element("section", { class: `wbc-${name}` });
    const [files, people, choices, agreement, rounds] = ["files", "people", "choices", "agreement", "rounds"].map(part);
    const compared = [choices, agreement, rounds, decisions.books, passages.host, decisions.host];
    const { idOf } = wb.comparing;
    let opened = [];
    let told = []; // of the files that were opened last
    let found = null;

    function show({ again = false } = {}) {
      const focused = document.activeElement?.id;
      found = wb.comparing.all(works(), { ...chosen, aliases: decisions.aliases() });
      if (decisions.recall(found.counting) && decisions.aliases().length) return show({ again });
      const enough = found.now.works.length > 1;
      for (const one of compared) one.hidden = !enough;
      showFiles(enough);
      showPeople();
      if (enough) {
        showChoices();
        showAgreement();
        showRounds();
        decisions.show();
        passages.show({ again });
      }
      if (focused && document.activeElement?.id !== focused)
        document.getElementById(focused)?.focus({ preventScroll: true });
      return undefined;
    }

    /**
     * Return the works to compare: the one that is open, and those of files but for earlier states of it. One in which nothing
     * is done, as an instructor has it who made a packet, is left out where two others are there.
     */
    function works() {
      const others = opened.filter((work) => !isHere(work));
      return session && (others.length < 2 || isBegun(session.now)) ? [session.now, ...others] : others;
    }

    const isBegun = ({ codings, texts }) => codings.length > 0 || texts.some(({ read }) => read.length);

    /** Tell whether a work is the one that is open, or an earlier state of it. */
    const isHere = (work) => session && idOf(work) === idOf(session.now) && work.saved <= session.now.saved;

    /** Change choices and show what comes of it. */
    function choose(changes, sentence) {
      Object.assign(chosen, changes);
      show();
      if (sentence) say(sentence);
    }

    /** Return a field to choose from, with an id that stays, so that the focus does, too. */
    function select({ id, ...given }) {
      const field = wb.field(given);
      wb.inputOf(field).id = id;
      field.querySelector("label").htmlFor = id;
      return field;
    }

    // --- files

    async function openFiles(chosenFiles) {
      const before = works().length;
      told = [];
      for (const file of chosenFiles) {
        try {
          take(await wb.openFile(file), file.name);
        } catch (fault) {
          told.push(fault.message);
        }
      }
      show();
      say(`${wb.number(works().length - before, "work")} added.${told.length ? " Read the notes on the files." : ""}`);
    }

    function take({ kind, notes = [], ...got }, name) {
      told.push(...notes);
      if (kind === "work" && isHere(got.work))
        told.push(`${name} is your work, which is open here and compared as it is now.`);
      else if (got.works) opened.push(...got.works);
      else if (kind === "work") opened.push(got.work);
      else if (kind === "resolution") decisions.take(got.resolution);
      else throw new Error(`${name} has no codings to compare: choose a work (.json) or a project (.qdpx) of a coder.`);
    }

    function showFiles(enough) {
      const note =
        "Files that this page saves (.json), or projects (.qdpx). Nothing is sent: all is compared in this browser.";
      const field = wb.fileField("Add works of a partner or a class", note, openFiles, { multiple: true });
      wb.inputOf(field).id = "wbc-file";
      field.querySelector("label").htmlFor = "wbc-file";
      const notes = [...told, ...found.notes];
      const lede =
        "Compare your codes with those of a partner or a class: where you agree, where you do not, and what to change in the codebook. ";
      const own = session
        ? `Your work, by ${session.now.coder.name}, is one of those compared.`
        : "No work is open here, so add two or more.";
      files.replaceChildren(
        ...(enough ? [] : [element("p", { class: "wbc-lede" }, lede, own), ...lonely()]),
        field,
        ...(notes.length ? [element("ul", { class: "wbc-told" }, ...notes.map((one) => element("li", {}, one)))] : []),
        ...wb.classView.questions(found.questions, chosen.answers, (id, value) =>
          choose({ answers: new Map(chosen.answers).set(id, value) }, "The comparison follows your answer."),
        ),
        ...wb.classView.conflicts(found.otherwise, found.counting),
      );
    }

    /** Say why several works are not compared. */
    function lonely() {
      if (found.counting.length < 2) return [];
      return [
        element(
          "p",
          { class: "wbc-fault" },
          "These works are of different rounds, so no two are compared. Works of one round are compared with each other. To give your work another round, press its name at the top of the page.",
        ),
      ];
    }

    function showPeople() {
      people.hidden = !found.works.length;
      if (!found.works.length) return;
      const toggled = (ids, work, is) => {
        const next = new Set(ids);
        if (is) next.add(idOf(work));
        else next.delete(idOf(work));
        return next;
      };
      const rows = wb.classView.people({
        works: found.works,
        own: session && found.works.find((work) => idOf(work) === idOf(session.now)),
        counts: (work) => !chosen.off.has(idOf(work)),
        readAll: (work) => chosen.readAll.has(idOf(work)),
        setCounts: (work, is) =>
          choose({ off: toggled(chosen.off, work, !is) }, `${work.coder.name} is ${is ? "compared" : "left out"}.`),
        setReadAll: (work, is) => choose({ readAll: toggled(chosen.readAll, work, is) }),
        remove(work) {
          opened = opened.filter((one) => idOf(one) !== idOf(work));
          choose({}, `The work of ${work.coder.name} is removed from the comparison.`);
          document.getElementById("wbc-file").focus();
        },
      });
      const save = () => compendium.download("who-coded-what.csv", "text/csv", wb.classView.completionCsv(found.works));
      const summary = element(
        "summary",
        {},
        `${wb.number(found.works.length, "work")} by ${wb.number(new Set(found.works.map((work) => work.coder.name)).size, "coder")}`,
      );
      const details = element(
        "details",
        { class: "wbc-fold wbc-people-list" },
        summary,
        rows,
        element("p", { class: "wbc-quiet" }, READ),
        element("p", { class: "wbc-buttons" }, wb.button("Save this table (.csv)", save)),
      );
      details.open = people.querySelector("details")?.open ?? found.works.length < 7;
      people.replaceChildren(element("h2", {}, "Who is compared"), details);
    }

    // --- choices

    function showChoices() {
      const { now, numbers } = found;
      const units = element(
        "fieldset",
        { class: "wbc-units" },
        element("legend", {}, "Units"),
        ...Object.entries(KINDS).map(unitChoice),
      );
      const round = {
        id: "wbc-round",
        label: "Round",
        options: numbers.map((one) => [String(one), `Round ${one}`]),
        value: String(now.round),
        change: (value) => choose({ round: Number(value) }),
      };
      const text = {
        id: "wbc-text",
        label: "Text",
        options: [["", "All texts together"], ...now.texts.map((one) => [one.sha256, one.name])],
        value: now.text,
        change: (value) => choose({ text: value }),
      };
      const uncoded = wb.classView.box(
        `Count ${chosen.kind} that nobody coded`,
        `Count ${chosen.kind} that nobody coded`,
        chosen.uncoded,
        (is) => choose({ uncoded: is }),
        "uncoded",
      );
      const fields = [...(numbers.length > 1 ? [select(round)] : []), ...(now.texts.length > 1 ? [select(text)] : [])];
      choices.replaceChildren(
        element("div", { class: "wbc-row" }, units, ...fields, uncoded),
        element("p", { class: "wbc-quiet" }, KINDS[chosen.kind].rule),
      );
    }

    function unitChoice([kind, { label }]) {
      const input = element("input", { type: "radio", name: "wbc-kind", value: kind, id: `wbc-kind-${kind}` });
      input.checked = chosen.kind === kind;
      input.addEventListener("change", () => choose({ kind }, `${label} are compared.`));
      return element("label", { class: "wbc-box" }, input, ` ${label}`);
    }

    // --- agreement

    const inSegments = () => chosen.kind === "segments";

    function showAgreement() {
      const { whole, coded, matched, works: all } = found.now;
      const shown = chosen.uncoded ? whole : coded;
      const used = matched.list.filter(({ key }) => shown.codes.get(key).any);
      const idle = matched.list.filter((code) => !used.includes(code)).map(({ name }) => name);
      const rows = [
        agreementRow("All codes together", whole.overall, whole.size),
        agreementRow("… without what nobody coded", coded.overall, coded.size),
        ...used.map((code) => agreementRow(wb.passages.nameOfCode(code), shown.codes.get(code.key), shown.size)),
      ];
      const heads = ["Code", "Anybody", "Everybody", "Same yes or no", "Specific agreement", "Krippendorff’s α"];
      agreement.replaceChildren(
        element("h2", {}, headline(found.now)),
        element("p", {}, counted(whole)),
        ...unmarked(all),
        table(`Agreement of ${wb.passages.listed(all.map((work) => work.coder.name))}`, heads, rows),
        ...(idle.length ? [element("p", {}, `Nobody gave ${wb.passages.listed(idle)}.`)] : []),
        meaning(),
      );
    }

    function agreementRow(name, one, size) {
      const share = (count) => (inSegments() ? `${Math.round((100 * count) / (size || 1))}%` : String(count));
      return [name, share(one.any), share(one.all), rounded(one.same), rounded(one.specific), rounded(one.alpha)];
    }

    /** Say in a sentence what was found. */
    function headline({ works: all, whole, coded }) {
      const { unit } = KINDS[chosen.kind];
      const isShared = ({ text }) =>
        all.filter((work) => work.texts.some(({ sha256 }) => sha256 === text.sha256)).length > 1;
      if (!found.now.parts.some(isShared)) return "These works have no text in common";
      if (!whole.units) return `No ${unit} was read by two coders`;
      const { any, all: same } = coded.overall;
      if (!any) return `Nobody gave a code to a ${unit} that two read`;
      const share = inSegments()
        ? `${Math.round((100 * same) / any)}% of the text that was coded`
        : `${same} of the ${any} ${any === 1 ? unit : chosen.kind} that were coded`;
      return `In ${share}, ${all.length === 2 ? "both" : `all who read ${inSegments() ? "it" : "them"}`} gave the same codes`;
    }

    function counted({ units, alone }) {
      const count = (number) => `${wb.number(number, KINDS[chosen.kind].unit)} ${number === 1 ? "was" : "were"}`;
      return `${count(units)} read by two coders or more.${alone ? ` ${count(alone)} read by one coder only and cannot be compared.` : ""}`;
    }

    /** Warn where coders gave codes and marked nothing as read: what they left without a code would count nowhere. */
    function unmarked(all) {
      const isUnmarked = (work) =>
        !chosen.readAll.has(idOf(work)) && work.codings.length && work.texts.every(({ read }) => !read.length);
      const names = all.filter(isUnmarked).map((work) => work.coder.name);
      if (!names.length) return [];
      const who = wb.passages.listed(names);
      const text = `${who} marked nothing as read. So only what ${who} coded counts, and what ${who} left without a code counts nowhere, which makes agreement look better. If all of the text was read, tick “All” in the table above.`;
      return [element("p", { class: "wbc-question" }, text)];
    }

    function meaning() {
      const { unit } = KINDS[chosen.kind];
      const of = inSegments()
        ? "The share of the text with the code from"
        : `How many ${chosen.kind} have the code from`;
      const terms = [
        ["Anybody", `${of} at least one coder.`],
        ["Everybody", `${of} all who read the ${unit}. For all codes together, they gave exactly the same codes.`],
        ["Same yes or no", "Of all pairs of coders, the share who both gave the code or both did not. It is always high for a rare code, since most pairs agree that it is absent. For all codes together, a pair has to give exactly the same codes."],
        ["Specific agreement", "When one of two coders gave the code, how often the other did, too. Text that neither coded does not count, so it cannot raise the figure."],
        ["Krippendorff’s α", "How far agreement is above what chance would give if each code were given as often, but anywhere: 1 is full agreement, 0 is chance, and below 0 is worse than chance. For all codes together, two coders are as far apart as the share of their codes that only one of them gave (Jaccard’s distance)."],
        ["Not defined", "If nobody or everybody gave a code throughout, chance alone would give full agreement, and α has no value."],
      ]; // prettier-ignore
      const list = terms.flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, text)]);
      const limits = inSegments()
        ? "They say how far coders agree, not whether they are right. Characters beside each other are coded together, so they are fewer observations than they seem."
        : "They say how far coders agree, not whether they are right.";
      const details = element(
        "details",
        { class: "wbc-fold" },
        element("summary", {}, "What these figures mean"),
        element("dl", {}, ...list),
        element("p", {}, limits),
      );
      details.open = agreement.querySelector("details")?.open ?? false;
      return details;
    }

    function showRounds() {
      rounds.hidden = found.rounds.length < 2;
      if (rounds.hidden) return;
      rounds.replaceChildren(
        element("h2", {}, "Before and after"),
        ...wb.classView.beforeAndAfter(found.rounds, found.matched.list, rounded),
      );
    }

    host.replaceChildren(
      files,
      people,
      choices,
      agreement,
      rounds,
      decisions.books,
      passages.host,
      passages.paper,
      decisions.host,
    );
    show();
    session?.onChange(() => host.isConnected && !host.hidden && show({ again: true })); // an undo, for example

    return {
      /** Add works to those that are compared. */
      add(more) {
        opened.push(...more);
        show();
      },
      /** Take decisions from a file; throw an Error for data that is none. */
      addResolution(data) {
        decisions.take(data);
        show();
      },
      show: () => show({ again: true }),
    };
  };
}
