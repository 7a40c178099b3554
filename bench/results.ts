import type { ColdRow } from './cold.js';
import type { GrowthRow } from './growth.js';
import type { Spread } from './statistics.js';
import type { WarmRow } from './warm.js';
import type { ReplicasRow } from './replicas.js';

/** All that was measured. Text in place of figures: why there are none. */
export interface Results {
  readonly warm: readonly WarmRow[];
  readonly cold: readonly ColdRow[];
  readonly growth: readonly GrowthRow[] | string;
  /** Unit: ms. */
  readonly startUpMs: Spread | string;
  readonly replicas: ReplicasRow;
}

/** Under what it was measured. */
export interface Circumstances {
  readonly startedAt: Date;
  /** Unit: min. */
  readonly minutes: number;
  readonly quick: boolean;
  readonly machine: string;
  readonly generator: string;
  readonly cores: string;
  readonly plan: string;
  /** Share of all cores that other work took before the first round, and after the last measurement. */
  readonly otherWorkBefore: number;
  readonly otherWorkAfter: number;
  /** Share of the time in which the cores were wanted, over the whole run, that the host gave to others. */
  readonly stolen: number;
  readonly versions: Readonly<Record<string, string>>;
}
