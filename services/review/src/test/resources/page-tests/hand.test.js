import { Hand } from '/hand.js';
import { EditableMask } from '/mask.js';
import { equal, mask, rows } from './check.js';

const at = (x, y) => ({ x, y });
const GRIP = () => ({ diameter: 1, keepsApart: false, pixel: 0.1 });

function holding(tool, line) {
  const { pixels, width, height } = mask(line);
  const hand = new Hand(GRIP);
  hand.tool = tool;
  return { hand, edited: new EditableMask(pixels, width, height) };
}

export default {
  'erases with the tool at hand while the eraser is held, and with the brush where none draws': () => {
    const { hand } = holding('lasso', '.');
    hand.holdErase = true;
    equal([hand.active, hand.erases], ['lasso', true]);
    for (const tool of ['pan', 'remove']) {
      hand.tool = tool;
      equal(hand.active, 'erase');
    }
    hand.holdErase = false;
    equal([hand.active, hand.erases], ['remove', false]);
  },
  'goes on as it began where the eraser is let go on the way': () => {
    const { hand, edited } = holding('brush', '#####');
    hand.holdErase = true;
    hand.begin(edited, at(0.5, 0.5), false);
    hand.holdErase = false;
    hand.move(at(2.5, 0.5));
    equal(hand.end(), true);
    equal(rows(edited), ['...##']);
  },
  'is busy while it is down, and between the corners of a polygon': () => {
    const { hand, edited } = holding('polygon', '.....');
    equal(hand.busy, false);
    hand.begin(edited, at(0, 0), false);
    equal([hand.drawing, hand.busy], [true, true]);
    hand.end();
    equal([hand.drawing, hand.busy, hand.sketch.points.length], [false, true, 1]);
    equal([hand.takeCornerBack(), hand.busy, hand.sketch], [true, false, null]);
    equal(hand.takeCornerBack(), false);
  },
  'gives up what it was drawing when another tool is taken': () => {
    const { hand, edited } = holding('brush', '.....');
    hand.begin(edited, at(0.5, 0.5), false);
    hand.tool = 'lasso';
    equal([hand.drawing, edited.changed], [false, false]);
    hand.begin(edited, at(0.5, 0.5), false);
    hand.drop();
    equal([hand.busy, hand.sketch, hand.end()], [false, null, false]);
  },
  'does nothing where it is moved or lifted without being down': () => {
    const { hand, edited } = holding('brush', '.....');
    hand.move(at(1, 0));
    hand.cancel();
    equal([hand.end(), edited.changed], [false, false]);
  },
};
