#!/usr/bin/env node
// Prints open review alerts, one line of JSON each: those already there, then new ones as they come.
import { main, within } from './main.js';

const OPTIONS = {
  count: { type: 'string' },
  timeout: { type: 'string', default: '120' },
};

await main('read-alerts.js --config FILE [--count N] [--timeout SECONDS]', OPTIONS,
  async (client, { count, timeout }) => {
    let seen = 0;
    let enough;
    const done = new Promise((resolve) => {
      enough = resolve;
    });
    await client.followAlerts((tileId, alert) => {
      if (seen === Number(count)) return;
      if (alert === null) {
        console.log(JSON.stringify({ tileId, closed: true }));
        return;
      }
      const { segmentation, reason, score, threshold } = alert;
      const { slideId, organ, x, y, width, height, modelVersion } = segmentation;
      console.log(JSON.stringify({ tileId, slideId, organ, x, y, width, height, reason, score, threshold, modelVersion }));
      seen += 1;
      if (seen === Number(count)) enough();
    });
    await (count === undefined ? done : within(Number(timeout), `only ${seen} alerts came within ${timeout} s`, done));
  });
