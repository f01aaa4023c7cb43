// What the page knows, in one place. Views watch the parts that they show and keep no copy.

export class State {
  #values;
  #watchers = [];

  constructor(values) {
    this.#values = values;
  }

  get(key) {
    return this.#values[key];
  }

  /** Takes new values and tells those who watch any of them. */
  set(patch) {
    const changed = Object.keys(patch).filter((key) => this.#values[key] !== patch[key]);
    if (!changed.length) return;
    Object.assign(this.#values, patch);
    for (const { keys, watcher } of this.#watchers) {
      if (changed.some((key) => keys.includes(key))) watcher(this.#values);
    }
  }

  /** Calls the watcher now and after every change of one of the keys. */
  watch(keys, watcher) {
    this.#watchers.push({ keys, watcher });
    watcher(this.#values);
  }
}
