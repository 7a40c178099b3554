import { exportSPKI } from 'jose';
import pino from 'pino';
import { Agent, request } from 'undici';
import { createApiKey } from '../../../../src/access/new-api-key.js';
import { loadConfig } from '../../../../src/config/config.js';
import { startGateway } from '../../../../src/gateway.js';
import { startSimulator, type Simulator } from '../../../../simulator/simulator.js';
import { createSigningKey, RULES, sign } from '../../../access/support/issuer.js';
import { eventually } from '../../../cache/redis/support/eventually.js';
import { ACCESS_KEY, environmentFor, SECRET_KEY } from '../../../support/gateway.js';
import { createTestClock, type TestClock } from '../../../support/traces.js';

/** One HTTP request, as both are asked. */
export interface Question {
  readonly method: 'GET' | 'POST';
  /** Behind `/graphql`, with its question mark. */
  readonly search?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** All that can be seen of an answer, its date left out. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A gateway with a contact centre of its own, and a clock that stands. */
export interface Twin {
  readonly simulator: Simulator;
  /** Its log: lines of JSON, audit events among them. */
  readonly logLines: string[];
  ask(question: Question): Promise<Answer>;
  /** By how much its counters of operations, answers and the contact centre have moved since they were last asked for. */
  moved(): Promise<Readonly<Record<string, number>>>;
  /** How often the fast path answered. */
  fastPathAnswers(): Promise<number>;
}

/** Two gateways that differ in nothing but the fast path. */
export interface Twins {
  readonly fast: Twin;
  readonly standard: Twin;
  /** The time of both, and of their contact centres. */
  readonly clock: TestClock;
  /** Headers by which somebody says who they are; a subject whose token nobody has seen has all points. */
  token(subject: string, vdns: readonly string[], seesNumbers: boolean): Promise<Readonly<Record<string, string>>>;
  /** The holders of API keys: what `API_KEYS` has them see. */
  readonly keys: readonly Readonly<Record<string, string>>[];
  close(): Promise<void>;
}

/** 2026-02-10T12:00:00Z. */
const START = Date.UTC(2026, 1, 10, 12);
/** Late enough for tokens of any test. Unit: s since 1970-01-01 UTC. */
const NEVER = 4_102_444_800;

const API_KEYS = [
  { name: 'whole', vdns: '1/170,1/171', scopes: 'numbers' },
  { name: 'masked', vdns: '1/*', scopes: undefined },
];

/** Starts both. Callers bring tokens or API keys, unless the settings say otherwise. */
export async function startTwins(settings: Readonly<Record<string, string>> = {}, files = {}): Promise<Twins> {
  const clock = createTestClock(START);
  const signing = await createSigningKey('first');
  const made = API_KEYS.map((holder) => createApiKey(holder, () => 0));
  const env = {
    AUTH_MODE: 'both',
    AUTH_PUBLIC_KEY_FILE: 'key.pem',
    AUTH_ISSUER: RULES.issuer,
    AUTH_AUDIENCE: RULES.audience,
    API_KEYS_FILE: 'keys.json',
    CMS_MAX_RETRIES: '0',
    // Neither may fail because the machine is busy: its next question would be asked otherwise than the other's.
    REQUEST_DEADLINE_MS: '60000',
    CMS_ATTEMPT_TIMEOUT_MS: '50000',
    CACHE_MEMORY_MIB: '1024', // what the fast path keeps counts there, too: neither may forget for want of room
    NUMBER_HASH_KEY: 'a key that is long enough for the hashes',
    ...settings,
  };
  const texts: Readonly<Record<string, string>> = {
    'key.pem': await exportSPKI(signing.publicKey),
    'keys.json': JSON.stringify(made.map(({ entry }) => entry)),
    ...files,
  };
  const agent = new Agent({ connections: 1 });
  const start = (FAST_PATH: string) =>
    startTwin({ ...env, FAST_PATH, REDIS_KEY_PREFIX: `${FAST_PATH}:` }, texts, agent, clock);
  const [fast, standard] = [await start('true'), await start('false')];
  return {
    fast,
    standard,
    clock,
    keys: made.map(({ key }) => ({ 'x-api-key': key })),
    async token(sub, vdns, seesNumbers) {
      const scope = seesNumbers ? RULES.numbersScope : undefined;
      return { authorization: `Bearer ${await sign(signing, { sub, vdns, scope, exp: NEVER })}` };
    },
    async close() {
      await agent.close();
      await Promise.all([fast.close(), standard.close()]);
    },
  };
}

async function startTwin(
  settings: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  dispatcher: Agent,
  clock: TestClock,
): Promise<Twin & { close(): Promise<void> }> {
  const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY, now: clock.wall });
  const config = loadConfig({ ...environmentFor(simulator), ...settings }, (path) => files[path] ?? '', clock.wall);
  const logLines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logLines.push(line) });
  const gateway = await startGateway(config, log, clock);
  const text = async (path: string): Promise<string> => {
    const { body } = await request(`${gateway.adminUrl}${path}`, { dispatcher });
    return body.text();
  };
  if (config.redis) await eventually('Redis is in use', async () => (await text('/readyz')).includes('"redis":"up"'));
  let counted: ReadonlyMap<string, number> = new Map();
  const metrics = async (): Promise<string[]> => (await text('/metrics')).split('\n');
  return {
    simulator,
    logLines,
    async ask({ search = '', ...question }) {
      const { statusCode, headers, body } = await request(`${gateway.url}/graphql${search}`, {
        ...question,
        dispatcher,
      });
      return { status: statusCode, headers: { ...headers, date: '' }, body: await body.text() };
    },
    async moved() {
      const lines = (await metrics()).filter((line) => COMPARED.test(line)).map((line) => line.split(/ (?=\d+$)/));
      const latest = new Map(lines.map(([series = '', value]) => [series, Number(value)]));
      const moves = [...latest].map(([series, value]) => [series, value - (counted.get(series) ?? 0)] as const);
      counted = latest;
      return Object.fromEntries(moves.filter(([, move]) => move !== 0));
    },
    fastPathAnswers: async () => {
      const line = (await metrics()).find((one) =>
        one.startsWith('calltrace_fast_path_requests_total{outcome="answered"}'),
      );
      return Number(line?.split(' ').at(-1) ?? 0);
    },
    async close() {
      await gateway.close();
      await simulator.close();
    },
  };
}

/** Counters that the fast path must move as the standard path does; of durations, how many there were. */
const COMPARED =
  /^calltrace_(operations_total|operation_duration_seconds_count|answers_total|upstream_attempts_total|single_flight_joins_total|redis_failures_total)/;
