// How one screen is arranged: tabs on a phone, criteria one at a time, sentence starters, fields that grow,
// a screen that stays awake while the clock runs.

/** @param {HTMLElement} room @param {string} tab work, now or people */
export function showTab(room, tab) {
  room.dataset.tab = tab;
  for (const button of room.querySelectorAll(".room-tabs [data-show]")) {
    if (button.getAttribute("data-show") === tab) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** Only the starters of the chosen kind, and who will see the note. @param {HTMLElement} room */
export function showStarters(room) {
  for (const form of room.querySelectorAll("form[data-note]")) {
    const chosen = form.querySelector("input[data-kind]:checked, input[type=hidden][data-kind]");
    const kind = chosen instanceof HTMLInputElement ? chosen.value : "";
    for (const item of form.querySelectorAll("[data-for-kind]")) {
      item.toggleAttribute("hidden", item.getAttribute("data-for-kind") !== kind);
    }
    const who = form.querySelector("[data-note-who]");
    if (who) who.textContent = kind === "private" ? "just for you" : "for everyone";
  }
}

/** Begin a sentence: the starter goes where the cursor is, its first gap selected. @param {HTMLElement} button */
export function startSentence(button) {
  const field = button.closest("form")?.querySelector("textarea");
  const stem = button.dataset.stem;
  if (!(field instanceof HTMLTextAreaElement) || !stem) return;
  const lead = field.value && !/\s$/.test(field.value) ? `${field.value} ` : field.value;
  field.value = lead + stem;
  const gap = field.value.indexOf("…", lead.length);
  field.focus();
  if (gap >= 0) field.setSelectionRange(gap, gap + 1);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Browsers without `field-sizing` need help to let a field grow. @param {ParentNode} root */
export function growFields(root) {
  if (CSS.supports("field-sizing", "content")) return;
  for (const field of root.querySelectorAll("textarea[data-grow]")) {
    if (!(field instanceof HTMLTextAreaElement)) continue;
    field.style.setProperty("height", "auto");
    field.style.setProperty("height", `${Math.min(field.scrollHeight + 2, 320)}px`);
  }
}

/** Criteria as tabs, one at a time. @param {HTMLElement} room */
export function createCriteria(room) {
  let chosen = "";
  let sample = "";

  function draw() {
    const part = room.querySelector('[data-part="reveal"]');
    const tabs = [...(part?.querySelectorAll("[data-crit-tab]") ?? [])];
    if (!part || !tabs.length) return;
    const ids = tabs.map((tab) => tab.getAttribute("data-crit-tab") ?? "");
    const here = part.getAttribute("data-sample") ?? "";
    if (here !== sample || !ids.includes(chosen)) chosen = ids[0] ?? "";
    sample = here;
    part.querySelector("[data-crit-tabs]")?.setAttribute("role", "tablist");
    for (const [at, tab] of tabs.entries()) {
      const on = ids[at] === chosen;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(on));
      tab.setAttribute("aria-controls", `view-${ids[at]}`);
      tab.setAttribute("tabindex", on ? "0" : "-1");
      const view = document.getElementById(`view-${ids[at]}`);
      view?.toggleAttribute("hidden", !on);
      view?.setAttribute("role", "tabpanel");
      view?.setAttribute("aria-labelledby", tab.id);
    }
  }

  /** @param {Element} tab */
  function choose(tab) {
    chosen = tab.getAttribute("data-crit-tab") ?? chosen;
    draw();
  }

  room.addEventListener("keydown", (event) => {
    const tab = event.target instanceof Element ? event.target.closest("[data-crit-tab]") : null;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    const tabs = [...room.querySelectorAll("[data-crit-tab]")];
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    choose(next);
    next.focus();
  });

  return { draw, choose };
}

/** Keep the screen awake while the clock runs, where the browser can. */
export function createWakeLock() {
  /** @type {WakeLockSentinel | null} */
  let held = null;
  let wanted = false;

  async function settle() {
    const may = wanted && document.visibilityState === "visible" && "wakeLock" in navigator;
    if (may && !held) {
      try {
        held = await navigator.wakeLock.request("screen");
        held.addEventListener("release", () => (held = null));
      } catch {
        held = null; // a low battery may say no
      }
    } else if (!wanted && held) {
      await held.release();
    }
  }
  document.addEventListener("visibilitychange", () => void settle());

  return (/** @type {boolean} */ running) => {
    wanted = running;
    void settle();
  };
}
