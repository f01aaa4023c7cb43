// Asks why a tile cannot be judged.

import { byId } from './format.js';

const DIGIT = /^(?:Digit|Numpad)([1-9])$/;

export class Reasons {
  #dialog = byId('reasons');
  #buttons = [...this.#dialog.querySelectorAll('[value]')];
  #answer = null;

  constructor() {
    for (const button of this.#buttons) {
      button.addEventListener('click', () => this.#choose(button));
    }
    this.#dialog.addEventListener('keydown', (event) => {
      // By place: French keyboards write digits with Shift.
      const button = this.#buttons[Number(DIGIT.exec(event.code)?.[1]) - 1];
      if (!button) return;
      event.preventDefault();
      this.#choose(button);
    });
    this.#dialog.addEventListener('close', () => this.#settle(null));
  }

  /** Answers a reason as the service names it, or null where it was given up. */
  ask({ changed }) {
    byId('reasons-note').hidden = !changed;
    this.#dialog.showModal();
    return new Promise((resolve) => { this.#answer = resolve; });
  }

  #choose(button) {
    this.#settle(button.value);
    this.#dialog.close();
  }

  #settle(reason) {
    this.#answer?.(reason);
    this.#answer = null;
  }
}
