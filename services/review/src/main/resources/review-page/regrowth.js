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
 * One go at the threshold of a mask, which undo takes back as one step. What was drawn or erased by
 * hand before stays as it is.
 */
export class Regrowth {
  #mask;
  #levels;
  #cut;
  /** 0 where a pixel follows the threshold; else what it stays, and 1. */
  #hand;
  #next;
  #grown = false;
  #step;

  constructor(mask, levels) {
    this.#mask = mask;
    this.#levels = levels;
    this.#cut = nearestCut(levels, mask.pixels);
    this.#hand = byHand(mask.pixels, levels, this.#cut);
    this.#next = new Uint8Array(levels.length);
    this.#step = mask.done.at(-1);
  }

  /** Whether nothing else was done to the mask since. */
  get goesOn() {
    return this.#mask.done.at(-1) === this.#step;
  }

  /** Where levels are cut now. */
  get cut() {
    return this.#cut;
  }

  to(cut) {
    for (let i = 0; i < this.#next.length; i++) {
      const hand = this.#hand[i];
      this.#next[i] = hand ? hand - 1 : this.#levels[i] >= cut;
    }
    this.#grown = this.#mask.become(this.#next, this.#grown);
    this.#step = this.#mask.done.at(-1);
    this.#cut = cut;
  }
}

/** Where a mask differs from that of a cut, its pixels and 1. Of an empty mask nothing is kept. */
function byHand(pixels, levels, cut) {
  const hand = new Uint8Array(pixels.length);
  if (!pixels.includes(1)) return hand;
  for (let i = 0; i < hand.length; i++) {
    if (pixels[i] !== Number(levels[i] >= cut)) hand[i] = pixels[i] + 1;
  }
  return hand;
}
