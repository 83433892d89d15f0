/** Elements made from texts. Nothing that a reader types or loads passes through a parser of HTML. */
{
  const compendium = (globalThis.compendium ??= {});

  /** Return a new element with attributes and content (texts or elements). */
  compendium.element = (tag, attributes = {}, ...content) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  };
  const { element } = compendium;

  /** Return a table in a frame that scrolls by itself where the screen is narrow; the first cell of a row heads it. */
  compendium.table = (caption, heads, rows) =>
    element(
      "div",
      { class: "scrolled", role: "region", tabindex: "0", "aria-label": caption },
      element(
        "table",
        { class: "compared" }, // Material's own frame for tables is only for those of its pages
        element("caption", {}, caption),
        element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
        element("tbody", {}, ...rows.map(tableRow)),
      ),
    );

  function tableRow([head, ...cells]) {
    return element("tr", {}, element("th", { scope: "row" }, head), ...cells.map((cell) => element("td", {}, cell)));
  }

  /** Return the data that a page carries in a script element of type application/json. */
  compendium.dataOf = (id) => JSON.parse(document.getElementById(id).textContent);

  /** Let the browser save a text as a file. */
  compendium.download = (name, type, text) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000); // browsers may still be reading it when the click returns
  };

  /** Return a count with its noun: `one passage`, `12 passages`. */
  compendium.counted = (count, noun) => {
    const word = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"][count] ?? count;
    return `${word} ${noun}${count === 1 ? "" : "s"}`;
  };
}
