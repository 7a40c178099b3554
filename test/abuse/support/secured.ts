import type { Clock } from '../../../src/call/clock.js';
import { createApiKey, type NewApiKey } from '../../../src/access/new-api-key.js';
import {
  createSigningKey,
  RULES,
  sign,
  startIssuer,
  type Issuer,
  type SigningKey,
} from '../../access/support/issuer.js';
import { eventually } from '../../cache/redis/support/eventually.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

/** Headers by which somebody says who they are. */
export type Credentials = Readonly<Record<string, string>>;

/** A gateway that takes tokens and API keys, with an issuer of its own. */
export interface Secured {
  readonly gateway: TestGateway;
  readonly issuer: Issuer;
  readonly signing: SigningKey;
  /** Holders of API keys for VDN 170, but for the stranger, whose is 171. */
  readonly keys: Readonly<Record<KeyHolder, Credentials>>;
  /** A token for VDN 170, good but for the changes to its claims and header. */
  token(changes?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): Promise<Credentials>;
  close(): Promise<void>;
}

/** `auditor` sees phone numbers whole; `former` had a key that has expired. */
export type KeyHolder = 'dashboard' | 'auditor' | 'stranger' | 'former';

const HOLDERS: Readonly<Record<KeyHolder, Omit<NewApiKey, 'name'>>> = {
  dashboard: { vdns: '1/170' },
  auditor: { vdns: '1/170', scopes: 'numbers' },
  stranger: { vdns: '1/171', scopes: 'numbers' },
  former: { vdns: '1/170', scopes: 'numbers', expires: '2020-01-01' },
};

/** So long the tokens are good. Unit: seconds. */
const TOKEN_SECONDS = 3600;

/** The settings of a gateway that takes tokens of this issuer, and API keys from `keys.json`. */
export function securedSettings(issuer: Pick<Issuer, 'url'>): Record<string, string> {
  return {
    AUTH_MODE: 'both',
    ANONYMOUS_SCOPES: '',
    AUTH_JWKS_URL: issuer.url,
    AUTH_ISSUER: RULES.issuer,
    AUTH_AUDIENCE: RULES.audience,
    API_KEYS_FILE: 'keys.json',
  };
}

/** Starts one, as in production but for the settings given. `breakIssuer`: makes the issuer fail from the start. */
export async function startSecured(
  settings: Readonly<Record<string, string>> = {},
  clock?: Clock,
  breakIssuer?: (issuer: Issuer) => void,
): Promise<Secured> {
  const now = clock?.wall ?? Date.now;
  const entries: object[] = [];
  const keyFor = (name: KeyHolder): Credentials => {
    const { key, entry } = createApiKey({ name, ...HOLDERS[name] }, () => 0);
    entries.push(entry);
    return { 'x-api-key': key };
  };
  const keys = {
    dashboard: keyFor('dashboard'),
    auditor: keyFor('auditor'),
    stranger: keyFor('stranger'),
    former: keyFor('former'),
  };
  const signing = await createSigningKey('first');
  const issuer = await startIssuer(signing);
  breakIssuer?.(issuer);
  const gateway = await startTestGateway(
    { NODE_ENV: 'production', ...securedSettings(issuer), ...settings },
    { 'keys.json': JSON.stringify(entries) },
    clock,
  ).catch(async (error: unknown) => {
    await issuer.close();
    throw error;
  });
  // On a slow machine the first fetch of the keys may fail, and tokens are refused with 503 until the next.
  const text = breakIssuer ? 'The keys for tokens cannot be fetched' : 'The keys for tokens have changed';
  await eventually(text, () => gateway.logLines.some((line) => line.includes(text)));
  return {
    gateway,
    issuer,
    signing,
    keys,
    async token(changes = {}, header = {}) {
      const exp = Math.floor(now() / 1000) + TOKEN_SECONDS;
      return { authorization: `Bearer ${await sign(signing, { exp, ...changes }, header)}` };
    },
    async close() {
      await gateway.close();
      await issuer.close();
    },
  };
}
