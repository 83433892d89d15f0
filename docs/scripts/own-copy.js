"use strict";
/** The page that finds the article's wording in a reader's own copy. The wording is in this tab's memory and nowhere else. */
{
  const compendium = (globalThis.compendium ??= {});
  const { element, counted, copyText, fragments } = compendium;
  const material = compendium.dataOf("copy-material");
  const at = (id) => document.getElementById(id);
  const RANK = ["found", "ambiguous", "not found"];
  let search = 0; // the latest: an earlier one that is still under way shows nothing

  /** Search the texts that `take` gives and show what is in them; say so where that cannot be done. */
  async function look(name, take) {
    const mine = (search += 1);
    clear();
    at("copy-bar").hidden = false;
    say(`Looking into ${name} …`);
    await forbidConnections();
    try {
      const findings = await best(await take(), (part) => mine === search && (at("copy-bar").value = part));
      if (mine === search) showFindings(name, findings);
    } catch (fault) {
      if (!(fault instanceof copyText.NoCopy)) throw fault;
      if (mine === search) say(`${name}: ${fault.message}`);
    } finally {
      if (mine === search) at("copy-bar").hidden = true;
    }
  }

  /**
   * Add a policy to that of the page, which no script can undo. The search of the site has to ask for its index before that:
   * what was asked for still arrives.
   */
  async function forbidConnections() {
    const search = [];
    document.dispatchEvent(new CustomEvent("search-wanted", { detail: search }));
    await Promise.all(search);
    if (document.getElementById("no-connections")) return;
    const policy = { id: "no-connections", "http-equiv": "Content-Security-Policy", content: "connect-src 'none'" };
    document.head.append(element("meta", policy));
  }

  /** Search the texts and return the best answer for each fragment; what one text has is not looked for in the next. */
  async function best(texts, tell) {
    const answers = material.fragments.map(() => ({ answer: "not found" }));
    for (const [number, text] of texts.entries()) {
      const open = [...answers.keys()].filter((place) => answers[place].answer !== "found");
      const wanted = open.map((place) => material.fragments[place]);
      const progress = (part) => tell((number + part) / texts.length);
      const found = await fragments.find(text, wanted, material.citedWithin, progress);
      open.forEach((place, at) => {
        if (rank(found[at]) < rank(answers[place])) answers[place] = found[at];
      });
    }
    return answers;
  }

  const rank = (finding) => RANK.indexOf(finding.answer);

  const say = (text) => (at("copy-said").textContent = text);

  // --- what was found

  function showFindings(name, findings) {
    const pieces = piecesByOwner(findings);
    const passages = Object.keys(material.passages);
    const whole = passages.filter((owner) => pieces.get(owner).every((finding) => finding.answer === "found"));
    if (findings.every((finding) => finding.answer === "not found")) {
      say(
        `${name} is not the article: the wording of 0 of ${passages.length} passages is in it. Choose a copy of the full text.`,
      );
      return;
    }
    say(`${name}: the wording of ${whole.length} of ${passages.length} passages was found. ${rest(findings)}`);
    at("copy-results").replaceChildren(
      element("p", {}, "First our text, then, marked by a bar, the wording in your copy."),
      listed("Passages", material.passages, pieces),
      listed("Labels of first-order codes", material.codes, pieces),
    );
    at("copy-clear").hidden = false;
  }

  function piecesByOwner(findings) {
    const pieces = new Map();
    material.fragments.forEach(({ owner_id: owner }, place) => {
      pieces.set(owner, [...(pieces.get(owner) ?? []), findings[place]]);
    });
    return pieces;
  }

  function rest(findings) {
    const [unclear, missing] = ["ambiguous", "not found"].map((a) => findings.filter((f) => f.answer === a).length);
    if (!unclear && !missing) return "Every piece stands where it should.";
    const outcome = `not found: ${missing}; ambiguous: ${unclear}`;
    return `Of ${counted(findings.length, "piece")}, some of them labels of codes, ${outcome}. The copy may be incomplete, or another version.`;
  }

  function listed(heading, owners, pieces) {
    const parts = Object.entries(owners).map(([owner, { text, address }]) =>
      element(
        "article",
        { "data-owner": owner },
        element("h3", {}, element("a", { href: address }, owner)),
        element("div", { class: "beside" }, element("p", {}, text), ...pieces.get(owner).map(shown)),
      ),
    );
    return element("section", {}, element("h2", {}, heading), ...parts);
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
    search += 1;
    clear();
    at("copy-bar").hidden = true;
    at("copy-form").reset();
  }

  // --- what happens when

  const lookIntoFile = (file) => file && look(file.name, () => copyText.textsOfFile(file, material.blocks));

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
