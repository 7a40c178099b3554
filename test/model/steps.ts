import fc from 'fast-check';
import { STORY_NAMES, type StoryName } from './calls.js';
import type { Mode } from './contact-centre.js';
import type { RedisFault } from './redis-faults.js';

/** One thing that happens. Numbers choose among what there is at that time, whatever their size. */
export type Step =
  | {
      readonly do: 'ask';
      readonly gateway: 0 | 1;
      readonly calls: readonly number[];
      readonly refresh: boolean;
      readonly patience: 'long' | 'short';
    }
  | { readonly do: 'leave'; readonly client: number }
  | { readonly do: 'mode'; readonly call: number; readonly mode: Mode }
  | { readonly do: 'release'; readonly request: number }
  | { readonly do: 'progress' | 'purge'; readonly call: number }
  | { readonly do: 'time'; readonly ms: number }
  | { readonly do: 'clock'; readonly gateway: 0 | 1; readonly offsetMs: number }
  | { readonly do: 'forget'; readonly call: number; readonly gateway: 0 | 1 }
  | {
      readonly do: 'redis';
      readonly fault: RedisFault;
      readonly forMs: number;
    }
  /** A gateway is cut off from Redis until that is mended. */
  | { readonly do: 'cut' | 'mend'; readonly gateway: 0 | 1 }
  /** The connections on which messages are heard are lost, those for commands are not. */
  | { readonly do: 'deafen' }
  | { readonly do: 'death'; readonly gateway: 0 | 1 };

/** A whole run. */
export interface Plan {
  readonly staleWhileRevalidate: boolean;
  /** How far the contact centre's clock is ahead of the true time. Unit: ms. */
  readonly skewMs: number;
  /** Whether the contact centre tells the time. Where it does not, traces are dated by the clocks of our hosts. */
  readonly tellsTime: boolean;
  /** The calls that it is about. */
  readonly calls: readonly StoryName[];
  readonly steps: readonly Step[];
}

const TWO_HOURS_MS = 7_200_000;

const gateway = fc.constantFrom(0 as const, 1 as const);
const call = fc.nat(2);
const ask = fc.record({
  do: fc.constant('ask' as const),
  gateway,
  calls: fc.array(call, { minLength: 1, maxLength: 3 }),
  refresh: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  patience: fc.constantFrom<'long' | 'short'>('long', 'long', 'long', 'short'),
});
const failing = fc.constantFrom<Mode>('500', '503', 'cut', 'half', 'rejected', 'hang');

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 22, arbitrary: ask },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), client: fc.nat(5) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('mode' as const), call, mode: fc.constant('answer' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('mode' as const), call, mode: fc.constant('hold' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('mode' as const), call, mode: failing }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), request: fc.nat(3) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('progress' as const), call }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), call }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('time' as const),
      ms: fc.constantFrom(100, 1_100, 2_600, 2_600, 4_200, 4_200, 6_500, 12_000, 21_000, 41_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      gateway,
      offsetMs: fc.constantFrom(TWO_HOURS_MS, -TWO_HOURS_MS, 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('forget' as const), call, gateway }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('redis' as const),
      fault: fc.constantFrom<RedisFault>('pause', 'kill', 'full', 'read-only'),
      forMs: fc.constantFrom(200, 1_500, 6_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'mend' as const, 'mend' as const), gateway }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'deafen' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('death' as const), gateway }) },
);

/** Any run. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  staleWhileRevalidate: fc.boolean(),
  skewMs: fc.constantFrom(0, 600_000, -600_000, 345),
  tellsTime: fc.constant(true),
  calls: fc.uniqueArray(fc.constantFrom(...STORY_NAMES), { minLength: 1, maxLength: 3 }),
  steps: fc.array(step, { minLength: 10, maxLength: 45, size: 'max' }),
});
