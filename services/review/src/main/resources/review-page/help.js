// The sheet of keys, where they can be changed, and the keys that buttons name.

import { GROUPS, keyNames } from './commands.js';
import { byId, element } from './format.js';
import { keyOf } from './keys.js';

const MODIFIERS = ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Tab'];

export class Help {
  #bindings;
  #dialog = byId('help');
  #waiting = null;

  constructor(bindings) {
    this.#bindings = bindings;
    bindings.addEventListener('change', () => this.#show());
    byId('open-help').addEventListener('click', () => this.open());
    byId('keys-reset').addEventListener('click', () => {
      bindings.reset();
      this.#tell('All keys are as they were at first.');
    });
    this.#dialog.addEventListener('keydown', (event) => this.#pressed(event));
    this.#dialog.addEventListener('close', () => this.#wait(null));
    this.#show();
  }

  open() {
    this.#tell('Choose a key to change it.');
    this.#dialog.showModal();
  }

  #show() {
    byId('keys-list').replaceChildren(...GROUPS.map(({ name, commands }) =>
      element('section', {}, element('h3', {}, name), element('dl', {},
        ...commands.flatMap((command) => [
          element('dt', {}, this.#button(command)), element('dd', {}, command.words),
        ])))));
    byId('keys-reset').disabled = !this.#bindings.changed;
    this.#name();
  }

  #button(command) {
    const keys = this.#bindings.keys(command.id);
    const button = element('button', {
      type: 'button', class: 'key', 'data-key-of': command.id, 'aria-label': `${command.words}: ${keys.map(spoken).join(' or ') || 'no key'}`,
    }, ...keys.length ? keys.flatMap((key, i) => [...i ? [' '] : [], ...drawn(key)]) : ['none']);
    button.addEventListener('click', () => this.#wait(command));
    return button;
  }

  #wait(command) {
    this.#waiting = command;
    for (const each of this.#dialog.querySelectorAll('.key')) {
      each.setAttribute('aria-pressed', each.dataset.keyOf === command?.id);
    }
    if (command) this.#tell(`“${command.words}”: press its new key; Esc leaves it as it is, Del takes it away.`);
  }

  #pressed(event) {
    const command = this.#waiting;
    if (!command || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#wait(null);
    if (event.key === 'Escape') return this.#tell('Nothing was changed.');
    const takesAway = event.key === 'Delete' && command.id !== 'delete';
    const key = takesAway ? null : keyOf(event);
    const loser = this.#bindings.change(command.id, key);
    this.#tell(key
      ? `“${command.words}” has the key ${spoken(key)} now.${loser ? ` It was “${loser.words}” before.` : ''}`
      : `“${command.words}” has no key now.`);
    this.#dialog.querySelector(`[data-key-of="${command.id}"]`).focus();
  }

  #tell(text) {
    byId('keys-told').textContent = text;
  }

  /** Buttons on the page say their keys. */
  #name() {
    for (const node of document.querySelectorAll('[data-command]')) {
      const [key] = this.#bindings.keys(node.dataset.command);
      node.dataset.words ??= node.title;
      node.title = key ? `${node.dataset.words} (${spoken(key)})` : node.dataset.words;
    }
    for (const node of document.querySelectorAll('kbd[data-command-key]')) {
      const [key] = this.#bindings.keys(node.dataset.commandKey);
      node.hidden = !key;
      node.textContent = key ? keyNames(key).join('').replace('Shift', '⇧') : '';
    }
  }
}

const spoken = (key) => keyNames(key).join('+');
const drawn = (key) => keyNames(key).map((part) => element('kbd', {}, part));
