// The work, looked at closely: one page or up to four side by side, a film strip, what helps to see faint pencil, the
// text of a page, and pins that point to places. The room and the pages about samples share it.
//
// A plain picture stands there first and stays if the viewer cannot load. What is shown is what the server put into
// the strip (`.strip-page`); buttons are found by `data-view`. Places are shares of the page (0 to 1).

import { arranged } from "./arranged.js";
import { Pane } from "./pane.js";
import { createStock, loadOsd } from "./stock.js";
import { createText } from "./text.js";

/**
 * @typedef {{ id: string, sample: string, number: number, image: string, width: number, height: number, label: string,
 *   alt: string, text: string, write: string, short: string }} Page `short`: as on its thumbnail; `alt` in short, `text` and `write`: addresses, or empty
 * @typedef {{ page: string, x: number, y: number }} Place
 * @typedef {{ place: Place, number: string, says: string, mine: boolean, source: HTMLElement }} Pin
 * @typedef {import("../overlay/overlay.js").Point} Point
 */

const AHEAD = [1, 2, -1];
const CLOSER = 1.5;
/** @type {Record<string, string>} */
const KEYS = {
  PageDown: "next", n: "next", PageUp: "previous", p: "previous", r: "turn", R: "turn-back", 1: "one", 2: "two", 4: "four",
  m: "together", c: "strong", i: "invert", t: "text", "?": "keys",
};

/** @param {HTMLElement} button @returns {Page} */
function pageOf(button) {
  const { page = "", sample = "", image = "", label = "", alt = "", text = "", write = "", ...data } = button.dataset;
  const [number, width, height] = [data.number, data.width, data.height].map((value) => Number(value) || 1);
  const short = button.querySelector("b")?.textContent ?? label;
  return { id: page, sample, number, image, width, height, label, short, alt, text, write };
}

/**
 * @param {{ root: HTMLElement, osd: string, pressed?: (pin: Pin) => void }} parts
 *   `osd`: the address of OpenSeadragon; `pressed`: somebody pressed a pin
 */
export function createViewer({ root, osd, pressed }) {
  /** @type {HTMLElement | null} */
  let element = null;
  /** @type {HTMLElement | null} */
  let grid = null;
  /** @type {Pane[]} */
  let panes = [];
  /** @type {Pane | null} */
  let active = null;
  /** @type {Page[]} */
  let pages = [];
  /** @type {Page[]} */
  let shown = [];
  /** @type {Pin[]} */
  let pins = [];
  /** @type {Place | null} */
  let lit = null; // where the last flight went
  let count = 1;
  let together = true; // panes side by side show the same part of their pages
  let leading = false;
  let nowSample = "";
  /** @type {Map<string, number>} how far a page is turned on this screen */
  const turned = new Map();
  /** @type {Set<string>} */
  const looks = new Set();
  /** @type {((place: Place | null) => void) | null} */
  let pointing = null;
  /** @type {Point} */
  let cross = { x: 0, y: 0 };

  const stock = createStock();
  const text = createText(root);
  const strip = () => [...root.querySelectorAll(".strip-page")].filter((each) => each instanceof HTMLElement);

  // --- which pages ---------------------------------------------------------------------------------------

  /** Take what the server put on the table; keep looking at the same pages while they are there. */
  function sync() {
    const next = root.querySelector("[data-viewer]");
    if (next !== element) detach();
    const buttons = strip();
    pages = buttons.map(pageOf);
    stock.keepOnly(pages.map((page) => page.image));
    const here = buttons.find((each) => each.dataset.now !== undefined)?.dataset.sample ?? "";
    const fresh = shown.map((page) => pages.find((other) => other.id === page.id && other.image === page.image));
    // A page that was withdrawn has another id, and one that is back another address: its place stays.
    const sameAs = (/** @type {Page} */ page) => pages.find((other) => other.sample === page.sample && other.number === page.number);
    const places = shown.flatMap((page) => sameAs(page) ?? []);
    const first = pages.find((page) => page.sample === here) ?? pages[0];
    if (next instanceof HTMLElement && next !== element) attach(next);
    if (first && (!shown.length || fresh.includes(undefined) || (here && here !== nowSample))) {
      const stays = places.length > 0 && places.length === shown.length && (!here || here === nowSample);
      show(stays ? places : arranged(pages, first, count));
    } else refreshed(fresh);
    nowSample = here;
  }

  /** The same pages, which may have got a text meanwhile. @param {(Page | undefined)[]} fresh */
  function refreshed(fresh) {
    shown = fresh.filter((page) => page !== undefined);
    for (const [at, pane] of panes.entries()) {
      const page = shown[at];
      if (page && page.image !== pane.page?.image) pane.show(page, { turned: pane.turned });
      else pane.page = page ?? pane.page;
      pane.describe();
    }
    mark();
  }

  /** @param {HTMLElement} next */
  function attach(next) {
    element = next;
    loadOsd(osd).then(
      () => element === next && begin(next),
      () => next.classList.add("is-plain"),
    );
  }

  function detach() {
    finishPointing(null);
    for (const pane of panes) pane.destroy();
    grid?.remove();
    [panes, shown, active, element, grid] = [[], [], null, null, null];
  }

  /** @param {HTMLElement} host */
  function begin(host) {
    grid = document.createElement("div");
    grid.className = "panes";
    host.prepend(grid);
    fill();
  }

  function addPane() {
    if (!grid) return;
    const pane = new Pane(grid, {
      stock,
      onActive: activate,
      onView: lead,
      onClick: clicked,
      onKey: key,
      onPin: pressPin,
      onPinFocus: bringIn,
      onDrawn: (drawn) => {
        element?.classList.add("is-drawn");
        drawn.overlay.refresh();
      },
      onFailed: () => element?.classList.add("is-plain"),
    });
    panes.push(pane);
    active ??= pane;
  }

  /** @param {Page[]} next one page, or several side by side */
  function show(next) {
    shown = next;
    const plain = element?.querySelector("[data-plain]");
    const first = next[0];
    if (plain instanceof HTMLImageElement && first && !element?.classList.contains("is-drawn")) {
      if (plain.getAttribute("src") !== first.image) plain.src = first.image;
      plain.alt = first.alt || `${first.label}: a picture of student work`;
    }
    fill();
    mark();
  }

  /** As many panes as pages, each with its page. @param {() => void} [go] once a page that was not there is */
  function fill(go) {
    if (!grid || !shown.length) return;
    while (panes.length > shown.length) {
      const gone = panes.pop();
      if (active === gone) active = panes[0] ?? null;
      gone?.destroy();
    }
    while (panes.length < shown.length) addPane();
    grid.dataset.count = String(shown.length);
    for (const [at, pane] of panes.entries()) {
      const page = shown[at];
      if (page && pane.page?.id !== page.id) pane.show(page, { turned: turned.get(page.id) ?? 0, go });
    }
    activate(active ?? panes[0]);
    drawPins();
    fetchAhead();
  }

  function fetchAhead() {
    const near = shown.flatMap((page) => {
      const at = pages.findIndex((each) => each.id === page.id);
      return AHEAD.map((step) => pages[at + step]?.image ?? "");
    });
    const here = shown.map((page) => page.image);
    void stock.ahead([...new Set([...here, ...near])].filter(Boolean));
  }

  /** What the buttons and the strip say of what is shown. */
  function mark() {
    for (const button of strip()) {
      const on = shown.some((page) => page.id === button.dataset.page);
      if (on) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const on = { two: count === 2, four: count === 4, together, text: text.isOpen, strong: looks.has("strong"), invert: looks.has("invert") };
    for (const [name, is] of Object.entries(on)) view(name)?.setAttribute("aria-pressed", String(is));
    view("two")?.toggleAttribute("hidden", pages.length < 2);
    view("four")?.toggleAttribute("hidden", pages.length < 3);
    view("together")?.toggleAttribute("hidden", shown.length < 2);
    element?.classList.toggle("is-strong", looks.has("strong"));
    element?.classList.toggle("is-inverted", looks.has("invert"));
    text.follow(shown);
  }

  /** @param {string} name */
  const view = (name) => root.querySelector(`[data-view="${name}"]`);

  /** A page in the strip was pressed: it comes into the pane that is looked at. @param {string} id */
  function choose(id) {
    const page = pages.find((each) => each.id === id);
    if (!page) return;
    const there = panes.find((pane) => pane.page?.id === id);
    if (there) return activate(there);
    show(inActive(page));
  }

  /** What is shown, with this page in the pane that is looked at. @param {Page} page */
  function inActive(page) {
    const at = Math.max(0, panes.findIndex((pane) => pane === active));
    return shown.length < 2 ? [page] : shown.map((other, place) => (place === at ? page : other));
  }

  /** The next page of the strip; side by side the next page of the same sample. @param {number} by */
  function turnPage(by) {
    const at = pages.findIndex((page) => page.id === active?.page?.id);
    const next = pages[at + by];
    if (next && (shown.length < 2 || next.sample === active?.page?.sample)) choose(next.id);
  }

  /** @param {number} many */
  function beside(many) {
    count = many;
    const first = active?.page ?? shown[0] ?? pages[0];
    if (first) show(arranged(pages, first, many));
  }

  // --- several at once -------------------------------------------------------------------------------------

  /** @param {Pane | undefined} pane */
  function activate(pane) {
    if (!pane) return;
    const was = active;
    active = pane;
    for (const each of panes) each.element.toggleAttribute("data-active", each === pane && panes.length > 1);
    if (pointing && was !== pane) moveCross(pane.middle.x, pane.middle.y);
  }

  /** What one pane sees, the others see, when they move together. @param {Pane} pane */
  function lead(pane) {
    if (leading || !together || pane !== active || panes.length < 2 || !pane.moved) return;
    const seen = pane.view;
    leading = true;
    for (const other of panes) if (other !== pane && seen) other.follow(seen);
    leading = false;
  }

  /** @param {(pane: Pane) => void} what */
  function those(what) {
    if (active) what(active);
  }

  function whole() {
    for (const pane of together ? panes : [active]) pane?.whole();
  }

  // --- pins --------------------------------------------------------------------------------------------------

  /** @param {Pin[]} next */
  function setPins(next) {
    pins = next;
    drawPins();
  }

  function drawPins() {
    const same = (/** @type {Place} */ place) => place.page === lit?.page && place.x === lit.x && place.y === lit.y;
    const all = pins.map(({ place, number, says, mine }) => {
      return { place, words: number, label: `Pin ${number}: ${says}`, mine, lit: same(place) };
    });
    for (const pane of panes) pane.marks.show(all);
  }

  /** @param {number} at */
  function pressPin(at) {
    const pin = pins[at];
    if (pin) pressed?.(pin);
  }

  /** A pin that got the focus while it was out of sight comes in. @param {number} at */
  function bringIn(at) {
    const pin = pins[at];
    if (pin) paneOf(pin.place)?.bringIn(pin.place);
  }

  /** @param {Place} place */
  const paneOf = (place) => panes.find((pane) => pane.page?.id === place.page);

  /** Show the page and come close to the place. @param {Place} place */
  function flyTo(place) {
    const page = pages.find((each) => each.id === place.page);
    if (!page) return;
    lit = place;
    const go = () => {
      const pane = paneOf(place);
      activate(pane);
      pane?.flyTo(place);
      drawPins();
    };
    if (paneOf(place)) return go();
    shown = inActive(page);
    fill(go);
    mark();
  }

  // --- pointing ----------------------------------------------------------------------------------------------

  /** The next tap on a page, or Enter where the cross stands; null when it was called off. @returns {Promise<Place | null>} */
  function point() {
    finishPointing(null);
    if (!active) return Promise.resolve(null);
    root.classList.add("is-pointing");
    moveCross(active.middle.x, active.middle.y);
    active.focus();
    return new Promise((resolve) => (pointing = resolve));
  }

  /** @param {number} x @param {number} y */
  function moveCross(x, y) {
    if (!active) return;
    const { clientWidth, clientHeight } = active.element;
    cross = { x: Math.min(clientWidth, Math.max(0, x)), y: Math.min(clientHeight, Math.max(0, y)) };
    for (const pane of panes) pane.marks.cross = pane === active ? cross : null;
  }

  /** @param {Place | null} place */
  function finishPointing(place) {
    const resolve = pointing;
    pointing = null;
    for (const pane of panes) pane.marks.cross = null;
    root.classList.remove("is-pointing");
    resolve?.(place);
  }

  /** @param {Pane} pane @param {Point} pixel */
  function clicked(pane, pixel) {
    if (!pointing) return false;
    const place = pane.placeAt(pixel);
    if (place) finishPointing(place);
    return true;
  }

  /** @param {KeyboardEvent} event */
  function keyWhilePointing(event) {
    const step = event.shiftKey ? 40 : 10;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const move = moves[event.key];
    if (move) moveCross(cross.x + move[0], cross.y + move[1]);
    else if (event.key === "Enter") {
      const place = active?.placeAt(cross);
      if (place) finishPointing(place);
    } else if (event.key === "Escape") finishPointing(null);
    else return false;
    return true;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (pointing && keyWhilePointing(event)) return true;
    const name = KEYS[event.key];
    if (name) press(name);
    return Boolean(name);
  }

  // --- buttons -------------------------------------------------------------------------------------------------

  /** @param {number} degrees */
  function turn(degrees) {
    active?.turn(degrees);
    if (active?.page) turned.set(active.page.id, active.turned);
  }

  /** @param {string} look */
  function toggleLook(look) {
    if (!looks.delete(look)) looks.add(look);
  }

  function showKeys() {
    const help = root.querySelector("[data-look-keys]");
    if (help instanceof HTMLElement && "togglePopover" in help) help.togglePopover();
  }

  /** @type {Record<string, () => unknown>} */
  const does = {
    in: () => those((pane) => pane.zoom(CLOSER)),
    out: () => those((pane) => pane.zoom(1 / CLOSER)),
    fit: whole,
    turn: () => turn(90),
    "turn-back": () => turn(-90),
    next: () => turnPage(1),
    previous: () => turnPage(-1),
    one: () => beside(1),
    two: () => beside(count === 2 ? 1 : 2),
    four: () => beside(count === 4 ? 1 : 4),
    together: () => {
      together = !together;
      if (together && active) lead(active);
    },
    strong: () => toggleLook("strong"),
    invert: () => toggleLook("invert"),
    text: () => text.toggle(shown),
    keys: showKeys,
  };

  /** @param {string} name */
  function press(name) {
    does[name]?.();
    if (element) mark();
  }

  root.addEventListener("click", (event) => {
    const on = event.target instanceof Element ? event.target : null;
    const page = on?.closest(".strip-page");
    const button = on?.closest("[data-view]");
    if (page instanceof HTMLElement && element) {
      event.preventDefault();
      choose(page.dataset.page ?? "");
    }
    if (button instanceof HTMLElement && !button.hasAttribute("popovertarget")) press(button.dataset.view ?? "");
  });

  return { sync, setPins, flyTo, point, cancelPoint: () => finishPointing(null) };
}
