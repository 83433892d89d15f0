"use strict";
/** Numbers as students type them: 0.42, 0,42, .42, 42 %, 10/40. `analysis.teaching.lesson_pages.typed_numbers` reads the same. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const PLAIN = /^[+\-\u2212]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)$/;
  const GROUPED = /^[+\-\u2212]?[1-9][0-9]{0,2}(?:([., '’])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?$/;
  const LONGEST = 40;

  /** Return what a typed text may mean as a number, the most usual meaning first; nothing if it is not a number. */
  lessons.readings = (text) => {
    const typed = text
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^[=≈~]\s*/, "");
    if (!typed || typed.length > LONGEST) return [];
    if (typed.endsWith("%")) return lessons.readings(typed.slice(0, -1)).map((number) => number / 100);
    const [above, ...below] = typed.replace(/[÷∕⁄]/g, "/").split("/");
    if (!below.length) return whole(typed);
    const others = whole(below.join("/").trim()).filter(Boolean);
    return whole(above.trim())
      .flatMap((one) => others.map((other) => one / other))
      .slice(0, 1);
  };

  function whole(typed) {
    const found = [];
    if (PLAIN.test(typed)) found.push(asNumber(typed.replace(",", ".")));
    const grouped = GROUPED.exec(typed);
    if (grouped) found.push(asNumber(typed.replaceAll(grouped[1], "").replace(",", ".")));
    return [...new Set(found)].filter(Number.isFinite);
  }

  const asNumber = (typed) => Number(typed.replace("\u2212", "-"));
}
