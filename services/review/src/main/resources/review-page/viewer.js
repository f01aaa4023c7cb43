// Shows one tile with its layers. A stroke draws anew only what it touched, the pointer nothing.

import { Gestures } from './gestures.js';
import { Glass } from './glass.js';
import { Hand } from './hand.js';
import { MaskOverlay } from './overlay.js';
import { Viewport } from './viewport.js';

const ENTROPY_BLOCK = 4;
const EVERYTHING = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

/** Room around a fitted tile, and what an outline reaches over, in CSS px. */
const MARGIN = 14;
const REACH = 6;

/** One step of the keyboard's cursor and of a view that is panned by keys, in CSS px. */
const CURSOR_STEP = 8;
const PAN_STEP = 60;
const LABEL_MILLIS = 1200;

export class Viewer extends EventTarget {
  #canvas;
  #context;
  #glass;
  #gestures;
  #viewport = new Viewport();
  #tile = null;
  #last = null;
  #overlay = null;
  #neighbours = [];
  #pointer = null;
  #cursor = null;
  #hand = new Hand(() => this.#grip());
  #label = { text: '', until: 0 };
  #frame = 0;
  #damage = null;
  /** Whether the mask changes from frame to frame, and all that lies below it meanwhile. */
  #flows = false;
  #still = null;
  #holdPan = false;
  #view = 'one';
  #divider = 0.5;
  layers = { mask: true, maskStyle: 'outline', maskOpacity: 0.45, heat: false, heatOpacity: 0.8 };
  /** `unit` is what the size counts: pixels of the `tile` or of the `screen`. */
  brush = { size: 14, unit: 'tile', keepsApart: false };
  /**
   * Draws what lies around the tile, as far as `sight` reaches; answers whether there was anything.
   * @type {(context: CanvasRenderingContext2D, sight: object) => boolean}
   */
  ground = () => false;
  #coming = null;
  /** Answers what lies over the canvas's edges, as {left, top, right, bottom} in CSS pixels. */
  insets = () => ({ left: 0, top: 0, right: 0, bottom: 0 });

  /** `glass` is a canvas that lies over the first. */
  constructor(canvas, glass) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#glass = new Glass(glass);
    this.#gestures = new Gestures(canvas, {
      draws: () => this.#draws(),
      begin: (at, erases) => this.#pointed(() => this.#begin(this.#toImage(at), erases)),
      stroke: (at) => this.#move(this.#toImage(at)),
      end: () => this.#end(),
      cancel: () => this.#cancel(),
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, at) => this.zoom(factor, at),
      hover: (at) => this.#hover(at),
      resize: (steps) => this.dispatchEvent(new CustomEvent('resize-brush', { detail: steps })),
      changed: () => this.#style(),
    });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => this.draw());
    this.#style();
  }

  /** `tile` is {alert, image, heat, mask} with bitmaps and an EditableMask, or null for none. */
  show(tile) {
    this.#tile = tile;
    this.#flows = false;
    if (!tile) this.#coming = null;
    this.#hand.drop();
    this.#cursor = null;
    this.#gestures.reset();
    this.#overlay = tile ? new MaskOverlay(tile.mask) : null;
    if (tile) this.#place(tile);
    this.#style();
    this.draw();
  }

  /** What is seen, in the tile's pixels, and how many of the canvas's pixels each has; or null. */
  get sight() {
    const { height } = this.#canvas;
    return this.#tile && this.#sightOf({ left: 0, top: 0, right: this.#paneWidth(), bottom: height });
  }

  /** What lies around the tile reaches over so many of its pixels. */
  reachesTo(size) {
    this.#viewport.reachesTo(size);
  }

  /** Stays where it is until a tile that is seen already takes the place of this one. */
  goTo(tileId) {
    this.#coming = tileId;
  }

  /** Whether it waits for a tile. */
  awaits({ tileId }) {
    return this.#coming === tileId;
  }

  /** What lies around the tile: {image, x, y, width, height} each, in its pixels. */
  set neighbours(neighbours) {
    this.#neighbours = neighbours;
    this.draw();
  }

  /** Another mask of the tile, one byte a pixel, to be shown beside this one; null for none. */
  compare(pixels) {
    if (this.#overlay) this.#overlay.other = pixels;
    this.draw();
  }

  get tool() {
    return this.#hand.tool;
  }

  set tool(tool) {
    this.#hand.tool = tool;
    this.#style();
  }

  /** Pans while held, whatever the tool. */
  set holdPan(hold) {
    this.#holdPan = hold;
    this.#style();
  }

  /** Erases while held, whatever the tool. */
  set holdErase(hold) {
    this.#hand.holdErase = hold;
    this.#style();
  }

  /** Whether a tool is down. */
  get toolIsDown() {
    return this.#hand.drawing;
  }

  /** Whether the mask is being changed at this moment. */
  get drawing() {
    return this.#hand.drawing || this.#flows;
  }

  /** Whether it is being changed, or an outline waits for its next corner. */
  get busy() {
    return this.#hand.busy || this.#flows;
  }

  /**
   * `one` view; `swipe`: the model's mask on the left of a divider and the reviewer's on its right;
   * `split`: the tile twice, the model's mask on the left one.
   */
  get view() {
    return this.#view;
  }

  set view(view) {
    this.#view = view;
    if (this.#viewport.fitted) this.fit();
    this.draw();
  }

  /** Where the divider stands, 0 at the left edge to 1 at the right. */
  set divider(share) {
    this.#divider = share;
    this.draw();
  }

  /** The place of the mask that is pointed at, as the index of its pixel, or null. */
  get indexPointedAt() {
    const at = this.#at();
    return at && this.#tile ? this.#tile.mask.indexAt(at) : null;
  }

  /** The brush's width in pixels of the tile. */
  get diameter() {
    const { size, unit } = this.brush;
    return unit === 'tile' ? size : Math.max(1, size * this.#pixel());
  }

  fit() {
    if (this.#tile) {
      const { width, height } = this.#tile.mask;
      this.#viewport.fit(this.#free(), width, height);
    }
    this.draw();
  }

  actualSize() {
    this.zoom(devicePixelRatio / this.#viewport.scale);
  }

  /** Zooms about a point of the canvas, its middle without one. */
  zoom(factor, at = { x: this.#paneWidth() / 2, y: this.#canvas.height / 2 }) {
    this.#moved(() => this.#viewport.zoom(factor, this.#inPane(at)));
  }

  pan(dx, dy) {
    this.#moved(() => this.#viewport.pan(dx, dy));
  }

  /** To be called after the mask changed by other means than the pointer. */
  maskChanged() {
    if (this.#flows) this.draw();
    this.#flows = false;
    this.#schedule();
    this.dispatchEvent(new Event('edit'));
  }

  /**
   * To be called after each change while the mask changes all over, and `maskChanged` after the
   * last: until then what is added and removed is tinted over the model's outline.
   */
  maskFlows() {
    this.#flows = true;
    this.#schedule();
  }

  /** Draws everything anew at the next frame. */
  draw() {
    this.#damage = EVERYTHING;
    this.#still = null;
    this.#schedule();
  }

  /** Shows a word beside the pointer for a moment. */
  say(text) {
    this.#label = { text, until: performance.now() + LABEL_MILLIS };
    setTimeout(() => this.#schedule(), LABEL_MILLIS + 50);
    this.#schedule();
  }

  /* ---- By keys ---- */

  /** Moves the cursor, and what it draws, by steps; with no tool the view. `fine` is one pixel. */
  step(dx, dy, fine) {
    if (!this.#tile) return;
    if (!this.#draws()) {
      const far = (fine ? 1 : PAN_STEP) * devicePixelRatio;
      this.pan(-dx * far, -dy * far);
      return;
    }
    const { width, height } = this.#tile.mask;
    // It starts where the mouse was, or in the middle.
    const from = this.#at() ?? { x: width / 2, y: height / 2 };
    const by = fine ? 1 : Math.max(1, Math.round(CURSOR_STEP * this.#pixel()));
    this.#putCursor({
      x: Math.floor(within(from.x + dx * by, width)) + 0.5,
      y: Math.floor(within(from.y + dy * by, height)) + 0.5,
    });
  }

  /** Puts the tool down where the cursor is, or lifts it. */
  press() {
    if (!this.#tile || !this.#draws()) return;
    if (this.#hand.drawing) return this.#end();
    const { width, height } = this.#tile.mask;
    this.#putCursor(this.#at() ?? { x: width / 2, y: height / 2 });
    this.#begin(this.#cursor, false);
    // These are done with one press.
    if (['polygon', 'remove'].includes(this.#hand.active)) this.#end();
  }

  /** Puts the cursor on the next nucleus in reading order, or on the one before. */
  seekNucleus(step) {
    if (!this.#tile || this.drawing) return;
    const { mask } = this.#tile;
    const places = mask.nuclei();
    if (!places.length) return;
    const now = this.indexPointedAt ?? (step > 0 ? -1 : mask.pixels.length);
    const next = step > 0
      ? places.find((at) => at > now) ?? places[0]
      : places.findLast((at) => at < now) ?? places.at(-1);
    this.#putCursor({ x: (next % mask.width) + 0.5, y: Math.floor(next / mask.width) + 0.5 });
  }

  /** Takes back what is being drawn and is no part of the mask yet; answers whether there was any. */
  giveUp() {
    const { busy } = this.#hand;
    this.#hand.drop();
    this.#schedule();
    return busy;
  }

  /** Takes the last corner of a polygon back; answers whether there was one. */
  takeCornerBack() {
    this.#schedule();
    return this.#hand.takeCornerBack();
  }

  #putCursor(at) {
    this.#cursor = at;
    this.#pointer = null;
    if (this.#viewport.reveal(at, this.#free())) this.draw();
    this.#hand.move(at);
    this.#schedule();
  }

  /* ---- The pen ---- */

  #grip() {
    return { diameter: this.diameter, keepsApart: this.brush.keepsApart, pixel: this.#pixel() };
  }

  /** The mouse or a finger takes over from the keyboard. */
  #pointed(begin) {
    this.#end();
    this.#cursor = null;
    begin();
  }

  #begin(at, erases) {
    this.#hand.begin(this.#tile.mask, at, erases);
    if (this.#hand.holdErase) this.dispatchEvent(new Event('erased'));
    this.#schedule();
  }

  #move(at) {
    this.#hand.move(at);
    this.#schedule();
  }

  #end() {
    const changed = this.#hand.end();
    this.#schedule();
    if (changed) this.dispatchEvent(new Event('edit'));
  }

  #cancel() {
    this.#hand.cancel();
    this.#schedule();
  }

  /* ---- Where things are ---- */

  /** A tile comes at the magnification of the one before, unless that was fitted. */
  #place({ alert, mask: { width, height } }) {
    const last = this.#last;
    const microns = alert?.micronsPerPixel ?? null;
    this.#last = { alert, tileId: alert?.tileId, width, height, microns };
    if (last && alert && this.awaits(alert)) {
      const { x, y, downsample } = last.alert;
      this.#viewport.changeTo(
        { x: (alert.x - x) / downsample, y: (alert.y - y) / downsample }, downsample / alert.downsample);
      this.#coming = null;
      return;
    }
    this.#coming = null;
    if (this.#viewport.fitted || !last) return this.fit();
    const same = last.tileId === alert?.tileId && last.width === width && last.height === height;
    if (same) return;
    const ratio = microns && last.microns ? microns / last.microns : 1;
    this.#viewport.centre(this.#free(), width, height, this.#viewport.scale * ratio);
  }

  /** What is pointed at in the tile's pixels: by the keyboard's cursor or by the pointer. */
  #at() {
    return this.#cursor ?? (this.#pointer && this.#toImage(this.#pointer));
  }

  /** How large a CSS pixel is in the tile's. */
  #pixel() {
    return devicePixelRatio / this.#viewport.scale;
  }

  #toImage(at) {
    return this.#viewport.toImage(this.#inPane(at));
  }

  /** A part of a pane in the tile's pixels. */
  #sightOf({ left, top, right, bottom }) {
    const from = this.#viewport.toImage({ x: left, y: top });
    const to = this.#viewport.toImage({ x: right, y: bottom });
    return { left: from.x, top: from.y, right: to.x, bottom: to.y, scale: this.#viewport.scale };
  }

  #paneWidth() {
    return this.#view === 'split' ? Math.floor(this.#canvas.width / 2) : this.#canvas.width;
  }

  /** How far the reviewer's mask is drawn to the right of the model's. */
  #shift() {
    return this.#view === 'split' ? this.#paneWidth() : 0;
  }

  #inPane({ x, y }) {
    return { x: x >= this.#shift() ? x - this.#shift() : x, y };
  }

  #free() {
    const { height } = this.#canvas;
    const { left, top, right, bottom } = this.insets();
    const px = (value) => (value + MARGIN) * devicePixelRatio;
    return {
      left: px(left), top: px(top), right: this.#paneWidth() - px(right), bottom: height - px(bottom),
    };
  }

  #moved(move) {
    if (!this.#tile) return;
    move();
    this.draw();
  }

  /* ---- Drawing ---- */

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const changed = this.#overlay?.refresh();
    if (this.#flows) this.#paintFlow();
    else if (changed) this.#spoil(changed);
    const damage = this.#damage;
    this.#damage = null;
    if (damage) this.#repaint(this.#context, damage);
    this.#paintGlass();
    this.#report();
  }

  #spoil(changed) {
    const reach = REACH * devicePixelRatio + this.#viewport.scale;
    const part = this.#viewport.toCanvas(changed, reach);
    const shift = this.#shift();
    const damage = this.#damage ?? { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    this.#damage = {
      left: Math.min(damage.left, part.left + shift),
      top: Math.min(damage.top, part.top),
      right: Math.max(damage.right, part.right + shift),
      bottom: Math.max(damage.bottom, part.bottom),
    };
  }

  /** The parts of the canvas that show the tile, each with a mask of its own. */
  #panes() {
    const { width, height } = this.#canvas;
    if (this.#view === 'one') return [{ left: 0, right: width, bottom: height, shift: 0, model: false }];
    const middle = this.#view === 'split' ? this.#paneWidth() : Math.round(width * this.#divider);
    return [
      { left: 0, right: middle, bottom: height, shift: 0, model: true },
      { left: middle, right: width, bottom: height, shift: this.#shift(), model: false },
    ];
  }

  /** What lies below the mask is drawn once for all frames. */
  #paintFlow() {
    const { width, height } = this.#canvas;
    if (!this.#still) {
      this.#still = new OffscreenCanvas(width, height);
      this.#repaint(this.#still.getContext('2d', { alpha: false }), EVERYTHING);
    }
    this.#damage = null;
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#still, 0, 0);
    const { left, right, bottom, shift } = this.#panes().at(-1);
    const { scale, x, y } = this.#viewport;
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, bottom);
    context.clip();
    context.setTransform(scale, 0, 0, scale, x + shift, y);
    this.#overlay.drawTint(context, this.layers.maskStyle, this.layers.maskOpacity);
    context.restore();
  }

  #repaint(context, damage) {
    for (const pane of this.#panes()) {
      const left = Math.max(pane.left, damage.left);
      const top = Math.max(0, damage.top);
      const right = Math.min(pane.right, damage.right);
      const bottom = Math.min(pane.bottom, damage.bottom);
      if (left < right && top < bottom) this.#paintPane(context, pane, { left, top, right, bottom });
    }
  }

  #paintPane(context, pane, { left, top, right, bottom }) {
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.fillStyle = getComputedStyle(this.#canvas).backgroundColor;
    context.fillRect(left, top, right - left, bottom - top);
    if (this.#tile) {
      const shift = pane.shift;
      this.#paintTile(context, pane, this.#sightOf({ left: left - shift, top, right: right - shift, bottom }));
    }
    context.restore();
  }

  #paintTile(context, pane, part) {
    const { image, heat, mask } = this.#tile;
    const { layers } = this;
    const { scale, x, y } = this.#viewport;
    context.setTransform(scale, 0, 0, scale, x + pane.shift, y);
    context.imageSmoothingEnabled = scale < 4;
    context.imageSmoothingQuality = 'high';
    if (!this.#isWithin(part)) this.#paintAround(context, part);
    // The picture of a tile that was left is gone.
    if (image?.width) context.drawImage(image, 0, 0, mask.width, mask.height);
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
    if (!layers.mask) return;
    const style = this.#flows && !pane.model ? 'outline' : layers.maskStyle;
    const how = [context, style, layers.maskOpacity, scale / devicePixelRatio, part];
    if (pane.model || this.#flows) this.#overlay.drawModel(...how);
    else this.#overlay.draw(...how);
  }

  #isWithin({ left, top, right, bottom }) {
    const { width, height } = this.#tile.mask;
    return left >= 0 && top >= 0 && right <= width && bottom <= height;
  }

  /** They are as bright as the tile; a line of one pixel says where it ends. */
  #paintAround(context, part) {
    if (!this.ground(context, part) && !this.#neighbours.length) return;
    for (const { image, x, y, width, height } of this.#neighbours) {
      context.drawImage(image, x, y, width, height);
    }
    const { width, height } = this.#tile.mask;
    const line = 1 / this.#viewport.scale;
    context.lineWidth = line;
    context.strokeStyle = '#000';
    context.strokeRect(-line / 2, -line / 2, width + line, height + line);
    context.strokeStyle = '#fff';
    context.strokeRect(-1.5 * line, -1.5 * line, width + 3 * line, height + 3 * line);
  }

  #paintGlass() {
    const at = this.#tile && this.#draws() ? this.#at() : null;
    const place = at && this.#viewport.fromImage(at);
    const { brushes, sketch, erases } = this.#hand;
    const told = performance.now() < this.#label.until;
    this.#glass.draw({
      ring: place && brushes
        ? { ...place, radius: (this.diameter / 2) * this.#viewport.scale } : null,
      cross: place && this.#cursor ? place : null,
      sketch: sketch && this.#sketched(sketch, at),
      label: told ? { ...this.#labelPlace(place), text: this.#label.text } : null,
      erases,
      shifts: this.#view === 'split' ? [0, this.#shift()] : [0],
    });
  }

  /** A polygon reaches to the pointer. */
  #sketched({ points, closed }, at) {
    const all = closed || !at ? points : [...points, at];
    return { points: all.map((point) => this.#viewport.fromImage(point)), closed };
  }

  #labelPlace(place) {
    const { width, height } = this.#canvas;
    const at = place ?? { x: this.#paneWidth() / 2, y: height / 2 };
    const x = this.#pointer && this.#pointer.x >= this.#shift() ? at.x + this.#shift() : at.x;
    return { x: Math.min(x, width), y: at.y };
  }

  #draws() {
    const moves = ['pan', 'pinch', 'rest'].includes(this.#gestures?.doing);
    const free = !this.#holdPan && !this.#flows && !moves;
    return this.#tile !== null && this.#hand.active !== 'pan' && free;
  }

  #hover(at) {
    if (at && !this.#hand.drawing) this.#cursor = null;
    this.#pointer = at;
    this.#schedule();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.max(1, Math.round(clientWidth * devicePixelRatio));
    this.#canvas.height = Math.max(1, Math.round(clientHeight * devicePixelRatio));
    this.#glass.resize(this.#canvas.width, this.#canvas.height);
    if (this.#viewport.fitted) this.fit();
    // A resized canvas is blank: paint now, not a frame later, or it flickers.
    this.#damage = EVERYTHING;
    this.#paint();
  }

  #style() {
    const { doing } = this.#gestures;
    const moving = doing === 'pan' || doing === 'pinch';
    const draws = this.#hand.brushes ? 'draw' : 'cross';
    this.#canvas.className = this.#draws() ? draws : moving ? 'panning' : 'pan';
    this.#schedule();
  }

  #report() {
    const at = this.#tile ? this.#at() : null;
    this.dispatchEvent(new CustomEvent('view', {
      detail: { shown: this.#tile !== null, scale: this.#viewport.scale / devicePixelRatio, at },
    }));
  }
}

const within = (value, size) => Math.min(size - 0.5, Math.max(0.5, value));
