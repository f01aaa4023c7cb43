// The list of open alerts, most uncertain first, kept in step with the service. However many have
// been read, what is looked at stays where it is while others come and go.

import * as api from './api.js';
import {
  ago, byId, claimedBy, count, element, organName, reasonText, scoreText, scoreWords,
} from './format.js';
import { Rows } from './rows.js';

const PAGE = 50;
const MOST_A_PAGE = 500;
/** Of a row, and of the line with the slide's name above the first of its rows. */
const ROW_HEIGHT = 80;
const HEAD_HEIGHT = 26;

export class Queue extends EventTarget {
  #list = byId('alerts');
  #empty = byId('queue-empty');
  #openCount = byId('open-count');
  #filters;
  #above = byId('queue-above');
  #rows = new Rows(this.#list,
    (rows, at) => ROW_HEIGHT + (this.#begins(rows, at) ? HEAD_HEIGHT : 0),
    (row, node, at) => this.#row(row, node, at));
  #order = [];
  #byTile = new Map();
  #hidden = new Map();
  #next = null;
  #loading = null;
  #generation = 0;
  #selected = null;
  #came = 0;
  #counts = { open: 0, organs: [] };
  #total = 0;
  #highest = 0;
  #chosen = false;
  #waits = false;
  #hasDraft;
  #claims;

  /** `hasDraft` says of a tile id whether unsaved changes are kept for it. */
  constructor({ hasDraft, claims, filters }) {
    super();
    this.#filters = filters;
    this.#hasDraft = hasDraft;
    this.#claims = claims;
    this.#list.addEventListener('click', (event) => {
      const item = event.target.closest('.alert');
      if (item) this.select(item.dataset.tileId);
    });
    this.#list.addEventListener('scroll', () => this.#scrolled());
    this.#list.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.move(step);
    });
    this.#above.addEventListener('click', () => {
      this.#list.scrollTop = 0;
      this.#list.focus({ preventScroll: true });
    });
    filters.addEventListener('change', () => {
      // From here on keys are shortcuts again, not a choice of organ.
      this.#list.focus({ preventScroll: true });
      this.#list.scrollTop = 0;
      this.#order = [];
      this.#total = 0;
      this.#showOpen();
      this.#tell(this.reload());
    });
    filters.addEventListener('order', () => this.#tell(this.#reorder()));
    setInterval(() => this.#rows.changed(), 30_000);
  }

  /** The alert of the chosen tile, or null. */
  get selected() {
    return this.#byTile.get(this.#selected)?.alert ?? null;
  }

  /** Tells whether a person picked the tile, and it did not just come next. */
  get chosen() {
    return this.#chosen;
  }

  /** Tells whether there are tiles, and others have every one of them open. */
  get waits() {
    return this.#waits;
  }

  /**
   * Reads the list anew, as far as it had been read, keeping the chosen tile where it is open.
   * Where it is not, the first that is free is chosen if `selects` says so. `keeps` is an alert that
   * stays in the list however far down it stands, or null.
   */
  async reload({ selects = true, keeps = null } = {}) {
    const generation = ++this.#generation;
    const depth = Math.max(PAGE, this.#order.length);
    const alerts = [];
    let next = null;
    do {
      const limit = Math.min(MOST_A_PAGE, depth - alerts.length);
      const page = await api.listAlerts({ filter: this.#filters.query(), cursor: next, limit });
      if (generation !== this.#generation) return;
      alerts.push(...page.alerts);
      this.#total = page.total;
      next = page.next;
    } while (next && alerts.length < depth);
    this.#next = next;
    this.#loading = null;
    this.#came = 0;
    this.#order = [];
    this.#byTile.clear();
    // A verdict on its way keeps its tile out of the list, unless it is open no more.
    for (const id of this.#hidden.keys()) this.#hidden.set(id, null);
    for (const alert of keeps ? [...alerts, keeps] : alerts) this.#read(alert);
    this.#changed();
    this.#showOpen();
    if (this.#byTile.has(this.#selected)) return;
    this.#selected = null;
    if (selects) this.#selectFirst();
  }

  raised(alert) {
    if (!this.#filters.includes(alert)) return;
    if (this.#remove(alert.tileId) < 0) this.#total++;
    this.#showOpen();
    // What sorts behind the pages read so far comes with its own page.
    const last = this.#order.at(-1);
    if (this.#next && last && !this.#before(alert, last.alert)) return;
    const at = this.#add(alert);
    if (at !== null && at < this.#rows.first) {
      this.#rows.shift();
      this.#came++;
    }
    this.#changed();
    if (!this.#selected) this.#selectFirst();
  }

  /** Takes the alert out; its neighbour is chosen in its place. */
  closed(tileId) {
    this.#hidden.delete(tileId);
    this.#leave(tileId);
  }

  /** A verdict is on its way: the tile is out of the list until it is known what became of it. */
  hide(tileId) {
    const alert = this.#byTile.get(tileId)?.alert ?? null;
    this.#hidden.set(tileId, alert);
    this.#leave(tileId);
  }

  /** The verdict was taken back or refused: the tile is in the list again. */
  restore(tileId, alert) {
    this.#hidden.delete(tileId);
    if (!this.#filters.includes(alert)) return;
    if (!this.#byTile.has(tileId)) this.#add(alert);
    this.#changed();
    this.select(tileId);
  }

  /** Answers whether the tile is in the list. */
  select(tileId, chosen = true) {
    if (!this.#byTile.has(tileId)) return false;
    if (this.#selected === tileId) return true;
    this.#selected = tileId;
    this.#chosen = chosen;
    this.#waits = false;
    this.#changed();
    this.#rows.reveal(this.#at(tileId));
    this.#announce();
    return true;
  }

  /** An alert that was asked for is in the list, and chosen, wherever it stands and what the filter says. */
  insert(alert) {
    this.#read(alert);
    this.#changed();
    this.select(alert.tileId);
  }

  /** Nothing is chosen: what is on show is no open alert. */
  unselect() {
    this.#selected = null;
    this.#waits = false;
    this.#changed();
  }

  /** Goes to the row below or above, whoever has it open. */
  move(step) {
    const at = this.#selected === null ? -1 : this.#at(this.#selected);
    const next = this.#order[Math.min(this.#order.length - 1, Math.max(0, at + step))];
    if (next) this.select(next.id);
  }

  /** Goes to the next tile in a direction that nobody else has open; false where others have all. */
  moveToFree(step) {
    const from = this.#selected === null ? 0 : this.#at(this.#selected) + step;
    const next = this.#free(from, this.#selected === null ? 1 : step);
    if (next) this.select(next.id, false);
    return Boolean(next) || !this.#order[from];
  }

  /** The next tiles that nobody else has open, so many at most. */
  following(most) {
    const found = [];
    for (let at = this.#selected === null ? 0 : this.#at(this.#selected) + 1; found.length < most; at++) {
      const next = this.#free(at, 1);
      if (!next) break;
      at = this.#at(next.id);
      found.push(next.alert);
    }
    return found;
  }

  /** Leaves the chosen tile for the next that is free; where there is none, none is chosen. */
  goOn() {
    const from = this.#selected === null ? 0 : this.#at(this.#selected) + 1;
    this.#selected = null;
    this.#changed();
    this.#selectFrom(from);
  }

  /** Who has which tile open has changed. */
  refreshClaims() {
    this.#rows.changed();
    if (this.#waits) this.#selectFirst();
  }

  /** Shows what has changed about drafts. */
  refreshDrafts() {
    this.#rows.changed();
  }

  /** `open` counts all organs, `organs` is [{organ, open}]. */
  showCounts(open, organs) {
    this.#counts = { open, organs };
    this.#showOpen();
  }

  /** How many are open of those that the filters show, over the list and in the title. */
  #showOpen() {
    const { open, organs } = this.#counts;
    const chosen = this.#filters.organ;
    const ofOrgan = chosen ? organs.find((each) => each.organ === chosen)?.open ?? 0 : open;
    const shown = this.#filters.anyBesideOrgan ? this.#total : ofOrgan;
    this.#openCount.textContent = count(shown);
    this.dispatchEvent(new CustomEvent('count', { detail: shown }));
  }

  /** The same alerts come in another order; what is looked at stays. */
  async #reorder() {
    const keeps = this.selected;
    this.#order = [];
    await this.reload({ selects: false, keeps });
    if (keeps) this.#rows.reveal(this.#at(keeps.tileId));
    else this.#selectFirst();
  }

  /** The order of the list: the service's, slide by slide where that is wanted. */
  #before(a, b) {
    if (this.#filters.bySlide && a.slideId !== b.slideId) return a.slideId < b.slideId;
    return before(a, b);
  }

  /** Whether a row is the first of its slide, and says so. */
  #begins(rows, at) {
    return this.#filters.bySlide && rows[at - 1]?.alert.slideId !== rows[at]?.alert.slideId;
  }

  #scrolled() {
    if (this.#list.scrollTop < ROW_HEIGHT && this.#came) {
      this.#came = 0;
      this.#showAbove();
    }
    const { scrollTop, clientHeight, scrollHeight } = this.#list;
    if (this.#next && scrollTop + clientHeight > scrollHeight - 600) this.#tell(this.#more());
  }

  async #more() {
    if (this.#loading) return;
    const generation = this.#generation;
    this.#loading = api.listAlerts({ filter: this.#filters.query(), cursor: this.#next, limit: PAGE });
    try {
      const page = await this.#loading;
      if (generation !== this.#generation) return;
      this.#next = page.next;
      for (const alert of page.alerts) this.#read(alert);
      this.#changed();
    } finally {
      if (generation === this.#generation) this.#loading = null;
    }
  }

  /** What fails in the background is told to whoever listens. */
  #tell(work) {
    work.catch((error) => this.dispatchEvent(new CustomEvent('failure', { detail: error })));
  }

  #read(alert) {
    this.#claims.learn(alert);
    this.#add(alert);
  }

  /** Puts an alert in its place; answers which, or null where it is hidden or there already. */
  #add(alert) {
    if (this.#hidden.has(alert.tileId)) {
      this.#hidden.set(alert.tileId, alert);
      return null;
    }
    if (this.#byTile.has(alert.tileId)) return null;
    const row = { id: alert.tileId, alert };
    const at = this.#place(alert);
    this.#order.splice(at, 0, row);
    this.#byTile.set(row.id, row);
    return at;
  }

  #remove(tileId) {
    if (!this.#byTile.has(tileId)) return -1;
    const at = this.#at(tileId);
    const above = at < this.#rows.first;
    this.#order.splice(at, 1);
    this.#byTile.delete(tileId);
    if (above) this.#rows.shift();
    return at;
  }

  #leave(tileId) {
    const at = this.#remove(tileId);
    if (at < 0) return;
    this.#total = Math.max(0, this.#total - 1);
    this.#showOpen();
    this.#changed();
    if (this.#selected === tileId) {
      this.#selected = null;
      this.#selectFrom(at);
    }
    if (this.#next && this.#order.length < PAGE / 2) this.#tell(this.#more());
  }

  /** Where an alert stands, or would stand. */
  #place(alert) {
    let from = 0;
    let to = this.#order.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#before(this.#order[middle].alert, alert)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #at(tileId) {
    const row = this.#byTile.get(tileId);
    return row ? this.#place(row.alert) : -1;
  }

  #selectFirst() {
    this.#selectFrom(0);
  }

  /** The next tile from there on that nobody else has open, or else the nearest before. */
  #selectFrom(at) {
    const next = this.#free(at, 1) ?? this.#free(at - 1, -1);
    if (next) {
      this.select(next.id, false);
      return;
    }
    this.#waits = this.#order.length > 0;
    this.#announce();
  }

  #free(from, step) {
    for (let at = from; at >= 0 && at < this.#order.length; at += step) {
      if (!this.#claims.of(this.#order[at].id)) return this.#order[at];
    }
    return null;
  }

  #announce() {
    this.dispatchEvent(new CustomEvent('select', { detail: this.selected }));
  }

  #changed() {
    this.#empty.hidden = this.#order.length > 0;
    this.#list.hidden = this.#order.length === 0;
    this.#highest = this.#order.reduce((most, { alert }) => Math.max(most, alert.score), 0);
    this.#rows.show(this.#order);
    this.#showAbove();
    const node = this.#rows.node(this.#selected);
    if (node) this.#list.setAttribute('aria-activedescendant', node.id);
    else this.#list.removeAttribute('aria-activedescendant');
  }

  #showAbove() {
    this.#above.hidden = this.#came === 0;
    this.#above.textContent = `${count(this.#came)} new above`;
  }

  #row({ alert, id }, drawn, at) {
    // A segmentation that is newer has a thumbnail and a score of its own.
    const node = drawn?.alert === alert ? drawn : item(alert);
    const begins = this.#begins(this.#order, at);
    node.classList.toggle('begins', begins);
    node.slide.hidden = !begins;
    // Scores have no common scale: a bar shows the share of the highest.
    const highest = this.#highest;
    node.bar.style.width = `${highest > 0 ? 100 * Math.max(0, alert.score / highest) : 0}%`;
    node.age.textContent = ago(alert.requestedAt);
    node.draft.hidden = !this.#hasDraft(id);
    const claim = this.#claims.of(id);
    node.claim.hidden = !claim;
    node.claim.textContent = claim?.initials ?? '';
    if (claim) node.claim.setAttribute('aria-label', claimedBy(claim));
    node.claim.title = claim ? claimedBy(claim) : '';
    node.setAttribute('aria-selected', id === this.#selected);
    if (drawn && drawn !== node) drawn.remove();
    return node;
  }
}

let nextId = 1;

function item(alert) {
  const thumb = element('img', {
    class: 'thumb', alt: '', loading: 'lazy', decoding: 'async', src: alert.links.thumbnail,
  });
  thumb.addEventListener('error', () => thumb.classList.add('broken'), { once: true });
  const slide = element('div', { class: 'of-slide' }, alert.slideId);
  const bar = element('i');
  const age = element('span', { class: 'age' });
  const draft = element('span', { class: 'draft' }, 'changed');
  const claim = element('span', { class: 'claim', role: 'img' });
  const node = element(
    'li',
    { class: 'alert', role: 'option', id: `alert-${nextId++}`, title: alert.tileId },
    slide,
    thumb,
    element('div', {},
      element('div', { class: 'row' },
        element('span', { class: 'organ' }, organName(alert.organ)),
        claim,
        element('span', { class: 'score', title: scoreWords(alert.scoreName) }, scoreText(alert.score))),
      element('div', { class: 'bar' }, bar),
      element('div', { class: 'where' }, `${alert.slideId} · ${alert.x}, ${alert.y}`),
      element('div', { class: 'meta' },
        element('span', {}, reasonText(alert)), draft, age)));
  node.dataset.tileId = alert.tileId;
  return Object.assign(node, { alert, slide, bar, age, draft, claim });
}

/** The service's order: most uncertain first, then the oldest, then by id. */
function before(a, b) {
  if (a.score !== b.score) return a.score > b.score;
  const older = Date.parse(a.requestedAt) - Date.parse(b.requestedAt);
  if (older !== 0) return older < 0;
  return a.tileId < b.tileId;
}
