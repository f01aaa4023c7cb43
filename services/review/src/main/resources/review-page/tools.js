// The tools beside the tile: which is taken, how it is set, and what is done to nuclei at once.

import { byId, number } from './format.js';
import { toast } from './messages.js';
import { recall, remember } from './preferences.js';

const FIRST = { brushSize: 14, brushUnit: 'tile', keepsApart: false };
const LARGEST = 120;

/** What is said where there is nothing to do. */
const NOTHING = {
  fillHoles: ['There is no hole here: point at one, or at a nucleus with some.', 'The mask has no holes.'],
  grow: ['Point at a nucleus to grow it.', 'There is nothing to grow.'],
  shrink: ['Point at a nucleus to shrink it.', 'There is nothing to shrink.'],
  remove: ['Point at a nucleus to delete it.', ''],
};

export class Tools {
  #state;
  #viewer;
  #erased = false;

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
    for (const button of document.querySelectorAll('[data-tool]')) {
      button.addEventListener('click', () => this.choose(button.dataset.tool));
    }
    for (const step of ['undo', 'redo', 'revert']) {
      byId(step).addEventListener('click', () => this.edit(step));
    }
    for (const button of document.querySelectorAll('[data-all]')) {
      button.addEventListener('click', () => this.change(button.dataset.all, true));
    }
    byId('fit').addEventListener('click', () => viewer.fit());
    byId('actual').addEventListener('click', () => viewer.actualSize());
    byId('apart').addEventListener('click', () => this.toggleApart());
    byId('brush-unit').addEventListener('click', () => this.toggleUnit());
    byId('brush-size').addEventListener('input', (event) => this.#setBrush({ size: Number(event.target.value) }));
    viewer.addEventListener('resize-brush', ({ detail }) => this.resizeBrush(detail));
    viewer.addEventListener('erased', () => { this.#erased = true; });
    viewer.addEventListener('view', () => this.#showSize());
    const { brushSize, brushUnit, keepsApart } = recall(FIRST);
    this.#setBrush({ size: brushSize, unit: brushUnit, keepsApart });
  }

  /** Takes a tool. From then on keys move it, and not what was in focus before. */
  choose(tool) {
    this.#viewer.tool = tool;
    for (const button of document.querySelectorAll('[data-tool]')) {
      button.setAttribute('aria-pressed', String(button.dataset.tool === tool));
    }
    byId('canvas').focus({ preventScroll: true });
  }

  /** The eraser's key: held it erases with the tool at hand, pressed it takes the eraser. */
  holdErase(held, letGo) {
    this.#viewer.holdErase = held;
    if (held) this.#erased = false;
    else if (letGo && !this.#erased) this.choose('erase');
  }

  /** `undo`, `redo` or `revert`. A polygon is taken back corner by corner. */
  edit(step) {
    if (step === 'undo' && this.#viewer.takeCornerBack()) return;
    const mask = this.#free();
    if (mask?.[step]()) this.#viewer.maskChanged();
  }

  /** `fillHoles`, `grow`, `shrink` or `remove`, of the nucleus that is pointed at or of all. */
  change(what, all) {
    const mask = this.#free();
    if (!mask) return;
    const index = all ? null : this.#viewer.indexPointedAt;
    const points = all || index !== null;
    if (points && mask[what](index, this.#viewer.brush.keepsApart)) this.#viewer.maskChanged();
    else toast(NOTHING[what][all ? 1 : 0]);
  }

  /** Larger by one step, or smaller. */
  resizeBrush(step) {
    const { size } = this.#viewer.brush;
    this.#setBrush({
      size: step > 0
        ? Math.min(LARGEST, Math.max(size + 1, Math.round(size * 1.18)))
        : Math.max(1, Math.min(size - 1, Math.round(size * 0.85))),
    });
    this.#viewer.say(this.#sizeText());
  }

  /** The same width on the screen is counted in the other unit. */
  toggleUnit() {
    const unit = this.#viewer.brush.unit === 'tile' ? 'screen' : 'tile';
    this.#setBrush({ unit });
    this.#viewer.say(`Brush in pixels of the ${unit}: ${this.#sizeText()}`);
  }

  toggleApart() {
    const keepsApart = !this.#viewer.brush.keepsApart;
    this.#setBrush({ keepsApart });
    this.#viewer.say(keepsApart ? 'Nuclei are kept apart' : 'Nuclei may grow together');
  }

  /** What can be done with the tile as it is. */
  refresh() {
    const mask = this.#state.get('tile')?.mask;
    byId('undo').disabled = !mask?.done.length;
    byId('redo').disabled = !mask?.undone.length;
    byId('revert').disabled = !mask?.changed;
  }

  /** The mask, where nothing is being drawn on it. */
  #free() {
    return this.#viewer.drawing ? null : this.#state.get('tile')?.mask;
  }

  #setBrush(change) {
    const { brush } = this.#viewer;
    Object.assign(brush, change);
    byId('brush-size').value = brush.size;
    byId('apart').setAttribute('aria-pressed', brush.keepsApart);
    remember({ brushSize: brush.size, brushUnit: brush.unit, keepsApart: brush.keepsApart });
    this.#viewer.draw();
    this.#showSize();
  }

  #showSize() {
    const { size, unit } = this.#viewer.brush;
    byId('brush-size-text').textContent = `${size} px`;
    byId('brush-unit').textContent = unit === 'tile' ? 'of the tile' : 'of the screen';
    byId('brush-size').setAttribute('aria-valuetext', this.#sizeText());
  }

  /** The width as it is counted, and on the tissue. */
  #sizeText() {
    const { brush, diameter } = this.#viewer;
    const microns = this.#state.get('tile')?.alert.micronsPerPixel;
    const counted = brush.unit === 'tile' ? `${brush.size} px` : `${brush.size} px on screen`;
    return microns ? `${counted} · ${number(diameter * microns, 1)} µm` : counted;
  }
}
