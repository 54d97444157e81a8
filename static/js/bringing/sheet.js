// The samples on the assignment's page, which come anew while something happens to them.

const POLL = 1500;
const PHONE = 3000;

/** A card's markup without the tokens, which differ each time. @param {Element} card */
function withoutTokens(card) {
  return card.outerHTML.replaceAll(/ value="[A-Za-z0-9]{64}"/g, "");
}

/** The contact sheet fetches itself anew as long as pages are being made, or a phone may send more. */
export class Sheet {
  constructor() {
    this.place = document.querySelector("[data-sheet]");
    this.timer = 0;
    this.waits = 0;
    this.plan();
    // What is told of the phone comes anew now and then; once it is on, the sheet follows it.
    document.addEventListener("htmx:afterSettle", () => this.plan());
  }

  plan() {
    window.clearTimeout(this.timer);
    if (this.place?.querySelector("[data-busy]")) {
      this.timer = window.setTimeout(() => void this.refresh(), Math.min(POLL + 250 * this.waits++, 5000));
    } else {
      this.waits = 0;
      if (document.querySelector("[data-phone=on]")) this.timer = window.setTimeout(() => void this.refresh(), PHONE);
    }
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
