import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { startCollector, type Collector } from './support/collector.js';

const DOCUMENT = 'query ($callId: ID!) { call(vdn: 170, callId: $callId) { complete } }';
const SECRET = 'a-secret-of-the-collector';

describe('a collector that fails', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  const start = async (
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ collector: Collector; gateway: TestGateway }> => {
    const collector = await startCollector();
    opened.push(collector);
    const gateway = await startTestGateway({
      ...collector.env,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${SECRET}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
      ...env,
    });
    opened.push(gateway);
    return { collector, gateway };
  };
  const ask = (gateway: TestGateway) => gateway.query(DOCUMENT, { callId: newCallId() });
  const exportLines = ({ logLines }: TestGateway) =>
    logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => /^traces (cannot be|are exported again|are dropped|are not)/.test(String(msg)));

  it('changes no answer, and is logged once until it takes traces again', async () => {
    const { collector, gateway } = await start();
    collector.answerWith(400);
    for (let requests = 1; requests <= 3; requests += 1) {
      expect((await ask(gateway)).body.data).toEqual({ call: { complete: true } });
      await eventually('an export came', () => collector.headers.length >= requests);
    }
    await eventually('the failure is logged', () => exportLines(gateway).length > 0);
    expect(exportLines(gateway)).toMatchObject([
      { level: 40, reason: '400', msg: 'traces cannot be exported: they are dropped' },
    ]);
    collector.answerWith(200);
    await ask(gateway);
    await eventually('the end of the failure is logged', () => exportLines(gateway).length > 1);
    expect(exportLines(gateway)).toMatchObject([{}, { level: 30, msg: 'traces are exported again' }]);
    expect(collector.headers.at(-1)).toMatchObject({ authorization: `Bearer ${SECRET}` });
    expect(gateway.logLines.join()).not.toContain(SECRET);
  });

  it('that is too slow drops spans, which is logged once until none waits', async () => {
    const { collector, gateway } = await start({ OTEL_BSP_MAX_QUEUE_SIZE: '2', OTEL_BSP_SCHEDULE_DELAY: '600000' });
    collector.answerWith(null);
    for (let requests = 1; requests <= 3; requests += 1) await ask(gateway);
    await eventually('the drop is logged', () => exportLines(gateway).length > 0);
    await ask(gateway);
    expect(exportLines(gateway)).toMatchObject([
      { level: 40, maxQueueSize: 2, msg: 'traces are dropped: too many spans wait for their export' },
    ]);
    expect(gateway.logLines.join()).not.toContain(SECRET);
    await opened.pop()?.close(); // it exports what waits
    expect(exportLines(gateway)).toMatchObject([{}, { level: 30, msg: 'traces are not dropped any more' }]);
  });

  it('does not hold up the stop, although its answer never comes', async () => {
    const { collector, gateway } = await start();
    collector.answerWith(null);
    expect((await ask(gateway)).body.data).toEqual({ call: { complete: true } });
    await eventually('an export came', () => collector.headers.length > 0);
    await opened.pop()?.close(); // ten minutes if it waited for the export: see the time limit above
    expect(exportLines(gateway)).toEqual([]);
  });
});
