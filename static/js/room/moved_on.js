// When the step moves on while somebody is writing: forms with words in them that the fresh fragment no longer has stay
// on top of the column until what is in them is sent, because it belongs to the step that it was begun in.

import { typedIn } from "./forms.js";
import { find } from "./words.js";

/** Copies of the same ids may follow in the next step. @param {HTMLFormElement} form */
function renameIds(form) {
  for (const each of form.querySelectorAll("[id]")) each.id = `kept-${each.id}`;
  for (const name of ["for", "aria-labelledby", "aria-describedby"]) {
    for (const each of form.querySelectorAll(`[${name}]`)) each.setAttribute(name, `kept-${each.getAttribute(name)}`);
  }
}

/**
 * @param {{ scores: ReturnType<typeof import("./scores.js").createScores>, changed: () => void }} parts
 */
export function createMovedOn({ scores, changed }) {
  /** @param {HTMLFormElement} form */
  function mustStay(form) {
    const field = document.activeElement;
    const writes = field instanceof HTMLTextAreaElement && form.contains(field) && field.value.trim() !== "";
    if (form.matches("[data-score]")) return writes && scores.isUnfinished(form);
    return writes || (form.hasAttribute("data-hold") && typedIn(form));
  }

  /** @param {HTMLFormElement} form @param {string} step */
  function keep(form, step) {
    const place = find("[data-kept]", HTMLElement);
    if (!place) return;
    const field = document.activeElement;
    const caret = field instanceof HTMLTextAreaElement && form.contains(field) ? field.selectionStart : null;
    if (step) form.dataset.stepTitle = step;
    renameIds(form);
    const wrap = document.createElement("div");
    wrap.className = "card kept-form";
    wrap.setAttribute("data-kept-form", "");
    const words = document.createElement("p");
    words.className = "kept-words";
    const where = step ? `your sentence: it is filed under ‘${step}’` : `what you began: ‘${form.dataset.title}’`;
    words.textContent = `The room has moved on. Finish ${where}.`;
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
        if (form.matches("[data-score]") || !typedIn(form)) wrap.remove();
        changed();
      }, 200);
    });
  }

  return {
    /** @param {Element} old a part of the page @param {Element} fresh what it will look like */
    keepForms(old, fresh) {
      const step = old.getAttribute("data-step-title") ?? "";
      for (const form of old.querySelectorAll("form[data-score], form[data-files]")) {
        if (!(form instanceof HTMLFormElement)) continue;
        if (fresh.querySelector(`[data-key="${form.dataset.key ?? ""}"]`)) continue;
        const stays = mustStay(form);
        if (form.matches("[data-score]")) scores.settle(form);
        if (stays) keep(form, form.dataset.stepTitle ?? step);
      }
    },
  };
}
