// Arranging pages: what is pressed is sent without leaving the page, by keyboard, touch or by dragging.
// Without this script the same form does everything but dragging.

import { csrfToken } from "./saving.js";

const NO_ANSWER = "No answer from the server. Nothing was changed; try once more.";

/** @param {ParentNode} root @param {string} selector */
function one(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`missing: ${selector}`);
  return found;
}

class Arrange {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.part = one(form, "[data-part]");
    this.live = one(form, "[data-live]");
    this.isBusy = false;
    this.timer = 0;
    this.hasAsked = false;
    /** @type {string[]} */
    this.dragged = [];
    form.classList.add("is-live");
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("change", () => this.chosen());
    form.addEventListener("input", (event) => {
      if (!(event.target instanceof Element) || !event.target.matches("[data-foretell]")) return;
      this.hasAsked = true;
      this.foretellSoon();
    });
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("dragstart", (event) => this.dragStart(event));
    form.addEventListener("dragover", (event) => this.dragOver(event));
    form.addEventListener("drop", (event) => this.drop(event));
    form.addEventListener("dragend", () => this.dragEnd());
    this.chosen();
    this.foretellSoon();
  }

  get ticks() {
    return /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("input[name=pages]:not(:disabled)")]);
  }

  chosen() {
    const count = this.ticks.filter((tick) => tick.checked).length;
    const words = this.form.querySelector("[data-chosen]");
    if (words) words.textContent = count ? `${count} ${count === 1 ? "page" : "pages"} chosen` : "Choose pages";
  }

  /** @param {string} words */
  say(words) {
    this.live.textContent = "";
    window.setTimeout(() => {
      this.live.textContent = words;
    }, 30);
  }

  // --- sending -------------------------------------------------------------------------------------------

  /** @param {SubmitEvent} event */
  submit(event) {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.formMethod === "get" || button.value === "cut") return;
    event.preventDefault();
    const data = new FormData(this.form);
    data.set(button.name, button.value);
    void this.send(data);
  }

  /** @param {FormData} data */
  async send(data) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.form.setAttribute("aria-busy", "true");
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const was = { id: focused?.id ?? "", name: focused?.getAttribute("name"), value: focused?.getAttribute("value") };
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        headers: { "HX-Request": "true", Accept: "text/html", "X-CSRFToken": csrfToken() },
        body: data,
      });
      const html = await answer.text();
      if (!answer.ok && answer.status !== 400 && answer.status !== 409) throw new Error(NO_ANSWER);
      this.swap(html, was);
    } catch {
      this.say(NO_ANSWER);
    } finally {
      this.isBusy = false;
      this.form.removeAttribute("aria-busy");
    }
  }

  /** @param {string} html @param {{id: string, name: string | null | undefined, value: string | null | undefined}} was */
  swap(html, was) {
    const read = new DOMParser().parseFromString(html, "text/html");
    this.part.replaceChildren(...read.body.childNodes);
    const back =
      (was.id && document.getElementById(was.id)) ||
      [...this.form.querySelectorAll("button")].find((each) => each.name === was.name && each.value === was.value);
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    else this.ticks[0]?.focus({ preventScroll: true });
    const error = this.part.querySelector("[data-error]");
    const count = this.form.querySelector(".arrange-top > p")?.firstChild?.textContent ?? "";
    this.say((error ?? { textContent: count }).textContent?.trim() ?? "");
    error?.scrollIntoView({ block: "nearest" });
    this.chosen();
    this.foretellSoon();
  }

  /** @param {string} action @param {string[]} pages @param {Record<string, string>} [more] */
  act(action, pages, more = {}) {
    const data = new FormData(this.form);
    data.delete("pages");
    for (const page of pages) data.append("pages", page);
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    data.set("do", action);
    void this.send(data);
  }

  // --- what a split would make ---------------------------------------------------------------------------

  foretellSoon() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.foretell(), 200);
  }

  async foretell() {
    const words = this.form.querySelector("[data-makes]");
    const sample = this.form.elements.namedItem("sample");
    const every = this.form.elements.namedItem("every");
    if (!words || !(sample instanceof HTMLSelectElement) || !(every instanceof HTMLInputElement)) return;
    const address = new URL(this.form.action);
    address.searchParams.set("sample", sample.value);
    address.searchParams.set("every", every.value);
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    words.textContent = said?.makes || (this.hasAsked && said?.error) || "";
  }

  // --- by keyboard ---------------------------------------------------------------------------------------

  /** Keys count only while a page is in focus. @param {KeyboardEvent} event */
  key(event) {
    const tick = event.target;
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey;
    if (!(tick instanceof HTMLInputElement) || tick.name !== "pages") return;
    if (isUndo) this.act("undo", []);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "ArrowRight" || event.key === "ArrowDown") this.step(tick, 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") this.step(tick, -1);
    else {
      const wanted = event.key === "Backspace" ? "delete" : event.key.toLowerCase();
      const button = [...this.form.querySelectorAll("button[data-key]")].find((each) => each.getAttribute("data-key") === wanted);
      if (!(button instanceof HTMLButtonElement)) return;
      const picked = this.ticks.filter((each) => each.checked).map((each) => each.value);
      this.act(button.value, picked.length ? picked : [tick.value]);
    }
    event.preventDefault();
  }

  /** @param {HTMLInputElement} tick @param {number} by */
  step(tick, by) {
    const all = this.ticks;
    all[Math.min(Math.max(all.indexOf(tick) + by, 0), all.length - 1)]?.focus();
  }

  // --- by dragging ---------------------------------------------------------------------------------------

  /** @param {DragEvent} event */
  dragStart(event) {
    const page = event.target instanceof Element ? event.target.closest("[data-page]") : null;
    if (!(page instanceof HTMLElement) || !page.dataset.page) return;
    const key = page.dataset.page;
    const picked = this.ticks.filter((each) => each.checked).map((each) => each.value);
    this.dragged = picked.includes(key) ? picked : [key];
    event.dataTransfer?.setData("text/plain", "pages");
    for (const each of this.dragged) this.pageOf(each)?.classList.add("is-dragged");
  }

  /** @param {DragEvent} event */
  dragOver(event) {
    if (!this.dragged.length) return;
    const target = event.target instanceof Element ? event.target : null;
    this.unmark();
    const row = target?.closest("[data-row]");
    if (!row) return;
    event.preventDefault();
    (target?.closest("[data-page]") ?? row).classList.add(target?.closest("[data-page]") ? "is-before" : "is-over");
  }

  /** @param {DragEvent} event */
  drop(event) {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest("[data-row]");
    if (!this.dragged.length || !(row instanceof HTMLElement)) return;
    event.preventDefault();
    const before = target?.closest("[data-page]")?.getAttribute("data-page") ?? "";
    const pages = this.dragged;
    this.dragEnd();
    if (!(pages.length === 1 && pages[0] === before)) this.act("move", pages, { to: row.dataset.row ?? "", before });
  }

  dragEnd() {
    for (const each of this.dragged) this.pageOf(each)?.classList.remove("is-dragged");
    this.dragged = [];
    this.unmark();
  }

  /** @param {string} key */
  pageOf(key) {
    return this.form.querySelector(`[data-page="${key}"]`);
  }

  unmark() {
    for (const each of this.form.querySelectorAll(".is-before, .is-over")) each.classList.remove("is-before", "is-over");
  }
}

const form = document.querySelector("form[data-arrange]");
if (form instanceof HTMLFormElement) new Arrange(form);
