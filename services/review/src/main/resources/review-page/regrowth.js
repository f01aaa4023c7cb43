// Grows the model's mask anew at another threshold, from its probabilities in levels.

/** Where levels are cut: a mask holds the pixels of the cut's level and above. */
export const CUTS = { least: 1, own: 8, most: 15 };

const GREY = 255 / CUTS.most;

/** The level that a grey of a probability map stands for. */
export const levelOf = (grey) => Math.round(grey / GREY);

/** The probability from which a mask holds pixels, where the model's own is `threshold`. */
export function probabilityAt(cut, threshold) {
  const { own, most } = CUTS;
  return cut <= own ? (threshold * cut) / own
    : threshold + ((1 - threshold) * (cut - own)) / (most + 1 - own);
}

/** The cut whose mask is nearest to one; of several the one that is nearest to the model's own. */
export function nearestCut(levels, pixels) {
  const inside = new Int32Array(CUTS.most + 1);
  const outside = new Int32Array(CUTS.most + 1);
  for (let i = 0; i < pixels.length; i++) (pixels[i] ? inside : outside)[levels[i]]++;
  let wrong = outside.reduce((sum, count) => sum + count, 0);
  let nearest = { cut: CUTS.own, wrong: Infinity };
  for (let cut = CUTS.least; cut <= CUTS.most; cut++) {
    wrong += inside[cut - 1] - outside[cut - 1];
    const equal = wrong === nearest.wrong && fromOwn(cut) < fromOwn(nearest.cut);
    if (wrong < nearest.wrong || equal) nearest = { cut, wrong };
  }
  return nearest.cut;
}

const fromOwn = (cut) => Math.abs(cut - CUTS.own);

/**
 * Moves the threshold of a mask; undo takes all of it back as one step. What was drawn or erased by
 * hand before stays as it is.
 */
export class Regrowth {
  #mask;
  #levels;
  #cut;
  #moves = false;
  #moved = false;
  #step;

  constructor(mask, levels) {
    this.#mask = mask;
    this.#cut = nearestCut(levels, mask.pixels);
    this.#levels = withHand(levels, mask.pixels, this.#cut);
    this.#step = mask.done.at(-1);
  }

  /** Whether it moves, or nothing else was done to the mask since. */
  get goesOn() {
    return this.#moves || this.#mask.done.at(-1) === this.#step;
  }

  /** Where levels are cut now. */
  get cut() {
    return this.#cut;
  }

  to(cut) {
    if (!this.#moves) {
      if (this.#moved) this.#mask.goOn();
      else this.#mask.begin();
    }
    this.#moves = true;
    this.#cut = cut;
    this.#mask.cut(this.#levels, cut);
  }

  /** It has come to rest, for now. */
  rest() {
    if (!this.#moves) return;
    this.#moves = false;
    this.#moved = this.#mask.end();
    this.#step = this.#mask.done.at(-1);
  }
}

/** Levels at which no cut changes what was drawn by hand. Of an empty mask nothing was. */
function withHand(levels, pixels, cut) {
  const all = levels.slice();
  if (!pixels.includes(1)) return all;
  for (let i = 0; i < all.length; i++) {
    if (pixels[i] !== (levels[i] >= cut ? 1 : 0)) all[i] = pixels[i] ? CUTS.most : 0;
  }
  return all;
}
