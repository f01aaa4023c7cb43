import { Viewport } from '/viewport.js';
import { equal, truth } from './check.js';

const FREE = { left: 100, top: 20, right: 500, bottom: 320 };
const near = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < 1e-9;

export default {
  'fits a tile into what is free and puts it into its middle': () => {
    const viewport = new Viewport();
    viewport.fit(FREE, 200, 100);
    equal([viewport.scale, viewport.x, viewport.y], [2, 100, 70]);
    equal(viewport.fitted, true);
  },
  'keeps the place that is zoomed about where it is': () => {
    const viewport = new Viewport();
    viewport.fit(FREE, 200, 100);
    const at = { x: 333, y: 111 };
    const before = viewport.toImage(at);
    viewport.zoom(1.7, at);
    truth(near(viewport.toImage(at), before), 'it stays');
    equal(viewport.fitted, false);
  },
  'puts another tile where it was seen beside this one': () => {
    const viewport = new Viewport();
    viewport.fit(FREE, 200, 100);
    const there = viewport.fromImage({ x: 240, y: -30 });
    // Its pixels are twice as large on the slide.
    viewport.changeTo({ x: 200, y: -50 }, 0.5);
    truth(near(viewport.fromImage({ x: 20, y: 10 }), there), 'the same place of the slide');
    equal([viewport.scale, viewport.fitted], [4, false]);
  },
  'finds its way from the tile to the canvas and back': () => {
    const viewport = new Viewport();
    viewport.fit(FREE, 313, 97);
    viewport.pan(-41, 12);
    truth(near(viewport.fromImage(viewport.toImage({ x: 7, y: 9 })), { x: 7, y: 9 }), 'there and back');
  },
  'zooms no further than to pixels of 40 screen pixels': () => {
    const viewport = new Viewport();
    viewport.zoom(1e9, { x: 0, y: 0 });
    equal(viewport.scale, 40 * devicePixelRatio);
    viewport.zoom(0, { x: 0, y: 0 });
    equal(viewport.scale, 0.02);
  },
  'centres a tile at a scale that is asked for': () => {
    const viewport = new Viewport();
    viewport.centre(FREE, 512, 256, 3);
    equal(viewport.fromImage({ x: 256, y: 128 }), { x: 300, y: 170 });
    equal(viewport.scale, 3);
  },
  'pans no further than needed to show a place': () => {
    const viewport = new Viewport();
    equal(viewport.reveal({ x: 200, y: 100 }, FREE), false);
    equal([viewport.x, viewport.y], [0, 0]);
    equal(viewport.reveal({ x: 700, y: 10 }, FREE), true);
    equal(viewport.fromImage({ x: 700, y: 10 }), { x: 500, y: 20 });
  },
  'covers a part of the tile by whole pixels of the canvas': () => {
    const viewport = new Viewport();
    viewport.zoom(1.5, { x: 0, y: 0 });
    equal(viewport.toCanvas({ left: 1, top: 1, right: 2, bottom: 3 }, 2),
      { left: -1, top: -1, right: 5, bottom: 7 });
  },
};
