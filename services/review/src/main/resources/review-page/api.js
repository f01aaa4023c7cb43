// The service's HTTP API. Every failure is an ApiError whose message is one sentence for a person.

/** After these the same request may be answered: the line, the service or Kafka is away. */
const PASSING = [0, 401, 408, 429, 500, 502, 503, 504];

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Whether the same request may be answered later. */
  get isPassing() {
    return PASSING.includes(this.status);
  }
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...options });
  } catch {
    throw new ApiError(0, 'The review service cannot be reached.');
  }
  if (response.ok) return response;
  let sentence = `The service answered ${response.status}.`;
  try {
    sentence = (await response.json()).error ?? sentence;
  } catch {
    // The answer was not JSON, a proxy's page perhaps: the status has to do.
  }
  throw new ApiError(response.status, sentence);
}

export const json = async (path, options) => (await call(path, options)).json();

const send = (path, method, body, options = {}) => call(path, {
  ...options,
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

export const alertUrl = (tileId, part) =>
  `/api/alerts/${encodeURIComponent(tileId)}${part ? `/${part}` : ''}`;

/** `filter` is a query that says which. */
export function listAlerts({ filter, cursor, limit }) {
  const query = new URLSearchParams(filter);
  query.set('limit', limit);
  if (cursor) query.set('cursor', cursor);
  return json(`/api/alerts?${query}`);
}

export const alert = (tileId) => json(alertUrl(tileId));
const stated = (named) => (named ? { reviewer: named } : {});

/** Claims a tile, or renews the claim: {leaseSeconds, ...}. `named` is null for who signed in. */
export const claim = async (tileId, named) =>
  (await send(alertUrl(tileId, 'claim'), 'POST', stated(named))).json();
export const release = (tileId, named, options) =>
  send(alertUrl(tileId, 'claim'), 'DELETE', stated(named), options);

const slideUrl = (slideId, part) =>
  `/api/slides/${encodeURIComponent(slideId)}${part ? `/${part}` : ''}`;

export const slideReport = (slideId) => json(slideUrl(slideId));
export const slideTiles = (slideId) => json(slideUrl(slideId, 'tiles'));
export const slideTileUrl = (slideId, x, y) => `${slideUrl(slideId, 'tiles')}/${x}/${y}`;

/** Where a slide's report and its results can be downloaded. */
export const reportPath = (slideId) => slideUrl(slideId);
export const exportPath = (slideId, format) => `${slideUrl(slideId, 'export')}?format=${format}`;

/** Hands in outlines that were drawn elsewhere: what matched, was taken and was refused. */
export const sendDrawn = async (slideId, geojson, named) => {
  const query = named ? `?${new URLSearchParams({ reviewer: named })}` : '';
  return (await call(`${slideUrl(slideId, 'corrections')}${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: geojson,
  })).json();
};

export const models = () => json('/api/models');
/** Changes which weights are in force; answers the change, or null where all was so already. */
export const changeModel = async (modelId, change) =>
  (await (await send(`/api/models/${encodeURIComponent(modelId)}/changes`, 'POST', change)).json()).change;

/** What is found and missed: {estimates, all, alarms}. */
export const quality = () => json('/api/quality');
export const operations = () => json('/api/operations');
export const deadLetters = (limit) => json(`/api/dead-letters?${new URLSearchParams({ limit })}`);
const letterUrl = (letter, part) => `/api/dead-letters/${encodeURIComponent(letter)}/${part}`;
export const letterPicture = (letter) => picture(letterUrl(letter, 'picture'));
/** Publishes the record of a letter again where it came from: {letter, topic}. */
export const retryLetter = async (letter, retry) => (await send(letterUrl(letter, 'retry'), 'POST', retry)).json();

/** How much each person did: {people, isWhole}. */
export const people = () => json('/api/people');

export function audit(cursor) {
  const query = new URLSearchParams({ limit: '100' });
  if (cursor) query.set('cursor', cursor);
  return json(`/api/audit?${query}`);
}

export const overview = () => json('/api/overview');
export const session = () => json('/api/session');
export const signIn = (name, password) => send('/api/session', 'POST', { name, password });
export const signOut = () => send('/api/session', 'DELETE', {});
export const submit = (tileId, correction) => send(alertUrl(tileId, 'correction'), 'POST', correction);

const AGAIN_MILLIS = 500;
const TRIES = 5;
const PICTURE_AGAIN_MILLIS = [500, 2000, 8000];
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const closedUrl = (tileId, part) =>
  `/api/closed/${encodeURIComponent(tileId)}${part ? `/${part}` : ''}`;

/** What became of a tile whose alert was closed lately. A verdict shows a moment after its alert. */
export async function closedTile(tileId) {
  for (let tries = 1; ; tries++) {
    const closed = await json(closedUrl(tileId));
    if (closed.verdict || tries === TRIES) return closed;
    await pause(AGAIN_MILLIS);
  }
}

/** A second opinion on a tile that has its verdict; or, with `open`, on one that another has open. */
export async function submitOpinion(tileId, opinion, { open = false } = {}) {
  if (open) {
    try {
      return await send(alertUrl(tileId, 'opinion'), 'POST', opinion);
    } catch (error) {
      // The verdict came at this moment.
      if (error.status !== 409) throw error;
    }
  }
  return send(closedUrl(tileId, 'opinion'), 'POST', opinion);
}

export const closedBitmap = (tileId, part) => picture(closedUrl(tileId, part));

/** A part of an alert ("image", "mask", "entropy") as it comes; what is not urgent lets others go first. */
export const alertPart = async (tileId, part, urgent) =>
  (await call(alertUrl(tileId, part), { priority: urgent ? 'auto' : 'low' })).blob();

/** A picture's pixels, as they are in the file. */
export const decoded = (blob) =>
  createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });

/** A picture of the service's as a bitmap. */
export const picture = async (path) => decoded(await (await call(path)).blob());

/** One picture of many, asked for again where it fails for a moment; null where it cannot be had. */
export async function pictureOfMany(path, isWanted) {
  for (let tries = 0; isWanted(); tries++) {
    try {
      return await picture(path);
    } catch (error) {
      if (!error.isPassing || tries === PICTURE_AGAIN_MILLIS.length) return null;
      await pause(PICTURE_AGAIN_MILLIS[tries]);
    }
  }
  return null;
}

/**
 * Follows alerts raised and closed, and tiles claimed and released. The browser reconnects by itself; `onGap` says that events may
 * have been missed, so that the caller reads the list again.
 */
export function follow({
  onRaised, onClosed, onClaimed, onReleased, onOverview, onGap, onState,
}) {
  const source = new EventSource('/api/events');
  let lost = false;
  const on = (name, handler) =>
    source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  source.addEventListener('open', () => {
    onState('live');
    if (lost) onGap();
    lost = false;
  });
  source.addEventListener('error', () => {
    lost = true;
    onState('down');
    if (source.readyState === EventSource.CLOSED) onState('closed');
  });
  on('alert-raised', onRaised);
  on('alert-closed', onClosed);
  on('tile-claimed', onClaimed);
  on('tile-released', onReleased);
  on('overview', onOverview);
  on('reset', onGap);
  // Another window took this one's place: following again at once would take it back, and so on.
  on('replaced', () => {
    source.close();
    onState('replaced');
  });
  return () => source.close();
}
