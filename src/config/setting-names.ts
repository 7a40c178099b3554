import { distance } from 'fastest-levenshtein';
import { SECRETS, SETTINGS } from './settings.js';

/**
 * Prefixes of the settings' names. A variable with such a prefix that is not a setting is reported as misspelt. A prefix has
 * two words if other programs use the first: Windows sets NUMBER_OF_PROCESSORS.
 */
const PREFIXES = [
  'ANONYMOUS_',
  'API_KEY',
  'AUDIT_',
  'AUTH_',
  'CACHE_',
  'CMS_',
  'CODES_',
  'CORS_',
  'DRAIN_',
  'FAST_LANE',
  'FAST_PATH',
  'KEEP_ALIVE_',
  'LIMIT_',
  'LOG_CLIENT_',
  'MASK_',
  'MAX_BODY_',
  'MAX_CONNECTION',
  'METRICS_',
  'MONTH_',
  'NUMBER_HASH_',
  'RATE_LIMIT_',
  'RECEIVE_TIMEOUT',
  'REDIS_',
  'REQUEST_DEADLINE',
  'TRUSTED_',
];

/** Settings of OpenTelemetry for what the gateway does not export; an agent beside it may read them. */
const FOREIGN = /^OTEL_(BLRP|LOG|METRIC|ATTRIBUTE_|SPAN_|EVENT_|LINK_|NODE_)/;

/** Largest edit distance at which a setting is suggested for a name. */
const NEAR_DISTANCE = 3;
/** A name without a prefix counts as misspelt up to this edit distance, if it is at least SLIP_LENGTH long. */
const SLIP_DISTANCE = 2;
const SLIP_LENGTH = 8;

/**
 * Returns a sentence for each variable that looks like a misspelt setting, by its prefix or by one or two letters, with the
 * nearest setting that is not set.
 */
export function misspeltSettings(all: readonly string[]): string[] {
  const settings = [...Object.keys(SETTINGS.shape), ...SECRETS.map((name) => `${name}_FILE`)];
  const names = new Set(settings);
  const variables = all.filter((name) => !FOREIGN.test(name));
  const present = new Set(variables);
  const open = settings.filter((name) => !present.has(name));
  const misspelt = variables.filter(
    (name) => !names.has(name) && (PREFIXES.some((prefix) => `${name}_`.startsWith(prefix)) || isSlip(name, open)),
  );
  return misspelt.map((name) => {
    const nearest = nearestOf(name, open);
    return `${name} is no setting${nearest === null ? '' : `; did you mean ${nearest}?`}`;
  });
}

function isSlip(name: string, settings: readonly string[]): boolean {
  return (
    name.length >= SLIP_LENGTH &&
    settings.some(
      (setting) => Math.abs(setting.length - name.length) <= SLIP_DISTANCE && distance(name, setting) <= SLIP_DISTANCE,
    )
  );
}

/**
 * Whether Kubernetes or Docker set a variable, as they do for every service or linked container. A service named `redis`
 * sets `REDIS_SERVICE_HOST`, `REDIS_PORT=tcp://…` and `REDIS_PORT_6379_TCP_ADDR`; a container also sets `REDIS_NAME=/…` and
 * `REDIS_ENV_…`.
 * Source: Kubernetes, "Service", environment variables; Docker, "Legacy container links".
 */
export function isServiceLink(name: string, value: string): boolean {
  return (
    /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO|PORT_START|PORT_END))?)$/.test(
      name,
    ) ||
    (/_PORT$/.test(name) && /^(tcp|udp|sctp):\/\//.test(value)) ||
    (/_NAME$/.test(name) && value.startsWith('/')) ||
    /^[A-Z0-9_]+_ENV_\w/.test(name)
  );
}

/** Returns the setting nearest to a name: within a few letters, or with the same words and some more or less; null if there is none. */
function nearestOf(name: string, settings: readonly string[]): string | null {
  const near = settings
    .map((setting) => ({ setting, edits: distance(name, setting) }))
    .filter(({ setting, edits }) => edits <= NEAR_DISTANCE || hasWords(setting, name) || hasWords(name, setting))
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.setting ?? null;
}

/** Whether a name has all words of another, in the same order. */
function hasWords(name: string, other: string): boolean {
  const words = other.split('_');
  const found = name.split('_').reduce((next, word) => (word === words[next] ? next + 1 : next), 0);
  return found === words.length && found > 1;
}
