// How each model came to the version in force: rounds of fine-tuning, and what people changed.

import * as api from './api.js';
import { changeForm } from './change-form.js';
import { ago, count, element, moment, number } from './format.js';
import { changePlot, lineage } from './lineage.js';
import { toast } from './messages.js';
import { chip, section } from './tables.js';

export class ModelsPage {
  title = 'Models';
  #body = element('div', { class: 'stack' });
  #reviewer;

  constructor({ reviewer }) {
    this.#reviewer = reviewer;
  }

  async open() {
    await this.refresh();
    return [element('header', { class: 'page-head' }, element('h1', {}, 'Models')), this.#body];
  }

  async refresh() {
    // A form that is being filled in stays.
    if (this.#body.querySelector('details[open]')) return;
    const { models } = await api.models();
    this.#body.replaceChildren(...(models.length ? models.map((each) => model(each, this.#form(each)))
      : [element('p', { class: 'none' }, 'No model is known yet: a worker says what it runs when it starts.')]));
  }

  close() {}

  /** For whoever may; otherwise nothing. */
  #form(each) {
    if (!this.#reviewer.leads) return [];
    const form = changeForm(each, this.#reviewer, (change) => {
      toast(change ? `Version ${change.toVersion} is in force; workers follow within seconds.` : 'Everything was so already.');
      form.open = false;
      this.refresh().catch((error) => toast(error.message, true));
    });
    return [form];
  }
}

function model({ modelId, version, pin, workers, rounds, changes }, form) {
  const events = [
    ...rounds.map((round) => ({ at: round.decidedAt, node: roundCard(round, version) })),
    ...changes.map((change) => ({ at: change.changedAt, node: changeCard(change) })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return section(modelId,
    element('p', { class: 'in-force' }, 'In force: ', element('strong', {}, versionName(version)),
      ...(pin ? [' ', chip(`pinned by ${pin.by}`, false)] : [])),
    ...(pin?.reason ? [element('p', { class: 'hint' }, `Why it is pinned: ${pin.reason}`)] : []),
    ...form,
    element('div', { class: 'columns' },
      element('div', {}, element('h3', {}, 'Lineage'), lineage(rounds, version)),
      element('div', {}, element('h3', {}, 'Workers'), workerList(workers, version))),
    element('h3', {}, 'What happened'),
    events.length
      ? element('ol', { class: 'events' }, ...events.map(({ node }) => node))
      : element('p', { class: 'none' }, 'The model is as shipped: no round of fine-tuning has ended and nobody changed anything.'),
    element('p', { class: 'hint' }, 'A round is told of when the gate has decided; one that runs at this moment is on no topic.'));
}

const versionName = (version) => (version === 0 ? 'version 0, as shipped' : `version ${version}`);

/** By versions, and by workers within each. */
function workerList(workers, inForce) {
  if (!workers.length) return element('p', { class: 'none' }, 'No worker has said what it runs.');
  const sorted = [...workers].sort((a, b) => b.version - a.version || a.workerId.localeCompare(b.workerId));
  return element('ul', { class: 'workers' }, ...sorted.map((w) => element('li', {},
    element('span', {}, w.workerId),
    chip(w.silent ? 'silent' : `runs ${w.version}`, !w.silent && w.version === inForce),
    element('span', { class: 'hint', title: moment(w.reportedAt) }, `since ${ago(w.since)}`))));
}

function roundCard(round, inForce) {
  const { parentVersion, candidateVersion, accepted, heldBack, before, after, change } = round;
  const told = !accepted ? 'refused' : heldBack ? 'held back' : 'accepted';
  const figures = before && after ? element('dl', { class: 'figures' },
    ...figure('Recall at equal precision', before.recallAtMatchedPrecision, after.recallAtMatchedPrecision),
    ...figure('Recall', before.recall, after.recall),
    ...figure('Precision', before.precision, after.precision),
    ...figure('Dice', before.dice, after.dice)) : null;
  return element('li', { class: candidateVersion === inForce ? 'event now' : 'event' },
    head(`Round ${round.round}`, chip(told, accepted && !heldBack), round.decidedAt),
    element('p', {}, candidateVersion === null
      ? `From version ${parentVersion}; nothing was kept.`
      : `Version ${parentVersion} became ${candidateVersion}.`, ` ${taught(round)}`),
    element('blockquote', {}, round.reason),
    ...(heldBack ? [element('p', { class: 'hint' }, `Not put in force: ${heldBack}`)] : []),
    ...(figures ? [element('div', { class: 'columns' }, figures, element('div', {},
      plot('On corrections held out', change),
      plot(`On the guard set${round.guardSet ? ` (${round.guardSet})` : ''}`, round.guardChange)))] : []));
}

function taught({ examplesUsed, tilesJudgedBySeveral, tilesDisagreedOn, teachers }) {
  const several = tilesJudgedBySeveral
    ? ` Of ${count(tilesJudgedBySeveral)} tiles judged by several, they disagreed on ${count(tilesDisagreedOn ?? 0)}.` : '';
  const who = teachers.length
    ? ` Verdicts since the round before: ${teachers.map(({ reviewer, verdicts }) => `${reviewer} ${count(verdicts)}`).join(', ')}.` : '';
  return `It was taught by ${count(examplesUsed)} corrections.${who}${several}`;
}

const figure = (name, before, after) => [
  element('dt', {}, name),
  element('dd', {}, `${number(before)} → ${number(after)}`),
];

function plot(name, change) {
  if (!change || change.change === null) return element('p', { class: 'hint' }, `${name}: not measured.`);
  return element('figure', {}, element('figcaption', {}, `${name}, ${count(change.tiles)} tiles`), changePlot(change));
}

const DID = { ROLLED_BACK: 'put in force', PINNED: 'pinned', UNPINNED: 'unpinned' };

function changeCard({ kind, fromVersion, toVersion, by, reason, changedAt }) {
  return element('li', { class: 'event' },
    head(`${by} ${DID[kind] ?? kind} version ${toVersion}`, chip('by hand', true), changedAt),
    element('p', {}, fromVersion === toVersion ? 'The version in force stayed.' : `In force before: version ${fromVersion}.`),
    reason ? element('blockquote', {}, reason) : element('p', { class: 'hint' }, 'No reason was given.'));
}

const head = (title, told, at) => element('div', { class: 'event-head' },
  element('h4', {}, title), told, element('span', { class: 'hint', title: moment(at) }, ago(at)));
