// The plan's page: only the chosen assignment's samples are offered, and the steps follow the time at hand.
// Without this script the page works the same; the steps are then worked out when the form is sent.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-plan]"));

/** The field of that name; of radio buttons the one that is chosen. @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
const field = (name) => form?.querySelector(`[name="${name}"]:checked`) ?? form?.querySelector(`[name="${name}"]`) ?? null;

/** Minutes that somebody typed stand, whatever else is worked out anew. @type {Map<string, string>} */
const typed = new Map();

/** What belongs to scores is shown, and sent, only where people score. */
function showWhatBelongs() {
  const makes = form?.querySelector("[data-makes]")?.getAttribute("data-makes") ?? "scores";
  for (const part of form?.querySelectorAll("[data-when]") ?? []) {
    const away = part.getAttribute("data-when") !== makes;
    part.toggleAttribute("hidden", away);
    for (const each of part.querySelectorAll("input, select")) each.toggleAttribute("disabled", away);
  }
}

let choseProtocol = form?.hasAttribute("data-planned") ?? false;

/** Those that suit the purpose come first; until somebody has chosen, the first of them is chosen. */
function offerProtocols() {
  const purpose = field("purpose")?.value ?? "";
  const cards = [...(form?.querySelectorAll("[data-protocol]") ?? [])];
  const place = (/** @type {Element} */ card) => {
    const at = (card.getAttribute("data-purposes") ?? "").split(" ").indexOf(purpose);
    return at < 0 ? Infinity : at;
  };
  const title = (/** @type {Element} */ card) => card.querySelector("label")?.textContent ?? "";
  cards.sort((a, b) => (place(a) === place(b) ? title(a).localeCompare(title(b)) : place(a) - place(b)));
  for (const card of cards) {
    card.parentElement?.querySelector("[data-none-suits]")?.before(card);
    card.querySelector("[data-suits]")?.toggleAttribute("hidden", place(card) === Infinity);
    card.classList.toggle("is-other", place(card) === Infinity);
  }
  const none = cards.every((card) => place(card) === Infinity);
  form?.querySelector("[data-none-suits]")?.toggleAttribute("hidden", !none);
  const first = cards[0]?.querySelector("input");
  if (choseProtocol || none || !first || first.checked) return;
  first.checked = true;
  typed.clear(); // they were another protocol's
}

/** Offer the samples of the chosen assignment; the others are put away and taken off the table. */
function offerSamples() {
  const chosen = field("assignment")?.value ?? "";
  for (const group of form?.querySelectorAll("[data-samples-of]") ?? []) {
    const offered = group.getAttribute("data-samples-of") === chosen;
    group.toggleAttribute("hidden", !offered);
    if (offered) continue;
    for (const box of group.querySelectorAll("input")) box.checked = false;
  }
}

let asked = 0;

/** Fetch the steps as they would run; a slower, older answer never replaces a newer one. */
async function showSteps() {
  const place = form?.querySelector("[data-plan-steps]");
  if (!form || !place) return;
  const query = new URLSearchParams();
  for (const name of ["protocol", "minutes_at_hand"]) query.set(name, field(name)?.value ?? "");
  for (const box of form.querySelectorAll('[name="samples"]:checked')) {
    query.append("samples", /** @type {HTMLInputElement} */ (box).value);
  }
  for (const [name, value] of typed) query.set(name, value);
  const mine = ++asked;
  const answer = await fetch(`${form.dataset.stepsUrl}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const wereOpen = [...place.querySelectorAll("details")].map((fold) => fold.open);
  const steps = await answer.text();
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : "";
  place.innerHTML = steps;
  place.querySelectorAll("details").forEach((fold, at) => fold.toggleAttribute("open", wereOpen[at] ?? false));
  if (focused) document.getElementById(focused)?.focus();
  showWhatBelongs();
}

/** @type {number | undefined} */
let soon;
const showStepsSoon = () => {
  clearTimeout(soon);
  soon = window.setTimeout(showSteps, 200);
};

if (form) {
  form.classList.add("is-live");
  const range = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-minutes-range]"));
  const minutes = field("minutes_at_hand");
  form.addEventListener("input", (event) => {
    const target = /** @type {HTMLInputElement} */ (event.target);
    if (target === range && minutes) minutes.value = target.value;
    if (target === minutes && range) range.value = target.value;
    if (target.name.startsWith("minutes-")) typed.set(target.name, target.value);
    if (target.name === "protocol") {
      choseProtocol = true;
      typed.clear(); // they were another protocol's
    }
    if (target === range || ["minutes_at_hand", "purpose", "protocol", "samples", "assignment"].includes(target.name)) {
      if (target.name === "assignment") offerSamples();
      if (target.name === "purpose") offerProtocols();
      showStepsSoon();
    }
  });
  form.addEventListener("change", (event) => {
    if (/** @type {HTMLInputElement} */ (event.target).name.startsWith("minutes-")) showStepsSoon();
  });
  if (form.hasAttribute("data-planned")) {
    for (const field of form.querySelectorAll('[name^="minutes-"]')) {
      const { name, value } = /** @type {HTMLInputElement} */ (field);
      typed.set(name, value);
    }
  }
  offerSamples();
  showWhatBelongs();
  /** @type {HTMLElement | null} */ (form.querySelector("[data-focus]"))?.focus();
}
