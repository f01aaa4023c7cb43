import { parseArgs } from 'node:util';
import { HistoflowClient } from './client.js';
import { loadConfig } from './config.js';

/** Runs one command: exit code 0 done, 1 failed, 2 wrong usage, like histoflow itself. */
export async function main(usage, options, run) {
  let values;
  let positionals;
  try {
    ({ values, positionals } = parseArgs({ options: { config: { type: 'string' }, ...options }, allowPositionals: true }));
    if (!values.config) throw new Error('--config FILE is missing');
  } catch (e) {
    console.error(`${e.message}\nusage: ${usage}`);
    process.exit(2);
  }
  try {
    const client = new HistoflowClient(loadConfig(values.config));
    await client.connect();
    await run(client, values, positionals);
    await client.close();
    process.exit(0);
  } catch (e) {
    console.error(e.message);
    process.exit(1);
  }
}

/** A promise that fails with the message when it has not been kept in time. */
export function within(seconds, message, promise) {
  const timeout = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(message)), seconds * 1000);
  });
  return Promise.race([promise, timeout]);
}
