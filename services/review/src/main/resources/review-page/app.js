// Wires the page together: who reviews, which tile is open, and what becomes of it.

import * as api from './api.js';
import { noticeText } from './drift.js';
import { byId } from './format.js';
import { EditableMask, maskBytes } from './mask.js';
import { translucent } from './overlay.js';
import { openOverview, refreshOverview } from './overview.js';
import { showChange, showTile } from './panel.js';
import { maskPng } from './png.js';
import { Queue } from './queue.js';
import { Viewer } from './viewer.js';

const DRAFT_LIMIT = 32;
const REVIEWER_KEY = 'histoflow.reviewer';

const viewer = new Viewer(byId('canvas'));
const drafts = new Map();
const queue = new Queue({ hasDraft: (tileId) => drafts.has(tileId) });
let tile = null;
let opening = 0;
let submitting = false;
let signInRequired = false;
let unfollow = null;

/* ---- Messages ---- */

let toastTimer = 0;
function toast(text, error = false) {
  const node = byId('toast');
  node.textContent = text;
  node.classList.toggle('error', error);
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, error ? 9000 : 3500);
}

function message(title, text = '', action = null) {
  byId('message').hidden = false;
  byId('message-title').textContent = title;
  byId('message-text').textContent = text;
  const button = byId('message-action');
  button.hidden = !action;
  button.textContent = action?.name ?? '';
  button.onclick = action?.run ?? null;
}

function failed(error) {
  if (error.status === 401) return askToSignIn();
  toast(error.message, true);
}

/* ---- The open tile ---- */

async function openTile(alert) {
  const turn = ++opening;
  keepDraft();
  viewer.show(null);
  tile?.image.close();
  tile = null;
  byId('app').classList.toggle('no-tile', !alert);
  byId('panel').hidden = !alert;
  byId('comment').value = '';
  if (!alert) {
    const filtered = queue.organ !== '';
    message(filtered ? 'No open alert for this organ' : 'The queue is empty',
      filtered ? 'Choose another organ, or wait: new alerts appear by themselves.'
        : 'Tiles that the model is unsure of appear here by themselves.');
    return refreshTools();
  }
  showTile(alert);
  message('Loading the tile');
  refreshTools();
  try {
    const draft = drafts.get(alert.tileId);
    const [image, mask, heat] = await Promise.all([
      api.bitmap(alert.tileId, 'image'),
      draft ? null : api.bitmap(alert.tileId, 'mask'),
      alert.links.entropy ? api.bitmap(alert.tileId, 'entropy') : null,
    ]);
    if (turn !== opening) return;
    tile = {
      alert,
      image,
      heat: heat && translucent(heat),
      mask: draft?.mask ?? new EditableMask(maskBytes(mask), mask.width, mask.height),
    };
    byId('comment').value = draft?.comment ?? '';
    byId('message').hidden = true;
    viewer.show(tile);
  } catch (error) {
    if (turn !== opening) return;
    if (error.status === 401) return askToSignIn();
    message('This tile cannot be shown', error.message,
      { name: 'Try again', run: () => openTile(alert) });
  } finally {
    if (turn === opening) refreshTools();
  }
}

/** Unsaved changes stay while the reviewer looks at other tiles. */
function keepDraft() {
  if (!tile) return;
  const { tileId } = tile.alert;
  const comment = byId('comment').value;
  drafts.delete(tileId);
  if (tile.mask.changed || comment) {
    drafts.set(tileId, { mask: tile.mask, comment });
    if (drafts.size > DRAFT_LIMIT) drafts.delete(drafts.keys().next().value);
  }
  queue.refreshDrafts();
}

function refreshTools() {
  const mask = tile?.mask;
  const idle = Boolean(queue.selected) && !submitting;
  byId('undo').disabled = !mask?.done.length;
  byId('redo').disabled = !mask?.undone.length;
  byId('revert').disabled = !mask?.changed;
  byId('confirm').disabled = !idle || !tile || mask.changed;
  byId('save').disabled = !idle || !tile || !mask.changed;
  byId('confirm').hidden = Boolean(mask?.changed);
  byId('save').hidden = !mask?.changed;
  // A tile that cannot be shown can still be called unusable, or it would stay open for ever.
  byId('unusable').disabled = !idle;
  byId('legend').hidden = !(tile?.heat && viewer.layers.heat);
  byId('heat-on').disabled = Boolean(tile) && !tile.heat;
  showChange(mask);
}

/* ---- Verdicts ---- */

async function decide(verdict) {
  const alert = queue.selected;
  if (!alert || submitting || viewer.drawing) return;
  const { reviewer, missing } = whoReviews();
  if (missing) return;
  const comment = byId('comment').value.trim();
  submitting = true;
  refreshTools();
  try {
    const correction = { verdict };
    if (reviewer) correction.reviewer = reviewer;
    if (comment) correction.comment = comment;
    if (verdict === 'CORRECTED') {
      const { pixels, width, height } = tile.mask;
      correction.mask = await maskPng(pixels, width, height);
    }
    await api.submit(alert.tileId, correction);
    toast({ CONFIRMED: 'Mask confirmed.', CORRECTED: 'Correction saved.', UNUSABLE: 'Tile marked unusable.' }[verdict]);
    settle(alert.tileId);
  } catch (error) {
    if (error.status === 404 || error.status === 409) settle(alert.tileId);
    failed(error);
  } finally {
    submitting = false;
    refreshTools();
  }
}

/** The alert is closed: its tile leaves the page, with what was unsaved. */
function settle(tileId) {
  if (tile?.alert.tileId === tileId) {
    tile = null;
    byId('comment').value = '';
  }
  drafts.delete(tileId);
  queue.closed(tileId);
}

function whoReviews() {
  if (signInRequired) return { reviewer: null, missing: false };
  const field = byId('reviewer');
  const reviewer = field.value.trim();
  byId('reviewer-field').classList.toggle('missing', !reviewer);
  if (!reviewer) {
    toast('Please enter your name at the top right: it is stored with the verdict.', true);
    field.focus();
  }
  return { reviewer, missing: !reviewer };
}

/* ---- Layers and tools ---- */

function chooseTool(tool) {
  viewer.tool = tool;
  for (const button of document.querySelectorAll('[data-tool]')) {
    button.setAttribute('aria-pressed', button.dataset.tool === tool);
  }
}

function setBrush(size) {
  const slider = byId('brush-size');
  slider.value = size;
  viewer.brush = Number(slider.value);
  byId('brush-size-text').textContent = `${slider.value} px`;
  viewer.draw();
}

function readLayers() {
  Object.assign(viewer.layers, {
    mask: byId('mask-on').checked,
    maskStyle: document.querySelector('[name=mask-style]:checked').value,
    maskOpacity: byId('mask-opacity').value / 100,
    heat: byId('heat-on').checked,
    heatOpacity: byId('heat-opacity').value / 100,
  });
  viewer.draw();
  refreshTools();
}

function nextMaskStyle() {
  const radios = [...document.querySelectorAll('[name=mask-style]')];
  const at = radios.findIndex((radio) => radio.checked);
  radios[(at + 1) % radios.length].checked = true;
  readLayers();
}

function edit(step) {
  if (tile && !viewer.drawing && tile.mask[step]()) viewer.maskChanged();
}

for (const button of document.querySelectorAll('[data-tool]')) {
  button.addEventListener('click', () => chooseTool(button.dataset.tool));
}
for (const step of ['undo', 'redo', 'revert']) {
  byId(step).addEventListener('click', () => edit(step));
}
byId('fit').addEventListener('click', () => viewer.fit());
byId('actual').addEventListener('click', () => viewer.actualSize());
byId('brush-size').addEventListener('input', (event) => setBrush(event.target.value));
for (const input of document.querySelectorAll('#mask-on, #mask-opacity, #heat-on, #heat-opacity, [name=mask-style]')) {
  input.addEventListener('input', readLayers);
}
byId('confirm').addEventListener('click', () => decide('CONFIRMED'));
byId('save').addEventListener('click', () => decide('CORRECTED'));
byId('unusable').addEventListener('click', () => decide('UNUSABLE'));
byId('open-help').addEventListener('click', () => byId('help').showModal());
for (const id of ['open-overview', 'notice']) {
  byId(id).addEventListener('click', () => openOverview().catch(failed));
}

viewer.addEventListener('edit', refreshTools);
viewer.addEventListener('view', ({ detail: { scale, at } }) => {
  byId('readout').hidden = !tile;
  if (!tile) return;
  byId('readout-zoom').textContent = `${Math.round(100 * scale)} %`;
  byId('readout-position').textContent = at ? `${Math.floor(at.x)}, ${Math.floor(at.y)}` : '';
  const { micronsPerPixel } = tile.alert;
  byId('scale').hidden = !micronsPerPixel;
  if (micronsPerPixel) scaleBar(scale / micronsPerPixel);
});

/** A bar of a round length near 90 screen pixels. */
function scaleBar(pixelsPerMicron) {
  const wanted = 90 / pixelsPerMicron;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const microns = [5, 2, 1].map((n) => n * power).find((n) => n <= wanted) ?? power;
  byId('scale').querySelector('i').style.width = `${microns * pixelsPerMicron}px`;
  byId('scale').querySelector('b').textContent = `${microns} µm`;
}

/* ---- Keyboard ---- */

const SHORTCUTS = {
  b: () => chooseTool('brush'),
  e: () => chooseTool('erase'),
  h: () => chooseTool('pan'),
  j: () => queue.move(1),
  k: () => queue.move(-1),
  m: () => byId('mask-on').click(),
  o: nextMaskStyle,
  u: () => byId('heat-on').click(),
  r: () => edit('revert'),
  0: () => viewer.fit(),
  1: () => viewer.actualSize(),
  '+': () => viewer.zoom(1.25),
  '=': () => viewer.zoom(1.25),
  '-': () => viewer.zoom(0.8),
  '[': () => setBrush(Math.max(1, Math.min(viewer.brush - 1, Math.round(viewer.brush * 0.85)))),
  ']': () => setBrush(Math.max(viewer.brush + 1, Math.round(viewer.brush * 1.18))),
  '?': () => byId('help').showModal(),
  C: () => byId('confirm').click(),
  S: () => byId('save').click(),
  X: () => byId('unusable').click(),
};

const typing = (target) =>
  target.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=range])');

addEventListener('keydown', (event) => {
  if (document.querySelector('dialog[open]') || typing(event.target)) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
    event.preventDefault();
    edit(event.shiftKey ? 'redo' : 'undo');
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === ' ' && !event.target.matches('button, input')) {
    event.preventDefault();
    viewer.holdPan = true;
    return;
  }
  const verdict = event.shiftKey && 'CSX'.includes(event.key);
  // Caps Lock alone must neither hide the tools nor give a verdict.
  const key = verdict || event.key.length > 1 ? event.key : event.key.toLowerCase();
  const run = SHORTCUTS[key];
  if (run && !event.repeat || run && '[]+-='.includes(key)) {
    event.preventDefault();
    run();
  }
});
addEventListener('keyup', (event) => {
  if (event.key === ' ') viewer.holdPan = false;
});
addEventListener('blur', () => { viewer.holdPan = false; });
addEventListener('beforeunload', (event) => {
  keepDraft();
  if (drafts.size) event.preventDefault();
});

/* ---- Who reviews ---- */

const reviewerField = byId('reviewer');
reviewerField.value = localStorage.getItem(REVIEWER_KEY) ?? '';
reviewerField.addEventListener('input', () => {
  localStorage.setItem(REVIEWER_KEY, reviewerField.value.trim());
  byId('reviewer-field').classList.remove('missing');
});

function askToSignIn() {
  unfollow?.();
  unfollow = null;
  const dialog = byId('sign-in');
  if (!dialog.open) dialog.showModal();
}

byId('sign-in').addEventListener('cancel', (event) => event.preventDefault());
byId('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('sign-in-error').textContent = '';
  try {
    await api.signIn(byId('sign-in-name').value, byId('sign-in-password').value);
    byId('sign-in-password').value = '';
    byId('sign-in').close();
    await begin();
  } catch (error) {
    byId('sign-in-error').textContent = error.message;
  }
});
byId('sign-out').addEventListener('click', async () => {
  try {
    await api.signOut();
    drafts.clear();
    tile = null;
    location.reload();
  } catch (error) {
    failed(error);
  }
});

/* ---- Live ---- */

queue.addEventListener('select', ({ detail }) => openTile(detail));
queue.addEventListener('failure', ({ detail }) => failed(detail));

let overviewTimer = 0;
function countsChanged() {
  // Alerts come in bursts: one request for all of them.
  overviewTimer ||= setTimeout(() => {
    overviewTimer = 0;
    refreshCounts().catch(failed);
    refreshOverview().catch(failed);
  }, 700);
}

async function refreshCounts() {
  const { open, organs, beyondCapacity, drift, heldBack } = await api.overview();
  queue.showCounts(open, organs);
  byId('queue-note').hidden = !beyondCapacity;
  byId('queue-note').textContent = 'More alerts are waiting than the queue holds: these are the most uncertain ones.';
  const notice = noticeText(drift, heldBack);
  byId('notice').hidden = !notice;
  byId('notice').textContent = notice;
}

function reload() {
  return Promise.all([queue.reload(), refreshCounts()]).catch(failed);
}

function showState(state) {
  if (state === 'closed') return void reconnect();
  byId('live').className = `status ${state === 'live' ? 'live' : 'down'}`;
  byId('live').querySelector('span').textContent = {
    live: 'Live',
    replaced: 'Too many windows: reload this one to follow again',
  }[state] ?? 'Connection lost, trying again';
}

/** The browser gives up after an error status, a restarting proxy's for example: begin anew. */
function reconnect() {
  unfollow?.();
  unfollow = null;
  setTimeout(() => begin().catch((error) => {
    if (error.status === 401) return askToSignIn();
    reconnect();
  }), 3000);
}

function follow() {
  unfollow?.();
  unfollow = api.follow({
    onRaised(alert) {
      queue.raised(alert);
      // Segmented anew while it is open: show that, unless work would be lost.
      if (tile?.alert.tileId === alert.tileId && !tile.mask.changed) openTile(alert);
      countsChanged();
    },
    onClosed({ tileId }) {
      const unsaved = drafts.has(tileId) || (tile?.alert.tileId === tileId && tile.mask.changed);
      if (!(submitting && queue.selected?.tileId === tileId)) {
        settle(tileId);
        if (unsaved) toast(`Tile ${tileId} was closed elsewhere; your changes to it were not saved.`, true);
      }
      countsChanged();
    },
    onOverview: countsChanged,
    onGap: reload,
    onState: showState,
  });
}

async function begin() {
  const { reviewer, signInRequired: required } = await api.session();
  signInRequired = required;
  byId('reviewer-field').hidden = required;
  byId('signed-in').hidden = !(required && reviewer);
  byId('signed-in-name').textContent = reviewer ?? '';
  if (required && !reviewer) return askToSignIn();
  follow();
  await reload();
  if (!queue.selected) openTile(null);
}

readLayers();
setBrush(14);
message('Loading the queue');
begin().catch((error) => {
  message('The queue cannot be read', error.message, { name: 'Try again', run: () => location.reload() });
  byId('app').classList.add('no-tile');
});
