import { colour, partOf } from '/mosaic.js';
import { rates } from '/operations-page.js';
import { words } from '/intake.js';
import { equal } from './check.js';

export default {
  'what is shown of a slide is where its tiles lie': () => {
    const tiles = [{ x: 512, y: 256, width: 256, height: 256 }, { x: 1024, y: 512, width: 256, height: 128 }];
    equal(partOf(tiles, { width: 9000, height: 9000 }), { left: 512, top: 256, width: 768, height: 384 });
    equal(partOf([], null), { left: 0, top: 0, width: 1, height: 1 });
  },

  'colours run from the first to the last of their scale': () => {
    equal(['entropy', 'positive'].map((mode) => colour(mode, 0)), ['rgb(27, 15, 59)', 'rgb(21, 42, 58)']);
    equal(colour('entropy', 1), 'rgb(252, 250, 164)');
    equal(colour('entropy', 0.5), 'rgb(160, 48, 95)');
    equal(colour('entropy', 7), colour('entropy', 1));
  },

  'tiles a second are what was taken up between two moments': () => {
    equal(rates([{ at: 0, taken: 10 }, { at: 5000, taken: 30 }, { at: 10_000, taken: 30 }]),
      [{ at: 5000, value: 4 }, { at: 10_000, value: 0 }]);
  },

  'a name of the answer is said in words': () => {
    equal(words('tilesAccepted'), 'tiles accepted');
  },
};
