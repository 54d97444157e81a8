// Outside the room: send what waits, and say in one calm line what became of it.

import { createPoster, personOf } from "./poster.js";
import { createNews, createSender } from "./sender.js";
import { openExisting } from "./store.js";
import { toast } from "../room/words.js";

/** @typedef {import("./store.js").Post} Post */

/** @type {Record<Post["kind"], [string, string]>} */
const NOUNS = {
  score: ["score", "scores"],
  note: ["note", "notes"],
  consensus: ["agreement", "agreements"],
  next_step: ["next step", "next steps"],
  withdrawal: ["withdrawn page", "withdrawn pages"],
};

/**
 * '1 note', '2 scores and 1 next step'.
 * @param {Post[]} posts
 */
function counted(posts) {
  const parts = [];
  for (const [kind, [one, many]] of Object.entries(NOUNS)) {
    const count = posts.filter((post) => post.kind === kind).length;
    if (count) parts.push(`${count} ${count === 1 ? one : many}`);
  }
  const last = parts.pop() ?? "";
  return parts.length ? `${parts.join(", ")} and ${last}` : last;
}

/** @param {Post[]} posts */
const sentWords = (posts) => `${counted(posts)} that you wrote offline ${posts.length === 1 ? "has" : "have"} been sent.`;

/** @param {Post[]} posts of one session */
function refusedLine(posts) {
  const line = document.createElement("p");
  const link = document.createElement("a");
  link.href = new URL("../", posts[0]?.url ?? "/").href;
  link.textContent = "open the room to see what became of it";
  line.append(`${counted(posts)} that you wrote offline could not be sent, and ${posts.length === 1 ? "is" : "are"} kept here: `, link, ".");
  return line;
}

export async function sendFromHere() {
  const person = personOf(document);
  const store = await openExisting();
  if (!store) return;
  const news = createNews(person.user);
  const place = document.querySelector("[data-outbox-line]");
  /** @type {Post[]} */
  const sent = [];

  async function draw() {
    if (!(place instanceof HTMLElement)) return;
    const refused = ((await store?.posts(person.user)) ?? []).filter((post) => post.error);
    const rooms = [...new Set(refused.map((post) => post.session))];
    const lines = rooms.map((room) => refusedLine(refused.filter((post) => post.session === room)));
    if (sent.length) {
      const line = document.createElement("p");
      line.textContent = sentWords(sent);
      lines.unshift(line);
    }
    place.replaceChildren(...lines);
    place.hidden = lines.length === 0;
  }

  const { flush } = createSender({
    ...person,
    store,
    send: createPoster(person),
    told(post, fate) {
      news.tell(post, fate);
      if (fate === "saved" || fate === "late") sent.push(post);
      void draw();
    },
    notMe: () => undefined, // whoever is logged in now learns nothing of it
  });
  await flush();
  await draw();
  if (sent.length && !place) toast(sentWords(sent), "good");
}
