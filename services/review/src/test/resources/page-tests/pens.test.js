import { EditableMask } from '/mask.js';
import { PENS } from '/pens.js';
import { equal, mask, rows } from './check.js';

function taken(tool, lines, grip = {}) {
  const { pixels, width, height } = mask(...lines);
  const edited = new EditableMask(pixels, width, height);
  const pen = new PENS[tool](edited, () => ({ diameter: 1.9, keepsApart: false, pixel: 0.1, ...grip }));
  return { edited, pen };
}

function through(pen, places, erases = false) {
  pen.begin(places[0], erases);
  for (const place of places.slice(1)) pen.move(place);
  return pen.end();
}

const at = (x, y) => ({ x, y });
const EMPTY = ['......', '......', '......', '......', '......'];
const FULL = EMPTY.map(() => '######');
const SQUARE = [at(1, 1), at(5, 1), at(5, 4), at(1, 4)];

export default {
  'a brush paints along its way and erases where it is told to': () => {
    const { edited, pen } = taken('brush', EMPTY);
    equal(through(pen, [at(1.5, 2.5), at(4.5, 2.5)]), true);
    equal(rows(edited)[2], '.####.');
    equal(through(pen, [at(2.5, 2.5)], true), true);
    equal(rows(edited)[2], '.#.##.');
  },
  'a lasso fills what it went around, and only when it is let go': () => {
    const { edited, pen } = taken('lasso', EMPTY);
    pen.begin(SQUARE[0], false);
    for (const place of SQUARE.slice(1)) pen.move(place);
    equal(pen.sketch, { points: SQUARE, closed: true });
    equal(edited.changed, false);
    equal(pen.end(), true);
    equal(rows(edited), ['......', '.####.', '.####.', '.####.', '......']);
  },
  'a lasso takes out what it went around where it erases': () => {
    const { edited, pen } = taken('lasso', FULL);
    through(pen, SQUARE, true);
    equal(rows(edited), ['######', '#....#', '#....#', '#....#', '######']);
  },
  'a polygon is closed at its first corner': () => {
    const { edited, pen } = taken('polygon', EMPTY);
    for (const corner of SQUARE) equal(through(pen, [corner]), false);
    equal(pen.waits, true);
    equal(through(pen, [at(1.3, 1.3)]), true);
    equal(pen.waits, false);
    equal(edited.added, 12);
  },
  'a polygon is closed by the last corner twice, as two clicks do': () => {
    const { edited, pen } = taken('polygon', EMPTY);
    for (const corner of [...SQUARE, SQUARE.at(-1)]) through(pen, [corner]);
    equal(edited.added, 12);
  },
  'a polygon is taken back corner by corner': () => {
    const { edited, pen } = taken('polygon', EMPTY);
    for (const corner of SQUARE) through(pen, [corner]);
    pen.cancel();
    equal(pen.sketch.points, SQUARE.slice(0, 3));
    pen.cancel();
    pen.cancel();
    pen.cancel();
    equal([pen.waits, edited.changed], [false, false]);
  },
  'a polygon erases as its first corner did': () => {
    const { edited, pen } = taken('polygon', FULL);
    through(pen, [SQUARE[0]], true);
    for (const corner of [...SQUARE.slice(1), SQUARE[0]]) through(pen, [corner]);
    equal(edited.removed, 12);
  },
  'an outline around a nucleus extends that one and leaves a gap to the others': () => {
    const { edited, pen } = taken('lasso', ['.......', '.##.##.', '.......'], { keepsApart: true });
    through(pen, [at(0, 0), at(3.6, 0), at(3.6, 3), at(0, 3)]);
    equal(rows(edited), ['###....', '###.##.', '###....']);
  },
  'a stroke that begins on a nucleus extends it, beside it draws another': () => {
    const line = ['.##....'];
    const on = taken('brush', line, { keepsApart: true });
    through(on.pen, [at(2.5, 0.5), at(5.5, 0.5)]);
    equal(rows(on.edited), ['.#####.']);
    const beside = taken('brush', line, { keepsApart: true });
    through(beside.pen, [at(5.5, 0.5), at(2.5, 0.5)]);
    equal(rows(beside.edited), ['.##.##.']);
  },
  'a remover takes out each nucleus that it touches, as one step': () => {
    const { edited, pen } = taken('remove', ['.#.#.#.']);
    equal(through(pen, [at(1.5, 0.5), at(3.5, 0.5)]), true);
    equal(rows(edited), ['.....#.']);
    edited.undo();
    equal(rows(edited), ['.#.#.#.']);
  },
};
