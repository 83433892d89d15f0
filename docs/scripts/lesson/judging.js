"use strict";
/**
 * Judging an answer by what the page holds: digests that recognise a right answer, and remarks that only the answer in question
 * opens (`analysis.teaching.lesson_pages.sealed_answers` closes them). A judgement is recorded as soon as it is complete.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const LENGTH = 16; // hexadecimal digits of a digest that are kept
  const [NOT_TRIED, NOT_YET, YES, RECORDED] = ["not-tried", "not-yet", "yes", "recorded"];
  const encoder = new TextEncoder();

  /** Return a text of the page's words with its {names} filled in. */
  lessons.filled = (text, values = {}) => text.replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);

  const hashed = (text) => compendium.sha256(encoder.encode(text));
  const digest = (salt, item, answer) => hashed(`${salt}|${item}|${answer}`).slice(0, LENGTH);

  /** Return the text that an answer opens. */
  function opened(salt, item, answer, closed) {
    const bytes = Uint8Array.from(atob(closed), (sign) => sign.charCodeAt(0));
    for (let block = 0; block * 32 < bytes.length; block += 1) {
      const key = hashed(`${salt}|${item}|${answer}|${block}`);
      const end = Math.min(32, bytes.length - block * 32);
      for (let at = 0; at < end; at += 1) bytes[block * 32 + at] ^= parseInt(key.slice(2 * at, 2 * at + 2), 16);
    }
    return new TextDecoder().decode(bytes);
  }

  /** Return what cells of sealed texts hold for an answer, or null if they do not know it. */
  function found(salt, item, answer, cells) {
    const closed = cells[digest(salt, item, answer)];
    return closed === undefined ? null : opened(salt, item, answer, closed);
  }

  const inBand = (salt, item, number, band) =>
    found(salt, item, String(Math.floor((number - band.start) / band.width)), band.cells);

  /** Tell whether nothing was filled in: blanks and dots are nothing. */
  const isBlank = (text) => typeof text !== "string" || !text.replace(/^[ .…\n\t]+/, "");

  const wordsIn = (text) => text.split(/\s+/).filter(Boolean).length;

  /**
   * Return how far an answer has come: `state`, `said` (sentences) and `points` (of a list), in the words of a page.
   * `exercise` is that of the lesson's data.
   */
  lessons.judge = (exercise, value, words) => {
    const say = (name, values) => lessons.filled(words[name], values);
    const judged = KINDS[exercise.kind](exercise, value ?? {}, say);
    return { points: [], ...judged };
  };

  const KINDS = {
    numbers: (exercise, value, say) => closed(exercise, value, say, isBlank, numberJudged),
    matching: (exercise, value, say) => closed(exercise, value, say, isBlank, matched),
    statements: (exercise, value, say) => closed(exercise, value, say, (one) => typeof one !== "boolean", stated),
    coding: (exercise, value, say) => complete(exercise, value, say, (one) => !one?.code),
    labels: (exercise, value, say) => complete(exercise, value, say, isBlank),
    groups: (exercise, value, say) => complete(exercise, value, say, isBlank),
    writing: written,
  };

  const nothing = (say) => ({ state: NOT_TRIED, said: [say("said_not_tried")] });

  // --- answers that can be looked up

  function closed(exercise, value, say, isMissing, judgeOne) {
    const { items, judge } = exercise;
    const missing = items.filter(({ key }) => isMissing(value[key]));
    if (missing.length === items.length) return nothing(say);
    const judged = items
      .filter((item) => !missing.includes(item))
      .map((item) => [item, judgeOne(judge.salt, item, value[item.key], judge.items[item.key], say)]);
    const right = judged.filter(([, one]) => one.secret);
    if (right.length === items.length) return solved(judge, right, say);
    // Of names to choose among, to say which was missed is to give the answer.
    const isBare = ({ text }) => exercise.kind === "statements" && !text;
    const name = (item) => (items.length > 1 && !isBare(item) ? `${item.key}: ` : "");
    // Of two answers, to call one wrong is to tell the other: statements have what is said of them, and no more.
    const isTold = ({ say: said }) => said || exercise.kind !== "statements";
    const points = judged
      .filter(([, one]) => !one.secret && isTold(one))
      .map(([item, one]) => name(item) + (one.say || say("not_right")));
    if (missing.length) points.push(say("to_do", { keys: listed(missing.map(({ key }) => key)) }));
    const count = items.length > 1 ? [say("right_of", { right: right.length, all: items.length })] : [];
    return { state: NOT_YET, said: [say("said_not_yet"), ...count], points: [...new Set(points)] };
  }

  const listed = (keys) => keys.join(", ");

  function solved(judge, right, say) {
    const secrets = right.map(([, one]) => one.secret).join(" ");
    const reason = opened(judge.salt, "reason", secrets, judge.reason);
    return { state: YES, said: [say("said_yes"), reason].filter(Boolean) };
  }

  /** Take apart what a cell holds: a secret, if the answer is right, or a remark. */
  const asJudged = (text) => (text?.startsWith("yes ") ? { secret: text.slice(4) } : { say: text });

  function numberJudged(salt, { key }, text, { right, slips, again }, say) {
    const readings = lessons.readings(text);
    if (!readings.length) return { say: say("not_number", { text: text.trim().slice(0, 40) }) };
    const inRight = readings.map((number) => inBand(salt, key, number, right)).filter(Boolean);
    const yes = inRight.find((one) => one.startsWith("yes "));
    if (yes) return asJudged(yes);
    const remarks = slips.flatMap((slip) => readings.map((number) => inBand(salt, key, number, slip)));
    const remark = remarks.find(Boolean);
    if (remark) return { say: remark };
    const isPercent = readings.some((n) => n > 1 && inBand(salt, key, n / 100, right)?.startsWith("yes "));
    if (isPercent) return { say: say("percent") };
    if (inRight.length) return { say: say("near") };
    return { say: again };
  }

  function matched(salt, { key }, option, { cells, again }, say) {
    const judged = asJudged(found(salt, key, option, cells));
    return judged.secret || judged.say ? judged : { say: again && say("look_again", { what: again }) };
  }

  function stated(salt, { key }, holds, { cells }) {
    return asJudged(found(salt, key, String(holds), cells));
  }

  // --- judgements

  function complete(exercise, value, say, isMissing) {
    const { items } = exercise;
    const missing = items.filter(({ key }) => isMissing(value[key]));
    if (missing.length === items.length) return nothing(say);
    if (missing.length && !exercise.left_out) {
      return {
        state: NOT_YET,
        said: [say("said_not_yet"), say("to_do", { keys: listed(missing.map((one) => one.key)) })],
      };
    }
    const given = items.filter((item) => !missing.includes(item));
    const points = [...aboutWords(exercise, given, value, say), ...aboutCodes(exercise, given, value)];
    return { state: RECORDED, said: [say("said_recorded")], points };
  }

  /** Say for which items the words that decide are missing, or are not among the words that are shown. */
  function aboutWords({ asks_words, left_out }, given, value, say) {
    const asked = asks_words ? given.filter(({ key }) => value[key].code !== left_out) : [];
    const missing = asked.filter(({ key }) => isBlank(value[key].words)).map(({ key }) => key);
    const strange = asked.filter(({ key, text }) => !missing.includes(key) && !isIn(value[key].words, text));
    return [
      ...(missing.length ? [say("words_missing", { keys: listed(missing) })] : []),
      ...strange.map(({ key }) => say("words_strange", { key, words: value[key].words.trim() })),
    ];
  }

  const lettersOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const isIn = (words, text) => lettersOf(words).every((word) => lettersOf(text).includes(word));

  /** Say what is to be said of codes that are often chosen by mistake; withheld until a second round is recorded. */
  function aboutCodes({ judge, withheld, kind }, given, value) {
    if (kind !== "coding" || withheld) return [];
    const { salt, feedback, mistaken } = judge;
    return given
      .filter(({ key }) => feedback[value[key].code] && mistaken.includes(digest(salt, key, value[key].code)))
      .map(({ key }) => `${key}: ${feedback[value[key].code]}`);
  }

  function written({ judge }, { text }, say) {
    if (isBlank(text)) return nothing(say);
    if (wordsIn(text) < judge.least) {
      return { state: NOT_YET, said: [say("said_not_yet"), say("too_short", { n: judge.least })] };
    }
    const points = judge.remarks.filter((one) => applies(one, text)).map((one) => one.say);
    return { state: RECORDED, said: [say("said_recorded_text"), ...(points.length ? [say("to_think")] : [])], points };
  }

  function applies({ find, missing }, text) {
    const pattern = patternOf(find);
    return pattern !== null && pattern.test(text) !== missing;
  }

  const LETTER = "\\p{L}\\p{N}_";
  const EDGE = `(?:(?<=[${LETTER}])(?![${LETTER}])|(?<![${LETTER}])(?=[${LETTER}]))`;

  /** Return a pattern of Python, to which letters of every language are letters; null if browsers do not understand it. */
  function patternOf(find) {
    let within = false; // a class of characters
    const source = find.replace(/\\.|[[\]]/gs, (part) => {
      if (part === "[" || part === "]") within = part === "[";
      if (part === "\\w") return within ? LETTER : `[${LETTER}]`;
      return part === "\\b" && !within ? EDGE : part;
    });
    try {
      return new RegExp(source, "iu");
    } catch {
      return null;
    }
  }

  Object.assign(lessons, { isBlank, wordsIn, YES, RECORDED, NOT_TRIED, NOT_YET });
}
