// Shows one tile with its layers, and turns the pointer into zoom, pan and strokes.

import { MaskOverlay } from './overlay.js';

const MAX_SCALE = 40;
const ENTROPY_BLOCK = 4;

export class Viewer extends EventTarget {
  #canvas;
  #context;
  #tile = null;
  #overlay = null;
  #scale = 1;
  #offset = { x: 0, y: 0 };
  #fitted = true;
  #pointer = null;
  #drag = null;
  #frame = 0;
  #stale = false;
  #tool = 'pan';
  #holdPan = false;
  layers = { mask: true, maskStyle: 'outline', maskOpacity: 0.45, heat: false, heatOpacity: 0.8 };
  brush = 14;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    canvas.addEventListener('pointerdown', (e) => this.#down(e));
    canvas.addEventListener('pointermove', (e) => this.#move(e));
    canvas.addEventListener('pointerup', (e) => this.#up(e));
    canvas.addEventListener('pointercancel', (e) => this.#up(e));
    canvas.addEventListener('pointerleave', () => this.#leave());
    canvas.addEventListener('wheel', (e) => this.#wheel(e), { passive: false });
    canvas.addEventListener('contextmenu', (e) => e.preventDefault());
    this.#cursor();
  }

  /** `tile` is {image, heat, mask} with bitmaps and an EditableMask, or null for none. */
  show(tile) {
    this.#tile = tile;
    this.#drag = null;
    this.#overlay = tile ? new MaskOverlay(tile.mask) : null;
    this.fit();
    this.#report();
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
    return this.#drag !== null;
  }

  fit() {
    this.#fitted = true;
    if (!this.#tile) return this.draw();
    const { width, height } = this.#canvas;
    const margin = 28 * devicePixelRatio;
    const { mask } = this.#tile;
    const scale = Math.min((width - 2 * margin) / mask.width, (height - 2 * margin) / mask.height);
    this.#scale = Math.min(MAX_SCALE, Math.max(scale, 0.02));
    this.#offset = {
      x: (width - mask.width * this.#scale) / 2,
      y: (height - mask.height * this.#scale) / 2,
    };
    this.draw();
  }

  actualSize() {
    this.zoom(devicePixelRatio / this.#scale);
  }

  /** Zooms about a point of the canvas, its middle without one. */
  zoom(factor, at = { x: this.#canvas.width / 2, y: this.#canvas.height / 2 }) {
    if (!this.#tile) return;
    const scale = Math.min(MAX_SCALE * devicePixelRatio, Math.max(0.05, this.#scale * factor));
    const ratio = scale / this.#scale;
    this.#offset = {
      x: at.x - (at.x - this.#offset.x) * ratio,
      y: at.y - (at.y - this.#offset.y) * ratio,
    };
    this.#scale = scale;
    this.#fitted = false;
    this.draw();
  }

  /** To be called after the mask changed by other means than the pointer. */
  maskChanged() {
    this.#stale = true;
    this.draw();
    this.dispatchEvent(new Event('edit'));
  }

  draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint() {
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#0b0b0b';
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (!this.#tile) return;
    if (this.#stale) this.#overlay.refresh();
    this.#stale = false;
    const { image, heat, mask } = this.#tile;
    const { layers } = this;
    context.setTransform(this.#scale, 0, 0, this.#scale, this.#offset.x, this.#offset.y);
    context.imageSmoothingEnabled = this.#scale < 4;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, mask.width, mask.height);
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
      this.#overlay.draw(
        context, layers.maskStyle, layers.maskOpacity, this.#scale / devicePixelRatio);
    }
    if (this.#pointer && this.#draws()) this.#paintBrush(context);
    this.#report();
  }

  #paintBrush(context) {
    const at = this.#toImage(this.#pointer);
    context.beginPath();
    context.arc(at.x, at.y, this.brush / 2, 0, 2 * Math.PI);
    context.lineWidth = (3 * devicePixelRatio) / this.#scale;
    context.strokeStyle = 'rgba(0, 0, 0, .6)';
    context.stroke();
    context.lineWidth = (1.3 * devicePixelRatio) / this.#scale;
    context.strokeStyle = this.#tool === 'erase' ? '#ef5da8' : '#f2b544';
    context.stroke();
  }

  #draws() {
    return this.#tool !== 'pan' && !this.#holdPan && this.#drag?.kind !== 'pan';
  }

  #down(event) {
    if (!this.#tile || this.#drag) return;
    const at = this.#at(event);
    const pan = this.#tool === 'pan' || this.#holdPan || event.button === 1;
    if (pan ? event.button > 1 : event.button === 1) return;
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointer = at;
    if (pan) {
      this.#drag = { kind: 'pan', last: at };
    } else {
      const value = this.#tool === 'brush' && event.button !== 2 ? 1 : 0;
      const point = this.#toImage(at);
      this.#tile.mask.begin();
      this.#drag = { kind: 'stroke', last: point, value };
      this.#stroke(point);
    }
    this.#cursor();
    this.draw();
  }

  #move(event) {
    const at = this.#at(event);
    this.#pointer = at;
    if (this.#drag?.kind === 'pan') {
      this.#offset.x += at.x - this.#drag.last.x;
      this.#offset.y += at.y - this.#drag.last.y;
      this.#drag.last = at;
      this.#fitted = false;
    } else if (this.#drag) {
      for (const each of event.getCoalescedEvents?.() ?? []) {
        this.#stroke(this.#toImage(this.#at(each)));
      }
      this.#stroke(this.#toImage(at));
    }
    this.draw();
  }

  #up(event) {
    if (!this.#drag) return;
    const stroke = this.#drag.kind === 'stroke';
    this.#drag = null;
    if (this.#canvas.hasPointerCapture(event.pointerId)) {
      this.#canvas.releasePointerCapture(event.pointerId);
    }
    this.#cursor();
    this.draw();
    if (stroke && this.#tile.mask.end()) this.dispatchEvent(new Event('edit'));
  }

  #leave() {
    if (this.#drag) return;
    this.#pointer = null;
    this.draw();
  }

  #wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoom(Math.exp(-event.deltaY * lines * 0.0016), this.#at(event));
  }

  #stroke(point) {
    this.#tile.mask.paint(this.#drag.last, point, this.brush / 2, this.#drag.value);
    this.#drag.last = point;
    this.#stale = true;
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) * devicePixelRatio,
      y: (event.clientY - box.top) * devicePixelRatio,
    };
  }

  #toImage(at) {
    return {
      x: (at.x - this.#offset.x) / this.#scale,
      y: (at.y - this.#offset.y) / this.#scale,
    };
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.max(1, Math.round(clientWidth * devicePixelRatio));
    this.#canvas.height = Math.max(1, Math.round(clientHeight * devicePixelRatio));
    if (this.#fitted) this.fit();
    // A resized canvas is blank: paint now, not a frame later, or it flickers.
    this.#paint();
  }

  #cursor() {
    const panning = this.#drag?.kind === 'pan';
    const draws = this.#tool !== 'pan' && !this.#holdPan && !panning;
    this.#canvas.className = draws ? 'draw' : panning ? 'panning' : 'pan';
  }

  #report() {
    const at = this.#tile && this.#pointer ? this.#toImage(this.#pointer) : null;
    this.dispatchEvent(new CustomEvent('view', {
      detail: { scale: this.#scale / devicePixelRatio, at },
    }));
  }
}
