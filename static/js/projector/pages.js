// The work takes the width that its pages need: as many side by side as fit, and the rest is for the words.

const ALONE = 0.72; // of the screen's width, at most
const BESIDE_NOTES = 0.58;

/** @param {HTMLElement} wall */
export function placePages(wall) {
  const place = wall.querySelector("[data-turn]");
  if (!(place instanceof HTMLElement)) return;
  const most = wall.clientWidth * (wall.querySelector(".wall-notes") ? BESIDE_NOTES : ALONE);
  const style = window.getComputedStyle(place);
  const gap = Number.parseFloat(style.columnGap) || 0;
  let wide = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
  for (const [at, page] of [...place.querySelectorAll("img")].entries()) {
    const high = Number.parseFloat(window.getComputedStyle(page).maxHeight) || place.clientHeight;
    const needs = (high * Number(page.getAttribute("width"))) / (Number(page.getAttribute("height")) || 1) + (at ? gap : 0);
    if (at && wide + needs > most) break;
    wide += needs;
  }
  wall.style.setProperty("--wide", `${Math.ceil(Math.min(wide, most))}px`);
}
