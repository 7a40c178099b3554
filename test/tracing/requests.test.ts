import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { send } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { openSharedRedis, type SharedRedis } from '../support/redis.js';
import { newTraceparent, startCollector, treeOf, type Collector, type ReceivedSpan } from './support/collector.js';

const ATTEMPT = 'POST /rest/cmsapp/v1/openapi/vdn/querycalltracedetail';
const DOCUMENT = 'query Shown($vdn: Int!, $callId: ID!) { call(vdn: $vdn, callId: $callId) { callId complete } }';
const SHA256 = expect.stringMatching(/^[\da-f]{64}$/);
const UUID = expect.stringMatching(/^[\da-f-]{36}$/);

describe('the trace of a request', () => {
  let collector: Collector;
  let redis: SharedRedis;
  const gateways: TestGateway[] = [];
  beforeAll(async () => {
    [collector, redis] = await Promise.all([startCollector(), openSharedRedis()]);
  });
  afterEach(() => Promise.all(gateways.splice(0).map((gateway) => gateway.close())));
  afterAll(() => Promise.all([collector.close(), redis.close()]));

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestGateway> => {
    const gateway = await startTestGateway({ ...collector.env, ...env });
    gateways.push(gateway);
    return gateway;
  };
  const withRedis = (): Record<string, string> => ({ REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.keyPrefix });
  const ask = (gateway: TestGateway, callId: string, traceparent: string, document = DOCUMENT) =>
    gateway.query(document, { vdn: 170, callId }, { traceparent });
  /** Asks, and returns the spans of that request. */
  const traced = async (gateway: TestGateway, callId = newCallId(), document?: string) => {
    const traceparent = newTraceparent();
    await ask(gateway, callId, traceparent, document);
    return { spans: await collector.traceOf(traceparent), parent: traceparent.split('-')[2] ?? '' };
  };
  const spanOf = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
    const found = spans.find((span) => span.name === name);
    if (!found) throw new Error(`no span ${name}`);
    return found;
  };
  const oneGateway = () => {
    const [gateway] = gateways;
    if (!gateway) throw new Error('no gateway');
    return gateway;
  };

  describe('of a call that nobody knows yet', () => {
    let spans: readonly ReceivedSpan[];
    let parent: string;
    let address: { readonly 'server.address': string; readonly 'server.port': number };
    beforeEach(async () => {
      const gateway = await start(withRedis());
      await gateway.query('{ callCodes(table: LEAVE_REASON) { code } }'); // Redis is connected meanwhile
      ({ spans, parent } = await traced(gateway));
      address = { 'server.address': '127.0.0.1', 'server.port': Number(new URL(gateway.simulator.url).port) };
    });

    it('is a tree below the span of the client: request, operation, load, Redis, attempt', () => {
      expect(treeOf(spans, parent)).toEqual([
        'POST /graphql',
        ['query', ['load calls', ['GET'], ['EVAL'], [ATTEMPT], ['EVAL']]],
      ]);
    });

    it('has the kind and the attributes of each span, and no others', () => {
      const redisServer = {
        'db.system.name': 'redis',
        'db.operation.batch.size': 1,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(redis.url).port),
      };
      const inside = spans.map(({ name, kind, attributes }) => ({ name, kind, attributes }));
      expect(inside.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
        {
          name: 'EVAL',
          kind: 'CLIENT',
          attributes: { ...redisServer, 'db.operation.name': 'EVAL', 'db.stored_procedure.name': 'lease' },
        },
        {
          name: 'EVAL',
          kind: 'CLIENT',
          attributes: { ...redisServer, 'db.operation.name': 'EVAL', 'db.stored_procedure.name': 'write' },
        },
        { name: 'GET', kind: 'CLIENT', attributes: { ...redisServer, 'db.operation.name': 'GET' } },
        {
          name: 'load calls',
          kind: 'INTERNAL',
          attributes: { 'calltrace.batch.size': 1, 'calltrace.refresh': false },
        },
        {
          name: 'POST /graphql',
          kind: 'SERVER',
          attributes: {
            'http.request.method': 'POST',
            'http.route': '/graphql',
            'http.response.status_code': 200,
            'calltrace.request_id': UUID,
            'calltrace.path': 'standard',
          },
        },
        {
          name: ATTEMPT,
          kind: 'CLIENT',
          attributes: {
            'http.request.method': 'POST',
            'url.template': '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail',
            ...address,
            'http.response.status_code': 200,
            'calltrace.result_code': '0100000',
          },
        },
        {
          name: 'query',
          kind: 'INTERNAL',
          attributes: {
            'graphql.operation.type': 'query',
            'graphql.operation.name': 'Shown',
            'calltrace.document.sha256': SHA256,
            'calltrace.cost': 2, // one for the call, one for a document that is new
            'calltrace.answers.memory': 0,
            'calltrace.answers.redis': 0,
            'calltrace.answers.upstream': 1,
            'calltrace.answers.stale': 0,
          },
        },
      ]);
    });

    it('ends at Redis where another gateway has asked before', async () => {
      const callId = newCallId();
      await ask(oneGateway(), callId, newTraceparent());
      const other = await start(withRedis());
      await other.query('{ callCodes(table: LEAVE_REASON) { code } }');
      const fromRedis = await traced(other, callId);
      expect(treeOf(fromRedis.spans, fromRedis.parent)).toEqual(['POST /graphql', ['query', ['load calls', ['GET']]]]);
      expect(spanOf(fromRedis.spans, 'query').attributes).toMatchObject({ 'calltrace.answers.redis': 1 });
    });
  });

  it('has one span for the Redis commands of a batch', async () => {
    const gateway = await start(withRedis());
    await gateway.query('{ callCodes(table: LEAVE_REASON) { code } }');
    const traceparent = newTraceparent();
    const keys = Array.from({ length: 5 }, () => ({ vdn: 170, callId: newCallId() }));
    const document = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId } }';
    await gateway.query(document, { keys }, { traceparent });
    const spans = await collector.traceOf(traceparent);
    const reads = spans.filter(({ name }) => name === 'GET');
    expect(reads.map(({ attributes }) => attributes['db.operation.batch.size'])).toEqual([5]);
    expect(spanOf(spans, 'load calls').attributes).toMatchObject({ 'calltrace.batch.size': 5 });
    expect(spans.filter(({ name }) => name === ATTEMPT)).toHaveLength(5);
  });

  it('says that the fast path answered, with the same operation', async () => {
    const gateway = await start();
    const callId = newCallId();
    await traced(gateway, callId);
    const standard = await traced(gateway, callId);
    const fast = await traced(gateway, callId);
    expect(treeOf(fast.spans, fast.parent)).toEqual(['POST /graphql', ['query']]);
    expect(spanOf(fast.spans, 'POST /graphql').attributes).toMatchObject({ 'calltrace.path': 'fast' });
    expect(spanOf(standard.spans, 'POST /graphql').attributes).toMatchObject({ 'calltrace.path': 'standard' });
    expect(spanOf(fast.spans, 'query').attributes).toEqual(spanOf(standard.spans, 'query').attributes);
  });

  it('has no hash of a document that may hold a call ID, on both paths', async () => {
    const gateway = await start();
    const callId = newCallId();
    for (const path of ['standard', 'standard', 'fast']) {
      const { spans } = await traced(gateway, callId, `${DOCUMENT} # ${callId}`);
      expect(spanOf(spans, 'POST /graphql').attributes).toMatchObject({ 'calltrace.path': path });
      expect(spanOf(spans, 'query').attributes).not.toHaveProperty(['calltrace.document.sha256']);
    }
  });

  it('has a span for each attempt, failed ones with their outcome, later ones with their number', async () => {
    const gateway = await start({ CMS_MAX_RETRIES: '1' });
    gateway.simulator.configure({ fault: 'http-503', faultCount: 1 });
    const { spans } = await traced(gateway);
    const attempts = spans.filter(({ name }) => name === ATTEMPT);
    expect(attempts).toMatchObject([
      { hasFailed: true, attributes: { 'http.response.status_code': 503, 'error.type': 'http_5xx' } },
      { hasFailed: false, attributes: { 'http.response.status_code': 200, 'http.request.resend_count': 1 } },
    ]);
    expect(attempts[0]?.attributes).not.toHaveProperty(['http.request.resend_count']);
    expect(spanOf(spans, 'query').hasFailed).toBe(false);
  });

  it('marks an operation that we failed, and not one that its client mistook', async () => {
    const gateway = await start();
    gateway.simulator.configure({ fault: 'http-500', faultCount: 1 });
    const failed = await traced(gateway);
    expect(spanOf(failed.spans, 'query')).toMatchObject({
      hasFailed: true,
      attributes: { 'error.type': 'UPSTREAM_UNAVAILABLE', 'calltrace.error.codes': ['UPSTREAM_UNAVAILABLE'] },
    });
    expect(spanOf(failed.spans, 'POST /graphql').hasFailed).toBe(false);
    const mistaken = await traced(gateway, newCallId(), '{ nothing }');
    expect(spanOf(mistaken.spans, 'GraphQL Operation')).toMatchObject({
      hasFailed: false,
      attributes: { 'error.type': 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  it('links who joined a request in flight to the load that asks', async () => {
    const gateway = await start();
    gateway.simulator.configure({ latencyMs: 300 });
    const callId = newCallId();
    const parents = [newTraceparent(), newTraceparent()] as const;
    await Promise.all(parents.map((parent) => ask(gateway, callId, parent)));
    const traces = await Promise.all(parents.map((parent) => collector.traceOf(parent)));
    const [asking = [], joined = []] = traces
      .toSorted((a, b) => b.length - a.length || 0)
      .toSorted(
        (a, b) => Number(b.some(({ name }) => name === ATTEMPT)) - Number(a.some(({ name }) => name === ATTEMPT)),
      );
    expect(spanOf(joined, 'load calls').attributes).toMatchObject({ 'calltrace.joined': 1 });
    const wait = spanOf(joined, 'wait for answer');
    expect(wait.parentSpanId).toBe(spanOf(joined, 'load calls').spanId);
    expect(wait.links).toEqual([spanOf(asking, 'load calls').spanId]);
    expect(gateway.simulator.countOf(callId)).toBe(1);
  });

  it('shows the wait for another gateway that asks', async () => {
    const gateway = await start(withRedis());
    const other = await start({ ...withRedis(), CMS_BASE_URL: gateway.simulator.url });
    for (const one of [gateway, other]) await one.query('{ callCodes(table: LEAVE_REASON) { code } }');
    gateway.simulator.configure({ latencyMs: 3_000 }); // so long the other one has to begin to wait
    const callId = newCallId();
    const first = ask(gateway, callId, newTraceparent());
    await eventually('the call is asked for', () => gateway.simulator.countOf(callId) > 0);
    const { spans } = await traced(other, callId);
    await first;
    const wait = spanOf(spans, 'wait for lease');
    expect(wait.parentSpanId).toBe(spanOf(spans, 'load calls').spanId);
    expect(wait.attributes['calltrace.lease.polls']).toBeGreaterThan(0);
    expect(spans.filter(({ name }) => name === ATTEMPT)).toEqual([]);
  });

  it('shows the wait for a slot to the contact centre', async () => {
    const gateway = await start({ CMS_MAX_CONCURRENCY: '1' });
    gateway.simulator.configure({ latencyMs: 100 });
    const first = newCallId();
    const asking = ask(gateway, first, newTraceparent());
    await eventually('the call is asked for', () => gateway.simulator.countOf(first) > 0);
    const { spans } = await traced(gateway);
    await asking;
    expect(spanOf(spans, 'wait for slot')).toMatchObject({
      kind: 'INTERNAL',
      parentSpanId: spanOf(spans, 'load calls').spanId,
      attributes: { 'calltrace.queue.length': 0 },
    });
  });

  it('does not hold the renewal behind an answer, which is a trace of its own with a link', async () => {
    const settings = { CACHE_OPEN_TTL_SECONDS: '0', CACHE_QUIET_TTL_SECONDS: '0', CACHE_QUIET_PAST_TTL_SECONDS: '0' };
    const gateway = await start({ CACHE_STALE_WHILE_REVALIDATE: 'true', ...settings });
    const callId = newCallId(10);
    await ask(gateway, callId, newTraceparent());
    const stale = await traced(gateway, callId);
    expect(stale.spans.map(({ name }) => name)).not.toContain(ATTEMPT);
    const isRenewal = ({ name }: ReceivedSpan): boolean => name === 'renew call';
    await eventually('the renewal is exported', () => collector.spans.some(isRenewal));
    const renewal = spanOf(collector.spans, 'renew call');
    expect(renewal).toMatchObject({ parentSpanId: '', links: [spanOf(stale.spans, 'load calls').spanId] });
    expect(
      treeOf(
        collector.spans.filter(({ traceId }) => traceId === renewal.traceId),
        '',
      ),
    ).toEqual(['renew call', [ATTEMPT]]);
  });

  it('says that a request was refused, without an operation', async () => {
    const gateway = await start();
    const traceparent = newTraceparent();
    const headers = { 'content-type': 'text/plain', traceparent };
    await send(`${gateway.url}/graphql`, { method: 'POST', headers, body: '{}' });
    expect(await collector.traceOf(traceparent)).toMatchObject([
      {
        name: 'POST /graphql',
        hasFailed: false,
        attributes: { 'calltrace.path': 'refused', 'http.response.status_code': 415 },
      },
    ]);
  });

  it('does not say that it was refused if its client leaves during the upload', async () => {
    const gateway = await start();
    const traceparent = newTraceparent();
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    const head = [`traceparent: ${traceparent}`, 'content-type: application/json', 'content-length: 100', 'host: a'];
    socket.write(`POST /graphql HTTP/1.1\r\n${head.join('\r\n')}\r\nexpect: 100-continue\r\n\r\n`);
    await once(socket, 'data'); // it asks for the body
    socket.destroy();
    const [span] = await collector.traceOf(traceparent);
    expect(span?.attributes).toMatchObject({ 'error.type': 'client_gone' });
    expect(span?.attributes).not.toHaveProperty(['calltrace.path']);
  });

  it('takes tracestate only with the traceparent that it belongs to', async () => {
    for (const [OTEL_PROPAGATORS, headers] of [
      ['none', { traceparent: newTraceparent() }],
      ['tracecontext', { traceparent: 'invalid' }],
    ] as const) {
      const gateway = await start({ CMS_TRACEPARENT: 'true', OTEL_PROPAGATORS });
      await gateway.query(DOCUMENT, { vdn: 170, callId: newCallId() }, { ...headers, tracestate: 'vendor=value' });
      const [request] = gateway.simulator.requests;
      expect(request?.headers).toHaveProperty('traceparent');
      expect(request?.headers).not.toHaveProperty('tracestate');
    }
  });

  it('is not recorded if the client says so, and does not change its answer', async () => {
    const gateway = await start();
    const [unsampled, sampled] = [newTraceparent('00'), newTraceparent()];
    const callId = newCallId();
    const answers = [await ask(gateway, callId, unsampled), await ask(gateway, callId, sampled)];
    await collector.traceOf(sampled);
    const [traceId] = unsampled.split('-').slice(1);
    expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
    expect(answers.map(({ body }) => body.data)).toEqual([answers[1]?.body.data, answers[1]?.body.data]);
  });

  it('reaches the contact centre only if that is set, with the tracestate of the client', async () => {
    const tracestate = 'vendor=value,other=1';
    for (const [CMS_TRACEPARENT, sent] of [
      ['false', false],
      ['true', true],
    ] as const) {
      const gateway = await start({ CMS_TRACEPARENT: CMS_TRACEPARENT });
      const traceparent = newTraceparent();
      await gateway.query(DOCUMENT, { vdn: 170, callId: newCallId() }, { traceparent, tracestate, baggage: 'a=b' });
      const spans = await collector.traceOf(traceparent);
      const [, traceId] = traceparent.split('-');
      const attempt = spanOf(spans, ATTEMPT).spanId;
      const [request] = gateway.simulator.requests;
      expect(request?.headers['traceparent']).toBe(sent ? `00-${traceId}-${attempt}-01` : undefined);
      expect(request?.headers['tracestate']).toBe(sent ? tracestate : undefined);
      expect(request?.headers).not.toHaveProperty('baggage');
      expect(request?.status).toBe(200); // the signature does not cover them
    }
  });
});
