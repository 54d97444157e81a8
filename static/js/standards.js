// Picking standards: what is ticked in the tree or among what was found is written into the field of codes, which
// is what the form sends; chips show what is chosen.

class Picker {
  /** @param {HTMLElement} root @param {HTMLTextAreaElement} field */
  constructor(root, field) {
    this.root = root;
    this.field = field;
    this.chips = /** @type {HTMLElement} */ (root.querySelector("[data-chips]"));
    this.live = /** @type {HTMLElement} */ (root.querySelector("[data-live]"));
    root.classList.add("is-live");
    root.addEventListener("change", (event) => this.ticked(event.target));
    root.addEventListener("htmx:afterSettle", () => this.show());
    this.chips.addEventListener("click", (event) => this.removed(event.target));
    field.addEventListener("input", () => this.show());
    this.show();
  }

  /** The codes in their order, each once, as the server reads them. */
  get codes() {
    const written = this.field.value.split(/[,;\n]/).map((code) => code.trim().replace(/\s+/g, " "));
    return [...new Set(written.filter(Boolean))];
  }

  set codes(codes) {
    this.field.value = codes.join(", ");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {EventTarget | null} box */
  ticked(box) {
    if (!(box instanceof HTMLInputElement) || !("pick" in box.dataset)) return;
    const others = this.codes.filter((code) => code !== box.value);
    this.codes = box.checked ? [...others, box.value] : others;
    this.live.textContent = `${box.value} ${box.checked ? "chosen" : "taken away"}, ${this.codes.length} in all.`;
  }

  /** @param {EventTarget | null} target */
  removed(target) {
    const button = target instanceof Element ? target.closest("button") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const place = this.codes.indexOf(button.value);
    this.codes = this.codes.filter((code) => code !== button.value);
    const left = this.chips.querySelectorAll("button");
    const next = left[Math.min(place, left.length - 1)] ?? this.root.querySelector("input[type=search]");
    if (next instanceof HTMLElement) next.focus();
    this.live.textContent = `${button.value} taken away, ${this.codes.length} in all.`;
  }

  show() {
    const chosen = new Set(this.codes);
    for (const box of this.root.querySelectorAll("[data-pick]")) {
      if (box instanceof HTMLInputElement) box.checked = chosen.has(box.value);
    }
    this.chips.replaceChildren(...this.codes.map((code) => this.chip(code)));
  }

  /** @param {string} code */
  chip(code) {
    const item = document.createElement("li");
    const words = document.createElement("span");
    const button = document.createElement("button");
    item.className = "chip";
    words.textContent = code;
    button.type = "button";
    button.value = code;
    button.textContent = "×";
    button.setAttribute("aria-label", `Take ${code} away`);
    item.append(words, button);
    return item;
  }
}

const root = document.querySelector("[data-standards]");
const field = document.querySelector("textarea[name=standards]");
if (root instanceof HTMLElement && field instanceof HTMLTextAreaElement) new Picker(root, field);
