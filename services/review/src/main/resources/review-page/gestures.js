// Turns mouse, pen and fingers into strokes, pan and zoom.
//
// One finger or the pen uses the tool; two fingers pan and zoom, and take back the stroke that the
// first of them began. Where a pen has drawn, fingers only pan: a hand rests on the glass.

const ERASER = 32;

export class Gestures {
  #canvas;
  #target;
  #pointers = new Map();
  #doing = null;
  #penSeen = false;

  /**
   * `target` has draws(), begin(at, erases), stroke(at), end(), cancel(), pan(dx, dy),
   * zoom(factor, at), hover(at or null), resize(steps) and changed(); places are in the canvas's
   * own pixels, and steps are 1 to grow and -1 to shrink the brush.
   */
  constructor(canvas, target) {
    this.#canvas = canvas;
    this.#target = target;
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', (event) => this.#up(event, false));
    canvas.addEventListener('pointercancel', (event) => this.#up(event, true));
    canvas.addEventListener('pointerleave', () => this.#doing || target.hover(null));
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  /** `stroke`, `pan`, `pinch`, `rest` until all fingers are off the glass, or null. */
  get doing() {
    return this.#doing;
  }

  /** Forgets what is under way: another tile is on show. */
  reset() {
    this.#doing = this.#pointers.size ? 'rest' : null;
  }

  #down(event) {
    const at = this.#at(event);
    if (event.pointerType === 'pen') this.#penSeen = true;
    const second = event.pointerType === 'touch' && this.#pointers.size > 0;
    if (this.#doing && !second) return;
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, at);
    if (second) {
      if (this.#doing === 'stroke') this.#target.cancel();
      if (this.#doing !== 'rest') this.#doing = this.#pointers.size === 2 ? 'pinch' : 'rest';
    } else {
      this.#begin(event, at);
    }
    this.#target.changed();
  }

  #begin(event, at) {
    const finger = event.pointerType === 'touch';
    const pans = event.button === 1 || !this.#target.draws() || (finger && this.#penSeen);
    if (event.button > 2 && !(event.buttons & ERASER)) return;
    this.#doing = pans ? 'pan' : 'stroke';
    if (!finger) this.#target.hover(at);
    if (!pans) {
      const erases = event.button === 2 || Boolean(event.buttons & ERASER);
      this.#target.begin(at, erases);
    }
  }

  #move(event) {
    const at = this.#at(event);
    const before = this.#pointers.get(event.pointerId);
    if (event.pointerType !== 'touch') this.#target.hover(at);
    if (!before) return;
    if (this.#doing === 'stroke') {
      for (const each of event.getCoalescedEvents?.() ?? []) this.#target.stroke(this.#at(each));
      this.#target.stroke(at);
    } else if (this.#doing === 'pan') {
      this.#target.pan(at.x - before.x, at.y - before.y);
    } else if (this.#doing === 'pinch') {
      this.#pinch(event.pointerId, at);
    }
    this.#pointers.set(event.pointerId, at);
  }

  #pinch(id, at) {
    const [[, other]] = [...this.#pointers].filter(([each]) => each !== id);
    const before = this.#pointers.get(id);
    const middle = between(at, other);
    const last = between(before, other);
    this.#target.pan(middle.x - last.x, middle.y - last.y);
    const ratio = distance(at, other) / Math.max(1, distance(before, other));
    if (Number.isFinite(ratio) && ratio > 0) this.#target.zoom(ratio, middle);
  }

  #up(event, cancelled) {
    if (!this.#pointers.delete(event.pointerId)) return;
    const doing = this.#doing;
    // The finger that stays on the glass after two did not mean to draw.
    this.#doing = this.#pointers.size ? 'rest' : null;
    if (doing === 'stroke') {
      if (cancelled) this.#target.cancel();
      else this.#target.end();
    }
    if (event.pointerType === 'touch') this.#target.hover(null);
    this.#target.changed();
  }

  #wheel(event) {
    event.preventDefault();
    if (event.shiftKey) {
      // Browsers turn a wheel with Shift sideways.
      this.#target.resize(Math.sign(-(event.deltaY || event.deltaX)));
      return;
    }
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    // A touchpad's pinch comes as a wheel with Ctrl and small steps.
    const speed = event.ctrlKey ? 0.01 : 0.0016;
    this.#target.zoom(Math.exp(-event.deltaY * lines * speed), this.#at(event));
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) * devicePixelRatio,
      y: (event.clientY - box.top) * devicePixelRatio,
    };
  }
}

const between = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
