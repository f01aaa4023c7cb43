// Which page an address shows. Links are links: a click on one changes what is shown, and the
// browser's back and forward buttons do what they say.

/** @type {[string, RegExp][]} */
const PLACES = [
  ['review', /^\/(?:queue)?$/],
  ['tile', /^\/tile\/([^/]+)$/],
  ['slides', /^\/slides$/],
  ['slide', /^\/slides\/([^/]+)$/],
  ['models', /^\/models$/],
  ['quality', /^\/quality$/],
  ['operations', /^\/operations$/],
  ['people', /^\/people$/],
  ['audit', /^\/audit$/],
];

/** {name, id} of a path; `id` is the tile's or the slide's, or null. */
export const placeOf = (path) => known(path) ?? { name: 'review', id: null };

function known(path) {
  for (const [name, pattern] of PLACES) {
    const match = pattern.exec(path);
    if (match) return { name, id: decoded(match[1]) };
  }
  return null;
}

export const tilePath = (tileId) => `/tile/${encodeURIComponent(tileId)}`;
export const slidePath = (slideId) => `/slides/${encodeURIComponent(slideId)}`;

/** Whether a place is where tiles are reviewed. */
export const isReview = ({ name }) => name === 'review' || name === 'tile';

export class Router extends EventTarget {
  #place = placeOf(location.pathname);

  /** Tells `change` when another place is to be shown. */
  constructor() {
    super();
    addEventListener('popstate', () => this.#tell());
    document.addEventListener('click', (event) => {
      const link = event.target.closest('a[href^="/"]');
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (!link || !plain || link.target || link.hasAttribute('download')) return;
      // Some addresses are none of the page's, such as where one signs in.
      if (!known(link.pathname)) return;
      event.preventDefault();
      this.go(link.getAttribute('href'));
    });
  }

  /** What the address says: {name, id}. */
  get place() {
    return this.#place;
  }

  go(path) {
    if (path !== location.pathname) history.pushState(null, '', path);
    this.#tell();
  }

  /** The address follows what is on show: as a place of its own, or in place of the one before. */
  follow(path, { keeps }) {
    if (path === location.pathname) return;
    if (keeps) history.pushState(null, '', path);
    else history.replaceState(null, '', path);
    this.#place = placeOf(path);
  }

  #tell() {
    this.#place = placeOf(location.pathname);
    this.dispatchEvent(new Event('change'));
  }
}

function decoded(part) {
  try {
    return part === undefined ? null : decodeURIComponent(part);
  } catch {
    return part;
  }
}
