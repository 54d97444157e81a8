// Bringing work: drop or choose files, see each arrive and be read, go on while the rest follows.
// Without this script the same form sends the files in the ordinary way.

import { filesOf, MOST } from "./bringing/drop.js";
import { Group, Pages, Queue } from "./bringing/queue.js";
import { Sheet } from "./bringing/sheet.js";

/** @typedef {import("./bringing/drop.js").Dropped} Dropped */

/** @param {ParentNode} root @param {string} selector */
function one(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`missing: ${selector}`);
  return found;
}

class Upload {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.input = /** @type {HTMLInputElement} */ (one(form, "input[type=file]"));
    this.zone = one(form, "[data-drop]");
    this.list = one(form, "[data-files]");
    this.live = one(form, "[data-live]");
    this.sheet = new Sheet();
    /** Whose pages the files of a folder are, as long as some are on their way. @type {Map<string, Pages>} */
    this.students = new Map();
    this.queue = new Queue({
      list: this.list,
      pieces: form.dataset.pieces ?? "",
      said: { assignment: String(new FormData(form).get("assignment")) },
      onArrived: () => void this.sheet.refresh(),
      onIdle: (tally) => this.sayAll(tally),
    });
    this.listen();
    form.classList.add("is-live");
  }

  listen() {
    this.input.addEventListener("change", () => {
      this.take([...(this.input.files ?? [])].map((file) => ({ file, folder: "" })));
      this.input.value = "";
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.input.click();
    });
    let depth = 0;
    this.zone.addEventListener("dragenter", () => {
      depth += 1;
      this.zone.classList.add("is-over");
    });
    this.zone.addEventListener("dragleave", () => {
      depth -= 1;
      if (depth <= 0) this.zone.classList.remove("is-over");
    });
    // A file that misses the zone must not replace the page in the browser.
    for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
    window.addEventListener("drop", (event) => {
      depth = 0;
      this.zone.classList.remove("is-over");
      if (event.dataTransfer?.items.length) void filesOf(event.dataTransfer).then((files) => this.take(files));
    });
  }

  /** @param {Dropped[]} files */
  take(files) {
    if (!files.length) return;
    if (files.length > MOST) {
      this.say(`These are ${files.length} files. Bring at most ${MOST} at a time.`);
      return;
    }
    const together = new FormData(this.form).get("together") === "1";
    if (!this.queue.isBusy) this.students.clear();
    this.say(files.length === 1 ? "One file on its way." : `${files.length} files on their way.`);
    for (const { file, folder } of files) this.queue.add(file, together ? this.student(folder) : new Group());
  }

  /** Each folder is one student's work. @param {string} folder */
  student(folder) {
    const known = this.students.get(folder) ?? new Pages();
    this.students.set(folder, known);
    return known;
  }

  /** @param {import("./bringing/queue.js").Tally} tally */
  sayAll({ here, refused, cancelled }) {
    for (const row of this.list.querySelectorAll("li.is-done")) row.remove(); // they are on the contact sheet now
    const words = [here === 1 ? "One file arrived." : `${here} files arrived.`];
    if (refused) words.push(`${refused === 1 ? "One was" : `${refused} were`} not taken; the reason stands beside it.`);
    if (cancelled) words.push(`${cancelled === 1 ? "One was" : `${cancelled} were`} cancelled.`);
    this.say(words.join(" "));
  }

  /** @param {string} words */
  say(words) {
    this.live.textContent = words;
  }
}

const form = document.querySelector("form[data-upload]");
if (form instanceof HTMLFormElement) new Upload(form);
else new Sheet();
