// A file on its way, as a line: its name, how far it is, and what can be done about it.

/** @typedef {{onCancel: () => void, onRetry: () => void}} Doings */

export class Row {
  /** @param {HTMLElement} list @param {string} name @param {Doings} doings */
  constructor(list, name, doings) {
    this.item = document.createElement("li");
    this.item.className = "file-row";
    const called = document.createElement("span");
    called.className = "file-name";
    called.textContent = name;
    this.words = document.createElement("span");
    this.words.className = "file-words muted small";
    this.bar = document.createElement("progress");
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", `Sending ${name}`);
    this.retry = this.button("Try again", `Send ${name} again`, doings.onRetry);
    this.cancel = this.button("Cancel", `Cancel ${name}`, doings.onCancel);
    this.item.append(called, this.words, this.retry, this.cancel, this.bar);
    list.append(this.item);
    this.wait();
  }

  /** @param {string} words @param {string} label @param {() => void} press */
  button(words, label, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = words;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", press);
    return button;
  }

  wait() {
    this.show("file-row", "waiting its turn", { bar: true, cancel: true });
    this.bar.value = 0;
  }

  /** @param {import("./tus.js").State} state @param {number} share of 1 */
  far(state, share) {
    if (state === "waiting") {
      const words = navigator.onLine ? "waiting for the server, goes on by itself" : "waiting for Wi-Fi, goes on by itself";
      this.show("file-row is-waiting", words, { bar: true, cancel: true });
      return;
    }
    this.bar.value = 100 * share;
    const words = state === "checking" ? "sent, being checked" : `${Math.floor(100 * share)} % sent`;
    this.show("file-row", words, { bar: true, cancel: state !== "checking" });
  }

  arrived() {
    this.show("file-row is-done", "arrived, its pages are being made", {});
  }

  /** @param {string} sentence @param {boolean} again */
  refused(sentence, again) {
    this.show("file-row is-refused", sentence, { retry: again, cancel: again });
  }

  cancelled() {
    this.show("file-row is-cancelled", "cancelled, nothing of it was kept", { retry: true });
    this.retry.focus();
  }

  /** @param {string} kind @param {string} words @param {{bar?: boolean, retry?: boolean, cancel?: boolean}} parts */
  show(kind, words, { bar = false, retry = false, cancel = false }) {
    this.item.className = kind;
    this.words.textContent = words;
    this.bar.hidden = !bar;
    this.retry.hidden = !retry;
    this.cancel.hidden = !cancel;
  }
}
