/** Remembers refused signatures by address, and locks an address that has too many. */
export interface LockOut {
  isLocked(address: string): boolean;
  /** Counts one more refusal. */
  refuse(address: string): void;
  lockedAddresses(): string[];
  lift(): void;
}

/** A lock-out in which refusals older than a lock lasts are forgotten; locks run out by the clock. */
export function createLockOut(now: () => number, rule: () => { lockAfter: number; lockMs: number }): LockOut {
  const refusedAt = new Map<string, number[]>();
  const lockedUntil = new Map<string, number>();

  const isLocked = (address: string) => (lockedUntil.get(address) ?? -Infinity) > now();

  function refuse(address: string): void {
    const { lockAfter, lockMs } = rule();
    const recent = [...(refusedAt.get(address) ?? []).filter((time) => time > now() - lockMs), now()];
    refusedAt.set(address, recent);
    if (recent.length < lockAfter) return;
    lockedUntil.set(address, now() + lockMs);
    refusedAt.delete(address);
  }

  return {
    isLocked,
    refuse,
    lockedAddresses: () => [...lockedUntil.keys()].filter(isLocked),
    lift: () => {
      refusedAt.clear();
      lockedUntil.clear();
    },
  };
}
