/** The two clocks of a process. */
export interface Clock {
  /** The wall clock, which may be set forward and back: for signatures and log lines. Unit: ms since 1970-01-01 UTC. */
  readonly wall: () => number;
  /** A clock that is never set: for deadlines, pauses and leases. Unit: ms since an arbitrary instant. */
  readonly monotonic: () => number;
}
