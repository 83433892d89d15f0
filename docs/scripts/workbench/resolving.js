"use strict";
/** What coders decide about their disagreements, kept in a file, and the version of the codebook that comes of it. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});

  /** What can be decided of a passage, for two coders named one and other, or for a class. */
  const DECISIONS = ["keep", "all", "none", "codes", "open"];
  const FIELDS = ["definition", "include", "exclude"];
  const isText = (value) => typeof value === "string";
  const sameGuid = (one, other) => one.toLowerCase() === other.toLowerCase();

  /**
   * Return a resolution with nothing decided, of some works.
   *
   * `decisions` are of passages, by text and place: `decided` is `keep` (the codes of `coder`), `all` (everybody’s codes), `none`,
   * `codes` (those that are listed) or `open`; `codes` are GUIDs; and `why`. `rules` are changes of codes: `{ code, definition,
   * include, exclude }`. `added` are codes taken over from another codebook. `aliases` are codes that count as one.
   */
  function begin(works, time) {
    return {
      format: "coding-resolution",
      version: 1,
      guid: wb.guidOf("resolution", ...works.map(({ guid }) => guid).sort()),
      time,
      works: works.map(({ guid, saved, coder, round }) => ({ guid, saved, coder, round })),
      aliases: [],
      decisions: [],
      rules: [],
      added: [],
    };
  }

  const isOf = (decision, { text, start, end }) =>
    decision.text === text && decision.start === start && decision.end === end;

  const inOrder = (one, other) =>
    one.text === other.text ? one.start - other.start || one.end - other.end : one.text < other.text ? -1 : 1;

  const decisionOf = (resolution, place) => resolution.decisions.find((one) => isOf(one, place));

  /** Return a resolution with a decision about a passage, `{ text (digest), start, end, words, decided, coder, codes, why }`. */
  function decide(resolution, decision) {
    const empty = !decision.decided && !decision.why.trim();
    const rest = resolution.decisions.filter((one) => !isOf(one, decision));
    const decisions = [...rest, ...(empty ? [] : [decision])].sort(inOrder);
    return { ...resolution, decisions };
  }

  /** Return a resolution in which a field of a code is to say something else; what a codebook says already is no change. */
  function rule(resolution, code, changes) {
    const before = resolution.rules.find((one) => sameGuid(one.code, code.guid));
    const after = { ...before, ...changes };
    const differing = FIELDS.filter((field) => field in after && after[field].trim() !== (code[field] ?? "").trim());
    const rest = resolution.rules.filter((one) => one !== before);
    if (!differing.length) return { ...resolution, rules: rest };
    const kept = Object.fromEntries(differing.map((field) => [field, after[field].trim()]));
    return { ...resolution, rules: [...rest, { code: code.guid, name: code.name, ...kept }] };
  }

  /** Return what a code is to say: what it says with the changes that were decided. */
  function ruled(resolution, code) {
    const found = resolution.rules.find((one) => sameGuid(one.code, code.guid));
    return found ? { ...code, ...Object.fromEntries(FIELDS.filter((field) => field in found).map((field) => [field, found[field]])) } : code; // prettier-ignore
  }

  /** Return a resolution that takes a code of another codebook over, or no longer does. */
  function take(resolution, code, isTaken) {
    const rest = resolution.added.filter(({ guid }) => !sameGuid(guid, code.guid));
    return { ...resolution, added: isTaken ? [...rest, code] : rest };
  }

  /** Return what the next version of the codebook of a work changes, a sentence each. */
  function changes(resolution, work) {
    const said = { definition: "definition", include: "what to include", exclude: "what to exclude" };
    const ofRules = resolution.rules.flatMap((one) => {
      const code = work.codes.find(({ guid }) => sameGuid(guid, one.code));
      const fields = code ? FIELDS.filter((field) => field in one && one[field] !== (code[field] ?? "").trim()) : [];
      return fields.length
        ? [`${wb.works.path(work, code)}: ${fields.map((field) => said[field]).join(" and ")} changed`]
        : [];
    });
    return [
      ...newCodes(resolution, work).map(({ code, above }) => `${above ? `${above.name} > ` : ""}${code.name}: added`),
      ...ofRules,
    ];
  }

  /** Return the codes to add to a work, each `{ code, above }`: its parent there, or null at the top. */
  function newCodes(resolution, work) {
    const has = ({ guid }) => work.codes.some((code) => sameGuid(code.guid, guid));
    return resolution.added
      .filter((code) => !has(code))
      .map((code) => {
        const above = [...work.codes, ...resolution.added].find(
          ({ guid }) => code.parent && sameGuid(guid, code.parent),
        );
        return { code, above: above && !above.parent ? above : null };
      })
      .sort((one, other) => Boolean(one.above) - Boolean(other.above));
  }

  /** Return a work whose codebook is the next version: with the rules and codes that were decided, and why. */
  function applied(resolution, work, { why = "", time } = {}) {
    const what = changes(resolution, work);
    if (!what.length) return work;
    let next = work;
    for (const { code, above } of newCodes(resolution, work)) {
      const parent = above ? next.codes.find(({ guid }) => sameGuid(guid, above.guid))?.guid ?? "" : ""; // prettier-ignore
      const twin = wb.works.codeNamed(next, code.name, parent);
      if (!twin) next = wb.works.addCode(next, { ...code, parent });
    }
    for (const { code, name: _name, ...said } of resolution.rules) {
      const found = next.codes.find(({ guid }) => sameGuid(guid, code));
      if (found) next = wb.works.editCode(next, found.guid, said);
    }
    return wb.works.newVersion(next, { what: what.join("; "), why: why || reasons(resolution), time });
  }

  /** Return the reasons of the decisions, each once. */
  const reasons = (resolution) =>
    [...new Set(resolution.decisions.map(({ why }) => why.trim()).filter(Boolean))].join("; ");

  /** Return a resolution with what another says, too; of two decisions on one passage, or one rule, that of the other counts. */
  function joined(resolution, other) {
    const join = (list, key) => [...other[list], ...resolution[list].filter((one) => !other[list].some((two) => key(one) === key(two)))]; // prettier-ignore
    const decisions = join("decisions", ({ text, start, end }) => `${text} ${start} ${end}`);
    return {
      ...resolution,
      decisions: decisions.sort(inOrder),
      rules: join("rules", ({ code }) => code.toLowerCase()),
      added: join("added", ({ guid }) => guid.toLowerCase()),
      aliases: join("aliases", ({ from, to }) => `${from} ${to}`),
    };
  }

  const isSettled = (decision) => decision && !["", "open"].includes(decision.decided);

  /**
   * Return a work with what coders agree on: codes that all who read a passage gave, and those that were decided where they
   * differ; and how many passages are still `open`.
   *
   * `now` is a round of `wb.comparing.all`, `base` the work whose codebook counts. Of what fewer than two read nothing is taken.
   */
  function agreed(resolution, { now, base, name, time }) {
    const known = new Map(now.matched.list.map(({ key, guids, versions }) => {
      const own = base.codes.find(({ guid }) => guids.includes(guid.toLowerCase()));
      return [key, own ?? versions.find(Boolean)];
    })); // prettier-ignore
    const shared = now.passages.filter(({ read }) => read.length > 1);
    const decided = (passage) => decisionOf(resolution, { ...passage, text: passage.text.sha256 });
    const settled = shared.map((passage) => {
      const made = decided(passage);
      const all = [...passage.given.keys()].filter((key) => !passage.disputed.includes(key));
      return isSettled(made) ? { passage, keys: made.codes, memo: made.why } : { passage, keys: all, memo: "" };
    });
    const codings = settled.flatMap(({ passage: { text, start, end }, keys, memo }) =>
      keys.filter((key) => known.has(key)).map((key) => {
        const code = known.get(key).guid;
        return { guid: wb.guidOf(resolution.guid, text.sha256, start, end, code), text: text.guid, start, end, code, memo, time };
      }),
    ); // prettier-ignore
    const work = wb.works.begin({
      coder: { guid: wb.guidOf("agreed", resolution.guid), name },
      texts: now.parts.map(({ text }) => text),
      codes: withParents(base.codes, now.matched.list, known),
      codebook: base.codebook,
      round: now.round,
      name: "Agreed",
    });
    const texts = work.texts.map((text) => ({ ...text, read: readByTwo(now, text) }));
    return {
      work: { ...work, texts, codings },
      open: shared.filter((one) => one.disputed.length && !isSettled(decided(one))).length,
    };
  }

  /** Return the codes of a codebook and those of others that it does not have, below the same code as there. */
  function withParents(codes, list, known) {
    const rest = list.map(({ key }) => known.get(key)).filter((code) => !codes.includes(code));
    const above = ({ parent }) =>
      known.get(list.find(({ guids }) => guids.includes(parent.toLowerCase()))?.key)?.guid ?? "";
    return [...codes, ...rest.map((code) => ({ ...code, parent: above(code) }))];
  }

  /** Return the places of a text that two coders or more read. */
  function readByTwo({ parts }, { sha256 }) {
    const { units } = parts.find(({ text }) => text.sha256 === sha256);
    const ranges = [];
    for (const { start, end, read } of units) {
      if (read.length < 2) ranges.push(null);
      else if (ranges.at(-1)) ranges.at(-1)[1] = end;
      else ranges.push([start, end]);
    }
    return ranges.filter(Boolean);
  }

  /** Say why data is no resolution, or return an empty text. */
  function fault(data) {
    if (data?.format !== "coding-resolution") return "This file is not a record of decisions.";
    if (data.version !== 1)
      return `This record of decisions is of version ${data.version}, which this page does not know. Open it in a newer version of the page.`;
    return wellMade(data)
      ? ""
      : "The record of decisions is damaged: part of it is missing or is not as it should be. Ask for it again.";
  }

  function wellMade({ guid, works, aliases, decisions, rules, added }) {
    const each = (list, isGood) => Array.isArray(list) && list.every((one) => one && isGood(one));
    return (
      isText(guid) &&
      each(works, (one) => isText(one.guid) && isText(one.coder?.name)) &&
      each(
        aliases,
        ({ from, to, names }) => isText(from) && isText(to) && Array.isArray(names) && names.every(isText),
      ) &&
      each(decisions, isDecision) &&
      each(rules, (one) => isText(one.code) && FIELDS.every((field) => !(field in one) || isText(one[field]))) &&
      each(added, (code) => isText(code.guid) && isText(code.name) && isText(code.parent))
    );
  }

  const isDecision = ({ text, start, end, words, decided, codes, why }) =>
    isText(text) && isText(words) && isText(why) && Number.isInteger(start) && Number.isInteger(end) && start < end &&
    (decided === "" || DECISIONS.includes(decided)) && Array.isArray(codes) && codes.every(isText); // prettier-ignore

  const asText = (resolution) => `${JSON.stringify(resolution, null, 1)}\n`;

  wb.resolving = {
    begin,
    decide,
    decisionOf,
    rule,
    ruled,
    take,
    changes,
    joined,
    applied,
    agreed,
    reasons,
    fault,
    asText,
  };
}
