/** One way in which the core could be wrong: texts that stand once in a file, and what would stand there instead. */
export interface Mutation {
  /** What is wrong, as a sentence about the gateway. */
  readonly what: string;
  readonly file: string;
  readonly edits: readonly (readonly [from: string, to: string])[];
}

const LIFE = 'src/call/life.ts';
const TRACE_RANK = 'src/call/trace-rank.ts';
const MEMORY = 'src/cache/memory.ts';
const BEFORE_DEADLINE = 'src/cache/before-deadline.ts';
const SINGLE_FLIGHT = 'src/cache/single-flight.ts';
const MONTH_EDGE = 'src/cache/month-edge.ts';
const REDIS_STAGE = 'src/cache/redis/redis-stage.ts';
const WRITE_SCRIPT = 'src/cache/redis/write-script.ts';
const TOMBSTONES = 'src/cache/redis/tombstones.ts';
const TRACE_PATH = 'src/gateway/trace-path.ts';
const CENTRE_CLOCK = 'src/upstream/contact-centre-clock.ts';

const one = (what: string, file: string, from: string, to: string): Mutation => ({ what, file, edits: [[from, to]] });

/** Each is to be noticed by the model test. */
export const MUTATIONS: readonly Mutation[] = [
  // The life of a trace
  one('settled although a leg is open', LIFE, 'records.every(({ callEnd }) => callEnd !== null)', 'true'),
  one('settled although a leg is missing', LIFE, ' && !hasHole(trace, rules)', ''),
  one('settled as soon as it ends', LIFE, '(callEnd ?? 0) + rules.settleMs <= askedAt', '(callEnd ?? 0) <= askedAt'),
  one('settled by our clock', CENTRE_CLOCK, 'Math.round(sentAt + currentOffset())', 'clock.wall()'),
  one(
    'quiet is not told from open',
    LIFE,
    "if (!isComplete && ageMs(trace, rules) >= rules.quietAfterMs) return 'quiet';",
    '',
  ),
  one('quiet as soon as it is incomplete', LIFE, 'ageMs(trace, rules) >= rules.quietAfterMs', 'true'),
  one(
    'not found is not asked for less and less',
    LIFE,
    'notFoundMs * 2 ** Math.max(0, timesNotFound - 1)',
    'notFoundMs',
  ),
  one(
    'not found without regard to the age',
    LIFE,
    'if (startedAt === null || !isPlausible(startedAt, askedAt)) return doubledMs;',
    'if (startedAt === null || timesNotFound > 0) return doubledMs;',
  ),
  one(
    'not found in a month long over is asked for at once',
    LIFE,
    'isPastMonth ? settledMs : notFoundMsOf(trace, rules)',
    'notFoundMsOf(trace, rules)',
  ),
  one(
    'open is as fresh as quiet',
    LIFE,
    "if (reason === 'open') return lifeFor(openMs, keepOpenMs);",
    "if (reason === 'open') return lifeFor(quietMs, keepOpenMs);",
  ),
  one(
    'a settled call is kept no longer than an open one',
    LIFE,
    'return lifeFor(settledMs, keepSettledMs);',
    'return lifeFor(settledMs, keepOpenMs);',
  ),
  // The comparison of stamps
  one('the older trace wins in memory', TRACE_RANK, ': laterMs > 0;', ': laterMs < 0;'),
  one('the older trace wins in Redis', WRITE_SCRIPT, 'return asked < cached_at\n', 'return asked > cached_at\n'),
  one('any trace wins in Redis', WRITE_SCRIPT, 'return asked < cached_at\n', 'return false\n'),
  one(
    'of two traces of one second the earlier stamp loses',
    TRACE_RANK,
    'Math.abs(laterMs) < DATE_RESOLUTION_MS ? answer.completeness >= cached.completeness : laterMs > 0',
    'laterMs > 0',
  ),
  one(
    'of two traces of one second the earlier stamp loses, in Redis',
    WRITE_SCRIPT,
    'if math.abs(asked - cached_at) < resolution then return completeness < cached_completeness end',
    '',
  ),
  one('a stamp of the future wins in memory', TRACE_RANK, 'if (cached.askedAt > now + MAX_AHEAD_MS) return true;', ''),
  one(
    'a stamp of the future wins in Redis',
    WRITE_SCRIPT,
    'if cached_at > latest then return false end\n  if math',
    'if math',
  ),
  one('a stamp of the future is fresh', LIFE, 'life.freshFrom <= now && ', ''),
  // What is forgotten
  one(
    'a tombstone is not compared with',
    WRITE_SCRIPT,
    'return began <= cached_at and cached_at <= redis_now',
    'return false',
  ),
  one(
    'no tombstone is left',
    TOMBSTONES,
    "redis.call('set', KEYS[1], string.format('tombstone %.0f 0 0\\\\n', redis_now), 'PX', ARGV[1])",
    "redis.call('del', KEYS[1])",
  ),
  one('forgotten in memory only', TRACE_PATH, 'await redis.store.forget(keys)', 'null'),
  one(
    'forgotten by nobody else',
    TOMBSTONES,
    'channel.invalidate(traceKeyText(key))',
    'Promise.resolve({ failure: undefined })',
  ),
  {
    what: 'forgotten everywhere but in its own memory',
    file: TRACE_PATH,
    edits: [
      ['      invalidate();\n      if (!redis)', '      if (!redis)'],
      ['      invalidate(); //', '      //'],
    ],
  },
  // Invalidations
  one(
    'memory keeps what was invalidated meanwhile',
    MEMORY,
    'if (!invalidations.holdsSince(keyText, since)) return answer;',
    '',
  ),
  one('memory does not listen', MEMORY, 'else cache.delete(keyText);', ''),
  one(
    'single flight shares what was invalidated',
    SINGLE_FLIGHT,
    '(!ask.refresh && invalidations.holdsSince(keyText, beganAt))',
    '!ask.refresh',
  ),
  one(
    'Redis is written although the key was invalidated',
    REDIS_STAGE,
    "holds && better.source !== 'SHARED_CACHE' ?",
    "better.source !== 'SHARED_CACHE' ?",
  ),
  // Refreshes
  one('a refresh joins a request in flight', SINGLE_FLIGHT, '(!ask.refresh && invalidations', '(invalidations'),
  one(
    'a refresh is answered from memory',
    MEMORY,
    'ask.refresh ? undefined : memory.get(keyText)',
    'memory.get(keyText)',
  ),
  one(
    'a refresh is answered with the trace of another gateway',
    REDIS_STAGE,
    'if (cached && !ask.refresh && isFresh(',
    'if (cached && isFresh(',
  ),
  one('a refresh is not announced', REDIS_STAGE, 'if (ask.refresh) await store.announceRefresh(key);', ''),
  // Stale answers
  {
    what: 'an empty answer replaces a settled call in memory',
    file: TRACE_RANK,
    edits: [['if (cached.settled && answer.completeness === 0) return false;', '']],
  },
  one(
    'an empty answer replaces a settled call in Redis',
    WRITE_SCRIPT,
    "if settled == '1' and completeness == 0 then return true end",
    '',
  ),
  one('memory does not mark stale answers', MEMORY, 'asStale(entry.trace) : renewed', 'entry.trace : renewed'),
  one('Redis does not mark stale answers', REDIS_STAGE, '? asStale(cached) : answer;', '? cached : answer;'),
  one('memory gives no stale answers', MEMORY, 'asStale(entry.trace) : renewed', 'renewed : renewed'),
  one('Redis gives no stale answers', REDIS_STAGE, '? asStale(cached) : answer;', '? answer : answer;'),
  {
    what: 'a failure is kept',
    file: MEMORY,
    edits: [
      ['  return eachKey(fetchTrace);', '  const failures = new Map<string, Error>();\n  return eachKey(fetchTrace);'],
      [
        '    const result = await askOne(next, key, ask);\n',
        '    const result = failures.get(keyText) ?? (await askOne(next, key, ask));\n    if (result instanceof Error) failures.set(keyText, result);\n',
      ],
    ],
  },
  // Months
  one(
    'a call of the month beside bears the month asked',
    MONTH_EDGE,
    'return { ...found, stale,',
    'return { ...found, key: trace.key, stale,',
  ),
  one('the month beside is never asked', MONTH_EDGE, 'if (edgeMs <= 0) return null;', 'return null;'),
  // Leases and waiting
  one('the lease is ignored', REDIS_STAGE, 'if (!lease || release || isTooLong)', 'if (!lease || release || !release)'),
  one(
    'the lease is not given back',
    REDIS_STAGE,
    '} finally {\n        release?.();\n      }',
    '} finally {\n        // kept\n      }',
  ),
  one('nobody leaves at the deadline', BEFORE_DEADLINE, 'if (deadlineAt === undefined) return;', 'return;'),
];
