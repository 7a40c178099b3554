import type { RedisServer } from '../support/redis.js';
import { createAskedOnce } from './asked-once.js';
import { STORIES, type StoryName } from './calls.js';
import { AFTER_DEATH_MS, createClients, MARGIN_MS, PATIENCE_MS } from './clients.js';
import { createModelCentre, type ModelCentre } from './contact-centre.js';
import { createEstate } from './estate.js';
import { LEASE_MS, type ModelGateway } from './gateway.js';
import { createJudge } from './judge.js';
import { createRedisFaults } from './redis-faults.js';
import type { Plan, Step } from './steps.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';

/** What a run needs besides its plan. */
export interface RunOptions {
  readonly time: VirtualTime;
  readonly redis: RedisServer;
  readonly tally: Tally;
  /** Before every name in Redis: another one for each run. */
  readonly keyPrefix: string;
}

/** Calls change so far apart that `Date`, in whole seconds, can tell the states apart. Unit: ms. */
const APART_MS = 2_500;

/** Plays a plan, and throws all breaches of promises that it met. */
export async function play(plan: Plan, { time, redis, tally, keyPrefix }: RunOptions): Promise<void> {
  const { staleWhileRevalidate, skewMs, tellsTime, calls } = plan;
  const breaches: string[] = [];
  const notes: string[] = [];
  const breach = (what: string): void => void breaches.push(what);
  const note = (text: string): void => void notes.push(`${time.now()} ${text}`);
  const estate = createEstate({ time, redis, keyPrefix, staleWhileRevalidate, centre: () => centre });
  const centre: ModelCentre = createModelCentre({ time, skewMs, tellsTime, onActivity: estate.onActivity });
  const isHeard = (gateway: ModelGateway, since: number): boolean =>
    diedAt < since && gateways.every((one) => one === gateway || one.healthySince <= since);
  const judge = createJudge({ isHeard, centre, now: time.now, staleWhileRevalidate, tally, breach });
  const { holdings, history } = judge;
  const faults = createRedisFaults(redis, estate);
  const gateways = [await estate.open(), await estate.open()] as [ModelGateway, ModelGateway];
  let diedAt = -Infinity;
  const isCalm = (): boolean =>
    gateways.every(({ healthySince }) => healthySince + 2 * LEASE_MS <= time.now()) &&
    time.now() >= diedAt + AFTER_DEATH_MS;
  const isShared = (since: number): boolean =>
    gateways.every(({ healthySince }) => healthySince <= since) && since >= diedAt + AFTER_DEATH_MS;
  const clients = createClients({ time, estate, centre, judge, tally, isCalm, breach, note });
  const checkAskedOnce = createAskedOnce({ centre, isShared, staleWhileRevalidate, breach });

  try {
    for (const step of plan.steps) {
      note(JSON.stringify(step));
      await happen(step);
      await estate.settle();
      checkAskedOnce();
      if (breaches.length > 0) break;
    }
    await faults.mend();
    gateways.forEach((gateway) => gateway.mendRedis());
    await estate.advance(PATIENCE_MS.long + MARGIN_MS);
    clients.checkAllAnswered();
    judge.checkSettled();
  } finally {
    await faults.mend();
    await estate.close();
  }
  if (breaches.length > 0) throw new Error([...breaches, ...notes].join('\n'));

  async function happen(step: Step): Promise<void> {
    const call = calls[('call' in step ? step.call : 0) % calls.length] as StoryName;
    const gateway = gateways['gateway' in step ? step.gateway : 0];
    switch (step.do) {
      case 'ask': {
        const wanted = step.calls.map((index) => calls[index % calls.length] as StoryName);
        return clients.ask(gateway, new Set(wanted), step);
      }
      case 'leave':
        return clients.leave(step.client);
      case 'mode':
        return centre.setMode(call, step.mode);
      case 'release':
        return release(step.request);
      case 'progress':
        await estate.advance(APART_MS);
        if (centre.progress(call)) tally.count('a call goes on');
        return judge.checkSettled();
      case 'purge':
        // Half of a call may be purged with its month; what is right then is another story.
        if (STORIES[call].isInOneMonth) centre.purge(call);
        return;
      case 'time':
        return estate.advance(step.ms);
      case 'clock':
        gateway.wallOffsetMs = step.offsetMs;
        if (!tellsTime) holdings.lose({ redis: true }); // it is dated by this clock
        return tally.count('a clock is set');
      case 'forget':
        return forget(call, gateway);
      case 'death':
        return death(step.gateway);
      default:
        return troubleRedis(step, gateway);
    }
  }

  function release(number: number): void {
    const waiting = centre.requests.filter(({ state, mode }) => state === 'under way' && mode === 'hold');
    const one = waiting[number % Math.max(1, waiting.length)];
    if (!one) return;
    const isOld = centre.requests.some(
      ({ call, version, state }) => call === one.call && version > one.version && state === 'answered',
    );
    if (isOld) tally.count('an old answer that arrives late');
    one.release();
  }

  async function forget(call: StoryName, gateway: ModelGateway): Promise<void> {
    const { callId, month } = STORIES[call];
    const [beganAt, since] = [time.now(), centre.requests.length];
    const isAskedFor = centre.requests.some((one) => one.call === call && one.state === 'under way');
    if (isAskedFor) tally.count('a forget while it is asked for');
    holdings.lose({ call, redis: true });
    const problem = await estate.through(gateway.path.forget({ ccId: 1, vdn: 170, callId, month }));
    holdings.lose({ call, redis: true });
    tally.count(problem === null ? 'forgotten' : 'not forgotten everywhere');
    if (problem === null) history.forgot(call, { by: gateway, since, beganAt, endedAt: time.now() });
  }

  async function death(index: 0 | 1): Promise<void> {
    const gateway = gateways[index];
    const isAsking = centre.requests.some((one) => one.gateway === gateway.id && one.state === 'under way');
    tally.count(isAsking ? 'a death while it asks' : 'a death');
    clients.abandon(gateway);
    estate.kill(gateway);
    holdings.lose({}); // whoever does not hear a gateway any more empties its memory
    history.died();
    diedAt = time.now();
    gateways[index] = await estate.open();
  }

  async function troubleRedis(
    step: Step & { do: 'redis' | 'cut' | 'mend' | 'deafen' },
    gateway: ModelGateway,
  ): Promise<void> {
    switch (step.do) {
      case 'cut':
        tally.count('cut off from Redis');
        return gateway.cutRedis();
      case 'mend':
        if (gateway.cutAt < Infinity) holdings.lose({ gateway });
        return gateway.mendRedis();
      case 'deafen':
        tally.count('deafened');
        holdings.lose({});
        return estate.deafen();
      case 'redis':
        tally.count(`Redis ${step.fault}`);
        holdings.lose(step.fault === 'kill' ? { redis: true } : {});
        await faults.begin(step.fault);
        if (step.fault === 'kill') history.redisEmptied();
        await estate.advance(step.forMs);
        await faults.mend();
        holdings.lose({});
        return estate.advance(100);
    }
  }
}
