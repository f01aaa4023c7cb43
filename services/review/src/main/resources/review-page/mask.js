// The mask that a reviewer edits: its pixels, what the model drew, and the way back.

import * as regions from './regions.js';

const UNDO_LIMIT = 200;
const UNDO_BYTES = 32 << 20;

export class EditableMask {
  #dirty = null;
  /** Which pixels the step under way has turned, and where they lie. */
  #turned = null;
  #turnedIn = null;
  /** Pixels of the nuclei that the step under way may touch; null where it may touch all. */
  #own = null;

  /**
   * `model` holds one byte a pixel, 0 or 1, row by row; `pixels` what a draft had made of it, where
   * there is one.
   */
  constructor(model, width, height, pixels = model) {
    this.width = width;
    this.height = height;
    this.model = model;
    this.pixels = pixels.slice();
    this.undone = [];
    this.done = [];
    this.added = 0;
    this.removed = 0;
    for (let i = 0; i < model.length; i++) {
      if (model[i] && !pixels[i]) this.removed++;
      else if (!model[i] && pixels[i]) this.added++;
    }
  }

  /** What has changed since this was asked last, as {left, top, right, bottom}, or null. */
  takeDirty() {
    const dirty = this.#dirty;
    this.#dirty = null;
    return dirty;
  }

  get changed() {
    return this.added + this.removed > 0;
  }

  /** The index of the pixel at a place, or null outside the tile. */
  indexAt({ x, y }) {
    const inside = x >= 0 && y >= 0 && x < this.width && y < this.height;
    return inside ? Math.floor(y) * this.width + Math.floor(x) : null;
  }

  /** Begins a step that undo takes back as one. */
  begin() {
    this.#turned ??= new Uint8Array(this.pixels.length);
    this.#turnedIn = null;
  }

  /**
   * From here on the step leaves a gap between what it paints and all nuclei, but those that hold
   * one of the pixels.
   */
  keepApart(indices) {
    this.#own = new Uint8Array(this.pixels.length);
    for (const index of indices) {
      if (!this.#own[index]) regions.nucleus(this.pixels, this.width, this.height, index, this.#own);
    }
  }

  /** Begins by going on with the step that was ended last: undo takes both back as one. */
  goOn() {
    this.begin();
    const runs = this.done.pop();
    for (let i = 0; i < runs.length; i += 2) {
      for (let at = runs[i]; at < runs[i] + runs[i + 1]; at++) this.#turned[at] = 1;
    }
    this.#turnedIn = rowsOf(runs[0], runs.at(-2), this.width);
  }

  /** Holds, within the step under way, the pixels whose level is `least` or more. */
  cut(levels, least) {
    const { pixels, model, width } = this;
    let first = -1;
    let last = -1;
    for (let i = 0; i < pixels.length; i++) {
      const value = levels[i] >= least ? 1 : 0;
      if (pixels[i] === value) continue;
      pixels[i] = value;
      this.#turned[i] ^= 1;
      if (model[i]) this.removed += 1 - 2 * value;
      else this.added += 2 * value - 1;
      if (first < 0) first = i;
      last = i;
    }
    if (first < 0) return;
    const { left, top, right, bottom } = rowsOf(first, last, width);
    for (const [x, y] of [[left, top], [right - 1, bottom - 1]]) {
      this.#dirty = widened(this.#dirty, x, y);
      this.#turnedIn = widened(this.#turnedIn, x, y);
    }
  }

  /** Ends the step; answers whether it changed anything. */
  end() {
    const step = this.#takeStep();
    if (!step) return false;
    this.done.push(step);
    this.undone.length = 0;
    let bytes = this.done.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (this.done.length > UNDO_LIMIT || (bytes > UNDO_BYTES && this.done.length > 1)) {
      bytes -= this.done.shift().byteLength;
    }
    return true;
  }

  /** Takes a step back that has not ended: it was meant as something else. */
  cancel() {
    this.#turn(this.#takeStep() ?? []);
  }

  /** Sets every pixel whose centre lies within `radius` of the segment from a to b. */
  paint(a, b, radius, value) {
    const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - radius));
    const right = Math.min(this.width - 1, Math.ceil(Math.max(a.x, b.x) + radius));
    const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - radius));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(a.y, b.y) + radius));
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const length = dx * dx + dy * dy;
    const reach = radius * radius;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const px = x + 0.5 - a.x;
        const py = y + 0.5 - a.y;
        const t = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
        const ex = px - t * dx;
        const ey = py - t * dy;
        if (ex * ex + ey * ey <= reach) this.#set(y * this.width + x, value);
      }
    }
  }

  /** Sets every pixel whose centre lies within a closed outline. */
  fill(outline, value) {
    regions.inside(outline, this.width, this.height, (from, to) => {
      for (let i = from; i < to; i++) this.#set(i, value);
    });
  }

  /** Takes out the nuclei that a segment from a to b touches. */
  removeAlong(a, b) {
    const steps = Math.ceil(2 * Math.hypot(b.x - a.x, b.y - a.y)) + 1;
    for (let i = 0; i <= steps; i++) {
      const t = i / steps;
      const index = this.indexAt({ x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) });
      if (index !== null) this.#setAll(this.#nucleus(index), 0);
    }
  }

  /** The nuclei of which more than half lies within an outline, as a pixel of each. */
  mostlyWithin(outline) {
    const within = new Uint8Array(this.pixels.length);
    regions.inside(outline, this.width, this.height, (from, to) => within.fill(1, from, to));
    const seen = new Uint8Array(this.pixels.length);
    const found = [];
    for (let i = 0; i < within.length; i++) {
      if (!within[i] || !this.pixels[i] || seen[i]) continue;
      const all = regions.nucleus(this.pixels, this.width, this.height, i, seen);
      if (2 * all.filter((at) => within[at]).length > all.length) found.push(i);
    }
    return found;
  }

  /** A pixel of each nucleus, the first from the top; row by row. */
  nuclei() {
    const seen = new Uint8Array(this.pixels.length);
    const found = [];
    for (let i = 0; i < this.pixels.length; i++) {
      if (!this.pixels[i] || seen[i]) continue;
      found.push(i);
      regions.nucleus(this.pixels, this.width, this.height, i, seen);
    }
    return found;
  }

  /* Each of these is a step of its own, of one nucleus or, where `index` is null, of all. */

  remove(index) {
    return this.#step(() => this.#setAll(this.#nucleus(index), 0));
  }

  fillHoles(index) {
    const { pixels, width, height } = this;
    return this.#step(() => this.#setAll(index === null
      ? regions.holes(pixels, width, height)
      : regions.holesAt(pixels, width, height, index), 1));
  }

  /** By one pixel; `apart` leaves a gap between nuclei. */
  grow(index, apart) {
    const { pixels, width, height } = this;
    const from = index === null ? null : this.#nucleus(index);
    return this.#step(() => {
      const rim = regions.rim(pixels, width, height, from);
      if (!apart) this.#setAll(rim, 1);
      else if (from) {
        this.keepApart([index]);
        this.#setAll(rim, 1);
      } else this.#growApart(rim);
    });
  }

  /** By one pixel. */
  shrink(index) {
    const from = index === null ? null : this.#nucleus(index);
    return this.#step(() =>
      this.#setAll(regions.skin(this.pixels, this.width, this.height, from), 0));
  }

  /** Back to the model's mask. */
  revert() {
    return this.#step(() => this.cut(this.model, 1));
  }

  undo() {
    return this.#again(this.done, this.undone);
  }

  redo() {
    return this.#again(this.undone, this.done);
  }

  #nucleus(index) {
    return regions.nucleus(this.pixels, this.width, this.height, index);
  }

  /** All nuclei grow at once; a pixel at which two would meet goes to neither. */
  #growApart(rim) {
    const { width, height } = this;
    const label = regions.labels(this.pixels, width, height);
    for (const index of rim) {
      let mine = 0;
      const meets = regions.touches(index, width, height, (at) => {
        mine ||= label[at];
        return label[at] !== 0 && label[at] !== mine;
      });
      if (meets) continue;
      label[index] = mine;
      this.#set(index, 1);
    }
  }

  #step(work) {
    this.begin();
    work();
    return this.end();
  }

  #setAll(indices, value) {
    for (const index of indices) this.#set(index, value);
  }

  #set(index, value) {
    if (this.pixels[index] === value) return;
    if (this.#own && value) {
      if (this.#touchesOthers(index)) return;
      this.#own[index] = 1;
    }
    this.#flip(index);
    // A pixel turned twice in one step is as it was.
    this.#turned[index] ^= 1;
    this.#turnedIn = widened(this.#turnedIn, index % this.width, Math.floor(index / this.width));
  }

  #touchesOthers(index) {
    const other = (at) => this.pixels[at] && !this.#own[at];
    return regions.touches(index, this.width, this.height, other);
  }

  /** What the step under way has turned, as runs of {start, length}; null for nothing. */
  #takeStep() {
    const part = this.#turnedIn;
    this.#turnedIn = null;
    this.#own = null;
    if (!part) return null;
    const runs = [];
    for (let y = part.top; y < part.bottom; y++) {
      const last = y * this.width + part.right;
      for (let i = y * this.width + part.left; i < last; i++) {
        if (!this.#turned[i]) continue;
        const start = i;
        while (i < last && this.#turned[i]) this.#turned[i++] = 0;
        runs.push(start, i - start);
      }
    }
    return runs.length ? new Uint32Array(runs) : null;
  }

  #again(from, to) {
    const step = from.pop();
    if (!step) return false;
    this.#turn(step);
    to.push(step);
    return true;
  }

  #turn(runs) {
    for (let i = 0; i < runs.length; i += 2) {
      for (let at = runs[i]; at < runs[i] + runs[i + 1]; at++) this.#flip(at);
    }
  }

  #flip(index) {
    const value = this.pixels[index] ^= 1;
    this.#dirty = widened(this.#dirty, index % this.width, Math.floor(index / this.width));
    const count = value === this.model[index] ? -1 : 1;
    if (this.model[index]) this.removed += count;
    else this.added += count;
  }
}

/** The rows from one pixel to another. */
function rowsOf(first, last, width) {
  return {
    left: 0, top: Math.floor(first / width), right: width, bottom: Math.floor(last / width) + 1,
  };
}

/** A part of the tile, made to hold a pixel. */
function widened(part, x, y) {
  if (!part) return { left: x, top: y, right: x + 1, bottom: y + 1 };
  if (x < part.left) part.left = x;
  if (y < part.top) part.top = y;
  if (x >= part.right) part.right = x + 1;
  if (y >= part.bottom) part.bottom = y + 1;
  return part;
}

/** A mask's bitmap, grey or 1-bit, as bytes of 0 and 1. */
export const maskBytes = (bitmap) => greyBytes(bitmap, (grey) => (grey > 127 ? 1 : 0));

/** What a grey bitmap says, one byte a pixel: `of` takes a grey of 0 to 255. */
export function greyBytes(bitmap, of) {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const bytes = new Uint8Array(width * height);
  for (let i = 0; i < bytes.length; i++) bytes[i] = of(rgba[4 * i]);
  return bytes;
}
