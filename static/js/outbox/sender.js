// Sends what waits in this browser for one person, in order, from whichever page is open. A lock keeps two tabs from
// sending at the same time; each post keeps the `client_id` it was born with, and the server counts the same one once.

/**
 * @typedef {import("./store.js").Post} Post
 * @typedef {import("./store.js").Store} Store
 * @typedef {(post: Post, fate: Fate, answer?: import("./poster.js").Answer["data"]) => void} Tell
 * @typedef {"waiting" | "saved" | "late" | "refused" | "gone"} Fate `gone`: replaced by a later one, or discarded
 */

const LONGEST_WAIT = 5_000;

/** What one tab tells the others of this person's posts. @param {string} user */
export function createNews(user) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`esw-outbox-${user}`) : null;
  return {
    /** @param {Post} post @param {Fate} fate */
    tell: (post, fate) => channel?.postMessage({ post, fate }),
    /** @param {(post: Post, fate: Fate) => void} told */
    listen: (told) => channel?.addEventListener("message", ({ data }) => told(data.post, data.fate)),
  };
}

/**
 * @param {{ user: string, store: Store, send: import("./poster.js").Send, told: Tell,
 *   notMe: (who: import("./poster.js").NotMe) => void }} parts
 */
export function createSender({ user, store, send, told, notMe }) {
  let flushing = false;
  let again = false;
  let failures = 0;
  let retry = 0;

  /** @param {Post} post @returns {Promise<boolean>} whether to go on with the next */
  async function deliver(post) {
    const answer = await send(post.url, { ...post.fields, client_id: post.client_id, seq: String(post.seq) });
    if (answer === "login" || answer === "other") {
      told(post, "waiting");
      notMe(answer);
      return false;
    }
    if (answer.ok) {
      await store.removePost(post.client_id);
      told(post, answer.data.late ? "late" : "saved", answer.data);
    } else {
      const gone = answer.status === 404 ? "This session is not there for you any more." : "";
      const error = gone || answer.data.error || `The server could not take it (${answer.status}).`;
      await store.keepError(post.client_id, error);
      told({ ...post, error }, "refused");
    }
    return true;
  }

  async function sendAll() {
    for (;;) {
      const post = (await store.posts(user)).find((each) => !each.error);
      if (!post) return;
      try {
        if (!(await deliver(post))) return;
        failures = 0;
      } catch {
        failures += 1;
        for (const each of await store.posts(user)) if (!each.error) told(each, "waiting");
        const wait = Math.min(LONGEST_WAIT, 700 * 2 ** failures) * (0.5 + Math.random() / 2);
        window.clearTimeout(retry);
        retry = window.setTimeout(flush, wait);
        return;
      }
    }
  }

  async function flush() {
    if (flushing) {
      again = true;
      return;
    }
    flushing = true;
    try {
      if (navigator.locks) await navigator.locks.request(`esw-outbox-${user}`, sendAll);
      else await sendAll();
    } finally {
      flushing = false;
      if (again) {
        again = false;
        void flush();
      }
    }
  }

  window.addEventListener("online", () => void flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void flush();
  });
  return { flush };
}
