// How much each person did, by name; for leads.

import * as api from './api.js';
import { ago, count, element, moment, number, organName } from './format.js';
import { section, table } from './tables.js';

export class PeoplePage {
  title = 'People';
  #words = element('input', { type: 'search', placeholder: 'Person, organ or model', 'aria-label': 'Find a person, an organ or a model' });
  #told = element('p', { class: 'told', role: 'status' });
  #rows = element('div', { id: 'people-rows' });
  #work = element('div', { id: 'people-work' });
  #people = [];
  #isWhole = true;

  constructor() {
    this.#words.addEventListener('input', () => this.#show());
  }

  async open() {
    await this.refresh();
    return [
      element('header', { class: 'page-head' }, element('h1', {}, 'People'),
        element('div', { class: 'page-tools' }, this.#words)),
      this.#told,
      element('div', { class: 'stack' },
        section('What each person did', this.#rows, element('p', { class: 'hint' },
          'The time is that from opening a tile to deciding on it: the median of the latest 200 that are known. It is not known where the tile was opened by an address, through a script or while another had it, and times of more than ten minutes are left out. ',
          'Tiles differ, and so do the hours in which they are read: the times do not say who reads better.')),
        section('By organ and model', this.#work)),
    ];
  }

  async refresh() {
    const { people, isWhole } = await api.people();
    this.#people = people;
    this.#isWhole = isWhole;
    this.#show();
  }

  close() {}

  #show() {
    const words = this.#words.value.trim().toLowerCase();
    const says = (...texts) => !words || texts.some((text) => text?.toLowerCase().includes(words));
    const work = this.#people.flatMap(({ name, work: all }) => all.map((each) => ({ name, ...each })))
      .filter(({ name, organ, modelId }) => says(name, organ, modelId));
    const named = new Set(work.map(({ name }) => name));
    const found = this.#people.filter(({ name }) => says(name) || named.has(name));
    const firsts = this.#people.map(({ firstAct }) => firstAct).sort();
    this.#told.textContent = this.#people.length
      ? `${found.length === 1 ? '1 person' : `${count(found.length)} people`}, by name. Counted are the acts that are still kept, the first of ${moment(firsts[0])}.${this.#isWhole ? '' : ' Not everybody is told apart here.'}`
      : '';
    this.#rows.replaceChildren(table('What each person did', this.#people.length ? 'Nobody is like this.' : 'Nobody did anything yet.',
      ['Person', '#Verdicts', '#Second opinions', '#Tiles opened', '#Time a tile', 'First act', 'Last act'],
      found.map((p) => [
        p.name, count(p.verdicts), count(p.opinions), count(p.claims),
        p.medianSeconds === null ? 'not known' : `${time(p.medianSeconds)} (${count(p.timed)})`,
        moment(p.firstAct), element('span', { title: moment(p.lastAct) }, ago(p.lastAct)),
      ])));
    this.#work.replaceChildren(table('By organ and model', 'No decisions are like this.',
      ['Person', 'Organ', 'Model', '#Version', '#Verdicts', '#Second opinions'],
      work.map((w) => [
        w.name, w.organ === null ? 'not known' : organName(w.organ), w.modelId ?? 'not known', w.modelVersion ?? '–',
        count(w.verdicts), count(w.opinions),
      ])));
  }
}

function time(seconds) {
  if (seconds < 60) return `${number(seconds, seconds < 10 ? 1 : 0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
