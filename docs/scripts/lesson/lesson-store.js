"use strict";
/**
 * What this browser keeps of a lesson: one entry for each of its versions, and entries that were set aside. Nothing here throws:
 * what is damaged or of another version is listed, and stays until somebody removes it.
 */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const PREFIX = "power-in-co-production: lesson: ";

  /** Return a store of a lesson on what `area()` returns, which may throw. */
  lessons.storeOn = (area, lesson) => {
    const ours = `${PREFIX}${lesson.name}: `;
    const own = ours + lesson.digest;
    const aside = `${ours}aside `;
    const { answers } = lessons;

    function attempt(action, otherwise) {
      try {
        return action(area());
      } catch {
        return otherwise;
      }
    }

    const get = (key) => attempt((storage) => storage.getItem(key), null);
    const isForbidden = () => attempt((storage) => (storage.getItem(own), false), true);
    const put = (key, text) => attempt((storage) => (storage.setItem(key, text), true), false);
    const remove = (key) => attempt((storage) => storage.removeItem(key));

    /** Return the answers that are kept for this version, or null. Where the entry is damaged, it is set aside. */
    function load() {
      const raw = get(own);
      if (raw === null) return null;
      const found = parsed(raw);
      if (found) return answers.taken(lesson, found).state;
      if (put(aside + stamp(), raw)) remove(own);
      return null;
    }

    function parsed(raw) {
      try {
        const found = JSON.parse(raw);
        return typeof found?.answers === "object" && found.answers !== null ? found : null;
      } catch {
        return null;
      }
    }

    const stamp = () => `${new Date().toISOString()} ${Math.random().toString(36).slice(2, 6)}`;

    /** Keep answers beside what another tab has kept meanwhile; return `kept`, `full` or `forbidden`. */
    function save(state) {
      if (isForbidden()) return "forbidden";
      const kept = load();
      const { name, digest } = lesson;
      const all = {
        lesson: name,
        digest,
        when: new Date().toISOString(),
        ...(kept ? answers.merged(state, kept) : state),
      };
      return put(own, JSON.stringify(all)) ? "kept" : "full";
    }

    /** Keep answers that are about to be replaced; return whether there was room. */
    const setAside = (state) =>
      put(aside + stamp(), JSON.stringify({ lesson: lesson.name, ...state, when: new Date().toISOString() }));

    /** List what is kept beside the answers to this version: `key`, `why`, `when`, `raw`, and `read` where it can be read. */
    function others() {
      const keys = attempt((storage) => Object.keys(storage), []);
      return keys
        .filter((key) => key.startsWith(ours) && key !== own)
        .sort()
        .map((key) => {
          const raw = get(key) ?? "";
          const found = parsed(raw);
          const why = !found ? "kept_damaged" : key.startsWith(aside) ? "kept_aside" : "kept_other";
          return { key, why, when: whenOf(key, found), raw, read: found };
        });
    }

    const whenOf = (key, found) =>
      String(found?.when ?? (key.startsWith(aside) ? key.slice(aside.length) : "?"))
        .slice(0, 16)
        .replace("T", " ");

    /** Call a listener with the answers that another tab has kept. */
    function onSavedElsewhere(listener) {
      addEventListener("storage", ({ key, newValue }) => {
        const found = key === own && newValue && parsed(newValue);
        if (found) listener(answers.taken(lesson, found).state);
      });
    }

    return { load, save, setAside, others, onSavedElsewhere, isForbidden, forget: () => remove(own), remove };
  };
}
