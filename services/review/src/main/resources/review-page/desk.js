// The open tile: how it comes on show, what is drawn on it, and the verdict it is given.

import * as api from './api.js';
import { packed, unpacked } from './bits.js';
import { NOBODY } from './drafts.js';
import { claimedBy } from './format.js';
import { EditableMask, maskBytes } from './mask.js';
import { translucent } from './overlay.js';
import { AHEAD, Pictures } from './pictures.js';
import { maskPng } from './png.js';

/** Answers after which a tile will never be seen; others pass. */
const NEVER_SHOWN = [410, 502];

export class Desk {
  #state;
  #queue;
  #drafts;
  #outbox;
  #claims;
  #reviewer;
  #pictures = new Pictures();
  #turn = 0;
  #watch = new Watch();

  constructor({ state, queue, drafts, outbox, claims, reviewer }) {
    this.#state = state;
    this.#queue = queue;
    this.#drafts = drafts;
    this.#outbox = outbox;
    this.#claims = claims;
    this.#reviewer = reviewer;
  }

  get #tile() {
    return this.#state.get('tile');
  }

  /** Opens an open alert's tile, or none. */
  async open(alert) {
    const turn = this.#leave(alert && { alert, status: 'loading', comment: '', lost: null });
    if (!alert) return;
    const blind = this.#reviewer.isBlind(alert);
    try {
      const [draft, [image, mask, heat]] = await Promise.all([
        this.#drafts.has(alert.tileId) ? this.#drafts.get(alert.tileId) : null,
        this.#pictures.of(alert, blind).then(bitmaps),
      ]);
      if (turn !== this.#turn) return image.close();
      const { width, height } = image;
      const model = mask ? maskBytes(mask) : new Uint8Array(width * height);
      this.#show({
        alert,
        blind,
        image,
        heat: heat && translucent(heat),
        mask: new EditableMask(model, width, height, drawn(draft, width, height)),
        comment: draft?.comment ?? '',
      });
      this.#pictures.ahead(this.#queue.following(AHEAD)
        .map((next) => ({ alert: next, blind: this.#reviewer.isBlind(next) })));
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** Opens a draft whose alert was closed meanwhile. */
  async openLost(tileId) {
    const draft = await this.#drafts.get(tileId);
    if (!draft) return;
    const { alert, width, height, comment } = draft;
    const turn = this.#leave({ alert, status: 'loading', comment, lost: {} });
    this.#queue.unselect();
    try {
      const [image, closed] = await Promise.all([
        picture(api.closedBitmap(tileId, 'image')), whatBecame(tileId),
      ]);
      if (turn !== this.#turn) return;
      const model = draft.model ? unpacked(draft.model, width * height) : null;
      this.#show({
        alert,
        blind: this.#reviewer.isBlind(alert),
        image,
        heat: null,
        mask: model
          ? new EditableMask(model, width, height, unpacked(draft.pixels, width * height))
          : null,
        comment,
        lost: closed,
      });
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** Tells whether the tile as it is on show may be another person's, who says a name only now. */
  async isFor(person) {
    const tile = this.#tile;
    if (tile?.status !== 'shown' || tile.lost) return false;
    await this.keep();
    const { person: before } = this.#drafts;
    const mine = Boolean(tile.mask.changed || tile.comment.trim());
    if (before === person || (mine && before !== NOBODY)) return before === person;
    return !await this.#drafts.isKept(person, tile.alert.tileId);
  }

  /** Puts the tile away, its draft written: somebody else sits down. */
  async putAway() {
    await this.keep();
    this.#tile?.image?.close();
    this.#turn++;
    this.#state.set({ tile: null });
  }

  /** Opens it once more where it could not be shown and now may be. */
  retry() {
    const tile = this.#tile;
    if (tile?.status !== 'failed' || NEVER_SHOWN.includes(tile.error.status)) return;
    if (tile.lost) this.openLost(tile.alert.tileId);
    else this.open(tile.alert);
  }

  /** To be called after every change: it is on the disk before the next. */
  keep() {
    const tile = this.#tile;
    if (tile?.status !== 'shown') return Promise.resolve();
    const { alert, mask, comment, lost } = tile;
    if (this.#outbox.has(alert.tileId)) return Promise.resolve();
    if (mask?.changed || comment.trim() || lost) {
      return this.#drafts.keep({ alert, mask, comment, lost: lost !== null }).catch(() => {});
    }
    return this.#drafts.drop(alert.tileId);
  }

  comment(text) {
    if (!this.#tile) return;
    this.#state.set({ tile: { ...this.#tile, comment: text } });
    this.keep();
  }

  /** Why a verdict cannot be given now, one sentence; null where it can. */
  whyNot(verdict) {
    const tile = this.#tile;
    if (!tile) return 'There is no tile to give a verdict on.';
    if (!this.#reviewer.decides) return 'You have the role viewer: you look, and others decide.';
    if (tile.lost) return 'This tile has its verdict: choose what becomes of your mask.';
    const claim = this.#claims.of(tile.alert.tileId);
    if (claim) return `${claimedBy(claim)}: take the next one (J), or submit a second opinion.`;
    if (tile.status === 'loading') return 'The tile is still loading: look at it first.';
    if (tile.status === 'failed') {
      if (verdict !== 'UNUSABLE') return 'The tile cannot be shown, so its mask cannot be judged.';
      return NEVER_SHOWN.includes(tile.error.status)
        ? null : 'The tile cannot be shown now: try again before you call it unusable.';
    }
    const { changed } = tile.mask;
    if (tile.blind && verdict === 'CONFIRMED' && changed) {
      return 'You have drawn: save it (Shift+S), or take it away (R).';
    }
    if (tile.blind && verdict === 'CORRECTED' && !changed) {
      return 'Nothing is drawn: say that nothing is there (Shift+C), or draw first.';
    }
    if (verdict === 'CONFIRMED' && changed) {
      return 'You have changed the mask: save the correction (Shift+S), or put the model\'s mask back (R).';
    }
    if (verdict === 'CORRECTED' && !changed) {
      return 'The mask is as the model drew it: confirm it (Shift+C), or change it first.';
    }
    return null;
  }

  /** Hands a verdict to the outbox and goes on; the draft stays until the verdict is published. */
  async decide(verdict, { person, named, unusableReason }) {
    const { alert, blind, mask, comment } = this.#tile;
    // That nothing is there is a mask, too: the model's was not seen.
    const given = blind && verdict === 'CONFIRMED' ? 'CORRECTED' : verdict;
    const corrected = given === 'CORRECTED';
    await this.keep();
    await this.#outbox.hold({
      alert,
      blind,
      viewedMillis: this.#watch.millis,
      verdict: given,
      named,
      unusableReason,
      comment: comment.trim(),
      pixels: corrected ? packed(mask.pixels) : null,
      width: mask?.width ?? 0,
      height: mask?.height ?? 0,
    }, person);
    this.#queue.hide(alert.tileId);
  }

  /** Somebody closed the alert. What was drawn on it stays. */
  async closed(tileId) {
    if (this.#outbox.has(tileId)) {
      // The answer, or the next try, says whether it was this one's verdict.
      this.#queue.closed(tileId);
      this.#outbox.hurry(tileId);
      return false;
    }
    return this.lose(tileId);
  }

  /** Answers whether there was work to keep. */
  async lose(tileId) {
    const open = this.#tile?.alert.tileId === tileId && this.#tile.status === 'shown';
    if (open) await this.keep();
    if (!this.#drafts.has(tileId)) {
      this.#queue.closed(tileId);
      return false;
    }
    await this.#drafts.lose(tileId);
    if (open) {
      this.#queue.unselect();
      this.#queue.closed(tileId);
      this.#state.set({ tile: { ...this.#tile, lost: {} } });
      const lost = await whatBecame(tileId);
      if (this.#tile?.alert.tileId === tileId) this.#state.set({ tile: { ...this.#tile, lost } });
    } else {
      this.#queue.closed(tileId);
    }
    return true;
  }

  /** Publishes what was drawn beside the verdict that was faster, or that another is to give. */
  async submitOpinion({ named }) {
    const { alert, blind, mask, comment, lost } = this.#tile;
    const corrected = mask && (mask.changed || blind);
    const opinion = { verdict: corrected ? 'CORRECTED' : 'CONFIRMED' };
    if (blind) opinion.blind = true;
    opinion.viewedMillis = this.#watch.millis;
    if (named) opinion.reviewer = named;
    if (comment.trim()) opinion.comment = comment.trim();
    if (corrected) opinion.mask = await maskPng(mask.pixels, mask.width, mask.height);
    await api.submitOpinion(alert.tileId, opinion, { open: !lost });
    await this.discard();
  }

  /** Throws a draft away, on purpose, and goes on to the next tile. */
  async discard() {
    const { tileId } = this.#tile.alert;
    this.#state.set({ tile: null });
    await this.#drafts.drop(tileId);
    this.#queue.goOn();
  }

  #leave(next) {
    this.keep();
    this.#tile?.image?.close();
    this.#state.set({ tile: next });
    return ++this.#turn;
  }

  #show(tile) {
    this.#watch.start();
    this.#state.set({ tile: { lost: null, ...tile, status: 'shown' } });
  }

  #fail(error) {
    this.#state.set({ tile: { ...this.#tile, status: 'failed', error } });
  }
}

/** For how long a tile has been looked at: the time for which the page was seen. */
class Watch {
  #sum = 0;
  #since = null;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') this.#stop();
      else if (this.#since === null) this.#since = performance.now();
    });
  }

  get millis() {
    return Math.round(this.#sum + (this.#since === null ? 0 : performance.now() - this.#since));
  }

  start() {
    this.#sum = 0;
    this.#since = document.visibilityState === 'visible' ? performance.now() : null;
  }

  #stop() {
    if (this.#since !== null) this.#sum += performance.now() - this.#since;
    this.#since = null;
  }
}

/** What a draft made of a mask of this size, or nothing. */
function drawn(draft, width, height) {
  const fits = draft?.pixels && draft.width === width && draft.height === height;
  return fits ? unpacked(draft.pixels, width * height) : undefined;
}

/** A tile's parts as bitmaps. */
const bitmaps = ({ image, mask, entropy }) =>
  Promise.all([image, mask, entropy].map((blob) => blob && api.decoded(blob)));

/** A tile's picture, which may be gone; the mask on it is not. */
const picture = (bitmap) => bitmap.catch(() => null);

/** The verdict that was given: {known, reviewer, verdict, correctedAt, mask}. */
async function whatBecame(tileId) {
  try {
    const closed = await api.closedTile(tileId);
    const mask = closed.links.mask ? maskBytes(await api.closedBitmap(tileId, 'mask')) : null;
    return { ...closed, known: closed.verdict !== null, mask };
  } catch (error) {
    return { known: false, mask: null, error };
  }
}
