"use strict";
{
  const within = '[data-md-component="search"], [data-md-toggle="search"]';
  const asked = new URLSearchParams(location.search);
  const wanted = new Promise((done) => {
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
