// Who has which tile open. A claim is a courtesy: it is taken when a tile comes on show, lasts while
// there are signs of work, and shows others that they had better take another tile.

import * as api from './api.js';

/** What is told of a claim's end may come late; this long after its time it is not believed. */
const MARGIN_MILLIS = 5000;
const AGAIN_MILLIS = 10_000;
const SIGNS_OF_WORK = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchmove'];

export class Claims extends EventTarget {
  #reviewer;
  #keeps;
  #known = new Map();
  #open = null;
  #own = null;
  // The name as it was said: while it is being typed it is nobody's.
  #who = { person: '', named: null };
  #fault = null;
  #dueAt = 0;
  #fresh = false;
  #workedAt = Date.now();
  #leaseMillis = 0;
  #line = Promise.resolve();

  /**
   * `keeps` says of a tile id whether there is work on it, so that it stays claimed when it is put
   * away. Tells `change`, and `taken` when a tile that was just opened turns out to be another's.
   */
  constructor({ reviewer, keeps }) {
    super();
    this.#reviewer = reviewer;
    this.#keeps = keeps;
    for (const sign of SIGNS_OF_WORK) {
      addEventListener(sign, () => this.#worked(), { passive: true, capture: true });
    }
    addEventListener('pagehide', () => {
      const own = this.#own;
      this.#own = null;
      if (own && !keeps(own.tileId)) release(own, { keepalive: true });
    });
  }

  /** The claim of somebody else on a tile: {reviewer, initials}, or null. */
  of(tileId) {
    const claim = this.#known.get(tileId);
    const lasts = claim && claim.until > Date.now();
    return lasts && claim.reviewer !== this.#who.person ? claim : null;
  }

  /** Why the open tile could not be claimed, or null. */
  get fault() {
    return this.#fault;
  }

  /** Takes what an alert says of its claim. */
  learn({ tileId, claim }) {
    const before = this.of(tileId)?.reviewer;
    if (claim) this.#note(claim);
    else this.#known.delete(tileId);
    if (tileId === this.#open && this.of(tileId)?.reviewer !== before) this.#changed();
  }

  /** A tile has come on show, or none: that one is claimed, and the one before is free again. */
  open(tileId) {
    if (tileId === this.#open) return;
    this.#open = tileId;
    this.#fault = null;
    this.#dueAt = 0;
    this.#fresh = true;
    this.#settle();
  }

  /** Somebody else sits here from now on. */
  personChanged() {
    const { person, named } = this.#reviewer;
    this.#who = { person, named };
    this.#dueAt = 0;
    this.#settle();
    this.#changed();
  }

  claimed(claim) {
    this.#note(claim);
    if (claim.tileId === this.#own?.tileId && this.of(claim.tileId)) this.#own = null;
    this.#changed();
  }

  released(tileId) {
    const others = this.of(tileId);
    this.#known.delete(tileId);
    if (tileId === this.#own?.tileId) this.#own = null;
    this.#changed();
    // Not for a window that everybody has left: tiles would go round among such windows.
    const present = Date.now() - this.#workedAt < this.#leaseMillis;
    if (others && present && tileId === this.#open) this.#settle();
  }

  #note(claim) {
    const until = Date.now() + 1000 * claim.secondsLeft + MARGIN_MILLIS;
    this.#known.set(claim.tileId, { ...claim, until });
  }

  #worked() {
    this.#workedAt = Date.now();
    if (this.#open === null || this.#workedAt < this.#dueAt || this.of(this.#open)) return;
    this.#dueAt = this.#workedAt + AGAIN_MILLIS;
    this.#settle(true);
  }

  /** One after the other, so that what was asked for last is what stands. */
  #settle(renew = false) {
    this.#line = this.#line.then(() => this.#step(renew)).catch(() => {});
  }

  async #step(renew) {
    const { person, named } = this.#who;
    const before = this.#own;
    const tileId = this.#open;
    if (before && before.person !== person) {
      this.#own = null;
      await release(before);
    }
    const claims = tileId !== null && person && this.#reviewer.decides;
    if (claims && (renew || this.#own?.tileId !== tileId)) {
      await this.#claim(tileId, { person, named });
    }
    if (!before || before.person !== person || before.tileId === tileId) return;
    if (this.#own === before) this.#own = null;
    if (!this.#keeps(before.tileId)) await release(before);
  }

  async #claim(tileId, { person, named }) {
    const own = { tileId, person, named };
    let fault = null;
    try {
      const { leaseSeconds } = await api.claim(tileId, named);
      this.#known.delete(tileId);
      this.#own = own;
      this.#leaseMillis = 1000 * leaseSeconds;
      this.#dueAt = Date.now() + this.#leaseMillis / 3;
    } catch (error) {
      this.#own = null;
      this.#dueAt = Date.now() + AGAIN_MILLIS;
      if (error.status === 409) await this.#askWho(tileId);
      // Of a tile that is closed the alert's end is told.
      if (error.status !== 404 && !this.of(tileId)) fault = error;
    }
    if (this.#open !== tileId) return;
    const fresh = this.#fresh;
    this.#fresh = false;
    this.#fault = fault;
    this.#changed();
    if (fresh && this.of(tileId)) this.dispatchEvent(new CustomEvent('taken', { detail: tileId }));
  }

  async #askWho(tileId) {
    try {
      this.learn(await api.alert(tileId));
    } catch {
      // Closed meanwhile, or the line is down: both are told elsewhere.
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** What is lost of this is made good by time. */
const release = ({ tileId, named }, options) => api.release(tileId, named, options).catch(() => {});
