"use strict";
/**
 * Partners: their answers beside one's own, where they differ first, and what one says of a partner's open answers. The words are
 * those of a lesson's page; what a partner wrote is text and nothing else.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const { element, table } = compendium;
  const MOST_PAIRS = 40; // of groups, that are listed
  let made = 0;

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);
  const single = (text) => text.replace(/\s+/g, " ").trim();

  /** Return what an answer to an item says: `code` to compare by, what it is shown as, words that decide, and a reason. */
  function said(exercise, value, words) {
    const given = exercise.kind === "coding" ? value?.code : value;
    const shown = (name) => (typeof value?.[name] === "string" ? single(value[name]) : "");
    if (exercise.kind === "statements" && typeof given === "boolean") {
      return { code: String(given), label: given ? words.yes : words.no, words: "", reason: "" };
    }
    const text = typeof given === "string" ? single(given) : "";
    if (!text) return null;
    const label = exercise.options.find((option) => option.value === text)?.label ?? text;
    return { code: text.toLowerCase(), label, words: shown("words"), reason: shown("reason") };
  }

  /** Return what was answered item by item; where only what belongs is named, the rest is left out on purpose. */
  function byItem(exercise, value, words) {
    const given = new Map(exercise.items.map(({ key }) => [key, said(exercise, value?.[key], words)]));
    const isAnswered = [...given.values()].some(Boolean);
    if (!exercise.left_out || !isAnswered) return given;
    for (const [key, one] of given) if (!one) given.set(key, said(exercise, { code: exercise.left_out }, words));
    return given;
  }

  /**
   * Return an exercise as two students answered it, where they differ first. `own` and `partner` are the values of their answers,
   * `name` is the partner's pseudonym, and `words` are those of the page.
   */
  function sideBySide({ exercise, own, partner, name, words }) {
    const ours = byItem(exercise, own, words);
    const theirs = byItem(exercise, partner, words);
    if (![...theirs.values()].some(Boolean)) return element("p", {}, filled(words.partner_none, { name }));
    if (exercise.kind === "groups") return pairs(exercise, ours, theirs, name, words);
    const both = exercise.items.filter(({ key }) => ours.get(key) && theirs.get(key));
    const isSame = ({ key }) => ours.get(key)?.code === theirs.get(key)?.code;
    const same = both.filter(isSame).length;
    const ordered = exercise.items
      .filter(({ key }) => ours.get(key) || theirs.get(key))
      .sort((one, other) => isSame(one) - isSame(other));
    const rows = ordered.map((item) => [
      nameOf(item),
      cell(ours.get(item.key), words),
      cell(theirs.get(item.key), words),
      isSame(item) ? "=" : "≠",
    ]);
    const told = filled(words.agree_partner, { name, same, all: both.length });
    const heads = [words.passage, words.you, name, element("span", { "aria-hidden": "true" }, "= ≠")];
    return element("div", { class: "peer-compared" }, element("p", {}, told), table(told, heads, rows));
  }

  const nameOf = ({ key, text }) => (text ? `${key}: ${text}` : key);

  function cell(one, words) {
    if (!one) return words.not_coded;
    const parts = [element("strong", {}, one.label)];
    if (one.words) parts.push(element("br"), `“${one.words}”`);
    if (one.reason) parts.push(element("br"), one.reason);
    return element("span", {}, ...parts);
  }

  function pairs(exercise, ours, theirs, name, words) {
    const items = exercise.items.filter(({ key }) => ours.get(key) && theirs.get(key));
    const counts = { all: 0, same: 0, together: 0, apart: 0, yours: 0, theirs: 0 };
    const rows = [];
    items.forEach((one, at) => {
      for (const other of items.slice(at + 1)) {
        const [mine, others] = [ours, theirs].map((given) => given.get(one.key).code === given.get(other.key).code);
        counts.all += 1;
        if (mine === others) {
          counts.same += 1;
          counts[mine ? "together" : "apart"] += 1;
        } else {
          counts[mine ? "yours" : "theirs"] += 1;
          const word = (is) => (is ? words.together : words.apart);
          rows.push([nameOf(one), nameOf(other), word(mine), word(others)]);
        }
      }
    });
    const told = element("p", {}, filled(words.groups_same, counts));
    if (!rows.length) return element("div", { class: "peer-compared" }, told, element("p", {}, words.differ_none));
    const heads = [words.one, words.other, words.you, name];
    return element(
      "div",
      { class: "peer-compared" },
      told,
      table(`${words.groups_differ}: ${name}`, heads, rows.slice(0, MOST_PAIRS)),
    );
  }

  /**
   * Return a form for what one says of a partner's open answer: the checklist of the exercise and a comment. `review` is what was
   * said before, if anything; `change` is called with the new review (`of`, `exercise`, `checklist`, `comment`) at each change.
   */
  function reviewForm({ exercise, partner, name, review, words, change }) {
    const text = typeof partner?.text === "string" ? partner.text.trim() : "";
    if (!text) return element("p", {}, filled(words.partner_none, { name }));
    const id = `peer-${(made += 1)}`;
    const boxes = exercise.checklist.map((point, at) => {
      const input = element("input", { type: "checkbox", id: `${id}-${at}` });
      input.checked = review?.checklist?.[at] === true;
      input.addEventListener("change", tell);
      return [input, element("label", { for: `${id}-${at}` }, point)];
    });
    const comment = element("textarea", { id: `${id}-comment`, rows: "3", maxlength: "5000" });
    comment.value = review?.comment ?? "";
    comment.addEventListener("input", tell);

    function tell() {
      const checklist = boxes.map(([input]) => input.checked);
      change({ of: name, exercise: exercise.number, checklist, comment: comment.value });
    }

    const points = element(
      "fieldset",
      {},
      element("legend", {}, words.partner_checklist),
      ...boxes.map(([input, label]) => element("p", { class: "peer-point" }, input, " ", label)),
    );
    return element(
      "div",
      { class: "peer-review" },
      element("p", {}, element("strong", {}, filled(words.partner_text, { name }))),
      element("blockquote", { class: "peer-text" }, text),
      ...(boxes.length ? [points] : []),
      element("p", {}, element("label", { for: comment.id }, filled(words.partner_comment, { name })), comment),
    );
  }

  /** Return reviews with one of them put in the place of the earlier one of the same partner's answer. */
  function withReview(reviews, one) {
    return [...reviews.filter(({ of, exercise }) => of !== one.of || exercise !== one.exercise), one];
  }

  compendium.peerReview = { sideBySide, reviewForm, withReview };
}
