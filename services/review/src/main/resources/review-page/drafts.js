// Changed masks that are not published yet, of each person and tile, in the browser's database.
// Only what the reviewer did is kept, no picture of the tile: pictures stay with the service.

import { packed } from './bits.js';

/** Who has not said a name yet. */
export const NOBODY = '';

export class Drafts extends EventTarget {
  #database;
  #person = NOBODY;
  #index = new Map();
  #writing = Promise.resolve();

  constructor(database) {
    super();
    this.#database = database;
  }

  /** From here on these are the drafts of a person; what nobody drew becomes theirs. */
  async of(person) {
    await this.#writing;
    if (person !== NOBODY) await this.#adopt(person);
    const all = await this.#database.all('drafts', of(person));
    this.#person = person;
    this.#index = new Map(all.map(({ tileId, lost }) => [tileId, { lost }]));
    this.#told();
  }

  get person() {
    return this.#person;
  }

  /** Tells whether anybody's draft of a tile is kept. */
  async isKept(person, tileId) {
    await this.#writing;
    return Boolean(await this.#database.get('drafts', person, tileId));
  }

  has(tileId) {
    return this.#index.has(tileId);
  }

  get(tileId) {
    return this.#writing.then(() => this.#database.get('drafts', this.#person, tileId));
  }

  /** Tiles with a draft that were not closed meanwhile. */
  get open() {
    return [...this.#index].filter(([, { lost }]) => !lost).map(([tileId]) => tileId);
  }

  /** Tiles that were closed while they had a draft. */
  get lost() {
    return [...this.#index].filter(([, { lost }]) => lost).map(([tileId]) => tileId);
  }

  /** Keeps what was changed; answers when it is on the disk. */
  keep({ alert, mask, comment, lost = false }) {
    const { tileId } = alert;
    this.#index.set(tileId, { lost });
    this.#told();
    return this.#write('put', {
      person: this.#person,
      tileId,
      alert,
      comment,
      lost,
      width: mask?.width ?? 0,
      height: mask?.height ?? 0,
      model: mask && packed(mask.model),
      pixels: mask && packed(mask.pixels),
      savedAt: new Date().toISOString(),
    });
  }

  /** The draft's alert was closed: it is not thrown away with it. */
  async lose(tileId) {
    if (!this.has(tileId)) return;
    this.#index.set(tileId, { lost: true });
    this.#told();
    const draft = await this.get(tileId);
    if (draft && this.has(tileId)) await this.#write('put', { ...draft, lost: true });
  }

  drop(tileId) {
    if (!this.#index.delete(tileId)) return Promise.resolve();
    this.#told();
    return this.#write('delete', this.#person, tileId);
  }

  async #adopt(person) {
    for (const draft of await this.#database.all('drafts', of(NOBODY))) {
      // Where there is one already the other waits: it is nobody's to throw away.
      if (await this.#database.get('drafts', person, draft.tileId)) continue;
      await this.#database.put('drafts', { ...draft, person });
      await this.#database.delete('drafts', NOBODY, draft.tileId);
    }
  }

  /** One after the other, so that the last one written is the last one drawn. */
  #write(method, ...values) {
    const written = this.#writing.then(() => this.#database[method]('drafts', ...values));
    this.#writing = written.catch((error) => {
      this.dispatchEvent(new CustomEvent('failure', { detail: error }));
    });
    return written;
  }

  #told() {
    this.dispatchEvent(new Event('change'));
  }
}

const of = (person) => IDBKeyRange.bound([person], [person, []]);
