// The redaction screen: draw boxes over names, page by page; kept as drafts while you draw.

import { Boxes } from "./overlay/boxes.js";
import { inWords } from "./overlay/geometry.js";
import { Overlay } from "./overlay/overlay.js";
import { Saver } from "./saving.js";
import { Offers } from "./suggestions.js";

/**
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {{number: number, mark: string, image: string, width: number, height: number, boxes: Box[]}} Leaf
 */

const ZOOMS = [1, 1.5, 2, 3, 4];
const HISTORY = 100;

/** @param {ParentNode} root @param {string} selector */
function one(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`missing: ${selector}`);
  return found;
}

class Redact {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Leaf[]} */
    this.leaves = JSON.parse(document.getElementById("redact-pages")?.textContent ?? "[]");
    this.label = root.dataset.label ?? "";
    this.number = Number(root.dataset.page ?? "1");
    this.zoom = 0;
    /** @type {string[]} */
    this.history = [];
    this.stage = one(root, "[data-stage]");
    this.leafBox = one(root, "[data-leaf]");
    this.image = /** @type {HTMLImageElement} */ (one(root, "[data-leaf] img"));
    this.live = one(root, "[data-live]");
    this.state = one(root, "[data-state]");
    this.saver = new Saver(root.dataset.save ?? "", (state, words) => this.saySaved(state, words));
    this.overlay = new Overlay(this.leafBox);
    this.boxes = new Boxes(this.overlay, {
      name: this.name(),
      onChange: (why) => this.changed(why),
      onSelect: () => this.showList(),
      announce: (words) => this.say(words),
    });
    this.offers = new Offers(root, this.overlay, {
      leaves: () => this.leaves,
      here: () => this.leaf,
      cover: (places) => this.cover(places),
      say: (words) => this.say(words),
    });
    root.classList.add("is-live");
    this.listen();
    this.show(this.number);
  }

  get leaf() {
    return this.leaves.find((leaf) => leaf.number === this.number) ?? this.leaves[0];
  }

  name() {
    return `page ${this.number} of ${this.leaves.length}`;
  }

  // --- what is shown -------------------------------------------------------------------------------------

  /** @param {number} number */
  show(number) {
    if (this.boxes.isBusy) return; // nobody turns the page under a hand that draws
    this.number = number;
    const leaf = this.leaf;
    if (this.image.getAttribute("src") !== leaf.image) this.image.src = leaf.image;
    this.image.alt = `Sample ${this.label}, ${this.name()}`;
    this.image.width = leaf.width;
    this.image.height = leaf.height;
    this.stage.setAttribute("aria-label", `Sample ${this.label}, ${this.name()}. Arrow keys scroll.`);
    this.boxes.name = this.name();
    this.boxes.all = leaf.boxes.map((box, index) => ({ ...box, id: index + 1 }));
    this.boxes.select(null);
    this.fit();
    this.stage.scrollTo(0, 0);
    for (const link of this.root.querySelectorAll("[data-turn]")) {
      if (Number(link.getAttribute("data-turn")) === number) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else link.removeAttribute("aria-current");
    }
    one(this.root, "[data-page-words]").textContent = this.leaves.length > 1 ? ` · page ${number} of ${this.leaves.length}` : "";
    window.history.replaceState(null, "", `?page=${number}`);
    this.showList();
  }

  /** The whole page at zoom 1, larger beyond. */
  fit() {
    const leaf = this.leaf;
    const room = { w: this.stage.clientWidth - 32, h: this.stage.clientHeight - 32 };
    const whole = Math.min(room.w / leaf.width, room.h / leaf.height);
    const scale = Math.max(whole, Math.min(0.2, room.w / leaf.width)) * ZOOMS[this.zoom];
    this.leafBox.style.setProperty("--leaf-width", `${Math.round(leaf.width * scale)}px`);
    this.leafBox.style.setProperty("--leaf-height", `${Math.round(leaf.height * scale)}px`);
    this.overlay.refresh();
  }

  /** @param {number} by */
  zoomBy(by) {
    const middle = this.middle();
    this.zoom = Math.min(Math.max(this.zoom + by, 0), ZOOMS.length - 1);
    this.fit();
    const { clientWidth, clientHeight } = this.leafBox;
    this.stage.scrollTo(
      middle.x * clientWidth - this.stage.clientWidth / 2,
      middle.y * clientHeight - this.stage.clientHeight / 2,
    );
    this.say(this.zoom ? `${Math.round(ZOOMS[this.zoom] * 100)} %` : "The whole page");
  }

  /** What zooming keeps in the middle: the picked box, else the middle of what is seen, in shares of the page. */
  middle() {
    const picked = this.boxes.all.find((box) => box.id === this.boxes.selected);
    if (picked) return { x: picked.x + picked.w / 2, y: picked.y + picked.h / 2 };
    const page = this.leafBox.getBoundingClientRect();
    const seen = this.stage.getBoundingClientRect();
    return {
      x: (seen.left + seen.width / 2 - page.left) / (page.width || 1),
      y: (seen.top + seen.height / 2 - page.top) / (page.height || 1),
    };
  }

  showList() {
    const boxes = this.boxes.all;
    const list = one(this.root, "[data-boxes]");
    list.replaceChildren(...boxes.map((box, index) => this.listed(box, index)));
    one(this.root, "[data-none]").hidden = boxes.length > 0;
    const isPicked = this.boxes.selected !== null;
    for (const button of this.root.querySelectorAll("[data-needs-box]")) {
      if (button instanceof HTMLButtonElement) button.disabled = !isPicked;
      else if (button instanceof HTMLElement) button.hidden = !isPicked;
    }
    /** @type {HTMLButtonElement} */ (one(this.root, "[data-undo]")).disabled = this.history.length === 0;
    this.handOver();
    this.offers?.show();
    for (const leaf of this.leaves) this.count(leaf);
  }

  /** @param {Box & {id: number}} box @param {number} index */
  listed(box, index) {
    const row = document.createElement("li");
    row.classList.toggle("is-picked", box.id === this.boxes.selected);
    const pick = document.createElement("button");
    pick.type = "button";
    pick.className = "box-pick";
    pick.textContent = `Box ${index + 1}`;
    pick.setAttribute("aria-label", `Pick box ${index + 1}: ${inWords(box)}`);
    pick.addEventListener("click", () => this.boxes.select(box.id));
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-quiet btn-sm";
    drop.textContent = "Remove";
    drop.setAttribute("aria-label", `Remove box ${index + 1}`);
    drop.addEventListener("click", () => {
      this.boxes.remove(box.id);
      this.keepFocus();
    });
    row.append(pick, drop);
    return row;
  }

  /** @param {Leaf} leaf */
  count(leaf) {
    const badge = this.root.querySelector(`[data-count="${leaf.number}"]`);
    if (badge) badge.textContent = leaf.boxes.length ? `${leaf.boxes.length} ${leaf.boxes.length === 1 ? "box" : "boxes"}` : "";
  }

  /** The picked box goes along to the screen where a strip is laid over a whole batch. */
  handOver() {
    const link = this.root.querySelector("[data-batch]");
    if (!(link instanceof HTMLAnchorElement)) return;
    const box = this.boxes.all.find((each) => each.id === this.boxes.selected) ?? this.boxes.all[0];
    const address = new URL(link.dataset.batch ?? "", window.location.href);
    if (box) for (const side of /** @type {const} */ (["x", "y", "w", "h"])) address.searchParams.set(side, box[side].toFixed(4));
    link.href = `${address.pathname}${address.search}`;
  }

  /** @param {"saved" | "saving" | "waiting" | "refused"} state @param {string} words */
  saySaved(state, words) {
    this.state.textContent = words;
    this.state.className = `save-state save-${state}`;
    if (state === "refused") this.say(words);
  }

  /** @param {string} words */
  say(words) {
    this.live.textContent = "";
    window.setTimeout(() => {
      this.live.textContent = words;
    }, 30);
  }

  // --- what changes --------------------------------------------------------------------------------------

  /** @param {string} why */
  changed(why) {
    this.remember();
    this.leaf.boxes = this.boxes.all.map(({ x, y, w, h }) => ({ x, y, w, h }));
    this.save();
    if (why === "remove") this.keepFocus();
  }

  /** Keep how all pages were before this change, for undo. */
  remember() {
    const now = JSON.stringify(this.leaves.map((leaf) => leaf.boxes));
    this.history.push(now);
    if (this.history.length > HISTORY) this.history.shift();
  }

  undo() {
    const was = this.history.pop();
    if (was === undefined) return;
    /** @type {Box[][]} */
    const boxes = JSON.parse(was);
    this.leaves.forEach((leaf, index) => {
      leaf.boxes = boxes[index] ?? [];
    });
    this.boxes.all = this.leaf.boxes.map((box, index) => ({ ...box, id: index + 1 }));
    this.save();
    this.say(`Undone. ${this.leaf.boxes.length} boxes on ${this.name()}.`);
  }

  /** Places that were offered become boxes, on any page. @param {(Box & {page: number})[]} places */
  cover(places) {
    this.remember();
    for (const { page, x, y, w, h } of places) this.leaves.find((leaf) => leaf.number === page)?.boxes.push({ x, y, w, h });
    this.boxes.all = this.leaf.boxes.map((box, index) => ({ ...box, id: index + 1 }));
    this.save();
  }

  hideEverywhere() {
    const picked = this.boxes.all.find((box) => box.id === this.boxes.selected);
    if (!picked) return;
    this.remember();
    const strip = { x: picked.x, y: picked.y, w: picked.w, h: picked.h };
    const key = JSON.stringify(strip);
    for (const leaf of this.leaves) {
      const { x, y, w, h } = strip;
      if (!leaf.boxes.some((box) => JSON.stringify({ x: box.x, y: box.y, w: box.w, h: box.h }) === key)) leaf.boxes.push({ x, y, w, h });
    }
    this.save();
    this.say(`The same strip is hidden on all ${this.leaves.length} pages.`);
  }

  save() {
    this.showList();
    this.saver.put({
      pictures: Object.fromEntries(this.leaves.map((leaf) => [leaf.number, leaf.mark])),
      redactions: this.leaves.flatMap((leaf) => leaf.boxes.map((box) => ({ page: leaf.number, ...box }))),
    });
  }

  /** A box that was removed took the focus with it; it goes to where the next one is made. */
  keepFocus() {
    if (document.activeElement === document.body || !document.activeElement?.isConnected) one(this.root, "[data-new]").focus();
  }

  // --- what people do ------------------------------------------------------------------------------------

  listen() {
    this.root.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.fit()).observe(this.stage);
    window.addEventListener("beforeunload", (event) => {
      if (this.saver.isDirty || this.saver.running) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.saver.flush();
    });
  }

  /** @param {MouseEvent} event */
  click(event) {
    const target = event.target instanceof Element ? event.target : null;
    const turn = target?.closest("[data-turn]");
    if (turn) {
      event.preventDefault();
      this.show(Number(turn.getAttribute("data-turn")));
      return;
    }
    const leave = target?.closest("a[data-after-saving]");
    if (leave instanceof HTMLAnchorElement) {
      void this.leave(event, leave);
      return;
    }
    const does = target?.closest("button[data-does]")?.getAttribute("data-does");
    const todo = /** @type {Record<string, () => void>} */ ({
      new: () => this.newBox(),
      undo: () => this.undo(),
      drop: () => this.drop(),
      everywhere: () => this.hideEverywhere(),
      larger: () => this.zoomBy(1),
      smaller: () => this.zoomBy(-1),
      draw: () => this.setMode("draw"),
      move: () => this.setMode("look"),
    });
    if (does) todo[does]?.();
  }

  /** For a finger, which has no Delete key. */
  drop() {
    if (this.boxes.selected !== null) this.boxes.remove(this.boxes.selected);
    this.keepFocus();
  }

  newBox() {
    this.setMode("draw");
    const shift = 0.08 * (this.boxes.all.length % 8);
    this.boxes.add({ x: 0.3, y: 0.04 + shift, w: 0.4, h: 0.06 });
    this.stage.querySelector(".overlay-box.is-picked")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {"draw" | "look"} mode */
  setMode(mode) {
    this.boxes.mode = mode;
    this.stage.dataset.mode = mode;
    for (const button of this.root.querySelectorAll("[data-does='draw'], [data-does='move']")) {
      button.setAttribute("aria-pressed", String((button.getAttribute("data-does") === "draw") === (mode === "draw")));
    }
  }

  /** @param {MouseEvent} event @param {HTMLAnchorElement} link */
  async leave(event, link) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(this.saver.isDirty || this.saver.running)) return;
    event.preventDefault();
    await this.saver.flush();
    if (!this.saver.isDirty) window.location.assign(link.href);
    else this.say("The boxes are not saved yet, so this page stays open.");
  }

  /** Keys count only while the page is in focus, so that nobody draws by accident. @param {KeyboardEvent} event */
  key(event) {
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey;
    if (isUndo) this.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key.toLowerCase() === "n") this.newBox();
    else if (event.key === "+" || event.key === "=") this.zoomBy(1);
    else if (event.key === "-") this.zoomBy(-1);
    else if (event.key === "PageDown" && this.number < this.leaves.length) this.show(this.number + 1);
    else if (event.key === "PageUp" && this.number > 1) this.show(this.number - 1);
    else return;
    event.preventDefault();
  }
}

for (const root of document.querySelectorAll("[data-redact]")) {
  if (root instanceof HTMLElement) new Redact(root);
}
