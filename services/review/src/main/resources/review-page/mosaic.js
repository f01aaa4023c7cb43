// A slide's tiles where they lie, coloured by what was found on them.

import * as api from './api.js';
import { element, number, percent } from './format.js';

/** From little to much: readable beside each other for the colour-blind, too. */
const SCALES = {
  positive: ['#152a3a', '#1d5a6b', '#2f9c8f', '#8fd67a', '#f4f19a'],
  entropy: ['#1b0f3b', '#52207a', '#a0305f', '#f08a24', '#fcfaa4'],
};

/** What the tiles can show. */
export const MODES = [
  { id: 'tissue', name: 'Tissue' },
  { id: 'positive', name: 'Positive area' },
  { id: 'entropy', name: 'Entropy' },
  { id: 'open', name: 'Open reviews' },
];

const MOST_PICTURES = 1_000;
const AT_A_TIME = 4;

export class Mosaic extends EventTarget {
  #canvas = element('canvas', { role: 'img', 'aria-label': 'The slide, whose tiles are being read' });
  #slideId;
  #tiles = [];
  #open = new Map();
  #part = { left: 0, top: 0, width: 1, height: 1 };
  #pictures = new Map();
  #missing = 0;
  #mode = 'positive';
  #pointed = null;
  #over = false;
  #frame = 0;
  #watch = new ResizeObserver(() => this.#soon());

  /**
   * Tells `point` of the tile under the pointer (null for none), `choose` of one that is clicked,
   * `missing` when a picture could not be had.
   */
  constructor(slideId) {
    super();
    this.#slideId = slideId;
    this.#canvas.addEventListener('pointermove', (event) => this.#point(this.#at(event)));
    this.#canvas.addEventListener('pointerleave', () => this.#point(null));
    this.#canvas.addEventListener('click', (event) => {
      const tile = this.#at(event);
      if (tile) this.dispatchEvent(new CustomEvent('choose', { detail: tile }));
    });
    this.#watch.observe(this.#canvas);
  }

  get node() {
    return this.#canvas;
  }

  /** Takes what the service says of the slide's tiles. */
  show({ slide, tiles, open }) {
    this.#open = new Map(open.map(([x, y, tileId]) => [`${x}/${y}`, tileId]));
    this.#tiles = tiles.map(([x, y, width, height, positive, entropy]) => ({
      x, y, width, height, positive, entropy, tileId: this.#open.get(`${x}/${y}`) ?? null,
    }));
    this.#part = partOf(this.#tiles, slide);
    const { width, height } = this.#part;
    this.#canvas.style.aspectRatio = `${width} / ${height}`;
    this.#canvas.style.maxWidth = `calc(66vh * ${width / height})`;
    this.#say();
    this.#soon();
    if (this.#mode === 'tissue') this.#load();
  }

  /** What the tiles show from here on: the id of one of the modes. */
  set mode(mode) {
    this.#mode = mode;
    this.#say();
    this.#soon();
    if (mode === 'tissue') this.#load();
  }

  get mode() {
    return this.#mode;
  }

  /** Smallest and largest value of what is shown, or null where it has none. */
  get range() {
    if (!SCALES[this.#mode] || !this.#tiles.length) return null;
    const values = this.#tiles.map((tile) => tile[this.#mode]);
    return { least: Math.min(...values), most: Math.max(...values) };
  }

  /** How many pictures could not be had; they are asked for again when tissue is chosen again. */
  get missing() {
    return this.#mode === 'tissue' ? this.#missing : 0;
  }

  /** Nothing more is fetched or drawn. */
  close() {
    this.#over = true;
    this.#watch.disconnect();
    for (const picture of this.#pictures.values()) picture?.close();
  }

  #say() {
    const name = MODES.find(({ id }) => id === this.#mode).name.toLowerCase();
    this.#canvas.setAttribute('aria-label', `The slide's ${this.#tiles.length} tiles by ${name}`);
  }

  #point(tile) {
    if (tile === this.#pointed) return;
    this.#pointed = tile;
    this.#canvas.classList.toggle('leads', Boolean(tile?.tileId));
    this.dispatchEvent(new CustomEvent('point', { detail: tile }));
    this.#soon();
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    const x = this.#part.left + ((event.clientX - box.x) / box.width) * this.#part.width;
    const y = this.#part.top + ((event.clientY - box.y) / box.height) * this.#part.height;
    return this.#tiles.findLast((tile) => x >= tile.x && y >= tile.y
      && x < tile.x + tile.width && y < tile.y + tile.height) ?? null;
  }

  /** Pictures come a few at a time, those in the middle first. */
  async #load() {
    const middle = { x: this.#part.left + this.#part.width / 2, y: this.#part.top + this.#part.height / 2 };
    const far = (tile) => Math.hypot(tile.x - middle.x, tile.y - middle.y);
    const wanted = this.#tiles.filter((tile) => !this.#pictures.has(key(tile)))
      .sort((a, b) => far(a) - far(b)).slice(0, MOST_PICTURES - this.#pictures.size);
    this.#missing = 0;
    const isWanted = () => !this.#over && this.#mode === 'tissue';
    const next = async () => {
      while (wanted.length && isWanted()) {
        const tile = wanted.shift();
        if (this.#pictures.has(key(tile))) continue;
        this.#pictures.set(key(tile), null);
        const picture = await api.pictureOfMany(api.slideTileUrl(this.#slideId, tile.x, tile.y), isWanted);
        if (this.#over) return picture?.close();
        if (picture) this.#pictures.set(key(tile), picture);
        else this.#lack(tile);
        this.#soon();
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, next));
  }

  #lack(tile) {
    this.#pictures.delete(key(tile));
    if (this.#mode !== 'tissue') return;
    this.#missing++;
    this.dispatchEvent(new Event('missing'));
  }

  #soon() {
    if (this.#over) return;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    const context = this.#canvas.getContext('2d');
    const scale = this.#canvas.width / this.#part.width;
    const style = getComputedStyle(this.#canvas);
    const colours = {
      glass: style.getPropertyValue('--well'),
      open: style.getPropertyValue('--added'),
      edge: style.getPropertyValue('--text'),
    };
    const range = this.range;
    const gap = scale * (this.#tiles[0]?.width ?? 0) > 12 ? devicePixelRatio : 0;
    const waiting = [];
    for (const tile of this.#tiles) {
      const [x, y, w, h] = this.#box(tile, scale);
      const picture = this.#mode === 'tissue' ? this.#pictures.get(key(tile)) : null;
      if (picture) context.drawImage(picture, x, y, w, h);
      else {
        context.fillStyle = range ? colour(this.#mode, (tile[this.#mode] - range.least) / (range.most - range.least || 1))
          : this.#mode === 'open' && tile.tileId ? colours.open : colours.glass;
        context.fillRect(x, y, Math.max(1, w - gap), Math.max(1, h - gap));
      }
      // Light within dark: seen on every colour.
      if (tile.tileId && this.#mode !== 'open') waiting.push([x, y, w, h]);
    }
    for (const box of waiting) {
      frame(context, box, '#000', 4 * devicePixelRatio);
      frame(context, box, '#fff', 2 * devicePixelRatio);
    }
    if (this.#pointed) frame(context, this.#box(this.#pointed, scale), colours.edge, 2 * devicePixelRatio);
  }

  #box(tile, scale) {
    return [(tile.x - this.#part.left) * scale, (tile.y - this.#part.top) * scale,
      tile.width * scale, tile.height * scale];
  }
}

/** What is known of a tile, in a line. */
export function tileText({ x, y, positive, entropy, tileId }) {
  return `${x}, ${y}: ${percent(positive)} positive, entropy ${number(entropy)} bit/px${tileId ? ', waits for review' : ''}`;
}

/** The colours of a mode from little to much, or null where it has none. */
export const scaleOf = (mode) => SCALES[mode] ?? null;

const key = ({ x, y }) => `${x}/${y}`;

/** What is to be seen: the tiles, for most of a slide is glass. */
export function partOf(tiles, slide) {
  if (!tiles.length) return { left: 0, top: 0, width: slide?.width ?? 1, height: slide?.height ?? 1 };
  const left = tiles.reduce((least, tile) => Math.min(least, tile.x), Infinity);
  const top = tiles.reduce((least, tile) => Math.min(least, tile.y), Infinity);
  const right = tiles.reduce((most, tile) => Math.max(most, tile.x + tile.width), 0);
  const bottom = tiles.reduce((most, tile) => Math.max(most, tile.y + tile.height), 0);
  return { left, top, width: right - left, height: bottom - top };
}

/** The colour of a share from 0 to 1. */
export function colour(mode, share) {
  const scale = SCALES[mode];
  const at = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const below = Math.min(scale.length - 2, Math.floor(at));
  const parts = [0, 1, 2].map((i) => {
    const [a, b] = [scale[below], scale[below + 1]].map((hex) => parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16));
    return Math.round(a + (b - a) * (at - below));
  });
  return `rgb(${parts.join(', ')})`;
}

/** @param {number[]} box left, top, width and height */
function frame(context, box, stroke, width) {
  const [x, y, w, h] = box;
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.strokeRect(x + width / 2, y + width / 2, w - width, h - width);
}
