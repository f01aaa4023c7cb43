// The pages beside the review: which of them is on show, and that it stays up to date.

import { AuditPage } from './audit-page.js';
import { byId, count, element } from './format.js';
import { ModelsPage } from './models-page.js';
import { OperationsPage } from './operations-page.js';
import { PeoplePage } from './people-page.js';
import { QualityPage } from './quality-page.js';
import { isReview } from './router.js';
import { SlidePage } from './slide-page.js';
import { SlidesPage } from './slides-page.js';

const PAGES = {
  slides: SlidesPage, slide: SlidePage, models: ModelsPage, quality: QualityPage,
  operations: OperationsPage, people: PeoplePage, audit: AuditPage,
};
const REFRESH_MILLIS = 5000;

export class Pages {
  #router;
  #reviewer;
  #page = null;
  #turn = 0;
  #open = 0;
  #body = byId('page');

  constructor({ router, reviewer }) {
    this.#router = router;
    this.#reviewer = reviewer;
    setInterval(() => this.#refresh(), REFRESH_MILLIS);
  }

  /** Shows what the address says. */
  async show() {
    const { name, id } = this.#router.place;
    const review = isReview(this.#router.place);
    const turn = ++this.#turn;
    this.#page?.close();
    this.#page = null;
    byId('app').classList.toggle('on-page', !review);
    this.#body.hidden = review;
    for (const link of document.querySelectorAll('.places a')) {
      if (link.dataset.place.split(' ').includes(name)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (review) return this.#title();
    const page = new PAGES[name]({ id, router: this.#router, reviewer: this.#reviewer });
    this.#page = page;
    this.#title();
    this.#body.replaceChildren(element('p', { class: 'none' }, 'Loading.'));
    try {
      const nodes = await page.open();
      if (turn !== this.#turn) return;
      this.#body.replaceChildren(...nodes);
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error.status === 401) return this.#reviewer.ask();
      this.#fail(page, error);
    }
    this.#body.scrollTop = 0;
    // So that a screen reader begins with the page, and Page Down scrolls it; not where the window
    // has just been opened, for browsers begin with the document then.
    if (turn > 1) this.#body.focus({ preventScroll: true });
  }

  /** How many alerts are open of those that the queue shows. */
  set openAlerts(open) {
    this.#open = open;
    this.#title();
  }

  #title() {
    const begins = this.#page ? `${this.#page.title} · ` : this.#open ? `(${count(this.#open)}) ` : '';
    document.title = `${begins}histoflow review`;
  }

  #fail(page, error) {
    const again = element('button', { type: 'button' }, 'Try again');
    again.addEventListener('click', () => this.show());
    this.#body.replaceChildren(element('header', { class: 'page-head' }, element('h1', {}, page.title)),
      element('p', { class: 'fault', role: 'alert' }, error.message), again);
  }

  /** Not under the pointer of somebody who marks text, nor while nobody looks. */
  async #refresh() {
    if (!this.#page || document.hidden || !getSelection().isCollapsed) return;
    // What fails now stays as it was; the light at the top says that the line is down.
    await this.#page.refresh().catch(() => {});
  }
}
