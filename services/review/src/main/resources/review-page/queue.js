// The list of open alerts, most uncertain first, kept in step with the service. However many have
// been read, what is looked at stays where it is while others come and go.

import * as api from './api.js';
import { REASONS, ago, byId, count, element, organName, scoreText, scoreWords } from './format.js';
import { Rows } from './rows.js';

const PAGE = 50;
const MOST_A_PAGE = 500;
const ROW_HEIGHT = 80;

export class Queue extends EventTarget {
  #list = byId('alerts');
  #empty = byId('queue-empty');
  #openCount = byId('open-count');
  #filter = byId('organ-filter');
  #above = byId('queue-above');
  #rows = new Rows(this.#list, ROW_HEIGHT, (row, node) => this.#row(row, node));
  #order = [];
  #byTile = new Map();
  #hidden = new Map();
  #next = null;
  #loading = null;
  #generation = 0;
  #selected = null;
  #came = 0;
  #counts = { open: 0, organs: [] };
  #hasDraft;

  /** `hasDraft` says of a tile id whether unsaved changes are kept for it. */
  constructor({ hasDraft }) {
    super();
    this.#hasDraft = hasDraft;
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
    this.#filter.addEventListener('change', () => {
      // From here on keys are shortcuts again, not a choice of organ.
      this.#list.focus({ preventScroll: true });
      this.#list.scrollTop = 0;
      this.#order = [];
      this.#showOpen();
      this.#tell(this.reload());
    });
    setInterval(() => this.#rows.changed(), 30_000);
  }

  get organ() {
    return this.#filter.value;
  }

  /** The alert of the chosen tile, or null. */
  get selected() {
    return this.#byTile.get(this.#selected)?.alert ?? null;
  }

  /** Reads the list anew, as far as it had been read, keeping the chosen tile where it is open. */
  async reload() {
    const generation = ++this.#generation;
    const depth = Math.max(PAGE, this.#order.length);
    const alerts = [];
    let next = null;
    do {
      const limit = Math.min(MOST_A_PAGE, depth - alerts.length);
      const page = await api.listAlerts({ organ: this.organ, cursor: next, limit });
      if (generation !== this.#generation) return;
      alerts.push(...page.alerts);
      next = page.next;
    } while (next && alerts.length < depth);
    this.#next = next;
    this.#loading = null;
    this.#came = 0;
    this.#order = [];
    this.#byTile.clear();
    // A verdict on its way keeps its tile out of the list, unless it is open no more.
    for (const id of this.#hidden.keys()) this.#hidden.set(id, null);
    for (const alert of alerts) this.#add(alert);
    this.#changed();
    if (this.#byTile.has(this.#selected)) return;
    this.#selected = null;
    this.#selectFirst();
  }

  raised(alert) {
    if (this.organ && alert.organ !== this.organ) return;
    this.#remove(alert.tileId);
    // What sorts behind the pages read so far comes with its own page.
    const last = this.#order.at(-1);
    if (this.#next && last && !before(alert, last.alert)) return;
    const at = this.#add(alert);
    if (at !== null && at < this.#rows.first) {
      this.#rows.shift(1);
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
    if (this.organ && alert.organ !== this.organ) return;
    if (!this.#byTile.has(tileId)) this.#add(alert);
    this.#changed();
    this.select(tileId);
  }

  select(tileId) {
    if (this.#selected === tileId || !this.#byTile.has(tileId)) return;
    this.#selected = tileId;
    this.#changed();
    this.#rows.reveal(this.#at(tileId));
    this.#announce();
  }

  /** Nothing is chosen: what is on show is no open alert. */
  unselect() {
    this.#selected = null;
    this.#changed();
  }

  move(step) {
    const at = this.#selected === null ? -1 : this.#at(this.#selected);
    const next = this.#order[Math.min(this.#order.length - 1, Math.max(0, at + step))];
    if (next) this.select(next.id);
  }

  /** Shows what has changed about drafts. */
  refreshDrafts() {
    this.#rows.changed();
  }

  /** `open` counts all organs, `organs` is [{organ, open}]. */
  showCounts(open, organs) {
    this.#counts = { open, organs };
    const chosen = this.organ;
    const names = organs.filter((each) => each.open > 0 || each.organ === chosen);
    // A list that is being looked at is not changed under the pointer.
    if (document.activeElement !== this.#filter) this.#showOrgans(names, chosen);
    this.#showOpen();
  }

  /** How many are open of those that the filter shows, over the list and in the title. */
  #showOpen() {
    const { open, organs } = this.#counts;
    const chosen = this.organ;
    const shown = chosen ? organs.find((each) => each.organ === chosen)?.open ?? 0 : open;
    this.#openCount.textContent = count(shown);
    document.title = shown ? `(${count(shown)}) histoflow review` : 'histoflow review';
  }

  #showOrgans(organs, chosen) {
    const options = organs.map(({ organ, open }) =>
      element('option', { value: organ }, `${organName(organ)} (${count(open)})`));
    this.#filter.replaceChildren(element('option', { value: '' }, 'All organs'), ...options);
    this.#filter.value = chosen;
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
    this.#loading = api.listAlerts({ organ: this.organ, cursor: this.#next, limit: PAGE });
    try {
      const page = await this.#loading;
      if (generation !== this.#generation) return;
      this.#next = page.next;
      for (const alert of page.alerts) this.#add(alert);
      this.#changed();
    } finally {
      if (generation === this.#generation) this.#loading = null;
    }
  }

  /** What fails in the background is told to whoever listens. */
  #tell(work) {
    work.catch((error) => this.dispatchEvent(new CustomEvent('failure', { detail: error })));
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
    if (above) this.#rows.shift(-1);
    return at;
  }

  #leave(tileId) {
    const at = this.#remove(tileId);
    if (at < 0) return;
    this.#changed();
    if (this.#selected === tileId) {
      this.#selected = null;
      const neighbour = this.#order[at] ?? this.#order[at - 1];
      if (neighbour) this.select(neighbour.id);
      else this.#announce();
    }
    if (this.#next && this.#order.length < PAGE / 2) this.#tell(this.#more());
  }

  /** Where an alert stands, or would stand. */
  #place(alert) {
    let from = 0;
    let to = this.#order.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (before(this.#order[middle].alert, alert)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #at(tileId) {
    const row = this.#byTile.get(tileId);
    return row ? this.#place(row.alert) : -1;
  }

  #selectFirst() {
    if (this.#order.length) this.select(this.#order[0].id);
    else this.#announce();
  }

  #announce() {
    this.dispatchEvent(new CustomEvent('select', { detail: this.selected }));
  }

  #changed() {
    this.#empty.hidden = this.#order.length > 0;
    this.#list.hidden = this.#order.length === 0;
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

  #row({ alert, id }, drawn) {
    // A segmentation that is newer has a thumbnail and a score of its own.
    const node = drawn?.alert === alert ? drawn : item(alert);
    const top = this.#order[0].alert.score;
    // Scores have no common scale: a bar shows the share of the highest.
    node.bar.style.width = `${top > 0 ? 100 * Math.max(0, alert.score / top) : 0}%`;
    node.age.textContent = ago(alert.requestedAt);
    node.draft.hidden = !this.#hasDraft(id);
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
  const bar = element('i');
  const age = element('span', { class: 'age' });
  const draft = element('span', { class: 'draft' }, 'changed');
  const node = element(
    'li',
    { class: 'alert', role: 'option', id: `alert-${nextId++}`, title: alert.tileId },
    thumb,
    element('div', {},
      element('div', { class: 'row' },
        element('span', { class: 'organ' }, organName(alert.organ)),
        element('span', { class: 'score', title: scoreWords(alert.scoreName) }, scoreText(alert.score))),
      element('div', { class: 'bar' }, bar),
      element('div', { class: 'where' }, `${alert.slideId} · ${alert.x}, ${alert.y}`),
      element('div', { class: 'meta' },
        element('span', {}, REASONS[alert.reason] ?? REASONS.UNKNOWN), draft, age)));
  node.dataset.tileId = alert.tileId;
  return Object.assign(node, { alert, bar, age, draft });
}

/** The service's order: most uncertain first, then the oldest, then by id. */
function before(a, b) {
  if (a.score !== b.score) return a.score > b.score;
  const older = Date.parse(a.requestedAt) - Date.parse(b.requestedAt);
  if (older !== 0) return older < 0;
  return a.tileId < b.tileId;
}
