import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { askTrace, rows } from './support/ask.js';

const SAMPLE = { callId: '1678978542-92', logDate: 1_615_717_765_000 };

describe("the documentation's own call", () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  it('is answered with the printed text: a key twice, an odd key, integers as strings', async () => {
    const { text } = await askTrace(simulator, { ...SAMPLE, ccId: 7 });
    expect(text.match(/"mediaType"/g)).toHaveLength(2);
    expect(text.indexOf('"mediaType": "1"')).toBeLessThan(text.indexOf('"mediaType":53'));
    expect(text).not.toContain('//');
    expect(JSON.parse(text)).toMatchObject({
      resultCode: '0100000',
      resultDesc: [{ mediaType: 53, 'subMediaType|': '1', subMediaType: 1, callIdNum: '-1', callEnd: '1615717765000' }],
    });
  });

  it.each([Date.UTC(2021, 2, 1), Date.UTC(2023, 2, 16), Date.UTC(2030, 2, 31)])(
    'lies in the table of March, whichever the year (%i)',
    async (logDate) => {
      expect(rows(await askTrace(simulator, { ...SAMPLE, logDate }))).toHaveLength(1);
    },
  );

  it('lies in no other table', async () => {
    expect(rows(await askTrace(simulator, { ...SAMPLE, logDate: Date.UTC(2021, 3, 1) }))).toEqual([]);
  });

  it('is an ordinary call in another VDN', async () => {
    const { text } = await askTrace(simulator, { ...SAMPLE, vdn: 171, logDate: Date.UTC(2023, 2, 16) });
    expect(text).not.toContain('subMediaType|');
  });
});
