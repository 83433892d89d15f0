"use strict";
// What Material keeps from the keyboard or a screen reader.
{
  // Boxes that scroll show it. Those that the page does not name stop the Tab key only then.
  const reach = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth;
    box.classList.toggle("sideways", scrolls);
    if (box.matches(".wide, .explorer-scrolls, figure") || scrolls === box.hasAttribute("tabindex")) return;
    if (!scrolls) return ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    box.tabIndex = 0;
    if (box.matches("math")) return;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", box.querySelector("caption")?.textContent.trim() || "Table, scrolls sideways");
  };

  // Material has made its boxes and buttons by then.
  addEventListener("load", () => {
    const seen = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));
    document
      .querySelectorAll('.md-typeset__scrollwrap:not(.wide > *), .wide, .explorer-scrolls, .md-typeset figure, math[display="block"]')
      .forEach((box) => seen.observe(box));
    // Labels open and leave the menu; Material clicks on one at Enter.
    const labels = '.md-header__button[for="__drawer"], .md-nav--primary > .md-nav__list .md-nav__title';
    document.querySelectorAll(labels).forEach((label) => (label.tabIndex = 0));
    document.querySelectorAll(".md-code__nav").forEach((place) => place.setAttribute("role", "none"));
  });
}
