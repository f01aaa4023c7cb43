// The slide around the open tile: its neighbours in colour, and a small map of where it lies.

import * as api from './api.js';
import { byId, count } from './format.js';

/** Whoever goes from tile to tile asks for nothing. */
const PAUSE_MILLIS = 250;

const SMALLEST = 3;

export class Surroundings {
  #viewer;
  #alert = null;
  #turn = 0;
  #neighbours = [];
  #map = null;

  constructor({ state, viewer }) {
    this.#viewer = viewer;
    state.watch(['tile'], ({ tile }) => {
      const open = tile?.status === 'shown' && !tile.lost && tile.alert.links.surroundings;
      this.#follow(open ? tile.alert : null);
    });
    byId('around-on').addEventListener('input', () => this.#show());
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => this.#draw());
  }

  #follow(alert) {
    if (alert === this.#alert) return;
    this.#alert = alert;
    const turn = ++this.#turn;
    for (const { image } of this.#neighbours) image.close();
    this.#neighbours = [];
    this.#map = null;
    this.#show();
    this.#draw();
    this.#tell('');
    if (!alert) return;
    setTimeout(() => {
      if (turn === this.#turn) this.#load(alert, turn);
    }, PAUSE_MILLIS);
  }

  async #load(alert, turn) {
    try {
      const around = await api.json(alert.links.surroundings);
      if (turn !== this.#turn) return;
      this.#map = { alert, ...around };
      this.#draw();
      this.#tell(around.neighbours.length ? `${around.neighbours.length} known` : 'none known',
        around.isWhole ? '' : 'Not all results of that time could be looked through.');
      await Promise.all(around.neighbours.map((each) => this.#add(each, around, turn)));
    } catch (error) {
      if (turn === this.#turn) this.#tell('not known', error.message);
    }
  }

  async #add(neighbour, { downsample }, turn) {
    // One that has expired is not shown; the others are.
    const image = await api.pictureOfMany(neighbour.image, () => turn === this.#turn);
    if (!image || turn !== this.#turn) return image?.close();
    this.#neighbours.push({
      image,
      x: (neighbour.x - this.#alert.x) / downsample,
      y: (neighbour.y - this.#alert.y) / downsample,
      width: neighbour.width,
      height: neighbour.height,
    });
    this.#show();
  }

  #show() {
    this.#viewer.neighbours = byId('around-on').checked ? this.#neighbours : [];
  }

  #tell(text, why = '') {
    byId('around-text').textContent = text;
    byId('around-text').title = why;
  }

  #draw() {
    const canvas = byId('map');
    canvas.hidden = !this.#map;
    if (!this.#map) return;
    const { alert, downsample, slide, tiles } = this.#map;
    const here = [alert.x, alert.y, alert.width, alert.height];
    const part = slide
      ? { left: 0, top: 0, right: slide.width, bottom: slide.height }
      : around([...tiles, here], downsample);
    canvas.title = slide
      ? `Where the tile lies on its slide, ${count(slide.width)} × ${count(slide.height)} px; ${count(tiles.length)} tiles about it are known`
      : `Where the tile lies among ${count(tiles.length)} tiles that are known; how large the slide is nobody has said`;
    canvas.setAttribute('aria-label', canvas.title);
    canvas.classList.toggle('whole', slide !== null);
    paint(canvas, part, [...tiles.map((tile) => [tile, '--placeholder']), [here, '--added']], downsample);
  }
}

function around(tiles, downsample) {
  const part = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y, width, height] of tiles) {
    part.left = Math.min(part.left, x);
    part.top = Math.min(part.top, y);
    part.right = Math.max(part.right, x + width * downsample);
    part.bottom = Math.max(part.bottom, y + height * downsample);
  }
  return part;
}

/** Draws tiles in the colours that go with them, none too small to be seen. */
function paint(canvas, part, tiles, downsample) {
  const longer = Math.max(part.right - part.left, part.bottom - part.top);
  const scale = (canvas.dataset.edge * devicePixelRatio) / longer;
  const css = (size) => `${Math.max(SMALLEST, (size * scale) / devicePixelRatio)}px`;
  canvas.style.width = css(part.right - part.left);
  canvas.style.height = css(part.bottom - part.top);
  canvas.width = Math.ceil((part.right - part.left) * scale);
  canvas.height = Math.ceil((part.bottom - part.top) * scale);
  const context = canvas.getContext('2d');
  const style = getComputedStyle(canvas);
  const least = SMALLEST * devicePixelRatio;
  for (const [[x, y, width, height], colour] of tiles) {
    const w = Math.max(least, width * downsample * scale);
    const h = Math.max(least, height * downsample * scale);
    context.fillStyle = style.getPropertyValue(colour);
    context.fillRect(
      Math.min(canvas.width - w, (x - part.left) * scale),
      Math.min(canvas.height - h, (y - part.top) * scale), w, h);
  }
}
