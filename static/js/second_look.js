// The second person's look: places where something shows are drawn on the burned pages and go back with the reason.

import { Boxes } from "./overlay/boxes.js";
import { Overlay } from "./overlay/overlay.js";

/** @param {HTMLFormElement} form */
function start(form) {
  const live = /** @type {HTMLElement} */ (document.querySelector("[data-live]"));
  const field = /** @type {HTMLInputElement} */ (form.querySelector("[data-look-places]"));
  const words = /** @type {HTMLElement} */ (form.querySelector("[data-look-words]"));
  const draw = /** @type {HTMLButtonElement} */ (form.querySelector("[data-look-draw]"));
  const leaves = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-look]")]);

  const pages = leaves.map((leaf) => {
    const page = Number(leaf.dataset.look);
    const boxes = new Boxes(new Overlay(leaf), {
      name: `page ${page} of ${leaves.length}`,
      onChange: () => keep(),
      announce: (said) => {
        live.textContent = said;
      },
    });
    boxes.mode = "look";
    return { page, boxes };
  });

  function keep() {
    const places = pages.flatMap(({ page, boxes }) => boxes.all.map(({ x, y, w, h }) => ({ page, x, y, w, h })));
    field.value = JSON.stringify(places);
    words.textContent = places.length ? `${places.length} ${places.length === 1 ? "place" : "places"} drawn` : "";
  }

  draw.addEventListener("click", () => {
    const isOn = draw.getAttribute("aria-pressed") !== "true";
    draw.setAttribute("aria-pressed", String(isOn));
    for (const { boxes } of pages) boxes.mode = isOn ? "draw" : "look";
    if (isOn && pages.length === 1 && !pages[0].boxes.all.length) pages[0].boxes.add();
    live.textContent = isOn ? "Drag over what shows; arrow keys move a box." : "";
    if (isOn) leaves[0]?.scrollIntoView({ block: "start" });
  });
  form.classList.add("is-live");
  keep();
}

for (const form of document.querySelectorAll("[data-look-back]")) {
  if (form instanceof HTMLFormElement) start(form);
}
