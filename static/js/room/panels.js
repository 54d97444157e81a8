// Fragments of the room, fetched through ordinary authorised views and laid over what is there.
//
// Everything in a fragment that carries `data-part` replaces the part of that name. Requests are gathered for a
// moment and spread a little, so that a large room does not ask all at once.

import { morph } from "./morph.js";

/** @typedef {import("./stream.js").Lost} Lost */

const GATHER = 250;
const ALL_FROM = 3; // so many panels at once are asked for in one request

/**
 * @param {{ base: string, me: string, crowd: () => number, beforeSwap: (old: Element, fresh: Element) => void,
 *   swapped: (seen: { version: number, activity: number }) => void, lost: (why: Lost) => void,
 *   someoneElse: () => void }} room
 */
export function createPanels({ base, me, crowd, beforeSwap, swapped, lost, someoneElse }) {
  /** @type {Set<string>} */
  const wanted = new Set();
  let timer = 0;
  let busy = false;
  let failures = 0;
  let allInOne = true;

  /** @param {number} wait */
  function schedule(wait) {
    if (timer || busy) return;
    timer = window.setTimeout(run, wait);
  }

  /** @param {string} name @returns {Promise<boolean>} whether to go on */
  async function load(name) {
    const answer = await fetch(`${base}panel/${name}/`, {
      headers: { Accept: "text/html" },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) return stop("login");
    if (answer.status === 404 && name === "all") {
      allInOne = false;
      for (const each of ["rail", "now", "work", "people", "notes", "reveal", "decisions"]) wanted.add(each);
      return true;
    }
    if (answer.status === 404 || answer.status === 403) return stop("gone");
    if (!answer.ok) throw new Error(`panel answered ${answer.status}`);
    lay(await answer.text());
    const seen = (/** @type {string} */ header) => Number(answer.headers.get(header) ?? 0);
    swapped({ version: seen("X-Version"), activity: seen("X-Activity") });
    return true;
  }

  /** @param {Lost} why */
  function stop(why) {
    wanted.clear();
    lost(why);
    return false;
  }

  /** @param {string} html */
  function lay(html) {
    const fragment = new DOMParser().parseFromString(html, "text/html");
    for (const fresh of fragment.querySelectorAll("[data-part]")) {
      if (fresh.getAttribute("data-me") !== me) return someoneElse();
      const old = document.querySelector(`[data-part="${fresh.getAttribute("data-part")}"]`);
      if (!old) continue;
      beforeSwap(old, fresh);
      morph(old, fresh);
    }
  }

  async function run() {
    timer = 0;
    busy = true;
    const names = [...wanted];
    wanted.clear();
    const asked = names.length >= ALL_FROM && allInOne ? ["all"] : names;
    try {
      for (const name of asked) if (!(await load(name))) break;
      failures = 0;
    } catch {
      failures += 1;
      for (const name of names) wanted.add(name);
    } finally {
      busy = false;
    }
    if (wanted.size) schedule(failures ? Math.min(8000, 500 * 2 ** failures) : GATHER);
  }

  return {
    /** @param {Iterable<string>} names */
    refresh(names) {
      for (const name of names) wanted.add(name);
      if (wanted.size) schedule(GATHER + Math.random() * Math.min(1200, 40 + 5 * crowd()));
    },
    /** Without waiting: the person has just done something and looks for it. @param {Iterable<string>} names */
    now(names) {
      for (const name of names) wanted.add(name);
      window.clearTimeout(timer);
      timer = 0;
      schedule(0);
    },
  };
}
