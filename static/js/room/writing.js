// What a person writes in the room: levels and reasons that save themselves, notes, and forms that are sent at once.
// What is typed is kept in the browser while it is typed, and goes through the outbox when it is meant to be saved.

import { uuid } from "./outbox.js";
import { ask, find, toast } from "./words.js";

/**
 * @typedef {import("./store.js").Post} Post
 * @typedef {import("./outbox.js").Fate} Fate
 * @typedef {Awaited<ReturnType<typeof import("./outbox.js").createOutbox>>} Outbox
 * @typedef {ReturnType<typeof import("./outbox.js").createPoster>} Send
 * @typedef {import("./viewer.js").Place} Place
 * @typedef {"saving" | "saved" | "waiting" | "late" | "refused" | "level" | ""} Told
 */

const REST = 800; // ms without a key: a reason is saved
const DRAFT = 200; // ms without a key: what is typed is kept in the browser

/** @type {Record<Told, string>} */
const STATE_WORDS = {
  saving: "saving",
  saved: "saved",
  waiting: "waiting for Wi-Fi",
  late: "kept, too late to count",
  refused: "not filed",
  level: "kept here: choose a level",
  "": "",
};

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function fieldsOf(form) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields[name] = value;
  }
  return fields;
}

/** @param {HTMLFormElement} form @param {string} name */
function control(form, name) {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement ? found : null;
}

/** @param {HTMLFormElement} form */
const typedIn = (form) =>
  [...form.querySelectorAll("textarea, input:not([type=hidden]):not([type=radio])")].some(
    (field) => (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) && field.value.trim() !== "",
  );

/** @param {HTMLFormElement} form @param {Told} state */
function showState(form, state) {
  const place = form.querySelector("[data-state]");
  if (!place) return;
  place.setAttribute("data-state", state);
  place.textContent = STATE_WORDS[state];
}

/** @param {HTMLFormElement} form @param {Place | null} place */
function setPlace(form, place) {
  const values = { page: place?.page ?? "", x: place ? place.x.toFixed(4) : "", y: place ? place.y.toFixed(4) : "" };
  for (const [name, value] of Object.entries(values)) {
    const input = control(form, name);
    if (input) input.value = value;
  }
}

/**
 * @param {{ room: HTMLElement, outbox: Outbox, send: Send, changed: () => void, refresh: (names: string[]) => void,
 *   notMe: (who: "login" | "other") => void }} parts `changed`: scores, places or what is kept look different now
 */
export function createWriting({ room, outbox, send, changed, refresh, notMe }) {
  /** @type {WeakMap<HTMLFormElement, { dirty: boolean, pending: string, timer: number }>} */
  const memory = new WeakMap();
  /** @type {Map<string, number>} */
  const draftTimers = new Map();

  /** @param {HTMLFormElement} form */
  function of(form) {
    let known = memory.get(form);
    if (!known) memory.set(form, (known = { dirty: false, pending: "", timer: 0 }));
    return known;
  }

  /** @param {HTMLFormElement} form */
  const titleOf = (form) => {
    const now = room.querySelector('[data-part="now"]');
    const step = form.dataset.stepTitle ?? now?.getAttribute("data-step-title") ?? "";
    return form.dataset.title && step ? `${form.dataset.title}, ${step}` : form.dataset.title || step;
  };

  const scoreForms = () =>
    [...room.querySelectorAll("form[data-score]")].filter((each) => each instanceof HTMLFormElement);

  /** @param {HTMLFormElement} form */
  const slotOf = (form) => `${form.dataset.step}|${form.dataset.sample}|${form.dataset.criterion}`;

  // --- drafts: what is being typed ------------------------------------------------------------------------------

  /** @param {HTMLInputElement | HTMLTextAreaElement} field @param {number} wait */
  function keepDraft(field, wait) {
    const name = field.dataset.draft;
    if (!name) return;
    const form = field.form;
    const what = { field: name, title: form ? titleOf(form) : "", step: form?.dataset.step ?? "", text: field.value };
    window.clearTimeout(draftTimers.get(name));
    draftTimers.set(
      name,
      window.setTimeout(() => {
        draftTimers.delete(name);
        void outbox.keepDraft({ ...what, text: field.value });
      }, wait),
    );
  }

  /** @param {HTMLFormElement} form */
  function dropDrafts(form) {
    for (const field of form.querySelectorAll("[data-draft]")) {
      const name = field.getAttribute("data-draft") ?? "";
      window.clearTimeout(draftTimers.get(name));
      draftTimers.delete(name);
      void outbox.keepDraft({ field: name, title: "", step: "", text: "" });
    }
  }

  /** Put back what was being typed before a reload, a closed tab or a log-out. */
  function restoreDrafts() {
    for (const field of room.querySelectorAll("[data-draft]")) {
      if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) continue;
      const draft = outbox.draft(field.dataset.draft ?? "");
      if (!draft || field === document.activeElement || field.value === draft.text) continue;
      if (field.form?.hasAttribute("data-hold") && field.value) continue;
      field.value = draft.text;
      field.form?.setAttribute("data-hold", "");
      if (field.form?.matches("[data-score]")) touched(field.form, 0);
    }
  }

  // --- scores ------------------------------------------------------------------------------------------------------

  /** @param {HTMLFormElement} form @param {number} wait ms until it is saved */
  function touched(form, wait) {
    const known = of(form);
    known.dirty = true;
    form.setAttribute("data-hold", "");
    window.clearTimeout(known.timer);
    if (wait) known.timer = window.setTimeout(() => void saveScore(form), wait);
    else void saveScore(form);
  }

  /** @param {HTMLFormElement} form */
  async function saveScore(form) {
    const known = of(form);
    window.clearTimeout(known.timer);
    const fields = fieldsOf(form);
    if (!fields.level) {
      showState(form, typedIn(form) || fields.page ? "level" : "");
      changed();
      return;
    }
    known.dirty = false;
    known.pending = "…";
    showState(form, "saving");
    changed();
    const post = await outbox.put({
      url: form.action,
      kind: "score",
      slot: slotOf(form),
      fields,
      title: titleOf(form),
    });
    known.pending = post.client_id;
    if (!known.dirty) dropDrafts(form);
  }

  /** @param {Post} post @param {Fate} fate */
  function scoreTold(post, fate) {
    const form = scoreForms().find((each) => slotOf(each) === post.slot);
    const known = form && of(form);
    if (!form || !known || known.pending !== post.client_id) return;
    if (fate === "saved" || fate === "late") {
      known.pending = "";
      showState(form, fate);
      if (!known.dirty) release(form);
    } else if (fate === "waiting" || fate === "refused") {
      showState(form, fate);
    }
    changed();
  }

  /** The form shows what the server has again. @param {HTMLFormElement} form */
  function release(form) {
    form.removeAttribute("data-hold");
    for (const field of form.querySelectorAll("textarea")) field.defaultValue = field.value;
    const kept = form.closest("[data-kept-form]");
    if (kept && !kept.contains(document.activeElement)) kept.remove();
  }

  /** Show what still waits from before a reload where it was given. @param {Post} post */
  function showWaiting(post) {
    const form = scoreForms().find((each) => slotOf(each) === post.slot);
    if (!form || of(form).pending || of(form).dirty) return;
    of(form).pending = post.client_id;
    form.setAttribute("data-hold", "");
    for (const radio of form.querySelectorAll("input[type=radio]")) {
      if (radio instanceof HTMLInputElement) radio.checked = radio.value === post.fields.level;
    }
    for (const name of ["rationale", "page", "x", "y"]) {
      const input = control(form, name);
      if (input && !(name === "rationale" && outbox.draft(input.dataset.draft ?? ""))) input.value = post.fields[name] ?? "";
    }
    showState(form, post.error ? "refused" : "waiting");
  }

  // --- notes -------------------------------------------------------------------------------------------------------

  /** @param {HTMLFormElement} form */
  async function addNote(form) {
    const fields = fieldsOf(form);
    const text = control(form, "text");
    if (!fields.text?.trim() || !text) return;
    // The field is free at once for the next note; the draft stays until this one is safely in the outbox.
    text.value = "";
    setPlace(form, null);
    form.removeAttribute("data-hold");
    text.focus();
    changed();
    try {
      await outbox.put({ url: form.action, kind: "note", slot: "", fields, title: titleOf(form) });
    } catch {
      text.value = text.value ? `${fields.text}\n${text.value}` : fields.text;
      form.setAttribute("data-hold", "");
      toast("This browser could not keep the note, so it is still in its field. Please copy it, to be safe.");
      return;
    }
    if (text.value) return;
    dropDrafts(form);
    form.closest("[data-kept-form]")?.remove();
  }

  // --- forms that are sent at once -----------------------------------------------------------------------------------

  /** @param {HTMLFormElement} form */
  async function post(form) {
    if (form.dataset.busy) return;
    const fields = fieldsOf(form);
    if (form.dataset.confirm && !(await ask(form.dataset.confirm))) return;
    if (form.hasAttribute("data-once")) {
      fields.client_id = form.dataset.clientId ??= uuid();
    }
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
    delete form.dataset.clientId;
    const untouched = Object.entries(fieldsOf(form)).every(([name, value]) => sent[name] === value);
    if (untouched) {
      dropDrafts(form);
      form.removeAttribute("data-hold");
      if (form.dataset.key === "next-step") form.reset();
    }
    if (form.dataset.saySaved) toast(form.dataset.saySaved, "good");
    form.closest("[data-kept-form]")?.remove();
    if (document.activeElement instanceof HTMLElement && form.contains(document.activeElement)) {
      if (form.dataset.key !== "claim") document.activeElement.blur();
    }
    refresh(room.dataset.layout === "lobby" ? ["people"] : ["reveal", "decisions", "notes"]);
  }

  // --- when the step moves on while somebody is writing ----------------------------------------------------------------

  /**
   * Forms with words in them, or with the cursor, that the fresh fragment no longer has: they stay on top of the
   * column until what is in them is sent, because it belongs to the step that it was begun in.
   * @param {Element} old
   * @param {Element} fresh
   */
  function keepForms(old, fresh) {
    for (const form of old.querySelectorAll("form[data-score], form[data-note], form[data-once]")) {
      if (!(form instanceof HTMLFormElement)) continue;
      const key = form.dataset.key ?? "";
      if (fresh.querySelector(`[data-key="${key}"]`)) continue;
      if (form.matches("[data-score]") && of(form).dirty) void saveScore(form);
      const field = document.activeElement;
      const writes = field instanceof HTMLTextAreaElement && form.contains(field) && field.value.trim() !== "";
      const unsent = !form.matches("[data-score]") && form.hasAttribute("data-hold") && typedIn(form);
      if (writes || unsent) keepForm(form, old.getAttribute("data-step-title") ?? "");
    }
  }

  /** @param {HTMLFormElement} form @param {string} step */
  function keepForm(form, step) {
    const place = find("[data-kept]", HTMLElement);
    if (!place) return;
    const field = document.activeElement;
    const caret = field instanceof HTMLTextAreaElement && form.contains(field) ? field.selectionStart : null;
    form.dataset.stepTitle = step;
    for (const each of form.querySelectorAll("[id]")) each.id = `kept-${each.id}`;
    for (const each of form.querySelectorAll("label[for]")) each.setAttribute("for", `kept-${each.getAttribute("for")}`);
    for (const each of form.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
      for (const name of ["aria-labelledby", "aria-describedby"]) {
        if (each.hasAttribute(name)) each.setAttribute(name, `kept-${each.getAttribute(name)}`);
      }
    }
    const wrap = document.createElement("div");
    wrap.className = "card kept-form";
    wrap.setAttribute("data-kept-form", "");
    const words = document.createElement("p");
    words.className = "kept-words";
    words.textContent = `The room has moved on. Finish your sentence: it is filed under ‘${step}’.`;
    wrap.append(words, form);
    place.append(wrap);
    place.hidden = false;
    if (caret !== null && field instanceof HTMLTextAreaElement) {
      field.focus({ preventScroll: true });
      field.setSelectionRange(caret, caret);
    }
    form.addEventListener("focusout", () => {
      window.setTimeout(() => {
        if (form.contains(document.activeElement)) return;
        if (form.matches("[data-score]")) wrap.remove();
        else if (!typedIn(form)) wrap.remove();
        changed();
      }, 200);
    });
  }

  // --- listening ---------------------------------------------------------------------------------------------------------

  room.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) return;
    const form = field.form;
    if (!form) return;
    if (!(field instanceof HTMLSelectElement)) keepDraft(field, DRAFT);
    if (form.matches("[data-score]")) touched(form, field.type === "radio" ? 0 : REST);
    else if (form.matches("[data-note], [data-post]")) {
      if (typedIn(form) || form.querySelector("input[type=radio]:checked")) form.setAttribute("data-hold", "");
      else form.removeAttribute("data-hold");
    }
  });

  room.addEventListener("focusout", (event) => {
    const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
    if (form?.matches("[data-score]") && of(form).dirty) void saveScore(form);
  });

  room.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches("[data-score]")) {
      event.preventDefault();
      void saveScore(form);
    } else if (form.matches("[data-note]")) {
      event.preventDefault();
      void addNote(form);
    } else if (form.matches("[data-post]")) {
      event.preventDefault();
      void post(form);
    }
  });

  // Ctrl+Enter (or Cmd+Enter) adds a note from the keyboard.
  room.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
    if (form?.matches("[data-note], [data-post]")) form.requestSubmit();
  });

  /** A tab that is closed or put away keeps what was typed a moment ago. */
  function putAway() {
    for (const field of room.querySelectorAll("[data-draft]")) {
      if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
        if (draftTimers.has(field.dataset.draft ?? "")) {
          const form = field.form;
          window.clearTimeout(draftTimers.get(field.dataset.draft ?? ""));
          draftTimers.delete(field.dataset.draft ?? "");
          const what = { field: field.dataset.draft ?? "", title: form ? titleOf(form) : "", step: form?.dataset.step ?? "" };
          void outbox.keepDraft({ ...what, text: field.value });
        }
      }
    }
    for (const form of scoreForms()) if (of(form).dirty) void saveScore(form);
  }
  window.addEventListener("pagehide", putAway);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") putAway();
  });

  return {
    keepForms,
    restoreDrafts,
    showWaiting,
    saveScore,
    setPlace,

    /** @param {Post} one @param {Fate} fate */
    told(one, fate) {
      if (one.kind === "score") scoreTold(one, fate);
      else if (fate === "saved") refresh(["notes"]);
    },

    /** How far this person's scoring is: `{ scored, of, unsent }`. */
    progress() {
      const forms = scoreForms().filter((form) => !form.closest("[data-kept]"));
      const scored = forms.filter((form) => form.querySelector("input[type=radio]:checked")).length;
      return { scored, of: forms.length, unsent: forms.filter((form) => of(form).pending || of(form).dirty).length };
    },
  };
}
