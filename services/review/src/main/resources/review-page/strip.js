// The strip that grows the model's mask anew at a more lenient or a stricter threshold.

import * as api from './api.js';
import { byId, number } from './format.js';
import { greyBytes } from './mask.js';
import { toast } from './messages.js';
import { CUTS, Regrowth, levelOf, nearestCut, probabilityAt } from './regrowth.js';

/** Whoever goes from tile to tile asks for nothing. */
const PAUSE_MILLIS = 250;

export class Strip {
  #viewer;
  #layers;
  #input = byId('threshold');
  #tile = null;
  #levels = null;
  #growth = null;

  constructor({ state, viewer, layers }) {
    this.#viewer = viewer;
    this.#layers = layers;
    this.#input.addEventListener('input', () => this.#grow(Number(this.#input.value)));
    this.#input.addEventListener('change', () => this.#rest());
    viewer.addEventListener('edit', () => this.#show());
    state.watch(['tile'], ({ tile }) => this.#follow(tile));
  }

  /** One level more lenient (-1) or stricter (1). */
  step(by) {
    if (!this.#tile) return;
    const why = whyNot(this.#tile) ?? (this.#levels ? null : 'The model’s probabilities are still loading.');
    if (why) return toast(why);
    const cut = this.#cut + by;
    if (cut >= CUTS.least && cut <= CUTS.most && this.#grow(cut)) this.#rest();
    this.#viewer.say(this.#words(this.#cut));
  }

  get #cut() {
    return this.#growth?.goesOn ? this.#growth.cut : nearestCut(this.#levels, this.#tile.mask.pixels);
  }

  #follow(tile) {
    const shown = tile?.status === 'shown' && tile.mask ? tile : null;
    if (shown?.mask === this.#tile?.mask && shown?.lost === this.#tile?.lost) return;
    this.#tile = shown;
    this.#levels = null;
    this.#growth = null;
    this.#show();
    if (!shown) return;
    const why = whyNot(shown);
    this.#tell(why);
    if (why) return;
    setTimeout(() => {
      if (shown === this.#tile) this.#load(shown);
    }, PAUSE_MILLIS);
  }

  async #load(tile) {
    try {
      const map = await api.picture(api.alertUrl(tile.alert.tileId, 'probabilities'));
      const levels = greyBytes(map, levelOf);
      map.close();
      if (tile !== this.#tile) return;
      if (levels.length !== tile.mask.pixels.length) throw new Error('The probabilities are not of this tile’s size.');
      this.#levels = levels;
      this.#show();
    } catch (error) {
      if (tile === this.#tile) this.#tell(error.message);
    }
  }

  /** Answers whether it could be done now. */
  #grow(cut) {
    if (!this.#levels || this.#viewer.toolIsDown) {
      this.#show();
      return false;
    }
    if (!this.#growth?.goesOn) this.#growth = new Regrowth(this.#tile.mask, this.#levels);
    this.#layers.showMask();
    this.#growth.to(cut);
    this.#viewer.maskFlows();
    this.#say(cut);
    return true;
  }

  #rest() {
    this.#growth?.rest();
    this.#viewer.maskChanged();
  }

  /** Where the mask stands, whatever has changed it. */
  #show() {
    this.#input.disabled = !this.#levels;
    const cut = this.#levels ? this.#cut : CUTS.own;
    this.#input.value = cut;
    this.#say(cut);
  }

  #say(cut) {
    byId('threshold-text').textContent = this.#levels
      ? cut === CUTS.own ? 'model' : `from ${this.#probability(cut)}` : '';
    if (this.#levels) this.#input.setAttribute('aria-valuetext', this.#words(cut));
    this.#input.title = this.#levels ? this.#words(cut) : '';
  }

  #words(cut) {
    const said = `${name(cut)}: from probability ${this.#probability(cut)}`;
    return cut === CUTS.own ? said : `${said}; the model’s own is ${this.#probability(CUTS.own)}`;
  }

  #probability(cut) {
    return number(probabilityAt(cut, this.#tile.alert.maskThreshold), 2);
  }

  /** Why there is no strip, in place of it; null where there is one. */
  #tell(why) {
    byId('strip').hidden = Boolean(why);
    byId('strip-why').hidden = !why;
    byId('strip-why').textContent = why ?? '';
  }
}

/** Of a tile that is read blind nothing is even asked for. */
function whyNot({ alert, blind, lost }) {
  if (blind) return 'You read this tile without the model’s mask: there is none to regrow.';
  if (lost) return 'The tile is closed: its mask cannot be regrown any more.';
  if (!alert.links.probabilities) return 'The model’s probabilities did not come with this tile: its mask cannot be regrown.';
  return null;
}

/** A threshold in words. */
function name(cut) {
  const far = Math.abs(cut - CUTS.own);
  if (far === 0) return 'as the model';
  const how = far <= 2 ? 'a little ' : far <= 5 ? '' : 'very ';
  return how + (cut < CUTS.own ? 'lenient' : 'strict');
}
