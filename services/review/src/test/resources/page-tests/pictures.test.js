import { AHEAD, Pictures } from '/pictures.js';
import { equal } from './check.js';

const alert = (tileId, entropy = '/entropy') => ({ tileId, segmentedAt: '2026-01-02T03:04:05Z', links: { entropy } });
const settled = () => new Promise((resolve) => { setTimeout(resolve); });

/** Pictures that note what was asked for; each part is so large, and some fail once. */
function pictures({ size = 10, fails = [] } = {}) {
  const asked = [];
  const part = async (tileId, what, urgent) => {
    asked.push(`${tileId} ${what}${urgent ? '' : ' later'}`);
    const at = fails.indexOf(tileId);
    if (at >= 0) {
      fails.splice(at, 1);
      throw new Error(`no ${tileId}`);
    }
    return { tileId, what, size };
  };
  return { kept: new Pictures(part), asked };
}

export default {
  'fetches image, mask and entropy of a tile, and a tile that is kept not again': async () => {
    const { kept, asked } = pictures();
    const { image, mask, entropy } = await kept.of(alert('a'), false);
    equal([image.what, mask.what, entropy.what], ['image', 'mask', 'entropy']);
    await kept.of(alert('a'), false);
    equal(asked, ['a image', 'a mask', 'a entropy']);
  },
  'asks for no mask and no entropy of a tile that is read blind': async () => {
    const { kept, asked } = pictures();
    equal((await kept.of(alert('a'), true)).mask, null);
    equal(asked, ['a image']);
    // Read with the mask, later, it is another.
    await kept.of(alert('a', null), false);
    equal(asked.slice(1), ['a image', 'a mask']);
  },
  'has what comes next before it is asked for, and no more than that': async () => {
    const { kept, asked } = pictures();
    kept.ahead(['a', 'b', 'c', 'd'].map((id) => ({ alert: alert(id), blind: true })));
    await settled();
    equal(asked, ['a image later', 'b image later', 'c image later']);
    equal(asked.length, AHEAD);
    await kept.of(alert('b'), true);
    equal(asked.length, AHEAD);
  },
  'asks again where a picture failed, and says why it failed': async () => {
    const { kept, asked } = pictures({ fails: ['a', 'b'] });
    kept.ahead([{ alert: alert('a'), blind: true }]);
    await settled();
    equal((await kept.of(alert('a'), true)).image.tileId, 'a');
    equal(await kept.of(alert('b'), true).catch(({ message }) => message), 'no b');
    equal((await kept.of(alert('b'), true)).image.tileId, 'b');
    equal(asked.length, 4);
  },
  'forgets those looked at longest ago: beyond 14 tiles, and beyond 64 MB': async () => {
    const few = pictures();
    for (let i = 0; i < 15; i++) await few.kept.of(alert(`t${i}`), true);
    await few.kept.of(alert('t1'), true);
    equal(few.asked.length, 15);
    await few.kept.of(alert('t0'), true);
    equal(few.asked.length, 16);
    const large = pictures({ size: 40 * 2 ** 20 });
    for (const id of ['a', 'b', 'b', 'a']) await large.kept.of(alert(id), true);
    equal(large.asked, ['a image', 'b image', 'a image']);
  },
};
