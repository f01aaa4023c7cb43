// Where a tile lies on the canvas, in the canvas's own pixels.

const MAX_SCALE = 40;
const MIN_SCALE = 0.02;

export class Viewport {
  scale = 1;
  x = 0;
  y = 0;
  /** Whether the tile is fitted, and so follows the canvas's size. */
  fitted = true;

  /** Fits a tile into what tools leave free: `free` is {left, top, right, bottom}. */
  fit(free, width, height) {
    const w = Math.max(1, free.right - free.left);
    const h = Math.max(1, free.bottom - free.top);
    this.fitted = true;
    this.scale = within(Math.min(w / width, h / height));
    this.x = free.left + (w - width * this.scale) / 2;
    this.y = free.top + (h - height * this.scale) / 2;
  }

  /** Puts a tile's middle in the middle of what is free, at a scale. */
  centre(free, width, height, scale) {
    this.scale = within(scale);
    this.x = (free.left + free.right - width * this.scale) / 2;
    this.y = (free.top + free.bottom - height * this.scale) / 2;
    this.fitted = false;
  }

  /** Zooms about a point, which stays where it is. */
  zoom(factor, at) {
    const scale = within(this.scale * factor);
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
}

const within = (scale) => Math.min(MAX_SCALE * devicePixelRatio, Math.max(MIN_SCALE, scale));
