"use strict";
/** An exercise on the page: it is filled in, checked or recorded; hints come one at a time, solutions and comparisons when asked for. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});
  const { element } = compendium;

  const OPEN = ["coding", "labels", "groups", "writing"];
  const paragraph = (text) => element("p", {}, text);
  const listOf = (texts) => element("ul", {}, ...texts.map((text) => element("li", {}, text)));

  /** Bring an exercise of the page to life; `page` is the lesson (see lesson.js). */
  lessons.exerciseView = (section, exercise, page) => {
    const { number } = exercise;
    const { say } = page;
    const form = section.querySelector("form");
    const told = section.querySelector(".lesson-told");
    const hints = section.querySelector(".lesson-hints");
    const panels = section.querySelector(".lesson-panels");
    const isOpen = OPEN.includes(exercise.kind);
    const second = () => page.lesson.exercises.find(({ again }) => again === number);
    const buttons = {};

    // --- filling in

    function filledIn() {
      const before = page.answerOf(number);
      const value = lessons.valueOf(form, exercise);
      if (JSON.stringify(value) === JSON.stringify(before.value)) return;
      const checked = before.state !== lessons.NOT_TRIED;
      // A judgement that stays complete stays recorded; what can be right or wrong has to be checked again.
      const open = () => lessons.judge(exercise, value, page.lesson.words).state;
      page.change(number, { value, state: checked ? (isOpen ? open() : lessons.NOT_YET) : lessons.NOT_TRIED });
      if (checked) told.replaceChildren(paragraph(say("said_changed")));
      decorate();
    }

    /** Show beside the fields what follows from them: the meaning of a chosen code, names of groups, own rules. */
    function decorate() {
      for (const line of form.querySelectorAll(".lesson-meaning")) {
        const chosen = form.querySelector(`input[type=radio][data-item="${CSS.escape(line.dataset.of)}"]:checked`);
        const option = exercise.options.find(({ value }) => value === chosen?.value);
        line.textContent = option?.definition
          ? say("chosen_means", { code: option.label, definition: option.definition })
          : "";
      }
      const names = form.querySelector("datalist");
      if (names) {
        const given = new Set(Object.values(lessons.valueOf(form, exercise)).map((name) => name.trim()));
        names.replaceChildren(...[...given].map((value) => element("option", { value })));
      }
    }

    /** Show the rule that was written in another exercise beside the answers that follow it. */
    function showRule() {
      const place = section.querySelector(".lesson-rule");
      const text = place && page.answerOf(exercise.rule).value.text?.trim();
      if (!place) return;
      place.hidden = !text;
      place.replaceChildren(
        paragraph(say("your_rule", { number: exercise.rule })),
        element("blockquote", {}, text ?? ""),
      );
    }

    function show() {
      const answer = page.answerOf(number);
      lessons.fillIn(form, exercise, answer.value);
      const given = exercise.hints.slice(0, answer.hints);
      if (hints.children.length !== given.length) hints.replaceChildren(...given.map(hintOf));
      if (answer.state !== lessons.NOT_TRIED && !told.children.length) tell(judged(answer));
      decorate();
      showRule();
      offer();
    }

    // --- checking

    const judged = (answer) => lessons.judge(exercise, answer.value, page.lesson.words);

    function check(event) {
      event.preventDefault();
      filledIn();
      const answer = page.answerOf(number);
      const found = judged(answer);
      const tries = answer.tries + (found.state === lessons.NOT_TRIED ? 0 : 1);
      page.change(number, { state: found.state, tries });
      tell(found);
      told.scrollIntoView({ block: "nearest" }); // on a phone the buttons are often the last thing on the screen
      offer();
      page.keep();
    }

    function tell({ state, said, points }) {
      told.dataset.state = state;
      const [first, ...rest] = said;
      told.replaceChildren(
        element("p", {}, element("strong", {}, first)),
        ...rest.map(paragraph),
        ...(points.length ? [listOf(points)] : []),
      );
    }

    // --- hints

    const hintOf = (text, at) =>
      element("li", {}, element("b", {}, `${say("hint_of", { n: at + 1, all: exercise.hints.length })}: `), text);

    function giveHint() {
      const shown = Math.min(page.answerOf(number).hints + 1, exercise.hints.length);
      if (hints.children.length < shown) hints.append(hintOf(exercise.hints[shown - 1], shown - 1));
      else told.replaceChildren(paragraph(say("no_more_hints")));
      page.change(number, { hints: shown });
    }

    // --- what opens below: solution, record, rounds, partner

    /** Make a button that opens and closes a panel; `fill` returns its content, or null where it may not be shown yet. */
    function opener(name, title, fill) {
      const panel = element("div", {
        class: "lesson-panel",
        id: `panel-${number.replace(".", "-")}-${name}`,
        hidden: "",
      });
      const button = element(
        "button",
        { type: "button", "aria-expanded": "false", "aria-controls": panel.id, class: "lesson-button" },
        title,
      );
      const open = (content) => {
        panel.replaceChildren(...(content ?? []));
        panel.hidden = !content;
        button.setAttribute("aria-expanded", String(Boolean(content)));
      };
      button.addEventListener("click", async () => open(panel.hidden ? await fill(panel, open) : null));
      panels.append(panel);
      form.querySelector(".lesson-buttons").append(button);
      return Object.assign(button, { refill: async () => panel.hidden || open(await fill(panel, open)) });
    }

    const refuse = (name) => (told.replaceChildren(paragraph(say(name))), null);
    const isRecorded = (other) => page.answerOf(other).state === lessons.RECORDED;

    async function withKey(panel, open, make) {
      if (!page.key.exercises && page.key.isOnPage) {
        try {
          await page.key.load();
        } catch {
          return keyAsked(panel, open, make, "key_missing");
        }
      }
      return page.key.exercises ? make(page.key.exercises[number]) : keyAsked(panel, open, make, "key_needed");
    }

    /** Ask for the key as a file, in the place where what it holds will be shown. */
    function keyAsked(panel, open, make, why) {
      const file = page.key.fileName;
      const said = element("p", { role: "status" }, say(why, { file }));
      const input = element("input", { type: "file", accept: ".json,application/json" });
      input.addEventListener("change", async () => {
        const [chosen] = input.files;
        if (!chosen) return;
        if (!page.key.take(await chosen.text())) {
          said.textContent = say("key_other", { file: chosen.name });
          return;
        }
        open(make(page.key.exercises[number]));
        button.focus();
      });
      const button = buttons.solution;
      return [said, element("label", { class: "lesson-file" }, say("open_key"), input)];
    }

    function solve(panel, open) {
      if (isOpen) {
        if (!isRecorded(number)) return refuse("record_first");
        if (exercise.withheld && second() && !isRecorded(second().number)) return refuse("after_second");
      }
      return withKey(panel, open, (solved) => {
        page.change(number, { solution: true }); // only now is it seen: a key may be missing
        const { value } = page.answerOf(number);
        return isOpen ? page.comparing.withRecord(exercise, value, solved) : page.comparing.solution(exercise, solved);
      });
    }

    function compareRounds() {
      if (!isRecorded(number)) return refuse("first_round_hidden");
      return page.comparing.rounds(exercise, page.answerOf(exercise.again).value, page.answerOf(number).value);
    }

    function comparePartner() {
      if (!isRecorded(number)) return refuse("record_first");
      return page.comparing.withPartner(exercise, page.answerOf(number).value, page.partner, page.review);
    }

    /** Offer what there is by now: comparing with a partner needs the partner's file. */
    function offer() {
      if (page.partner && isOpen && buttons.partner?.name !== page.partner.pseudonym) {
        buttons.partner?.remove();
        const title = exercise.kind === "writing" ? "review_partner" : "compare_partner";
        const name = page.partner.pseudonym;
        buttons.partner = Object.assign(opener("partner", say(title, { name }), comparePartner), { name });
      }
    }

    for (const name of ["input", "change"]) form.addEventListener(name, filledIn);
    form.addEventListener("submit", check);
    form.querySelector(".lesson-buttons").hidden = false;
    form.querySelector(".lesson-hint")?.addEventListener("click", giveHint);
    if (exercise.again) buttons.rounds = opener("rounds", say("compare_rounds"), compareRounds);
    buttons.solution = opener("solution", say(isOpen ? "compare" : "solution"), solve);
    show();
    return { show, offer, showRule };
  };
}
