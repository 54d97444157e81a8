// Charts. Each `<figure data-chart="id">` names the `<script type="application/json">` with its specification, which is
// drawn into its `[data-chart-place]`; the colours are the page's own design tokens, so that a change of theme or
// printing needs no new drawing. What draws is large and is fetched when the page has had its turn; without it the
// table beside each chart stands alone.

/**
 * @typedef {{text?: string | string[], limit?: number}} Title
 * @typedef {{title?: Title, width: number}} View
 * @typedef {{concat: View[], columns: number, usermeta: {beside: number, between: number}}} Spec
 * @typedef {{view: any, finalize: () => void}} Drawn
 * @typedef {(place: HTMLElement, spec: object, options: object) => Promise<Drawn>} Embed
 */

const TWO_COLUMNS = 760; // pixels from which small charts stand side by side
const PICTURE = 1000; // the width of a picture that is saved
const SETTLE = 150; // milliseconds without a change of width before a chart is drawn anew

const region = document.querySelector("[data-charts]");
if (region instanceof HTMLElement) whenIdle(() => void show(region));

/** @param {() => void} task */
function whenIdle(task) {
  if ("requestIdleCallback" in window) window.requestIdleCallback(task, { timeout: 1000 });
  else setTimeout(task, 50);
}

/**
 * @param {string} id
 * @returns {any}
 */
function dataOf(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** @param {HTMLElement} region where the charts are; `data-engine` is the address of what draws them */
async function show(region) {
  const figures = [...document.querySelectorAll("figure[data-chart]")].filter((found) => found instanceof HTMLElement);
  try {
    const { embed, expressionInterpreter } = await import(region.dataset.engine ?? "");
    const themes = dataOf("chart-themes");
    /** @type {(place: HTMLElement, spec: Spec, theme: "page" | "paper") => Promise<Drawn>} */
    const draw = (place, spec, theme) =>
      embed(place, structuredClone(spec), {
        actions: false,
        ast: true,
        config: themes[theme],
        defaultStyle: false,
        expr: expressionInterpreter,
        hover: false,
        mode: "vega-lite",
        renderer: "svg",
        tooltip: false,
      });
    await Promise.all(figures.map((figure) => live(figure, draw)));
  } catch (problem) {
    for (const figure of figures) failed(figure);
    console.error("The charts could not be drawn.", problem);
  }
}

/**
 * Draw one chart, and again whenever its width changes; then its pictures can be saved.
 * @param {HTMLElement} figure
 * @param {(place: HTMLElement, spec: Spec, theme: "page" | "paper") => Promise<Drawn>} draw
 */
async function live(figure, draw) {
  const place = figure.querySelector("[data-chart-place]");
  if (!(place instanceof HTMLElement)) return;
  /** @type {Spec} */
  const spec = dataOf(figure.dataset.chart ?? "");
  let width = 0;
  let timer = 0;
  /** @type {Drawn | undefined} */
  let drawn;

  const again = async () => {
    const now = Math.floor(place.clientWidth);
    if (now < 1 || now === width) return;
    width = now;
    const fresh = document.createElement("div"); // drawn aside, so that there is no moment without a chart
    const next = await draw(fresh, fitted(spec, now), "page");
    if (now !== width) return next.finalize(); // another width came in between
    fresh.querySelector("svg")?.setAttribute("aria-hidden", "true"); // the place says in words what it shows
    place.replaceChildren(fresh);
    drawn?.finalize();
    drawn = next;
    figure.dataset.drawn = "";
  };
  await again();
  new ResizeObserver(() => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void again(), SETTLE);
  }).observe(place);

  for (const button of figure.querySelectorAll("button[data-save]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => void save(button, spec, draw));
  }
}

/**
 * The specification as wide as the page has room for (`insights/charts.py: fitted` does the same for paper).
 * @param {Spec} spec
 * @param {number} width
 * @returns {Spec}
 */
function fitted(spec, width) {
  const { beside, between } = spec.usermeta;
  const columns = Math.min(width < TWO_COLUMNS ? 1 : 2, spec.concat.length);
  const each = Math.max(80, Math.floor((width - between * (columns - 1)) / columns) - beside);
  const concat = spec.concat.map((view) => {
    const title = view.title && { ...view.title, limit: each + beside / 2 };
    return { ...view, width: each, ...(title && { title }) };
  });
  return { ...spec, columns, concat };
}

/**
 * Save the chart as it looks on paper: light, and as wide as a page.
 * @param {HTMLButtonElement} button
 * @param {Spec} spec
 * @param {(place: HTMLElement, spec: Spec, theme: "page" | "paper") => Promise<Drawn>} draw
 */
async function save(button, spec, draw) {
  const kind = button.dataset.save === "png" ? "png" : "svg";
  const drawn = await draw(document.createElement("div"), fitted(spec, PICTURE), "paper");
  try {
    const link = document.createElement("a");
    link.href = await drawn.view.toImageURL(kind, kind === "png" ? 2 : 1);
    link.download = `${button.dataset.name ?? "chart"}.${kind}`;
    link.click();
    if (link.href.startsWith("blob:")) window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } finally {
    drawn.finalize();
  }
}

/** @param {HTMLElement} figure */
function failed(figure) {
  const note = figure.querySelector("[data-chart-failed]");
  if (note instanceof HTMLElement) note.hidden = false;
  figure.dataset.drawn = "";
}
