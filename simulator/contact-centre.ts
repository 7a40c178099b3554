import { createLedger, type Ledger } from './ledger.js';
import { createLockOut, type LockOut } from './lock-out.js';
import { initialBehaviour, type Behaviour, type SimulatorOptions } from './options.js';
import { createRandom, type Random } from './random.js';
import { createWorkSlots, type WorkSlots } from './work-slots.js';

/** Everything a simulator knows and remembers, apart from the HTTP server in front. */
export interface ContactCentre {
  readonly seed: number;
  readonly timeZone: string;
  /** What its clock shows. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly behaviour: Readonly<Behaviour>;
  readonly ledger: Ledger;
  readonly lockOut: LockOut;
  readonly slots: WorkSlots;
  /** Decides which requests a partial fault meets, and the jitter; the same after every reset. */
  readonly dice: Random;
  readonly configure: (change: Partial<Behaviour>) => void;
  readonly reset: () => void;
}

/** A contact centre at the start of its day. */
export function createContactCentre(options: SimulatorOptions): ContactCentre {
  const { seed = 1, timeZone = 'UTC', now = Date.now } = options;
  const freshDice = () => createRandom(`dice|${seed}`);
  let behaviour = initialBehaviour(options);
  let dice = freshDice();
  const ledger = createLedger();
  const lockOut = createLockOut(now, () => behaviour);
  const slots = createWorkSlots(() => behaviour.capacity);

  function configure(change: Partial<Behaviour>): void {
    behaviour = { ...behaviour, ...change };
    slots.recheck();
  }

  function reset(): void {
    configure(initialBehaviour(options));
    dice = freshDice();
    lockOut.lift();
    ledger.clear();
  }

  return {
    seed,
    timeZone,
    now: () => now() + behaviour.clockAheadMs,
    get behaviour() {
      return behaviour;
    },
    get dice() {
      return dice;
    },
    ledger,
    lockOut,
    slots,
    configure,
    reset,
  };
}
