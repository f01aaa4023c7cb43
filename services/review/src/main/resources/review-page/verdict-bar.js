// Verdicts on their way, at the foot of the page: what waits, for what, and the way back.

import { byId, count } from './format.js';
import { HOLD_MILLIS } from './outbox.js';

const NAMES = {
  CONFIRMED: 'Mask confirmed', CORRECTED: 'Mask corrected', UNUSABLE: 'Tile called unusable',
};

export class VerdictBar {
  #outbox;
  #timer = 0;

  constructor(outbox) {
    this.#outbox = outbox;
    outbox.addEventListener('change', () => this.#show());
    byId('take-back').addEventListener('click', () => outbox.takeBack());
  }

  #show() {
    clearTimeout(this.#timer);
    const { entries } = this.#outbox;
    const held = entries.filter(({ status }) => status === 'held').at(-1);
    const waiting = entries.filter(({ status }) => status === 'waiting');
    byId('verdict-bar').hidden = entries.length === 0;
    byId('take-back').hidden = !held;
    byId('verdict-bar').classList.toggle('waiting', waiting.length > 0 && !held);
    this.#progress(held);
    if (held) {
      const seconds = Math.max(1, Math.ceil((held.dueAt - Date.now()) / 1000));
      byId('verdict-text').textContent = `${NAMES[held.verdict]}, sent in ${seconds} s`;
      this.#timer = setTimeout(() => this.#show(), 500);
    } else if (waiting.length) {
      const many = waiting.length === 1 ? 'A verdict is' : `${count(waiting.length)} verdicts are`;
      byId('verdict-text').textContent =
        `${many} not saved yet, and sent again by itself. ${waiting.at(-1).error?.message ?? ''}`;
    } else {
      byId('verdict-text').textContent = 'Sending';
    }
  }

  #progress(held) {
    const left = held ? Math.max(0, held.dueAt - Date.now()) / HOLD_MILLIS : 0;
    byId('verdict-progress').style.width = `${100 * left}%`;
  }
}

export const savedText = ({ verdict }) => `${NAMES[verdict]}: saved.`;
