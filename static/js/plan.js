// The plan's page: only the chosen assignment's samples are offered, and the steps follow the time at hand.
// Without this script the page works the same; the steps are then worked out when the form is sent.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-plan]"));

/** @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
const field = (name) => (form ? form.querySelector(`[name="${name}"]`) : null);

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

/** Minutes that somebody typed stand, whatever else is worked out anew. @type {Map<string, string>} */
const typed = new Map();

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
    if (target === range || ["minutes_at_hand", "protocol", "samples", "assignment"].includes(target.name)) {
      if (target.name === "assignment") offerSamples();
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
  /** @type {HTMLElement | null} */ (form.querySelector("[data-focus]"))?.focus();
}
