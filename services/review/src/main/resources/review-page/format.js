// Values as people read them. Text from the service is data: it enters the page as text nodes only.

/** @returns {any} the element, which the document has */
export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; children are elements or text. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.map((child) => child ?? ''));
  return node;
}

export const REASONS = {
  UNCERTAIN: 'uncertain',
  COLD_START: 'cold start',
  FLOOR: 'always reviewed',
  NEWER_WEIGHTS: 'newer weights',
  INK: 'pen or ink',
  UNKNOWN: 'other reason',
};

/** Why a tile waits. What chance drew looks like any other: it is to be read like any other. */
export const reasonText = ({ reason }) =>
  REASONS[reason === 'AUDIT' ? 'UNCERTAIN' : reason] ?? REASONS.UNKNOWN;

/** What a score measures, for a reader; other names are shown as they are, without hyphens. */
const SCORES = {
  'mean-entropy': 'doubt over the whole tile',
  'tail-entropy': 'doubt where it is greatest',
  'positive-entropy': 'doubt in what may be positive',
  'mask-entropy': 'doubt inside the mask',
  'background-entropy': 'doubt outside the mask',
  'interior-entropy': 'doubt away from edges',
  'expected-dice-loss': 'expected disagreement with the true mask',
  'expected-missed-pixels': 'expected share of missed tissue',
  'recalibrated-missed-pixels': 'expected share of missed tissue',
  'expected-missed-share': 'expected share of missed nuclei',
  'expected-false-alarms': 'expected share of false alarms',
  'expected-errors': 'expected share of errors',
  'near-threshold': 'tissue just below the threshold',
  'faint-blobs': 'faint spots that the mask leaves out',
  'positive-fraction': 'positive share of the tile',
  'mean-probability': 'expected positive share of the tile',
  'stained-outside': 'stain outside the mask',
  'stained-doubt': 'stain and doubt outside the mask',
  'stained-misses': 'signs of missed nuclei',
};

export const scoreWords = (name) => SCORES[name] ?? (name || 'score').replaceAll('-', ' ');

/** A score with digits enough to tell it from 0. */
export function scoreText(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  if (Math.abs(value) >= 0.01) return value.toFixed(3);
  return Math.abs(value) >= 0.00001 ? value.toFixed(5) : 'nearly 0';
}

const SENTENCES = {
  UNCERTAIN: (score, at) => `${score}; tiles of this organ come to you from ${at}`,
  COLD_START: (score, at) =>
    `${score}; while few tiles of this organ are known they come to you from ${at}`,
  FLOOR: (score, at) => `${score}; from ${at} every tile is reviewed`,
  NEWER_WEIGHTS: (score, at) =>
    `${score} by a newer model, which doubts the tile; they come to you from ${at}`,
  INK: (score) => `Pen or ink on the glass (${score})`,
  AUDIT: () => 'Drawn by chance, to measure what is missed where nobody looks',
  UNKNOWN: (score, at) => `${score}; the threshold was ${at}`,
};

export function reasonSentence({ reason, scoreName, score, threshold }) {
  const sentence = SENTENCES[reason] ?? SENTENCES.UNKNOWN;
  const words = sentence(`${scoreWords(scoreName)} ${scoreText(score)}`, scoreText(threshold));
  return words[0].toUpperCase() + words.slice(1);
}

export const claimedBy = ({ reviewer }) => `${reviewer} has this tile open`;

export const organName = (organ) => organ || 'unknown';

export const number = (value, digits = 3) =>
  (Number.isFinite(value) ? value.toFixed(digits) : '–');

export const percent = (value, digits = 1) =>
  (Number.isFinite(value) ? `${(100 * value).toFixed(digits)} %` : '–');

export const count = (value) => (Number.isFinite(value) ? value.toLocaleString('en-GB') : '–');

export function ago(iso, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

export const moment = (iso) =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
