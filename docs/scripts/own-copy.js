"use strict";
/** The page that finds the article's wording in a reader's own copy. The wording is in this tab's memory and nowhere else. */
{
  const compendium = (globalThis.compendium ??= {});
  const { element, counted, copyText, fragments } = compendium;
  const material = compendium.dataOf("copy-material");
  const at = (id) => document.getElementById(id);
  const RANK = ["found", "ambiguous", "not found"];
  let search = new AbortController(); // the latest: an earlier one that is still under way shows nothing

  /** Search the texts that `take` gives and show what is in them; say so where that cannot be done. */
  async function look(name, take) {
    const mine = startAgain();
    clear();
    at("copy-bar").hidden = false;
    say(`Looking into ${name} …`);
    await compendium.closeOff();
    try {
      const findings = await best(await take(mine), (part) => mine.aborted || (at("copy-bar").value = part));
      if (!mine.aborted) showFindings(name, findings);
    } catch (fault) {
      if (mine.aborted) return;
      if (!(fault instanceof copyText.NoCopy)) {
        say(`${name} could not be looked into: ${fault.message}. Reload the page, and try again.`);
        throw fault;
      }
      say(`${name}: ${fault.message}`);
    } finally {
      if (!mine.aborted) {
        at("copy-bar").hidden = true;
        at("copy-said").scrollIntoView({ block: "nearest" }); // a pasted text leaves it below the screen
      }
    }
  }

  function startAgain() {
    search.abort();
    search = new AbortController();
    return search.signal;
  }

  /** Search the texts and return the best answer for each fragment; what one text has is not looked for in the next. */
  async function best(texts, tell) {
    const answers = material.fragments.map(() => ({ answer: "not found" }));
    for (const [number, { text, placeOf, pageOf }] of texts.entries()) {
      const open = [...answers.keys()].filter((place) => answers[place].answer !== "found");
      const wanted = open.map((place) => material.fragments[place]);
      const progress = (part) => tell((number + part) / texts.length);
      const found = await fragments.find(text, wanted, material.citedWithin, progress);
      open.forEach((place, at) => {
        if (rank(found[at]) >= rank(answers[place])) return;
        const { start } = found[at];
        answers[place] = { ...found[at], place: placeOf(start), page: pageOf(start) };
      });
    }
    return answers;
  }

  const rank = (finding) => RANK.indexOf(finding.answer);

  const say = (text) => (at("copy-said").textContent = text);

  // --- what was found

  function showFindings(name, findings) {
    const [passages, codes] = [material.passages, material.codes].map((owners) => piecesOf(owners, findings));
    const whole = passages.filter(isWhole).sort(asInTheCopy);
    const missing = passages.filter((one) => !isWhole(one));
    if (findings.every((finding) => finding.answer === "not found")) {
      say(
        `${name} is not the article: the wording of 0 of ${passages.length} passages is in it. Choose a copy of the full text.`,
      );
      return;
    }
    say(`${name}: the wording of ${whole.length} of ${passages.length} passages was found. ${rest(findings)}`);
    const order = ({ pieces }, place) =>
      pieces[0].page ? `page ${pieces[0].page} of the file` : `${place + 1} of ${whole.length} in the order of your copy`;
    at("copy-results").replaceChildren(
      ...section(`Not found: ${counted(missing.length, "passage")}`, missing, (one) => [advice(one, name)], () => ""),
      ...section(`Found: ${counted(whole.length, "passage")}`, whole, () => [], order),
      element(
        "details",
        {},
        element("summary", {}, `Labels of first-order codes: ${codes.filter(isWhole).length} of ${codes.length} found`),
        ...codes.map((one) => listed(one, [], "")),
      ),
    );
    at("copy-clear").hidden = false;
  }

  /** Return owners of pieces with our text on them, an address, and what was found of each of their pieces. */
  function piecesOf(owners, findings) {
    const pieces = new Map();
    material.fragments.forEach(({ owner_id: owner, cited_as: cited }, place) => {
      pieces.set(owner, [...(pieces.get(owner) ?? []), { ...findings[place], cited }]);
    });
    return Object.entries(owners).map(([owner, ours]) => ({ owner, ...ours, pieces: pieces.get(owner) }));
  }

  const isWhole = ({ pieces }) => pieces.every((finding) => finding.answer === "found");

  const asInTheCopy = ({ pieces: [one] }, { pieces: [other] }) =>
    (one.page ?? 0) - (other.page ?? 0) || one.place - other.place;

  function rest(findings) {
    const [unclear, missing] = ["ambiguous", "not found"].map((a) => findings.filter((f) => f.answer === a).length);
    if (!unclear && !missing) return "Every piece is in its place.";
    const outcome = `not found: ${missing}; ambiguous: ${unclear}`;
    return `Of ${counted(findings.length, "piece")}, some of them labels of codes, ${outcome}. The copy may be incomplete, or another version.`;
  }

  /** Return what to do about a passage of which something is missing. */
  function advice({ pieces }, name) {
    const { answer, cited } = pieces.find((finding) => finding.answer !== "found");
    const citation = cited ? `“${cited.replace(/^id /, "ID ")}”` : "words of the gist";
    const look = `Search for ${citation} in your copy: the passage ends shortly before it.`;
    const why = /\.pdf$/i.test(name)
      ? "A note, a table or the end of a page may interrupt it in this file. If you can read it there, the copy has it."
      : "If you can read it there, it has other words than the version that we used, or something interrupts it.";
    return element("p", {}, answer === "ambiguous" ? "Read each of the places, and compare them with the gist." : `${look} ${why}`);
  }

  function section(heading, owners, more, where) {
    if (!owners.length) return [];
    const parts = owners.map((one, place) => listed(one, more(one), where(one, place)));
    return [element("section", {}, element("h2", {}, heading), ...parts)];
  }

  function listed({ owner, text, address, pieces }, more, where) {
    const key = element("h3", {}, element("a", { href: address }, owner));
    if (where) key.append(" ", element("span", {}, where));
    const beside = element("div", {}, ...pieces.map(shown), ...more);
    return element("article", { "data-owner": owner }, key, element("div", { class: "compared-wording" }, element("p", {}, text), beside));
  }

  const MISSING = {
    ambiguous: "Ambiguous: several places in your copy are equally good.",
    "not found": "Not found in your copy.",
  };

  function shown(finding) {
    if (finding.answer === "found") return element("blockquote", {}, element("p", {}, finding.wording));
    return element("p", { class: "missing" }, MISSING[finding.answer]);
  }

  // --- taking it away again

  function clear() {
    at("copy-results").replaceChildren();
    at("copy-clear").hidden = true;
    say("");
  }

  function forget() {
    startAgain();
    clear();
    at("copy-bar").hidden = true;
    at("copy-form").reset();
  }

  // --- what happens when

  const lookIntoFile = (file) => file && look(file.name, (stop) => copyText.textsOfFile(file, material.blocks, stop));

  function lookIntoPasted(event) {
    event.preventDefault();
    const text = at("copy-pasted").value;
    look("The pasted text", async () => copyText.textsOf(text));
  }

  function drop(event) {
    event.preventDefault();
    at("copy-drop").classList.remove("over");
    lookIntoFile(event.dataTransfer.files[0]);
  }

  function dragOver(event) {
    event.preventDefault();
    at("copy-drop").classList.add("over");
  }

  at("copy-file").addEventListener("change", (event) => lookIntoFile(event.target.files[0]));
  at("copy-form").addEventListener("submit", lookIntoPasted);
  at("copy-drop").addEventListener("dragover", dragOver);
  at("copy-drop").addEventListener("dragleave", () => at("copy-drop").classList.remove("over"));
  at("copy-drop").addEventListener("drop", drop);
  at("copy-clear").addEventListener("click", forget);
  window.addEventListener("pagehide", forget); // browsers keep pages that were left, to go back to
  at("copy").hidden = false;
}
