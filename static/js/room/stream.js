// What the room says, from one stream for all tabs of this browser.
//
// One tab holds the lock, listens and passes on what it hears; where there are no locks (a school's plain-HTTP
// trial) each tab listens for itself. EventSource gives up for good on a proxy's 502, so it is made anew, with
// backoff and jitter; and where a proxy keeps what the stream says to itself, the state is fetched.

/**
 * @typedef {{ number: number, of: number, title: string, makes: string, speaks: string, sample: string | null,
 *   round: number | null, open: string[], minutes: number, seconds_left: number, running: boolean }} Step
 * @typedef {{ id: string, name: string, role: string, here: boolean }} Person
 * @typedef {{ version: number, status: string, step: Step, people: Person[], done: number,
 *   samples: { id: string, label: string, pages: number, revealed: boolean }[] }} PublicState
 * @typedef {{ kind: "state", data: PublicState } | { kind: "changed", data: { topics: string[], activity: number } }
 *   | { kind: "beat", data: { version: number, activity: number } }} Message
 * @typedef {"login" | "gone"} Lost
 */

const QUIET_AFTER = 20_000; // the server's heart beats every 15 s
const POLL_EVERY = 4_000;
const LONGEST_WAIT = 5_000;

/** @param {number} ms */
const jittered = (ms) => ms * (0.5 + Math.random() / 2);

/**
 * Fetch the public state. Says why when this person may not.
 * @param {string} base the room's address
 * @returns {Promise<PublicState | Lost>} rejects without a network or while the server cannot answer
 */
export async function fetchState(base) {
  const answer = await fetch(`${base}state/`, {
    headers: { Accept: "application/json" },
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(10_000),
  });
  if (answer.type === "opaqueredirect" || answer.status === 401) return "login";
  if (answer.status === 404 || answer.status === 403) return "gone";
  if (!answer.ok) throw new Error(`state answered ${answer.status}`);
  return answer.json();
}

/**
 * @param {{ base: string, key: string, heard: (message: Message) => void, connected: (is: boolean) => void,
 *   lost: (why: Lost) => void }} room `key` names the room and the person
 */
export function follow({ base, key, heard, connected, lost }) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`esw-room-${key}`) : null;
  const ended = new AbortController();
  /** @type {EventSource | null} */
  let source = null;
  let leads = false;
  let failures = 0;
  let retry = 0;
  let lastHeard = performance.now();
  let lastPoll = 0;
  let fetching = false;
  let unanswered = false; // the last question: the stream may be open all the same, with nothing behind it

  /** @param {Message} message */
  function pass(message) {
    unanswered = false;
    connected(true);
    heard(message);
    channel?.postMessage(message);
  }

  /** @param {Message["kind"]} kind @returns {(event: MessageEvent<string>) => void} */
  const listener = (kind) => (event) => {
    failures = 0;
    lastHeard = performance.now();
    pass(/** @type {Message} */ ({ kind, data: JSON.parse(event.data) }));
  };

  function listen() {
    if (ended.signal.aborted || !leads) return;
    window.clearTimeout(retry);
    source?.close();
    const opened = new EventSource(`${base}stream/`);
    source = opened;
    for (const kind of /** @type {const} */ (["state", "changed", "beat"])) {
      opened.addEventListener(kind, listener(kind));
    }
    opened.addEventListener("error", () => {
      opened.close();
      if (source !== opened) return;
      source = null;
      failures += 1;
      retry = window.setTimeout(listen, jittered(Math.min(LONGEST_WAIT, 400 * 2 ** failures)));
      void refetch();
    });
  }

  function end() {
    ended.abort();
    window.clearTimeout(retry);
    source?.close();
    source = null;
    channel?.close();
  }

  /** Ask for the state now: after sleep, after a lost stream, when the network is back. */
  async function refetch() {
    if (fetching || ended.signal.aborted) return;
    fetching = true;
    lastPoll = performance.now();
    try {
      const state = await fetchState(base);
      if (state === "login" || state === "gone") {
        end();
        lost(state);
      } else {
        pass({ kind: "state", data: state });
      }
    } catch {
      unanswered = true;
      connected(false);
    } finally {
      fetching = false;
    }
  }

  channel?.addEventListener("message", ({ data }) => {
    if (data === "hello") {
      if (leads) void refetch();
      return;
    }
    lastHeard = performance.now();
    connected(true);
    heard(data);
  });

  window.setInterval(() => {
    const inDoubt = unanswered || performance.now() - lastHeard > QUIET_AFTER;
    if (inDoubt && document.visibilityState === "visible" && performance.now() - lastPoll > POLL_EVERY) void refetch();
  }, 1000);
  window.addEventListener("online", () => {
    failures = 0;
    if (leads) listen();
    void refetch();
  });
  window.addEventListener("offline", () => connected(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void refetch();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) void refetch();
  });

  function lead() {
    leads = true;
    listen();
    return new Promise((resolve) => ended.signal.addEventListener("abort", resolve));
  }

  if (channel && navigator.locks) {
    channel.postMessage("hello");
    navigator.locks.request(`esw-stream-${key}`, { signal: ended.signal }, lead).catch(() => undefined);
  } else {
    void lead();
  }
  return { refetch, end };
}
