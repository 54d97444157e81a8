// Pins on a page: buttons whose tips point to places. The picture below gets every press but those on a pin.
//
//   const pins = new Pins(overlay, { onPress });
//   pins.show([{ place: { page, x, y }, words: "3", label: "Pin 3: …", mine, lit }]);
//   pins.cross = { x, y };   // in pixels of the host: where a place would be set; null takes it away

import { Nodes, moveTo, svg } from "./overlay.js";

/**
 * @typedef {import("./overlay.js").Overlay} Overlay
 * @typedef {import("./overlay.js").Place} Place
 * @typedef {import("./overlay.js").Point} Point
 * @typedef {{ place: Place, words: string, label: string, mine?: boolean, lit?: boolean }} Pin
 *   `lit`: the one that was just flown to
 */

const DROP = "M0 0 v-13 a13 13 0 1 1 13 13 z"; // its corner below to the left is the tip
const MIDDLE = { x: 13, y: -13 };

function pinNode() {
  const node = svg("g", { class: "overlay-pin", tabindex: "0", role: "button" });
  node.append(svg("path", { class: "overlay-halo", d: DROP }), svg("path", { class: "overlay-drop", d: DROP }));
  node.append(svg("text", { class: "overlay-words", "text-anchor": "middle", ...MIDDLE, dy: ".35em" }));
  return node;
}

function crossNode() {
  const d = "M-20 0 H20 M0 -20 V20";
  const node = svg("g", { class: "overlay-cross", "aria-hidden": "true" });
  node.append(svg("path", { class: "overlay-cross-edge", d }), svg("path", { class: "overlay-cross-line", d }));
  return node;
}

export class Pins {
  /**
   * @param {Overlay} overlay
   * @param {{ onPress: (at: number) => void, onFocus?: (at: number) => void }} does which of the pins that are shown
   */
  constructor(overlay, { onPress, onFocus }) {
    this.overlay = overlay;
    /** @type {Pin[]} */
    this.pins = [];
    this.layer = overlay.layer(() => this.draw());
    this.nodes = new Nodes(this.layer, pinNode);
    this.crossMark = crossNode();
    overlay.svg.classList.add("is-for-looking");
    this.layer.addEventListener("click", (event) => this.does(event, onPress));
    this.layer.addEventListener("focusin", (event) => this.does(event, onFocus));
    this.layer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.does(event, onPress);
    });
  }

  /** @param {Event} event @param {((at: number) => void) | undefined} what */
  does(event, what) {
    const key = this.nodes.keyAt(event.target);
    if (key !== null) what?.(Number(key));
  }

  /** @param {Pin[]} pins */
  show(pins) {
    this.pins = pins;
    this.nodes.keep(pins.map((_, at) => String(at)));
    pins.forEach((pin, at) => {
      const node = this.nodes.get(String(at));
      node?.setAttribute("aria-label", pin.label);
      node?.classList.toggle("is-mine", pin.mine === true);
      node?.classList.toggle("is-lit", pin.lit === true);
      const words = node?.querySelector("text");
      if (words) words.textContent = pin.words;
    });
    this.draw();
  }

  /** @param {Point | null} point */
  set cross(point) {
    if (point) {
      this.crossMark.setAttribute("transform", moveTo(point));
      this.layer.append(this.crossMark);
    } else {
      this.crossMark.remove();
    }
  }

  draw() {
    this.pins.forEach((pin, at) => {
      const node = this.nodes.get(String(at));
      const point = this.overlay.locate(pin.place);
      if (point) node?.setAttribute("transform", moveTo(point));
      if (point) node?.removeAttribute("display");
      else node?.setAttribute("display", "none");
    });
  }
}
