// Boxes and pins on a page: an SVG that lies over any picture of it, worked by mouse, touch, pen and keyboard.
//
//   const overlay = new Overlay(host, { frame, mode: "draw", name: "page 2 of 3", onChange, announce });
//
//   host        an element with `position: relative` that holds the picture; the SVG fills it
//   frame()     where the page lies in the host, in CSS pixels: { left, top, width, height }. For an <img> that
//               fills the host leave it out; for OpenSeadragon give the image's corners through
//               `viewport.imageToViewerElementCoordinates`. Call `overlay.refresh()` whenever it has changed
//               (zoom, pan, "animation"); the overlay itself watches the host's size.
//   mode        "draw"   one finger or the mouse draws a box, boxes can be moved, resized, removed
//               "place"  a tap calls onPlace({x, y}); Enter on the SVG takes the middle of the page
//               "look"   the picture below gets everything but presses on pins (set `overlay.mode` to change it)
//   name        what a screen reader hears: "Boxes on <name>"
//   onChange(why)   after each finished gesture: "add", "change" or "remove"; read `overlay.boxes`
//   onSelect(id)    a box was picked, or none (null)
//   onPlace(place)  a place was tapped in "place" mode
//   onPin(id)       a pin was pressed
//   announce(words) for a live region
//
//   overlay.boxes            [{id, x, y, w, h}], shares of the page from 0 to 1, y downward; set it to replace them
//   overlay.pins = [...]     [{id, x, y, words: "3", label: "Note 3 by Aisha: …", kind?: "mine"}]
//   overlay.add(box?)        a box (in the middle without one), picked and focused; returns its id
//   overlay.change(id, box), overlay.remove(id), overlay.select(id), overlay.selected
//   overlay.isBusy           true while somebody draws: do not turn the page now
//   overlay.cancel()         give up what is being drawn
//   overlay.toPage(x, y)     client pixels → shares of the page
//   overlay.destroy()
//
// Classes for the style sheet (work.css): .overlay, .overlay-box, .overlay-handle, .overlay-pin, [data-mode].

/**
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {Box & {id: number}} PlacedBox
 * @typedef {{id: string, x: number, y: number, words: string, label: string, kind?: string}} Pin
 * @typedef {{left: number, top: number, width: number, height: number}} Frame
 * @typedef {"draw" | "place" | "look"} Mode
 * @typedef {object} Options
 * @property {() => Frame} [frame]
 * @property {Mode} [mode]
 * @property {string} [name]
 * @property {(why: string) => void} [onChange]
 * @property {(id: number | null) => void} [onSelect]
 * @property {(place: {x: number, y: number}) => void} [onPlace]
 * @property {(id: string) => void} [onPin]
 * @property {(words: string) => void} [announce]
 * @typedef {{pointer: number, kind: "new" | "move" | "size", id: number, corner: string,
 *   from: {x: number, y: number}, was: Box, moved: boolean}} Gesture
 */

const SVG = "http://www.w3.org/2000/svg";
const CORNERS = ["nw", "ne", "se", "sw"];
const HANDLE = 28; // what a finger has to hit, in pixels
const KNOB = 6;
const LEAST = 8; // a box thinner than this many pixels was a tap
const STEP = 0.01;
const FINE = 0.002;
const SMALLEST = 0.004;
const NEW_BOX = { x: 0.3, y: 0.06, w: 0.4, h: 0.06 };

/**
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 */
function svg(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

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

/** @param {number} share */
function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** @param {Box} box */
export function inWords(box) {
  return `${percent(box.x)} from the left, ${percent(box.y)} from the top, ${percent(box.w)} wide, ${percent(box.h)} high`;
}

export class Overlay {
  /**
   * @param {HTMLElement} host
   * @param {Options} [options]
   */
  constructor(host, options = {}) {
    this.host = host;
    this.options = options;
    /** @type {PlacedBox[]} */
    this._boxes = [];
    /** @type {Pin[]} */
    this._pins = [];
    /** @type {number | null} */
    this._selected = null;
    /** @type {Gesture | null} */
    this._gesture = null;
    /** @type {Set<number>} */
    this._down = new Set();
    this._next = 1;
    /** @type {Map<string, SVGElement>} */
    this._nodes = new Map();
    this.svg = svg("svg", { class: "overlay", focusable: "false" });
    this._boxLayer = svg("g");
    this._pinLayer = svg("g");
    this.svg.append(this._boxLayer, this._pinLayer);
    host.append(this.svg);
    this._listen();
    this._resize = new ResizeObserver(() => this.refresh());
    this._resize.observe(host);
    /** @type {Mode} */
    this._mode = "look";
    this.mode = options.mode ?? "draw";
    this.name = options.name ?? "this page";
  }

  get mode() {
    return this._mode;
  }

  set mode(mode) {
    this.cancel();
    this._mode = mode;
    this.svg.dataset.mode = mode;
    this.svg.setAttribute("tabindex", mode === "place" ? "0" : "-1");
    this._describe();
    this.refresh();
  }

  get name() {
    return this.options.name ?? "";
  }

  set name(name) {
    this.options.name = name;
    this._describe();
  }

  get boxes() {
    return this._boxes.map((box) => ({ ...box }));
  }

  set boxes(boxes) {
    this.cancel();
    this._boxes = boxes.map((box) => ({ ...onPage(box), id: box.id ?? this._next++ }));
    for (const box of this._boxes) this._next = Math.max(this._next, box.id + 1);
    if (!this._boxes.some((box) => box.id === this._selected)) this.select(null);
    this.refresh();
  }

  set pins(/** @type {Pin[]} */ pins) {
    this._pins = pins;
    this.refresh();
  }

  get selected() {
    return this._selected;
  }

  get isBusy() {
    return this._gesture !== null;
  }

  /** @returns {Frame} */
  get frame() {
    if (this.options.frame) return this.options.frame();
    return { left: 0, top: 0, width: this.host.clientWidth, height: this.host.clientHeight };
  }

  /** @param {number} clientX @param {number} clientY */
  toPage(clientX, clientY) {
    const frame = this.frame;
    const host = this.svg.getBoundingClientRect();
    return { x: (clientX - host.left - frame.left) / frame.width, y: (clientY - host.top - frame.top) / frame.height };
  }

  /** @param {Box} [box] */
  add(box = NEW_BOX) {
    const id = this._next++;
    this._boxes.push({ ...onPage(box), id });
    this.select(id);
    this.refresh();
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
    const place = this._boxes.findIndex((box) => box.id === id);
    if (place < 0) return;
    const had = this._nodes.get(`box-${id}`)?.contains(document.activeElement);
    this._boxes.splice(place, 1);
    const near = this._boxes[Math.min(place, this._boxes.length - 1)];
    this.select(had && near ? near.id : null);
    this.refresh();
    if (had && near) this._focus(near.id);
    this._changed("remove", `Box removed, ${this._boxes.length} left on ${this.name}.`);
  }

  /** @param {number | null} id */
  select(id) {
    if (this._selected === id) return;
    this._selected = id;
    this.refresh();
    this.options.onSelect?.(id);
  }

  cancel() {
    const gesture = this._gesture;
    if (!gesture) return;
    this._gesture = null;
    if (gesture.kind === "new") {
      this._boxes = this._boxes.filter((box) => box.id !== gesture.id);
      this._selected = null;
    } else {
      this._set(gesture.id, gesture.was);
    }
    this.refresh();
  }

  destroy() {
    this._resize.disconnect();
    this.svg.remove();
  }

  /** Draw everything where it belongs now. */
  refresh() {
    const frame = this.frame;
    this._keep(this._boxLayer, this._boxes.map((box) => `box-${box.id}`), () => this._boxNode());
    this._keep(this._pinLayer, this._pins.map((pin) => `pin-${pin.id}`), () => this._pinNode());
    this._boxes.forEach((box, index) => this._drawBox(box, index, frame));
    for (const pin of this._pins) this._drawPin(pin, frame);
  }

  // --- drawing -------------------------------------------------------------------------------------------

  _describe() {
    const what = this._mode === "place" ? "Choose a place on" : "Boxes on";
    this.svg.setAttribute("role", this._mode === "place" ? "application" : "group");
    this.svg.setAttribute("aria-label", `${what} ${this.name}`);
  }

  /**
   * Give a layer one node for each key, in that order, and drop the others; nodes stay, so that focus does.
   * @param {SVGElement} layer @param {string[]} keys @param {() => SVGElement} make
   */
  _keep(layer, keys, make) {
    const wanted = new Set(keys);
    for (const node of [...layer.children]) {
      const key = node.getAttribute("data-key") ?? "";
      if (!wanted.has(key)) {
        node.remove();
        this._nodes.delete(key);
      }
    }
    for (const key of keys) {
      if (this._nodes.has(key)) continue;
      const node = make();
      node.setAttribute("data-key", key);
      this._nodes.set(key, node);
      layer.append(node);
    }
  }

  _boxNode() {
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

  _pinNode() {
    const node = svg("g", { class: "overlay-pin", tabindex: "0", role: "button" });
    node.append(svg("path", { class: "overlay-drop", d: "M-14 -14 h14 a14 14 0 0 1 0 28 h-14 a0 0 0 0 1 0 0 z" }));
    node.append(svg("text", { class: "overlay-words", "text-anchor": "middle", x: "-1", dy: ".35em" }));
    return node;
  }

  /** @param {PlacedBox} box @param {number} index @param {Frame} frame */
  _drawBox(box, index, frame) {
    const node = this._nodes.get(`box-${box.id}`);
    if (!node) return;
    const [left, top] = [frame.left + box.x * frame.width, frame.top + box.y * frame.height];
    const [width, height] = [box.w * frame.width, box.h * frame.height];
    const isPicked = box.id === this._selected;
    node.classList.toggle("is-picked", isPicked);
    node.setAttribute("aria-pressed", String(isPicked));
    node.setAttribute("aria-label", `Box ${index + 1} of ${this._boxes.length}: ${inWords(box)}`);
    const fill = node.querySelector(".overlay-fill");
    for (const [key, value] of Object.entries({ x: left, y: top, width, height })) fill?.setAttribute(key, value.toFixed(2));
    for (const handle of node.querySelectorAll(".overlay-handle")) {
      const corner = handle.getAttribute("data-corner") ?? "";
      // A little outside, so that the handles of a small box do not lie on one another.
      const x = corner.includes("w") ? left - 4 : left + width + 4;
      const y = corner.includes("n") ? top - 4 : top + height + 4;
      handle.setAttribute("transform", `translate(${(x - HANDLE / 2).toFixed(2)} ${(y - HANDLE / 2).toFixed(2)})`);
    }
  }

  /** @param {Pin} pin @param {Frame} frame */
  _drawPin(pin, frame) {
    const node = this._nodes.get(`pin-${pin.id}`);
    if (!node) return;
    const x = frame.left + pin.x * frame.width;
    const y = frame.top + pin.y * frame.height;
    node.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
    node.setAttribute("aria-label", pin.label);
    node.setAttribute("data-pin", pin.id);
    node.setAttribute("data-kind", pin.kind ?? "");
    const words = node.querySelector("text");
    if (words) words.textContent = pin.words;
  }

  // --- what people do ------------------------------------------------------------------------------------

  _listen() {
    this.svg.addEventListener("pointerdown", (event) => this._press(event));
    this.svg.addEventListener("pointermove", (event) => this._drag(event));
    this.svg.addEventListener("pointerup", (event) => this._release(event));
    this.svg.addEventListener("pointercancel", (event) => {
      this._down.delete(event.pointerId);
      this.cancel();
    });
    this.svg.addEventListener("keydown", (event) => this._key(event));
    this.svg.addEventListener("focusin", (event) => {
      const id = this._idAt(event.target);
      if (id !== null && !this._gesture) this.select(id);
    });
    this.svg.addEventListener("click", (event) => {
      const pin = event.target instanceof Element ? event.target.closest(".overlay-pin") : null;
      if (pin) this.options.onPin?.(pin.getAttribute("data-pin") ?? "");
    });
    // A finger that draws must not begin to drag the picture or select words.
    this.svg.addEventListener("dragstart", (event) => event.preventDefault());
  }

  /** @param {PointerEvent} event */
  _press(event) {
    this._down.add(event.pointerId);
    if (this._mode === "look" || (event.pointerType === "mouse" && event.button !== 0)) return;
    if (this._down.size > 1) {
      this.cancel(); // a second finger: this is a pinch, not a box
      return;
    }
    if (event.target instanceof Element && event.target.closest(".overlay-pin")) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    const from = this.toPage(event.clientX, event.clientY);
    if (this._mode === "place") {
      this._gesture = { pointer: event.pointerId, kind: "new", id: -1, corner: "", from, was: NEW_BOX, moved: false };
      return;
    }
    this._begin(event, from);
  }

  /** @param {PointerEvent} event @param {{x: number, y: number}} from */
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
    const at = this.toPage(event.clientX, event.clientY);
    const frame = this.frame;
    const [dx, dy] = [at.x - gesture.from.x, at.y - gesture.from.y];
    if (!gesture.moved && Math.hypot(dx * frame.width, dy * frame.height) < 3) return;
    gesture.moved = true;
    if (gesture.kind === "new") this._grow(gesture, dx, dy);
    else if (gesture.kind === "move") this._set(gesture.id, this._moved(gesture.was, dx, dy));
    else this._set(gesture.id, this._sized(gesture.was, gesture.corner, dx, dy));
  }

  /** @param {Gesture} gesture @param {number} dx @param {number} dy */
  _grow(gesture, dx, dy) {
    const box = onPage({ x: gesture.from.x, y: gesture.from.y, w: dx, h: dy });
    if (!this._box(gesture.id)) {
      this._boxes.push({ ...box, id: gesture.id });
      this._selected = gesture.id;
    }
    this._set(gesture.id, box);
  }

  /** @param {PointerEvent} event */
  _release(event) {
    this._down.delete(event.pointerId);
    const gesture = this._gesture;
    if (!gesture || gesture.pointer !== event.pointerId) return;
    if (this._mode === "place") {
      this._gesture = null;
      this._placed(gesture.from);
      return;
    }
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
    const frame = this.frame;
    if (!box || box.w * frame.width < LEAST || box.h * frame.height < LEAST) {
      this.cancel();
      this.select(null);
      return;
    }
    this._gesture = null;
    this.options.onSelect?.(gesture.id);
    this._focus(gesture.id);
    this._changed("add", `New box: ${inWords(box)}`);
  }

  /** @param {{x: number, y: number}} place */
  _placed(place) {
    if (place.x < 0 || place.x > 1 || place.y < 0 || place.y > 1) return;
    this.options.onPlace?.(place);
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (event.target instanceof Element && event.target.closest(".overlay-pin")) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.options.onPin?.(event.target.closest(".overlay-pin")?.getAttribute("data-pin") ?? "");
      return;
    }
    if (this._mode === "place" && event.key === "Enter") {
      event.preventDefault();
      this._placed({ x: 0.5, y: 0.5 });
      return;
    }
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
      const next = event.shiftKey ? this._sized(box, "se", ...way) : this._moved(box, ...way);
      this.change(id, next);
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

  /** @param {EventTarget | null} target */
  _idAt(target) {
    const node = target instanceof Element ? target.closest(".overlay-box") : null;
    return node ? Number((node.getAttribute("data-key") ?? "").slice("box-".length)) : null;
  }

  /** @param {number} id */
  _box(id) {
    return this._boxes.find((box) => box.id === id);
  }

  /** @param {number} id */
  _title(id) {
    return `Box ${this._boxes.findIndex((box) => box.id === id) + 1}`;
  }

  /** @param {number} id @param {Box} box */
  _set(id, box) {
    const old = this._box(id);
    if (old) Object.assign(old, onPage(box));
    this.refresh();
  }

  /** @param {Box} box @param {number} dx @param {number} dy */
  _moved(box, dx, dy) {
    return { ...box, x: within(box.x + dx, 0, 1 - box.w), y: within(box.y + dy, 0, 1 - box.h) };
  }

  /** @param {Box} box @param {string} corner @param {number} dx @param {number} dy */
  _sized(box, corner, dx, dy) {
    let { x, y, w, h } = box;
    if (corner.includes("w")) [x, w] = [x + dx, w - dx];
    else w += dx;
    if (corner.includes("n")) [y, h] = [y + dy, h - dy];
    else h += dy;
    return { x, y, w: corner === "se" ? Math.max(w, SMALLEST) : w, h: corner === "se" ? Math.max(h, SMALLEST) : h };
  }

  /** @param {number} id */
  _focus(id) {
    this._nodes.get(`box-${id}`)?.focus({ preventScroll: true });
  }

  /** @param {string} why @param {string} words */
  _changed(why, words) {
    this.options.onChange?.(why);
    this.options.announce?.(words);
  }
}
