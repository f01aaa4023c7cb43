import { interval } from '/interval.js';
import { axisFrom } from '/quality-page.js';
import { equal, truth } from './check.js';

const estimate = (recallLow, notEnough = null) =>
  ({ model: { recallLow, precisionLow: 0.9 }, system: null, level: 0.08, notEnough });
const at = (plot, name, attribute) => Number(plot.querySelector(`.${name}`).getAttribute(attribute));

export default {
  'all pictures begin below the lowest bound that says something': () => {
    equal(axisFrom([estimate(0.91)]), 0.8);
    equal(axisFrom([estimate(0.91), estimate(0.63)]), 0.6);
    equal(axisFrom([estimate(0.91), estimate(0, 'not enough audited yet: 14 tiles')]), 0.8);
    equal(axisFrom([]), 0.8);
  },

  'an interval lies between its ends, and the promise beside it': () => {
    const plot = interval({ value: 0.95, low: 0.9, high: 1 }, { from: 0.8, promised: 0.92, faint: false });
    const [axis, end] = [at(plot, 'interval-axis', 'x1'), at(plot, 'interval-axis', 'x2')];
    const x = (share) => axis + (end - axis) * (share - 0.8) / 0.2;
    for (const [found, share] of [
      [at(plot, 'interval-range', 'x1'), 0.9], [at(plot, 'interval-range', 'x2'), 1],
      [at(plot, 'interval-point', 'cx'), 0.95], [at(plot, 'interval-promised', 'x1'), 0.92],
    ]) truth(Math.abs(found - x(share)) < 1e-6, `the place of ${share}`);
    equal(plot.getAttribute('aria-label'), '0.950, 95 % 0.900 to 1.000');
  },

  'what lies below the promise looks so, and what is not known has no point': () => {
    const low = interval({ value: 0.85, low: 0.82, high: 0.9 }, { from: 0.8, promised: 0.92, faint: false });
    equal(low.querySelectorAll('.below').length, 2);
    const none = interval({ value: null, low: 0, high: 1 }, { from: 0.8, promised: null, faint: true });
    equal(none.querySelectorAll('.interval-point').length, 0);
    equal(none.getAttribute('aria-label'), 'not known');
  },
};
