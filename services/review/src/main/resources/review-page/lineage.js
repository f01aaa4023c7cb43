// Which version came from which, and by how much recall changed.

import { number } from './format.js';
import { draw, words } from './svg.js';

const STEP = 74;
const EDGE = 34;
const MOST = 12;

/** Versions from left to right, an arc from each to what came of it; the one in force is filled. */
export function lineage(rounds, inForce) {
  const born = rounds.filter(({ candidateVersion }) => candidateVersion !== null);
  const all = [...new Set([0, inForce, ...born.flatMap((r) => [r.parentVersion, r.candidateVersion])])]
    .sort((a, b) => a - b);
  const shown = all.length > MOST ? all.slice(-MOST) : all;
  const at = (version) => EDGE + STEP * shown.indexOf(version);
  const width = 2 * EDGE + STEP * (shown.length - 1);
  const base = born.length ? 74 : 20;
  const height = base + 36;
  const arcs = born.filter((r) => shown.includes(r.parentVersion) && shown.includes(r.candidateVersion))
    .map((r) => {
      const [from, to] = [at(r.parentVersion), at(r.candidateVersion)];
      const rise = Math.min(60, 14 + 12 * ((to - from) / STEP));
      return draw('path', {
        class: r.heldBack ? 'arc held' : 'arc',
        d: `M ${from} ${base - 13} Q ${(from + to) / 2} ${base - 13 - rise} ${to} ${base - 13}`,
      });
    });
  const nodes = shown.flatMap((version) => [
    draw('circle', { class: version === inForce ? 'version now' : 'version', cx: at(version), cy: base, r: 13 }),
    words(String(version), at(version), base + 4, 'middle', version === inForce ? 'in-circle now' : 'in-circle'),
    ...(version === inForce ? [words('in force', at(version), base + 30, 'middle')] : []),
    ...(version === 0 && version !== inForce ? [words('shipped', at(version), base + 30, 'middle')] : []),
  ]);
  const said = born.map((r) => `${r.candidateVersion} from ${r.parentVersion}`).join(', ');
  return draw('svg', {
    class: 'lineage', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img',
    'aria-label': `Version ${inForce} is in force. ${said ? `Versions: ${said}.` : 'There is no other version.'}`,
  }, ...arcs, ...nodes);
}

const WIDTH = 280;

/** A change with its 95 % interval about zero. */
export function changePlot({ change, low, high }) {
  const far = Math.max(0.01, ...[change, low, high].map((v) => Math.abs(v ?? 0))) * 1.15;
  const x = (value) => WIDTH / 2 + (value / far) * (WIDTH / 2 - 10);
  const kind = low > 0 ? 'better' : high < 0 ? 'worse' : 'open';
  const interval = low === null || high === null ? [] : [
    draw('line', { class: `interval ${kind}`, x1: x(low), x2: x(high), y1: 18, y2: 18 }),
    draw('line', { class: `interval ${kind}`, x1: x(low), x2: x(low), y1: 12, y2: 24 }),
    draw('line', { class: `interval ${kind}`, x1: x(high), x2: x(high), y1: 12, y2: 24 }),
  ];
  const sign = (value) => `${value > 0 ? '+' : ''}${number(value)}`;
  const text = `recall ${sign(change)}${low === null || high === null ? '' : ` (${sign(low)} to ${sign(high)})`}`;
  return draw('svg', { class: 'change-plot', viewBox: `0 0 ${WIDTH} 46`, width: WIDTH, height: 46, role: 'img', 'aria-label': text },
    draw('line', { class: 'zero', x1: WIDTH / 2, x2: WIDTH / 2, y1: 4, y2: 30 }),
    ...interval,
    draw('circle', { class: `dot ${kind}`, cx: x(change), cy: 18, r: 4.5 }),
    words(text, WIDTH / 2, 43, 'middle'));
}
