"use strict";
/** The answers of a student to a lesson: kept, merged with those of another tab, taken over from another version, handed in. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const FORMAT = "lesson-hand-in";
  const VERSION = 1;
  const LARGEST = 2_000_000; // bytes of a file; one with long texts has some ten thousand
  const PSEUDONYM = /^[\p{L}\p{N}_-]{1,40}$/u;

  const isTable = (one) => typeof one === "object" && one !== null && !Array.isArray(one);
  const isText = (one) => typeof one === "string";
  const whole = (number) => (Number.isInteger(number) && number >= 0 && number < 1e9 ? number : 0);

  const fresh = () => ({ pseudonym: "", work: "", hand_in: 0, saved: "", answers: {}, reviews: [] });
  const freshAnswer = () => ({ value: {}, state: lessons.NOT_TRIED, tries: 0, hints: 0, solution: false, changed: 0 });
  const isEmpty = ({ answers, reviews }) => !Object.keys(answers).length && !reviews.length;

  // --- values that fit an exercise

  const textOr = (one) => (isText(one) ? one : "");
  const FITTING = {
    numbers: textOr,
    labels: textOr,
    groups: textOr,
    matching: (one, { options }) => (options.some(({ value }) => value === one) ? one : ""),
    statements: (one) => (typeof one === "boolean" ? one : undefined),
    coding: (one, exercise) => {
      if (!isTable(one)) return undefined;
      const part = (name) => (isText(one[name]) && one[name] ? { [name]: one[name] } : {});
      const coded = { code: FITTING.matching(one.code, exercise), ...part("words"), ...part("reason") };
      return Object.values(coded).some(Boolean) ? coded : undefined;
    },
  };

  /** Return the value of an answer without what the exercise does not ask for, and how many entries that takes away. */
  function fitting(exercise, value) {
    if (!isTable(value)) return { value: {}, lost: value === undefined ? 0 : 1 };
    if (exercise.kind === "writing") {
      const marks = Array.isArray(value.checklist) ? value.checklist : [];
      const checklist = exercise.checklist.map((_, at) => marks[at] === true);
      return { value: { text: textOr(value.text), checklist }, lost: isText(value.text ?? "") ? 0 : 1 };
    }
    const fits = {};
    for (const { key } of exercise.items) {
      const one = Object.hasOwn(value, key) ? FITTING[exercise.kind](value[key], exercise) : undefined;
      if (one !== undefined && one !== "") fits[key] = one;
    }
    return {
      value: fits,
      lost: Object.keys(value).filter((key) => !Object.hasOwn(fits, key) && value[key] !== "").length,
    };
  }

  /** Return the answers of a file or of storage as far as they fit a lesson, and how many do not. */
  function taken(lesson, read) {
    const state = fresh();
    let lost = 0;
    const answers = isTable(read.answers) ? read.answers : {};
    for (const [number, given] of Object.entries(answers)) {
      const exercise = lesson.exercises.find((one) => one.number === number);
      const fit = exercise && isTable(given) ? fitting(exercise, given.value) : { lost: 1 };
      lost += fit.lost ? 1 : 0;
      if (fit.value) state.answers[number] = { ...freshAnswer(), ...countsOf(given), value: fit.value };
    }
    state.pseudonym = PSEUDONYM.test(read.pseudonym) ? read.pseudonym : "";
    state.work = textOr(read.work);
    state.hand_in = whole(read.hand_in);
    state.saved = textOr(read.saved);
    state.reviews = (Array.isArray(read.reviews) ? read.reviews : []).filter(isReview);
    return { state, lost };
  }

  const STATES = () => [lessons.NOT_TRIED, lessons.NOT_YET, lessons.YES, lessons.RECORDED];
  const countsOf = ({ state, tries, hints, solution, changed }) => ({
    state: STATES().includes(state) ? state : lessons.NOT_TRIED,
    tries: whole(tries),
    hints: whole(hints),
    solution: solution === true,
    changed: Number.isFinite(changed) ? changed : 0,
  });
  const isReview = (one) =>
    isTable(one) && isText(one.of) && isText(one.exercise) && Array.isArray(one.checklist) && isText(one.comment);

  // --- two states of one lesson

  /** Return two states as one: of each exercise the answer that was changed last. */
  function merged(one, other) {
    const answers = { ...one.answers };
    for (const [number, answer] of Object.entries(other.answers)) {
      if (!answers[number] || answer.changed > answers[number].changed) answers[number] = answer;
    }
    const named = (review) => `${review.of} ${review.exercise}`;
    const reviews = new Map([...other.reviews, ...one.reviews].map((review) => [named(review), review]));
    return {
      pseudonym: one.pseudonym || other.pseudonym,
      work: one.work || other.work,
      hand_in: Math.max(one.hand_in, other.hand_in),
      saved: one.saved > other.saved ? one.saved : other.saved,
      answers,
      reviews: [...reviews.values()],
    };
  }

  // --- files

  /** Return what is handed in, as the text of a file. What is filled in and was not checked is judged now. */
  function asFile(lesson, state) {
    const { name, number, title, digest, language } = lesson;
    const answers = {};
    for (const exercise of lesson.exercises) {
      const answer = state.answers[exercise.number];
      if (!answer) continue;
      const { value, tries, hints, solution } = answer;
      const judged = lessons.judge(exercise, value, lesson.words);
      answers[exercise.number] = { value, state: judged.state, tries, hints, solution };
    }
    const head = { format: FORMAT, version: VERSION, lesson: name, number, title, digest, language };
    const { pseudonym, work, hand_in, saved } = state;
    const reviews = state.reviews.map(({ of, exercise, checklist, comment }) => ({ of, exercise, checklist, comment }));
    return `${JSON.stringify({ ...head, pseudonym, work, hand_in, saved, answers, reviews }, null, 1)}\n`;
  }

  const fileName = (lesson, { pseudonym }) => `${lesson.name}-${pseudonym || "answers"}.json`;

  /**
   * Return what a file holds: `{ state, lost, same }`, where `same` tells whether it is of this version of the lesson; or `{ fault,
   * values }`, the name of a word and what fills it in.
   */
  function read(lesson, file, text) {
    const values = { file };
    if (text.length > LARGEST) return { fault: "file_big", values };
    let found;
    try {
      found = JSON.parse(text);
    } catch {
      return { fault: "file_not_read", values };
    }
    if (found?.format === "lesson-key") return { fault: "file_key", values };
    if (!isTable(found) || found.format !== FORMAT || !isTable(found.answers))
      return { fault: "file_not_read", values };
    if (found.version > VERSION) return { fault: "file_newer", values };
    if (found.lesson !== lesson.name) {
      return { fault: "file_other_lesson", values: { file, title: textOr(found.title) || textOr(found.lesson) } };
    }
    return { ...taken(lesson, found), same: found.digest === lesson.digest };
  }

  // --- codes as a table

  const COLUMNS = ["extract_id", "coder_id", "facet", "code_id", "role", "stance", "basis", "rationale", "hand_in"];

  /** Return the codes of an exercise as CSV, with the columns that `analysis class` reads; empty where there are none. */
  function codesOf(exercise, state) {
    const value = state.answers[exercise.number]?.value ?? {};
    const coded = exercise.items.filter(({ key }) => value[key]?.code);
    if (!coded.length) return "";
    const rows = coded.map(({ key }) => [
      key,
      state.pseudonym,
      exercise.facet,
      value[key].code,
      "primary",
      "supports",
      "wording",
      [value[key].words && `“${value[key].words.trim()}”`, value[key].reason?.trim()].filter(Boolean).join(" ") ||
        "No reason was given.",
      String(state.hand_in),
    ]);
    return compendium.csv([COLUMNS, ...rows]);
  }

  lessons.answers = { fresh, freshAnswer, isEmpty, fitting, taken, merged, asFile, fileName, read, codesOf, PSEUDONYM };
}
