// Drift, what was held back, slides, thresholds and model versions, in a dialog over the page.

import * as api from './api.js';
import { driftCards } from './drift.js';
import {
  ago, byId, count, element, number, organName, percent, scoreText, scoreWords,
} from './format.js';

const dialog = byId('overview');

export async function openOverview() {
  show(await api.overview());
  if (!dialog.open) dialog.showModal();
}

/** Reads the overview anew where it is on show. */
export async function refreshOverview() {
  if (dialog.open) show(await api.overview());
}

function show({ organs, models, slides, drift, heldBack }) {
  byId('drift-list').replaceChildren(...(drift.length ? driftCards(drift)
    : [element('p', { class: 'none' }, 'No organ has drifted on any scanner.')]));
  table('held-back-table', 'No tile was held back.',
    ['Organ', '#Last 24 hours', '#Ever'],
    heldBack.map((h) => [organName(h.organ), count(h.lastDay), count(h.total)]));
  table('organs-table', 'No tiles have been segmented yet.',
    ['Organ', '#Open alerts', '#Threshold', 'Score', '#Budget', '#Tiles counted', '#Model version'],
    organs.map((o) => [
      organName(o.organ), count(o.open), scoreText(o.threshold), o.scoreName ? scoreWords(o.scoreName) : '–',
      o.quantile === null ? '–' : percent(1 - o.quantile), count(o.sampleCount),
      o.modelVersion ?? '–',
    ]));
  table('models-table', 'The model is as shipped: no round of fine-tuning has ended yet.',
    ['Model', '#In force', 'Workers run', '#Last round', 'Gate', 'Why', 'When'],
    models.map((m) => [
      m.modelId, m.version, workers(m), m.lastRound ?? '–',
      m.accepted === null ? '–' : chip(gate(m), m.accepted && !m.heldBack),
      m.heldBack ?? m.reason ?? '–', m.decidedAt ? ago(m.decidedAt) : '–',
    ]));
  table('slides-table', 'No slide has been reported yet.',
    ['Slide', 'Organ', 'Report', '#Tiles', '#Background', '#Positive', '#Mean entropy', '#Open reviews', 'Model versions', 'Reported'],
    slides.map((s) => [
      s.slideId, organName(s.organ),
      chip(s.status.toLowerCase(), s.status === 'COMPLETE'),
      s.tilesExpected === null ? count(s.tilesSeen) : `${count(s.tilesSeen)} / ${count(s.tilesExpected)}`,
      count(s.tilesBackground), percent(s.positiveFraction), number(s.meanEntropy),
      `${count(s.reviewsOpen)} of ${count(s.reviewsRequested)}`,
      s.modelVersions.join(', '), ago(s.reportedAt),
    ]));
}

function gate({ accepted, heldBack }) {
  if (!accepted) return 'refused';
  return heldBack ? 'held back' : 'accepted';
}

/** Each version that workers report, and by how many; those that fell silent may run any. */
function workers({ workers: all, version }) {
  const running = all.filter((w) => !w.silent);
  const silent = all.length - running.length;
  const versions = [...new Set(running.map((w) => w.version))].sort((a, b) => a - b);
  const text = versions
    .map((v) => `${v} on ${count(running.filter((w) => w.version === v).length)}`)
    .join(', ');
  const said = `${text || 'none reports'}${silent ? `, ${count(silent)} silent` : ''}`;
  return versions.some((v) => v !== version) ? chip(said, false) : said;
}

const chip = (text, good) => element('span', { class: `chip ${good ? 'good' : 'warn'}` }, text);

/** A heading that begins with # is of a column of numbers. */
function table(id, none, headings, rows) {
  const kind = (i) => (headings[i].startsWith('#') ? 'number' : null);
  const head = element('tr', {}, ...headings.map((text, i) =>
    element('th', { class: kind(i), scope: 'col' }, text.replace(/^#/, ''))));
  const body = rows.map((row) => element('tr', {}, ...row.map((cell, i) =>
    element('td', { class: kind(i) }, cell instanceof Node ? cell : String(cell)))));
  const empty = element('tr', {}, element('td', { class: 'none' }, none));
  byId(id).replaceChildren(...(rows.length ? [head, ...body] : [empty]));
}
