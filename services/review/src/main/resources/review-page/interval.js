// A share with its interval, as a small picture.

import { number } from './format.js';
import { draw } from './svg.js';

const WIDTH = 170;
const HEIGHT = 20;
const EDGE = 6;
const MIDDLE = HEIGHT / 2;

/**
 * The picture of a share between `from` and 1: the point, its 95 % interval and, dashed, the level
 * that is promised (null for none). A faint one says nothing yet.
 */
export function interval({ value, low, high }, { from, promised, faint }) {
  const x = (share) => EDGE + ((WIDTH - 2 * EDGE) * (Math.max(from, share) - from)) / (1 - from);
  const line = (kind, x1, x2, y1, y2) => draw('line', { class: kind, x1, x2, y1, y2 });
  const below = promised !== null && high < promised ? ' below' : '';
  return draw('svg', {
    class: `interval-plot${faint ? ' faint' : ''}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT,
    role: 'img', 'aria-label': value === null ? 'not known' : `${number(value)}, 95 % ${number(low)} to ${number(high)}`,
  },
  line('interval-axis', x(from), x(1), MIDDLE, MIDDLE),
  ...(promised === null ? [] : [line('interval-promised', x(promised), x(promised), 1, HEIGHT - 1)]),
  ...(value === null ? [] : [
    line(`interval-range${below}`, x(low), x(high), MIDDLE, MIDDLE),
    draw('circle', { class: `interval-point${below}`, cx: x(value), cy: MIDDLE, r: 4 }),
  ]));
}
