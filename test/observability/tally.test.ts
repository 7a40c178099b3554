import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createTally, createTimings } from '../../src/observability/tally.js';

const LONG_RUN = 2_500;

describe('a tally', () => {
  it('tells the counter each sum once, under its labels', async () => {
    const register = new Registry();
    const add = createTally({ name: 'calls', help: 'Calls.', labelNames: ['kind', 'outcome'], registers: [register] });
    add(1, 'query', 'ok');
    add(2, 'query', 'ok');
    add(1, 'query', 'no');
    expect(await register.metrics()).toContain(
      'calls{kind="query",outcome="ok"} 3\ncalls{kind="query",outcome="no"} 1',
    );
    add(4, 'query', 'ok');
    expect(await register.metrics()).toContain('calls{kind="query",outcome="ok"} 7');
    expect(await register.metrics()).toContain('calls{kind="query",outcome="ok"} 7');
  });
});

describe('timings', () => {
  it('tell the histogram every duration, however many came', async () => {
    const register = new Registry();
    const time = createTimings({ name: 't', help: 'T.', labelNames: ['kind'], buckets: [1, 2], registers: [register] });
    for (let i = 0; i < LONG_RUN; i += 1) time(0.5, 'query');
    time(1.5, 'query');
    time(9, 'mutation');
    const text = await register.metrics();
    expect(text).toContain(`t_bucket{le="1",kind="query"} ${LONG_RUN}`);
    expect(text).toContain(`t_bucket{le="2",kind="query"} ${LONG_RUN + 1}`);
    expect(text).toContain(`t_sum{kind="query"} ${LONG_RUN / 2 + 1.5}`);
    expect(text).toContain('t_count{kind="mutation"} 1');
  });
});
