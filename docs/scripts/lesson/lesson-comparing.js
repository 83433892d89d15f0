"use strict";
/** Answers beside those of the record, of a partner, and of a first round; and solutions, as they are shown on the page. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const { element } = compendium;
  const MOST_PAIRS = 20; // pairs grouped differently that are listed: as many as a person would go through

  const paragraph = (text) => element("p", {}, text);
  const paragraphs = (texts) => texts.filter(Boolean).map(paragraph);

  /** Return how views of an exercise are made, in the words of a lesson; each is a list of elements. */
  lessons.comparing = (lesson) => {
    const say = (name, values) => lessons.filled(lesson.words[name], values);

    const labelOf = ({ options }, code) => options.find(({ value }) => value === code)?.label ?? code;
    const none = () => say("not_coded");

    function table(caption, heads, rows) {
      const filled = heads.map((_, column) => column === 0 || rows.some((row) => row[column]));
      const kept = (cells) => cells.filter((_, column) => filled[column]);
      return compendium.table(caption, kept(heads), rows.map(kept));
    }

    const titleOf = (exercise, name) => `${exercise.number}: ${name}`;

    // --- solutions of what can be looked up

    function solution(exercise, solved) {
      const written = (one) => (typeof one === "boolean" ? say(one ? "yes" : "no") : labelOf(exercise, one));
      const rows = exercise.items
        .filter(({ key }) => solved.items[key])
        .map(({ key }) => [nameOf(exercise, key), written(solved.items[key].right), solved.items[key].why]);
      const shown = rows.length
        ? [table(titleOf(exercise, say("solution")), [say("item"), say("right_answer"), say("what_decides")], rows)]
        : [];
      return [...shown, ...paragraphs([solved.solution]), ...(solved.tables ?? []).map(ofKey)];
    }

    const ofKey = ({ caption, heads, rows }) => compendium.table(caption, heads, rows);
    const nameOf = ({ items }, key) => (items.length > 1 ? key : say("your_answer"));

    // --- codes

    /** Return the codes of an answer by item; what is left out has the code for that. */
    function codesOf(exercise, value) {
      const given = exercise.items.map(({ key }) => [key, value[key]?.code || exercise.left_out]);
      return new Map(given.filter(([, code]) => code));
    }

    function withRecord(exercise, value, solved) {
      if (exercise.kind === "writing") return textWithRecord(exercise, value, solved);
      if (exercise.kind === "groups")
        return groups(exercise, value, recordOf(solved), say("the_record"), solved.solution);
      if (exercise.kind === "labels")
        return labels(exercise, value, recordOf(solved), say("the_record"), solved.solution);
      const codes = codesOf(exercise, value);
      const judged = exercise.items.filter(({ key }) => codes.has(key) && solved.items[key]);
      const same = judged.filter(({ key }) => codes.get(key) === solved.items[key].taken);
      const allowed = judged.filter(({ key }) => solved.items[key].allowed.includes(codes.get(key)));
      const rows = judged
        .filter((item) => !same.includes(item))
        .map(({ key, text }) => {
          const { taken, allowed: also, why } = solved.items[key];
          const names = also.map((code) => labelOf(exercise, code)).join(", ");
          return [key, text, labelOf(exercise, codes.get(key)), labelOf(exercise, taken), names, why];
        });
      const heads = [say("item"), say("says"), say("you"), say("the_record"), say("also_allowed"), say("why")];
      const counted = [
        say("agree_record", { same: same.length, all: judged.length }),
        allowed.length ? say("allowed_too", { n: allowed.length }) : "",
        rows.length ? "" : say("differ_none"),
      ];
      return [
        ...paragraphs([counted.filter(Boolean).join(" "), solved.solution]),
        ...(rows.length ? [table(titleOf(exercise, say("compare")), heads, rows)] : []),
        paragraph(say("open_note")),
      ];
    }

    const recordOf = (solved) =>
      Object.fromEntries(Object.entries(solved.items).map(([key, { taken }]) => [key, taken]));

    /** Return the codes of two answers to the same items side by side, those that differ with their reasons. */
    function twoCodings(exercise, [one, other], [ours, theirs], agree) {
      const codes = [codesOf(exercise, one), codesOf(exercise, other)];
      const both = exercise.items.filter(({ key }) => codes.every((given) => given.has(key)));
      const differing = both.filter(({ key }) => codes[0].get(key) !== codes[1].get(key));
      const cell = (value, key, given) =>
        [labelOf(exercise, given.get(key)), quoted(value[key]?.words), value[key]?.reason].filter(Boolean).join(" · ");
      const rows = differing.map(({ key, text }) => [key, text, cell(one, key, codes[0]), cell(other, key, codes[1])]);
      return [
        paragraph(say(agree, { name: theirs, same: both.length - differing.length, all: both.length })),
        rows.length
          ? table(titleOf(exercise, `${ours} · ${theirs}`), [say("item"), say("says"), ours, theirs], rows)
          : paragraph(say("differ_none")),
      ];
    }

    const quoted = (words) => (words?.trim() ? `“${words.trim()}”` : "");

    // --- own words, groups, texts

    function labels(exercise, value, other, name, about) {
      const rows = exercise.items.map(({ key, text }) => [key, text, value[key] ?? none(), other[key] ?? none()]);
      return [
        ...paragraphs([about]),
        table(titleOf(exercise, name), [say("item"), say("says"), say("you"), name], rows),
      ];
    }

    /** Return two groupings pair by pair, as `comparisons.Grouping` compares them. */
    function groups(exercise, value, other, name, about) {
      const plain = (text) =>
        text
          .trim()
          .toLowerCase()
          .replace(/[\s_-]+/g, "-");
      const items = exercise.items.filter(({ key }) => value[key] && other[key]);
      const counts = { all: 0, together: 0, apart: 0, yours: 0, theirs: 0 };
      const rows = [];
      items.forEach((one, at) => {
        for (const two of items.slice(at + 1)) {
          const ours = plain(value[one.key]) === plain(value[two.key]);
          const theirs = plain(other[one.key]) === plain(other[two.key]);
          counts.all += 1;
          counts[ours === theirs ? (ours ? "together" : "apart") : ours ? "yours" : "theirs"] += 1;
          const said = [ours, theirs].map((together) => say(together ? "together" : "apart"));
          if (ours !== theirs) rows.push([`${one.key}, ${two.key}`, one.text, two.text, ...said]);
        }
      });
      const heads = [say("item"), say("one"), say("other"), say("you"), name];
      const same = counts.together + counts.apart;
      const shown = rows.slice(0, MOST_PAIRS);
      return [
        ...paragraphs([say("groups_same", { ...counts, same }), about]),
        ...(shown.length ? [table(titleOf(exercise, say("groups_differ")), heads, shown)] : []),
      ];
    }

    function textWithRecord(exercise, { text }, solved) {
      const named = Object.entries(solved.items).filter(([code]) => names(text, code));
      const notes = (named.length ? named : Object.entries(solved.items)).map(([code, { why }]) => `${code}: ${why}`);
      return [
        ...(solved.record
          ? [paragraph(solved.solution || say("model_text")), element("blockquote", {}, solved.record)]
          : []),
        ...(notes.length ? [paragraph(say("codebook_says")), list(notes)] : []),
        paragraph(say("open_note")),
      ];
    }

    const names = (text, code) =>
      text
        .toLowerCase()
        .replace(/[\s_-]+/g, "-")
        .includes(code.toLowerCase());
    const list = (texts) => element("ul", {}, ...texts.map((text) => element("li", {}, text)));

    /** Return what a partner answered beside one's own answer; `review` makes the fields for a review of a text. */
    function withPartner(exercise, value, partner, review) {
      const theirs = partner.answers[exercise.number]?.value;
      const name = partner.pseudonym;
      if (!theirs || !Object.keys(theirs).length) return [paragraph(say("partner_none", { name }))];
      if (exercise.kind === "writing") return review(exercise, theirs);
      if (exercise.kind === "coding") return twoCodings(exercise, [value, theirs], [say("you"), name], "agree_partner");
      return exercise.kind === "groups"
        ? groups(exercise, value, theirs, name, "")
        : labels(exercise, value, theirs, name, "");
    }

    const rounds = (exercise, first, second) =>
      twoCodings(exercise, [first, second], [say("first_round"), say("second_round")], "agree_rounds");

    return { solution, withRecord, withPartner, rounds };
  };
}
