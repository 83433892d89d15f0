"use strict";
/** Zip archives, by fflate: the same entries give the same bytes on every machine, and what is unpacked has limits. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const UNDATED = new Date(1980, 0, 1); // the earliest date of the format, which is written in local time
  const LARGEST = 60_000_000; // bytes of a file in an archive, unpacked
  const ALL = 150_000_000; // bytes of all that is unpacked
  const MOST = 20_000; // files
  const DENSEST = 250; // unpacked to packed bytes, of a file over a megabyte
  const SMALL = 1_000_000;
  const FURNITURE = /(?:^|\/)(?:__MACOSX\/|\._)/; // what a Mac puts beside files

  /** Return files, by name, each a text or bytes, as an archive. With `stored`, they are not packed. */
  wb.zip = (files, { stored = false } = {}) => {
    const bytes = (content) => (typeof content === "string" ? new TextEncoder().encode(content) : content);
    const members = Object.entries(files).map(([name, content]) => [name, bytes(content)]);
    return globalThis.fflate.zipSync(Object.fromEntries(members), { level: stored ? 0 : 6, mtime: UNDATED });
  };

  /** Map the names of files in an archive to their bytes, of those that are wanted. Throw an Error for the reader. */
  wb.unzip = (bytes, wanted = () => true) => {
    let total = 0;
    const sizes = new Map();
    const choose = ({ name, size, originalSize }) => {
      if (sizes.has(name)) throw new Refusal("Two files in the archive have the same name. Export it again.");
      if (sizes.size >= MOST) throw new Refusal(`The archive has more than ${MOST} files, too many to open here.`);
      sizes.set(name, originalSize);
      if (name.endsWith("/") || FURNITURE.test(name) || !wanted(name)) return false;
      total += originalSize;
      if (originalSize > LARGEST || total > ALL || originalSize > Math.max(SMALL, DENSEST * size)) {
        throw new Refusal("Unpacked, the archive would be too large to open here.");
      }
      return true;
    };
    const found = new Map(Object.entries(unpacked(bytes, choose)));
    for (const [name, content] of found) if (content.length !== sizes.get(name)) throw damaged();
    return found;
  };

  class Refusal extends Error {}

  const damaged = () => new Error("The archive is damaged, or not all of it is there. Export or download it again.");

  function unpacked(bytes, filter) {
    try {
      return globalThis.fflate.unzipSync(bytes, { filter });
    } catch (fault) {
      throw fault instanceof Refusal ? new Error(fault.message) : damaged();
    }
  }

  /** Return the names of all files in an archive; nothing is unpacked. */
  wb.namesInArchive = (bytes) => {
    const names = [];
    wb.unzip(bytes, (name) => void names.push(name));
    return names;
  };

  const KINDS = [
    ["project", /(?:^|\/)[^/]+\.qde$/i],
    ["study", /(?:^|\/)datapackage\.json$/],
    ["document", /^word\/document\.xml$/],
    ["project", /\.qdpx$/i],
  ];

  /** Return what is in an archive: a `project`, a `study`, or a `document` of Word; else nothing. */
  wb.archiveKind = (bytes) => {
    const names = wb.namesInArchive(bytes);
    return KINDS.find(([, pattern]) => names.some((name) => pattern.test(name)))?.[0] ?? "";
  };
}
