import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { environmentFor, NEVER_FOUND, newCallId, startTestGateway } from '../../support/gateway.js';
import {
  startGatewayProcess,
  startSimulatorProcess,
  type GatewayProcess,
  type ProgramProcess,
} from '../../support/gateway-process.js';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function opened<T extends ProgramProcess>(program: T): T {
  open.unshift({ close: () => program.kill() });
  return program;
}

async function start(settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  const simulator = opened(await startSimulatorProcess());
  return opened(await startGatewayProcess({ ...environmentFor(simulator), NODE_ENV: 'production', ...settings }));
}

/** A server that counts who connects, and answers nobody. */
async function startListener() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    connections: () => connections,
  };
}

/** What a process holds in memory. Unit: bytes. */
function residentBytes({ pid }: ProgramProcess): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describe('a gateway in production', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['a field', '{ cal(vdn: 170) { id } }', {}],
    ['an argument', '{ call(vdn: 170, callId: "1", mont: "2025-01") { id } }', {}],
    ['an enum value in the document', '{ callCodes(table: MEDIA_TYP) { name } }', {}],
    [
      'an enum value in a variable',
      'query ($table: CallCodeTable!) { callCodes(table: $table) { name } }',
      { table: 'MEDIA_TYP' },
    ],
    [
      'a field of an input in a variable',
      'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }',
      { keys: [{ vdn: 170, callId: '1736000000-2', mont: '2025-01' }] },
    ],
    ['a type', 'query ($keys: [CallKeyInpu!]!) { calls(keys: $keys) { id } }', { keys: [] }],
  ])('suggests nothing for %s that is misspelt', async (_, document, variables) => {
    const gateway = await startTestGateway({ NODE_ENV: 'production' });
    open.push(gateway);
    const { status, body } = await gateway.query(document, variables);
    expect(status).toBe(400);
    expect(body.errors).not.toEqual([]);
    expect(JSON.stringify(body)).not.toMatch(/did you mean|MEDIA_TYPE\b|\bmonth\b/i);
  });

  it('reports to nobody and answers alike, whatever APOLLO_ variables are set', async () => {
    const listener = await startListener();
    const gateway = await start({
      APOLLO_KEY: 'service:graph:secret',
      APOLLO_GRAPH_REF: 'graph@current',
      APOLLO_SCHEMA_REPORTING: 'true',
      APOLLO_USAGE_REPORTING_ENDPOINT: listener.url,
    });
    const document = 'query ($callId: ID!) { call(vdn: 170, callId: $callId) { callId } }';
    for (let time = 0; time < 5; time += 1) {
      const callId = newCallId();
      expect((await gateway.query(document, { callId })).body).toEqual({ data: { call: { callId } } });
    }
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('calltrace_fast_path_requests_total{outcome="answered"} 3\n');
    expect(listener.connections()).toBe(0);
    expect(gateway.lines.filter((line) => /apollo|"level":[4-6]0/i.test(line))).toEqual([]);
  });

  it(
    'holds less than 60 MiB more after 5,000 long documents that nobody had sent before, and still answers known ones fast',
    async () => {
      const gateway = await start({ RATE_LIMIT_POINTS_PER_MINUTE: '0' });
      const known = 'query ($callId: ID!) { call(vdn: 170, callId: $callId) { callId } }';
      const callId = newCallId();
      // Of no call, so that little is completed. 5,000 of them are 75 MB of text alone, and some 190 fields each once parsed.
      const unknown = newCallId(NEVER_FOUND);
      const fields =
        'callIdNum position isLast mediaType deviceType deviceNo enterReason leaveReason waitBegin callEnd';
      const legs = Array.from({ length: 17 }, (_, n) => `legs${n}: legs { ${fields} }`).join(' ');
      const comment = '#'.repeat(13_200);
      const documentOf = (index: number): string =>
        `query Flood${index} { call(vdn: 170, callId: "${unknown}") { callId ${legs} } } ${comment}`;
      expect(documentOf(0).length).toBeGreaterThan(15_000);
      let next = 0;
      const flood = async (count: number): Promise<void> => {
        const end = next + count;
        const client = async (): Promise<void> => {
          while (next < end) {
            const { status } = await gateway.query(documentOf(next++));
            if (status !== 200) throw new Error(`a document of the flood got ${status}`);
          }
        };
        await Promise.all(Array.from({ length: 8 }, client));
      };
      for (let time = 0; time < 3; time += 1) await gateway.query(known, { callId });
      await flood(1_000); // what any load brings about is there
      const before = residentBytes(gateway);
      await flood(5_000);
      const grown = (residentBytes(gateway) - before) / MIB;
      expect(grown).toBeLessThan(60);
      await gateway.query(known, { callId });
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(metrics).toMatch(/^calltrace_fast_path_requests_total\{outcome="answered"\} 2$/m);
    },
    10 * MINUTE_MS,
  );
});
