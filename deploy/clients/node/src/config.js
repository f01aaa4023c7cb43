import { readFileSync } from 'node:fs';

/**
 * Reads the client's connection from the same Java properties file that the services take with --config.
 * Of its keys bootstrap.servers, schema.registry.url and basic.auth.user.info are used.
 */
export function loadConfig(file) {
  const properties = Object.fromEntries(
    readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('!'))
      .map((line) => {
        const [, key, value] = /^([^=:\s]+)\s*[=:\s]\s*(.*)$/.exec(line) ?? [null, line, ''];
        return [key, value.replace(/\\([:=#!])/g, '$1')];
      }),
  );
  for (const key of ['bootstrap.servers', 'schema.registry.url']) {
    if (!properties[key]) throw new Error(`${file} has no ${key}; add a line ${key}=...`);
  }
  const protocol = properties['security.protocol'] ?? 'PLAINTEXT';
  if (protocol !== 'PLAINTEXT') {
    throw new Error(`${file} asks for security.protocol=${protocol}; this client knows PLAINTEXT only`);
  }
  const [username, ...password] = (properties['basic.auth.user.info'] ?? '').split(':');
  return {
    brokers: properties['bootstrap.servers'].split(',').map((broker) => broker.trim()),
    registryUrl: properties['schema.registry.url'],
    registryAuth: username ? { username, password: password.join(':') } : undefined,
  };
}
