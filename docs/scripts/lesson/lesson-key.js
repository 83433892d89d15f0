"use strict";
/** The key of a lesson: loaded when somebody asks for a solution, or opened from the file that a teacher gave. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const { element } = compendium;

  /** Return the key as the page gets it; `address` is that of its script, empty where the page has none. */
  lessons.keyOf = (lesson, address) => {
    let key = null;
    let loading = null;

    const fits = (one) => one?.format === "lesson-key" && one.name === lesson.name && one.digest === lesson.digest;

    /** Load the key of the site; the promise fails where it is not there or does not fit. */
    function load() {
      loading ??= new Promise((done, failed) => {
        const script = element("script", { src: address });
        const end = () => {
          loading = null; // it can be tried again
          script.remove();
          const found = compendium.lessonKeys?.[lesson.name];
          if (!fits(found)) return failed(new Error(address));
          return done((key = found));
        };
        script.addEventListener("load", end);
        script.addEventListener("error", end);
        document.head.append(script);
      });
      return loading;
    }

    /** Take a key from the text of a file; return whether it is the key of this lesson. */
    function take(text) {
      try {
        const found = JSON.parse(text);
        if (fits(found)) key = found;
        return fits(found);
      } catch {
        return false;
      }
    }

    return {
      load,
      take,
      fileName: `${lesson.name}.key.json`,
      isOnPage: Boolean(address),
      get exercises() {
        return key?.exercises ?? null;
      },
    };
  };
}
