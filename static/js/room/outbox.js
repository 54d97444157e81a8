// Saved means saved: every score and note is first written down in this browser, then sent, and let go only when
// the server has said that it has it. What waits is keyed by person: nobody else on this browser sees or sends it.
//
// Sent once, exactly: a post keeps the `client_id` it was born with, and the server counts the same one once.

import { openStore } from "./store.js";

/**
 * @typedef {import("./store.js").Post} Post
 * @typedef {import("./store.js").Draft} Draft
 * @typedef {"waiting" | "saved" | "late" | "refused" | "gone"} Fate `gone`: replaced by a later one, or discarded
 * @typedef {"login" | "other"} NotMe logged out, or somebody else is logged in
 */

const LONGEST_WAIT = 15_000;

/** A UUID, also where `randomUUID` does not exist (plain HTTP). */
export function uuid() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Post a form's fields as the person that this page belongs to. A page's own token stops working when somebody else
 * logs in, so a post can never arrive under another name; when it is refused for that, the room's page says who is
 * logged in now, and lends a new token if it is still the same person.
 * @param {{ base: string, user: string }} page
 * @param {string} token
 */
export function createPoster({ base, user }, token) {
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
    const answer = await fetch(base, { headers: { Accept: "text/html" }, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401) return "login";
    if (!answer.ok) return "other";
    const room = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-room]");
    if (room?.getAttribute("data-user") !== user) return "other";
    current = room.getAttribute("data-csrf") ?? current;
    return "me";
  }

  /**
   * @param {string} url
   * @param {Record<string, string>} fields
   * @returns {Promise<{ ok: boolean, status: number, data: { error?: string, late?: boolean, version?: number } } | NotMe>}
   * rejects without a network or while the server cannot answer
   */
  return async function send(url, fields) {
    let answer = await post(url, fields);
    const isJson = () => (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (answer.status === 403 && (!isJson() || answer.headers.has("X-Token-Refused"))) {
      const who = await whoAmI();
      if (who !== "me") return who;
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

/**
 * @param {{ user: string, session: string, send: ReturnType<typeof createPoster>,
 *   told: (post: Post, fate: Fate) => void, notMe: (who: NotMe) => void }} room
 */
export async function createOutbox({ user, session, send, told, notMe }) {
  const store = await openStore();
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`esw-outbox-${user}`) : null;
  /** @type {Map<string, Draft>} */
  const drafts = new Map((await store.drafts(user, session)).map((draft) => [draft.field, draft]));
  let flushing = false;
  let again = false;
  let failures = 0;
  let retry = 0;

  channel?.addEventListener("message", ({ data }) => told(data.post, data.fate));

  /** @param {Post} post @param {Fate} fate */
  function tell(post, fate) {
    told(post, fate);
    channel?.postMessage({ post, fate });
  }

  /** @param {Post} post @returns {Promise<boolean>} whether to go on with the next */
  async function deliver(post) {
    const answer = await send(post.url, { ...post.fields, client_id: post.client_id, seq: String(post.seq) });
    if (answer === "login" || answer === "other") {
      tell(post, "waiting");
      notMe(answer);
      return false;
    }
    if (answer.ok) {
      await store.removePost(post.client_id);
      tell(post, answer.data.late ? "late" : "saved");
    } else {
      const gone = answer.status === 404 ? "This session is not there for you any more." : "";
      const error = gone || answer.data.error || `The server could not take it (${answer.status}).`;
      await store.keepError(post.client_id, error);
      tell({ ...post, error }, "refused");
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
        for (const each of await store.posts(user)) if (!each.error) tell(each, "waiting");
        const wait = Math.min(LONGEST_WAIT, 700 * 2 ** failures) * (0.5 + Math.random() / 2);
        window.clearTimeout(retry);
        retry = window.setTimeout(flush, wait);
        return;
      }
    }
  }

  /** Send what waits, in order; a lock keeps two tabs from sending at the same time. */
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

  return {
    lasting: store.lasting,
    flush,

    /** @param {{ url: string, kind: "score" | "note", slot: string, fields: Record<string, string>, title: string }} what */
    async put(what) {
      const post = await store.putPost({ ...what, client_id: uuid(), user, session });
      void flush();
      return post;
    },

    /** What waits and what was refused, the oldest first. */
    waiting: () => store.posts(user),

    /** @param {Post} post */
    async discard(post) {
      await store.removePost(post.client_id);
      tell(post, "gone");
    },

    /** Try a refused one once more, as the same post. @param {Post} post */
    async tryAgain(post) {
      await store.keepError(post.client_id, "");
      void flush();
    },

    /** @param {string} field */
    draft: (field) => drafts.get(field),
    drafts: () => [...drafts.values()],

    /** @param {Omit<Draft, "key" | "user" | "session">} what an empty text lets go of it */
    async keepDraft(what) {
      const key = `${user}|${session}|${what.field}`;
      if (what.text.trim()) {
        const draft = { ...what, key, user, session };
        drafts.set(what.field, draft);
        await store.putDraft(draft);
      } else if (drafts.delete(what.field)) {
        await store.removeDraft(key);
      }
    },
  };
}
