// OpenSeadragon, and the pages that it shows: each is fetched and decoded ahead, so that turning to it waits for nothing.

/**
 * @typedef {import("openseadragon").TileSource} Source
 * @typedef {ReturnType<typeof createStock>} Stock
 */

const MOST = 12; // pages that are kept; a browser lets go of the decoded pixels earlier when it needs the memory

/** @type {Promise<void> | null} */
let loading = null;

/**
 * The viewer is large and comes after what is read first.
 * @param {string} address
 */
export function loadOsd(address) {
  loading ??= new Promise((resolve, reject) => {
    // OpenSeadragon would add a style element, which our content policy refuses, unless it finds its own there
    // already. One without a meaning, in no namespace that styles anything, is enough; focus stays visible.
    const stand = document.createElementNS("urn:esw:nothing", "style");
    stand.setAttribute("data-openseadragon-mobile-css", "");
    document.head.append(stand);
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("the viewer did not load")));
    document.head.append(script);
  });
  return loading;
}

/**
 * A page made smaller as well as the browser can: faint pencil and thin lines would else be lost between two pixels.
 * @param {any} source
 */
function smoothed(source) {
  const whole = source.downloadTileStart.bind(source);
  source.downloadTileStart = (/** @type {any} */ job) => {
    const { level } = job.postData;
    const size = source.levels[level];
    const context = document.createElement("canvas").getContext("2d");
    if (level >= source.maxLevel || !size || !context) return whole(job);
    context.canvas.width = size.width;
    context.canvas.height = size.height;
    context.imageSmoothingQuality = "high";
    context.drawImage(source.image, 0, 0, size.width, size.height);
    return job.finish(context, null, "context2d");
  };
  return source;
}

export function createStock() {
  /** @type {Map<string, Promise<Source>>} the one used last comes last */
  const kept = new Map();

  /** @param {string} url @returns {Promise<Source>} */
  async function fetched(url) {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    return new Promise((resolve, reject) => {
      const source = new window.OpenSeadragon.ImageTileSource({ url });
      source.addOnceHandler("ready", () => resolve(smoothed(source)));
      source.addOnceHandler("open-failed", () => reject(new Error("the page did not load")));
    });
  }

  /** @param {string} url */
  function get(url) {
    const had = kept.get(url);
    kept.delete(url);
    const source = had ?? fetched(url);
    kept.set(url, source);
    source.catch(() => kept.get(url) === source && kept.delete(url));
    for (const old of kept.keys()) if (kept.size > MOST) kept.delete(old);
    return source;
  }

  return {
    get,
    /** One after the other, so that what is looked at now comes first. @param {string[]} urls */
    async ahead(urls) {
      for (const url of urls) await get(url).catch(() => undefined);
    },
    /** What is not on the table any more is not kept either. @param {string[]} urls */
    keepOnly(urls) {
      const wanted = new Set(urls);
      for (const url of kept.keys()) if (!wanted.has(url)) kept.delete(url);
    },
  };
}
