// The list of open alerts, most uncertain first, kept in step with the service.

import * as api from './api.js';
import { REASONS, ago, byId, count, element, number, organName } from './format.js';

const PAGE = 50;
const MOST_ITEMS = 1000;

export class Queue extends EventTarget {
  #list = byId('alerts');
  #empty = byId('queue-empty');
  #openCount = byId('open-count');
  #filter = byId('organ-filter');
  #items = new Map();
  #order = [];
  #next = null;
  #loading = null;
  #generation = 0;
  #selected = null;
  #hasDraft;

  /** `hasDraft` says of a tile id whether unsaved changes are kept for it. */
  constructor({ hasDraft }) {
    super();
    this.#hasDraft = hasDraft;
    this.#list.addEventListener('click', (event) => {
      const item = event.target.closest('.alert');
      if (item) this.select(item.dataset.tileId);
    });
    this.#list.addEventListener('scroll', () => {
      const { scrollTop, clientHeight, scrollHeight } = this.#list;
      if (this.#next && scrollTop + clientHeight > scrollHeight - 300) this.#tell(this.#more());
    });
    this.#list.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.move(step);
    });
    this.#filter.addEventListener('change', () => {
      // From here on keys are shortcuts again, not a choice of organ.
      this.#list.focus({ preventScroll: true });
      this.#tell(this.reload());
    });
    setInterval(() => this.#refreshAges(), 30_000);
  }

  get organ() {
    return this.#filter.value;
  }

  get selected() {
    return this.#items.get(this.#selected)?.alert ?? null;
  }

  /** Reads the list anew, keeping the selected tile where it is still open. */
  async reload() {
    const generation = ++this.#generation;
    const page = await api.listAlerts({ organ: this.organ, limit: PAGE });
    if (generation !== this.#generation) return;
    this.#items.clear();
    this.#order = [];
    this.#loading = null;
    this.#append(page);
    this.#list.replaceChildren(...this.#order.map(({ node }) => node));
    this.#list.scrollTop = 0;
    if (!this.#items.has(this.#selected)) {
      this.#selected = null;
      this.#selectFirst();
    } else {
      this.#mark();
    }
  }

  raised(alert) {
    if (this.organ && alert.organ !== this.organ) return;
    if (this.#items.has(alert.tileId)) this.#remove(alert.tileId);
    const at = this.#order.findIndex((each) => before(alert, each.alert));
    // What sorts behind the pages read so far comes with its own page.
    if (at < 0 && this.#next) return;
    const item = this.#item(alert);
    if (at < 0) {
      this.#order.push(item);
      this.#list.append(item.node);
    } else {
      this.#list.insertBefore(item.node, this.#order[at].node);
      this.#order.splice(at, 0, item);
    }
    this.#items.set(alert.tileId, item);
    this.#mark();
    if (!this.#selected) this.#selectFirst();
    this.#showEmpty();
    // A page that stays open for days reads the top of the list anew instead of growing.
    if (this.#order.length > MOST_ITEMS) this.#tell(this.reload());
  }

  /** Takes the alert out; its neighbour is selected in its place. */
  closed(tileId) {
    const at = this.#order.findIndex(({ alert }) => alert.tileId === tileId);
    if (at < 0) return;
    const neighbour = this.#order[at + 1] ?? this.#order[at - 1];
    this.#remove(tileId);
    if (this.#selected === tileId) {
      this.#selected = null;
      if (neighbour) this.select(neighbour.alert.tileId);
      else this.#announce();
    }
    if (this.#next && this.#order.length < PAGE / 2) this.#tell(this.#more());
    this.#showEmpty();
  }

  select(tileId) {
    if (this.#selected === tileId || !this.#items.has(tileId)) return;
    this.#selected = tileId;
    this.#mark();
    this.#items.get(tileId).node.scrollIntoView({ block: 'nearest' });
    this.#announce();
  }

  move(step) {
    const at = this.#order.findIndex(({ alert }) => alert.tileId === this.#selected);
    const next = this.#order[Math.min(this.#order.length - 1, Math.max(0, at + step))];
    if (next) this.select(next.alert.tileId);
  }

  /** Shows what has changed about drafts. */
  refreshDrafts() {
    for (const { alert, draft } of this.#order) draft.hidden = !this.#hasDraft(alert.tileId);
  }

  /** `open` counts all organs, `organs` is [{organ, open}]. */
  showCounts(open, organs) {
    const chosen = this.organ;
    const names = organs.filter((each) => each.open > 0 || each.organ === chosen);
    const shown = chosen ? names.find((each) => each.organ === chosen)?.open ?? 0 : open;
    this.#openCount.textContent = count(shown);
    // A list that is being looked at is not changed under the pointer.
    if (document.activeElement !== this.#filter) this.#showOrgans(names, chosen);
    document.title = open ? `(${count(open)}) histoflow review` : 'histoflow review';
  }

  #showOrgans(organs, chosen) {
    const options = organs.map(({ organ, open }) =>
      element('option', { value: organ }, `${organName(organ)} (${count(open)})`));
    this.#filter.replaceChildren(element('option', { value: '' }, 'All organs'), ...options);
    this.#filter.value = chosen;
  }

  async #more() {
    if (this.#loading) return;
    const generation = this.#generation;
    this.#loading = api.listAlerts({ organ: this.organ, cursor: this.#next, limit: PAGE });
    try {
      const page = await this.#loading;
      if (generation !== this.#generation) return;
      this.#list.append(...this.#append(page).map(({ node }) => node));
      this.#mark();
    } finally {
      this.#loading = null;
    }
  }

  /** What fails in the background is told to whoever listens. */
  #tell(work) {
    work.catch((error) => this.dispatchEvent(new CustomEvent('failure', { detail: error })));
  }

  #append(page) {
    const fresh = page.alerts
      .filter(({ tileId }) => !this.#items.has(tileId))
      .map((alert) => this.#item(alert));
    for (const item of fresh) {
      this.#items.set(item.alert.tileId, item);
      this.#order.push(item);
    }
    this.#next = page.next;
    this.#showEmpty();
    return fresh;
  }

  #remove(tileId) {
    this.#items.get(tileId).node.remove();
    this.#items.delete(tileId);
    this.#order = this.#order.filter(({ alert }) => alert.tileId !== tileId);
  }

  #selectFirst() {
    if (this.#order.length) this.select(this.#order[0].alert.tileId);
    else this.#announce();
  }

  #announce() {
    this.dispatchEvent(new CustomEvent('select', { detail: this.selected }));
  }

  #mark() {
    // Scores have no common scale: a bar shows the share of the highest.
    const top = this.#order[0]?.alert.score;
    for (const { alert, node, bar } of this.#order) {
      node.setAttribute('aria-selected', alert.tileId === this.#selected);
      bar.style.width = `${top > 0 ? 100 * Math.max(0, alert.score / top) : 0}%`;
    }
    const node = this.#items.get(this.#selected)?.node;
    if (node) this.#list.setAttribute('aria-activedescendant', node.id);
    else this.#list.removeAttribute('aria-activedescendant');
  }

  #showEmpty() {
    this.#empty.hidden = this.#order.length > 0;
    this.#list.hidden = this.#order.length === 0;
  }

  #refreshAges() {
    for (const { alert, age } of this.#order) age.textContent = ago(alert.requestedAt);
  }

  #item(alert) {
    const thumb = element('img', {
      class: 'thumb', alt: '', loading: 'lazy', decoding: 'async', src: alert.links.thumbnail,
    });
    thumb.addEventListener('error', () => thumb.classList.add('broken'), { once: true });
    const bar = element('i');
    const age = element('span', { class: 'age' }, ago(alert.requestedAt));
    const draft = element('span', { class: 'draft' }, 'changed');
    draft.hidden = !this.#hasDraft(alert.tileId);
    const node = element(
      'li',
      { class: 'alert', role: 'option', id: `alert-${nextId++}`, title: alert.tileId },
      thumb,
      element('div', {},
        element('div', { class: 'row' },
          element('span', { class: 'organ' }, organName(alert.organ)),
          element('span', { class: 'score', title: alert.scoreName }, number(alert.score))),
        element('div', { class: 'bar' }, bar),
        element('div', { class: 'where' }, `${alert.slideId} · ${alert.x}, ${alert.y}`),
        element('div', { class: 'meta' },
          element('span', {}, REASONS[alert.reason] ?? REASONS.UNKNOWN), draft, age)));
    node.dataset.tileId = alert.tileId;
    return { alert, node, bar, age, draft };
  }
}

let nextId = 1;

/** The service's order: most uncertain first, then the oldest, then by id. */
function before(a, b) {
  if (a.score !== b.score) return a.score > b.score;
  const older = Date.parse(a.requestedAt) - Date.parse(b.requestedAt);
  if (older !== 0) return older < 0;
  return a.tileId < b.tileId;
}
