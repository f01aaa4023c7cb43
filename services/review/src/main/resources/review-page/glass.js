// What lies over the tile and is no part of it, on a canvas of its own: the brush's ring, the
// keyboard's cursor, an outline that is being drawn, and a word beside the pointer. The tile need
// not be drawn anew while these move.

const DARK = 'rgba(0, 0, 0, .6)';
const PAINTS = '#f2b544';
const ERASES = '#ef5da8';
const ARM = 9;
const DASH = 5;

export class Glass {
  #canvas;
  #context;
  #drawn = null;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
  }

  resize(width, height) {
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#drawn = null;
  }

  /**
   * Draws in place of what was drawn before, all in the canvas's own pixels.
   *
   * `ring` is {x, y, radius}, `cross` {x, y}, `sketch` {points, closed}, `label` {x, y, text}, each
   * or null; `erases` says what colour they have, `shifts` at which distances all of it is repeated.
   */
  draw({ ring, cross, sketch, label, erases, shifts }) {
    const context = this.#context;
    if (this.#drawn) {
      const { left, top, right, bottom } = this.#drawn;
      context.clearRect(left, top, right - left, bottom - top);
    }
    this.#drawn = null;
    context.strokeStyle = erases ? ERASES : PAINTS;
    for (const shift of shifts) {
      context.setTransform(1, 0, 0, 1, shift, 0);
      if (sketch) this.#line(() => outline(context, sketch), around(sketch.points), shift);
      if (sketch?.closed) this.#close(sketch.points);
      if (ring) this.#line(() => circle(context, ring), around([ring], ring.radius), shift);
      if (cross) {
        const arm = ARM * devicePixelRatio;
        this.#line(() => plus(context, cross, arm), around([cross], arm), shift);
      }
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (label) this.#word(label);
  }

  /** A bright line on a dark one is seen on any tissue. */
  #line(path, part, shift) {
    const context = this.#context;
    const colour = context.strokeStyle;
    context.setLineDash([]);
    context.beginPath();
    path();
    context.lineWidth = 3 * devicePixelRatio;
    context.strokeStyle = DARK;
    context.stroke();
    context.lineWidth = 1.3 * devicePixelRatio;
    context.strokeStyle = colour;
    context.stroke();
    this.#spoil(part, shift);
  }

  /** Where the outline will be closed. */
  #close(points) {
    const context = this.#context;
    context.setLineDash([DASH * devicePixelRatio]);
    context.beginPath();
    context.moveTo(points.at(-1).x, points.at(-1).y);
    context.lineTo(points[0].x, points[0].y);
    context.stroke();
  }

  #word({ x, y, text }) {
    const context = this.#context;
    const unit = devicePixelRatio;
    context.font = `${12 * unit}px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    const width = context.measureText(text).width + 14 * unit;
    const height = 22 * unit;
    const left = Math.max(0, Math.min(x + 14 * unit, this.#canvas.width - width));
    const top = Math.max(0, Math.min(y + 14 * unit, this.#canvas.height - height));
    context.fillStyle = 'rgba(20, 20, 20, .88)';
    context.beginPath();
    context.roundRect(left, top, width, height, 5 * unit);
    context.fill();
    context.fillStyle = '#f4f4f4';
    context.fillText(text, left + 7 * unit, top + height / 2 + 0.5 * unit);
    this.#spoil({ left, top, right: left + width, bottom: top + height }, 0);
  }

  #spoil({ left, top, right, bottom }, shift) {
    const margin = 3 * devicePixelRatio;
    const drawn = this.#drawn ?? { left: Infinity, top: Infinity, right: 0, bottom: 0 };
    this.#drawn = {
      left: Math.max(0, Math.min(drawn.left, Math.floor(left + shift - margin))),
      top: Math.max(0, Math.min(drawn.top, Math.floor(top - margin))),
      right: Math.min(this.#canvas.width, Math.max(drawn.right, Math.ceil(right + shift + margin))),
      bottom: Math.min(this.#canvas.height, Math.max(drawn.bottom, Math.ceil(bottom + margin))),
    };
  }
}

function outline(context, { points }) {
  points.forEach(({ x, y }, i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  // One corner is seen too.
  if (points.length === 1) context.lineTo(points[0].x + 1, points[0].y);
}

function circle(context, { x, y, radius }) {
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function plus(context, { x, y }, arm) {
  context.moveTo(x - arm, y);
  context.lineTo(x + arm, y);
  context.moveTo(x, y - arm);
  context.lineTo(x, y + arm);
}

function around(points, radius = 0) {
  const part = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    part.left = Math.min(part.left, x - radius);
    part.top = Math.min(part.top, y - radius);
    part.right = Math.max(part.right, x + radius);
    part.bottom = Math.max(part.bottom, y + radius);
  }
  return part;
}
