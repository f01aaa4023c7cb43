// The slides that were reported last.

import * as api from './api.js';
import { ago, count, element, moment, number, organName, percent } from './format.js';
import { slidePath } from './router.js';
import { bar, chip, link, table } from './tables.js';

export class SlidesPage {
  title = 'Slides';
  #words = element('input', { type: 'search', placeholder: 'Slide or organ', 'aria-label': 'Find a slide or an organ' });
  #which = element('select', { 'aria-label': 'Which slides' },
    element('option', { value: '' }, 'All'),
    element('option', { value: 'open' }, 'With open reviews'),
    element('option', { value: 'complete' }, 'Complete'),
    element('option', { value: 'incomplete' }, 'Incomplete'));
  #told = element('p', { class: 'told', role: 'status' });
  #rows = element('section', { class: 'card' });
  #slides = [];

  constructor() {
    this.#words.addEventListener('input', () => this.#show());
    this.#which.addEventListener('change', () => this.#show());
  }

  async open() {
    await this.refresh();
    return [
      element('header', { class: 'page-head' }, element('h1', {}, 'Slides'),
        element('div', { class: 'page-tools' }, this.#words, this.#which)),
      this.#told,
      this.#rows,
    ];
  }

  async refresh() {
    this.#slides = (await api.overview()).slides;
    this.#show();
  }

  close() {}

  #show() {
    const words = this.#words.value.trim().toLowerCase();
    const wanted = {
      '': () => true,
      open: (s) => s.reviewsOpen > 0,
      complete: (s) => s.status === 'COMPLETE',
      incomplete: (s) => s.status !== 'COMPLETE',
    }[this.#which.value];
    const found = this.#slides.filter((s) => wanted(s)
      && (!words || s.slideId.toLowerCase().includes(words) || organName(s.organ).toLowerCase().includes(words)));
    this.#told.textContent = found.length === this.#slides.length
      ? `${slides(found.length)}, the newest report first.`
      : `${count(found.length)} of ${slides(this.#slides.length)}.`;
    const most = Math.max(...found.map((s) => s.positiveFraction), 0);
    const doubt = Math.max(...found.map((s) => s.meanEntropy), 0);
    this.#rows.replaceChildren(table('Slides',
      this.#slides.length ? 'No slide is like this.' : 'No slide has been reported yet: ./histoflow scan publishes one.',
      ['Slide', 'Organ', 'Report', '#Tiles', 'Positive', 'Mean entropy', '#Open reviews', 'Versions', 'Reported'],
      found.map((s) => [
        link(slidePath(s.slideId), s.slideId),
        organName(s.organ),
        chip(s.status.toLowerCase(), s.status === 'COMPLETE'),
        s.tilesExpected === null ? count(s.tilesSeen) : `${count(s.tilesSeen)} / ${count(s.tilesExpected)}`,
        bar(s.positiveFraction, most, percent(s.positiveFraction)),
        bar(s.meanEntropy, doubt, number(s.meanEntropy)),
        `${count(s.reviewsOpen)} of ${count(s.reviewsRequested)}`,
        s.modelVersions.join(', '),
        element('span', { title: moment(s.reportedAt) }, ago(s.reportedAt)),
      ])));
  }
}

const slides = (n) => (n === 1 ? '1 slide' : `${count(n)} slides`);
