// The form by which a lead changes which weights of a model are in force.

import * as api from './api.js';
import { element } from './format.js';

const KINDS = [
  ['ROLLED_BACK', 'Put in force'],
  ['PINNED', 'Pin: put in force and keep it so'],
  ['UNPINNED', 'Unpin: let accepted weights come again'],
];

/** `model` as the service tells it; `done` is called with what was changed, or null for nothing. */
export function changeForm(model, reviewer, done) {
  const kind = element('select', {}, ...KINDS
    .filter(([value]) => value !== 'UNPINNED' || model.pin)
    .map(([value, text]) => element('option', { value }, text)));
  const born = model.rounds.map(({ candidateVersion }) => candidateVersion).filter((v) => v !== null);
  const versions = [...new Set([0, ...born])].sort((a, b) => b - a);
  const version = element('select', {}, ...versions.map((v) => element('option', { value: v },
    `${v}${v === 0 ? ', as shipped' : ''}${v === model.version ? ', in force' : ''}`)));
  const reason = element('input', { required: true, maxlength: 2000, placeholder: 'Why, for the record' });
  const told = element('p', { class: 'error', role: 'alert' });
  const button = element('button', { class: 'primary' }, 'Change');
  const versionField = element('label', {}, 'Version ', version);
  const form = element('form', { class: 'change-form' },
    element('label', {}, 'What ', kind), versionField, element('label', {}, 'Reason ', reason), button, told);
  kind.addEventListener('change', () => { versionField.hidden = kind.value === 'UNPINNED'; });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!reviewer.require()) return;
    button.disabled = true;
    told.textContent = '';
    try {
      const change = { kind: kind.value, version: Number(version.value), reason: reason.value };
      if (reviewer.named) change.reviewer = reviewer.named;
      done(await api.changeModel(model.modelId, change));
    } catch (error) {
      told.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
  return element('details', { class: 'change' }, element('summary', {}, 'Change what is in force'), form);
}
