// Draws a mask: its outline as a path, which stays sharp at any zoom, and its pixels as a tint. The
// outline lies in blocks: a stroke renews the blocks that it touches, however large the tile.

const KEPT = [0x35, 0xe0, 0xc2];
const ADDED = [0xf2, 0xb5, 0x44];
const REMOVED = [0xef, 0x5d, 0xa8];
const OTHERS = [0x8a, 0xb8, 0xff];
const BLOCK = 128;

/**
 * A colour as the four bytes of a pixel.
 * @param {number[]} colour red, green and blue
 */
const word = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
const WORDS = { kept: word(KEPT), added: word(ADDED), removed: word(REMOVED) };

export class MaskOverlay {
  #fill;
  #changes;
  /** One block of each, to be drawn and put in its place. */
  #fillBlock = new ImageData(BLOCK, BLOCK);
  #changesBlock = new ImageData(BLOCK, BLOCK);
  #outline;
  /** The model's mask: its pixels as a tint and its outline, once they are wanted. */
  #modelFill = null;
  #modelOutline = null;
  #other = null;
  #isModels;

  constructor(mask) {
    this.mask = mask;
    this.#isModels = !mask.changed;
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
    if (!dirty) return null;
    // Until now the mask was the model's, and so is what was drawn of it.
    if (this.#isModels) this.#modelOutline = this.#outline.of(this.mask.model);
    this.#isModels = false;
    this.#renew(dirty);
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
    this.drawTint(context, style, opacity);
    if (style !== 'fill') line(context, this.#outline.path(part), KEPT, opacity, scale);
    if (this.#other) line(context, this.#other.path(part), OTHERS, 1, scale);
    context.restore();
  }

  /** Draws the pixels and no outline, which is soon done. */
  drawTint(context, style, opacity) {
    context.imageSmoothingEnabled = false;
    context.globalAlpha = opacity;
    if (style !== 'outline') context.drawImage(this.#fill, 0, 0);
    // What the reviewer changed stays visible where the mask itself is faint.
    context.globalAlpha = Math.max(0.55, opacity);
    context.drawImage(this.#changes, 0, 0);
  }

  /** Draws the model's mask in the same way, as if nobody had changed it. */
  drawModel(context, style, opacity, scale, part) {
    const { model, width, height } = this.mask;
    context.save();
    context.imageSmoothingEnabled = false;
    context.globalAlpha = opacity;
    if (style !== 'outline') {
      this.#modelFill ??= tint(model, width, height);
      context.drawImage(this.#modelFill, 0, 0);
    }
    if (style !== 'fill') {
      this.#modelOutline ??= new Outline(model, width, height);
      line(context, this.#modelOutline.path(part), KEPT, opacity, scale);
    }
    context.restore();
  }

  #renew(part) {
    for (const { left, top } of this.#outline.renew(part)) this.#renewBlock(left, top);
  }

  #renewBlock(left, top) {
    const fill = new Uint32Array(this.#fillBlock.data.buffer);
    const changes = new Uint32Array(this.#changesBlock.data.buffer);
    const { model, pixels, width, height } = this.mask;
    const right = Math.min(width, left + BLOCK);
    const bottom = Math.min(height, top + BLOCK);
    for (let y = top; y < bottom; y++) {
      for (let x = left, to = (y - top) * BLOCK; x < right; x++, to++) {
        const now = pixels[y * width + x];
        const before = model[y * width + x];
        fill[to] = now && before ? WORDS.kept : 0;
        changes[to] = now === before ? 0 : now ? WORDS.added : WORDS.removed;
      }
    }
    this.#fill.getContext('2d').putImageData(this.#fillBlock, left, top);
    this.#changes.getContext('2d').putImageData(this.#changesBlock, left, top);
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

  /** The outline of a mask that is still the same. */
  of(pixels) {
    const same = new Outline(pixels, this.#width, this.#height);
    same.#blocks = this.#blocks.slice();
    return same;
  }

  /**
   * Forgets the blocks that a part touches, and answers where they begin; a pixel's edges may lie in
   * the next block.
   */
  renew(part) {
    return [...this.#touched(part)].map((index) => {
      delete this.#blocks[index];
      return this.#corner(index);
    });
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
    const { left, top } = this.#corner(index);
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

  #corner(index) {
    return {
      left: (index % this.#columns) * BLOCK, top: Math.floor(index / this.#columns) * BLOCK,
    };
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
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) if (pixels[i]) words[i] = WORDS.kept;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
