import { parseArgs } from 'node:util';
import { ApiKeysError } from '../access/api-keys.js';
import { createApiKey } from '../access/new-api-key.js';

/** Prints a new API key and its entry for API_KEYS_FILE: `npm run api-key -- --name dashboard --vdns 1/170`. */
const USAGE = `
  npm run api-key -- --name dashboard --vdns '1/170,2/*' [--scopes numbers] [--expires 2027-01-01]

    --name     the name of the client in the log, the audit log and the rate limit
    --vdns     the calls it may see: call centre/VDN, * for any of either, with commas between them
    --scopes   numbers: it sees phone numbers unmasked
    --expires  the day (UTC) from which the key is refused
`;

try {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      vdns: { type: 'string' },
      scopes: { type: 'string' },
      expires: { type: 'string' },
    },
  });
  const { name, vdns, ...others } = values;
  if (name === undefined || vdns === undefined) throw new ApiKeysError('--name and --vdns must be given');
  const { key, entry } = createApiKey({ name, vdns, ...others }, Date.now);
  process.stderr.write('The key. Give it to the client, which sends it as x-api-key; it is stored nowhere:\n\n');
  process.stdout.write(`${key}\n`);
  process.stderr.write('\nIts entry, for the list in API_KEYS_FILE:\n\n');
  process.stdout.write(`${JSON.stringify(entry)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 1;
}
