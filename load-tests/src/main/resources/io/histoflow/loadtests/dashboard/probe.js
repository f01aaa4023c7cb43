// What is measured from within the page. The page itself knows nothing of it.

window.bench = (() => {
  localStorage.setItem('histoflow.reviewer', 'Bench');
  const byId = (id) => document.getElementById(id);
  const tileId = () => byId('tile-id')?.textContent ?? '';

  /** Answers when a frame is painted, with the time. */
  const frame = () => new Promise((resolve) => {
    requestAnimationFrame(() => {
      // A message comes after the frame's painting.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    });
  });

  const isShown = () => Boolean(byId('message')?.hidden && !byId('panel').hidden && tileId());

  /** Whether the middle of the tile has colours, as tissue has. */
  function isPainted() {
    const canvas = byId('canvas');
    const edge = 32;
    const { data } = canvas.getContext('2d')
      .getImageData((canvas.width - edge) / 2, (canvas.height - edge) / 2, edge, edge);
    return new Set(new Uint32Array(data.buffer)).size > 4;
  }

  let pressedAt = null;
  addEventListener('keydown', ({ timeStamp }) => { pressedAt = timeStamp; }, true);

  /** `painted` is, from here on, a promise of how long the next tile takes after the next key. */
  function arm() {
    const before = tileId();
    pressedAt = null;
    window.bench.painted = new Promise((resolve, reject) => {
      const observer = new MutationObserver(async () => {
        if (pressedAt === null || tileId() === before || !isShown()) return;
        observer.disconnect();
        const millis = await frame() - pressedAt;
        if (isPainted()) resolve(millis);
        else reject(new Error(`The tile ${tileId()} was said to be on show and was not painted.`));
      });
      observer.observe(byId('app'), { subtree: true, childList: true, attributes: true, characterData: true });
    });
  }

  /** The row at the upper edge of the list and where it lies. */
  function looked() {
    const list = byId('alerts').getBoundingClientRect();
    for (const row of document.querySelectorAll('#alerts .alert')) {
      const { top, bottom } = row.getBoundingClientRect();
      if (top <= list.top + 1 && bottom > list.top + 1) return { id: row.dataset.tileId, top };
    }
    return null;
  }

  let watching = null;

  function watch() {
    const first = looked();
    const notes = {
      frameMillis: [], strokeMillis: [], longTasks: 0, moves: 0, farthest: 0, stopped: false,
    };
    const tasks = new PerformanceObserver((entries) => { notes.longTasks += entries.getEntries().length; });
    tasks.observe({ type: 'longtask' });
    let last = null;
    const each = (now) => {
      if (notes.stopped) return;
      if (last !== null) notes.frameMillis.push(now - last);
      last = now;
      const row = [...document.querySelectorAll('#alerts .alert')].find(({ dataset }) => dataset.tileId === first?.id);
      const far = row ? Math.abs(row.getBoundingClientRect().top - first.top) : Infinity;
      if (far >= 1) notes.moves++;
      if (Number.isFinite(far)) notes.farthest = Math.max(notes.farthest, far);
      requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
    const stroke = async ({ timeStamp, buttons }) => {
      if (buttons) notes.strokeMillis.push(await frame() - timeStamp);
    };
    byId('canvas').addEventListener('pointermove', stroke);
    watching = { notes, tasks, stroke };
  }

  function watched() {
    const { notes, tasks, stroke } = watching;
    notes.stopped = true;
    tasks.disconnect();
    byId('canvas').removeEventListener('pointermove', stroke);
    return notes;
  }

  /** Reads the list to its end, as somebody does who holds the End key. */
  async function readAll() {
    const list = byId('alerts');
    const open = window.bench.open();
    const rows = () => Number(document.querySelector('#alerts .alert')?.getAttribute('aria-setsize') ?? 0);
    let before = -1;
    let since = performance.now();
    while (rows() < open && performance.now() - since < 10_000) {
      if (rows() !== before) {
        before = rows();
        since = performance.now();
      }
      list.scrollTop = list.scrollHeight;
      list.dispatchEvent(new Event('scroll'));
      await frame();
    }
    return rows();
  }

  const number = (id) => Number((byId(id).textContent.match(/[\d,.\s\u00a0\u202f]+/)?.[0] ?? '0').replace(/\D/g, ''));

  return {
    arm,
    frame,
    tileId,
    isShown,
    watch,
    watched,
    readAll,
    open: () => number('open-count'),
    newAbove: () => (byId('queue-above').hidden ? 0 : number('queue-above')),
    scrollTo: (pixels) => {
      byId('alerts').scrollTop = pixels;
      return frame();
    },
    list: () => {
      const { x, y, width, height } = byId('alerts').getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    },
    middle: () => {
      const { x, y, width, height } = byId('canvas').getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2, reach: Math.min(width, height) / 5 };
    },
  };
})();
