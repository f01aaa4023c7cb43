// The line to the service: what it tells as it happens, and how the page says that it is there.

import * as api from './api.js';
import { byId } from './format.js';

const AGAIN_MILLIS = 3000;

export class Live extends EventTarget {
  #unfollow = null;
  #state;

  /** Tells `raised`, `closed`, `claimed`, `released` and `overview` with what happened, `gap`, and `begin` to begin anew. */
  constructor(state) {
    super();
    this.#state = state;
    state.watch(['line', 'flow'], ({ line, flow }) => show(line, flow));
    // A page that the browser keeps for the way back would keep its line, of which it has six.
    addEventListener('pagehide', () => this.stop());
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.dispatchEvent(new Event('begin'));
    });
  }

  follow() {
    this.stop();
    const told = (name) => (detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    this.#unfollow = api.follow({
      onRaised: told('raised'),
      onClosed: told('closed'),
      onClaimed: told('claimed'),
      onReleased: told('released'),
      onOverview: told('overview'),
      onGap: told('gap'),
      onState: (line) => {
        if (line === 'closed') this.again();
        else this.#state.set({ line });
      },
    });
  }

  stop() {
    this.#unfollow?.();
    this.#unfollow = null;
  }

  /** The browser gives up after an error status, a restarting proxy's for example: begin anew. */
  again() {
    this.stop();
    this.#state.set({ line: 'down' });
    setTimeout(() => this.dispatchEvent(new Event('begin')), AGAIN_MILLIS);
  }
}

const LINES = {
  connecting: 'Connecting',
  down: 'Connection lost, trying again',
  replaced: 'Too many windows: reload this one to follow again',
};

/** What is wrong with inference, in a few words; the service has the sentence. */
const TROUBLE = {
  STANDING: 'Inference stands still',
  REFUSING: 'Every tile is refused',
  UNKNOWN: 'Inference cannot be watched',
};

/** A live line says nothing of the tiles behind it: both have to be well. */
function show(line, flow) {
  const trouble = line === 'live' ? TROUBLE[flow?.state] : undefined;
  const live = byId('live');
  live.className = `status ${trouble ? 'trouble' : line === 'live' ? 'live' : 'down'}`;
  live.querySelector('span').textContent = trouble ?? LINES[line] ?? 'Live';
  live.title = trouble ? flow.sentence : '';
}
