// Who did what, the newest first; for leads.

import * as api from './api.js';
import { ago, count, element, moment } from './format.js';
import { slidePath, tilePath } from './router.js';
import { link, table } from './tables.js';

const DID = {
  SIGNED_IN: 'signed in', CLAIMED: 'opened a tile', DECIDED: 'gave a verdict',
  SECOND_OPINION: 'gave a second opinion', EXPORTED: 'took results out', RETRIED: 'published a refused record again',
  UNKNOWN: 'cannot be read',
};
const VERDICTS = { CONFIRMED: 'confirmed', CORRECTED: 'corrected', UNUSABLE: 'unusable' };

export class AuditPage {
  title = 'Audit';
  #words = element('input', { type: 'search', placeholder: 'Person, tile or slide', 'aria-label': 'Find a person, a tile or a slide' });
  #kind = element('select', { 'aria-label': 'What was done' }, element('option', { value: '' }, 'All acts'),
    ...Object.entries(DID).map(([value, text]) => element('option', { value }, text)));
  #told = element('p', { class: 'told', role: 'status' });
  #rows = element('section', { class: 'card' });
  #more = element('button', { type: 'button' }, 'Older acts');
  #acts = [];
  #next = null;

  constructor() {
    this.#words.addEventListener('input', () => this.#show());
    this.#kind.addEventListener('change', () => this.#show());
    this.#more.addEventListener('click', () => this.#older());
  }

  async open() {
    await this.#read(null);
    return [
      element('header', { class: 'page-head' }, element('h1', {}, 'Audit'),
        element('div', { class: 'page-tools' }, this.#words, this.#kind)),
      this.#told, this.#rows, element('p', {}, this.#more),
    ];
  }

  /** What is looked at stays: newer acts come with the page's next opening. */
  async refresh() {}

  close() {}

  async #read(cursor) {
    const { acts, next } = await api.audit(cursor);
    this.#acts.push(...acts);
    this.#next = next;
    this.#show();
  }

  async #older() {
    this.#more.disabled = true;
    try {
      await this.#read(this.#next);
    } catch (error) {
      this.#told.textContent = error.message;
    } finally {
      this.#more.disabled = false;
    }
  }

  #show() {
    const words = this.#words.value.trim().toLowerCase();
    const found = this.#acts.filter(({ kind, reviewer, tileId, slideId }) =>
      (!this.#kind.value || kind === this.#kind.value)
      && (!words || [reviewer, tileId, slideId].some((text) => text?.toLowerCase().includes(words))));
    const verdicts = new Map();
    for (const { kind, reviewer } of found) {
      if (kind === 'DECIDED') verdicts.set(reviewer, (verdicts.get(reviewer) ?? 0) + 1);
    }
    const by = [...verdicts].sort(([, a], [, b]) => b - a).slice(0, 5).map(([name, n]) => `${name} ${count(n)}`).join(', ');
    this.#told.textContent = `${count(found.length)} of ${count(this.#acts.length)} acts read so far${by ? `; verdicts among them: ${by}` : ''}.`;
    this.#more.hidden = this.#next === null;
    this.#rows.replaceChildren(table('Acts', 'Nobody did anything like this, as far as it has been read.',
      ['When', 'Who', 'What', 'Detail', 'Tile', 'Slide', 'Service'],
      found.map((act) => [
        element('span', { title: moment(act.at) }, ago(act.at)), act.reviewer || '–', DID[act.kind] ?? act.kind,
        VERDICTS[act.detail] ?? act.detail ?? '',
        act.tileId ? link(tilePath(act.tileId), act.tileId) : '–',
        act.slideId ? link(slidePath(act.slideId), act.slideId) : '–',
        act.workerId || '–',
      ])));
  }
}
