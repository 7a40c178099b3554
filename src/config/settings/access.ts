import * as z from 'zod';
import { NUMBERS_SCOPE } from '../../access/caller.js';
import { flag, integer, parseAlgorithms } from '../setting-values.js';

/** Who may send requests: everybody, or holders of a token, of an API key, of either. */
export const AUTH_MODES = ['none', 'jwt', 'api-key', 'both'] as const;

/** Settings of authentication, rate limits and phone numbers. */
export const ACCESS = {
  AUTH_MODE: z.enum(AUTH_MODES).optional().meta({
    description:
      'Who may ask: `none` (everybody), `jwt` (whoever has a token), `api-key` (whoever has a key) or `both` (either). Required in production; elsewhere the default is `none`.',
    required: true,
  }),
  ANONYMOUS_SCOPES: z
    .enum([NUMBERS_SCOPE])
    .optional()
    .describe('Where `AUTH_MODE` is `none`: `numbers` shows everybody phone numbers whole.'),
  API_KEYS_FILE: z
    .string()
    .optional()
    .describe('File of API keys (JSON); `npm run api-key` prints a key and its entry. Read again when it changes.'),
  AUTH_JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'must be the URL of a JSON Web Key Set' })
    .optional()
    .describe("URL of the JSON Web Key Set of the tokens' issuer. In production `https:`."),
  AUTH_JWKS_MAX_STALE: integer(600, 31_536_000, 's')
    .default(86_400)
    .describe(
      'How long the keys of the issuer are used after they could last be fetched. Then tokens are answered with HTTP 503.',
    ),
  AUTH_PUBLIC_KEY_FILE: z
    .string()
    .optional()
    .describe(
      'In place of `AUTH_JWKS_URL`: file of the public keys or certificates (PEM) that tokens are signed with. Read again when it changes.',
    ),
  AUTH_FILES_MAX_STALE: integer(60, 31_536_000, 's')
    .default(86_400)
    .describe(
      'How long the keys of `API_KEYS_FILE` or `AUTH_PUBLIC_KEY_FILE` are used after the file was last readable. Then their holders are answered with HTTP 503.',
    ),
  AUTH_ISSUER: z.string().optional().describe('What `iss` of a token must be.'),
  AUTH_AUDIENCE: z.string().optional().describe('What `aud` of a token must be.'),
  AUTH_ALGORITHMS: z
    .string()
    .default('RS256,PS256,ES256,EdDSA')
    .transform(parseAlgorithms)
    .describe('How tokens may be signed: RS, PS or ES with 256, 384 or 512, and EdDSA, with commas between them.'),
  AUTH_CLOCK_TOLERANCE_SECONDS: integer(0, 600, 's')
    .default(30)
    .describe("How far the issuer's clock may be from the gateway's."),
  AUTH_VDNS_CLAIM: z
    .string()
    .default('vdns')
    .describe('The claim of a token that lists what its bearer may ask for: `["1/170", "1/*"]`.'),
  AUTH_NUMBERS_SCOPE: z
    .string()
    .regex(/^\S+$/, 'must be one scope, without spaces')
    .default(NUMBERS_SCOPE)
    .describe('The scope of a token whose bearer sees phone numbers whole.'),
  RATE_LIMIT_POINTS_PER_MINUTE: integer(0, 1_000_000_000)
    .default(120_000)
    .describe('Points that each caller may spend in a minute, in all gateways together. 0: no limit.'),
  RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: integer(0, 1_000_000)
    .default(30)
    .describe('Different wrong credentials in a minute after which an address must wait. 0: no limit.'),
  MASK_KEEP_DIGITS: integer(0, 32)
    .default(4)
    .describe('Last digits of a phone number that everybody sees, but never more than half of it.'),
  NUMBER_HASH_KEY: z
    .string()
    .min(32, 'must be at least 32 characters, such as of openssl rand -base64 32')
    .optional()
    .describe(
      'Key of `callerNoHash` and `calleeNoHash`: at least 32 characters, the same for all gateways. Without it the hashes are null.',
    ),
  AUDIT_LOG_FILE: z
    .string()
    .optional()
    .describe(
      'File of the audit log: whose phone numbers were shown to whom, a line of JSON for each operation. Without it the lines go to the log. A named pipe needs its reader first. The gateway follows the path: it checks once a second, and at once on SIGHUP, whether it leads to another file, as after log rotation.',
    ),
  AUDIT_REQUIRED: flag()
    .default(true)
    .describe(
      'What happens while the audit log cannot be written: `true` masks phone numbers, `false` shows them unaudited and counts what was lost.',
    ),
};
