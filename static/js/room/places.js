// Places on the work: the words beside a form that say 'pin 2', the pins on the page, and the way from one to the other.

import { createViewer } from "../viewer/viewer.js";
import { setPlace } from "./forms.js";
import { showTab } from "./screen.js";
import { find, say } from "./words.js";

/**
 * @param {{ room: HTMLElement, osd: string, placed: (form: HTMLFormElement) => void }} parts
 *   `placed`: a place was set in a form, or taken away
 */
export function createPlaces({ room, osd, placed }) {
  const viewer = createViewer({ root: room, osd, pressed: goToWords });

  function drawSlots() {
    const scores = [...room.querySelectorAll("[data-scores] form[data-score]")];
    for (const form of room.querySelectorAll("form[data-score], form[data-note]")) {
      const slot = form.querySelector("[data-place-slot]");
      const value = (/** @type {string} */ name) => form.querySelector(`input[name=${name}]`)?.getAttribute("value") ?? "";
      const isNote = form.matches("[data-note]");
      const said = `${value("page")}|${value("x")}|${value("y")}`;
      if (!slot || (slot.getAttribute("data-drawn") === said && Boolean(slot.firstChild) === Boolean(value("page")))) continue;
      slot.setAttribute("data-drawn", said);
      slot.replaceChildren();
      const pointer = form.querySelector("[data-point]");
      if (pointer) pointer.textContent = value("page") ? "Move the pin" : "Point to a place";
      if (!value("page")) continue;
      const pin = document.createElement("button");
      pin.type = "button";
      pin.className = "place";
      const number = isNote ? "•" : String(scores.indexOf(form) + 1);
      pin.textContent = isNote ? "pin" : `pin ${number}`;
      const words = { place: "", mine: "", page: value("page"), x: value("x"), y: value("y"), n: number };
      Object.assign(pin.dataset, words, { says: form.getAttribute("data-title") ?? "this note" });
      const off = document.createElement("button");
      off.type = "button";
      off.className = "place-off";
      off.textContent = "×";
      off.setAttribute("data-unpoint", "");
      off.setAttribute("aria-label", "Take the pin away");
      slot.append(pin, off);
    }
  }

  function drawPins() {
    const places = [...room.querySelectorAll("[data-place]")].filter(
      (each) => each instanceof HTMLElement && !each.closest("[hidden]"),
    );
    viewer.setPins(
      places.map((each) => {
        const source = /** @type {HTMLElement} */ (each);
        const { page = "", x, y, n = "", says = "" } = source.dataset;
        const place = { page, x: Number(x), y: Number(y) };
        return { place, number: n, says, mine: source.dataset.mine !== undefined, source };
      }),
    );
  }

  /** From a pin on the page to the words that it belongs to. @param {import("../viewer/viewer.js").Pin} pin */
  function goToWords(pin) {
    showTab(room, "now");
    pin.source.closest("details")?.setAttribute("open", "");
    pin.source.scrollIntoView({ block: "center" });
    pin.source.focus({ preventScroll: true });
  }

  /** @param {string} page */
  const sampleOf = (page) => room.querySelector(`.strip-page[data-page="${CSS.escape(page)}"]`)?.getAttribute("data-sample") ?? "";

  /** A note that points to a page is about the sample of that page. @param {HTMLFormElement} form @param {string} page */
  function tellSample(form, page) {
    const about = form.querySelector(`[data-about][value="${CSS.escape(sampleOf(page))}"]`);
    if (about instanceof HTMLInputElement) about.checked = true;
  }

  /** @param {HTMLElement} button */
  async function point(button) {
    const form = button.closest("form");
    const help = find("[data-point-help]", HTMLElement);
    if (!form || !help) return;
    showTab(room, "work");
    help.hidden = false;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const place = await viewer.point();
    help.hidden = true;
    showTab(room, "now");
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest" });
    if (!place) return;
    setPlace(form, place);
    tellSample(form, place.page);
    say("The place is set.");
    if (!form.matches("[data-score]")) form.setAttribute("data-hold", "");
    placed(form);
  }

  room.addEventListener("click", (event) => {
    const pressed = (/** @type {string} */ selector) => {
      const found = event.target instanceof Element ? event.target.closest(selector) : null;
      return found instanceof HTMLElement ? found : null;
    };
    const pointer = pressed("[data-point]");
    if (pointer) void point(pointer);
    if (pressed("[data-point-cancel]")) viewer.cancelPoint();
    const unpoint = pressed("[data-unpoint]")?.closest("form");
    if (unpoint) {
      setPlace(unpoint, null);
      placed(unpoint);
    }
    const place = pressed("[data-place]");
    if (place) {
      showTab(room, "work");
      viewer.flyTo({ page: place.dataset.page ?? "", x: Number(place.dataset.x), y: Number(place.dataset.y) });
    }
  });

  // About another sample than the one that it points into: then it points nowhere.
  room.addEventListener("change", (event) => {
    const about = event.target;
    if (!(about instanceof HTMLInputElement) || !about.matches("[data-about]") || !about.form) return;
    const page = about.form.querySelector("input[name=page]")?.getAttribute("value") ?? "";
    if (!page || sampleOf(page) === about.value) return;
    setPlace(about.form, null);
    placed(about.form);
  });

  return {
    /** The work on the table may be another. */
    sync: viewer.sync,
    draw() {
      drawSlots();
      drawPins();
    },
  };
}
