// Draws a mask: its outline as a path, which stays sharp at any zoom, and its pixels as a tint.

const KEPT = [0x35, 0xe0, 0xc2];
const ADDED = [0xf2, 0xb5, 0x44];
const REMOVED = [0xef, 0x5d, 0xa8];

export class MaskOverlay {
  constructor(mask) {
    this.mask = mask;
    this.fill = new OffscreenCanvas(mask.width, mask.height);
    this.changes = new OffscreenCanvas(mask.width, mask.height);
    this.refresh();
  }

  /** Draws the pixels anew after the mask changed. */
  refresh() {
    const { width, height, model, pixels } = this.mask;
    const fill = new ImageData(width, height);
    const changes = new ImageData(width, height);
    for (let i = 0; i < pixels.length; i++) {
      const now = pixels[i];
      const before = model[i];
      if (!now && !before) continue;
      if (now === before) put(fill, i, KEPT);
      else put(changes, i, now ? ADDED : REMOVED);
    }
    this.fill.getContext('2d').putImageData(fill, 0, 0);
    this.changes.getContext('2d').putImageData(changes, 0, 0);
    this.path = outline(this.mask);
  }

  /** `style` is outline, fill or both; `scale` is screen pixels per image pixel. */
  draw(context, style, opacity, scale) {
    context.save();
    context.imageSmoothingEnabled = false;
    context.globalAlpha = opacity;
    if (style !== 'outline') context.drawImage(this.fill, 0, 0);
    // What the reviewer changed stays visible where the mask itself is faint.
    context.globalAlpha = Math.max(0.55, opacity);
    context.drawImage(this.changes, 0, 0);
    if (style !== 'fill') {
      context.globalAlpha = Math.min(1, 0.35 + opacity);
      context.lineCap = 'square';
      context.lineWidth = 3.2 / scale;
      context.strokeStyle = 'rgba(0, 20, 18, .55)';
      context.stroke(this.path);
      context.lineWidth = 1.6 / scale;
      context.strokeStyle = `rgb(${KEPT.join(' ')})`;
      context.stroke(this.path);
    }
    context.restore();
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

function put(image, pixel, [r, g, b]) {
  const at = 4 * pixel;
  image.data[at] = r;
  image.data[at + 1] = g;
  image.data[at + 2] = b;
  image.data[at + 3] = 255;
}

/** The edges between positive and other pixels, neighbouring edges joined to runs. */
function outline({ width, height, pixels }) {
  const path = new Path2D();
  const at = (x, y) => (x >= 0 && x < width && y >= 0 && y < height ? pixels[y * width + x] : 0);
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x < width; x++) {
      if (at(x, y) === at(x, y - 1)) continue;
      const from = x;
      while (x + 1 < width && at(x + 1, y) !== at(x + 1, y - 1)) x++;
      path.moveTo(from, y);
      path.lineTo(x + 1, y);
    }
  }
  for (let x = 0; x <= width; x++) {
    for (let y = 0; y < height; y++) {
      if (at(x, y) === at(x - 1, y)) continue;
      const from = y;
      while (y + 1 < height && at(x, y + 1) !== at(x - 1, y + 1)) y++;
      path.moveTo(x, from);
      path.lineTo(x, y + 1);
    }
  }
  return path;
}
