// Levels and reasons that save themselves.

import { control, fieldsOf, setPlace, showState, titleOf, typedIn } from "./forms.js";

/**
 * @typedef {import("../outbox/store.js").Post} Post
 * @typedef {import("../outbox/sender.js").Fate} Fate
 */

const REST = 800; // ms without a key: a reason is saved
const LATELY = 5000; // ms without a key: a sentence may still be going on

/** @param {HTMLFormElement} form */
const slotOf = (form) => `${form.dataset.step}|${form.dataset.sample}|${form.dataset.criterion}`;

/**
 * @param {{ room: HTMLElement, outbox: import("./writing.js").Outbox, changed: () => void,
 *   drafts: ReturnType<typeof import("./drafts.js").createDrafts> }} parts `changed`: a score looks different now
 */
export function createScores({ room, outbox, drafts, changed }) {
  /** @type {WeakMap<HTMLFormElement, { dirty: boolean, pending: string, timer: number, typed: number }>} */
  const memory = new WeakMap();

  /** @param {HTMLFormElement} form */
  function of(form) {
    let known = memory.get(form);
    if (!known) memory.set(form, (known = { dirty: false, pending: "", timer: 0, typed: -LATELY }));
    return known;
  }

  const forms = () => [...room.querySelectorAll("form[data-score]")].filter((each) => each instanceof HTMLFormElement);

  /** @param {HTMLFormElement} form */
  async function save(form) {
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
    if (!known.dirty) drafts.drop(form);
  }

  /** The form shows what the server has again. @param {HTMLFormElement} form */
  function release(form) {
    form.removeAttribute("data-hold");
    for (const field of form.querySelectorAll("textarea")) field.defaultValue = field.value;
    const kept = form.closest("[data-kept-form]");
    if (kept && !kept.contains(document.activeElement)) kept.remove();
  }

  return {
    save,

    /** @param {HTMLFormElement} form @param {"level" | "reason"} what */
    touched(form, what) {
      const known = of(form);
      known.dirty = true;
      form.setAttribute("data-hold", "");
      window.clearTimeout(known.timer);
      if (what === "level") void save(form);
      else {
        known.typed = performance.now();
        known.timer = window.setTimeout(() => void save(form), REST);
      }
    },

    /** Save what was changed and has not been sent yet. @param {HTMLFormElement} form */
    settle(form) {
      if (of(form).dirty) void save(form);
    },

    /** Whether a sentence in it may not have come to its end. @param {HTMLFormElement} form */
    isUnfinished(form) {
      return of(form).dirty || performance.now() - of(form).typed < LATELY;
    },

    /** @param {Post} post @param {Fate} fate */
    told(post, fate) {
      const form = forms().find((each) => slotOf(each) === post.slot);
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
    },

    /** Show what still waits from before a reload where it was given. @param {Post} post */
    showWaiting(post) {
      const form = forms().find((each) => slotOf(each) === post.slot);
      if (!form || of(form).pending || of(form).dirty) return;
      of(form).pending = post.client_id;
      form.setAttribute("data-hold", "");
      for (const radio of form.querySelectorAll("input[type=radio]")) {
        if (radio instanceof HTMLInputElement) radio.checked = radio.value === post.fields.level;
      }
      const { page = "", x, y } = post.fields;
      setPlace(form, page ? { page, x: Number(x), y: Number(y) } : null);
      const reason = control(form, "rationale");
      if (reason && !outbox.draft(reason.dataset.draft ?? "")) reason.value = post.fields.rationale ?? "";
      showState(form, post.error ? "refused" : "waiting");
    },

    /** How far this person's scoring is: `{ scored, of, unsent }`. */
    progress() {
      const open = forms().filter((form) => !form.closest("[data-kept]"));
      const scored = open.filter((form) => form.querySelector("input[type=radio]:checked")).length;
      return { scored, of: open.length, unsent: open.filter((form) => of(form).pending || of(form).dirty).length };
    },

    /** The tab is put away. */
    putAway() {
      for (const form of forms()) this.settle(form);
    },
  };
}
