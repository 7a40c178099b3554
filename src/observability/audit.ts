/** Whose phone numbers were shown to whom: never a number itself. */
export interface AuditEvent {
  /** `Caller.id`. */
  readonly caller: string;
  readonly requestId: string;
  /** Whether the numbers were shown whole, or masked. */
  readonly numbers: 'whole' | 'masked';
  /** The calls, each once, by the canonical text of their key: `{ccId}:{vdn}:{month}:{callId}`. */
  readonly calls: readonly string[];
}

/** Takes down an event. */
export type Audit = (event: AuditEvent) => void;
