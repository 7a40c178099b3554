import * as z from 'zod';
import { checkRedisUrl, flag, integer, parseEncryptionKeys } from '../setting-values.js';

/** Settings of Redis, where gateways share traces; without it each gateway caches for itself. */
export const REDIS = {
  REDIS_URL: z
    .string()
    .transform(checkRedisUrl)
    .optional()
    .describe(
      '`redis://[user:password@]host:port[/db]`, `redis+cluster://host:port,host:port` or `redis+sentinel://host:port,host:port/master`; `rediss` in place of `redis` for TLS. Without it: memory only.',
    ),
  REDIS_SENTINEL_AUTH: z
    .string()
    .optional()
    .describe('User and password of the sentinels, where they differ from those of Redis: `user:password`.'),
  REDIS_CA_FILE: z.string().optional().describe('File of the certificates (PEM) of a private authority, for TLS.'),
  REDIS_PROTOCOL: integer(2, 3).default(3).describe('RESP version; 2 for proxies that know no other.'),
  REDIS_COMMAND_TIMEOUT_MS: integer(1, 60_000, 'ms')
    .default(100)
    .describe('Time limit of a command. After it the command has failed, and the contact centre is asked.'),
  REDIS_KEY_PREFIX: z
    .string()
    .regex(/^[\w:.-]{0,64}$/, 'must be at most 64 letters, digits, or _ : . -')
    .default('')
    .describe('Text before every key: at most 64 letters, digits, or `_` `:` `.` `-`.'),
  CACHE_LEASE_MS: integer(200, 60_000, 'ms')
    .default(2_000)
    .describe('How long a gateway that dies while it asks for a call keeps the others waiting.'),
  CACHE_ENCRYPTION_KEYS: z
    .string()
    .transform(parseEncryptionKeys)
    .optional()
    .describe(
      'Keys that encrypt values in Redis (AES-256-GCM): `id:key,id:key`, each key 32 bytes in base64. The first encrypts, all decrypt.',
    ),
};

/** Settings of freshness, and of stale answers while the contact centre fails. */
export const FRESHNESS = {
  CACHE_MEMORY_MIB: integer(0, 65_536, 'MiB').default(64).describe('Traces in the memory of each gateway. 0: none.'),
  CACHE_FINAL_TTL_SECONDS: integer(0, 315_360_000, 's')
    .default(604_800)
    .describe('A final call is fresh for this long, and so is a call not found in a month that is over.'),
  CACHE_SETTLE_SECONDS: integer(0, 86_400, 's')
    .default(300)
    .describe("How long after its end, by the contact centre's clock, a call can be final."),
  CACHE_OPEN_TTL_SECONDS: integer(0, 86_400, 's')
    .default(10)
    .describe(
      'A call in progress is fresh for this long; a call that is over, but young or incomplete, for at least this long.',
    ),
  CACHE_QUIET_AFTER_SECONDS: integer(1, 315_360_000, 's')
    .default(86_400)
    .describe(
      'A call that is not over, or lacks a record or an end, is quiet once it has given no sign of life for this long.',
    ),
  CACHE_QUIET_TTL_SECONDS: integer(0, 86_400, 's')
    .default(600)
    .describe(
      'A quiet call is fresh for this long; a call that is over, but young or incomplete, for at most this long.',
    ),
  CACHE_QUIET_PAST_TTL_SECONDS: integer(0, 315_360_000, 's')
    .default(86_400)
    .describe('A quiet call is fresh for this long once its month is over.'),
  CACHE_EMPTY_TTL_SECONDS: integer(0, 86_400, 's')
    .default(30)
    .describe(
      'A call that was not found is asked for again after this long, and each further time after twice as long.',
    ),
  CACHE_EMPTY_MAX_TTL_SECONDS: integer(0, 86_400, 's')
    .default(600)
    .describe('The longest such pause. It is also never longer than a tenth of the age of the call.'),
  CACHE_STALE_SECONDS: integer(0, 315_360_000, 's')
    .default(2_592_000)
    .describe(
      'For this long after it was asked for, a final or quiet call is answered as stale while the contact centre fails.',
    ),
  CACHE_OPEN_STALE_SECONDS: integer(0, 315_360_000, 's').default(3_600).describe('The same for any other call.'),
  CACHE_STALE_WHILE_REVALIDATE: flag()
    .default(false)
    .describe(
      'Whether a stale call that is not final and is held in memory answers at once, and is renewed behind the answer. With `CACHE_MEMORY_MIB=0` it waits for the answer.',
    ),
};
