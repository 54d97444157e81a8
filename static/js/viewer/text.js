// What stands on the pages that are shown, in words, for who cannot see them: fetched when it is asked for.

/**
 * @typedef {import("./viewer.js").Page} Page
 */

/** @param {string} name @param {string} [words] */
function make(name, words = "") {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}

/** @param {Page} page */
async function wordsOf(page) {
  const answer = await fetch(page.text, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return /** @type {string} */ ((await answer.json()).text);
}

/** @param {HTMLElement} root */
export function createText(root) {
  const panel = () => root.querySelector("[data-look-text]");

  /** @param {Page} page */
  function section(page) {
    const part = make("section");
    part.append(make("h3", page.label));
    const words = make("p");
    words.className = "keep-lines";
    words.setAttribute("dir", "auto");
    part.append(words);
    if (page.write) {
      const link = make("a", page.text ? "Change this text" : "Write it down");
      link.setAttribute("href", page.write);
      if (root.matches("[data-room]")) {
        link.setAttribute("target", "_blank"); // nobody leaves the room by it
        link.append(" (opens beside the room)");
      }
      part.append(link);
    }
    if (!page.text) {
      words.textContent = "Nobody has written down yet what stands on this page.";
      words.classList.add("muted");
      return part;
    }
    words.textContent = "One moment …";
    wordsOf(page).then(
      (text) => (words.textContent = text),
      () => (words.textContent = "This text could not be fetched just now. Close this and try again."),
    );
    return part;
  }

  /** @param {Page[]} pages */
  function draw(pages) {
    const place = panel()?.querySelector("[data-look-words]");
    const now = pages.map((page) => `${page.id} ${page.text}`).join();
    if (!place || place.getAttribute("data-of") === now) return;
    place.setAttribute("data-of", now);
    place.replaceChildren(...pages.map(section));
    place.scrollTo({ top: 0 });
  }

  return {
    get isOpen() {
      const found = panel();
      return found instanceof HTMLElement && !found.hidden;
    },
    /** @param {Page[]} pages */
    toggle(pages) {
      const found = panel();
      if (!(found instanceof HTMLElement)) return;
      found.hidden = !found.hidden;
      if (found.hidden) return;
      draw(pages);
      found.focus({ preventScroll: true });
    },
    /** Other pages are shown now. @param {Page[]} pages */
    follow(pages) {
      if (this.isOpen) draw(pages);
    },
  };
}
