// The mask that a reviewer edits: its pixels, what the model drew, and the way back.

const UNDO_LIMIT = 200;

export class EditableMask {
  #dirty = null;

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
    this.stroke = null;
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

  /** Begins a stroke that undo takes back as one. */
  begin() {
    this.stroke = new Map();
  }

  /** Ends the stroke; answers whether it changed anything. */
  end() {
    const stroke = this.stroke;
    this.stroke = null;
    if (!stroke?.size) return false;
    this.done.push(Uint32Array.from(stroke.keys()));
    if (this.done.length > UNDO_LIMIT) this.done.shift();
    this.undone.length = 0;
    return true;
  }

  /** Takes a stroke back that has not ended: it was meant as something else. */
  cancel() {
    for (const index of this.stroke?.keys() ?? []) this.#flip(index);
    this.stroke = null;
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

  undo() {
    return this.#step(this.done, this.undone);
  }

  redo() {
    return this.#step(this.undone, this.done);
  }

  /** Back to the model's mask, as one step that undo takes back. */
  revert() {
    this.begin();
    for (let i = 0; i < this.pixels.length; i++) this.#set(i, this.model[i]);
    return this.end();
  }

  #set(index, value) {
    if (this.pixels[index] === value) return;
    this.#flip(index);
    // A pixel changed twice in one stroke is as it was.
    if (!this.stroke.delete(index)) this.stroke.set(index, true);
  }

  #step(from, to) {
    const flipped = from.pop();
    if (!flipped) return false;
    for (const index of flipped) this.#flip(index);
    to.push(flipped);
    return true;
  }

  #flip(index) {
    const value = this.pixels[index] ^= 1;
    this.#touch(index % this.width, Math.floor(index / this.width));
    const count = value === this.model[index] ? -1 : 1;
    if (this.model[index]) this.removed += count;
    else this.added += count;
  }

  #touch(x, y) {
    const dirty = this.#dirty ??= { left: x, top: y, right: x + 1, bottom: y + 1 };
    if (x < dirty.left) dirty.left = x;
    if (y < dirty.top) dirty.top = y;
    if (x >= dirty.right) dirty.right = x + 1;
    if (y >= dirty.bottom) dirty.bottom = y + 1;
  }
}

/** A mask's bitmap, grey or 1-bit, as bytes of 0 and 1. */
export function maskBytes(bitmap) {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const bytes = new Uint8Array(width * height);
  for (let i = 0; i < bytes.length; i++) bytes[i] = rgba[4 * i] > 127 ? 1 : 0;
  return bytes;
}
