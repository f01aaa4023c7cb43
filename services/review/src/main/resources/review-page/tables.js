// Tables and the small things in them.

import { element } from './format.js';

export const chip = (text, good) => element('span', { class: `chip ${good ? 'good' : 'warn'}` }, text);

/**
 * A table in a frame that scrolls sideways. A heading that begins with # is of a column of numbers;
 * cells are text or elements.
 */
export function table(label, none, headings, rows) {
  if (!rows.length) return element('p', { class: 'none' }, none);
  const kind = (i) => (headings[i].startsWith('#') ? 'number' : null);
  const head = element('tr', {}, ...headings.map((text, i) =>
    element('th', { class: kind(i), scope: 'col' }, text.replace(/^#/, ''))));
  const body = rows.map((row) => element('tr', {}, ...row.map((cell, i) =>
    element('td', { class: kind(i) }, cell instanceof Node ? cell : String(cell)))));
  return element('div', { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': label },
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)));
}

/** A share as a bar beside its number; `full` is the value of a whole bar. */
export function bar(value, full, text) {
  const share = full > 0 ? Math.min(1, Math.max(0, value / full)) : 0;
  const inner = element('i');
  inner.style.width = `${100 * share}%`;
  return element('span', { class: 'share' }, element('span', { class: 'share-bar', 'aria-hidden': 'true' }, inner), text);
}

/** A section with a heading. */
export const section = (title, ...content) =>
  element('section', { class: 'card' }, element('h2', {}, title), ...content);

export const link = (path, text, title) => element('a', { href: path, title }, text);
