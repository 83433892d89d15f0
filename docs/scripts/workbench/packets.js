"use strict";
/** Packets of a class: texts and a codebook without anybody's codings, who codes what, and a seal that shows changes. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});

  const folded = (name) => name.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
  const isText = (value) => typeof value === "string";
  const isGuid = (value) => isText(value) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
  const digest = (text) => compendium.sha256(new TextEncoder().encode(text));

  /**
   * Return a packet with the codebook of a work and some of its texts (all if `texts` is not given), sealed.
   *
   * `tasks` say who codes which texts: `{ coder, texts: [guid] }`; a task without a coder is everybody's. Without tasks everybody
   * codes all texts.
   */
  function make({
    work,
    name,
    note = "",
    tasks = [],
    round = 1,
    texts = work.texts.map(({ guid }) => guid),
    guid = wb.newGuid(),
  }) {
    const chosen = work.texts.filter((text) => texts.includes(text.guid)).map((text) => ({ ...text, read: [] }));
    if (!chosen.length) throw new Error("A packet needs a text: choose one.");
    const packet = {
      format: "coding-packet",
      version: 1,
      guid,
      name,
      note,
      round,
      codebook: work.codebook,
      codes: work.codes,
      texts: chosen,
      tasks,
    };
    return { ...packet, seal: sealOf(packet) };
  }

  /** Return the digest of all that a packet says, whatever the order of its fields in a file. */
  function sealOf({ seal: _seal, ...packet }) {
    return digest(JSON.stringify(inOrder(packet)));
  }

  function inOrder(value) {
    if (Array.isArray(value)) return value.map(inOrder);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder(value[key])])); // prettier-ignore
  }

  /** Say why data is no packet that can be opened, or return an empty text. */
  function fault(data) {
    if (data?.format !== "coding-packet") return "This file is not a class packet.";
    if (data.version !== 1)
      return `This packet is of version ${data.version}, which this page does not know. Open it in a newer version of the page.`;
    if (!wellMade(data))
      return "The packet is damaged: its texts, codes or tasks are not as they should be. Ask for it again.";
    const other = data.texts.find((text) => text.sha256 !== digest(text.content));
    if (other) return `The packet is damaged: its text “${other.name}” was changed. Ask for it again.`;
    return data.seal === sealOf(data) ? "" : "The packet was changed after it was made. Ask for it again.";
  }

  function wellMade({ guid, name, note, round, codebook, codes, texts, tasks }) {
    const known = new Set(Array.isArray(texts) ? texts.map((text) => text?.guid) : []);
    return (
      isGuid(guid) && isText(name) && isText(note) && Number.isInteger(round) && round > 0 &&
      isGuid(codebook?.guid) && Number.isInteger(codebook.version) && Array.isArray(codebook.changes) &&
      Array.isArray(codes) && codes.every((code) => isGuid(code?.guid) && isText(code.name) && isText(code.definition)) &&
      known.size > 0 && texts.every((text) => isGuid(text?.guid) && isText(text.name) && isText(text.content)) &&
      Array.isArray(tasks) && tasks.every((task) => isText(task?.coder) && Array.isArray(task.texts) && task.texts.every((one) => known.has(one)))
    ); // prettier-ignore
  }

  /** Return the pseudonyms that a packet names, and whether others may code, too. */
  function coders({ tasks }) {
    const names = tasks.map(({ coder }) => coder.trim()).filter(Boolean);
    return {
      names: names.filter((name, at) => names.findIndex((one) => folded(one) === folded(name)) === at),
      open: names.length === 0 || tasks.some(({ coder }) => !coder.trim()),
    };
  }

  /** Return the texts that somebody is to code, in the order of the packet. */
  function textsOf(packet, name) {
    if (!packet.tasks.length) return packet.texts;
    const wanted = new Set(
      packet.tasks.filter(({ coder }) => !coder.trim() || folded(coder) === folded(name)).flatMap(({ texts }) => texts),
    );
    return packet.texts.filter(({ guid }) => wanted.has(guid));
  }

  /** Return the work with which a coder begins: no codings, the codebook of the packet, and the texts that are this coder’s. */
  function begin(packet, name) {
    const coder = name.normalize("NFC").trim().replace(/\s+/g, " ");
    if (!coder) throw new Error("Who are you? Type a pseudonym.");
    const texts = textsOf(packet, coder);
    if (!texts.length)
      throw new Error(
        `${coder} has no text in this packet. It names ${coders(packet).names.join(", ")}: choose one of them.`,
      );
    // The same name in the same packet is the same coder, on every computer.
    const made = wb.works.begin({
      coder: { guid: wb.guidOf("coder", packet.guid, folded(coder)), name: coder },
      texts,
      codes: packet.codes,
      codebook: packet.codebook,
      packet: packet.guid,
      round: packet.round,
      name: packet.name,
    });
    return made;
  }

  /** Return the name of the file of a packet. */
  function fileName({ name, round }) {
    const plain = name.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, ""); // prettier-ignore
    return `packet-${plain || "class"}-round-${round}.json`;
  }

  const asText = (packet) => `${JSON.stringify(packet, null, 1)}\n`;

  wb.packets = { make, fault, coders, textsOf, begin, fileName, asText };
}
