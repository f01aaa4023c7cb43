// What is laid over the tile, and what is read off it: zoom, place and scale.

import { byId } from './format.js';
import { recall, remember } from './preferences.js';

const FIRST = { maskStyle: 'outline', maskOpacity: 45, heatOpacity: 80 };
const READOUT = 34;

export class Layers {
  #state;
  #viewer;

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
    const { maskStyle, maskOpacity, heatOpacity } = recall(FIRST);
    const style = styles().find(({ value }) => value === maskStyle);
    if (style) style.checked = true;
    byId('mask-opacity').value = maskOpacity;
    byId('heat-opacity').value = heatOpacity;
    for (const input of document.querySelectorAll('#mask-on, #mask-opacity, #heat-on, #heat-opacity, [name=mask-style]')) {
      input.addEventListener('input', () => this.#read());
    }
    viewer.insets = insets;
    viewer.addEventListener('view', ({ detail }) => this.#readOff(detail));
    this.#read();
  }

  /** What is changed is to be seen. */
  showMask() {
    if (byId('mask-on').checked) return;
    byId('mask-on').checked = true;
    this.#read();
  }

  nextStyle() {
    const radios = styles();
    const at = radios.findIndex((radio) => radio.checked);
    radios[(at + 1) % radios.length].checked = true;
    this.#read();
  }

  /** What can be shown of the tile as it is. */
  refresh() {
    const tile = this.#state.get('tile');
    byId('legend').hidden = !(tile?.heat && this.#viewer.layers.heat);
    byId('heat-on').disabled = tile?.status === 'shown' && !tile.heat;
  }

  #read() {
    const maskStyle = styles().find((radio) => radio.checked).value;
    const maskOpacity = Number(byId('mask-opacity').value);
    const heatOpacity = Number(byId('heat-opacity').value);
    Object.assign(this.#viewer.layers, {
      mask: byId('mask-on').checked,
      maskStyle,
      maskOpacity: maskOpacity / 100,
      heat: byId('heat-on').checked,
      heatOpacity: heatOpacity / 100,
    });
    remember({ maskStyle, maskOpacity, heatOpacity });
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

const styles = () => [...document.querySelectorAll('[name=mask-style]')];

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

/** A bar of a round length near 90 screen pixels. */
function scaleBar(pixelsPerMicron) {
  const wanted = 90 / pixelsPerMicron;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const microns = [5, 2, 1].map((n) => n * power).find((n) => n <= wanted) ?? power;
  byId('scale').querySelector('i').style.width = `${microns * pixelsPerMicron}px`;
  byId('scale').querySelector('b').textContent = microns < 1000 ? `${microns} µm` : `${microns / 1000} mm`;
}
