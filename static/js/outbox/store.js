// Where words wait: IndexedDB, or memory alone where the browser keeps nothing (some private windows).

/**
 * @typedef {"score" | "note" | "consensus" | "next_step" | "withdrawal"} Kind
 * @typedef {{ client_id: string, user: string, session: string, seq: number, url: string, kind: Kind,
 *   slot: string, fields: Record<string, string>, title: string, error?: string }} Post
 * `slot`: of several unsent posts with the same one only the latest counts; '' for posts that all count.
 * @typedef {{ key: string, user: string, session: string, field: string, title: string, step: string,
 *   text: string }} Draft
 * @typedef {{ lasting: boolean, putPost: (post: Omit<Post, "seq">) => Promise<Post>,
 *   keepError: (id: string, error: string) => Promise<void>, removePost: (id: string) => Promise<void>,
 *   posts: (user: string) => Promise<Post[]>, putDraft: (draft: Draft) => Promise<void>,
 *   removeDraft: (key: string) => Promise<void>, drafts: (user: string, session: string) => Promise<Draft[]> }} Store
 */

const NAME = "esw-outbox";

/**
 * The next number of a person's posts: grows even when the device's clock was set back.
 * @param {number | undefined} last
 */
const nextSeq = (last) => Math.max((last ?? 0) + 1, Date.now());

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} when it is on the disk */
function written(transaction) {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("error", () => reject(transaction.error));
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
}

/**
 * @param {boolean} make what is not there yet; else the opening fails, and nothing is left behind
 * @returns {Promise<IDBDatabase>}
 */
function open(make) {
  return new Promise((resolve, reject) => {
    const request = window.indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () => {
      if (!make) {
        request.transaction?.abort();
        return;
      }
      const posts = request.result.createObjectStore("posts", { keyPath: "client_id" });
      posts.createIndex("user", "user");
      const drafts = request.result.createObjectStore("drafts", { keyPath: "key" });
      drafts.createIndex("user", "user");
      request.result.createObjectStore("last", { keyPath: "user" });
    });
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
    request.addEventListener("blocked", () => reject(new Error("blocked")));
  });
}

/** @param {IDBDatabase} database @returns {Store} */
function lastingStore(database) {
  const write = (/** @type {string[]} */ names) =>
    database.transaction(names, "readwrite", { durability: "strict" });
  return {
    lasting: true,

    async putPost(post) {
      const transaction = write(["posts", "last"]);
      const done = written(transaction);
      const posts = transaction.objectStore("posts");
      const last = transaction.objectStore("last");
      const before = await answer(last.get(post.user));
      const seq = nextSeq(before?.seq);
      last.put({ user: post.user, seq });
      if (post.slot) {
        for (const old of await answer(posts.index("user").getAll(post.user))) {
          if (old.slot === post.slot && old.session === post.session) posts.delete(old.client_id);
        }
      }
      posts.put({ ...post, seq });
      await done;
      return { ...post, seq };
    },

    async keepError(id, error) {
      const transaction = write(["posts"]);
      const done = written(transaction);
      const posts = transaction.objectStore("posts");
      const post = await answer(posts.get(id));
      if (post) posts.put({ ...post, error });
      await done;
    },

    async removePost(id) {
      const transaction = write(["posts"]);
      transaction.objectStore("posts").delete(id);
      await written(transaction);
    },

    async posts(user) {
      const found = await answer(database.transaction("posts").objectStore("posts").index("user").getAll(user));
      return found.sort((/** @type {Post} */ a, /** @type {Post} */ b) => a.seq - b.seq);
    },

    async putDraft(draft) {
      const transaction = write(["drafts"]);
      transaction.objectStore("drafts").put(draft);
      await written(transaction);
    },

    async removeDraft(key) {
      const transaction = write(["drafts"]);
      transaction.objectStore("drafts").delete(key);
      await written(transaction);
    },

    async drafts(user, session) {
      const found = await answer(database.transaction("drafts").objectStore("drafts").index("user").getAll(user));
      return found.filter((/** @type {Draft} */ draft) => draft.session === session);
    },
  };
}

/** @returns {Store} */
function memoryStore() {
  /** @type {Map<string, Post>} */
  const posts = new Map();
  /** @type {Map<string, Draft>} */
  const drafts = new Map();
  let last = 0;
  return {
    lasting: false,
    async putPost(post) {
      last = nextSeq(last);
      for (const [id, old] of posts) {
        if (post.slot && old.slot === post.slot && old.session === post.session) posts.delete(id);
      }
      posts.set(post.client_id, { ...post, seq: last });
      return { ...post, seq: last };
    },
    async keepError(id, error) {
      const post = posts.get(id);
      if (post) posts.set(id, { ...post, error });
    },
    async removePost(id) {
      posts.delete(id);
    },
    async posts(user) {
      return [...posts.values()].filter((post) => post.user === user).sort((a, b) => a.seq - b.seq);
    },
    async putDraft(draft) {
      drafts.set(draft.key, draft);
    },
    async removeDraft(key) {
      drafts.delete(key);
    },
    async drafts(user, session) {
      return [...drafts.values()].filter((draft) => draft.user === user && draft.session === session);
    },
  };
}

/** @returns {Promise<Store>} */
export async function openStore() {
  try {
    return lastingStore(await open(true));
  } catch {
    return memoryStore();
  }
}

/** What is kept here already; null when nobody has written anything on this browser. @returns {Promise<Store | null>} */
export async function openExisting() {
  try {
    return lastingStore(await open(false));
  } catch {
    return null;
  }
}
