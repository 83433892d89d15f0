"use strict";
/** Refusing every connection from a tab, before it shows a text that has to stay with its reader. */
{
  const compendium = (globalThis.compendium ??= {});
  const { element } = compendium;
  // No request, and no script or picture from elsewhere; a script that the page has made itself is the reader of PDFs.
  const CLOSED =
    "connect-src 'none'; script-src 'self' 'unsafe-inline' blob:; img-src 'self' data:; font-src 'self' data:";

  /**
   * Add a policy to that of the page, which no script can undo. The search of the site has to ask for its index before that:
   * what was asked for still arrives.
   */
  compendium.closeOff = async () => {
    if (document.getElementById("no-connections")) return;
    const loading = [];
    document.dispatchEvent(new CustomEvent("search-wanted", { detail: loading }));
    await Promise.all(loading);
    await new Promise((resolve) => setTimeout(resolve));
    document.head.append(
      element("meta", { id: "no-connections", "http-equiv": "Content-Security-Policy", content: CLOSED }),
    );
  };
}
