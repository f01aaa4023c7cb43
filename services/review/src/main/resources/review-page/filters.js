// Which open alerts the queue shows.

import { REASONS, byId, count, element, organName } from './format.js';
import { recall, remember } from './preferences.js';

const HOUR_MILLIS = 3_600_000;

/** So that an address does not become longer than servers take. */
const MOST_NAMED = 100;

export class Filters extends EventTarget {
  #organ = byId('organ-filter');
  #slide = byId('slide-filter');
  #reason = byId('reason-filter');
  #age = byId('age-filter');
  #mine = byId('mine-filter');
  #bySlide = byId('by-slide');
  #own;

  /**
   * `own` answers {person, tiles} of who sits here: the tiles with work on them. Tells `change`, and
   * `order` where the same alerts are to come in another order.
   */
  constructor({ own }) {
    super();
    this.#own = own;
    this.#reason.append(...Object.entries(REASONS).map(([value, text]) => element('option', { value }, text)));
    for (const field of [this.#organ, this.#slide, this.#reason, this.#age, this.#mine]) {
      field.addEventListener('change', () => this.#changed());
    }
    this.#bySlide.checked = recall({ bySlide: false }).bySlide;
    this.#bySlide.addEventListener('change', () => {
      remember({ bySlide: this.bySlide });
      this.#order();
      this.dispatchEvent(new Event('order'));
    });
    this.#order();
    byId('filters-off').addEventListener('click', () => {
      for (const field of [this.#organ, this.#slide, this.#reason, this.#age]) field.value = '';
      this.#mine.checked = false;
      this.#changed();
    });
  }

  get organ() {
    return this.#organ.value;
  }

  /** Whether alerts come slide by slide. */
  get bySlide() {
    return this.#bySlide.checked;
  }

  /** Whether anything is left out. */
  get any() {
    return this.organ !== '' || this.anyBesideOrgan;
  }

  get anyBesideOrgan() {
    return this.#slide.value !== '' || this.#reason.value !== '' || this.#age.value !== '' || this.#mine.checked;
  }

  /** The query of the list, by names of parameters; some stand several times. */
  query() {
    const query = new URLSearchParams();
    const put = (name, value) => value && query.append(name, value);
    put('organ', this.organ);
    put('slide', this.#slide.value);
    put('order', this.bySlide && 'slide');
    put('reason', this.#reason.value);
    if (this.#age.value) put('raisedUntil', new Date(Date.now() - this.#age.value * HOUR_MILLIS).toISOString());
    const { person, tiles } = this.#own();
    put('reader', person);
    if (this.#mine.checked) {
      put('claimedBy', person);
      for (const tileId of tiles.slice(0, MOST_NAMED)) put('tile', tileId);
      // Who has none is shown none, and not all.
      if (!person && !tiles.length) put('tile', '-');
    }
    return query;
  }

  /** Whether an alert is shown. */
  includes(alert) {
    const { organ, slideId, reason, requestedAt, tileId } = alert;
    const oldEnough = !this.#age.value || Date.now() - Date.parse(requestedAt) >= this.#age.value * HOUR_MILLIS;
    return (!this.organ || organ === this.organ) && (!this.#slide.value || slideId === this.#slide.value)
      && (!this.#reason.value || reason === this.#reason.value) && oldEnough
      && (!this.#mine.checked || this.#own().tiles.includes(tileId));
  }

  /** `organs` are [{organ, open}], `slides` those that were reported last. */
  showChoices(organs, slides) {
    const waiting = organs.filter((each) => each.open > 0 || each.organ === this.organ);
    renew(this.#organ, 'All organs', waiting.map(({ organ, open }) => [organ, `${organName(organ)} (${count(open)})`]));
    const open = slides.filter((s) => s.reviewsOpen > 0 || s.slideId === this.#slide.value);
    renew(this.#slide, 'All slides', open.map((s) => [s.slideId, `${s.slideId} (${count(s.reviewsOpen)})`]));
  }

  #order() {
    byId('alerts').setAttribute('aria-label', `Open alerts${this.bySlide ? ' slide by slide' : ''}, most uncertain first`);
  }

  #changed() {
    byId('filters').classList.toggle('on', this.anyBesideOrgan);
    byId('filters-off').hidden = !this.any;
    this.dispatchEvent(new Event('change'));
  }
}

/** A list that is being looked at is not changed under the pointer. */
function renew(select, all, options) {
  if (document.activeElement === select) return;
  const chosen = select.value;
  select.replaceChildren(element('option', { value: '' }, all),
    ...options.map(([value, text]) => element('option', { value }, text)));
  select.value = chosen;
}
