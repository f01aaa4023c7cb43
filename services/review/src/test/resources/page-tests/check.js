// What tests of the page's modules share: comparing, masks drawn as text, and chance that repeats.

export function equal(actual, expected, what = 'value') {
  const [is, should] = [text(actual), text(expected)];
  if (is !== should) throw new Error(`${what} is ${is} and should be ${should}`);
}

export const truth = (value, what) => equal(Boolean(value), true, what);

const text = (value) => (ArrayBuffer.isView(value) ? JSON.stringify(Array.from(/** @type {any} */ (value))) : JSON.stringify(value));

/** A mask from rows of text, `#` positive: {pixels, width, height}. */
export function mask(...rows) {
  const width = rows[0].length;
  const pixels = Uint8Array.from(rows.join(''), (sign) => (sign === '#' ? 1 : 0));
  return { pixels, width, height: rows.length };
}

/** A mask as rows of text. */
export function rows({ pixels, width }) {
  const signs = [...pixels].map((value) => (value ? '#' : '.')).join('');
  return signs.match(new RegExp(`.{${width}}`, 'g'));
}

/** Numbers from 0 to 1 that are the same at every run. */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A mask of random pixels. */
export function noise(width, height, share, seed) {
  const next = chance(seed);
  return { pixels: Uint8Array.from({ length: width * height }, () => (next() < share ? 1 : 0)), width, height };
}
