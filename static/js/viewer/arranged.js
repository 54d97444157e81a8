// Which pages stand side by side: the one that is looked at, then the same page of the samples that follow it, then
// what comes after it.

/** @typedef {import("./viewer.js").Page} Page */

/**
 * @param {Page[]} pages all that there are, sample by sample
 * @param {Page} first
 * @param {number} count at most so many
 * @returns {Page[]}
 */
export function arranged(pages, first, count) {
  if (count < 2) return [first];
  const at = pages.findIndex((page) => page.id === first.id);
  const onward = [...pages.slice(at), ...pages.slice(0, at)];
  const samples = [...new Set(onward.map((page) => page.sample))];
  const each = samples.map((sample) => {
    const own = pages.filter((page) => page.sample === sample);
    return own.find((page) => page.number === first.number) ?? own[0];
  });
  return [...new Set([first, ...each, ...onward])].filter((page) => page !== undefined).slice(0, count);
}
