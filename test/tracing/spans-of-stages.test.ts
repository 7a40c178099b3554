import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloServer } from '@apollo/server';
import { createAnonymous } from '../../src/access/caller.js';
import { ALL_GRANTS } from '../../src/access/grants.js';
import { createInvalidations } from '../../src/cache/invalidations.js';
import { createCommandSpans } from '../../src/cache/redis/command-spans.js';
import { withRedis } from '../../src/cache/redis/redis-stage.js';
import { withSingleFlight } from '../../src/cache/single-flight.js';
import type { GraphContext } from '../../src/graphql/context.js';
import { createObserverPlugin } from '../../src/graphql/observer.js';
import { hashForSpan } from '../../src/graphql/operation-span.js';
import { createContext } from '../../src/graphql/request-context.js';
import { createQueue } from '../../src/upstream/queue.js';
import { takeSlot } from '../../src/upstream/spans.js';
import { createStoreBench, type StoreBench } from '../cache/redis/support/stores.js';
import {
  createKeys,
  createTestClock,
  finalTrace,
  lifeByDefault,
  quiet,
  traceFor,
  upstreamOf,
} from '../support/traces.js';
import { RecordingSpan } from './support/recording-span.js';

const [A] = createKeys(3);

describe('takeSlot', () => {
  it('has a span for a wait that pushes the request of another tenant out of the full queue', async () => {
    const clock = createTestClock();
    const queue = createQueue(1, 2, clock, () => undefined);
    const release = await queue.take('a', {});
    const others = [queue.take('b', {}), queue.take('b', {})].map((slot) => slot.catch(() => null));
    const span = new RecordingSpan();
    const slot = takeSlot(queue, { tenant: 'c', ask: { span } }, clock);
    expect(await others[1]).toBeNull();
    clock.advance(5);
    release();
    (await others[0])?.();
    await slot;
    expect(span.children).toMatchObject([
      { name: 'wait for slot', hasEnded: true, failure: null, attributes: { 'calltrace.queue.length': 2 } },
    ]);
    queue.close();
  });

  it('has none for a slot that comes at once', async () => {
    const queue = createQueue(1, 0, createTestClock(), () => undefined);
    const span = new RecordingSpan();
    await takeSlot(queue, { tenant: 'a', ask: { span } }, createTestClock());
    expect(span.children).toEqual([]);
  });
});

describe('the span of Redis commands', () => {
  it('is not joined once its commands have ended', async () => {
    const run = createCommandSpans(null);
    const span = new RecordingSpan();
    for (let commands = 1; commands <= 2; commands += 1) {
      await run('read', span, () => Promise.resolve({ value: commands }));
    }
    expect(span.children.map(({ attributes }) => attributes['db.operation.batch.size'])).toEqual([1, 1]);
  });
});

describe('single flight', () => {
  it('gives its work to the first waiter that is traced, which does not link to itself', async () => {
    const upstream = upstreamOf(finalTrace);
    upstream.hold();
    const fetchTraces = withSingleFlight(upstream.fetchTraces, {
      invalidations: createInvalidations(),
      clock: createTestClock(),
    });
    const [first, second] = [new RecordingSpan(), new RecordingSpan()];
    const answers = [{}, { span: first }, { span: second }].map((ask) => traceFor(fetchTraces, A, ask));
    await quiet();
    expect(upstream.batches.map(({ ask }) => ask.span)).toEqual([first]);
    upstream.release();
    await Promise.all(answers);
    expect(first.children).toMatchObject([{ name: 'wait for answer', link: undefined }]);
    expect(second.children).toMatchObject([{ name: 'wait for answer', link: first }]);
  });
});

describe('the wait for the lease of another gateway', () => {
  let bench: StoreBench;
  beforeAll(async () => {
    bench = await createStoreBench();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  it.each([
    ['abandoned', new DOMException('the client has left', 'AbortError')],
    ['timeout', new DOMException('no more time', 'TimeoutError')],
  ])('fails as %s', async (failure, reason) => {
    const [holder, waiter] = [await bench.open(), await bench.open()];
    const lease = await holder.store.lease(A);
    const controller = new AbortController();
    const span = new RecordingSpan();
    const fetchTraces = withRedis(upstreamOf(finalTrace).fetchTraces, {
      ...{ store: waiter.store, lifeOf: lifeByDefault, now: () => bench.clock.wall(), clock: bench.clock },
      invalidations: createInvalidations(),
      onWait: () => controller.abort(reason),
    });
    expect(await fetchTraces([A], { span, signal: controller.signal })[0]).toBeInstanceOf(Error);
    lease?.release?.();
    const wait = span.children.find(({ name }) => name === 'wait for lease');
    expect(wait).toMatchObject({ hasEnded: true, failure });
  });
});

describe('the span of an operation', () => {
  it('has failed if an unexpected error ends it', async () => {
    const observer = { operation: () => 'anonymous', answer: () => undefined, fastPath: () => undefined };
    const server = new ApolloServer<GraphContext>({
      typeDefs: 'type Query { one: Int }',
      plugins: [
        createObserverPlugin(observer, { error: () => undefined }),
        { requestDidStart: () => Promise.reject(new Error('a bug of a plugin')) },
      ],
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    const loaderOf = (): never => {
      throw new Error('nothing is loaded here');
    };
    const authenticated = { caller: createAnonymous(ALL_GRANTS, true), points: null };
    const contextValue = createContext('r1', authenticated, loaderOf, () => false);
    const span = new RecordingSpan();
    contextValue.span = span;
    await expect(server.executeOperation({ query: '{ one }' }, { contextValue })).rejects.toThrow();
    expect(span.failure).toBe('INTERNAL_SERVER_ERROR');
    expect(span.attributes).toMatchObject({ 'calltrace.error.codes': ['INTERNAL_SERVER_ERROR'] });
    await server.stop();
  });

  it.each([
    '{ call(vdn: $vdn, callId: "1749974400-11") { legs { no } } }',
    '{ call(vdn: 170) { legs { no } } }',
    '{ calls(vdns: [-1]) { legs { no } } }',
    'query of_1749_9744 { call { complete } }',
    '{ call { complete } } # 1749974400-11',
  ])('has no hash of %s', (text) => {
    expect(hashForSpan(text, 'hash')).toBeUndefined();
    expect(hashForSpan(text, 'hash', { has: (trusted) => trusted === text })).toBe('hash');
  });

  it('has the hash of a document whose values are variables', () => {
    const text = 'query Top10($vdn: Int!, $callId: ID!) { call(vdn: $vdn, callId: $callId) { legs2: legs { no } } }';
    expect(hashForSpan(text, 'hash')).toBe('hash');
  });
});
