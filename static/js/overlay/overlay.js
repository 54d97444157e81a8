// One SVG over a picture of a page. It knows where a place on the page lies on the screen, and redraws what is drawn
// on it when that changes; what is drawn are layers: boxes (boxes.js), pins (pins.js).
//
//   const overlay = new Overlay(host, { locate });
//
//   host           an element with `position: relative` that holds the picture; the SVG fills it
//   locate(place)  where a place lies in the host, in CSS pixels, or null when it is not to be seen now. Leave it out
//                  for a picture that fills the host; a viewer that zooms, pans and turns gives its own, and calls
//                  `overlay.refresh()` whenever it has moved. The host's size is watched here.
//
// Places are shares of the page, 0 to 1, y downward. Classes for the style sheet (overlay.css): .overlay, .overlay-…

/**
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ page?: string, x: number, y: number }} Place `page` where more than one may lie in the host
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 */
export function svg(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** @param {Point} point */
export const moveTo = (point) => `translate(${point.x.toFixed(2)} ${point.y.toFixed(2)})`;

export class Overlay {
  /**
   * @param {HTMLElement} host
   * @param {{ locate?: (place: Place) => Point | null }} [options]
   */
  constructor(host, { locate } = {}) {
    this.host = host;
    this.locate = locate ?? ((place) => ({ x: place.x * this.host.clientWidth, y: place.y * this.host.clientHeight }));
    /** @type {(() => void)[]} */
    this.draws = [];
    this.svg = svg("svg", { class: "overlay", focusable: "false", role: "group" });
    host.append(this.svg);
    this.resize = new ResizeObserver(() => this.refresh());
    this.resize.observe(host);
  }

  /** What a screen reader hears of it. @param {string} words */
  set label(words) {
    this.svg.setAttribute("aria-label", words);
  }

  /** A layer above those that are there. @param {() => void} draw puts what is in it where it belongs now */
  layer(draw) {
    const group = svg("g");
    this.svg.append(group);
    this.draws.push(draw);
    return group;
  }

  /** Draw everything where it belongs now. */
  refresh() {
    for (const draw of this.draws) draw();
  }

  destroy() {
    this.resize.disconnect();
    this.svg.remove();
  }
}

/** The nodes of a layer, one for each key; they stay as long as their key does, so that focus stays too. */
export class Nodes {
  /** @param {SVGElement} layer @param {() => SVGElement} make */
  constructor(layer, make) {
    this.layer = layer;
    this.make = make;
    /** @type {Map<string, SVGElement>} */
    this.known = new Map();
  }

  /** One node for each key, in that order of their making; the others go. @param {string[]} keys */
  keep(keys) {
    const wanted = new Set(keys);
    for (const [key, node] of this.known) {
      if (wanted.has(key)) continue;
      node.remove();
      this.known.delete(key);
    }
    for (const key of keys) {
      if (this.known.has(key)) continue;
      const node = this.make();
      node.setAttribute("data-key", key);
      this.known.set(key, node);
      this.layer.append(node);
    }
  }

  /** @param {string} key */
  get(key) {
    return this.known.get(key);
  }

  /** The key of the node that something happened in. @param {EventTarget | null} target @returns {string | null} */
  keyAt(target) {
    const node = target instanceof Element ? target.closest("[data-key]") : null;
    const key = node?.getAttribute("data-key") ?? null;
    return key !== null && this.known.get(key) === node ? key : null;
  }
}
