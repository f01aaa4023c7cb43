// What was refused: why, from where, what it looks like, and how it is published again.

import * as api from './api.js';
import { ago, count, element, moment } from './format.js';
import { chip } from './tables.js';

const MOST = 50;
const THINGS = {
  'histoflow.tiles.scanned.v1': 'A scanned tile',
  'histoflow.slides.scanned.v1': 'A slide’s manifest',
  'histoflow.tiles.segmented.v1': 'A result of inference',
  'histoflow.tiles.review.v1': 'An alert',
  'histoflow.tiles.claims.v1': 'A claim of a tile',
  'histoflow.tiles.held-back.v1': 'A tile that was held back',
  'histoflow.masks.corrected.v1': 'A verdict',
  'histoflow.masks.opinions.v1': 'A second opinion',
  'histoflow.slides.reported.v1': 'A slide’s report',
  'histoflow.organs.thresholds.v1': 'An organ’s threshold',
  'histoflow.decoder.weights.v1': 'Weights',
  'histoflow.decoder.archive.v1': 'Weights in the archive',
};

/** The newest letters. What somebody looks at, or answers a question about, stays as it is. */
export class Letters {
  node = element('div', { class: 'letters', id: 'dead-letters' });
  #reviewer;
  #list = element('ol', { class: 'letter-list' });
  #told = element('p', { class: 'hint' });
  #rows = new Map();
  #drawing = Promise.resolve();
  #closed = false;
  // The pictures of what is in sight; one after the other, for each is read from the brokers.
  #sight = new IntersectionObserver((seen) => {
    for (const { target } of seen.filter((each) => each.isIntersecting)) {
      this.#sight.unobserve(target);
      this.#drawing = this.#drawing.then(() => (this.#closed ? null : showPicture(target)));
    }
  });

  constructor(reviewer) {
    this.#reviewer = reviewer;
  }

  /** Reads them; returns how many there are, in words, and what that means. */
  async refresh() {
    let page;
    try {
      page = await api.deadLetters(MOST);
    } catch (error) {
      this.node.replaceChildren(element('p', { class: 'none' }, error.message));
      return { value: 'not known', what: error.message };
    }
    this.#show(page);
    const { length } = page.letters;
    return {
      value: length < MOST ? count(length) : `${MOST} or more`,
      what: 'records that could not be used and are still kept',
    };
  }

  close() {
    this.#closed = true;
    this.#sight.disconnect();
  }

  #show({ letters, atMost, isWhole }) {
    if (!letters.length) {
      this.#rows.clear();
      this.node.replaceChildren(element('p', { class: 'none' }, 'Nothing was refused.'));
      return;
    }
    const rows = new Map(letters.map((each) => [each.letter, this.#rows.get(each.letter) ?? this.#row(each)]));
    for (const each of letters) rows.get(each.letter).update(each);
    if ([...rows.keys()].join() !== [...this.#rows.keys()].join()) {
      this.#list.replaceChildren(...[...rows.values()].map(({ node }) => node));
    }
    this.#rows = rows;
    const rest = letters.length < MOST ? '' : `The newest ${MOST} of ${count(atMost)} at most are shown. `;
    const may = this.#reviewer.leads ? '' : 'A lead can publish them again. ';
    this.#told.textContent = `${rest}${may}./histoflow dead-letters show LETTER shows one whole, retry publishes many again.${isWhole ? '' : ' Not all could be read in time.'}`;
    if (this.#list.parentNode !== this.node) this.node.replaceChildren(this.#list, this.#told);
  }

  #row(letter) {
    const row = new Row(letter, this.#reviewer);
    if (letter.tile) this.#sight.observe(row.picture);
    return row;
  }
}

class Row {
  #letter;
  #reviewer;
  #age = element('span');
  #act = element('div', { class: 'letter-act' });
  #shown = null;

  constructor(letter, reviewer) {
    this.#letter = letter;
    this.#reviewer = reviewer;
    this.picture = element('div', { class: 'letter-picture', 'data-letter': letter.letter },
      element('span', { class: 'hint' }, letter.tile ? '' : letter.bytes ? 'no picture' : 'not kept'));
    const from = letter.topic ? `${THINGS[letter.topic] ?? 'A record'} from ` : 'From where it came it does not say';
    this.#age.title = moment(letter.at);
    this.node = element('li', { class: 'letter', 'data-letter': letter.letter },
      this.picture,
      element('div', { class: 'letter-words' },
        element('p', { class: 'letter-reason' }, letter.reason || 'It does not say why.'),
        element('p', { class: 'hint' }, from, letter.topic ? element('code', {}, `${letter.topic} ${letter.source}`) : '',
          letter.key ? ', key ' : '', letter.key ? element('code', {}, letter.key) : ''),
        element('p', { class: 'hint' }, `Refused by ${letter.service || 'a service that it does not name'}, written `, this.#age,
          `, ${letter.bytes ? `${count(Math.ceil(letter.bytes / 1024))} kB` : 'its content is not kept'}, letter ${letter.letter}`),
        this.#act));
  }

  /** Takes what is known of it now. */
  update(letter) {
    this.#letter = letter;
    const { at, obstacle, retried } = letter;
    this.#age.textContent = ago(at);
    const state = JSON.stringify([obstacle, retried, this.#reviewer.leads]);
    if (state !== this.#shown && !this.#act.querySelector('.letter-question')) this.#offer(state);
  }

  #offer(state) {
    this.#shown = state;
    const { obstacle, retried } = this.#letter;
    const noted = retried ? [chip('published again', true)] : [];
    if (!this.#reviewer.leads) return this.#act.replaceChildren(...noted);
    if (obstacle) return this.#act.replaceChildren(element('p', { class: 'hint' }, obstacle));
    const button = element('button', { type: 'button' }, retried ? 'Publish once more' : 'Publish again');
    button.addEventListener('click', () => this.#ask());
    return this.#act.replaceChildren(...noted, button);
  }

  #ask() {
    const { topic, retried } = this.#letter;
    const yes = element('button', { type: 'button', class: 'primary' }, 'Publish');
    const no = element('button', { type: 'button' }, 'Leave it');
    const told = element('span', { class: 'error', role: 'alert' });
    yes.addEventListener('click', () => this.#publish(yes, told));
    no.addEventListener('click', () => this.#back());
    this.#act.replaceChildren(element('div', { class: 'letter-question', role: 'group', 'aria-label': 'Publish it again?' },
      element('span', {}, `${retried ? 'It was published again before. ' : ''}Publish it to ${topic}${retried ? ' once more' : ' again'}? It is taken up as if it came now; what made it fail must be gone.`),
      yes, no, told));
    yes.focus();
  }

  async #publish(button, told) {
    if (!this.#reviewer.require()) return;
    button.disabled = true;
    told.textContent = '';
    try {
      const { topic } = await api.retryLetter(this.#letter.letter, {
        again: Boolean(this.#letter.retried), ...(this.#reviewer.named ? { reviewer: this.#reviewer.named } : {}),
      });
      this.#letter = { ...this.#letter, retried: true };
      this.#back(`Published again to ${topic}. Should it be refused once more, a new letter says why.`);
    } catch (error) {
      told.textContent = error.message;
      button.disabled = false;
    }
  }

  #back(said) {
    this.#offer(JSON.stringify([this.#letter.obstacle, this.#letter.retried, this.#reviewer.leads]));
    if (said) this.#act.append(element('span', { class: 'hint', role: 'status' }, said));
    this.#act.querySelector('button')?.focus();
  }
}

async function showPicture(place) {
  const { letter } = place.dataset;
  try {
    const bitmap = await api.letterPicture(letter);
    const canvas = element('canvas', {
      width: bitmap.width, height: bitmap.height, role: 'img', 'aria-label': `The tile that letter ${letter} holds`,
    });
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    bitmap.close();
    place.replaceChildren(canvas);
  } catch (error) {
    place.replaceChildren(element('span', { class: 'hint', title: error.message }, 'no picture'));
    place.parentNode.querySelector('.letter-act').before(element('p', { class: 'hint' }, error.message));
  }
}
