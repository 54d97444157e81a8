// One page looked at closely: OpenSeadragon for zoom, pan and rotation, and above it the pins that point to places.
// Places are shares of the page (0 to 1), whatever way it is turned.

import { Overlay } from "../overlay/overlay.js";
import { Pins } from "../overlay/pins.js";

/**
 * @typedef {import("openseadragon").Viewer} Osd
 * @typedef {import("./viewer.js").Page} Page
 * @typedef {import("./viewer.js").Place} Place
 * @typedef {import("../overlay/overlay.js").Point} Point
 * @typedef {import("../overlay/pins.js").Pin} Mark
 * @typedef {{ zoom: number, x: number, y: number }} View
 *   `zoom` in heights of the whole page, `x` and `y` the middle of the pane in shares of the page
 * @typedef {object} Options
 * @property {import("./stock.js").Stock} stock
 * @property {(pane: Pane) => void} onActive somebody looks here now
 * @property {(pane: Pane) => void} onView what is seen has moved
 * @property {(pane: Pane, pixel: Point) => boolean} onClick whether the click was used
 * @property {(event: KeyboardEvent) => boolean} onKey whether the key was used
 * @property {(at: number) => void} onPin
 * @property {(at: number) => void} onPinFocus
 * @property {(pane: Pane) => void} onDrawn
 * @property {() => void} onFailed
 */

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const CLOSE = 1.8; // how much closer a flight to a place comes
const KEYS = "Arrows move, plus and minus come closer and go back, 0 shows the whole page, question mark tells all keys.";

/** @param {number} value */
const share = (value) => Math.min(1, Math.max(0, value));

export class Pane {
  /** @param {HTMLElement} place @param {Options} options */
  constructor(place, options) {
    this.options = options;
    /** @type {Page | null} */
    this.page = null;
    this.moved = false; // the person has zoomed or panned: a change of size keeps what they look at
    this.turned = 0;
    this.opening = 0;
    this.element = document.createElement("div");
    this.element.className = "pane";
    this.stage = document.createElement("div");
    this.stage.className = "viewer-stage";
    this.name = document.createElement("p");
    this.name.className = "pane-name";
    this.name.setAttribute("aria-hidden", "true"); // the stage says it
    this.element.append(this.stage, this.name);
    place.append(this.element);
    this.osd = this.#begin();
    this.overlay = new Overlay(this.element, { locate: (at) => this.pixelOf(at) });
    this.marks = new Pins(this.overlay, { onPress: options.onPin, onFocus: options.onPinFocus });
    for (const name of ["pointerdown", "wheel", "focusin"]) {
      this.element.addEventListener(name, () => options.onActive(this), { capture: true, passive: true });
    }
    this.stage.addEventListener("keydown", (event) => this.#key(event), { capture: true });
  }

  /** @returns {Osd} */
  #begin() {
    const osd = window.OpenSeadragon({
      element: this.stage,
      drawer: "canvas",
      showNavigationControl: false,
      visibilityRatio: 0.4,
      minZoomImageRatio: 0.7,
      maxZoomPixelRatio: 4,
      animationTime: still.matches ? 0 : 0.35,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchToZoom: true, flickEnabled: true },
      gestureSettingsPen: { clickToZoom: false, dblClickToZoom: true },
    });
    osd.addHandler("canvas-click", (event) => {
      if (event.quick && this.options.onClick(this, event.position)) event.preventDefaultAction = true;
    });
    osd.addHandler("open-failed", () => this.options.onFailed());
    osd.addHandler("tile-drawn", () => this.#drawn());
    for (const name of /** @type {const} */ (["update-viewport", "open", "rotate"])) {
      osd.addHandler(name, () => {
        this.overlay.refresh();
        this.options.onView(this);
      });
    }
    for (const name of /** @type {const} */ (["canvas-drag", "canvas-scroll", "canvas-pinch", "canvas-double-click", "canvas-key"])) {
      osd.addHandler(name, () => (this.moved = true));
    }
    osd.addHandler("resize", () => {
      // Afterwards, because OpenSeadragon still restores what it showed before.
      requestAnimationFrame(() => {
        if (!this.moved) this.osd.viewport?.goHome(true);
        this.overlay.refresh();
      });
    });
    return osd;
  }

  #drawn() {
    const id = this.page?.id ?? "";
    if (this.element.dataset.drawn === id || !this.osd.isOpen()) return;
    this.element.dataset.drawn = id;
    this.options.onDrawn(this);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const used = this.options.onKey(event);
    if (used) event.preventDefault();
    // OpenSeadragon's own letters (mirror, pan) would surprise.
    if (used || /^[a-z]$/i.test(event.key)) event.stopPropagation();
  }

  /** @param {Page} page @param {{ turned?: number, go?: () => void }} [how] `go`: once it is there */
  show(page, { turned = 0, go } = {}) {
    this.page = page;
    this.moved = false;
    this.turned = turned;
    this.describe();
    const mine = ++this.opening;
    const open = (/** @type {import("openseadragon").TileSource} */ source) => {
      if (mine !== this.opening) return;
      this.element.removeAttribute("data-drawn");
      this.element.removeAttribute("data-sharp");
      this.osd.addOnceHandler("open", () => {
        if (mine !== this.opening) return;
        this.osd.viewport.setRotation(this.turned, true);
        this.osd.viewport.goHome(true);
        this.osd.world.getItemAt(0).addHandler("fully-loaded-change", ({ fullyLoaded }) => {
          if (fullyLoaded && mine === this.opening) this.element.dataset.sharp = page.id;
        });
        go?.();
      });
      this.osd.open(/** @type {any} */ ({ tileSource: source, width: 1 }));
    };
    this.options.stock.get(page.image).then(open, () => {
      if (mine === this.opening) this.options.onFailed();
    });
  }

  describe() {
    const { page } = this;
    const canvas = this.osd.canvas;
    if (!page || !(canvas instanceof HTMLElement)) return;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${page.label}. ${page.alt ? `${page.alt} ` : ""}${KEYS}`);
    this.name.textContent = page.short;
    this.overlay.label = `Pins on ${page.label}`;
  }

  destroy() {
    this.opening += 1;
    this.overlay.destroy();
    this.osd.destroy();
    this.element.remove();
  }

  focus() {
    if (this.osd.canvas instanceof HTMLElement) this.osd.canvas.focus({ preventScroll: true });
  }

  get middle() {
    return { x: this.element.clientWidth / 2, y: this.element.clientHeight / 2 };
  }

  get isOpen() {
    return this.osd.isOpen();
  }

  // --- looking ---------------------------------------------------------------------------------------------

  /** @param {number} by */
  zoom(by) {
    if (!this.isOpen) return;
    this.moved = true;
    this.osd.viewport.zoomBy(by);
    this.osd.viewport.applyConstraints();
  }

  whole() {
    this.moved = false;
    if (this.isOpen) this.osd.viewport.goHome();
  }

  /** @param {number} degrees */
  turn(degrees) {
    if (!this.isOpen) return;
    this.turned = (this.turned + degrees + 360) % 360;
    this.moved = false;
    this.osd.viewport.setRotation(this.turned, true);
    this.osd.viewport.goHome(true);
  }

  /** @returns {View | null} */
  get view() {
    const { page } = this;
    if (!page || !this.isOpen) return null;
    const { viewport } = this.osd;
    const at = viewport.getCenter(true);
    return { zoom: viewport.getZoom(true) / viewport.getHomeZoom(), x: at.x, y: (at.y * page.width) / page.height };
  }

  /** See the same part of this page. @param {View} view */
  follow({ zoom, x, y }) {
    const { page } = this;
    if (!page || !this.isOpen) return;
    const { viewport } = this.osd;
    this.moved = true;
    viewport.zoomTo(zoom * viewport.getHomeZoom(), undefined, true);
    viewport.panTo(new window.OpenSeadragon.Point(x, (y * page.height) / page.width), true);
  }

  /** Come close to the place. @param {Place} place */
  flyTo(place) {
    const point = this.#pointOf(place);
    if (!point || !this.isOpen) return;
    const { viewport } = this.osd;
    this.moved = true;
    viewport.zoomTo(Math.max(viewport.getZoom(), viewport.getHomeZoom() * CLOSE), undefined, still.matches);
    viewport.panTo(point, still.matches);
  }

  /** Bring the place into sight if it is out of it. @param {Place} place */
  bringIn(place) {
    const pixel = this.pixelOf(place);
    const point = this.#pointOf(place);
    if (!pixel || !point) return;
    if (pixel.x >= 0 && pixel.x <= this.element.clientWidth && pixel.y >= 0 && pixel.y <= this.element.clientHeight) return;
    this.moved = true;
    this.osd.viewport.panTo(point, true);
  }

  // --- places and pixels -----------------------------------------------------------------------------------

  /** @param {Point} pixel in the pane @returns {Place | null} */
  placeAt(pixel) {
    const { page } = this;
    if (!page || !this.isOpen) return null;
    const at = this.osd.viewport.pointFromPixel(new window.OpenSeadragon.Point(pixel.x, pixel.y), true);
    const y = (at.y * page.width) / page.height;
    return at.x >= 0 && at.x <= 1 && y >= 0 && y <= 1 ? { page: page.id, x: share(at.x), y: share(y) } : null;
  }

  /** @param {{ page?: string, x: number, y: number }} place */
  #pointOf({ page: id, x, y }) {
    const { page } = this;
    return page && page.id === id ? new window.OpenSeadragon.Point(x, (y * page.height) / page.width) : null;
  }

  /** Where a place lies in the pane, in pixels; null when its page is not here. @param {{ page?: string, x: number, y: number }} place */
  pixelOf(place) {
    const point = this.osd.isOpen() ? this.#pointOf(place) : null;
    return point ? this.osd.viewport.pixelFromPoint(point, true) : null;
  }
}
