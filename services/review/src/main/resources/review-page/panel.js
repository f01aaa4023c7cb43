// What is known of the chosen tile, and what can be said of it.

import {
  ago, byId, claimedBy, count, element, moment, number, organName, percent, reasonSentence, scoreText,
} from './format.js';

export function showTile(alert, versionInForce, blind) {
  byId('tile-organ').textContent = organName(alert.organ);
  byId('tile-id').textContent = alert.tileId;
  byId('tile-id').title = alert.tileId;
  byId('reason').textContent = reasonSentence(alert);
  const gauge = byId('gauge');
  // Scores lie in 0..1; the gauge ends a little above the score where both are small.
  const full = Math.min(1, Math.max(alert.score, alert.threshold) * 1.25) || 1;
  gauge.querySelector('i').style.width = `${within(alert.score / full)}%`;
  gauge.querySelector('b').style.left = `${within(alert.threshold / full)}%`;
  gauge.title = `score ${scoreText(alert.score)}, threshold ${scoreText(alert.threshold)}`;
  const facts = [
    ['Slide', alert.slideId],
    ['Position', `${count(alert.x)}, ${count(alert.y)} px`],
    ['Size', `${alert.width} × ${alert.height} px`],
    ['Resolution', resolution(alert)],
    // What the model saw is not told before somebody has looked.
    ...(blind ? [] : [
      ['Positive', percent(alert.positiveFraction)],
      ['Entropy, mean', `${number(alert.meanEntropy)} bit/px`],
      ['Entropy, top 1 %', `${number(alert.tailEntropy)} bit/px`],
    ]),
    ['Model', alert.modelId],
    ['Mask drawn by', versionText(alert.modelVersion, versionInForce)],
    ['Conditioned on', organName(alert.conditionedOn)],
    ['Raised', ago(alert.requestedAt), moment(alert.requestedAt)],
  ];
  byId('facts').replaceChildren(...facts.flatMap(([name, value, title]) => [
    element('dt', {}, name),
    element('dd', { title: title ?? value }, value),
  ]));
}

/** A version that is no longer in force is said to be so. */
function versionText(version, inForce) {
  const drawnBy = `version ${version}`;
  return inForce === undefined || inForce === version
    ? drawnBy : `${drawnBy}; in force ${inForce}`;
}

/** Nothing is said of the model's where the tile's is the same or nearly so. */
function resolution({ micronsPerPixel, modelMicronsPerPixel, resampled }) {
  const model = modelMicronsPerPixel && `${number(modelMicronsPerPixel, 2)} µm/px`;
  if (!micronsPerPixel) return model ? `not known, taken as the model’s ${model}` : 'not known';
  return `${number(micronsPerPixel, 2)} µm/px${resampled ? `, segmented at ${model}` : ''}`;
}

/** How the mask differs from the model's, which may be hidden. */
export function showChange(mask, blind) {
  const change = byId('change');
  byId('confirm-text').textContent = blind ? 'Nothing there' : 'Confirm mask';
  if (!mask?.changed) {
    change.textContent = blind
      ? 'The model’s mask is hidden: draw what you see, or say that nothing is there.'
      : 'The mask is as the model drew it.';
    return;
  }
  change.replaceChildren(
    'Changed: ',
    element('span', { class: 'added' }, `+${count(mask.added)}`),
    ' ',
    element('span', { class: 'removed' }, `−${count(mask.removed)}`),
    ' pixels');
}

const DID = {
  CONFIRMED: 'confirmed the model\'s mask', CORRECTED: 'corrected the mask',
  UNUSABLE: 'called the tile unusable',
};

const WHY = { BLUR: 'blur', FOLD: 'fold', PEN: 'pen', NO_TISSUE: 'no tissue' };
const why = (reason) => (WHY[reason] ? ` (${WHY[reason]})` : '');

/** What became of a tile whose verdict somebody else was faster with. */
export function showLost({ known, reviewer, verdict, unusableReason, correctedAt, mask, error }) {
  byId('lost-text').textContent = known
    ? `${reviewer} ${DID[verdict] ?? verdict}${why(unusableReason)}, ${ago(correctedAt)}. Your mask is kept.`
    : 'The tile is closed, and its verdict is not known here. Your mask is kept.';
  byId('lost-text').title = error?.message ?? '';
  byId('compare').disabled = !mask;
}

/** What became of a tile that has its verdict, in a sentence. */
export const closedText = ({ reviewer, verdict, unusableReason, correctedAt }) =>
  `${reviewer} ${DID[verdict] ?? verdict}${why(unusableReason)}, ${ago(correctedAt)}.`;

/** Who has the open tile, or why it could not be claimed for whoever sits here; null for neither. */
export function showClaim(claim, fault) {
  const chip = byId('tile-claim');
  chip.hidden = !claim;
  chip.textContent = claim?.initials ?? '';
  chip.title = claim ? claimedBy(claim) : '';
  byId('claimed-text').textContent = claim
    ? `${claimedBy(claim)}. It is free again when they leave it, and some minutes after they stop.`
    : '';
  byId('claim-note').hidden = !fault;
  byId('claim-note').textContent = fault
    ? `Others do not see that you have this tile open. ${fault.message}` : '';
}

const within = (share) => 100 * Math.min(1, Math.max(0, share));
