// Moments in a recording: a note says 'at 1:23', and pressing that goes there.

import { control, setMoment } from "./forms.js";
import { showTab } from "./screen.js";
import { say } from "./words.js";

/** @param {number} seconds */
export function clockWords(seconds) {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** @param {{ room: HTMLElement }} parts */
export function createMoments({ room }) {
  /** The player that was last touched. @type {HTMLElement | null} */
  let last = null;

  /** @param {string} by */
  const section = (by) => {
    const found = room.querySelector(by);
    return found instanceof HTMLElement ? found : null;
  };
  /** @param {HTMLElement | null} of */
  const playerIn = (of) => {
    const found = of?.querySelector("audio, video");
    return found instanceof HTMLMediaElement ? found : null;
  };

  /** The recording that a form would speak of: of its sample, else the one that was last played, else the first. */
  function current() {
    if (last?.isConnected && room.contains(last)) return last;
    return section("[data-recording]");
  }

  /** @param {HTMLFormElement} form */
  function take(form) {
    const of = current();
    const player = playerIn(of);
    if (!of || !player) return;
    setMoment(form, { recording: of.dataset.recording ?? "", seconds: player.currentTime });
    const about = form.querySelector(`[data-about][value="${CSS.escape(of.dataset.sample ?? "")}"]`);
    if (about instanceof HTMLInputElement) about.checked = true;
    form.setAttribute("data-hold", "");
    draw();
    say(`The note speaks of ${clockWords(player.currentTime)}.`);
    control(form, "text")?.focus({ preventScroll: true });
  }

  /** @param {string} recording @param {string} sample @param {number} seconds */
  function go(recording, sample, seconds) {
    const of = recording
      ? section(`[data-recording="${CSS.escape(recording)}"]`)
      : section(`[data-recording][data-sample="${CSS.escape(sample)}"]`);
    const player = playerIn(of);
    if (!of || !player) return;
    showTab(room, "work");
    last = of;
    player.currentTime = seconds;
    of.scrollIntoView({ block: "nearest" });
    player.focus({ preventScroll: true });
    say(`At ${clockWords(seconds)}.`);
  }

  function draw() {
    for (const form of room.querySelectorAll("form[data-note]")) {
      const slot = form.querySelector("[data-moment-slot]");
      if (!(form instanceof HTMLFormElement) || !slot) continue;
      const seconds = control(form, "at_seconds")?.value ?? "";
      if (slot.getAttribute("data-drawn") === seconds) continue;
      slot.setAttribute("data-drawn", seconds);
      slot.replaceChildren();
      const button = form.querySelector("[data-moment]");
      if (button) button.textContent = seconds ? "Move it here" : "At this moment";
      if (!seconds) continue;
      const there = document.createElement("button");
      Object.assign(there, { type: "button", className: "place", textContent: `at ${clockWords(Number(seconds))}` });
      Object.assign(there.dataset, { at: seconds, recording: control(form, "recording")?.value ?? "" });
      const off = document.createElement("button");
      Object.assign(off, { type: "button", className: "place-off", textContent: "×" });
      off.setAttribute("data-unmoment", "");
      off.setAttribute("aria-label", "Take the moment away");
      slot.append(there, off);
    }
  }

  room.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const form = target?.closest("form");
    if (form instanceof HTMLFormElement && target?.closest("[data-moment]")) take(form);
    if (form instanceof HTMLFormElement && target?.closest("[data-unmoment]")) {
      setMoment(form, null);
      draw();
    }
    const at = target?.closest("[data-at]");
    if (at instanceof HTMLElement) go(at.dataset.recording ?? "", at.dataset.about ?? "", Number(at.dataset.at));
  });

  // About another sample than the one whose recording it speaks of: then it speaks of no moment.
  room.addEventListener("change", (event) => {
    const about = event.target;
    if (!(about instanceof HTMLInputElement) || !about.matches("[data-about]") || !about.form) return;
    const recording = control(about.form, "recording")?.value ?? "";
    if (!recording || section(`[data-recording="${CSS.escape(recording)}"]`)?.dataset.sample === about.value) return;
    setMoment(about.form, null);
    draw();
  });

  for (const name of ["play", "seeking"]) {
    room.addEventListener(
      name,
      (event) => {
        const of = event.target instanceof Element ? event.target.closest("[data-recording]") : null;
        if (of instanceof HTMLElement) last = of;
        if (name !== "play") return;
        // One voice at a time.
        for (const other of room.querySelectorAll("audio, video")) {
          if (other instanceof HTMLMediaElement && other !== event.target) other.pause();
        }
      },
      { capture: true },
    );
  }

  return { draw };
}
