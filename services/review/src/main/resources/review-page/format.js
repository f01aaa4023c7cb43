// Values as people read them. Text from the service is data: it enters the page as text nodes only.

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

const SENTENCES = {
  UNCERTAIN: (score, at) => `${score}, above the organ's threshold of ${at}`,
  COLD_START: (score, at) =>
    `${score}, above the starting threshold of ${at} for an organ with few tiles so far`,
  FLOOR: (score, at) => `${score}; from ${at} every tile is reviewed`,
  NEWER_WEIGHTS: (score, at) =>
    `${score} by newer weights, above the organ's threshold of ${at}; older weights did not doubt the tile`,
  INK: (score) => `pen or ink on the glass, whatever the score says (${score})`,
  UNKNOWN: (score, at) => `${score}; the threshold was ${at}`,
};

export const reasonSentence = ({ reason, scoreName, score, threshold }) =>
  (SENTENCES[reason] ?? SENTENCES.UNKNOWN)(`${scoreName} ${number(score)}`, number(threshold));

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
