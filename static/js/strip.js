// One strip for a whole batch: drawn once on a large page, shown on every small one before it is applied.

import { Boxes } from "./overlay/boxes.js";
import { inWords } from "./overlay/geometry.js";
import { Overlay } from "./overlay/overlay.js";

const SIDES = /** @type {const} */ (["x", "y", "w", "h"]);

class Strip {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.leaf = /** @type {HTMLElement} */ (form.querySelector("[data-strip-leaf]"));
    this.live = /** @type {HTMLElement} */ (form.querySelector("[data-live]"));
    this.overlay = new Overlay(this.leaf);
    this.boxes = new Boxes(this.overlay, {
      name: "the first page",
      onChange: () => this.drawn(),
      announce: (words) => {
        this.live.textContent = words;
      },
    });
    form.classList.add("is-live");
    this.boxes.all = [{ ...this.numbers(), id: 1 }];
    for (const side of SIDES) this.field(side).addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.show());
    form.addEventListener("click", (event) => this.choose(event));
    this.show();
  }

  /** @param {string} side */
  field(side) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(side));
  }

  numbers() {
    const [x, y, w, h] = SIDES.map((side) => Number(this.field(side).value) / 100 || 0);
    return { x, y, w, h };
  }

  get ticks() {
    return /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("input[name=pages]")]);
  }

  /** The last box that was drawn is the strip; there is one at a time. */
  drawn() {
    const last = this.boxes.all.at(-1);
    if (last && this.boxes.all.length > 1) this.boxes.all = [last];
    if (last) for (const side of SIDES) this.field(side).value = (last[side] * 100).toFixed(2);
    else for (const side of /** @type {const} */ (["w", "h"])) this.field(side).value = "0";
    this.show();
  }

  typed() {
    const { w, h } = this.numbers();
    this.boxes.all = w > 0 && h > 0 ? [{ ...this.numbers(), id: 1 }] : [];
    this.show();
  }

  /** @param {MouseEvent} event */
  choose(event) {
    const which = event.target instanceof Element ? event.target.closest("[data-choose]")?.getAttribute("data-choose") : null;
    if (!which) return;
    for (const tick of this.ticks) tick.checked = which === "all" || (which === "first" && tick.dataset.number === "1");
    this.show();
  }

  show() {
    const strip = this.numbers();
    let chosen = 0;
    for (const tick of this.ticks) {
      const page = tick.closest("label");
      if (tick.checked) chosen += 1;
      page?.classList.toggle("is-chosen", tick.checked);
      const fresh = page?.querySelector("[data-strip-new]");
      if (fresh) place(fresh, tick.checked ? strip : { x: 0, y: 0, w: 0, h: 0 });
    }
    const words = this.form.querySelector("[data-chosen-words]");
    if (words) words.textContent = `${chosen} of ${this.ticks.length} pages chosen`;
    this.overlay.svg.setAttribute("aria-description", inWords(strip));
  }
}

/** @param {Element} rect @param {{x: number, y: number, w: number, h: number}} box */
function place(rect, box) {
  for (const [name, value] of Object.entries({ x: box.x, y: box.y, width: box.w, height: box.h })) {
    rect.setAttribute(name, String(100 * value));
  }
}

for (const rect of document.querySelectorAll("rect[data-x]")) {
  const [x, y, w, h] = SIDES.map((side) => Number(rect.getAttribute(`data-${side}`)));
  place(rect, { x, y, w, h });
}
const form = document.querySelector("form[data-strip-form]");
if (form instanceof HTMLFormElement) new Strip(form);
