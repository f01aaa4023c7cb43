// What the page says in passing, and what stands in a tile's place.

import { byId } from './format.js';

const PASSING_MILLIS = 3500;
const ERROR_MILLIS = 9000;
let timer = 0;

export function toast(text, error = false) {
  const node = byId('toast');
  node.textContent = text;
  node.classList.toggle('error', error);
  node.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { node.hidden = true; }, error ? ERROR_MILLIS : PASSING_MILLIS);
}

/** `action` is {name, run}, or null for no button. */
export function message(title, text = '', action = null) {
  byId('message').hidden = false;
  byId('message-title').textContent = title;
  byId('message-text').textContent = text;
  const button = byId('message-action');
  button.hidden = !action;
  button.textContent = action?.name ?? '';
  button.onclick = action?.run ?? null;
}

export function noMessage() {
  byId('message').hidden = true;
}
