import * as z from 'zod';
import { flag, integer, parseOrigins } from '../setting-values.js';

/** Settings of the process: where it listens, what it serves, how it stops, what it logs. */
export const PROCESS = {
  PORT: integer(0, 65_535).default(4000).describe('Port on which the gateway listens. 0: any free port.'),
  HOST: z.string().default('0.0.0.0').describe('Address on which the gateway listens.'),
  ADMIN_PORT: integer(0, 65_535)
    .optional()
    .describe(
      'Port of its own for `/metrics`, `/readyz` and `/healthz`; the first two are then not at `PORT`. 0: any free port.',
    ),
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('production')
    .describe(
      'Outside `production` the defaults are open: `CORS_ORIGINS` is `*`, `INTROSPECTION` and `IDE` are on, `AUTH_MODE` is `none`.',
    ),
  INTROSPECTION: flag()
    .optional()
    .describe(
      'Whether clients may ask for the schema, and `/schema` serves its reference to everybody. Default: `false` in production, `true` elsewhere.',
    ),
  IDE: flag().optional().describe('Whether `/` serves an IDE. Default: `false` in production, `true` elsewhere.'),
  VIEWER: flag()
    .default(false)
    .describe('Whether `/calls` serves a page that shows one call. It signs in with the API key or token of its user.'),
  VIEWER_HISTORY: flag()
    .default(true)
    .describe('Whether that page may keep the IDs of the calls that were last looked at, in the browser alone.'),
  CORS_ORIGINS: z
    .string()
    .transform(parseOrigins)
    .optional()
    .describe(
      'Origins whose pages may ask, with commas between them; `*` for all. Default: none in production, `*` elsewhere.',
    ),
  REQUEST_DEADLINE_MS: integer(1, 600_000, 'ms')
    .default(10_000)
    .describe('Deadline of an operation. A client may set a shorter one with the header `X-Deadline-Ms`.'),
  FAST_PATH: flag()
    .default(true)
    .describe(
      'Whether known operations on calls in memory are answered without the GraphQL engine, with the same bytes.',
    ),
  MAX_BODY_KIB: integer(1, 65_536, 'KiB').default(256).describe('Longest body of a request.'),
  MAX_CONNECTIONS: integer(1, 1_000_000)
    .default(10_000)
    .describe('Most connections of clients at once. Further ones are closed as they come.'),
  RECEIVE_TIMEOUT_MS: integer(1, 600_000, 'ms')
    .default(30_000)
    .describe('How long a client may take to send a request.'),
  KEEP_ALIVE_TIMEOUT_MS: integer(1, 600_000, 'ms')
    .default(65_000)
    .describe('How long an idle connection is kept after an answer. Longer than the load balancer in front keeps it.'),
  DRAIN_MS: integer(0, 600_000, 'ms')
    .optional()
    .describe(
      'How long the gateway serves on after SIGTERM, with 503 at `/readyz` and `Connection: close` on each reply, before it stops listening. Longer than the load balancer takes to notice. Default: 5000 in production, 0 elsewhere.',
    ),
  TRUSTED_PROXIES: integer(0, 10)
    .default(0)
    .describe(
      'How many proxies stand in front of the gateway: that many entries of `X-Forwarded-For`, from its end, are believed.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Lowest level of log lines that are written.'),
  LOG_CLIENT_ADDRESS: z
    .enum(['full', 'network', 'none'])
    .default('network')
    .describe("How much of a refused client's address the log shows; `network`: IPv4 /24, IPv6 /48."),
  METRICS_OPERATION_NAMES: integer(0, 10_000)
    .default(100)
    .describe('How many names of operations the metrics tell apart. The rest is counted as `other`.'),
  REVISION: z
    .string()
    .regex(/^[\w.+:@/-]{1,128}$/, 'must be a commit or the like: at most 128 letters, digits, or _ . + : @ / -')
    .optional()
    .describe('What was built, such as its commit: for the first line of the log and the metrics. The image sets it.'),
};
