// A list of rows that draws only those in sight, however many there are.

const BEYOND = 6;

export class Rows {
  #list;
  #height;
  #draw;
  #items = [];
  /** Where each row begins, and where the last one ends. */
  #tops = new Float64Array(1);
  #nodes = new Map();
  #spacer = document.createElement('li');
  #frame = 0;

  /**
   * `list` scrolls; `height(items, index)` is a row's, in CSS pixels; `draw(item, node, index)`
   * answers the row's node, made anew where there is none and otherwise brought up to date. Items
   * have an `id`.
   */
  constructor(list, height, draw) {
    this.#list = list;
    this.#height = height;
    this.#draw = draw;
    this.#spacer.className = 'spacer';
    this.#spacer.setAttribute('role', 'presentation');
    list.append(this.#spacer);
    list.addEventListener('scroll', () => this.#soon());
    new ResizeObserver(() => this.#soon()).observe(list);
  }

  /** Shows these, in this order; the array may be changed, and then told of by `changed`. */
  show(items) {
    this.#items = items;
    this.changed();
  }

  changed() {
    this.#measure();
    this.#render();
  }

  /** The first row that is wholly or partly in sight. */
  get first() {
    return this.#at(this.#list.scrollTop);
  }

  /** A row has come or gone above what is looked at: that stays where it is. */
  shift() {
    const before = this.#tops.at(-1);
    this.#measure();
    this.#list.scrollTop += this.#tops.at(-1) - before;
  }

  /** Brings a row into sight. */
  reveal(index) {
    const top = this.#tops[index];
    const bottom = this.#tops[index + 1];
    const { scrollTop, clientHeight } = this.#list;
    if (top < scrollTop) this.#list.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) this.#list.scrollTop = bottom - clientHeight;
    this.#render();
  }

  node(id) {
    return this.#nodes.get(id);
  }

  #measure() {
    const tops = new Float64Array(this.#items.length + 1);
    for (let i = 0; i < this.#items.length; i++) tops[i + 1] = tops[i] + this.#height(this.#items, i);
    this.#tops = tops;
    this.#spacer.style.height = `${tops.at(-1)}px`;
  }

  /** The row that lies at a height. */
  #at(y) {
    let from = 0;
    let to = this.#tops.length - 1;
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (this.#tops[middle] <= y) from = middle;
      else to = middle;
    }
    return from;
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render(true);
    });
  }

  /** Where the list was only scrolled, rows that are there already are as they were. */
  #render(scrolled = false) {
    const from = Math.max(0, this.first - BEYOND);
    const last = this.#at(this.#list.scrollTop + this.#list.clientHeight) + BEYOND;
    const shown = this.#items.slice(from, last + 1);
    const nodes = new Map();
    let before = this.#spacer;
    shown.forEach((item, i) => {
      const drawn = this.#nodes.get(item.id);
      const node = scrolled && drawn ? drawn : this.#draw(item, drawn, from + i);
      if (node !== drawn || !scrolled) {
        node.style.top = `${this.#tops[from + i]}px`;
        node.setAttribute('aria-posinset', from + i + 1);
        node.setAttribute('aria-setsize', this.#items.length);
      }
      nodes.set(item.id, node);
      if (before.nextSibling !== node) before.after(node);
      before = node;
    });
    for (const [id, node] of this.#nodes) {
      if (!nodes.has(id)) node.remove();
    }
    this.#nodes = nodes;
  }
}
