// How the system runs: what comes through, what waits, what drifts and what was refused.

import * as api from './api.js';
import { course } from './course.js';
import { driftCards } from './drift.js';
import { count, element, number, organName, percent, scoreText, scoreWords } from './format.js';
import { Letters } from './letters.js';
import { section, table } from './tables.js';

export class OperationsPage {
  title = 'Operations';
  #figures = element('div', { class: 'figures-row' });
  #sentence = element('p', { class: 'fault', role: 'status' });
  #courses = element('div', { class: 'columns' });
  #drift = element('div', { id: 'drift-list' });
  #heldBack = element('div', { id: 'held-back' });
  #organs = element('div');
  #letters;

  constructor({ reviewer }) {
    this.#letters = new Letters(reviewer);
  }

  async open() {
    await this.refresh();
    return [
      element('header', { class: 'page-head' }, element('h1', {}, 'Operations')),
      this.#sentence, this.#figures,
      element('div', { class: 'stack' },
        section('The last hour', this.#courses),
        section('Dead letters', this.#letters.node),
        section('Organs', this.#organs),
        element('div', { class: 'columns' },
          section('Drift', this.#drift, element('p', { class: 'hint' },
            'Thin line: smallest to largest value. Thick line: the middle 80 % of the tiles. Box: the middle half. White: the median.')),
          section('Held back for lack of reviewers', this.#heldBack))),
    ];
  }

  async refresh() {
    const [operations, overview, letters] = await Promise.all([
      api.operations(), api.overview(), this.#letters.refresh(),
    ]);
    this.#showFlow(operations, overview, letters);
    this.#showOverview(overview);
  }

  close() {
    this.#letters.close();
  }

  #showFlow({ flow, tilesPerSecond, latency, history }, { open }, letters) {
    this.#sentence.hidden = !flow?.sentence;
    this.#sentence.textContent = flow?.sentence ?? '';
    this.#figures.replaceChildren(
      figure('Tiles a second', tilesPerSecond === null ? 'not known' : number(tilesPerSecond, tilesPerSecond < 10 ? 1 : 0),
        tilesPerSecond === null ? 'this service has watched for less than two moments' : 'taken up by inference in the last minute'),
      figure('Waiting', flow ? count(flow.waiting) : 'not known', 'scanned tiles that no worker has answered'),
      figure('Scan to result', latency ? seconds(latency.medianSeconds) : 'not known',
        latency ? `median of the ${count(latency.tiles)} open alerts raised last; 95 % within ${seconds(latency.p95Seconds)}` : 'no alert is open to take it from'),
      figure('Open alerts', count(open), 'tiles that wait for a person'),
      figure('Dead letters', letters.value, letters.what));
    const moments = history.map(([at, taken, waiting]) => ({ at, taken, waiting }));
    this.#courses.replaceChildren(
      course('Tiles a second', rates(moments), (v) => number(v, 1)),
      course('Waiting tiles', moments.map(({ at, waiting }) => ({ at, value: waiting })), count));
  }

  #showOverview({ organs, drift, heldBack }) {
    this.#drift.replaceChildren(...(drift.length ? driftCards(drift)
      : [element('p', { class: 'none' }, 'No organ has drifted on any scanner.')]));
    this.#heldBack.replaceChildren(table('Held back', 'No tile was held back.',
      ['Organ', '#Last 24 hours', '#Ever'],
      heldBack.map((h) => [organName(h.organ), count(h.lastDay), count(h.total)])));
    this.#organs.replaceChildren(table('Organs', 'No tiles have been segmented yet.',
      ['Organ', '#Open alerts', '#Threshold', 'Score', '#Budget', '#Tiles counted', '#Model version'],
      organs.map((o) => [
        organName(o.organ), count(o.open), scoreText(o.threshold), o.scoreName ? scoreWords(o.scoreName) : '–',
        o.quantile === null ? '–' : percent(1 - o.quantile), count(o.sampleCount), o.modelVersion ?? '–',
      ])));
  }
}

const figure = (name, value, what) => element('div', { class: 'figure' },
  element('span', { class: 'figure-name' }, name),
  element('strong', {}, value), element('span', { class: 'hint' }, what));

function seconds(value) {
  if (value < 1) return `${Math.round(1000 * value)} ms`;
  if (value < 120) return `${number(value, value < 10 ? 1 : 0)} s`;
  return value < 7200 ? `${Math.round(value / 60)} min` : `${number(value / 3600, 1)} h`;
}

/** Tiles a second between each two moments. */
export function rates(moments) {
  return moments.slice(1).map(({ at, taken }, i) => ({
    at, value: Math.max(0, taken - moments[i].taken) / Math.max(0.001, (at - moments[i].at) / 1000),
  }));
}
