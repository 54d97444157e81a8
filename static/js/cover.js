// Covering a name on a page that was withdrawn: boxes are drawn on each page and kept while one draws.

import { Boxes } from "./overlay/boxes.js";
import { Overlay } from "./overlay/overlay.js";
import { Saver } from "./saving.js";

/** @typedef {{ number: number, boxes: { x: number, y: number, w: number, h: number }[] }} Leaf */

/** @param {HTMLElement} root */
function cover(root) {
  const state = root.querySelector("[data-cover-state]");
  const say = (/** @type {string} */ words) => state && (state.textContent = words);
  const saver = new Saver(root.dataset.save ?? "", (_, words) => say(words));
  /** @type {Leaf[]} */
  const leaves = JSON.parse(document.getElementById("cover-pages")?.textContent ?? "[]");
  /** @type {{ number: number, boxes: Boxes }[]} */
  const all = [];

  function keep() {
    const redactions = all.flatMap(({ number, boxes }) => boxes.all.map(({ x, y, w, h }) => ({ page: number, x, y, w, h })));
    saver.put({ redactions });
  }

  for (const leaf of leaves) {
    const page = root.querySelector(`[data-cover-page="${leaf.number}"]`);
    const host = page?.querySelector("[data-leaf]");
    if (!page || !(host instanceof HTMLElement)) continue;
    const overlay = new Overlay(host);
    const boxes = new Boxes(overlay, { name: `page ${leaf.number}`, onChange: keep, announce: say });
    boxes.all = leaf.boxes.map((box, at) => ({ ...box, id: at + 1 }));
    page.querySelector("[data-new-box]")?.addEventListener("click", () => boxes.add());
    new ResizeObserver(() => overlay.refresh()).observe(host);
    all.push({ number: leaf.number, boxes });
  }
  const form = document.querySelector("[data-cover-form]");
  if (form instanceof HTMLFormElement) {
    form.addEventListener("submit", (event) => {
      event.preventDefault(); // what is drawn arrives first
      void saver.flush().then(() => form.submit());
    });
  }
  root.classList.add("is-live");
}

const root = document.querySelector("[data-cover]");
if (root instanceof HTMLElement) cover(root);
