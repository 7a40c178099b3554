import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { countListeners, startRedis, type RedisServer } from '../support/redis.js';
import { askFor, byId, callIdAt, CALL_BEGAN_AT, finishedCall, record, second } from './support/calls.js';
import { openRedisRelay, type RedisRelay } from './support/redis-relay.js';
import type { ScriptedCentre } from './support/scripted-centre.js';
import { createSetup, type ScriptedGateway } from './support/setup.js';

const FIELDS = 'durationMs freshness { source }';
/** The call as the contact centre corrects it later. */
const CORRECTED = [...finishedCall().slice(0, 1), record(-1, { callBegin: second(10), callEnd: second(99) })];

describe('what a gateway reads from Redis', () => {
  const setup = createSetup();
  let redis: RedisServer;
  let relay: RedisRelay;
  let centre: ScriptedCentre;
  /** The gateway that reads, by way of the relay; it holds nothing in memory. */
  let reader: ScriptedGateway;
  /** One that shares what it is told. */
  let other: ScriptedGateway;
  let number = 0;
  let callId: string;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    relay = await openRedisRelay(redis.url());
    centre = await setup.startCentre();
    // A command whose reply is held has not failed; and nothing but what is known of calls is asked of Redis.
    const settings = { REDIS_COMMAND_TIMEOUT_MS: '10000', RATE_LIMIT_POINTS_PER_MINUTE: '0' };
    reader = await setup.startGateway(centre, { ...settings, REDIS_URL: relay.url });
    other = await setup.startGateway(centre, { ...settings, REDIS_URL: redis.url() });
    await eventually('both listen', async () => (await countListeners(redis)) === 2);
    number += 1;
    callId = callIdAt(CALL_BEGAN_AT, number);
    centre.answerWith(() => finishedCall());
    await askFor(other, byId(callId));
    await eventually('it is shared', async () => (await redis.inside.keys(`*calltrace:v*${callId}`)).length > 0);
    await eventually('the reader has word that it is', () => relay.timesTold(callId) > 0);
  });
  afterEach(async () => {
    relay.releaseReplies();
    await setup.close();
    await relay.close();
  });
  afterAll(() => redis.close());

  /** Has the reader ask for the call: Redis answers, and its reply is held back. */
  async function beginToRead(): Promise<{ readonly reading: Promise<unknown> }> {
    relay.holdReplies(callId);
    const reading = askFor(reader, byId(callId));
    await eventually('it reads', () => relay.timesAsked(callId) > 0);
    return { reading };
  }

  /** The reader answers others meanwhile: it has taken up what came before. */
  async function otherQuestions(): Promise<void> {
    for (let asked = 0; asked < 10; asked += 1) await reader.query('{ __typename }');
  }

  it('is not kept if it is told to forget the call meanwhile', async () => {
    const { reading } = await beginToRead();
    const forgetting = reader.query(`mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten problem } }`);
    await otherQuestions();
    relay.releaseReplies();
    await reading;
    const { body } = await forgetting;
    expect(JSON.stringify(body)).toMatch(/"forgetCall":(true|\{"forgotten":true,"problem":null\})/);

    centre.answerWith(() => CORRECTED);
    expect(await askFor(reader, byId(callId), FIELDS)).toMatchObject({
      durationMs: 99_000,
      freshness: { source: 'UPSTREAM' },
    });
  });

  it.each(['forget', 'refresh'])('is not kept if another gateway is told to %s the call meanwhile', async (what) => {
    const { reading } = await beginToRead();
    centre.answerWith(() => CORRECTED);
    if (what === 'refresh') await askFor(other, `${byId(callId)}, refresh: true`);
    else await other.query(`mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten problem } }`);
    await eventually('Redis has word', async () => {
      const said = await redis.inside.xrange('calltrace:v2:invalidations', '-', '+');
      return said.some(([, [, kind, , keyText]]) => kind === 'invalidate' && keyText?.endsWith(callId));
    });
    await otherQuestions();
    relay.releaseReplies();
    await reading;
    // The words of others come with the replies.
    await eventually(
      'it has heard of it',
      async () => {
        const { durationMs } = (await askFor(reader, byId(callId), FIELDS)) as unknown as { durationMs: number };
        return durationMs === 99_000;
      },
      2_000,
    );
  });
});
