"use strict";
/** What coders decide: on passages, on rules and codes of the codebook, and the next version that comes of it. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element, table } = compendium;
  const NOTHING = { works: [], decisions: [], rules: [], added: [], aliases: [] };
  const timeNow = () => new Date().toISOString().replace(/\.\d+/, "");

  function remembered(guid) {
    try {
      const found = JSON.parse(localStorage.getItem(wb.decisionsKey(guid)));
      return found && !wb.resolving.fault(found) ? found : null;
    } catch {
      return null; // a browser that keeps nothing, or something else under this name
    }
  }

  function remember(resolution) {
    try {
      localStorage.setItem(wb.decisionsKey(resolution.guid), JSON.stringify(resolution));
      return true;
    } catch {
      return false;
    }
  }

  function forget({ guid }) {
    try {
      localStorage.removeItem(wb.decisionsKey(guid));
    } catch {
      return; // it kept nothing
    }
  }

  /** Build the parts of the comparison that are about decisions; `view` is what its parts share (see `wb.passagesView`). */
  wb.decisionsView = (view) => {
    const books = element("section", { class: "wbc-books-part" });
    const host = element("section", { class: "wbc-decided" });
    let resolution = null;
    let made = 0; // the version of the codebook that was made last
    let reason = null; // why the next version is made, as it was typed

    const now = () => view.found().now;
    const held = () => resolution ?? NOTHING;
    const current = () => (resolution ??= wb.resolving.begin(view.found().counting, timeNow()));
    /** The work whose codebook is changed: the one that is open, else the first. */
    const base = () => view.session?.now ?? now().works[0];
    const nameOf = (guid) => now().matched.list.find(({ guids }) => guids.includes(guid.toLowerCase()))?.name;
    const placeOf = ({ text, start, end }) => ({ text: text.sha256, start, end });
    const decisionOn = (passage) => wb.resolving.decisionOf(held(), placeOf(passage));

    function set(next) {
      resolution = next;
      if (!remember(next)) view.say("This browser keeps nothing. Save the decisions as a file before you leave.");
      show();
    }

    /** Take up the decisions on these works that this browser remembers; tell whether there are any. */
    function recall(works) {
      if (resolution || works.length < 2) return false;
      resolution = remembered(wb.resolving.begin(works, "").guid);
      return Boolean(resolution);
    }

    /** Take decisions of a file. They join those that are here; of two about one passage, that of the file counts. */
    function take(data) {
      const fault = wb.resolving.fault(data);
      if (fault) throw new Error(fault);
      resolution = resolution ? wb.resolving.joined(resolution, data) : data;
      remember(resolution);
    }

    /** Say what was decided, in a few words. */
    function said(decision) {
      const names = decision.codes.map(nameOf).filter(Boolean);
      const words = {
        keep: `keep ${decision.coder}’s codes`,
        all: "keep everybody’s codes",
        none: "no code",
        codes: names.length ? names.join(", ") : "other codes",
        open: "left open",
        "": "a note",
      };
      return words[decision.decided];
    }

    // --- on a passage

    function form(passage, label) {
      const words = () => (decisionOn(passage) ? `Decided: ${said(decisionOn(passage))}` : "Decide");
      const summary = element("summary", {}, words());
      const details = element("details", { class: "wbc-fold wbc-decide" }, summary);
      details.addEventListener("toggle", () => {
        if (!details.open || details.querySelector("form")) return;
        details.append(fields(passage, label, () => (summary.textContent = words()))); // made when it is first asked for
      });
      return details;
    }

    function fields(passage, label, changed) {
      const made = () => decisionOn(passage) ?? { decided: "", coder: "", codes: [], why: "" };
      const words = wb.passages.wordsAt(passage);
      const change = (changes) => {
        set(
          wb.resolving.decide(current(), {
            ...made(),
            ...changes,
            ...placeOf(passage),
            name: passage.text.name,
            words,
          }),
        );
        changed();
      };
      const other = otherCodes(made, change);
      const id = wb.id();
      const radios = options(passage).map(({ decided, text, coder, codes }, at) => {
        const input = element("input", { type: "radio", name: id, id: `${id}-${at}` });
        input.checked = made().decided === decided && made().coder === coder;
        input.addEventListener("change", () => {
          other.hidden = decided !== "codes";
          change({ decided, coder, codes: codes ?? made().codes });
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
      const legend = element("legend", { class: "only-heard" }, `What is decided on ${label}?`);
      const whole = element(
        "form",
        {},
        element("fieldset", { class: "wbc-fields" }, legend, ...radios),
        other,
        why,
        ...ruleFields(passage),
      );
      whole.addEventListener("submit", (event) => event.preventDefault());
      return whole;
    }

    /** Return what can be decided: to keep the codes of one of few coders, those of all, none, others, or to leave it open. */
    function options(passage) {
      const { works } = now();
      const of = (who) => [...passage.given].filter(([, coders]) => coders.includes(who)).map(([key]) => key);
      const keep = works.slice(0, works.length > 3 ? 0 : 3).map((work, who) => {
        const names = of(who).map(nameOf).join(", ") || "no code";
        return { decided: "keep", text: `Keep ${work.coder.name}’s: ${names}`, coder: work.coder.name, codes: of(who) };
      });
      return [
        ...keep,
        {
          decided: "all",
          text: works.length === 2 ? "Keep both" : "Keep all",
          coder: "",
          codes: [...passage.given.keys()],
        },
        { decided: "none", text: "No code", coder: "", codes: [] },
        { decided: "codes", text: "Other codes", coder: "", codes: null },
        { decided: "open", text: "Leave it open", coder: "", codes: [] },
      ];
    }

    function otherCodes(made, change) {
      const boxes = now().matched.list.map(({ key, name }) => {
        const toggle = (is) =>
          change({ codes: is ? [...made().codes, key] : made().codes.filter((one) => one !== key) });
        return wb.classView.box(name, name, made().codes.includes(key), toggle, wb.id());
      });
      const fieldset = element("fieldset", { class: "wbc-codes" }, element("legend", {}, "Which codes?"), ...boxes);
      fieldset.hidden = made().decided !== "codes";
      return fieldset;
    }

    /** Return fields that change the rules of a code, those that are disputed first. */
    function ruleFields({ disputed }) {
      const { list } = now().matched;
      const keys = [...disputed, ...list.map(({ key }) => key).filter((key) => !disputed.includes(key))];
      const rules = element("div", { class: "wbc-fields" });
      const choose = (key) => {
        if (!key) return rules.replaceChildren();
        const code = codeIn(base(), key);
        const other = lacking(key);
        const now = wb.resolving.ruled(held(), code);
        const field = (name, label) =>
          wb.field({
            label,
            rows: 2,
            value: now[name],
            change: (text) => {
              const next = wb.resolving.rule(current(), code, { [name]: text });
              set(other ? wb.resolving.take(next, other, true) : next); // a rule for a code makes it one of the codebook
            },
          });
        return rules.replaceChildren(
          field("definition", `Definition of ${code.name}`),
          field("include", "Include"),
          field("exclude", "Exclude"),
          toNextVersion(),
        );
      };
      const options = [["", "No rule"], ...keys.map((key) => [key, nameOf(key)])];
      return [wb.field({ label: "Change a rule of the codebook", options, change: choose }), rules];
    }

    /** Say what becomes of a change, and lead to where the version is made: below all passages. */
    function toNextVersion() {
      const next = base().codebook.version + 1;
      const go = () => {
        const heading = host.querySelector("h3") ?? host.querySelector("h2");
        wb.focusOn(heading);
        heading.scrollIntoView({ block: "center" });
      };
      return element(
        "p",
        { class: "wbc-quiet" },
        `What you change is kept for version ${next}, which you make below all passages. `,
        wb.button(`Go to version ${next}`, go, { class: "wb-link" }),
      );
    }

    /** Return a code of another codebook as it would be taken over, or null where the codebook of the base has it. */
    function lacking(key) {
      const { guids, versions } = now().matched.list.find((code) => code.key === key);
      if (base().codes.some(({ guid }) => guids.includes(guid.toLowerCase()))) return null;
      const version = versions.find(Boolean);
      const above = now().matched.list.find((code) => code.guids.includes(version.parent.toLowerCase()));
      return { ...version, parent: above ? codeIn(base(), above.key).guid : "" };
    }

    /** Return a code as the codebook of a work has it, or else as the first codebook that has it. */
    function codeIn(work, key) {
      const { guids, versions } = now().matched.list.find((code) => code.key === key);
      return work.codes.find(({ guid }) => guids.includes(guid.toLowerCase())) ?? versions.find(Boolean);
    }

    // --- on codebooks

    function showBooks() {
      const differing = wb.comparing.codebooks(now().matched);
      const count = wb.number(differing.length, "code");
      const summary = differing.length
        ? `${count} ${differing.length === 1 ? "differs" : "differ"} between the codebooks`
        : "The codebooks are the same";
      const list = differing.length ? [element("ul", { class: "wbc-books" }, ...differing.map(difference))] : [];
      const details = element("details", { class: "wbc-fold" }, element("summary", {}, summary), ...list, aliases());
      details.open = Boolean(books.querySelector("details")?.open);
      books.replaceChildren(element("h2", {}, "Codebooks"), details);
    }

    function difference({ code, without, fields: differing }) {
      const { works } = now();
      const { listed, nameOfCode, wordings } = wb.passages;
      const has = works.filter((_, who) => !without.includes(who)).map((work) => work.coder.name);
      const words = [
        ...(without.length ? [`Only ${listed(has)} ${has.length === 1 ? "has" : "have"} it.`] : []),
        ...(differing.length ? [`Different: ${listed(differing)}.`] : []),
      ];
      const all = differing.flatMap((field) =>
        wordings(code, field, works).map(({ who, text }) =>
          element("li", {}, `${field}, ${listed(who)}: ${text || "nothing"}`),
        ),
      );
      return element(
        "li",
        {},
        element("strong", {}, nameOfCode(code)),
        ` ${words.join(" ")}`,
        ...(all.length ? [element("ul", {}, ...all)] : []),
        ...takeOver(code),
      );
    }

    /** Return a box to take a code over that the codebook of the base does not have. */
    function takeOver(code) {
      const from = lacking(code.key);
      if (!from) return [];
      const taken = held().added.some(({ guid }) => guid === from.guid);
      const toggle = (is) => set(wb.resolving.take(current(), from, is));
      return [
        wb.classView.box(
          `Take ${code.name} into the next version`,
          "Take it into the next version",
          taken,
          toggle,
          `take-${code.key}`,
        ),
      ];
    }

    function aliases() {
      const options = [["", "Choose a code"], ...now().matched.list.map(({ key, name }) => [key, name])];
      const [from, to] = [wb.field({ label: "Treat", options }), wb.field({ label: "as", options })];
      const wrong = element("p", { role: "alert", class: "wbc-fault", hidden: "" }, "Choose two different codes.");
      const unite = () => {
        const [one, other] = [from, to].map((field) => wb.inputOf(field).value);
        wrong.hidden = Boolean(one && other && one !== other);
        if (!wrong.hidden) return;
        set({ ...current(), aliases: [...held().aliases, { from: one, to: other, names: [one, other].map(nameOf) }] });
        view.choose({}, `${nameOf(one)} is one code now.`);
      };
      const kept = held().aliases.map((alias) => {
        const part = () => {
          set({ ...current(), aliases: held().aliases.filter((one) => one !== alias) });
          view.choose({}, "They are different codes again.");
        };
        return element(
          "li",
          {},
          `${alias.names[0]} is treated as ${alias.names[1]}. `,
          wb.button("Treat them as different", part),
        );
      });
      return element(
        "div",
        { class: "wbc-alias", role: "group", "aria-label": "Codes with different names" },
        element("p", {}, "Do two codes with different names mean the same? Then compare them as one."),
        element("div", { class: "wbc-row" }, from, to, wb.button("Treat as one", unite)),
        wrong,
        ...(kept.length ? [element("ul", {}, ...kept)] : []),
      );
    }

    // --- all decisions, and the next version

    function show() {
      const what = wb.resolving.changes(held(), base());
      const { decisions, aliases: united } = held();
      const rows = decisions.map((one) => [shortened(one.words), said(one), one.why || "–"]);
      const nothing = !rows.length && !what.length && !united.length;
      const empty =
        "Nothing yet. Open “Decide” below a passage: say what you decide and why, and change the rule that left it open.";
      host.replaceChildren(
        element("h2", {}, "What was decided"),
        ...(nothing ? [element("p", {}, empty)] : []),
        ...(rows.length ? [table("Decisions", ["Passage", "Decision", "Why"], rows)] : []),
        ...(what.length ? nextVersion(what) : []), ...madeVersion(),
        ...(nothing ? [] : [
          element("p", { class: "wbc-buttons" }, wb.button("Save the decisions (.json)", saveDecisions), wb.button("Save the agreed codes (.json)", saveAgreed), wb.button("Forget the decisions …", forgetDecisions)),
          element("p", { class: "wbc-quiet" }, "Add the decisions above to go on with them later, here or on another computer. The agreed codes are a work of their own: what all who read a passage gave, and what you decided."),
        ]),
      ); // prettier-ignore
    }

    /** Forget what was decided, of which this browser keeps the words of passages. */
    function forgetDecisions() {
      wb.dialogs.sure({
        title: "Forget the decisions?",
        action: "Forget them",
        text: "This browser then no longer keeps them. Versions that were made and files that were saved stay. Save the decisions first if you may need them.",
        more: [["Save the decisions (.json)", () => (saveDecisions(), false)]],
        back: () => wb.focusOn(host.querySelector("h2")),
        done: () => {
          forget(held());
          resolution = null;
          view.choose({}, "The decisions are forgotten.");
        },
      });
    }

    const shortened = (words) => (words.length > 90 ? `${words.slice(0, 60)} … ${words.slice(-25)}` : words);

    function nextVersion(what) {
      const next = base().codebook.version + 1;
      const why = wb.field({
        label: `Why version ${next}?`,
        rows: 2,
        value: reason ?? wb.resolving.reasons(held()),
        change: (text) => (reason = text),
      });
      const make = () => {
        const work = wb.resolving.applied(held(), base(), { why: wb.inputOf(why).value.trim(), time: timeNow() });
        if (view.session) view.session.change(work, `Version ${next} of the codebook made`);
        compendium.download(`codebook-version-${next}.json`, "application/json", wb.works.codebookAsText(work));
        made = next;
        reason = null;
        view.choose({}, `Version ${next} of the codebook is made.`);
        host.querySelector(".wbc-made p").focus();
      };
      const ways = view.session
        ? "It goes into your work, where Undo takes it back, and is saved as a file for your partner."
        : `It is made from the codebook of ${base().coder.name}, and saved as a file for all who code the next round.`;
      return [
        element("h3", {}, `Version ${next} of the codebook`),
        element("ul", {}, ...what.map((one) => element("li", {}, one))),
        why,
        element("p", {}, ways),
        element(
          "p",
          { class: "wbc-buttons" },
          wb.button(`Make version ${next}`, make, { class: "wb-button wb-primary" }),
        ),
      ];
    }

    /** Say what became of the version that was made, and where to go on with it. */
    function madeVersion() {
      if (!made || (view.session && base().codebook.version < made)) return [];
      const has = view.session ? ", and your work has it" : "";
      const told = `Version ${made} of the codebook is saved as codebook-version-${made}.json${has}. Hand this file on: people who open it under Start can begin a fresh text with it, as the next round.`;
      const begin = () => view.beginWith(null);
      return [
        element(
          "div",
          { class: "wbc-made" },
          element("p", { tabindex: "-1" }, told),
          ...(view.session ? [wb.button("Begin a fresh text with it", begin, { class: "wb-button wb-primary" })] : []),
        ),
      ];
    }

    /** Save a work with what all gave and what was decided, and say how much is still open. */
    function saveAgreed() {
      const name = `agreed by ${wb.passages.listed(now().works.map((work) => work.coder.name))}`.slice(0, 120);
      const { work, open } = wb.resolving.agreed(current(), { now: now(), base: base(), name, time: timeNow() });
      compendium.download("agreed-codes.json", "application/json", wb.works.asText(work));
      view.say(`${wb.number(work.codings.length, "coding")} saved. ${wb.number(open, "passage")} still open.`);
    }

    function saveDecisions() {
      const names = held()
        .works.map(({ coder }) => coder.name)
        .slice(0, 3)
        .join("-");
      compendium.download(`decisions-${names}.json`, "application/json", wb.resolving.asText(held()));
    }

    return {
      host,
      books,
      form,
      recall,
      take,
      aliases: () => held().aliases,
      said: (passage) =>
        decisionOn(passage) ? [said(decisionOn(passage)), decisionOn(passage).why].filter(Boolean).join(": ") : "",
      show() {
        showBooks();
        show();
      },
    };
  };
}
