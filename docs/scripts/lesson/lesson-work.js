"use strict";
/** A student's work on a lesson: pseudonym, the file to hand in, files that are opened, codes as a table, a partner's file. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const { element } = compendium;
  // A page of the site loads what packs a hand-in and draws a QR code when somebody wants that; a page by itself has it.
  const here = document.currentScript?.src ?? "";
  const LARGEST = 2_000_000; // bytes of a file that is read

  /** Fill the part of the page in which a student's work is saved and opened; `page` is the lesson (see lesson.js). */
  lessons.workView = (place, page) => {
    const { lesson, say } = page;
    const told = element("p", { class: "lesson-told", role: "status" });
    const tell = (name, values) => (told.textContent = say(name, values));

    /** Say what was handed in, and how much of it is done if that is not all. */
    function tellHandedIn(name, values) {
      const { done, all, said } = page.progress();
      told.textContent = done < all ? `${say(name, values)} ${said}.` : say(name, values);
    }

    let ids = 0;

    function noted(control, note) {
      ids += 1;
      control.setAttribute("aria-describedby", `lesson-note-${ids}`);
      return [control, element("small", { id: `lesson-note-${ids}` }, note)];
    }

    function button(title, action) {
      const made = element("button", { type: "button", class: "lesson-button" }, title);
      made.addEventListener("click", action);
      return made;
    }

    function fileField(title, note, action) {
      const input = element("input", { type: "file", accept: ".json,application/json" });
      input.addEventListener("change", async () => {
        const [file] = input.files;
        if (file) await action(file);
        input.value = ""; // the same file can be chosen again
      });
      return element("p", {}, element("label", { class: "lesson-file" }, title, input), ...noted(input, note).slice(1));
    }

    // --- handing in

    const pseudonym = element("input", { type: "text", maxlength: "40", autocomplete: "off", spellcheck: "false" });
    pseudonym.addEventListener("input", () => page.set({ pseudonym: pseudonym.value.trim() }));

    function isNamed() {
      const named = lessons.answers.PSEUDONYM.test(page.state.pseudonym);
      if (!named) {
        tell("pseudonym_wanted");
        pseudonym.focus();
      }
      return named;
    }

    /** Return a random name for the work in this browser: it distinguishes two people with one pseudonym. */
    const newWork = () =>
      Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");

    /** Count a hand-in; return its text. */
    function handedIn() {
      if (!page.state.work) page.set({ work: newWork() });
      page.set({ hand_in: page.state.hand_in + 1, saved: `${new Date().toISOString().slice(0, 19)}Z` });
      page.keep();
      return lessons.answers.asFile(lesson, page.state);
    }

    function handIn() {
      if (!isNamed()) return;
      const text = handedIn();
      const file = lessons.answers.fileName(lesson, page.state);
      compendium.download(file, "application/json", text);
      tellHandedIn("hand_in_done", { file, n: page.state.hand_in });
    }

    /** Load a script that only some hand-ins need; return whether it is there. */
    function late(path) {
      return new Promise((done) => {
        const script = element("script", { src: new URL(path, here).href });
        script.addEventListener("load", () => done(true));
        script.addEventListener("error", () => {
          script.remove(); // it can be tried again
          done(false);
        });
        document.head.append(script);
      });
    }

    /** Return a hand-in as a text to be pasted, or null after saying that it cannot be made. */
    async function packed() {
      if (compendium.handInCodes || (await late("../hand-in-codes.js"))) {
        return compendium.handInCodes.packed(JSON.parse(handedIn()));
      }
      tell("code_missing");
      return null;
    }

    const pasted = element("textarea", { readonly: "", rows: "4", "aria-label": say("copy_text"), hidden: "" });

    async function copyText() {
      if (!isNamed()) return;
      const text = await packed();
      if (text === null) return;
      pasted.value = text;
      pasted.hidden = false;
      try {
        await navigator.clipboard.writeText(text);
        tellHandedIn("copy_done", { n: text.length });
      } catch {
        pasted.select();
        tell("copy_failed");
      }
    }

    const code = element("p", { hidden: "" });

    async function showCode() {
      if (!isNamed()) return;
      if (!globalThis.leanQr && !(await late("../../vendor/lean-qr/lean-qr.js"))) return void tell("code_missing");
      const text = await packed();
      if (text === null) return;
      const drawn = compendium.handInCodes.qrCode(text, say("qr_label"));
      code.hidden = !drawn;
      code.replaceChildren(...(drawn ? [drawn] : []));
      tellHandedIn(drawn ? "qr_shown" : "qr_too_long", { n: text.length });
    }

    const coded = lesson.exercises.filter(({ facet }) => facet); // codes of the study, and no other options

    function saveCodes(exercise) {
      if (!isNamed()) return;
      const table = lessons.answers.codesOf(exercise, page.state);
      if (!table) return void tell("codes_none");
      const file = `${lesson.name}-${exercise.number}-${page.state.pseudonym}.csv`;
      compendium.download(file, "text/csv", table);
      tell("hand_in_done", { file, n: page.state.hand_in });
    }

    // --- opening files

    /** Return what a file holds, or null after saying why it cannot be used. */
    async function read(file) {
      const found =
        file.size > LARGEST
          ? { fault: "file_big", values: { file: file.name } }
          : lessons.answers.read(lesson, file.name, await file.text());
      if (!found.fault) return found;
      tell(found.fault, found.values);
      return null;
    }

    async function openOwn(file) {
      const found = await read(file);
      if (!found) return;
      const replaced = page.takeIn(found.state);
      if (replaced === null) return void tell("no_room_aside");
      const n = Object.keys(found.state.answers).length;
      const name = found.state.pseudonym || "?";
      const said = found.same
        ? say("file_opened", { file: file.name, n, name })
        : say("file_other_version", { file: file.name, n, lost: found.lost });
      told.textContent = replaced ? `${said} ${say("file_replaces")}` : said;
      pseudonym.value = page.state.pseudonym;
    }

    async function openPartner(file) {
      const found = await read(file);
      if (!found) return;
      const name = found.state.pseudonym;
      if (!name) return void tell("file_not_read", { file: file.name });
      if (name === page.state.pseudonym) return void tell("partner_self");
      page.setPartner(found.state);
      tell("partner_open", { name });
    }

    function removeAll() {
      const before = page.state;
      page.removeAll();
      pseudonym.value = "";
      told.replaceChildren(
        `${say("removed")} `,
        button(say("undo"), () => {
          page.takeIn(before);
          pseudonym.value = page.state.pseudonym;
          tell("undone");
          remove.focus();
        }),
      );
    }

    const remove = button(say("remove"), removeAll);
    const pasting = [
      element("p", {}, button(say("copy_text"), copyText), " ", button(say("show_qr"), showCode)),
      pasted,
      code,
    ];
    const tables = coded.map((one) => button(`${say("codes_file")}: ${one.number}`, () => saveCodes(one)));
    place.append(
      element(
        "p",
        {},
        element("label", {}, say("pseudonym"), " ", pseudonym),
        ...noted(pseudonym, say("pseudonym_note")).slice(1),
      ),
      element(
        "p",
        {},
        ...noted(
          Object.assign(button(say("hand_in"), handIn), { className: "lesson-button first" }),
          say("hand_in_note"),
        ),
      ),
      ...pasting,
      ...(tables.length ? [element("p", {}, ...tables, element("small", {}, say("codes_note")))] : []),
      fileField(say("open_file"), say("open_note_file"), openOwn),
      fileField(say("open_partner"), say("partner_note"), openPartner),
      told,
      element(
        "p",
        {},
        button(say("print_page"), () => print()),
        " ",
        remove,
      ),
    );
    place.hidden = false;
    const show = () => {
      if (document.activeElement !== pseudonym) pseudonym.value = page.state.pseudonym;
    };
    show();
    return { show };
  };
}
