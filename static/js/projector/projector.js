// The projector: follows the room by its own stream, shows, and does nothing else. What the arrow keys turn (pages,
// criteria) is turned on this screen alone.

import { createClock } from "../room/clock.js";
import { createPanels } from "../room/panels.js";
import { createWakeLock } from "../room/screen.js";
import { follow } from "../room/stream.js";
import { find, line, say } from "../room/words.js";
import { fitAll } from "./fit.js";
import { placePages } from "./pages.js";
import { createTurner } from "./turn.js";

/** @typedef {import("../room/stream.js").PublicState} PublicState */

const SCREEN = ["screen"];
const IDLE_AFTER = 3000; // ms without a move of the mouse

/** The pointer goes when nobody moves it. @param {HTMLElement} wall */
function hidePointer(wall) {
  let timer = 0;
  const wake = () => {
    wall.classList.remove("is-idle");
    window.clearTimeout(timer);
    timer = window.setTimeout(() => wall.classList.add("is-idle"), IDLE_AFTER);
  };
  document.addEventListener("pointermove", wake);
  wake();
}

/** @param {HTMLElement} wall */
function show(wall) {
  const { me = "", base = "" } = wall.dataset;
  /** @type {PublicState | null} */
  let state = null;
  let shown = { version: Number(wall.dataset.version), activity: Number(wall.dataset.activity) };
  let lastWord = new Date();

  const stayAwake = createWakeLock();
  const turner = createTurner(wall);
  const panels = createPanels({
    base,
    me,
    crowd: () => state?.people.length ?? 0,
    beforeSwap: () => undefined,
    swapped,
    lost: gone,
    someoneElse: () => window.location.reload(),
  });
  const clock = createClock({ room: wall, slept: () => void stream.refetch() });

  const embedded = document.getElementById("public-state")?.textContent;
  if (embedded) heardState(JSON.parse(embedded));

  const stream = follow({
    base,
    key: `projector-${me}`,
    heard(message) {
      lastWord = new Date();
      if (message.kind === "state") heardState(message.data);
      if (message.kind === "changed") panels.refresh(SCREEN);
      if (message.kind === "beat") heardBeat(message.data);
    },
    connected(is) {
      const at = lastWord.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
      line(is ? "" : `No connection. This is how it stood at ${at}; it comes back by itself.`);
    },
    lost: gone,
  });

  /** @param {PublicState} next */
  function heardState(next) {
    if (state && next.version < state.version) return;
    const before = state;
    state = next;
    clock.set(next.step, next.status);
    stayAwake(next.status !== "finished");
    for (const place of wall.querySelectorAll("[data-done-count]")) place.textContent = String(next.done);
    if (before && before.step.number !== next.step.number) say(`Step ${next.step.number} of ${next.step.of}: ${next.step.title}.`);
    const looks = (/** @type {PublicState} */ one) => JSON.stringify({ ...one, step: { ...one.step, seconds_left: 0 } });
    if (before ? looks(before) !== looks(next) : next.version > shown.version) panels.refresh(SCREEN);
  }

  /** @param {{ version: number, activity: number }} beat */
  function heardBeat(beat) {
    if (state && beat.version > state.version) void stream.refetch();
    if (beat.version > shown.version || beat.activity > shown.activity) panels.refresh(SCREEN);
  }

  /** @param {{ version: number, activity: number }} seen */
  function swapped(seen) {
    shown = seen;
    if (state && seen.version > state.version) void stream.refetch();
    arrange();
  }

  function arrange() {
    placePages(wall);
    turner.arrange();
    fitAll(wall);
  }

  /** Nothing of the session stays in sight. */
  function gone() {
    stream.end();
    stayAwake(false);
    line("");
    wall.querySelector('[data-part="screen"]')?.remove();
    const words = find("[data-gone]", HTMLElement);
    if (words) words.hidden = false;
  }

  document.addEventListener("keydown", (event) => {
    if (turner.key(event)) {
      event.preventDefault();
      fitAll(wall);
    }
  });
  window.addEventListener("resize", arrange);
  void document.fonts?.ready.then(arrange);
  hidePointer(wall);
  wall.classList.add("is-live");
  arrange();
}

const wall = find("[data-wall]", HTMLElement);
if (wall) show(wall);
