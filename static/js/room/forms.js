// What the room reads from its forms and shows in them.

/**
 * @typedef {import("../viewer/viewer.js").Place} Place
 * @typedef {"saving" | "saved" | "waiting" | "late" | "refused" | "level" | ""} Told
 */

/** @type {Record<Told, string>} */
const STATE_WORDS = {
  saving: "saving",
  saved: "saved",
  waiting: "waiting for Wi-Fi",
  late: "kept, too late to count",
  refused: "not filed",
  level: "kept here: choose a level",
  "": "",
};

/** @param {unknown} field @returns {field is HTMLInputElement | HTMLTextAreaElement} */
export const isTyped = (field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
export function fieldsOf(form) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields[name] = value;
  }
  return fields;
}

/** Put fields back as they were, before what was typed since. @param {HTMLFormElement} form @param {Record<string, string>} fields */
export function refill(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLTextAreaElement) field.value = field.value ? `${value}\n${field.value}` : value;
    else if (field && "value" in field) field.value = value;
  }
}

/** @param {HTMLFormElement} form @param {string} name */
export function control(form, name) {
  const found = form.elements.namedItem(name);
  return isTyped(found) ? found : null;
}

/** Whether there are words in it. @param {HTMLFormElement} form */
export const typedIn = (form) =>
  [...form.querySelectorAll("textarea, input:not([type=hidden]):not([type=radio])")].some(
    (field) => isTyped(field) && field.value.trim() !== "",
  );

/** @param {HTMLFormElement} form @param {Told} state */
export function showState(form, state) {
  const place = form.querySelector("[data-state]");
  if (!place) return;
  place.setAttribute("data-state", state);
  place.textContent = STATE_WORDS[state];
}

/** @param {HTMLFormElement} form @param {Place | null} place */
export function setPlace(form, place) {
  const values = { page: place?.page ?? "", x: place ? place.x.toFixed(4) : "", y: place ? place.y.toFixed(4) : "" };
  for (const [name, value] of Object.entries(values)) {
    const input = control(form, name);
    if (input) input.value = value;
  }
}

/** @param {HTMLFormElement} form @param {{ recording: string, seconds: number } | null} moment */
export function setMoment(form, moment) {
  const values = { recording: moment?.recording ?? "", at_seconds: moment ? moment.seconds.toFixed(1) : "" };
  for (const [name, value] of Object.entries(values)) {
    const input = control(form, name);
    if (input) input.value = value;
  }
}

/** What a form is called when its words stand elsewhere: 'Claim, Score alone'. @param {HTMLFormElement} form */
export function titleOf(form) {
  const now = document.querySelector('[data-part="now"]');
  const step = form.dataset.stepTitle ?? now?.getAttribute("data-step-title") ?? "";
  return form.dataset.title && step ? `${form.dataset.title}, ${step}` : form.dataset.title || step;
}
