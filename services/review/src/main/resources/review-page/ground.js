// The slide that the open tile lies on, seen as far as one zooms out: its tiles where they lie. It
// is asked for when somebody looks beyond the tile's neighbours.

import { byId } from './format.js';
import { SlidePicture } from './slide-picture.js';

/** How long a view rests until what is in sight is asked for. */
const REST_MILLIS = 150;

export class Ground extends EventTarget {
  #viewer;
  #alert = null;
  #slide = null;
  #timer = 0;

  /** Tells `reach` with the id of a tile that waits for review and was zoomed in on. */
  constructor({ state, viewer }) {
    super();
    this.#viewer = viewer;
    viewer.ground = (context, sight) => this.#draw(context, sight);
    viewer.addEventListener('view', () => this.#moved());
    state.watch(['tile'], ({ tile }) => this.#follow(tile));
  }

  #follow(tile) {
    // The tile before stays in sight until the next one comes.
    if (tile?.status === 'loading' || tile?.alert === this.#alert) return;
    this.#alert = tile?.status === 'shown' && !tile.lost ? tile.alert : null;
    if (this.#slide?.slideId === this.#alert?.slideId) return;
    this.#slide?.close();
    this.#slide = null;
  }

  #moved() {
    clearTimeout(this.#timer);
    if (this.#alert) this.#timer = setTimeout(() => this.#rested(), REST_MILLIS);
  }

  async #rested() {
    const alert = this.#alert;
    const { sight } = this.#viewer;
    if (!alert || !sight || !byId('around-on').checked || !goesBeyond(sight, alert)) return;
    const slide = this.#slide ??= new SlidePicture(alert.slideId, () => this.#viewer.draw());
    if (!await slide.read() || slide !== this.#slide || alert !== this.#alert) return;
    const part = onSlide(sight, alert);
    this.#viewer.reachesTo(slide.size / alert.downsample);
    slide.look(part);
    const tile = slide.filledBy(part);
    const away = sight.right < 0 || sight.bottom < 0 || sight.left > alert.width || sight.top > alert.height;
    if (tile?.tileId && tile.tileId !== alert.tileId && away && !this.#viewer.busy) {
      this.dispatchEvent(new CustomEvent('reach', { detail: tile.tileId }));
    }
  }

  /** Draws on a context whose unit is the tile's pixel; answers whether there was anything. */
  #draw(context, sight) {
    if (!this.#slide || !this.#alert || !byId('around-on').checked) return false;
    const { x, y, downsample } = this.#alert;
    context.save();
    context.scale(1 / downsample, 1 / downsample);
    context.translate(-x, -y);
    this.#slide.draw(context, onSlide(sight, this.#alert));
    context.restore();
    return true;
  }
}

/** Whether more is in sight than the tiles that touch one. */
function goesBeyond({ left, top, right, bottom }, { width, height }) {
  return left < -width || top < -height || right > 2 * width || bottom > 2 * height;
}

/** What is in sight in pixels of level 0; `scale` is pixels of the screen for each. */
function onSlide({ left, top, right, bottom, scale }, { x, y, downsample }) {
  return {
    left: x + left * downsample,
    top: y + top * downsample,
    right: x + right * downsample,
    bottom: y + bottom * downsample,
    scale: scale / downsample,
  };
}
