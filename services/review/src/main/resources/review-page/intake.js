// Takes a GeoJSON file with outlines that were drawn elsewhere, and says what became of them.

import * as api from './api.js';
import { count, element } from './format.js';
import { table } from './tables.js';

/** As the service takes at most; it says so itself where it is less. */
const MOST_BYTES = 32 * 1024 * 1024;

export class Intake {
  #slideId;
  #reviewer;
  #file = element('input', { type: 'file', accept: '.geojson,.json,application/geo+json,application/json', id: 'drawn-file' });
  #told = element('div', { role: 'status', class: 'intake-told' });
  #zone;
  #busy = false;

  constructor(slideId, reviewer) {
    this.#slideId = slideId;
    this.#reviewer = reviewer;
    this.#zone = element('div', { class: 'drop' },
      element('label', { for: 'drawn-file' }, 'GeoJSON as QuPath writes it'), this.#file);
    this.#file.addEventListener('change', () => this.#take(this.#file.files[0]));
    this.#zone.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.#zone.classList.add('over');
    });
    this.#zone.addEventListener('dragleave', () => this.#zone.classList.remove('over'));
    this.#zone.addEventListener('drop', (event) => {
      event.preventDefault();
      this.#zone.classList.remove('over');
      this.#take(event.dataTransfer.files[0]);
    });
  }

  get node() {
    return element('div', {}, this.#zone, this.#told);
  }

  async #take(file) {
    if (!file || this.#busy || !this.#reviewer.require()) return;
    if (file.size > MOST_BYTES) return this.#say('The file is larger than 32 MiB: export a part of the slide.');
    this.#busy = true;
    this.#say(`${file.name} is being matched.`);
    try {
      const text = await file.text();
      JSON.parse(text);
      this.#show(await api.sendDrawn(this.#slideId, text, this.#reviewer.named));
    } catch (error) {
      this.#say(error instanceof SyntaxError ? `${file.name} is no JSON: export it as GeoJSON.` : error.message);
    } finally {
      this.#busy = false;
      this.#file.value = '';
    }
  }

  /** Counts as numbers, and lists as a table each, by the names that the service gives them. */
  #show(answer) {
    const numbers = Object.entries(answer).filter(([, value]) => typeof value === 'number');
    const lists = Object.entries(answer).filter(([, value]) => Array.isArray(value));
    this.#told.replaceChildren(
      element('dl', { class: 'facts' }, ...numbers.flatMap(([name, value]) =>
        [element('dt', {}, words(name)), element('dd', {}, count(value))])),
      ...lists.filter(([, list]) => list.length).map(([name, list]) => listTable(words(name), list)));
  }

  #say(text) {
    this.#told.replaceChildren(element('p', {}, text));
  }
}

function listTable(name, list) {
  const columns = [...new Set(list.flatMap((row) => (typeof row === 'object' ? Object.keys(row) : [])))];
  return table(name, '', columns.length ? columns.map(words) : [name],
    list.map((row) => (columns.length ? columns.map((column) => text(row[column])) : [text(row)])));
}

const text = (value) => (value === null || value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `tilesAccepted` as "tiles accepted". */
export const words = (name) => name.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
