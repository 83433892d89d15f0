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
  // The script of the search waits as well. What is said to it in the meantime is kept.
  const Started = window.Worker;
  window.Worker = class extends EventTarget {
    constructor(script) {
      super();
      this.started = wanted.then(() => {
        const worker = new Started(script);
        worker.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
        return worker;
      });
    }
    postMessage(data) {
      this.started.then((worker) => worker.postMessage(data));
    }
  };
}
