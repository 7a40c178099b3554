import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { createApiKey } from '../src/access/new-api-key.js';

/** How the gateway of this project is started and asked in one of its variants. */
export interface Ours {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What a client sends to be let in. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who may ask, as an operator would lay it down, and what one of them sends. */
export interface Credentials {
  readonly env: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<'api-key' | 'jwt', Readonly<Record<string, string>>>>;
}

/** Where the gateway remembers (`redisUrl`: in Redis, and nothing in memory), and how its client is known. */
export interface Variant {
  readonly cache: 'memory' | { readonly redisUrl: string };
  readonly by: 'api-key' | 'jwt';
}

/** Keys of the simulated contact centre. */
export const ACCESS_KEY = 'demo-access-key';
export const SECRET_KEY = 'demo-secret-key';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ISSUER = 'https://id.example';
const AUDIENCE = 'call-traces';
/** Entries in the list of API keys; the client's is the last. */
const API_KEYS = 20;

/** Makes an API key and a token, each for the VDNs of the bench and with whole phone numbers; writes the files to check them by. */
export async function makeCredentials(folder: string): Promise<Credentials> {
  const keys = Array.from({ length: API_KEYS }, (_, index) =>
    createApiKey({ name: `client-${index}`, vdns: '1/*', scopes: 'numbers' }, Date.now),
  );
  const keysFile = join(folder, 'api-keys.json');
  writeFileSync(keysFile, JSON.stringify(keys.map(({ entry }) => entry)));
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKeyFile = join(folder, 'token-key.pem');
  writeFileSync(publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }));
  const token = await new SignJWT({ vdns: ['1/*'], scope: 'numbers' })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('client')
    .setExpirationTime('1d')
    .sign(privateKey);
  return {
    env: {
      AUTH_MODE: 'both',
      API_KEYS_FILE: keysFile,
      AUTH_PUBLIC_KEY_FILE: publicKeyFile,
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: AUDIENCE,
    },
    headers: { 'api-key': { 'x-api-key': keys.at(-1)?.key ?? '' }, jwt: { authorization: `Bearer ${token}` } },
  };
}

/** As docs/operations.md has it for a gateway without a cache in memory. The peer beside it has them, too. */
export const REDIS_ONLY_FLAGS: readonly string[] = ['--min-semi-space-size=16'];

/**
 * The gateway as in production, with every defence on: what is set here is what an operator would set. Only the rate
 * limit is wider than any client needs; it counts all the same. `main`: the program, if not that of this tree.
 */
export function ours(
  contactCentreUrl: string,
  credentials: Credentials,
  { cache, by }: Variant,
  main: string = MAIN,
): Ours {
  return {
    command: [process.execPath, ...(cache === 'memory' ? [] : REDIS_ONLY_FLAGS), main],
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      CMS_BASE_URL: contactCentreUrl,
      CMS_ACCESS_KEY: ACCESS_KEY,
      CMS_SECRET_KEY: SECRET_KEY,
      RATE_LIMIT_POINTS_PER_MINUTE: '1000000000',
      ...credentials.env,
      ...(cache === 'memory' ? {} : { REDIS_URL: cache.redisUrl, CACHE_MEMORY_MIB: '0' }),
    },
    headers: credentials.headers[by],
  };
}
