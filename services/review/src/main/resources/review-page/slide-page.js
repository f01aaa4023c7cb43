// One slide: its tiles where they lie, its report, what can be downloaded of it, and outlines that
// were drawn elsewhere to be handed in.

import * as api from './api.js';
import { ago, count, element, moment, number, organName, percent } from './format.js';
import { Intake } from './intake.js';
import { MODES, Mosaic, scaleOf, tileText } from './mosaic.js';
import { tilePath } from './router.js';
import { chip, link, section } from './tables.js';

const AGAIN_MILLIS = 1500;
const MOST_LINKS = 24;

export class SlidePage {
  title;
  #slideId;
  #mosaic;
  #intake;
  #facts = element('dl', { class: 'facts' });
  #status = element('span');
  #told = element('p', { class: 'told', role: 'status' }, 'Looking for the slide\'s tiles.');
  #legend = element('div', { class: 'scale-legend' });
  #waiting = element('div');
  #read = -1;
  #over = false;

  constructor({ id, router, reviewer }) {
    this.title = id;
    this.#slideId = id;
    this.#mosaic = new Mosaic(id);
    this.#intake = new Intake(id, reviewer);
    this.#mosaic.addEventListener('point', ({ detail }) => this.#say(detail));
    this.#mosaic.addEventListener('missing', () => this.#say(null));
    this.#mosaic.addEventListener('choose', ({ detail: { tileId } }) => {
      if (tileId) router.go(tilePath(tileId));
    });
  }

  async open() {
    this.#report(await api.slideReport(this.#slideId));
    this.#tiles();
    return [
      element('header', { class: 'page-head' },
        element('div', {}, element('p', { class: 'crumb' }, link('/slides', 'Slides')),
          element('h1', {}, this.#slideId)), this.#status),
      element('div', { class: 'slide-page' },
        element('section', { class: 'card mosaic' }, this.#modes(), this.#mosaic.node,
          element('div', { class: 'mosaic-foot' }, this.#told, this.#legend)),
        element('div', { class: 'stack' },
          section('Report', this.#facts),
          section('Waits for review', this.#waiting),
          section('Download', this.#downloads()),
          section('Hand in outlines', this.#intake.node))),
    ];
  }

  async refresh() {
    this.#report(await api.slideReport(this.#slideId));
  }

  close() {
    this.#over = true;
    this.#mosaic.close();
  }

  #modes() {
    const group = element('div', { class: 'segmented', role: 'radiogroup', 'aria-label': 'Tiles by' });
    for (const { id, name } of MODES) {
      const input = element('input', { type: 'radio', name: 'mosaic', value: id, checked: id === this.#mosaic.mode });
      input.addEventListener('change', () => {
        this.#mosaic.mode = id;
        this.#explain();
      });
      group.append(element('label', {}, input, ` ${name}`));
    }
    return group;
  }

  #downloads() {
    const file = (path, text, what) => element('li', {},
      element('a', { href: path, download: '' }, text), element('span', {}, what));
    const exported = (format, text, what) => file(api.exportPath(this.#slideId, format), text, what);
    return element('ul', { class: 'downloads' },
      file(api.reportPath(this.#slideId), 'Report', 'JSON'),
      exported('geojson', 'Outlines of nuclei', 'GeoJSON, for QuPath'),
      exported('csv', 'Nuclei', 'CSV, a row each'),
      exported('masks', 'Masks', 'TIFF'));
  }

  /** A large slide is read in several turns. */
  async #tiles() {
    try {
      const mosaic = await api.slideTiles(this.#slideId);
      if (this.#over) return;
      this.#mosaic.show(mosaic);
      const grows = mosaic.tiles.length > this.#read;
      this.#read = mosaic.tiles.length;
      this.#links(mosaic.open);
      this.#explain();
      if (mosaic.isWhole) this.#say(null);
      else if (grows) {
        this.#told.textContent = `${count(mosaic.tiles.length)} tiles so far, reading on.`;
        setTimeout(() => this.#over || this.#tiles(), AGAIN_MILLIS);
      } else this.#told.textContent = `${count(mosaic.tiles.length)} tiles could be read; the slide has more than are kept at a time.`;
    } catch (error) {
      this.#told.textContent = error.message;
    }
  }

  #links(open) {
    this.#waiting.replaceChildren(open.length
      ? element('ul', { class: 'tile-links' }, ...open.slice(0, MOST_LINKS).map(([x, y, tileId]) =>
        element('li', {}, link(tilePath(tileId), `${count(x)}, ${count(y)}`, tileId))))
      : element('p', { class: 'none' }, 'No tile of this slide waits for review.'));
    if (open.length > MOST_LINKS) {
      this.#waiting.append(element('p', { class: 'hint' }, `And ${count(open.length - MOST_LINKS)} more: all are framed on the slide.`));
    }
  }

  #say(tile) {
    const { missing } = this.#mosaic;
    this.#told.textContent = tile ? tileText(tile)
      : `${count(Math.max(0, this.#read))} tiles. Framed ones wait for review: a click opens them.${missing
        ? ` ${count(missing)} pictures could not be had; choose Tissue again to ask for them once more.` : ''}`;
  }

  #explain() {
    const { mode, range } = this.#mosaic;
    this.#legend.hidden = !range;
    if (!range) return;
    const text = (value) => (mode === 'positive' ? percent(value) : `${number(value)} bit/px`);
    const strip = element('i');
    strip.style.background = `linear-gradient(90deg, ${scaleOf(mode).join(', ')})`;
    this.#legend.replaceChildren(text(range.least), strip, text(range.most));
  }

  #report(report) {
    this.#status.replaceChildren(chip(report.status.toLowerCase(), report.status === 'COMPLETE'));
    const known = (value, text) => (value === null || value === undefined ? 'not known' : text(value));
    const facts = [
      ['Organ', organName(report.organ)],
      ['Tiles', `${count(report.tilesSeen)} of ${known(report.tilesExpected, count)}`],
      ['Missing', known(report.tilesMissing, count)],
      ['Background', count(report.tilesBackground)],
      ['Glass, not scanned', known(report.tilesGlass, count)],
      ['With pen or ink', known(report.tilesWithInk, count)],
      ['Positive', percent(report.positiveFraction)],
      ['Positive area', known(report.positiveAreaSquareMillimetres, (v) => `${number(v, 3)} mm²`)],
      ['Entropy, mean', `${number(report.meanEntropy)} bit/px`],
      ['Entropy, most', `${number(report.maxMeanEntropy)} bit/px`],
      ['Reviews', `${count(report.reviewsOpen)} open of ${count(report.reviewsRequested)}`],
      ['Model versions', report.modelVersions.join(', ') || '–'],
      ['Report', `revision ${report.revision}, ${ago(report.reportedAt)}`],
    ];
    this.#facts.replaceChildren(...facts.flatMap(([name, value]) =>
      [element('dt', {}, name), element('dd', {}, value)]));
    this.#facts.title = `Reported ${moment(report.reportedAt)}`;
  }
}
