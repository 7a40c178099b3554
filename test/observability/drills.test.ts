import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPLY_NOTES } from '../../src/call/trace.js';
import { FAULT_NAMES, type FaultName } from '../../simulator/fault-names.js';
import type { Simulator } from '../../simulator/simulator.js';
import { newCallId } from '../support/gateway.js';
import { createEstate, type EstateGateway } from '../upstream/support/estate.js';

/** How long `slow` takes: above an edge of the histogram, below the limit of an attempt. Unit: ms. */
const SLOW_MS = 3_000;
const SLOW_EDGE = 'le="2.5"';

/** A row of the table "Which fault is it": what is seen, and the faults of the simulator that are seen so. */
interface Row {
  readonly cause: string;
  /** Code, detail or note, as a pattern. */
  readonly sign: RegExp;
  readonly faults: readonly string[];
}

/** The rows of the table in docs/operations.md. */
function rowsOf(markdown: string): Row[] {
  const [, section = ''] = markdown.split('### Which fault is it');
  const [table = ''] = section.split('\n### ');
  return [...table.matchAll(/^\| `(\w+)` \| [`*]?(.*?)[`*]? \| .*? \| (`.*`) \|$/gm)].map(
    ([, cause = '', sign = '', faults = '']) => ({
      cause,
      sign: new RegExp(`^${sign.replace(/[[\]]/g, '\\$&').replace('…', '\\d+')}$`),
      faults: [...faults.matchAll(/`(.*?)`/g)].map(([, fault = '']) => fault),
    }),
  );
}

const ROWS = rowsOf(readFileSync('docs/operations.md', 'utf8'));

/** The sum of all series that begin like this. */
function total(metrics: string, start: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith(start));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** What an operator sees, with the log, `/readyz` and `/metrics` in view. */
async function signsOf(gateway: EstateGateway): Promise<{ cause: string; sign: string }[]> {
  const metrics = await gateway.metrics();
  const { upstream } = await gateway.readiness();
  const [endpoint] = upstream.endpoints;
  if (endpoint?.lastFailure) {
    const { cause, code, detail } = endpoint.lastFailure;
    const logged = gateway.logLines.filter((line) => line['cause'] === cause);
    expect(logged.map((line) => line['code'] ?? line['detail'])).toContain(code ?? detail);
    expect(total(metrics, `calltrace_upstream_attempts_total{outcome="${cause}"}`)).toBeGreaterThan(0);
    return [{ cause, sign: String(code ?? detail) }];
  }
  const attempts = 'calltrace_upstream_attempt_duration_seconds';
  const isSlow = total(metrics, `${attempts}_count`) > total(metrics, `${attempts}_bucket{${SLOW_EDGE}}`);
  const notes = REPLY_NOTES.filter(
    (note) => total(metrics, `calltrace_upstream_reading_notes_total{note="${note}"}`) > 0,
  );
  const signs = [...(isSlow ? [attempts] : []), ...notes];
  return (signs.length > 0 ? signs : ['–']).map((sign) => ({ cause: 'ok', sign }));
}

describe('the table "Which fault is it" in docs/operations.md', () => {
  const estate = createEstate();
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await estate.startCentre();
  });
  afterAll(() => estate.close());

  it('has each fault of the simulator once', () => {
    expect(ROWS.flatMap(({ faults }) => faults).sort()).toEqual([...FAULT_NAMES].sort());
  });

  it.each(FAULT_NAMES)('tells %s by what the gateway shows', async (fault: FaultName) => {
    simulator.configure({ fault: null, slowMs: SLOW_MS });
    const gateway = await estate.openGateway(simulator);
    await gateway.query(DOCUMENT, { callId: newCallId() });
    simulator.configure({ fault });
    await gateway.query(DOCUMENT, { callId: newCallId() });
    simulator.configure({ fault: null });
    const signs = await signsOf(gateway);
    const found = signs.map(({ cause, sign }) => ROWS.filter((row) => row.cause === cause && row.sign.test(sign)));
    expect({ signs, faults: found.map((rows) => rows.map(({ faults }) => faults)) }).toEqual({
      signs,
      faults: [[expect.arrayContaining([fault])]],
    });
  });
});

const DOCUMENT = 'query ($callId: ID!) { call(vdn: 170, callId: $callId) { callId } }';
