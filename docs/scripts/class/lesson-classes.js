"use strict";
/**
 * A class and a lesson: how answers to each item split and with which reasons, rounds 1 and 2, agreement, and open answers; as
 * `analysis.teaching.lesson_answers` and `analysis.teaching.lesson_classes` compute it. Results name students by their places.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const classes = (compendium.classes ??= {});
  const DONE = ["yes", "recorded"];
  const TRUTHS = new Map([["true", "yes"], ["false", "no"]]); // prettier-ignore
  const WITH_OPTIONS = ["matching", "statements", "coding"];
  const BLANKS = /[ \t\n\r\f\v\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
  const LONG = 1e15;
  const NOT_TRIED = { value: null, state: "not-tried", tries: 0, hints: 0, solution: false };
  const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  const single = (text) => text.replace(BLANKS, " ").replace(/^ | $/g, "");

  // --- what is asked

  /** Return a lesson from students' data and, if there is one, its key; throw an Error for what is none. */
  classes.lesson = (data, key = null) => {
    if (data?.format !== "lesson" || data.version !== 1 || !Array.isArray(data.exercises)) {
      throw new Error("These are not the data of a lesson (version 1).");
    }
    const exercises = data.exercises.map((one) => asked(one, key?.exercises?.[one.number]?.rubric ?? []));
    const { name, title, digest } = data;
    return { name, number: String(data.number), title, digest, language: data.language ?? "en", exercises };
  };

  function asked(one, rubric) {
    const options = new Map((one.options ?? []).map(({ value, label }) => [value, label || value]));
    const left_out = one.left_out || "";
    const choices = !WITH_OPTIONS.includes(one.kind)
      ? new Map()
      : one.kind === "statements"
        ? TRUTHS
        : new Map(options);
    if (left_out && choices.size && !choices.has(left_out)) choices.set(left_out, left_out);
    return {
      number: one.number,
      kind: one.kind,
      title: one.title,
      task: one.task || "",
      items: new Map((one.items ?? []).map(({ key, text }) => [key, text || ""])),
      choices,
      definitions: new Map((one.options ?? []).map(({ value, definition }) => [value, definition || ""])),
      again: one.again || "",
      left_out,
      checklist: one.checklist ?? [],
      rubric,
    };
  }

  // --- what was answered

  /** Return the answers to items of an exercise, by item: `answer`, `label`, `words` and `reason`. */
  function byItem(exercise, { value }, file, faults) {
    if (exercise.kind === "writing" || value === null) return new Map();
    const place = `answers › ${exercise.number}`;
    const note = (field, problem) => faults.push({ file, problem, remedy: "It is passed over.", field });
    if (!isRecord(value)) {
      note(place, "this is not an answer to this exercise");
      return new Map();
    }
    const found = new Map();
    for (const [item, given] of Object.entries(value)) {
      if (!exercise.items.has(item)) note(`${place} › ${item}`, "the exercise has no such item");
      else {
        const one = given_(exercise, given);
        if (typeof one === "string") note(`${place} › ${item}`, one);
        else if (one) found.set(item, one);
      }
    }
    if (exercise.left_out && found.size) {
      const rest = { answer: exercise.left_out, label: exercise.choices.get(exercise.left_out), words: "", reason: "" };
      for (const item of exercise.items.keys()) if (!found.has(item)) found.set(item, rest);
    }
    return new Map([...exercise.items.keys()].filter((item) => found.has(item)).map((item) => [item, found.get(item)]));
  }

  function given_(exercise, given) {
    let value = given;
    let [words, reason] = ["", ""];
    if (exercise.kind === "coding" && isRecord(value)) {
      [words, reason] = ["words", "reason"].map((name) => (typeof value[name] === "string" ? single(value[name]) : ""));
      value = value.code ?? null;
    }
    if (value === null) return null;
    if (typeof value === "boolean" && exercise.kind === "statements") value = String(value);
    if (typeof value !== "string") return "this is not an answer";
    const shown = single(value);
    if (!shown) return null;
    if (exercise.choices.size) {
      if (!exercise.choices.has(shown)) return "there is no such option";
      return { answer: shown, label: exercise.choices.get(shown), words, reason };
    }
    const answer = exercise.kind === "numbers" ? number(shown) : shown.toLowerCase();
    return { answer, label: shown, words: "", reason: "" };
  }

  /** Return a number as it is compared: what it comes to, however it was typed; other text in small letters. */
  function number(text) {
    const [found] = compendium.lessons.readings(text);
    if (found === undefined || Math.abs(found) >= LONG) return text.toLowerCase();
    return found.toFixed(12).replace(/0+$/, "").replace(/\.$/, "");
  }

  // --- the class

  /** Return the class of a lesson: `students`, `given` (answers by exercise, student and item), `other`, `notes`, `faults`. */
  classes.ofHandIns = (lesson, all, chosen) => {
    const roster = classes.roster(all.filter((one) => one.lesson === lesson.name), chosen); // prettier-ignore
    const { students } = roster;
    const faults = students.flatMap((student) => [...student.faults, ...ofAnotherVersion(student, lesson)]);
    const given = new Map(
      lesson.exercises.map((one) => [
        one.number,
        students.map((student) => byItem(one, student.answers.get(one.number) ?? NOT_TRIED, student.file, faults)),
      ]),
    );
    const other = all.filter((one) => one.lesson !== lesson.name);
    return { lesson, students, given, other, notes: roster.notes, clashes: roster.clashes, faults };
  };

  function ofAnotherVersion({ file, digest, answers }, lesson) {
    const remedy = "What this version asks as well counts. Give the whole class the same files.";
    const version = { file, problem: "this was made with another version of the lesson", remedy, field: "digest" };
    const unknown = [...answers.keys()].filter((number) => !lesson.exercises.some((one) => one.number === number));
    return [
      ...(digest === lesson.digest ? [] : [version]),
      ...unknown.map((number) => ({
        file,
        problem: "the lesson has no such exercise",
        remedy: "The answer is passed over.",
        field: `answers › ${number}`,
      })),
    ];
  }

  /** Return what each student (row) did with each exercise (column). */
  classes.completion = ({ students, lesson }) =>
    students.map(({ answers }) => lesson.exercises.map(({ number }) => answers.get(number) ?? NOT_TRIED));

  classes.isDone = ({ state }) => DONE.includes(state);

  /** Return how answers to each item split, the most divided item first. */
  classes.splits = (of, exercise) => {
    const given = of.given.get(exercise.number);
    const make = exercise.kind === "groups" ? together : split;
    const found = [...exercise.items.keys()].map((item) => make(exercise, item, given));
    return found.filter(({ tried }) => tried).sort((one, other) => one.share - other.share);
  };

  function split(exercise, item, given, among = null) {
    const who = new Map();
    given.forEach((answers, at) => {
      const one = answers.get(item);
      if (!one || (among && !among.has(at))) return;
      if (!who.has(one.answer)) who.set(one.answer, { answer: one.answer, label: one.label, students: [] });
      who.get(one.answer).students.push(at);
    });
    const order = [...exercise.choices.keys()];
    const answers = [...who.values()].sort(
      (one, other) =>
        other.students.length - one.students.length ||
        order.indexOf(one.answer) - order.indexOf(other.answer) ||
        compared(one.answer, other.answer),
    );
    const tried = answers.reduce((sum, { students }) => sum + students.length, 0);
    const share = tried ? answers[0].students.length / tried : 0;
    return { item, text: exercise.items.get(item), tried, answers, share };
  }

  /** Return which other items were put into a group with an item; names of groups differ, and do not matter. */
  function together(exercise, item, given) {
    const tried = given.flatMap((answers, at) => (answers.has(item) ? [at] : []));
    const [answers, shares] = [[], []];
    for (const [other, text] of exercise.items) {
      const both = tried.filter((at) => given[at].has(other));
      if (other === item || !both.length) continue;
      const students = both.filter((at) => given[at].get(other).answer === given[at].get(item).answer);
      shares.push(Math.max(students.length, both.length - students.length) / both.length);
      if (students.length) answers.push({ answer: other, label: text || other, students });
    }
    answers.sort((one, other) => other.students.length - one.students.length);
    const share = shares.length ? shares.reduce((sum, one) => sum + one, 0) / shares.length : 1;
    return { item, text: exercise.items.get(item), tried: tried.length, answers, share };
  }

  /** Return the answers to an item with words that decide or a reason, each with its `student`. */
  classes.reasons = (of, exercise, item) =>
    of.given.get(exercise.number).flatMap((answers, student) => {
      const one = answers.get(item);
      return one && (one.words || one.reason) ? [{ student, ...one }] : [];
    });

  /** Return how far students agree on an exercise with options: `percent`, `alpha` (null if not defined), `paired`, `reason`. */
  classes.agreement = (exercise, given, among = null) => {
    const items = among ? [...among.keys()] : [...exercise.items.keys()];
    if (given.filter((answers) => items.some((item) => answers.has(item))).length < 2) {
      return { percent: null, alpha: null, paired: 0, reason: "fewer than two students answered" };
    }
    const units = items.map((item) =>
      given.flatMap((answers, at) =>
        answers.has(item) && (!among || among.get(item).has(at)) ? [answers.get(item).answer] : [],
      ),
    );
    return compendium.agreement.ofMany(units);
  };

  /** Return two rounds beside each other, by those who answered an item in both; null for what is no second round. */
  classes.rounds = (of, second) => {
    const first = second.again ? of.lesson.exercises.find(({ number }) => number === second.again) : null;
    if (!first?.choices.size || !second.choices.size) return null;
    const [early, late] = [first, second].map(({ number }) => of.given.get(number));
    const places = of.students.map((_, at) => at);
    const both = new Map(
      [...second.items.keys()]
        .filter((item) => first.items.has(item))
        .map((item) => [item, new Set(places.filter((at) => early[at].has(item) && late[at].has(item)))]),
    );
    const before = classes.agreement(first, early, both);
    const after = classes.agreement(second, late, both);
    const items = [...both].filter(([, who]) => who.size).map(([item, who]) => moves(of, first, second, item, who));
    items.sort(
      (one, other) => other.changed / other.both - one.changed / one.both || one.after.share - other.after.share,
    );
    return {
      first,
      second,
      students: new Set([...both.values()].flatMap((who) => [...who])).size,
      before,
      after,
      items,
    };
  };

  function moves(of, first, second, item, who) {
    const [early, late] = [first, second].map(({ number }) => of.given.get(number));
    const counts = new Map();
    for (const at of who) {
      const [from, to] = [early, late].map((given) => given[at].get(item).answer);
      if (from === to) continue;
      const name = JSON.stringify([from, to]);
      counts.set(name, { from, to, count: (counts.get(name)?.count ?? 0) + 1 });
    }
    const found = [...counts.values()].sort(
      (one, other) => other.count - one.count || compared(one.from, other.from) || compared(one.to, other.to),
    );
    return {
      item,
      text: second.items.get(item),
      both: who.size,
      changed: found.reduce((sum, { count }) => sum + count, 0),
      before: split(first, item, early, who),
      after: split(second, item, late, who),
      moves: found,
    };
  }

  /** Return the open answers to an exercise, by student, with what partners say of them. */
  classes.writings = (of, exercise) =>
    of.students.flatMap((student, at) => {
      const value = student.answers.get(exercise.number)?.value;
      const text = isRecord(value) && typeof value.text === "string" ? value.text : "";
      if (!single(text)) return [];
      const boxes = Array.isArray(value.checklist) ? value.checklist : [];
      const ticked = boxes.filter((box) => box === true).length;
      return [
        { student: at, text: text.trim(), ticked, boxes: boxes.length, reviews: reviewsOf(of, exercise, student) },
      ];
    });

  function reviewsOf(of, exercise, { pseudonym }) {
    const { key } = compendium.handIns;
    return of.students.flatMap(({ reviews }, by) =>
      reviews
        .filter((one) => one.exercise === exercise.number && key(one.of) === key(pseudonym))
        .map(({ checklist, comment }) => ({
          by,
          ticked: checklist.filter(Boolean).length,
          boxes: checklist.length,
          comment: single(comment),
        })),
    );
  }
}
