"use strict";
/** A session of work: the state now, the states before it, and saving, which happens by itself. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const MOST = 500; // states to go back to
  const DELAY = 300; // milliseconds from a change to saving it

  /**
   * Begin a session. `state` is `kept`, `waiting` (a change is not saved yet), `full`, `forbidden` or `conflict`; listeners of
   * `onSaved` are given it after each try, with the `time` of what is kept (null where nothing is). `canUndo` and `canRedo`
   * are the sentence of what would be undone or done again, and empty where there is nothing.
   *
   * A listener of `onConflict` is given what another tab, or an earlier session, saved of the same work since: `mine`,
   * `other`, and what to do: `keepBoth()`, `keepMine()`, `takeOther()`. Nothing is overwritten until one of them is called.
   */
  wb.session = (work, store) => {
    let [now, past, future] = [work, [], []];
    let kept = work; // the state that the store had, or was given, last
    let [state, timer, time] = ["waiting", 0, null];
    const listeners = { change: new Set(), saved: new Set(), conflict: new Set() };
    const on = (kind) => (listener) => {
      listeners[kind].add(listener);
      return () => listeners[kind].delete(listener);
    };
    const tell = (kind, ...what) => [...listeners[kind]].forEach((listener) => listener(...what));

    /** Show a state. The count of changes only grows: a state to which a reader returns is the latest, too. */
    function show(next, what) {
      now = { ...next, guid: now.guid, saved: now.saved + 1 };
      if (state !== "conflict") {
        state = "waiting";
        clearTimeout(timer);
        timer = setTimeout(flush, DELAY);
      }
      tell("change", now, what);
    }

    function change(next, what) {
      if (next === now) return;
      past.push({ work: now, what });
      if (past.length > MOST) past.shift();
      future = [];
      show(next, what);
    }

    /** Go to the last state of one list, and keep the present one in the other. */
    function go(list, other, sentence) {
      const step = list.pop();
      if (!step) return;
      other.push({ work: now, what: step.what });
      show(step.work, sentence(step.what));
    }

    // --- saving

    /** Save at once what is not saved yet. */
    function flush() {
      clearTimeout(timer);
      // Nothing is lost if the page is left before a choice.
      if (state === "conflict") store.save(copyOf(now), { anyway: true });
      else if (state !== "kept") settle(store.save(now, { after: kept }));
    }

    function settle({ state: found, other }) {
      state = found;
      if (found === "kept") time = new Date();
      if (["kept", "forbidden"].includes(found)) kept = now;
      tell("saved", { state, time });
      if (found !== "conflict") return;
      if (listeners.conflict.size) tell("conflict", conflict(other));
      else conflict(other).keepBoth();
    }

    /** Return a work under a name of its own; always the same one for a work and this session. */
    const own = wb.newGuid();
    const copyOf = (one) => ({
      ...one,
      guid: wb.guidOf(one.guid, own),
      name: `${one.name || one.coder.name} (copy)`,
    });

    function conflict(other) {
      const settled = (next, what) => {
        const { guid } = copyOf(now);
        state = "waiting";
        now = next;
        settle(store.save(now, { anyway: true }));
        if (now.guid !== guid) store.remove(guid);
        tell("change", now, what);
      };
      const later = (one) => ({ ...one, saved: Math.max(now.saved, other.saved) + 1 });
      return {
        mine: now,
        other,
        keepBoth: () => settled(copyOf(now), "Both are kept; this one is a copy"),
        keepMine: () => settled(later(now), "This state is kept"),
        takeOther() {
          past.push({ work: now, what: "Other state taken" });
          settled(later(other), "The other state is kept");
        },
      };
    }

    /** Follow what another tab saved, where nothing waits to be saved here; else there is a conflict to settle. */
    const stopHearing = store.onSavedElsewhere?.(({ guid }) => {
      if (guid !== now.guid || state === "conflict") return;
      if (state !== "kept") return flush();
      const other = store.load(guid);
      if (!other) return;
      past.push({ work: now, what: "Changed in another tab" });
      future = [];
      now = kept = other;
      tell("change", now, "Changed in another tab");
    });

    timer = setTimeout(flush, DELAY); // a new work is kept before its first change
    const keepWhenHidden = () => document.hidden && flush();
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", keepWhenHidden);

    return {
      get now() {
        return now;
      },
      get state() {
        return state;
      },
      get canUndo() {
        return past.at(-1)?.what ?? "";
      },
      get canRedo() {
        return future.at(-1)?.what ?? "";
      },
      change,
      undo: () => go(past, future, (what) => `Undone: ${what}`),
      redo: () => go(future, past, (what) => `Done again: ${what}`),
      onChange: on("change"),
      onSaved: on("saved"),
      onConflict: on("conflict"),
      flush,
      /** Save, and listen to nothing any more. */
      close() {
        flush();
        stopHearing?.();
        removeEventListener("pagehide", flush);
        document.removeEventListener("visibilitychange", keepWhenHidden);
      },
    };
  };
}
