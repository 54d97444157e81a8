// What the arrow keys of the projector's own computer turn: the pages of the work, or the criteria of a reveal.
// A new step or sample begins at its first page, and at the criterion that the server chose.

/** @type {Record<string, number>} */
const KEYS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

/** @param {HTMLElement} wall */
export function createTurner(wall) {
  let scene = "";
  let chosen = "";

  const screen = () => wall.querySelector('[data-part="screen"]');
  const chips = () => [...wall.querySelectorAll("[data-chip]")].map((chip) => chip.getAttribute("data-chip") ?? "");
  const focus = () => wall.querySelector("[data-focus]")?.getAttribute("data-focus") ?? "";

  function drawCriteria() {
    const now = chips().includes(chosen) ? chosen : focus();
    for (const view of wall.querySelectorAll("[data-crit-view]")) view.toggleAttribute("hidden", view.getAttribute("data-crit-view") !== now);
    for (const chip of wall.querySelectorAll("[data-chip]")) {
      if (chip.getAttribute("data-chip") === now) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
  }

  /** @param {number} by */
  function turnCriterion(by) {
    const all = chips();
    const at = all.indexOf(chips().includes(chosen) ? chosen : focus());
    chosen = all[(at + by + all.length) % all.length] ?? "";
    drawCriteria();
  }

  return {
    /** After each change of the page. */
    arrange() {
      const data = screen()?.getAttributeNames().includes("data-number") ? screen() : null;
      const now = `${data?.getAttribute("data-number")} ${data?.getAttribute("data-sample")} ${data?.getAttribute("data-layout")}`;
      if (now !== scene) {
        scene = now;
        chosen = "";
        wall.querySelector("[data-turn]")?.scrollTo({ top: 0 });
      }
      drawCriteria();
    },

    /** @param {KeyboardEvent} event @returns {boolean} whether something was turned */
    key(event) {
      const by = KEYS[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return false;
      const pages = wall.querySelector("[data-turn]");
      if (pages) pages.scrollTop = Math.round(pages.scrollTop / pages.clientHeight + by) * pages.clientHeight;
      else if (chips().length) turnCriterion(by);
      else return false;
      return true;
    },
  };
}
