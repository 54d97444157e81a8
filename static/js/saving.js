// Saying 'saved' only when it is: the newest version is sent, one at a time, and sent again until it has arrived.

/** The token that Django wants back with every post; it stands on the body for htmx already. */
export function csrfToken() {
  const headers = document.body.getAttribute("hx-headers");
  try {
    return String(JSON.parse(headers ?? "{}")["X-CSRFToken"] ?? "");
  } catch {
    return "";
  }
}

/**
 * Post JSON and read JSON; throws an Error whose message is a sentence for the person.
 * `final` on the error says that trying again would not help.
 * @param {string} url @param {unknown} body
 */
export async function postJson(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) return said;
  const isFinal = answer.ok || (answer.status >= 400 && answer.status < 500);
  const words = said?.error ?? (isFinal ? "The server could not take it. Reload the page and try once more." : "No answer yet.");
  throw Object.assign(new Error(words), { final: isFinal });
}

export class Saver {
  /**
   * @param {string} url
   * @param {(state: "saved" | "saving" | "waiting" | "refused", words: string) => void} say
   */
  constructor(url, say) {
    this.url = url;
    this.say = say;
    /** @type {unknown} */
    this.newest = null;
    this.isDirty = false;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.timer = 0;
    this.failures = 0;
  }

  /** @param {unknown} body */
  put(body) {
    this.newest = body;
    this.isDirty = true;
    this.failures = 0;
    this.say("saving", "saving …");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), 300);
  }

  /** Send what is new now; resolves when everything is saved or cannot be just now. */
  async flush() {
    window.clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.isDirty) return;
    this.running = this._send().finally(() => {
      this.running = null;
    });
    await this.running;
  }

  async _send() {
    const body = this.newest;
    this.isDirty = false;
    try {
      await postJson(this.url, body);
      if (!this.isDirty) this.say("saved", "saved");
    } catch (problem) {
      this.isDirty = true;
      const isFinal = problem instanceof Error && "final" in problem && problem.final === true;
      if (isFinal) {
        this.say("refused", `not saved: ${/** @type {Error} */ (problem).message}`);
        return;
      }
      this.failures += 1;
      this.say("waiting", "not saved yet: waiting for the connection");
      this.timer = window.setTimeout(() => void this.flush(), Math.min(1000 * 2 ** this.failures, 15000));
    }
  }
}
