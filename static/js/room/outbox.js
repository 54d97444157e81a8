// Saved means saved: what is written in the room is first written down in this browser, then sent, and let go only
// when the server has said that it has it. What waits is keyed by person: nobody else on this browser sees or sends it.

import { createNews, createSender } from "../outbox/sender.js";
import { openStore } from "../outbox/store.js";

/**
 * @typedef {import("../outbox/store.js").Post} Post
 * @typedef {import("../outbox/store.js").Draft} Draft
 * @typedef {import("../outbox/sender.js").Fate} Fate
 */

/** A UUID, also where `randomUUID` does not exist (plain HTTP). */
function uuid() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * @param {{ user: string, session: string, send: import("../outbox/poster.js").Send,
 *   told: import("../outbox/sender.js").Tell, notMe: (who: import("../outbox/poster.js").NotMe) => void }} room
 */
export async function createOutbox({ user, session, send, told, notMe }) {
  const store = await openStore();
  const news = createNews(user);
  /** @type {Map<string, Draft>} */
  const drafts = new Map((await store.drafts(user, session)).map((draft) => [draft.field, draft]));
  const { flush } = createSender({ user, store, send, told: tell, notMe });
  news.listen(told);

  /** @type {import("../outbox/sender.js").Tell} */
  function tell(post, fate, answer) {
    told(post, fate, answer);
    news.tell(post, fate);
  }

  return {
    lasting: store.lasting,
    flush,

    /** @param {Pick<Post, "url" | "kind" | "slot" | "fields" | "title">} what */
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
