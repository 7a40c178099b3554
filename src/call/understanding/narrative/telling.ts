import type { CallTrace } from '../../trace.js';
import type { CallUnderstanding } from '../understanding.js';
import type { Say } from './messages.js';
import type { Names } from './names.js';
import type { ZoneClock } from './zone-clock.js';

/** All that it takes to tell of one call in one language and zone. */
export interface Telling {
  readonly understanding: CallUnderstanding;
  /** The trace that `understanding` was derived from. */
  readonly trace: CallTrace;
  readonly say: Say;
  readonly clock: ZoneClock;
  readonly names: Names;
}
