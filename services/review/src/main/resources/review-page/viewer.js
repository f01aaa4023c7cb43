// Shows one tile with its layers. A stroke and the pointer draw anew only what they touched.

import { Gestures } from './gestures.js';
import { MaskOverlay } from './overlay.js';
import { Viewport } from './viewport.js';

const ENTROPY_BLOCK = 4;
const EVERYTHING = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

/** Room around a fitted tile, and what an outline and the pointer's ring reach over, in CSS px. */
const MARGIN = 14;
const REACH = 6;

export class Viewer extends EventTarget {
  #canvas;
  #context;
  #gestures;
  #viewport = new Viewport();
  #tile = null;
  #overlay = null;
  #pointer = null;
  #ring = null;
  #stroke = null;
  #frame = 0;
  #damage = null;
  #tool = 'pan';
  #holdPan = false;
  layers = { mask: true, maskStyle: 'outline', maskOpacity: 0.45, heat: false, heatOpacity: 0.8 };
  brush = 14;
  /** Answers what lies over the canvas's edges, as {left, top, right, bottom} in CSS pixels. */
  insets = () => ({ left: 0, top: 0, right: 0, bottom: 0 });

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#gestures = new Gestures(canvas, {
      draws: () => this.#draws(),
      begin: (at, erases) => this.#begin(at, erases),
      stroke: (at) => this.#draw(at),
      end: () => this.#end(),
      cancel: () => this.#cancel(),
      pan: (dx, dy) => this.#moved(() => this.#viewport.pan(dx, dy)),
      zoom: (factor, at) => this.zoom(factor, at),
      hover: (at) => this.#hover(at),
      resize: (steps) => this.dispatchEvent(new CustomEvent('resize-brush', { detail: steps })),
      changed: () => this.#cursor(),
    });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => this.draw());
    this.#cursor();
  }

  /** `tile` is {image, heat, mask} with bitmaps and an EditableMask, or null for none. */
  show(tile) {
    this.#tile = tile;
    this.#stroke = null;
    this.#gestures.reset();
    this.#overlay = tile ? new MaskOverlay(tile.mask) : null;
    this.fit();
    this.#cursor();
  }

  /** Another mask of the tile, one byte a pixel, to be shown beside this one; null for none. */
  compare(pixels) {
    if (this.#overlay) this.#overlay.other = pixels;
    this.draw();
  }

  get tool() {
    return this.#tool;
  }

  set tool(tool) {
    this.#tool = tool;
    this.#cursor();
    this.draw();
  }

  /** Pans while held, whatever the tool. */
  set holdPan(hold) {
    this.#holdPan = hold;
    this.#cursor();
    this.draw();
  }

  get drawing() {
    return this.#stroke !== null;
  }

  /** Where the tile lies on the page, in CSS pixels; null where none is shown. */
  get tileBox() {
    if (!this.#tile) return null;
    const { left, top } = this.#canvas.getBoundingClientRect();
    const { scale, x, y } = this.#viewport;
    const { width, height } = this.#tile.mask;
    const css = (value) => value / devicePixelRatio;
    return {
      x: left + css(x), y: top + css(y), width: css(width * scale), height: css(height * scale),
    };
  }

  fit() {
    if (this.#tile) {
      const { width, height } = this.#tile.mask;
      this.#viewport.fit(this.#free(), width, height);
    } else {
      this.#viewport.fitted = true;
    }
    this.draw();
  }

  actualSize() {
    this.zoom(devicePixelRatio / this.#viewport.scale);
  }

  /** Zooms about a point of the canvas, its middle without one. */
  zoom(factor, at = { x: this.#canvas.width / 2, y: this.#canvas.height / 2 }) {
    this.#moved(() => this.#viewport.zoom(factor, at));
  }

  /** To be called after the mask changed by other means than the pointer. */
  maskChanged() {
    this.#schedule();
    this.dispatchEvent(new Event('edit'));
  }

  /** Draws everything anew at the next frame. */
  draw() {
    this.#damage = EVERYTHING;
    this.#schedule();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #moved(move) {
    if (!this.#tile) return;
    move();
    this.draw();
  }

  #free() {
    const { width, height } = this.#canvas;
    const { left, top, right, bottom } = this.insets();
    const px = (value) => (value + MARGIN) * devicePixelRatio;
    return { left: px(left), top: px(top), right: width - px(right), bottom: height - px(bottom) };
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const reach = REACH * devicePixelRatio + this.#viewport.scale;
    const changed = this.#overlay?.refresh();
    if (changed) this.#spoil(this.#viewport.toCanvas(changed, reach));
    this.#moveRing(reach);
    const damage = this.#damage;
    this.#damage = null;
    if (damage) this.#repaint(damage);
    this.#report();
  }

  /** The pointer's ring leaves one place and comes to another. */
  #moveRing(reach) {
    const shown = Boolean(this.#tile && this.#pointer && this.#draws());
    const { x, y } = shown ? this.#viewport.toImage(this.#pointer) : {};
    const half = this.brush / 2;
    const ring = shown
      ? this.#viewport.toCanvas({ left: x - half, top: y - half, right: x + half, bottom: y + half }, reach)
      : null;
    if (this.#ring) this.#spoil(this.#ring);
    if (ring) this.#spoil(ring);
    this.#ring = ring;
  }

  #spoil(part) {
    const damage = this.#damage;
    this.#damage = damage ? {
      left: Math.min(damage.left, part.left),
      top: Math.min(damage.top, part.top),
      right: Math.max(damage.right, part.right),
      bottom: Math.max(damage.bottom, part.bottom),
    } : part;
  }

  #repaint(damage) {
    const context = this.#context;
    const left = Math.max(0, damage.left);
    const top = Math.max(0, damage.top);
    const right = Math.min(this.#canvas.width, damage.right);
    const bottom = Math.min(this.#canvas.height, damage.bottom);
    if (left >= right || top >= bottom) return;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.fillStyle = getComputedStyle(this.#canvas).backgroundColor;
    context.fillRect(left, top, right - left, bottom - top);
    if (this.#tile) this.#paintTile(context, left, top, right, bottom);
    context.restore();
  }

  #paintTile(context, left, top, right, bottom) {
    const { image, heat, mask } = this.#tile;
    const { layers } = this;
    const { scale, x, y } = this.#viewport;
    context.setTransform(scale, 0, 0, scale, x, y);
    context.imageSmoothingEnabled = scale < 4;
    context.imageSmoothingQuality = 'high';
    if (image) context.drawImage(image, 0, 0, mask.width, mask.height);
    if (heat && layers.heat) {
      context.save();
      context.beginPath();
      context.rect(0, 0, mask.width, mask.height);
      context.clip();
      context.globalAlpha = layers.heatOpacity;
      context.imageSmoothingEnabled = true;
      context.drawImage(heat, 0, 0, heat.width * ENTROPY_BLOCK, heat.height * ENTROPY_BLOCK);
      context.restore();
    }
    if (layers.mask) {
      const from = this.#viewport.toImage({ x: left, y: top });
      const to = this.#viewport.toImage({ x: right, y: bottom });
      const part = { left: from.x, top: from.y, right: to.x, bottom: to.y };
      this.#overlay.draw(
        context, layers.maskStyle, layers.maskOpacity, scale / devicePixelRatio, part);
    }
    if (this.#ring) this.#paintRing(context);
  }

  #paintRing(context) {
    const { scale } = this.#viewport;
    const at = this.#viewport.toImage(this.#pointer);
    context.beginPath();
    context.arc(at.x, at.y, this.brush / 2, 0, 2 * Math.PI);
    context.lineWidth = (3 * devicePixelRatio) / scale;
    context.strokeStyle = 'rgba(0, 0, 0, .6)';
    context.stroke();
    context.lineWidth = (1.3 * devicePixelRatio) / scale;
    context.strokeStyle = this.#tool === 'erase' ? '#ef5da8' : '#f2b544';
    context.stroke();
  }

  #draws() {
    const moves = ['pan', 'pinch', 'rest'].includes(this.#gestures?.doing);
    return this.#tile !== null && this.#tool !== 'pan' && !this.#holdPan && !moves;
  }

  #hover(at) {
    this.#pointer = at;
    this.#schedule();
  }

  #begin(at, erases) {
    const point = this.#viewport.toImage(at);
    this.#tile.mask.begin();
    this.#stroke = { last: point, value: this.#tool === 'brush' && !erases ? 1 : 0 };
    this.#draw(at);
  }

  #draw(at) {
    const stroke = this.#stroke;
    if (!stroke) return;
    const point = this.#viewport.toImage(at);
    this.#tile.mask.paint(stroke.last, point, this.brush / 2, stroke.value);
    stroke.last = point;
    this.#schedule();
  }

  #end() {
    const drawn = this.#stroke && this.#tile.mask.end();
    this.#stroke = null;
    if (drawn) this.dispatchEvent(new Event('edit'));
  }

  #cancel() {
    if (!this.#stroke) return;
    this.#stroke = null;
    this.#tile.mask.cancel();
    this.#schedule();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.max(1, Math.round(clientWidth * devicePixelRatio));
    this.#canvas.height = Math.max(1, Math.round(clientHeight * devicePixelRatio));
    if (this.#viewport.fitted) this.fit();
    // A resized canvas is blank: paint now, not a frame later, or it flickers.
    this.#damage = EVERYTHING;
    this.#paint();
  }

  #cursor() {
    const { doing } = this.#gestures;
    const moving = doing === 'pan' || doing === 'pinch';
    this.#canvas.className = this.#draws() ? 'draw' : moving ? 'panning' : 'pan';
    this.#schedule();
  }

  #report() {
    const at = this.#tile && this.#pointer ? this.#viewport.toImage(this.#pointer) : null;
    this.dispatchEvent(new CustomEvent('view', {
      detail: { shown: this.#tile !== null, scale: this.#viewport.scale / devicePixelRatio, at },
    }));
  }
}
