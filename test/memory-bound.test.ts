import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleCallId } from '../simulator/scenarios.js';
import { environmentFor } from './support/gateway.js';
import {
  startGatewayProcess,
  startSimulatorProcess,
  type GatewayProcess,
  type ProgramProcess,
} from './support/gateway-process.js';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

/** How many ordinary calls, such as `MEMORY_BOUND_CALLS=200000 npm test -- test/memory-bound`, which takes minutes. */
const ORDINARY_CALLS = Number(process.env['MEMORY_BOUND_CALLS'] ?? 0);
/**
 * What passes through: ordinary calls if they are asked for; else, to fill the memory several times over in seconds,
 * those of 400 legs. `keys` of them are one operation.
 */
const LOAD =
  ORDINARY_CALLS > 0
    ? { calls: ORDINARY_CALLS, keys: 200, callId: (begin: number) => `${begin}-${20 + (begin % 200)}` }
    : { calls: 1_500, keys: 10, callId: (begin: number) => exampleCallId('four-hundred-legs', begin) };
/** Operations under way at once. */
const CLIENTS = 4;
/**
 * 2025-01-04T14:13:20Z. A second lies between the beginnings of two calls, so that even 2,000,000 keep away from the
 * ends of the month. Unit: seconds since 1970-01-01 UTC.
 */
const FIRST_START = 1_736_000_000;

const DOCUMENT = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId complete } }';

/** What a process holds in memory. Unit: bytes. */
function residentBytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  const kib = existsSync(status)
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return Number(kib) * 1024;
}

/** The gateway's own estimate of the traces it holds. Unit: bytes. */
async function memoryBytes(gateway: GatewayProcess): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(/^calltrace_memory_cache_bytes (\S+)$/m.exec(text)?.[1]);
}

describe('a gateway with 64 MiB for traces', () => {
  const programs: ProgramProcess[] = [];
  let gateway: GatewayProcess;
  beforeAll(async () => {
    const simulator = await startSimulatorProcess();
    programs.push(simulator);
    gateway = await startGatewayProcess({
      ...environmentFor(simulator),
      NODE_ENV: 'production',
      CACHE_MEMORY_MIB: '64',
      CMS_MAX_CONCURRENCY: '100',
      CMS_ATTEMPT_TIMEOUT_MS: '30000',
      REQUEST_DEADLINE_MS: '60000',
    });
    programs.push(gateway);
  }, MINUTE_MS);
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()));
  });

  it(
    `stays under 400 MiB while ${LOAD.calls} different calls pass through it`,
    async () => {
      let asked = 0;
      let peak = 0;
      const client = async (): Promise<void> => {
        while (asked < LOAD.calls) {
          const first = FIRST_START + asked;
          asked += LOAD.keys;
          const callIds = Array.from({ length: LOAD.keys }, (_, i) => LOAD.callId(first + i));
          const { body } = await gateway.query(DOCUMENT, { keys: callIds.map((callId) => ({ vdn: 170, callId })) });
          expect(body).toEqual({ data: { calls: callIds.map((callId) => ({ callId, complete: true })) } });
          peak = Math.max(peak, residentBytes(gateway.pid));
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      // The memory is full, or the test would say nothing.
      expect(await memoryBytes(gateway)).toBeGreaterThan(60 * MIB);
      expect(peak).toBeLessThan(400 * MIB);
    },
    20 * MINUTE_MS,
  );
});
