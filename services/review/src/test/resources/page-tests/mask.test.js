import { EditableMask } from '/mask.js';
import { labels } from '/regions.js';
import { chance, equal, mask, noise, rows, truth } from './check.js';

const editable = (...lines) => {
  const { pixels, width, height } = mask(...lines);
  return new EditableMask(pixels, width, height);
};
const nuclei = ({ pixels, width, height }) => Math.max(0, ...labels(pixels, width, height));
const index = (edited, x, y) => y * edited.width + x;

const TWO = ['........', '.##..##.', '.##..##.', '........'];

export default {
  'paints every pixel whose centre lies within the brush': () => {
    const edited = editable('.....', '.....', '.....', '.....', '.....');
    edited.begin();
    edited.paint({ x: 2.5, y: 2.5 }, { x: 2.5, y: 2.5 }, 1.2, 1);
    equal(edited.end(), true);
    equal(rows(edited), ['.....', '..#..', '.###.', '..#..', '.....']);
    equal([edited.added, edited.removed, edited.changed], [5, 0, true]);
  },
  'counts what was added and removed against the model': () => {
    const edited = editable('##..');
    edited.begin();
    edited.paint({ x: 1.5, y: 0.5 }, { x: 1.5, y: 0.5 }, 0.5, 0);
    edited.paint({ x: 3.5, y: 0.5 }, { x: 3.5, y: 0.5 }, 0.5, 1);
    edited.end();
    equal([edited.added, edited.removed], [1, 1]);
  },
  'begins where a draft had left off': () => {
    const model = mask('##..').pixels;
    const edited = new EditableMask(model, 4, 1, mask('#..#').pixels);
    equal([edited.added, edited.removed], [1, 1]);
  },
  'takes any number of steps of any kind back, and does them again': () => {
    const next = chance(11);
    const { pixels } = noise(24, 18, 0.35, 5);
    const edited = new EditableMask(pixels, 24, 18);
    const place = () => ({ x: 24 * next(), y: 18 * next() });
    const steps = [
      () => { edited.begin(); edited.paint(place(), place(), 3 * next(), 1); edited.end(); },
      () => { edited.begin(); edited.paint(place(), place(), 3 * next(), 0); edited.end(); },
      () => { edited.begin(); edited.fill([place(), place(), place(), place()], 1); edited.end(); },
      () => { edited.begin(); edited.removeAlong(place(), place()); edited.end(); },
      () => edited.grow(null, next() < 0.5),
      () => edited.grow(edited.indexAt(place()), next() < 0.5),
      () => edited.shrink(null),
      () => edited.shrink(edited.indexAt(place())),
      () => edited.fillHoles(null),
      () => edited.remove(edited.indexAt(place())),
      () => edited.revert(),
    ];
    const seen = [rows(edited)];
    for (let i = 0; i < 60; i++) {
      const before = edited.done.length;
      steps[Math.floor(next() * steps.length)]();
      if (edited.done.length > before) seen.push(rows(edited));
    }
    truth(seen.length > 20, 'steps that changed something');
    for (let i = seen.length - 2; i >= 0; i--) {
      edited.undo();
      equal(rows(edited), seen[i], `after ${i} steps`);
    }
    equal([edited.undo(), edited.changed, edited.added, edited.removed], [false, false, 0, 0]);
    for (const expected of seen.slice(1)) {
      edited.redo();
      equal(rows(edited), expected);
    }
    equal(edited.redo(), false);
  },
  'forgets what was taken back when something else is done': () => {
    const edited = editable('....');
    edited.grow(null, false);
    edited.begin();
    edited.paint({ x: 0.5, y: 0.5 }, { x: 0.5, y: 0.5 }, 0.5, 1);
    edited.end();
    edited.undo();
    edited.begin();
    edited.paint({ x: 2.5, y: 0.5 }, { x: 2.5, y: 0.5 }, 0.5, 1);
    edited.end();
    equal(edited.redo(), false);
  },
  'leaves nothing of a step that is cancelled or that changes nothing': () => {
    const edited = editable('#...');
    edited.begin();
    edited.paint({ x: 0, y: 0.5 }, { x: 4, y: 0.5 }, 1, 1);
    edited.cancel();
    equal(rows(edited), ['#...']);
    edited.begin();
    edited.paint({ x: 2.5, y: 0.5 }, { x: 2.5, y: 0.5 }, 0.5, 1);
    edited.paint({ x: 2.5, y: 0.5 }, { x: 2.5, y: 0.5 }, 0.5, 0);
    equal(edited.end(), false);
    equal([edited.done.length, edited.changed], [0, false]);
  },
  'keeps the steps that can be taken back within 32 MiB': () => {
    const size = 1024;
    const edited = new EditableMask(new Uint8Array(size * size), size, size);
    for (let step = 0; step < 9; step++) {
      edited.begin();
      // Every second pixel: as many runs as there can be.
      for (let y = 0; y < size; y++) {
        for (let x = step % 2; x < size; x += 2) {
          edited.paint({ x: x + 0.5, y: y + 0.5 }, { x: x + 0.5, y: y + 0.5 }, 0.2, step % 4 < 2 ? 1 : 0);
        }
      }
      edited.end();
    }
    const bytes = edited.done.reduce((sum, { byteLength }) => sum + byteLength, 0);
    truth(bytes <= 32 << 20 && edited.done.length < 9 && edited.done.length > 3, `${bytes} bytes, ${edited.done.length} steps`);
  },
  'says which part has changed since it was asked': () => {
    const edited = editable('.....', '.....', '.....');
    edited.begin();
    edited.fill([{ x: 1, y: 1 }, { x: 3, y: 1 }, { x: 3, y: 2 }, { x: 1, y: 2 }], 1);
    equal(edited.takeDirty(), { left: 1, top: 1, right: 3, bottom: 2 });
    equal(edited.takeDirty(), null);
  },
  'does not paint a nucleus onto its neighbour where they are kept apart': () => {
    const edited = editable(...TWO);
    edited.begin();
    edited.keepApart([index(edited, 1, 1)]);
    edited.paint({ x: 1.5, y: 2 }, { x: 7, y: 2 }, 1, 1);
    edited.end();
    equal(rows(edited), ['........', '.###.##.', '.###.##.', '........']);
    equal(nuclei(edited), 2);
  },
  'paints them together where they are not': () => {
    const edited = editable(...TWO);
    edited.begin();
    edited.paint({ x: 1.5, y: 2 }, { x: 6, y: 2 }, 1, 1);
    edited.end();
    equal(nuclei(edited), 1);
  },
  'keeps a new nucleus apart from all others, whatever is drawn': () => {
    const next = chance(3);
    for (let round = 0; round < 40; round++) {
      const { pixels } = noise(30, 20, 0.04, round + 1);
      const edited = new EditableMask(pixels, 30, 20);
      const before = nuclei(edited);
      edited.begin();
      edited.keepApart([]);
      edited.paint({ x: 30 * next(), y: 20 * next() }, { x: 30 * next(), y: 20 * next() }, 4, 1);
      edited.end();
      truth(nuclei(edited) >= before, 'no two have become one');
      for (let i = 0; i < pixels.length; i++) if (pixels[i]) equal(edited.pixels[i], 1, 'what was there stays');
    }
  },
  'finds the nuclei that lie mostly within an outline': () => {
    const edited = editable(...TWO);
    const around = [{ x: 0, y: 0 }, { x: 5.6, y: 0 }, { x: 5.6, y: 4 }, { x: 0, y: 4 }];
    equal(edited.mostlyWithin(around), [index(edited, 1, 1)]);
  },
  'grows and shrinks one nucleus or all': () => {
    const edited = editable(...TWO);
    equal(edited.grow(index(edited, 1, 1), false), true);
    equal(rows(edited), ['.##.....', '####.##.', '####.##.', '.##.....']);
    edited.undo();
    edited.grow(null, false);
    equal(rows(edited), ['.##..##.', '########', '########', '.##..##.']);
    edited.undo();
    edited.shrink(index(edited, 5, 1));
    equal(rows(edited), ['........', '.##.....', '.##.....', '........']);
    equal(edited.shrink(0), false);
    equal(edited.grow(0, false), false);
  },
  'grows nuclei no further than to a gap of one pixel where they are kept apart': () => {
    const next = chance(9);
    for (let round = 0; round < 30; round++) {
      const { pixels } = noise(24, 16, 0.05, round + 50);
      const edited = new EditableMask(pixels, 24, 16);
      const before = nuclei(edited);
      const all = next() < 0.5;
      for (let i = 0; i < 6; i++) edited.grow(all ? null : pixels.indexOf(1), true);
      equal(nuclei(edited), before, `nuclei of mask ${round}`);
      truth(edited.added > 0, 'something has grown');
    }
  },
  'takes out every nucleus on the way, and no other': () => {
    const edited = editable('.#..#..#.', '.#..#..#.', '.........', '.#..#..#.');
    edited.begin();
    edited.removeAlong({ x: 0.5, y: 0.5 }, { x: 5, y: 0.5 });
    edited.end();
    equal(rows(edited), ['.......#.', '.......#.', '.........', '.#..#..#.']);
    equal(edited.done.length, 1);
  },
  'knows the first pixel of each nucleus': () => {
    equal(editable(...TWO).nuclei(), [9, 13]);
  },
  'knows which pixel a place is in, and that there is none outside': () => {
    const edited = editable(...TWO);
    equal(edited.indexAt({ x: 7.9, y: 0.1 }), 7);
    equal(edited.indexAt({ x: 8, y: 0 }), null);
    equal(edited.indexAt({ x: -0.1, y: 0 }), null);
  },
};
