// Draws a mask: its outline as a path, which stays sharp at any zoom, and its pixels as a tint. The
// outline lies in blocks: a stroke renews the blocks that it touches, however large the tile.

const KEPT = [0x35, 0xe0, 0xc2];
const ADDED = [0xf2, 0xb5, 0x44];
const REMOVED = [0xef, 0x5d, 0xa8];
const OTHERS = [0x8a, 0xb8, 0xff];
const BLOCK = 128;

export class MaskOverlay {
  #fill;
  #changes;
  #outline;
  #model = null;
  #other = null;

  constructor(mask) {
    this.mask = mask;
    this.#fill = new OffscreenCanvas(mask.width, mask.height);
    this.#changes = new OffscreenCanvas(mask.width, mask.height);
    this.#outline = new Outline(mask.pixels, mask.width, mask.height);
    mask.takeDirty();
    this.#renew({ left: 0, top: 0, right: mask.width, bottom: mask.height });
  }

  /** Another mask of the tile to be shown beside this one, one byte a pixel, or null. */
  set other(pixels) {
    this.#other = pixels && new Outline(pixels, this.mask.width, this.mask.height);
  }

  /** Draws anew what has changed in the mask; answers which part that was, or null. */
  refresh() {
    const dirty = this.mask.takeDirty();
    if (dirty) this.#renew(dirty);
    return dirty;
  }

  /**
   * Draws on a context whose unit is the tile's pixel.
   *
   * `style` is outline, fill or both; `scale` is screen pixels per image pixel; `part` is what is
   * seen of the tile.
   */
  draw(context, style, opacity, scale, part) {
    context.save();
    context.imageSmoothingEnabled = false;
    context.globalAlpha = opacity;
    if (style !== 'outline') context.drawImage(this.#fill, 0, 0);
    // What the reviewer changed stays visible where the mask itself is faint.
    context.globalAlpha = Math.max(0.55, opacity);
    context.drawImage(this.#changes, 0, 0);
    if (style !== 'fill') line(context, this.#outline.path(part), KEPT, opacity, scale);
    if (this.#other) line(context, this.#other.path(part), OTHERS, 1, scale);
    context.restore();
  }

  /** Draws the model's mask in the same way, as if nobody had changed it. */
  drawModel(context, style, opacity, scale, part) {
    const { model, width, height } = this.mask;
    this.#model ??= { fill: tint(model, width, height), outline: new Outline(model, width, height) };
    context.save();
    context.imageSmoothingEnabled = false;
    context.globalAlpha = opacity;
    if (style !== 'outline') context.drawImage(this.#model.fill, 0, 0);
    if (style !== 'fill') line(context, this.#model.outline.path(part), KEPT, opacity, scale);
    context.restore();
  }

  #renew(part) {
    const width = part.right - part.left;
    const height = part.bottom - part.top;
    const fill = new ImageData(width, height);
    const changes = new ImageData(width, height);
    const { model, pixels } = this.mask;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (y + part.top) * this.mask.width + x + part.left;
        const now = pixels[at];
        const before = model[at];
        if (!now && !before) continue;
        if (now === before) put(fill, y * width + x, KEPT);
        else put(changes, y * width + x, now ? ADDED : REMOVED);
      }
    }
    this.#fill.getContext('2d').putImageData(fill, part.left, part.top);
    this.#changes.getContext('2d').putImageData(changes, part.left, part.top);
    this.#outline.renew(part);
  }
}

/** The edges between positive and other pixels, in blocks. */
class Outline {
  #pixels;
  #width;
  #height;
  #columns;
  #blocks = [];

  constructor(pixels, width, height) {
    this.#pixels = pixels;
    this.#width = width;
    this.#height = height;
    this.#columns = Math.floor(width / BLOCK) + 1;
  }

  /** Forgets the blocks that a part touches; a pixel's edges may lie in the next block. */
  renew(part) {
    for (const index of this.#touched(part)) delete this.#blocks[index];
  }

  path(part) {
    const path = new Path2D();
    for (const index of this.#touched(part)) {
      path.addPath(this.#blocks[index] ??= this.#block(index));
    }
    return path;
  }

  * #touched({ left, top, right, bottom }) {
    const at = (value, most) => Math.floor(Math.min(most, Math.max(0, value)) / BLOCK);
    const last = at(right + 1, this.#width);
    for (let y = at(top - 1, this.#height); y <= at(bottom + 1, this.#height); y++) {
      for (let x = at(left - 1, this.#width); x <= last; x++) yield y * this.#columns + x;
    }
  }

  /** Neighbouring edges are joined to runs. */
  #block(index) {
    const path = new Path2D();
    const left = (index % this.#columns) * BLOCK;
    const top = Math.floor(index / this.#columns) * BLOCK;
    // The last edge lies behind the last pixel.
    const right = Math.min(this.#width + 1, left + BLOCK);
    const bottom = Math.min(this.#height + 1, top + BLOCK);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        if (!this.#differ(x, y, x, y - 1)) continue;
        const from = x;
        while (x + 1 < right && this.#differ(x + 1, y, x + 1, y - 1)) x++;
        path.moveTo(from, y);
        path.lineTo(x + 1, y);
      }
    }
    for (let x = left; x < right; x++) {
      for (let y = top; y < bottom; y++) {
        if (!this.#differ(x, y, x - 1, y)) continue;
        const from = y;
        while (y + 1 < bottom && this.#differ(x, y + 1, x - 1, y + 1)) y++;
        path.moveTo(x, from);
        path.lineTo(x, y + 1);
      }
    }
    return path;
  }

  #differ(x, y, u, v) {
    return this.#at(x, y) !== this.#at(u, v);
  }

  #at(x, y) {
    const inside = x >= 0 && x < this.#width && y >= 0 && y < this.#height;
    return inside ? this.#pixels[y * this.#width + x] : 0;
  }
}

/**
 * The heat map for laying over a tile: the less entropy, the more of the tissue shows through. The
 * map's colours get lighter with entropy, so the brightest channel tells how much there is.
 */
export function translucent(heatMap) {
  const { width, height } = heatMap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(heatMap, 0, 0);
  const image = context.getImageData(0, 0, width, height);
  const { data } = image;
  for (let i = 0; i < data.length; i += 4) {
    data[i + 3] = Math.max(data[i], data[i + 1], data[i + 2]);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function line(context, path, colour, opacity, scale) {
  context.globalAlpha = Math.min(1, 0.35 + opacity);
  context.lineCap = 'square';
  context.lineWidth = 3.2 / scale;
  context.strokeStyle = 'rgba(0, 20, 18, .55)';
  context.stroke(path);
  context.lineWidth = 1.6 / scale;
  context.strokeStyle = `rgb(${colour.join(' ')})`;
  context.stroke(path);
}

/** A mask's pixels in the colour of what the model drew. */
function tint(pixels, width, height) {
  const image = new ImageData(width, height);
  for (let i = 0; i < pixels.length; i++) if (pixels[i]) put(image, i, KEPT);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

/** @param {number[]} colour red, green and blue */
function put(image, pixel, colour) {
  const at = 4 * pixel;
  image.data[at] = colour[0];
  image.data[at + 1] = colour[1];
  image.data[at + 2] = colour[2];
  image.data[at + 3] = 255;
}
