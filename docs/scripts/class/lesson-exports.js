"use strict";
/** Tables of a class for other programs: completion for a learning platform, and a rubric; as `analysis.teaching.lesson_exports`. */
{
  const compendium = (globalThis.compendium ??= {});
  const classes = (compendium.classes ??= {});
  const CANVAS_HEADS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"];
  const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

  /**
   * Return completion as CSV: 1 for each exercise that is done, 0 for each that is not, and the total. With `canvas`, it has the
   * columns of that platform. `identifiers` maps the keys of pseudonyms to identifiers of the platform.
   */
  classes.grades = (of, { canvas = false, identifiers = new Map() } = {}) => {
    const { lesson } = of;
    const exercises = lesson.exercises.map(({ number }) => `${lesson.title} ${number}`);
    const total = `${lesson.title} total`;
    const rows = classes.completion(of).map((did, at) => {
      const { pseudonym } = of.students[at];
      const done = did.map((one) => Number(classes.isDone(one)));
      const identifier = identifiers.get(compendium.handIns.key(pseudonym)) ?? pseudonym;
      return [identifier, pseudonym, ...[...done, done.reduce((sum, one) => sum + one, 0)].map(String)];
    });
    rows.sort((one, other) => compared(one[0], other[0]) || compared(one[1], other[1]));
    if (!canvas) return compendium.csv([["Username", "Pseudonym", ...exercises, total], ...rows]);
    const most = [...exercises.map(() => "1"), String(exercises.length)];
    return compendium.csv([
      [...CANVAS_HEADS, ...exercises, total],
      ["    Points Possible", "", "", "", "", ...most],
      ...rows.map(([identifier, pseudonym, ...marks]) => [pseudonym, "", "", identifier, "", ...marks]),
    ]);
  };

  /** Return the rubric of an open task; its checklist, a point each, where there is none. */
  classes.criteria = ({ rubric, checklist }) => {
    if (rubric.length) return rubric;
    return checklist.length ? checklist.map((text) => ({ points: 1, text })) : [{ points: 1, text: "" }];
  };

  /** Return the open answers as CSV with a row for each criterion, for points and comments to be filled in. */
  classes.rubric = (of) => {
    const head = ["Pseudonym", "Exercise", "Title", "Answer", "Criterion", "Points possible", "Points", "Comment"];
    const open = of.lesson.exercises.filter(({ kind }) => kind === "writing");
    const rows = open.flatMap((exercise) =>
      classes.writings(of, exercise).flatMap(
        ({ student, text }) =>
          classes
            .criteria(exercise)
            .map((line) => [of.students[student].pseudonym, exercise.number, exercise.title, text, line.text, String(line.points), "", ""]), // prettier-ignore
      ),
    );
    return compendium.csv([head, ...rows]);
  };

  /** Return who did what as CSV, a row for each student and exercise. */
  classes.done = (of) => {
    const rows = classes.completion(of).flatMap(
      (did, at) =>
      did.map((one, place) => [of.students[at].pseudonym, of.lesson.exercises[place].number, one.state, String(one.tries), String(one.hints), one.solution ? "yes" : "no"]), // prettier-ignore
    );
    return compendium.csv([["Pseudonym", "Exercise", "State", "Tries", "Hints", "Solution seen"], ...rows]);
  };

  /** Read a CSV table of pseudonyms and identifiers of a learning platform, below a row of heads; throw an Error for the reader. */
  classes.identifiers = (text, file) => {
    const content = text.replace(/^\ufeff/, "");
    const first = content.split("\n")[0];
    const separator = [",", ";", "\t"].reduce((best, one) =>
      first.split(one).length > first.split(best).length ? one : best,
    );
    const found = new Map();
    compendium.csvRows(content, separator).forEach((row, at) => {
      if (!at || !row.some((cell) => cell.trim())) return;
      const [pseudonym = "", identifier = ""] = row.map((cell) => cell.trim());
      if (!pseudonym || !identifier) {
        throw new Error(`${file}, row ${at + 1}: a pseudonym or an identifier is missing. Write both in each row, below a row of heads.`); // prettier-ignore
      }
      found.set(compendium.handIns.key(pseudonym), compendium.unguarded(identifier));
    });
    return found;
  };
}
