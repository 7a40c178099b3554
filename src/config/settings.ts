import * as z from 'zod';
import { ACCESS } from './settings/access.js';
import { FRESHNESS, REDIS } from './settings/cache.js';
import { CONTACT_CENTRE } from './settings/contact-centre.js';
import { LIMITS } from './settings/limits.js';
import { PROCESS } from './settings/process.js';
import { TRACING } from './settings/tracing.js';

/** The secrets. Each may be set as a file instead: the variable with the suffix `_FILE` names it. */
export const SECRETS = [
  'CMS_ACCESS_KEY',
  'CMS_SECRET_KEY',
  'CMS_ACCESS_KEY_2',
  'CMS_SECRET_KEY_2',
  'CMS_BEARER_TOKEN',
  'CMS_PROXY_URL',
  'REDIS_URL',
  'REDIS_SENTINEL_AUTH',
  'CACHE_ENCRYPTION_KEYS',
  'NUMBER_HASH_KEY',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
] as const;

/** The settings by subject, in the order of their documentation. */
export const SETTING_GROUPS = [
  { title: 'The contact centre', settings: CONTACT_CENTRE },
  { title: 'Who may ask, and who sees phone numbers', settings: ACCESS },
  { title: 'How much a request may ask, and which documents may run', settings: LIMITS },
  { title: 'The process', settings: PROCESS },
  { title: 'Redis', settings: REDIS },
  { title: 'How long an answer is fresh', settings: FRESHNESS },
  { title: 'Traces', settings: TRACING },
] as const;

/** Every variable that the gateway reads, with its check. The names are part of the contract with operators. */
export const SETTINGS = z.object({
  ...CONTACT_CENTRE,
  ...ACCESS,
  ...LIMITS,
  ...PROCESS,
  ...REDIS,
  ...FRESHNESS,
  ...TRACING,
});

/** The settings as checked. */
export type Settings = z.output<typeof SETTINGS>;
