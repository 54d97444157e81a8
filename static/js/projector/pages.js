// The work takes the width that its pages need: as many side by side as fit, and the rest is for the words.

const ALONE = 0.72; // of the screen's width, at most
const BESIDE_NOTES = 0.58;

/** How wide the samples that lie side by side are, as high as there is room for. @param {HTMLElement} place @param {number} gap */
function spreadWidth(place, gap) {
  let widest = 0;
  for (const spread of place.querySelectorAll(".wall-spread")) {
    const pages = [...spread.querySelectorAll("img")];
    const columns = pages.length > 3 ? 2 : pages.length;
    const needs = pages.map((page) => {
      const high = Number.parseFloat(window.getComputedStyle(page).maxHeight) || place.clientHeight;
      return (high * Number(page.getAttribute("width"))) / (Number(page.getAttribute("height")) || 1);
    });
    widest = Math.max(widest, columns * Math.max(0, ...needs) + (columns - 1) * gap);
  }
  return widest;
}

/** @param {HTMLElement} wall */
export function placePages(wall) {
  const place = wall.querySelector("[data-turn]");
  if (!(place instanceof HTMLElement)) return;
  const most = wall.clientWidth * (wall.querySelector(".wall-notes") ? BESIDE_NOTES : ALONE);
  const style = window.getComputedStyle(place);
  const gap = Number.parseFloat(style.columnGap) || 0;
  let wide = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
  const spread = spreadWidth(place, gap);
  for (const [at, page] of spread ? [] : [...place.querySelectorAll("img")].entries()) {
    const high = Number.parseFloat(window.getComputedStyle(page).maxHeight) || place.clientHeight;
    const needs = (high * Number(page.getAttribute("width"))) / (Number(page.getAttribute("height")) || 1) + (at ? gap : 0);
    if (at && wide + needs > most) break;
    wide += needs;
  }
  wall.style.setProperty("--wide", `${Math.ceil(Math.min(wide + spread, most))}px`);
}
