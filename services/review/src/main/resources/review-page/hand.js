// Which tool is taken, and what is being done with it.

import { PENS } from './pens.js';

/** Tools that erase with what they draw; in place of others the brush erases. */
const ERASING = ['brush', 'erase', 'lasso', 'polygon'];

export class Hand {
  #tool = 'pan';
  #pen = null;
  #grip;
  #drawing = false;
  /** Whether the key is held with which every tool erases. */
  holdErase = false;

  /** `grip` answers what tools are set to: see pens.js. */
  constructor(grip) {
    this.#grip = grip;
  }

  /** The tool that was chosen; `pan` for none. */
  get tool() {
    return this.#tool;
  }

  set tool(tool) {
    this.drop();
    this.#tool = tool;
  }

  /** The tool that is used now. */
  get active() {
    return this.holdErase && !ERASING.includes(this.#tool) ? 'erase' : this.#tool;
  }

  get brushes() {
    return ['brush', 'erase'].includes(this.active);
  }

  get erases() {
    return this.holdErase || this.active === 'erase' || Boolean(this.#pen?.erases);
  }

  /** Whether the tool is down. */
  get drawing() {
    return this.#drawing;
  }

  /** Whether it is down, or up between two corners. */
  get busy() {
    return this.#drawing || Boolean(this.#pen?.waits);
  }

  /** {points, closed} in the tile's pixels of what is no part of the mask yet, or null. */
  get sketch() {
    const sketch = this.#pen?.sketch;
    return sketch?.points.length ? sketch : null;
  }

  begin(mask, at, erases) {
    this.#pen ??= new PENS[this.active](mask, this.#grip);
    this.#drawing = true;
    this.#pen.begin(at, erases || this.holdErase || this.active === 'erase');
  }

  move(at) {
    if (this.#drawing) this.#pen.move(at);
  }

  /** Answers whether the mask has changed. */
  end() {
    return this.#drawing && this.#lift(() => this.#pen.end());
  }

  cancel() {
    if (this.#drawing) this.#lift(() => this.#pen.cancel());
  }

  /** Gives up what is being drawn. */
  drop() {
    this.cancel();
    this.#pen = null;
  }

  /** Takes the last corner of a polygon back; answers whether there was one. */
  takeCornerBack() {
    if (this.#drawing || !this.#pen?.waits) return false;
    this.#lift(() => this.#pen.cancel());
    return true;
  }

  #lift(how) {
    this.#drawing = false;
    const changed = how();
    if (!this.#pen.waits) this.#pen = null;
    return changed;
  }
}
