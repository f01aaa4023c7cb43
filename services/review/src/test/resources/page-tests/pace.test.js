import { about, medianGap } from '/pace.js';
import { equal } from './check.js';

const MINUTE = 60_000;

export default {
  'the median time between verdicts is the pace': () => {
    equal(medianGap([0, 1, 3, 6, 10].map((m) => m * MINUTE)), 3 * MINUTE);
  },

  'a break is no part of the pace': () => {
    equal(medianGap([0, 1, 2, 62, 63, 64].map((m) => m * MINUTE)), MINUTE);
  },

  'nothing is said of a pace that few verdicts would have to tell': () => {
    equal(medianGap([0, 1, 2, 3].map((m) => m * MINUTE)), null);
    equal(medianGap([]), null);
  },

  'a time is said as people say it': () => {
    equal([0.2, 4.4, 41, 89, 95, 240].map(about), [
      'about a minute', 'about 4 minutes', 'about 40 minutes', 'about 90 minutes',
      'about an hour and a half', 'about 4 hours',
    ]);
  },
};
