// Boxes on a page as numbers: shares of the page from 0 to 1, y downward.

/** @typedef {{ x: number, y: number, w: number, h: number }} Box */

const SMALLEST = 0.004;

/** @param {number} value @param {number} least @param {number} most */
function within(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/**
 * The part of a box that lies on the page, at least a hair wide.
 * @param {Box} box
 * @returns {Box}
 */
export function onPage(box) {
  const left = within(Math.min(box.x, box.x + box.w), 0, 1 - SMALLEST);
  const top = within(Math.min(box.y, box.y + box.h), 0, 1 - SMALLEST);
  const right = within(Math.max(box.x, box.x + box.w), left + SMALLEST, 1);
  const bottom = within(Math.max(box.y, box.y + box.h), top + SMALLEST, 1);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** @param {Box} box @param {number} dx @param {number} dy */
export function moved(box, dx, dy) {
  return { ...box, x: within(box.x + dx, 0, 1 - box.w), y: within(box.y + dy, 0, 1 - box.h) };
}

/** @param {Box} box @param {string} corner which is drawn: nw, ne, se, sw @param {number} dx @param {number} dy */
export function sized(box, corner, dx, dy) {
  let { x, y, w, h } = box;
  if (corner.includes("w")) [x, w] = [x + dx, w - dx];
  else w += dx;
  if (corner.includes("n")) [y, h] = [y + dy, h - dy];
  else h += dy;
  return { x, y, w: corner === "se" ? Math.max(w, SMALLEST) : w, h: corner === "se" ? Math.max(h, SMALLEST) : h };
}

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`;

/** @param {Box} box */
export function inWords(box) {
  return `${percent(box.x)} from the left, ${percent(box.y)} from the top, ${percent(box.w)} wide, ${percent(box.h)} high`;
}
