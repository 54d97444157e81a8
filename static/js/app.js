// What every page can do: the theme switch, the time zone, local times, menus, dialogs, toasts, forms sent once.
// Each behaviour is found by a data- attribute and works on what htmx brings in later, too.

const THEME_KEY = "esw-theme";

/** Tell the server this browser's time zone, so that it writes dates as the person's own. */
function tellTimeZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const secure = window.location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `tz=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/**
 * `<time datetime="…" data-local="time|date|both">` in the browser's own zone: for pages that the server wrote
 * before it knew the zone.
 * @param {ParentNode} root
 */
function localTimes(root) {
  /** @type {Record<string, Intl.DateTimeFormatOptions>} */
  const shapes = {
    time: { hour: "numeric", minute: "2-digit" },
    date: { weekday: "long", day: "numeric", month: "long" },
    both: { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" },
  };
  for (const element of root.querySelectorAll("time[data-local]")) {
    const at = new Date(element.getAttribute("datetime") ?? "");
    const shape = shapes[element.getAttribute("data-local") || "both"];
    if (!Number.isNaN(at.getTime())) element.textContent = at.toLocaleString(document.documentElement.lang, shape);
  }
}

/** The theme switch: three radio buttons named `theme`. */
function themeSwitch() {
  const kept = document.documentElement.dataset.theme ?? "auto";
  for (const radio of document.querySelectorAll("input[data-theme-choice]")) {
    if (!(radio instanceof HTMLInputElement)) continue;
    radio.checked = radio.value === kept;
    radio.addEventListener("change", () => {
      try {
        window.localStorage.setItem(THEME_KEY, radio.value);
      } catch {
        return; // a browser that keeps nothing follows the system
      }
      window.dispatchEvent(new Event("esw:theme"));
    });
  }
}

/** A `<details data-menu>` closes when something else is pressed, and by Escape. */
function menus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  });
}

/** `data-dialog="id"` opens that `<dialog>`; `data-close` inside it, or a press beside it, closes it. */
function dialogs() {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.getAttribute("data-dialog") ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    } else if (event.target.closest("[data-close]") || event.target instanceof HTMLDialogElement) {
      event.target.closest("dialog")?.close();
    }
  });
}

/** A form is sent once: a second press waits for the first answer (not with htmx, which minds that itself). */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || form.matches("[data-often]")) return;
    if (form.dataset.sent) event.preventDefault();
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    // An answer that never comes must not lock the form.
    window.setTimeout(() => form.removeAttribute("data-sent"), 8000);
  });
  // Back from another page: the form may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  });
}

/**
 * Say something in the corner, and to a screen reader; it stays until it is closed when it is a problem.
 * @param {string} sentence
 * @param {"good" | "stop" | "wait"} [kind]
 */
export function toast(sentence, kind = "good") {
  const place = document.getElementById("toasts");
  if (!place) return;
  const note = document.createElement("div");
  note.className = `toast-note toast-${kind}`;
  const words = document.createElement("p");
  words.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", "Close this message");
  close.addEventListener("click", () => note.remove());
  note.append(words, close);
  place.append(note);
  if (kind === "good") window.setTimeout(() => note.remove(), 8000);
}

/** What htmx could not do is said in words; what was typed stays where it is. */
function sayProblems() {
  document.addEventListener("htmx:responseError", (event) => {
    const xhr = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail.xhr;
    const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const sentence = answer.querySelector("[data-problem]")?.textContent?.trim();
    toast(sentence || "That did not work. What you typed is still here; please try again.", "stop");
  });
  document.addEventListener("htmx:sendError", () => {
    toast("There is no connection just now. What you typed is still here; please try again.", "stop");
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof Element) localTimes(event.target);
  });
}

/** `data-copy="text"`: into the clipboard, with a word that it is there. */
function copying() {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.getAttribute("data-copy") ?? "");
      toast("Copied.");
    } catch {
      toast("This browser does not let us copy. Please select the text and copy it yourself.", "wait");
    }
  });
}

tellTimeZone();
localTimes(document);
themeSwitch();
menus();
dialogs();
sendOnce();
sayProblems();
copying();
