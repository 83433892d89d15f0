"use strict";
/** The page of a lesson: exercises that are checked here, answers that this browser keeps, and files that students hand in. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const { element } = compendium;
  const lesson = compendium.dataOf("lesson-data");
  const { answers } = lessons;
  const at = (id) => document.getElementById(id);
  const say = (name, values) => lessons.filled(lesson.words[name], values);
  const WAIT = 300; // milliseconds after the last change until answers are kept

  const store = lessons.storeOn(() => localStorage, lesson);
  let state = store.load() ?? answers.fresh();
  let waiting = 0;
  let views = [];
  let work = null;

  const page = {
    lesson,
    say,
    key: lessons.keyOf(lesson, at("lesson-top").dataset.key ?? ""),
    comparing: lessons.comparing(lesson),
    partner: null,
    get state() {
      return state;
    },
    answerOf: (number) => state.answers[number] ?? answers.freshAnswer(),
    ...{ change, set, keep, takeIn, removeAll, setPartner, review, progress },
  };

  // --- keeping

  function change(number, given) {
    const answer = { ...page.answerOf(number), ...given, changed: Date.now() };
    set({ answers: { ...state.answers, [number]: answer } });
    showProgress();
    for (const view of views) view.showRule();
  }

  function set(given) {
    state = { ...state, ...given };
    clearTimeout(waiting);
    waiting = setTimeout(keep, WAIT);
  }

  function keep() {
    clearTimeout(waiting);
    waiting = 0;
    if (answers.isEmpty(state) && !state.pseudonym) return;
    tellKept(store.save(state));
  }

  function tellKept(how) {
    const text = say(how === "full" ? "work_full" : how === "forbidden" ? "work_forbidden" : "work_kept");
    const place = at("lesson-kept");
    if (place.textContent !== text) place.textContent = text;
    place.dataset.kept = how;
  }

  // --- answers that come from elsewhere

  /**
   * Take in answers of a file or another entry; those that they replace are kept aside. Under another pseudonym they take the
   * place of all, so that nobody hands in the answers of two. Return whether any were replaced, or null if there is no room.
   */
  function takeIn(given) {
    const now = Date.now();
    const isElses = given.pseudonym && state.pseudonym && given.pseudonym !== state.pseudonym;
    const isOther = ([number, { value }]) => {
      const before = state.answers[number];
      return (
        before &&
        JSON.stringify(before.value) !== JSON.stringify(value) &&
        lessons.judge(exerciseOf(number), before.value, lesson.words).state !== lessons.NOT_TRIED
      );
    };
    const replaces = isElses ? !answers.isEmpty(state) : Object.entries(given.answers).some(isOther);
    if (replaces && !store.setAside(state)) return null;
    const fresh = Object.entries(given.answers).map(([number, answer]) => [number, { ...answer, changed: now }]);
    if (isElses) {
      store.forget();
      state = answers.fresh();
    }
    state = {
      ...answers.merged({ ...given, answers: Object.fromEntries(fresh) }, state),
      hand_in: Math.max(given.hand_in, state.hand_in),
    };
    keep();
    showAll();
    listOthers();
    return replaces;
  }

  const exerciseOf = (number) => lesson.exercises.find((one) => one.number === number);

  function removeAll() {
    clearTimeout(waiting);
    store.forget();
    state = answers.fresh();
    for (const said of document.querySelectorAll(".lesson-exercise .lesson-told")) said.replaceChildren();
    for (const panel of document.querySelectorAll(".lesson-panel")) panel.hidden = true;
    showAll();
  }

  function setPartner(partner) {
    page.partner = partner;
    for (const view of views) view.offer();
  }

  store.onSavedElsewhere((kept) => {
    const before = JSON.stringify(state.answers);
    state = answers.merged(kept, state);
    work?.show(); // the pseudonym may be another, too
    if (JSON.stringify(state.answers) === before) return;
    showAll();
    at("lesson-said").textContent = say("other_tab");
  });

  /** List what this browser keeps beside these answers, each with what can be done with it. */
  function listOthers() {
    const found = store.others();
    const place = at("lesson-others");
    place.replaceChildren(...found.map(other));
    place.hidden = !found.length;
  }

  function other({ key, why, when, raw, read }) {
    const button = (title, action) => {
      const made = element("button", { type: "button", class: "lesson-button" }, title);
      made.addEventListener("click", action);
      return made;
    };
    const asFile = () => compendium.download(`${lesson.name}-kept.json`, "application/json", fileOf(raw, read));
    const takeOver = () => {
      const { state: given, lost } = answers.taken(lesson, read);
      const done = takeIn(given) !== null;
      at("lesson-said").textContent = done
        ? say("taken_over", { n: Object.keys(given.answers).length, lost })
        : say("no_room_aside");
      focusHeading();
    };
    const remove = () => {
      store.remove(key);
      listOthers();
      focusHeading();
    };
    return element(
      "li",
      {},
      element("span", {}, say(why, { when })),
      " ",
      ...(read ? [button(say("take_over"), takeOver)] : []),
      button(say("save_it"), asFile),
      button(say("remove_it"), remove),
    );
  }

  /** What is kept becomes a file that this page opens again, if it can be read at all. */
  function fileOf(raw, read) {
    if (!read) return raw;
    return JSON.stringify({ format: "lesson-hand-in", version: 1, title: lesson.title, ...read }, null, 1);
  }

  function focusHeading() {
    at("lesson-kept").focus();
  }

  // --- a partner's text

  /** Return the text of a partner with fields for a review of it. */
  function review(exercise, { text = "" }) {
    const name = page.partner.pseudonym;
    const isThis = (one) => one.of === name && one.exercise === exercise.number;
    const kept = state.reviews.find(isThis) ?? { checklist: [], comment: "" };
    const points = exercise.checklist.map((point, n) => {
      const box = element("input", { type: "checkbox" });
      box.checked = kept.checklist[n] === true;
      return [box, element("label", { class: "lesson-point" }, box, " ", point)];
    });
    const comment = element("textarea", { rows: "3", "aria-label": say("partner_comment", { name }) });
    comment.value = kept.comment;
    const given = () => {
      const checklist = points.map(([box]) => box.checked);
      const made = { of: name, exercise: exercise.number, checklist, comment: comment.value };
      set({ reviews: [...state.reviews.filter((one) => !isThis(one)), made] });
    };
    const fields = element(
      "div",
      {},
      ...(points.length
        ? [
            element(
              "fieldset",
              {},
              element("legend", {}, say("partner_checklist")),
              ...points.map(([, label]) => label),
            ),
          ]
        : []),
      element("p", {}, say("partner_comment", { name })),
      comment,
    );
    fields.addEventListener("input", given);
    return [element("p", {}, say("partner_text", { name })), element("blockquote", {}, text), fields];
  }

  // --- the page

  const isDone = ({ number }) => [lessons.YES, lessons.RECORDED].includes(page.answerOf(number).state);

  function progress() {
    const all = lesson.exercises.length;
    const done = lesson.exercises.filter(isDone).length;
    return { done, all, said: say("progress", { done, all }) };
  }

  function showProgress() {
    const { done, all, said } = progress();
    at("lesson-progress").textContent = said;
    const bar = at("lesson-bar");
    bar.max = all;
    bar.value = done;
    for (const link of document.querySelectorAll("#lesson-contents a")) {
      const answer = page.answerOf(link.dataset.number);
      const name = `state_${answer.state.replace("-", "_")}`;
      link.nextElementSibling.textContent = answer.state === lessons.NOT_TRIED ? "" : say(name);
      link.parentElement.dataset.state = answer.state;
    }
  }

  function showAll() {
    for (const view of views) view.show();
    work?.show();
    showProgress();
  }

  views = lesson.exercises.map((exercise) =>
    lessons.exerciseView(document.querySelector(`[data-number="${exercise.number}"].lesson-exercise`), exercise, page),
  );
  work = lessons.workView(at("lesson-work"), page);
  for (const part of document.querySelectorAll(".lesson-live")) part.hidden = false;
  tellKept(store.isForbidden() ? "forbidden" : "kept");
  listOthers();
  showProgress();

  const leave = () => waiting && keep();
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  // What is folded is printed as well.
  addEventListener("beforeprint", () => document.querySelectorAll(".lesson-codes").forEach((one) => (one.open = true)));
}
