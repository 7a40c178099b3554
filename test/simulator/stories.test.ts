import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scenariosAt } from '../../simulator/scenarios.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { storyCallId, STORIES, type Story } from '../../simulator/stories.js';
import { isVendorSample } from '../../simulator/vendor-sample.js';
import { askTrace, rows } from './support/ask.js';

const DAY_MS = 86_400_000;
/** When the stories of June 2025 begin, and how the table of that month is asked for. */
const JUNE = Date.UTC(2025, 5, 15, 8);
/** A quarter of a second after a whole one: heads of call IDs are in whole seconds. */
const NOW = Date.UTC(2025, 9, 10, 12) + 250;
const TOLD_IN_JUNE = STORIES.filter((story) => !isVendorSample(story));
const OVER = TOLD_IN_JUNE.filter(({ asOf }) => asOf === undefined);
const AS_OF_NOW = TOLD_IN_JUNE.filter(({ asOf }) => asOf !== undefined);

function named(name: string): Story {
  const story = STORIES.find((candidate) => candidate.name === name);
  if (story === undefined) throw new Error(`There is no story ${name}`);
  return story;
}

describe('the scenarios', () => {
  it('have names that are unique, and descriptions of one line', () => {
    const scenarios = scenariosAt(NOW);
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    for (const { description } of scenarios) expect(description).toMatch(/^[A-Z0-9][^\n]{10,110}[^.\n]$/);
  });

  it('are the stories by their own call IDs, those of now by one of now, and calls that are drawn', () => {
    const callIdOf = new Map(scenariosAt(NOW).map(({ name, callId }) => [name, callId]));
    expect(callIdOf.get('attended-transfer')).toBe('1749974400-11');
    expect(callIdOf.get('vendor-sample')).toBe('1678978542-92');
    expect(callIdOf.get('in-progress-talking')).toBe(`${Math.floor(NOW / 1000) - 115}-19`);
    expect(callIdOf.get('no-final-record-long-ago')).toBe(`${Math.floor((NOW - 3 * DAY_MS) / 1000)}-20`);
    expect(callIdOf.get('ivr-only')).toBe('1700000000-1');
  });
});

describe('a story', () => {
  let simulator: Simulator;
  let now = NOW;
  beforeAll(async () => {
    simulator = await startSimulator({ now: () => now });
  });
  afterAll(() => simulator.close());
  const ask = async (callId: string, logDate: number, vdn = 170) =>
    rows(await askTrace(simulator, { callId, logDate, vdn }));

  it.each(OVER)('is answered as it stands, in spelling and order: $name', async ({ callId, records }) => {
    expect(await ask(callId, JUNE)).toEqual(records);
  });

  it.each(AS_OF_NOW)('stands by its own call ID as it stood then: $name', async ({ callId, records }) => {
    expect(await ask(callId, JUNE)).toEqual(records);
  });

  it('of a call that goes on stands as it should at this instant, in the same spelling', async () => {
    const story = named('in-progress-talking');
    const callId = storyCallId(story, NOW);
    const start = Number.parseInt(callId) * 1000;
    const told = await ask(callId, NOW);
    expect(told).toMatchObject([
      { callId, callIdNum: '1', waitBegin: '', callBegin: String(start), callEnd: String(start + 20_000) },
      { callId, callIdNum: '2', waitBegin: String(start + 20_000) },
      { callId, callIdNum: '3', callBegin: String(start + 55_000), callEnd: '' },
    ]);
    expect(told.map((record) => Object.keys(record))).toEqual(story.records.map((record) => Object.keys(record)));
  });

  it('has no records until it is over', async () => {
    const { callId } = named('attended-transfer');
    now = JUNE + 238_000;
    expect(await ask(callId, JUNE)).toEqual([]);
    now = JUNE + 239_000;
    expect(await ask(callId, JUNE)).toHaveLength(5);
    now = NOW;
  });

  it('lies in the table of its month alone', async () => {
    expect(await ask('1749974400-11', Date.UTC(2025, 6, 1))).toEqual([]);
    expect(await ask('1749974400-11', Date.UTC(2020, 5, 1))).toHaveLength(5);
  });

  it('is told in its own VDN; elsewhere a call is drawn', async () => {
    expect(await ask('1749974400-11', JUNE, 171)).not.toEqual(named('attended-transfer').records);
  });

  it('meets faults like any other call', async () => {
    simulator.configure({ fault: 'unknown-codes' });
    const told = await ask('1749974400-11', JUNE);
    simulator.configure({ fault: null });
    expect(told.map((record) => Number(record['deviceType']))).toEqual([9999, 9999, 9999, 9999, 9999]);
  });
});
