import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CLOCK_STEPS, drawCalls } from './support/calls.js';
import { drawDocument, type Drawn } from './support/documents.js';
import { createDraw, type Draw } from './support/draw.js';
import { drawQuestion, post, type Credentials } from './support/questions.js';
import { compareTwins } from './support/seen.js';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { startTwins, type Twins } from './support/twins.js';

/** `npm run fuzz` asks for more; a case is of several requests. */
const CASES = Math.ceil(Number(process.env['FUZZ_CASES'] ?? 2_000) / 4);
/** More than any machine needs for one case. Unit: ms. */
const CASE_MS = 500;

let guarded: Twins;
let open: Twins;
/** They remember in Redis alone, and take few variables. */
let forgetful: Twins;
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
  guarded = await startTwins();
  open = await startTwins({ AUTH_MODE: 'none', ANONYMOUS_SCOPES: 'numbers' });
  forgetful = await startTwins({
    CACHE_MEMORY_MIB: '0',
    LIMIT_VARIABLES_KIB: '1',
    REDIS_URL: redis.url(),
    REDIS_COMMAND_TIMEOUT_MS: '5000', // neither may lose a command because the machine is busy
  });
});
afterAll(async () => {
  for (const part of [guarded, open, forgetful, redis]) await part.close();
});

describe('the fast path', () => {
  it(
    'answers as the standard path does, to the byte, whatever is asked, by whom, and whatever is in memory',
    async () => {
      const asked = new Map<Twins, number>([guarded, open, forgetful].map((pair) => [pair, 0]));
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (generate) => {
          const draw = createDraw(generate);
          const pair = draw.of(guarded, guarded, guarded, open, forgetful);
          asked.set(pair, (asked.get(pair) ?? 0) + (await runCase(draw, pair)));
        }),
        { numRuns: CASES, interruptAfterTimeLimit: CASES * CASE_MS, markInterruptAsFailure: true },
      );
      for (const [{ fast, standard }, questions] of asked) {
        expect((await fast.fastPathAnswers()) / questions).toBeGreaterThan(0.1);
        expect(await standard.fastPathAnswers()).toBe(0);
      }
    },
    CASES * CASE_MS + 60_000,
  );
});

/** So many cases were run so far. */
let cases = 0;

/** A few questions about a few calls, and what happens between them. Returns how many were asked. */
async function runCase(draw: Draw, twins: Twins): Promise<number> {
  cases += 1;
  const { clock } = twins;
  const calls = drawCalls(draw, clock.wall());
  const documents = draw.list(1, draw.of(1, 1, 2), () => drawDocument(draw, calls));
  const drawFrom = (): Drawn => documents[draw.upTo(documents.length - 1)] as Drawn;
  const callers: [Credentials, ...Credentials[]] = twins === open ? [{}] : await drawCallers(draw, twins);
  // Questions are most often asked again: from the third time on the fast path may answer.
  const steps = draw.list(6, 18, () =>
    draw.percent(75) ? 'again' : draw.of('ask', 'ask', 'clock', 'fault', 'mend', 'forget'),
  );
  const comparison = compareTwins(twins, `case-${cases}`);
  const faulty = (fault: 'result-0101001' | 'missing-fields' | null): void => {
    for (const { simulator } of [twins.fast, twins.standard])
      simulator.configure({ fault, faultCallIds: calls.ids.slice(0, 1) });
  };

  try {
    let questionBy = drawQuestion(draw, drawFrom(), calls);
    for (const step of steps) {
      if (step === 'ask') questionBy = drawQuestion(draw, drawFrom(), calls);
      if (step === 'ask' || step === 'again') await comparison.ask(questionBy(draw.of(...callers)));
      if (step === 'forget') await comparison.ask(post({ query: forgetting(draw.of(...calls.ids)) }, callers[0]));
      if (step === 'clock') stepClock(twins, draw.of(...CLOCK_STEPS));
      if (step === 'fault') faulty(draw.of('result-0101001', 'missing-fields'));
      if (step === 'mend') faulty(null);
      comparison.note(`${step}, ${clock.wall()}`);
    }
    // Whoever has asked before this case may get new points in the midst of it: not at the same moment from both.
    if (twins !== open) await comparison.ask(post({ query: '{ callRateLimit { remaining } }' }, callers[0]));
  } catch (error) {
    await comparison.end().catch(() => undefined); // the counters of the next case begin here, whatever they say
    throw error;
  } finally {
    faulty(null);
  }
  await comparison.end();
  return comparison.asked;
}

async function drawCallers(draw: Draw, twins: Twins): Promise<[Credentials, ...Credentials[]]> {
  const token = (index: number): Promise<Credentials> =>
    twins.token(
      `case-${cases}-${index}`,
      draw.of<readonly string[]>(
        ['*/*'],
        ['1/*', '2/*'],
        ['1/170', '1/171'],
        ['1/170'],
        ['1/170'],
        draw.of(['2/*', '*/171'], []),
      ),
      draw.percent(50),
    );
  return [
    await token(0),
    await token(1),
    ...twins.keys,
    ...(draw.percent(10) ? [{}, { authorization: 'Bearer nonsense' }] : []),
  ];
}

function forgetting(callId: string): string {
  return `mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten problem } }`;
}

/**
 * Time passes, or somebody sets the clock back. Where there is Redis, its heartbeat goes by real time, and would be missed
 * if hours passed at once: there all clocks are set, which the gateways learn from the contact centre.
 */
function stepClock({ clock }: Twins, ms: number): void {
  if (ms > 0 && clock !== forgetful.clock) clock.advance(ms);
  else clock.setWall(clock.wall() + ms);
}
