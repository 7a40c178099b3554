import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exportSPKI } from 'jose';
import { createApiKey } from '../../src/access/new-api-key.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { createSigningKey, RULES } from '../access/support/issuer.js';
import { postOperation } from '../support/client.js';
import { ACCESS_KEY, environmentFor, SECRET_KEY } from '../support/gateway.js';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.js';
import { connectRaw } from '../support/raw.js';
import { requests, type FuzzedRequest } from './support/requests.js';
import { agent, sendFuzzed, type RawReply } from './support/send.js';
import { CALL_IDS } from './support/values.js';

/** `npm run fuzz` asks for more. */
const CASES = Number(process.env['FUZZ_CASES'] ?? 2_000);
/** More than any machine needs for one case. Unit: ms. */
const CASE_MS = 100;
/** So often it is looked whether a good question is still answered. */
const GOOD_EVERY = 100;

const HASH_KEY = 'a key of these tests, long enough';
const GOOD = '{ call(vdn: 170, callId: "1736000000-2") { complete } }';
/** What tells of our insides. */
const INSIDES =
  /node_modules|stacktrace|INTERNAL_SERVER_ERROR|Internal server error|\n\s+at .+[:(]\d|file:\/\/|ioredis|call stack|\.ts:\d/;

/** A gateway in a process of its own, as it runs in production, and what may never come out of it. */
interface Target {
  readonly gateway: GatewayProcess;
  readonly simulator: Simulator;
  readonly credentials: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** Whether a good question could ask for this. */
  readonly mayAsk: (ccId: number, vdn: number) => boolean;
}

describe('whatever is sent', () => {
  const { key, entry } = createApiKey({ name: 'fuzzer', vdns: '1/170' }, Date.now);
  const targets: Target[] = [];
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'call-trace-fuzz-'));
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const guarded = {
      NODE_ENV: 'production',
      AUTH_MODE: 'both',
      AUTH_ISSUER: RULES.issuer,
      AUTH_AUDIENCE: RULES.audience,
      AUTH_PUBLIC_KEY_FILE: file('keys.pem', await exportSPKI((await createSigningKey('a')).publicKey)),
      API_KEYS_FILE: file('keys.json', JSON.stringify([entry])),
      CORS_ORIGINS: 'https://dashboard.example',
      TRUSTED_PROXIES: '1',
    };
    // The page of the IDE is nine megabytes of somebody else's program.
    const open = { NODE_ENV: 'development', AUTH_MODE: 'none', IDE: 'false' };
    for (const settings of [guarded, open]) {
      const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
      const gateway = await startGatewayProcess({
        ...environmentFor(simulator),
        ANONYMOUS_SCOPES: '',
        NUMBER_HASH_KEY: HASH_KEY,
        RATE_LIMIT_POINTS_PER_MINUTE: '0',
        RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '0',
        ...settings,
      });
      const credentials: Record<string, string> = settings === guarded ? { 'x-api-key': key } : {};
      const secrets = [key, ACCESS_KEY, SECRET_KEY, HASH_KEY, process.cwd(), folder, ...(await numbersOf(simulator))];
      const mayAsk: Target['mayAsk'] =
        settings === guarded
          ? (ccId, vdn) => ccId === 1 && vdn === 170
          : (ccId, vdn) => ccId >= 1 && ccId <= 65_535 && vdn >= 1 && vdn <= 5_000;
      targets.push({ gateway, simulator, credentials, secrets, mayAsk });
    }
  });
  afterAll(async () => {
    agent.destroy();
    for (const { gateway, simulator } of targets) {
      await gateway.kill();
      await simulator.close();
    }
    rmSync(folder, { recursive: true });
  });

  it(
    'nothing breaks, nothing leaks, and nobody is asked for what nobody may ask',
    async () => {
      let done = 0;
      let halfway: Vitals[] = [];
      const statuses = new Map<number, number>();
      let shown = 0;
      await fc.assert(
        fc.asyncProperty(requests, fc.nat(9), fc.boolean(), async (request, luck, inProduction) => {
          const target = targets[inProduction ? 0 : 1] as Target;
          const before = target.simulator.total;
          const reply = await sendFuzzed(target.gateway.url, withCredentials(request, target, luck < 8));
          statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
          if (/"calle[re]No":"/.test(reply.text)) shown += 1;
          expectHarmless(request, reply, target);
          expectAskedWell(reply, target, before);
          done += 1;
          if (done % GOOD_EVERY === 0) for (const one of targets) await expectAlive(one);
          if (done === Math.floor(CASES / 2)) halfway = await Promise.all(targets.map(vitalsOf));
        }),
        { numRuns: CASES },
      );
      for (const one of targets) {
        await expectAlive(one);
        expectQuietLog(one);
      }
      // That something was asked for in earnest: answers, refusals of every kind.
      for (const status of [200, 400, 401, 404, 405])
        expect([status, (statuses.get(status) ?? 0) > 0]).toEqual([status, true]);
      // … and numbers that are masked.
      expect(shown).toBeGreaterThan(CASES / 200);
      const atTheEnd = await Promise.all(targets.map(vitalsOf));
      atTheEnd.forEach((vitals, index) => expectNoGrowth(halfway[index] as Vitals, vitals));
    },
    CASES * CASE_MS + 60_000,
  );

  it('the same holds for bytes that are no request', async () => {
    const [{ gateway }] = targets as [Target];
    const start =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 27\r\n\r\n{"query":"{ __typename }"}\n';
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(start.length), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          const bytes = Buffer.from(start);
          for (const [place, value] of changes) bytes[place] = value;
          const connection = await connectRaw(gateway.url);
          connection.socket.end(bytes);
          const text = await connection.closed();
          expect(text).not.toMatch(/HTTP\/1\.1 5/);
          expect(text).not.toMatch(INSIDES);
        },
      ),
      { numRuns: Math.min(CASES / 10, 1_000) },
    );
    for (const one of targets) {
      await expectAlive(one);
      expectQuietLog(one);
    }
  }, 120_000);
});

/** The phone numbers of the calls that are asked for again and again, which nobody here may see whole. */
async function numbersOf(simulator: Simulator): Promise<string[]> {
  const whole = await startGatewayProcess(environmentFor(simulator));
  const { body } = await whole.query(
    'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callerNo calleeNo legs { callerNo calleeNo } } }',
    { keys: CALL_IDS.map((callId) => ({ vdn: 170, callId })) },
  );
  await whole.kill();
  simulator.reset();
  const numbers = [...JSON.stringify(body.data).matchAll(/"calle[re]No":"(\+?\d{6,})"/g)].map(
    ([, number = '']) => number,
  );
  expect(numbers.length).toBeGreaterThan(CALL_IDS.length);
  return [...new Set(numbers)];
}

/** A request that is let in, unless it says itself who it comes from. */
function withCredentials(request: FuzzedRequest, { credentials }: Target, letIn: boolean): FuzzedRequest {
  const said = request.headers.some(([name]) => name === 'authorization' || name === 'x-api-key');
  return letIn && !said ? { ...request, headers: [...Object.entries(credentials), ...request.headers] } : request;
}

function expectHarmless({ target: path }: FuzzedRequest, { status, headers, text }: RawReply, target: Target): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  const all = headers.join('\n') + text;
  // The metrics have a series for each code, from the start, and the SDL names them all.
  const said = all.replace(/\{code="\w+"\}/g, '').replace(/enum CallErrorCode \{[^}]*\}/, '');
  expect(INSIDES.exec(said)?.[0]).toBeUndefined();
  for (const secret of target.secrets) expect(all.includes(secret)).toBe(false);
  expect(all).not.toMatch(/"calle[re]No":"\+?\d/);
  if (status >= 400 && text !== '' && path.startsWith('/graphql')) {
    const { errors } = JSON.parse(text) as { errors: { message: string; extensions: object }[] };
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors)
      expect(error.extensions).toMatchObject({ code: expect.any(String), requestId: expect.any(String) });
  }
}

/** The contact centre was asked only for an answer, and only for what may be asked. */
function expectAskedWell({ status, text }: RawReply, { simulator, mayAsk }: Target, before: number): void {
  const asked = simulator.total - before;
  if (asked === 0) return;
  // That the client takes no form of answer (406) is found out by the GraphQL server when it has one.
  if (status !== 406) expect([status, text]).toEqual([200, expect.stringContaining('"data":{')]);
  for (const { ccId, vdn, callId } of simulator.requests.slice(-asked)) {
    expect([ccId, vdn, mayAsk(Number(ccId), Number(vdn))]).toEqual([ccId, vdn, true]);
    expect(callId).toMatch(/^[\x21-\x7e]([\x20-\x7e]{0,62}[\x21-\x7e])?$/);
  }
}

async function expectAlive({ gateway, credentials }: Target): Promise<void> {
  const { body } = await postOperation(`${gateway.url}/graphql`, GOOD, {}, credentials);
  expect(body).toEqual({ data: { call: { complete: true } } });
}

/** One line of JSON for each event, none of them an error, and none with a secret in it. */
function expectQuietLog({ gateway, secrets }: Target): void {
  for (const line of gateway.lines) {
    expect(line).toMatch(/^\{"level":[1-4]0,.*\}$/);
    expect([line, secrets.filter((secret) => line.includes(secret))]).toEqual([line, []]);
  }
}

/** What grows if something is not let go. */
interface Vitals {
  readonly heapBytes: number;
  readonly openFiles: number;
}

async function vitalsOf({ gateway }: Target): Promise<Vitals> {
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  return { heapBytes: read('nodejs_heap_size_used_bytes'), openFiles: read('process_open_fds') };
}

/** What one case may leave behind: lines of the log, documents and traces that are remembered, and garbage. Unit: bytes. */
const CASE_BYTES = 4_096;
const GARBAGE_BYTES = 64 * 1024 * 1024;

function expectNoGrowth(before: Vitals, after: Vitals): void {
  expect(after.openFiles).toBeLessThanOrEqual(before.openFiles + 20);
  expect(after.heapBytes - before.heapBytes).toBeLessThan(GARBAGE_BYTES + CASES * CASE_BYTES);
}
