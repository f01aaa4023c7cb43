import { equal as same, packed, unpacked } from '/bits.js';
import { equal, noise } from './check.js';

export default {
  'puts the leftmost pixel into the highest bit': () => {
    equal(packed([1, 0, 0, 0, 0, 0, 0, 1, 7]), [0b10000001, 0b10000000]);
  },
  'takes out what was put in, whatever the length': () => {
    for (let length = 0; length < 40; length++) {
      const { pixels } = noise(length, 1, 0.5, length);
      equal(unpacked(packed(pixels), length), pixels, `${length} pixels`);
    }
  },
  'tells equal masks from others': () => {
    equal(same([1, 0], [1, 0]), true);
    equal(same([1, 0], [1, 1]), false);
    equal(same([1], [1, 0]), false);
  },
};
