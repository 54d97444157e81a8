// What was dropped, folders opened, however deep: each file with the folder that it lay in.

const HIDDEN = /^(\.|thumbs\.db$|desktop\.ini$)/i;
export const MOST = 200;

/** @typedef {{file: File, folder: string}} Dropped */

/** @param {FileSystemEntry} entry @param {string} folder @returns {Promise<Dropped[]>} */
async function filesIn(entry, folder) {
  if (HIDDEN.test(entry.name)) return [];
  if (entry.isFile) {
    return new Promise((resolve) => {
      /** @type {FileSystemFileEntry} */ (entry).file((file) => resolve([{ file, folder }]), () => resolve([]));
    });
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {Dropped[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve) => {
      reader.readEntries(resolve, () => resolve([]));
    });
    if (!some.length) break;
    for (const each of some) all.push(...(await filesIn(each, entry.fullPath)));
    if (all.length > MOST) break;
  }
  return all;
}

/** In the order in which people read names: by folder, 2 before 10. @param {DataTransfer} dropped @returns {Promise<Dropped[]>} */
export async function filesOf(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...dropped.files].map((file) => ({ file, folder: "" }));
  const lists = await Promise.all(entries.map((entry) => (entry ? filesIn(entry, "") : [])));
  const byName = new Intl.Collator(undefined, { numeric: true });
  return lists.flat().sort((a, b) => byName.compare(a.folder, b.folder) || byName.compare(a.file.name, b.file.name));
}
