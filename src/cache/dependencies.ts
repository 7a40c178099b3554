import type { Clock } from '../call/clock.js';
import type { Dated, Life } from '../call/life.js';
import type { Invalidations } from './invalidations.js';

/** What every stage of one gateway needs. */
export interface StageDependencies {
  /** Returns how long a trace stays fresh and usable. */
  readonly lifeOf: (trace: Dated) => Life;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly clock: Clock;
  readonly invalidations: Invalidations;
}
