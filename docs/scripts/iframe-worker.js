"use strict";
// Browsers refuse workers to pages from a folder. There, a hidden frame runs the script of the search. A worker whose script
// the page has made itself (a "blob:") they allow.
if (location.protocol === "file:") {
  const Allowed = window.Worker;
  window.Worker = class extends EventTarget {
    constructor(script) {
      super();
      if (script.startsWith("blob:")) return new Allowed(script);
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.title = "Search";
      this.loaded = new Promise((done) => this.frame.addEventListener("load", done));
      window.addEventListener("message", (event) => {
        if (event.source === this.frame.contentWindow) this.hear(event.data);
      });
      const source = new URL(script, document.baseURI).href.replaceAll('"', "%22");
      // What the script posts goes to the page, as it would from a worker.
      this.frame.srcdoc =
        "<script>self.postMessage = data => parent.postMessage(data, '*')</" +
        "script>" +
        `<script src="${source}"></` +
        "script>";
      const attach = () => document.body.append(this.frame);
      if (document.body) attach();
      else document.addEventListener("DOMContentLoaded", attach);
    }

    hear(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      if (this.onmessage) this.onmessage(event);
    }

    postMessage(data) {
      this.loaded.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
