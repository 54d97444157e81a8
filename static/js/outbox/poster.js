// Posting as the person that a page belongs to, and as nobody else.

/**
 * @typedef {"login" | "other"} NotMe logged out, or somebody else is logged in
 * @typedef {{ ok: boolean, status: number, data: { error?: string, late?: boolean, version?: number, duty?: string, address?: string } }} Answer
 * @typedef {(url: string, fields: Record<string, string>) => Promise<Answer | NotMe>} Send
 *   rejects without a network or while the server cannot answer
 */

/**
 * Whose page it is, and the token that the server wants back with every post; both stand on its body.
 * @param {Document} page
 */
export function personOf(page) {
  const { user = "", who = "" } = page.body.dataset;
  const headers = JSON.parse(page.body.getAttribute("hx-headers") ?? "{}");
  return { user, who, token: String(headers["X-CSRFToken"] ?? "") };
}

/**
 * A page's own token stops working when somebody else logs in, so a post can never arrive under another name; when it
 * is refused for that, a fresh page says who is logged in now, and lends a new token if it is still the same person.
 * @param {{ user: string, who: string, token: string }} person `who`: the address of that page
 * @returns {Send}
 */
export function createPoster({ user, who, token }) {
  let current = token;

  /** @param {string} url @param {Record<string, string>} fields */
  function post(url, fields) {
    return fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": current },
      body: new URLSearchParams(fields),
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(15_000),
    });
  }

  /** @returns {Promise<NotMe | "me">} */
  async function whoAmI() {
    const answer = await fetch(who, { headers: { Accept: "text/html" }, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401) return "login";
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const now = personOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (now.user !== user) return "other";
    current = now.token;
    return "me";
  }

  return async function send(url, fields) {
    let answer = await post(url, fields);
    const isJson = () => (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (answer.status === 403 && (!isJson() || answer.headers.has("X-Token-Refused"))) {
      const now = await whoAmI();
      if (now !== "me") return now;
      answer = await post(url, fields);
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) return "login";
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      throw new Error(`the server answered ${answer.status}`);
    }
    const data = isJson() ? await answer.json() : {};
    return { ok: answer.ok && isJson(), status: answer.status, data };
  };
}
