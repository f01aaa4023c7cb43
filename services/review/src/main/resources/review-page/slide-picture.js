// A slide put together from pictures of its tiles, in pixels of its level 0. However large it is, a
// picture of the whole is drawn at once, and those of tiles beside it where they are near.

import * as api from './api.js';
import { partOf } from './mosaic.js';

const AT_A_TIME = 4;
/** How long what is known of the slide holds, and how soon the rest of it is asked for. */
const STALE_MILLIS = 30_000;
const AGAIN_MILLIS = 3_000;

/** Longer edge of the picture of the whole, in pixels. */
const LONGEST = 2_048;

/** Most pictures that are asked for to make it, and most that are kept beside it, of 64 KiB each. */
const MOST_ASKED = 1_000;
const MOST_KEPT = 256;

/** Screen pixels of a tile from which it is drawn by itself, and framed where it waits. */
const NEAR = 64;
const FRAMED = 6;
const WAITS = '#f2b544';
const SHADE = '#201400';
const UNSEEN = '#7d7d7d';

export class SlidePicture {
  #changed;
  #tiles = [];
  #part = null;
  #whole = null;
  #asked = new Set();
  #missing = new Set();
  #pictures = new Map();
  #wanted = [];
  #running = 0;
  #reading = null;
  #staleAt = 0;
  #over = false;

  /** `changed` is called when there is more to be seen. */
  constructor(slideId, changed) {
    this.slideId = slideId;
    this.#changed = changed;
  }

  /** The longer edge of what is known of it. */
  get size() {
    return Math.max(this.#part.width, this.#part.height);
  }

  /** Reads where its tiles lie, if that is not known yet; answers whether it is. */
  async read() {
    if (Date.now() > this.#staleAt) this.#reading ??= this.#read();
    await this.#reading;
    return this.#part !== null;
  }

  /** Asks for pictures of what is in sight, the middle first, in place of what was asked before. */
  look({ left, top, right, bottom, scale }) {
    const far = (tile) => Math.hypot(
      tile.x + tile.width / 2 - (left + right) / 2, tile.y + tile.height / 2 - (top + bottom) / 2);
    this.#wanted = this.#inSight({ left, top, right, bottom })
      .filter((tile) => this.#lacks(tile, scale))
      .sort((a, b) => far(a) - far(b))
      .slice(0, MOST_KEPT);
    while (this.#running < AT_A_TIME && this.#wanted.length) this.#bring();
  }

  /** The tile that takes up most of what is in sight, or null. */
  filledBy({ left, top, right, bottom }) {
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    const tile = this.#inSight({ left: x, top: y, right: x, bottom: y }).at(-1);
    const fills = tile && 2 * Math.min(tile.width, tile.height) >= Math.min(right - left, bottom - top);
    return fills ? tile : null;
  }

  /** Draws on a context whose unit is a pixel of level 0. */
  draw(context, sight) {
    if (!this.#part) return;
    const { left, top, width, height } = this.#part;
    const { scale } = sight;
    context.drawImage(this.#whole, left, top, width, height);
    for (const tile of this.#inSight(sight)) {
      const picture = isNear(tile, scale) && this.#pictures.get(tile.key);
      if (picture) context.drawImage(picture, tile.x, tile.y, tile.width, tile.height);
      if (!tile.tileId || tile.width * scale < FRAMED) continue;
      const line = (1.5 * devicePixelRatio) / scale;
      // Light within dark: seen on every tissue.
      frame(context, tile, line, SHADE, 2 * line);
      frame(context, tile, line, WAITS, line);
    }
  }

  /** Nothing more is fetched. */
  close() {
    this.#over = true;
    this.#wanted = [];
    for (const picture of this.#pictures.values()) picture.close();
    this.#pictures.clear();
  }

  async #read() {
    try {
      const { slide, tiles, open, isWhole } = await api.slideTiles(this.slideId);
      if (this.#over || !tiles.length) return;
      const waits = new Map(open.map(([x, y, tileId]) => [`${x}/${y}`, tileId]));
      const grows = tiles.length !== this.#tiles.length;
      this.#tiles = tiles.map(([x, y, width, height]) => ({
        x, y, width, height, key: `${x}/${y}`, tileId: waits.get(`${x}/${y}`) ?? null,
      }));
      // A large slide is read in several turns.
      this.#staleAt = Date.now() + (isWhole ? STALE_MILLIS : AGAIN_MILLIS);
      if (grows) this.#begin(partOf(this.#tiles, slide));
      this.#changed();
    } catch {
      // It is not reported yet: it is asked for again when somebody looks again.
      this.#staleAt = Date.now() + AGAIN_MILLIS;
    } finally {
      this.#reading = null;
    }
  }

  #begin(part) {
    this.#part = part;
    const scale = Math.min(1, LONGEST / this.size);
    this.#whole = new OffscreenCanvas(Math.ceil(part.width * scale), Math.ceil(part.height * scale));
    this.#asked.clear();
    const context = this.#onWhole();
    context.fillStyle = UNSEEN;
    for (const { x, y, width, height } of this.#tiles) context.fillRect(x, y, width, height);
    for (const tile of this.#tiles) this.#put(tile, this.#pictures.get(tile.key));
  }

  #onWhole() {
    const { left, top, width, height } = this.#part;
    const context = this.#whole.getContext('2d');
    context.setTransform(this.#whole.width / width, 0, 0, this.#whole.height / height, 0, 0);
    context.translate(-left, -top);
    return context;
  }

  #put(tile, picture) {
    if (!picture) return;
    this.#asked.add(tile.key);
    this.#onWhole().drawImage(picture, tile.x, tile.y, tile.width, tile.height);
  }

  #inSight({ left, top, right, bottom }) {
    return this.#tiles.filter((tile) => tile.x <= right && tile.y <= bottom
      && tile.x + tile.width >= left && tile.y + tile.height >= top);
  }

  #lacks(tile, scale) {
    if (this.#missing.has(tile.key)) return false;
    if (isNear(tile, scale)) return !this.#pictures.has(tile.key);
    return !this.#asked.has(tile.key) && this.#asked.size < MOST_ASKED;
  }

  async #bring() {
    this.#running++;
    while (this.#wanted.length && !this.#over) {
      const tile = this.#wanted.shift();
      this.#asked.add(tile.key);
      const picture = await api.pictureOfMany(
        api.slideTileUrl(this.slideId, tile.x, tile.y), () => !this.#over);
      if (!picture || this.#over) {
        this.#missing.add(tile.key);
        picture?.close();
        continue;
      }
      this.#put(tile, picture);
      this.#keep(tile.key, picture);
      this.#changed();
    }
    this.#running--;
  }

  /** The one that came first is given up for one too many. */
  #keep(key, picture) {
    this.#pictures.get(key)?.close();
    this.#pictures.set(key, picture);
    if (this.#pictures.size <= MOST_KEPT) return;
    const [[oldest, old]] = this.#pictures;
    old.close();
    this.#pictures.delete(oldest);
  }
}

/** Draws a line within a tile's edge. */
function frame(context, { x, y, width, height }, inset, colour, line) {
  context.lineWidth = line;
  context.strokeStyle = colour;
  context.strokeRect(x + inset, y + inset, width - 2 * inset, height - 2 * inset);
}

const isNear = ({ width }, scale) => width * scale >= NEAR * devicePixelRatio;
