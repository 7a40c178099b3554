import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { newTraceparent, startCollector, type Collector } from './support/collector.js';

const DOCUMENT = 'query ($callId: ID!) { call(vdn: 170, callId: $callId) { callerNo } }';

describe('log lines of a request', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestGateway> => {
    const gateway = await startTestGateway(env);
    opened.push(gateway);
    return gateway;
  };
  const collect = async (): Promise<Collector> => {
    const collector = await startCollector();
    opened.push(collector);
    return collector;
  };
  /** Asks, and returns the IDs in the request line and the audit line. */
  const idsAfter = async (gateway: TestGateway, headers: Readonly<Record<string, string>>) => {
    const before = gateway.logLines.length;
    await gateway.query(DOCUMENT, { callId: newCallId() }, headers);
    const lines = () => gateway.logLines.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    await eventually('the request is logged', () => lines().some(({ msg }) => msg === 'request'));
    const ofRequest = lines().filter((line) => line['msg'] === 'request' || line['log'] === 'audit');
    expect(ofRequest).toHaveLength(2);
    return ofRequest.map(({ trace_id, span_id, trace_flags }) => ({ trace_id, span_id, trace_flags }));
  };

  it('name the spans of a traced request', async () => {
    const collector = await collect();
    const gateway = await start(collector.env);
    const traceparent = newTraceparent();
    const ids = await idsAfter(gateway, { traceparent });
    const spans = await collector.traceOf(traceparent);
    const idOf = (wanted: string) => spans.find(({ name }) => name === wanted)?.spanId;
    const trace = { trace_id: traceparent.split('-')[1], trace_flags: '01' };
    expect(ids).toEqual([
      { ...trace, span_id: idOf('query') },
      { ...trace, span_id: idOf('POST /graphql') },
    ]);
  });

  it('name the span of the client when tracing is off', async () => {
    const traceparent = newTraceparent('00');
    const [, trace_id, span_id] = traceparent.split('-');
    const ids = { trace_id, span_id, trace_flags: '00' };
    expect(await idsAfter(await start(), { traceparent })).toEqual([ids, ids]);
  });

  it.each([
    ['no traceparent', {}],
    ['one of another version', { traceparent: newTraceparent().replace('00-', '01-') }],
    ['zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
    ['more than one', { traceparent: `${newTraceparent()}, ${newTraceparent()}` }],
    ['another text', { traceparent: '+8613800138000' }],
  ])('name no span for %s', async (_, headers: Record<string, string>) => {
    expect(await idsAfter(await start(), headers)).toEqual([{}, {}]);
  });
});
