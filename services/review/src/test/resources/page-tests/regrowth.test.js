import { EditableMask } from '/mask.js';
import { CUTS, Regrowth, levelOf, nearestCut, probabilityAt } from '/regrowth.js';
import { chance, equal, rows, truth } from './check.js';

/** Levels that fall from left to right, and the mask that the model draws of them. */
const LEVELS = Uint8Array.of(15, 12, 10, 8, 7, 6, 3, 0);
const cutAt = (levels, cut) => levels.map((level) => (level >= cut ? 1 : 0));
const editable = (levels, width = levels.length) =>
  new EditableMask(cutAt(levels, CUTS.own), width, levels.length / width);

/** Moves a growth and lets it rest. */
function move(growth, ...cuts) {
  for (const cut of cuts) growth.to(cut);
  growth.rest();
}

export default {
  'knows the level of each grey that a browser may show': () => {
    for (let level = 0; level < 16; level++) equal([levelOf(17 * level), levelOf(17 * level + 2)], [level, level]);
  },
  'says from which probability a mask holds pixels': () => {
    equal([1, 4, 8, 12].map((cut) => probabilityAt(cut, 0.25)), [0.03125, 0.125, 0.25, 0.625]);
  },
  'finds the cut that a mask was made with': () => {
    const next = chance(5);
    const levels = Uint8Array.from({ length: 400 }, () => Math.floor(16 * next()));
    for (let cut = CUTS.least; cut <= CUTS.most; cut++) equal(nearestCut(levels, cutAt(levels, cut)), cut);
  },
  'takes the model\'s own cut where several are as near': () => {
    equal(nearestCut(Uint8Array.of(15, 0, 0, 0), Uint8Array.of(1, 0, 0, 0)), CUTS.own);
    equal(nearestCut(Uint8Array.of(15, 12, 0), Uint8Array.of(1, 1, 0)), CUTS.own);
  },
  'grows and shrinks the mask, as one step of undo': () => {
    const mask = editable(LEVELS);
    const growth = new Regrowth(mask, LEVELS);
    move(growth, 12, 3);
    equal(rows(mask), ['#######.']);
    move(growth, 5, 12);
    equal([rows(mask), mask.done.length, growth.cut], [['##......'], 1, 12]);
    mask.undo();
    equal([rows(mask), mask.done.length, mask.changed], [['####....'], 0, false]);
    equal(growth.goesOn, false);
    mask.redo();
    equal(rows(mask), ['##......']);
  },
  'leaves no step where it comes back to where it began': () => {
    const mask = editable(LEVELS);
    mask.shrink(null);
    const before = rows(mask);
    const growth = new Regrowth(mask, LEVELS);
    move(growth, 1);
    move(growth, 2, 10);
    equal([rows(mask), mask.done.length], [before, 1]);
    move(growth, 5);
    equal(mask.done.length, 2);
    equal([mask.added, mask.removed], [2, 0]);
  },
  'keeps what was drawn and erased by hand': () => {
    const levels = Uint8Array.from({ length: 64 }, (_, i) => (i % 16));
    const mask = editable(levels, 64);
    mask.begin();
    mask.paint({ x: 0.5, y: 0.5 }, { x: 1.5, y: 0.5 }, 0.5, 1);
    mask.paint({ x: 15.5, y: 0.5 }, { x: 15.5, y: 0.5 }, 0.5, 0);
    mask.end();
    const growth = new Regrowth(mask, levels);
    equal(growth.cut, CUTS.own);
    move(growth, 6);
    const expected = cutAt(levels, 6);
    expected[0] = expected[1] = 1;
    expected[15] = 0;
    equal(mask.pixels, expected);
    mask.undo();
    truth(mask.pixels[0] && !mask.pixels[15], 'what was done by hand is a step of its own');
  },
  'begins from nothing where everything was erased': () => {
    const mask = editable(LEVELS);
    mask.begin();
    mask.paint({ x: 0, y: 0.5 }, { x: 8, y: 0.5 }, 1, 0);
    mask.end();
    move(new Regrowth(mask, LEVELS), 8);
    equal(rows(mask), ['####....']);
  },
};
