// Wires the page together.

import * as api from './api.js';
import { Claims } from './claims.js';
import { Bindings } from './commands.js';
import { Comparison } from './comparison.js';
import { Database } from './database.js';
import { Desk } from './desk.js';
import { noticeText } from './drift.js';
import { Drafts } from './drafts.js';
import { Filters } from './filters.js';
import { byId, count } from './format.js';
import { Ground } from './ground.js';
import { Help } from './help.js';
import { listen } from './keys.js';
import { Layers } from './layers.js';
import { Live } from './live.js';
import { CLEARED, NEWER, NEWER_BEFORE, message, noMessage, retire, toast } from './messages.js';
import { Outbox } from './outbox.js';
import { Pace, about } from './pace.js';
import { Pages } from './pages.js';
import { closedText, showChange, showClaim, showLost, showTile } from './panel.js';
import { Queue } from './queue.js';
import { Reasons } from './reasons.js';
import { Reviewer } from './reviewer.js';
import { Router, isReview, tilePath } from './router.js';
import { State } from './state.js';
import { Strip } from './strip.js';
import { Surroundings } from './surroundings.js';
import { Tools } from './tools.js';
import { VerdictBar, savedText } from './verdict-bar.js';
import { Viewer } from './viewer.js';

const COUNTS_MILLIS = 700;

const router = new Router();
const state = new State({
  place: router.place, tile: null, line: 'connecting', flow: null, models: [], comparing: false,
});
const database = await Database.open().catch((error) => {
  if (error.name === 'VersionError') retire(NEWER_BEFORE);
  else message('This browser keeps no data', `Without its database work could be lost: allow this site to store data and leave private browsing (${error?.message}).`);
  throw error;
});
database.addEventListener('replaced', ({ detail: { cleared } }) => {
  live.stop();
  retire(cleared ? CLEARED : NEWER);
});
const drafts = new Drafts(database);
const outbox = new Outbox(database);
const reviewer = new Reviewer();
const claims = new Claims({
  reviewer, keeps: (tileId) => drafts.has(tileId) || outbox.has(tileId),
});
const filters = new Filters({ own: () => ({ person: reviewer.person, tiles: drafts.open }) });
const queue = new Queue({ hasDraft: (tileId) => drafts.has(tileId), claims, filters });
const pace = new Pace();
const viewer = new Viewer(byId('canvas'), byId('glass'));
const layers = new Layers({ state, viewer });
const tools = new Tools({ state, viewer });
const strip = new Strip({ state, viewer, layers });
const comparison = new Comparison(viewer);
new Surroundings({ state, viewer });
const ground = new Ground({ state, viewer });
const bindings = new Bindings();
const help = new Help(bindings);
const reasons = new Reasons();
const desk = new Desk({ state, queue, drafts, outbox, claims, reviewer });
const live = new Live(state);
new VerdictBar(outbox);
const pages = new Pages({ router, reviewer });

function failed(error) {
  if (error.status === 401) reviewer.ask();
  else toast(error.message, true);
}

/* ---- The open tile ---- */

const narrow = matchMedia('(max-width: 720px)');

/** Whether a tile is, or is to be, on show: a phone has room for the list or a tile. */
const showsTile = ({ name }) => name === 'tile' || (name === 'review' && !narrow.matches);

let shown = null;
state.watch(['tile'], ({ tile }) => {
  byId('app').classList.toggle('no-tile', !tile);
  byId('panel').hidden = !tile;
  // Who zooms from tile to tile sees what lies between until the next one is there.
  const comes = tile?.status === 'loading' && viewer.awaits(tile.alert);
  if (tile?.mask !== shown && !comes) {
    shown = tile?.mask ?? null;
    viewer.show(shown && tile);
    state.set({ comparing: false });
  }
  if (!tile) showNone();
  else if (tile.status === 'loading' && !comes) message('Loading the tile');
  else if (tile.status === 'failed') showFailure(tile);
  else noMessage();
  if (tile && byId('comment').value !== tile.comment) byId('comment').value = tile.comment;
  refreshVerdicts();
});
// On another page nobody works on the tile.
state.watch(['tile', 'place'], ({ tile, place }) =>
  claims.open(tile && !tile.lost && showsTile(place) ? tile.alert.tileId : null));
state.watch(['tile', 'models'], ({ tile, models }) => {
  if (!tile) return;
  showTile(tile.alert, models.find(({ modelId }) => modelId === tile.alert.modelId)?.version, tile.blind);
});
state.watch(['comparing', 'tile'], ({ comparing, tile }) => {
  byId('compare').setAttribute('aria-pressed', comparing);
  viewer.compare(comparing ? tile?.lost?.mask ?? null : null);
});

function showNone() {
  if (queue.waits) {
    return message('Others have every tile open', 'One comes here by itself when it is free.');
  }
  const filtered = filters.any;
  message(filtered ? 'No open alert is like this' : 'The queue is empty',
    filtered ? 'Choose other filters, or wait: new alerts appear by themselves.'
      : 'Tiles that the model is unsure of appear here by themselves.');
}

ground.addEventListener('reach', ({ detail: tileId }) => {
  viewer.goTo(tileId);
  openAt(tileId).catch(failed);
});

/* ---- Addresses ---- */

state.watch(['place'], ({ place }) => {
  byId('app').dataset.place = place.name;
  // Alone, the list is what the page is about.
  byId('queue').setAttribute('role', isReview(place) && !showsTile(place) ? 'main' : 'complementary');
});
/** The address is that of the tile on show. */
state.watch(['tile', 'place'], ({ tile, place }) => {
  if (!tile || !showsTile(place)) return;
  router.follow(tilePath(tile.alert.tileId), { keeps: queue.chosen && place.name === 'tile' });
  state.set({ place: router.place });
});
router.addEventListener('change', () => arrive().catch(failed));

async function arrive() {
  const { place } = router;
  if (place.name === 'tile' && state.get('tile')?.alert.tileId !== place.id) {
    // Not the address of the tile before.
    await desk.putAway();
  }
  state.set({ place });
  await pages.show();
  if (place.name === 'tile') await openAt(place.id);
  else if (showsTile(place) && !state.get('tile')) await desk.open(queue.selected);
}

/** Opens the tile of an address, wherever it stands in the queue; or says what became of it. */
async function openAt(tileId) {
  if (state.get('tile')?.alert.tileId === tileId) return;
  if (drafts.lost.includes(tileId)) return desk.openLost(tileId);
  if (outbox.has(tileId)) return queue.goOn();
  if (queue.selected?.tileId === tileId) return desk.open(queue.selected);
  if (queue.select(tileId)) return;
  try {
    queue.insert(await api.alert(tileId));
  } catch (error) {
    if (error.status !== 404 && error.status !== 409) throw error;
    queue.unselect();
    await desk.open(null);
    const closed = error.status === 409 ? await api.closedTile(tileId).catch(() => null) : null;
    message('This tile waits for nobody', closed?.verdict ? closedText(closed) : error.message,
      { name: 'Next tile', run: () => queue.goOn() });
  }
}

function showFailure({ error }) {
  if (error.status === 401) reviewer.ask();
  message('This tile cannot be shown', error.message, { name: 'Try again', run: () => desk.retry() });
}

function refreshVerdicts() {
  const tile = state.get('tile');
  const changed = Boolean(tile?.mask?.changed);
  const claim = tile && !tile.lost ? claims.of(tile.alert.tileId) : null;
  byId('decide').hidden = Boolean(tile?.lost || claim);
  byId('claimed').hidden = !claim;
  byId('second-opinion').disabled = tile?.status !== 'shown' || !reviewer.decides;
  byId('viewer-note').hidden = reviewer.decides;
  showClaim(claim, claims.fault);
  byId('lost').hidden = !tile?.lost;
  if (tile?.lost) showLost(tile.lost);
  byId('confirm').hidden = changed;
  byId('save').hidden = !changed;
  byId('confirm').disabled = desk.whyNot('CONFIRMED') !== null;
  byId('save').disabled = desk.whyNot('CORRECTED') !== null;
  // A tile that can never be shown can still be called unusable, or it would stay open for ever.
  byId('unusable').disabled = desk.whyNot('UNUSABLE') !== null;
  showChange(tile?.mask, tile?.blind);
  tools.refresh();
  layers.refresh();
}

viewer.addEventListener('edit', () => {
  desk.keep();
  refreshVerdicts();
});
byId('comment').addEventListener('input', (event) => desk.comment(event.target.value));

/* ---- Verdicts ---- */

let deciding = false;
async function decide(verdict) {
  if (deciding) return;
  const why = desk.whyNot(verdict) ?? (viewer.busy ? 'Finish what you are drawing first, or press Esc.' : null);
  if (why) return toast(why, true);
  if (!reviewer.require()) return;
  deciding = true;
  try {
    const { alert, status, mask } = state.get('tile');
    const { person, named } = reviewer;
    // Of a tile that cannot be shown nobody knows what is wrong with it.
    const asks = verdict === 'UNUSABLE' && status === 'shown';
    const unusableReason = asks ? await reasons.ask({ changed: mask.changed }) : null;
    if (asks && !unusableReason) return;
    // A name that was just said: until what is kept in its name is read, a verdict would be taken
    // for one of those, and sent without the time to take it back.
    await belonging;
    if (state.get('tile')?.alert.tileId !== alert.tileId || desk.whyNot(verdict)) {
      return toast('The tile is no longer open: no verdict was given.', true);
    }
    await desk.decide(verdict, { person, named, unusableReason });
    pace.verdict(person);
  } catch (error) {
    toast(`The verdict could not be kept in this browser, and was not given: ${error.message}`, true);
  } finally {
    deciding = false;
  }
}

function takeBack() {
  if (!outbox.takeBack()) toast('There is no verdict that could be taken back.');
}

outbox.addEventListener('saved', ({ detail: { entry } }) => {
  drafts.drop(entry.tileId);
  queue.closed(entry.tileId);
  toast(savedText(entry));
});
outbox.addEventListener('returned', ({ detail: { entry } }) => queue.restore(entry.tileId, entry.alert));
outbox.addEventListener('refused', ({ detail: { entry, error } }) => {
  queue.restore(entry.tileId, entry.alert);
  toast(`The verdict on ${entry.tileId} was not taken: ${error.message}`, true);
});
outbox.addEventListener('lost', ({ detail: { entry, error } }) => {
  desk.lose(entry.tileId).then((kept) => {
    toast(kept ? `${error.message} Your mask is kept.` : error.message, true);
    if (kept) return desk.openLost(entry.tileId);
  }).catch(failed);
});
outbox.addEventListener('signed-out', () => reviewer.ask());
addEventListener('beforeunload', (event) => {
  if (outbox.entries.length) event.preventDefault();
});

for (const [id, verdict] of [['confirm', 'CONFIRMED'], ['save', 'CORRECTED'], ['unusable', 'UNUSABLE']]) {
  byId(id).addEventListener('click', () => decide(verdict));
}

/* ---- Work that others were faster with ---- */

drafts.addEventListener('change', () => {
  const { lost } = drafts;
  byId('lost-drafts').hidden = lost.length === 0;
  byId('lost-drafts').textContent = lost.length === 1
    ? 'A tile that you changed was closed elsewhere'
    : `${count(lost.length)} tiles that you changed were closed elsewhere`;
  queue.refreshDrafts();
});
drafts.addEventListener('failure', ({ detail }) =>
  toast(`Your changes could not be kept in this browser: ${detail?.message}`, true));
byId('lost-drafts').addEventListener('click', () => desk.openLost(drafts.lost[0]));
byId('compare').addEventListener('click', () => state.set({ comparing: !state.get('comparing') }));
byId('discard').addEventListener('click', () => desk.discard().catch(failed));
for (const id of ['opinion', 'second-opinion']) {
  byId(id).addEventListener('click', async () => {
    if (!reviewer.require()) return;
    try {
      await desk.submitOpinion(reviewer);
      toast('Second opinion: saved.');
    } catch (error) {
      failed(error);
    }
  });
}

/* ---- Tiles that others have open ---- */

claims.addEventListener('change', () => {
  queue.refreshClaims();
  refreshVerdicts();
});
claims.addEventListener('taken', ({ detail: tileId }) => {
  // Somebody else was faster with a tile that just came next: there are others.
  if (!queue.chosen && queue.selected?.tileId === tileId && !drafts.has(tileId)) queue.goOn();
});
byId('next-free').addEventListener('click', () => queue.goOn());

function move(step) {
  if (!queue.moveToFree(step)) toast('Others have every tile open that is left in this direction.');
}

/* ---- Keys ---- */

listen(bindings, () => isReview(state.get('place')), {
  brush: () => tools.choose('brush'),
  erase: (held, letGo) => tools.holdErase(held, letGo),
  lasso: () => tools.choose('lasso'),
  polygon: () => tools.choose('polygon'),
  remove: () => tools.choose('remove'),
  pan: () => tools.choose('pan'),
  'hold-pan': (held) => { viewer.holdPan = held; },
  smaller: () => tools.resizeBrush(-1),
  larger: () => tools.resizeBrush(1),
  unit: () => tools.toggleUnit(),
  apart: () => tools.toggleApart(),
  fill: () => tools.change('fillHoles', false),
  'fill-all': () => tools.change('fillHoles', true),
  grow: () => tools.change('grow', false),
  shrink: () => tools.change('shrink', false),
  'grow-all': () => tools.change('grow', true),
  'shrink-all': () => tools.change('shrink', true),
  delete: () => tools.change('remove', false),
  lenient: () => strip.step(-1),
  strict: () => strip.step(1),
  undo: () => tools.edit('undo'),
  redo: () => tools.edit('redo'),
  revert: () => tools.edit('revert'),
  left: () => viewer.step(-1, 0, false),
  right: () => viewer.step(1, 0, false),
  up: () => viewer.step(0, -1, false),
  down: () => viewer.step(0, 1, false),
  'left-fine': () => viewer.step(-1, 0, true),
  'right-fine': () => viewer.step(1, 0, true),
  'up-fine': () => viewer.step(0, -1, true),
  'down-fine': () => viewer.step(0, 1, true),
  press: () => viewer.press(),
  'next-nucleus': () => viewer.seekNucleus(1),
  'last-nucleus': () => viewer.seekNucleus(-1),
  'give-up': () => viewer.giveUp(),
  mask: () => byId('mask-on').click(),
  style: () => layers.nextStyle(),
  entropy: () => byId('heat-on').click(),
  around: () => byId('around-on').click(),
  view: () => comparison.next(),
  fit: () => viewer.fit(),
  actual: () => viewer.actualSize(),
  closer: () => viewer.zoom(1.25),
  farther: () => viewer.zoom(0.8),
  confirm: () => decide('CONFIRMED'),
  save: () => decide('CORRECTED'),
  unusable: () => decide('UNUSABLE'),
  'take-back': takeBack,
  comment: () => byId('comment').focus(),
  next: () => move(1),
  previous: () => move(-1),
  queue: () => toggleDrawer(),
  help: () => help.open(),
});

byId('notice').addEventListener('click', () => router.go('/operations'));

/** Where there is little room the queue lies over the tile while it is wanted. */
function toggleDrawer(open = !byId('app').classList.contains('queue-open')) {
  byId('app').classList.toggle('queue-open', open);
  byId('open-queue').setAttribute('aria-expanded', open);
}
byId('open-queue').addEventListener('click', () => toggleDrawer());
byId('alerts').addEventListener('click', () => {
  toggleDrawer(false);
  if (queue.selected && !showsTile(state.get('place'))) router.go(tilePath(queue.selected.tileId));
});
byId('viewer').addEventListener('pointerdown', () => toggleDrawer(false));

/* ---- In step with the service ---- */

queue.addEventListener('select', ({ detail }) => {
  if (showsTile(state.get('place')) && (detail || !state.get('tile')?.lost)) desk.open(detail).catch(failed);
});
queue.addEventListener('failure', ({ detail }) => failed(detail));
queue.addEventListener('count', ({ detail: open }) => {
  pages.openAlerts = open;
  const minutes = pace.minutes(reviewer.person, open);
  byId('pace').textContent = open && minutes !== null
    ? `${count(open)} waiting, ${about(minutes)} at your pace` : '';
  byId('pace').title = byId('pace').textContent;
});

let countsTimer = 0;
function countsChanged() {
  // Alerts come in bursts: one request for all of them.
  countsTimer ||= setTimeout(() => {
    countsTimer = 0;
    refreshCounts().catch(failed);
  }, COUNTS_MILLIS);
}

async function refreshCounts() {
  const { open, organs, beyondCapacity, drift, heldBack, flow, models, slides } = await api.overview();
  filters.showChoices(organs, slides);
  queue.showCounts(open, organs);
  byId('queue-note').hidden = !beyondCapacity;
  byId('queue-note').textContent = 'More alerts are waiting than the queue holds: these are the most uncertain ones.';
  const notice = noticeText(drift, heldBack);
  byId('notice').hidden = !notice;
  byId('notice').textContent = notice;
  state.set({ flow, models });
}

/** Events may have been missed, or answers failed meanwhile: everything is asked for again. */
async function refresh() {
  outbox.hurry();
  const { name, id } = state.get('place');
  const elsewhere = name === 'tile' && state.get('tile')?.alert.tileId !== id;
  await Promise.all([queue.reload({ selects: !elsewhere }), refreshCounts()]);
  if (elsewhere) await openAt(id);
  desk.retry();
}

live.addEventListener('raised', ({ detail: alert }) => {
  queue.raised(alert);
  const tile = state.get('tile');
  // Segmented anew while it is open: show that, unless work would be lost.
  if (tile?.alert.tileId === alert.tileId && !tile.mask?.changed) desk.open(alert).catch(failed);
  countsChanged();
});
live.addEventListener('closed', ({ detail: { tileId } }) => {
  desk.closed(tileId).then((kept) => {
    if (kept) toast(`Tile ${tileId} was closed elsewhere. Your mask is kept.`);
  }).catch(failed);
  countsChanged();
});
live.addEventListener('claimed', ({ detail }) => claims.claimed(detail));
live.addEventListener('released', ({ detail: { tileId } }) => claims.released(tileId));
live.addEventListener('overview', countsChanged);
live.addEventListener('gap', () => refresh().catch(failed));
live.addEventListener('begin', () => begin().catch((error) => {
  if (error.status === 401) reviewer.ask();
  else live.again();
}));
reviewer.addEventListener('signed-out', () => live.stop());
reviewer.addEventListener('signed-in', () => begin().catch(failed));
reviewer.addEventListener('change', () => belongTo().catch(failed));

/** What is kept in the browser is whose name stands at the top. One change after the other. */
let belonging = Promise.resolve();
function belongTo() {
  belonging = belonging.then(async () => {
    const { person } = reviewer;
    const open = state.get('tile') !== null;
    const stays = await desk.isFor(person);
    // Who has left holds the tile on show no longer, whatever was drawn on it.
    claims.personChanged();
    if (!stays) await desk.putAway();
    await drafts.of(person);
    await outbox.of(person);
    for (const { tileId } of outbox.entries) queue.hide(tileId);
    if (stays) await desk.keep();
    else if (open) await desk.open(queue.selected);
  });
  return belonging;
}

async function begin() {
  if (byId('retired').open) return;
  if (!await reviewer.load()) return;
  byId('to-audit').hidden = !reviewer.leads;
  byId('to-people').hidden = !reviewer.leads;
  live.follow();
  pages.show().catch(failed);
  await belongTo();
  await refresh();
  if (!queue.selected && !state.get('tile') && state.get('place').name !== 'tile') await desk.open(null);
}

message('Loading the queue');
byId('app').classList.add('no-tile');
begin().catch((error) => {
  message('The queue cannot be read', error.message, { name: 'Try again', run: () => location.reload() });
  live.again();
});
