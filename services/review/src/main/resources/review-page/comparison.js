// The model's mask beside the reviewer's: a divider that is swiped over one tile, or the tile twice.

import { byId } from './format.js';

const VIEWS = ['one', 'swipe', 'split'];
const NEXT = { one: 'swipe', swipe: 'split', split: 'one' };
const STEP = 0.02;

export class Comparison {
  #viewer;
  #divider = byId('divider');
  #share = 0.5;

  constructor(viewer) {
    this.#viewer = viewer;
    byId('view').addEventListener('click', () => this.next());
    this.#divider.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#divider.setPointerCapture(event.pointerId);
      this.#divider.focus();
    });
    this.#divider.addEventListener('pointermove', (event) => {
      if (this.#divider.hasPointerCapture(event.pointerId)) this.#moveTo(event.clientX);
    });
    this.#divider.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!step) return;
      event.preventDefault();
      this.#put(this.#share + step);
    });
    this.#put(this.#share);
    this.show('one');
  }

  /** Swipe, split, neither, and so on. */
  next() {
    this.show(NEXT[this.#viewer.view]);
  }

  show(view) {
    this.#viewer.view = view;
    for (const each of VIEWS) byId('viewer').classList.toggle(`view-${each}`, each === view);
    byId('view').setAttribute('aria-pressed', view !== 'one');
  }

  #moveTo(clientX) {
    const box = byId('viewer').getBoundingClientRect();
    this.#put((clientX - box.left) / box.width);
  }

  #put(share) {
    this.#share = Math.min(1, Math.max(0, share));
    const percent = Math.round(100 * this.#share);
    this.#divider.style.left = `${100 * this.#share}%`;
    this.#divider.setAttribute('aria-valuenow', percent);
    this.#viewer.divider = this.#share;
  }
}
