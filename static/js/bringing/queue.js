// Many files at once: some travel side by side, those of one student one after the other, and none waits for a bad one.

import { Row } from "./row.js";
import { Cancelled, Refused, Sending } from "./tus.js";

const AT_ONCE = 3;

/**
 * @typedef {import("./tus.js").Result} Result
 * @typedef {{file: File, row: Row, group: Group, sending: Sending | null, state: "waiting" | "sending" | "over"}} Item
 * @typedef {{here: number, refused: number, cancelled: number}} Tally
 */

/** Files that become one sample: pages of one student's work, or a single file. */
export class Group {
  /** @param {string | null} sample */
  constructor(sample = null) {
    this.sample = sample;
    /** @type {Item[]} */
    this.waiting = [];
    this.isBusy = false;
  }
}

export class Queue {
  /**
   * @param {{list: HTMLElement, pieces: string, said: Record<string, string>, onArrived: (result: Result, group: Group) => void, onIdle: (tally: Tally) => void}} how
   */
  constructor(how) {
    this.how = how;
    /** @type {Group[]} */
    this.groups = [];
    this.running = 0;
    this.tally = { here: 0, refused: 0, cancelled: 0 };
    window.addEventListener("beforeunload", (event) => {
      if (this.isBusy) event.preventDefault();
    });
  }

  get isBusy() {
    return this.running > 0 || this.groups.some((group) => group.waiting.length > 0);
  }

  /** @param {File} file @param {Group} group */
  add(file, group) {
    const row = new Row(this.how.list, file.name, { onCancel: () => this.cancel(item), onRetry: () => this.retry(item) });
    /** @type {Item} */
    const item = { file, row, group, sending: null, state: "waiting" };
    this.line(item);
  }

  /** @param {Item} item */
  line(item) {
    if (!this.isBusy) this.tally = { here: 0, refused: 0, cancelled: 0 };
    item.state = "waiting";
    item.group.waiting.push(item);
    if (!this.groups.includes(item.group)) this.groups.push(item.group);
    this.work();
  }

  /** @param {Item} item */
  retry(item) {
    item.row.wait();
    this.line(item);
  }

  /** @param {Item} item */
  cancel(item) {
    item.group.waiting = item.group.waiting.filter((other) => other !== item);
    if (item.state === "sending") item.sending?.cancel();
    else {
      item.state = "over";
      item.sending?.cancel();
      item.row.cancelled();
    }
  }

  work() {
    while (this.running < AT_ONCE) {
      const group = this.groups.find((one) => !one.isBusy && one.waiting.length > 0);
      const item = group?.waiting.shift();
      if (!group || !item) return;
      this.running += 1;
      group.isBusy = true;
      void this.bring(item).finally(() => {
        this.running -= 1;
        group.isBusy = false;
        this.groups = this.groups.filter((one) => one.isBusy || one.waiting.length > 0);
        this.work();
        if (!this.isBusy) this.how.onIdle(this.tally);
      });
    }
  }

  /** @param {Item} item */
  async bring(item) {
    const { file, row, group } = item;
    item.state = "sending";
    const said = { ...this.how.said, sample: group.sample ?? "" };
    const mode = group instanceof Pages ? "pages" : "single";
    item.sending = new Sending(file, { pieces: this.how.pieces, said, mode, onState: (state, share) => row.far(state, share) });
    try {
      const result = await item.sending.run();
      if (result.error) throw new Refused(result.error, false);
      if (group instanceof Pages) group.sample ??= result.sample;
      this.tally.here += 1;
      row.arrived();
      this.how.onArrived(result, group);
    } catch (trouble) {
      if (trouble instanceof Cancelled) {
        this.tally.cancelled += 1;
        row.cancelled();
      } else {
        this.tally.refused += 1;
        const again = !(trouble instanceof Refused) || trouble.again;
        row.refused(trouble instanceof Refused ? trouble.message : "It did not arrive.", again);
      }
    } finally {
      item.state = "over";
    }
  }
}

/** Files that are pages of one sample, whose first to arrive says which. */
export class Pages extends Group {}
