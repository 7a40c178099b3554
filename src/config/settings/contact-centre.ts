import * as z from 'zod';
import {
  flag,
  integer,
  MAX_CC_ID,
  parseBaseUrls,
  parseKey,
  parseSignedHeaders,
  parseTimeZones,
} from '../setting-values.js';

/** Settings of the contact centre: addresses, signatures, limits of requests. */
export const CONTACT_CENTRE = {
  CMS_BASE_URL: z.string().transform(parseBaseUrls).optional().meta({
    description: 'Address of the contact centre: `https://ip:port`, with nothing behind the port.',
    required: true,
  }),
  CMS_BASE_URLS: z
    .string()
    .transform(parseBaseUrls)
    .optional()
    .describe('In place of `CMS_BASE_URL`: several addresses with commas between them, the preferred one first.'),
  CMS_ALLOW_PLAIN_HTTP: flag()
    .default(false)
    .describe(
      'Whether the contact centre and a signing proxy may be asked by `http:` across a network, where anybody on the way reads phone numbers. On the same machine they always may.',
    ),
  CMS_AUTH: z
    .enum(['signature', 'proxy', 'bearer'])
    .default('signature')
    .describe(
      'How requests are authorised: `signature` signs with the keys below, `proxy` has another service sign, `bearer` sends a token.',
    ),
  CMS_ACCESS_KEY: z
    .string()
    .transform(parseKey)
    .optional()
    .meta({ description: 'Access key (AK) of the signature. Required unless `CMS_AUTH` is `bearer`.', required: true }),
  CMS_SECRET_KEY: z
    .string()
    .transform(parseKey)
    .optional()
    .meta({ description: 'Secret key (SK) of the signature. Required unless `CMS_AUTH` is `bearer`.', required: true }),
  CMS_ACCESS_KEY_2: z
    .string()
    .transform(parseKey)
    .optional()
    .describe(
      'Access key of a second pair, which is tried where the first pair is refused: keys can be changed without a pause.',
    ),
  CMS_SECRET_KEY_2: z.string().transform(parseKey).optional().describe('Secret key of the second pair.'),
  CMS_SIGNING_PROXY_URL: z
    .url({ protocol: /^https?$/, error: 'must be the URL of the service that signs' })
    .optional()
    .describe('URL of the service that signs, where `CMS_AUTH` is `proxy`.'),
  CMS_BEARER_TOKEN: z.string().transform(parseKey).optional().describe('The token, where `CMS_AUTH` is `bearer`.'),
  CMS_AUTH_FAILURES_MAX: integer(1, 100)
    .default(3)
    .describe(
      'Signatures that may be refused before the gateway sends nothing but probes; at least 2 with a second pair of keys. Each gateway counts for itself: gateways behind one address × this number must stay below what locks the address.',
    ),
  CMS_CC_ID: integer(1, MAX_CC_ID).default(1).describe('Call centre that is used when a query names none.'),
  CMS_TIME_ZONE: z
    .string()
    .default('UTC')
    .transform(parseTimeZones)
    .describe(
      'Time zone (IANA name) in which the contact centre cuts its tables by month. Zones of single call centres may follow: `UTC,2=Asia/Shanghai`.',
    ),
  CMS_CA_FILE: z
    .string()
    .optional()
    .describe('File of the certificates (PEM) of a private authority, trusted in place of the public ones.'),
  CMS_CERT_FILE: z
    .string()
    .optional()
    .describe('File of the client certificate (PEM), where the contact centre asks for one.'),
  CMS_KEY_FILE: z.string().optional().describe('File of the key (PEM) of the client certificate.'),
  CMS_HOST: z
    .string()
    .regex(/^[\w.-]+(:\d{1,5})?$/, 'must be a name, and perhaps a port: cms.example.com:28443')
    .optional()
    .describe(
      'Name, and perhaps port, of the contact centre where the address does not hold them: for the `Host` header and the check of its certificate.',
    ),
  CMS_PROXY_URL: z
    .url({ protocol: /^https?$/, error: 'must be http://[user:password@]host:port' })
    .optional()
    .describe('HTTP proxy on the way to the contact centre: `http://[user:password@]host:port`.'),
  CMS_ATTEMPT_TIMEOUT_MS: integer(1, 600_000, 'ms')
    .default(4_000)
    .describe(
      'Time limit of one attempt, from the first byte sent to the last byte received. Not more than `REQUEST_DEADLINE_MS`.',
    ),
  CMS_MAX_RETRIES: integer(0, 10).default(2).describe('Attempts after the first one, for failures that may pass.'),
  CMS_MAX_CONCURRENCY: integer(1, 10_000)
    .default(20)
    .describe('Most requests in flight to the contact centre at once.'),
  CMS_MAX_QUEUE: integer(0, 1_000_000)
    .default(1_000)
    .describe(
      'Most requests that wait behind those in flight. Beyond it the newest request of the VDN that has most of them fails at once.',
    ),
  CMS_SIGNATURE_TIMESTAMP: z
    .enum(['seconds', 'milliseconds'])
    .default('seconds')
    .describe('Precision of the time in the signature.'),
  CMS_SIGNED_HEADERS: z
    .string()
    .default('host')
    .transform(parseSignedHeaders)
    .describe(
      'Headers that are signed, with `;` between them: `host`, and perhaps `content-type` and `content-length`.',
    ),
  CMS_SIGNATURE_EMPTY_QUERY_LINE: flag()
    .default(false)
    .describe('Whether a request without a query string signs an empty line in its place.'),
  CMS_NUMBER_STYLE: z
    .enum(['numbers', 'strings', 'sample'])
    .default('numbers')
    .describe(
      'How requests write numbers; `sample` writes `logDate` alone as a string, as the sample of the interface does.',
    ),
  CMS_SUB_MEDIA_EDITION: z
    .enum(['current', 'legacy'])
    .default('current')
    .describe('Edition of the interface that numbers the social channels; `legacy`: documents up to 2025-03.'),
  CMS_ACK_BEGIN: z
    .enum(['ring', 'answer'])
    .default('ring')
    .describe(
      'What begins at `ackBegin` of an agent’s record, on which the documents disagree: ringing, or the conversation.',
    ),
  CMS_CALL_BEGIN: z
    .enum(['talk', 'call'])
    .default('talk')
    .describe(
      'What begins at `callBegin` of an agent’s record, on which the documents disagree: the conversation, or the whole call.',
    ),
  CMS_TRACEPARENT: flag()
    .default(false)
    .describe(
      'Whether requests of traced operations carry `traceparent` and `tracestate`, unsigned: for an estate with a proxy of its own before the contact centre.',
    ),
  CODES_FILE: z
    .string()
    .optional()
    .describe(
      'File of meanings of codes that the operator knows better, as JSON: `{"releaseCause": {"9001": "Bridge closed for the night"}}`.',
    ),
  MONTH_EDGE_HOURS: integer(0, 72, 'hours')
    .default(12)
    .describe(
      'How near to the start or end of a month a call must be for the neighbouring month to be asked as well. 0: never.',
    ),
};
