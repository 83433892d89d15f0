"use strict";
/** Scripts that are loaded when something first needs them: by elements, as a page opened from a folder may not fetch. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const here = document.currentScript?.src ?? "";
  const FILES = ["../docx-text.js", "opened-files.js"];
  const GROUPS = {
    files: FILES,
    coding: [
      "text-field.js",
      "text-marks.js",
      "text-bars.js",
      "text-view.js",
      "text-keys.js",
      "text-search.js",
      "coding-panel.js",
      "coding-view.js",
      "codebook-view.js",
      "printed.js",
      "save-menu.js",
    ],
    exchange: [
      "../../vendor/fflate/fflate.js",
      "archives.js",
      "refi-xml.js",
      "refi-codebook.js",
      "refi-project.js",
      "position-counting.js",
      "refi-reading.js",
      "coded-tables.js",
      "study-tables.js",
    ],
    compare: [
      ...FILES,
      "comparing.js",
      "unit-agreement.js",
      "packets.js",
      "resolving.js",
      "../projector.js",
      "class-view.js",
      "passages-view.js",
      "decisions-view.js",
      "compare-view.js",
    ],
  };
  const asked = new Map();

  /** Load a script of this site; say which file is missing if it does not come. */
  wb.load = (address) => {
    if (!asked.has(address))
      asked.set(
        address,
        new Promise((done, failed) => {
          const script = element("script", { src: address });
          script.async = false; // scripts run in the order in which they are asked for
          script.addEventListener("load", done);
          script.addEventListener("error", () => {
            asked.delete(address); // it can be tried again
            script.remove();
            failed(
              new Error(
                `${address.split("/").pop()} of this site could not be loaded. Check the connection, and try again.`,
              ),
            );
          });
          document.head.append(script);
        }),
      );
    return asked.get(address);
  };

  /** Load a group of scripts, which run one after another: `coding`, `files`, `exchange` (REFI-QDA and tables) or `compare`. */
  wb.need = async (group) => {
    await Promise.all(GROUPS[group].map((name) => wb.load(new URL(name, here).href)));
  };
}
