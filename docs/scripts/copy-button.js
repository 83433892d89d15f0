"use strict";
/** Every button of class "copy" puts its text (data-copy) on the clipboard, also one that another script adds later. */
{
  const SHOWN = 2500; // milliseconds for which a button says what came of it
  const labels = new WeakMap();
  const said = document.createElement("p");
  said.className = "only-heard";
  said.setAttribute("role", "status");
  document.body.append(said);

  for (const button of document.querySelectorAll("button.copy[hidden]")) button.hidden = false;

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy[data-copy]");
    if (button) say(button, (await copied(button.dataset.copy, button)) ? "Copied" : "Not copied: select the text");
  });

  /** Put a text on the clipboard; say whether that was possible. Browsers without the newer way take the older one. */
  async function copied(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copiedFromField(text, button);
    }
  }

  function copiedFromField(text, button) {
    const field = document.createElement("textarea");
    field.className = "only-heard";
    field.value = text;
    button.after(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    button.focus();
    return done;
  }

  function say(button, words) {
    if (!labels.has(button)) labels.set(button, button.textContent);
    button.textContent = said.textContent = words;
    setTimeout(() => {
      button.textContent = labels.get(button);
      said.textContent = "";
    }, SHOWN);
  }
}
