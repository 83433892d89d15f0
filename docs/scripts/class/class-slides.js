"use strict";
/** What a class answered, item by item, for the page and for the projector: how it splits, why, rounds 1 and 2, texts. */
{
  const compendium = (globalThis.compendium ??= {});
  const classes = (compendium.classes ??= {});
  const { element, percent, rounded, splitBar } = compendium;
  const MOST = 5; // ways to change that are named on a slide; all are in the figures
  const FEW = 6; // options that are all shown, given or not
  const TOGGLES = [
    { key: "r", show: "Show reasons", hide: "Hide reasons" },
    { key: "s", show: "Show the key", hide: "Hide the key" },
  ];

  /** Return agreement in a sentence. */
  classes.agreed = ({ percent: share, alpha, paired, reason }) => {
    if (share === null) return `Agreement is not defined: ${reason}.`;
    const about = `Percent agreement ${rounded(share)}, on ${paired} ${paired === 1 ? "item" : "items"}`;
    return alpha === null ? `${about}. Krippendorff’s α is not defined: ${reason}.` : `${about}; Krippendorff’s α ${rounded(alpha)}.`; // prettier-ignore
  };

  /** Return the gist or text of an item, if it has any. */
  const quote = (text, { language }) =>
    text ? [element("blockquote", { class: "class-text", lang: language }, text)] : [];

  /** Return how an item splits: a section for each answer, with reasons where they are asked for. */
  function answers(of, exercise, split, { reasons = false, student }) {
    const given = new Map(split.answers.map((one) => [one.answer, one]));
    const unused = exercise.choices.size <= FEW && exercise.kind !== "groups" ? [...exercise.choices] : [];
    for (const [answer, label] of unused) if (!given.has(answer)) given.set(answer, { answer, label, students: [] });
    const said = reasons ? classes.reasons(of, exercise, split.item) : [];
    return [...given.values()].map(({ answer, label, students }) => {
      const count = students.length;
      const words = exercise.kind === "groups" ? ["put it with this", "did not"] : ["of " + split.tried, ""];
      const bar =
        exercise.kind === "groups"
          ? splitBar([["gave", count, words[0]], ["not", split.tried - count, words[1]]]) // prettier-ignore
          : counted(count, split.tried);
      const why = said.filter((one) => one.answer === answer);
      return element(
        "section",
        { class: "class-answer" },
        element("h3", { lang: of.lesson.language }, label),
        bar,
        ...(reasons && exercise.definitions.get(answer) ? [element("p", { class: "projector-quiet" }, exercise.definitions.get(answer))] : []), // prettier-ignore
        ...(why.length ? [reasonList(why, student)] : []),
      );
    });
  }

  /** Return a bar of those who gave an answer among those who answered. */
  function counted(count, tried) {
    const made = splitBar([["gave", count, ""], ["not", tried - count, ""]]); // prettier-ignore
    made.lastChild.textContent = `${count} of ${tried} (${percent(tried ? count / tried : 0)})`;
    return made;
  }

  const reasonList = (why, student) =>
    element(
      "ul",
      { class: "class-reasons" },
      ...why.map((one) =>
        element(
          "li",
          {},
          `${student(one.student)}: `,
          ...(one.words ? [element("q", {}, one.words), " "] : []),
          one.reason,
        ),
      ),
    );

  classes.answers = answers;

  // --- slides

  /** Return the slides of some exercises: an item each, the most divided first; two rounds of an item; a text each. */
  classes.slides = (of, exercises) =>
    exercises.flatMap((exercise) => {
      const rounds = classes.rounds(of, exercise);
      const moved = new Map((rounds?.items ?? []).map((one) => [one.item, one]));
      const items = classes.splits(of, exercise).map((split) => ({ exercise, split, moves: moved.get(split.item) ?? null, rounds })); // prettier-ignore
      if (exercise.kind !== "writing") return rounds?.items.length ? [{ exercise, whole: rounds }, ...items] : items;
      return classes.writings(of, exercise).map((writing) => ({ exercise, writing }));
    });

  /** Open slides of a class. `keyOf()` returns a promise of the exercises of the key, null where there is none. */
  classes.project = ({ host, of, slides, start = 0, student, keyOf, hasKey }) => {
    let key = null;

    function slide(at, open) {
      const one = slides[at];
      const { exercise } = one;
      const reasons = open.has("r");
      const title = `${exercise.number} ${exercise.title}`;
      if (one.whole) return { heading: title, body: bothRounds(one.whole), parts: [] };
      const record = open.has("s") ? recordOf(one, key) : [];
      if (one.writing) {
        const parts = [...(one.writing.reviews.length ? ["r"] : []), ...(hasKey() ? ["s"] : [])];
        return { heading: title, body: [...written(one, reasons, student, of.lesson), ...record], parts };
      }
      const split = one.moves ? twoRounds(of, one, student) : answers(of, exercise, one.split, { reasons, student });
      const why = one.moves && reasons ? answers(of, exercise, one.split, { reasons, student }) : [];
      const hasReasons = classes.reasons(of, exercise, one.split.item).length > 0;
      return {
        heading: `${title}${one.split.item === "answer" ? "" : ` · ${one.split.item}`}`,
        body: [...quote(one.split.text, of.lesson), ...record, ...split, ...why],
        parts: [...(hasReasons ? ["r"] : []), ...(hasKey() ? ["s"] : [])],
      };
    }

    const before = async (_, toggle) => {
      if (toggle === "s" && !key) key = await keyOf();
    };
    return compendium.projector({ host, label: "The class on the projector", count: slides.length, slide, toggles: TOGGLES, start, before }); // prettier-ignore
  };

  /** Return how far the class agreed in both rounds, by those who did both, and how many changed which items. */
  function bothRounds({ first, second, students, before, after, items }) {
    const part = (title, agreement) => element("section", {}, element("h3", {}, title), element("p", {}, classes.agreed(agreement))); // prettier-ignore
    const changed = items.filter((one) => one.changed).map((one) => element("li", {}, `${one.item}: ${one.changed} of ${one.both} changed`)); // prettier-ignore
    return [
      element("p", {}, `${first.number} and ${second.number}, by ${students} who did both`),
      part("Round 1", before),
      part("Round 2", after),
      element("section", {}, element("h3", {}, "Who changed"), changed.length ? element("ul", {}, ...changed) : element("p", {}, "Nobody changed an answer.")), // prettier-ignore
    ];
  }

  /** Return an item in both rounds: who gave what, by those who answered in both, and who changed. */
  function twoRounds(of, { exercise, moves, rounds }) {
    const labels = new Map([...rounds.first.choices, ...exercise.choices]);
    const all = [...new Set([...moves.before.answers, ...moves.after.answers].map(({ answer }) => answer))];
    const count = (split, answer) => split.answers.find((one) => one.answer === answer)?.students.length ?? 0;
    const rows = all.map((answer) =>
      element(
        "section",
        { class: "class-answer class-rounds" },
        element("h3", {}, labels.get(answer)),
        element("p", {}, element("span", { class: "class-round" }, "Round 1"), counted(count(moves.before, answer), moves.both)), // prettier-ignore
        element("p", {}, element("span", { class: "class-round" }, "Round 2"), counted(count(moves.after, answer), moves.both)), // prettier-ignore
      ),
    );
    const changes = moves.moves.map(({ from, to, count: n }) => `${labels.get(from)} → ${labels.get(to)} (${n})`);
    const rest = changes.length > MOST ? `, and ${changes.length - MOST} other ways` : "";
    const told = moves.changed
      ? `${moves.changed} of ${moves.both} changed: ${changes.slice(0, MOST).join(", ")}${rest}.`
      : `None of ${moves.both} changed.`;
    return [element("p", { class: "class-changed" }, told), ...rows];
  }

  function written({ exercise, writing }, isOpen, student, lesson) {
    const met = exercise.checklist.length
      ? [element("p", { class: "projector-quiet" }, `Its writer ticks ${writing.ticked} of ${exercise.checklist.length} points.`)] // prettier-ignore
      : [];
    return [
      ...quote(writing.text, lesson),
      ...met,
      ...(isOpen ? [classes.reviewList(exercise, writing, student)] : []),
    ];
  }

  /** Return what partners say of an open answer. */
  classes.reviewList = (exercise, { reviews }, student) =>
    element(
      "ul",
      { class: "class-reasons" },
      ...reviews.map(({ by, ticked, comment }) =>
        element("li", {}, `${student(by)} ticks ${ticked} of ${exercise.checklist.length} points. ${comment}`),
      ),
    );

  /** Return what the key says of a slide: the solution of an item, or the judgement of record, which is not an answer key. */
  function recordOf({ exercise, split }, key) {
    const solved = key?.[exercise.number];
    const item = split ? solved?.items?.[split.item] : null;
    const label = (value) =>
      typeof value === "boolean" ? (value ? "yes" : "no") : (exercise.choices.get(value) ?? value);
    const isRecord = item?.taken !== undefined;
    const lines = [
      isRecord ? `The record: ${label(item.taken)}` : item?.right !== undefined ? `Right: ${label(item.right)}` : "",
      item?.allowed?.length ? `Also allowed: ${item.allowed.map(label).join(", ")}` : "",
      item?.why ?? "",
      split ? "" : (solved?.record ?? ""),
      isRecord || !split ? (solved?.solution ?? "") : "",
    ].filter(Boolean);
    const shown = lines.length ? lines : ["The key says nothing of this."];
    return [element("div", { class: "class-record" }, ...shown.map((line) => element("p", {}, line)))];
  }
}
