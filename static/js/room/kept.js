// Words that are kept here: refused by the server, waiting for the network, or begun in a step that is over.
// They stay in sight until they are filed, copied or let go of by the person themself.

import { toast } from "./words.js";

/**
 * @typedef {import("../outbox/store.js").Post} Post
 * @typedef {import("../outbox/store.js").Draft} Draft
 * @typedef {Awaited<ReturnType<typeof import("./outbox.js").createOutbox>>} Outbox
 */

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** @param {string} words @param {() => void} press */
function button(words, press) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "btn btn-plain btn-sm";
  element.textContent = words;
  element.addEventListener("click", press);
  return element;
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.", "good");
  } catch {
    toast("This browser does not let us copy. Please select the words and copy them yourself.", "wait");
  }
}

/** @param {Post} post */
function wordsOf({ kind, fields }) {
  if (kind === "note") return fields.text ?? "";
  if (kind === "withdrawal") return fields.says ?? "";
  if (kind === "next_step") return [fields.text, fields.students && `For ${fields.students}`].filter(Boolean).join("\n");
  const reasons = [fields.rationale, fields.other_rationale].filter(Boolean).join("\n");
  const level = fields.level ? `Level ${fields.level}` : "Not agreed";
  return reasons ? `${level}: ${reasons}` : level;
}

/**
 * @param {{ room: HTMLElement, outbox: Outbox }} parts
 */
export function createKept({ room, outbox }) {
  const place = room.querySelector("[data-kept]");
  /** Words that could not be sent at once. @type {Set<string>} */
  const slow = new Set();

  /** @param {string} head @param {string} text @param {HTMLElement[]} buttons @param {string} kind */
  function item(head, text, buttons, kind) {
    const li = make("li", `kept-item is-${kind}`);
    const row = make("div", "note-row");
    row.append(...buttons);
    li.append(make("p", "kept-words", head), make("p", "keep-lines", text));
    if (buttons.length) li.append(row);
    return li;
  }

  /** @param {Post} post */
  function refused(post) {
    const error = (post.error ?? "").replace(/[.!?]$/, "");
    return item(
      `This could not be filed: ${error}. Your words are kept here.`,
      wordsOf(post),
      [
        button("Copy", () => void copy(wordsOf(post))),
        button("Try again", () => void outbox.tryAgain(post).then(draw)),
        button("Discard", () => void outbox.discard(post).then(draw)),
      ],
      "refused",
    );
  }

  /** @param {Draft} draft */
  function begun(draft) {
    const letGo = () => outbox.keepDraft({ ...draft, text: "" }).then(draw);
    const buttons = [button("Copy", () => void copy(draft.text)), button("Discard", () => void letGo())];
    return item(`You had begun to write${draft.title ? ` in ‘${draft.title}’` : ""}. Your words are kept here.`, draft.text, buttons, "begun");
  }

  /** A draft whose field is not on this screen. @param {Draft} draft */
  function isAway(draft) {
    if (draft.field === "focus") return room.dataset.status === "finished";
    return ![...room.querySelectorAll("[data-draft]")].some((field) => field.getAttribute("data-draft") === draft.field);
  }

  async function draw() {
    if (!place) return;
    const posts = await outbox.waiting();
    const items = [
      ...posts.filter((post) => post.error).map(refused),
      ...posts
        .filter((post) => !post.error && post.kind !== "score" && slow.has(post.client_id))
        .map((post) => item("Waiting for Wi-Fi. It is kept here and sent by itself.", wordsOf(post), [], "waiting")),
      ...outbox.drafts().filter(isAway).map(begun),
    ];
    let list = place.querySelector("ul");
    if (!list) {
      list = document.createElement("ul");
      list.className = "plain-list kept-list";
      place.append(list);
    }
    const before = list.textContent;
    const after = items.map((each) => each.textContent).join("");
    if (before !== after || list.children.length !== items.length) list.replaceChildren(...items);
    if (place instanceof HTMLElement) place.hidden = items.length === 0 && !place.querySelector("[data-kept-form]");
  }

  return {
    draw,
    /** @param {Post} post @param {boolean} waits */
    slow(post, waits) {
      if (waits) slow.add(post.client_id);
      else slow.delete(post.client_id);
      void draw();
    },
  };
}
