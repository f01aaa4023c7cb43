// Where a tile lies on the canvas, in the canvas's own pixels.

const MAX_SCALE = 40;
/** Smallest scale, and what a slide takes of the canvas at its own. */
const MIN_SCALE = 0.02;
const SLIDE_PIXELS = 300;

export class Viewport {
  scale = 1;
  x = 0;
  y = 0;
  #least = MIN_SCALE;
  /** Whether the tile is fitted, and so follows the canvas's size. */
  fitted = true;

  /** Fits a tile into what tools leave free: `free` is {left, top, right, bottom}. */
  fit(free, width, height) {
    const w = Math.max(1, free.right - free.left);
    const h = Math.max(1, free.bottom - free.top);
    this.fitted = true;
    this.scale = this.#within(Math.min(w / width, h / height));
    this.x = free.left + (w - width * this.scale) / 2;
    this.y = free.top + (h - height * this.scale) / 2;
  }

  /** Puts a tile's middle in the middle of what is free, at a scale. */
  centre(free, width, height, scale) {
    this.scale = this.#within(scale);
    this.x = (free.left + free.right - width * this.scale) / 2;
    this.y = (free.top + free.bottom - height * this.scale) / 2;
    this.fitted = false;
  }

  /** What lies around the tile reaches over `size` of its pixels, and can be seen whole. */
  reachesTo(size) {
    this.#least = Math.min(MIN_SCALE, (SLIDE_PIXELS * devicePixelRatio) / size);
  }

  /** Another tile lies at {x, y} of this one, `ratio` of its pixels for each: it takes its place. */
  changeTo({ x, y }, ratio) {
    Object.assign(this, this.fromImage({ x, y }));
    this.scale = this.#within(this.scale / ratio);
    this.fitted = false;
  }

  /** Zooms about a point, which stays where it is. */
  zoom(factor, at) {
    const scale = this.#within(this.scale * factor);
    const ratio = scale / this.scale;
    this.x = at.x - (at.x - this.x) * ratio;
    this.y = at.y - (at.y - this.y) * ratio;
    this.scale = scale;
    this.fitted = false;
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.fitted = false;
  }

  /** Pans no further than needed for a place of the tile to lie within what is free. */
  reveal({ x, y }, free) {
    const at = this.fromImage({ x, y });
    const dx = Math.max(0, free.left - at.x) + Math.min(0, free.right - at.x);
    const dy = Math.max(0, free.top - at.y) + Math.min(0, free.bottom - at.y);
    if (dx || dy) this.pan(dx, dy);
    return Boolean(dx || dy);
  }

  toImage({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  /** Where a place of the tile lies on the canvas. */
  fromImage({ x, y }) {
    return { x: x * this.scale + this.x, y: y * this.scale + this.y };
  }

  /** A part of the tile as whole pixels of the canvas, `margin` pixels wider. */
  toCanvas({ left, top, right, bottom }, margin) {
    return {
      left: Math.floor(left * this.scale + this.x - margin),
      top: Math.floor(top * this.scale + this.y - margin),
      right: Math.ceil(right * this.scale + this.x + margin),
      bottom: Math.ceil(bottom * this.scale + this.y + margin),
    };
  }

  #within(scale) {
    return Math.min(MAX_SCALE * devicePixelRatio, Math.max(this.#least, scale));
  }
}
