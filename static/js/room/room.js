// The room: hears what the room says, fetches what belongs to this person, and gives commands. Each part of it is
// a module of its own; this one ties them together.

import { createPoster, personOf } from "../outbox/poster.js";
import { createClock } from "./clock.js";
import { fieldsOf } from "./forms.js";
import { createKept } from "./kept.js";
import { createOutbox } from "./outbox.js";
import { createMoments } from "./moments.js";
import { createPanels } from "./panels.js";
import { createPlaces } from "./places.js";
import { createCriteria, createWakeLock, growFields, showStarters, showTab, startSentence } from "./screen.js";
import { follow } from "./stream.js";
import { ask, find, line, say, toast } from "./words.js";
import { createWriting } from "./writing.js";
import { createWrong } from "./wrong.js";

/** @typedef {import("./stream.js").PublicState} PublicState */

const EVERYTHING = ["rail", "now", "work", "people", "notes", "reveal", "decisions"];
// What may have changed without a new version; the work, because a page of it may be withdrawn.
const SHARED = ["notes", "people", "reveal", "decisions", "work", "now"];

/** @param {HTMLElement} room */
async function enter(room) {
  const { session = "", me = "", base = "", osd = "" } = room.dataset;
  const person = personOf(document);
  const isLobby = room.dataset.layout === "lobby";
  /** @type {PublicState | null} */
  let state = null;
  let activity = Number(room.dataset.activity);
  let online = true;
  let strange = false; // somebody else is logged in on this browser now

  const send = createPoster(person);
  const outbox = await createOutbox({ user: person.user, session, send, told, notMe });
  const places = createPlaces({ room, osd, placed });
  const moments = createMoments({ room });
  const criteria = createCriteria(room);
  const stayAwake = createWakeLock();
  const kept = createKept({ room, outbox });
  const wrong = createWrong({ room, outbox });
  const writing = createWriting({ room, outbox, send, changed: drawMine, refresh: (names) => panels.now(names), notMe });
  const panels = createPanels({
    base,
    me,
    crowd: () => state?.people.length ?? 0,
    beforeSwap: writing.keepForms,
    swapped,
    lost,
    someoneElse: () => window.location.reload(),
  });
  const clock = createClock({ room, slept: () => void stream.refetch() });

  // --- what the room says ----------------------------------------------------------------------------------------

  const embedded = document.getElementById("public-state")?.textContent;
  if (embedded) heardState(JSON.parse(embedded));

  const stream = follow({
    base,
    key: `${session}-${me}`,
    heard(message) {
      if (message.kind === "state") heardState(message.data);
      if (message.kind === "changed") heardChange(message.data);
      if (message.kind === "beat") heardBeat(message.data);
    },
    connected(is) {
      if (is && !online) void outbox.flush();
      online = is;
      drawLine();
    },
    lost,
  });

  /** @param {PublicState} next */
  function heardState(next) {
    if (state && next.version < state.version) return;
    const before = state;
    state = next;
    room.dataset.status = next.status;
    if (isLobby) {
      if (next.status !== "planned" && next.status !== "lobby") window.location.reload();
      else if (before && JSON.stringify(before) !== JSON.stringify(next)) panels.refresh(["people"]);
      return;
    }
    clock.set(next.step, next.status);
    stayAwake(next.status === "running");
    drawCounts(next);
    if (!before) {
      if (next.version > Number(room.dataset.version)) panels.refresh(EVERYTHING);
      return;
    }
    announce(before, next);
    panels.refresh(whatChanged(before, next));
  }

  /** Which panels a new state makes old. @param {PublicState} before @param {PublicState} next */
  function whatChanged(before, next) {
    const shape = (/** @type {PublicState} */ one) =>
      JSON.stringify([one.status, { ...one.step, seconds_left: 0 }, one.samples.map((sample) => sample.revealed)]);
    const people = (/** @type {PublicState} */ one) => JSON.stringify(one.people);
    const mine = (/** @type {PublicState} */ one) => one.people.find((person) => person.id === me)?.role;
    if (next.version > before.version + 1 || shape(before) !== shape(next) || mine(before) !== mine(next)) return EVERYTHING;
    if (before.done !== next.done) return room.hasAttribute("data-facilitating") ? ["people"] : [];
    if (next.version > before.version) return ["people", "now"];
    return people(before) === people(next) ? [] : ["people"];
  }

  /** @param {{ topics: string[], activity: number }} change */
  function heardChange(change) {
    panels.refresh(change.activity > activity + 1 ? SHARED : change.topics);
    // What the facilitator is warned of before going on depends on what was written down.
    if (change.topics.includes("decisions") && room.hasAttribute("data-facilitating")) panels.refresh(["now"]);
    activity = Math.max(activity, change.activity);
  }

  /** @param {{ version: number, activity: number }} beat */
  function heardBeat(beat) {
    if (state && beat.version > state.version) void stream.refetch();
    if (beat.activity > activity && !isLobby) panels.refresh(SHARED);
    activity = Math.max(activity, beat.activity);
  }

  /** @param {PublicState} before @param {PublicState} next */
  function announce(before, next) {
    const label = (/** @type {string | null} */ id) => next.samples.find((sample) => sample.id === id)?.label ?? "";
    const facilitator = (/** @type {PublicState} */ one) => one.people.find((person) => person.role === "facilitator");
    if (before.step.number !== next.step.number) {
      const about = next.step.sample ? `, sample ${label(next.step.sample).replace(/^sample /i, "")}` : "";
      say(`Step ${next.step.number} of ${next.step.of}: ${next.step.title}${about}.`);
      room.querySelector("[data-now-scroll]")?.scrollTo({ top: 0 });
      showTab(room, "now");
    } else if (before.status !== next.status) {
      const words = { paused: "The session is paused.", running: "The clock runs again.", finished: "The session is finished." };
      say(words[/** @type {keyof typeof words} */ (next.status)] ?? "");
    } else if (next.samples.some((sample, at) => sample.revealed && !before.samples[at]?.revealed)) {
      say("The scores are revealed.");
    }
    const was = facilitator(before);
    const is = facilitator(next);
    if (is && was && is.id !== was.id) toast(`${is.id === me ? "You facilitate" : `${is.name} facilitates`} now.`, "good");
  }

  // --- what was fetched --------------------------------------------------------------------------------------------

  /** @param {{ version: number, activity: number }} seen */
  function swapped(seen) {
    if (state && seen.version > state.version) void stream.refetch();
    arrange();
  }

  /** After each change of the page: what JavaScript adds to what the server wrote. */
  function arrange() {
    const now = room.querySelector('[data-part="now"]');
    const layout = now?.getAttribute("data-layout")?.trim();
    if (layout && !isLobby) room.dataset.layout = layout;
    room.toggleAttribute("data-facilitating", Boolean(room.querySelector(".only-you, .only-you-words")));
    criteria.draw();
    showStarters(room);
    writing.restoreDrafts();
    if (state) drawCounts(state);
    void showWaiting();
    places.sync();
    drawMine();
    growFields(room);
  }

  async function showWaiting() {
    for (const post of await outbox.waiting()) {
      if (post.session === session && post.kind === "score") writing.showWaiting(post);
    }
    drawMine();
    await kept.draw();
  }

  // --- what I write ------------------------------------------------------------------------------------------------

  /** @type {import("../outbox/sender.js").Tell} */
  function told(post, fate, answer) {
    if (fate === "waiting") online = false;
    if (fate === "saved" || fate === "late") online = true;
    kept.slow(post, fate === "waiting");
    writing.told(post, fate);
    wrong.told(post, fate, answer);
    drawLine();
    if (fate === "refused") toast(`${post.error} Your words are kept here.`, "stop");
  }

  /** What depends on this person's own marks: the button, the pins, the places beside the words. */
  function drawMine() {
    places.draw();
    moments.draw();
    drawDone();
  }

  /** @param {HTMLFormElement} form */
  function placed(form) {
    if (form.matches("[data-score]")) void writing.saveScore(form);
    drawMine();
  }

  function drawDone() {
    const button = find("[data-done-button]", HTMLButtonElement);
    const form = button?.form;
    const { scored, of, unsent } = writing.progress();
    if (!button || !form || !of || form.querySelector("input[name=done]")?.getAttribute("value") === "false") return;
    const ready = scored === of && !unsent;
    button.setAttribute("aria-disabled", String(!ready));
    if (ready) button.removeAttribute("aria-disabled");
    const words = scored < of ? `${scored} of ${of} scored` : online ? "saving" : "waiting for Wi-Fi";
    const text = ready ? "I am done" : words;
    if (button.textContent?.trim() !== text) button.textContent = text;
  }

  /** @param {HTMLFormElement} form */
  async function pressDone(form) {
    const button = form.querySelector("[data-done-button]");
    if (button?.getAttribute("aria-disabled") === "true") {
      const { scored, of } = writing.progress();
      const missing = find('form[data-score]:not(:has(input[type="radio"]:checked))', HTMLFormElement);
      toast(scored < of ? `${scored} of ${of} scored. Choose a level for ${missing?.dataset.title ?? "the rest"}.` : "Your scores are still on their way.", "wait");
      missing?.scrollIntoView({ block: "nearest" });
      missing?.querySelector("input")?.focus();
      return;
    }
    await outbox.flush();
    if (await give(form)) panels.now(["now", "people"]);
  }

  // --- commands ------------------------------------------------------------------------------------------------------

  /** Send a form as it stands. @param {HTMLFormElement} form @returns {Promise<boolean>} whether it was obeyed */
  async function give(form) {
    if (form.dataset.busy) return false;
    if (form.dataset.confirm && !(await ask(form.dataset.confirm))) return false;
    form.dataset.busy = "yes";
    try {
      const answer = await send(form.action, fieldsOf(form));
      if (answer === "login" || answer === "other") notMe(answer);
      else if (answer.ok) {
        if ((answer.data.version ?? 0) > (state?.version ?? 0)) window.setTimeout(() => behind(answer.data.version ?? 0), 400);
        return true;
      } else toast(answer.data.error ?? "That did not work.", "stop");
    } catch {
      toast("There is no connection just now. Please press again in a moment.", "wait");
    } finally {
      // A second tap of the same finger is not a second command.
      window.setTimeout(() => delete form.dataset.busy, form.dataset.command === "extend" ? 0 : 700);
    }
    return false;
  }

  /** The stream should have told by now. @param {number} version */
  function behind(version) {
    if (!state || state.version < version) void stream.refetch();
  }

  // --- when this page is not this person's any more --------------------------------------------------------------------

  /** @param {"login" | "other"} who */
  function notMe(who) {
    if (who === "other") {
      strange = true;
      drawLine();
      return;
    }
    const dialog = find("[data-login-dialog]", HTMLDialogElement);
    if (dialog && !dialog.open) dialog.showModal();
  }

  /** @param {import("./stream.js").Lost} why */
  function lost(why) {
    if (why === "login") notMe("login");
    else line("This room is not open to you any more. What you wrote is kept in this browser.");
  }

  function drawLine() {
    const lasts = outbox.lasting ? "" : " This browser keeps nothing when the tab is closed, so please stay on this page.";
    if (strange) line("Someone else is logged in on this browser now. What you wrote is kept under your name alone.");
    else if (!online) line(`No connection. What you write is kept and sent later.${lasts}`);
    else if (!outbox.lasting) line("This browser keeps nothing when the tab is closed. Stay on this page until it says saved.");
    else line("");
  }

  /** @param {PublicState} now */
  function drawCounts(now) {
    for (const place of room.querySelectorAll("[data-done-words]")) place.textContent = `${now.done} of ${now.people.length}`;
    for (const place of room.querySelectorAll("[data-done-short]")) place.textContent = `${now.done}/${now.people.length}`;
  }

  // --- listening -------------------------------------------------------------------------------------------------------

  room.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches("[data-command]")) {
      event.preventDefault();
      void give(form);
    } else if (form.matches("[data-done]")) {
      event.preventDefault();
      void pressDone(form);
    }
  });

  room.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const pressed = (/** @type {string} */ selector) => {
      const found = event.target instanceof Element ? event.target.closest(selector) : null;
      return found instanceof HTMLElement ? found : null;
    };
    const tab = pressed("[data-crit-tab]");
    if (tab) {
      event.preventDefault();
      criteria.choose(tab);
      places.draw();
    }
    const show = pressed("[data-show]");
    if (show) showTab(room, show.dataset.show ?? "now");
    const stem = pressed("[data-stem]");
    if (stem) startSentence(stem);
  });

  room.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-kind]")) showStarters(room);
  });
  room.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement) growFields(event.target.form ?? room);
  });

  // 1 to 8 choose the level of the criterion that one is in.
  room.addEventListener("keydown", (event) => {
    const from = event.target instanceof Element ? event.target : null;
    const form = from?.closest("form[data-score]");
    if (!form || from?.matches("textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const radio = form.querySelector(`input[type=radio][value="${CSS.escape(event.key)}"]`);
    if (radio instanceof HTMLInputElement && /^[1-8]$/.test(event.key)) {
      event.preventDefault();
      radio.focus();
      radio.click();
    }
  });

  if (!outbox.lasting) drawLine();
  room.classList.add("is-live");
  arrange();
  void outbox.flush();
}

const room = find("[data-room]", HTMLElement);
if (room) void enter(room);
