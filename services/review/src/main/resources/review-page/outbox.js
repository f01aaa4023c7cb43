// Verdicts on their way. Each is on the browser's disk before anything else happens, can be taken
// back for some seconds, and is sent until the service has answered. It counts as saved when the
// service has said so, and not before.

import * as api from './api.js';
import { equal, unpacked } from './bits.js';
import { maskBytes } from './mask.js';
import { maskPng } from './png.js';

export const HOLD_MILLIS = 6000;
const RETRY_MILLIS = [1000, 2000, 4000, 8000, 15_000];

export class Outbox extends EventTarget {
  #database;
  #person = null;
  #entries = new Map();

  /**
   * Tells `change`; `saved`, `lost` and `refused` with {entry, error}; and `returned` with {entry},
   * when a verdict was taken back.
   */
  constructor(database) {
    super();
    this.#database = database;
    addEventListener('online', () => this.hurry());
  }

  /** From here on verdicts of a person are sent; those of others wait for them. */
  async of(person) {
    this.#person = person;
    for (const entry of await this.#database.all('verdicts')) {
      if (entry.person !== person || this.#entries.has(entry.id)) continue;
      // Another window that is open still has it, or this one of a moment ago had it.
      this.#keep({ ...entry, dueAt: Date.now() });
    }
    this.hurry();
  }

  /** All that is on its way, the oldest first. */
  get entries() {
    return [...this.#entries.values()].filter(({ person }) => person === this.#person);
  }

  has(tileId) {
    return this.entries.some((entry) => entry.tileId === tileId);
  }

  /** Takes a verdict: {alert, verdict, comment, pixels, width, height}, pixels as bits or null. */
  async hold(decision, person) {
    const now = Date.now();
    const entry = {
      ...decision,
      id: `${now}-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`,
      tileId: decision.alert.tileId,
      person,
      decidedAt: now,
      dueAt: now + HOLD_MILLIS,
    };
    await this.#database.put('verdicts', entry);
    this.#keep(entry);
  }

  /** Takes the newest verdict back that is not sent yet; answers whether there was one. */
  takeBack() {
    const entry = this.entries.filter(({ status }) => status === 'held').at(-1);
    if (!entry) return false;
    this.#settle(entry, 'returned');
    return true;
  }

  /** The line is back, or somebody else may be faster: what waits is sent now. */
  hurry(tileId = null) {
    for (const entry of this.entries) {
      if (entry.status === 'waiting' || (tileId && entry.tileId === tileId)) this.#wake(entry);
    }
  }

  #keep(entry) {
    entry.status = 'held';
    entry.tries = 0;
    this.#entries.set(entry.id, entry);
    this.#told('change');
    this.#alone(entry, async () => {
      await this.#pause(entry, entry.dueAt - Date.now());
      while (this.#entries.has(entry.id)) {
        // Whoever signed in meanwhile does not send another's verdict.
        if (entry.person === this.#person) await this.#send(entry);
        if (this.#entries.has(entry.id)) {
          const wait = RETRY_MILLIS[Math.min(entry.tries++, RETRY_MILLIS.length - 1)];
          await this.#pause(entry, wait);
        }
      }
    });
  }

  /** Of several windows one sends an entry; where another has it, this one leaves it alone. */
  #alone(entry, work) {
    // Without the lock, on a page that is not secure, a second sending is told to be the first's.
    if (!navigator.locks) return void work();
    navigator.locks.request(`histoflow-${entry.id}`, { ifAvailable: true }, (lock) => {
      if (lock) return work();
      this.#entries.delete(entry.id);
      this.#told('change');
      return null;
    });
  }

  #pause(entry, millis) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, millis));
      entry.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #wake(entry) {
    entry.wake?.();
  }

  async #send(entry) {
    this.#mark(entry, 'sending');
    try {
      await api.submit(entry.tileId, await body(entry));
      this.#settle(entry, 'saved');
    } catch (error) {
      if (error.isPassing) {
        this.#mark(entry, 'waiting', error);
      } else if (error.status === 404 || error.status === 409) {
        await this.#compare(entry, error);
      } else {
        this.#settle(entry, 'refused', error);
      }
    }
  }

  /** The alert is closed: by this very verdict, whose answer was lost, or by somebody else's. */
  async #compare(entry, error) {
    try {
      const closed = await api.closedTile(entry.tileId);
      if (await isSame(entry, closed)) this.#settle(entry, 'saved');
      else this.#settle(entry, 'lost', error);
    } catch (failure) {
      if (failure.isPassing) this.#mark(entry, 'waiting', failure);
      // Another is giving a verdict at this moment, and may not succeed.
      else if (failure.status === 409) this.#mark(entry, 'waiting', error);
      else this.#settle(entry, 'lost', error);
    }
  }

  #mark(entry, status, error = null) {
    Object.assign(entry, { status, error });
    this.#told('change');
    if (error?.status === 401) this.#told('signed-out');
  }

  /** What became of it is told before it is forgotten, so that no draft goes with it. */
  #settle(entry, outcome, error = null) {
    this.#entries.delete(entry.id);
    this.#wake(entry);
    this.dispatchEvent(new CustomEvent(outcome, { detail: { entry, error } }));
    this.#told('change');
    this.#database.delete('verdicts', entry.id).catch(() => {});
  }

  #told(name) {
    this.dispatchEvent(new Event(name));
  }
}

async function body({
  verdict, blind, viewedMillis, unusableReason, comment, pixels, width, height, named,
}) {
  const correction = { verdict };
  if (named) correction.reviewer = named;
  if (comment) correction.comment = comment;
  if (blind) correction.blind = true;
  if (viewedMillis !== undefined) correction.viewedMillis = viewedMillis;
  if (unusableReason) correction.unusableReason = unusableReason;
  if (pixels) correction.mask = await maskPng(unpacked(pixels, width * height), width, height);
  return correction;
}

async function isSame({ tileId, person, verdict, pixels, width, height }, closed) {
  if (closed.verdict !== verdict || closed.reviewer !== person) return false;
  if (!pixels) return true;
  const bitmap = await api.closedBitmap(tileId, 'mask');
  return equal(maskBytes(bitmap), unpacked(pixels, width * height));
}
