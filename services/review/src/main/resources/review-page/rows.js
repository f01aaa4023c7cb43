// A list of rows of one height that draws only those in sight, however many there are.

const BEYOND = 6;

export class Rows {
  #list;
  #height;
  #draw;
  #items = [];
  #nodes = new Map();
  #spacer = document.createElement('li');
  #frame = 0;

  /**
   * `list` scrolls; `height` is a row's, in CSS pixels; `draw(item, node)` answers the row's node,
   * made anew where there is none and otherwise brought up to date. Items have an `id`.
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
    this.#spacer.style.height = `${this.#items.length * this.#height}px`;
    this.#render();
  }

  /** The first row that is wholly or partly in sight. */
  get first() {
    return Math.floor(this.#list.scrollTop / this.#height);
  }

  /** A row has come or gone above what is looked at: that stays where it is. */
  shift(rows) {
    this.#spacer.style.height = `${this.#items.length * this.#height}px`;
    this.#list.scrollTop += rows * this.#height;
  }

  /** Brings a row into sight. */
  reveal(index) {
    const top = index * this.#height;
    const { scrollTop, clientHeight } = this.#list;
    if (top < scrollTop) this.#list.scrollTop = top;
    else if (top + this.#height > scrollTop + clientHeight) {
      this.#list.scrollTop = top + this.#height - clientHeight;
    }
    this.#render();
  }

  node(id) {
    return this.#nodes.get(id);
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
    const rows = Math.ceil(this.#list.clientHeight / this.#height) + 2 * BEYOND;
    const shown = this.#items.slice(from, from + rows);
    const nodes = new Map();
    let before = this.#spacer;
    shown.forEach((item, i) => {
      const drawn = this.#nodes.get(item.id);
      const node = scrolled && drawn ? drawn : this.#draw(item, drawn);
      if (node !== drawn || !scrolled) {
        node.style.top = `${(from + i) * this.#height}px`;
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
