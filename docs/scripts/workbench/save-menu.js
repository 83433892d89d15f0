"use strict";
/** The files in which a work leaves the page, each with what it is for. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const { element } = compendium;
  const ZIP = "application/zip";

  /** Open the dialog of files; `app` is the page (see workbench.js). */
  wb.saveMenu = (app) => {
    const { now } = app.session;
    const stem = wb.works.fileName(now).replace(/\.json$/, "");
    const told = element("p", { class: "wb-told", role: "status" });
    const text = app.textShown() ?? now.texts[0];
    const files = [
      [
        "Your work (.json)",
        `${stem}.json`,
        "To keep, to hand in, to go on with elsewhere, and to compare.",
        () => ["application/json", wb.works.asText(now)],
        "",
      ],
      [
        "Project (.qdpx)",
        `${stem}.qdpx`,
        "For QualCoder, NVivo, ATLAS.ti, MAXQDA and other programs that read REFI-QDA.",
        () => [ZIP, wb.refi.project([now], { name: now.name })],
        "exchange",
      ],
      [
        "Codebook (.qdc)",
        `${stem}.qdc`,
        "The codes and what they mean, without text and codings, for the same programs.",
        () => ["application/xml", wb.refi.codebook(now)],
        "exchange",
      ],
      [
        "Codings as a table (.csv)",
        `${stem}.csv`,
        "For spreadsheets, R and Python, and for the command “study import”.",
        () => ["text/csv", wb.tables.codings([now])],
        "exchange",
      ],
      [
        "Study (.zip)",
        `${stem}-study.zip`,
        "A folder in the shape of this project’s data, for the commands “study check” and “study report”.",
        () => [ZIP, wb.tables.study([now])],
        "exchange",
      ],
    ];
    const prints = [
      ["Print the codebook", "Codes, definitions, examples, versions.", () => wb.printed.codebook(now)],
      ["Print the coded text", "The text with a wide margin and its codes in words.", () => wb.printed.text(now, text)],
    ];

    async function save([, name, , make, group]) {
      try {
        if (group) await wb.need(group);
        compendium.download(name, ...make());
        told.textContent = `${name} was given to your browser to save.`;
        if (!group) app.savedToFile();
      } catch (fault) {
        told.textContent = `${name} could not be made: ${fault.message}`;
      }
    }

    const row = (title, purpose, action) => {
      const id = wb.id();
      return element(
        "li",
        {},
        wb.button(title, action, { "aria-describedby": id }),
        element("span", { id, class: "wb-quiet" }, purpose),
      );
    };
    const own = now.texts.some((one) => one.origin === "own");
    const warning = own
      ? [
          element(
            "p",
            { class: "wb-warning" },
            "This work holds a text of your own. The work, the project, the table and the study hold its words: give them only to people who may read it.",
          ),
        ]
      : [];
    const dialog = wb.dialogs.open({
      title: "Save and export",
      content: [
        ...warning,
        element("ul", { class: "wb-files" }, ...files.map((file) => row(file[0], file[2], () => save(file)))),
        element(
          "ul",
          { class: "wb-files" },
          row(
            "Packet for a class …",
            "Texts and codebook without codings, for others to code without seeing each other.",
            () => (dialog.close(), app.makePacket()),
          ),
        ),
        element(
          "ul",
          { class: "wb-files" },
          ...prints.map(([title, purpose, make]) =>
            row(title, purpose, () => (dialog.close(), wb.printed.print(make()))),
          ),
        ),
        told,
      ],
      cancel: "Close",
    });
  };
}
