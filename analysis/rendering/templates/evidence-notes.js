"use strict";
// A key in the text opens its note in the margin beside the line or, where there is none, below the paragraph. Without
// this the key leads to the note at the end. (No sign of the dollar here: pandoc would take it for a variable.)
{
  const box = document.createElement("aside");
  box.id = "evidence-note";
  box.tabIndex = -1;
  let opener = null;

  const close = () => {
    opener?.setAttribute("aria-expanded", "false");
    opener = null;
    box.remove();
  };
  const back = () => {
    const to = opener;
    close();
    to.focus();
  };
  const fill = (key) => {
    const note = document.getElementById(key.hash.slice(1)).cloneNode(true);
    note.querySelector(".key-back")?.parentElement.remove();
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Close";
    button.addEventListener("click", back);
    box.setAttribute("aria-label", "Note on " + key.textContent);
    box.replaceChildren(...note.children, button);
  };
  // At a margin the style sheet takes the box out of the text; its top is then that of the line.
  const place = () => {
    if (!opener) return;
    const around = box.offsetParent?.getBoundingClientRect() ?? { top: 0 };
    box.style.top = opener.getClientRects()[0].top - around.top + "px";
  };
  const open = (key) => {
    close();
    opener = key;
    key.setAttribute("aria-expanded", "true");
    fill(key);
    const block = key.closest(".wide, figcaption") ?? key.closest("p, li, dd") ?? key.parentElement;
    block.matches("li, dd, figcaption") ? block.append(box) : block.after(box);
    place();
    show();
  };
  const show = () => {
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("click", (event) => {
    const key = event.target.closest("a.key");
    if (!key || key.closest(".key-note") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (key === opener) return back();
    if (!box.contains(key)) return open(key);
    fill(key);
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opener) back();
    if (event.key === " " && event.target.matches("a.key[role]")) {
      event.preventDefault();
      event.target.click();
    }
  });
  addEventListener("resize", place);
  document.querySelectorAll("a.key").forEach((key) => {
    if (key.closest(".key-note")) return;
    key.setAttribute("role", "button");
    key.setAttribute("aria-expanded", "false");
    key.setAttribute("aria-controls", box.id);
  });
}
