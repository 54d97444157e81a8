// Places where a name may stand, offered on the redaction screen: dashed boxes on the page and a list beside it. A
// person covers each, or says that it is no name; nothing is covered by itself.
//
//   const offers = new Offers(root, overlay, { leaves, here, cover, say });
//
//   leaves()       all pages, each with its number and boxes
//   here()         the page that is shown
//   cover(places)  [{page, x, y, w, h}] become boxes
//   say(words)     for a live region
//
//   offers.show()  after a page was turned or boxes changed
//
// Names that are typed to look for are sent once, in the body of a request, and kept nowhere in the browser.

import { inWords } from "./overlay/geometry.js";
import { Nodes, svg } from "./overlay/overlay.js";
import { postJson } from "./saving.js";

/**
 * @typedef {{ x: number, y: number, w: number, h: number }} Box
 * @typedef {Box & { page: number, why: string, key: string }} Offer
 * @typedef {{ number: number, boxes: Box[] }} Leaf
 * @typedef {object} Options
 * @property {() => Leaf[]} leaves
 * @property {() => Leaf} here
 * @property {(places: (Box & { page: number })[]) => void} cover
 * @property {(words: string) => void} say
 */

const AGAIN = 2500; // while pages are being read
const GIVE_UP = 240; // looks, ten minutes
const COVERED = 0.8;
const TAP = 6;
const SIZE = /** @type {const} */ (["x", "y", "w", "h"]);
/** @type {Record<string, string>} */
const WHY = {
  name: "where a name is asked for",
  date: "where a date is asked for",
  class: "where a class is asked for",
  teacher: "where a teacher is asked for",
  school: "where a school is asked for",
  typed: "a name that you typed",
};

/** How much of one box lies in the other. @param {Box} one @param {Box} other */
function shareInside(one, other) {
  const w = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
  const h = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
  return (Math.max(w, 0) * Math.max(h, 0)) / (one.w * one.h || 1);
}

/** @param {Offer} offer */
const why = (offer) => WHY[offer.why] ?? "perhaps a name";

/** @param {string} words @param {string} label @param {() => void} does */
function button(words, label, does, look = "btn btn-sm") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = words;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", does);
  return made;
}

function offerNode() {
  const node = svg("g", { class: "overlay-offer", tabindex: "0", role: "button" });
  node.append(svg("rect", { class: "overlay-offer-edge" }), svg("rect", { class: "overlay-offer-line" }));
  return node;
}

export class Offers {
  /**
   * @param {HTMLElement} root
   * @param {import("./overlay/overlay.js").Overlay} overlay
   * @param {Options} options
   */
  constructor(root, overlay, options) {
    this.panel = /** @type {HTMLElement} */ (root.querySelector("[data-offers]"));
    this.overlay = overlay;
    this.options = options;
    /** @type {Offer[]} */
    this.all = [];
    /** @type {string | null} */
    this.picked = null;
    this.state = "waiting";
    this.looks = 0;
    this.nodes = new Nodes(overlay.layer(() => this.draw()), offerNode);
    this.bar = document.createElement("div");
    this.bar.className = "offer-bar";
    this.bar.hidden = true;
    overlay.host.append(this.bar);
    this.listen();
    void this.ask();
  }

  // --- what is known -------------------------------------------------------------------------------------

  async ask() {
    this.looks += 1;
    try {
      const answer = await fetch(this.panel.dataset.offers ?? "", { headers: { Accept: "application/json" } });
      if (answer.ok) this.take(await answer.json(), false);
    } catch {
      // Away for a moment: asked again below.
    }
    this.show();
    if (this.state === "waiting" && this.looks < GIVE_UP) window.setTimeout(() => void this.ask(), AGAIN);
  }

  /** @param {{ state: string, pages: Record<string, (Box & { why: string })[]> }} answer @param {boolean} areTyped */
  take(answer, areTyped) {
    this.state = answer.state;
    const fresh = Object.entries(answer.pages).flatMap(([page, places]) =>
      places.map((place) => ({ ...place, page: Number(page), key: `${page}:${SIZE.map((side) => place[side]).join(":")}` })),
    );
    const others = this.all.filter((offer) => (offer.why === "typed") !== areTyped);
    this.all = [...others, ...fresh].filter(
      (offer, index, all) => !all.slice(0, index).some((other) => other.page === offer.page && shareInside(offer, other) > COVERED),
    );
    return fresh.length;
  }

  /** What is still to be looked at on a page. @param {Leaf} leaf */
  open(leaf) {
    return this.all.filter((offer) => offer.page === leaf.number && !leaf.boxes.some((box) => shareInside(offer, box) > COVERED));
  }

  // --- what is shown -------------------------------------------------------------------------------------

  show() {
    const here = this.open(this.options.here());
    if (!here.some((offer) => offer.key === this.picked)) this.picked = null;
    this.draw();
    this.list(here);
  }

  draw() {
    const here = this.open(this.options.here());
    this.nodes.keep(here.map((offer) => offer.key));
    const { clientWidth: w, clientHeight: h } = this.overlay.host;
    here.forEach((offer, index) => {
      const node = this.nodes.get(offer.key);
      if (!node) return;
      node.classList.toggle("is-picked", offer.key === this.picked);
      node.setAttribute(
        "aria-label",
        `Perhaps a name, ${index + 1} of ${here.length}: ${why(offer)}, ${inWords(offer)}. Enter covers it, Delete says that it is none.`,
      );
      for (const rect of node.querySelectorAll("rect")) {
        const sides = { x: offer.x * w, y: offer.y * h, width: offer.w * w, height: offer.h * h };
        for (const [side, value] of Object.entries(sides)) rect.setAttribute(side, value.toFixed(2));
      }
    });
    const picked = here.find((offer) => offer.key === this.picked);
    this.bar.hidden = !picked;
    if (picked) {
      this.bar.style.setProperty("--offer-left", `${Math.min(picked.x * w, Math.max(w - 210, 0)).toFixed(1)}px`);
      const below = (picked.y + picked.h) * h + 8;
      this.bar.style.setProperty("--offer-top", `${(below + 52 > h ? Math.max(picked.y * h - 56, 0) : below).toFixed(1)}px`);
    }
  }

  /** @param {Offer[]} here */
  list(here) {
    const held = document.activeElement instanceof HTMLElement && this.panel.contains(document.activeElement);
    const place = held ? this.buttons().indexOf(/** @type {HTMLElement} */ (document.activeElement)) : -1;
    const rows = here.map((offer, index) => {
      const row = document.createElement("li");
      row.classList.toggle("is-picked", offer.key === this.picked);
      const words = document.createElement("span");
      words.className = "offer-words";
      words.textContent = why(offer);
      const title = `place ${index + 1} of ${here.length}, ${why(offer)}`;
      row.append(
        words,
        button("Cover", `Cover ${title}: ${inWords(offer)}`, () => this.cover([offer])),
        button("Not a name", `Not a name: ${title}`, () => void this.dismiss(offer), "btn btn-quiet btn-sm"),
      );
      row.addEventListener("pointerenter", () => this.pick(offer.key, false));
      return row;
    });
    this.panel.querySelector("[data-offers-list]")?.replaceChildren(...rows);
    const everywhere = this.options.leaves().flatMap((leaf) => this.open(leaf));
    this.allButton("[data-offers-here]", here.length > 1 ? `Cover all ${here.length} on this page` : "");
    this.allButton("[data-offers-all]", everywhere.length > here.length ? `Cover all ${everywhere.length} on all pages` : "");
    const said = this.panel.querySelector("[data-offers-words]");
    const words = this.words(here.length, everywhere.length);
    if (said && said.textContent !== words) said.textContent = words;
    if (place >= 0 && !document.activeElement?.closest("[data-offers]")) {
      const left = this.buttons();
      (left[Math.min(place, left.length - 1)] ?? /** @type {HTMLElement | null} */ (this.panel.querySelector("summary")))?.focus();
    }
  }

  buttons() {
    return /** @type {HTMLElement[]} */ ([...this.panel.querySelectorAll("[data-offers-list] button")]);
  }

  /** @param {string} selector @param {string} words */
  allButton(selector, words) {
    const found = this.panel.querySelector(selector);
    if (!(found instanceof HTMLElement)) return;
    found.hidden = !words;
    if (words) found.textContent = words;
  }

  /** @param {number} here @param {number} everywhere */
  words(here, everywhere) {
    if (this.state === "none") return "This server does not look for names. Look at every page yourself.";
    if (this.state === "failed") return "These pages could not be read. Look at every page yourself.";
    const going = this.state === "waiting" ? "Still reading the pages … " : "";
    if (here) return `${going}${here === 1 ? "One place" : `${here} places`} on this page, dashed. There may be more: look yourself too.`;
    if (everywhere) return `${going}None left on this page; ${everywhere} on other pages. Look yourself too.`;
    return going || "None found, or none left. Names can hide anywhere: look yourself too.";
  }

  // --- what people do ------------------------------------------------------------------------------------

  /** @param {Offer[]} offers */
  cover(offers) {
    if (!offers.length) return;
    const onPage = this.bar.contains(document.activeElement) || this.overlay.svg.contains(document.activeElement);
    this.options.cover(offers.map(({ page, x, y, w, h }) => ({ page, x, y, w, h })));
    this.options.say(offers.length === 1 ? `Covered, ${why(offers[0])}.` : `${offers.length} places covered.`);
    this.show();
    if (onPage) this.goOn();
  }

  /** @param {Offer} offer */
  async dismiss(offer) {
    const onPage = this.bar.contains(document.activeElement) || this.overlay.svg.contains(document.activeElement);
    this.all = this.all.filter((other) => other.key !== offer.key);
    this.show();
    if (onPage) this.goOn();
    this.options.say("Not a name, then.");
    const { page, x, y, w, h } = offer;
    try {
      await postJson(this.panel.dataset.dismiss ?? "", { places: [{ page, x, y, w, h }] });
    } catch {
      this.options.say("That could not be kept: the place may be offered again.");
    }
  }

  /** The focus goes to the next place on the page, or back to the page. */
  goOn() {
    const next = this.open(this.options.here())[0];
    const node = next && this.nodes.get(next.key);
    if (node) node.focus({ preventScroll: true });
    else /** @type {HTMLElement | null} */ (this.overlay.host.closest("[tabindex]"))?.focus({ preventScroll: true });
  }

  /** @param {string | null} key */
  pick(key, withBar = true) {
    if (this.picked === key) return;
    this.picked = key;
    this.draw();
    const offer = this.all.find((each) => each.key === key);
    if (!offer || !withBar) {
      this.bar.hidden = true;
      return;
    }
    this.bar.replaceChildren(
      button("Cover", `Cover this place, ${why(offer)}`, () => this.cover([offer]), "btn btn-primary btn-sm"),
      button("Not a name", `Not a name: this place, ${why(offer)}`, () => void this.dismiss(offer)),
    );
  }

  async look() {
    const field = /** @type {HTMLTextAreaElement} */ (this.panel.querySelector("[data-offers-names]"));
    const said = /** @type {HTMLElement} */ (this.panel.querySelector("[data-offers-found]"));
    said.textContent = "Looking …";
    try {
      const found = this.take(await postJson(this.panel.dataset.names ?? "", { names: field.value }), true);
      const going = this.state === "waiting" ? " Some pages are still being read; look again then." : "";
      said.textContent = (found ? `${found === 1 ? "One place" : `${found} places`} found.` : "Not found. Handwriting is often misread: look yourself.") + going;
    } catch (problem) {
      said.textContent = problem instanceof Error ? problem.message : "That did not work.";
    }
    this.show();
  }

  listen() {
    const surface = this.overlay.svg;
    /** @type {{ key: string, x: number, y: number } | null} */
    let down = null;
    surface.addEventListener("pointerdown", (event) => {
      const key = this.nodes.keyAt(event.target);
      down = key === null ? null : { key, x: event.clientX, y: event.clientY };
    });
    surface.addEventListener("pointerup", (event) => {
      if (down && Math.hypot(event.clientX - down.x, event.clientY - down.y) < TAP) this.pick(down.key);
      else this.pick(null);
      down = null;
    });
    surface.addEventListener("focusin", (event) => {
      const key = this.nodes.keyAt(event.target);
      if (key !== null) this.pick(key);
    });
    surface.addEventListener("keydown", (event) => this.key(event));
    this.panel.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("[data-offers-here]")) this.cover(this.open(this.options.here()));
      else if (target?.closest("[data-offers-all]")) this.cover(this.options.leaves().flatMap((leaf) => this.open(leaf)));
      else if (target?.closest("[data-offers-look]")) void this.look();
    });
    // A page that comes back from the browser's cache must not bring names back with it.
    window.addEventListener("pagehide", () => {
      const field = this.panel.querySelector("[data-offers-names]");
      if (field instanceof HTMLTextAreaElement) field.value = "";
    });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const offer = this.all.find((each) => each.key === this.nodes.keyAt(event.target));
    if (!offer) return;
    if (event.key === "Enter" || event.key === " ") this.cover([offer]);
    else if (event.key === "Delete" || event.key === "Backspace") void this.dismiss(offer);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
