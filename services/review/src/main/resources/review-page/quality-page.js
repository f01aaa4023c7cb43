// What the system finds and misses in service, estimated over all tiles.

import * as api from './api.js';
import { count, element, moment, number, organName, percent } from './format.js';
import { interval } from './interval.js';
import { section, table } from './tables.js';

const LEAST_FROM = 0.8;

export class QualityPage {
  title = 'Quality';
  #alarms = element('div', { id: 'recall-alarms' });
  #rows = element('div', { id: 'recall-rows' });
  #what = element('p', { class: 'hint' });
  #readers = element('p', { class: 'hint', id: 'recall-readers' });
  #said = null;

  async open() {
    await this.refresh();
    return [
      element('header', { class: 'page-head' }, element('h1', {}, 'Quality')),
      element('div', { class: 'stack' },
        this.#alarms,
        section('Recall in service', element('p', { class: 'recall-meaning' },
          'Of the tissue that is there to be found, how much is found: over all tiles, those included that nobody saw. ',
          'It is estimated from the tiles that chance sent to review, each standing for those like it.'),
        this.#rows, this.#what, this.#readers,
        element('p', { class: 'hint' },
          'It is assumed that the reviewers are right, that tiles which were read are like those which still wait, and that slides do not depend on each other. ',
          'An interval holds for one look; an alarm may be looked for at any time. Recall and precision are those of pixels. ',
          '“With review” counts what reviewers mended as found.'))),
    ];
  }

  async refresh() {
    const { estimates, all, alarms } = await api.quality();
    this.#showAlarms(alarms, estimates);
    const levels = new Set(estimates.map(({ level }) => level));
    const from = axisFrom(estimates);
    this.#what.hidden = !estimates.some(({ model }) => model);
    this.#what.textContent = `Each picture goes from ${number(from, 2)} to 1: the point is the estimate, the bar its 95 % interval`
      + `${levels.size === 1 ? `, the dashed line the promised ${number(1 - [...levels][0], 2)}` : ', the dashed line what is promised'}.`;
    this.#readers.textContent = all.agreement ? readersText(all.agreement, estimates) : '';
    const rows = estimates.map((e) => ({
      names: [organName(e.organ), e.scanner || 'not named', e.modelVersion], model: e.model, system: e.system,
      promised: 1 - e.level, read: e.tilesDrawnRead, drawn: e.tilesDrawn, slides: e.slides, notEnough: e.notEnough,
      alarmed: e.alarmedAt,
    }));
    if (rows.length > 1) {
      rows.push({
        names: ['all', '', ''], model: all.model ?? null, system: all.system ?? null,
        promised: levels.size === 1 ? 1 - [...levels][0] : null, read: all.tilesDrawnRead,
        drawn: sum(estimates, 'tilesDrawn'), slides: null, notEnough: all.notEnough, alarmed: null,
      });
    }
    this.#rows.replaceChildren(table('Recall in service',
      'Nothing is estimated yet: no review was asked for of a tile that stands for others.',
      ['Organ', 'Scanner', '#Version', 'Recall of the model', 'Recall with review', 'Precision', '#Audited tiles read', 'State'],
      rows.map((row) => [
        ...row.names, share(row, row.model, 'recall', from), share(row, row.system, 'recall', from),
        share({ ...row, promised: null }, row.model, 'precision', from),
        `${count(row.read)} of ${count(row.drawn)}`, state(row),
      ])));
  }

  close() {}

  /** What is said stays as it is, or screen readers would say it again and again. */
  #showAlarms(alarms, estimates) {
    const newest = ({ allOrgans, organ, scanner }) => Math.max(...estimates
      .filter((e) => allOrgans || (e.organ === organ && e.scanner === scanner)).map((e) => e.modelVersion));
    const now = alarms.filter((alarm) => alarm.modelVersion >= newest(alarm));
    const earlier = alarms.filter((alarm) => !now.includes(alarm));
    const said = JSON.stringify([now, earlier]);
    if (said === this.#said) return;
    this.#said = said;
    this.#alarms.replaceChildren(...now.map((alarm) => alarmCard(alarm, 'alert')), ...(earlier.length ? [
      element('details', { class: 'card recall-earlier' },
        element('summary', {}, `Alarms of earlier versions (${count(earlier.length)})`),
        ...earlier.map((alarm) => alarmCard(alarm, null)))] : []));
  }
}

const sum = (all, name) => all.reduce((total, each) => total + each[name], 0);

/** How far two readers of the same tiles agree, and what that does to the estimates. */
function readersText({ tiles, kappa }, estimates) {
  const figure = (value) => (value === null ? 'not known' : number(value, 3));
  const each = estimates.filter(({ agreement }) => agreement).map(({ organ, scanner, modelVersion, agreement }) =>
    `${organName(organ)}${scanner ? ` on ${scanner}` : ''}, version ${modelVersion}: recall ${figure(agreement.recallByFirst)} by the verdicts, `
    + `${figure(agreement.recallBySecond)} by the second readers, on ${count(agreement.tiles)} tiles`);
  return `Read by two people: ${count(tiles)} tiles, on whose pixels they agree with kappa ${figure(kappa)} (1 is always, 0 as chance would). ${each.join('; ')}.`;
}

/** Where all pictures begin, so that they can be compared. */
export function axisFrom(estimates) {
  const lows = estimates.filter(({ notEnough }) => !notEnough)
    .flatMap(({ model, system, level }) => [model?.recallLow, system?.recallLow, model?.precisionLow, 1 - level])
    .filter((low) => Number.isFinite(low));
  return Math.max(0, Math.floor(20 * Math.min(LEAST_FROM, ...lows)) / 20);
}

function share(row, figures, name, from) {
  const value = figures?.[name] ?? null;
  if (value === null) return 'not known';
  const [low, high] = [figures[`${name}Low`], figures[`${name}High`]];
  return element('span', { class: 'recall-share' },
    interval({ value, low, high }, { from, promised: row.promised, faint: Boolean(row.notEnough) }),
    element('span', {}, element('strong', {}, number(value)), ` ${number(low)}–${number(high)}`));
}

function state({ notEnough, alarmed, promised, model }) {
  if (alarmed) return element('span', { class: 'recall-alarmed' }, `misses more than promised, since ${moment(alarmed)}`);
  if (notEnough) return notEnough;
  if (promised === null || !model) return '';
  return model.recallHigh < promised ? 'below what is promised at this look; no alarm yet' : '';
}

function alarmCard({ allOrgans, organ, scanner, modelVersion, missedShare, missedShareLow, level, slides, detectedAt }, role) {
  const where = allOrgans
    ? `All organs together, version ${modelVersion}`
    : `${organName(organ)} on ${scanner || 'an unnamed scanner'}, version ${modelVersion}`;
  return element('section', { class: 'recall-alarm', role },
    element('h2', {}, `${where}: more is missed than promised`),
    element('p', {}, `In the tiles that chance drew, ${percent(missedShare)} of what is positive was missed on average, `
      + `at least ${percent(missedShareLow)} with a certainty of 95 % however often one looks; ${percent(level, 0)} are promised. `
      + `This rests on ${count(slides)} slides and was noticed on ${moment(detectedAt)}.`),
    element('p', { class: 'hint' }, 'Look at the audited tiles of these slides, at stain and scanner, and at the version of the weights: a lead can put an earlier one in force. Of all alarms that an installation ever gives, the chance that any is false is 5 % at most.'));
}
