// The tools that work on the mask. Each is begun at a place, moved and ended; places are in the
// tile's pixels. What a tool has not finished is its sketch, drawn over the tile and not in it.

/** Screen pixels within which a place counts as another. */
const NEAR = 8;

/**
 * Each pen takes a mask and a grip, which says what is set at the moment: {diameter, keepsApart,
 * pixel}, in the tile's pixels; `pixel` is the size of a screen pixel.
 */
class Pen {
  /** What pixels are set to, 0 or 1. */
  value = 1;

  constructor(mask, grip) {
    this.mask = mask;
    this.grip = grip;
  }

  /** {points, closed} in the tile's pixels, or null. */
  get sketch() {
    return null;
  }

  /** Whether it is used in several goes, and waits for the next. */
  get waits() {
    return false;
  }

  /** Whether what is under way takes away. */
  get erases() {
    return this.value === 0;
  }

  /** A closed outline becomes part of the mask, or leaves it. */
  fill(outline, value) {
    this.mask.begin();
    if (value && this.grip().keepsApart) {
      const first = this.mask.indexAt(outline[0]);
      this.mask.keepApart([...this.mask.mostlyWithin(outline), ...first === null ? [] : [first]]);
    }
    this.mask.fill(outline, value);
    return this.mask.end();
  }
}

export class Brush extends Pen {
  #last;

  begin(at, erases) {
    this.value = erases ? 0 : 1;
    this.#last = at;
    this.mask.begin();
    const index = this.mask.indexAt(at);
    if (this.value && this.grip().keepsApart) this.mask.keepApart(index === null ? [] : [index]);
    this.move(at);
  }

  move(at) {
    this.mask.paint(this.#last, at, this.grip().diameter / 2, this.value);
    this.#last = at;
  }

  /** Answers whether the mask has changed. */
  end() {
    return this.mask.end();
  }

  cancel() {
    this.mask.cancel();
  }
}

export class Lasso extends Pen {
  #points = [];

  get sketch() {
    return { points: this.#points, closed: true };
  }

  begin(at, erases) {
    this.value = erases ? 0 : 1;
    this.#points = [at];
  }

  move(at) {
    // A pointer tells of a place again and again.
    if (far(at, this.#points.at(-1), this.grip().pixel / 2)) this.#points.push(at);
  }

  end() {
    return this.fill(this.#points, this.value);
  }

  cancel() {
    this.#points = [];
  }
}

/** Each go sets a corner; one at the first corner, or twice at the last, closes the outline. */
export class Polygon extends Pen {
  #points = [];
  #closes = false;

  get sketch() {
    return { points: this.#points, closed: false };
  }

  get waits() {
    return this.#points.length > 0;
  }

  begin(at, erases) {
    const near = NEAR * this.grip().pixel;
    const points = this.#points;
    this.#closes = points.length > 2
      && (!far(at, points[0], near) || !far(at, points.at(-1), near));
    if (this.#closes) return;
    if (!points.length) this.value = erases ? 0 : 1;
    points.push(at);
  }

  /** The corner follows until the button is let go. */
  move(at) {
    if (!this.#closes) this.#points[this.#points.length - 1] = at;
  }

  end() {
    return this.#closes && this.close();
  }

  close() {
    const outline = this.#points;
    this.#points = [];
    this.#closes = false;
    return outline.length > 2 && this.fill(outline, this.value);
  }

  /** Takes the last corner back. */
  cancel() {
    if (!this.#closes) this.#points.pop();
    this.#closes = false;
  }
}

/** Takes out every nucleus that it touches. */
export class Remover extends Pen {
  #last;

  begin(at) {
    this.#last = at;
    this.mask.begin();
    this.move(at);
  }

  move(at) {
    this.mask.removeAlong(this.#last, at);
    this.#last = at;
  }

  end() {
    return this.mask.end();
  }

  cancel() {
    this.mask.cancel();
  }
}

/** What each tool works with; with `pan` none does. */
export const PENS = { brush: Brush, erase: Brush, lasso: Lasso, polygon: Polygon, remove: Remover };

const far = (a, b, distance) => Math.hypot(a.x - b.x, a.y - b.y) > distance;
