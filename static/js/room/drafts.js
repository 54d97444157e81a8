// What is being typed is kept in the browser while it is typed, and stands in its field again after a reload.

import { isTyped, titleOf } from "./forms.js";

const REST = 200; // ms without a key

/**
 * @param {{ room: HTMLElement, outbox: import("./writing.js").Outbox }} parts
 */
export function createDrafts({ room, outbox }) {
  /** @type {Map<string, number>} */
  const timers = new Map();

  const fields = (/** @type {ParentNode} */ root) => [...root.querySelectorAll("[data-draft]")].filter(isTyped);
  const nameOf = (/** @type {HTMLElement} */ field) => field.dataset.draft ?? "";

  /** @param {string} name */
  function stop(name) {
    window.clearTimeout(timers.get(name));
    return timers.delete(name);
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} field */
  function write(field) {
    const { form } = field;
    const what = { field: nameOf(field), title: form ? titleOf(form) : "", step: form?.dataset.step ?? "" };
    return outbox.keepDraft({ ...what, text: field.value });
  }

  return {
    /** @param {HTMLInputElement | HTMLTextAreaElement} field somebody types in it */
    keep(field) {
      const name = nameOf(field);
      if (!name) return;
      stop(name);
      timers.set(
        name,
        window.setTimeout(() => {
          timers.delete(name);
          void write(field);
        }, REST),
      );
    },

    /** As they are, until they are dropped or typed in again. @param {HTMLFormElement} form */
    pause(form) {
      for (const field of fields(form)) stop(nameOf(field));
    },

    /** The words are safe elsewhere. @param {HTMLFormElement} form */
    drop(form) {
      for (const field of fields(form)) {
        stop(nameOf(field));
        void outbox.keepDraft({ field: nameOf(field), title: "", step: "", text: "" });
      }
    },

    /** Put back what was being typed before a reload, a closed tab or a log-out. @returns {HTMLFormElement[]} where */
    restore() {
      const forms = new Set();
      for (const field of fields(room)) {
        const draft = outbox.draft(nameOf(field));
        if (!draft || field === document.activeElement || field.value === draft.text) continue;
        if (field.form?.hasAttribute("data-hold") && field.value) continue;
        field.value = draft.text;
        field.form?.setAttribute("data-hold", "");
        field.closest("details")?.setAttribute("open", "");
        if (field.form) forms.add(field.form);
      }
      return [...forms];
    },

    /** A tab that is closed or put away keeps what was typed a moment ago. */
    putAway() {
      for (const field of fields(room)) if (stop(nameOf(field))) void write(field);
    },
  };
}
