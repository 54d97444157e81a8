// One file on its way, in pieces, by the tus protocol (1.0.0): a lost connection costs one piece, and the file goes on
// by itself when there is a connection again, also after a reload when the same file is chosen.

const VERSION = "1.0.0";
const PIECE = 1024 * 1024;
const STALLS = 30_000; // ms without a byte: the connection is gone, whatever it says
const CHECKS = 180_000; // ms that the server may take to look at a whole file
const LONGEST_PAUSE = 15_000;
const KEPT = "esw-on-its-way:";
const DAY = 24 * 60 * 60 * 1000;

/**
 * @typedef {{sample: string | null, label: string | null, error: string | null}} Result
 * @typedef {"sending" | "waiting" | "checking"} State
 * @typedef {{pieces: string, said: Record<string, string>, mode: string, onState: (state: State, share: number) => void}} How
 */

/** It cannot be sent as it is; `again`: it may be otherwise the next time. */
export class Refused extends Error {
  /** @param {string} sentence @param {boolean} again */
  constructor(sentence, again) {
    super(sentence);
    this.again = again;
  }
}

/** The connection is gone, or the server is away for a moment. */
class Lost extends Error {}

/** Somebody said that it need not come. */
export class Cancelled extends Error {}

/** The token that Django wants back: of whichever form is on the page. */
function token() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field instanceof HTMLInputElement ? field.value : "";
}

/** @param {string} text UTF-8 in base64, as the protocol has it */
function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** A short mark of a text that does not tell the text: a file's name may be a student's. @param {string} text */
function mark(text) {
  let [a, b] = [0x811c9dc5, 0x1505];
  for (const unit of new TextEncoder().encode(text)) {
    a = Math.imul(a ^ unit, 0x01000193);
    b = (Math.imul(b, 33) + unit) | 0;
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

/** What this browser remembers of files on their way, which other pages and reloads may go on with. */
const memory = {
  /** @param {string} key @returns {string} */
  read(key) {
    try {
      const [until, address] = (localStorage.getItem(KEPT + key) ?? "").split(" ");
      return Number(until) > Date.now() ? (address ?? "") : "";
    } catch {
      return "";
    }
  },
  /** @param {string} key @param {string} address */
  write(key, address) {
    try {
      localStorage.setItem(KEPT + key, `${Date.now() + DAY} ${address}`);
    } catch {
      // Without it a reload costs the file's beginning, no more.
    }
  },
  /** @param {string} key */
  forget(key) {
    try {
      localStorage.removeItem(KEPT + key);
    } catch {
      // There was nothing then.
    }
  },
  sweep() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(KEPT) && !this.read(key.slice(KEPT.length))) localStorage.removeItem(key);
      }
    } catch {
      // Nothing is remembered here.
    }
  },
};
memory.sweep();

/** Resolves after a while, sooner when the device says that it is online again. @param {number} failures @param {AbortSignal} signal */
function pause(failures, signal) {
  const most = Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE);
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const end = () => {
        window.clearTimeout(timer);
        window.removeEventListener("online", end);
        resolve();
      };
      const timer = window.setTimeout(end, most * (0.5 + Math.random() / 2));
      window.addEventListener("online", end);
      signal.addEventListener("abort", end);
    })
  );
}

/** @param {number} status @param {string} body @returns {Lost | Refused} */
function problem(status, body) {
  if (status === 0 || status === 408 || status === 409 || status === 423 || status === 460) return new Lost();
  let sentence = "";
  try {
    sentence = JSON.parse(body).error ?? "";
  } catch {
    sentence = "";
  }
  if (status >= 500 && status !== 507) return new Lost();
  if (status === 403 && !sentence) sentence = "This page has been open for too long. Reload it and choose the file again; it goes on where it was.";
  const again = [401, 403, 429, 507].includes(status);
  return new Refused(sentence || "The server could not take this file.", again);
}

export class Sending {
  /** @param {File} file @param {How} how */
  constructor(file, how) {
    this.file = file;
    this.how = how;
    this.key = mark([how.pieces, how.mode, how.said.assignment ?? "", file.name, file.size, file.lastModified].join("|"));
    this.address = memory.read(this.key);
    this.stop = new AbortController();
    this.failures = 0;
  }

  /** Send it all, however long the connection is away. Throws Refused or Cancelled. @returns {Promise<Result>} */
  async run() {
    for (;;) {
      try {
        return await this.attempt();
      } catch (trouble) {
        if (this.stop.signal.aborted) throw new Cancelled();
        if (!(trouble instanceof Lost)) throw trouble;
        this.failures += 1;
        this.how.onState("waiting", 0);
        await pause(this.failures, this.stop.signal);
        if (this.stop.signal.aborted) throw new Cancelled();
      }
    }
  }

  /** It need not come; what has arrived of it is let go of. */
  cancel() {
    this.stop.abort();
    memory.forget(this.key);
    if (this.address) void this.ask("DELETE", this.address).catch(() => undefined);
  }

  async attempt() {
    let offset = this.address ? await this.howFar() : -1;
    if (offset < 0) offset = await this.begin();
    while (offset < this.file.size) {
      offset = await this.piece(offset);
      this.failures = 0;
    }
    let result = await this.result();
    if (!result.finished) {
      await this.piece(offset); // an empty one: whoever was looking at the file is gone
      result = await this.result();
    }
    if (!result.finished) throw new Lost();
    memory.forget(this.key);
    return result;
  }

  /** @param {string} method @param {string} address @param {Record<string, string>} [headers] */
  async ask(method, address, headers = {}) {
    const all = { Accept: "application/json", "Tus-Resumable": VERSION, "X-CSRFToken": token(), ...headers };
    const patience = new AbortController();
    const end = () => patience.abort();
    const timer = window.setTimeout(end, STALLS);
    if (method !== "DELETE") this.stop.signal.addEventListener("abort", end);
    try {
      return await fetch(address, { method, headers: all, signal: patience.signal });
    } catch {
      throw new Lost();
    } finally {
      window.clearTimeout(timer);
    }
  }

  /** Where the file goes on, -1 when the server does not know it any more. */
  async howFar() {
    const answer = await this.ask("HEAD", this.address);
    if (answer.ok) return Number(answer.headers.get("Upload-Offset"));
    if (answer.status !== 404 && answer.status !== 410) throw problem(answer.status, "");
    this.address = "";
    memory.forget(this.key);
    return -1;
  }

  async begin() {
    const said = { filename: this.file.name, ...this.how.said };
    const metadata = Object.entries(said).filter(([, value]) => value).map(([key, value]) => `${key} ${base64(value)}`);
    const answer = await this.ask("POST", this.how.pieces, { "Upload-Length": String(this.file.size), "Upload-Metadata": metadata.join(",") });
    if (answer.status === 409) throw new Refused((await answer.json()).error, false);
    if (!answer.ok) throw problem(answer.status, await answer.text());
    this.address = answer.headers.get("Location") ?? "";
    if (this.file.size > PIECE) memory.write(this.key, this.address);
    return 0;
  }

  /** @returns {Promise<Result & {finished: boolean}>} */
  async result() {
    const answer = await this.ask("GET", this.address);
    if (!answer.ok) throw problem(answer.status, await answer.text());
    return answer.json();
  }

  /** Send what follows `offset`; how much is there then. @param {number} offset @returns {Promise<number>} */
  async piece(offset) {
    const blob = this.file.slice(offset, offset + PIECE);
    let data;
    try {
      data = await blob.arrayBuffer();
    } catch {
      throw new Refused("This file cannot be read any more. Choose it again.", false);
    }
    const checksum = await sha256(data);
    return new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      let timer = window.setTimeout(() => xhr.abort(), STALLS);
      const lost = () => {
        window.clearTimeout(timer);
        reject(new Lost());
      };
      this.stop.signal.addEventListener("abort", () => xhr.abort());
      xhr.open("PATCH", this.address);
      xhr.setRequestHeader("Accept", "application/json");
      xhr.setRequestHeader("Tus-Resumable", VERSION);
      xhr.setRequestHeader("X-CSRFToken", token());
      xhr.setRequestHeader("Content-Type", "application/offset+octet-stream");
      xhr.setRequestHeader("Upload-Offset", String(offset));
      if (checksum) xhr.setRequestHeader("Upload-Checksum", `sha256 ${checksum}`);
      xhr.upload.addEventListener("progress", (event) => {
        const here = offset + Math.min(event.loaded, data.byteLength);
        const isAll = here >= this.file.size;
        window.clearTimeout(timer);
        timer = window.setTimeout(() => xhr.abort(), isAll ? CHECKS : STALLS);
        this.how.onState(isAll ? "checking" : "sending", here / this.file.size);
      });
      xhr.addEventListener("error", lost);
      xhr.addEventListener("abort", lost);
      xhr.addEventListener("load", () => {
        window.clearTimeout(timer);
        if (xhr.status === 404 || xhr.status === 410) lost(); // the next look says what there is
        else if (xhr.status === 204) resolve(Number(xhr.getResponseHeader("Upload-Offset")));
        else reject(problem(xhr.status, xhr.responseText));
      });
      xhr.send(data);
    });
  }
}

/** In base64, '' where the browser cannot (plain HTTP). @param {ArrayBuffer} data */
async function sha256(data) {
  if (!window.crypto?.subtle) return "";
  return btoa(String.fromCharCode(...new Uint8Array(await window.crypto.subtle.digest("SHA-256", data))));
}
