// Pictures of the tiles about the one on show, as they came: the next ones are here before they are
// asked for, and those that were just looked at are here still.

import * as api from './api.js';

/** Tiles that are kept, three ahead and the latest behind among them, and bytes of all of them. */
const MOST_TILES = 14;
const MOST_BYTES = 64 * 2 ** 20;

export const AHEAD = 3;

export class Pictures {
  #kept = new Map();
  #wanted = [];
  #fetching = false;
  #part;

  /**
   * @param {(tileId: any, what: any, urgent: boolean) => Promise<any>} part answers a part of an
   *   alert as a blob
   */
  constructor(part = api.alertPart) {
    this.#part = part;
  }

  /** What a tile looks like, as blobs: {image, mask, entropy}; null for what is hidden or not there. */
  of(alert, blind) {
    const key = name(alert, blind);
    const entry = this.#kept.get(key) ?? this.#begin(alert, blind, true);
    // The one looked at last is forgotten last.
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    this.#forget();
    return entry.parts;
  }

  /** These come next, each {alert, blind}; what was to come next before does no more. */
  ahead(tiles) {
    this.#wanted = tiles.slice(0, AHEAD);
    if (!this.#fetching) this.#fetchAhead();
  }

  /** One after the other: what is on show comes first. */
  async #fetchAhead() {
    this.#fetching = true;
    while (this.#wanted.length) {
      const { alert, blind } = this.#wanted.shift();
      const key = name(alert, blind);
      if (this.#kept.has(key)) continue;
      const entry = this.#begin(alert, blind, false);
      this.#kept.set(key, entry);
      // Where it fails whoever opens it asks again, and is told why.
      await entry.parts.catch(() => { this.#wanted = []; });
    }
    this.#fetching = false;
  }

  #begin({ tileId, segmentedAt, links }, blind, urgent) {
    const key = name({ tileId, segmentedAt }, blind);
    const part = (what) => this.#part(tileId, what, urgent);
    const entry = { size: 0, parts: null };
    entry.parts = Promise.all([
      part('image'), blind ? null : part('mask'), links.entropy && !blind ? part('entropy') : null,
    ]).then(([image, mask, entropy]) => {
      entry.size = [image, mask, entropy].reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
      this.#forget();
      return { image, mask, entropy };
    });
    entry.parts.catch(() => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key);
    });
    return entry;
  }

  /** The oldest go, until what stays is not too much. */
  #forget() {
    let bytes = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [key, { size }] of this.#kept) {
      const few = this.#kept.size <= MOST_TILES && bytes <= MOST_BYTES;
      if (few || this.#kept.size === 1) return;
      this.#kept.delete(key);
      bytes -= size;
    }
  }
}

/** A tile that was segmented anew has another mask, and one that is read blind has none. */
const name = ({ tileId, segmentedAt }, blind) => JSON.stringify([tileId, segmentedAt, blind]);
