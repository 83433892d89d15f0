"use strict";
/**
 * Works that this browser keeps. A work is an entry of three lines: a stamp that each saving changes, a summary, the work
 * without the words of its texts. Texts are kept once each, by their SHA-256. Nothing here throws: `state` says what is so.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const PREFIX = "power-in-co-production: workbench: ";
  const [WORK, TEXT, DAMAGED, DECIDED] = ["work", "text", "damaged", "decisions"].map((kind) => `${PREFIX}${kind}: `);
  wb.decisionsKey = (guid) => DECIDED + guid; // under which a comparison keeps what was decided

  /** Return a store on what `area()` returns, which may throw. Another store on the same area is as another tab. */
  wb.storeOn = (area) => {
    const stamps = new WeakMap(); // of states of works that were read or written here
    const written = new Map(); // by GUID: the state that was written here last
    let [kept, state, fault] = [null, "", ""];

    /** Return the storage; where the browser forbids it, one that lasts as long as the page. */
    function storage() {
      if (kept) return kept;
      try {
        kept = area();
        kept.getItem(PREFIX);
        state = "kept";
      } catch {
        kept = inMemory();
        state = "forbidden";
      }
      return kept;
    }

    const get = (key) => storage().getItem(key);
    const remove = (key) => storage().removeItem(key);
    const keysOf = (prefix) => Object.keys(storage()).filter((key) => key.startsWith(prefix));

    /** Write an entry; return whether there was room. */
    function put(key, value) {
      try {
        storage().setItem(key, value);
        return true;
      } catch {
        return false;
      }
    }

    // --- reading

    /** Return the parts of an entry, or null where there is none; `summary` is null if the entry is damaged. */
    function entryOf(guid) {
      const raw = get(WORK + guid);
      if (raw === null) return null;
      const [stamp, line, ...rest] = raw.split("\n");
      return { stamp, summary: summaryOf(line), json: rest.join("\n"), raw };
    }

    function summaryOf(line) {
      try {
        const summary = JSON.parse(line);
        return Array.isArray(summary.hashes) && typeof summary.guid === "string" ? summary : null;
      } catch {
        return null;
      }
    }

    /** Return `{ work }` with the words of its texts, or `{ fault }`. */
    function opened({ summary, json }) {
      try {
        const bare = JSON.parse(json);
        const texts = bare.texts.map((text) => ({ ...text, content: get(TEXT + text.sha256) ?? "" }));
        const found = wb.works.fault({ ...bare, texts });
        return found ? { fault: found } : { work: wb.works.tidy({ ...bare, texts }) };
      } catch {
        return {
          fault: `What this browser kept of “${summary?.name || "a work"}” is damaged: open the file that you saved last.`,
        };
      }
    }

    /** List the works that are kept, the latest first. What cannot be listed is set aside. */
    function works() {
      const entries = keysOf(WORK).map((key) => [key.slice(WORK.length), entryOf(key.slice(WORK.length))]);
      for (const [guid, entry] of entries) if (!entry.summary) setAside(guid, entry, opened(entry).fault);
      return entries
        .filter(([, { summary }]) => summary)
        .map(([, { summary, raw }]) => {
          const size = summary.hashes.reduce((sum, hash) => sum + (get(TEXT + hash)?.length ?? 0), raw.length);
          const { hashes, ...rest } = summary;
          return { ...rest, texts: hashes.length, size };
        })
        .sort((one, other) => (one.when < other.when ? 1 : -1));
    }

    /** Return a work, or null where it cannot be opened; `fault` then says why, and what is damaged is set aside. */
    function load(guid) {
      const entry = entryOf(guid);
      const found = entry ? opened(entry) : { fault: "This browser keeps no such work: it was removed." };
      fault = found.fault ?? "";
      if (found.work) stamps.set(found.work, entry.stamp);
      else if (entry && !isLater(entry)) setAside(guid, entry, fault);
      return found.work ?? null;
    }

    /** Tell whether a later version of the page made an entry: it stays where that version finds it. */
    function isLater({ json }) {
      try {
        return JSON.parse(json).version > 1;
      } catch {
        return false;
      }
    }

    // --- what is damaged

    /** Keep a damaged entry under another key, with the words of its texts; return whether there was room. */
    function setAside(guid, { raw }, why) {
      const hashes = keysOf(TEXT).map((key) => key.slice(TEXT.length));
      const texts = Object.fromEntries(
        hashes.filter((hash) => raw.includes(hash)).map((hash) => [hash, get(TEXT + hash)]),
      );
      const done = put(`${DAMAGED}${guid} ${Date.now()}`, JSON.stringify({ why, kept: raw, texts }, null, 1));
      if (done) {
        remove(WORK + guid);
        sweep();
      }
      return done;
    }

    /** List what was set aside: `text` is all of it, to save as a file. */
    const damaged = () =>
      keysOf(DAMAGED).map((key) => {
        const text = get(key);
        return { key, why: whyOf(text), text };
      });

    function whyOf(text) {
      try {
        return JSON.parse(text).why;
      } catch {
        return "It is damaged.";
      }
    }

    const forget = (key) => key.startsWith(DAMAGED) && remove(key);

    // --- writing

    /**
     * Save a work that comes `after` a state that was read or written here. Return `state`: `kept`, `full`, `forbidden` (kept as
     * long as the page is), or `conflict`, with `other`: what is kept is another state than that, saved elsewhere or later. It
     * stays, unless it is to be replaced `anyway`.
     */
    function save(work, { after = written.get(work.guid), anyway = false } = {}) {
      const entry = entryOf(work.guid);
      if (entry && stamps.get(work) === entry.stamp) return { state };
      if (entry && stamps.get(after) !== entry.stamp && !anyway) {
        const other = opened(entry);
        if (other.fault && (isLater(entry) || !setAside(work.guid, entry, other.fault))) return { state: noRoom() };
        if (other.work && !sayTheSame(other.work, work)) return { state: "conflict", other: other.work };
      }
      return { state: write(work, entry) };
    }

    const said = (work) => wb.works.asText({ ...work, saved: 0 });
    const sayTheSame = (one, other) => said(one) === said(other);

    function write(work, before) {
      const texts = work.texts.filter(({ sha256, content }) => get(TEXT + sha256) !== content);
      const stamp = wb.newGuid();
      const done =
        texts.every(({ sha256, content }) => put(TEXT + sha256, content)) && put(WORK + work.guid, lines(work, stamp));
      if (done) {
        stamps.set(work, stamp);
        written.set(work.guid, work);
      }
      if (!done || changed(before?.summary?.hashes, work)) sweep();
      return done ? room() : noRoom();
    }

    const changed = (hashes, { texts }) =>
      Boolean(hashes) && hashes.join() !== texts.map(({ sha256 }) => sha256).join();
    const noRoom = () => (state = state === "forbidden" ? state : "full");
    const room = () => (state = state === "forbidden" ? state : "kept");

    function lines(work, stamp) {
      const { guid, name, coder, round, saved, codings, texts } = work;
      const hashes = texts.map(({ sha256 }) => sha256);
      const summary = {
        guid,
        name,
        coder: coder.name,
        round,
        saved,
        when: new Date().toISOString(),
        codings: codings.length,
        hashes,
      };
      const bare = { ...work, texts: texts.map(({ content: _, ...text }) => text) };
      return `${stamp}\n${JSON.stringify(summary)}\n${JSON.stringify(bare)}`;
    }

    /** Remove the texts that no work has, and nothing damaged. */
    function sweep() {
      const used = [...keysOf(WORK), ...keysOf(DAMAGED)].map(get);
      for (const key of keysOf(TEXT)) if (!used.some((raw) => raw?.includes(key.slice(TEXT.length)))) remove(key);
    }

    /**
     * Remove a work, the texts that no other has, and decisions about its passages, which have their words. Return what brings
     * these decisions back.
     */
    function removeWork(guid) {
      const decided = keysOf(DECIDED).map((key) => [key, get(key)]).filter(([, raw]) => raw.includes(guid)); // prettier-ignore
      for (const key of [WORK + guid, ...decided.map(([key]) => key)]) remove(key);
      written.delete(guid);
      sweep();
      room();
      return () => decided.forEach(([key, raw]) => put(key, raw));
    }

    /** Call a listener with `guid` and `saved` when another tab has saved a work. Return how to stop. */
    function onSavedElsewhere(listener) {
      const heard = ({ key, newValue }) => {
        const summary = key?.startsWith(WORK) && newValue && summaryOf(newValue.split("\n", 2)[1]);
        if (summary) listener({ guid: summary.guid, saved: summary.saved });
      };
      addEventListener("storage", heard);
      return () => removeEventListener("storage", heard);
    }

    return {
      ...{ works, load, save, remove: removeWork, onSavedElsewhere, damaged, forget },
      get state() {
        storage();
        return state;
      },
      get fault() {
        return fault;
      },
    };
  };

  /** Return what behaves as a storage and is gone with the page. */
  function inMemory() {
    const entries = {};
    const hidden = {
      getItem: (key) => entries[key] ?? null,
      setItem: (key, value) => void (entries[key] = value),
      removeItem: (key) => delete entries[key],
    };
    return new Proxy(entries, { get: (_, name) => hidden[name] });
  }

  wb.store = wb.storeOn(() => localStorage);
}
