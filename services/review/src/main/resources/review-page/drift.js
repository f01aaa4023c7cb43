// Tiles that no longer look as they did: which, since when, and by how much, as small pictures.

import { ago, count, element, moment, number, organName } from './format.js';
import { draw, words } from './svg.js';

const WIDTH = 260;
const LEFT = 62;
const PLOT = WIDTH - LEFT - 8;
const FIGURES = {
  'mean-entropy': 'Mean entropy, bit/px',
  'positive-area': 'Positive area, share of the tile',
};

/** What the queue says in one line; empty where there is nothing to say. */
export function noticeText(drift, heldBack) {
  const held = heldBack.reduce((sum, { lastDay }) => sum + lastDay, 0);
  return [
    drift.length > 0 && `Tiles look different: ${drift.slice(0, 2).map(name).join(', ')}${drift.length > 2 ? ` and ${count(drift.length - 2)} more` : ''}`,
    held > 0 && `${count(held)} ${held === 1 ? 'tile' : 'tiles'} held back in 24 hours`,
  ].filter(Boolean).join(' · ');
}

/** A card for each alarm. */
export const driftCards = (drift) => drift.map((alarm) => element('article', { class: 'drift' },
  element('h3', {}, name(alarm)),
  element('p', { title: moment(alarm.since) },
    `since ${ago(alarm.since)}, model version ${alarm.modelVersion}`),
  ...alarm.figures.map(figure)));

const name = ({ organ, scanner }) => `${organName(organ)} on ${scanner ?? 'an unnamed scanner'}`;

function figure({ name: id, drifted, distance, limit, reference, window }) {
  const verdict = element('span', { class: `chip ${drifted ? 'warn' : 'good'}` },
    drifted ? 'drifted' : 'as before');
  return element('figure', {},
    element('figcaption', {}, FIGURES[id] ?? id, ' ', verdict),
    picture(reference, window),
    element('p', {}, `distance ${number(distance, 2)}, limit ${number(limit, 2)}; `
      + `${count(reference.count)} tiles then, ${count(window.count)} now`));
}

/** Two boxes over one axis: smallest to largest, the middle 80 % and 50 %, and the median. */
function picture(reference, window) {
  const low = Math.min(reference.min, window.min);
  const span = Math.max(reference.max, window.max) - low || 1;
  const at = (value) => LEFT + (PLOT * (value - low)) / span;
  const svg = draw('svg', {
    viewBox: `0 0 ${WIDTH} 62`, width: WIDTH, height: 62, role: 'img', class: 'boxes',
    'aria-label': `median ${number(reference.p50)} then, ${number(window.p50)} now`,
  });
  svg.append(
    ...box('then', reference, 12, at), ...box('now', window, 34, at),
    words(number(low, 2), LEFT, 58, 'start'), words(number(low + span, 2), LEFT + PLOT, 58, 'end'));
  return svg;
}

const box = (label, d, y, at) => [
  words(label, 0, y + 4, 'start'),
  draw('line', { class: `${label} whole`, x1: at(d.min), x2: at(d.max), y1: y, y2: y }),
  draw('line', { class: `${label} most`, x1: at(d.p10), x2: at(d.p90), y1: y, y2: y }),
  draw('rect', { class: `${label} half`, x: at(d.p25), y: y - 7, width: Math.max(1, at(d.p75) - at(d.p25)), height: 14 }),
  draw('line', { class: `${label} median`, x1: at(d.p50), x2: at(d.p50), y1: y - 9, y2: y + 9 }),
];
