// Silencing names in a recording: two buttons take the moment from the player, so that nobody has to read a clock.

/** @param {number} seconds how far into it, to a tenth */
function clock(seconds) {
  const whole = Math.floor(seconds);
  const tenth = Math.floor((seconds - whole) * 10);
  const part = tenth ? `.${tenth}` : "";
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}${part}`;
}

/** @param {HTMLFormElement} form @param {HTMLMediaElement} player */
function follow(form, player) {
  const spans = form.querySelector("textarea");
  if (!spans) return;
  form.classList.add("is-live");
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-silence]") : null;
    if (!button) return;
    const begins = button.getAttribute("data-silence") === "from";
    const lines = spans.value.split("\n").filter((line) => line.trim());
    const last = lines.at(-1)?.trimEnd() ?? "";
    const isOpen = /[–-]$/.test(last);
    if (begins) lines.splice(isOpen ? -1 : lines.length, isOpen ? 1 : 0, `${clock(player.currentTime)}–`);
    else if (isOpen) lines.splice(-1, 1, last + clock(player.currentTime));
    else return;
    spans.value = lines.join("\n");
  });
}

const form = document.querySelector("form[data-silences]");
const player = document.querySelector(".recording audio, .recording video");
if (form instanceof HTMLFormElement && player instanceof HTMLMediaElement) follow(form, player);
