// The phone that brings photos: one student's pages, then the next student's, each photo on its way at once.

import { Pages, Queue } from "./bringing/queue.js";

const LOOK = 20_000; // ms between two looks whether this phone may still bring

/** @param {string} selector */
function one(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`missing: ${selector}`);
  return found;
}

class Phone {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.memory = `esw-phone:${root.dataset.phonePage}`;
    this.list = one("[data-files]");
    this.next = /** @type {HTMLButtonElement} */ (one("[data-next]"));
    this.student = this.remembered();
    /** How many photos of this student have arrived, and whether any were taken. */
    this.photos = this.student.sample ? Number(sessionStorage.getItem(`${this.memory}:photos`)) : 0;
    this.isBegun = this.photos > 0;
    this.label = this.student.sample ? (sessionStorage.getItem(`${this.memory}:label`) ?? "") : "";
    this.queue = new Queue({
      list: this.list,
      pieces: root.dataset.pieces ?? "",
      said: {},
      onArrived: (result, group) => this.arrived(result, group),
      onIdle: (tally) => this.idle(tally),
    });
    for (const input of root.querySelectorAll("input[type=file]")) {
      if (input instanceof HTMLInputElement) input.addEventListener("change", () => this.take(input));
    }
    this.next.addEventListener("click", () => this.begin());
    one("[data-done]").addEventListener("submit", (event) => {
      if (this.queue.isBusy && !window.confirm("Some photos are still on their way. Stop now and leave them out?")) event.preventDefault();
    });
    this.show();
    this.look();
    document.addEventListener("visibilitychange", () => this.look());
    window.setInterval(() => this.look(), LOOK);
  }

  /** A phone may throw the page away while its camera is open: the student's pages go on where they were. */
  remembered() {
    return new Pages(sessionStorage.getItem(`${this.memory}:sample`) || null);
  }

  /** @param {HTMLInputElement} input */
  take(input) {
    for (const file of input.files ?? []) {
      this.isBegun = true;
      this.queue.add(file, this.student);
    }
    input.value = "";
    this.show();
  }

  begin() {
    this.student = new Pages();
    this.photos = 0;
    this.isBegun = false;
    this.label = "";
    for (const name of ["sample", "photos", "label"]) sessionStorage.removeItem(`${this.memory}:${name}`);
    this.say("Now the next student’s pages.");
    this.show();
    one("[data-take]").focus();
  }

  /** @param {import("./bringing/queue.js").Result} result @param {import("./bringing/queue.js").Group} group */
  arrived(result, group) {
    if (group === this.student) {
      this.photos += 1;
      this.label = result.label ?? "";
      sessionStorage.setItem(`${this.memory}:sample`, result.sample ?? "");
      sessionStorage.setItem(`${this.memory}:photos`, String(this.photos));
      sessionStorage.setItem(`${this.memory}:label`, this.label);
    }
    this.show();
    this.look();
  }

  /** @param {import("./bringing/queue.js").Tally} tally */
  idle({ refused }) {
    for (const row of this.list.querySelectorAll("li.is-done")) row.remove();
    this.say(refused ? `${refused === 1 ? "One photo was" : `${refused} photos were`} not taken; the reason stands beside it.` : "All photos arrived.");
  }

  show() {
    const photos = this.photos === 1 ? "1 photo arrived" : `${this.photos} photos arrived`;
    one("[data-student]").textContent = this.label ? `Sample ${this.label}` : "A new student";
    one("[data-student-photos]").textContent = this.photos ? photos : this.isBegun ? "on its way" : "no photo yet";
    this.next.disabled = !this.isBegun;
  }

  /** How much has arrived in all, and whether this phone may still bring. */
  async look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(this.root.dataset.state ?? "", { headers: { Accept: "application/json" } });
      if (answer.status === 410 || answer.status === 404) {
        this.over((await answer.json().catch(() => null))?.error ?? "This phone brings no more photos.");
        return;
      }
      if (!answer.ok) return;
      const { photos, students } = await answer.json();
      const words = `${photos} ${photos === 1 ? "photo" : "photos"} of ${students} ${students === 1 ? "student" : "students"} arrived`;
      one("[data-arrived]").textContent = photos ? words : "Nothing has arrived yet";
    } catch {
      // Without a connection the lines of the photos say so.
    }
  }

  /** @param {string} sentence */
  over(sentence) {
    this.say(sentence);
    this.root.classList.add("is-over");
    for (const part of this.root.querySelectorAll("input, button")) {
      if (part instanceof HTMLInputElement || part instanceof HTMLButtonElement) part.disabled = true;
    }
  }

  /** @param {string} words */
  say(words) {
    one("[data-live]").textContent = words;
  }
}

const root = document.querySelector("[data-phone-page]");
if (root instanceof HTMLElement) new Phone(root);
