import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamUnavailableError } from '../../src/call/errors.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import { addMonths, monthBounds, monthOf } from '../../src/call/month.js';
import type { CallDetailRecord, CallTrace } from '../../src/call/trace.js';
import { withMemory } from '../../src/tiers/memory.js';
import { withMonthEdge, type MonthEdgeOptions } from '../../src/tiers/month-edge.js';
import { createTraceMemory } from '../../src/tiers/trace-memory.js';
import { createKey, createRecord, createTrace } from '../fixtures/records.js';
import { describeFetchTraces } from '../support/contract.js';
import { answerFor, emptyTrace, FRESHNESS, HOUR_MS, MINUTE_MS, traceFor, upstreamOf } from '../support/traces.js';

const at = (iso: string): number => Date.parse(iso);
const EDGE_MS = 12 * HOUR_MS;
const SETTLE_MS = 5 * MINUTE_MS;
/** Later than all months of these tests. */
const LATER = at('2026-01-20T12:00:00Z');
const FAILURE = new UpstreamUnavailableError('the contact centre is away');

const optionsFor = (zone: string, now: () => number = () => LATER): MonthEdgeOptions => ({
  edgeMs: EDGE_MS,
  timeZoneOf: () => zone,
  settleMs: SETTLE_MS,
  now,
});

describeFetchTraces('withMonthEdge', ({ next, now }) => ({ fetchTraces: withMonthEdge(next, optionsFor('UTC', now)) }));

/** A key whose call ID says nothing about when the call was. */
const keyIn = (month: string, change: Partial<Omit<TraceKey, 'month'>> = {}): TraceKey =>
  createKey({ callId: 'call-1', ...change, month });

/** A leg that began and ended then. */
const legAt = (instant: number, callIdNum: number, change: Partial<CallDetailRecord> = {}): CallDetailRecord =>
  createRecord({ callIdNum, callBegin: instant, callEnd: instant, ...change });

/** The stage over tables of records, one for each month; a month without one knows nothing of the call. */
function setUp(tables: Readonly<Record<string, CallDetailRecord[]>>, options = optionsFor('UTC')) {
  const upstream = upstreamOf((key) => traceOf(key, tables[key.month] ?? []));
  return {
    upstream,
    fetchTraces: withMonthEdge(upstream.fetchTraces, options),
    monthsAsked: () => upstream.batches.flatMap(({ keys }) => keys.map(({ month }) => month as string)),
  };
}

function traceOf(key: TraceKey, records: CallDetailRecord[], change: Partial<CallTrace> = {}): CallTrace {
  const final = records.some(({ callIdNum }) => callIdNum === -1);
  return createTrace(records, { key, final, fetchedAt: LATER, ...change });
}

const numbers = ({ records }: CallTrace): number[] => records.map(({ callIdNum }) => callIdNum);

/** An instant of a call, the month it is asked for in, and the neighbour that is asked too. */
type EdgeRow = [zone: string, instant: string, month: string, neighbour: string | null];

/** The call goes on after this instant, so that the rest may lie in the month after. */
const NO_FINAL_LEG: EdgeRow[] = [
  ['UTC', '2025-05-31T23:59:59.999Z', '2025-05', '2025-06'],
  ['UTC', '2025-05-31T12:00:00.000Z', '2025-05', '2025-06'],
  ['UTC', '2025-05-31T11:59:59.999Z', '2025-05', null],
  ['UTC', '2025-05-15T12:00:00.000Z', '2025-05', null],
  ['UTC', '2024-12-31T20:00:00.000Z', '2024-12', '2025-01'],
  ['UTC', '2024-02-29T12:00:00.000Z', '2024-02', '2024-03'],
  ['UTC', '2024-02-28T23:00:00.000Z', '2024-02', null],
  ['UTC', '2025-02-28T12:00:00.000Z', '2025-02', '2025-03'],
  ['Asia/Shanghai', '2025-05-31T15:59:59.999Z', '2025-05', '2025-06'],
  ['Asia/Shanghai', '2025-05-31T04:00:00.000Z', '2025-05', '2025-06'],
  ['Asia/Shanghai', '2025-05-31T03:59:59.999Z', '2025-05', null],
  ['Asia/Shanghai', '2024-12-31T10:00:00.000Z', '2024-12', '2025-01'],
  ['America/Sao_Paulo', '2025-06-01T02:59:59.999Z', '2025-05', '2025-06'],
  ['America/Sao_Paulo', '2025-05-31T15:00:00.000Z', '2025-05', '2025-06'],
  ['America/Sao_Paulo', '2025-05-31T14:59:59.999Z', '2025-05', null],
  ['America/Sao_Paulo', '2018-11-30T14:00:00.000Z', '2018-11', '2018-12'],
  ['America/Sao_Paulo', '2018-11-30T13:59:59.999Z', '2018-11', null],
  ['Europe/Berlin', '2021-03-31T10:00:00.000Z', '2021-03', '2021-04'],
  ['Europe/Berlin', '2021-03-31T09:59:59.999Z', '2021-03', null],
  ['Europe/Berlin', '2021-10-31T11:00:00.000Z', '2021-10', '2021-11'],
  ['Europe/Berlin', '2021-10-31T10:59:59.999Z', '2021-10', null],
];

/** The call came from somewhere before this instant, so that its beginning may lie in the month before. */
const NO_FIRST_LEG: EdgeRow[] = [
  ['UTC', '2025-06-01T00:00:00.000Z', '2025-06', '2025-05'],
  ['UTC', '2025-06-01T12:00:00.000Z', '2025-06', '2025-05'],
  ['UTC', '2025-06-01T12:00:00.001Z', '2025-06', null],
  ['UTC', '2025-06-15T12:00:00.000Z', '2025-06', null],
  ['UTC', '2025-01-01T01:00:00.000Z', '2025-01', '2024-12'],
  ['UTC', '2024-03-01T01:00:00.000Z', '2024-03', '2024-02'],
  ['Asia/Shanghai', '2025-05-31T16:00:00.000Z', '2025-06', '2025-05'],
  ['Asia/Shanghai', '2025-06-01T04:00:00.000Z', '2025-06', '2025-05'],
  ['Asia/Shanghai', '2025-06-01T04:00:00.001Z', '2025-06', null],
  ['America/Sao_Paulo', '2025-06-01T15:00:00.000Z', '2025-06', '2025-05'],
  ['America/Sao_Paulo', '2025-06-01T15:00:00.001Z', '2025-06', null],
  ['America/Sao_Paulo', '2018-12-01T14:00:00.000Z', '2018-12', '2018-11'],
  ['America/Sao_Paulo', '2018-12-01T14:00:00.001Z', '2018-12', null],
  ['Europe/Berlin', '2021-04-01T10:00:00.000Z', '2021-04', '2021-03'],
  ['Europe/Berlin', '2021-04-01T10:00:00.001Z', '2021-04', null],
  ['Europe/Berlin', '2021-11-01T11:00:00.000Z', '2021-11', '2021-10'],
  ['Europe/Berlin', '2021-11-01T11:00:00.001Z', '2021-11', null],
];

describe('withMonthEdge', () => {
  it.each(NO_FINAL_LEG)(
    'asks in %s for a call that goes on after %s in %s and then in %s',
    async (zone, instant, month, neighbour) => {
      const { fetchTraces, monthsAsked } = setUp({ [month]: [legAt(at(instant), 1)] }, optionsFor(zone));
      await traceFor(fetchTraces, keyIn(month));
      expect(monthsAsked()).toEqual(neighbour === null ? [month] : [month, neighbour]);
    },
  );

  it.each(NO_FIRST_LEG)(
    'asks in %s for a call that began before %s in %s and then in %s',
    async (zone, instant, month, neighbour) => {
      const { fetchTraces, monthsAsked } = setUp({ [month]: [legAt(at(instant), -1)] }, optionsFor(zone));
      await traceFor(fetchTraces, keyIn(month));
      expect(monthsAsked()).toEqual(neighbour === null ? [month] : [month, neighbour]);
    },
  );

  it.each([...NO_FINAL_LEG, ...NO_FIRST_LEG])(
    'asks in %s for a call that was not found, logged at %s, in %s and then in %s',
    async (zone, instant, month, neighbour) => {
      const { fetchTraces, monthsAsked } = setUp({}, optionsFor(zone));
      await traceFor(fetchTraces, keyIn(month, { loggedAt: at(instant) }));
      expect(monthsAsked()).toEqual(neighbour === null ? [month] : [month, neighbour]);
    },
  );

  it.each([...NO_FINAL_LEG, ...NO_FIRST_LEG].filter(([, instant]) => /:00\.000Z$/.test(instant)))(
    'asks in %s for a call that was not found, whose ID begins with %s, in %s and then in %s',
    async (zone, instant, month, neighbour) => {
      for (const head of [at(instant), at(instant) / 1000]) {
        const { fetchTraces, monthsAsked } = setUp({}, optionsFor(zone));
        await traceFor(fetchTraces, keyIn(month, { callId: `${head}-7` }));
        expect(monthsAsked()).toEqual(neighbour === null ? [month] : [month, neighbour]);
      }
    },
  );

  it.each([
    ['a whole call at the start of its month', '2025-06-01T00:10:00Z', '2025-06'],
    ['a whole call at the end of its month', '2025-05-31T23:50:00Z', '2025-05'],
  ])('asks once for %s', async (_, instant, month) => {
    const records = [legAt(at(instant), 1), legAt(at(instant) + 1, -1)];
    const { fetchTraces, monthsAsked } = setUp({ [month]: records });
    await traceFor(fetchTraces, keyIn(month, { loggedAt: at(instant) }));
    expect(monthsAsked()).toEqual([month]);
  });

  it('asks once for a call of which no instant is known', async () => {
    const { fetchTraces, monthsAsked } = setUp({ '2025-06': [createRecord({ callIdNum: 2 })] });
    await fetchTraces([keyIn('2025-06'), keyIn('2025-05')]);
    expect(monthsAsked()).toEqual(['2025-06', '2025-05']);
  });

  it('asks for no neighbour where the edge is 0 wide', async () => {
    const { fetchTraces, monthsAsked } = setUp({}, { ...optionsFor('UTC'), edgeMs: 0 });
    await traceFor(fetchTraces, keyIn('2025-06', { loggedAt: at('2025-06-01T00:00:00Z') }));
    expect(monthsAsked()).toEqual(['2025-06']);
  });

  it.each([
    ['a record’s begin alone', { callBegin: at('2025-05-31T23:00:00Z'), callEnd: null }],
    ['a record’s end alone', { callBegin: at('2025-05-20T00:00:00Z'), callEnd: at('2025-05-31T23:00:00Z') }],
  ])('sees the edge by %s', async (_, change) => {
    const { fetchTraces, monthsAsked } = setUp({ '2025-05': [legAt(0, 1, change)] });
    await traceFor(fetchTraces, keyIn('2025-05'));
    expect(monthsAsked()).toEqual(['2025-05', '2025-06']);
  });

  it('never asks for a month that has not begun', async () => {
    let now = at('2025-05-31T15:59:59.999Z');
    const { fetchTraces, monthsAsked } = setUp(
      {},
      optionsFor('Asia/Shanghai', () => now),
    );
    const key = keyIn('2025-05', { loggedAt: now });
    await traceFor(fetchTraces, key);
    expect(monthsAsked()).toEqual(['2025-05']);
    now += 1;
    await traceFor(fetchTraces, key);
    expect(monthsAsked()).toEqual(['2025-05', '2025-05', '2025-06']);
  });

  it('asks each call centre’s neighbours by its own zone', async () => {
    const zones = new Map([
      [1, 'UTC'],
      [2, 'Asia/Shanghai'],
    ]);
    const { fetchTraces, upstream } = setUp({}, { ...optionsFor(''), timeZoneOf: (ccId) => zones.get(ccId) ?? '' });
    const loggedAt = at('2025-05-31T04:00:00Z');
    await fetchTraces([keyIn('2025-05', { ccId: 1, loggedAt }), keyIn('2025-05', { ccId: 2, loggedAt })]);
    expect(upstream.batches[1]?.keys.map(({ ccId, month }) => [ccId, month])).toEqual([[2, '2025-06']]);
  });

  it('asks for the neighbours of all keys of a batch together, as the first question was to be answered', async () => {
    const { fetchTraces, upstream } = setUp({ '2025-05': [legAt(at('2025-05-31T23:00:00Z'), 1)] });
    const ask = { refresh: true, deadlineAt: 17, signal: new AbortController().signal };
    const keys = ['call-1', 'call-2'].map((callId) => keyIn('2025-05', { callId }));
    await fetchTraces([...keys, keyIn('2025-03')], ask);
    expect(upstream.batches).toHaveLength(2);
    expect(upstream.batches[1]?.keys.map(({ callId, month }) => [callId, month])).toEqual([
      ['call-1', '2025-06'],
      ['call-2', '2025-06'],
    ]);
    expect(upstream.batches.map((batch) => batch.ask)).toEqual([ask, ask]);
  });

  it('asks at most once more for a call, and never far from an edge', async () => {
    const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/Sao_Paulo', 'Europe/Berlin', 'Asia/Kolkata');
    const instants = fc.integer({ min: at('2018-01-01T00:00:00Z'), max: at('2025-12-31T23:59:59Z') });
    const legs = fc.subarray([1, 2, 3, -1]);
    await fc.assert(
      fc.asyncProperty(zones, instants, legs, fc.nat(2 * EDGE_MS), async (zone, instant, present, stepMs) => {
        const month = monthOf(instant, zone);
        const { startsAt, endsAt } = monthBounds(month, zone);
        const times = present.map((_, index) => Math.min(instant + index * stepMs, endsAt - 1));
        const records = present.map((callIdNum, index) => legAt(times[index] ?? instant, callIdNum));
        const { fetchTraces, monthsAsked } = setUp({ [month]: records }, optionsFor(zone));
        await traceFor(fetchTraces, keyIn(month, { loggedAt: instant }));
        const [own, neighbour, ...more] = monthsAsked();
        expect([own, ...more]).toEqual([month]);
        const near = (edge: number) => [instant, ...times].some((time) => Math.abs(time - edge) <= EDGE_MS);
        if (neighbour === undefined) return;
        expect(neighbour === addMonths(month, -1) ? near(startsAt) : near(endsAt)).toBe(true);
        expect([addMonths(month, -1), addMonths(month, 1)]).toContain(neighbour);
        expect(present.includes(1) && present.includes(-1)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  describe('what it makes of two months', () => {
    const MIDNIGHT = at('2025-06-01T00:00:00Z');
    const BEFORE = [legAt(MIDNIGHT - 3000, 1), legAt(MIDNIGHT - 2000, 2)];
    const AFTER = [legAt(MIDNIGHT + 1000, 3), legAt(MIDNIGHT + 2000, -1)];

    it.each(['2025-05', '2025-06'])('is the whole call, in order, asked for in %s', async (month) => {
      const { fetchTraces } = setUp({ '2025-05': BEFORE, '2025-06': AFTER });
      const trace = await traceFor(fetchTraces, keyIn(month));
      expect(trace.records).toEqual([...BEFORE, ...AFTER]);
      expect(trace).toMatchObject({ key: keyIn(month), final: true, emptyStreak: 0, stale: false });
    });

    it('holds a leg that lies in both months once', async () => {
      const { fetchTraces } = setUp({
        '2025-05': [...BEFORE, ...AFTER.slice(0, 1)],
        '2025-06': [...BEFORE.slice(1), ...AFTER],
      });
      expect(numbers(await traceFor(fetchTraces, keyIn('2025-05')))).toEqual([1, 2, 3, -1]);
    });

    it('is found where the client’s month knew nothing of the call', async () => {
      const { fetchTraces } = setUp({ '2025-06': [legAt(MIDNIGHT + 1, 1), ...AFTER] });
      const trace = await traceFor(fetchTraces, keyIn('2025-05', { loggedAt: MIDNIGHT - 1 }));
      expect(numbers(trace)).toEqual([1, 3, -1]);
      expect(trace).toMatchObject({ final: true, emptyStreak: 0 });
    });

    it('stays unfinished while the final leg is in neither', async () => {
      const { fetchTraces } = setUp({ '2025-05': BEFORE, '2025-06': AFTER.slice(0, 1) });
      expect(await traceFor(fetchTraces, keyIn('2025-05'))).toMatchObject({ final: false });
    });

    it('is as old as the older of its parts, and final by that time alone', async () => {
      const endedAt = MIDNIGHT + 2000;
      const fetchedAt: Record<string, number> = { '2025-05': endedAt + SETTLE_MS, '2025-06': endedAt + 2 * SETTLE_MS };
      const upstream = upstreamOf((key) =>
        traceOf(key, key.month === '2025-05' ? BEFORE : AFTER, { fetchedAt: fetchedAt[key.month] ?? 0 }),
      );
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      const merged = (): Promise<CallTrace> => traceFor(fetchTraces, keyIn('2025-06'));
      expect(await merged()).toMatchObject({ fetchedAt: endedAt + SETTLE_MS, final: true });
      fetchedAt['2025-05'] = endedAt + SETTLE_MS - 1;
      expect(await merged()).toMatchObject({ fetchedAt: endedAt + SETTLE_MS - 1, final: false });
    });

    it.each([
      ['its own month', '2025-05'],
      ['the neighbour', '2025-06'],
      ['neither', 'none'],
    ])('is stale where the part of %s is', async (_, staleMonth) => {
      const upstream = upstreamOf((key) =>
        traceOf(key, key.month === '2025-05' ? BEFORE : AFTER, { stale: key.month === staleMonth }),
      );
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      expect((await traceFor(fetchTraces, keyIn('2025-05'))).stale).toBe(staleMonth !== 'none');
    });

    it('is not found where neither month knows the call, for the shorter of both times in a row', async () => {
      const streaks: Record<string, number> = { '2025-05': 5, '2025-06': 3 };
      const upstream = upstreamOf((key) => emptyTrace(key, { emptyStreak: streaks[key.month] ?? 1 }));
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      const trace = await traceFor(fetchTraces, keyIn('2025-05', { loggedAt: MIDNIGHT - 1 }));
      expect(trace).toMatchObject({ records: [], final: false, emptyStreak: 3 });
    });

    it('goes to the right keys of a batch', async () => {
      const upstream = upstreamOf((key) => {
        if (key.callId === 'failing') return FAILURE;
        if (key.callId === 'whole') return traceOf(key, [legAt(MIDNIGHT - 2, 1), legAt(MIDNIGHT - 1, -1)]);
        const mark = { deviceNo: key.callId };
        return traceOf(key, key.month === '2025-05' ? [legAt(MIDNIGHT - 2, 1, mark)] : [legAt(MIDNIGHT, -1, mark)]);
      });
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      const callIds = ['whole', 'split-1', 'failing', 'split-2', 'split-1'];
      const answers = await fetchTraces(callIds.map((callId) => keyIn('2025-05', { callId })));
      expect(answers[2]).toBe(FAILURE);
      for (const index of [1, 3, 4]) {
        const trace = answers[index] as CallTrace;
        expect(numbers(trace)).toEqual([1, -1]);
        expect(new Set(trace.records.map(({ deviceNo }) => deviceNo))).toEqual(new Set([callIds[index]]));
      }
      expect(numbers(answers[0] as CallTrace)).toEqual([1, -1]);
    });
  });

  describe('when the neighbour cannot be asked', () => {
    const MIDNIGHT = at('2025-06-01T00:00:00Z');
    const askIn = (month: string, own: CallDetailRecord[]) => {
      const key = keyIn(month, { loggedAt: MIDNIGHT });
      const upstream = upstreamOf((asked) => (asked.month === month ? traceOf(asked, own) : FAILURE));
      return answerFor(withMonthEdge(upstream.fetchTraces, optionsFor('UTC')), key);
    };

    it('answers with the legs of its own month', async () => {
      const own = [legAt(MIDNIGHT - 1, 1)];
      expect(await askIn('2025-05', own)).toMatchObject({ records: own, final: false });
    });

    it('does not call a trace final that may lack its beginning', async () => {
      const own = [legAt(MIDNIGHT + 1, 3), legAt(MIDNIGHT + 2, -1)];
      expect(await askIn('2025-06', own)).toMatchObject({ records: own, final: false });
    });

    it('answers with the failure where its own month knows nothing of the call', async () => {
      expect(await askIn('2025-05', [])).toBe(FAILURE);
    });

    it('asks no neighbour of a month that failed itself', async () => {
      const upstream = upstreamOf(() => FAILURE);
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      expect(await answerFor(fetchTraces, keyIn('2025-05', { loggedAt: MIDNIGHT - 1 }))).toBe(FAILURE);
      expect(upstream.askedFor).toHaveLength(1);
    });
  });

  it('leaves each month under its own key in the memory below', async () => {
    const midnight = at('2025-06-01T00:00:00Z');
    const tables: Record<string, CallDetailRecord[]> = {
      '2025-05': [legAt(midnight - 1, 1)],
      '2025-06': [legAt(midnight + 1, -1)],
    };
    const upstream = upstreamOf((key) => traceOf(key, tables[key.month] ?? []));
    const memory = createTraceMemory(1_000_000);
    const now = (): number => LATER;
    const remembered = withMemory(upstream.fetchTraces, memory, {
      freshness: FRESHNESS,
      staleWhileRevalidate: false,
      now,
    });
    const fetchTraces = withMonthEdge(remembered, optionsFor('UTC'));
    expect(numbers(await traceFor(fetchTraces, keyIn('2025-05')))).toEqual([1, -1]);
    for (const month of ['2025-05', '2025-06']) {
      const held = memory.get(traceKeyText(keyIn(month)));
      expect(held?.records).toEqual(tables[month]);
      expect(held?.key.month).toBe(month);
    }
    expect(numbers(await traceFor(fetchTraces, keyIn('2025-06')))).toEqual([1, -1]);
    expect(upstream.askedFor).toHaveLength(2);
  });
});
