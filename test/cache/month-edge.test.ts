import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createInvalidations } from '../../src/cache/invalidations.js';
import { createTraceMemory, withMemory } from '../../src/cache/memory.js';
import { neighbourOf, withMonthEdge, type MonthEdgeRules } from '../../src/cache/month-edge.js';
import { UpstreamUnavailableError } from '../../src/call/errors.js';
import type { AskOptions } from '../../src/call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import { addMonths, type CallMonth, monthBounds, monthOf } from '../../src/call/month.js';
import type { CallDetailRecord, CallTrace } from '../../src/call/trace.js';
import { createKey, createRecord, createTrace } from '../fixtures/records.js';
import { describeStage } from '../support/contract.js';
import {
  answerFor,
  emptyTrace,
  finalTrace,
  HOUR_MS,
  lifeByDefault,
  MINUTE_MS,
  quiet,
  traceFor,
  upstreamOf,
} from '../support/traces.js';

const at = (iso: string): number => Date.parse(iso);
const EDGE_MS = 12 * HOUR_MS;
/** Later than all months of these tests. */
const LATER = at('2026-01-20T12:00:00Z');
const FAILURE = new UpstreamUnavailableError('the contact centre is away');

const optionsFor = (zone: string, now: () => number = () => LATER): MonthEdgeRules => ({
  edgeMs: EDGE_MS,
  monthBoundsOf: ({ month }) => monthBounds(month, zone),
  now,
});

describeStage('withMonthEdge', ({ next, clock }) => ({
  fetchTraces: withMonthEdge(next, optionsFor('UTC', clock.wall)),
}));

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
  return createTrace(records, { key, askedAt: LATER, ...change });
}

/** How to ask for a key that clients believe to have been logged then. */
const hinting = (key: TraceKey, ...instants: number[]): AskOptions => ({
  hints: new Map([[traceKeyText(key), instants]]),
});

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
  it.each(NO_FINAL_LEG.map(([zone, instant, month]) => [zone, instant, month] as const))(
    'asks in %s for a call that goes on after %s in %s and then in the month after, however far off that is',
    async (zone, instant, month) => {
      const { fetchTraces, monthsAsked } = setUp({ [month]: [legAt(at(instant), 1)] }, optionsFor(zone));
      await traceFor(fetchTraces, keyIn(month));
      expect(monthsAsked()).toEqual([month, addMonths(month as CallMonth, 1)]);
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
      await traceFor(fetchTraces, keyIn(month), hinting(keyIn(month), at(instant)));
      expect(monthsAsked()).toEqual(neighbour === null ? [month] : [month, neighbour]);
    },
  );

  const WHOLE_SECONDS = /:00\.000Z$/;
  const headsOf = (instant: string): string[] => [at(instant), at(instant) / 1000].map((head) => `${head}-7`);

  it.each(NO_FINAL_LEG.filter(([, instant]) => WHOLE_SECONDS.test(instant)))(
    'asks in %s for a call that was not found, whose ID begins with %s, in %s and then in %s',
    async (zone, instant, month, neighbour) => {
      for (const callId of headsOf(instant)) {
        const { fetchTraces, monthsAsked } = setUp({}, optionsFor(zone));
        await traceFor(fetchTraces, keyIn(month, { callId }));
        expect(monthsAsked()).toEqual(neighbour === null ? [month] : [month, neighbour]);
      }
    },
  );

  it.each(NO_FIRST_LEG.filter(([, instant]) => WHOLE_SECONDS.test(instant)))(
    'asks in %s for no month before that in which a call began by its ID, at %s in %s',
    async (zone, instant, month) => {
      const tables: CallDetailRecord[][] = [
        [],
        [legAt(at(instant), -1)],
        [legAt(at(instant), 2), legAt(at(instant), -1)],
      ];
      for (const records of tables) {
        for (const callId of headsOf(instant)) {
          const { fetchTraces, monthsAsked } = setUp({ [month]: records }, optionsFor(zone));
          const key = keyIn(month, { callId });
          await traceFor(fetchTraces, key, hinting(key, at(instant)));
          expect(monthsAsked()).toEqual([month]);
        }
      }
    },
  );

  it.each([
    ['UTC', '2025-05-31T23:59:59Z', '2025-06', '2025-05'],
    ['UTC', '2025-05-31T12:00:00Z', '2025-06', '2025-05'],
    ['UTC', '2025-05-31T11:59:59Z', '2025-06', null],
    ['Asia/Shanghai', '2025-05-31T15:59:59Z', '2025-06', '2025-05'],
    ['Asia/Shanghai', '2025-05-31T04:00:00Z', '2025-06', '2025-05'],
    ['Asia/Shanghai', '2025-05-31T03:59:59Z', '2025-06', null],
    ['UTC', '2025-07-01T00:00:00Z', '2025-06', '2025-07'],
  ])(
    'asks in %s for a call whose ID begins with %s, not found in %s, in %s',
    async (zone, instant, month, neighbour) => {
      for (const callId of headsOf(instant)) {
        const { fetchTraces, monthsAsked } = setUp({}, optionsFor(zone));
        await traceFor(fetchTraces, keyIn(month, { callId }));
        expect(monthsAsked()).toEqual(neighbour === null ? [month] : [month, neighbour]);
      }
    },
  );

  it.each([
    ['over, whose leg may end in any later month', LATER, ['2025-05', '2025-06']],
    ['that runs, for there is no later one', at('2025-05-31T23:00:00Z'), ['2025-05']],
  ])('asks for a call with an open leg, far from the end of a month %s', async (_, now, months) => {
    const records = [legAt(at('2025-05-10T09:00:00Z'), 1, { callEnd: null })];
    const { fetchTraces, monthsAsked } = setUp(
      { '2025-05': records },
      optionsFor('UTC', () => now),
    );
    await traceFor(fetchTraces, keyIn('2025-05'));
    expect(monthsAsked()).toEqual(months);
  });

  it.each([
    ['a whole call at the start of its month', '2025-06-01T00:10:00Z', '2025-06'],
    ['a whole call at the end of its month', '2025-05-31T23:50:00Z', '2025-05'],
  ])('asks once for %s', async (_, instant, month) => {
    const records = [legAt(at(instant), 1), legAt(at(instant) + 1, -1)];
    const { fetchTraces, monthsAsked } = setUp({ [month]: records });
    await traceFor(fetchTraces, keyIn(month), hinting(keyIn(month), at(instant)));
    expect(monthsAsked()).toEqual([month]);
  });

  it('asks once for a call of which no instant is known', async () => {
    const { fetchTraces, monthsAsked } = setUp({ '2025-06': [createRecord({ callIdNum: -1 })] });
    await Promise.all(fetchTraces([keyIn('2025-06'), keyIn('2025-05')]));
    expect(monthsAsked()).toEqual(['2025-06', '2025-05']);
  });

  it('asks for no neighbour where the edge is 0 wide', async () => {
    const { fetchTraces, monthsAsked } = setUp({}, { ...optionsFor('UTC'), edgeMs: 0 });
    await traceFor(fetchTraces, keyIn('2025-06'), hinting(keyIn('2025-06'), at('2025-06-01T00:00:00Z')));
    expect(monthsAsked()).toEqual(['2025-06']);
  });

  it.each([
    ['a record’s begin alone', { callBegin: at('2025-05-31T23:00:00Z'), callEnd: at('2025-06-02T00:00:00Z') }],
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
    const key = keyIn('2025-05');
    const ask = hinting(key, now);
    await traceFor(fetchTraces, key, ask);
    expect(monthsAsked()).toEqual(['2025-05']);
    now += 1;
    await traceFor(fetchTraces, key, ask);
    expect(monthsAsked()).toEqual(['2025-05', '2025-05', '2025-06']);
  });

  it('asks each call centre’s neighbours by its own zone', async () => {
    const zones = new Map([
      [1, 'UTC'],
      [2, 'Asia/Shanghai'],
    ]);
    const { fetchTraces, upstream } = setUp(
      {},
      {
        ...optionsFor(''),
        monthBoundsOf: ({ ccId, month }) => monthBounds(month, zones.get(ccId) ?? ''),
      },
    );
    const loggedAt = at('2025-05-31T04:00:00Z');
    const keys = [1, 2].map((ccId) => keyIn('2025-05', { ccId }));
    const hints = new Map(keys.map((key) => [traceKeyText(key), [loggedAt]]));
    await Promise.all(fetchTraces(keys, { hints }));
    expect(upstream.batches.slice(2).flatMap((batch) => batch.keys)).toEqual([keyIn('2025-06', { ccId: 2 })]);
  });

  it('asks for a neighbour as the first question was to be answered', async () => {
    const { fetchTraces, upstream } = setUp({ '2025-05': [legAt(at('2025-05-31T23:00:00Z'), 1)] });
    const ask = { refresh: true, deadlineAt: 17, signal: new AbortController().signal };
    await traceFor(fetchTraces, keyIn('2025-05'), ask);
    expect(upstream.batches).toHaveLength(2);
    for (const batch of upstream.batches) expect(batch.ask).toBe(ask);
  });

  it('answers every other key of a batch while the month, or the neighbour, of one of them hangs', async () => {
    const midnight = at('2025-06-01T00:00:00Z');
    const split: Record<string, CallDetailRecord[]> = {
      '2025-05': [legAt(midnight - 1, 1)],
      '2025-06': [legAt(midnight, -1)],
    };
    const upstream = upstreamOf((key) => traceOf(key, split[key.month] ?? []));
    const hangs = ({ callId, month }: TraceKey): boolean =>
      callId === 'slow' || (callId === 'slow-neighbour' && month === '2025-06');
    const fetchTraces = withMonthEdge(
      (keys, ask) =>
        keys.flatMap((key) =>
          hangs(key) ? [new Promise<CallTrace>(() => undefined)] : upstream.fetchTraces([key], ask),
        ),
      optionsFor('UTC'),
    );
    const keys = ['slow', 'split-1', 'slow-neighbour', 'split-2'].map((callId) => keyIn('2025-05', { callId }));
    const come: string[] = [];
    const answers = fetchTraces(keys);
    answers.forEach((answer, index) => void answer.then(() => come.push(keys[index]?.callId ?? '')));
    const traces = (await Promise.all([answers[1], answers[3]])) as CallTrace[];
    expect(traces.map(numbers)).toEqual([
      [1, -1],
      [1, -1],
    ]);
    await quiet();
    expect(come.sort()).toEqual(['split-1', 'split-2']);
  });

  describe('given what clients believe of a key', () => {
    const key = keyIn('2025-05');
    const [NEAR, FAR] = [at('2025-05-31T23:00:00Z'), at('2025-05-15T12:00:00Z')];

    it.each([
      ['one of several beliefs', hinting(key, FAR, NEAR), ['2025-05', '2025-06']],
      ['the first of them', hinting(key, NEAR, FAR), ['2025-05', '2025-06']],
      ['none of them', hinting(key, FAR, FAR), ['2025-05']],
      ['what is believed of another call', hinting(keyIn('2025-05', { callId: 'other' }), NEAR), ['2025-05']],
      ['what is believed of the month beside', hinting(keyIn('2025-06'), NEAR), ['2025-05']],
    ])('looks beside for %s', async (_, ask, months) => {
      const { fetchTraces, monthsAsked } = setUp({});
      await traceFor(fetchTraces, key, ask);
      expect(monthsAsked()).toEqual(months);
    });
  });

  it('asks at most once more for a call, and for the month before only near the start', async () => {
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
        await traceFor(fetchTraces, keyIn(month), hinting(keyIn(month), instant));
        const [own, neighbour, ...more] = monthsAsked();
        expect([own, ...more]).toEqual([month]);
        const near = (edge: number) => [instant, ...times].some((time) => Math.abs(time - edge) <= EDGE_MS);
        if (neighbour === undefined) return;
        expect(neighbour === addMonths(month, -1) ? near(startsAt) : near(endsAt) || present.length > 0).toBe(true);
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
      expect(trace).toMatchObject({ key: keyIn('2025-05'), timesNotFound: 0, stale: false });
      expect(lifeByDefault(trace).reason).toBe('settled');
    });

    it('is one and the same, asked for in either month and under the month in which it was found', async () => {
      // Two legs of which neither is before the other, and one of which each month tells something else.
      const twins = ['a', 'b'].map((deviceNo) => legAt(MIDNIGHT, 3, { deviceNo }));
      const told = [5, 6].map((mediaType) => legAt(MIDNIGHT - 5, 2, { mediaType }));
      const { fetchTraces } = setUp({
        '2025-05': [legAt(MIDNIGHT - 9, 1), ...told.slice(0, 1), ...twins.slice(1)],
        '2025-06': [...told.slice(1), ...twins.slice(0, 1), legAt(MIDNIGHT + 1, -1)],
      });
      const [may, june] = [
        await traceFor(fetchTraces, keyIn('2025-05')),
        await traceFor(fetchTraces, keyIn('2025-06')),
      ];
      expect(june).toEqual(may);
      expect(may).toMatchObject({ key: keyIn('2025-05'), notes: { duplicateRecords: 1 } });
      expect(numbers(may)).toEqual([1, 2, 3, 3, -1]);
      expect(await traceFor(fetchTraces, june.key)).toEqual(june);
    });

    it.each([
      ['the month before', '2025-06', '2025-05', [...BEFORE, legAt(MIDNIGHT - 1000, -1)]],
      ['the month after', '2025-05', '2025-06', [legAt(MIDNIGHT, 1), ...AFTER]],
    ])('is that of %s where it was found there alone, and found there again', async (_, asked, found, records) => {
      const { fetchTraces } = setUp({ [found]: records });
      const trace = await traceFor(fetchTraces, keyIn(asked), hinting(keyIn(asked), MIDNIGHT));
      expect(trace).toMatchObject({ key: keyIn(found), records, timesNotFound: 0, stale: false });
      expect(await traceFor(fetchTraces, trace.key)).toEqual(trace);
    });

    it('adds up what was noticed in both', async () => {
      const upstream = upstreamOf((key) =>
        traceOf(key, key.month === '2025-05' ? BEFORE : AFTER, {
          notes: { oddValues: key.month === '2025-05' ? 1 : 2 },
        }),
      );
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      expect((await traceFor(fetchTraces, keyIn('2025-05'))).notes).toEqual({ oddValues: 3 });
    });

    it('holds a leg that lies in both months once', async () => {
      const { fetchTraces } = setUp({
        '2025-05': [...BEFORE, ...AFTER.slice(0, 1)],
        '2025-06': [...BEFORE.slice(1), ...AFTER],
      });
      expect(numbers(await traceFor(fetchTraces, keyIn('2025-05')))).toEqual([1, 2, 3, -1]);
    });

    it('stays open while the final leg is in neither', async () => {
      const { fetchTraces } = setUp({ '2025-05': BEFORE, '2025-06': AFTER.slice(0, 1) });
      const trace = await traceFor(fetchTraces, keyIn('2025-05'));
      expect(numbers(trace)).toEqual([1, 2, 3]);
      expect(lifeByDefault(trace).reason).toBe('quiet');
    });

    it('is as old as the older of its parts, whichever month is asked', async () => {
      const askedAt: Record<string, number> = { '2025-05': LATER - MINUTE_MS, '2025-06': LATER };
      const upstream = upstreamOf((key) =>
        traceOf(key, key.month === '2025-05' ? BEFORE : AFTER, { askedAt: askedAt[key.month] ?? 0 }),
      );
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      for (const month of ['2025-05', '2025-06'])
        expect(await traceFor(fetchTraces, keyIn(month))).toMatchObject({ askedAt: LATER - MINUTE_MS });
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
      const upstream = upstreamOf((key) => emptyTrace(key, { timesNotFound: streaks[key.month] ?? 1 }));
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      const trace = await traceFor(fetchTraces, keyIn('2025-05'), hinting(keyIn('2025-05'), MIDNIGHT - 1));
      expect(trace).toMatchObject({ key: keyIn('2025-05'), records: [], timesNotFound: 3 });
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
      const answers = await Promise.all(fetchTraces(callIds.map((callId) => keyIn('2025-05', { callId }))));
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
      const key = keyIn(month);
      const upstream = upstreamOf((asked) => (asked.month === month ? traceOf(asked, own) : FAILURE));
      return answerFor(withMonthEdge(upstream.fetchTraces, optionsFor('UTC')), key, hinting(key, MIDNIGHT));
    };

    it.each([
      ['ending', '2025-05', [legAt(MIDNIGHT - 2, 1), legAt(MIDNIGHT - 1, 2)]],
      ['beginning', '2025-06', [legAt(MIDNIGHT + 1, 3), legAt(MIDNIGHT + 2, -1)]],
    ])('answers with the legs of its own month, and says that the %s may be missing', async (_, month, own) => {
      const trace = await askIn(month, own);
      expect(trace).toMatchObject({
        key: keyIn(month),
        records: own,
        stale: true,
        notes: { neighbourLegsMissing: 1 },
      });
      expect(lifeByDefault(trace as CallTrace).reason).toBe('quiet');
    });

    it('answers with the failure where its own month knows nothing of the call', async () => {
      expect(await askIn('2025-05', [])).toBe(FAILURE);
    });

    it('asks no neighbour of a month that failed itself', async () => {
      const upstream = upstreamOf(() => FAILURE);
      const fetchTraces = withMonthEdge(upstream.fetchTraces, optionsFor('UTC'));
      expect(await answerFor(fetchTraces, keyIn('2025-05'), hinting(keyIn('2025-05'), MIDNIGHT - 1))).toBe(FAILURE);
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
    const now = (): number => LATER;
    const invalidations = createInvalidations();
    const memory = createTraceMemory(1_000_000, { lifeOf: lifeByDefault, invalidations, now });
    const remembered = withMemory(upstream.fetchTraces, { memory, invalidations, staleWhileRevalidate: false, now });
    const fetchTraces = withMonthEdge(remembered, optionsFor('UTC'));
    expect(numbers(await traceFor(fetchTraces, keyIn('2025-05')))).toEqual([1, -1]);
    for (const month of ['2025-05', '2025-06']) {
      const held = memory.get(traceKeyText(keyIn(month)))?.trace;
      expect(held?.records).toEqual(tables[month]);
      expect(held?.key.month).toBe(month);
    }
    expect(numbers(await traceFor(fetchTraces, keyIn('2025-06')))).toEqual([1, -1]);
    expect(upstream.askedFor).toHaveLength(2);
  });
});

describe('neighbourOf', () => {
  const options = optionsFor('UTC');
  const NEAR = at('2025-05-31T23:00:00Z');
  const key = keyIn('2025-05');
  const open = traceOf(key, [legAt(at('2025-05-15T12:00:00Z'), 1)]);

  it.each([
    ['a call that is whole', finalTrace(key), NEAR, true],
    ['a call in progress far from the edges', open, undefined, false],
    ['the same, believed to have been logged near one', open, NEAR, false],
    ['a call in progress near the end', traceOf(key, [legAt(NEAR, 1)]), undefined, false],
    ['a call that was not found', emptyTrace(key), undefined, true],
    ['the same, believed to have been logged near the end', emptyTrace(key), NEAR, false],
  ])('says of %s whether the stage would ask no neighbour', async (_, trace, loggedAt, expected) => {
    expect(neighbourOf(key, trace, loggedAt === undefined ? [] : [loggedAt], options) === null).toBe(expected);
    const upstream = upstreamOf((asked) => (asked.month === key.month ? trace : emptyTrace(asked)));
    await traceFor(
      withMonthEdge(upstream.fetchTraces, options),
      key,
      loggedAt === undefined ? {} : hinting(key, loggedAt),
    );
    expect(upstream.askedFor).toHaveLength(expected ? 1 : 2);
  });
});
