// How a number went in the last hour.

import { count, element } from './format.js';
import { draw, words } from './svg.js';

const WIDTH = 600;
const HEIGHT = 118;
const LEFT = 6;
const TOP = 20;
const BOTTOM = 96;

/** A figure with a curve; `points` are [{at, value}], the oldest first, `text` says a value. */
export function course(name, points, text) {
  const caption = element('figcaption', {}, name);
  if (points.length < 2) {
    return element('figure', { class: 'course' }, caption,
      element('p', { class: 'none' }, 'Watched for less than two moments: look again in a minute.'));
  }
  const [from, to] = [points[0].at, points.at(-1).at];
  const most = Math.max(...points.map(({ value }) => value));
  const x = (at) => LEFT + ((WIDTH - 2 * LEFT) * (at - from)) / Math.max(1, to - from);
  const y = (value) => BOTTOM - ((BOTTOM - TOP) * value) / (most || 1);
  const line = points.map(({ at, value }, i) => `${i ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const minutes = Math.max(1, Math.round((to - from) / 60_000));
  const said = `${name}: at most ${text(most)}, now ${text(points.at(-1).value)}, over ${count(minutes)} minutes`;
  return element('figure', { class: 'course' }, caption,
    draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': said },
      draw('line', { class: 'ground', x1: LEFT, x2: WIDTH - LEFT, y1: BOTTOM, y2: BOTTOM }),
      draw('path', { class: 'area', d: `${line}L${x(to)} ${BOTTOM}L${x(from)} ${BOTTOM}Z` }),
      draw('path', { class: 'curve', d: line }),
      words(`at most ${text(most)}`, LEFT, 11, 'start'),
      words(`now ${text(points.at(-1).value)}`, WIDTH - LEFT, 11, 'end'),
      words(`${count(minutes)} min ago`, LEFT, HEIGHT - 6, 'start'),
      words('now', WIDTH - LEFT, HEIGHT - 6, 'end')));
}
