"use strict";
// The index of the search weighs more than any page. It is asked for when somebody goes to the search, and not with every page;
// or when a page wants it ("search-wanted"), because it is about to forbid connections.
{
  const within = '[data-md-component="search"], [data-md-toggle="search"]';
  const asked = new URLSearchParams(location.search);
  const wanted = new Promise((done) => {
    // "q" opens the search, "h" marks what was searched for; both are Material's.
    if (asked.has("q") || asked.has("h")) done();
    for (const way of ["focusin", "change"]) {
      document.addEventListener(way, (event) => event.target.closest(within) && done());
    }
    document.addEventListener("search-wanted", done);
  });
  const { open, send } = XMLHttpRequest.prototype;
  const late = new WeakSet();
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    if (String(url).endsWith("/search/search_index.json")) late.add(this);
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (...given) {
    if (late.has(this)) wanted.then(() => send.apply(this, given));
    else send.apply(this, given);
  };
}
