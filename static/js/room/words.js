// How the room speaks: to the ear (live regions), in the corner (toasts), across the top (one line), and in a
// dialog that asks before something happens to everyone.

/**
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T | null}
 */
export function find(selector, kind) {
  const found = document.querySelector(selector);
  return found instanceof kind ? found : null;
}

/**
 * Say it once to a screen reader; `now` interrupts.
 * @param {string} sentence
 * @param {boolean} [now]
 */
export function say(sentence, now = false) {
  const place = find(now ? "[data-say-now]" : "[data-say]", HTMLElement);
  if (!place) return;
  place.textContent = "";
  window.setTimeout(() => (place.textContent = sentence), 60);
}

/**
 * @param {string} sentence
 * @param {"good" | "stop" | "wait"} [kind]
 */
export function toast(sentence, kind = "stop") {
  const place = document.getElementById("toasts");
  if (!place) return;
  for (const old of place.children) if (old.textContent === sentence) old.remove();
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
  window.setTimeout(() => note.remove(), kind === "good" ? 5000 : 12000);
}

/**
 * One line across the room that stays until it is no longer true; '' takes it away.
 * @param {string} sentence
 */
export function line(sentence) {
  const place = find("[data-line]", HTMLElement);
  const words = find("[data-line-words]", HTMLElement);
  if (!place || !words || words.textContent === sentence) return;
  words.textContent = sentence;
  place.hidden = !sentence;
}

/**
 * Ask before something happens to everyone.
 * @param {string} question
 * @param {string} yes what the button says
 * @returns {Promise<boolean>}
 */
export function ask(question, yes = "Yes") {
  const dialog = find("[data-confirm-dialog]", HTMLDialogElement);
  const words = find("[data-confirm-words]", HTMLElement);
  const yesButton = find("[data-confirm-yes]", HTMLButtonElement);
  const noButton = find("[data-confirm-no]", HTMLButtonElement);
  if (!dialog || !words || !yesButton || !noButton) return Promise.resolve(window.confirm(question));
  words.textContent = question;
  yesButton.textContent = yes;
  return new Promise((resolve) => {
    const done = new AbortController();
    const answer = (/** @type {boolean} */ agreed) => {
      done.abort();
      if (dialog.open) dialog.close();
      resolve(agreed);
    };
    yesButton.addEventListener("click", () => answer(true), { signal: done.signal });
    noButton.addEventListener("click", () => answer(false), { signal: done.signal });
    dialog.addEventListener("close", () => answer(false), { signal: done.signal });
    dialog.showModal();
    noButton.focus();
  });
}
