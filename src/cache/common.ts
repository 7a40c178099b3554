import type { Clock } from '../call/clock.js';
import type { Dated, Life } from '../call/life.js';
import type { Invalidations } from './invalidations.js';

/** What the stages of one gateway have in common. */
export interface Common {
  /** How long a trace holds. */
  readonly lifeOf: (trace: Dated) => Life;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly clock: Clock;
  readonly invalidations: Invalidations;
}
