"use strict";
/**
 * Hand-ins of lessons, read piece by piece, and who is in a class by them; as `analysis.teaching.lesson_hand_ins` and
 * `analysis.teaching.lesson_rosters` have it. What cannot be read is a fault (`file`, `problem`, `remedy`, `field`).
 */
{
  const compendium = (globalThis.compendium ??= {});
  const classes = (compendium.classes ??= {});
  const [FORMAT, VERSION, MOST] = ["lesson-hand-in", 1, 1_000_000];
  const STATES = ["not-tried", "not-yet", "yes", "recorded"];
  const AGAIN = "Ask for it again.";
  const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  const fault = (file, problem, remedy, field = null) => ({ file, problem, remedy, field });

  /** Return a fault in a sentence. */
  classes.told = ({ file, problem, remedy, field }) =>
    `${file}${field ? `, field ${field}` : ""}: ${problem}. ${remedy}`;

  /** Read a hand-in, or the pasted texts of several: `handIns` and `faults`. */
  classes.read = async (given, where) => {
    const text = given.replace(/^\ufeff/, "").trim();
    const only = (...faults) => ({ handIns: [], faults });
    if (text.length > compendium.handInCodes.LARGEST) {
      return only(fault(where, "this is too long for a hand-in", "Check what it is."));
    }
    if (!text) return only(fault(where, "the file is empty", AGAIN));
    if (compendium.handInCodes.isPasted(text)) return pasted(text, where);
    if (!text.startsWith("{")) {
      const remedy = "Hand-ins are the files that a page of a lesson saves, or texts that begin with PIC1.";
      return only(fault(where, "this is not a hand-in", remedy));
    }
    return one(text, where);
  };

  async function pasted(text, where) {
    const parts = await compendium.handInCodes.unpacked(text);
    const remedy = "Copy all of it, from PIC1. to its end, or use a file.";
    const found = parts.map((part, at) => {
      const name = parts.length === 1 ? where : `${where}, text ${at + 1}`;
      if (part !== null) return one(part, name);
      return { handIns: [], faults: [fault(name, "the text is cut short or was changed", remedy)] };
    });
    return { handIns: found.flatMap(({ handIns }) => handIns), faults: found.flatMap(({ faults }) => faults) };
  }

  function one(text, where) {
    let value;
    try {
      value = JSON.parse(text, (_, part) => (typeof part === "string" ? (part.toWellFormed?.() ?? part) : part));
    } catch {
      return {
        handIns: [],
        faults: [fault(where, "this is not complete: it was cut short, changed or damaged", AGAIN)],
      };
    }
    const wrong = notOurs(value, where);
    return wrong ? { handIns: [], faults: [wrong] } : { handIns: [handIn(value, where)], faults: [] };
  }

  function notOurs(value, where) {
    if (!isRecord(value) || value.format !== FORMAT || typeof value.lesson !== "string") {
      return fault(where, "this is not a hand-in of a lesson", "Ask for the file that the lesson's page saves.");
    }
    if (value.version !== VERSION) {
      const remedy = "It was made with another version of these pages. Use the version of the class for it.";
      return fault(where, "this version of hand-ins is not known here", remedy, "version");
    }
    return null;
  }

  function handIn(value, where) {
    const faults = [];
    const note = (field, problem, remedy) => faults.push(fault(where, problem, remedy, field));
    const text = (of, name, place = "") => {
      const found = of[name] ?? null;
      if (found !== null && typeof found !== "string") note(place + name, "this is not a text", "It is passed over.");
      return typeof found === "string" ? found : "";
    };
    const count = (of, name, place = "") => {
      const found = name in of ? of[name] : 0;
      if (Number.isInteger(found) && found >= 0 && found <= MOST) return found;
      note(place + name, "this is not a count", "It is taken as 0.");
      return 0;
    };
    let pseudonym = text(value, "pseudonym").trim();
    if (!pseudonym) {
      pseudonym = compendium.handIns.withoutCopy(where.replace(/(?<=.)\.[^.]+$/, ""));
      note("pseudonym", "there is no pseudonym", `It counts as that of ${pseudonym}, by its name.`);
    }
    return {
      file: where,
      lesson: value.lesson,
      title: text(value, "title"),
      digest: text(value, "digest"),
      pseudonym,
      number: count(value, "hand_in"),
      saved: text(value, "saved"),
      work: text(value, "work"),
      answers: answers(value.answers, note, count),
      reviews: reviews(value.reviews ?? null, note, text),
      faults,
    };
  }

  function answers(given, note, count) {
    const found = new Map();
    if (!isRecord(given)) note("answers", "there are no answers", AGAIN);
    else {
      for (const [number, one] of Object.entries(given)) {
        if (isRecord(one)) found.set(number, answer(one, `answers › ${number} › `, note, count));
        else note(`answers › ${number}`, "this is not an answer", "It is passed over.");
      }
    }
    return found;
  }

  function answer(one, place, note, count) {
    let { state } = one;
    if (!STATES.includes(state)) {
      note(`${place}state`, "this state is not known", "It is taken as not yet right.");
      state = "not-yet";
    }
    const [tries, hints] = ["tries", "hints"].map((name) => count(one, name, place));
    return { value: one.value ?? null, state, tries, hints, solution: one.solution === true };
  }

  function reviews(given, note, text) {
    if (given !== null && !Array.isArray(given)) {
      note("reviews", "these are not reviews", "They are passed over.");
      return [];
    }
    return (given ?? []).flatMap((one, at) => {
      if (isRecord(one) && typeof one.of === "string" && typeof one.exercise === "string") {
        const checklist = Array.isArray(one.checklist) ? one.checklist.map((box) => box === true) : [];
        const comment = text(one, "comment", `reviews › ${at + 1} › `);
        return [{ of: one.of, exercise: one.exercise, checklist, comment }];
      }
      note(`reviews › ${at + 1}`, "this is not a review", "It is passed over.");
      return [];
    });
  }

  // --- who is in a class

  const { handIns } = compendium;
  const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  const inOrder = (one, other) =>
    one.number - other.number || compared(one.saved, other.saved) || compared(one.file, other.file);

  /** Write a value with the names of its objects sorted, so that the same content gives the same text. */
  const written = (value) =>
    JSON.stringify(value, (_, part) =>
      part instanceof Map ? [...part].sort(([one], [other]) => compared(one, other)) : sorted(part),
    );
  const sorted = (part) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => compared(one, other))) : part;
  const contentOf = ({ answers, reviews }) => written([answers, reviews]);

  /**
   * Return who is in a class by the hand-ins of one lesson: `students` (hand-ins), `notes` on other files, and `clashes`, faults.
   * `chosen` maps the keys of pseudonyms to the one file that shall count, where somebody said that it is one person's.
   */
  classes.roster = (given, chosen = new Map()) => {
    const groups = new Map();
    for (const one of [...given].sort(inOrder)) {
      const name = handIns.key(one.pseudonym);
      groups.set(name, [...(groups.get(name) ?? []), { ...one, content: contentOf(one) }]);
    }
    const found = { students: [], notes: [], clashes: [] };
    for (const name of [...groups.keys()].sort(compared)) {
      const all = counting(groups.get(name));
      const counts = chosen.has(name) ? all.filter(({ file }) => file === chosen.get(name)) : all;
      const used = counts.length ? counts : all;
      found.students.push(
        ...used.map((one, at) => (at ? { ...one, pseudonym: `${used[0].pseudonym} (${at + 1})` } : one)),
      );
      found.notes.push(...notes(groups.get(name), used));
      found.clashes.push(...clashes(all, used, name));
    }
    found.students.sort(
      (one, other) => compared(shuffled(one), shuffled(other)) || compared(one.pseudonym, other.pseudonym),
    );
    return found;
  };

  function counting(theirs) {
    const found = [];
    for (const work of new Set(theirs.map((one) => one.work))) {
      const ofWork = theirs.filter((one) => one.work === work);
      for (const one of ofWork.filter(({ number }) => number === ofWork.at(-1).number)) {
        if (!found.some(({ content }) => content === one.content)) found.push(one);
      }
    }
    return found;
  }

  function notes(theirs, counts) {
    return theirs
      .filter((one) => !counts.includes(one))
      .map((one) => {
        const same = counts.find(({ content }) => content === one.content);
        if (same) return `${one.file}: the same answers as in ${same.file}, so they count once.`;
        const latest = counts.findLast(({ work }) => work === one.work) ?? counts.at(-1);
        return `${one.file}: ${latest.file} counts in its place.`;
      });
  }

  const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);

  function clashes(all, used, name) {
    if (all.length < 2) return [];
    const [first, ...others] = all;
    const problem = `${listed(others.map(({ file }) => file))} has the same pseudonym and other answers`;
    const remedy =
      "All count, as different students. If they are from one person, remove the files that shall not count.";
    const files = all.map(({ file }) => file);
    const pseudonym = { name, files, chosen: used.length < all.length ? used[0].file : null };
    return [{ ...fault(first.file, problem, remedy, "pseudonym"), ...pseudonym }];
  }

  const shuffled = ({ lesson, pseudonym }) => compendium.sha256(new TextEncoder().encode(`${lesson} ${pseudonym}`));
}
