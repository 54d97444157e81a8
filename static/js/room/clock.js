// The server's clock, displayed. What is left comes with each state and is counted down by the browser's
// steady clock from the moment of its arrival; the time of day that a device believes in plays no part.

import { say } from "./words.js";

/** @typedef {import("./stream.js").Step} Step */

/**
 * 484 → '8:04'; over time is shown with a plus: -40 → '+0:40'.
 * @param {number} seconds
 */
export function clockTime(seconds) {
  const rest = Math.abs(seconds);
  return `${seconds < 0 ? "+" : ""}${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
}

/** @param {number} minutes */
function whole(minutes) {
  const halves = Math.round(minutes * 2);
  return halves % 2 ? `${Math.floor(halves / 2) || ""}½` : String(halves / 2);
}

/**
 * @param {{ room: HTMLElement, slept: () => void }} parts `slept` is called when the device was asleep
 */
export function createClock({ room, slept }) {
  /** @type {Step | null} */
  let step = null;
  let status = "";
  let arrived = performance.now();
  let shown = Number.NaN;
  let lastTick = performance.now();
  let lastDay = Date.now();

  function left() {
    if (!step) return 0;
    const passed = step.running ? (performance.now() - arrived) / 1000 : 0;
    return Math.ceil(step.seconds_left - passed);
  }

  function words() {
    if (!step || status === "finished") return "";
    if (status === "paused") return `paused, of ${whole(step.minutes)} min`;
    return left() < 0 ? `over ${whole(step.minutes)} min` : `left of ${whole(step.minutes)} min`;
  }

  /** @param {number} seconds */
  function announce(seconds) {
    if (!step?.running || Number.isNaN(shown)) return;
    if (shown > 60 && seconds <= 60 && seconds > 50 && step.minutes > 1) say("One minute left.");
    if (shown > 0 && seconds <= 0 && seconds > -10) say("Time is up.");
  }

  function draw() {
    const counts = step !== null && (status === "running" || status === "paused");
    const seconds = left();
    if (counts) announce(seconds);
    shown = counts ? seconds : Number.NaN;
    for (const place of room.querySelectorAll("[data-clock-time]")) {
      const text = counts ? clockTime(seconds) : "";
      if (place.textContent !== text) place.textContent = text;
    }
    for (const place of room.querySelectorAll("[data-clock-words]")) {
      if (place.textContent !== words()) place.textContent = words();
    }
    room.classList.toggle("is-over", counts && seconds < 0);
    room.classList.toggle("is-last-minute", counts && seconds >= 0 && seconds <= 60 && step?.running === true && step.minutes > 1);
    const total = Math.max(1, (step?.minutes ?? 0) * 60);
    room.style.setProperty("--part", String(counts ? Math.min(1, Math.max(0, 1 - seconds / total)) : 0));
  }

  /** The steady clock of some devices stands still in their sleep: a jump of the other one gives it away. */
  function noticeSleep() {
    const tick = performance.now();
    const day = Date.now();
    if (day - lastDay - (tick - lastTick) > 1500 || tick - lastTick > 5000) slept();
    lastTick = tick;
    lastDay = day;
  }

  window.setInterval(() => {
    noticeSleep();
    draw();
  }, 250);

  return {
    /**
     * @param {Step} next
     * @param {string} nextStatus
     */
    set(next, nextStatus) {
      if (step?.number !== next.number) shown = Number.NaN;
      step = next;
      status = nextStatus;
      arrived = performance.now();
      draw();
    },
    left,
  };
}
