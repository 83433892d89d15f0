"use strict";
// The evidence explorer's chart, drawn by Vega, which is loaded when the chart comes into view and nothing else waits.
{
  const root = document.getElementById("explorer");
  const place = document.getElementById("explorer-chart");
  const spec = compendium.dataOf("explorer-spec");
  // Copies, since Vega marks the objects that it is given, and takes marked ones for those that it has.
  const names = new Map(structuredClone(spec.data.values).map((cell) => [keyOf(cell), cell]));
  const NARROW = 480; // pixels: from here down the names of stages stand aslant
  const BESIDE = 30; // pixels that these names and the padding take beside the cells

  let latest = [];
  let view;

  function keyOf({ row, column }) {
    return `${row}/${column}`;
  }

  const inner = () =>
    latest.filter((cell) => names.has(keyOf(cell))).map((cell) => ({ ...names.get(keyOf(cell)), ...cell }));

  function settings() {
    const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
    const [ink, accent] = ["--md-default-fg-color", "--md-typeset-a-color"].map(colour);
    const aslant = place.clientWidth < NARROW ? { labelAngle: -35, labelAlign: "left" } : { labelAngle: 0 };
    return {
      background: "transparent",
      font: getComputedStyle(document.body).fontFamily,
      aria: false, // the place has a name, and the table beside has the same figures
      axis: { labelColor: ink, labelFontSize: 13, ...aslant },
      circle: { color: accent },
      rect: { stroke: ink },
      text: { color: ink },
      title: { color: ink },
      view: { stroke: null },
    };
  }

  async function draw() {
    view?.finalize();
    const drawn = { ...spec, width: place.clientWidth - BESIDE, data: { ...spec.data, values: inner() } };
    const made = await vegaEmbed(place, drawn, {
      actions: false,
      config: settings(),
      defaultStyle: false,
      mode: "vega-lite",
      renderer: "svg",
    });
    view = made.view;
    place.firstElementChild.setAttribute("aria-hidden", true); // it has marks with roles and no names
    view.addEventListener("click", (_, item) => {
      const cell = item?.datum;
      if (cell?.row) root.dispatchEvent(new CustomEvent("explorer-cell", { detail: cell }));
    });
  }

  function redrawWhenChanged() {
    let drawnAt = place.clientWidth;
    new ResizeObserver(() => {
      if (place.clientWidth === drawnAt) return;
      drawnAt = place.clientWidth;
      draw();
    }).observe(place);
    new MutationObserver(draw).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }

  function load() {
    const script = document.createElement("script");
    script.src = root.dataset.vega;
    script.addEventListener("load", () => draw().then(redrawWhenChanged));
    script.addEventListener("error", () => {
      place.textContent = "The chart could not be loaded. The table has the same figures.";
    });
    document.head.append(script);
  }

  const whenIdle = window.requestIdleCallback ?? ((task) => setTimeout(task, 200));

  root.addEventListener("explorer-counted", ({ detail }) => {
    latest = detail;
    view?.data("cells", inner()).runAsync();
  });
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    whenIdle(load);
  });
  if (document.readyState === "complete") seen.observe(place);
  else addEventListener("load", () => seen.observe(place));
}
