#!/usr/bin/env node
// Publishes one image as a slide of one tile, waits until it is segmented and prints the answer as a line of JSON.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { main, within } from './main.js';

const OPTIONS = {
  organ: { type: 'string' },
  slide: { type: 'string' },
  timeout: { type: 'string', default: '120' },
};

await main('publish-tile.js --config FILE --organ NAME [--slide ID] [--timeout SECONDS] IMAGE', OPTIONS,
  async (client, { organ = '', slide, timeout }, [file]) => {
    if (!file) throw new Error('no image given');
    const slideId = slide ?? `${basename(file)}-${Date.now()}`;
    const tileId = `${slideId}/0-0`;
    let answered;
    const answer = new Promise((resolve) => {
      answered = resolve;
    });
    await client.followSegmentations((segmentation) => {
      if (segmentation.tileId === tileId) answered(segmentation);
    });
    await client.publishTile({ tileId, slideId, organ, image: readFileSync(file) });
    await client.publishManifest({ slideId, organ, tileCount: 1 });
    const { mask, entropyMap, ...scores } = await within(
      Number(timeout), `tile ${tileId} was not segmented within ${timeout} s; is inference running?`, answer);
    console.log(JSON.stringify({ ...scores, maskBytes: mask.length }));
  });
