import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FAULT_NAMES } from '../simulator/fault-names.js';
import type { Simulator, SimulatorOptions } from '../simulator/simulator.js';
import { eventually } from './cache/redis/support/eventually.js';
import { createAuthority } from './upstream/support/certificates.js';
import { createEstate, type EstateGateway } from './upstream/support/estate.js';
import {
  FAULT_TABLE,
  faultTableMarkdown,
  LOGS,
  TIMES,
  titleOf,
  type FaultRow,
} from './upstream/support/fault-table.js';

const estate = createEstate();
afterEach(estate.close);

/** The story of a call of five legs. */
const BLIND_TRANSFER = 5;
/** Two hours ago the calls of this file began: they are over, and their month is not, or only just. Unit: seconds since 1970-01-01 UTC. */
let lastStart = Math.floor(Date.now() / 1000) - 7_200;

function newCallId(): string {
  lastStart -= 1;
  return `${lastStart}-${BLIND_TRANSFER}`;
}
const ATTEMPT_TIMEOUT_MS = 300;
/** Beyond the first pause of the lock-out guard. Unit: ms. */
const PROBE_DUE_MS = 31_000;

const CALL = `query ($callId: ID!, $refresh: Boolean) {
  call(vdn: 170, callId: $callId, refresh: $refresh) {
    callId complete startedAt endedAt durationMs releaseCauseCode
    legs {
      callIdNum isLast mediaTypeCode deviceType deviceTypeCode deviceNo callerNo calleeNo
      enterReasonCode leaveReasonCode releaseCauseCode currentSkillId waitBegin ackBegin callBegin callEnd
    }
    freshness { source stale final }
  }
}`;

interface Leg {
  readonly callIdNum: number;
  readonly deviceType: string | null;
  readonly deviceTypeCode: number | null;
  readonly callBegin: string | null;
  readonly callEnd: string | null;
}

interface Call {
  readonly callId: string;
  readonly complete: boolean;
  readonly legs: readonly Leg[];
  readonly freshness: { readonly source: string; readonly stale: boolean; readonly final: boolean };
}

/** What one operation was answered: a call, null, or an error. */
async function ask(gateway: EstateGateway, callId: string, refresh = false) {
  const { body } = await gateway.query(CALL, { callId, refresh });
  const [error, ...more] = body.errors ?? [];
  expect(more).toEqual([]);
  return { call: body.data?.['call'] as Call | null | undefined, error };
}

function withoutFreshness(call: Call | null | undefined) {
  return { ...call, freshness: undefined };
}

/** A contact centre, a gateway before it that has been answered once, and what it answers when nothing is wrong. */
async function prepare() {
  const simulator = await estate.startCentre({ lockAfter: 1000 });
  const callId = newCallId();
  const { call: right } = await ask(await estate.openGateway(simulator), callId);
  let ahead = 0;
  const gateway = await estate.openGateway(simulator, {
    env: {
      CMS_MAX_RETRIES: '2',
      CMS_ATTEMPT_TIMEOUT_MS: String(ATTEMPT_TIMEOUT_MS),
      CACHE_SETTLE_SECONDS: '0',
      MONTH_EDGE_HOURS: '0',
    },
    clock: { wall: () => Date.now() + ahead, monotonic: () => performance.now() + ahead },
  });
  await ask(gateway, newCallId());
  simulator.reset();
  if (!right) throw new Error('the contact centre has no such call');
  return { simulator, gateway, callId, right, passPause: () => void (ahead = PROBE_DUE_MS) };
}

function strike(simulator: Simulator, { fault, retryAfter }: FaultRow): void {
  simulator.configure({ fault, slowMs: 100, retryAfter: retryAfter?.() ?? null });
}

/** Lines of state at level warn or above, in order: level and message. */
function warnings(gateway: EstateGateway): unknown[] {
  return gateway.logLines.filter(({ level }) => Number(level) >= 40).map(({ level, msg }) => [level, msg]);
}

function linesOf({ log }: FaultRow): unknown[] {
  return LOGS[log].map(([level, text]) => [level, expect.stringContaining(text)]);
}

const FAILING = FAULT_TABLE.filter(({ answer }) => 'code' in answer).map((row) => [titleOf(row), row] as const);
const ANSWERED = FAULT_TABLE.filter(({ answer }) => 'call' in answer).map((row) => [titleOf(row), row] as const);

describe('the table of faults', () => {
  it('has every fault of the simulator', () => {
    expect(new Set(FAULT_TABLE.map(({ fault }) => fault))).toEqual(new Set(FAULT_NAMES));
    expect(new Set(FAULT_TABLE.map(titleOf)).size).toBe(FAULT_TABLE.length);
  });

  it('stands in docs/upstream.md as it is tested here', () => {
    const document = readFileSync('docs/upstream.md', 'utf8');
    const section = document.split(/^## /m).find((part) => part.startsWith('Faults'));
    const table = (section ?? '').split('\n').filter((line) => /^\| (fault|---|`)/.test(line));
    expect(table.join('\n')).toBe(faultTableMarkdown());
  });
});

describe('a fault that fails the question', () => {
  it.each(FAILING)('%s', async (_, row) => {
    const { simulator, gateway, callId, right, passPause } = await prepare();
    strike(simulator, row);

    const startedAt = performance.now();
    const { call, error } = await ask(gateway, callId);
    const ms = performance.now() - startedAt;
    expect(call).toBeNull();
    expect(error).toMatchObject({ path: ['call'], extensions: row.answer });
    expect(simulator.countOf(callId)).toBe(row.attempts);
    expect(simulator.redirectsFollowed).toBe(0);
    expect(ms).toBeGreaterThanOrEqual(TIMES[row.time].atLeast);
    expect(ms).toBeLessThanOrEqual(TIMES[row.time].atMost);

    // It lasts: what an operator reads.
    const others = Array.from({ length: 4 }, newCallId);
    // What is not repeated is asked for one after the other: four huge bodies at once can take longer than an attempt may.
    if (row.attempts === 1) for (const other of others) await ask(gateway, other);
    else await Promise.all(others.map((other) => ask(gateway, other)));
    expect(warnings(gateway)).toEqual(linesOf(row));

    // It ends: nothing was kept of it, and the next answer is right.
    simulator.configure({ fault: null });
    passPause();
    let next: Call | null | undefined;
    await eventually('the next good answer', async () => {
      next = (await ask(gateway, callId)).call;
      return next !== null;
    });
    expect(next).toEqual({ ...right, freshness: { source: 'UPSTREAM', stale: false, final: true } });
  });
});

describe('a fault that is answered all the same', () => {
  it.each(ANSWERED)('%s', async (_, row) => {
    const { simulator, gateway, callId, right, passPause } = await prepare();
    strike(simulator, row);

    const startedAt = performance.now();
    const { call, error } = await ask(gateway, callId);
    const ms = performance.now() - startedAt;
    expect(error).toBeUndefined();
    expect(simulator.countOf(callId)).toBe(row.attempts);
    expect(ms).toBeGreaterThanOrEqual(TIMES[row.time].atLeast);
    expect(ms).toBeLessThanOrEqual(TIMES[row.time].atMost);
    expectCall(row, call, right);
    expect(warnings(gateway)).toEqual(linesOf(row));

    // It ends: what was kept is what the contact centre said, and one that asks anew is told what is right.
    simulator.configure({ fault: null });
    const { call: kept } = await ask(gateway, callId);
    expect(withoutFreshness(kept)).toEqual(withoutFreshness(call));
    expect(simulator.countOf(callId)).toBe(row.attempts);
    passPause();
    const { call: next } = await ask(gateway, callId, true);
    expect(withoutFreshness(next)).toEqual(withoutFreshness(right));
  });

  function expectCall({ answer }: FaultRow, call: Call | null | undefined, right: Call): void {
    switch ('call' in answer ? answer.call : undefined) {
      case 'RIGHT':
        expect(withoutFreshness(call)).toEqual(withoutFreshness(right));
        return;
      case 'NOT_FOUND':
        expect(call).toBeNull();
        return;
      case 'UNKNOWN_CODES':
        expect(call?.legs).toHaveLength(right.legs.length);
        for (const leg of call?.legs ?? []) expect(leg).toMatchObject({ deviceType: 'UNKNOWN', deviceTypeCode: 9999 });
        return;
      case 'TWO_FINALS':
        expect(call?.legs.map(({ callIdNum }) => callIdNum)).toEqual([1, 2, 3, 4, -1]);
        expect(Date.parse(call?.legs[4]?.callEnd ?? '')).toBe(Date.parse(right.legs[4]?.callEnd ?? '') + 1000);
        return;
      case 'WITHOUT_BEGINS':
        expect(call?.legs).toEqual(right.legs.map((leg) => ({ ...leg, callBegin: null })));
        return;
      case 'IN_PROGRESS':
        expect(call).toMatchObject({ complete: false, legs: right.legs.slice(0, -1), freshness: { final: false } });
        return;
      case 'WITHOUT_TIMES':
        expect(call?.legs).toHaveLength(right.legs.length);
        expect(call?.freshness.final).toBe(false);
        for (const leg of call?.legs ?? []) expect(leg).toMatchObject({ callBegin: null, callEnd: null });
        return;
      default:
        throw new Error('this row is no answer');
    }
  }
});

describe('a fault on the way to the contact centre', () => {
  const unavailable = { extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } };
  const { ca, server } = createAuthority('Test Authority');
  /** Requests that came to this, as the metric counts them. */
  const attempts = async (gateway: EstateGateway, outcome: string): Promise<number> => {
    const series = `calltrace_upstream_attempts_total{outcome="${outcome}"} `;
    const line = (await gateway.metrics()).split('\n').find((one) => one.startsWith(series));
    return Number(line?.slice(series.length) ?? 0);
  };

  /** A gateway that trusts one authority, before an address where this one answers. */
  async function prepareTls(centre: SimulatorOptions) {
    const simulator = await estate.startCentre(centre);
    const gateway = await estate.openGateway(simulator, {
      env: { CMS_MAX_RETRIES: '2', CMS_CA_FILE: '/ca' },
      readFile: () => ca,
    });
    return { simulator, gateway };
  }

  /** It fails as long as it lasts, in the log too; then the right one takes its place at the address. */
  async function expectUnavailable(
    gateway: EstateGateway,
    simulator: Simulator,
    cause: string,
    words: string,
  ): Promise<void> {
    const callId = newCallId();
    const startedAt = performance.now();
    expect((await ask(gateway, callId)).error).toMatchObject(unavailable);
    expect(performance.now() - startedAt).toBeLessThan(TIMES.TWO_PAUSES.atMost);
    expect(await attempts(gateway, cause)).toBe(3);
    await ask(gateway, newCallId());
    expect(warnings(gateway)).toEqual([
      [40, expect.stringContaining(`a request to the contact centre failed: ${words}`)],
      [40, expect.stringContaining('the contact centre keeps failing at this address')],
    ]);

    await simulator.close();
    await estate.startCentre({ port: Number(new URL(simulator.url).port), tls: server });
    await eventually('the next good answer', async () => {
      const { call } = await ask(gateway, callId);
      if (call) expect(call).toMatchObject({ callId, complete: true, freshness: { source: 'UPSTREAM' } });
      return Boolean(call);
    });
  }

  it('is UPSTREAM_UNAVAILABLE where its certificate is not trusted, and nothing is sent', async () => {
    const { simulator, gateway } = await prepareTls({ tls: createAuthority('Unknown Authority').server });
    await expectUnavailable(gateway, simulator, 'tls', 'TLS failed');
    expect(simulator.total).toBe(0);
  });

  it('is UPSTREAM_UNAVAILABLE where the handshake fails, until it succeeds again', async () => {
    const { simulator, gateway } = await prepareTls({ tls: server });
    simulator.configure({ failHandshakes: 3 });
    const callId = newCallId();
    expect((await ask(gateway, callId)).error).toMatchObject(unavailable);
    expect((await attempts(gateway, 'reset')) + (await attempts(gateway, 'tls'))).toBe(3);
    expect(simulator.total).toBe(0);
    expect((await ask(gateway, callId)).call).toMatchObject({ callId, freshness: { source: 'UPSTREAM' } });
  });

  it('is UPSTREAM_UNAVAILABLE where nobody listens', async () => {
    const { simulator, gateway } = await prepareTls({ tls: server });
    await simulator.close();
    await expectUnavailable(gateway, simulator, 'refused', 'the connection was refused');
  });
});
