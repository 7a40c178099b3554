/** One call as one selection shows it, in bytes: what gateways keep in Redis beside its trace, for each other. */
export interface ReadyView {
  /** Its JSON; between each two parts stands the age of the trace. */
  readonly parts: readonly Buffer[];
  /** Whether it shows a phone number, whole or masked. */
  readonly showsNumbers: boolean;
}

/** A ready view as it was found, with what an answer must know of its trace. */
export interface FoundView extends ReadyView {
  /** When the upstream answered. Unit: ms since 1970-01-01 UTC. */
  readonly fetchedAt: number;
}

/** Names a ready view. */
export interface WantedView {
  /** Of the trace's key, as `traceKeyText` has it. */
  readonly keyText: string;
  /** Gateways that show the same have the same. */
  readonly id: string;
}
