// What a person writes in the room: scores that save themselves, words that are filed (notes, what we agree on, next
// steps) and go through the outbox, and small forms that are sent at once or not at all.

import { createDrafts } from "./drafts.js";
import { control, fieldsOf, isTyped, refill, setMoment, setPlace, titleOf, typedIn } from "./forms.js";
import { createMovedOn } from "./moved_on.js";
import { createScores } from "./scores.js";
import { ask, say, toast } from "./words.js";

/**
 * @typedef {import("../outbox/store.js").Post} Post
 * @typedef {import("../outbox/store.js").Kind} Kind
 * @typedef {import("../outbox/sender.js").Fate} Fate
 * @typedef {import("../outbox/poster.js").Send} Send
 * @typedef {Awaited<ReturnType<typeof import("./outbox.js").createOutbox>>} Outbox
 */

/** Where what was filed appears, and what is said of it. @type {Record<string, { parts: string[], words: string }>} */
const FILED = {
  note: { parts: ["notes"], words: "" },
  consensus: { parts: ["reveal", "decisions"], words: "What you agree on is written down." },
  next_step: { parts: ["decisions"], words: "The next step is written down." },
  withdrawal: { parts: ["work", "now"], words: "The page is withdrawn, from every screen." },
};

/**
 * Of what is agreed on for one criterion the latest counts; notes and next steps count each.
 * @param {string} kind @param {Record<string, string>} fields
 */
const slotOf = (kind, fields) => (kind === "consensus" ? `consensus|${fields.sample}|${fields.criterion}` : "");

/**
 * @param {{ room: HTMLElement, outbox: Outbox, send: Send, changed: () => void, refresh: (names: string[]) => void,
 *   notMe: (who: "login" | "other") => void }} parts `changed`: scores, places or what is kept look different now
 */
export function createWriting({ room, outbox, send, changed, refresh, notMe }) {
  const drafts = createDrafts({ room, outbox });
  const scores = createScores({ room, outbox, drafts, changed });
  const movedOn = createMovedOn({ scores, changed });

  // --- words that are filed: kept first, sent when there is a network ------------------------------------------

  /** Its fields are free at once for the next one. @param {HTMLFormElement} form */
  function clear(form) {
    const text = form.matches("[data-note]") ? control(form, "text") : null;
    if (text) text.value = "";
    else form.reset();
    setPlace(form, null);
    setMoment(form, null);
    form.removeAttribute("data-hold");
    if (!text) form.closest("details")?.removeAttribute("open");
    const next = control(form, "text") ?? room.querySelector("[data-crit-tab][aria-selected=true]");
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  }

  /** @param {HTMLFormElement} form */
  async function file(form) {
    const kind = /** @type {Kind} */ (form.dataset.files);
    const fields = fieldsOf(form);
    if (kind !== "consensus" && !fields.text?.trim()) return;
    const what = { url: form.action, kind, slot: slotOf(kind, fields), fields, title: titleOf(form) };
    drafts.pause(form); // they stay until these words are safely in the outbox
    clear(form);
    changed();
    try {
      await outbox.put(what);
    } catch {
      refill(form, fields);
      form.setAttribute("data-hold", "");
      toast("This browser could not keep the words, so they are still in their field. Please copy them, to be safe.");
      return;
    }
    if (typedIn(form)) return;
    drafts.drop(form);
    form.closest("[data-kept-form]")?.remove();
  }

  // --- forms that are sent at once -----------------------------------------------------------------------------------

  /** @param {HTMLFormElement} form */
  async function post(form) {
    if (form.dataset.busy) return;
    const fields = fieldsOf(form);
    if (form.dataset.confirm && !(await ask(form.dataset.confirm))) return;
    form.dataset.busy = "yes";
    try {
      const answer = await send(form.action, fields);
      if (answer === "login" || answer === "other") notMe(answer);
      else if (answer.ok) posted(form, fields);
      else toast(answer.data.error ?? "That could not be filed. What you typed is still here.");
    } catch {
      toast("There is no connection just now. What you typed is still here; please press again in a moment.", "wait");
    } finally {
      delete form.dataset.busy;
    }
  }

  /** @param {HTMLFormElement} form @param {Record<string, string>} sent */
  function posted(form, sent) {
    const untouched = Object.entries(fieldsOf(form)).every(([name, value]) => sent[name] === value);
    if (untouched) {
      drafts.drop(form);
      form.removeAttribute("data-hold");
    }
    if (form.dataset.saySaved) toast(form.dataset.saySaved, "good");
    if (document.activeElement instanceof HTMLElement && form.contains(document.activeElement)) {
      if (form.dataset.key !== "claim") document.activeElement.blur();
    }
    refresh(room.dataset.layout === "lobby" ? ["people"] : ["reveal", "decisions", "notes"]);
  }

  // --- listening ---------------------------------------------------------------------------------------------------------

  room.addEventListener("input", (event) => {
    const field = event.target;
    if (!(isTyped(field) || field instanceof HTMLSelectElement) || !field.form) return;
    const { form } = field;
    if (isTyped(field)) drafts.keep(field);
    if (form.matches("[data-score]")) scores.touched(form, field.type === "radio" ? "level" : "reason");
    else if (form.matches("[data-files], [data-post]")) {
      form.toggleAttribute("data-hold", typedIn(form) || form.querySelector("input[type=radio]:checked") !== null);
    }
  });

  room.addEventListener("focusout", (event) => {
    const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
    if (form?.matches("[data-score]")) scores.settle(form);
  });

  room.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-score], [data-files], [data-post]")) return;
    event.preventDefault();
    if (form.matches("[data-score]")) void scores.save(form);
    else if (form.matches("[data-files]")) void file(form);
    else void post(form);
  });

  // Ctrl+Enter (or Cmd+Enter) files from the keyboard.
  room.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
    if (form?.matches("[data-files], [data-post]")) form.requestSubmit();
  });

  function putAway() {
    drafts.putAway();
    scores.putAway();
  }
  window.addEventListener("pagehide", putAway);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") putAway();
  });

  return {
    keepForms: movedOn.keepForms,
    showWaiting: scores.showWaiting,
    saveScore: scores.save,
    progress: scores.progress,

    restoreDrafts() {
      for (const form of drafts.restore()) if (form.matches("[data-score]")) scores.touched(form, "level");
    },

    /** @param {Post} one @param {Fate} fate */
    told(one, fate) {
      if (one.kind === "score") scores.told(one, fate);
      else if (fate === "saved") {
        const filed = FILED[one.kind];
        refresh(filed?.parts ?? []);
        if (filed?.words) say(filed.words);
      }
    },
  };
}
