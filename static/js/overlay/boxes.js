// Boxes over a picture of a page, drawn, moved, resized and removed by mouse, touch, pen and keyboard. The picture
// fills the overlay's host.
//
//   const boxes = new Boxes(new Overlay(host), { name: "page 2 of 3", onChange, onSelect, announce });
//
//   name           what a screen reader hears: "Boxes on <name>"
//   onChange(why)  after each finished gesture: "add", "change" or "remove"; read `boxes.all`
//   onSelect(id)   a box was picked, or none (null)
//   announce(words)  for a live region
//
//   boxes.all             [{id, x, y, w, h}]; set it to replace them
//   boxes.mode            "draw": one finger or the mouse draws; "look": the picture below gets every press
//   boxes.add(box?)       a box (in the middle without one), picked and focused; returns its id
//   boxes.change(id, box), boxes.remove(id), boxes.select(id), boxes.selected
//   boxes.isBusy          true while somebody draws: do not turn the page now
//   boxes.cancel()        give up what is being drawn

import { inWords, moved, onPage, sized } from "./geometry.js";
import { Nodes, moveTo, svg } from "./overlay.js";

/**
 * @typedef {import("./overlay.js").Overlay} Overlay
 * @typedef {import("./overlay.js").Point} Point
 * @typedef {import("./geometry.js").Box} Box
 * @typedef {Box & { id: number }} PlacedBox
 * @typedef {"draw" | "look"} Mode
 * @typedef {object} Options
 * @property {string} [name]
 * @property {(why: string) => void} [onChange]
 * @property {(id: number | null) => void} [onSelect]
 * @property {(words: string) => void} [announce]
 * @typedef {{ pointer: number, kind: "new" | "move" | "size", id: number, corner: string, from: Point, was: Box,
 *   moved: boolean }} Gesture
 */

const CORNERS = ["nw", "ne", "se", "sw"];
const HANDLE = 28; // what a finger has to hit, in pixels
const KNOB = 6;
const LEAST = 8; // a box thinner than this many pixels was a tap
const STEP = 0.01;
const FINE = 0.002;
const NEW_BOX = { x: 0.3, y: 0.06, w: 0.4, h: 0.06 };

function boxNode() {
  const node = svg("g", { class: "overlay-box", tabindex: "0", role: "button" });
  node.append(svg("rect", { class: "overlay-fill" }));
  for (const corner of CORNERS) {
    const handle = svg("g", { class: `overlay-handle overlay-handle-${corner}`, "data-corner": corner });
    handle.append(svg("rect", { class: "overlay-reach", width: HANDLE, height: HANDLE }));
    handle.append(svg("circle", { class: "overlay-knob", r: KNOB, cx: HANDLE / 2, cy: HANDLE / 2 }));
    node.append(handle);
  }
  return node;
}

export class Boxes {
  /**
   * @param {Overlay} overlay
   * @param {Options} [options]
   */
  constructor(overlay, options = {}) {
    this.overlay = overlay;
    this.options = options;
    /** @type {PlacedBox[]} */
    this._all = [];
    /** @type {number | null} */
    this._selected = null;
    /** @type {Gesture | null} */
    this._gesture = null;
    /** @type {Set<number>} */
    this._down = new Set();
    this._next = 1;
    this._nodes = new Nodes(overlay.layer(() => this.draw()), boxNode);
    this._listen();
    /** @type {Mode} */
    this._mode = "draw";
    this.mode = "draw";
    this.name = options.name ?? "this page";
  }

  get mode() {
    return this._mode;
  }

  set mode(mode) {
    this.cancel();
    this._mode = mode;
    this.overlay.svg.classList.toggle("is-for-drawing", mode === "draw");
    this.overlay.svg.classList.toggle("is-for-looking", mode === "look");
    this.draw();
  }

  set name(/** @type {string} */ name) {
    this.options.name = name;
    this.overlay.label = `Boxes on ${name}`;
  }

  get all() {
    return this._all.map((box) => ({ ...box }));
  }

  set all(boxes) {
    this.cancel();
    this._all = boxes.map((box) => ({ ...onPage(box), id: box.id ?? this._next++ }));
    for (const box of this._all) this._next = Math.max(this._next, box.id + 1);
    if (!this._all.some((box) => box.id === this._selected)) this.select(null);
    this.draw();
  }

  get selected() {
    return this._selected;
  }

  get isBusy() {
    return this._gesture !== null;
  }

  /** @param {Box} [box] */
  add(box = NEW_BOX) {
    const id = this._next++;
    this._all.push({ ...onPage(box), id });
    this.select(id);
    this.draw();
    this._focus(id);
    this._changed("add", `New box: ${inWords(box)}. Arrows move it, Shift and arrows resize it, Delete removes it.`);
    return id;
  }

  /** @param {number} id @param {Box} box */
  change(id, box) {
    this._set(id, box);
    this._changed("change", `${this._title(id)}: ${inWords(this._box(id) ?? box)}`);
  }

  /** @param {number} id */
  remove(id) {
    const place = this._all.findIndex((box) => box.id === id);
    if (place < 0) return;
    const had = this._nodes.get(String(id))?.contains(document.activeElement);
    this._all.splice(place, 1);
    const near = this._all[Math.min(place, this._all.length - 1)];
    this.select(had && near ? near.id : null);
    this.draw();
    if (had && near) this._focus(near.id);
    this._changed("remove", `Box removed, ${this._all.length} left on ${this.options.name}.`);
  }

  /** @param {number | null} id */
  select(id) {
    if (this._selected === id) return;
    this._selected = id;
    this.draw();
    this.options.onSelect?.(id);
  }

  cancel() {
    const gesture = this._gesture;
    if (!gesture) return;
    this._gesture = null;
    if (gesture.kind === "new") {
      this._all = this._all.filter((box) => box.id !== gesture.id);
      this._selected = null;
    } else {
      this._set(gesture.id, gesture.was);
    }
    this.draw();
  }

  // --- drawing -------------------------------------------------------------------------------------------

  draw() {
    this._nodes.keep(this._all.map((box) => String(box.id)));
    this._all.forEach((box, index) => this._drawBox(box, index));
  }

  /** @param {PlacedBox} box @param {number} index */
  _drawBox(box, index) {
    const node = this._nodes.get(String(box.id));
    if (!node) return;
    const { w, h } = this._size();
    const [left, top, width, height] = [box.x * w, box.y * h, box.w * w, box.h * h];
    const isPicked = box.id === this._selected;
    node.classList.toggle("is-picked", isPicked);
    node.setAttribute("aria-pressed", String(isPicked));
    node.setAttribute("aria-label", `Box ${index + 1} of ${this._all.length}: ${inWords(box)}`);
    const fill = node.querySelector(".overlay-fill");
    for (const [key, value] of Object.entries({ x: left, y: top, width, height })) fill?.setAttribute(key, value.toFixed(2));
    for (const handle of node.querySelectorAll(".overlay-handle")) {
      const corner = handle.getAttribute("data-corner") ?? "";
      // A little outside, so that the handles of a small box do not lie on one another.
      const x = corner.includes("w") ? left - 4 : left + width + 4;
      const y = corner.includes("n") ? top - 4 : top + height + 4;
      handle.setAttribute("transform", moveTo({ x: x - HANDLE / 2, y: y - HANDLE / 2 }));
    }
  }

  // --- what people do ------------------------------------------------------------------------------------

  _listen() {
    const { svg: surface } = this.overlay;
    surface.addEventListener("pointerdown", (event) => this._press(event));
    surface.addEventListener("pointermove", (event) => this._drag(event));
    surface.addEventListener("pointerup", (event) => this._release(event));
    surface.addEventListener("pointercancel", (event) => {
      this._down.delete(event.pointerId);
      this.cancel();
    });
    surface.addEventListener("keydown", (event) => this._key(event));
    surface.addEventListener("focusin", (event) => {
      const id = this._idAt(event.target);
      if (id !== null && !this._gesture) this.select(id);
    });
    // A finger that draws must not begin to drag the picture or select words.
    surface.addEventListener("dragstart", (event) => event.preventDefault());
  }

  /** @param {PointerEvent} event */
  _press(event) {
    this._down.add(event.pointerId);
    if (this._mode === "look" || (event.pointerType === "mouse" && event.button !== 0)) return;
    if (this._down.size > 1) {
      this.cancel(); // a second finger: this is a pinch, not a box
      return;
    }
    event.preventDefault();
    this.overlay.svg.setPointerCapture(event.pointerId);
    this._begin(event, this._onPage(event));
  }

  /** @param {PointerEvent} event @param {Point} from */
  _begin(event, from) {
    const id = this._idAt(event.target);
    const box = id === null ? undefined : this._box(id);
    if (id === null || !box) {
      const fresh = this._next++;
      this._gesture = { pointer: event.pointerId, kind: "new", id: fresh, corner: "se", from, was: NEW_BOX, moved: false };
      return;
    }
    const handle = event.target instanceof Element ? event.target.closest(".overlay-handle") : null;
    const corner = handle?.getAttribute("data-corner") ?? "";
    this._gesture = { pointer: event.pointerId, kind: corner ? "size" : "move", id, corner, from, was: { ...box }, moved: false };
    this.select(id);
    this._focus(id);
  }

  /** @param {PointerEvent} event */
  _drag(event) {
    const gesture = this._gesture;
    if (!gesture || gesture.pointer !== event.pointerId || this._mode !== "draw") return;
    const at = this._onPage(event);
    const { w, h } = this._size();
    const [dx, dy] = [at.x - gesture.from.x, at.y - gesture.from.y];
    if (!gesture.moved && Math.hypot(dx * w, dy * h) < 3) return;
    gesture.moved = true;
    if (gesture.kind === "new") this._grow(gesture, dx, dy);
    else if (gesture.kind === "move") this._set(gesture.id, moved(gesture.was, dx, dy));
    else this._set(gesture.id, sized(gesture.was, gesture.corner, dx, dy));
  }

  /** @param {Gesture} gesture @param {number} dx @param {number} dy */
  _grow(gesture, dx, dy) {
    const box = onPage({ x: gesture.from.x, y: gesture.from.y, w: dx, h: dy });
    if (!this._box(gesture.id)) {
      this._all.push({ ...box, id: gesture.id });
      this._selected = gesture.id;
    }
    this._set(gesture.id, box);
  }

  /** @param {PointerEvent} event */
  _release(event) {
    this._down.delete(event.pointerId);
    const gesture = this._gesture;
    if (!gesture || gesture.pointer !== event.pointerId) return;
    if (gesture.kind === "new") this._finishNew(gesture);
    else {
      this._gesture = null;
      const box = this._box(gesture.id);
      if (gesture.moved && box) this._changed("change", `${this._title(gesture.id)}: ${inWords(box)}`);
    }
  }

  /** @param {Gesture} gesture */
  _finishNew(gesture) {
    const box = this._box(gesture.id);
    const { w, h } = this._size();
    if (!box || box.w * w < LEAST || box.h * h < LEAST) {
      this.cancel();
      this.select(null);
      return;
    }
    this._gesture = null;
    this.options.onSelect?.(gesture.id);
    this._focus(gesture.id);
    this._changed("add", `New box: ${inWords(box)}`);
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    const id = this._idAt(event.target);
    const box = id === null ? undefined : this._box(id);
    if (id !== null && box && this._mode === "draw" && !this._gesture) this._boxKey(event, id, box);
    else if (event.key === "Escape") this.cancel();
  }

  /** @param {KeyboardEvent} event @param {number} id @param {Box} box */
  _boxKey(event, id, box) {
    if (event.ctrlKey || event.metaKey) return;
    const step = event.altKey ? FINE : STEP;
    const way = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    })[event.key];
    if (way) {
      event.preventDefault();
      this.change(id, event.shiftKey ? sized(box, "se", ...way) : moved(box, ...way));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(id);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.select(id);
      this.options.announce?.(`${this._title(id)} picked: ${inWords(box)}`);
    } else if (event.key === "Escape") {
      this.select(null);
    }
  }

  // --- small things --------------------------------------------------------------------------------------

  /** Of the picture, in pixels. */
  _size() {
    return { w: this.overlay.host.clientWidth, h: this.overlay.host.clientHeight };
  }

  /** Where on the page somebody presses, in shares. @param {PointerEvent} event @returns {Point} */
  _onPage(event) {
    const host = this.overlay.svg.getBoundingClientRect();
    const { w, h } = this._size();
    return { x: (event.clientX - host.left) / w, y: (event.clientY - host.top) / h };
  }

  /** @param {EventTarget | null} target */
  _idAt(target) {
    const key = this._nodes.keyAt(target);
    return key === null ? null : Number(key);
  }

  /** @param {number} id */
  _box(id) {
    return this._all.find((box) => box.id === id);
  }

  /** @param {number} id */
  _title(id) {
    return `Box ${this._all.findIndex((box) => box.id === id) + 1}`;
  }

  /** @param {number} id @param {Box} box */
  _set(id, box) {
    const old = this._box(id);
    if (old) Object.assign(old, onPage(box));
    this.draw();
  }

  /** @param {number} id */
  _focus(id) {
    this._nodes.get(String(id))?.focus({ preventScroll: true });
  }

  /** @param {string} why @param {string} words */
  _changed(why, words) {
    this.options.onChange?.(why);
    this.options.announce?.(words);
  }
}
