import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { parseRedisUrl } from '../cache/redis/address.js';
import type { EncryptionKey } from '../cache/redis/encryption.js';

/** The largest number of a call centre. Source: the interface, "ccId". */
export const MAX_CC_ID = 65_535;

const ALGORITHMS = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/;

type Context = z.RefinementCtx;

/** A setting that is a whole number within bounds; `unit` is for its documentation. */
export function integer(min: number, max: number, unit?: string) {
  const problem = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, problem)
    .transform(Number)
    .refine((value) => value >= min && value <= max, problem)
    .meta({ range: `${min} to ${max}`, unit });
}

/** A setting that is `true` or `false`. */
export function flag() {
  return z.enum(['true', 'false']).transform((text) => text === 'true');
}

function fail(context: Context, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** Returns the origins in a list of `https://ip:port`, in its order. */
export function parseBaseUrls(text: string, context: Context): string[] {
  const urls = text.split(',').map((part) => (URL.canParse(part.trim()) ? new URL(part.trim()) : null));
  // Only scheme, host and port: a password or a fragment must not be dropped silently.
  const fits = urls.every((url) => url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`);
  if (fits) return urls.flatMap((url) => (url ? [url.origin] : []));
  return fail(context, 'must be https://ip:port with nothing behind the port; several with commas between them');
}

/** Whether a key or token is valid in a header: printable ASCII without a space at either end. */
export function isSendable(secret: string): boolean {
  return /^[\x20-\x7e]+$/.test(secret) && secret === secret.trim();
}

/** Returns a key or a token unchanged; refuses one that is not sendable. */
export function parseKey(text: string, context: Context): string {
  if (isSendable(text)) return text;
  return fail(context, 'must be printable ASCII without a line break, and must not begin or end with a space');
}

/** Returns the names in a list of headers to sign, in lower case. */
export function parseSignedHeaders(text: string, context: Context): string[] {
  const names = text
    .toLowerCase()
    .split(/[;,]/)
    .map((name) => name.trim());
  const areSignable = names.every((name) => ['host', 'content-type', 'content-length'].includes(name));
  if (areSignable && names.includes('host')) return names;
  return fail(context, 'must list host, and perhaps content-type and content-length, with ; between them');
}

/** Returns the address of Redis unchanged; refuses one that `parseRedisUrl` cannot parse. */
export function checkRedisUrl(text: string, context: Context): string {
  if (parseRedisUrl(text)) return text;
  return fail(
    context,
    'must be redis://[user:password@]host:port[/db], redis+cluster://host:port,host:port or redis+sentinel://host:port,host:port/master; rediss for TLS',
  );
}

/** Returns the keys of `id:key,id:key`: the first encrypts, all decrypt. */
export function parseEncryptionKeys(text: string, context: Context): [EncryptionKey, ...EncryptionKey[]] {
  const [first, ...others] = text.split(',').map((part) => {
    const [, id = '', key = ''] = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(part.trim()) ?? [];
    return { id, key: Buffer.from(key, 'base64') };
  });
  const ids = new Set([first, ...others].map((key) => key?.id));
  if (first && !ids.has('') && ids.size === others.length + 1) return [first, ...others];
  return fail(
    context,
    'must list id:key with commas between them, each key 32 bytes in base64 and each id once: 2026b:…=,2026a:…=',
  );
}

/** Returns the names in a list of asymmetric signature algorithms. With `none` or HS256 anybody with the public key could forge tokens. */
export function parseAlgorithms(text: string, context: Context): string[] {
  const algorithms = text.split(',').map((part) => part.trim());
  if (algorithms.every((algorithm) => ALGORITHMS.test(algorithm))) return algorithms;
  return fail(
    context,
    'must list RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA, with commas between them',
  );
}

/** Returns the origins in a list, or `*`. */
export function parseOrigins(text: string, context: Context): string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  const fits = origins.every((origin) => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin));
  return fits
    ? origins
    : fail(context, 'must list origins such as https://dashboard.example.com, with commas between them, or be *');
}

/** Returns the time zone of each call centre: one zone for all, and exceptions by number: `UTC,2=Asia/Shanghai`. */
export function parseTimeZones(text: string, context: Context): (ccId: number) => string {
  const zones = text.split(',').map((part) => /^(?:(\d+)=)?(\S+)$/.exec(part.trim()));
  const fits = zones.every(
    (zone, index) =>
      zone && isTimeZone(zone[2] ?? '') && (index === 0 ? zone[1] === undefined : isCcId(Number(zone[1]))),
  );
  if (!fits)
    return fail(
      context,
      'must be an IANA time zone, and may be followed by others for single call centres: UTC,2=Asia/Shanghai',
    );
  const [common = 'UTC', ...others] = zones.map((zone) => zone?.[2] ?? 'UTC');
  const byCcId = new Map(others.map((zone, index) => [Number(zones[index + 1]?.[1]), zone]));
  return (ccId) => byCcId.get(ccId) ?? common;
}

function isCcId(number: number): boolean {
  return number >= 1 && number <= MAX_CC_ID;
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The name of a header. Source: RFC 9110, section 5.6.2, `token`. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Returns the pairs of `name=value,name=value`, percent-decoded. Source: OpenTelemetry, "Resource SDK", W3C Baggage. */
export function parsePairs(text: string, context: Context): Record<string, string> {
  const pairs = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(
      (part) =>
        /^([^=]+)=(.*)$/s
          .exec(part.trim())
          ?.slice(1)
          .map((side) => decoded(side.trim())) ?? [],
    );
  if (pairs.every(([name, value]) => name && typeof value === 'string')) {
    return Object.fromEntries(pairs) as Record<string, string>;
  }
  return fail(context, 'must list name=value with commas between them; commas within are percent-encoded');
}

/** Returns the pairs of a list of headers, as `parsePairs` does; refuses what no header can carry. */
export function parseHeaders(text: string, context: Context): Record<string, string> {
  const headers = parsePairs(text, context);
  // Where `parsePairs` has refused the text, this result is not used.
  const fits = Object.entries(headers).every(([name, value]) => HEADER_NAME.test(name) && isSendable(value));
  return fits ? headers : fail(context, 'must list name=value that a header can carry: printable ASCII');
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Returns a share from 0 to 1. */
export function parseRatio(text: string, context: Context): number {
  const ratio = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  return ratio >= 0 && ratio <= 1 ? ratio : fail(context, 'must be a number from 0 to 1');
}

/** Returns whether a list of propagators has that of W3C Trace Context. Others beside it are left to other programs. */
export function parsePropagators(text: string, context: Context): boolean {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('tracecontext')) return true;
  if (names.every((name) => ['baggage', 'none'].includes(name))) return false;
  return fail(context, 'must list tracecontext and baggage, or be none: other headers are not read');
}
