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

/** Why a page cannot go on; what was drawn until then is kept. */
export const NEWER = 'A newer version of this page is open in another window, and it keeps your work from now on. Reload this one to go on here: what you have drawn is kept.';
export const NEWER_BEFORE = 'A newer version of this page was open in this browser, and what it keeps cannot be read by this one. Reload; where that does not help, the service was put back to an older version, and another browser has to do until it is the newer one again.';
export const CLEARED = 'What this browser kept for the page was cleared. Reload to go on.';

/** Nothing more is done here: work could be lost. Only a reload helps. */
export function retire(why) {
  const dialog = byId('retired');
  byId('retired-text').textContent = why;
  byId('reload').onclick = () => location.reload();
  dialog.oncancel = (event) => event.preventDefault();
  for (const open of document.querySelectorAll('dialog[open]')) open.close();
  dialog.showModal();
}
