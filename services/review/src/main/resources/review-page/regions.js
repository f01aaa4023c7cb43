// What lies where in a mask: nuclei, holes, and the inside of an outline. Masks hold one byte a
// pixel, 0 or 1, row by row. Pixels of a nucleus touch by edges or corners, those of a hole by edges.

/**
 * The positive pixels that hang together with one; none where it is not positive. Those that are
 * `seen` are left out, and those that are found become so.
 */
export function nucleus(pixels, width, height, index, seen = null) {
  if (!pixels[index]) return [];
  return flood(width, height, index, seen ?? new Uint8Array(pixels.length), (at) => pixels[at], true);
}

/** All background that is enclosed by positive pixels; what reaches the tile's edge is not. */
export function holes(pixels, width, height) {
  const seen = new Uint8Array(pixels.length);
  const open = (at) => !pixels[at];
  for (const at of edge(width, height)) {
    if (open(at) && !seen[at]) flood(width, height, at, seen, open, false);
  }
  const found = [];
  for (let i = 0; i < pixels.length; i++) if (!pixels[i] && !seen[i]) found.push(i);
  return found;
}

/** The enclosed background that a pixel lies in, or the holes of the nucleus that it lies in. */
export function holesAt(pixels, width, height, index) {
  if (pixels[index]) {
    const alone = new Uint8Array(pixels.length);
    for (const at of nucleus(pixels, width, height, index)) alone[at] = 1;
    // What else lies in such a hole stays as it is.
    return holes(alone, width, height).filter((at) => !pixels[at]);
  }
  const hole = flood(width, height, index, new Uint8Array(pixels.length), (at) => !pixels[at], false);
  const reachesEdge = hole.some((at) => onEdge(at, width, height));
  return reachesEdge ? [] : hole;
}

/** Background beside positive pixels, by edges. `from` are indices of such, or null for all. */
export function rim(pixels, width, height, from = null) {
  const marked = new Uint8Array(pixels.length);
  const found = [];
  each(pixels, from, (at) => besides(at, width, height, false, (next) => {
    if (pixels[next] || marked[next]) return;
    marked[next] = 1;
    found.push(next);
  }));
  return found;
}

/**
 * Positive pixels beside background, by edges. What lies outside the tile is none: a nucleus goes
 * on there. `from` are indices of positive pixels, or null for all.
 */
export function skin(pixels, width, height, from = null) {
  const found = [];
  each(pixels, from, (at) => {
    let outermost = false;
    besides(at, width, height, false, (next) => { outermost ||= !pixels[next]; });
    if (outermost) found.push(at);
  });
  return found;
}

function each(pixels, from, visit) {
  if (from) from.forEach(visit);
  else for (let i = 0; i < pixels.length; i++) if (pixels[i]) visit(i);
}

/** Each pixel's nucleus, counted from 1; 0 is background. */
export function labels(pixels, width, height) {
  const seen = new Uint8Array(pixels.length);
  const label = new Int32Array(pixels.length);
  let count = 0;
  for (let i = 0; i < pixels.length; i++) {
    if (!pixels[i] || seen[i]) continue;
    count++;
    for (const at of nucleus(pixels, width, height, i, seen)) label[at] = count;
  }
  return label;
}

/**
 * The pixels whose centre lies within a closed outline, however often it crosses itself, as
 * `take(from, to)` for each run of indices from `from` up to, not with, `to`.
 */
export function inside(outline, width, height, take) {
  const rows = new Map();
  for (let i = 0; i < outline.length; i++) cross(outline[i], outline[(i + 1) % outline.length], height, rows);
  for (const [y, crossings] of rows) {
    crossings.sort((a, b) => a.x - b.x);
    let turns = 0;
    for (let i = 0; i < crossings.length - 1; i++) {
      turns += crossings[i].turn;
      if (!turns) continue;
      const from = Math.max(0, Math.ceil(crossings[i].x - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1].x - 0.5));
      if (from < to) take(y * width + from, y * width + to);
    }
  }
}

/** Where an edge of an outline crosses the middle of each row of pixels, and which way. */
function cross(a, b, height, rows) {
  if (a.y === b.y) return;
  const [top, bottom, turn] = a.y < b.y ? [a, b, 1] : [b, a, -1];
  const last = Math.min(height - 1, Math.ceil(bottom.y - 0.5) - 1);
  for (let y = Math.max(0, Math.ceil(top.y - 0.5)); y <= last; y++) {
    const x = top.x + ((y + 0.5 - top.y) * (bottom.x - top.x)) / (bottom.y - top.y);
    const row = rows.get(y);
    if (row) row.push({ x, turn });
    else rows.set(y, [{ x, turn }]);
  }
}

/** Whether a pixel touches, by edge or corner, one that `is` answers true for. */
export function touches(index, width, height, is) {
  const x = index % width;
  const y = (index - x) / width;
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
      if ((u !== x || v !== y) && is(v * width + u)) return true;
    }
  }
  return false;
}

/** What hangs together with a pixel, marking it as seen. */
function flood(width, height, index, seen, is, corners) {
  const found = [index];
  seen[index] = 1;
  const visit = (next) => {
    if (seen[next] || !is(next)) return;
    seen[next] = 1;
    found.push(next);
  };
  for (let i = 0; i < found.length; i++) besides(found[i], width, height, corners, visit);
  return found;
}

/** Calls `visit` with each pixel beside one, by edges or by corners too. */
function besides(index, width, height, corners, visit) {
  const x = index % width;
  const left = x > 0;
  const right = x < width - 1;
  if (left) visit(index - 1);
  if (right) visit(index + 1);
  for (let row = index - width; row <= index + width; row += 2 * width) {
    if (row < 0 || row >= width * height) continue;
    visit(row);
    if (corners && left) visit(row - 1);
    if (corners && right) visit(row + 1);
  }
}

function onEdge(index, width, height) {
  const x = index % width;
  return x === 0 || x === width - 1 || index < width || index >= width * (height - 1);
}

function * edge(width, height) {
  for (let x = 0; x < width; x++) {
    yield x;
    yield (height - 1) * width + x;
  }
  for (let y = 0; y < height; y++) {
    yield y * width;
    yield y * width + width - 1;
  }
}
