import * as regions from '/regions.js';
import { chance, equal, mask, noise } from './check.js';

/** Every nucleus by giving neighbours the smaller of their numbers until none changes. */
function slowLabels({ pixels, width }, corners) {
  const label = Array.from(pixels, (value, i) => (value ? i + 1 : 0));
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < label.length; i++) {
      for (let j = 0; j < label.length; j++) {
        const dx = Math.abs((i % width) - (j % width));
        const dy = Math.abs(Math.floor(i / width) - Math.floor(j / width));
        const beside = corners ? Math.max(dx, dy) === 1 : dx + dy === 1;
        if (beside && label[i] && label[j] > label[i]) {
          label[j] = label[i];
          changed = true;
        }
      }
    }
  }
  return label;
}

const sorted = (indices) => [...indices].sort((a, b) => a - b);
const all = (pixels, is) => [...pixels.keys()].filter(is);
const inverted = ({ pixels, width }) => ({ pixels: pixels.map((value) => 1 - value), width });

/** Background that no way through background leads to the edge. */
function slowHoles(image) {
  const { width, height, pixels } = image;
  const label = slowLabels(inverted(image), false);
  const atEdge = (i) => i % width === 0 || i % width === width - 1 || i < width || i >= width * (height - 1);
  const open = new Set(all(pixels, atEdge).map((i) => label[i]));
  return all(pixels, (i) => !pixels[i] && !open.has(label[i]));
}

/** How often an outline winds around a place, by adding up angles. */
function turns(outline, x, y) {
  let angle = 0;
  for (let i = 0; i < outline.length; i++) {
    const a = outline[i];
    const b = outline[(i + 1) % outline.length];
    const turn = Math.atan2(b.y - y, b.x - x) - Math.atan2(a.y - y, a.x - x);
    angle += turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
  }
  return Math.round(angle / (2 * Math.PI));
}

function filled(outline, width, height) {
  const found = [];
  regions.inside(outline, width, height, (from, to) => {
    for (let i = from; i < to; i++) found.push(i);
  });
  return sorted(found);
}

export default {
  'finds the same nuclei as comparing every pixel with every other': () => {
    for (let seed = 1; seed <= 30; seed++) {
      const image = noise(9, 7, 0.3 + 0.01 * seed, seed);
      const slow = slowLabels(image, true);
      const fast = regions.labels(image.pixels, 9, 7);
      for (let i = 0; i < slow.length; i++) {
        if (!slow[i]) equal(fast[i], 0, `pixel ${i} of mask ${seed}`);
        else equal(sorted(regions.nucleus(image.pixels, 9, 7, i)), all(slow, (j) => slow[j] === slow[i]));
      }
      equal(new Set(fast.filter(Boolean)).size, new Set(slow.filter(Boolean)).size, 'nuclei');
    }
  },
  'finds the holes that no way through the background leads out of': () => {
    for (let seed = 1; seed <= 30; seed++) {
      const image = noise(9, 8, 0.55, seed);
      equal(regions.holes(image.pixels, 9, 8), slowHoles(image), `mask ${seed}`);
    }
  },
  'fills the holes of one nucleus, or one hole': () => {
    const { pixels, width, height } = mask(
      '...........',
      '.####.####.',
      '.#..#.#..#.',
      '.####.####.',
      '...........');
    equal(regions.holesAt(pixels, width, height, 12), [24, 25]);
    equal(sorted(regions.holesAt(pixels, width, height, 30)), [29, 30]);
    equal(regions.holesAt(pixels, width, height, 0), []);
  },
  'leaves what lies in a hole as it is': () => {
    const { pixels, width, height } = mask('#####', '#...#', '#.#.#', '#...#', '#####');
    equal(regions.holesAt(pixels, width, height, 0).includes(12), false);
    equal(regions.holesAt(pixels, width, height, 0).length, 8);
  },
  'finds the pixels that lie within any outline, even one that crosses itself': () => {
    const next = chance(7);
    for (let round = 0; round < 60; round++) {
      const outline = Array.from({ length: 3 + (round % 6) }, () => ({ x: 16 * next() - 3, y: 13 * next() - 3 }));
      const slow = [];
      for (let i = 0; i < 10 * 8; i++) {
        if (turns(outline, (i % 10) + 0.5, Math.floor(i / 10) + 0.5) !== 0) slow.push(i);
      }
      equal(filled(outline, 10, 8), slow, `outline ${round}`);
    }
  },
  'finds nothing within a point, a line and an outline beside the tile': () => {
    equal(filled([{ x: 2, y: 2 }], 5, 5), []);
    equal(filled([{ x: 1, y: 1 }, { x: 4, y: 3 }], 5, 5), []);
    equal(filled([{ x: 6, y: 0 }, { x: 9, y: 0 }, { x: 9, y: 5 }], 5, 5), []);
  },
  'takes the rim from the background and the skin from the nucleus': () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { pixels } = noise(8, 8, 0.5, seed);
      const beside = (i) => [
        i % 8 ? i - 1 : -1, i % 8 < 7 ? i + 1 : -1, i - 8, i + 8,
      ].filter((j) => j >= 0 && j < 64);
      equal(sorted(regions.rim(pixels, 8, 8)),
        all(pixels, (i) => !pixels[i] && beside(i).some((j) => pixels[j])), 'rim');
      equal(regions.skin(pixels, 8, 8),
        all(pixels, (i) => pixels[i] && beside(i).some((j) => !pixels[j])), 'skin');
    }
  },
  'takes no skin off where a nucleus goes on outside the tile': () => {
    const { pixels, width, height } = mask('##.', '##.', '...');
    equal(sorted(regions.skin(pixels, width, height)), [1, 3, 4]);
  },
};
