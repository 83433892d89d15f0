"use strict";
/** What a finished coding comes to beside the record, and what several coders come to beside each other. */
{
  const compendium = (globalThis.compendium ??= {});
  const { element, table, agreement } = compendium;

  /** Return a statistic to two decimals, with a true minus sign; its full value is in the element. */
  function rounded({ value, reason }) {
    if (value === null) return `not defined: ${reason}`;
    return element("data", { value: String(value) }, compendium.rounded(value));
  }

  const named = (facet, code) => facet.codes[code].name;

  // --- beside the record

  /** Return the comparison of a coder with the record in one facet. */
  function besideRecord(material, progress, name) {
    const facet = material.facets[name];
    const own = compendium.progress.chosen(material, progress, name);
    const record = new Map([...own.keys()].map((passage) => [passage, facet.record[passage].code]));
    const found = agreement.ofTwo(own, record);
    const [alike, allowed, other] = sortedOut(facet, own);
    const differing = [...own.keys()].filter((passage) => !alike.includes(passage));
    return element(
      "section",
      { class: "facet", "data-facet": name },
      element("h3", {}, `${facet.title}: you and the record`),
      element("p", {}, facet.whose),
      table(
        `Agreement on ${name}`,
        ["Measure", "Value"],
        [
          ["Passages compared", String(found.paired)],
          ["The same code", String(alike.length)],
          ["An allowed alternative", String(allowed.length)],
          ["Another code", String(other.length)],
          ["Percent agreement", rounded(found.percent)],
          ["Cohen’s kappa", rounded(found.kappa)],
        ],
      ),
      ...(found.paired ? [element("p", {}, moved(found.paired))] : []),
      crossed(facet, own, record),
      element("h4", {}, differing.length ? `Where you and the record differ: ${differing.length}` : "No difference"),
      ...(differing.length ? [inExplorer(material, differing)] : []),
      ...differing.map((passage) => difference(material, progress, facet, passage, own.get(passage))),
      same(material, alike),
    );
  }

  /** Return the passages with the same code as in the record, with an alternative that it allows, and with another. */
  function sortedOut(facet, own) {
    const kind = (passage) => {
      const { code, allowed } = facet.record[passage];
      return own.get(passage) === code ? 0 : allowed.includes(own.get(passage)) ? 1 : 2;
    };
    return [0, 1, 2].map((wanted) => [...own.keys()].filter((passage) => kind(passage) === wanted));
  }

  function inExplorer(material, passages) {
    const address = `${material.explorer}?passages=${passages.join(",")}`;
    const link = element(
      "a",
      { href: address, class: "in-explorer" },
      "Compare with the coding of record in the explorer",
    );
    return element("p", {}, link, ": these passages with every code, reason and allowed alternative.");
  }

  function moved(paired) {
    const step = compendium.rounded(1 / paired);
    return `A single passage coded otherwise moves percent agreement by ${step}. So few passages tell little.`;
  }

  function crossed(facet, own, record) {
    const codes = Object.keys(facet.codes);
    const counts = agreement.confusion(own, record, codes);
    const rows = codes.map((code, at) => [named(facet, code), ...counts[at].map(String)]);
    const caption = `${facet.title}: your codes (down) and those of the record (across)`;
    return table(caption, ["You", ...codes.map((c) => named(facet, c))], rows);
  }

  const UNSEEN = "The record goes by the lead-in here, which you have not seen.";

  function difference(material, progress, facet, passage, code) {
    const { code: recorded, basis, reasons, allowed } = facet.record[passage];
    const reason = progress.reasons[passage]?.trim();
    return element(
      "article",
      { class: "difference", "data-passage": passage },
      element("h5", {}, passageLink(material, passage)),
      element("p", {}, material.passages[passage].gist),
      element(
        "dl",
        {},
        element("dt", {}, "You: ", codeLink(facet, code)),
        element("dd", {}, reason || "You gave no reason."),
        element("dt", {}, "The record: ", codeLink(facet, recorded)),
        element("dd", {}, ...reasons.map((why) => element("p", {}, why))),
      ),
      ...(basis === "lead-in" ? [element("p", { class: "unseen" }, UNSEEN)] : []),
      ...(allowed.includes(code)
        ? [element("p", { class: "allowed" }, "Yours is an alternative that the record allows.")]
        : []),
    );
  }

  function passageLink(material, passage) {
    return element("a", { href: material.passages[passage].address }, passage);
  }

  function codeLink(facet, code) {
    return element("a", { href: facet.codes[code].address }, named(facet, code));
  }

  function same(material, passages) {
    if (!passages.length) return "";
    const links = passages.flatMap((passage) => [" ", passageLink(material, passage)]);
    return element("p", {}, `The same code (${passages.length}):`, ...links);
  }

  // --- beside each other

  /** Return the comparison of coders, each `{ name, codes }` with a Map of codes by facet. */
  function besideEachOther(material, coders) {
    const parts = Object.entries(material.facets).flatMap(([name, facet]) => {
      const given = coders.filter((coder) => coder.codes[name].size);
      return given.length > 1 ? [ofFacet(material, name, facet, given)] : [];
    });
    const none = "No two of them coded the same facet, so there is nothing to compare.";
    return element("div", {}, ...(parts.length ? parts : [element("p", {}, none)]));
  }

  function ofFacet(material, name, facet, given) {
    return element(
      "section",
      { "data-facet": name },
      element("h3", {}, `${facet.title}: ${given.map((coder) => coder.name).join(", ")}`),
      table(
        `Agreement of each pair on ${name}`,
        ["Pair", "Passages both coded", "Percent agreement", "Cohen’s kappa"],
        pairs(given).map(([one, other]) => pairRow(one, other, name)),
      ),
      ...divided(material, name, facet, given),
    );
  }

  function pairRow(one, other, name) {
    const found = agreement.ofTwo(one.codes[name], other.codes[name]);
    return [`${one.name} and ${other.name}`, String(found.paired), rounded(found.percent), rounded(found.kappa)];
  }

  const pairs = (all) => all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other]));

  function divided(material, name, facet, given) {
    const codes = Object.keys(facet.codes);
    const maps = given.map((coder) => coder.codes[name]);
    const found = agreement.byPassage(Object.keys(material.passages), maps, codes);
    const rows = found.map((row) => [
      passageLink(material, row.passage),
      ...maps.map((codesOf) => (codesOf.has(row.passage) ? named(facet, codesOf.get(row.passage)) : "–")),
      split(row),
    ]);
    const heads = ["Passage", ...given.map((coder) => coder.name), "Split"];
    const differing = found.filter((row) => row.share < 1).map((row) => row.passage);
    return [
      table(`Passage by passage on ${name}, the most divided first`, heads, rows),
      ...toDiscuss(material, differing),
    ];
  }

  /** Return what the passages say on which coders differ: the table has room for their keys only. */
  function toDiscuss(material, passages) {
    if (!passages.length) return [];
    const items = passages.map((one) =>
      element("li", {}, passageLink(material, one), ` ${material.passages[one].gist}`),
    );
    return [element("h4", {}, "To talk about"), element("ul", { class: "to-discuss" }, ...items)];
  }

  function split({ coders, counts }) {
    if (coders < 2) return "one coder";
    const parts = counts.filter(Boolean).sort((one, other) => other - one);
    return parts.length === 1 ? `all ${coders} agree` : parts.join(" : ");
  }

  compendium.results = { besideRecord, besideEachOther };
}
