// The work, looked at closely: OpenSeadragon for zoom and pan, a film strip of pages, pins that point to places.
//
// A plain picture stands there first and stays if the viewer cannot load. Places are shares of the page (0 to 1).

import { Overlay } from "../overlay/overlay.js";
import { Pins } from "../overlay/pins.js";

/**
 * @typedef {{ id: string, sample: string, image: string, width: number, height: number, label: string }} Page
 * @typedef {{ page: string, x: number, y: number }} Place
 * @typedef {{ place: Place, number: string, says: string, mine: boolean, source: HTMLElement }} Pin
 * @typedef {import("openseadragon").Viewer} Osd
 * @typedef {{ x: number, y: number }} Point
 */

const GAP = 0.04; // between two pages side by side, in widths of a page
const CLOSE = 1.8; // how much closer a flight to a place comes
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** @type {Promise<void> | null} */
let loading = null;

/**
 * The viewer is large and comes after what is read first.
 * @param {string} address
 */
function loadOsd(address) {
  loading ??= new Promise((resolve, reject) => {
    // OpenSeadragon would add a style element, which our content policy refuses, unless it finds its own there
    // already. One without a meaning, in no namespace that styles anything, is enough; focus stays visible.
    const stand = document.createElementNS("urn:esw:nothing", "style");
    stand.setAttribute("data-openseadragon-mobile-css", "");
    document.head.append(stand);
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("the viewer did not load")));
    document.head.append(script);
  });
  return loading;
}

/** @param {HTMLElement} button @returns {Page} */
function pageOf(button) {
  const data = button.dataset;
  return {
    id: data.page ?? "",
    sample: data.sample ?? "",
    image: data.image ?? "",
    width: Number(data.width) || 1,
    height: Number(data.height) || 1,
    label: data.label ?? "",
  };
}

/** @param {number} value */
const share = (value) => Math.min(1, Math.max(0, value));

/**
 * @param {{ room: HTMLElement, osd: string, pressed: (pin: Pin) => void }} parts `pressed`: somebody pressed a pin
 */
export function createViewer({ room, osd, pressed }) {
  /** @type {HTMLElement | null} */
  let element = null;
  /** @type {Osd | null} */
  let viewer = null;
  /** @type {Overlay | null} */
  let overlay = null;
  /** @type {Pins | null} */
  let marks = null;
  /** @type {Page[]} */
  let pages = [];
  /** @type {Page[]} */
  let shown = [];
  /** @type {Pin[]} */
  let pins = [];
  /** @type {Place | null} */
  let lit = null; // where the last flight went
  let beside = false;
  let moved = false; // the person has zoomed or panned: a change of size keeps what they look at
  let nowSample = "";
  /** @type {((place: Place | null) => void) | null} */
  let pointing = null;
  /** @type {Point} */
  let cross = { x: 0, y: 0 };

  const strip = () => [...room.querySelectorAll(".strip-page")].filter((each) => each instanceof HTMLElement);

  // --- which pages ---------------------------------------------------------------------------------------

  /** Take what the server put on the table; keep looking at the same page while it is there. */
  function sync() {
    const next = room.querySelector("[data-viewer]");
    if (next !== element) detach();
    const buttons = strip();
    pages = buttons.map(pageOf);
    const here = buttons.find((each) => each.dataset.now !== undefined)?.dataset.sample ?? "";
    const gone = shown.some((page) => !pages.some((other) => other.id === page.id));
    const first = pages.find((page) => page.sample === here) ?? pages[0];
    if (next instanceof HTMLElement && next !== element) attach(next);
    if (first && (!shown.length || gone || (here && here !== nowSample))) show([first]);
    else markStrip();
    nowSample = here;
  }

  /** @param {HTMLElement} next */
  function attach(next) {
    element = next;
    overlay = new Overlay(next, { locate: pixelOf });
    marks = new Pins(overlay, { onPress: pressPin, onFocus: bringIn });
    label();
    drawPins();
    loadOsd(osd).then(
      () => element === next && begin(next),
      () => next.classList.add("is-plain"),
    );
  }

  function detach() {
    finishPointing(null);
    viewer?.destroy();
    overlay?.destroy();
    viewer = null;
    element = null;
    overlay = null;
    marks = null;
    shown = [];
  }

  /** @param {HTMLElement} host */
  function begin(host) {
    const stage = document.createElement("div");
    stage.className = "viewer-stage";
    host.prepend(stage);
    viewer = window.OpenSeadragon({
      element: stage,
      drawer: "canvas",
      showNavigationControl: false,
      visibilityRatio: 0.4,
      minZoomImageRatio: 0.7,
      maxZoomPixelRatio: 3,
      animationTime: still.matches ? 0 : 0.35,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchToZoom: true, flickEnabled: true },
      gestureSettingsPen: { clickToZoom: false, dblClickToZoom: true },
    });
    viewer.addHandler("canvas-click", (event) => {
      if (!pointing || !event.quick) return;
      event.preventDefaultAction = true;
      const place = placeAt(event.position);
      if (place) finishPointing(place);
    });
    viewer.addHandler("canvas-double-click", (event) => {
      if (pointing) event.preventDefaultAction = true;
    });
    viewer.addHandler("tile-drawn", () => host.classList.add("is-drawn"));
    viewer.addHandler("open-failed", () => host.classList.add("is-plain"));
    for (const name of /** @type {const} */ (["update-viewport", "open", "rotate"])) viewer.addHandler(name, refresh);
    for (const name of /** @type {const} */ (["canvas-drag", "canvas-scroll", "canvas-pinch", "canvas-double-click", "canvas-key"])) {
      viewer.addHandler(name, () => (moved = true));
    }
    viewer.addHandler("resize", () => {
      // Afterwards, because OpenSeadragon still restores what it showed before.
      requestAnimationFrame(() => {
        if (!moved) viewer?.viewport?.goHome(true);
        refresh();
      });
    });
    stage.addEventListener("keydown", keys, { capture: true });
    openShown();
  }

  /** @param {Page[]} next one page, or two side by side */
  function show(next) {
    shown = next;
    markStrip();
    label();
    const plain = element?.querySelector("[data-plain]");
    const first = next[0];
    if (plain instanceof HTMLImageElement && first && !element?.classList.contains("is-drawn")) {
      if (plain.getAttribute("src") !== first.image) plain.src = first.image;
      plain.alt = `${first.label}: a picture of student work`;
    }
    openShown();
  }

  function openShown() {
    if (!viewer || !shown.length) return;
    moved = false;
    const canvas = viewer.canvas;
    if (canvas instanceof HTMLElement) {
      canvas.setAttribute("role", "application");
      canvas.setAttribute("aria-label", `${shownWords()}. Arrows move, plus and minus come closer and go back, 0 shows the whole page.`);
    }
    viewer.open(
      shown.map((page, at) => ({ tileSource: { type: "image", url: page.image }, x: at * (1 + GAP), y: 0, width: 1 })),
    );
  }

  const shownWords = () => shown.map((page) => page.label).join(" beside ");

  function label() {
    if (overlay) overlay.label = `Pins on ${shownWords()}`;
  }

  function markStrip() {
    for (const button of strip()) {
      const on = shown.some((page) => page.id === button.dataset.page);
      if (on) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const toggle = room.querySelector('[data-view="beside"]');
    toggle?.setAttribute("aria-pressed", String(beside));
  }

  /** A page in the strip was pressed. @param {string} id */
  function choose(id) {
    const page = pages.find((each) => each.id === id);
    if (!page) return;
    const first = shown[0];
    show(beside && first && first.id !== id ? [first, page] : [page]);
  }

  function toggleBeside() {
    beside = !beside;
    const first = shown[0] ?? pages[0];
    if (!first) return;
    const other = pages[pages.findIndex((page) => page.id === first.id) + 1] ?? pages.find((page) => page.id !== first.id);
    show(beside && other ? [first, other] : [first]);
  }

  // --- places and pixels -----------------------------------------------------------------------------------

  /** @param {Point} pixel in the viewer @returns {Place | null} */
  function placeAt(pixel) {
    if (!viewer) return null;
    const at = viewer.viewport.pointFromPixel(new window.OpenSeadragon.Point(pixel.x, pixel.y));
    for (const [index, page] of shown.entries()) {
      const x = at.x - index * (1 + GAP);
      const y = at.y / (page.height / page.width);
      if (x >= 0 && x <= 1 && y >= 0 && y <= 1) return { page: page.id, x: share(x), y: share(y) };
    }
    return null;
  }

  /** @param {Place} place */
  function viewportPoint(place) {
    const index = shown.findIndex((page) => page.id === place.page);
    const page = shown[index];
    if (!page) return null;
    return new window.OpenSeadragon.Point(index * (1 + GAP) + place.x, place.y * (page.height / page.width));
  }

  /** Where a place lies in the viewer, in pixels; null when its page is not shown. @param {{ page?: string } & Point} place */
  function pixelOf({ page = "", x, y }) {
    const point = viewer?.isOpen() && viewportPoint({ page, x, y });
    return viewer && point ? viewer.viewport.pixelFromPoint(point, true) : null;
  }

  const refresh = () => overlay?.refresh();

  // --- pins --------------------------------------------------------------------------------------------------

  /** @param {Pin[]} next */
  function setPins(next) {
    pins = next;
    drawPins();
  }

  function drawPins() {
    const same = (/** @type {Place} */ place) => place.page === lit?.page && place.x === lit.x && place.y === lit.y;
    marks?.show(
      pins.map(({ place, number, says, mine }) => {
        return { place, words: number, label: `Pin ${number}: ${says}`, mine, lit: same(place) };
      }),
    );
  }

  /** @param {number} at */
  function pressPin(at) {
    const pin = pins[at];
    if (pin) pressed(pin);
  }

  /** A pin that got the focus while it was out of sight comes in. @param {number} at */
  function bringIn(at) {
    const place = pins[at]?.place;
    const pixel = place && pixelOf(place);
    const point = place && viewportPoint(place);
    if (!viewer || !element || !pixel || !point) return;
    if (pixel.x >= 0 && pixel.x <= element.clientWidth && pixel.y >= 0 && pixel.y <= element.clientHeight) return;
    moved = true;
    viewer.viewport.panTo(point, true);
  }

  /** Show the page and come close to the place. @param {Place} place */
  function flyTo(place) {
    const page = pages.find((each) => each.id === place.page);
    if (!page) return;
    const go = () => {
      const point = viewportPoint(place);
      if (!viewer || !point) return;
      const { viewport } = viewer;
      moved = true;
      viewport.zoomTo(Math.max(viewport.getZoom(), viewport.getHomeZoom() * CLOSE), undefined, still.matches);
      viewport.panTo(point, still.matches);
      lit = place;
      drawPins();
    };
    if (shown.some((each) => each.id === page.id)) go();
    else {
      viewer?.addOnceHandler("open", go);
      show([page]);
    }
  }

  // --- pointing ----------------------------------------------------------------------------------------------

  /** The next tap on the page, or Enter where the cross stands; null when it was called off. @returns {Promise<Place | null>} */
  function point() {
    finishPointing(null);
    if (!viewer || !element) return Promise.resolve(null);
    room.classList.add("is-pointing");
    moveCross(element.clientWidth / 2, element.clientHeight / 2);
    if (viewer.canvas instanceof HTMLElement) viewer.canvas.focus({ preventScroll: true });
    return new Promise((resolve) => (pointing = resolve));
  }

  /** @param {number} x @param {number} y */
  function moveCross(x, y) {
    cross = {
      x: Math.min(element?.clientWidth ?? x, Math.max(0, x)),
      y: Math.min(element?.clientHeight ?? y, Math.max(0, y)),
    };
    if (marks) marks.cross = cross;
  }

  /** @param {Place | null} place */
  function finishPointing(place) {
    const resolve = pointing;
    pointing = null;
    if (marks) marks.cross = null;
    room.classList.remove("is-pointing");
    resolve?.(place);
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    if (!pointing) return;
    const step = event.shiftKey ? 40 : 10;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const move = moves[event.key];
    if (move) moveCross(cross.x + move[0], cross.y + move[1]);
    else if (event.key === "Enter") {
      const place = placeAt(cross);
      if (place) finishPointing(place);
    } else if (event.key === "Escape") finishPointing(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // --- buttons -------------------------------------------------------------------------------------------------

  /** @param {string} name */
  function press(name) {
    if (name === "beside") return toggleBeside();
    if (!viewer) return undefined;
    const { viewport } = viewer;
    moved = name !== "fit";
    if (name === "in") viewport.zoomBy(1.5);
    if (name === "out") viewport.zoomBy(1 / 1.5);
    if (name === "fit") viewport.goHome();
    if (name === "turn") {
      viewport.setRotation(viewport.getRotation() + 90, true);
      viewport.goHome(true);
    }
    viewport.applyConstraints();
    return undefined;
  }

  return { sync, setPins, flyTo, point, cancelPoint: () => finishPointing(null), choose, press };
}
