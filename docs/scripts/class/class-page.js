"use strict";
/** The page *A class*: hand-ins are dropped, chosen or pasted; what they come to is shown here. Nothing is sent or kept. */
{
  const compendium = (globalThis.compendium ??= {});
  const { classes, element, table, handIns } = compendium;
  const LARGEST = 4_000_000; // bytes of a file that is read
  const STATES = { "not-tried": "–", "not-yet": "not yet", yes: "right", recorded: "recorded" };
  let ids = 0;

  const number = (count, noun) => `${count || "no"} ${noun}${count === 1 ? "" : "s"}`;
  const button = (text, action, attributes = {}) => {
    const made = element("button", { type: "button", class: "class-button", ...attributes }, text);
    made.addEventListener("click", action);
    return made;
  };
  const fold = (title, ...content) => element("details", {}, element("summary", {}, title), ...content);

  /** Return a label with its field. */
  function labelled(label, field) {
    field.id = `class-${(ids += 1)}`;
    return element("p", { class: "class-field" }, element("label", { for: field.id }, label), field);
  }

  /** Show the page in `host`; `known` are the lessons of the site, `{ data, keyScript }` each. */
  compendium.classPage = (host, known) => {
    const files = new Map(); // from names to what was read: `text`, `handIns`, `faults`
    const lessons = new Map(); // from names to `data`, and where the key is
    const keys = new Map();
    const chosen = new Map(); // of two files with one pseudonym, the one that shall count
    let identifiers = new Map();
    let [current, showsNames, pasted] = ["", false, 0];
    for (const one of known) lessons.set(one.data.name, one);

    const said = element("p", { class: "class-said", role: "status" });
    const results = element("div", {});
    const input = element("input", { type: "file", multiple: "", accept: ".json,.txt,.csv" });
    const text = element("textarea", { rows: "3", autocomplete: "off", spellcheck: "false" });
    input.addEventListener("change", async () => {
      await add([...input.files]);
      input.value = ""; // the same files can be chosen again
    });

    async function add(given) {
      const told = [];
      frame.setAttribute("aria-busy", "true");
      for (const file of given) {
        if (file.size > LARGEST) told.push(`${file.name} is too long for a hand-in, and was not read.`);
        else {
          try {
            told.push(await take(file.name, await file.text()));
          } catch (fault) {
            const isUnread = ["NotReadableError", "NotFoundError"].includes(fault.name); // as browsers call a folder
            told.push(isUnread ? `${file.name} is a folder, or cannot be read. Drop the files in it.` : fault.message);
          }
        }
      }
      show();
      tell(told.filter(Boolean), given.length);
      frame.setAttribute("aria-busy", "false");
    }

    function tell(told, count) {
      const [first, ...more] = told;
      const rest = more.length ? ` ${number(more.length, "more note")} like this below.` : "";
      said.textContent = first ? `${number(count, "file")} read. ${first}${rest}` : `${number(count, "file")} read.`;
    }

    /** Take a file in; return what is to be said of it, if anything. */
    async function take(name, content) {
      if (/\.csv$/i.test(name)) return takeTable(name, content);
      const format = formatOf(content);
      if (format?.format === "lesson") return takeLesson(name, format);
      if (format?.format === "lesson-key") {
        keys.set(format.name, format);
        const asked = lessons.get(format.name)?.data;
        if (asked && asked.digest !== format.digest) {
          return `${name}: the key of another version of the lesson “${asked.title}”, so it is not used.`;
        }
        return `${name}: the key of a lesson. Its record is shown only when you ask for it.`;
      }
      const same = [...files].find(([, one]) => one.text === content);
      if (same) return `${name}: the same file as ${same[0]}, so it counts once.`;
      let own = name;
      for (let copy = 2; files.has(own); copy += 1) own = name.replace(/(\.[^.]*)?$/, ` [${copy}]$1`);
      files.set(own, { text: content, ...(await classes.read(content, own)) });
      return files.get(own).faults.map(classes.told)[0] ?? "";
    }

    function formatOf(content) {
      try {
        return JSON.parse(content);
      } catch {
        return null;
      }
    }

    function takeLesson(name, data) {
      try {
        classes.lesson(data);
      } catch (fault) {
        return `${name}: ${fault.message} Build the lesson again.`;
      }
      lessons.set(data.name, { data, keyScript: "" });
      return `${name}: the lesson “${data.title}”.`;
    }

    function takeTable(name, content) {
      const [head = []] = compendium.csvRows(content.slice(0, 2000).replaceAll(";", ","));
      if (head.some((cell) => /^\ufeff?extract[_ -]id$/i.test(cell.trim()))) {
        return `${name}: codings as a table are compared by “Code it yourself”, or by python -m analysis class. It was not read here.`;
      }
      identifiers = classes.identifiers(content, name);
      return `${name}: ${number(identifiers.size, "user")} of a learning platform.`;
    }

    async function addPasted() {
      if (!text.value.trim()) return;
      pasted += 1;
      const told = await take(`pasted text ${pasted}`, text.value);
      if (!told) text.value = "";
      show();
      said.textContent = told || "The text was added.";
    }

    const remove = button("Remove all hand-ins", () => {
      files.clear();
      chosen.clear();
      show();
      said.textContent = "All hand-ins were removed from this page. Your files are as they were.";
    });

    const frame = element(
      "div",
      { class: "class-drop" },
      labelled("Hand-ins of a class: drop files here, or choose them", input),
      labelled("Or paste texts that begin with PIC1.", text),
      element("p", { class: "class-buttons" }, button("Add the text", addPasted), remove),
      said,
    );
    host.replaceChildren(frame, results);
    host.hidden = false;
    for (const kind of ["dragenter", "dragover"]) {
      frame.addEventListener(kind, (event) => {
        event.preventDefault();
        frame.classList.add("is-over");
      });
    }
    frame.addEventListener("dragleave", () => frame.classList.remove("is-over"));
    frame.addEventListener("drop", (event) => {
      event.preventDefault();
      frame.classList.remove("is-over");
      add([...event.dataTransfer.files]);
    });
    show();

    /** Return the key that was dropped for a lesson, if it is of the same version. */
    function keyFor(name) {
      const found = keys.get(name);
      return found && found.digest === lessons.get(name)?.data.digest ? found : null;
    }

    // --- what is shown

    function show() {
      const all = [...files.values()];
      remove.hidden = !all.length;
      const handed = all.flatMap((one) => one.handIns);
      const faults = all.flatMap((one) => one.faults);
      const counts = new Map();
      for (const { lesson } of handed) counts.set(lesson, (counts.get(lesson) ?? 0) + 1);
      const shown = [...counts.keys()].filter((name) => lessons.has(name));
      if (!shown.includes(current)) current = shown[0] ?? "";
      const unknown = handed.filter(({ lesson }) => !lessons.has(lesson));
      const missing = unknown.map(({ file, title, lesson }) => `${file}: the lesson “${title || lesson}” is not known here. Drop its file ${lesson}.lesson.json as well.`); // prettier-ignore
      const open = new Set([...results.querySelectorAll("details[open][id]")].map(({ id }) => id));
      if (!current) {
        results.replaceChildren(...problems([...faults.map(classes.told), ...missing], []));
        return;
      }
      const { data } = lessons.get(current);
      const lesson = classes.lesson(data, keyFor(current));
      const of = classes.ofHandIns(lesson, handed, chosen);
      const other = of.other.filter((one) => lessons.has(one.lesson)).map(({ file, title, lesson: name }) => `${file}: a hand-in of another lesson, “${title || name}”. Choose it above to see it.`); // prettier-ignore
      const told = [...faults, ...of.faults].map(classes.told).concat(missing, other);
      results.replaceChildren(
        ...choice(shown, counts),
        element("h2", { lang: lesson.language }, lesson.title),
        ...invented(data),
        ...of.clashes.map(question),
        ...problems(told, of.notes),
        ...overview(of),
        ...lesson.exercises.flatMap((exercise) => ofExercise(of, exercise)),
        ...saving(of),
      );
      for (const one of results.querySelectorAll("details[id]")) one.open = open.has(one.id);
    }

    function choice(shown, counts) {
      if (shown.length < 2) return [];
      const options = shown.map((name) => element("option", { value: name }, `${lessons.get(name).data.title}: ${number(counts.get(name), "hand-in")}`)); // prettier-ignore
      const select = element("select", {}, ...options);
      select.value = current;
      select.addEventListener("change", () => {
        current = select.value;
        show();
        results.querySelector("select")?.focus();
      });
      return [labelled("Lesson", select)];
    }

    const invented = ({ study }) =>
      study?.invented
        ? [element("p", { class: "class-quiet" }, `What was worked on, “${study.title}”, is invented.`)]
        : [];

    /** Return the question of whose two hand-ins under one pseudonym are. */
    function question({ name, files: theirs, chosen: one, ...fault }) {
      const options = [["", "Two people: count all"], ...theirs.map((file) => [file, `One person: ${file} counts`])];
      const buttons = options.map(([file, label]) =>
        button(
          label,
          () => {
            if (file) chosen.set(name, file);
            else chosen.delete(name);
            show();
            [...results.querySelectorAll(".class-question button")]
              .find((again) => again.textContent === label)
              ?.focus();
          },
          { "aria-pressed": String((one ?? "") === file) },
        ),
      );
      const words = `“${fault.file}” and ${theirs.filter((file) => file !== fault.file).map((file) => `“${file}”`).join(", ")} have one pseudonym and different answers.`; // prettier-ignore
      return element(
        "div",
        { class: "class-question", role: "group", "aria-label": words },
        element("p", {}, words),
        element("p", { class: "class-buttons" }, ...buttons),
      );
    }

    function problems(told, notes) {
      const list = (lines) => element("ul", {}, ...lines.map((line) => element("li", {}, line)));
      const shown = [];
      if (told.length) {
        const few = told.length <= 5;
        const about = `${number(told.length, "thing")} not used, or unclear`;
        shown.push(element("div", { class: "class-faults" }, ...(few ? [element("p", {}, `${about}:`), list(told)] : [fold(about, list(told))]))); // prettier-ignore
      }
      if (notes.length) shown.push(fold(`${number(notes.length, "file")} with a later one in its place`, list(notes)));
      return shown;
    }

    // --- who did what

    const nameOf = (of) => (at) => (showsNames ? of.students[at].pseudonym : `Student ${at + 1}`);

    function overview(of) {
      const student = nameOf(of);
      const done = classes.completion(of);
      const sum = (did) => did.filter(classes.isDone).length;
      const order = of.students.map((_, at) => at);
      if (showsNames) order.sort((one, other) => (student(one) < student(other) ? -1 : 1));
      const reviews = of.students.some((one) => one.reviews.length);
      const rows = order.map((at) => [
        student(at),
        ...done[at].map(did),
        String(sum(done[at])),
        ...(reviews ? [String(of.students[at].reviews.length)] : []),
      ]);
      const heads = [
        "Student",
        ...of.lesson.exercises.map((one) => one.number),
        "Done",
        ...(reviews ? ["Reviews"] : []),
      ];
      const per = of.lesson.exercises.map((_, at) => String(done.filter((did) => classes.isDone(did[at])).length));
      rows.push(["Done by", ...per, "", ...(reviews ? [""] : [])]);
      const box = element("input", { type: "checkbox" });
      box.checked = showsNames;
      box.addEventListener("change", () => {
        showsNames = box.checked;
        show();
        results.querySelector(".class-names input")?.focus();
      });
      const slides = classes.slides(of, of.lesson.exercises);
      return [
        element("p", {}, `${number(of.students.length, "student")}.`),
        element(
          "p",
          { class: "class-buttons" },
          button("Show the class on the projector", () => project(of, slides), { class: "class-button first", ...(slides.length ? {} : { disabled: "" }) }), // prettier-ignore
          element("label", { class: "class-names" }, box, " Show pseudonyms on this page"),
        ),
        Object.assign(fold("Who did what", table("Who did what", heads, rows)), { id: "class-who" }),
      ];
    }

    function did({ state, tries, hints, solution }) {
      const more = [
        tries > 1 ? `${tries} tries` : "",
        hints ? number(hints, "hint") : "",
        solution ? "solution" : "",
      ].filter(Boolean);
      return [STATES[state], ...more].join(", ");
    }

    // --- an exercise

    function ofExercise(of, exercise) {
      const slides = classes.slides(of, [exercise]);
      if (!slides.length) return [];
      const student = nameOf(of);
      const rounds = classes.rounds(of, exercise);
      const told = [];
      if (exercise.choices.size) told.push(classes.agreed(classes.agreement(exercise, of.given.get(exercise.number))));
      const compared = rounds?.items.length
        ? [
            element("p", {}, `Against ${rounds.first.number}, by ${number(rounds.students, "student")} who did both. Before: ${classes.agreed(rounds.before)} After: ${classes.agreed(rounds.after)}`), // prettier-ignore
          ]
        : [];
      const parts = slides.flatMap((one, at) => {
        if (one.whole) return []; // said above
        return [one.writing ? writing(of, one) : item(of, one, () => project(of, slides, at))];
      });
      const made = fold(
        `${exercise.number} ${exercise.title}`,
        element("p", { lang: of.lesson.language }, exercise.task),
        ...told.map((line) => element("p", {}, line)),
        ...compared,
        element("p", { class: "class-buttons" }, button(`Show ${exercise.number} on the projector`, () => project(of, slides))), // prettier-ignore
        ...parts,
      );
      made.id = `class-exercise-${exercise.number}`;
      return [made];

      function item(_, { split, moves }, open) {
        const why = classes.reasons(of, exercise, split.item);
        const said = why.length ? [fold(number(why.length, "reason"), ...classes.answers(of, exercise, split, { reasons: true, student }).map((part) => (part.querySelector("ul") ? part : "")).filter(Boolean))] : []; // prettier-ignore
        const changed = moves ? [element("p", { class: "class-quiet" }, `${moves.changed} of ${moves.both} changed since ${rounds.first.number}.`)] : []; // prettier-ignore
        const title = split.item === "answer" ? "Answers" : split.item;
        return element(
          "article",
          { class: "class-item" },
          element(
            "h3",
            {},
            button(title, open, { "aria-label": `Show ${title} of ${exercise.number} on the projector` }),
          ),
          ...(split.text ? [element("p", { class: "class-text", lang: of.lesson.language }, split.text)] : []),
          ...changed,
          ...classes.answers(of, exercise, split, { student }),
          ...said,
        );
      }
    }

    function writing(of, { exercise, writing: one }) {
      const student = nameOf(of);
      return element(
        "article",
        { class: "class-item" },
        element("h3", {}, student(one.student)),
        element("blockquote", { class: "class-text", lang: of.lesson.language }, one.text),
        ...(exercise.checklist.length ? [element("p", { class: "class-quiet" }, `Its writer ticks ${one.ticked} of ${exercise.checklist.length} points.`)] : []), // prettier-ignore
        ...(one.reviews.length ? [classes.reviewList(exercise, one, student)] : []),
      );
    }

    function project(of, slides, start = 0) {
      const student = (at) => `Student ${at + 1}`; // never by name
      classes.project({ host, of, slides, start, student, keyOf, hasKey: () => Boolean(keyFor(current)) || Boolean(lessons.get(current).keyScript) }); // prettier-ignore
    }

    /** Return the exercises of the key: of one that was dropped, or of the site's, which is loaded now. */
    async function keyOf() {
      if (!keyFor(current)) {
        const name = current;
        await compendium.lessons
          .keyOf(lessons.get(name).data, lessons.get(name).keyScript)
          .load()
          .catch(() => {});
        const found = compendium.lessonKeys?.[name];
        if (found) keys.set(name, found);
      }
      return keyFor(current)?.exercises ?? {};
    }

    // --- files for other programs

    function saving(of) {
      const { name } = of.lesson;
      const save = (file, make) => () => compendium.download(file, "text/csv", make());
      const table_ = (canvas) => () => classes.grades(of, { canvas, identifiers });
      const hasOpen = of.lesson.exercises.some((one) => classes.writings(of, one).length);
      const unknown = of.students.filter(({ pseudonym }) => !identifiers.has(handIns.key(pseudonym)));
      const users = identifiers.size
        ? `${number(unknown.length, "student")} without a user in your table${unknown.length ? ": their pseudonyms stand there" : ""}.`
        : "A platform knows users, not pseudonyms: drop a table (CSV) of pseudonyms in its first and users in its second column to have them there.";
      return [
        element("h2", {}, "Tables"),
        element("p", {}, "These have pseudonyms. Done is 1, not done is 0: they say who did what, and not how well."),
        element(
          "p",
          { class: "class-buttons" },
          button("For Moodle and others", save(`${name}-moodle.csv`, table_(false))),
          button("For Canvas", save(`${name}-canvas.csv`, table_(true))),
          button(
            "Who did what",
            save(`${name}-who-did-what.csv`, () => classes.done(of)),
          ),
          ...(hasOpen
            ? [
                button(
                  "Rubric to fill in",
                  save(`${name}-rubric.csv`, () => classes.rubric(of)),
                ),
              ]
            : []),
        ),
        element("p", { class: "class-quiet" }, users),
      ];
    }
  };

  const host = document.getElementById("lesson-class");
  if (host) {
    const known = document.getElementById("lesson-class-lessons");
    compendium.classPage(host, known ? JSON.parse(known.textContent) : []);
  }
}
