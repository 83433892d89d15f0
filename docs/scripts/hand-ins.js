"use strict";
/** Several files of one coder: whose a file is, and which of them counts; as `analysis.teaching.hand_ins` has it. */
{
  const compendium = (globalThis.compendium ??= {});
  const COPY = "(?:copy|copie|copia|kopie|kopia|kopi)";
  /** What is added to the name of a copy: "Copy of x", "Kopie von x"; "x (1)"; "x copy 2", "x - Kopie (2)"; "x (copy)". */
  const ADDED = new RegExp(
    `^${COPY}(?: \\(\\d+\\))? (?:of|von|de|di|van|av|af) | ?\\(\\d+\\)$| (?:- )?${COPY}(?: \\d+| ?\\(\\d+\\))?$` +
      `| ?\\((?:[\\p{L}\\p{N}_ ]* )?${COPY}(?: [\\p{L}\\p{N}_ ]*)?\\)$|\\.csv$`,
    "giu",
  );

  /** Return a pseudonym as it is compared: small letters, one form of each letter, words joined by hyphens. */
  const key = (pseudonym) =>
    pseudonym
      .normalize("NFKC")
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, "-");

  const stem = (file) => file.replace(/\.csv$/i, "");

  /** Return the name of a file without what is added for a copy. */
  function withoutCopy(name) {
    let [before, after] = [null, name.normalize("NFKC").trim().replace(/\s+/g, " ")];
    while (before !== after) [before, after] = [after, after.replace(ADDED, "").trim()];
    return after || name;
  }

  /**
   * Return one coder for each pseudonym, with the latest codes of each facet: `coders` (`name`, `codes`), `notes`, `clashes`.
   *
   * Each of the files has its name, `file`, and what `codings.read` gives: `codes`, `coder`, `number`.
   */
  function sortedOut(files) {
    const found = { coders: [], notes: [], clashes: [] };
    const owners = ownersOf(files);
    for (const owner of [...new Set(owners)].sort()) {
      const inOrder = files.filter((_, at) => owners[at] === owner).sort(byNumber);
      found.coders.push(together(owner, inOrder));
      found.notes.push(...notes(inOrder));
      found.clashes.push(...clashes(inOrder));
    }
    return found;
  }

  /** Return whose each file is. A number behind a name is a hand-in's only where somebody has the name without it. */
  function ownersOf(files) {
    const names = files.map(({ file, coder }) => key(coder || withoutCopy(stem(file))));
    const base = (name) => name.replace(/-\d+$/, "");
    return names.map((name, at) => (!files[at].coder && names.includes(base(name)) ? base(name) : name));
  }

  /** Return the numbers in a file's name that do not belong to the pseudonym. */
  function numbersOf({ file, coder }) {
    const whole = key(stem(file));
    const rest = coder && whole.startsWith(key(coder)) ? whole.slice(key(coder).length) : whole;
    return [...rest.matchAll(/(?:\(|-)(\d+)\)?(?=$|-)/g)].map((found) => Number(found[1].slice(0, 9)));
  }

  function byNumber(one, other) {
    const [ones, others] = [numbersOf(one), numbersOf(other)];
    const at = ones.findIndex((number, place) => number !== others[place]);
    const differ = at < 0 ? ones.length - others.length : ones[at] - (others[at] ?? -1);
    return one.number - other.number || differ || (one.file < other.file ? -1 : 1);
  }

  const facetsOf = ({ codes }) => Object.keys(codes).filter((facet) => codes[facet].size);

  /** Return the file that counts for each facet. */
  const latest = (inOrder) => new Map(inOrder.flatMap((one) => facetsOf(one).map((facet) => [facet, one])));

  function together(owner, inOrder) {
    const counting = latest(inOrder);
    const written = inOrder.map(({ file, coder }) => coder || stem(file).trim()).find((name) => key(name) === owner);
    const codes = Object.keys(inOrder[0].codes).map((f) => [f, counting.get(f)?.codes[f] ?? new Map()]);
    return { name: (written ?? owner).split(/\s+/).join("-"), codes: Object.fromEntries(codes) };
  }

  const said = (one, facet) => JSON.stringify([...one.codes[facet]].sort());

  const saidAlike = (one, other) => Object.keys(one.codes).every((facet) => said(one, facet) === said(other, facet));

  function notes(inOrder) {
    const used = [...new Set(latest(inOrder).values())];
    const parts = [...latest(inOrder)].map(([facet, { file }]) => `${facet} counts from ${file}`);
    const mixed = used.length > 1 ? [`Several files of one coder: ${parts.join(", ")}.`] : [];
    const rest = inOrder.filter((one) => !used.includes(one));
    return [...mixed, ...rest.map((one) => note(one, used))];
  }

  function note(one, used) {
    const same = used.find((other) => saidAlike(one, other));
    if (same) return `${one.file}: the same codings as in ${same.file}, so they count once.`;
    return `${one.file}: ${used.map(({ file }) => file).join(" and ")} counts in its place.`;
  }

  /** Return what is to be said of files that differ while nothing says which is later: they may be from two people. */
  function clashes(inOrder) {
    const pairs = inOrder.flatMap((one, at) => inOrder.slice(at + 1).map((other) => [one, other]));
    return pairs
      .filter(([one, other]) => clash(one, other))
      .map(
        ([one, other]) =>
          `${one.file}: ${other.file} has the same pseudonym and other codings, and nothing in the two files says which is ` +
          "later. If they are from two people, let one choose another pseudonym. If not, remove the older file.",
      );
  }

  function clash(one, other) {
    const both = facetsOf(one).filter((facet) => facetsOf(other).includes(facet));
    const apart =
      one.number && other.number ? one.number !== other.number : numbersOf(one).join() !== numbersOf(other).join();
    return !apart && both.some((facet) => said(one, facet) !== said(other, facet));
  }

  compendium.handIns = { key, sortedOut, withoutCopy };
}
