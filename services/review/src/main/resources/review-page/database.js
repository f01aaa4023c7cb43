// The browser's database: a few stores, each call a promise.

const NAME = 'histoflow';
const VERSION = 1;

/** Stores and what their keys are made of. */
const STORES = { drafts: ['person', 'tileId'], verdicts: ['id'] };

export class Database extends EventTarget {
  #opened;

  /** Tells `replaced`, once, where another page took the database: from then on nothing is kept here. */
  static async open() {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(store)) {
          request.result.createObjectStore(store, { keyPath });
        }
      }
    };
    const database = new Database();
    database.#opened = await result(request);
    // A newer page in another window must not wait for this one.
    database.#opened.onversionchange = ({ newVersion }) => {
      database.#opened.close();
      database.dispatchEvent(new CustomEvent('replaced', { detail: { cleared: newVersion === null } }));
    };
    // Without it the browser may throw drafts away where the disk is full.
    navigator.storage?.persist?.().catch(() => {});
    return database;
  }

  all(store, range) {
    return result(this.#store(store, 'readonly').getAll(range));
  }

  get(store, ...key) {
    return result(this.#store(store, 'readonly').get(key));
  }

  put(store, value) {
    return this.#write(store, (objects) => objects.put(value));
  }

  delete(store, ...key) {
    return this.#write(store, (objects) => objects.delete(key));
  }

  /** Done when it is on the disk, not when it is on its way. */
  #write(store, work) {
    const transaction = this.#opened.transaction(store, 'readwrite', { durability: 'strict' });
    work(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }

  #store(store, mode) {
    return this.#opened.transaction(store, mode).objectStore(store);
  }
}

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
