"use strict";
/** Places in a text: code points, as Python and REFI-QDA count; UTF-16 units, as browsers do; and the pieces of a text. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const KEPT = 8; // texts whose conversions are remembered
  const known = new Map();

  /** Return the conversions between the two counts. A place within a character is taken for the start of it. */
  wb.positions = (content) => {
    const found = known.get(content) ?? conversions(content);
    known.delete(content);
    known.set(content, found); // the latest used is the last
    if (known.size > KEPT) known.delete(known.keys().next().value);
    return found;
  };

  /** Only characters beyond U+FFFF, which take two units, are listed: most texts have few. */
  function conversions(content) {
    const wide = Array.from(content.matchAll(/[\u{10000}-\u{10ffff}]/gu), (found) => found.index);
    const wideInPoints = wide.map((units, before) => units - before);
    return {
      points: content.length - wide.length,
      toPoints: (units) => units - below(wide, units),
      toUnits: (points) => points + below(wideInPoints, points),
    };
  }

  /** Return how many of some places, in their order, are below a value. */
  function below(places, value) {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // --- pieces

  /**
   * Return the pieces of a text, each with `start` and `end`.
   *
   * `paragraphs` are its lines, empty ones too, without their breaks. `turns` are paragraphs with the speaker's label and
   * those after it without one (`speaker` is the label); where nobody is named, each paragraph is a turn. `sentences` and
   * `words` are found within paragraphs; a speaker's label belongs to no sentence.
   */
  wb.pieces = (content, language) => {
    const { toPoints } = wb.positions(content);
    const inPoints = ({ start, end, ...more }) => ({ start: toPoints(start), end: toPoints(end), ...more });
    const lines = linesOf(content);
    const labels = labelsOf(content, lines);
    const spoken = lines.map((line, at) => ({ ...line, start: labels[at]?.end ?? line.start }));
    const once = (make) => {
      let made;
      return () => (made ??= make());
    };
    const paragraphs = lines.map(inPoints);
    const turns = once(() => turnsOf(content, lines, labels).map(inPoints));
    const sentences = once(() => sentencesOf(content, spoken, language).map(inPoints));
    const words = once(() => wordsOf(content, language).map(inPoints));
    return {
      paragraphs,
      // Finding words takes longest, and many readers never ask for them.
      get turns() {
        return turns();
      },
      get sentences() {
        return sentences();
      },
      get words() {
        return words();
      },
    };
  };

  function linesOf(content) {
    const lines = [];
    let [start, end] = [0, 0];
    do {
      end = content.indexOf("\n", start);
      if (end < 0) end = content.length;
      lines.push({ start, end });
      start = end + 1;
    } while (end < content.length);
    return lines;
  }

  // A time may stand before the name: "[00:12:04] Anna: …". A name has no colon, and blanks follow its own.
  const LABEL =
    /^\s*(?:[[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?[\])]?\s+)?([^\s:：][^:：]{0,39}?)\s*(?::(?=\s|$)|：)\s*/u;
  const NAME = /^(?:[\p{Lu}\p{Lt}\p{Lo}\p{N}([#][^\s]*|and|&|de|du|la|van|von|of|the)$/u;
  const SENTENCE = /[!?…;]|\p{Ll}{4}\.|[“”"„»«]/u;

  /** Return the label of each line's speaker, or null: names, and what begins several lines as a name would. One is none. */
  function labelsOf(content, lines) {
    const found = lines.map(({ start, end }) => {
      const match = LABEL.exec(content.slice(start, Math.min(end, start + 80)));
      if (!match || SENTENCE.test(match[1]) || match[1].split(/\s+/).length > 6) return null;
      return { end: start + match[0].length, speaker: match[1] };
    });
    const often = new Map();
    for (const one of found) if (one) often.set(one.speaker, (often.get(one.speaker) ?? 0) + 1);
    const isName = ({ speaker }) => speaker.split(/\s+/).every((word) => NAME.test(word));
    const labels = found.map((one) => (one && (often.get(one.speaker) > 1 || isName(one)) ? one : null));
    return labels.filter(Boolean).length > 1 ? labels : lines.map(() => null);
  }

  function turnsOf(content, lines, labels) {
    const turns = [];
    lines.forEach((line, at) => {
      const place = trimmedUnits(content, line);
      if (place.start === place.end) return;
      const last = turns.at(-1);
      if (labels[at]) turns.push({ ...place, speaker: labels[at].speaker });
      else if (last?.speaker) last.end = place.end;
      else turns.push({ ...place, speaker: "" });
    });
    return turns;
  }

  const SENTENCES = /[^.!?…\n]*(?:[.!?…]+(?!\s|$)[^.!?…\n]*)*[.!?…]*/gu;
  const WORDS = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;

  /** Return the sentences; what is spoken of a line begins behind its label. */
  function sentencesOf(content, spoken, language) {
    let line = 0;
    return cut(content, "sentence", language, SENTENCES)
      .map((piece) => {
        while (spoken[line].end < piece.start) line += 1;
        return trimmedUnits(content, { start: Math.max(piece.start, spoken[line].start), end: piece.end });
      })
      .filter(({ start, end }) => start < end);
  }

  // Firefox takes words of some scripts, such as Devanagari, for none.
  const wordsOf = (content, language) => cut(content, "word", language, WORDS, (piece) => /[\p{L}\p{N}]/u.test(piece));

  /**
   * Cut a text into pieces by the rules of a language; by a pattern in browsers that have no such rules. It is cut as a whole,
   * which takes a quarter of the time for its lines, as the end of a line ends words and sentences, too.
   */
  function cut(content, granularity, language, pattern, isPiece = () => true) {
    const rules = rulesOf(granularity, language);
    const pieces = [];
    for (const { index, segment, isWordLike, 0: match } of rules?.segment(content) ?? content.matchAll(pattern)) {
      const piece = segment ?? match;
      if (isWordLike || isPiece(piece)) pieces.push({ start: index, end: index + piece.length });
    }
    return pieces;
  }

  function rulesOf(granularity, language = "en") {
    if (!globalThis.Intl?.Segmenter) return null;
    try {
      return new Intl.Segmenter(language || "en", { granularity });
    } catch {
      return new Intl.Segmenter("en", { granularity }); // the name of the language is none
    }
  }

  // --- places that readers choose

  /** Return a place without blanks at its ends; an empty one where it is blank. */
  wb.trimmed = (content, place) => inUnits(content, place, (units) => trimmedUnits(content, units));

  /** Return a place widened so that no character, as readers see it, is cut in two. */
  wb.whole = (content, place) => inUnits(content, place, (units) => wholeUnits(content, units));

  function inUnits(content, { start, end }, change) {
    const { toUnits, toPoints } = wb.positions(content);
    const changed = change({ start: toUnits(start), end: toUnits(end) });
    return { start: toPoints(changed.start), end: toPoints(changed.end) };
  }

  function trimmedUnits(content, { start, end }) {
    while (end > start && /\s/.test(content[end - 1])) end -= 1;
    while (start < end && /\s/.test(content[start])) start += 1;
    return { start, end };
  }

  function wholeUnits(content, { start, end }) {
    const first = start < content.length ? characterAt(content, start).start : start;
    if (start >= end) return { start: first, end: first };
    return { start: first, end: characterAt(content, end - 1).end };
  }

  let characters = { content: null, segments: null }; // of the latest text

  function characterAt(content, place) {
    const rules = rulesOf("grapheme");
    if (!rules) return plainCharacterAt(content, place);
    if (characters.content !== content) characters = { content, segments: rules.segment(content) };
    const { index, segment } = characters.segments.containing(place);
    return { start: index, end: index + segment.length };
  }

  /** Marks, joiners and skin tones stay with what is before them, and what follows a joiner with the joiner. */
  function plainCharacterAt(content, place) {
    const joins = (at) =>
      /^[\p{M}\u200d\u{1f3fb}-\u{1f3ff}]/u.test(content.slice(at, at + 2)) ||
      content[at - 1] === "\u200d" ||
      (content[at - 1] >= "\ud800" && content[at - 1] < "\udc00");
    let [start, end] = [place, place + 1];
    while (start > 0 && joins(start)) start -= 1;
    while (end < content.length && joins(end)) end += 1;
    return { start, end };
  }
}
