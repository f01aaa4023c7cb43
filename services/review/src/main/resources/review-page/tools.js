// The tools beside the tile, its layers, and what is read off it: zoom, place and scale.

import { byId } from './format.js';

const FIRST_BRUSH = 14;

export class Tools {
  #state;
  #viewer;

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
    for (const button of document.querySelectorAll('[data-tool]')) {
      button.addEventListener('click', () => this.choose(button.dataset.tool));
    }
    for (const step of ['undo', 'redo', 'revert']) {
      byId(step).addEventListener('click', () => this.edit(step));
    }
    byId('fit').addEventListener('click', () => viewer.fit());
    byId('actual').addEventListener('click', () => viewer.actualSize());
    byId('brush-size').addEventListener('input', (event) => this.#setBrush(event.target.value));
    for (const input of document.querySelectorAll('#mask-on, #mask-opacity, #heat-on, #heat-opacity, [name=mask-style]')) {
      input.addEventListener('input', () => this.#readLayers());
    }
    viewer.insets = insets;
    viewer.addEventListener('view', ({ detail }) => this.#readOff(detail));
    viewer.addEventListener('resize-brush', ({ detail }) => this.resizeBrush(detail));
    this.#readLayers();
    this.#setBrush(FIRST_BRUSH);
  }

  choose(tool) {
    this.#viewer.tool = tool;
    for (const button of document.querySelectorAll('[data-tool]')) {
      button.setAttribute('aria-pressed', button.dataset.tool === tool);
    }
  }

  /** `undo`, `redo` or `revert`. */
  edit(step) {
    const mask = this.#state.get('tile')?.mask;
    if (mask && !this.#viewer.drawing && mask[step]()) this.#viewer.maskChanged();
  }

  /** Larger by one step, or smaller. */
  resizeBrush(step) {
    const { brush } = this.#viewer;
    this.#setBrush(step > 0
      ? Math.max(brush + 1, Math.round(brush * 1.18))
      : Math.max(1, Math.min(brush - 1, Math.round(brush * 0.85))));
  }

  nextMaskStyle() {
    const radios = [...document.querySelectorAll('[name=mask-style]')];
    const at = radios.findIndex((radio) => radio.checked);
    radios[(at + 1) % radios.length].checked = true;
    this.#readLayers();
  }

  /** What can be done with the tile as it is. */
  refresh() {
    const tile = this.#state.get('tile');
    const mask = tile?.mask;
    byId('undo').disabled = !mask?.done.length;
    byId('redo').disabled = !mask?.undone.length;
    byId('revert').disabled = !mask?.changed;
    byId('legend').hidden = !(tile?.heat && this.#viewer.layers.heat);
    byId('heat-on').disabled = tile?.status === 'shown' && !tile.heat;
  }

  #setBrush(size) {
    const slider = byId('brush-size');
    slider.value = size;
    this.#viewer.brush = Number(slider.value);
    byId('brush-size-text').textContent = `${slider.value} px`;
    this.#viewer.draw();
  }

  #readLayers() {
    Object.assign(this.#viewer.layers, {
      mask: byId('mask-on').checked,
      maskStyle: document.querySelector('[name=mask-style]:checked').value,
      maskOpacity: byId('mask-opacity').value / 100,
      heat: byId('heat-on').checked,
      heatOpacity: byId('heat-opacity').value / 100,
    });
    this.#viewer.draw();
    this.refresh();
  }

  #readOff({ shown, scale, at }) {
    byId('readout').hidden = !shown;
    if (!shown) return;
    byId('readout-zoom').textContent = `${Math.round(100 * scale)} %`;
    byId('readout-position').textContent = at ? `${Math.floor(at.x)}, ${Math.floor(at.y)}` : '';
    const { micronsPerPixel } = this.#state.get('tile').alert;
    byId('scale').hidden = !micronsPerPixel;
    if (micronsPerPixel) scaleBar(scale / micronsPerPixel);
  }
}

/** What lies over the viewer: the tools at its left or at its top, and the readout below. */
function insets() {
  const viewer = byId('viewer').getBoundingClientRect();
  const tools = byId('toolbar').getBoundingClientRect();
  const upright = tools.height > tools.width;
  return {
    left: upright ? tools.right - viewer.left : 0,
    top: upright ? 0 : tools.bottom - viewer.top,
    right: 0,
    bottom: READOUT,
  };
}

const READOUT = 34;

/** A bar of a round length near 90 screen pixels. */
function scaleBar(pixelsPerMicron) {
  const wanted = 90 / pixelsPerMicron;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const microns = [5, 2, 1].map((n) => n * power).find((n) => n <= wanted) ?? power;
  byId('scale').querySelector('i').style.width = `${microns * pixelsPerMicron}px`;
  byId('scale').querySelector('b').textContent = `${microns} µm`;
}
