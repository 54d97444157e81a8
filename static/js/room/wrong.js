// Something is wrong: the page that is looked at is withdrawn by one press, from every screen. The press goes through
// the outbox, so that it counts once and is not lost without a connection.

import { say, toast } from "./words.js";

/**
 * @typedef {import("../outbox/store.js").Post} Post
 * @typedef {import("../outbox/sender.js").Fate} Fate
 * @typedef {{ duty?: string, address?: string }} Told what the server says of a withdrawal
 * @typedef {Awaited<ReturnType<typeof import("./outbox.js").createOutbox>>} Outbox
 */

/** @param {{ room: HTMLElement, outbox: Outbox }} parts */
export function createWrong({ room, outbox }) {
  const dialog = room.querySelector("[data-wrong]");
  const form = dialog?.querySelector("[data-wrong-form]");
  const told = dialog?.querySelector("[data-wrong-told]");
  const choices = dialog?.querySelector("[data-wrong-pages]");

  /** The pages that are looked at now, else all. */
  function pages() {
    const all = [...room.querySelectorAll(".strip-page")].filter((each) => each instanceof HTMLElement);
    const shown = all.filter((each) => each.hasAttribute("aria-current"));
    return shown.length ? shown : all;
  }

  function open() {
    if (!(form instanceof HTMLElement) || !(told instanceof HTMLElement) || !(choices instanceof HTMLElement)) return;
    const there = pages();
    form.hidden = false;
    told.hidden = true;
    choices.hidden = there.length < 2;
    const options = there.map((each, at) => {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: "page", value: each.dataset.page ?? "", checked: at === 0 });
      radio.dataset.label = each.dataset.label ?? "";
      label.append(radio, ` ${each.dataset.label ?? ""}`);
      return label;
    });
    choices.replaceChildren(...[...choices.children].filter((each) => each.tagName === "LEGEND"), ...options);
    const words = form.querySelector("[data-wrong-page]");
    if (words) words.textContent = there.length === 1 ? `${there[0]?.dataset.label ?? "The page"} is taken away at once.` : "";
  }

  /** @param {SubmitEvent} event */
  async function press(event) {
    event.preventDefault();
    if (!(form instanceof HTMLFormElement) || !(dialog instanceof HTMLDialogElement)) return;
    const chosen = choices?.querySelector("input:checked");
    const reason = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
    const note = form.querySelector("[name=note]");
    if (!(chosen instanceof HTMLInputElement) || !reason || form.dataset.busy) return;
    form.dataset.busy = "yes";
    const label = chosen.dataset.label ?? "The page";
    const fields = { reason, note: note instanceof HTMLInputElement ? note.value : "", says: `${label} is withdrawn.` };
    const url = (dialog.dataset.withdraw ?? "").replace(room.dataset.session ?? "", chosen.value);
    const slot = `withdrawal|${chosen.value}|${reason}`;
    try {
      await outbox.put({ url, kind: "withdrawal", slot, fields, title: label });
      form.reset();
      if (!navigator.onLine) {
        dialog.close();
        toast("There is no connection just now. The page is withdrawn as soon as there is.", "wait");
      }
    } catch {
      toast("This browser could not keep your press. Please press again, or tell the facilitator.", "stop");
    } finally {
      delete form.dataset.busy;
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-wrong-open]")) open();
  });
  form?.addEventListener("submit", (event) => void press(/** @type {SubmitEvent} */ (event)));

  return {
    /** The server has it: what the district asks of who worries stands there at once. @param {Post} post @param {Fate} fate @param {Told} [answer] */
    told(post, fate, answer) {
      if (post.kind !== "withdrawal" || fate !== "saved" || !(dialog instanceof HTMLDialogElement)) return;
      const worries = post.fields.reason === "worry";
      if (!worries && !dialog.open) {
        toast("The page is withdrawn, from every screen. You find it on Home.", "good");
        return;
      }
      const duty = dialog.querySelector("[data-wrong-duty]");
      const link = dialog.querySelector("[data-wrong-address]");
      if (duty) duty.textContent = answer?.duty ?? "It is withdrawn, from every screen. Who brought it and the team’s leads are told.";
      if (link instanceof HTMLAnchorElement) link.href = answer?.address ?? "/";
      if (form instanceof HTMLElement) form.hidden = true;
      if (told instanceof HTMLElement) told.hidden = false;
      if (!dialog.open) dialog.showModal();
      say(duty?.textContent ?? "");
    },
  };
}
