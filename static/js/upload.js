// Bringing work: drop or choose files, see each arrive and be read, go on while the rest follows.
// Without this script the same form sends the files in the ordinary way.

import { csrfToken } from "./saving.js";

const AT_ONCE = 3;
const POLL = 1500;
const MOST = 200;
const HIDDEN = /^(\.|thumbs\.db$|desktop\.ini$)/i;

/**
 * @typedef {{file: File, row: HTMLLIElement, words: HTMLElement, bar: HTMLProgressElement, retry: HTMLButtonElement}} Item
 * @typedef {{name: string, sample: string | null, error: string | null}} Result
 */

/** @param {ParentNode} root @param {string} selector */
function one(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`missing: ${selector}`);
  return found;
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function filesIn(entry) {
  if (HIDDEN.test(entry.name)) return [];
  if (entry.isFile) {
    return new Promise((resolve) => {
      /** @type {FileSystemFileEntry} */ (entry).file((file) => resolve([file]), () => resolve([]));
    });
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve) => {
      reader.readEntries(resolve, () => resolve([]));
    });
    if (!some.length) break;
    for (const each of some) all.push(...(await filesIn(each)));
    if (all.length > MOST) break;
  }
  return all;
}

/** What was dropped, folders opened. @param {DataTransfer} dropped */
async function filesOf(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...dropped.files];
  const lists = await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])));
  return lists.flat().sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

class Upload {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.input = /** @type {HTMLInputElement} */ (one(form, "input[type=file]"));
    this.zone = one(form, "[data-drop]");
    this.list = one(form, "[data-files]");
    this.live = one(form, "[data-live]");
    this.most = Number(form.dataset.maxBytes ?? "0");
    /** @type {Item[]} */
    this.queue = [];
    this.running = 0;
    /** The sample that this selection's files are pages of, once its first file has arrived. @type {string | null} */
    this.sample = null;
    this.together = false;
    this.tally = { here: 0, refused: 0 };
    this.sheet = new Sheet();
    this.listen();
    form.classList.add("is-live");
  }

  listen() {
    this.input.addEventListener("change", () => {
      this.take([...(this.input.files ?? [])]);
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
    window.addEventListener("beforeunload", (event) => {
      if (this.running || this.queue.length) event.preventDefault();
    });
  }

  /** @param {File[]} files */
  take(files) {
    if (!files.length) return;
    if (files.length > MOST) {
      this.say(`These are ${files.length} files. Bring at most ${MOST} at a time.`);
      return;
    }
    if (!this.running && !this.queue.length) this.begin();
    for (const file of files) this.queue.push(this.item(file));
    this.say(files.length === 1 ? "One file on its way." : `${files.length} files on their way.`);
    this.work();
  }

  begin() {
    this.together = new FormData(this.form).get("together") === "1";
    this.sample = null;
    this.tally = { here: 0, refused: 0 };
  }

  /** @param {File} file @returns {Item} */
  item(file) {
    const row = document.createElement("li");
    row.className = "file-row";
    const name = document.createElement("span");
    name.className = "file-name";
    name.textContent = file.name;
    const words = document.createElement("span");
    words.className = "file-words muted small";
    words.textContent = "waiting its turn";
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Sending ${file.name}`);
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "btn btn-sm";
    retry.textContent = "Try again";
    retry.setAttribute("aria-label", `Send ${file.name} again`);
    retry.hidden = true;
    row.append(name, words, retry, bar);
    this.list.append(row);
    const item = { file, row, words, bar, retry };
    retry.addEventListener("click", () => {
      retry.hidden = true;
      bar.hidden = false;
      row.className = "file-row";
      this.queue.push(item);
      this.work();
    });
    return item;
  }

  work() {
    // Pages of one sample go one after the other, so that they keep their order.
    const most = this.together ? 1 : AT_ONCE;
    while (this.running < most && this.queue.length) {
      const item = /** @type {Item} */ (this.queue.shift());
      this.running += 1;
      void this.bring(item).finally(() => {
        this.running -= 1;
        this.work();
        if (!this.running && !this.queue.length) this.sayAll();
      });
    }
  }

  /** @param {Item} item */
  async bring(item) {
    if (this.most && item.file.size > this.most) {
      const megabytes = Math.ceil(item.file.size / 1048576);
      this.refused(item, `This file has ${megabytes} MB and ESW takes up to ${Math.round(this.most / 1048576)} MB. Save it smaller or in parts.`);
      return;
    }
    try {
      const result = await this.send(item);
      if (result.error) this.refused(item, result.error);
      else this.arrived(item, result.sample ?? "");
    } catch (problem) {
      item.retry.hidden = false;
      this.refused(item, problem instanceof Error ? problem.message : "It did not arrive.");
    }
  }

  /** @param {Item} item @returns {Promise<Result>} */
  send(item) {
    const body = new FormData();
    body.append("assignment", String(new FormData(this.form).get("assignment")));
    if (this.together && this.sample) body.append("sample", this.sample);
    body.append("files", item.file);
    return new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      xhr.open("POST", this.form.action);
      xhr.setRequestHeader("Accept", "application/json");
      xhr.setRequestHeader("X-CSRFToken", csrfToken());
      xhr.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        item.bar.value = (100 * event.loaded) / event.total;
        item.words.textContent = event.loaded < event.total ? `${Math.floor(item.bar.value)} % sent` : "sent, being checked";
      });
      xhr.addEventListener("error", () => reject(new Error("The connection broke off, so this file did not arrive.")));
      xhr.addEventListener("load", () => {
        /** @type {{files?: Result[], error?: string} | null} */
        let said = null;
        try {
          said = JSON.parse(xhr.responseText);
        } catch {
          said = null;
        }
        // A sentence about the whole request (no room, say) can be otherwise the next time; one about a file cannot.
        if (said?.error) reject(new Error(said.error));
        else if (said?.files?.[0]) resolve(said.files[0]);
        else if (xhr.status === 413) reject(new Error("This file is too large for this server."));
        else reject(new Error("The server could not take this file just now."));
      });
      xhr.send(body);
    });
  }

  /** @param {Item} item @param {string} sample */
  arrived(item, sample) {
    if (this.together) this.sample ??= sample;
    this.tally.here += 1;
    item.row.className = "file-row is-done";
    item.words.textContent = "arrived, its pages are being made";
    item.bar.hidden = true;
    void this.sheet.refresh();
  }

  /** @param {Item} item @param {string} sentence */
  refused(item, sentence) {
    this.tally.refused += 1;
    item.row.className = "file-row is-refused";
    item.words.textContent = sentence;
    item.bar.hidden = true;
  }

  sayAll() {
    const { here, refused } = this.tally;
    for (const row of this.list.querySelectorAll("li.is-done")) row.remove(); // they are on the contact sheet now
    const arrived = here === 1 ? "One file arrived." : `${here} files arrived.`;
    this.say(refused ? `${arrived} ${refused === 1 ? "One was" : `${refused} were`} not taken; the reason stands beside it.` : arrived);
  }

  /** @param {string} words */
  say(words) {
    this.live.textContent = words;
  }
}

/** A card's markup without the tokens, which differ each time. @param {Element} card */
function withoutTokens(card) {
  return card.outerHTML.replaceAll(/ value="[A-Za-z0-9]{64}"/g, "");
}

/** The contact sheet fetches itself anew as long as pages are being made. */
class Sheet {
  constructor() {
    this.place = document.querySelector("[data-sheet]");
    this.timer = 0;
    this.waits = 0;
    this.plan();
  }

  plan() {
    window.clearTimeout(this.timer);
    if (this.place?.querySelector("[data-busy]")) {
      this.timer = window.setTimeout(() => void this.refresh(), Math.min(POLL + 250 * this.waits++, 5000));
    } else this.waits = 0;
  }

  async refresh() {
    const place = this.place;
    if (!(place instanceof HTMLElement)) return;
    try {
      const answer = await fetch(place.dataset.sheet ?? "", { headers: { "HX-Request": "true" } });
      const isSheet = answer.ok && !answer.redirected;
      if (isSheet) this.swap(place, await answer.text());
    } catch {
      // The next round will tell; what is on the page stays.
    }
    this.plan();
  }

  /** @param {HTMLElement} place @param {string} html */
  swap(place, html) {
    const focused = document.activeElement instanceof HTMLElement && place.contains(document.activeElement) ? document.activeElement.id : "";
    if (place.querySelector("dialog[open]")) return;
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const old = new Map([...place.querySelectorAll("[data-card]")].map((card) => [card.getAttribute("data-card"), card]));
    // A card that did not change keeps its node, so that its picture does not flicker.
    for (const card of fresh.querySelectorAll("[data-card]")) {
      const same = old.get(card.getAttribute("data-card"));
      if (same && withoutTokens(same) === withoutTokens(card)) card.replaceWith(same);
    }
    place.replaceChildren(...fresh.childNodes);
    // One primary button a screen: once there is work to check, that is it.
    document.querySelector(".choose")?.classList.toggle("btn-primary", !place.querySelector("#check-first"));
    if (focused) document.getElementById(focused)?.focus();
  }
}

const form = document.querySelector("form[data-upload]");
if (form instanceof HTMLFormElement) new Upload(form);
else new Sheet();
