// The rubric editor. Without this file its buttons post and the server answers with the changed grid; here they
// do the same in the page at once. The page's order is the form's meaning, so nothing needs names renumbered.

const MOST_CRITERIA = 20;
const MOST_LEVELS = 8;
const FEWEST_LEVELS = 2;

/** The print button, where there is a browser that prints. */
for (const button of document.querySelectorAll("[data-print]")) {
  if (!(button instanceof HTMLElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
function all(root, selector) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
}

/** Let a text area be as tall as its text, where CSS alone does not. @param {HTMLTextAreaElement} area */
function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.setProperty("height", "auto");
  area.style.setProperty("height", `${area.scrollHeight}px`);
}

class Editor {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.head = /** @type {HTMLElement} */ (form.querySelector("[data-levels]"));
    this.body = /** @type {HTMLElement} */ (form.querySelector("[data-criteria]"));
    this.undo = /** @type {HTMLElement} */ (form.querySelector("[data-undo]"));
    this.changed = form.matches("[data-unsaved]");
    form.addEventListener("click", (event) => this.pressed(event));
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("submit", () => {
      this.changed = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.changed) event.preventDefault();
    });
    for (const hint of all(form, "[data-keys]")) hint.hidden = false;
    for (const area of form.querySelectorAll("textarea")) grow(area);
  }

  get rows() {
    return all(this.body, "[data-criterion]");
  }

  get heads() {
    return all(this.head, "[data-level-head]");
  }

  /** @param {MouseEvent} event */
  pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("button[name=action]") : null;
    if (!(button instanceof HTMLButtonElement) || button.value === "save") return;
    const [name, at] = button.value.split(":");
    event.preventDefault();
    this.act(name, Number(at));
  }

  /** @param {string} name @param {number} at */
  act(name, at) {
    if (name === "add-criterion") this.addRow();
    if (name === "remove-criterion") this.removeRow(at);
    if (name === "up") this.move(at, -1);
    if (name === "down") this.move(at, 1);
    if (name === "add-level") this.addLevel();
    if (name === "remove-level") this.removeLevel(at);
    this.changed = true;
    this.number();
  }

  addRow() {
    const rows = this.rows;
    const pattern = rows.at(-1) ?? this.spare;
    if (rows.length >= MOST_CRITERIA || !pattern) return;
    const row = /** @type {HTMLElement} */ (pattern.cloneNode(true));
    this.clear(row);
    this.body.append(row);
    row.querySelector("input[name=criterion]")?.removeAttribute("disabled");
    /** @type {HTMLElement | null} */ (row.querySelector("input[name=criterion]"))?.focus();
  }

  /** Take away what a copied row or cell says. @param {HTMLElement} part */
  clear(part) {
    for (const problem of all(part, ".field-problem")) problem.remove();
    for (const field of part.querySelectorAll("input, textarea")) {
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
      if (field.type === "radio") continue;
      field.value = "";
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }

  /** @param {number} at */
  removeRow(at) {
    const row = this.rows[at];
    if (!row) return;
    const after = this.rows[at + 1] ?? null;
    this.spare = row;
    const title = /** @type {HTMLInputElement} */ (row.querySelector("input[name=criterion]")).value.trim();
    row.remove();
    const near = this.rows[Math.min(at, this.rows.length - 1)];
    /** @type {HTMLElement | null | undefined} */ (near?.querySelector("input[name=criterion]"))?.focus();
    this.offerUndo(title ? `Removed “${title}”.` : "Removed a criterion.", () => {
      this.fit(row);
      if (after?.isConnected) after.before(row);
      else this.body.append(row);
    });
  }

  /** A row that comes back gets as many cells as there are levels now. @param {HTMLElement} row */
  fit(row) {
    const cells = all(row, "td");
    for (const cell of cells.slice(this.heads.length)) cell.remove();
    for (let missing = this.heads.length - cells.length; missing > 0; missing -= 1) {
      const cell = /** @type {HTMLElement} */ (cells[0].cloneNode(true));
      this.clear(cell);
      row.append(cell);
    }
  }

  /** @param {number} at @param {number} by */
  move(at, by) {
    const row = this.rows[at];
    const other = this.rows[at + by];
    if (!row || !other) return;
    const focused = document.activeElement;
    if (by < 0) other.before(row);
    else other.after(row);
    if (focused instanceof HTMLElement && row.contains(focused)) focused.focus();
  }

  addLevel() {
    const heads = this.heads;
    if (heads.length >= MOST_LEVELS) return;
    const head = /** @type {HTMLElement} */ (heads[heads.length - 1].cloneNode(true));
    this.clear(head);
    const radio = head.querySelector("input[type=radio]");
    if (radio instanceof HTMLInputElement) radio.checked = false;
    this.head.append(head);
    for (const row of this.rows) this.fit(row);
    /** @type {HTMLElement | null} */ (head.querySelector("input[name=level]"))?.focus();
  }

  /** @param {number} at */
  removeLevel(at) {
    const head = this.heads[at];
    if (!head || this.heads.length <= FEWEST_LEVELS) return;
    const marked = this.from();
    const name = /** @type {HTMLInputElement} */ (head.querySelector("input[name=level]")).value.trim();
    const cells = this.rows.map((row) => ({ row, cell: all(row, "td")[at] }));
    head.remove();
    for (const { cell } of cells) cell.remove();
    const left = this.heads;
    const from = Math.min(marked > at + 1 ? marked - 1 : marked, left.length);
    const radio = left[from - 1]?.querySelector("input[type=radio]");
    if (radio instanceof HTMLInputElement) radio.checked = true;
    this.offerUndo(name ? `Removed the level “${name}”.` : "Removed a level.", () => {
      const next = this.heads[at];
      if (next) next.before(head);
      else this.head.append(head);
      for (const { row, cell } of cells) {
        const place = all(row, "td")[at];
        if (place) place.before(cell);
        else row.append(cell);
      }
      for (const row of this.rows) this.fit(row);
      const before = this.heads[marked - 1]?.querySelector("input[type=radio]");
      if (before instanceof HTMLInputElement) before.checked = true;
    });
  }

  /** Which level is marked, counted from 1; 0 for none. */
  from() {
    return this.heads.findIndex((head) => head.querySelector("input[type=radio]:checked")) + 1;
  }

  /** @param {string} words @param {() => void} back */
  offerUndo(words, back) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = "Put it back";
    button.addEventListener("click", () => {
      back();
      this.undo.replaceChildren("Put back.");
      this.number();
    });
    const said = document.createElement("span");
    said.textContent = words;
    this.undo.replaceChildren(said, button);
  }

  /** Say again which criterion and level each field is, after something moved. */
  number() {
    const marked = this.from();
    const names = this.heads.map((head, at) => {
      const label = head.querySelector("input[name=level]");
      const radio = head.querySelector("input[type=radio]");
      const number = head.querySelector("[data-number]");
      if (number) number.textContent = String(at + 1);
      if (radio instanceof HTMLInputElement) radio.value = String(at + 1);
      label?.setAttribute("aria-label", `Name of level ${at + 1}`);
      this.label(head, "remove-level", at, `Remove level ${at + 1}`, this.heads.length <= FEWEST_LEVELS);
      head.classList.toggle("is-proficient-from", at + 1 === marked);
      return (label instanceof HTMLInputElement && label.value.trim()) || `level ${at + 1}`;
    });
    const rows = this.rows;
    rows.forEach((row, at) => {
      const title = row.querySelector("input[name=criterion]");
      title?.setAttribute("aria-label", `Criterion ${at + 1}`);
      title?.setAttribute("placeholder", `Criterion ${at + 1}`);
      this.label(row, "up", at, `Move criterion ${at + 1} up`, at === 0);
      this.label(row, "down", at, `Move criterion ${at + 1} down`, at === rows.length - 1);
      this.label(row, "remove-criterion", at, `Remove criterion ${at + 1}`, false);
      all(row, "td").forEach((cell, level) => {
        cell.dataset.level = `${level + 1} ${names[level]}`;
        cell.classList.toggle("is-proficient-from", level + 1 === marked);
        cell.querySelector("textarea")?.setAttribute("aria-label", `Criterion ${at + 1} at level ${level + 1}`);
      });
    });
    this.form.querySelector("[data-grid]")?.classList.toggle("few-levels", names.length <= 5);
    this.enable("add-criterion", rows.length < MOST_CRITERIA);
    this.enable("add-level", this.heads.length < MOST_LEVELS);
  }

  /** @param {HTMLElement} part @param {string} action @param {number} at @param {string} words @param {boolean} off */
  label(part, action, at, words, off) {
    const button = part.querySelector(`button[value^="${action}:"]`);
    if (!(button instanceof HTMLButtonElement)) return;
    button.value = `${action}:${at}`;
    button.setAttribute("aria-label", words);
    button.disabled = off;
  }

  /** @param {string} action @param {boolean} on */
  enable(action, on) {
    const button = this.form.querySelector(`button[value="${action}"]`);
    if (button instanceof HTMLButtonElement) button.disabled = !on;
  }

  /** @param {Event} event */
  typed(event) {
    this.changed = true;
    if (event.target instanceof HTMLTextAreaElement) grow(event.target);
    if (event.target instanceof HTMLInputElement && event.target.name !== "criterion") this.number();
  }

  /** Alt and an arrow: to the next cell; with Shift: the row moves. @param {KeyboardEvent} event */
  key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const here = event.target instanceof Element ? event.target.closest("[data-criterion], [data-levels]") : null;
    if (!step || !(here instanceof HTMLElement)) return;
    event.preventDefault();
    const [down, right] = step;
    if (event.shiftKey && down) this.act(down < 0 ? "up" : "down", this.rows.indexOf(here));
    else if (!event.shiftKey) this.goTo(here, /** @type {Element} */ (event.target), down, right);
  }

  /** @param {HTMLElement} here @param {Element} field @param {number} down @param {number} right */
  goTo(here, field, down, right) {
    const lines = [this.head, ...this.rows];
    const fields = (/** @type {HTMLElement} */ line) =>
      all(line, "input[name=criterion], input[name=level], textarea[name=cell]");
    const shift = (/** @type {HTMLElement} */ line) => (line === this.head ? 1 : 0);
    const column = fields(here).indexOf(/** @type {HTMLElement} */ (field)) + shift(here) + right;
    const line = lines[lines.indexOf(here) + down];
    if (line) fields(line)[column - shift(line)]?.focus();
  }
}

const form = document.querySelector("form[data-rubric-editor]");
if (form instanceof HTMLFormElement) new Editor(form);
